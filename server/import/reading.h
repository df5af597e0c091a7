/* Files read row by row into what they would make of the store, before anybody writes it: the one
 * way of the command line, which stores each row at once, and of the desk's imports, which rehearse
 * first. Transactions are the caller's business. */
#ifndef VITRINE_SERVER_IMPORT_READING_H
#define VITRINE_SERVER_IMPORT_READING_H

#include "server/calendar/recurrence.h"
#include "server/import/event_row.h"
#include "server/import/import.h"
#include "server/store/organisations.h"

/* How the columns of a table are to be read. */
struct import_columns {
    struct table_format format;
    int header_line; /* rows up to this one are no data */
    struct layout_columns organisations;
    struct event_columns events;
};

enum reading_outcome {
    READING_TAKEN,
    READING_MERGED,   /* another row of the file stands for it */
    READING_REJECTED, /* why is in the report */
};

struct reading_row {
    int line;
    enum reading_outcome outcome;
    int merged_with;   /* MERGED: the line of that other row */
    const char *title; /* "" when it could not be told */
    /* One of them, when it is taken, as it is to be; strings until the handler returns. */
    struct organisation *organisation;
    struct event *event;
    const struct organisation *old_organisation; /* what the store has of it; NULL: nothing */
    const struct recurrence_result *dates;       /* of an event of a calendar; else NULL */
    int64_t bytes_done;
};

/* False stops; *err is set. */
typedef bool reading_handler(void *context, const struct reading_row *row, struct error *err);

/* columns NULL: told by the header (layout.h). Organisations that the store has keep their id and
 * state; those of another source keep what they say, and the file fills what they leave open. */
bool reading_organisations(struct db *db, const char *path, const struct import_options *options,
                           const struct import_columns *columns, struct import_report *report,
                           reading_handler *on_row, void *context, struct error *err)
    __attribute__((warn_unused_result));
bool reading_event_table(const char *path, const struct import_options *options,
                         const struct import_columns *columns, struct import_report *report,
                         reading_handler *on_row, void *context, struct error *err)
    __attribute__((warn_unused_result));
/* Events that replace a date of a series come before all others. */
bool reading_calendar(const struct media_store *media, const char *path,
                      const struct import_options *options, struct import_report *report,
                      reading_handler *on_row, void *context, struct error *err)
    __attribute__((warn_unused_result));

/* Whether the store has a newer version of the event (SEQUENCE), which is told. */
bool reading_is_older(struct import_report *report, int line, const struct event *event,
                      const struct event *old);

#endif
