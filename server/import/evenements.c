#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"
#include "core/strbuf.h"
#include "server/import/calendar_bridge.h"
#include "server/import/event_fields.h"
#include "server/import/import.h"
#include "server/import/reading.h"
#include "server/import/seen.h"
#include "server/store/events.h"

#define WINDOW_BEFORE_MS CIVIL_DAY_MS
#define PROGRESS_EVENTS 1000
#define SLOW_RULES_MAX 5

struct replacement;

struct evenements {
    reading_handler *on_row;
    void *context;
    const struct import_options *options;
    struct import_report *report;
    const struct calendar *calendar;
    const struct zones *zones;
    struct event_reader reader;
    struct recurrence_window window;
    const char *date_maj;
    struct seen *seen;
    size_t slow_rules;
    size_t replacement_count;
    struct replacement *replacements; /* sorted by uid */
};

/* An event that replaces one date of a series. */
struct replacement {
    const char *uid; /* of the series */
    struct recurrence_mark mark;
};

static const char *series_uid(struct arena *arena, const struct calendar_block *block)
{
    const struct calendar_line *uid = calendar_find(block, "UID");

    return uid ? calendar_text(arena, uid->value) : "";
}

static int by_uid(const void *a, const void *b)
{
    return strcmp(((const struct replacement *)a)->uid, ((const struct replacement *)b)->uid);
}

static void collect_replacements(struct evenements *e)
{
    struct arena *arena = e->report->arena;
    struct strbuf found;

    strbuf_init(&found);
    for (size_t i = 0; i < e->calendar->event_count; i++) {
        const struct calendar_block *block = &e->calendar->events[i];
        const struct calendar_line *instance = calendar_find(block, "RECURRENCE-ID");
        struct replacement replacement;
        if (!instance || !recurrence_mark_of(e->zones, arena, instance, &replacement.mark))
            continue;
        replacement.uid = series_uid(arena, block);
        strbuf_append_bytes(&found, &replacement, sizeof(replacement));
    }
    e->replacement_count = found.length / sizeof(struct replacement);
    e->replacements = arena_array(arena, e->replacement_count, sizeof(struct replacement));
    memcpy(e->replacements, found.bytes, found.length);
    strbuf_finish(&found);
    qsort(e->replacements, e->replacement_count, sizeof(struct replacement), by_uid);
}

/* The dates of a series that other events of the file replace. */
static void find_replaced(const struct evenements *e, const struct calendar_block *series,
                          struct strbuf *marks)
{
    const struct replacement wanted = {.uid = series_uid(e->reader.arena, series)};
    size_t low = 0;
    size_t high = e->replacement_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_uid(&e->replacements[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < e->replacement_count && by_uid(&e->replacements[low], &wanted) == 0; low++)
        strbuf_append_bytes(marks, &e->replacements[low].mark, sizeof(struct recurrence_mark));
}

static bool expand(struct evenements *e, const struct calendar_block *block,
                   struct recurrence_result *out)
{
    const struct calendar_notes notes = import_calendar_notes(e->report);
    struct strbuf marks;

    strbuf_init(&marks);
    if (!calendar_find(block, "RECURRENCE-ID"))
        find_replaced(e, block, &marks);
    size_t count = marks.length / sizeof(struct recurrence_mark);
    bool ok = recurrence_expand(e->zones, e->reader.arena, block, &e->window,
                                (const void *)marks.bytes, count, &notes, out);
    strbuf_finish(&marks);
    e->slow_rules += ok && out->slow_rule;
    e->window.rules = e->slow_rules < SLOW_RULES_MAX;
    return ok;
}

/* Whether this is the newest of the blocks with its uid. */
static bool claim(struct evenements *e, const struct calendar_block *block, const char *uid)
{
    struct seen_entry *entry = seen_at(e->seen, uid);

    if (entry->line == block->line)
        return true;
    import_report_note(e->report, IMPORT_WARNING, block->line, "UID",
                       "le même événement est aussi à la ligne %d, plus récent ; celui-ci est "
                       "laissé de côté",
                       "the same event is on line %d too, newer; this one is left out",
                       entry->line);
    e->report->merged++;
    return false;
}

static bool take(struct evenements *e, size_t number, struct error *err)
{
    const struct calendar_block *block = &e->calendar->events[number];
    struct recurrence_result dates;
    struct event event = {0};
    struct reading_row row = {.line = block->line,
                              .outcome = READING_MERGED,
                              .title = "",
                              .bytes_done = (int64_t)number + 1};

    e->report->read++;
    if (claim(e, block, event_uid(&e->reader, block))) {
        bool good = event_fields_read(&e->reader, block, &event) && expand(e, block, &dates);
        row.outcome = good ? READING_TAKEN : READING_REJECTED;
    }
    if (event.title)
        row.title = event.title;
    if (row.outcome == READING_TAKEN) {
        event.all_day = dates.all_day;
        event.source = e->options->source ? e->options->source : "icalendar";
        event.licence = e->options->licence ? e->options->licence : "";
        event.date_maj = e->date_maj;
        event.updated_ms = e->options->now_ms;
        event.state = e->options->state;
        row.event = &event;
        row.dates = &dates;
    }
    if (e->on_row(e->context, &row, err))
        return true;
    error_at(err, NULL, block->line);
    return false;
}

static long sequence_of(const struct calendar_block *block)
{
    const struct calendar_line *line = calendar_find(block, "SEQUENCE");

    return line ? strtol(line->value, NULL, 10) : 0;
}

static const char *stamp_of(const struct calendar_block *block)
{
    const struct calendar_line *line = calendar_find(block, "DTSTAMP");

    return line ? line->value : "";
}

/* Of several blocks with one uid the highest sequence counts, then the newest stamp (RFC
 * 5546, 2.1.5), then the last in the file. The entry's `types` holds the block's number. */
static void choose_newest(struct evenements *e)
{
    for (size_t i = 0; i < e->calendar->event_count; i++) {
        const struct calendar_block *block = &e->calendar->events[i];
        struct seen_entry *entry = seen_at(e->seen, event_uid(&e->reader, block));
        const struct calendar_block *other =
            entry->line > 0 ? &e->calendar->events[entry->types] : NULL;
        if (other && (sequence_of(other) > sequence_of(block) ||
                      (sequence_of(other) == sequence_of(block) &&
                       strcmp(stamp_of(other), stamp_of(block)) > 0)))
            continue;
        entry->line = block->line;
        entry->types = (unsigned)i;
    }
    arena_reset(e->reader.arena);
}

/* First those that replace a date of a series: its dates are then known without them. */
static bool take_all(struct evenements *e, struct error *err)
{
    size_t count = e->calendar->event_count, done = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            if ((calendar_find(&e->calendar->events[i], "RECURRENCE-ID") == NULL) != (pass == 1))
                continue;
            if (!take(e, i, err))
                return false;
            arena_reset(e->reader.arena);
            done++;
            if (e->options->progress && (done % PROGRESS_EVENTS == 0 || done == count))
                e->options->progress(e->options->progress_context, done, (int64_t)done,
                                     (int64_t)count);
        }
    }
    return true;
}

static bool run(struct evenements *e, const char *assets, const char *path, struct error *err)
{
    struct zones *zones = zones_create(e->calendar, err);
    struct reference *reference = zones ? reference_load(assets, err) : NULL;
    const char *slash = strrchr(path, '/');
    size_t folder = slash > path ? (size_t)(slash - path) : 1;
    bool ok = false;

    if (reference) {
        e->zones = zones;
        e->seen = seen_create();
        e->reader = (struct event_reader){
            .reference = reference,
            .media = e->reader.media,
            .folder = slash ? arena_strndup(e->report->arena, path, folder) : ".",
            .calendar = e->calendar,
            .report = e->report,
            .arena = arena_create(),
        };
        collect_replacements(e);
        choose_newest(e);
        ok = take_all(e, err);
        arena_destroy(e->reader.arena);
        seen_destroy(e->seen);
    }
    reference_destroy(reference);
    zones_destroy(zones);
    return ok;
}

bool reading_calendar(const struct media_store *media, const char *path,
                      const struct import_options *options, struct import_report *report,
                      reading_handler *on_row, void *context, struct error *err)
{
    char assets[4096];
    char today[32];
    struct evenements e = {
        .on_row = on_row, .context = context, .options = options, .report = report};

    if (!assets_folder(assets, sizeof(assets)))
        return error_set(err, ERROR_NOT_FOUND,
                         "le dossier des données de Vitrine est introuvable ; donnez-le par "
                         "VITRINE_ASSETS",
                         "Vitrine's asset folder is not found; give it by VITRINE_ASSETS");
    report->file = arena_strdup(report->arena, path);
    report->layout = "icalendar";
    const struct calendar_notes notes = import_calendar_notes(report);
    struct calendar *calendar = calendar_read(path, &notes, err);
    if (!calendar)
        return false;
    report->encoding = calendar->windows_1252 ? "Windows-1252" : "UTF-8";
    civil_format_instant(options->now_ms, today, sizeof(today));
    today[10] = '\0';
    e.date_maj = options->date_maj ? options->date_maj : today;
    e.calendar = calendar;
    e.reader.media = media;
    e.window = (struct recurrence_window){options->now_ms - WINDOW_BEFORE_MS,
                                          options->now_ms + IMPORT_HORIZON_MS,
                                          IMPORT_OCCURRENCES_MAX, true};
    bool ok = run(&e, assets, path, err);
    if (!ok)
        error_at(err, path, 0);
    calendar_destroy(calendar);
    return ok;
}

/* --- the command line's ---------------------------------------------------------------------- */

struct storing {
    struct db *db;
    struct arena *arena;
    struct import_report *report;
};

static bool find_old(struct storing *storing, const char *uid, struct event *old, bool *found_out,
                     struct error *err)
{
    struct error problem = {0};

    *found_out = events_get(storing->db, storing->arena, uid, old, &problem);
    if (*found_out || problem.kind == ERROR_NOT_FOUND)
        return true;
    *err = problem;
    return false;
}

bool reading_is_older(struct import_report *report, int line, const struct event *event,
                      const struct event *old)
{
    if (old->sequence <= event->sequence)
        return false;
    import_report_note(report, IMPORT_WARNING, line, "SEQUENCE",
                       "version %lld plus ancienne que celle connue (%lld) ; laissée de côté",
                       "version %lld is older than the one known (%lld); left out",
                       (long long)event->sequence, (long long)old->sequence);
    return true;
}

static bool store(struct storing *storing, const struct reading_row *row, struct error *err)
{
    struct import_report *report = storing->report;
    enum upsert_result result;
    struct event old;
    bool found;

    if (!find_old(storing, row->event->uid, &old, &found, err))
        return false;
    if (found)
        row->event->state = old.state;
    if (found && reading_is_older(report, row->line, row->event, &old)) {
        report->unchanged++;
        return true;
    }
    if (!events_upsert(storing->db, storing->arena, row->event,
                       import_occurrences(storing->arena, row->dates), row->dates->count, &result,
                       err))
        return false;
    report->created += result == UPSERT_CREATED;
    report->updated += result == UPSERT_UPDATED;
    report->unchanged += result == UPSERT_UNCHANGED;
    if (row->event->status != EVENT_ANNULE)
        report->occurrences += row->dates->count;
    return true;
}

static bool store_row(void *context, const struct reading_row *row, struct error *err)
{
    struct storing *storing = context;

    bool ok = row->outcome != READING_TAKEN || store(storing, row, err);
    arena_reset(storing->arena);
    return ok;
}

bool import_evenements(struct db *db, const struct media_store *media, const char *path,
                       const struct import_options *options, struct import_report *report,
                       struct error *err)
{
    struct storing storing = {db, arena_create(), report};
    bool ok = db_begin(db, err);

    if (ok && !reading_calendar(media, path, options, report, store_row, &storing, err)) {
        db_rollback(db);
        ok = false;
    }
    arena_destroy(storing.arena);
    return ok && db_commit(db, err);
}
