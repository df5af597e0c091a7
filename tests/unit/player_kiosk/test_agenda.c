/* Events in words, in stretches of days, and as a calendar entry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "core/civil.h"
#include "player/kiosk/kiosk_agenda.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)

/* Local times of a zone that is `offset` hours ahead of UTC at the start, `end_offset` at the end.
 */
static struct directory_event event_between(const char *from, const char *until, int offset,
                                            int end_offset)
{
    struct directory_event event = {.id = "e1",
                                    .title = "Marché, de Noël",
                                    .place = "Halle",
                                    .address = "",
                                    .commune = "Rouen",
                                    .url = "https://exemple.fr/a,b"};
    int64_t start = 0, end = 0;
    assert_true(civil_parse_instant(from, &start));
    assert_true(civil_parse_instant(until, &end));
    event.local_day = start / CIVIL_DAY_MS;
    event.start_minute = (int)(start % CIVIL_DAY_MS / MINUTE_MS);
    event.end_minute = (int)(end % CIVIL_DAY_MS / MINUTE_MS);
    event.start_ms = start - offset * HOUR_MS;
    event.end_ms = end - end_offset * HOUR_MS;
    return event;
}

static void test_when(void **state)
{
    (void)state;
    static const struct {
        const char *from, *until;
        int offset, end_offset;
        bool all_day;
        enum lang lang;
        enum kiosk_agenda_stretch stretch;
        const char *text;
    } cases[] = {
        {"2026-11-24T14:00:00Z", "2026-11-24T16:30:00Z", 1, 1, false, LANG_FR, KIOSK_AGENDA_TODAY,
         "aujourd’hui, de 14\u00a0h à 16\u00a0h\u00a030"},
        {"2026-11-25T09:00:00Z", "2026-11-25T09:00:00Z", 1, 1, false, LANG_FR, KIOSK_AGENDA_WEEK,
         "demain, 9\u00a0h"},
        {"2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z", 1, 1, true, LANG_FR, KIOSK_AGENDA_WEEK,
         "samedi 28\u00a0novembre, toute la journée"},
        {"2026-11-28T20:00:00Z", "2026-11-29T02:00:00Z", 1, 1, false, LANG_FR, KIOSK_AGENDA_WEEK,
         "samedi 28\u00a0novembre, de 20\u00a0h à 2\u00a0h"},
        {"2026-11-22T10:00:00Z", "2026-12-01T18:00:00Z", 1, 1, false, LANG_FR, KIOSK_AGENDA_TODAY,
         "du dimanche 22\u00a0novembre au mardi 1er\u00a0décembre"},
        {"2027-01-09T10:00:00Z", "2027-01-09T12:00:00Z", 1, 1, false, LANG_EN, KIOSK_AGENDA_LATER,
         "Saturday 9\u00a0January 2027, 10\u00a0am to 12\u00a0pm"},
        /* The clocks go back on the 25th of October: 26 hours and a quarter. */
        {"2026-10-24T23:00:00Z", "2026-10-26T00:15:00Z", 2, 1, false, LANG_FR, KIOSK_AGENDA_TODAY,
         "du samedi 24\u00a0octobre au lundi 26\u00a0octobre"},
    };
    int64_t today = civil_days(2026, 11, 24);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct directory_event event =
            event_between(cases[i].from, cases[i].until, cases[i].offset, cases[i].end_offset);
        struct strbuf text;
        event.all_day = cases[i].all_day;
        strbuf_init(&text);
        kiosk_agenda_when(&event, today, cases[i].lang, &text);
        assert_string_equal(text.bytes, cases[i].text);
        assert_int_equal(kiosk_agenda_stretch(&event, today), cases[i].stretch);
        strbuf_finish(&text);
    }
}

static void test_stretches(void **state)
{
    (void)state;
    struct directory_event event =
        event_between("2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z", 1, 1);
    assert_int_equal(kiosk_agenda_stretch(&event, event.local_day), KIOSK_AGENDA_TODAY);
    assert_int_equal(kiosk_agenda_stretch(&event, event.local_day - 1), KIOSK_AGENDA_WEEK);
    assert_int_equal(kiosk_agenda_stretch(&event, event.local_day - 7), KIOSK_AGENDA_WEEK);
    assert_int_equal(kiosk_agenda_stretch(&event, event.local_day - 8), KIOSK_AGENDA_LATER);
}

static void test_calendar_entry(void **state)
{
    (void)state;
    struct directory_event event =
        event_between("2026-11-28T14:00:00Z", "2026-11-28T16:00:00Z", 1, 1);
    struct strbuf entry;
    strbuf_init(&entry);
    kiosk_agenda_write(&event, false, &entry);
    assert_string_equal(entry.bytes,
                        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Vitrine//Borne//FR\r\n"
                        "BEGIN:VEVENT\r\nUID:e1-1795870800000\r\nDTSTAMP:20261128T130000Z\r\n"
                        "DTSTART:20261128T130000Z\r\nDTEND:20261128T150000Z\r\n"
                        "SUMMARY:Marché\\, de Noël\r\nLOCATION:Halle\\, Rouen\r\n"
                        "URL:https://exemple.fr/a,b\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    strbuf_clear(&entry);
    kiosk_agenda_write(&event, true, &entry);
    assert_null(strstr(entry.bytes, "LOCATION"));
    strbuf_clear(&entry);
    event.all_day = true;
    event.end_ms = event.start_ms + CIVIL_DAY_MS;
    event.start_minute = event.end_minute = 0;
    kiosk_agenda_write(&event, true, &entry);
    assert_non_null(
        strstr(entry.bytes, "DTSTART;VALUE=DATE:20261128\r\nDTEND;VALUE=DATE:20261129"));
    strbuf_finish(&entry);
}

static void test_long_lines_are_folded(void **state)
{
    (void)state;
    struct directory_event event =
        event_between("2026-11-28T14:00:00Z", "2026-11-28T16:00:00Z", 1, 1);
    struct strbuf entry;
    size_t width = 0, letters = 0;
    event.title = "éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé";
    strbuf_init(&entry);
    kiosk_agenda_write(&event, false, &entry);
    for (const char *c = entry.bytes; *c != '\0'; c++) {
        width = *c == '\n' ? 0 : width + 1;
        assert_true(width <= 76); /* 75 and the carriage return */
        letters += (unsigned char)*c == 0xC3 && (unsigned char)c[1] == 0xA9;
    }
    assert_int_equal(letters, strlen(event.title) / 2);
    assert_non_null(strstr(entry.bytes, "\r\n é"));
    strbuf_finish(&entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when),
        cmocka_unit_test(test_stretches),
        cmocka_unit_test(test_calendar_entry),
        cmocka_unit_test(test_long_lines_are_folded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
