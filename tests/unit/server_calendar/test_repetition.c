/* tests/cases/recurrence.test, and weekly rules against plain arithmetic. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/civil.h"
#include "core/files.h"
#include "core/strbuf.h"
#include "server/calendar/holidays.h"
#include "server/calendar/repetition.h"

#define CASES_FILE TESTS_DIR "/cases/recurrence.test"
#define DAYS_MOST 40000
#define SOON_MS 1000 /* sanitizers included; a rule takes some ten milliseconds at most */

static int64_t date(int number, const char *text)
{
    int64_t day = 0;
    if (!civil_parse_date(text, &day)) {
        fail_msg("recurrence.test:%d: no date: %s", number, text);
    }
    return day;
}

static void put_date(struct strbuf *out, int64_t day)
{
    const struct civil civil = civil_from_ms(day * CIVIL_DAY_MS);
    strbuf_printf(out, "%s%04d-%02d-%02d", out->length > 0 ? " " : "", civil.year, civil.month,
                  civil.day);
}

static void expect(int number, const char *got, const char *wanted)
{
    if (strcmp(got, wanted) != 0) {
        fail_msg("recurrence.test:%d: \"%s\" instead of \"%s\"", number, got, wanted);
    }
}

static void case_days(int number, char *rest, bool counted)
{
    static bool fall[DAYS_MOST];
    const char *rule = strsep(&rest, " ");
    int64_t start = date(number, strsep(&rest, " "));
    char *period = strsep(&rest, " ");
    period[10] = '\0';
    int64_t from = date(number, period);
    int64_t until = date(number, period + 12);
    size_t count = (size_t)(until - from + 1);
    struct error err;
    if (!repetition_check(rule, &err)) {
        fail_msg("recurrence.test:%d: %s", number, err.en);
    }
    size_t fallen = repetition_days(rule, start, from, count, fall);
    struct strbuf got;
    strbuf_init(&got);
    for (size_t i = 0; !counted && i < count; i++) {
        if (fall[i]) {
            put_date(&got, from + (int64_t)i);
        }
    }
    if (counted) {
        strbuf_printf(&got, "%zu", fallen);
    }
    expect(number, got.bytes, rest + 2);
    strbuf_finish(&got);
}

static void case_never(int number, char *rest)
{
    const char *rule = strsep(&rest, " ");
    int64_t start = date(number, strsep(&rest, " "));
    int64_t until = date(number, rest);
    int64_t day = 0;
    struct error err;
    clock_t began = clock(); /* of the processor: the machine may be busy with other things */
    if (!repetition_check(rule, &err)) {
        fail_msg("recurrence.test:%d: %s", number, err.en);
    }
    if (repetition_first(rule, start, until, &day)) {
        fail_msg("recurrence.test:%d: falls", number);
    }
    int64_t took_ms = (int64_t)(clock() - began) * 1000 / CLOCKS_PER_SEC;
    if (took_ms > SOON_MS) {
        fail_msg("recurrence.test:%d: took %d ms", number, (int)took_ms);
    }
}

static void case_refused(int number, char *rest)
{
    const char *words = strstr(rest, " : ");
    char rule[REPETITION_TEXT_MAX + 1] = {0};
    struct error err;
    memcpy(rule, rest, (size_t)(words - rest));
    if (repetition_check(rule, &err)) {
        fail_msg("recurrence.test:%d: was read", number);
    }
    if (strstr(err.en, words + 3) == NULL) {
        fail_msg("recurrence.test:%d: %s", number, err.en);
    }
}

static void case_public(int number, char *rest)
{
    struct holidays *national = holidays_national();
    int64_t day = date(number, strsep(&rest, " "));
    const char *name = holidays_public(national, day);
    expect(number, name == NULL ? "-" : name, rest);
    holidays_destroy(national);
}

static void obey(int number, char *line)
{
    char *rest = line;
    const char *verb = strsep(&rest, " ");
    if (strcmp(verb, "days") == 0 || strcmp(verb, "count") == 0) {
        case_days(number, rest, verb[0] == 'c');
    } else if (strcmp(verb, "never") == 0) {
        case_never(number, rest);
    } else if (strcmp(verb, "refused") == 0) {
        case_refused(number, rest);
    } else if (strcmp(verb, "public") == 0) {
        case_public(number, rest);
    } else {
        fail_msg("recurrence.test:%d: %s", number, verb);
    }
}

static void test_cases(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t length = 0;
    struct error err;
    assert_true(file_read(CASES_FILE, 1024 * 1024, &bytes, &length, &err));
    char *rest = bytes;
    char *line;
    int number = 0;
    int cases = 0;
    while ((line = strsep(&rest, "\n")) != NULL) {
        number++;
        if (line[0] != '\0' && line[0] != '#') {
            obey(number, line);
            cases++;
        }
    }
    free(bytes);
    assert_true(cases > 80);
}

/* Weeks of Monday counted from that of the start. */
static void test_weeks(void **state)
{
    (void)state;
    static const char *const names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    static bool fall[400];
    int64_t first = civil_days(2026, 11, 23);
    for (unsigned days = 1; days < 128; days += 3) {
        for (int interval = 1; interval <= 4; interval++) {
            for (int64_t start = first; start < first + 7; start++) {
                char rule[100];
                int at = snprintf(rule, sizeof rule, "FREQ=WEEKLY;INTERVAL=%d;BYDAY=", interval);
                for (unsigned i = 0; i < 7; i++) {
                    if ((days >> i & 1u) != 0) {
                        at += snprintf(rule + at, sizeof rule - (size_t)at, "%s,", names[i]);
                    }
                }
                rule[at - 1] = '\0';
                repetition_days(rule, start, first, 200, fall);
                for (int64_t i = 0; i < 200; i++) {
                    bool wanted =
                        first + i >= start && i / 7 % interval == 0 && (days >> (i % 7) & 1u) != 0;
                    if (fall[i] != wanted) {
                        fail_msg("%s from day %d on: day %d", rule, (int)(start - first), (int)i);
                    }
                }
            }
        }
    }
}

static const char *name_on(const struct holidays *holidays, const char *text)
{
    const char *name = holidays_public(holidays, date(0, text));
    return name == NULL ? "-" : name;
}

static void test_own_holidays(void **state)
{
    (void)state;
    static const char document[] =
        "{\"format\":1,\"days\":[{\"name\":\"Saint-Romain\",\"date\":\"2026-10-23\"},"
        "{\"name\":\"Saint-Étienne\",\"month_day\":\"12-26\"},"
        "{\"name\":\"Vendredi saint\",\"easter\":-2}],\"without\":[\"2027-05-17\"],"
        "\"school\":[{\"name\":\"Noël\",\"from\":\"2026-12-19\",\"until\":\"2027-01-03\"}]}";
    struct error err;
    struct holidays *holidays = holidays_decode(document, sizeof document - 1, &err);
    assert_non_null(holidays);
    assert_string_equal(name_on(holidays, "2026-10-23"), "Saint-Romain");
    assert_string_equal(name_on(holidays, "2027-10-23"), "-");
    assert_string_equal(name_on(holidays, "2031-12-26"), "Saint-Étienne");
    assert_string_equal(name_on(holidays, "2027-03-26"), "Vendredi saint");
    assert_string_equal(name_on(holidays, "2027-05-17"), "-");
    assert_string_equal(name_on(holidays, "2027-07-14"), "Fête nationale");
    assert_null(holidays_school(holidays, date(0, "2026-12-18")));
    assert_string_equal(holidays_school(holidays, date(0, "2026-12-19")), "Noël");
    assert_string_equal(holidays_school(holidays, date(0, "2027-01-03")), "Noël");
    assert_null(holidays_school(holidays, date(0, "2027-01-04")));
    holidays_destroy(holidays);
    assert_null(holidays_public(NULL, 0));
}

static void test_bad_holidays(void **state)
{
    (void)state;
    static const struct {
        const char *document;
        const char *field;
    } cases[] = {
        {"{}", "format"},
        {"{\"format\":2}", "format"},
        {"{\"format\":1,\"jours\":[]}", "jours"},
        {"{\"format\":1,\"days\":[{\"name\":\"x\"}]}", "days[0]"},
        {"{\"format\":1,\"days\":[{\"date\":\"2026-01-01\"}]}", "days[0].name"},
        {"{\"format\":1,\"days\":[{\"name\":\"x\",\"date\":\"2026-02-30\"}]}", "days[0].date"},
        {"{\"format\":1,\"days\":[{\"name\":\"x\",\"month_day\":\"02-30\"}]}", "days[0].month_day"},
        {"{\"format\":1,\"days\":[{\"name\":\"x\",\"easter\":400}]}", "days[0].easter"},
        {"{\"format\":1,\"days\":[{\"name\":\"x\",\"easter\":1,\"date\":\"2026-01-01\"}]}",
         "days[0]"},
        {"{\"format\":1,\"without\":[\"demain\"]}", "without[0]"},
        {"{\"format\":1,\"school\":[{\"name\":\"x\",\"from\":\"2026-02-02\","
         "\"until\":\"2026-02-01\"}]}",
         "school[0].until"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err;
        assert_null(holidays_decode(cases[i].document, strlen(cases[i].document), &err));
        assert_string_equal(err.field, cases[i].field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_weeks),
        cmocka_unit_test(test_own_holidays),
        cmocka_unit_test(test_bad_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
