/* A decoded frame on its way to the screen: the decoder's planes where they can be drawn as they
 * are (8-bit 4:2:0), else converted or turned into planes of a pool. Decode thread, but for
 * picture_finish, which any thread may call. */
#ifndef VITRINE_PLAYER_VIDEO_PICTURE_H
#define VITRINE_PLAYER_VIDEO_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "player/draw/video_image.h"

struct AVBufferPool;
struct AVFrame;
struct SwsContext;

struct picture {
    struct video_image image;
    struct AVFrame *frame; /* holds the planes */
    int64_t position_us;
    double pixel_aspect; /* width of a pixel per height, as it stands upright */
    int missed;          /* frames of the film passed over just before it */
};

/* Zero it to begin with. */
struct picture_maker {
    struct AVBufferPool *pool;
    size_t pool_size;
    struct SwsContext *scaler;
};

/* Takes over what `frame` references and leaves it blank. rotation is clockwise. False when memory
 * is out or the format cannot be converted; nothing is left in *picture_out then. */
bool picture_init(struct picture *picture_out, struct picture_maker *maker, struct AVFrame *frame,
                  int rotation, struct error *err) __attribute__((warn_unused_result));
void picture_finish(struct picture *picture); /* accepts one that is zeroed */
void picture_maker_finish(struct picture_maker *maker);

#endif
