#include "server/schedule/rehearsal.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/schedule/opening.h"
#include "server/schedule/shared.h"

#define PROGRAMMES_MAX 1000

/* The tried rule in a stretch in which it holds. */
struct trial_piece {
    int64_t from_ms, until_ms;
    enum rule_outcome outcome;
};

struct known_programme {
    const char *key;
    struct programme programme;
};

struct rehearsal {
    struct db *db;
    const struct rehearsal_request *request;
    struct arena *arena;
    struct arena *scratch;
    struct rulebook *rulebook;
    struct repertoire *repertoire;
    size_t known_count;
    struct known_programme *known;
};

/* One screen on its way through its zones. */
struct rehearsing {
    struct rehearsal *rehearsal;
    const struct screen_plan *plan;
    struct programme *out;
    struct arena *arena; /* of this screen's work */
    int64_t from_ms, until_ms;
    /* The zone under way. */
    const char *zone;
    const struct screen_rule *rules;
    const struct rule_segment *segment;
    /* Of the tried rule. */
    size_t piece_count, piece_capacity;
    struct trial_piece *pieces;
};

static void *grown(struct arena *arena, const void *items, size_t count, size_t *capacity,
                   size_t size)
{
    if (count < *capacity) {
        return (void *)items;
    }
    *capacity = *capacity == 0 ? 32 : *capacity * 2;
    void *copy = arena_array(arena, *capacity, size);
    if (count > 0) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

static void add_stretch(struct arena *arena, struct stretch_list *list,
                        const struct stretch *stretch)
{
    struct stretch *last = list->count == 0 ? NULL : &list->items[list->count - 1];
    if (stretch->from_ms >= stretch->until_ms) {
        return;
    }
    if (last != NULL && last->zone == stretch->zone && last->rule == stretch->rule &&
        last->until_ms == stretch->from_ms) {
        last->until_ms = stretch->until_ms;
        return;
    }
    list->items = grown(arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = *stretch;
}

static void note_conflict(struct rehearsing *rehearsing, const struct rule *rule, bool hides,
                          enum rule_outcome outcome, int64_t from_ms, int64_t until_ms)
{
    struct rehearsal_conflict_list *list = &rehearsing->out->trial.conflicts;
    struct rehearsal_conflict *found = NULL;
    for (size_t i = 0; i < list->count && found == NULL; i++) {
        if (list->items[i].rule == rule && list->items[i].hides == hides) {
            found = &list->items[i];
        }
    }
    if (found == NULL) {
        list->items = grown(rehearsing->rehearsal->arena, list->items, list->count, &list->capacity,
                            sizeof *list->items);
        found = &list->items[list->count++];
        *found = (struct rehearsal_conflict){rule, hides, outcome, from_ms, from_ms, 0};
    }
    if (found->until_ms == from_ms) {
        found->until_ms = until_ms;
    }
    found->total_ms += until_ms - from_ms;
}

static bool is_trial(const struct rehearsing *rehearsing, size_t rule)
{
    return rehearsing->rules[rule].rule == rehearsing->rehearsal->request->trial;
}

/* Who loses by design, the base to all others, is no conflict. */
static void note_hidden(struct rehearsing *rehearsing, const struct choice *choice, int64_t from_ms,
                        int64_t until_ms)
{
    const struct rule_segment *segment = rehearsing->segment;
    for (size_t i = 0; i < segment->active_count; i++) {
        const struct rule *other = rehearsing->rules[segment->active[i]].rule;
        enum rule_outcome outcome = choice->outcomes[i];
        if (!is_trial(rehearsing, segment->active[i]) &&
            (outcome == OUTCOME_BESIDE ||
             (outcome == OUTCOME_BELOW && other->class >= RULE_CAMPAIGN))) {
            note_conflict(rehearsing, other, false, outcome, from_ms, until_ms);
        }
    }
}

static void note_trial(struct rehearsing *rehearsing, const struct choice *choice, size_t active,
                       int64_t from_ms, int64_t until_ms)
{
    enum rule_outcome outcome = choice->outcomes[active];
    rehearsing->pieces = grown(rehearsing->arena, rehearsing->pieces, rehearsing->piece_count,
                               &rehearsing->piece_capacity, sizeof *rehearsing->pieces);
    rehearsing->pieces[rehearsing->piece_count++] =
        (struct trial_piece){from_ms, until_ms, outcome};
    if (outcome == OUTCOME_BELOW || outcome == OUTCOME_BESIDE) {
        note_conflict(rehearsing, rehearsing->rules[choice->winner].rule, true, outcome, from_ms,
                      until_ms);
    } else if (outcome == OUTCOME_WON) {
        note_hidden(rehearsing, choice, from_ms, until_ms);
    }
}

static bool take_choice(void *context, const struct choice *choice, int64_t from_ms,
                        int64_t until_ms)
{
    struct rehearsing *rehearsing = context;
    const struct rule_segment *segment = rehearsing->segment;
    struct stretch stretch = {rehearsing->zone, from_ms, until_ms, NULL, 0};
    from_ms = from_ms < rehearsing->from_ms ? rehearsing->from_ms : from_ms;
    until_ms = until_ms > rehearsing->until_ms ? rehearsing->until_ms : until_ms;
    stretch.from_ms = from_ms;
    stretch.until_ms = until_ms;
    if (choice->item_count > 0) {
        stretch.rule = rehearsing->rules[choice->winner].rule;
    }
    for (size_t i = 0; i < segment->active_count; i++) {
        stretch.mixed += choice->outcomes[i] == OUTCOME_MIXED;
        if (from_ms < until_ms && is_trial(rehearsing, segment->active[i])) {
            note_trial(rehearsing, choice, i, from_ms, until_ms);
        }
    }
    if (stretch.rule != NULL) {
        add_stretch(rehearsing->rehearsal->arena, &rehearsing->out->zones, &stretch);
    }
    return true;
}

/* What lies between the zone's stretches, from index `first` on, is nothing: made stretches too. */
static void fill_gaps(struct rehearsing *rehearsing, size_t first)
{
    struct stretch_list *list = &rehearsing->out->zones;
    struct stretch_list filled = {first, first, list->items};
    struct stretch_list rest = {0};
    int64_t at_ms = rehearsing->from_ms;
    filled.items = arena_array(rehearsing->rehearsal->arena, first + 1, sizeof *filled.items);
    if (first > 0) {
        memcpy(filled.items, list->items, first * sizeof *filled.items);
    }
    rest = (struct stretch_list){list->count - first, 0, list->items + first};
    for (size_t i = 0; i <= rest.count; i++) {
        bool last = i == rest.count;
        struct stretch gap = {rehearsing->zone, at_ms,
                              last ? rehearsing->until_ms : rest.items[i].from_ms, NULL, 0};
        add_stretch(rehearsing->rehearsal->arena, &filled, &gap);
        if (!last) {
            add_stretch(rehearsing->rehearsal->arena, &filled, &rest.items[i]);
            at_ms = rest.items[i].until_ms;
        }
    }
    *list = filled;
}

static void rehearse_zone(struct rehearsing *rehearsing, const char *zone)
{
    const struct screen_plan *plan = rehearsing->plan;
    struct rehearsal *rehearsal = rehearsing->rehearsal;
    struct screen_rule *rules = NULL;
    struct rule_segment *segments = NULL;
    size_t first = rehearsing->out->zones.count;
    int64_t from_ms = zone_day_start(plan->zone, zone_day(plan->zone, rehearsing->from_ms));
    rehearsing->zone = arena_strdup(rehearsal->arena, zone);
    size_t rule_count =
        assemble_zone_rules(plan->screen_rules, plan->rule_count, zone, rehearsing->arena, &rules);
    size_t count = rules_segments(rules, rule_count, plan->zone, from_ms, rehearsing->until_ms,
                                  rehearsing->arena, &segments);
    rehearsing->rules = rules;
    for (size_t i = 0; i < count; i++) {
        rehearsing->segment = &segments[i];
        choice_each(rehearsal->repertoire, rules, &segments[i], plan->zone, plan->lang,
                    rehearsal->scratch, take_choice, rehearsing);
    }
    fill_gaps(rehearsing, first);
}

/* When the place is closed, but for emergencies. */
static size_t find_closed(struct rehearsing *rehearsing, struct manifest_closed **closed_out)
{
    const struct screen_plan *plan = rehearsing->plan;
    const struct stretch_list *list = &rehearsing->out->zones;
    struct manifest_interval *lit = arena_array(rehearsing->arena, list->count, sizeof *lit);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].zone, LAYOUT_MAIN) == 0 && list->items[i].rule != NULL) {
            lit[count++] = (struct manifest_interval){
                .from_ms = list->items[i].from_ms,
                .until_ms = list->items[i].until_ms,
                .class = (enum interval_class)list->items[i].rule->class};
        }
    }
    return opening_closed(plan->screen.opening, plan->zone, plan->holidays, rehearsing->from_ms,
                          rehearsing->until_ms, lit, count, rehearsing->arena, closed_out);
}

/* Calls for each part of the stretch in which the place is open. */
static void each_open(const struct manifest_closed *closed, size_t count, int64_t from_ms,
                      int64_t until_ms, void (*take)(void *, int64_t, int64_t), void *context)
{
    for (size_t i = 0; i <= count && from_ms < until_ms; i++) {
        int64_t end_ms = i < count && closed[i].from_ms < until_ms ? closed[i].from_ms : until_ms;
        if (from_ms < end_ms) {
            take(context, from_ms, end_ms);
        }
        if (i < count && closed[i].until_ms > from_ms) {
            from_ms = closed[i].until_ms;
        }
    }
}

static void take_gap(void *context, int64_t from_ms, int64_t until_ms)
{
    struct rehearsing *rehearsing = context;
    const struct stretch gap = {rehearsing->out->zones.items[0].zone, from_ms, until_ms, NULL, 0};
    add_stretch(rehearsing->rehearsal->arena, &rehearsing->out->gaps, &gap);
}

struct trial_counting {
    struct rehearsal_trial *trial;
    enum rule_outcome outcome;
    int64_t shown_until_ms;
};

static void take_trial(void *context, int64_t from_ms, int64_t until_ms)
{
    struct trial_counting *counting = context;
    struct rehearsal_trial *trial = counting->trial;
    trial->open_ms += until_ms - from_ms;
    if (counting->outcome == OUTCOME_EMPTY) {
        trial->empty_ms += until_ms - from_ms;
    } else if (counting->outcome == OUTCOME_WON || counting->outcome == OUTCOME_MIXED) {
        trial->shown_ms += until_ms - from_ms;
        if (from_ms != counting->shown_until_ms && trial->start_count < REHEARSAL_STARTS) {
            trial->starts[trial->start_count++] = from_ms;
        }
        counting->shown_until_ms = until_ms;
    }
}

static void judge(struct rehearsing *rehearsing)
{
    struct programme *out = rehearsing->out;
    struct manifest_closed *closed = NULL;
    size_t closed_count = find_closed(rehearsing, &closed);
    struct trial_counting counting = {&out->trial, OUTCOME_WON, INT64_MIN};
    for (size_t i = 0; i < closed_count; i++) {
        add_stretch(rehearsing->rehearsal->arena, &out->closed,
                    &(struct stretch){LAYOUT_MAIN, closed[i].from_ms, closed[i].until_ms, NULL, 0});
    }
    for (size_t i = 0; i < out->zones.count; i++) {
        const struct stretch *stretch = &out->zones.items[i];
        if (stretch->rule == NULL && strcmp(stretch->zone, LAYOUT_MAIN) == 0) {
            each_open(closed, closed_count, stretch->from_ms, stretch->until_ms, take_gap,
                      rehearsing);
        }
    }
    for (size_t i = 0; i < rehearsing->piece_count; i++) {
        const struct trial_piece *piece = &rehearsing->pieces[i];
        out->trial.holds_ms += piece->until_ms - piece->from_ms;
        counting.outcome = piece->outcome;
        each_open(closed, closed_count, piece->from_ms, piece->until_ms, take_trial, &counting);
    }
}

static bool names_zone(const struct programme *programme, const char *zone)
{
    bool has = zone[0] == '\0';
    for (size_t i = 0; i < programme->zones.count; i++) {
        has = has || strcmp(programme->zones.items[i].zone, zone) == 0;
    }
    return has;
}

static void rehearse(struct rehearsal *rehearsal, const struct screen_plan *plan,
                     struct programme *out)
{
    const struct rule *trial = rehearsal->request->trial;
    struct rehearsing rehearsing = {.rehearsal = rehearsal,
                                    .plan = plan,
                                    .out = out,
                                    .arena = arena_create(),
                                    .from_ms = rehearsal->request->from_ms,
                                    .until_ms = rehearsal->request->until_ms};
    int way = assemble_way(&plan->screen);
    rehearse_zone(&rehearsing, LAYOUT_MAIN);
    for (size_t i = 1; i < plan->layout->zone_count; i++) {
        const struct layout_zone *zone = &plan->layout->zones[i];
        if (zone->kind == ZONE_LOOP && zone->at[way].w > 0) {
            rehearse_zone(&rehearsing, zone->id);
        }
    }
    if (plan->layout->news) {
        rehearse_zone(&rehearsing, LAYOUT_NEWS);
    }
    for (size_t i = 0; trial != NULL && i < plan->rule_count; i++) {
        out->trial.reached = out->trial.reached || plan->screen_rules[i].rule == trial;
    }
    out->trial.has_zone = trial == NULL || names_zone(out, trial->zone);
    judge(&rehearsing);
    arena_destroy(rehearsing.arena);
}

static struct programme *known_of(struct rehearsal *rehearsal, const char *key)
{
    for (size_t i = 0; i < rehearsal->known_count; i++) {
        if (strcmp(rehearsal->known[i].key, key) == 0) {
            return &rehearsal->known[i].programme;
        }
    }
    return NULL;
}

static void find_programme(struct rehearsal *rehearsal, const struct screen_plan *plan,
                           struct programme *out)
{
    struct strbuf key;
    strbuf_init(&key);
    shared_key(plan, false, &key);
    const struct programme *known = known_of(rehearsal, key.bytes);
    if (known != NULL) {
        *out = *known;
    } else {
        *out = (struct programme){.key = rehearsal->known_count};
        rehearse(rehearsal, plan, out);
        if (rehearsal->known_count < PROGRAMMES_MAX) {
            rehearsal->known[rehearsal->known_count++] =
                (struct known_programme){arena_strdup(rehearsal->arena, key.bytes), *out};
        }
    }
    strbuf_finish(&key);
}

bool rehearsal_screen(struct rehearsal *rehearsal, const char *screen, struct programme *out,
                      struct error *err)
{
    struct arena *arena = arena_create();
    struct screen_plan plan;
    bool ok = screen_plan_load(rehearsal->db, rehearsal->rulebook, arena, screen,
                               rehearsal->request->from_ms, REHEARSAL_DAYS_MAX, &plan, err);
    if (ok) {
        find_programme(rehearsal, &plan, out);
        out->screen = arena_strdup(rehearsal->arena, plan.screen.id);
        out->name = arena_strdup(rehearsal->arena, plan.screen.name);
        out->site = arena_strdup(rehearsal->arena, plan.screen.site);
        out->time_zone = arena_strdup(rehearsal->arena, plan.screen.time_zone);
        screen_plan_finish(&plan);
    }
    arena_destroy(arena);
    return ok;
}

/* Playlists of all rules that reach one of the screens. */
static bool gather_playlists(struct rehearsal *rehearsal, struct text_list *out, struct error *err)
{
    const struct text_list *screens = rehearsal->request->screens;
    size_t capacity = 0;
    for (size_t i = 0; i < screens->count; i++) {
        struct screen screen;
        struct screen_rule *rules = NULL;
        if (!screens_get(rehearsal->db, rehearsal->scratch, screens->items[i], &screen, err)) {
            return false;
        }
        size_t count = rulebook_of_screen(rehearsal->rulebook, &screen, rehearsal->scratch, &rules);
        for (size_t k = 0; k < count; k++) {
            out->items =
                grown(rehearsal->arena, out->items, out->count, &capacity, sizeof *out->items);
            out->items[out->count++] = rules[k].rule->playlist;
        }
        arena_reset(rehearsal->scratch);
    }
    return true;
}

struct rehearsal *rehearsal_create(struct db *db, const struct rehearsal_request *request,
                                   struct error *err)
{
    struct arena *arena = arena_create();
    struct rehearsal *rehearsal = arena_alloc(arena, sizeof *rehearsal);
    int64_t day = request->from_ms / CIVIL_DAY_MS;
    struct rulebook_span span = rulebook_span_of(day, REHEARSAL_DAYS_MAX + 1);
    struct text_list playlists = {0};
    *rehearsal =
        (struct rehearsal){.db = db, .request = request, .arena = arena, .scratch = arena_create()};
    rehearsal->known = arena_array(arena, PROGRAMMES_MAX, sizeof *rehearsal->known);
    rehearsal->rulebook = rulebook_load(db, arena, NULL, &span, err);
    bool ok = rehearsal->rulebook != NULL;
    if (ok && request->trial != NULL) {
        rulebook_try(rehearsal->rulebook, request->trial);
    }
    ok = ok && gather_playlists(rehearsal, &playlists, err);
    if (ok) {
        rehearsal->repertoire =
            repertoire_load(db, &playlists, day - 1, day + REHEARSAL_DAYS_MAX + 1, err);
    }
    if (rehearsal->repertoire == NULL) {
        rehearsal_destroy(rehearsal);
        return NULL;
    }
    return rehearsal;
}

void rehearsal_destroy(struct rehearsal *rehearsal)
{
    if (rehearsal != NULL) {
        repertoire_destroy(rehearsal->repertoire);
        rulebook_destroy(rehearsal->rulebook);
        arena_destroy(rehearsal->scratch);
        arena_destroy(rehearsal->arena);
    }
}
