#include "player/kiosk/kiosk_agenda.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "playlists/typography.h"

#define MINUTE_MS INT64_C(60000)
#define WEEK_DAYS 7
#define NIGHT_MINUTE (6 * 60)
#define LINE_BYTES 75 /* RFC 5545, 3.1: longer lines are folded */

static int64_t days_of(int64_t ms)
{
    return ms >= 0 ? ms / CIVIL_DAY_MS : -((CIVIL_DAY_MS - 1 - ms) / CIVIL_DAY_MS);
}

/* The clocks may change between start and end: end_minute is right in any case, so the day is the
 * nearest one that has it. */
int64_t kiosk_agenda_last_day(const struct directory_event *event)
{
    int64_t start = event->local_day * CIVIL_DAY_MS + event->start_minute * MINUTE_MS;
    int64_t end = start + (event->end_ms - event->start_ms);
    int64_t day = days_of(end - event->end_minute * MINUTE_MS + CIVIL_DAY_MS / 2);
    bool night = day == event->local_day + 1 && event->end_minute <= NIGHT_MINUTE;
    if (event->end_ms > event->start_ms && (event->end_minute == 0 || night)) {
        day--;
    }
    return day > event->local_day ? day : event->local_day;
}

enum kiosk_agenda_stretch kiosk_agenda_stretch(const struct directory_event *event, int64_t today)
{
    return event->local_day <= today               ? KIOSK_AGENDA_TODAY
           : event->local_day <= today + WEEK_DAYS ? KIOSK_AGENDA_WEEK
                                                   : KIOSK_AGENDA_LATER;
}

static void append_day(int64_t day, int64_t today, enum lang lang, struct strbuf *out)
{
    int year = civil_from_ms(day * CIVIL_DAY_MS).year;
    typography_date(day, lang, year != civil_from_ms(today * CIVIL_DAY_MS).year, out);
}

static void append_hours(const struct directory_event *event, enum lang lang, struct strbuf *out)
{
    bool ends = event->end_ms > event->start_ms && event->end_minute != event->start_minute;
    if (event->all_day) {
        strbuf_append(out, lang_pick(lang, ", toute la journée", ", all day"));
        return;
    }
    strbuf_append(out, ends ? lang_pick(lang, ", de ", ", ") : ", ");
    typography_time(event->start_minute, lang, out);
    if (ends) {
        strbuf_append(out, lang_pick(lang, " à ", " to "));
        typography_time(event->end_minute, lang, out);
    }
}

void kiosk_agenda_when(const struct directory_event *event, int64_t today, enum lang lang,
                       struct strbuf *out)
{
    int64_t first = event->local_day, last = kiosk_agenda_last_day(event);
    if (last > first) {
        strbuf_append(out, lang_pick(lang, "du ", "from "));
        append_day(first, today, lang, out);
        strbuf_append(out, lang_pick(lang, " au ", " to "));
        append_day(last, today, lang, out);
        return;
    }
    if (first == today) {
        strbuf_append(out, lang_pick(lang, "aujourd’hui", "today"));
    } else if (first == today + 1) {
        strbuf_append(out, lang_pick(lang, "demain", "tomorrow"));
    } else {
        append_day(first, today, lang, out);
    }
    append_hours(event, lang, out);
}

const char *kiosk_agenda_month(int month, enum lang lang)
{
    static const char *const months[][2] = {
        {"janv.", "Jan"}, {"févr.", "Feb"}, {"mars", "Mar"},  {"avr.", "Apr"},
        {"mai", "May"},   {"juin", "Jun"},  {"juil.", "Jul"}, {"août", "Aug"},
        {"sept.", "Sep"}, {"oct.", "Oct"},  {"nov.", "Nov"},  {"déc.", "Dec"},
    };
    return months[month - 1][lang];
}

/* One content line; RFC 5545, 3.3.11: backslash, comma, semicolon and newline are escaped in texts.
 * Folded between characters. */
static void append_line(struct strbuf *out, const char *property, const char *value, bool text)
{
    size_t width = strlen(property);
    if (value[0] == '\0') {
        return;
    }
    strbuf_append(out, property);
    for (const char *c = value; *c != '\0';) {
        char piece[8];
        size_t length = 0;
        if (text && (*c == '\\' || *c == ',' || *c == ';' || *c == '\n')) {
            piece[length++] = '\\';
            piece[length++] = *c == '\n' ? 'n' : *c;
            c++;
        } else if ((unsigned char)*c < 0x20) {
            c++;
            continue;
        } else {
            do {
                piece[length++] = *c++;
            } while (((unsigned char)*c & 0xC0) == 0x80 && length < 4);
        }
        if (width + length > LINE_BYTES) {
            strbuf_append(out, "\r\n ");
            width = 1;
        }
        strbuf_append_bytes(out, piece, length);
        width += length;
    }
    strbuf_append(out, "\r\n");
}

static void append_instant(struct strbuf *out, const char *property, int64_t ms)
{
    struct civil at = civil_from_ms(ms);
    char text[40];
    snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d%02dZ", at.year, at.month, at.day, at.hour,
             at.minute, at.second);
    append_line(out, property, text, false);
}

static void append_date(struct strbuf *out, const char *property, int64_t day)
{
    struct civil at = civil_from_ms(day * CIVIL_DAY_MS);
    char text[40];
    snprintf(text, sizeof text, "%04d%02d%02d", at.year, at.month, at.day);
    append_line(out, property, text, false);
}

static void append_place(struct strbuf *out, const struct directory_event *event)
{
    const char *const parts[] = {event->place, event->address, event->commune};
    struct strbuf place;
    strbuf_init(&place);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i][0] != '\0') {
            strbuf_append(&place, place.length > 0 ? ", " : "");
            strbuf_append(&place, parts[i]);
        }
    }
    if (place.length > 0) {
        append_line(out, "LOCATION:", place.bytes, true);
    }
    strbuf_finish(&place);
}

void kiosk_agenda_write(const struct directory_event *event, bool brief, struct strbuf *out)
{
    char uid[200];
    snprintf(uid, sizeof uid, "%s-%lld", event->id, (long long)event->start_ms);
    strbuf_append(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Vitrine//Borne//FR\r\n"
                       "BEGIN:VEVENT\r\n");
    append_line(out, "UID:", uid, true);
    append_instant(out, "DTSTAMP:", event->start_ms);
    if (event->all_day) {
        append_date(out, "DTSTART;VALUE=DATE:", event->local_day);
        append_date(out, "DTEND;VALUE=DATE:", kiosk_agenda_last_day(event) + 1);
    } else {
        append_instant(out, "DTSTART:", event->start_ms);
        if (event->end_ms > event->start_ms) {
            append_instant(out, "DTEND:", event->end_ms);
        }
    }
    append_line(out, "SUMMARY:", event->title, true);
    if (!brief) {
        append_place(out, event);
        append_line(out, "URL:", event->url, false);
    }
    strbuf_append(out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
}
