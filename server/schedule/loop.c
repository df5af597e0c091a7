#include "server/schedule/loop.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* What one stream gives to the loop: `take` items from `start` on, round its end. */
struct loop_part {
    const struct loop_stream *stream;
    double fraction;
    int64_t length_ms; /* of the whole stream */
    size_t start;
    size_t take;
    size_t taken;
    int64_t taken_ms;
    int64_t take_ms;
    double position; /* of the next item */
};

static const struct loop_item *part_item(const struct loop_part *part, size_t index)
{
    return &part->stream->items[(part->start + index) % part->stream->count];
}

/* Takes as many items as come nearest to the target time, at least one and at most `room`. */
static void part_fill(struct loop_part *part, double target_ms, int64_t day, size_t room)
{
    size_t count = part->stream->count;
    part->start = 0;
    double expected = target_ms * (double)count / (double)part->length_ms;
    if (expected < (double)count - 0.5) {
        /* Only a window fits: tomorrow the next one. */
        size_t window = expected < 1 ? 1 : (size_t)expected;
        int64_t days = day % (int64_t)count;
        days = days < 0 ? days + (int64_t)count : days;
        part->start = (size_t)days * window % count;
    }
    part->take = 0;
    part->take_ms = 0;
    while (part->take < room) {
        int64_t next_ms = part->take_ms + part_item(part, part->take)->duration_ms;
        double before = target_ms - (double)part->take_ms;
        double after = (double)next_ms - target_ms;
        if (part->take > 0 && after > before) {
            return;
        }
        part->take++;
        part->take_ms = next_ms;
    }
}

/* Where in the loop (0-1) the part's next item has its middle, if the part were alone. */
static void part_locate(struct loop_part *part)
{
    double middle =
        (double)part->taken_ms + (double)part_item(part, part->taken)->duration_ms / 2.0;
    part->position = middle / (double)part->take_ms;
}

/* The part whose next item comes first; there is one. */
static struct loop_part *part_next(struct loop_part *parts, size_t count)
{
    struct loop_part *next = NULL;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].taken < parts[i].take &&
            (next == NULL || parts[i].position < next->position)) {
            next = &parts[i];
        }
    }
    return next;
}

size_t loop_mix(const struct loop_stream *streams, size_t count, int64_t day, struct arena *arena,
                struct loop_item **items_out)
{
    struct loop_part *parts = arena_array(arena, count, sizeof *parts);
    double shares = 0;
    for (size_t i = 0; i < count; i++) {
        assert(streams[i].share > 0 && streams[i].count > 0);
        parts[i].stream = &streams[i];
        size_t k = 0;
        do {
            parts[i].length_ms += streams[i].items[k].duration_ms;
        } while (++k < streams[i].count);
        shares += streams[i].share;
    }
    /* The shortest loop that shows every slide of every stream. */
    double length_ms = 0;
    double items_per_ms = 0;
    for (size_t i = 0; i < count; i++) {
        parts[i].fraction = streams[i].share / shares;
        double needed = (double)parts[i].length_ms / parts[i].fraction;
        length_ms = needed > length_ms ? needed : length_ms;
        items_per_ms += parts[i].fraction * (double)streams[i].count / (double)parts[i].length_ms;
    }
    double longest_ms = (double)(LOOP_ITEMS_MAX - count) / items_per_ms;
    length_ms = length_ms > longest_ms ? longest_ms : length_ms;

    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        size_t room = LOOP_ITEMS_MAX - total - (count - 1 - i);
        part_fill(&parts[i], parts[i].fraction * length_ms, day, room);
        part_locate(&parts[i]);
        total += parts[i].take;
    }
    struct loop_item *items = arena_array(arena, total, sizeof *items);
    for (size_t n = 0; n < total; n++) {
        struct loop_part *next = part_next(parts, count);
        items[n] = *part_item(next, next->taken);
        next->taken++;
        next->taken_ms += items[n].duration_ms;
        part_locate(next);
    }
    *items_out = items;
    return total;
}

static bool same_company(const struct loop_item *a, const struct loop_item *b)
{
    return a->company[0] != '\0' && strcmp(a->company, b->company) == 0;
}

/* The index before which items[from] may be put so that it stands beside no slide of its company:
 * the first one onwards, `count` when there is none. The two gaps at its own place do not count. */
static size_t free_gap(const struct loop_item *items, size_t count, size_t from)
{
    for (size_t distance = 2; distance < count; distance++) {
        size_t after = (from + distance) % count;
        size_t before_after = (after + count - 1) % count;
        if (!same_company(&items[from], &items[after]) &&
            !same_company(&items[from], &items[before_after])) {
            return after;
        }
    }
    return count;
}

static void move_before(struct loop_item *items, size_t from, size_t to)
{
    struct loop_item moved = items[from];
    if (from < to) {
        memmove(&items[from], &items[from + 1], (to - 1 - from) * sizeof *items);
        items[to - 1] = moved;
    } else {
        memmove(&items[to + 1], &items[to], (from - to) * sizeof *items);
        items[to] = moved;
    }
}

void loop_separate(struct loop_item *items, size_t count)
{
    /* Each move ends at least one repetition and makes none, so that this ends. */
    size_t i = 0;
    size_t clean = 0;
    while (count > 2 && clean < count) {
        size_t before = (i + count - 1) % count;
        size_t moved = i == 0 ? before : i; /* the loop's first item stays */
        size_t gap = count;
        if (same_company(&items[before], &items[i])) {
            gap = free_gap(items, count, moved);
        }
        if (gap == count) {
            clean++;
            i = (i + 1) % count;
        } else {
            move_before(items, moved, gap);
            clean = 0;
        }
    }
}
