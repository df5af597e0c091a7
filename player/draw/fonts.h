/* The bundled fonts, opened when first needed: which face has a cluster of characters, how wide a
 * run of text is, and its 8-bit coverage. Widths come from one large size per face and scale, since
 * nothing is hinted; only drawing opens a face at the size it is drawn. SDL2_ttf has one FreeType
 * library for the process: callers hold text.c's lock. */
#ifndef VITRINE_PLAYER_DRAW_FONTS_H
#define VITRINE_PLAYER_DRAW_FONTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "player/draw/text.h"

struct font_book;

/* What one shaping call needs to know: all of a run's text has the same. */
struct font_choice {
    uint8_t face;   /* of this book */
    bool rtl;       /* drawn right to left */
    char script[5]; /* ISO 15924 */
};

struct font_metrics {
    double em;        /* per capital height */
    double ascender;  /* of "d" and capitals above the base line, per capital height */
    double descender; /* of "g" below it, positive, per capital height */
};

/* Ink only. */
struct font_mask {
    uint8_t *coverage; /* width bytes a row; NULL when there is no ink; freed with free() */
    int width, height;
    int left,
        top; /* of the first cell, from the pen's start on the base line; top is positive up */
};

struct font_book *font_book_create(const char *folder, struct error *err)
    __attribute__((warn_unused_result));
void font_book_destroy(struct font_book *book); /* accepts NULL */

/* The face for a cluster (code points that stay together), or -1 when none has all of it. Follows
 * the fall-back order, but emoji (by code point or U+FE0F) ask the emoji face first. */
int font_book_find(struct font_book *book, enum text_weight weight, const uint32_t *cluster,
                   size_t count);
/* That face has the code point. False also when its file cannot be opened. */
bool font_book_has(struct font_book *book, int face, uint32_t code_point);
int font_book_primary(enum text_weight weight);

struct font_metrics font_book_metrics(struct font_book *book, enum text_weight weight);
/* Pixels per em at which this face stands well beside capitals of `cap_height`. */
double font_book_em(struct font_book *book, int face, double cap_height);
/* Width of shaped text in capital heights. */
double font_book_width(struct font_book *book, const struct font_choice *choice, const char *text);
/* No ink, and no failure to report, when the text is blank or memory is out. */
struct font_mask font_book_render(struct font_book *book, const struct font_choice *choice,
                                  const char *text, double cap_height);
/* Faces open now, for tests of the limit. */
int font_book_open_count(const struct font_book *book);

#endif
