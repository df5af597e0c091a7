/* What db.c and statement.c share: the connection itself and SQLite's errors. Nobody else includes
 * it: another engine has another one of these three files. */
#ifndef VITRINE_SERVER_STORE_CONNECTION_H
#define VITRINE_SERVER_STORE_CONNECTION_H

#include <sqlite3.h>

#include "server/store/db.h"

#define CONNECTION_BUCKETS 64

struct db_statement;

struct db {
    sqlite3 *handle;
    char *path;
    enum db_mode mode;
    bool in_transaction;
    bool content_changed;
    bool directory_changed;
    struct db_statement *buckets[CONNECTION_BUCKETS];
    size_t statement_count;
    uint64_t uses; /* counts prepares, to find the statement that was used longest ago */
};

/* Turns SQLite's result code into an error; returns false. */
bool connection_fail(struct db *db, int code, struct error *err);
void connection_drop_statements(struct db *db);

#endif
