/* A thin driver over the database engine: connections, transactions, prepared statements. SQL is
 * one subset that SQLite and PostgreSQL both read: $1 placeholders, BIGINT milliseconds set by C,
 * booleans as 0 and 1, ON CONFLICT … DO UPDATE. SQL stands only in server/store.
 * A struct db is one connection, used by one thread at a time: one writer in the whole program, and
 * as many readers as threads want. A writer waits up to five seconds for a lock. */
#ifndef VITRINE_SERVER_STORE_DB_H
#define VITRINE_SERVER_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct db;

enum db_mode {
    DB_WRITER, /* creates the file when it is not there; checkpoints */
    DB_READER, /* can change nothing */
};

/* Opens without looking at the schema; store_open (schema.h) is what programs call. */
struct db *db_open(const char *path, enum db_mode mode, struct error *err)
    __attribute__((warn_unused_result));
void db_close(struct db *db); /* accepts NULL; rolls an open transaction back */

/* One transaction at a time: a second begin is refused with ERROR_INTERNAL. A commit that fails has
 * rolled back. Rollback never fails, and does nothing without a transaction. */
bool db_begin(struct db *db, struct error *err) __attribute__((warn_unused_result));
bool db_commit(struct db *db, struct error *err) __attribute__((warn_unused_result));
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* A write that needs several statements joins its caller's transaction, or runs in its own:
 *     bool own; if (!db_join(db, &own, err)) return false; … return db_leave(db, own, ok, err);
 * leave commits its own when ok, rolls its own back when not, and returns ok. Whoever began a
 * transaction must roll it back after a failed write in it. */
bool db_join(struct db *db, bool *own_out, struct error *err) __attribute__((warn_unused_result));
bool db_leave(struct db *db, bool own, bool ok, struct error *err)
    __attribute__((warn_unused_result));

/* Notes that what screens show may have changed: the commit raises the content version
 * (settings.h), once for the whole transaction. */
void db_mark_content(struct db *db);
/* The same of what kiosks know: raises the directory version as well. */
void db_mark_directory(struct db *db);

/* Reads the whole database; what is damaged in it is ERROR_IO. */
bool db_verify(struct db *db, struct error *err) __attribute__((warn_unused_result));
/* Moves the write-ahead log into the database file; for idle moments and before a copy. */
bool db_checkpoint(struct db *db, struct error *err) __attribute__((warn_unused_result));

#endif
