/* The published rules that hold in a span of days, with the days on which each begins and the
 * holidays they go by: read from the store once and shared by the plans of many screens. Immutable
 * but for rulebook_try. */
#ifndef VITRINE_SERVER_SCHEDULE_RULEBOOK_H
#define VITRINE_SERVER_SCHEDULE_RULEBOOK_H

#include "server/schedule/rules.h"
#include "server/store/fleet.h"

struct rulebook;

/* Which rules, and of which days they are worked out. */
struct rulebook_span {
    int64_t from_day, until_day; /* rules that hold on some of these local days */
    int64_t first;               /* rule_days_make */
    size_t count;
};

/* The days from the one before `day` to `days` after it, of any zone; days 0: rules of whenever,
 * worked out for some days around. */
struct rulebook_span rulebook_span_of(int64_t day, int64_t days);

/* screen NULL: of all screens; else of that one only. Rules and days live in the arena. */
struct rulebook *rulebook_load(struct db *db, struct arena *arena, const char *screen,
                               const struct rulebook_span *span, struct error *err)
    __attribute__((warn_unused_result));
void rulebook_destroy(struct rulebook *rulebook); /* accepts NULL; before the arena */

/* The site's holidays, or the national ones. Borrowed; never NULL. */
const struct holidays *rulebook_holidays(const struct rulebook *rulebook);
/* From the store alone; the caller destroys them. A document that cannot be read is logged, and the
 * national ones stand in. */
struct holidays *rulebook_read_holidays(struct db *db, struct error *err)
    __attribute__((warn_unused_result));

/* Puts a rule in place of the one of its id, as if it were published so; the rule outlives the
 * rulebook. */
void rulebook_try(struct rulebook *rulebook, const struct rule *rule);

/* Those that name the screen or one of its groups, by class downwards, then id. In the arena;
 * rules and days are borrowed. */
size_t rulebook_of_screen(const struct rulebook *rulebook, const struct screen *screen,
                          struct arena *arena, struct screen_rule **rules_out);

#endif
