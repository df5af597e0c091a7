#include "server/store/statement.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server/store/connection.h"

#define STATEMENTS_MAX 256
#define PLACEHOLDERS_MAX 128

struct db_statement {
    struct db *db;
    sqlite3_stmt *handle;
    char *sql;
    uint64_t hash;
    uint64_t last_use;
    bool busy;
    struct db_statement *next;
    size_t placeholder_count;
    int placeholders[PLACEHOLDERS_MAX]; /* SQLite numbers $n by first appearance, not by n */
};

struct db_value db_int(int64_t integer)
{
    return (struct db_value){.type = DB_INT, .integer = integer};
}

struct db_value db_real(double real)
{
    return (struct db_value){.type = DB_REAL, .real = real};
}

struct db_value db_text(const char *text)
{
    return (struct db_value){.type = DB_TEXT, .bytes = text ? text : ""};
}

struct db_value db_bytes(const void *bytes, size_t size)
{
    return (struct db_value){.type = DB_BYTES, .bytes = bytes, .size = size};
}

/* FNV-1a's idea in steps of eight bytes: texts of two thousand bytes are looked up for every row of
 * an import. */
static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    size_t length = strlen(text);

    while (length > 0) {
        uint64_t word = 0;
        size_t step = length < sizeof(word) ? length : sizeof(word);
        memcpy(&word, text, step);
        hash = (hash ^ word) * UINT64_C(1099511628211);
        hash ^= hash >> 32;
        text += step;
        length -= step;
    }
    return hash;
}

static void statement_destroy(struct db_statement *statement)
{
    sqlite3_finalize(statement->handle);
    free(statement->sql);
    free(statement);
}

void connection_drop_statements(struct db *db)
{
    for (size_t i = 0; i < CONNECTION_BUCKETS; i++) {
        struct db_statement *next;
        for (struct db_statement *s = db->buckets[i]; s; s = next) {
            next = s->next;
            statement_destroy(s);
        }
        db->buckets[i] = NULL;
    }
    db->statement_count = 0;
}

/* Lists with filters make texts of their own; without an end the cache would grow with them. */
static void forget_oldest(struct db *db)
{
    struct db_statement **oldest = NULL;

    for (size_t i = 0; i < CONNECTION_BUCKETS; i++)
        for (struct db_statement **s = &db->buckets[i]; *s; s = &(*s)->next)
            if (!(*s)->busy && (!oldest || (*s)->last_use < (*oldest)->last_use))
                oldest = s;
    if (!oldest)
        return;
    struct db_statement *gone = *oldest;
    *oldest = gone->next;
    statement_destroy(gone);
    db->statement_count--;
}

static struct db_statement *prepare(struct db *db, const char *sql, uint64_t hash,
                                    struct error *err)
{
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);

    if (code != SQLITE_OK) {
        connection_fail(db, code, err);
        return NULL;
    }
    if (db->statement_count >= STATEMENTS_MAX)
        forget_oldest(db);

    struct db_statement *statement = calloc(1, sizeof(*statement));
    if (!statement)
        abort();
    statement->db = db;
    statement->handle = handle;
    statement->hash = hash;
    statement->sql = strdup(sql);
    if (!statement->sql)
        abort();
    statement->placeholder_count = (size_t)sqlite3_bind_parameter_count(handle);
    assert(statement->placeholder_count <= PLACEHOLDERS_MAX);
    for (size_t i = 0; i < statement->placeholder_count; i++) {
        char name[24];
        snprintf(name, sizeof(name), "$%zu", i + 1);
        statement->placeholders[i] = sqlite3_bind_parameter_index(handle, name);
    }
    struct db_statement **bucket = &db->buckets[hash % CONNECTION_BUCKETS];
    statement->next = *bucket;
    *bucket = statement;
    db->statement_count++;
    return statement;
}

static struct db_statement *find(struct db *db, const char *sql, uint64_t hash)
{
    for (struct db_statement *s = db->buckets[hash % CONNECTION_BUCKETS]; s; s = s->next)
        if (s->hash == hash && strcmp(s->sql, sql) == 0)
            return s;
    return NULL;
}

static int bind(sqlite3_stmt *handle, int index, const struct db_value *value)
{
    switch (value->type) {
    case DB_INT:
        return sqlite3_bind_int64(handle, index, value->integer);
    case DB_REAL:
        return sqlite3_bind_double(handle, index, value->real);
    case DB_TEXT:
        return sqlite3_bind_text64(handle, index, value->bytes, strlen(value->bytes), SQLITE_STATIC,
                                   SQLITE_UTF8);
    case DB_BYTES:
        return sqlite3_bind_blob64(handle, index, value->bytes, value->size, SQLITE_STATIC);
    case DB_NULL:
        break;
    }
    return sqlite3_bind_null(handle, index);
}

struct db_statement *db_query(struct db *db, const char *sql, const struct db_value *values,
                              size_t count, struct error *err)
{
    uint64_t hash = hash_text(sql);
    struct db_statement *statement = find(db, sql, hash);

    if (!statement)
        statement = prepare(db, sql, hash, err);
    if (!statement)
        return NULL;
    if (statement->busy || count != statement->placeholder_count) {
        error_set(err, ERROR_INTERNAL, "requête mal employée : %s", "misused query: %s", sql);
        return NULL;
    }
    statement->last_use = ++db->uses;
    for (size_t i = 0; i < count; i++) {
        int code = bind(statement->handle, statement->placeholders[i], &values[i]);
        if (code != SQLITE_OK) {
            connection_fail(db, code, err);
            return NULL;
        }
    }
    statement->busy = true;
    return statement;
}

enum db_step db_step(struct db_statement *statement, struct error *err)
{
    int code = sqlite3_step(statement->handle);

    if (code == SQLITE_ROW)
        return DB_ROW;
    if (code != SQLITE_DONE)
        connection_fail(statement->db, code, err);
    db_reset(statement);
    return code == SQLITE_DONE ? DB_DONE : DB_FAILED;
}

void db_reset(struct db_statement *statement)
{
    sqlite3_reset(statement->handle);
    statement->busy = false;
}

bool db_run(struct db *db, const char *sql, const struct db_value *values, size_t count,
            struct error *err)
{
    struct db_statement *statement = db_query(db, sql, values, count, err);

    if (!statement)
        return false;
    enum db_step step = db_step(statement, err);
    if (step == DB_ROW) {
        db_reset(statement);
        return error_set(err, ERROR_INTERNAL, "requête mal employée : %s", "misused query: %s",
                         sql);
    }
    return step == DB_DONE;
}

bool db_script(struct db *db, const char *sql, struct error *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? true : connection_fail(db, code, err);
}

bool db_table_count(struct db *db, const char *name, int64_t *count_out, struct error *err)
{
    const struct db_value values[] = {db_text(name)};
    struct db_statement *statement = db_query(
        db, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND ($1 = '' OR name = $1)",
        values, 1, err);

    if (!statement || db_step(statement, err) != DB_ROW)
        return false;
    *count_out = db_column_int(statement, 0);
    db_reset(statement);
    return true;
}

int64_t db_changed(const struct db *db)
{
    return sqlite3_changes64(db->handle);
}

int64_t db_column_int(struct db_statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

double db_column_real(struct db_statement *statement, int column)
{
    return sqlite3_column_double(statement->handle, column);
}

const char *db_column_text(struct db_statement *statement, int column, struct arena *arena)
{
    const unsigned char *text = sqlite3_column_text(statement->handle, column);
    int size = sqlite3_column_bytes(statement->handle, column);

    return size ? arena_strndup(arena, (const char *)text, (size_t)size) : "";
}

const void *db_column_bytes(struct db_statement *statement, int column, struct arena *arena,
                            size_t *size_out)
{
    const void *bytes = sqlite3_column_blob(statement->handle, column);
    size_t size = (size_t)sqlite3_column_bytes(statement->handle, column);
    void *copy = arena_alloc(arena, size);

    if (bytes)
        memcpy(copy, bytes, size);
    *size_out = size;
    return copy;
}
