/* When an event takes place: its start, length, recurrences and exceptions, made into occurrences.
 * Times and rules are read by RFC 5545; libical iterates and knows the time zones. */
#ifndef VITRINE_SERVER_CALENDAR_RECURRENCE_H
#define VITRINE_SERVER_CALENDAR_RECURRENCE_H

#include <stdint.h>

#include "server/calendar/calendar.h"

/* Local times of the store are this zone's, and times without a zone are taken as its own. */
#define RECURRENCE_LOCAL_ZONE "Europe/Paris"

/* Local times are those of RECURRENCE_LOCAL_ZONE. */
struct calendar_occurrence {
    int64_t start_ms;
    int64_t end_ms; /* ≥ start_ms; all-day: local midnight after the last day */
    bool all_day;
    int64_t local_day;      /* day of the start */
    int local_minute;       /* 0-1439; -1 for all-day */
    int64_t local_last_day; /* day of the end; all-day: the last day that is part of it */
    int local_end_minute;   /* -1 for all-day and when there is no end */
};

struct zones;

/* The calendar's own time zones; those of the tz database need none. Fails when the tz database of
 * the machine is missing. */
struct zones *zones_create(const struct calendar *calendar, struct error *err)
    __attribute__((warn_unused_result));
void zones_destroy(struct zones *zones); /* accepts NULL */

struct recurrence_window {
    int64_t from_ms;
    int64_t until_ms;
    size_t max; /* occurrences at most */
    bool rules; /* false: RRULEs are not followed any more */
};

/* An instant that stands for an occurrence, in RECURRENCE-ID or EXDATE. */
struct recurrence_mark {
    bool all_day; /* then `day` counts, else `at_ms` */
    int64_t day;  /* days since 1970, local to the event */
    int64_t at_ms;
};

struct recurrence_result {
    bool all_day;
    bool slow_rule; /* an RRULE took a tenth of a second and gave nothing */
    size_t count;
    struct calendar_occurrence *items; /* sorted by start, no two alike; in the arena */
};

/* Expands the event's DTSTART, DTEND or DURATION, RRULE, RDATE, EXDATE within the window, without
 * the occurrences in `without`. Rules finer than a day, or that cannot be read, are reported and
 * only the first date counts. False, with the reason among the notes (rejected), when the start
 * cannot be read. */
bool recurrence_expand(const struct zones *zones, struct arena *arena,
                       const struct calendar_block *event, const struct recurrence_window *window,
                       const struct recurrence_mark *without, size_t without_count,
                       const struct calendar_notes *notes, struct recurrence_result *out)
    __attribute__((warn_unused_result));

/* Reads a date or time property as a mark. */
bool recurrence_mark_of(const struct zones *zones, struct arena *arena,
                        const struct calendar_line *line, struct recurrence_mark *out);

#endif
