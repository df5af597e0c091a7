/* The migrations' SQL, in order; schema.c applies it. A migration that has been released is never
 * changed: a new one is added. */
#ifndef VITRINE_SERVER_STORE_MIGRATIONS_H
#define VITRINE_SERVER_STORE_MIGRATIONS_H

#include <stddef.h>

/* migrations[i] leads from version i to version i + 1. */
extern const char *const migrations[];
extern const size_t migration_count;

/* Those of migration_<subject>.c. */
extern const char migration_records[];
extern const char migration_people[];
extern const char migration_schedule[];
extern const char migration_media[];
extern const char migration_fleet[];
extern const char migration_measure[];
extern const char migration_notices[];
extern const char migration_imports[];
extern const char migration_places[];
extern const char migration_kiosk[];
extern const char migration_themes[];

#endif
