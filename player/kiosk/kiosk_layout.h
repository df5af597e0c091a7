/* Where things stand on the kiosk's screen: a pure function of the screen's geometry and the
 * accessibility modes. What must be touched lies between 900 and 1 220 mm above the floor as far as
 * the screen allows (low mode: everything below 1 220 mm); sizes are design millimetres, a true
 * millimetre or more on the screen. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_LAYOUT_H
#define VITRINE_PLAYER_KIOSK_KIOSK_LAYOUT_H

#include <stdbool.h>

#include "player/draw/canvas.h"
#include "player/scene/metrics.h"

#define KIOSK_REACH_LOW_MM 900
#define KIOSK_REACH_HIGH_MM 1220
#define KIOSK_REACH_SEATED_MM 400 /* low mode: nothing lower than this */
#define KIOSK_TARGET_MM 20
#define KIOSK_BAR_BUTTONS 5
#define KIOSK_OPTIONS_MAX 8
#define KIOSK_LETTERS 27 /* A–Z, then # */

struct kiosk_modes {
    bool low;      /* controls below 1 220 mm */
    bool large;    /* text ×1.3 */
    bool contrast; /* high contrast; motion is reduced with it, as with `large` */
    bool slow;     /* time-outs three times as long */
    bool aloud;    /* what has the focus is read aloud */
};

struct kiosk_layout {
    double mm;   /* px in a design millimetre */
    double text; /* factor of all text: 1 or 1.3 */
    int margin, gap, radius;
    int slop; /* a finger that went farther than this drags */
    struct rect screen;
    struct rect board;  /* where we are; nothing to touch. Empty when there is no room */
    struct rect work;   /* everything else */
    struct rect header; /* title, or search */
    struct rect body;   /* between header and bar */
    struct rect sheet;  /* where the sheet's card stands */
    struct rect bar;
    struct rect buttons[KIOSK_BAR_BUTTONS];
    struct rect choices; /* panel of facets */
    struct rect dialog;
    struct rect dialog_buttons[2];
    struct rect attract; /* bar at the picture's lower edge while the loop plays */
    struct rect attract_button, attract_language;
    int row_height, heading_height;
};

/* Page buttons at the right edge of a part of the body, and what is left beside them. */
struct kiosk_aside {
    struct rect view;  /* where the list scrolls */
    struct rect index; /* letters above the page buttons; w 0: none */
    int index_columns;
    struct rect page_up, page_down;
};

struct kiosk_layout kiosk_layout_make(const struct metrics *metrics, int bottom_edge_mm,
                                      struct kiosk_modes modes);
/* The part between y and bottom; `letters`: with an index. */
struct kiosk_aside kiosk_layout_aside(const struct kiosk_layout *layout, struct rect area,
                                      bool letters);
/* The letter's cell, 0–26. */
struct rect kiosk_layout_letter(const struct kiosk_layout *layout, const struct kiosk_aside *aside,
                                int letter);
/* The accessibility panel for so many buttons, and these. */
struct rect kiosk_layout_options(const struct kiosk_layout *layout, int count,
                                 struct rect buttons_out[KIOSK_OPTIONS_MAX]);
/* Splits a row into equal cells, `gap` px apart. */
void kiosk_layout_row(struct rect row, int gap, int count, struct rect *cells_out);
/* Columns of cards at least so many millimetres wide; ≥ 1. */
int kiosk_layout_columns(const struct kiosk_layout *layout, int width, double least_mm);
/* Whole px of so many design millimetres. */
int kiosk_layout_px(const struct kiosk_layout *layout, double mm);

#endif
