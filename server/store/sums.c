#include "server/store/sums.h"

#include <stdlib.h>

#include "core/strbuf.h"
#include "server/store/record.h"

#define SLOT_MS (HOUR_MS / HOUR_SLOTS)
#define ROWS_AT_ONCE 16

int64_t hour_slots(int64_t hour, int64_t from_ms, int64_t until_ms)
{
    int64_t start = hour * HOUR_MS;
    int64_t from = from_ms > start ? from_ms - start : 0;
    int64_t until = until_ms < start + HOUR_MS ? until_ms - start : HOUR_MS;

    if (until <= from)
        return 0;
    int64_t first = from / SLOT_MS, last = (until - 1) / SLOT_MS;
    return (INT64_C(1) << (last + 1)) - (INT64_C(1) << first);
}

/* The first column of the row with these values; DB_DONE when there is none. */
static enum db_step look_up(struct db *db, const char *sql, const struct db_value *values,
                            size_t count, int64_t *number_out, struct error *err)
{
    struct db_statement *statement = db_query(db, sql, values, count, err);

    if (statement == NULL)
        return DB_FAILED;
    enum db_step step = db_step(statement, err);
    if (step == DB_ROW) {
        *number_out = db_column_int(statement, 0);
        db_reset(statement);
    }
    return step;
}

static bool note_owner(struct db *db, const struct play_item *item, struct error *err)
{
    const struct db_value organisation[] = {db_text(item->organisation)};
    const struct db_value rule[] = {db_text(item->rule)};

    return db_run(db,
                  "INSERT INTO play_organisations (id, name, famille_ess, secteur, commune, site) "
                  "SELECT id, CASE WHEN enseigne <> '' THEN enseigne ELSE nom END, famille_ess, "
                  "secteurs, commune, site FROM organisations WHERE id = $1 "
                  "ON CONFLICT DO NOTHING",
                  organisation, 1, err) &&
           db_run(db,
                  "INSERT INTO play_titles (kind, id, title) SELECT 'rule', id, title FROM rules "
                  "WHERE id = $1 ON CONFLICT DO NOTHING",
                  rule, 1, err);
}

bool items_number(struct db *db, const struct play_item *item, int64_t *number_out,
                  struct error *err)
{
    static const char select[] =
        "SELECT number FROM play_items WHERE slide = $1 AND title = $2 AND subject = $3 AND "
        "organisation = $4 AND playlist = $5 AND rule = $6 AND zone = $7";
    const struct db_value values[] = {db_text(item->slide),    db_text(item->title),
                                      db_text(item->subject),  db_text(item->organisation),
                                      db_text(item->playlist), db_text(item->rule),
                                      db_text(item->zone)};
    enum db_step step = look_up(db, select, values, 7, number_out, err);

    if (step != DB_DONE)
        return step == DB_ROW;
    return db_run(db,
                  "INSERT INTO play_items (number, slide, title, subject, organisation, "
                  "playlist, rule, zone) SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, "
                  "$5, $6, $7 FROM play_items",
                  values, 7, err) &&
           note_owner(db, item, err) && record_scalar(db, select, values, 7, number_out, err);
}

bool places_number(struct db *db, const char *screen, int64_t *number_out, struct error *err)
{
    static const char current[] =
        "SELECT p.number FROM screens s LEFT JOIN sites t ON t.id = s.site JOIN play_places p ON "
        "p.screen = s.id AND p.screen_name = s.name AND p.site = s.site AND "
        "p.site_name = coalesce(t.name, '') AND p.kiosk = s.kiosk WHERE s.id = $1";
    const struct db_value values[] = {db_text(screen)};
    enum db_step step = look_up(db, current, values, 1, number_out, err);

    if (step != DB_DONE)
        return step == DB_ROW;
    if (!db_run(db,
                "INSERT INTO play_places (number, screen, screen_name, site, site_name, kiosk) "
                "SELECT (SELECT coalesce(max(number), 0) + 1 FROM play_places), s.id, s.name, "
                "s.site, coalesce(t.name, ''), s.kiosk FROM screens s "
                "LEFT JOIN sites t ON t.id = s.site WHERE s.id = $1",
                values, 1, err))
        return false;
    if (db_changed(db) > 0)
        return record_scalar(db, current, values, 1, number_out, err);
    static const char last[] =
        "SELECT number FROM play_places WHERE screen = $1 ORDER BY number DESC LIMIT 1";
    step = look_up(db, last, values, 1, number_out, err);
    if (step != DB_DONE)
        return step == DB_ROW;
    return db_run(db,
                  "INSERT INTO play_places (number, screen, screen_name, site, site_name, kiosk) "
                  "SELECT coalesce(max(number), 0) + 1, $1, $1, '', '', 0 FROM play_places",
                  values, 1, err) &&
           record_scalar(db, last, values, 1, number_out, err);
}

static int compare_sums(const void *left, const void *right)
{
    const struct hour_sum *a = left, *b = right;

    if (a->hour != b->hour)
        return a->hour < b->hour ? -1 : 1;
    return a->item < b->item ? -1 : a->item > b->item;
}

size_t sums_merge(struct hour_sum *sums, size_t count)
{
    size_t kept = 0, first = 0; /* of its hour */

    qsort(sums, count, sizeof(*sums), compare_sums);
    for (size_t i = 0; i < count; i++) {
        struct hour_sum *last = kept > 0 ? &sums[kept - 1] : NULL;
        if (last != NULL && compare_sums(last, &sums[i]) == 0) {
            last->plays += sums[i].plays;
            last->length_ms += sums[i].length_ms;
            last->planned += sums[i].planned;
            last->planned_ms += sums[i].planned_ms;
        } else {
            if (last == NULL || last->hour != sums[i].hour)
                first = kept;
            sums[kept++] = sums[i];
        }
        sums[first].slots |= sums[i].slots;
    }
    return kept;
}

static void append_row(struct strbuf *sql, size_t first)
{
    strbuf_printf(sql, "($%zu, $1, $%zu, $%zu, $%zu, $%zu, $%zu)", first, first + 1, first + 2,
                  first + 3, first + 4, first + 5);
}

static bool add_rows(struct db *db, int64_t place, const struct hour_sum *sums, size_t count,
                     struct error *err)
{
    struct db_value values[1 + ROWS_AT_ONCE * 6];
    size_t filled = 0;
    struct strbuf sql;

    strbuf_init(&sql);
    strbuf_append(&sql, "INSERT INTO play_hours (hour, place, item, plays, length_ms, planned, "
                        "planned_ms) VALUES ");
    values[filled++] = db_int(place);
    for (size_t i = 0; i < count; i++) {
        strbuf_append(&sql, i > 0 ? ", " : "");
        append_row(&sql, filled + 1);
        values[filled++] = db_int(sums[i].hour);
        values[filled++] = db_int(sums[i].item);
        values[filled++] = db_int(sums[i].plays);
        values[filled++] = db_int(sums[i].length_ms);
        values[filled++] = db_int(sums[i].planned);
        values[filled++] = db_int(sums[i].planned_ms);
    }
    strbuf_append(&sql, " ON CONFLICT (hour, place, item) DO UPDATE SET "
                        "plays = play_hours.plays + excluded.plays, "
                        "length_ms = play_hours.length_ms + excluded.length_ms, "
                        "planned = play_hours.planned + excluded.planned, "
                        "planned_ms = play_hours.planned_ms + excluded.planned_ms");
    bool ok = db_run(db, sql.bytes, values, filled, err);
    strbuf_finish(&sql);
    return ok;
}

/* Few texts of statements, so that they are prepared once: whole rows of sixteen, then one each. */
bool sums_add(struct db *db, int64_t place, const struct hour_sum *sums, size_t count,
              struct error *err)
{
    bool own;
    bool ok = true;

    if (!db_join(db, &own, err))
        return false;
    for (size_t i = 0; ok && i < count; i += count - i >= ROWS_AT_ONCE ? ROWS_AT_ONCE : 1)
        ok = add_rows(db, place, &sums[i], count - i >= ROWS_AT_ONCE ? ROWS_AT_ONCE : 1, err);
    for (size_t i = 0; ok && i < count; i++) {
        if ((i == 0 || sums[i].hour != sums[i - 1].hour) && sums[i].slots != 0)
            ok = sums_add_slots(db, place, sums[i].hour, sums[i].slots, 0, err);
    }
    return db_leave(db, own, ok, err);
}

bool sums_add_slots(struct db *db, int64_t place, int64_t hour, int64_t seen, int64_t open,
                    struct error *err)
{
    const struct db_value values[] = {db_int(hour), db_int(place), db_int(seen), db_int(open)};

    return db_run(db,
                  "INSERT INTO screen_hours (hour, place, seen, open) VALUES ($1, $2, $3, $4) "
                  "ON CONFLICT (hour, place) DO UPDATE SET "
                  "seen = screen_hours.seen | excluded.seen, "
                  "open = screen_hours.open | excluded.open",
                  values, 4, err);
}

bool sums_seen(struct db *db, const char *screen, int64_t time_ms, struct error *err)
{
    int64_t hour = time_ms / HOUR_MS, place;

    return places_number(db, screen, &place, err) &&
           sums_add_slots(db, place, hour, hour_slots(hour, time_ms, time_ms + 1), 0, err);
}

bool sums_planned_until(struct db *db, const char *screen, int64_t *until_out, struct error *err)
{
    const struct db_value values[] = {db_text(screen)};

    return record_scalar(db,
                         "SELECT coalesce(max(until_ms), 0) FROM planned_marks WHERE screen = $1",
                         values, 1, until_out, err);
}

bool sums_set_planned_until(struct db *db, const char *screen, int64_t until_ms, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_int(until_ms)};

    return db_run(db,
                  "INSERT INTO planned_marks (screen, until_ms) VALUES ($1, $2) "
                  "ON CONFLICT (screen) DO UPDATE SET until_ms = excluded.until_ms",
                  values, 2, err);
}

struct name {
    const char *id;
};

static const struct field name_fields[] = {FIELD(name, id, FIELD_TEXT)};

static const struct record due_record = {
    .table = "(SELECT s.id AS id FROM screens s LEFT JOIN planned_marks p ON p.screen = s.id "
             "WHERE p.until_ms IS NULL OR p.until_ms < $1 OR EXISTS (SELECT 1 FROM manifests m "
             "WHERE m.screen = s.id AND m.created_ms > p.until_ms)) AS due",
    .noun_fr = "écran",
    .noun_en = "screen",
    .size = sizeof(struct name),
    RECORD_FIELDS(name_fields),
    .key_count = 1,
};

bool sums_planned_due(struct db *db, struct arena *arena, int64_t full_hour_ms,
                      struct text_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(full_hour_ms)};
    void *items = NULL;

    if (!record_list(db, &due_record, arena, "ORDER BY id", values, 1, &items, &out->count, err))
        return false;
    const struct name *names = items;
    out->items = arena_array(arena, out->count, sizeof(*out->items));
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = names[i].id;
    return true;
}

bool sums_note_names(struct db *db, struct error *err)
{
    static const char *const notes[] = {
        "INSERT INTO play_organisations (id, name, famille_ess, secteur, commune, site) "
        "SELECT id, CASE WHEN enseigne <> '' THEN enseigne ELSE nom END, famille_ess, secteurs, "
        "commune, site FROM organisations WHERE id IN (SELECT organisation FROM play_items "
        "UNION SELECT subject FROM kiosk_hours WHERE counter = 'sheet') "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, famille_ess = excluded.famille_ess, "
        "secteur = excluded.secteur, commune = excluded.commune, site = excluded.site",
        "INSERT INTO play_titles (kind, id, title) SELECT 'rule', id, title FROM rules "
        "WHERE TRUE ON CONFLICT (kind, id) DO UPDATE SET title = excluded.title",
        "INSERT INTO play_titles (kind, id, title) SELECT 'playlist', id, title FROM playlists "
        "WHERE TRUE ON CONFLICT (kind, id) DO UPDATE SET title = excluded.title",
    };
    bool own;
    bool ok = true;

    if (!db_join(db, &own, err))
        return false;
    for (size_t i = 0; ok && i < sizeof(notes) / sizeof(notes[0]); i++)
        ok = db_run(db, notes[i], NULL, 0, err);
    return db_leave(db, own, ok, err);
}

bool sums_expire(struct db *db, int64_t before_ms, int64_t limit, int64_t *count_out,
                 struct error *err)
{
    static const char *const texts[] = {
        "DELETE FROM play_hours WHERE (hour, place, item) IN (SELECT hour, place, item FROM "
        "play_hours WHERE hour < $1 LIMIT $2)",
        "DELETE FROM screen_hours WHERE (hour, place) IN (SELECT hour, place FROM screen_hours "
        "WHERE hour < $1 LIMIT $2)",
        "DELETE FROM kiosk_hours WHERE (hour, place, counter, subject) IN (SELECT hour, place, "
        "counter, subject FROM kiosk_hours WHERE hour < $1 LIMIT $2)",
    };
    const struct db_value values[] = {db_int(before_ms / HOUR_MS), db_int(limit)};

    *count_out = 0;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (!db_run(db, texts[i], values, 2, err))
            return false;
        if (db_changed(db) > *count_out)
            *count_out = db_changed(db);
    }
    return true;
}
