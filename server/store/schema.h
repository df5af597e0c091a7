/* The tables, as numbered migrations, and how a program opens the store. */
#ifndef VITRINE_SERVER_STORE_SCHEMA_H
#define VITRINE_SERVER_STORE_SCHEMA_H

#include "server/store/db.h"

/* Opens the database. A writer first brings it up to this program's schema, each migration in a
 * transaction of its own; a reader refuses another schema than this program's. A database that is
 * newer than the program, or no database of Vitrine's, is refused with ERROR_CONFLICT. */
struct db *store_open(const char *path, enum db_mode mode, struct error *err)
    __attribute__((warn_unused_result));

/* The schema this program knows, and the one the database has (0: empty). */
int schema_known(void);
bool schema_version(struct db *db, int *version_out, struct error *err)
    __attribute__((warn_unused_result));
bool schema_migrate(struct db *db, struct error *err) __attribute__((warn_unused_result));

#endif
