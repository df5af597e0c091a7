/* Programming rules over time: which rules speak for one screen, when, and in which order of
 * preference. Pure: rules, a zone and an interval in, concrete UTC segments out. What the winning
 * rules show is assemble's business. */
#ifndef VITRINE_SERVER_SCHEDULE_RULES_H
#define VITRINE_SERVER_SCHEDULE_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "server/calendar/holidays.h"
#include "server/content/zone.h"
#include "server/store/programming.h"

enum rule_reason {
    RULE_SPEAKS,
    RULE_BEFORE_DATES,
    RULE_AFTER_DATES,
    RULE_OTHER_WEEKDAY,
    RULE_OTHER_HOURS,
    RULE_OTHER_DAY,         /* its recurrence does not fall on that day */
    RULE_EXCEPTED_DAY,      /* one of its exceptions */
    RULE_HOLIDAY,           /* not on public holidays */
    RULE_NO_HOLIDAY,        /* on public holidays only */
    RULE_SCHOOL_HOLIDAYS,   /* not in the school holidays */
    RULE_NO_SCHOOL_HOLIDAY, /* in the school holidays only */
};

struct rule_window {
    int from_minute, until_minute; /* as of struct rule */
};

/* What a rule is on each day of a span. */
struct rule_days {
    int64_t first; /* local day */
    size_t count;
    const unsigned char *reasons; /* enum rule_reason: RULE_SPEAKS when it has hours that day */
    size_t window_count;
    struct rule_window windows[RULE_WINDOWS_MAX]; /* in order */
};

/* A rule that addresses the screen, by its name or by one of its groups. */
struct screen_rule {
    const struct rule *rule;
    bool names_screen;
    const struct rule_days *days; /* of at least the days that are asked about and the one before:
                                     on others it is silent. NULL: a plain rule (rule_days_make) */
};

/* Works a rule's recurrence, exceptions, holidays and further hours out for the days from `first`
 * on. NULL for a plain rule, of dates, weekdays and one daypart. In the arena. */
const struct rule_days *rule_days_make(const struct rule *rule, const struct holidays *holidays,
                                       int64_t first, size_t count, struct arena *arena);

/* A stretch within one local day in which the same rules speak. */
struct rule_segment {
    int64_t from_ms;
    int64_t until_ms;
    int64_t day;          /* local day, days since 1970 */
    size_t active_count;  /* ≥ 1 */
    const size_t *active; /* indexes of rules, best first: see rule_compare */
};

/* Order of preference: the higher class; among campaigns the greater share; the rule that names the
 * screen before one that reaches it by a group; the one that begins later; the id. < 0: a first. */
int rule_compare(const struct screen_rule *a, const struct screen_rule *b);

/* Segments of [from, until) in which at least one rule speaks, sorted, not overlapping; they end at
 * local midnight at the latest. A daypart belongs to the day on which it begins, also for dates and
 * weekdays; local times that DST skips or repeats are as zone_to_utc says; a rule's instants cut
 * it. In the arena. */
size_t rules_segments(const struct screen_rule *rules, size_t count, const struct zone *zone,
                      int64_t from_ms, int64_t until_ms, struct arena *arena,
                      struct rule_segment **segments_out);

/* Whether the rule speaks at the instant, and if not, what keeps it silent. */
enum rule_reason screen_rule_reason_at(const struct screen_rule *rule, const struct zone *zone,
                                       int64_t at_ms);
/* The same of a plain rule. */
enum rule_reason rule_reason_at(const struct rule *rule, const struct zone *zone, int64_t at_ms);

#endif
