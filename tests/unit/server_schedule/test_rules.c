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
    make_rules(&seed, first_day, arena, rules, screen_rules);
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
            bool speaks = rule_reason_at(&rules[k], zone, at_ms) == RULE_SPEAKS;
            if (speaks != is_active(segment, k)) {
                char text[32];
                civil_format_instant(at_ms, text, sizeof text);
                fail_msg("%s, %s: rule %zu should %s", name, text, k,
                         speaks ? "speak" : "be silent");
            }
        }
    }
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments_agree),
        cmocka_unit_test(test_reasons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
