#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "player/sync/kernel_clock.h"
#include "player/sync/timekeeper.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)
#define START INT64_C(1795428000000) /* 2026-11-23T10:00:00Z, which it truly is */
#define Y1970 (-START)
#define Y2038 (INT64_C(2147483648000) - START)
#define Y2099 (INT64_C(4070908800000) - START)
#define NO_HINT INT64_MIN
#define NS 1000000

enum { MACHINE = TIMEKEEPER_MACHINE, KERNEL, SERVER, MEMORY, FLOOR };

/* At an instant after the start: how wrong the machine is, whether it calls itself synchronised,
 * how wrong a hint of the server is that just came, and how wrong we may be. */
struct moment {
    int64_t after_ms;
    int64_t machine;
    bool synchronised;
    int64_t hint;
    int64_t expected;
    int source;
};

#define MOMENTS_MAX 8

static const struct {
    const char *name;
    int64_t floor; /* after the start; NO_HINT: none */
    int64_t created;
    struct moment moments[MOMENTS_MAX];
} cases[] = {
    {"a good machine, offline, first start",
     NO_HINT,
     NO_HINT,
     {{1, 0, false, NO_HINT, 0, MACHINE}, {HOUR, 0, false, NO_HINT, 0, MACHINE}}},
    {"1970 at boot, offline, first start: time goes on from the software's year",
     NO_HINT,
     NO_HINT,
     {{0, Y1970, false, NO_HINT, TIMEKEEPER_EPOCH_MS - START, FLOOR},
      {HOUR, Y1970, false, NO_HINT, TIMEKEEPER_EPOCH_MS - START, FLOOR}}},
    {"1970 at boot, offline: time goes on from the floor",
     -HOUR,
     NO_HINT,
     {{0, Y1970, false, NO_HINT, -HOUR, FLOOR}, {DAY, Y1970, false, NO_HINT, -HOUR, FLOOR}}},
    {"1970 at boot, then the server answers, then NTP",
     -HOUR,
     NO_HINT,
     {{0, Y1970, false, NO_HINT, -HOUR, FLOOR},
      {5 * SECOND, Y1970, false, 0, 0, SERVER},
      {HOUR, Y1970, false, NO_HINT, 0, SERVER},
      {2 * HOUR, 0, true, NO_HINT, 0, KERNEL}}},
    {"2038 at boot, offline",
     -HOUR,
     NO_HINT,
     {{0, Y2038, false, NO_HINT, -HOUR, FLOOR}, {DAY, Y2038, false, NO_HINT, -HOUR, FLOOR}}},
    {"2099 at boot, offline, then NTP",
     -HOUR,
     NO_HINT,
     {{0, Y2099, false, NO_HINT, -HOUR, FLOOR},
      {DAY, Y2099, false, NO_HINT, -HOUR, FLOOR},
      {DAY + 1, 0, true, NO_HINT, 0, KERNEL}}},
    {"2099 at boot, with the server",
     -HOUR,
     NO_HINT,
     {{0, Y2099, false, NO_HINT, -HOUR, FLOOR}, {9, Y2099, false, 0, 0, SERVER}}},
    {"2099 that calls itself synchronised",
     -HOUR,
     NO_HINT,
     {{0, Y2099, true, NO_HINT, -HOUR, FLOOR}}},
    {"two years in a drawer are believed",
     -2 * YEAR,
     NO_HINT,
     {{0, 0, false, NO_HINT, 0, MACHINE}}},
    {"NTP steps forwards while running",
     -DAY,
     NO_HINT,
     {{0, -2 * HOUR, false, NO_HINT, -2 * HOUR, MACHINE}, {MINUTE, 0, true, NO_HINT, 0, KERNEL}}},
    {"NTP steps backwards while running",
     -DAY,
     NO_HINT,
     {{0, 2 * HOUR, false, NO_HINT, 2 * HOUR, MACHINE}, {MINUTE, 0, true, NO_HINT, 0, KERNEL}}},
    {"NTP steps back by three seconds: the floor is not in the way",
     -DAY,
     NO_HINT,
     {{0, 3000, true, NO_HINT, 3000, KERNEL}, {MINUTE, 0, true, NO_HINT, 0, KERNEL}}},
    {"the server's clock is wrong, the kernel is synchronised",
     -DAY,
     NO_HINT,
     {{0, 0, true, YEAR, 0, KERNEL},
      {10 * MINUTE, 0, true, YEAR, 0, KERNEL},
      {20 * MINUTE, 0, true, YEAR, 0, KERNEL}}},
    {"… and so are its manifests",
     -DAY,
     YEAR,
     {{0, 0, true, YEAR, 0, KERNEL}, {20 * MINUTE, 0, true, YEAR, 0, KERNEL}}},
    {"half a minute of difference is let pass",
     -DAY,
     NO_HINT,
     {{0, 25 * SECOND, false, 0, 25 * SECOND, MACHINE}}},
    {"more is not, until they agree again",
     -DAY,
     NO_HINT,
     {{0, -40 * SECOND, false, 0, 0, SERVER},
      {MINUTE, -10 * SECOND, false, NO_HINT, 0, SERVER},
      {2 * MINUTE, -SECOND, false, NO_HINT, -SECOND, MACHINE},
      {3 * MINUTE, -10 * SECOND, false, NO_HINT, -10 * SECOND, MACHINE}}},
    {"hints that disagree are outvoted",
     -DAY,
     NO_HINT,
     {{0, -HOUR, false, 0, 0, SERVER},
      {MINUTE, -HOUR, false, DAY, 0, SERVER},
      {2 * MINUTE, -HOUR, false, 0, 0, SERVER},
      {3 * MINUTE, -HOUR, false, DAY, 0, SERVER},
      {4 * MINUTE, -HOUR, false, DAY, DAY, SERVER}}},
    {"the machine jumps after it was synchronised",
     -DAY,
     NO_HINT,
     {{0, 0, true, NO_HINT, 0, KERNEL},
      {HOUR, HOUR, false, NO_HINT, 0, MEMORY},
      {2 * HOUR, 0, false, NO_HINT, 0, MACHINE}}},
    {"asleep for a night, awake with a clock that stood still, then the server answers",
     -DAY,
     NO_HINT,
     {{0, 0, false, NO_HINT, 0, MACHINE},
      {8 * HOUR, -8 * HOUR, false, NO_HINT, -8 * HOUR, MACHINE},
      {8 * HOUR + SECOND, -8 * HOUR, false, 0, 0, SERVER}}},
    {"asleep for a night after the server's word",
     -DAY,
     NO_HINT,
     {{0, 0, false, 0, 0, MACHINE}, {8 * HOUR, -8 * HOUR, false, NO_HINT, 0, SERVER}}},
    {"a spoilt floor yields to kernel and server together",
     YEAR,
     NO_HINT,
     {{0, 0, true, NO_HINT, YEAR, FLOOR}, {MINUTE, 0, true, 0, 0, KERNEL}}},
    {"a spoilt floor yields to the server alone after ten minutes",
     YEAR,
     NO_HINT,
     {{0, 0, false, 0, YEAR, FLOOR},
      {5 * MINUTE, 0, false, 0, YEAR, FLOOR},
      {11 * MINUTE, 0, false, 0, 0, MACHINE},
      {HOUR, 0, false, NO_HINT, 0, MACHINE}}},
    {"a server in 2099 is not believed alone at once",
     -DAY,
     NO_HINT,
     {{0, 0, false, Y2099, 0, MACHINE}, {MINUTE, 0, false, Y2099, 0, MACHINE}}},
    {"a manifest was made yesterday: it is not last week",
     NO_HINT,
     -DAY,
     {{0, -7 * DAY, false, NO_HINT, -DAY - 30 * SECOND, FLOOR},
      {HOUR, -7 * DAY, false, NO_HINT, -DAY - 30 * SECOND, FLOOR}}},
    {"a manifest is made ten seconds from now: clocks differ",
     NO_HINT,
     10 * SECOND,
     {{0, 0, false, NO_HINT, 0, MACHINE}, {MINUTE, 0, false, NO_HINT, 0, MACHINE}}},
    {"nothing happens when summer ends", /* on 2027-10-31 */
     -DAY,
     NO_HINT,
     {{0, 0, true, NO_HINT, 0, KERNEL},
      {341 * DAY, 0, true, NO_HINT, 0, KERNEL},
      {343 * DAY, 0, true, NO_HINT, 0, KERNEL}}},
};

static void check_moment(struct timekeeper *keeper, const char *name, const struct moment *moment)
{
    struct timekeeper_reading reading = {START + moment->after_ms + moment->machine,
                                         (HOUR + moment->after_ms) * NS, moment->synchronised};
    if (moment->hint != NO_HINT) {
        struct timekeeper_hint hint = {START + moment->after_ms + moment->hint, reading.mono_ns,
                                       700};
        timekeeper_hint(keeper, &hint);
    }
    int64_t error = timekeeper_now(keeper, &reading) - START - moment->after_ms;
    if (llabs(error - moment->expected) > 1500 ||
        (int)timekeeper_source(keeper) != moment->source) {
        fail_msg("%s, %lld s after the start: %lld ms off, expected %lld; source %s", name,
                 (long long)(moment->after_ms / 1000), (long long)error,
                 (long long)moment->expected, timekeeper_source_name(timekeeper_source(keeper)));
    }
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct timekeeper keeper;
        timekeeper_init(&keeper, cases[i].floor != NO_HINT ? START + cases[i].floor : 0);
        if (cases[i].created != NO_HINT) {
            timekeeper_created(&keeper, START + cases[i].created);
        }
        const struct moment *moments = cases[i].moments;
        for (size_t m = 0; m < MOMENTS_MAX && (m == 0 || moments[m].after_ms > 0); m++) {
            check_moment(&keeper, cases[i].name, &moments[m]);
        }
    }
}

/* A slide that is being faded must not flicker because NTP took half a second off. */
static void test_small_corrections(void **state)
{
    static const int64_t corrections[] = {1, 40, 400, 999};
    (void)state;
    for (size_t i = 0; i < sizeof corrections / sizeof corrections[0]; i++) {
        struct timekeeper keeper;
        timekeeper_init(&keeper, START - DAY);
        struct timekeeper_reading reading = {START, 0, true};
        int64_t before = timekeeper_now(&keeper, &reading);
        int64_t stood = 0;
        for (int64_t ms = 5; ms <= 4000; ms += 5) {
            reading.mono_ns = ms * NS;
            reading.wall_ms = START + ms - (ms > 1000 ? corrections[i] : 0);
            int64_t now = timekeeper_now(&keeper, &reading);
            assert_true(now >= before);
            stood = now == before ? stood + 1 : 0;
            assert_true(stood < 2);
            before = now;
        }
        assert_int_equal(before, START + 4000 - corrections[i]);
    }
}

static void test_large_corrections(void **state)
{
    static const int64_t corrections[] = {-HOUR, -1001, 1, 40, 999, HOUR};
    (void)state;
    for (size_t i = 0; i < sizeof corrections / sizeof corrections[0]; i++) {
        struct timekeeper keeper;
        timekeeper_init(&keeper, START - DAY);
        struct timekeeper_reading reading = {START, 0, true};
        (void)timekeeper_now(&keeper, &reading);
        reading = (struct timekeeper_reading){START + 16 + corrections[i], 16 * NS, true};
        assert_int_equal(timekeeper_now(&keeper, &reading), START + 16 + corrections[i]);
    }
}

/* Only what is beyond doubt may become the floor of the next boot. */
static void test_floor_to_keep(void **state)
{
    static const struct {
        int64_t floor, machine, hint;
        bool synchronised;
        int64_t kept; /* after the start; NO_HINT: nothing */
    } rows[] = {
        {NO_HINT, 0, NO_HINT, false, NO_HINT},  {NO_HINT, 0, NO_HINT, true, -10 * MINUTE},
        {NO_HINT, 0, 0, false, -10 * MINUTE},   {NO_HINT, -HOUR, 0, false, -10 * MINUTE},
        {-DAY, 0, NO_HINT, false, -DAY},        {-DAY, HOUR, NO_HINT, false, -DAY},
        {-DAY, Y1970, NO_HINT, false, -DAY},    {-DAY, Y2099, NO_HINT, true, -DAY},
        {-DAY, 0, NO_HINT, true, -10 * MINUTE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct timekeeper keeper;
        timekeeper_init(&keeper, rows[i].floor != NO_HINT ? START + rows[i].floor : 0);
        struct timekeeper_hint hint = {START + rows[i].hint, 5 * NS, 500};
        if (rows[i].hint != NO_HINT) {
            timekeeper_hint(&keeper, &hint);
        }
        struct timekeeper_reading reading = {START + rows[i].machine, 5 * NS, rows[i].synchronised};
        (void)timekeeper_now(&keeper, &reading);
        assert_int_equal(timekeeper_floor(&keeper),
                         rows[i].kept != NO_HINT ? START + rows[i].kept : 0);
    }
    /* Uptime is time that was surely reached: a screen without any clock gets on night by night. */
    struct timekeeper keeper;
    timekeeper_init(&keeper, START);
    struct timekeeper_reading reading = {0, 0, false};
    (void)timekeeper_now(&keeper, &reading);
    reading = (struct timekeeper_reading){HOUR, HOUR * NS, false};
    (void)timekeeper_now(&keeper, &reading);
    assert_int_equal(timekeeper_floor(&keeper), START + HOUR);
}

static void test_nonsense(void **state)
{
    static const int64_t floors[] = {-1, 0, 1, INT64_MIN, INT64_MAX, TIMEKEEPER_END_MS};
    static const struct timekeeper_hint hints[] = {
        {0, 0, 500}, {INT64_MAX, 0, 500}, {START, 0, -1}, {START, 0, INT64_MAX}};
    (void)state;
    for (size_t i = 0; i < sizeof floors / sizeof floors[0]; i++) {
        struct timekeeper keeper;
        timekeeper_init(&keeper, floors[i]);
        timekeeper_created(&keeper, floors[i]);
        for (size_t h = 0; h < sizeof hints / sizeof hints[0]; h++) {
            timekeeper_hint(&keeper, &hints[h]);
        }
        struct timekeeper_reading reading = {START, 0, false};
        assert_int_equal(timekeeper_now(&keeper, &reading), START);
        reading = (struct timekeeper_reading){INT64_MAX, 1, false};
        assert_true(timekeeper_now(&keeper, &reading) <= TIMEKEEPER_END_MS);
        reading = (struct timekeeper_reading){INT64_MIN, 0, false};
        assert_true(timekeeper_now(&keeper, &reading) >= TIMEKEEPER_EPOCH_MS);
    }
}

static void test_kernel(void **state)
{
    struct timekeeper_reading first;
    struct timekeeper_reading second;
    (void)state;
    kernel_clock_read(&first);
    kernel_clock_read(&second);
    assert_true(second.mono_ns >= first.mono_ns && first.mono_ns > 0);
    assert_true(first.wall_ms > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_small_corrections),
        cmocka_unit_test(test_large_corrections),
        cmocka_unit_test(test_floor_to_keep),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
