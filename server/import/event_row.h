/* One row of a table of events, made into an event of the store. */
#ifndef VITRINE_SERVER_IMPORT_EVENT_ROW_H
#define VITRINE_SERVER_IMPORT_EVENT_ROW_H

#include "server/import/mapping.h"
#include "server/import/reference.h"
#include "server/store/events.h"

struct event_moment {
    bool has_day; /* else an hour alone */
    int64_t day;
    int minute; /* of the day; -1: not said */
};

/* "24/11/2026", "24.11.26 18:30", "2026-11-24T18:30", "mardi 24 novembre 2026 à 18 h 30", "18h". */
bool event_moment_read(const char *text, struct event_moment *out);

struct event_columns {
    int index[EVENT_COLUMN_COUNT]; /* -1: the table has no such column */
    const char *names[EVENT_COLUMN_COUNT];
};

struct event_row_reader {
    const struct event_columns *columns;
    const struct reference *reference;
    struct import_report *report;
    struct arena *arena; /* for one row's strings */
};

/* Fills the event but for source, licence, dates of the record and state. Times are local ones of
 * Europe/Paris. A row without an id is known by its title, its beginning and its place. False when
 * the row was rejected; why is in the report. */
bool event_row_read(const struct event_row_reader *reader, const struct table_row *row,
                    struct event *out);

#endif
