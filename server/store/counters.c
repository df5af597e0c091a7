#include "server/store/counters.h"

#include <string.h>

#include "server/store/record.h"
#include "server/store/sums.h"

/* The sheet's organisation may be gone before anybody asks. */
static bool note_organisation(struct db *db, const struct kiosk_count *count, struct error *err)
{
    const struct db_value values[] = {db_text(count->subject)};

    return strcmp(count->counter, "sheet") != 0 ||
           db_run(db,
                  "INSERT INTO play_organisations (id, name, famille_ess, secteur, commune, site) "
                  "SELECT id, CASE WHEN enseigne <> '' THEN enseigne ELSE nom END, famille_ess, "
                  "secteurs, commune, site FROM organisations WHERE id = $1 "
                  "ON CONFLICT DO NOTHING",
                  values, 1, err);
}

static bool add_record(struct db *db, const struct kiosk_record *record, int64_t received_ms,
                       struct error *err)
{
    const struct db_value key[] = {db_text(record->screen), db_text(record->boot),
                                   db_int(record->sequence), db_int(received_ms)};
    int64_t place;

    if (!db_run(db,
                "INSERT INTO kiosk_records (screen, boot, sequence, received_ms) "
                "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                key, 4, err))
        return false;
    if (db_changed(db) == 0)
        return true;
    if (!places_number(db, record->screen, &place, err))
        return false;
    for (size_t i = 0; i < record->count; i++) {
        const struct kiosk_count *count = &record->counts[i];
        const struct db_value values[] = {db_int(record->hour), db_int(place),
                                          db_text(count->counter), db_text(count->subject),
                                          db_int(count->count)};
        if (!db_run(db,
                    "INSERT INTO kiosk_hours (hour, place, counter, subject, count) "
                    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hour, place, counter, subject) "
                    "DO UPDATE SET count = kiosk_hours.count + excluded.count",
                    values, 5, err) ||
            !note_organisation(db, count, err))
            return false;
    }
    return true;
}

bool counters_add(struct db *db, const struct kiosk_record *records, size_t count,
                  int64_t received_ms, struct error *err)
{
    bool own;
    bool ok = true;

    if (count == 0)
        return true;
    if (!db_join(db, &own, err))
        return false;
    for (size_t i = 0; ok && i < count; i++)
        ok = add_record(db, &records[i], received_ms, err);
    return db_leave(db, own, ok, err);
}

bool counters_expire(struct db *db, int64_t before_ms, struct error *err)
{
    const struct db_value values[] = {db_int(before_ms)};

    return db_run(db, "DELETE FROM kiosk_records WHERE received_ms < $1", values, 1, err);
}

static bool forget_old(struct db *db, const char *screen, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_int(REFUSED_KEPT)};

    return db_run(db,
                  "DELETE FROM refused_records WHERE screen = $1 AND number <= (SELECT number FROM "
                  "refused_records WHERE screen = $1 ORDER BY number DESC LIMIT 1 OFFSET $2)",
                  values, 2, err);
}

bool refused_add(struct db *db, const struct refused_record *records, size_t count,
                 struct error *err)
{
    bool own;
    bool ok = true;

    if (count == 0)
        return true;
    if (!db_join(db, &own, err))
        return false;
    /* More of one batch than are kept would only be written to be forgotten. */
    for (size_t i = count > REFUSED_KEPT ? count - REFUSED_KEPT : 0; ok && i < count; i++) {
        const struct refused_record *record = &records[i];
        const struct db_value values[] = {db_text(record->screen),  db_text(record->boot),
                                          db_int(record->sequence), db_int(record->received_ms),
                                          db_text(record->reason),  db_text(record->record)};
        ok = db_run(db,
                    "INSERT INTO refused_records (number, screen, boot, sequence, received_ms, "
                    "reason, record) SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6 "
                    "FROM refused_records",
                    values, 6, err);
    }
    ok = ok && forget_old(db, records[0].screen, err);
    return db_leave(db, own, ok, err);
}

static const struct field refused_fields[] = {
    FIELD(refused_record, screen, FIELD_TEXT),    FIELD(refused_record, boot, FIELD_TEXT),
    FIELD(refused_record, sequence, FIELD_INT64), FIELD(refused_record, received_ms, FIELD_INT64),
    FIELD(refused_record, reason, FIELD_TEXT),    FIELD(refused_record, record, FIELD_TEXT),
};

static const struct record refused_record = {
    .table = "refused_records",
    .noun_fr = "relevé refusé",
    .noun_en = "refused record",
    .size = sizeof(struct refused_record),
    RECORD_FIELDS(refused_fields),
    .key_count = 3,
};

bool refused_list(struct db *db, struct arena *arena, const char *screen, size_t limit,
                  struct refused_list *out, struct error *err)
{
    const struct db_value values[] = {db_int((int64_t)limit), db_text(screen)};
    void *items = NULL;
    bool ok = record_list(db, &refused_record, arena,
                          screen != NULL ? "WHERE screen = $2 ORDER BY number DESC LIMIT $1"
                                         : "ORDER BY number DESC LIMIT $1",
                          values, screen != NULL ? 2 : 1, &items, &out->count, err);

    out->items = items;
    return ok;
}
