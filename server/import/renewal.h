/* Keeps the dates of stored events going: imports store them for IMPORT_HORIZON_MS, and a server
 * runs for longer than that with the same calendar. */
#ifndef VITRINE_SERVER_IMPORT_RENEWAL_H
#define VITRINE_SERVER_IMPORT_RENEWAL_H

#include <stdint.h>

#include "server/store/db.h"

/* The stored dates are renewed when they reach less far than this. */
#define RENEWAL_BELOW_MS (INT64_C(200) * 86400 * 1000)

/* To be called about once a day, by whoever holds the writer, outside of a transaction or in one;
 * most calls only read one setting. When the dates were last written for less than RENEWAL_BELOW_MS
 * ahead of now_ms, all events that go on are expanded again, from a day before now_ms to
 * IMPORT_HORIZON_MS after it, without the dates that other events of the series replace: as an
 * import would. An event that has no date left, or whose rule cannot be followed, keeps what is
 * stored. *renewed_out: events whose dates were written again or found in order. Changed dates
 * raise the content version, so that screens are assembled anew. On failure nothing has changed. */
bool events_renew(struct db *db, int64_t now_ms, size_t *renewed_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
