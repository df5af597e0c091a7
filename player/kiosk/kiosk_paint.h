/* What the kiosk's pages are painted with: the theme's colours and the pieces that recur (texts,
 * cards, buttons, focus rings). Sizes of text are capital heights in design millimetres. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_PAINT_H
#define VITRINE_PLAYER_KIOSK_KIOSK_PAINT_H

#include <stdbool.h>

#include "core/lang.h"
#include "player/draw/canvas.h"
#include "player/draw/text.h"
#include "player/kiosk/kiosk_icon.h"
#include "player/kiosk/kiosk_layout.h"

/* Capital heights, mm. DESIGN.md: nothing to read below 7.3. */
#define KIOSK_CAP_TITLE 17.0
#define KIOSK_CAP_HEADING 10.0
#define KIOSK_CAP_NAME 9.2
#define KIOSK_CAP_BODY 8.0
#define KIOSK_CAP_SMALL 7.3

struct kiosk_theme {
    color page, text, muted;   /* page behind cards, and text on it */
    color card, card_pressed;  /* text on cards is `text` and `muted` too */
    color edge;                /* line around cards; 0: none, they have a shadow */
    color chrome, chrome_deep; /* header, bar, board: a gradient from first to second */
    color on_chrome, on_chrome_muted;
    color button, button_pressed; /* on chrome */
    color accent, on_accent;      /* what calls for a touch */
    color link;                   /* activity, icons on cards */
    color disabled, on_disabled;  /* on the page */
    color focus;
    color scrim;          /* over the page while something stands above it */
    color shadow;         /* 0: none */
    color skyline, water; /* of the board */
};

struct kiosk_paint {
    struct text_engine *text;
    const struct kiosk_layout *layout;
    const struct kiosk_theme *theme;
    enum lang lang;
};

enum kiosk_button_look {
    KIOSK_BUTTON_CHROME, /* on the bar */
    KIOSK_BUTTON_ACCENT, /* the one to touch first */
    KIOSK_BUTTON_PAGE,   /* on the page */
};

struct kiosk_button {
    struct rect rect;
    enum kiosk_icon icon;
    const char *label;   /* "" for none */
    const char *caption; /* second, smaller line; NULL for none */
    enum kiosk_button_look look;
    bool pressed, disabled, focused;
};

const struct kiosk_theme *kiosk_paint_theme(bool contrast);
/* Colour of an organisation's tile and header, by its family; white text stands on it. */
color kiosk_paint_family(const struct kiosk_theme *theme, const char *family);

int kiosk_paint_px(const struct kiosk_paint *paint, double mm);
struct text_style kiosk_paint_style(const struct kiosk_paint *paint, enum text_weight weight,
                                    double cap_mm, enum text_align align, int max_lines);
/* Applies typography, then text_layout_create. */
struct text_layout *kiosk_paint_layout(const struct kiosk_paint *paint, const char *text,
                                       const struct text_style *style, int width);
/* One text in a box, from its top, or centred in its height; shrinks to 7.3 mm when it must.
 * Returns its height. */
int kiosk_paint_text(const struct kiosk_paint *paint, struct canvas *canvas, const char *text,
                     const struct text_style *style, struct rect box, bool middle, color fill);
void kiosk_paint_card(const struct kiosk_paint *paint, struct canvas *canvas, struct rect rect,
                      bool pressed);
void kiosk_paint_button(const struct kiosk_paint *paint, struct canvas *canvas,
                        const struct kiosk_button *button);
void kiosk_paint_focus(const struct kiosk_paint *paint, struct canvas *canvas, struct rect rect,
                       int radius);

#endif
