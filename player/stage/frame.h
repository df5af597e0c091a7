/* What one zone shows at a time, as a canvas of the zone's size: a slide, a news text's page, a
 * logo, or the zone's colour. */
#ifndef VITRINE_PLAYER_STAGE_FRAME_H
#define VITRINE_PLAYER_STAGE_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"
#include "player/scene/metrics.h"
#include "player/scene/slide_view.h"
#include "player/scene/strip.h"
#include "player/sync/edition.h"
#include "playlists/slide.h"

enum frame_kind {
    FRAME_SLIDE,
    FRAME_FILM,  /* drawn by the film itself; as a frame it is the zone's colour */
    FRAME_NEWS,  /* `page` of the slide's title; without a slide the screen's name */
    FRAME_LOGO,  /* `file` */
    FRAME_EMPTY, /* `fill` alone */
};

struct frame {
    enum frame_kind kind;
    struct edition *edition; /* what holds the slide. Not retained */
    const struct slide *slide;
    int page;
    struct sha256 file;
    uint32_t fill;
    unsigned revision;      /* differs when the same slide must be drawn anew */
    int width, height;      /* of the zone */
    struct metrics metrics; /* of the whole picture */
};

/* Whether both look the same. */
bool frame_same(const struct frame *a, const struct frame *b);
/* Whether both show the same content, though perhaps of two editions: what is between them is no
 * change for people. */
bool frame_akin(const struct frame *a, const struct frame *b);

/* Into a canvas of the zone's size. False when memory is out. */
bool frame_draw(const struct frame *frame, const struct slide_view *view, struct canvas *canvas);

/* What the strip says at that instant, in the screen's local time. */
struct strip_time frame_time(const struct manifest *manifest, int64_t wall_ms);
enum lang frame_lang(const struct manifest *manifest);

#endif
