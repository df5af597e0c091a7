#include "player/report/spool_store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/sign.h"

#define SCHEMA_VERSION 1
#define FORGET_PART 20     /* a full file loses a twentieth at once */
#define FREE_PAGES_MAX 256 /* more are given back to the file system, */
#define VACUUM_PAGES 64    /* so many at a time */
#define TEXTS_SWEEP 4096   /* after so many new ones, texts that no record has are removed */
#define CACHE_KIB 512

/* from_before and until_before are how long before time_ms a play began and ended; NULL: a fault.
 * Small numbers are small in the file: a play takes about 30 bytes. */
static const char schema[] =
    "PRAGMA auto_vacuum = INCREMENTAL;"
    "BEGIN;"
    "CREATE TABLE boots (id INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE);"
    "CREATE TABLE texts (id INTEGER PRIMARY KEY, digest INTEGER NOT NULL UNIQUE,"
    " text TEXT NOT NULL);"
    "CREATE TABLE records (id INTEGER PRIMARY KEY, boot INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL, time_ms INTEGER NOT NULL, text INTEGER NOT NULL,"
    " from_before INTEGER, until_before INTEGER);"
    "PRAGMA user_version = 1;"
    "COMMIT;";

enum query {
    QUERY_BOOT_FIND,
    QUERY_BOOT_ADD,
    QUERY_TEXT_FIND,
    QUERY_TEXT_ADD,
    QUERY_RECORD_ADD,
    QUERY_FORGET,
    QUERY_READ,
    QUERY_COUNT,
};

static const char *const queries[QUERY_COUNT] = {
    [QUERY_BOOT_FIND] = "SELECT id FROM boots WHERE token = ?1",
    [QUERY_BOOT_ADD] = "INSERT INTO boots (token) VALUES (?1)",
    [QUERY_TEXT_FIND] = "SELECT id FROM texts WHERE digest = ?1",
    [QUERY_TEXT_ADD] = "INSERT INTO texts (digest, text) VALUES (?1, ?2)",
    [QUERY_RECORD_ADD] = "INSERT INTO records (boot, sequence, time_ms, text, from_before,"
                         " until_before) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [QUERY_FORGET] = "DELETE FROM records WHERE id <= ?1",
    [QUERY_READ] = "SELECT r.id, b.token, r.sequence, r.time_ms, t.text, t.digest, r.from_before,"
                   " r.until_before FROM records r LEFT JOIN boots b ON b.id = r.boot"
                   " LEFT JOIN texts t ON t.id = r.text WHERE r.id > ?1 ORDER BY r.id",
};

struct spool_store {
    sqlite3 *handle;
    char path[1024];
    sqlite3_stmt *statements[QUERY_COUNT];
    int64_t last;
    int64_t new_texts;
};

static bool fail(struct spool_store *store, enum spool_damage *damage_out, struct error *err)
{
    int code = sqlite3_extended_errcode(store->handle);
    const char *detail = sqlite3_errmsg(store->handle);
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: /* a table or column is not there */
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        *damage_out = SPOOL_DAMAGED;
        error_set(err, ERROR_IO, "la base des rapports est abîmée (%s)",
                  "the database of reports is damaged (%s)", detail);
        break;
    case SQLITE_FULL:
        *damage_out = SPOOL_INTACT;
        error_set(err, ERROR_IO,
                  "disque plein : les rapports restent en mémoire ; libérez de la place",
                  "disk full: reports stay in memory; free some space");
        break;
    case SQLITE_READONLY:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        *damage_out = SPOOL_INTACT;
        error_set(err, ERROR_IO, "les rapports restent en mémoire (%s)",
                  "reports stay in memory (%s)", detail);
        break;
    default:
        *damage_out = SPOOL_FAILING;
        error_set(err, ERROR_IO, "les rapports restent en mémoire : le disque répond mal (%s)",
                  "reports stay in memory: the disk fails (%s)", detail);
    }
    error_at(err, store->path, 0);
    return false;
}

static bool exec(struct spool_store *store, const char *sql)
{
    return sqlite3_exec(store->handle, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool read_number(struct spool_store *store, const char *sql, int64_t *value_out)
{
    sqlite3_stmt *statement;
    bool ok = sqlite3_prepare_v2(store->handle, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    *value_out = ok ? sqlite3_column_int64(statement, 0) : 0;
    return sqlite3_finalize(statement) == SQLITE_OK && ok;
}

static bool is_sound(struct spool_store *store, bool *sound_out)
{
    sqlite3_stmt *statement;
    bool ok = sqlite3_prepare_v2(store->handle, "PRAGMA quick_check(1)", -1, &statement, NULL) ==
                  SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    *sound_out = ok && strcmp((const char *)sqlite3_column_text(statement, 0), "ok") == 0;
    return sqlite3_finalize(statement) == SQLITE_OK && ok;
}

/* Boots and texts that no record has. */
static bool sweep(struct spool_store *store)
{
    store->new_texts = 0;
    return exec(store, "DELETE FROM texts WHERE id NOT IN (SELECT text FROM records);"
                       "DELETE FROM boots WHERE id NOT IN (SELECT boot FROM records)");
}

static bool prepare(struct spool_store *store, enum spool_damage *damage_out, struct error *err)
{
    int64_t version;
    bool sound;
    char pragmas[256];
    sqlite3_extended_result_codes(store->handle, 1);
    sqlite3_db_config(store->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    snprintf(pragmas, sizeof pragmas,
             "PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -%d;"
             "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
             CACHE_KIB);
    if (!exec(store, pragmas) || !read_number(store, "PRAGMA user_version", &version) ||
        (version == 0 && !exec(store, schema)) || !is_sound(store, &sound)) {
        return fail(store, damage_out, err);
    }
    if (!sound || (version != 0 && version != SCHEMA_VERSION)) {
        *damage_out = SPOOL_DAMAGED;
        error_set(err, ERROR_IO, "la base des rapports est abîmée, ou d’une autre version",
                  "the database of reports is damaged, or of another version");
        error_at(err, store->path, 0);
        return false;
    }
    if (!exec(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                     "PRAGMA wal_autocheckpoint = 256; PRAGMA journal_size_limit = 1048576")) {
        return fail(store, damage_out, err);
    }
    for (int i = 0; i < QUERY_COUNT; i++) {
        if (sqlite3_prepare_v3(store->handle, queries[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &store->statements[i], NULL) != SQLITE_OK) {
            return fail(store, damage_out, err);
        }
    }
    return read_number(store, "SELECT ifnull(max(id), 0) FROM records", &store->last) ||
           fail(store, damage_out, err);
}

struct spool_store *spool_store_open(const char *folder, enum spool_damage *damage_out,
                                     struct error *err)
{
    *damage_out = SPOOL_FAILING;
    if (!folder_create(folder, 0755, err)) {
        return NULL;
    }
    struct spool_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        abort();
    }
    snprintf(store->path, sizeof store->path, "%s/reports.db", folder);
    if (sqlite3_open_v2(store->path, &store->handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        fail(store, damage_out, err);
        goto fail;
    }
    if (!prepare(store, damage_out, err)) {
        goto fail;
    }
    if (!sweep(store)) { /* a full or read-only disk; the records can still be read */
        log_write(LOG_WARN, "spool_unswept", "%s", sqlite3_errmsg(store->handle));
    }
    return store;
fail:
    spool_store_close(store);
    return NULL;
}

void spool_store_close(struct spool_store *store)
{
    if (store == NULL) {
        return;
    }
    for (int i = 0; i < QUERY_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
    }
    sqlite3_close(store->handle);
    free(store);
}

void spool_store_set_aside(const char *folder)
{
    static const char *const endings[] = {"", "-wal", "-journal", "-shm"};
    char from[1024];
    char to[1024];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(from, sizeof from, "%s/reports.db%s", folder, endings[i]);
        snprintf(to, sizeof to, "%s/reports.db.damaged%s", folder, endings[i]);
        (void)unlink(to); /* a WAL that is left of an earlier one belongs to none */
        (void)rename(from, to);
    }
}

/* --- Writing --- */

static int step(struct spool_store *store, enum query query)
{
    sqlite3_stmt *statement = store->statements[query];
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW) {
        sqlite3_reset(statement);
    }
    return code;
}

/* The id that `find` gives, or that of the row that `add` makes; both take the key as ?1. */
static bool find_or_add(struct spool_store *store, enum query find, enum query add, int64_t *id_out,
                        bool *added_out)
{
    int code = step(store, find);
    *added_out = false;
    if (code == SQLITE_ROW) {
        *id_out = sqlite3_column_int64(store->statements[find], 0);
        sqlite3_reset(store->statements[find]);
        return true;
    }
    if (code != SQLITE_DONE || step(store, add) != SQLITE_DONE) {
        return false;
    }
    *id_out = sqlite3_last_insert_rowid(store->handle);
    *added_out = true;
    return true;
}

static bool find_boot(struct spool_store *store, const char *boot, int64_t *id_out)
{
    bool added;
    sqlite3_bind_text(store->statements[QUERY_BOOT_FIND], 1, boot, -1, SQLITE_STATIC);
    sqlite3_bind_text(store->statements[QUERY_BOOT_ADD], 1, boot, -1, SQLITE_STATIC);
    return find_or_add(store, QUERY_BOOT_FIND, QUERY_BOOT_ADD, id_out, &added);
}

static int64_t digest_of(const char *text, size_t length)
{
    struct sha256 sum;
    int64_t digest;
    sha256_of(text, length, &sum);
    memcpy(&digest, sum.bytes, sizeof digest);
    return digest;
}

static bool find_text(struct spool_store *store, const char *text, int64_t *id_out)
{
    bool added;
    int64_t digest = digest_of(text, strlen(text));
    sqlite3_bind_int64(store->statements[QUERY_TEXT_FIND], 1, digest);
    sqlite3_bind_int64(store->statements[QUERY_TEXT_ADD], 1, digest);
    sqlite3_bind_text(store->statements[QUERY_TEXT_ADD], 2, text, -1, SQLITE_STATIC);
    if (!find_or_add(store, QUERY_TEXT_FIND, QUERY_TEXT_ADD, id_out, &added)) {
        return false;
    }
    store->new_texts += added ? 1 : 0;
    return true;
}

static bool add_record(struct spool_store *store, int64_t boot, const struct spool_record *record)
{
    sqlite3_stmt *statement = store->statements[QUERY_RECORD_ADD];
    int64_t text;
    if (!find_text(store, record->text, &text)) {
        return false;
    }
    sqlite3_bind_int64(statement, 1, boot);
    sqlite3_bind_int64(statement, 2, record->sequence);
    sqlite3_bind_int64(statement, 3, record->time_ms);
    sqlite3_bind_int64(statement, 4, text);
    sqlite3_bind_null(statement, 5);
    sqlite3_bind_null(statement, 6);
    if (record->kind != SPOOL_FAULT) {
        sqlite3_bind_int64(statement, 5, record->time_ms - record->from_ms);
    }
    if (record->kind == SPOOL_PLAY) {
        sqlite3_bind_int64(statement, 6, record->time_ms - record->until_ms);
    }
    return step(store, QUERY_RECORD_ADD) == SQLITE_DONE;
}

static bool forget(struct spool_store *store, int64_t up_to)
{
    sqlite3_bind_int64(store->statements[QUERY_FORGET], 1, up_to);
    return step(store, QUERY_FORGET) == SQLITE_DONE;
}

/* Free pages count as room: the file does not grow before they are used. */
static bool used_bytes(struct spool_store *store, int64_t *bytes_out)
{
    int64_t pages;
    int64_t unused;
    int64_t page_size;
    bool ok = read_number(store, "PRAGMA page_count", &pages) &&
              read_number(store, "PRAGMA freelist_count", &unused) &&
              read_number(store, "PRAGMA page_size", &page_size);
    *bytes_out = ok ? (pages - unused) * page_size : 0;
    return ok;
}

static bool enforce_cap(struct spool_store *store, int64_t bytes_max, int64_t *lost_out)
{
    int64_t bytes;
    int64_t first;
    int64_t last;
    if (!used_bytes(store, &bytes)) {
        return false;
    }
    if (bytes <= bytes_max) {
        return true;
    }
    /* Texts that nobody has any more go before records. */
    if (!sweep(store) || !used_bytes(store, &bytes)) {
        return false;
    }
    if (bytes <= bytes_max) {
        return true;
    }
    if (!read_number(store, "SELECT ifnull(min(id), 0) FROM records", &first) ||
        !read_number(store, "SELECT ifnull(max(id), 0) FROM records", &last) ||
        !forget(store, first + (last - first) / FORGET_PART)) {
        return false;
    }
    *lost_out = sqlite3_changes(store->handle);
    return sweep(store);
}

static bool give_back(struct spool_store *store)
{
    int64_t unused;
    char sql[64];
    if (!read_number(store, "PRAGMA freelist_count", &unused)) {
        return false;
    }
    snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%d)", VACUUM_PAGES);
    return unused <= FREE_PAGES_MAX || exec(store, sql);
}

static bool write_all(struct spool_store *store, const struct spool_write *write, int64_t *lost_out)
{
    int64_t boot = 0;
    if (write->forget > 0 && !forget(store, write->forget)) {
        return false;
    }
    if (write->count > 0 && !find_boot(store, write->boot, &boot)) {
        return false;
    }
    for (size_t i = 0; i < write->count; i++) {
        if (!add_record(store, boot, write->records[i])) {
            return false;
        }
    }
    if (store->new_texts > TEXTS_SWEEP && !sweep(store)) {
        return false;
    }
    return enforce_cap(store, write->bytes_max, lost_out) && give_back(store);
}

bool spool_store_write(struct spool_store *store, const struct spool_write *write,
                       int64_t *lost_out, enum spool_damage *damage_out, struct error *err)
{
    int64_t last = store->last;
    *lost_out = 0;
    *damage_out = SPOOL_INTACT;
    bool ok = exec(store, "BEGIN IMMEDIATE") && write_all(store, write, lost_out) &&
              read_number(store, "SELECT ifnull(max(id), 0) FROM records", &last) &&
              exec(store, "COMMIT");
    if (!ok) {
        fail(store, damage_out, err);
        (void)exec(store, "ROLLBACK"); /* SQLite may have done it */
        return false;
    }
    store->last = last;
    return true;
}

/* --- Reading --- */

/* Plays have a beginning and an end, counters the beginning of an hour, faults neither. */
static enum spool_kind kind_of(sqlite3_stmt *row)
{
    if (sqlite3_column_type(row, 7) != SQLITE_NULL) {
        return SPOOL_PLAY;
    }
    return sqlite3_column_type(row, 6) != SQLITE_NULL ? SPOOL_COUNTERS : SPOOL_FAULT;
}

static bool read_row(sqlite3_stmt *row, struct spool_record *record, const char **boot_out)
{
    uint8_t boot[(SPOOL_BOOT_SIZE - 1) / 2];
    const char *token = (const char *)sqlite3_column_text(row, 1);
    const char *text = (const char *)sqlite3_column_text(row, 4);
    if (token == NULL || text == NULL || strlen(token) != SPOOL_BOOT_SIZE - 1 ||
        !hex_decode(token, boot, sizeof boot) ||
        digest_of(text, strlen(text)) != sqlite3_column_int64(row, 5)) {
        return false;
    }
    *record = (struct spool_record){.sequence = sqlite3_column_int64(row, 2),
                                    .time_ms = sqlite3_column_int64(row, 3),
                                    .kind = kind_of(row)};
    if (record->kind != SPOOL_FAULT) {
        record->from_ms =
            (int64_t)((uint64_t)record->time_ms - (uint64_t)sqlite3_column_int64(row, 6));
    }
    if (record->kind == SPOOL_PLAY) {
        record->until_ms =
            (int64_t)((uint64_t)record->time_ms - (uint64_t)sqlite3_column_int64(row, 7));
    }
    record->text = (char *)(uintptr_t)text; /* lent for the call */
    *boot_out = token;
    return spool_record_check(record);
}

bool spool_store_read(struct spool_store *store, int64_t after, spool_take take, void *context,
                      enum spool_damage *damage_out, struct error *err)
{
    sqlite3_stmt *row = store->statements[QUERY_READ];
    struct spool_record record;
    const char *boot;
    int code;
    bool more = true;
    *damage_out = SPOOL_INTACT;
    sqlite3_bind_int64(row, 1, after);
    while (more && (code = sqlite3_step(row)) == SQLITE_ROW) {
        if (read_row(row, &record, &boot)) {
            more = take(context, sqlite3_column_int64(row, 0), boot, &record);
        }
    }
    bool ok = !more || code == SQLITE_DONE;
    if (!ok) {
        fail(store, damage_out, err);
    }
    sqlite3_reset(row);
    return ok;
}

int64_t spool_store_last(const struct spool_store *store)
{
    return store->last;
}
