/* The properties of a VEVENT that people read, made into an event of the store. */
#ifndef VITRINE_SERVER_IMPORT_EVENT_FIELDS_H
#define VITRINE_SERVER_IMPORT_EVENT_FIELDS_H

#include "server/calendar/calendar.h"
#include "server/import/reference.h"
#include "server/import/report.h"
#include "server/media/media.h"
#include "server/store/events.h"

struct event_reader {
    const struct reference *reference;
    const struct media_store *media; /* NULL: pictures are left out */
    const char *folder;              /* of the file: pictures are relative to it */
    const struct calendar *calendar; /* that the events are of */
    struct import_report *report;
    struct arena *arena;
};

/* Fills all but occurrences, source, licence, dates, state. UID and title first: false when the
 * event was rejected (no title, private, a line that is no property); why is in the report. */
bool event_fields_read(const struct event_reader *reader, const struct calendar_block *block,
                       struct event *out);

/* "Halle aux Toiles, place de la Basse-Vieille-Tour, 76000 Rouen": place, street, postcode and
 * commune. A part that begins with a number is the street; a last part that is one of the 71
 * communes, or what follows a postcode in it, is the commune. Without commas all of it is the
 * place. */
void event_location_read(const struct reference *reference, struct arena *arena,
                         const char *location, struct event *out);

/* RECURRENCE-ID's own uid: that of the series, then "/" and the value. */
const char *event_uid(const struct event_reader *reader, const struct calendar_block *block);

#endif
