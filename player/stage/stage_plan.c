/* What a stage should show at an instant, and when that changes. */
#include "player/scene/zones.h"
#include "player/stage/stage_private.h"
#include "playlists/timeline.h"

struct edition *stage_urgent(const struct stage *stage)
{
    struct error err;
    if (stage->urgent == NULL || stage->edition == NULL ||
        manifest_follows(stage->edition->manifest, stage->urgent->manifest, &err)) {
        return stage->urgent;
    }
    return NULL;
}

static struct edition *edition_at(const struct stage *stage, int64_t at_ms)
{
    struct edition *urgent = stage_urgent(stage);
    if (urgent != NULL && manifest_emergency_at(urgent->manifest, at_ms) != NULL) {
        return urgent;
    }
    return stage->calm != NULL ? stage->calm : stage->edition;
}

struct arrangement_wish stage_wish_at(const struct stage *stage, int64_t at_ms)
{
    struct arrangement_wish wish = {.edition = edition_at(stage, at_ms)};
    if (wish.edition == NULL) {
        return wish;
    }
    const struct manifest *manifest = wish.edition->manifest;
    struct timeline timeline = timeline_at(manifest, at_ms);
    if (timeline.kind == TIMELINE_ITEM) {
        wish.layout = &manifest->layouts[timeline.interval->layout];
        wish.loop = timeline.loop;
        wish.class = timeline.interval->class;
    }
    return wish;
}

bool stage_closed_at(const struct stage *stage, int64_t at_ms, int64_t *until_out)
{
    const struct edition *edition = edition_at(stage, at_ms);
    *until_out = INT64_MAX;
    return edition != NULL && manifest_closed_at(edition->manifest, at_ms, until_out);
}

int64_t stage_boundary_after(const struct stage *stage, int64_t at_ms)
{
    const struct edition *edition = edition_at(stage, at_ms);
    int64_t next_ms = INT64_MAX;
    (void)stage_closed_at(stage, at_ms, &next_ms);
    if (edition != NULL) {
        struct timeline timeline = timeline_at(edition->manifest, at_ms);
        bool inside = timeline.kind == TIMELINE_ITEM && timeline.interval->until_ms > at_ms;
        next_ms =
            clock_earlier(next_ms, inside ? timeline.interval->until_ms : timeline.next_change_ms);
    }
    const struct edition *urgent = stage_urgent(stage);
    for (size_t i = 0; urgent != NULL && i < urgent->manifest->interval_count; i++) {
        const struct manifest_interval *interval = &urgent->manifest->intervals[i];
        if (interval->class == INTERVAL_EMERGENCY) {
            next_ms =
                interval->from_ms > at_ms ? clock_earlier(next_ms, interval->from_ms) : next_ms;
            next_ms =
                interval->until_ms > at_ms ? clock_earlier(next_ms, interval->until_ms) : next_ms;
        }
    }
    return next_ms;
}

int64_t stage_find_horizon(const struct stage *stage, const struct arrangement *arrangement,
                           int64_t now_ms)
{
    int64_t at_ms = now_ms;
    for (int i = 0; i < 16; i++) {
        int64_t until_ms;
        at_ms = stage_boundary_after(stage, at_ms);
        if (at_ms > now_ms + STAGE_AHEAD_MS) {
            return INT64_MAX;
        }
        struct arrangement_wish wish = stage_wish_at(stage, at_ms);
        if (!stage_closed_at(stage, at_ms, &until_ms) &&
            (arrangement == NULL || !arrangement_fits(arrangement, &wish, stage->screen.bottom))) {
            return at_ms;
        }
    }
    return INT64_MAX;
}

bool stage_has_emergency(const struct stage *stage)
{
    return stage_wish_at(stage, clock_wall_ms(&stage->host.clock)).class == INTERVAL_EMERGENCY;
}

/* The zone of its own that the main track has in the layout, as the lane would ask for it. */
bool stage_proof_frame(const struct stage *stage, struct edition *edition, int64_t wall_ms,
                       struct frame *frame_out)
{
    const struct manifest *manifest = edition->manifest;
    struct timeline now = timeline_at(manifest, wall_ms);
    if (now.kind == TIMELINE_NOTHING && manifest->interval_count > 0) {
        now = timeline_at(manifest, manifest->intervals[0].from_ms);
    }
    if (now.kind == TIMELINE_NOTHING) {
        return false;
    }
    const struct manifest_screen *screen = &manifest->screen;
    struct metrics metrics = metrics_make(stage->screen.width, stage->screen.height,
                                          screen->diagonal_mm, screen->viewing_distance_mm);
    struct zones zones =
        zones_make(&manifest->layouts[now.interval->layout], &metrics, stage->screen.bottom);
    *frame_out = (struct frame){.kind = now.slide->has_video ? FRAME_FILM : FRAME_SLIDE,
                                .edition = edition,
                                .slide = now.slide,
                                .width = zones.rects[0].w,
                                .height = zones.rects[0].h,
                                .metrics = metrics};
    return frame_out->width > 0;
}
