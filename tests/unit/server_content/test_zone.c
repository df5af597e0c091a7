/* Time zones: wall times that DST skips or repeats, and offsets over a period. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/civil.h"
#include "server/content/zone.h"

static int64_t instant(const char *text)
{
    int64_t ms = 0;
    if (!civil_parse_instant(text, &ms)) {
        fail_msg("no instant: %s", text);
    }
    return ms;
}

static struct zone *zone_of(const char *name)
{
    struct error err;
    struct zone *zone = zone_open(name, &err);
    if (zone == NULL) {
        fail_msg("%s: %s", name, err.en);
    }
    return zone;
}

/* local is written as if it were UTC. */
static const struct {
    const char *zone;
    const char *local;
    const char *utc;
} local_cases[] = {
    {"Europe/Paris", "2026-11-24T08:10:00Z", "2026-11-24T07:10:00Z"},
    {"Europe/Paris", "2026-07-14T08:10:00Z", "2026-07-14T06:10:00Z"},
    /* spring: 02:00–03:00 does not exist and becomes 03:00 */
    {"Europe/Paris", "2027-03-28T01:59:59Z", "2027-03-28T00:59:59Z"},
    {"Europe/Paris", "2027-03-28T02:00:00Z", "2027-03-28T01:00:00Z"},
    {"Europe/Paris", "2027-03-28T02:30:00Z", "2027-03-28T01:00:00Z"},
    {"Europe/Paris", "2027-03-28T03:00:00Z", "2027-03-28T01:00:00Z"},
    {"Europe/Paris", "2027-03-28T03:00:01Z", "2027-03-28T01:00:01Z"},
    /* autumn: 02:00–03:00 comes twice, the first counts */
    {"Europe/Paris", "2026-10-25T01:59:59Z", "2026-10-24T23:59:59Z"},
    {"Europe/Paris", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"},
    {"Europe/Paris", "2026-10-25T03:00:00Z", "2026-10-25T02:00:00Z"},
    /* beyond the explicit table: the rule of the footer */
    {"Europe/Paris", "2090-07-01T12:00:00Z", "2090-07-01T10:00:00Z"},
    {"Europe/Paris", "2090-12-01T12:00:00Z", "2090-12-01T11:00:00Z"},
    /* a gap at midnight: the day begins at 01:00 */
    {"America/Santiago", "2026-09-06T00:00:00Z", "2026-09-06T04:00:00Z"},
    /* a day that never was */
    {"Pacific/Apia", "2011-12-30T12:00:00Z", "2011-12-30T10:00:00Z"},
    /* half-hour DST, southern summer over the new year */
    {"Australia/Lord_Howe", "2026-01-15T12:00:00Z", "2026-01-15T01:00:00Z"},
    {"Australia/Lord_Howe", "2026-07-15T12:00:00Z", "2026-07-15T01:30:00Z"},
    {"America/New_York", "2100-07-04T12:00:00Z", "2100-07-04T16:00:00Z"},
    {"Asia/Kolkata", "2026-07-15T12:00:00Z", "2026-07-15T06:30:00Z"},
    {"UTC", "2026-07-15T12:00:00Z", "2026-07-15T12:00:00Z"},
};

static void test_local_to_utc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof local_cases / sizeof *local_cases; i++) {
        struct zone *zone = zone_of(local_cases[i].zone);
        int64_t expected = instant(local_cases[i].utc);
        int64_t got = zone_to_utc(zone, instant(local_cases[i].local));
        if (got != expected) {
            fail_msg("%s %s: %lld ms beside %s", local_cases[i].zone, local_cases[i].local,
                     (long long)(got - expected), local_cases[i].utc);
        }
        zone_close(zone);
    }
}

static void test_local_never_goes_back(void **state)
{
    (void)state;
    struct zone *zone = zone_of("Europe/Paris");
    int64_t before = INT64_MIN;
    int64_t start = instant("2026-10-24T00:00:00Z");
    for (int64_t local = start; local < start + 200 * CIVIL_DAY_MS; local += 900000) {
        int64_t utc = zone_to_utc(zone, local);
        assert_true(utc >= before);
        before = utc;
    }
    zone_close(zone);
}

static void test_days(void **state)
{
    (void)state;
    struct zone *zone = zone_of("Europe/Paris");
    int64_t day = civil_days(2026, 10, 25);
    assert_int_equal(zone_day_start(zone, day), instant("2026-10-24T22:00:00Z"));
    assert_int_equal(zone_day_start(zone, day + 1) - zone_day_start(zone, day), 25 * 3600000);
    assert_int_equal(zone_day(zone, instant("2026-10-24T21:59:59Z")), day - 1);
    assert_int_equal(zone_day(zone, instant("2026-10-24T22:00:00Z")), day);
    zone_close(zone);
    zone = zone_of("America/New_York");
    assert_int_equal(zone_day(zone, instant("1969-12-31T12:00:00Z")), -1);
    zone_close(zone);
}

static void test_offsets(void **state)
{
    (void)state;
    struct zone *zone = zone_of("Europe/Paris");
    struct zone_offset offsets[3];
    int64_t from = instant("2026-09-01T00:00:00Z");
    size_t count = zone_offsets(zone, from, instant("2027-09-01T00:00:00Z"), offsets, 3);
    assert_int_equal(count, 3);
    assert_int_equal(offsets[0].from_ms, from);
    assert_int_equal(offsets[0].offset_s, 7200);
    assert_int_equal(offsets[1].from_ms, instant("2026-10-25T01:00:00Z"));
    assert_int_equal(offsets[1].offset_s, 3600);
    assert_int_equal(offsets[2].from_ms, instant("2027-03-28T01:00:00Z"));
    assert_int_equal(offsets[2].offset_s, 7200);
    assert_int_equal(zone_offsets(zone, from, from + 1, offsets, 3), 1);
    zone_close(zone);
}

static void test_names_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum error_kind kind;
    } cases[] = {
        {"", ERROR_INVALID},
        {"../../etc/passwd", ERROR_INVALID},
        {"/etc/localtime", ERROR_INVALID},
        {"Europe//Paris", ERROR_INVALID},
        {"Europe/Paris ", ERROR_INVALID},
        {"Europe/Rouen", ERROR_NOT_FOUND},
        {"Europe", ERROR_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err;
        error_clear(&err);
        assert_null(zone_open(cases[i].name, &err));
        assert_int_equal(err.kind, cases[i].kind);
        assert_true(err.fr[0] != '\0');
    }
}

static void put_be(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[size - 1 - i] = (uint8_t)(value >> 8 * i);
    }
}

/* Two headers with one type each and a footer. */
static size_t make_tzif(uint8_t *bytes, const char *footer)
{
    size_t at = 0;
    for (int block = 0; block < 2; block++) {
        memset(bytes + at, 0, 44 + 7);
        memcpy(bytes + at, "TZif2", 5);
        put_be(bytes + at + 36, 1, 4); /* types */
        put_be(bytes + at + 40, 1, 4); /* characters */
        put_be(bytes + at + 44, 3600, 4);
        at += 44 + 7;
    }
    size_t length = strlen(footer);
    memcpy(bytes + at, footer, length);
    return at + length;
}

static void test_footers(void **state)
{
    (void)state;
    static const struct {
        const char *footer;
        bool ok;
        int july_s;
    } cases[] = {
        {"\nCET-1CEST,M3.5.0,M10.5.0/3\n", true, 7200},
        {"\n<+0330>-3:30\n", true, 12600},
        {"\nAAA0BBB,J60,J300\n", true, 3600},
        {"\nAAA0BBB,0/0,J365/25\n", true, 3600},
        {"\n\n", true, 3600},
        {"\nCET-1CEST,M3.5.0\n", false, 0},
        {"\nCET-1CEST,M13.5.0,M10.5.0\n", false, 0},
        {"\nCET-1CEST,M3.5.0,M10.5.0/3junk\n", false, 0},
        {"\nC-1\n", false, 0},
        {"CET-1\n", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bytes[512];
        size_t length = make_tzif(bytes, cases[i].footer);
        struct error err;
        struct zone *zone = zone_parse(bytes, length, &err);
        if ((zone != NULL) != cases[i].ok) {
            fail_msg("footer %s", cases[i].footer);
        }
        if (zone != NULL) {
            int64_t july = instant("2030-07-10T12:00:00Z");
            assert_int_equal(zone_offset_s(zone, july), cases[i].july_s);
        }
        zone_close(zone);
        /* Cut anywhere, it is refused and nothing is read beyond its end. */
        for (size_t cut = 0; cut + 2 < length; cut++) {
            uint8_t *copy = malloc(cut + 1);
            memcpy(copy, bytes, cut);
            zone_close(zone_parse(copy, cut, &err));
            free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_local_to_utc),  cmocka_unit_test(test_local_never_goes_back),
        cmocka_unit_test(test_days),          cmocka_unit_test(test_offsets),
        cmocka_unit_test(test_names_refused), cmocka_unit_test(test_footers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
