/* A film file to frames in the order they show. Decode thread only. Everything a file says is
 * checked: container, codec and dimensions before a decoder is opened, dimensions again frame by
 * frame. After damage nothing is given before the next clean key frame, so that no smeared frame
 * shows. */
#ifndef VITRINE_PLAYER_VIDEO_DECODER_H
#define VITRINE_PLAYER_VIDEO_DECODER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "player/video/picture.h"
#include "player/video/video.h"

struct decoder;

struct decoder_interrupt {
    int (*stop)(void *context); /* asked often; not 0: give up at once */
    void *context;
};

enum decoder_result {
    DECODER_PICTURE,
    DECODER_END,
    DECODER_FAILED,
    DECODER_STOPPED, /* interrupted */
};

/* What may be left out to catch up with the clock. */
enum decoder_hurry {
    HURRY_NONE,
    HURRY_FILTER, /* deblocking of frames that no other depends on */
    HURRY_SKIP,   /* those frames themselves */
};

/* hardware may be NULL. NULL when it is no film that can be shown; interrupted too. */
struct decoder *decoder_open(const char *path, struct video_hardware *hardware,
                             struct decoder_interrupt interrupt, struct error *err)
    __attribute__((warn_unused_result));
void decoder_close(struct decoder *decoder); /* accepts NULL */

/* The decoder's name and hardware settle with the first picture. */
const struct video_facts *decoder_facts(const struct decoder *decoder);
int64_t decoder_frame_us(const struct decoder *decoder); /* on average, ≥ 1 */
int64_t decoder_damaged(const struct decoder *decoder);

/* The next picture; the caller finishes it. Frames that end before `needless_us` may be left out.
 */
enum decoder_result decoder_next(struct decoder *decoder, int64_t needless_us,
                                 enum decoder_hurry hurry, struct picture *picture_out,
                                 struct error *err);
/* Frames come late: from the next key frame on, more threads decode. */
void decoder_widen(struct decoder *decoder);
/* To a key frame at or before the position: the next picture's position is at or before it too,
 * unless the film begins later. */
bool decoder_seek(struct decoder *decoder, int64_t position_us, struct error *err)
    __attribute__((warn_unused_result));
/* Position of the last key frame at or before the position; -1 when the file has no index. */
int64_t decoder_key_before(struct decoder *decoder, int64_t position_us);

#endif
