/* A film's frame as decoders give it, 8-bit 4:2:0, drawn scaled to a canvas. Owns nothing; any
 * thread. presenter_put_video brings it to a screen. */
#ifndef VITRINE_PLAYER_DRAW_VIDEO_IMAGE_H
#define VITRINE_PLAYER_DRAW_VIDEO_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"

enum video_format {
    VIDEO_I420, /* planes Y, U, V */
    VIDEO_NV12, /* planes Y, and U and V in turns */
};

enum video_matrix { VIDEO_BT601, VIDEO_BT709 };

/* Chroma planes are (width + 1) / 2 × (height + 1) / 2, sited as in MPEG-2 and H.264: level with
 * the left luma sample of a pair, between the upper and the lower. */
struct video_image {
    int width, height; /* 1–8192 */
    enum video_format format;
    const uint8_t *planes[3];
    int strides[3];  /* bytes from row to row, may be negative */
    bool full_range; /* Y 0–255 instead of 16–235 */
    enum video_matrix matrix;
};

/* Draws `source` (in luma pixels, cut to the image) scaled to `target`, within the canvas's clip:
 * bilinear when it grows, a triangle as wide as the step when it shrinks. Within two levels of the
 * exact result. False when memory is out or the image is not one: nothing is drawn then. */
bool video_image_draw(const struct video_image *image, struct rectf source, struct canvas *canvas,
                      struct rect target);

#endif
