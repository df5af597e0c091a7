/* Text: the one module that knows SDL2_ttf. Font fall-back (Atkinson Hyperlegible Next → Noto Sans
 * → symbols → Noto Sans Arabic → Noto Emoji), bidirectional runs (FriBidi), line breaking
 * (libunibreak), balanced lines, and fitting by binary search with a floor. There is an inner lock:
 * any thread may call; a layout belongs to its creator, who destroys it before the engine. Text is
 * UTF-8 and has been through typography_apply. */
#ifndef VITRINE_PLAYER_DRAW_TEXT_H
#define VITRINE_PLAYER_DRAW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"
#include "player/draw/canvas.h"

enum text_weight { TEXT_REGULAR, TEXT_SEMIBOLD, TEXT_EXTRABOLD, TEXT_WEIGHTS };
enum text_align { TEXT_START, TEXT_CENTER, TEXT_END }; /* start: right in a right-to-left text */

struct text_style {
    enum text_weight weight;
    double cap_height;  /* capital height in px: the size that people see */
    double line_height; /* distance of base lines in capital heights; 0: 1.75 */
    enum text_align align;
    int max_lines; /* 0: as many as fit */
    bool balance;  /* lines of about equal length rather than full first lines */
};

struct text_engine;
struct text_layout;

/* font_folder is assets/fonts. */
struct text_engine *text_engine_create(const char *font_folder, struct error *err)
    __attribute__((warn_unused_result));
void text_engine_destroy(struct text_engine *engine); /* accepts NULL */

/* Breaks and shapes `text` for a box of `width` px. A word wider than the box breaks inside; lines
 * beyond max_lines are cut and the last one gets "…". Never NULL. */
struct text_layout *text_layout_create(struct text_engine *engine, const char *text,
                                       const struct text_style *style, int width);
void text_layout_destroy(struct text_layout *layout); /* accepts NULL */

/* The largest capital height between `floor` and style->cap_height (steps of 1/2 px or finer) at
 * which the whole text stands in width × height without a broken word. When it does not fit at the
 * floor the layout is cut there, and *excess_out (may be NULL) is how many user-perceived
 * characters must go (0 when it fits). Never NULL. */
struct text_layout *text_layout_fit(struct text_engine *engine, const char *text,
                                    const struct text_style *style, double floor, int width,
                                    int height, int *excess_out);

int text_layout_width(const struct text_layout *layout);  /* widest line, px */
int text_layout_height(const struct text_layout *layout); /* top of first capitals/ascenders to
                                                              bottom of last descenders, px;
                                                              accents stand above it by up to a
                                                              third of a capital */
int text_layout_lines(const struct text_layout *layout);
double text_layout_cap_height(const struct text_layout *layout); /* what the fit chose */
bool text_layout_truncated(const struct text_layout *layout);
/* One of several lines holds nothing but "le" or "Ici,". */
bool text_layout_lone(const struct text_layout *layout);
/* Base line of line i below the layout's top, for aligning neighbours. */
int text_layout_baseline(const struct text_layout *layout, int line);

/* Top left of the layout's box at (x, y); alignment is within `width` given at creation. */
void text_layout_draw(const struct text_layout *layout, struct canvas *canvas, int x, int y,
                      color fill);

#endif
