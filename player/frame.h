/* One frame of the signage loop: which slide, in which sizes, with or without the strip. */
#ifndef VITRINE_PLAYER_FRAME_H
#define VITRINE_PLAYER_FRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"
#include "player/scene/metrics.h"
#include "player/scene/slide_view.h"
#include "player/sync/edition.h"
#include "playlists/slide.h"

/* A minute of the screen's local time, which is what the strip shows. */
struct local_minute {
    int64_t days; /* since 1970-01-01 */
    int minutes;  /* since midnight */
};

struct frame {
    struct edition *edition; /* what holds the slide; NULL for the built-in one. Not retained */
    const struct slide *slide;
    unsigned revision; /* differs when the same slide must be drawn anew */
    bool strip;
    int width, height;      /* of the area */
    struct metrics metrics; /* of the whole picture */
    struct local_minute minute;
};

/* Whether both look the same but for the strip's minute. */
bool frame_same(const struct frame *a, const struct frame *b);

struct local_minute frame_minute(const struct edition *edition, int64_t wall_ms);
bool local_minute_equal(struct local_minute a, struct local_minute b);

/* Into a canvas of the area's size. False when memory is out. */
bool frame_draw(const struct frame *frame, struct text_engine *text,
                const struct picture_source *pictures, struct canvas *canvas);
/* Where the strip stands in the area; empty when the frame has none. */
struct rect frame_strip(const struct frame *frame);
/* The strip alone, for frame->minute. */
void frame_draw_strip(const struct frame *frame, struct text_engine *text, struct canvas *canvas);

#endif
