#include "server/fleet/glance.h"

#include "core/arena.h"

static bool reaches(const struct manifest_interval *interval, int64_t from_ms, int64_t until_ms)
{
    return interval->from_ms < until_ms && interval->until_ms > from_ms;
}

/* Slides are copied with their loop: one that two loops play stands there twice, which is cheaper
 * than looking for it. */
static void copy_loop(struct manifest *glance, const struct manifest *manifest, size_t index,
                      struct manifest_loop *out)
{
    const struct manifest_loop *loop = &manifest->loops[index];
    struct arena *arena = glance->arena;

    *out = *loop;
    out->playlist = arena_strdup(arena, loop->playlist);
    out->items = arena_array(arena, loop->item_count, sizeof(*out->items));
    for (size_t i = 0; i < loop->item_count; i++) {
        const struct slide *slide = &manifest->slides[loop->items[i].slide];
        glance->slides[glance->slide_count] =
            (struct slide){.id = "",
                           .template = arena_strdup(arena, slide->template),
                           .title = arena_strdup(arena, slide->title)};
        out->items[i] = (struct manifest_item){glance->slide_count++, loop->items[i].duration_ms};
    }
}

static size_t count_items(const struct manifest *manifest, const size_t *places)
{
    size_t count = 0;

    for (size_t i = 0; i < manifest->loop_count; i++)
        count += places[i] > 0 ? manifest->loops[i].item_count : 0;
    return count;
}

static void copy_closed(struct manifest *glance, const struct manifest *manifest, int64_t from_ms,
                        int64_t until_ms)
{
    glance->closed =
        arena_array(glance->arena, manifest->closed_count + 1, sizeof(*glance->closed));
    for (size_t i = 0; i < manifest->closed_count; i++) {
        const struct manifest_closed *closed = &manifest->closed[i];
        if (closed->from_ms < until_ms && closed->until_ms > from_ms)
            glance->closed[glance->closed_count++] = *closed;
    }
}

struct manifest *glance_create(const struct manifest *manifest, int64_t from_ms, int64_t until_ms)
{
    struct manifest *glance = manifest_create();
    struct arena *scratch = arena_create();
    size_t *places = arena_array(scratch, manifest->loop_count + 1, sizeof(*places)); /* + 1 */
    size_t count = 0;

    glance->valid_until_ms = manifest->valid_until_ms;
    for (size_t i = 0; i < manifest->interval_count; i++) {
        const struct manifest_interval *interval = &manifest->intervals[i];
        if (!reaches(interval, from_ms, until_ms))
            continue;
        count++;
        if (places[interval->loop] == 0)
            places[interval->loop] = ++glance->loop_count;
    }
    glance->intervals = arena_array(glance->arena, count + 1, sizeof(*glance->intervals));
    glance->loops = arena_array(glance->arena, glance->loop_count + 1, sizeof(*glance->loops));
    glance->slides =
        arena_array(glance->arena, count_items(manifest, places) + 1, sizeof(*glance->slides));
    for (size_t i = 0; i < manifest->loop_count; i++) {
        if (places[i] > 0)
            copy_loop(glance, manifest, i, &glance->loops[places[i] - 1]);
    }
    for (size_t i = 0; i < manifest->interval_count; i++) {
        const struct manifest_interval *interval = &manifest->intervals[i];
        if (!reaches(interval, from_ms, until_ms))
            continue;
        struct manifest_interval *copy = &glance->intervals[glance->interval_count++];
        *copy = *interval;
        copy->loop = places[interval->loop] - 1;
        copy->rule = arena_strdup(glance->arena, interval->rule);
    }
    copy_closed(glance, manifest, from_ms, until_ms);
    arena_destroy(scratch);
    return glance;
}
