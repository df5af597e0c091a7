/* What the entities of the store have in common. In every struct of this folder strings are never
 * NULL when read ("" where nothing is known; NULL is written as ""), come from the caller's arena,
 * instants are Unix milliseconds, days are days since 1970-01-01 (core/civil.h), hashes are 64
 * lower case hexadecimal digits or "". Write functions join the caller's transaction or make their
 * own (db_join). Each get returns ERROR_NOT_FOUND when there is no such record. */
#ifndef VITRINE_SERVER_STORE_ENTITY_H
#define VITRINE_SERVER_STORE_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "server/store/db.h"

enum upsert_result { UPSERT_CREATED, UPSERT_UPDATED, UPSERT_UNCHANGED };

/* draft → submitted → approved → published → archived; only published things are shown. */
enum state { STATE_DRAFT, STATE_SUBMITTED, STATE_APPROVED, STATE_PUBLISHED, STATE_ARCHIVED };

/* A list of texts, in a fixed order. */
struct text_list {
    size_t count;
    const char **items;
};

/* An open end of a period of days. */
#define DAY_MIN INT64_C(-100000)
#define DAY_MAX INT64_C(1000000)

#endif
