#include "server/schedule/rulebook.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/log.h"
#include "server/store/site_documents.h"

/* Opening hours and explanations look a week ahead. */
#define SPAN_NEAR_DAYS 14
/* A zone's day may be the one before or after that of UTC. */
#define SPAN_MARGIN_DAYS 2

/* That a rule names a screen or a group. */
struct target {
    const char *name;
    size_t rule;
};

struct targets {
    size_t count;
    struct target *items; /* sorted by name, then rule */
};

struct rulebook {
    struct arena *arena;
    struct rulebook_span span;
    struct holidays *holidays;
    size_t count;
    const struct rule **rules; /* by class downwards, then id */
    const struct rule_days **days;
    struct targets screens, groups;
};

struct rulebook_span rulebook_span_of(int64_t day, int64_t days)
{
    /* Yesterday's daypart may still run. */
    struct rulebook_span span = {day - 1, day + days, day - 1 - SPAN_MARGIN_DAYS, 0};
    int64_t reach = days;
    if (days == 0) {
        span.from_day = DAY_MIN;
        span.until_day = DAY_MAX;
        reach = SPAN_NEAR_DAYS;
    }
    span.count = (size_t)(reach + 2 + 2 * SPAN_MARGIN_DAYS);
    return span;
}

struct holidays *rulebook_read_holidays(struct db *db, struct error *err)
{
    struct arena *arena = arena_create();
    struct site_document document;
    struct holidays *holidays = NULL;
    struct error cause;
    error_clear(&cause);
    bool found = site_documents_get(db, arena, SITE_DOCUMENT_HOLIDAYS, &document, &cause);
    if (found) {
        holidays = holidays_decode(document.document, strlen(document.document), &cause);
    }
    if (found && holidays == NULL) {
        log_error(LOG_WARN, "holidays_broken", &cause);
    }
    if (holidays == NULL && (found || cause.kind == ERROR_NOT_FOUND)) {
        holidays = holidays_national();
    } else if (holidays == NULL && err != NULL) {
        *err = cause;
    }
    arena_destroy(arena);
    return holidays;
}

static int compare_targets(const void *left, const void *right)
{
    const struct target *a = left;
    const struct target *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->rule > b->rule) - (a->rule < b->rule);
}

static void index_targets(struct rulebook *rulebook, size_t offset, struct targets *out)
{
    size_t total = 0;
    for (size_t i = 0; i < rulebook->count; i++) {
        total += ((const struct text_list *)((const char *)rulebook->rules[i] + offset))->count;
    }
    *out = (struct targets){0, arena_array(rulebook->arena, total, sizeof *out->items)};
    for (size_t i = 0; i < rulebook->count; i++) {
        const struct text_list *names = (const void *)((const char *)rulebook->rules[i] + offset);
        for (size_t k = 0; k < names->count; k++) {
            out->items[out->count++] = (struct target){names->items[k], i};
        }
    }
    if (out->count > 1) {
        qsort(out->items, out->count, sizeof *out->items, compare_targets);
    }
}

static void index_rules(struct rulebook *rulebook)
{
    index_targets(rulebook, offsetof(struct rule, screens), &rulebook->screens);
    index_targets(rulebook, offsetof(struct rule, groups), &rulebook->groups);
}

static const struct rule_days *days_of(const struct rulebook *rulebook, const struct rule *rule)
{
    return rule_days_make(rule, rulebook->holidays, rulebook->span.first, rulebook->span.count,
                          rulebook->arena);
}

struct rulebook *rulebook_load(struct db *db, struct arena *arena, const char *screen,
                               const struct rulebook_span *span, struct error *err)
{
    struct rule_list list = {0};
    struct holidays *holidays = rulebook_read_holidays(db, err);
    if (holidays == NULL ||
        !(screen == NULL
              ? rules_published(db, arena, span->from_day, span->until_day, &list, err)
              : rules_for_screen(db, arena, screen, span->from_day, span->until_day, &list, err))) {
        holidays_destroy(holidays);
        return NULL;
    }
    struct rulebook *rulebook = arena_alloc(arena, sizeof *rulebook);
    *rulebook = (struct rulebook){.arena = arena, .span = *span, .holidays = holidays};
    rulebook->rules = arena_array(arena, list.count, sizeof *rulebook->rules);
    rulebook->days = arena_array(arena, list.count, sizeof *rulebook->days);
    rulebook->count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        rulebook->rules[i] = &list.items[i];
        rulebook->days[i] = days_of(rulebook, rulebook->rules[i]);
    }
    index_rules(rulebook);
    return rulebook;
}

void rulebook_destroy(struct rulebook *rulebook)
{
    if (rulebook != NULL) {
        holidays_destroy(rulebook->holidays);
    }
}

const struct holidays *rulebook_holidays(const struct rulebook *rulebook)
{
    return rulebook->holidays;
}

static bool stands_before(const struct rule *a, const struct rule *b)
{
    return a->class != b->class ? a->class > b->class : strcmp(a->id, b->id) < 0;
}

void rulebook_try(struct rulebook *rulebook, const struct rule *rule)
{
    const struct rule **rules = arena_array(rulebook->arena, rulebook->count + 1, sizeof *rules);
    const struct rule_days **days = arena_array(rulebook->arena, rulebook->count + 1, sizeof *days);
    size_t count = 0;
    bool placed = false;
    for (size_t i = 0; i <= rulebook->count; i++) {
        bool last = i == rulebook->count;
        if (!placed && (last || stands_before(rule, rulebook->rules[i]))) {
            rules[count] = rule;
            days[count++] = days_of(rulebook, rule);
            placed = true;
        }
        if (!last && strcmp(rulebook->rules[i]->id, rule->id) != 0) {
            rules[count] = rulebook->rules[i];
            days[count++] = rulebook->days[i];
        }
    }
    rulebook->rules = rules;
    rulebook->days = days;
    rulebook->count = count;
    index_rules(rulebook);
}

/* Marks the rules that the name is a target of: 1, or 2 when it is the screen's own. */
static void mark(const struct targets *targets, const char *name, unsigned char how,
                 unsigned char *marks)
{
    size_t low = 0;
    size_t high = targets->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(targets->items[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < targets->count && strcmp(targets->items[low].name, name) == 0; low++) {
        marks[targets->items[low].rule] |= how;
    }
}

size_t rulebook_of_screen(const struct rulebook *rulebook, const struct screen *screen,
                          struct arena *arena, struct screen_rule **rules_out)
{
    enum { BY_GROUP = 1, BY_NAME = 2 };
    unsigned char *marks = arena_array(arena, rulebook->count, sizeof *marks);
    size_t count = 0;
    mark(&rulebook->screens, screen->id, BY_NAME, marks);
    for (size_t i = 0; i < screen->groups.count; i++) {
        mark(&rulebook->groups, screen->groups.items[i], BY_GROUP, marks);
    }
    for (size_t i = 0; i < rulebook->count; i++) {
        count += marks[i] != 0;
    }
    *rules_out = arena_array(arena, count, sizeof **rules_out);
    count = 0;
    for (size_t i = 0; i < rulebook->count; i++) {
        if (marks[i] != 0) {
            (*rules_out)[count++] = (struct screen_rule){
                rulebook->rules[i], (marks[i] & BY_NAME) != 0, rulebook->days[i]};
        }
    }
    return count;
}
