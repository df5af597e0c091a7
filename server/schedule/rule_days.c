#include <string.h>

#include "core/civil.h"
#include "server/calendar/repetition.h"
#include "server/schedule/rules.h"

static bool is_plain(const struct rule *rule)
{
    return (rule->recurrence == NULL || rule->recurrence[0] == '\0') && rule->except.count == 0 &&
           rule->also.count == 0 && rule->more_hours.count == 0 && rule->holidays == DAYS_SAME &&
           rule->school_holidays == DAYS_SAME;
}

/* Dates outside of the span, and what is none, are left out. */
static void mark_dates(const struct text_list *dates, int64_t first, size_t count, bool *marks_out)
{
    for (size_t i = 0; i < dates->count; i++) {
        int64_t day = 0;
        if (civil_parse_date(dates->items[i], &day) && day >= first &&
            day < first + (int64_t)count) {
            marks_out[day - first] = true;
        }
    }
}

/* Whether weekday or recurrence let it hold. */
static void mark_pattern(const struct rule *rule, int64_t first, size_t count, bool *marks_out)
{
    if (rule->recurrence != NULL && rule->recurrence[0] != '\0') {
        repetition_days(rule->recurrence, rule->from_day, first, count, marks_out);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        marks_out[i] = (rule->weekdays >> civil_weekday(first + (int64_t)i) & 1u) != 0;
    }
}

static enum rule_reason reason_of(const struct rule *rule, const struct holidays *holidays,
                                  int64_t day, bool pattern)
{
    bool holiday = rule->holidays != DAYS_SAME && holidays_public(holidays, day) != NULL;
    bool school = rule->school_holidays != DAYS_SAME && holidays_school(holidays, day) != NULL;
    if (holiday && rule->holidays == DAYS_EXCEPT) {
        return RULE_HOLIDAY;
    }
    if (school && rule->school_holidays == DAYS_EXCEPT) {
        return RULE_SCHOOL_HOLIDAYS;
    }
    if (!holiday && rule->holidays == DAYS_ONLY) {
        return RULE_NO_HOLIDAY;
    }
    if (!school && rule->school_holidays == DAYS_ONLY) {
        return RULE_NO_SCHOOL_HOLIDAY;
    }
    bool also =
        (holiday && rule->holidays == DAYS_ALSO) || (school && rule->school_holidays == DAYS_ALSO);
    if (pattern || also) {
        return RULE_SPEAKS;
    }
    bool recurs = rule->recurrence != NULL && rule->recurrence[0] != '\0';
    return recurs ? RULE_OTHER_DAY : RULE_OTHER_WEEKDAY;
}

static void read_windows(const struct rule *rule, struct rule_days *days)
{
    days->windows[days->window_count++] =
        (struct rule_window){rule->from_minute, rule->until_minute};
    for (size_t i = 0; i < rule->more_hours.count && days->window_count < RULE_WINDOWS_MAX; i++) {
        const char *text = rule->more_hours.items[i];
        char from[6] = {0};
        struct rule_window window;
        if (strlen(text) != 11) {
            continue;
        }
        memcpy(from, text, 5);
        if (civil_parse_time_of_day(from, &window.from_minute) &&
            civil_parse_time_of_day(text + 6, &window.until_minute)) {
            days->windows[days->window_count++] = window;
        }
    }
}

const struct rule_days *rule_days_make(const struct rule *rule, const struct holidays *holidays,
                                       int64_t first, size_t count, struct arena *arena)
{
    if (is_plain(rule)) {
        return NULL;
    }
    struct rule_days *days = arena_alloc(arena, sizeof *days);
    unsigned char *reasons = arena_array(arena, count, sizeof *reasons);
    bool *pattern = arena_array(arena, count, sizeof *pattern);
    bool *except = arena_array(arena, count, sizeof *except);
    bool *also = arena_array(arena, count, sizeof *also);
    mark_pattern(rule, first, count, pattern);
    mark_dates(&rule->except, first, count, except);
    mark_dates(&rule->also, first, count, also);
    for (size_t i = 0; i < count; i++) {
        reasons[i] =
            (unsigned char)(except[i] ? RULE_EXCEPTED_DAY
                            : also[i] ? RULE_SPEAKS
                                      : reason_of(rule, holidays, first + (int64_t)i, pattern[i]));
    }
    *days = (struct rule_days){.first = first, .count = count, .reasons = reasons};
    read_windows(rule, days);
    return days;
}
