/* A film's frame scaled and converted part by part, whatever is written to: a canvas, the window's
 * memory, a band that is then turned. */
#ifndef VITRINE_PLAYER_DRAW_VIDEO_SCALER_H
#define VITRINE_PLAYER_DRAW_VIDEO_SCALER_H

#include <stddef.h>

#include "player/draw/video_image.h"

struct video_scaler;

bool video_image_usable(const struct video_image *image);
/* Cuts `source` to the image; false when nothing is left. */
bool video_source_cut(const struct video_image *image, struct rectf *source);

/* As video_image_draw. NULL when memory is out or the image, the source or the target is not one.
 * The image's planes stay the caller's. */
struct video_scaler *video_scaler_create(const struct video_image *image, struct rectf source,
                                         struct rect target);
void video_scaler_destroy(struct video_scaler *scaler); /* accepts NULL */

/* Writes `area`, inside the target, to rows `stride` pixels apart. `stream`: past the caches, for
 * memory that is not read again soon. */
void video_scaler_write(struct video_scaler *scaler, struct rect area, uint32_t *out,
                        ptrdiff_t stride, bool stream);

#endif
