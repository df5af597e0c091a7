/* Of the iteration of RRULEs, for the files of this folder. */
#ifndef VITRINE_SERVER_CALENDAR_RECURRENCE_PARTS_H
#define VITRINE_SERVER_CALENDAR_RECURRENCE_PARTS_H

#include <libical/ical.h>

/* libical 3.0 puts the first week of "every second Sunday" wrong when weeks begin on Monday: a
 * weekly rule with one weekday gets that day's first date as the start. */
struct icaltimetype recurrence_first_date(const struct icalrecurrencetype *rule,
                                          struct icaltimetype start);

#endif
