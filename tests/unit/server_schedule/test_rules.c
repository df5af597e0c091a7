/* Segments against the plain question "does this rule speak now?", over random rules and a year
 * with both changes of the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/civil.h"
#include "server/schedule/rules.h"

#define RULES 40
#define SAMPLES 4000

/* Numbers that look random and are the same every time. */
static uint32_t next_number(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static void make_rules(uint32_t *state, int64_t first_day, struct arena *arena, struct rule *rules,
                       struct screen_rule *screen_rules)
{
    for (size_t i = 0; i < RULES; i++) {
        struct rule *rule = &rules[i];
        *rule = (struct rule){.id = arena_printf(arena, "r%zu", i),
                              .class = (enum rule_class)next_number(state, 4),
                              .share = 0.1 * (1 + next_number(state, 9))};
        rule->from_day = first_day - 20 + (int64_t)next_number(state, 380);
        rule->until_day = rule->from_day + (int64_t)next_number(state, 120);
        rule->weekdays = next_number(state, 3) == 0 ? 0x7f : 1 + next_number(state, 0x7f);
        /* full quarters, often in the small hours where the clock changes */
        rule->from_minute = 15 * (int)next_number(state, next_number(state, 2) ? 16 : 96);
        rule->until_minute = 15 * (1 + (int)next_number(state, next_number(state, 2) ? 16 : 96));
        screen_rules[i] = (struct screen_rule){rule, next_number(state, 2) == 0, NULL};
    }
}

/* Two of three rules recur, except days, know holidays or have a night of their own. */
static void vary_rules(uint32_t *state, int64_t first_day, const struct holidays *holidays,
                       struct arena *arena, struct rule *rules, struct screen_rule *screen_rules)
{
    static const char *const recurrences[] = {"", "FREQ=DAILY;INTERVAL=3",
                                              "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU,MO",
                                              "FREQ=MONTHLY;BYMONTHDAY=-1"};
    static const char *excepted[] = {"2026-10-25", "2026-12-25"};
    static const char *nights[] = {"22:00-04:00"};
    for (size_t i = 0; i < RULES; i++) {
        struct rule *rule = &rules[i];
        if (next_number(state, 3) == 0) {
            continue;
        }
        rule->recurrence = recurrences[next_number(state, 4)];
        rule->holidays = (enum day_policy)next_number(state, 4);
        rule->except.items = excepted;
        rule->except.count = next_number(state, 3);
        if (rule->from_minute < rule->until_minute && rule->until_minute <= 1320 &&
            rule->from_minute >= 240) {
            rule->more_hours = (struct text_list){1, nights};
        }
        screen_rules[i].days = rule_days_make(rule, holidays, first_day - 2, 370, arena);
    }
}

static const struct rule_segment *segment_at(const struct rule_segment *segments, size_t count,
                                             int64_t at_ms)
{
    for (size_t i = 0; i < count; i++) {
        if (segments[i].from_ms <= at_ms && at_ms < segments[i].until_ms) {
            return &segments[i];
        }
    }
    return NULL;
}

static bool is_active(const struct rule_segment *segment, size_t rule)
{
    for (size_t i = 0; segment != NULL && i < segment->active_count; i++) {
        if (segment->active[i] == rule) {
            return true;
        }
    }
    return false;
}

static void check_order(const struct rule_segment *segments, size_t count,
                        const struct screen_rule *rules, const struct zone *zone)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(segments[i].from_ms < segments[i].until_ms);
        assert_true(i == 0 || segments[i - 1].until_ms <= segments[i].from_ms);
        assert_true(segments[i].active_count > 0);
        assert_int_equal(zone_day(zone, segments[i].from_ms), segments[i].day);
        assert_int_equal(zone_day(zone, segments[i].until_ms - 1), segments[i].day);
        for (size_t k = 1; k < segments[i].active_count; k++) {
            assert_true(
                rule_compare(&rules[segments[i].active[k - 1]], &rules[segments[i].active[k]]) < 0);
        }
    }
}

static void check_zone(const char *name, uint32_t seed)
{
    struct error err;
    struct zone *zone = zone_open(name, &err);
    assert_non_null(zone);
    struct arena *arena = arena_create();
    struct rule rules[RULES];
    struct screen_rule screen_rules[RULES];
    int64_t first_day = civil_days(2026, 9, 1);
    int64_t from_ms = zone_day_start(zone, first_day) + 12345678;
    int64_t until_ms = zone_day_start(zone, first_day + 365);
    struct holidays *holidays = holidays_national();
    make_rules(&seed, first_day, arena, rules, screen_rules);
    vary_rules(&seed, first_day, holidays, arena, rules, screen_rules);
    struct rule_segment *segments = NULL;
    size_t count = rules_segments(screen_rules, RULES, zone, from_ms, until_ms, arena, &segments);
    assert_true(count > 365);
    check_order(segments, count, screen_rules, zone);
    for (int i = 0; i < SAMPLES; i++) {
        int64_t quarters = (until_ms - from_ms) / 900000 - 1;
        int64_t at_ms = from_ms + (int64_t)next_number(&seed, (uint32_t)quarters) * 900000;
        at_ms -= next_number(&seed, 2) == 0 ? at_ms % 900000 : 0; /* right on an edge */
        at_ms = at_ms < from_ms ? from_ms : at_ms;
        const struct rule_segment *segment = segment_at(segments, count, at_ms);
        for (size_t k = 0; k < RULES; k++) {
            bool speaks = screen_rule_reason_at(&screen_rules[k], zone, at_ms) == RULE_SPEAKS;
            if (speaks != is_active(segment, k)) {
                char text[32];
                civil_format_instant(at_ms, text, sizeof text);
                fail_msg("%s, %s: rule %zu should %s", name, text, k,
                         speaks ? "speak" : "be silent");
            }
        }
    }
    holidays_destroy(holidays);
    arena_destroy(arena);
    zone_close(zone);
}

static void test_segments_agree(void **state)
{
    (void)state;
    check_zone("Europe/Paris", 1);
    check_zone("Europe/Paris", 2);
    check_zone("America/Santiago", 3); /* changes at midnight */
    check_zone("Australia/Lord_Howe", 4);
}

static const struct {
    const char *at;
    enum rule_reason reason;
} reasons[] = {
    {"2026-10-31T12:00:00+01:00", RULE_BEFORE_DATES},
    {"2026-11-02T12:00:00+01:00", RULE_SPEAKS}, /* a Monday */
    {"2026-11-03T12:00:00+01:00", RULE_OTHER_WEEKDAY},
    {"2026-11-02T09:59:59+01:00", RULE_OTHER_HOURS},
    {"2026-11-02T14:00:00+01:00", RULE_OTHER_HOURS},
    {"2026-11-30T13:59:59+01:00", RULE_SPEAKS},
    {"2026-12-07T12:00:00+01:00", RULE_AFTER_DATES},
};

static void test_reasons(void **state)
{
    (void)state;
    struct error err;
    struct zone *zone = zone_open("Europe/Paris", &err);
    struct rule rule = {.from_day = civil_days(2026, 11, 1),
                        .until_day = civil_days(2026, 11, 30),
                        .weekdays = 1,
                        .from_minute = 600,
                        .until_minute = 840};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        int64_t at_ms = 0;
        assert_true(civil_parse_instant(reasons[i].at, &at_ms));
        if (rule_reason_at(&rule, zone, at_ms) != reasons[i].reason) {
            fail_msg("%s", reasons[i].at);
        }
    }
    zone_close(zone);
}

static const char *christmas[] = {"2026-12-25"};
static const char *boxing_day[] = {"2026-12-26"};

static const struct {
    struct rule rule; /* beside its dates and hours */
    const char *at;
    enum rule_reason reason;
} day_reasons[] = {
    {{.recurrence = "FREQ=WEEKLY;BYDAY=TU"}, "2026-12-22T12:00:00+01:00", RULE_SPEAKS},
    {{.recurrence = "FREQ=WEEKLY;BYDAY=TU"}, "2026-12-22T08:00:00+01:00", RULE_OTHER_HOURS},
    {{.recurrence = "FREQ=WEEKLY;BYDAY=TU"}, "2026-12-23T12:00:00+01:00", RULE_OTHER_DAY},
    {{.weekdays = 0x7f, .except = {1, christmas}}, "2026-12-25T12:00:00+01:00", RULE_EXCEPTED_DAY},
    {{.weekdays = 1, .also = {1, boxing_day}}, "2026-12-26T12:00:00+01:00", RULE_SPEAKS},
    {{.weekdays = 1, .also = {1, boxing_day}}, "2026-12-27T12:00:00+01:00", RULE_OTHER_WEEKDAY},
    {{.weekdays = 0x7f, .holidays = DAYS_EXCEPT}, "2026-12-25T12:00:00+01:00", RULE_HOLIDAY},
    {{.weekdays = 0x7f, .holidays = DAYS_ONLY}, "2026-12-24T12:00:00+01:00", RULE_NO_HOLIDAY},
    {{.weekdays = 1, .holidays = DAYS_ALSO}, "2026-12-25T12:00:00+01:00", RULE_SPEAKS},
    {{.weekdays = 1, .holidays = DAYS_ALSO}, "2026-12-24T12:00:00+01:00", RULE_OTHER_WEEKDAY},
    {{.weekdays = 0x7f, .school_holidays = DAYS_EXCEPT},
     "2026-12-21T12:00:00+01:00",
     RULE_SCHOOL_HOLIDAYS},
    {{.weekdays = 0x7f, .school_holidays = DAYS_ONLY},
     "2026-12-16T12:00:00+01:00",
     RULE_NO_SCHOOL_HOLIDAY},
    {{.weekdays = 0x7f, .holidays = DAYS_ONLY}, "2028-12-25T12:00:00+01:00", RULE_AFTER_DATES},
};

static void test_day_reasons(void **state)
{
    (void)state;
    static const char document[] = "{\"format\":1,\"school\":[{\"name\":\"Noël\",\"from\":"
                                   "\"2026-12-19\",\"until\":\"2027-01-03\"}]}";
    struct error err;
    struct zone *zone = zone_open("Europe/Paris", &err);
    struct holidays *holidays = holidays_decode(document, sizeof document - 1, &err);
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof day_reasons / sizeof *day_reasons; i++) {
        struct rule rule = day_reasons[i].rule;
        int64_t at_ms = 0;
        rule.from_day = civil_days(2026, 1, 1);
        rule.until_day = civil_days(2027, 12, 31);
        rule.from_minute = 600;
        rule.until_minute = 840;
        rule.recurrence = rule.recurrence == NULL ? "" : rule.recurrence;
        assert_true(civil_parse_instant(day_reasons[i].at, &at_ms));
        const struct screen_rule screen_rule = {
            &rule, true, rule_days_make(&rule, holidays, zone_day(zone, at_ms) - 2, 5, arena)};
        enum rule_reason reason = screen_rule_reason_at(&screen_rule, zone, at_ms);
        if (reason != day_reasons[i].reason) {
            fail_msg("%zu, %s: %d", i, day_reasons[i].at, (int)reason);
        }
    }
    arena_destroy(arena);
    holidays_destroy(holidays);
    zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments_agree),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_day_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
