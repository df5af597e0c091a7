/* Events as a kiosk tells them: which stretch of days they fall into, when they are in words, and
 * the calendar entry that a phone takes along. Days are local, since 1970-01-01. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_AGENDA_H
#define VITRINE_PLAYER_KIOSK_KIOSK_AGENDA_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lang.h"
#include "core/strbuf.h"
#include "directory/directory.h"

enum kiosk_agenda_stretch {
    KIOSK_AGENDA_TODAY, /* also what began before and goes on */
    KIOSK_AGENDA_WEEK,  /* the seven days after today */
    KIOSK_AGENDA_LATER,
    KIOSK_AGENDA_STRETCHES
};

enum kiosk_agenda_stretch kiosk_agenda_stretch(const struct directory_event *event, int64_t today);

/* Last day of the event, ≥ its local_day. One that ends at midnight, or before six in the morning
 * after it began, ends on the day before. */
int64_t kiosk_agenda_last_day(const struct directory_event *event);

/* "aujourd’hui, de 14 h à 16 h 30", "demain, 9 h", "samedi 28 novembre, toute la journée", "du
 * samedi 28 novembre au mardi 1er décembre"; with the year when it is not today's. */
void kiosk_agenda_when(const struct directory_event *event, int64_t today, enum lang lang,
                       struct strbuf *out);
/* "nov." / "Nov": for a leaf of a calendar. month: 1–12. */
const char *kiosk_agenda_month(int month, enum lang lang);

/* iCalendar (RFC 5545) of that occurrence alone; `brief`: without place and address of the web, for
 * a code of larger modules. */
void kiosk_agenda_write(const struct directory_event *event, bool brief, struct strbuf *out);

#endif
