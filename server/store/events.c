#include "server/store/events.h"

#include <assert.h>
#include <string.h>

#include "server/store/folding.h"
#include "server/store/record.h"

#define VALUES_MAX 120

static const char *const status_tags[] = {"programme", "reprogramme", "complet", "annule"};
static const struct choice status_choice = {status_tags,
                                            sizeof(status_tags) / sizeof(status_tags[0])};

static const struct field event_fields[] = {
    FIELD(event, uid, FIELD_TEXT),
    FIELD(event, sequence, FIELD_INT64),
    FIELD(event, title, FIELD_TEXT),
    FIELD(event, short_title, FIELD_TEXT),
    FIELD(event, resume, FIELD_TEXT),
    FIELD(event, description, FIELD_TEXT),
    FIELD(event, all_day, FIELD_BOOL),
    FIELD_TAGGED(event, status, &status_choice),
    FIELD(event, recurrence, FIELD_TEXT),
    FIELD(event, place, FIELD_TEXT),
    FIELD(event, address, FIELD_TEXT),
    FIELD(event, code_postal, FIELD_TEXT),
    FIELD(event, code_insee, FIELD_TEXT),
    FIELD(event, commune, FIELD_TEXT),
    FIELD(event, commune_key, FIELD_TEXT),
    FIELD(event, in_metropole, FIELD_BOOL),
    FIELD(event, organisation, FIELD_TEXT),
    FIELD(event, organiser, FIELD_TEXT),
    FIELD(event, price, FIELD_TEXT),
    FIELD(event, access, FIELD_TEXT),
    FIELD(event, url, FIELD_TEXT),
    FIELD(event, categories, FIELD_TEXT),
    FIELD(event, image, FIELD_TEXT),
    FIELD(event, image_alt, FIELD_TEXT),
    FIELD(event, image_credit, FIELD_TEXT),
    FIELD(event, source, FIELD_TEXT),
    FIELD(event, licence, FIELD_TEXT),
    FIELD_QUIET(event, date_maj, FIELD_TEXT),
    FIELD_TAGGED(event, state, &state_choice),
    FIELD_QUIET(event, updated_ms, FIELD_INT64),
};

static const struct record event_record = {
    .table = "events",
    .noun_fr = "événement",
    .noun_en = "event",
    .size = sizeof(struct event),
    RECORD_FIELDS(event_fields),
    .key_count = 1,
    .content = true,
    .directory = true,
};

/* Without its event: rows are read beside one, and written by hand. */
static const struct field occurrence_fields[] = {
    FIELD(occurrence, start_ms, FIELD_INT64),       FIELD(occurrence, end_ms, FIELD_INT64),
    FIELD(occurrence, all_day, FIELD_BOOL),         FIELD(occurrence, local_day, FIELD_INT64),
    FIELD(occurrence, local_minute, FIELD_INT),     FIELD(occurrence, local_last_day, FIELD_INT64),
    FIELD(occurrence, local_end_minute, FIELD_INT),
};

static const struct record occurrence_record = {
    .table = "occurrences",
    .noun_fr = "date",
    .noun_en = "occurrence",
    .size = sizeof(struct occurrence),
    RECORD_FIELDS(occurrence_fields),
    .key_count = 1,
};

const char *event_status_tag(enum event_status status)
{
    assert((size_t)status < status_choice.count);
    return status_tags[status];
}

#define TOUCHES                                                                                    \
    " FROM events e JOIN occurrences o ON o.event = e.uid WHERE o.start_ms < $2 AND "              \
    "(o.end_ms > $1 OR o.start_ms >= $1)"

static bool list(struct db *db, struct arena *arena, const char *tail,
                 const struct db_value *values, size_t count, struct event_occurrence_list *out,
                 struct error *err)
{
    struct strbuf sql;
    struct strbuf items;
    enum db_step step = DB_FAILED;

    strbuf_init(&sql);
    strbuf_init(&items);
    strbuf_append(&sql, "SELECT ");
    record_columns(&event_record, "e.", &sql);
    strbuf_append(&sql, ", ");
    record_columns(&occurrence_record, "o.", &sql);
    strbuf_append(&sql, tail);
    struct db_statement *statement = db_query(db, sql.bytes, values, count, err);
    strbuf_finish(&sql);
    while (statement && (step = db_step(statement, err)) == DB_ROW) {
        struct event_occurrence item = {0};
        if (!record_read(&event_record, statement, 0, arena, &item.event, err) ||
            !record_read(&occurrence_record, statement, (int)event_record.field_count, arena,
                         &item.at, err)) {
            db_reset(statement);
            step = DB_FAILED;
            break;
        }
        strbuf_append_bytes(&items, &item, sizeof(item));
    }
    out->count = items.length / sizeof(struct event_occurrence);
    out->items = arena_array(arena, out->count, sizeof(struct event_occurrence));
    memcpy(out->items, items.bytes, items.length);
    strbuf_finish(&items);
    return step == DB_DONE;
}

bool events_occurrences(struct db *db, struct arena *arena, int64_t from_ms, int64_t until_ms,
                        const char *const *communes, size_t commune_count, size_t limit,
                        struct event_occurrence_list *out, struct error *err)
{
    struct db_value values[VALUES_MAX] = {db_int(from_ms), db_int(until_ms),
                                          db_text(state_choice.tags[STATE_PUBLISHED]),
                                          db_text(status_tags[EVENT_ANNULE])};
    size_t n = 4;
    struct strbuf tail;

    strbuf_init(&tail);
    strbuf_append(&tail, TOUCHES " AND e.state = $3 AND e.status <> $4");
    if (communes && commune_count > 0) {
        for (size_t i = 0; i < commune_count && n < VALUES_MAX - 1; i++) {
            values[n++] = db_text(folding_of(arena, communes[i]));
            strbuf_printf(&tail, "%s$%zu", i ? ", " : " AND e.commune_key IN (", n);
        }
        strbuf_append_char(&tail, ')');
    }
    strbuf_append(&tail, " ORDER BY o.start_ms, e.uid");
    if (limit > 0) {
        values[n++] = db_int((int64_t)limit);
        strbuf_printf(&tail, " LIMIT $%zu", n);
    }
    bool ok = list(db, arena, tail.bytes, values, n, out, err);
    strbuf_finish(&tail);
    return ok;
}

bool events_occurrences_of(struct db *db, struct arena *arena, const char *uid, int64_t from_ms,
                           int64_t until_ms, struct event_occurrence_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(from_ms), db_int(until_ms), db_text(uid)};

    return list(db, arena, TOUCHES " AND e.uid = $3 ORDER BY o.start_ms", values, 3, out, err);
}

bool events_get(struct db *db, struct arena *arena, const char *uid, struct event *out,
                struct error *err)
{
    return record_get(db, &event_record, arena, uid, out, err);
}

static bool same_occurrences(const struct occurrence *a, const struct occurrence *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i].start_ms != b[i].start_ms || a[i].end_ms != b[i].end_ms ||
            a[i].all_day != b[i].all_day || a[i].local_day != b[i].local_day ||
            a[i].local_minute != b[i].local_minute || a[i].local_last_day != b[i].local_last_day ||
            a[i].local_end_minute != b[i].local_end_minute)
            return false;
    return true;
}

static bool insert_occurrence(struct db *db, const char *uid, const struct occurrence *at,
                              struct error *err)
{
    const struct db_value values[] = {
        db_text(uid),
        db_int(at->start_ms),
        db_int(at->end_ms),
        db_int(at->all_day ? 1 : 0),
        db_int(at->local_day),
        db_int(at->local_minute),
        db_int(at->local_last_day),
        db_int(at->local_end_minute),
    };

    return db_run(db,
                  "INSERT INTO occurrences (event, start_ms, end_ms, all_day, local_day, "
                  "local_minute, local_last_day, local_end_minute) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
                  values, sizeof(values) / sizeof(values[0]), err);
}

static bool replace_all(struct db *db, struct arena *arena, const char *uid,
                        const struct occurrence *occurrences, size_t count, struct error *err)
{
    const struct db_value values[] = {db_text(uid)};
    void *old = NULL;
    size_t old_count = 0;

    if (!record_list(db, &occurrence_record, arena, "WHERE event = $1 ORDER BY start_ms", values, 1,
                     &old, &old_count, err))
        return false;
    if (old_count == count && same_occurrences(old, occurrences, count))
        return true;
    if (!db_run(db, "DELETE FROM occurrences WHERE event = $1", values, 1, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!insert_occurrence(db, uid, &occurrences[i], err))
            return false;
    db_mark_directory(db);
    return true;
}

bool events_upsert(struct db *db, struct arena *arena, const struct event *event,
                   const struct occurrence *occurrences, size_t occurrence_count,
                   enum upsert_result *out, struct error *err)
{
    struct event folded = *event;
    bool own;

    folded.commune_key = folding_of(arena, event->commune);
    if (!db_join(db, &own, err))
        return false;
    bool ok = record_upsert(db, &event_record, arena, &folded, out, err) &&
              replace_all(db, arena, event->uid, occurrences, occurrence_count, err);
    return db_leave(db, own, ok, err);
}

bool events_set_occurrences(struct db *db, struct arena *arena, const char *uid,
                            const struct occurrence *occurrences, size_t count, struct error *err)
{
    bool own;

    return db_join(db, &own, err) &&
           db_leave(db, own, replace_all(db, arena, uid, occurrences, count, err), err);
}

static const struct field rhythm_fields[] = {
    FIELD(event_rhythm, uid, FIELD_TEXT),
    FIELD(event_rhythm, recurrence, FIELD_TEXT),
};

static const struct record rhythm_record = {
    .table = "events",
    .noun_fr = "événement",
    .noun_en = "event",
    .size = sizeof(struct event_rhythm),
    RECORD_FIELDS(rhythm_fields),
    .key_count = 1,
};

bool events_rhythms(struct db *db, struct arena *arena, struct event_rhythm_list *out,
                    struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &rhythm_record, arena,
                          "WHERE recurrence LIKE '%RRULE%' OR recurrence LIKE '%RDATE%' OR "
                          "recurrence LIKE '%RECURRENCE-ID%' OR NOT EXISTS "
                          "(SELECT 1 FROM occurrences WHERE event = uid)",
                          NULL, 0, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool events_delete(struct db *db, const char *uid, struct error *err)
{
    return record_delete(db, &event_record, uid, err);
}

bool events_count(struct db *db, int64_t *count_out, struct error *err)
{
    return record_scalar(db, "SELECT count(*) FROM events", NULL, 0, count_out, err);
}
