/* The player's command line and environment. */
#ifndef VITRINE_PLAYER_OPTIONS_H
#define VITRINE_PLAYER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/lang.h"
#include "player/draw/presenter.h"

enum options_action { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION, OPTIONS_DOCTOR };

#define OPTIONS_DISPLAYS_MAX 8

struct options {
    enum options_action action;
    const char *server; /* NULL: none */
    char state[800];
    char assets[800];
    int width, height; /* of the window; 0: the display's size */
    int rotation;      /* -1: the manifest's */
    enum presenter_backend backend;
    int display;                        /* the first one's number */
    int displays[OPTIONS_DISPLAYS_MAX]; /* their numbers; the same one twice: side by side */
    int display_count;                  /* ≥ 1 */
    bool displays_given;                /* on the command line */
    bool reduced_motion;                /* whatever the programme says */
    int64_t quota_bytes;                /* of the cache; 0: as much as is sensible */
    enum lang lang;
    int diagonal_mm; /* until a manifest says; 0: unknown */
    int distance_mm;
    bool has_at;
    int64_t at_ms;         /* wall clock at the start */
    const char *frames_to; /* NULL: none */
    int64_t quit_after_ms; /* 0: never */
};

/* Options win over VITRINE_… variables. Strings point into argv and the environment. */
bool options_read(int argc, char **argv, struct options *options_out, struct error *err)
    __attribute__((warn_unused_result));
/* On standard output. */
void options_print_help(enum lang lang);

#endif
