/* How a rule of the programming repeats: an RRULE (RFC 5545, 3.3.10) over whole days of one place,
 * from the rule's first day on. Read strictly, with bounded work whatever is written. Pure; any
 * thread. */
#ifndef VITRINE_SERVER_CALENDAR_REPETITION_H
#define VITRINE_SERVER_CALENDAR_REPETITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define REPETITION_TEXT_MAX 200
/* Rules are followed for twenty years after their first day: 0.2 s at the worst, 20 ms usually. */
#define REPETITION_DAYS_MAX 7305

/* Whether it can be read: FREQ=DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL, COUNT or UNTIL, WKST
 * and the BY… parts that speak of days, but BYWEEKNO. Hours, RSCALE and what RFC 5545 does not
 * allow together are refused, told part by part. */
bool repetition_check(const char *rrule, struct error *err) __attribute__((warn_unused_result));

/* Sets fall_out[i] where the rule falls on the day from_day + i, and clears the others. start_day
 * counts as the others do: only when the rule falls on it. A rule that cannot be read falls on no
 * day. Returns on how many it falls. */
size_t repetition_days(const char *rrule, int64_t start_day, int64_t from_day, size_t count,
                       bool *fall_out);

/* The first day of [start_day, until_day] on which it falls; false when there is none. */
bool repetition_first(const char *rrule, int64_t start_day, int64_t until_day, int64_t *day_out);

#endif
