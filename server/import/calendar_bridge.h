/* What server/calendar tells, in this folder's terms. */
#ifndef VITRINE_SERVER_IMPORT_CALENDAR_BRIDGE_H
#define VITRINE_SERVER_IMPORT_CALENDAR_BRIDGE_H

#include "server/calendar/recurrence.h"
#include "server/import/report.h"
#include "server/store/events.h"

/* Notes that go to the report, which must outlive them. */
struct calendar_notes import_calendar_notes(struct import_report *report);
/* The dates as the store takes them, as many; in the arena. */
struct occurrence *import_occurrences(struct arena *arena, const struct recurrence_result *dates);

#endif
