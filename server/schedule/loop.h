/* The order of slides in a loop: streams of slides (a base playlist, campaigns) mixed by their
 * shares of time, and companies kept apart. Pure: no store, no clock. */
#ifndef VITRINE_SERVER_SCHEDULE_LOOP_H
#define VITRINE_SERVER_SCHEDULE_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

/* A loop made here never has more items than this: longer streams rotate from day to day. */
#define LOOP_ITEMS_MAX 400

struct loop_item {
    size_t slide;
    int64_t duration_ms; /* > 0 */
    const char *company; /* whose slide it is; "" belongs to nobody */
};

struct loop_stream {
    double share; /* > 0; shares are taken relative to their sum */
    size_t count; /* ≥ 1 */
    const struct loop_item *items;
};

/* One loop in which each stream has its share of the time as near as whole slides allow, its slides
 * in their order, spread evenly; every slide at least once unless the loop would pass
 * LOOP_ITEMS_MAX: then a window of the stream that moves on with `day`. Streams come in order of
 * preference for the first place. Returns the number of items, in the arena. */
size_t loop_mix(const struct loop_stream *streams, size_t count, int64_t day, struct arena *arena,
                struct loop_item **items_out);

/* Moves as few items as it finds necessary so that no company follows itself, the loop's end and
 * beginning included. Succeeds whenever no company has more than half of the items; else fewest
 * repetitions remain. */
void loop_separate(struct loop_item *items, size_t count);

#endif
