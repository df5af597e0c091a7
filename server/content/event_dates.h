/* When an event takes place: what people write ({"start", "end", "rrule", "except", "also"}, local
 * times) and the lines of iCalendar that the store keeps (struct event, recurrence) are made from
 * each other. Lines that a calendar brought and that people could not have written stay as they
 * are, as {"ical"}. */
#ifndef VITRINE_SERVER_CONTENT_EVENT_DATES_H
#define VITRINE_SERVER_CONTENT_EVENT_DATES_H

#include "core/json.h"
#include "server/store/events.h"

/* For the form's field, of a const char *. Missing: "". What could not be read by a calendar is
 * refused. */
bool event_dates_decode(const cJSON *object, const char *key, struct arena *arena, void *out,
                        struct error *err) __attribute__((warn_unused_result));
void event_dates_encode(struct json_writer *writer, const char *key, const void *value);
void event_dates_schema(struct json_writer *writer, const char *key);

struct event_dates {
    bool all_day;
    size_t count;
    struct occurrence *items;
    struct error warning; /* what was passed over; ERROR_NONE: nothing */
};

/* The concrete dates from a day before now to 400 days after, in the arena, without those that
 * other events of the store replace (uid "…/RECURRENCE-ID"). What cannot be read is ERROR_INVALID.
 */
bool event_dates_of(struct db *db, const char *uid, const char *recurrence, int64_t now_ms,
                    struct arena *arena, struct event_dates *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
