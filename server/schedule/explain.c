#include "server/schedule/explain.h"

#include <string.h>

#include "server/schedule/plan.h"

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
    to->title = arena_strdup(arena, from->title);
    to->link = arena_strdup(arena, from->link);
    for (size_t i = 0; i < from->text_count; i++) {
        to->texts[i].text = arena_strdup(arena, from->texts[i].text);
    }
    for (size_t i = 0; i < from->picture_count; i++) {
        to->pictures[i].alt = arena_strdup(arena, from->pictures[i].alt);
        to->pictures[i].credit = arena_strdup(arena, from->pictures[i].credit);
    }
}

/* The loop began at origin_ms, as in a manifest's interval. */
static void explain_loop(struct explaining *explaining, const struct choice *choice,
                         int64_t origin_ms, int64_t until_ms)
{
    struct explanation *out = explaining->out;
    out->rule = &explaining->plan->rules.items[choice->winner];
    out->playlist = arena_strdup(explaining->arena, choice->playlist);
    out->strip = choice->strip;
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
static void explain_segment(struct explaining *explaining, const struct rule_segment *segment)
{
    struct explanation *out = explaining->out;
    const struct screen_plan *plan = explaining->plan;
    int64_t from_ms = segment->from_ms;
    int64_t until_ms;
    struct choice choice;
    for (;;) {
        choice_make(explaining->repertoire, plan->screen_rules, segment, from_ms, plan->zone,
                    plan->lang, explaining->arena, &choice);
        until_ms = choice.until_ms < segment->until_ms ? choice.until_ms : segment->until_ms;
        if (choice.item_count == 0 || explaining->at_ms < until_ms) {
            break;
        }
        from_ms = until_ms;
    }
    for (size_t i = 0; i < segment->active_count; i++) {
        out->rules[out->rule_count++] = (struct explained_rule){
            &plan->rules.items[segment->active[i]], verdict_of_outcome(choice.outcomes[i])};
    }
    if (choice.item_count > 0) {
        explain_loop(explaining, &choice, from_ms, until_ms);
    }
}

static void explain_silent(struct explaining *explaining)
{
    static const enum explain_verdict verdicts[] = {
        [RULE_BEFORE_DATES] = EXPLAIN_BEFORE_DATES,
        [RULE_AFTER_DATES] = EXPLAIN_AFTER_DATES,
        [RULE_OTHER_WEEKDAY] = EXPLAIN_OTHER_WEEKDAY,
        [RULE_OTHER_HOURS] = EXPLAIN_OTHER_HOURS,
    };
    struct explanation *out = explaining->out;
    for (size_t i = 0; i < explaining->plan->rules.count; i++) {
        const struct rule *rule = &explaining->plan->rules.items[i];
        enum rule_reason reason = rule_reason_at(rule, explaining->plan->zone, explaining->at_ms);
        if (reason != RULE_SPEAKS) {
            out->rules[out->rule_count++] = (struct explained_rule){rule, verdicts[reason]};
        }
    }
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
        .playlist = "",
    };
    out->rules = arena_array(explaining->arena, plan->rules.count, sizeof *out->rules);
    struct rule_segment *segments = NULL;
    size_t count = rules_segments(
        plan->screen_rules, plan->rules.count, plan->zone, zone_day_start(plan->zone, plan->day),
        zone_day_start(plan->zone, plan->day + 1), explaining->arena, &segments);
    for (size_t i = 0; i < count; i++) {
        if (segments[i].from_ms <= explaining->at_ms && explaining->at_ms < segments[i].until_ms) {
            explain_segment(explaining, &segments[i]);
        }
    }
    explain_silent(explaining);
}

bool explain_screen(struct db *db, struct arena *arena, const char *screen_id, int64_t at_ms,
                    struct explanation *out, struct error *err)
{
    struct screen_plan plan;
    if (!screen_plan_load(db, arena, screen_id, at_ms, 0, &plan, err)) {
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
    }
    return "";
}
