#include "server/schedule/rules.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"

/* A rule begins or ends to speak, or (rule = SIZE_MAX) a local day begins. */
struct rule_edge {
    int64_t at_ms;
    int64_t day;
    size_t rule;
    bool begins;
};

struct rule_edges {
    struct rule_edge *items;
    size_t count;
};

/* When its dates or its own instant let it begin, as near as a zone's offset. */
static int64_t rule_begin(const struct rule *rule)
{
    int64_t day_ms = rule->from_day * CIVIL_DAY_MS;
    return rule->from_ms != 0 && rule->from_ms > day_ms ? rule->from_ms : day_ms;
}

int rule_compare(const struct screen_rule *left, const struct screen_rule *right)
{
    const struct rule *a = left->rule;
    const struct rule *b = right->rule;
    if (a->class != b->class) {
        return a->class > b->class ? -1 : 1;
    }
    if (a->class == RULE_CAMPAIGN && a->share != b->share) {
        return a->share > b->share ? -1 : 1;
    }
    if (left->names_screen != right->names_screen) {
        return left->names_screen ? -1 : 1;
    }
    if (rule_begin(a) != rule_begin(b)) {
        return rule_begin(a) > rule_begin(b) ? -1 : 1;
    }
    return strcmp(a->id, b->id);
}

static size_t window_count(const struct screen_rule *rule)
{
    return rule->days == NULL ? 1 : rule->days->window_count;
}

/* Whether dayparts of it begin on that day. */
static enum rule_reason day_reason(const struct screen_rule *screen_rule, int64_t day)
{
    const struct rule *rule = screen_rule->rule;
    const struct rule_days *days = screen_rule->days;
    if (day < rule->from_day) {
        return RULE_BEFORE_DATES;
    }
    if (day > rule->until_day) {
        return RULE_AFTER_DATES;
    }
    if (days == NULL) {
        return (rule->weekdays >> civil_weekday(day) & 1u) != 0 ? RULE_SPEAKS : RULE_OTHER_WEEKDAY;
    }
    if (day < days->first || day >= days->first + (int64_t)days->count) {
        return RULE_OTHER_DAY;
    }
    return (enum rule_reason)days->reasons[day - days->first];
}

/* The daypart that begins on `day`, in UTC, as far as it lies between the rule's instants; false
 * when nothing of it does, or DST swallows it whole. */
static bool rule_daypart(const struct screen_rule *screen_rule, const struct zone *zone,
                         int64_t day, size_t index, int64_t *from_out, int64_t *until_out)
{
    const struct rule *rule = screen_rule->rule;
    struct rule_window window = {rule->from_minute, rule->until_minute};
    if (screen_rule->days != NULL) {
        window = screen_rule->days->windows[index];
    }
    int64_t until_day = window.until_minute <= window.from_minute ? day + 1 : day;
    *from_out = zone_to_utc(zone, day * CIVIL_DAY_MS + window.from_minute * INT64_C(60000));
    *until_out = zone_to_utc(zone, until_day * CIVIL_DAY_MS + window.until_minute * INT64_C(60000));
    if (rule->from_ms != 0 && *from_out < rule->from_ms) {
        *from_out = rule->from_ms;
    }
    if (rule->until_ms != 0 && *until_out > rule->until_ms) {
        *until_out = rule->until_ms;
    }
    return *from_out < *until_out;
}

static int compare_edges(const void *left, const void *right)
{
    const struct rule_edge *a = left;
    const struct rule_edge *b = right;
    if (a->at_ms != b->at_ms) {
        return a->at_ms < b->at_ms ? -1 : 1;
    }
    if (a->rule != b->rule) {
        return a->rule < b->rule ? -1 : 1;
    }
    return (a->day > b->day) - (a->day < b->day);
}

/* A rule's dayparts on their way to edges. */
struct daypart_walk {
    struct rule_edges *edges;
    size_t index; /* of the rule */
    int64_t from_ms, until_ms;
    int64_t open_ms; /* end of the last one */
};

static void add_daypart(struct daypart_walk *walk, int64_t day, int64_t begin, int64_t end)
{
    if (end <= walk->from_ms || begin >= walk->until_ms || end <= walk->open_ms) {
        return;
    }
    struct rule_edges *edges = walk->edges;
    /* A daypart of 24 hours, over midnight or over a DST overlap may touch the next one: one
     * stretch. */
    if (begin <= walk->open_ms) {
        edges->count--;
    } else {
        begin = begin < walk->from_ms ? walk->from_ms : begin;
        edges->items[edges->count++] = (struct rule_edge){begin, day, walk->index, true};
    }
    edges->items[edges->count++] = (struct rule_edge){end, day, walk->index, false};
    walk->open_ms = end;
}

static void add_rule_edges(struct rule_edges *edges, const struct screen_rule *rule, size_t index,
                           const struct zone *zone, int64_t from_ms, int64_t until_ms)
{
    /* Yesterday's daypart may still run. */
    int64_t first = zone_day(zone, from_ms) - 1;
    int64_t last = zone_day(zone, until_ms - 1);
    first = rule->rule->from_day > first ? rule->rule->from_day : first;
    last = rule->rule->until_day < last ? rule->rule->until_day : last;
    struct daypart_walk walk = {edges, index, from_ms, until_ms, INT64_MIN};
    for (int64_t day = first; day <= last; day++) {
        if (day_reason(rule, day) != RULE_SPEAKS) {
            continue;
        }
        for (size_t i = 0; i < window_count(rule); i++) {
            int64_t begin = 0;
            int64_t end = 0;
            if (rule_daypart(rule, zone, day, i, &begin, &end)) {
                add_daypart(&walk, day, begin, end);
            }
        }
    }
}

static size_t rule_edges_max(const struct screen_rule *rules, size_t count, int64_t days)
{
    size_t max = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t own = rules[i].rule->until_day - rules[i].rule->from_day + 1;
        own = own < 0 ? 0 : own;
        max += 2 * (size_t)(own < days ? own : days) * window_count(&rules[i]);
    }
    return max;
}

static struct rule_edges rule_edges_collect(const struct screen_rule *rules, size_t count,
                                            const struct zone *zone, int64_t from_ms,
                                            int64_t until_ms, struct arena *arena)
{
    int64_t first = zone_day(zone, from_ms);
    int64_t last = zone_day(zone, until_ms - 1);
    struct rule_edges edges = {0};
    int64_t days = last - first + 3;
    edges.items = arena_array(arena, rule_edges_max(rules, count, days) + (size_t)days + 1,
                              sizeof *edges.items);
    for (int64_t day = first; day <= last; day++) {
        int64_t at = zone_day_start(zone, day);
        edges.items[edges.count++] =
            (struct rule_edge){at < from_ms ? from_ms : at, day, SIZE_MAX, true};
    }
    edges.items[edges.count++] = (struct rule_edge){until_ms, last + 1, SIZE_MAX, true};
    for (size_t i = 0; i < count; i++) {
        add_rule_edges(&edges, &rules[i], i, zone, from_ms, until_ms);
    }
    qsort(edges.items, edges.count, sizeof *edges.items, compare_edges);
    return edges;
}

/* The rules that speak now, kept in order of preference. */
struct active_rules {
    const struct screen_rule *rules;
    size_t *items;
    size_t count;
};

static void active_change(struct active_rules *active, const struct rule_edge *edge)
{
    size_t i = 0;
    if (edge->begins) {
        for (i = active->count; i > 0; i--) {
            if (rule_compare(&active->rules[active->items[i - 1]], &active->rules[edge->rule]) <
                0) {
                break;
            }
            active->items[i] = active->items[i - 1];
        }
        active->items[i] = edge->rule;
        active->count++;
        return;
    }
    while (i < active->count && active->items[i] != edge->rule) {
        i++;
    }
    for (; i + 1 < active->count; i++) {
        active->items[i] = active->items[i + 1];
    }
    active->count--;
}

size_t rules_segments(const struct screen_rule *rules, size_t count, const struct zone *zone,
                      int64_t from_ms, int64_t until_ms, struct arena *arena,
                      struct rule_segment **segments_out)
{
    struct rule_edges edges = rule_edges_collect(rules, count, zone, from_ms, until_ms, arena);
    struct rule_segment *segments = arena_array(arena, edges.count, sizeof *segments);
    struct active_rules active = {rules, arena_array(arena, count + 1, sizeof(size_t)), 0};
    size_t segment_count = 0;
    int64_t day = 0;
    for (size_t i = 0; i < edges.count && edges.items[i].at_ms < until_ms;) {
        int64_t at_ms = edges.items[i].at_ms;
        for (; i < edges.count && edges.items[i].at_ms == at_ms; i++) {
            if (edges.items[i].rule == SIZE_MAX) {
                day = edges.items[i].day;
            } else {
                active_change(&active, &edges.items[i]);
            }
        }
        if (active.count > 0) {
            size_t *items = arena_array(arena, active.count, sizeof *items);
            memcpy(items, active.items, active.count * sizeof *items);
            segments[segment_count++] =
                (struct rule_segment){at_ms, edges.items[i].at_ms, day, active.count, items};
        }
    }
    *segments_out = segments;
    return segment_count;
}

enum rule_reason screen_rule_reason_at(const struct screen_rule *screen_rule,
                                       const struct zone *zone, int64_t at_ms)
{
    const struct rule *rule = screen_rule->rule;
    int64_t today = zone_day(zone, at_ms);
    for (int64_t day = today - 1; day <= today; day++) {
        bool speaks = day_reason(screen_rule, day) == RULE_SPEAKS;
        for (size_t i = 0; speaks && i < window_count(screen_rule); i++) {
            int64_t from = 0;
            int64_t until = 0;
            if (rule_daypart(screen_rule, zone, day, i, &from, &until) && from <= at_ms &&
                at_ms < until) {
                return RULE_SPEAKS;
            }
        }
    }
    if (today < rule->from_day || (rule->from_ms != 0 && at_ms < rule->from_ms)) {
        return RULE_BEFORE_DATES;
    }
    if (today > rule->until_day || (rule->until_ms != 0 && at_ms >= rule->until_ms)) {
        return RULE_AFTER_DATES;
    }
    enum rule_reason reason = day_reason(screen_rule, today);
    return reason == RULE_SPEAKS ? RULE_OTHER_HOURS : reason;
}

enum rule_reason rule_reason_at(const struct rule *rule, const struct zone *zone, int64_t at_ms)
{
    return screen_rule_reason_at(&(struct screen_rule){rule, true, NULL}, zone, at_ms);
}
