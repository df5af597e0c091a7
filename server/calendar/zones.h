/* Dates and times of a calendar, with their zones, as milliseconds. Behind recurrence.h. */
#ifndef VITRINE_SERVER_CALENDAR_ZONES_H
#define VITRINE_SERVER_CALENDAR_ZONES_H

#include <libical/ical.h>

#include "server/calendar/recurrence.h"

struct moment {
    struct icaltimetype time; /* wall time, without a zone */
    icaltimezone *zone;       /* borrowed; never NULL */
    bool zone_unknown;        /* a TZID that nobody knows: taken as local */
};

/* Whether the tz database has that zone: then a calendar's own one of that name is not looked at.
 */
bool zones_is_known(const char *tzid);
/* "20261105T183000", "…Z" or "20261105"; strict. tzid "" is local time. */
bool zones_read(const struct zones *zones, const char *tzid, const char *value, struct moment *out);
/* Wall time of a zone to Unix milliseconds; a date is its midnight. */
int64_t zones_to_ms(struct icaltimetype time, icaltimezone *zone);
/* Day and minute of the day at an instant, in the local zone. */
void zones_local_time(const struct zones *zones, int64_t at_ms, int64_t *day_out, int *minute_out);
/* Midnight at the beginning of a local day. */
int64_t zones_midnight(const struct zones *zones, int64_t day);

#endif
