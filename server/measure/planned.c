#include "server/measure/planned.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "playlists/timeline.h"
#include "server/store/devices.h"
#include "server/store/manifests.h"

struct walk {
    const struct manifest *manifest;
    void (*take)(void *context, const struct planned_piece *piece);
    void *context;
};

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether something else was there just before: a loop of one item begins once, however often it
 * starts anew. */
static bool begins(const struct manifest *manifest, size_t track, int64_t at_ms)
{
    return timeline_track_at(manifest, track, at_ms - 1).next_change_ms == at_ms ||
           manifest_closed_at(manifest, at_ms - 1, NULL);
}

static void walk_track(const struct walk *walk, size_t track, const char *zone, int64_t from_ms,
                       int64_t until_ms)
{
    for (int64_t at = from_ms; at < until_ms;) {
        struct timeline now = timeline_track_at(walk->manifest, track, at);
        int64_t end = earlier(now.next_change_ms, until_ms);
        if (now.kind == TIMELINE_ITEM) {
            struct planned_piece piece = {.zone = zone,
                                          .slide = now.slide,
                                          .playlist = now.loop->playlist,
                                          .rule = now.interval->rule,
                                          .from_ms = at,
                                          .until_ms = end,
                                          .begins =
                                              at > from_ms || begins(walk->manifest, track, at)};
            walk->take(walk->context, &piece);
        }
        at = end;
    }
}

static void walk_zones(const struct walk *walk, size_t layout_index, int64_t from_ms,
                       int64_t until_ms)
{
    const struct manifest_layout *layout = &walk->manifest->layouts[layout_index];

    for (size_t i = 0; i < layout->zone_count; i++) {
        if (layout->zones[i].kind == ZONE_LOOP)
            walk_track(walk, layout->zones[i].track, layout->zones[i].id, from_ms, until_ms);
    }
    if (layout->strip != STRIP_NONE && layout->strip_track != 0)
        walk_track(walk, layout->strip_track, "strip", from_ms, until_ms);
}

void planned_walk(const struct manifest *manifest, int64_t from_ms, int64_t until_ms,
                  void (*take)(void *context, const struct planned_piece *piece), void *context)
{
    struct walk walk = {manifest, take, context};
    int64_t change;

    for (int64_t at = from_ms; at < until_ms;) {
        bool closed = manifest_closed_at(manifest, at, &change);
        int64_t end = earlier(change, until_ms);
        if (!closed) {
            struct timeline now = timeline_at(manifest, at);
            if (now.kind == TIMELINE_ITEM) {
                if (now.interval->until_ms > at) /* an expired one goes on with its last loop */
                    end = earlier(end, now.interval->until_ms);
                walk_zones(&walk, now.interval->layout, at, end);
            } else {
                end = earlier(end, now.next_change_ms);
            }
        }
        at = end;
    }
}

/* Pieces become entries: one for each hour, slide, loop and zone. */
struct gathering {
    struct arena *arena;
    struct planned_entry *entries;
    size_t count, capacity;
};

static void add_entry(struct gathering *gathering, const struct planned_piece *piece, int64_t hour,
                      bool counts, int64_t length_ms)
{
    if (gathering->count == gathering->capacity) {
        size_t capacity = gathering->capacity > 0 ? gathering->capacity * 2 : 256;
        struct planned_entry *more = arena_array(gathering->arena, capacity, sizeof(*more));
        if (gathering->count > 0)
            memcpy(more, gathering->entries, gathering->count * sizeof(*more));
        gathering->entries = more;
        gathering->capacity = capacity;
    }
    gathering->entries[gathering->count++] =
        (struct planned_entry){.hour = hour,
                               .item = {.slide = piece->slide->id,
                                        .title = piece->slide->title,
                                        .subject = piece->slide->subject,
                                        .organisation = piece->slide->organisation,
                                        .playlist = piece->playlist,
                                        .rule = piece->rule,
                                        .zone = piece->zone},
                               .plays = counts,
                               .length_ms = length_ms};
}

static void gather(void *context, const struct planned_piece *piece)
{
    bool counts = piece->begins;

    for (int64_t at = piece->from_ms; at < piece->until_ms; counts = false) {
        int64_t hour = at / HOUR_MS;
        int64_t end = earlier(piece->until_ms, (hour + 1) * HOUR_MS);
        add_entry(context, piece, hour, counts, end - at);
        at = end;
    }
}

static int compare_entries(const void *left, const void *right)
{
    const struct planned_entry *a = left, *b = right;
    const char *const texts[][2] = {
        {a->item.slide, b->item.slide},     {a->item.zone, b->item.zone},
        {a->item.rule, b->item.rule},       {a->item.playlist, b->item.playlist},
        {a->item.title, b->item.title},     {a->item.organisation, b->item.organisation},
        {a->item.subject, b->item.subject},
    };

    if (a->hour != b->hour)
        return a->hour < b->hour ? -1 : 1;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        int order = strcmp(texts[i][0], texts[i][1]);
        if (order != 0)
            return order;
    }
    return 0;
}

static size_t merge(struct planned_entry *entries, size_t count)
{
    size_t kept = 0;

    if (count > 0)
        qsort(entries, count, sizeof(*entries), compare_entries);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare_entries(&entries[kept - 1], &entries[i]) == 0) {
            entries[kept - 1].plays += entries[i].plays;
            entries[kept - 1].length_ms += entries[i].length_ms;
        } else {
            entries[kept++] = entries[i];
        }
    }
    return kept;
}

static void own_texts(struct arena *arena, struct planned_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char **texts[] = {&entries[i].item.slide,    &entries[i].item.title,
                                &entries[i].item.subject,  &entries[i].item.organisation,
                                &entries[i].item.playlist, &entries[i].item.rule,
                                &entries[i].item.zone};
        for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
            *texts[k] = arena_strdup(arena, *texts[k]);
    }
}

static void open_hours(const struct manifest *manifest, int64_t from_ms, int64_t until_ms,
                       struct planned *out)
{
    for (int64_t at = from_ms; at < until_ms;) {
        int64_t change, hour = at / HOUR_MS;
        bool closed = manifest_closed_at(manifest, at, &change);
        int64_t end = earlier(earlier(change, until_ms), (hour + 1) * HOUR_MS);
        if (!closed) {
            struct planned_hour *last =
                out->hour_count > 0 ? &out->hours[out->hour_count - 1] : NULL;
            if (last == NULL || last->hour != hour) {
                last = &out->hours[out->hour_count++];
                *last = (struct planned_hour){.hour = hour};
            }
            last->open |= hour_slots(hour, at, end);
        }
        at = end;
    }
}

/* Of one version, while it was the newest. One that cannot be read any more (the server has another
 * key) planned what nobody knows. */
static void add_version(const struct manifest_record *record, const struct sign_public *key,
                        int64_t from_ms, int64_t until_ms, struct gathering *gathering,
                        struct planned *out)
{
    struct error error;
    struct gathering pieces = {.arena = arena_create()};
    struct manifest *manifest = manifest_open(record->sealed, record->sealed_size, key, &error);

    if (manifest == NULL) {
        log_error(LOG_WARN, "planned", &error);
        arena_destroy(pieces.arena);
        return;
    }
    planned_walk(manifest, from_ms, until_ms, gather, &pieces);
    pieces.count = merge(pieces.entries, pieces.count);
    struct planned_entry *all =
        arena_array(gathering->arena, gathering->count + pieces.count, sizeof(*all));
    if (gathering->count > 0)
        memcpy(all, gathering->entries, gathering->count * sizeof(*all));
    if (pieces.count > 0) {
        memcpy(all + gathering->count, pieces.entries, pieces.count * sizeof(*all));
        own_texts(gathering->arena, all + gathering->count, pieces.count);
    }
    gathering->entries = all;
    gathering->count += pieces.count;
    open_hours(manifest, from_ms, until_ms, out);
    manifest_destroy(manifest);
    arena_destroy(pieces.arena);
}

/* When there is a player to show anything; false: there is none, or nothing was published. */
static bool begin_ms(struct db *db, struct arena *arena, const struct manifest_record_list *list,
                     const char *screen, int64_t *from_out, bool *found_out, struct error *err)
{
    struct device device;
    struct error cause;

    error_clear(&cause);
    *found_out = false;
    if (!devices_get(db, arena, screen, &device, &cause)) {
        if (cause.kind == ERROR_NOT_FOUND)
            return true;
        *err = cause;
        return false;
    }
    if (list->count == 0)
        return true;
    if (*from_out < list->items[0].created_ms)
        *from_out = list->items[0].created_ms;
    if (*from_out < device.enrolled_ms)
        *from_out = device.enrolled_ms;
    *found_out = true;
    return true;
}

bool planned_compute(struct db *db, const struct sign_public *key, struct arena *arena,
                     const char *screen, int64_t until_ms, struct planned *out, struct error *err)
{
    struct gathering gathering = {.arena = arena};
    struct manifest_record_list list;
    int64_t from_ms;
    bool found;

    *out = (struct planned){.screen = screen, .until_ms = until_ms};
    if (!sums_planned_until(db, screen, &out->mark_ms, err) ||
        !manifests_kept(db, arena, screen, &list, err))
        return false;
    from_ms = out->mark_ms;
    if (!begin_ms(db, arena, &list, screen, &from_ms, &found, err))
        return false;
    if (!found || from_ms >= until_ms)
        return true;
    if (until_ms - from_ms > PLANNED_SPAN_MS)
        out->until_ms = until_ms = from_ms + PLANNED_SPAN_MS;
    /* Two stretches of one hour may belong to two versions. */
    out->hours = arena_array(arena, (size_t)(PLANNED_SPAN_MS / HOUR_MS) + 2 + list.count,
                             sizeof(*out->hours));
    for (size_t i = 0; i < list.count; i++) {
        int64_t end =
            i + 1 < list.count ? earlier(list.items[i + 1].created_ms, until_ms) : until_ms;
        if (from_ms < end)
            add_version(&list.items[i], key, from_ms, end, &gathering, out);
        from_ms = from_ms < end ? end : from_ms;
    }
    out->count = merge(gathering.entries, gathering.count);
    out->entries = gathering.entries;
    return true;
}

static bool store_entries(struct db *db, const struct planned *planned, int64_t place,
                          struct error *err)
{
    struct arena *arena = arena_create();
    struct hour_sum *sums = arena_array(arena, planned->count, sizeof(*sums));
    bool ok = true;

    for (size_t i = 0; ok && i < planned->count; i++) {
        const struct planned_entry *entry = &planned->entries[i];
        sums[i] = (struct hour_sum){
            .hour = entry->hour, .planned = entry->plays, .planned_ms = entry->length_ms};
        ok = items_number(db, &entry->item, &sums[i].item, err);
    }
    ok = ok && sums_add(db, place, sums, sums_merge(sums, planned->count), err);
    arena_destroy(arena);
    return ok;
}

bool planned_store(struct db *db, const struct planned *planned, struct error *err)
{
    int64_t mark, place;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = sums_planned_until(db, planned->screen, &mark, err);
    if (ok && mark == planned->mark_ms && mark < planned->until_ms) {
        ok = places_number(db, planned->screen, &place, err) &&
             store_entries(db, planned, place, err);
        for (size_t i = 0; ok && i < planned->hour_count; i++)
            ok = sums_add_slots(db, place, planned->hours[i].hour, 0, planned->hours[i].open, err);
        ok = ok && sums_set_planned_until(db, planned->screen, planned->until_ms, err);
    }
    return db_leave(db, own, ok, err);
}
