/* An iCalendar file (RFC 5545) taken apart into lines: unfolded, with the line each began on,
 * sorted into events and time zones. Values are not looked at. */
#ifndef VITRINE_SERVER_CALENDAR_CALENDAR_H
#define VITRINE_SERVER_CALENDAR_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/error.h"
#include "server/calendar/notes.h"

struct calendar_line {
    int line;           /* 1-based */
    const char *text;   /* the whole line */
    const char *name;   /* in capitals: "DTSTART" */
    const char *params; /* ";TZID=Europe/Paris", "" for none */
    const char *value;  /* as it came, escapes and all */
};

/* A VEVENT or VTIMEZONE. Lines of parts inside an event (VALARM) are left out; a time zone keeps
 * its own. */
struct calendar_block {
    int line;     /* of its BEGIN */
    int bad_line; /* the first line that is no property; 0: all are */
    size_t count;
    struct calendar_line *lines;
};

struct calendar {
    struct arena *arena;
    bool windows_1252;
    bool cancelled; /* METHOD:CANCEL */
    size_t event_count;
    struct calendar_block *events;
    size_t zone_count;
    struct calendar_block *zones;
};

/* Whole-file faults (no calendar, blocks that do not close) are errors with the line; blank lines
 * and lines outside events that are no property are warnings among the notes. Caller destroys. */
struct calendar *calendar_read(const char *path, const struct calendar_notes *notes,
                               struct error *err) __attribute__((warn_unused_result));
/* The same, of a text in UTF-8 without NUL, which may go afterwards. */
struct calendar *calendar_parse(const char *text, const struct calendar_notes *notes,
                                struct error *err) __attribute__((warn_unused_result));
void calendar_destroy(struct calendar *calendar); /* accepts NULL */

/* First line of that name, NULL when there is none. */
const struct calendar_line *calendar_find(const struct calendar_block *block, const char *name);
/* The parameter's value without quotes, "" when it is not there. */
const char *calendar_param(struct arena *arena, const struct calendar_line *line, const char *name);
/* A TEXT value without its escapes (RFC 5545, 3.3.11). */
const char *calendar_text(struct arena *arena, const char *value);

#endif
