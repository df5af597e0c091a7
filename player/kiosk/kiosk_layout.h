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
#define KIOSK_BAR_BUTTONS 4

struct kiosk_modes {
    bool low;      /* controls below 1 220 mm */
    bool large;    /* text ×1.3 */
    bool contrast; /* high contrast; motion is reduced with it, as with `large` */
};

struct kiosk_layout {
    double mm;   /* px in a design millimetre */
    double text; /* factor of all text: 1 or 1.3 */
    int margin, gap, radius;
    int slop; /* a finger that went farther than this drags */
    struct rect screen;
    struct rect board;  /* where we are; nothing to touch. Empty when there is no room */
    struct rect work;   /* everything else */
    struct rect header; /* title and count */
    struct rect view;   /* where the list scrolls */
    struct rect index;  /* letters */
    int index_columns;
    struct rect page_up, page_down;
    struct rect sheet; /* where the sheet's card stands */
    struct rect bar;
    struct rect buttons[KIOSK_BAR_BUTTONS];
    struct rect options; /* panel over the bar */
    struct rect option_buttons[KIOSK_BAR_BUTTONS];
    struct rect dialog;
    struct rect dialog_buttons[2];
    struct rect attract; /* bar at the picture's lower edge while the loop plays */
    struct rect attract_button, attract_language;
    int list_columns, row_height, heading_height;
};

struct kiosk_layout kiosk_layout_make(const struct metrics *metrics, int bottom_edge_mm,
                                      struct kiosk_modes modes);
/* The letter's cell, 0–26. */
struct rect kiosk_layout_letter(const struct kiosk_layout *layout, int letter);
/* Whole px of so many design millimetres. */
int kiosk_layout_px(const struct kiosk_layout *layout, double mm);

#endif
