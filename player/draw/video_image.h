/* One decoded frame of a film, as decoders give it, and its way onto a canvas. */
#ifndef VITRINE_PLAYER_DRAW_VIDEO_IMAGE_H
#define VITRINE_PLAYER_DRAW_VIDEO_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"

enum video_format { VIDEO_I420, VIDEO_NV12 };
enum video_matrix { VIDEO_BT601, VIDEO_BT709 };

struct video_image {
    int width, height;
    enum video_format format;
    const uint8_t *planes[3]; /* Y, U, V; NV12: Y, UV interleaved */
    int strides[3];           /* bytes */
    bool full_range;          /* 0–255 rather than 16–235 */
    enum video_matrix matrix;
};

/* Draws `source` (in image pixels) scaled to `target`. False when memory is out. */
bool video_image_draw(const struct video_image *image, struct rectf source, struct canvas *canvas,
                      struct rect target);

#endif
