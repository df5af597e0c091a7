/* The drawing surface: an opaque 32-bit picture in memory and the few operations that slides and
 * kiosk screens are made of. All drawing is done here, by the CPU, in whichever thread owns the
 * canvas, so that every back end, the goldens and vitrine-render give the same pixels; a presenter
 * (presenter.h) only brings canvases to a screen. */
#ifndef VITRINE_PLAYER_DRAW_CANVAS_H
#define VITRINE_PLAYER_DRAW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* 0xAARRGGBB, straight alpha. */
typedef uint32_t color;
#define COLOR_RGB(rgb) (0xFF000000u | (rgb))

struct rect {
    int x, y, w, h;
};

struct rectf {
    double x, y, w, h;
};

struct pointf {
    double x, y;
};

/* A ring of a polygon, or a line from point to point. */
struct path {
    const struct pointf *points;
    size_t count;
};

struct image; /* image.h */

struct canvas {
    uint32_t *pixels; /* 0xFFRRGGBB rows, `stride` pixels apart, 64-byte aligned */
    int width, height, stride;
    struct rect clip; /* operations write only inside it */
};

/* NULL when memory is out or a side is not in 1–8192 (a peer may size it). Filled opaque black. */
struct canvas *canvas_create(int width, int height);
/* For who writes every pixel: the memory is taken page by page as that happens. */
struct canvas *canvas_create_unfilled(int width, int height);
void canvas_destroy(struct canvas *canvas); /* accepts NULL */

void canvas_set_clip(struct canvas *canvas, const struct rect *clip); /* NULL: everything */
void canvas_fill(struct canvas *canvas, color fill);
void canvas_fill_rect(struct canvas *canvas, struct rect rect, color fill);
/* Anti-aliased corners. radius is cut to half the shorter side. */
void canvas_fill_round(struct canvas *canvas, struct rect rect, int radius, color fill);
void canvas_stroke_round(struct canvas *canvas, struct rect rect, int radius, int width,
                         color stroke);
/* From `first` at the top (or left when horizontal) to `last`; both may be translucent. */
void canvas_fill_gradient(struct canvas *canvas, struct rect rect, bool horizontal, color first,
                          color last);
/* Soft shadow of a rounded rectangle: gaussian-like blur of about `blur` px, drawn around and under
 * it. */
void canvas_shadow(struct canvas *canvas, struct rect rect, int radius, int blur, int offset_y,
                   color shadow);
/* The polygon whose outlines and holes the rings are, in any order and direction: what lies inside
 * an odd number of them. Rings are closed by themselves; pixels of the edge by their exact share.
 * Coordinates far outside are fine; where one is not finite nothing is drawn. */
void canvas_fill_polygon(struct canvas *canvas, const struct path *rings, size_t count, color fill);
/* Lines of `width` px with round joints and ends, drawn as one: where they meet or cross the colour
 * is no deeper. One that ends where it began is a closed outline. */
void canvas_stroke_paths(struct canvas *canvas, const struct path *paths, size_t count,
                         double width, color stroke);
/* Draws `source` (in image pixels) scaled to `target`, area-averaged when it shrinks and bilinear
 * when it grows, with corners rounded by `radius` px (0: none). */
void canvas_draw_image(struct canvas *canvas, const struct image *image, struct rectf source,
                       struct rect target, int radius);
/* 8-bit coverage (stride bytes a row) in one colour: glyphs, icons. */
void canvas_draw_mask(struct canvas *canvas, const uint8_t *mask, int stride, int width, int height,
                      int x, int y, color fill);
/* Straight copy of part of another canvas, no blending. */
void canvas_copy(struct canvas *canvas, const struct canvas *source, struct rect from, int x,
                 int y);
/* QR code of `text` (UTF-8), error correction M, in a white square of `size` px with its 4-module
 * quiet zone, whole pixels a module, centred. False when the text is too long for the size to keep
 * ≥ 2 px a module. */
bool canvas_draw_qr(struct canvas *canvas, const char *text, int x, int y, int size);

/* Part of the image that fills `width`:`height` with the focal point (0–1) in view and as central
 * as the edges allow. */
struct rectf crop_to_focus(int image_width, int image_height, double focal_x, double focal_y,
                           int width, int height);

bool canvas_save_png(const struct canvas *canvas, const char *path, struct error *err)
    __attribute__((warn_unused_result));

/* Rectangles. */
struct rect rect_intersect(struct rect a, struct rect b); /* w = h = 0 when they do not meet */
struct rect rect_union(struct rect a, struct rect b);     /* of one with no area: the other */
bool rect_contains(struct rect rect, int x, int y);
bool rect_empty(struct rect rect);

#endif
