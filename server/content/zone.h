/* Time zones from the system's compiled tzdata (TZif, RFC 8536), read into an immutable value: no
 * process-wide zone, no environment, any thread. Transitions run to the year 2200; beyond it the
 * last offset holds. Local times are milliseconds "as if UTC" (core/civil.h). */
#ifndef VITRINE_SERVER_CONTENT_ZONE_H
#define VITRINE_SERVER_CONTENT_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct zone;

/* From this instant on, local time is UTC + offset. */
struct zone_offset {
    int64_t from_ms;
    int offset_s;
};

/* An IANA name: "Europe/Paris". ERROR_INVALID for what cannot be a name, ERROR_NOT_FOUND for a zone
 * that the system does not know. The caller owns the zone. */
struct zone *zone_open(const char *name, struct error *err) __attribute__((warn_unused_result));
/* The same from the bytes of a TZif file. */
struct zone *zone_parse(const void *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
void zone_close(struct zone *zone); /* accepts NULL */

int zone_offset_s(const struct zone *zone, int64_t utc_ms);
int64_t zone_to_local(const struct zone *zone, int64_t utc_ms);
/* A local time that the clock shows twice is its first occurrence; one that the clock skips moves
 * forward to the first that exists. Never decreases when local_ms grows. */
int64_t zone_to_utc(const struct zone *zone, int64_t local_ms);
/* The instant at which that local day (days since 1970) begins. */
int64_t zone_day_start(const struct zone *zone, int64_t day);
/* The local day that holds the instant. */
int64_t zone_day(const struct zone *zone, int64_t utc_ms);

/* Offsets in force over [from, until): the first element starts at from_ms, the others at each
 * change. Returns how many there are; writes at most `max`. */
size_t zone_offsets(const struct zone *zone, int64_t from_ms, int64_t until_ms,
                    struct zone_offset *offsets_out, size_t max);

#endif
