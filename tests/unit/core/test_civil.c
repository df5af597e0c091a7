/* Calendar and clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <time.h>

#include <cmocka.h>

#include "core/civil.h"
#include "core/clock.h"

struct day_case {
    int year, month, day;
    int64_t days;
    int weekday; /* Monday = 0 */
};

static const struct day_case days[] = {
    {1970, 1, 1, 0, 3},      {1969, 12, 31, -1, 2},      {2000, 2, 29, 11016, 1},
    {2000, 3, 1, 11017, 2},  {2026, 11, 24, 20781, 1},   {1600, 2, 29, -135081, 1},
    {2038, 1, 19, 24855, 1}, {9999, 12, 31, 2932896, 4}, {0, 3, 1, -719468, 2},
};

static void test_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        const struct day_case *c = &days[i];
        assert_true(civil_days(c->year, c->month, c->day) == c->days);
        assert_int_equal(civil_weekday(c->days), c->weekday);
        struct civil civil = civil_from_ms(c->days * CIVIL_DAY_MS + CIVIL_DAY_MS - 1);
        assert_int_equal(civil.year, c->year);
        assert_int_equal(civil.month, c->month);
        assert_int_equal(civil.day, c->day);
        assert_int_equal(civil.hour, 23);
        assert_int_equal(civil.millisecond, 999);
        assert_true(civil_to_ms(&civil) == c->days * CIVIL_DAY_MS + CIVIL_DAY_MS - 1);
    }
}

/* Day by day over 800 years against the C library. */
static void test_against_libc(void **state)
{
    (void)state;
    for (int64_t day = -146097; day < 146097; day++) {
        time_t seconds = (time_t)(day * 86400);
        struct tm tm;
        gmtime_r(&seconds, &tm);
        struct civil civil = civil_from_ms(day * CIVIL_DAY_MS);
        assert_int_equal(civil.year, tm.tm_year + 1900);
        assert_int_equal(civil.month, tm.tm_mon + 1);
        assert_int_equal(civil.day, tm.tm_mday);
        assert_int_equal((civil_weekday(day) + 1) % 7, tm.tm_wday);
        assert_true(civil_days(civil.year, civil.month, civil.day) == day);
        assert_true(civil_valid_date(civil.year, civil.month, civil.day));
    }
}

struct instant_case {
    const char *text;
    const char *utc; /* NULL: refused */
};

static const struct instant_case instants[] = {
    {"2026-11-24T08:10:00Z", "2026-11-24T08:10:00.000Z"},
    {"2026-11-24T08:10Z", "2026-11-24T08:10:00.000Z"},
    {"2026-11-24T08:10:00+01:00", "2026-11-24T07:10:00.000Z"},
    {"2026-11-24T08:10:30.5-03:30", "2026-11-24T11:40:30.500Z"},
    {"2026-01-01T00:00:00.1239Z", "2026-01-01T00:00:00.123Z"},
    {"2026-01-01T00:30+01:00", "2025-12-31T23:30:00.000Z"},
    {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
    {"2026-11-24T08:10", NULL},
    {"2026-11-24 08:10Z", NULL},
    {"2026-11-24T24:00Z", NULL},
    {"2026-11-24T08:60Z", NULL},
    {"2026-11-24T08:10:60Z", NULL},
    {"2026-11-24T08:10:00.Z", NULL},
    {"2026-11-24T08:10:00Zz", NULL},
    {"2026-11-24T08:10:00+0100", NULL},
    {"2026-11-24T08:10:00+24:00", NULL},
    {"2026-02-29T08:10Z", NULL},
    {"26-11-24T08:10Z", NULL},
    {"", NULL},
};

static void test_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        int64_t ms = 0;
        bool ok = civil_parse_instant(instants[i].text, &ms);
        if (ok != (instants[i].utc != NULL)) {
            fail_msg("%s", instants[i].text);
        }
        if (ok) {
            char text[25];
            civil_format_instant(ms, text, sizeof text);
            assert_string_equal(text, instants[i].utc);
        }
    }
}

static void test_dates(void **state)
{
    (void)state;
    static const char *const refused[] = {"2026-11-31", "2026-13-01",  "2026-00-10",
                                          "2026-1-10",  "2026-11-24 ", "1900-02-29",
                                          "",           "2026-11",     "+026-11-24"};
    int64_t day;
    assert_true(civil_parse_date("2026-11-24", &day) && day == 20781);
    assert_true(civil_parse_date("2000-02-29", &day));
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (civil_parse_date(refused[i], &day)) {
            fail_msg("%s", refused[i]);
        }
    }
}

static void test_times_of_day(void **state)
{
    (void)state;
    static const char *const refused[] = {"24:01", "8:10", "08:60", "0810", "08:10 ", "", "-1:00"};
    int minutes;
    assert_true(civil_parse_time_of_day("08:10", &minutes) && minutes == 490);
    assert_true(civil_parse_time_of_day("00:00", &minutes) && minutes == 0);
    assert_true(civil_parse_time_of_day("24:00", &minutes) && minutes == 1440);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (civil_parse_time_of_day(refused[i], &minutes)) {
            fail_msg("%s", refused[i]);
        }
    }
}

static void test_extremes(void **state)
{
    (void)state;
    static const int64_t extremes[] = {INT64_MIN, INT64_MIN + 1, INT64_MAX};
    for (size_t i = 0; i < 3; i++) {
        char text[64];
        civil_format_instant(extremes[i], text, sizeof text);
        struct civil civil = civil_from_ms(extremes[i]);
        assert_true(civil.month >= 1 && civil.month <= 12 && civil.hour >= 0 && civil.hour < 24);
    }
    assert_int_equal(civil_weekday(INT64_MAX / CIVIL_DAY_MS), 6);
}

static void test_clocks(void **state)
{
    (void)state;
    struct manual_clock manual = {.wall_ms = 5, .mono_ns = 7000000};
    struct clock clock = clock_manual(&manual);
    assert_true(clock_wall_ms(&clock) == 5 && clock_mono_ms(&clock) == 7);
    manual.wall_ms = -3;
    assert_true(clock_wall_ms(&clock) == -3);
    struct clock system = clock_system();
    int64_t before = clock_mono_ns(&system);
    assert_true(clock_mono_ns(&system) >= before);
    assert_true(clock_wall_ms(&system) > INT64_C(1600000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),         cmocka_unit_test(test_against_libc),
        cmocka_unit_test(test_instants),     cmocka_unit_test(test_dates),
        cmocka_unit_test(test_times_of_day), cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
