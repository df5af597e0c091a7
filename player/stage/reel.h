/* A film as a zone shows it: its frames cropped to the zone, its captions over them. Main thread
 * only; decoding is done by the film's own thread (player/video). */
#ifndef VITRINE_PLAYER_STAGE_REEL_H
#define VITRINE_PLAYER_STAGE_REEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/lang.h"
#include "player/draw/presenter.h"
#include "player/draw/text.h"
#include "player/scene/metrics.h"
#include "player/video/video.h"
#include "player/video/video_hardware.h"

struct reel;

struct reel_options {
    const char *path;
    const char *captions; /* path; NULL: none. One that cannot be read is left out */
    enum lang lang;
    int64_t from_ms;        /* where it is wanted first */
    int width, height;      /* of the zone */
    struct metrics metrics; /* of the whole picture */
    struct text_engine *text;
    struct video_hardware *hardware; /* NULL: none */
    void (*wake)(void *context);     /* any thread: something is to be looked at */
    void *context;
};

/* NULL only when a thread cannot be had. */
struct reel *reel_open(const struct reel_options *options, struct error *err)
    __attribute__((warn_unused_result));
void reel_close(struct reel *reel, struct video_figures *figures_out); /* accepts NULL twice */

/* VIDEO_FAILED: err (may be NULL) says why. */
enum video_state reel_state(struct reel *reel, struct error *err);
/* Goes to that position; true when what shows is another picture than before. */
bool reel_advance(struct reel *reel, int64_t position_us);
/* Position at which that may be next; INT64_MAX: not before a wake. */
int64_t reel_next_us(struct reel *reel, int64_t position_us);
/* Whether the film's next picture is there and not due yet: that may take long. */
bool reel_is_early(struct reel *reel, int64_t position_us);
bool reel_has_picture(const struct reel *reel);
/* What shows, with its caption: into a canvas whose (x, y) is the zone's top left, or to the screen
 * where the zone stands. False: there is no picture, or memory is out. */
bool reel_draw(struct reel *reel, struct canvas *canvas, int x, int y);
bool reel_put(struct reel *reel, struct presenter *presenter, int x, int y);

#endif
