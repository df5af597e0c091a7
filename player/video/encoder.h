/* Canvases to a film: H.264 in MP4 (yuv420p, BT.709, constant rate, made for streaming), for the
 * transit operator's own system and for social networks. One thread at a time. */
#ifndef VITRINE_PLAYER_VIDEO_ENCODER_H
#define VITRINE_PLAYER_VIDEO_ENCODER_H

#include "core/error.h"
#include "player/draw/canvas.h"

struct encoder;

struct encoder_options {
    const char *path;
    int width, height; /* even, 64 - 4 096 */
    int rate;          /* frames a second, 1 - 60 */
};

/* Writes beside `path` until encoder_finish. NULL: the file cannot be made, or there is no
 * encoder. */
struct encoder *encoder_create(const struct encoder_options *options, struct error *err)
    __attribute__((warn_unused_result));
/* The next frame, of the film's size. */
bool encoder_add(struct encoder *encoder, const struct canvas *canvas, struct error *err)
    __attribute__((warn_unused_result));
/* The film is whole and stands at its path. */
bool encoder_finish(struct encoder *encoder, struct error *err) __attribute__((warn_unused_result));
/* Without encoder_finish before: nothing is left. Accepts NULL. */
void encoder_destroy(struct encoder *encoder);

#endif
