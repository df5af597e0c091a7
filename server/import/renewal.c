#include "server/import/renewal.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/strbuf.h"
#include "server/import/calendar_bridge.h"
#include "server/import/import.h"
#include "server/store/events.h"
#include "server/store/settings.h"

#define UNTIL_SETTING "events_until_ms"
#define ZONES_END "END:VTIMEZONE\n"
#define SLOW_RULES_MAX 50

struct renewal {
    struct db *db;
    struct arena *arena; /* for the whole renewal */
    struct arena *event_arena;
    struct event_rhythm_list rhythms; /* sorted by uid */
    struct recurrence_window window;
    size_t slow_rules;
    size_t renewed;
};

static int by_uid(const void *a, const void *b)
{
    return strcmp(((const struct event_rhythm *)a)->uid, ((const struct event_rhythm *)b)->uid);
}

/* The lines again in the place that they were taken from. NULL when they cannot be read. */
static struct calendar *calendar_of(const struct event_rhythm *rhythm)
{
    struct strbuf text;
    struct error ignored;
    const char *lines = rhythm->recurrence;

    for (const char *at; (at = strstr(lines, ZONES_END)) != NULL;)
        lines = at + strlen(ZONES_END);
    strbuf_init(&text);
    strbuf_append(&text, "BEGIN:VCALENDAR\n");
    strbuf_append_bytes(&text, rhythm->recurrence, (size_t)(lines - rhythm->recurrence));
    strbuf_printf(&text, "BEGIN:VEVENT\n%s\nEND:VEVENT\nEND:VCALENDAR\n", lines);
    struct calendar *calendar = calendar_parse(text.bytes, NULL, &ignored);
    strbuf_finish(&text);
    if (calendar && calendar->event_count == 1)
        return calendar;
    calendar_destroy(calendar);
    return NULL;
}

/* Which date of its series an event replaces. */
static bool read_mark(struct renewal *renewal, const struct event_rhythm *rhythm,
                      struct recurrence_mark *out)
{
    struct calendar *calendar = calendar_of(rhythm);
    struct error ignored;
    struct zones *zones = calendar ? zones_create(calendar, &ignored) : NULL;
    const struct calendar_line *line =
        zones ? calendar_find(&calendar->events[0], "RECURRENCE-ID") : NULL;
    bool ok = line && recurrence_mark_of(zones, renewal->event_arena, line, out);

    zones_destroy(zones);
    calendar_destroy(calendar);
    return ok;
}

/* The events "uid/…" follow "uid" in the sorted list, not always at once: "uid-2" is between. */
static void collect_marks(struct renewal *renewal, size_t series, struct strbuf *marks)
{
    const char *uid = renewal->rhythms.items[series].uid;
    size_t length = strlen(uid);
    struct recurrence_mark mark;

    for (size_t i = series + 1; i < renewal->rhythms.count; i++) {
        const struct event_rhythm *other = &renewal->rhythms.items[i];
        if (strncmp(other->uid, uid, length) != 0)
            return;
        if (other->uid[length] == '/' && read_mark(renewal, other, &mark))
            strbuf_append_bytes(marks, &mark, sizeof(mark));
    }
}

/* What there is to say of it was said at the import. */
static bool expand(struct renewal *renewal, size_t index, struct recurrence_result *out)
{
    struct calendar *calendar = calendar_of(&renewal->rhythms.items[index]);
    struct error ignored;
    struct zones *zones = calendar ? zones_create(calendar, &ignored) : NULL;
    struct strbuf marks;
    bool ok = false;

    strbuf_init(&marks);
    if (zones) {
        if (!calendar_find(&calendar->events[0], "RECURRENCE-ID"))
            collect_marks(renewal, index, &marks);
        ok = recurrence_expand(zones, renewal->event_arena, &calendar->events[0], &renewal->window,
                               (const void *)marks.bytes,
                               marks.length / sizeof(struct recurrence_mark), NULL, out);
    }
    strbuf_finish(&marks);
    zones_destroy(zones);
    calendar_destroy(calendar);
    return ok;
}

static bool renew_one(struct renewal *renewal, size_t index, struct error *err)
{
    struct recurrence_result dates = {0};

    bool ok = expand(renewal, index, &dates);
    renewal->slow_rules += ok && dates.slow_rule;
    if (!ok || dates.slow_rule || dates.count == 0)
        return true;
    renewal->renewed++;
    return events_set_occurrences(
        renewal->db, renewal->event_arena, renewal->rhythms.items[index].uid,
        import_occurrences(renewal->event_arena, &dates), dates.count, err);
}

static bool renew_all(struct renewal *renewal, struct error *err)
{
    if (!events_rhythms(renewal->db, renewal->arena, &renewal->rhythms, err))
        return false;
    qsort(renewal->rhythms.items, renewal->rhythms.count, sizeof(*renewal->rhythms.items), by_uid);
    for (size_t i = 0; i < renewal->rhythms.count && renewal->slow_rules < SLOW_RULES_MAX; i++) {
        if (!renew_one(renewal, i, err))
            return false;
        arena_reset(renewal->event_arena);
    }
    return settings_set_int(renewal->db, UNTIL_SETTING, renewal->window.until_ms, err);
}

bool events_renew(struct db *db, int64_t now_ms, size_t *renewed_out, struct error *err)
{
    int64_t until_ms;
    bool own;

    *renewed_out = 0;
    if (!settings_get_int(db, UNTIL_SETTING, 0, &until_ms, err))
        return false;
    /* Later than any renewal now could write: the clock was wrong then. */
    if (until_ms >= now_ms + RENEWAL_BELOW_MS && until_ms <= now_ms + IMPORT_HORIZON_MS)
        return true;
    if (!db_join(db, &own, err))
        return false;
    struct renewal renewal = {
        .db = db,
        .arena = arena_create(),
        .event_arena = arena_create(),
        .window = {now_ms - CIVIL_DAY_MS, now_ms + IMPORT_HORIZON_MS, IMPORT_OCCURRENCES_MAX, true},
    };
    bool ok = renew_all(&renewal, err);
    *renewed_out = renewal.renewed;
    arena_destroy(renewal.event_arena);
    arena_destroy(renewal.arena);
    return db_leave(db, own, ok, err);
}
