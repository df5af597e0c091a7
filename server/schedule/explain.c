#include "server/schedule/explain.h"

#include <string.h>

#include "server/schedule/opening.h"
#include "server/schedule/plan.h"

#define OPENING_DAYS 9 /* hours come back every week */

/* One question on its way to its answer. */
struct explaining {
    struct arena *arena;
    const struct screen_plan *plan;
    struct repertoire *repertoire;
    int64_t at_ms;
    struct explanation *out;
};

static void copy_slide(const struct slide *from, struct arena *arena, struct slide *to)
{
    *to = *from;
    to->id = arena_strdup(arena, from->id);
    to->subject = arena_strdup(arena, from->subject);
    to->organisation = arena_strdup(arena, from->organisation);
    to->template = arena_strdup(arena, from->template);
    to->title = arena_strdup(arena, from->title);
    to->link = arena_strdup(arena, from->link);
    for (size_t i = 0; i < from->text_count; i++) {
        to->texts[i].slot = arena_strdup(arena, from->texts[i].slot);
        to->texts[i].text = arena_strdup(arena, from->texts[i].text);
    }
    for (size_t i = 0; i < from->picture_count; i++) {
        to->pictures[i].alt = arena_strdup(arena, from->pictures[i].alt);
        to->pictures[i].credit = arena_strdup(arena, from->pictures[i].credit);
    }
}

/* The loop began at origin_ms, as in a manifest's interval. */
static void explain_loop(struct explaining *explaining, const struct rule *rule,
                         const struct choice *choice, int64_t origin_ms, int64_t until_ms,
                         struct explained_zone *out)
{
    out->rule = rule;
    out->playlist = arena_strdup(explaining->arena, choice->playlist);
    out->transition = choice->transition;
    out->transition_ms = choice->transition_ms;
    out->item_count = choice->item_count;
    for (size_t i = 0; i < choice->item_count; i++) {
        out->loop_ms += choice->items[i].duration_ms;
    }
    int64_t position = (explaining->at_ms - origin_ms) % out->loop_ms;
    out->item_from_ms = explaining->at_ms - position;
    while (position >= choice->items[out->item].duration_ms) {
        position -= choice->items[out->item].duration_ms;
        out->item_from_ms += choice->items[out->item].duration_ms;
        out->item++;
    }
    out->item_until_ms = out->item_from_ms + choice->items[out->item].duration_ms;
    out->item_until_ms = out->item_until_ms > until_ms ? until_ms : out->item_until_ms;
    copy_slide(choice->items[out->item].slide->slide, explaining->arena, &out->slide);
}

static enum explain_verdict verdict_of_outcome(enum rule_outcome outcome)
{
    switch (outcome) {
    case OUTCOME_WON:
        return EXPLAIN_WON;
    case OUTCOME_MIXED:
        return EXPLAIN_MIXED;
    case OUTCOME_EMPTY:
        return EXPLAIN_EMPTY;
    case OUTCOME_BELOW:
        return EXPLAIN_BELOW;
    case OUTCOME_BESIDE:
        return EXPLAIN_BESIDE;
    }
    return EXPLAIN_BELOW;
}

/* Walks the segment's pieces as the assembly does. */
static void explain_segment(struct explaining *explaining, const struct screen_rule *rules,
                            const struct rule_segment *segment, struct explained_zone *zone)
{
    struct explanation *out = explaining->out;
    const struct screen_plan *plan = explaining->plan;
    int64_t from_ms = segment->from_ms;
    int64_t until_ms;
    struct choice choice;
    for (;;) {
        choice_make(explaining->repertoire, rules, segment, from_ms, plan->zone, plan->lang,
                    explaining->arena, &choice);
        until_ms = choice.until_ms < segment->until_ms ? choice.until_ms : segment->until_ms;
        if (choice.item_count == 0 || explaining->at_ms < until_ms) {
            break;
        }
        from_ms = until_ms;
    }
    for (size_t i = 0; i < segment->active_count; i++) {
        out->rules[out->rule_count++] = (struct explained_rule){
            rules[segment->active[i]].rule, verdict_of_outcome(choice.outcomes[i])};
    }
    if (choice.item_count == 0) {
        return;
    }
    explain_loop(explaining, rules[choice.winner].rule, &choice, from_ms, until_ms, zone);
    if (zone == &out->main) {
        out->full_screen = choice.full_screen && plan->layout->zone_count > 1;
        out->strip = choice.strip && plan->layout->strip != STRIP_NONE;
    }
}

static void explain_zone(struct explaining *explaining, const char *name,
                         struct explained_zone *zone)
{
    const struct screen_plan *plan = explaining->plan;
    struct screen_rule *rules = NULL;
    struct rule_segment *segments = NULL;
    *zone = (struct explained_zone){.zone = arena_strdup(explaining->arena, name), .playlist = ""};
    size_t rule_count =
        assemble_zone_rules(plan->screen_rules, plan->rule_count, name, explaining->arena, &rules);
    size_t count =
        rules_segments(rules, rule_count, plan->zone, zone_day_start(plan->zone, plan->day),
                       zone_day_start(plan->zone, plan->day + 1), explaining->arena, &segments);
    for (size_t i = 0; i < count; i++) {
        if (segments[i].from_ms <= explaining->at_ms && explaining->at_ms < segments[i].until_ms) {
            explain_segment(explaining, rules, &segments[i], zone);
        }
    }
}

static bool has_zone(const struct explaining *explaining, const struct rule *rule)
{
    bool has = rule->zone[0] == '\0';
    for (size_t i = 0; i < explaining->out->zone_count; i++) {
        has = has || strcmp(rule->zone, explaining->out->zones[i].zone) == 0;
    }
    return has;
}

static void explain_silent(struct explaining *explaining)
{
    static const enum explain_verdict verdicts[] = {
        [RULE_BEFORE_DATES] = EXPLAIN_BEFORE_DATES,
        [RULE_AFTER_DATES] = EXPLAIN_AFTER_DATES,
        [RULE_OTHER_WEEKDAY] = EXPLAIN_OTHER_WEEKDAY,
        [RULE_OTHER_HOURS] = EXPLAIN_OTHER_HOURS,
        [RULE_OTHER_DAY] = EXPLAIN_OTHER_DAY,
        [RULE_EXCEPTED_DAY] = EXPLAIN_EXCEPTED_DAY,
        [RULE_HOLIDAY] = EXPLAIN_HOLIDAY,
        [RULE_NO_HOLIDAY] = EXPLAIN_NO_HOLIDAY,
        [RULE_SCHOOL_HOLIDAYS] = EXPLAIN_SCHOOL_HOLIDAYS,
        [RULE_NO_SCHOOL_HOLIDAY] = EXPLAIN_NO_SCHOOL_HOLIDAY,
    };
    struct explanation *out = explaining->out;
    for (size_t i = 0; i < explaining->plan->rule_count; i++) {
        const struct screen_rule *screen_rule = &explaining->plan->screen_rules[i];
        const struct rule *rule = screen_rule->rule;
        enum rule_reason reason =
            screen_rule_reason_at(screen_rule, explaining->plan->zone, explaining->at_ms);
        if (reason != RULE_SPEAKS) {
            out->rules[out->rule_count++] = (struct explained_rule){rule, verdicts[reason]};
        } else if (!has_zone(explaining, rule)) {
            out->rules[out->rule_count++] = (struct explained_rule){rule, EXPLAIN_NO_ZONE};
        }
    }
}

/* Opening hours, less what emergencies of the days around cut out of them. */
static void explain_opening(struct explaining *explaining)
{
    const struct screen_plan *plan = explaining->plan;
    struct explanation *out = explaining->out;
    int64_t from_ms = zone_day_start(plan->zone, plan->day);
    int64_t until_ms = zone_day_start(plan->zone, plan->day + OPENING_DAYS);
    struct screen_rule *rules = NULL;
    struct rule_segment *segments = NULL;
    size_t rule_count = assemble_zone_rules(plan->screen_rules, plan->rule_count, LAYOUT_MAIN,
                                            explaining->arena, &rules);
    size_t count = rules_segments(rules, rule_count, plan->zone, from_ms, until_ms,
                                  explaining->arena, &segments);
    struct manifest_interval *lit = arena_array(explaining->arena, count, sizeof *lit);
    for (size_t i = 0; i < count; i++) {
        lit[i] = (struct manifest_interval){
            .from_ms = segments[i].from_ms,
            .until_ms = segments[i].until_ms,
            .class = (enum interval_class)rules[segments[i].active[0]].rule->class};
    }
    struct manifest hours = {0};
    hours.closed_count = opening_closed(plan->screen.opening, plan->zone, plan->holidays, from_ms,
                                        until_ms, lit, count, explaining->arena, &hours.closed);
    out->closed = manifest_closed_at(&hours, explaining->at_ms, &out->closed_until_ms);
}

static void explain_plan(struct explaining *explaining)
{
    const struct screen_plan *plan = explaining->plan;
    struct explanation *out = explaining->out;
    *out = (struct explanation){
        .screen = arena_strdup(explaining->arena, plan->screen.id),
        .screen_name = arena_strdup(explaining->arena, plan->screen.name),
        .at_ms = explaining->at_ms,
        .local_ms = zone_to_local(plan->zone, explaining->at_ms),
        .layout = arena_strdup(explaining->arena, plan->layout->id),
    };
    const char *holiday = holidays_public(plan->holidays, plan->day);
    out->holiday = arena_strdup(explaining->arena, holiday == NULL ? "" : holiday);
    out->rules = arena_array(explaining->arena, plan->rule_count, sizeof *out->rules);
    explain_zone(explaining, LAYOUT_MAIN, &out->main);
    int way = assemble_way(&plan->screen);
    for (size_t i = 1; i < plan->layout->zone_count; i++) {
        const struct layout_zone *zone = &plan->layout->zones[i];
        if (zone->kind == ZONE_LOOP && zone->at[way].w > 0) {
            explain_zone(explaining, zone->id, &out->zones[out->zone_count++]);
        }
    }
    if (plan->layout->news) {
        explain_zone(explaining, LAYOUT_NEWS, &out->zones[out->zone_count++]);
    }
    explain_opening(explaining);
    explain_silent(explaining);
}

bool explain_screen(struct db *db, struct arena *arena, const char *screen_id, int64_t at_ms,
                    struct explanation *out, struct error *err)
{
    struct screen_plan plan;
    if (!screen_plan_load(db, NULL, arena, screen_id, at_ms, 0, &plan, err)) {
        return false;
    }
    struct repertoire *repertoire =
        repertoire_load(db, &plan.playlists, plan.day, plan.day + 1, err);
    if (repertoire != NULL) {
        struct explaining explaining = {arena, &plan, repertoire, at_ms, out};
        explain_plan(&explaining);
    }
    repertoire_destroy(repertoire);
    screen_plan_finish(&plan);
    return repertoire != NULL;
}

const char *explain_verdict_tag(enum explain_verdict verdict)
{
    static const char *const tags[] = {
        [EXPLAIN_WON] = "won",
        [EXPLAIN_MIXED] = "mixed",
        [EXPLAIN_EMPTY] = "empty",
        [EXPLAIN_BELOW] = "below",
        [EXPLAIN_BESIDE] = "beside",
        [EXPLAIN_BEFORE_DATES] = "before_dates",
        [EXPLAIN_AFTER_DATES] = "after_dates",
        [EXPLAIN_OTHER_WEEKDAY] = "other_weekday",
        [EXPLAIN_OTHER_HOURS] = "other_hours",
        [EXPLAIN_OTHER_DAY] = "other_day",
        [EXPLAIN_EXCEPTED_DAY] = "excepted_day",
        [EXPLAIN_HOLIDAY] = "holiday",
        [EXPLAIN_NO_HOLIDAY] = "no_holiday",
        [EXPLAIN_SCHOOL_HOLIDAYS] = "school_holidays",
        [EXPLAIN_NO_SCHOOL_HOLIDAY] = "no_school_holiday",
        [EXPLAIN_NO_ZONE] = "no_zone",
    };
    return tags[verdict];
}

const char *explain_verdict_text(enum explain_verdict verdict, enum lang lang)
{
    switch (verdict) {
    case EXPLAIN_WON:
        return lang_pick(lang, "l’emporte", "wins");
    case EXPLAIN_MIXED:
        return lang_pick(lang, "partage la boucle", "shares the loop");
    case EXPLAIN_EMPTY:
        return lang_pick(lang, "n’a rien à montrer", "has nothing to show");
    case EXPLAIN_BELOW:
        return lang_pick(lang, "cède à une classe plus haute", "yields to a higher class");
    case EXPLAIN_BESIDE:
        return lang_pick(lang, "cède à une règle de même classe, plus précise ou plus récente",
                         "yields to a rule of its class that is more specific or newer");
    case EXPLAIN_BEFORE_DATES:
        return lang_pick(lang, "n’a pas encore commencé", "has not begun yet");
    case EXPLAIN_AFTER_DATES:
        return lang_pick(lang, "est terminée", "is over");
    case EXPLAIN_OTHER_WEEKDAY:
        return lang_pick(lang, "ne vaut pas ce jour de la semaine", "is not for this weekday");
    case EXPLAIN_OTHER_HOURS:
        return lang_pick(lang, "ne vaut pas à cette heure", "is not for this hour");
    case EXPLAIN_OTHER_DAY:
        return lang_pick(lang, "ne revient pas ce jour-là", "does not recur on this day");
    case EXPLAIN_EXCEPTED_DAY:
        return lang_pick(lang, "fait exception de ce jour", "makes an exception of this day");
    case EXPLAIN_HOLIDAY:
        return lang_pick(lang, "ne vaut pas les jours fériés", "is not for public holidays");
    case EXPLAIN_NO_HOLIDAY:
        return lang_pick(lang, "ne vaut que les jours fériés", "is for public holidays only");
    case EXPLAIN_SCHOOL_HOLIDAYS:
        return lang_pick(lang, "ne vaut pas pendant les vacances scolaires",
                         "is not for the school holidays");
    case EXPLAIN_NO_SCHOOL_HOLIDAY:
        return lang_pick(lang, "ne vaut que pendant les vacances scolaires",
                         "is for the school holidays only");
    case EXPLAIN_NO_ZONE:
        return lang_pick(lang, "vise une zone que cet écran n’a pas",
                         "is for a zone that this screen has not");
    }
    return "";
}
