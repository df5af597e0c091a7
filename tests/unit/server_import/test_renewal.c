#include "import_fixture.h"

#include "core/civil.h"
#include "server/import/renewal.h"
#include "server/store/events.h"

#define DAYS(count) (INT64_C(count) * CIVIL_DAY_MS)
#define VEVENT(uid, lines) "BEGIN:VEVENT\nUID:" uid "\nSUMMARY:Atelier\n" lines "END:VEVENT\n"

static const char calendar[] =
    "BEGIN:VCALENDAR\nVERSION:2.0\n"
    "BEGIN:VTIMEZONE\nTZID:Chez nous\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
    "TZOFFSETFROM:-0741\nTZOFFSETTO:-0741\nEND:STANDARD\nEND:VTIMEZONE\n" VEVENT(
        "weekly", "DTSTART;TZID=Europe/Paris:20261124T183000\n"
                  "DTEND;TZID=Europe/Paris:20261124T200000\nRRULE:FREQ=WEEKLY\n"
                  "EXDATE;TZID=Europe/Paris:20280104T183000\n")
        VEVENT("weekly", "RECURRENCE-ID;TZID=Europe/Paris:20280111T183000\n"
                         "DTSTART;TZID=Europe/Paris:20280112T100000\n")
            VEVENT("weekly-bis", "DTSTART;VALUE=DATE:20261125\nRRULE:FREQ=WEEKLY\n")
                VEVENT("own zone", "DTSTART;TZID=Chez nous:20261124T101900\nRRULE:FREQ=WEEKLY\n")
                    VEVENT("four times", "DTSTART:20261124T100000\nRRULE:FREQ=DAILY;COUNT=4\n")
                        VEVENT("far away", "DTSTART:20280301T100000\n") VEVENT(
                            "unreadable",
                            "DTSTART:20261124T100000\nRRULE:FREQ=PARFOIS\n") "END:VCALENDAR\n";

static int64_t renew(struct fixture *f, int64_t now_ms)
{
    size_t renewed;

    assert_ok(f, events_renew(f->db, now_ms, &renewed, &f->err));
    return (int64_t)renewed;
}

/* Starts in a stretch of time, in UTC: "2028-01-04T17:30 2028-01-18T17:30". */
static const char *starts_of(struct fixture *f, const char *uid, const char *from, int days)
{
    struct event_occurrence_list list;
    struct strbuf out;
    int64_t day = 0;

    assert_true(civil_parse_date(from, &day));
    assert_ok(f, events_occurrences_of(f->db, f->arena, uid, day * CIVIL_DAY_MS,
                                       (day + days) * CIVIL_DAY_MS, &list, &f->err));
    strbuf_init(&out);
    for (size_t i = 0; i < list.count; i++) {
        char text[32];
        civil_format_instant(list.items[i].at.start_ms, text, sizeof(text));
        strbuf_printf(&out, "%s%.16s", i ? " " : "", text);
    }
    const char *starts = arena_strdup(f->arena, out.bytes);
    strbuf_finish(&out);
    return starts;
}

static void test_dates_go_on(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *uid;
        const char *from;
        int days;
        const char *starts;
    } cases[] = {
        {"weekly", "2027-12-20", 35,
         "2027-12-21T17:30 2027-12-28T17:30 2028-01-18T17:30"}, /* EXDATE, and the moved one */
        {"weekly", "2028-03-20", 14, "2028-03-21T17:30 2028-03-28T16:30"}, /* summer time */
        {"weekly/20280111T183000", "2028-01-01", 31, "2028-01-12T09:00"},
        {"weekly-bis", "2028-01-10", 8, "2028-01-11T23:00"},
        {"own zone", "2028-03-20", 14, "2028-03-21T18:00 2028-03-28T18:00"},
        {"far away", "2028-01-01", 100, "2028-03-01T09:00"},
        {"four times", "2026-11-01", 1000,
         "2026-11-24T09:00 2026-11-25T09:00 2026-11-26T09:00 2026-11-27T09:00"},
        {"unreadable", "2026-11-01", 1000, "2026-11-24T09:00"},
    };

    assert_ok(f, run_evenements(f, put_text(f, "e.ics", calendar)));
    assert_string_equal(starts_of(f, "weekly", "2028-01-15", 30), "");
    assert_true(renew(f, NOON_2026_11_23 + DAYS(250)) > 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *starts = starts_of(f, cases[i].uid, cases[i].from, cases[i].days);
        if (strcmp(starts, cases[i].starts) != 0)
            fail_msg("%s from %s: \"%s\"", cases[i].uid, cases[i].from, starts);
    }
}

static void test_seldom(void **state)
{
    struct fixture *f = *state;
    int64_t before;
    int64_t after;

    assert_ok(f, run_evenements(f, put_text(f, "e.ics", calendar)));
    assert_true(renew(f, NOON_2026_11_23) > 0);
    assert_ok(f, settings_content_version(f->db, &before, &f->err));
    assert_int_equal(renew(f, NOON_2026_11_23 + DAYS(1)), 0);
    assert_int_equal(renew(f, NOON_2026_11_23 + DAYS(199)), 0);
    assert_ok(f, settings_content_version(f->db, &after, &f->err));
    assert_int_equal(before, after);
    assert_true(renew(f, NOON_2026_11_23 + DAYS(201)) > 0);
    assert_ok(f, settings_content_version(f->db, &after, &f->err));
    assert_true(after > before); /* screens are to be assembled anew */
    /* The clock was ten years ahead for a while. */
    assert_true(renew(f, NOON_2026_11_23 + DAYS(3650)) >= 0);
    assert_true(renew(f, NOON_2026_11_23 + DAYS(202)) > 0);
}

/* What an import of the same file says later is what the renewal says. */
static void test_like_an_import(void **state)
{
    struct fixture *f = *state;

    assert_ok(f, run_evenements(f, put_text(f, "e.ics", calendar)));
    assert_true(renew(f, NOON_2026_11_23 + DAYS(300)) > 0);
    f->options.now_ms = NOON_2026_11_23 + DAYS(300);
    struct event_occurrence_list before;
    struct event_occurrence_list after;
    assert_ok(f, events_occurrences(f->db, f->arena, f->options.now_ms, INT64_MAX / 2, NULL, 0, 0,
                                    &before, &f->err));
    assert_ok(f, run_evenements(f, f->file));
    assert_ok(f, events_occurrences(f->db, f->arena, f->options.now_ms, INT64_MAX / 2, NULL, 0, 0,
                                    &after, &f->err));
    assert_int_equal(before.count, after.count);
    for (size_t i = 0; i < before.count; i++)
        assert_true(before.items[i].at.start_ms == after.items[i].at.start_ms &&
                    before.items[i].at.end_ms == after.items[i].at.end_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {CASE(test_dates_go_on), CASE(test_seldom),
                                       CASE(test_like_an_import)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
