#include "directory/directory_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "directory/directory_making.h"

void *directory_list_add(struct directory_list *list, size_t size)
{
    if (list->count == list->room) {
        list->room = list->room > 0 ? 2 * list->room : 64;
        list->items = realloc(list->items, list->room * size);
        if (list->items == NULL)
            abort();
    }
    return (char *)list->items + list->count++ * size;
}

/* The texts of a record, copied to stay. */
static void keep(struct directory_build *build, const struct directory_table *table, void *record)
{
    for (size_t i = 0; i < table->field_count; i++) {
        if (table->fields[i].type != DIRECTORY_TEXT)
            continue;
        const char **text = (const char **)(void *)((char *)record + table->fields[i].offset);
        *text = *text != NULL && (*text)[0] != '\0' ? arena_strdup(build->arena, *text) : "";
    }
}

bool directory_written(struct directory_build *build, bool ok, struct error *err)
{
    return ok || error_set(err, ERROR_IO, "l’annuaire ne s’écrit pas : %s",
                           "the directory cannot be written: %s", sqlite3_errmsg(build->db));
}

bool directory_run(struct directory_build *build, const char *sql, struct error *err)
{
    return directory_written(build, sqlite3_exec(build->db, sql, NULL, NULL, NULL) == SQLITE_OK,
                             err);
}

struct directory_build *directory_build_begin(const char *path, const char *generated,
                                              struct error *err)
{
    struct directory_build *build = calloc(1, sizeof(*build));

    if (build == NULL)
        abort();
    build->arena = arena_create();
    build->path = arena_strdup(build->arena, path);
    build->temporary = arena_printf(build->arena, "%s.part", path);
    build->generated = arena_strdup(build->arena, generated);
    unlink(build->temporary);
    /* Nobody reads it before it is in its place: no journal. */
    if (directory_written(build, sqlite3_open(build->temporary, &build->db) == SQLITE_OK, err) &&
        directory_run(
            build,
            "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "PRAGMA cache_size = -16384;",
            err))
        return build;
    directory_build_abandon(build);
    return NULL;
}

static bool too_many(struct error *err)
{
    return error_set(err, ERROR_LIMIT, "il y a trop de fiches pour un annuaire de borne",
                     "there are too many records for a kiosk's directory");
}

bool directory_build_value(struct directory_build *build, enum directory_facet facet,
                           const char *key, const char *label_fr, const char *label_en,
                           struct error *err)
{
    if (build->value_counts[facet] == DIRECTORY_VALUES_MAX)
        return too_many(err);
    build->values[facet][build->value_counts[facet]++] =
        (struct directory_value){arena_strdup(build->arena, key),
                                 {[LANG_FR] = arena_strdup(build->arena, label_fr),
                                  [LANG_EN] = arena_strdup(build->arena, label_en)}};
    return true;
}

static bool on_earth(double latitude, double longitude)
{
    return isfinite(latitude) && isfinite(longitude) && fabs(latitude) <= 90 &&
           fabs(longitude) <= 180 && (latitude != 0 || longitude != 0);
}

static double focal(double value)
{
    return value >= 0 && value <= 1 ? value : 0.5; /* NaN too */
}

bool directory_build_organisation(struct directory_build *build,
                                  const struct directory_organisation *organisation,
                                  const char *sort_key,
                                  const struct directory_values values[DIRECTORY_FACETS],
                                  const char *words, struct error *err)
{
    if (build->organisations.count == DIRECTORY_ROWS_MAX)
        return too_many(err);
    struct directory_made_organisation *made =
        directory_list_add(&build->organisations, sizeof(*made));
    made->record = *organisation;
    keep(build, &directory_organisations, &made->record);
    made->sort_key = arena_strdup(build->arena, sort_key);
    made->words = arena_strdup(build->arena, words);
    memcpy(made->values, values, sizeof(made->values));
    char first = sort_key[0];
    made->record.initial = first >= 'a' && first <= 'z' ? (char)(first - 'a' + 'A') : '#';
    if (!on_earth(organisation->latitude, organisation->longitude)) {
        made->record.latitude = made->record.longitude = 0;
        made->record.placed = false;
    }
    made->record.focal_x = focal(organisation->focal_x);
    made->record.focal_y = focal(organisation->focal_y);
    return true;
}

bool directory_build_event(struct directory_build *build, const struct directory_event *event,
                           struct error *err)
{
    if (build->events.count == DIRECTORY_ROWS_MAX)
        return too_many(err);
    struct directory_event *made = directory_list_add(&build->events, sizeof(*made));
    *made = *event;
    keep(build, &directory_events_table, made);
    keep(build, &directory_occurrences, made);
    made->focal_x = focal(event->focal_x);
    made->focal_y = focal(event->focal_y);
    return true;
}

bool directory_build_portrait(struct directory_build *build,
                              const struct directory_portrait *portrait, struct error *err)
{
    if (build->portraits.count == DIRECTORY_ROWS_MAX)
        return too_many(err);
    struct directory_portrait *made = directory_list_add(&build->portraits, sizeof(*made));
    *made = *portrait;
    keep(build, &directory_portraits_table, made);
    made->focal_x = focal(portrait->focal_x);
    made->focal_y = focal(portrait->focal_y);
    return true;
}

bool directory_build_commune(struct directory_build *build, const struct directory_commune *commune,
                             struct error *err)
{
    if (build->communes.count == DIRECTORY_ROWS_MAX)
        return too_many(err);
    struct directory_commune *made = directory_list_add(&build->communes, sizeof(*made));
    *made = *commune;
    made->code = arena_strdup(build->arena, commune->code);
    made->name = arena_strdup(build->arena, commune->name);
    struct directory_ring *rings = arena_array(build->arena, commune->ring_count, sizeof(rings[0]));
    for (size_t i = 0; i < commune->ring_count; i++) {
        size_t size = commune->rings[i].count * sizeof(struct directory_point);
        void *points = arena_alloc(build->arena, size + 1);
        memcpy(points, commune->rings[i].points, size);
        rings[i] = (struct directory_ring){.count = commune->rings[i].count, .points = points};
    }
    made->rings = rings;
    return true;
}

/* --- order --- */

static int by_name(const void *a, const void *b)
{
    const struct directory_made_organisation *one = a, *other = b;
    int order = strcmp(one->sort_key, other->sort_key);

    /* "#" stands behind Z, digits before A would put it first. */
    if ((one->record.initial == '#') != (other->record.initial == '#'))
        return one->record.initial == '#' ? 1 : -1;
    return order != 0 ? order : strcmp(one->record.id, other->record.id);
}

static int by_start(const void *a, const void *b)
{
    const struct directory_event *one = a, *other = b;

    if (one->start_ms != other->start_ms)
        return one->start_ms < other->start_ms ? -1 : 1;
    return strcmp(one->id, other->id);
}

static int by_organisation(const void *a, const void *b)
{
    const struct directory_portrait *one = a, *other = b;
    struct strbuf left, right;

    strbuf_init(&left);
    strbuf_init(&right);
    directory_fold(one->organisation_name, &left);
    directory_fold(other->organisation_name, &right);
    int order = strcmp(left.bytes, right.bytes);
    strbuf_finish(&left);
    strbuf_finish(&right);
    return order != 0 ? order : strcmp(one->id, other->id);
}

static int by_commune(const void *a, const void *b)
{
    const struct directory_commune *one = a, *other = b;
    int order = strcmp(one->name, other->name);

    return order != 0 ? order : strcmp(one->code, other->code);
}

static void sort(struct directory_list *list, size_t size, int (*order)(const void *, const void *))
{
    if (list->count > 0)
        qsort(list->items, list->count, size, order);
}

/* --- tables --- */

static bool create(struct directory_build *build, const struct directory_table *table,
                   struct error *err)
{
    struct strbuf sql;

    strbuf_init(&sql);
    strbuf_printf(&sql, "CREATE TABLE %s (", table->name);
    directory_append_columns(&sql, table, "", true);
    strbuf_printf(&sql, ", %s)", table->keys);
    bool ok = directory_run(build, sql.bytes, err);
    strbuf_finish(&sql);
    return ok;
}

/* `further`: a column behind the record's, NULL for none. */
static sqlite3_stmt *insertion(struct directory_build *build, const struct directory_table *table,
                               const char *further, struct error *err)
{
    struct strbuf sql;
    sqlite3_stmt *insert = NULL;

    strbuf_init(&sql);
    strbuf_printf(&sql, "INSERT OR IGNORE INTO %s (", table->name);
    directory_append_columns(&sql, table, "", false);
    if (further != NULL)
        strbuf_printf(&sql, ", %s", further);
    strbuf_append(&sql, ") VALUES (");
    for (size_t i = 0; i < table->field_count + (further != NULL); i++)
        strbuf_append(&sql, i > 0 ? ", ?" : "?");
    strbuf_append(&sql, ")");
    directory_written(
        build, sqlite3_prepare_v2(build->db, sql.bytes, -1, &insert, NULL) == SQLITE_OK, err);
    strbuf_finish(&sql);
    return insert;
}

static bool insert_one(struct directory_build *build, sqlite3_stmt *insert,
                       const struct directory_table *table, const void *record, struct error *err)
{
    directory_bind(insert, 1, table, record);
    bool ok = directory_written(build, sqlite3_step(insert) == SQLITE_DONE, err);
    sqlite3_reset(insert);
    return ok;
}

static bool insert_all(struct directory_build *build, const struct directory_table *table,
                       const struct directory_list *list, size_t size, struct error *err)
{
    bool ok = create(build, table, err);
    sqlite3_stmt *insert = ok ? insertion(build, table, NULL, err) : NULL;

    ok = insert != NULL;
    for (size_t i = 0; ok && i < list->count; i++)
        ok = insert_one(build, insert, table, (const char *)list->items + i * size, err);
    sqlite3_finalize(insert);
    return ok;
}

static bool insert_organisations(struct directory_build *build, struct error *err)
{
    const struct directory_made_organisation *items = build->organisations.items;
    sqlite3_stmt *insert = create(build, &directory_organisations, err)
                               ? insertion(build, &directory_organisations, "row", err)
                               : NULL;
    bool ok = insert != NULL;

    for (size_t i = 0; ok && i < build->organisations.count; i++) {
        sqlite3_bind_int64(insert, (int)directory_organisations.field_count + 1, (int64_t)i);
        ok = insert_one(build, insert, &directory_organisations, &items[i].record, err);
        if (ok && sqlite3_changes(build->db) != 1)
            ok = error_set(err, ERROR_INVALID, "deux structures de l’annuaire ont l’identifiant %s",
                           "two organisations of the directory have the id %s", items[i].record.id);
    }
    sqlite3_finalize(insert);
    return ok;
}

static bool insert_values(struct directory_build *build, struct error *err)
{
    sqlite3_stmt *insert = NULL;
    bool ok =
        directory_run(build,
                      "CREATE TABLE facet_values (facet INTEGER NOT NULL, number INTEGER NOT NULL, "
                      "\"key\" TEXT NOT NULL, label_fr TEXT NOT NULL, label_en TEXT NOT NULL, "
                      "PRIMARY KEY (facet, number)) WITHOUT ROWID",
                      err) &&
        directory_written(build,
                          sqlite3_prepare_v2(build->db,
                                             "INSERT INTO facet_values VALUES (?,?,?,?,?)", -1,
                                             &insert, NULL) == SQLITE_OK,
                          err);

    for (int facet = 0; ok && facet < DIRECTORY_FACETS; facet++)
        for (size_t i = 0; ok && i < build->value_counts[facet]; i++) {
            const struct directory_value *value = &build->values[facet][i];
            sqlite3_bind_int(insert, 1, facet);
            sqlite3_bind_int(insert, 2, (int)i);
            sqlite3_bind_text(insert, 3, value->key, -1, SQLITE_STATIC);
            sqlite3_bind_text(insert, 4, value->labels[LANG_FR], -1, SQLITE_STATIC);
            sqlite3_bind_text(insert, 5, value->labels[LANG_EN], -1, SQLITE_STATIC);
            ok = directory_written(build, sqlite3_step(insert) == SQLITE_DONE, err);
            sqlite3_reset(insert);
        }
    sqlite3_finalize(insert);
    return ok;
}

static bool insert_communes(struct directory_build *build, struct error *err)
{
    const struct directory_commune *items = build->communes.items;
    sqlite3_stmt *insert = NULL;
    struct strbuf rings;
    bool ok =
        directory_run(build,
                      "CREATE TABLE communes (number INTEGER PRIMARY KEY, code TEXT NOT NULL, "
                      "name TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL, "
                      "rings BLOB NOT NULL)",
                      err) &&
        directory_written(build,
                          sqlite3_prepare_v2(build->db, "INSERT INTO communes VALUES (?,?,?,?,?,?)",
                                             -1, &insert, NULL) == SQLITE_OK,
                          err);

    strbuf_init(&rings);
    for (size_t i = 0; ok && i < build->communes.count; i++) {
        uint32_t number = (uint32_t)items[i].ring_count;
        bool placed = on_earth(items[i].latitude, items[i].longitude);
        strbuf_clear(&rings);
        strbuf_append_bytes(&rings, &number, sizeof(number));
        for (size_t j = 0; j < items[i].ring_count; j++) {
            number = (uint32_t)items[i].rings[j].count;
            strbuf_append_bytes(&rings, &number, sizeof(number));
        }
        for (size_t j = 0; j < items[i].ring_count; j++)
            strbuf_append_bytes(&rings, items[i].rings[j].points,
                                items[i].rings[j].count * sizeof(struct directory_point));
        sqlite3_bind_int64(insert, 1, (int64_t)i);
        sqlite3_bind_text(insert, 2, items[i].code, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, items[i].name, -1, SQLITE_STATIC);
        sqlite3_bind_double(insert, 4, placed ? items[i].latitude : 0);
        sqlite3_bind_double(insert, 5, placed ? items[i].longitude : 0);
        sqlite3_bind_blob(insert, 6, rings.bytes, (int)rings.length, SQLITE_STATIC);
        ok = directory_written(build, sqlite3_step(insert) == SQLITE_DONE, err);
        sqlite3_reset(insert);
    }
    strbuf_finish(&rings);
    sqlite3_finalize(insert);
    return ok;
}

static bool write_head(struct directory_build *build, struct error *err)
{
    sqlite3_stmt *insert = NULL;
    struct strbuf format;
    bool ok =
        directory_run(build, "CREATE TABLE head (generated TEXT NOT NULL, count INTEGER NOT NULL)",
                      err) &&
        directory_written(build,
                          sqlite3_prepare_v2(build->db, "INSERT INTO head VALUES (?, ?)", -1,
                                             &insert, NULL) == SQLITE_OK,
                          err);

    if (ok) {
        sqlite3_bind_text(insert, 1, build->generated, -1, SQLITE_STATIC);
        sqlite3_bind_int64(insert, 2, (int64_t)build->organisations.count);
        ok = directory_written(build, sqlite3_step(insert) == SQLITE_DONE, err);
    }
    sqlite3_finalize(insert);
    strbuf_init(&format);
    strbuf_printf(&format, "PRAGMA user_version = %d", DIRECTORY_FORMAT);
    ok = ok && directory_run(build, format.bytes, err);
    strbuf_finish(&format);
    return ok;
}

/* --- the end --- */

bool directory_build_end(struct directory_build *build, struct error *err)
{
    sort(&build->organisations, sizeof(struct directory_made_organisation), by_name);
    sort(&build->events, sizeof(struct directory_event), by_start);
    sort(&build->portraits, sizeof(struct directory_portrait), by_organisation);
    sort(&build->communes, sizeof(struct directory_commune), by_commune);
    bool ok = directory_run(build, "BEGIN", err) && write_head(build, err) &&
              insert_values(build, err) && insert_communes(build, err) &&
              insert_organisations(build, err) &&
              insert_all(build, &directory_events_table, &build->events,
                         sizeof(struct directory_event), err) &&
              insert_all(build, &directory_occurrences, &build->events,
                         sizeof(struct directory_event), err) &&
              insert_all(build, &directory_portraits_table, &build->portraits,
                         sizeof(struct directory_portrait), err) &&
              directory_write_columns(build, err) && directory_run(build, "COMMIT", err);
    sqlite3_close(build->db);
    build->db = NULL;
    ok = ok && file_commit(build->temporary, build->path, err);
    directory_build_abandon(build);
    return ok;
}

void directory_build_abandon(struct directory_build *build)
{
    if (build == NULL)
        return;
    sqlite3_close(build->db);
    unlink(build->temporary);
    free(build->organisations.items);
    free(build->events.items);
    free(build->portraits.items);
    free(build->communes.items);
    arena_destroy(build->arena);
    free(build);
}
