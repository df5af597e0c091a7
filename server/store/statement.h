/* Prepared statements of a connection (db.h), kept in its cache: a second prepare of the same text
 * costs a look-up. For the repositories of this folder. */
#ifndef VITRINE_SERVER_STORE_STATEMENT_H
#define VITRINE_SERVER_STORE_STATEMENT_H

#include "core/arena.h"
#include "server/store/db.h"

enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BYTES };

/* A value for a placeholder; bytes and text are read until the statement's next reset. */
struct db_value {
    enum db_type type;
    int64_t integer;
    double real;
    const void *bytes; /* DB_TEXT: NUL-terminated, NULL is "" */
    size_t size;       /* DB_BYTES only */
};

struct db_value db_int(int64_t integer);
struct db_value db_real(double real);
struct db_value db_text(const char *text);
struct db_value db_bytes(const void *bytes, size_t size);

enum db_step { DB_ROW, DB_DONE, DB_FAILED };

struct db_statement;

/* Borrowed from the cache, reset and with the values bound to $1, $2, …; NULL on failure. The same
 * text may not be in use twice at once: walk a result to its end, or db_reset, before. */
struct db_statement *db_query(struct db *db, const char *sql, const struct db_value *values,
                              size_t count, struct error *err) __attribute__((warn_unused_result));
/* DB_DONE and DB_FAILED reset the statement. A unique key that is there already is ERROR_CONFLICT.
 */
enum db_step db_step(struct db_statement *statement, struct error *err)
    __attribute__((warn_unused_result));
void db_reset(struct db_statement *statement);
/* db_query and one step that must give no row. */
bool db_run(struct db *db, const char *sql, const struct db_value *values, size_t count,
            struct error *err) __attribute__((warn_unused_result));
/* Several statements without placeholders, for migrations. */
bool db_script(struct db *db, const char *sql, struct error *err)
    __attribute__((warn_unused_result));
/* Tables of that name (0 or 1); name "" counts all tables. */
bool db_table_count(struct db *db, const char *name, int64_t *count_out, struct error *err)
    __attribute__((warn_unused_result));
/* Rows that the connection's last db_run changed. */
int64_t db_changed(const struct db *db);

/* Columns of the current row, from 0. NULL reads as 0, "" and no bytes. */
int64_t db_column_int(struct db_statement *statement, int column);
double db_column_real(struct db_statement *statement, int column);
const char *db_column_text(struct db_statement *statement, int column, struct arena *arena);
const void *db_column_bytes(struct db_statement *statement, int column, struct arena *arena,
                            size_t *size_out);

#endif
