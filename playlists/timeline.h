/* What a screen shows at an instant: one pure function of manifest and instant, the same on server
 * and player. Two screens with the same manifest are in step because nothing else goes in. */
#ifndef VITRINE_PLAYLISTS_TIMELINE_H
#define VITRINE_PLAYLISTS_TIMELINE_H

#include "playlists/manifest.h"

enum timeline_kind {
    TIMELINE_ITEM,    /* an interval holds the instant (or the manifest has expired: last loop) */
    TIMELINE_NOTHING, /* nothing is planned: the built-in slide */
};

struct timeline {
    enum timeline_kind kind;
    bool expired;                             /* the instant is at or after valid_until_ms */
    const struct manifest_interval *interval; /* NULL for TIMELINE_NOTHING */
    const struct manifest_loop *loop;
    size_t track;
    size_t item; /* index in loop */
    const struct slide *slide;
    int64_t item_from_ms;   /* when this item began */
    int64_t offset_ms;      /* at - item_from_ms, ≥ 0 */
    int64_t next_change_ms; /* > at: when something else shows; INT64_MAX: never */
};

/* Every instant of int64 milliseconds has an answer. The item of an interval at `at` is the one at
 * (at - origin) mod length_ms of its loop; an interval's end cuts its last item short. A
 * loop of one item starts anew every length_ms (item_from_ms moves on), which is no change: nothing
 * else shows. */
struct timeline timeline_at(const struct manifest *manifest, int64_t at_ms);

/* The same for a zone's track: 0 is the main one (timeline_at), then index + 1 into the manifest's
 * tracks. */
struct timeline timeline_track_at(const struct manifest *manifest, size_t track, int64_t at_ms);

/* How far a film is into itself at the offset of its item: it begins when it is faded in (its first
 * picture stands still until then) and stands still at its end. `again`: the same film went before
 * it, so nothing is faded. In milliseconds, 0 - length_ms. */
int64_t timeline_video_ms(const struct manifest_loop *loop, const struct slide *slide,
                          int64_t offset_ms, bool again);

/* The answer for the track's next change, at now->next_change_ms, for decoding ahead.
 * With next_change_ms = INT64_MAX it returns `now`. */
struct timeline timeline_next(const struct manifest *manifest, const struct timeline *now);

#endif
