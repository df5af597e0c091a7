#include <math.h>
#include <string.h>

#include "directory/directory_private.h"

/* "SELECT " columns of the first table, then of the second, FROM the rest. */
struct reading {
    const struct directory_table *first, *second;
    const char *rest;
};

#define OF_OCCURRENCES "occurrences o JOIN events e ON e.id = o.id WHERE "
static const struct reading readings[DIRECTORY_STATEMENTS] = {
    [DIRECTORY_READ_ORGANISATION] = {&directory_organisations, NULL,
                                     "organisations e WHERE e.row = ?1"},
    [DIRECTORY_READ_ROW] = {NULL, NULL, "e.row FROM organisations e WHERE e.id = ?1"},
    [DIRECTORY_READ_EVENTS] = {&directory_events_table, &directory_occurrences,
                               OF_OCCURRENCES
                               "o.start_ms < ?2 AND (o.end_ms > ?1 OR o.start_ms >= ?1) "
                               "AND (?3 = '' OR e.commune = ?3) "
                               "AND (?4 = '' OR e.organisation = ?4) "
                               "ORDER BY o.start_ms, o.id LIMIT ?5"},
    [DIRECTORY_READ_EVENT] = {&directory_events_table, &directory_occurrences,
                              OF_OCCURRENCES "o.id = ?1 ORDER BY o.end_ms > ?2 DESC, "
                                             "CASE WHEN o.end_ms > ?2 THEN o.start_ms "
                                             "ELSE -o.start_ms END LIMIT 1"},
    [DIRECTORY_READ_PORTRAITS] = {&directory_portraits_table, NULL,
                                  "portraits e WHERE e.from_ms <= ?1 AND e.until_ms > ?1 "
                                  "ORDER BY e.rowid"},
};

sqlite3_stmt *directory_statement(struct directory *directory, enum directory_statement which,
                                  struct error *err)
{
    sqlite3_stmt **statement = &directory->statements[which];
    const struct reading *reading = &readings[which];
    struct strbuf sql;

    if (*statement != NULL) {
        sqlite3_reset(*statement);
        sqlite3_clear_bindings(*statement);
        return *statement;
    }
    strbuf_init(&sql);
    strbuf_append(&sql, "SELECT ");
    if (reading->first != NULL)
        directory_append_columns(&sql, reading->first, "e.", false);
    if (reading->second != NULL) {
        strbuf_append(&sql, ", ");
        directory_append_columns(&sql, reading->second, "o.", false);
    }
    if (reading->first != NULL)
        strbuf_append(&sql, " FROM ");
    strbuf_append(&sql, reading->rest);
    if (sqlite3_prepare_v3(directory->db, sql.bytes, -1, SQLITE_PREPARE_PERSISTENT, statement,
                           NULL) != SQLITE_OK)
        directory_failed(directory->db, err);
    strbuf_finish(&sql);
    return *statement;
}

static void bind_text(sqlite3_stmt *statement, int number, const char *text)
{
    sqlite3_bind_text(statement, number, text != NULL ? text : "", -1, SQLITE_STATIC);
}

bool directory_organisation(struct directory *directory, struct arena *arena, uint32_t row,
                            struct directory_organisation *out, struct error *err)
{
    sqlite3_stmt *read = directory_statement(directory, DIRECTORY_READ_ORGANISATION, err);

    if (read == NULL)
        return false;
    sqlite3_bind_int64(read, 1, row);
    int step = sqlite3_step(read);
    if (step == SQLITE_ROW) {
        directory_take(read, 0, &directory_organisations, arena, out);
        out->row = row;
    }
    sqlite3_reset(read);
    if (step == SQLITE_DONE && row >= directory->count)
        return error_set(err, ERROR_NOT_FOUND, "cette structure n’est pas dans l’annuaire",
                         "this organisation is not in the directory");
    return step == SQLITE_ROW || directory_failed(directory->db, err);
}

uint32_t directory_row(struct directory *directory, const char *id)
{
    sqlite3_stmt *read = directory_statement(directory, DIRECTORY_READ_ROW, NULL);
    uint32_t row = DIRECTORY_NO_ROW;

    if (read == NULL)
        return row;
    bind_text(read, 1, id);
    if (sqlite3_step(read) == SQLITE_ROW) {
        int64_t found = sqlite3_column_int64(read, 0);
        row = found >= 0 && found < directory->count ? (uint32_t)found : DIRECTORY_NO_ROW;
    }
    sqlite3_reset(read);
    sqlite3_clear_bindings(read);
    return row;
}

/* --- events, portraits ------------------------------------------------------------------------ */

static void take_event(sqlite3_stmt *statement, struct arena *arena, struct directory_event *out)
{
    directory_take(statement, 0, &directory_events_table, arena, out);
    directory_take(statement, (int)directory_events_table.field_count, &directory_occurrences,
                   arena, out);
}

bool directory_events(struct directory *directory, struct arena *arena,
                      const struct directory_event_query *query, struct directory_event_list *out,
                      struct error *err)
{
    sqlite3_stmt *read = directory_statement(directory, DIRECTORY_READ_EVENTS, err);
    size_t room = 0;
    int step;

    *out = (struct directory_event_list){0};
    if (read == NULL)
        return false;
    sqlite3_bind_int64(read, 1, query->from_ms);
    sqlite3_bind_int64(read, 2, query->until_ms);
    bind_text(read, 3, query->commune);
    bind_text(read, 4, query->organisation);
    sqlite3_bind_int64(read, 5, query->limit > 0 ? (int64_t)query->limit : -1);
    while ((step = sqlite3_step(read)) == SQLITE_ROW) {
        if (out->count == room) {
            struct directory_event *more = arena_array(arena, room = 2 * room + 32, sizeof(*more));
            if (out->count > 0)
                memcpy(more, out->items, out->count * sizeof(*more));
            out->items = more;
        }
        take_event(read, arena, &out->items[out->count++]);
    }
    sqlite3_reset(read);
    sqlite3_clear_bindings(read);
    return step == SQLITE_DONE || directory_failed(directory->db, err);
}

bool directory_event(struct directory *directory, struct arena *arena, const char *id,
                     int64_t at_ms, struct directory_event *out, struct error *err)
{
    sqlite3_stmt *read = directory_statement(directory, DIRECTORY_READ_EVENT, err);

    if (read == NULL)
        return false;
    bind_text(read, 1, id);
    sqlite3_bind_int64(read, 2, at_ms);
    int step = sqlite3_step(read);
    if (step == SQLITE_ROW) {
        *out = (struct directory_event){0};
        take_event(read, arena, out);
    }
    sqlite3_reset(read);
    sqlite3_clear_bindings(read);
    if (step == SQLITE_DONE)
        return error_set(err, ERROR_NOT_FOUND, "cet événement n’est plus là",
                         "this event is not there any more");
    return step == SQLITE_ROW || directory_failed(directory->db, err);
}

bool directory_portraits(struct directory *directory, struct arena *arena, int64_t at_ms,
                         struct directory_portrait_list *out, struct error *err)
{
    sqlite3_stmt *read = directory_statement(directory, DIRECTORY_READ_PORTRAITS, err);
    size_t room = 0;
    int step;

    *out = (struct directory_portrait_list){0};
    if (read == NULL)
        return false;
    sqlite3_bind_int64(read, 1, at_ms);
    while ((step = sqlite3_step(read)) == SQLITE_ROW) {
        if (out->count == room) {
            struct directory_portrait *more =
                arena_array(arena, room = 2 * room + 32, sizeof(*more));
            if (out->count > 0)
                memcpy(more, out->items, out->count * sizeof(*more));
            out->items = more;
        }
        directory_take(read, 0, &directory_portraits_table, arena, &out->items[out->count++]);
    }
    sqlite3_reset(read);
    return step == SQLITE_DONE || directory_failed(directory->db, err);
}

/* --- similar ones --- */

/* In a plane that is true to scale at `latitude`; those that are nowhere come last. */
static float distance(const float *a, const float *b, float narrowing)
{
    float north = a[0] - b[0], east = (a[1] - b[1]) * narrowing;
    float square = north * north + east * east;

    return isnan(square) ? INFINITY : square;
}

static size_t sector_of(const struct directory *directory, uint32_t row)
{
    size_t sector = directory->main_sectors[row];

    for (size_t i = 0; sector == DIRECTORY_NO_SECTOR && i < directory->value_counts[0]; i++)
        if (directory->sets[DIRECTORY_SECTOR][i * directory->set_words + row / 64] >> row % 64 & 1)
            sector = i;
    return sector;
}

bool directory_similar(struct directory *directory, uint32_t row, uint32_t *rows_out, size_t most,
                       size_t *count_out, struct error *err)
{
    float nearest[64];
    size_t count = 0;

    *count_out = 0;
    if (row >= directory->count)
        return error_set(err, ERROR_NOT_FOUND, "cette structure n’est pas dans l’annuaire",
                         "this organisation is not in the directory");
    size_t sector = sector_of(directory, row);
    most = most < 64 ? most : 64;
    if (sector == DIRECTORY_NO_SECTOR || most == 0)
        return true;
    const uint64_t *set = directory->sets[DIRECTORY_SECTOR] + sector * directory->set_words;
    const float *here = directory->places + 2 * row;
    float narrowing = isnan(here[0]) ? 1 : cosf(here[0] * (float)M_PI / 180);
    for (uint32_t other = 0; other < directory->count; other++) {
        if (other == row || (set[other / 64] >> other % 64 & 1) == 0)
            continue;
        float away = distance(here, directory->places + 2 * other, narrowing);
        if (count == most && away >= nearest[count - 1])
            continue;
        size_t at = count < most ? count++ : count - 1;
        for (; at > 0 && nearest[at - 1] > away; at--) {
            nearest[at] = nearest[at - 1];
            rows_out[at] = rows_out[at - 1];
        }
        nearest[at] = away;
        rows_out[at] = other;
    }
    *count_out = count;
    return true;
}
