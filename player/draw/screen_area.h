/* Geometry between the picture that people see and the window's pixels, and the one routine that
 * writes part of a picture, or of the mix of two, in the window's orientation. */
#ifndef VITRINE_PLAYER_DRAW_SCREEN_AREA_H
#define VITRINE_PLAYER_DRAW_SCREEN_AREA_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"

/* A window and how the picture stands on it: turned clockwise by 0, 90, 180 or 270 degrees. */
struct screen {
    int width, height; /* of the window */
    int rotation;
};

void screen_picture_size(const struct screen *screen, int *width_out, int *height_out);
struct rect screen_to_window(const struct screen *screen, struct rect picture);
struct rect screen_from_window(const struct screen *screen, struct rect window);
void screen_to_picture(const struct screen *screen, int x, int y, int *x_out, int *y_out);

/* What to show: `first` and `second` mixed (t of 256), their top left at (x, y) of the picture.
 * second may be NULL when t is 0. With a ramp, t is of each column of the canvases, or of each row
 * when it goes down; ramp[0] is that of their first. */
struct mix {
    const struct canvas *first, *second;
    int x, y;
    unsigned t;
    const uint16_t *ramp;
    bool ramp_down;
};

/* Memory in window orientation; its first pixel is the window's (x, y). */
struct pixel_target {
    void *pixels;
    int pitch;       /* bytes */
    uint32_t format; /* SDL_PixelFormatEnum; 32-bit xRGB is fast */
    int x, y;
};

bool pixel_target_is_plain(const struct pixel_target *target);
uint8_t *pixel_target_at(const struct pixel_target *target, int x, int y);

/* Writes `area` (picture coordinates, within the canvases and the screen). */
void screen_write(const struct screen *screen, const struct mix *mix, struct rect area,
                  const struct pixel_target *target);

/* Where two canvases of one size differ, as rectangles in their coordinates. Zeroed: nowhere. */
struct difference {
    struct rect *rects;
    int count, capacity;
    int above; /* rectangles before this one ended too early to grow */
    struct rect bounds;
};

/* Rows are compared in bands, downwards; a band begins at a multiple of this. */
#define DIFFERENCE_ROWS 16
bool difference_compare(struct difference *difference, const struct canvas *first,
                        const struct canvas *second, int from_row, int until_row);
void difference_finish(struct difference *difference);

#endif
