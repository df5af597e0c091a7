/* The command line of vitrine-render. */
#ifndef VITRINE_PLAYER_RENDER_OPTIONS_H
#define VITRINE_PLAYER_RENDER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/lang.h"
#include "playlists/manifest.h"

enum render_action {
    RENDER_SLIDE,
    RENDER_SCREEN,
    RENDER_FILM,
    RENDER_SERVE,
    RENDER_HELP,
    RENDER_VERSION
};

/* Strings point into argv; NULL: not given. */
struct render_options {
    enum render_action action;
    enum lang lang; /* of messages */
    const char *output;
    const char *media;
    size_t slide_count;
    char *const *slides; /* documents */
    const char *place;   /* in the strip of a slide; NULL: no strip */
    bool has_size;
    int width, height;
    int diagonal_mm, distance_mm; /* 0: unknown */
    const char *manifest, *key, *state;
    const char *at; /* as written */
    int64_t at_ms;
    int at_offset_min; /* minutes east of UTC, as written */
    /* Films. */
    int for_s; /* 0: once through the loop */
    int rate;
    bool has_transition; /* of slides; else they fade */
    enum transition_kind transition;
};

bool render_options_read(int argc, char **argv, struct render_options *options_out,
                         struct error *err) __attribute__((warn_unused_result));
void render_options_help(enum lang lang);

#endif
