/* What a slide is: a template's name, texts for its slots, pictures and a link. The server fills
 * it, the player draws it. A slide says what to show, never where: that is the template's business
 * (player/scene). Strings belong to the arena of the manifest or document that holds the slide. */
#ifndef VITRINE_PLAYLISTS_SLIDE_H
#define VITRINE_PLAYLISTS_SLIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/hash.h"

#define SLIDE_TEXTS_MAX 24
#define SLIDE_PICTURES_MAX 4
#define SLIDE_TEXT_BYTES_MAX 4000
#define SLIDE_VIDEO_MS_MAX 600000

/* A text for a slot. Which slots there are is the template's business (playlists/template.h). */
struct slide_text {
    const char *slot; /* slide_name_valid */
    const char *text; /* UTF-8, NFC, no control characters but \n */
};

struct slide_picture {
    const char *slot;   /* "photo", "image", "logo" */
    struct sha256 file; /* one of the manifest's files */
    double focal_x;     /* 0-1 from the left: what must stay in view when cropped */
    double focal_y;     /* 0-1 from the top */
    const char *alt;    /* "" when decorative */
    const char *credit; /* "" when none is owed */
};

/* A film, of the template "video": it fills its zone, without sound unless the screen says so. */
struct slide_video {
    struct sha256 file; /* one of the manifest's files, as is captions */
    bool has_captions;
    struct sha256 captions; /* WebVTT */
    int64_t length_ms;      /* 1 - 600 000 */
};

struct slide {
    const char *id;           /* stable across manifests while the content is the same */
    const char *template;     /* slide_name_valid; unknown ones are drawn as an announcement */
    const char *subject;      /* id of the portrait, event, organisation… it shows; "" for none */
    const char *organisation; /* id of the organisation it shows; "" for none */
    const char *title;        /* snapshot for proof of play and lists, never drawn */
    const char *lang;         /* BCP 47 */
    const char *link;         /* QR target, "" for none */
    int64_t duration_ms;      /* 1 000 – 600 000 */
    size_t text_count;
    struct slide_text texts[SLIDE_TEXTS_MAX];
    size_t picture_count;
    struct slide_picture pictures[SLIDE_PICTURES_MAX];
    bool has_video;
    struct slide_video video;
};

/* The slot's text, or NULL when the slide has none (an empty text counts as none). */
const char *slide_text(const struct slide *slide, const char *slot);
const struct slide_picture *slide_picture(const struct slide *slide, const char *slot);

/* Names of templates and slots: [a-z][a-z0-9_]{0,39}. */
bool slide_name_valid(const char *name);

/* Checks forms, lengths and numbers, without knowing the template (template_check_slide does); used
 * by both sides. */
bool slide_check(const struct slide *slide, struct error *err) __attribute__((warn_unused_result));

/* Reading time: max(8, 2 + words / 2.5) seconds, at least 15 with a QR code (DESIGN.md). Words are
 * counted over the slots that the template has for reading; of NULL all count. In milliseconds,
 * whole seconds upwards. */
struct template;
int64_t slide_reading_ms(const struct slide *slide, const struct template *template);

#endif
