#include "playlists/timeline.h"

/* The difference of any two instants fits in unsigned arithmetic. */
static uint64_t elapsed(int64_t from_ms, int64_t at_ms)
{
    return (uint64_t)at_ms - (uint64_t)from_ms;
}

static int64_t add_saturated(int64_t at_ms, int64_t ms)
{
    int64_t sum;
    return __builtin_add_overflow(at_ms, ms, &sum) ? INT64_MAX : sum;
}

static struct manifest_track track_of(const struct manifest *manifest, size_t track)
{
    if (track == 0) {
        return (struct manifest_track){manifest->interval_count, manifest->intervals};
    }
    return manifest->tracks[track - 1];
}

/* Number of intervals that began at or before `at`. */
static size_t begun_intervals(const struct manifest_track *track, int64_t at_ms)
{
    size_t low = 0;
    size_t high = track->interval_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (track->intervals[middle].from_ms <= at_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Fills the item that plays at `at`; end_ms is when the interval gives way. */
static void fill_item(const struct manifest *manifest, const struct manifest_interval *interval,
                      int64_t at_ms, int64_t end_ms, struct timeline *timeline)
{
    const struct manifest_loop *loop = &manifest->loops[interval->loop];
    int64_t in_loop = (int64_t)(elapsed(interval->origin_ms, at_ms) % (uint64_t)loop->length_ms);
    size_t item = 0;
    while (in_loop >= loop->items[item].duration_ms) {
        in_loop -= loop->items[item].duration_ms;
        item++;
    }
    timeline->kind = TIMELINE_ITEM;
    timeline->interval = interval;
    timeline->loop = loop;
    timeline->item = item;
    timeline->slide = &manifest->slides[loop->items[item].slide];
    timeline->item_from_ms = at_ms - in_loop;
    timeline->offset_ms = in_loop;
    timeline->next_change_ms = end_ms;
    if (loop->item_count > 1) {
        int64_t item_end = add_saturated(at_ms, loop->items[item].duration_ms - in_loop);
        timeline->next_change_ms = item_end < end_ms ? item_end : end_ms;
    }
}

struct timeline timeline_track_at(const struct manifest *manifest, size_t track, int64_t at_ms)
{
    struct timeline timeline = {
        .kind = TIMELINE_NOTHING,
        .expired = at_ms >= manifest->valid_until_ms,
        .track = track,
    };
    struct manifest_track own = track_of(manifest, track);
    size_t begun = begun_intervals(&own, at_ms);
    int64_t next_from = begun < own.interval_count ? own.intervals[begun].from_ms : INT64_MAX;
    const struct manifest_interval *last = begun > 0 ? &own.intervals[begun - 1] : NULL;
    /* An emergency ends by itself, whatever became of the network. */
    while (last != NULL && last->class == INTERVAL_EMERGENCY && at_ms >= last->until_ms) {
        last = last > own.intervals ? last - 1 : NULL;
    }

    if (last != NULL && at_ms < last->until_ms) {
        /* One that reaches the expiry plays on behind its end. */
        bool lasts =
            last->until_ms >= manifest->valid_until_ms && last->class != INTERVAL_EMERGENCY;
        fill_item(manifest, last, at_ms, lasts ? next_from : last->until_ms, &timeline);
    } else if (last != NULL && timeline.expired) {
        fill_item(manifest, last, at_ms, next_from, &timeline);
    } else {
        /* In a gap behind an interval, expiry brings the last loop back. */
        bool wakes = last != NULL && manifest->valid_until_ms < next_from;
        timeline.next_change_ms = wakes ? manifest->valid_until_ms : next_from;
    }
    return timeline;
}

struct timeline timeline_at(const struct manifest *manifest, int64_t at_ms)
{
    return timeline_track_at(manifest, 0, at_ms);
}

struct timeline timeline_next(const struct manifest *manifest, const struct timeline *now)
{
    if (now->next_change_ms == INT64_MAX) {
        return *now;
    }
    return timeline_track_at(manifest, now->track, now->next_change_ms);
}

int64_t timeline_video_ms(const struct manifest_loop *loop, const struct slide *slide,
                          int64_t offset_ms, bool again)
{
    int64_t ms = again ? offset_ms : offset_ms - loop->transition_ms;
    return ms < 0 ? 0 : ms < slide->video.length_ms ? ms : slide->video.length_ms;
}
