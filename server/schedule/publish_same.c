#include <string.h>

#include "server/schedule/publish.h"

static bool same_screen(const struct manifest_screen *a, const struct manifest_screen *b)
{
    bool same = strcmp(a->id, b->id) == 0 && strcmp(a->name, b->name) == 0 &&
                strcmp(a->site, b->site) == 0 && strcmp(a->site_id, b->site_id) == 0 &&
                a->width_px == b->width_px && a->height_px == b->height_px &&
                a->rotation == b->rotation && a->diagonal_mm == b->diagonal_mm &&
                a->viewing_distance_mm == b->viewing_distance_mm &&
                a->bottom_edge_mm == b->bottom_edge_mm && a->kiosk == b->kiosk &&
                strcmp(a->time_zone, b->time_zone) == 0 && a->reduced_motion == b->reduced_motion &&
                a->language_count == b->language_count;
    for (size_t i = 0; same && i < a->language_count; i++) {
        same = strcmp(a->languages[i], b->languages[i]) == 0;
    }
    return same;
}

/* At each change that `of` knows in the period, both tell the same. */
static bool same_offsets(const struct manifest *of, const struct manifest *other, int64_t from_ms,
                         int64_t until_ms)
{
    for (size_t i = 0; i < of->offset_count; i++) {
        int64_t at_ms = of->offsets[i].from_ms < from_ms ? from_ms : of->offsets[i].from_ms;
        if (at_ms < until_ms && manifest_offset_s(of, at_ms) != manifest_offset_s(other, at_ms)) {
            return false;
        }
    }
    return true;
}

static bool same_loop(const struct manifest *a, const struct manifest_loop *loop_a,
                      const struct manifest *b, const struct manifest_loop *loop_b)
{
    if (loop_a->transition != loop_b->transition ||
        loop_a->transition_ms != loop_b->transition_ms ||
        loop_a->item_count != loop_b->item_count) {
        return false;
    }
    for (size_t i = 0; i < loop_a->item_count; i++) {
        const struct manifest_item *x = &loop_a->items[i];
        const struct manifest_item *y = &loop_b->items[i];
        /* A slide's id stands for its content. */
        if (x->duration_ms != y->duration_ms ||
            strcmp(a->slides[x->slide].id, b->slides[y->slide].id) != 0) {
            return false;
        }
    }
    return true;
}

/* A walk along a track: the interval that holds the instant, or NULL, and when that changes. */
struct interval_walk {
    size_t count;
    const struct manifest_interval *intervals;
    size_t next; /* first interval that has not ended */
};

static struct interval_walk walk_track(const struct manifest *manifest, size_t track)
{
    return track == 0 ? (struct interval_walk){manifest->interval_count, manifest->intervals, 0}
                      : (struct interval_walk){manifest->tracks[track - 1].interval_count,
                                               manifest->tracks[track - 1].intervals, 0};
}

static const struct manifest_interval *walk_to(struct interval_walk *walk, int64_t at_ms,
                                               int64_t *until_ms)
{
    while (walk->next < walk->count && walk->intervals[walk->next].until_ms <= at_ms) {
        walk->next++;
    }
    if (walk->next == walk->count) {
        return NULL;
    }
    const struct manifest_interval *interval = &walk->intervals[walk->next];
    bool inside = interval->from_ms <= at_ms;
    int64_t change_ms = inside ? interval->until_ms : interval->from_ms;
    *until_ms = change_ms < *until_ms ? change_ms : *until_ms;
    return inside ? interval : NULL;
}

static bool same_zone(const struct manifest_zone *a, const struct manifest_zone *b)
{
    return strcmp(a->id, b->id) == 0 && a->kind == b->kind && a->x == b->x && a->y == b->y &&
           a->w == b->w && a->h == b->h && a->fill == b->fill &&
           (a->kind == ZONE_LOGO ? sha256_equal(&a->file, &b->file) : a->track == b->track);
}

static bool same_layout(const struct manifest_layout *a, const struct manifest_layout *b)
{
    bool same =
        a->strip == b->strip && a->strip_track == b->strip_track && a->zone_count == b->zone_count;
    for (size_t i = 0; same && i < a->zone_count; i++) {
        same = same_zone(&a->zones[i], &b->zones[i]);
    }
    return same;
}

static bool same_track(const struct manifest *a, const struct manifest *b, size_t track,
                       int64_t from_ms, int64_t until_ms)
{
    struct interval_walk walk_a = walk_track(a, track);
    struct interval_walk walk_b = walk_track(b, track);
    for (int64_t at_ms = from_ms; at_ms < until_ms;) {
        int64_t end_ms = until_ms;
        const struct manifest_interval *x = walk_to(&walk_a, at_ms, &end_ms);
        const struct manifest_interval *y = walk_to(&walk_b, at_ms, &end_ms);
        if ((x == NULL) != (y == NULL)) {
            return false;
        }
        if (x != NULL) {
            const struct manifest_loop *loop = &a->loops[x->loop];
            if (x->class != y->class ||
                (track == 0 && !same_layout(&a->layouts[x->layout], &b->layouts[y->layout])) ||
                !same_loop(a, loop, b, &b->loops[y->loop]) ||
                (x->origin_ms - y->origin_ms) % loop->length_ms != 0) {
                return false;
            }
        }
        at_ms = end_ms;
    }
    return true;
}

static bool same_closed(const struct manifest *a, const struct manifest *b, int64_t from_ms,
                        int64_t until_ms)
{
    for (int64_t at_ms = from_ms; at_ms < until_ms;) {
        int64_t end_a;
        int64_t end_b;
        if (manifest_closed_at(a, at_ms, &end_a) != manifest_closed_at(b, at_ms, &end_b)) {
            return false;
        }
        at_ms = end_a < end_b ? end_a : end_b;
    }
    return true;
}

/* Those that slides of both use: what one needs and the other does not is told by their loops. */
static bool same_templates(const struct manifest *a, const struct manifest *b)
{
    size_t i = 0;
    size_t k = 0;
    while (i < a->template_count && k < b->template_count) {
        int order = strcmp(a->templates[i].name, b->templates[k].name);
        if (order == 0 && !sha256_equal(&a->templates[i].file, &b->templates[k].file)) {
            return false;
        }
        i += order <= 0;
        k += order >= 0;
    }
    return true;
}

bool publish_same(const struct manifest *a, const struct manifest *b, int64_t from_ms,
                  int64_t until_ms)
{
    bool same = same_screen(&a->screen, &b->screen) && a->has_directory == b->has_directory &&
                (!a->has_directory || sha256_equal(&a->directory, &b->directory)) &&
                same_offsets(a, b, from_ms, until_ms) && same_offsets(b, a, from_ms, until_ms) &&
                a->track_count == b->track_count && same_templates(a, b) &&
                same_closed(a, b, from_ms, until_ms);
    for (size_t track = 0; same && track <= a->track_count; track++) {
        same = same_track(a, b, track, from_ms, until_ms);
    }
    return same;
}
