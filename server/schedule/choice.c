#include "server/schedule/choice.h"

#include "server/schedule/loop.h"

/* An active rule whose playlist has something to show. */
struct contender {
    size_t active; /* index in the segment */
    const struct rule *rule;
    const struct playlist *playlist;
    size_t count;
    struct repertoire_item *items;
};

struct choosing {
    struct repertoire *repertoire;
    const struct screen_rule *rules;
    const struct rule_segment *segment;
    int64_t at_ms;
    const struct zone *zone;
    enum lang lang;
    struct arena *arena;
    struct choice *choice;
};

static const struct rule *active_rule(const struct choosing *choosing, size_t active)
{
    return choosing->rules[choosing->segment->active[active]].rule;
}

static bool contend(struct choosing *choosing, size_t active, struct contender *out)
{
    *out = (struct contender){.active = active, .rule = active_rule(choosing, active)};
    out->playlist = repertoire_playlist(choosing->repertoire, out->rule->playlist);
    if (out->playlist != NULL) {
        out->count = repertoire_resolve(choosing->repertoire, out->playlist, choosing->lang,
                                        choosing->zone, choosing->segment->day, choosing->at_ms,
                                        choosing->arena, &out->items);
    }
    if (out->count == 0) {
        choosing->choice->outcomes[active] = OUTCOME_EMPTY;
    }
    return out->count > 0;
}

/* The first rule of the class with something to show. */
static bool first_of_class(struct choosing *choosing, enum rule_class class, struct contender *out)
{
    for (size_t i = 0; i < choosing->segment->active_count; i++) {
        if (active_rule(choosing, i)->class == class && contend(choosing, i, out)) {
            return true;
        }
    }
    return false;
}

const char *choice_company(const struct slide *slide)
{
    return slide->organisation[0] != '\0' ? slide->organisation : slide->subject;
}

/* A film is on screen for its length and for what its own fading in takes. */
int64_t choice_item_ms(const struct repertoire_item *item, int64_t transition_ms)
{
    const struct slide *slide = item->slide->slide;
    return slide->has_video ? slide->video.length_ms + transition_ms : item->duration_ms;
}

/* Slides get a number for loop.h, which knows nothing of them. */
static struct loop_stream stream_of(struct choosing *choosing, const struct contender *contender,
                                    double share, struct repertoire_slide **slides, size_t *next)
{
    struct loop_item *items = arena_array(choosing->arena, contender->count, sizeof *items);
    for (size_t i = 0; i < contender->count; i++) {
        slides[*next] = contender->items[i].slide;
        items[i] = (struct loop_item){
            .slide = (*next)++,
            .duration_ms = choice_item_ms(&contender->items[i], choosing->choice->transition_ms),
            .company = choice_company(contender->items[i].slide->slide)};
    }
    return (struct loop_stream){share, contender->count, items};
}

static void make_loop(struct choosing *choosing, const struct contender *contenders,
                      const double *shares, size_t count)
{
    struct choice *choice = choosing->choice;
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += contenders[i].count;
    }
    choice->transition = contenders[0].playlist->transition;
    choice->transition_ms = contenders[0].playlist->transition_ms;
    struct repertoire_slide **slides = arena_array(choosing->arena, total, sizeof(void *));
    struct loop_stream *streams = arena_array(choosing->arena, count, sizeof *streams);
    size_t next = 0;
    for (size_t i = 0; i < count; i++) {
        streams[i] = stream_of(choosing, &contenders[i], shares[i], slides, &next);
        choice->strip = choice->strip || contenders[i].playlist->strip;
        for (size_t k = 0; k < contenders[i].count; k++) {
            int64_t until_ms = contenders[i].items[k].until_ms;
            choice->until_ms = until_ms < choice->until_ms ? until_ms : choice->until_ms;
        }
    }
    struct loop_item *mixed = NULL;
    choice->item_count = loop_mix(streams, count, choosing->segment->day, choosing->arena, &mixed);
    loop_separate(mixed, choice->item_count);
    choice->items = arena_array(choosing->arena, choice->item_count, sizeof *choice->items);
    for (size_t i = 0; i < choice->item_count; i++) {
        choice->items[i] = (struct choice_item){slides[mixed[i].slide], mixed[i].duration_ms};
    }
    const struct slide *only = choice->items[0].slide->slide;
    if (choice->item_count == 1 && only->has_video) {
        choice->items[0].duration_ms = only->video.length_ms; /* nothing to fade from */
    }
}

static void win(struct choosing *choosing, const struct contender *contender)
{
    struct choice *choice = choosing->choice;
    choice->winner = choosing->segment->active[contender->active];
    choice->playlist = contender->playlist->id;
    choice->full_screen = contender->rule->class >= RULE_TAKEOVER && !contender->rule->keep_zones;
    choice->strip =
        choice->strip && !(choice->full_screen && contender->rule->class == RULE_EMERGENCY);
    choice->outcomes[contender->active] = OUTCOME_WON;
}

static bool choose_alone(struct choosing *choosing, enum rule_class class)
{
    struct contender contender;
    if (!first_of_class(choosing, class, &contender)) {
        return false;
    }
    const double share = 1;
    make_loop(choosing, &contender, &share, 1);
    win(choosing, &contender);
    return true;
}

/* Campaigns by their shares, the base with what they leave. */
static bool choose_campaigns(struct choosing *choosing)
{
    size_t room = choosing->segment->active_count + 1;
    struct contender *contenders = arena_array(choosing->arena, room, sizeof *contenders);
    double *shares = arena_array(choosing->arena, room, sizeof *shares);
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < choosing->segment->active_count; i++) {
        if (active_rule(choosing, i)->class == RULE_CAMPAIGN &&
            contend(choosing, i, &contenders[count])) {
            shares[count] = contenders[count].rule->share;
            sum += shares[count++];
        }
    }
    if (count == 0) {
        return false;
    }
    /* Rounding apart, shares that make one leave nothing. */
    if (sum < 0.999 && first_of_class(choosing, RULE_BASE, &contenders[count])) {
        shares[count++] = 1 - sum;
    }
    make_loop(choosing, contenders, shares, count);
    win(choosing, &contenders[0]);
    for (size_t i = 1; i < count; i++) {
        choosing->choice->outcomes[contenders[i].active] = OUTCOME_MIXED;
    }
    return true;
}

/* What is neither empty nor shown lost to a higher class or to a rule of its own. */
static void tell_losers(struct choosing *choosing)
{
    struct choice *choice = choosing->choice;
    for (size_t i = 0; i < choosing->segment->active_count; i++) {
        if (choice->outcomes[i] != OUTCOME_BELOW) {
            continue;
        }
        for (size_t k = 0; k < choosing->segment->active_count; k++) {
            bool shows = choice->outcomes[k] == OUTCOME_WON || choice->outcomes[k] == OUTCOME_MIXED;
            if (shows && active_rule(choosing, k)->class == active_rule(choosing, i)->class) {
                choice->outcomes[i] = OUTCOME_BESIDE;
            }
        }
    }
}

void choice_make(struct repertoire *repertoire, const struct screen_rule *rules,
                 const struct rule_segment *segment, int64_t at_ms, const struct zone *zone,
                 enum lang lang, struct arena *arena, struct choice *choice_out)
{
    *choice_out = (struct choice){.until_ms = INT64_MAX};
    choice_out->outcomes = arena_array(arena, segment->active_count, sizeof *choice_out->outcomes);
    for (size_t i = 0; i < segment->active_count; i++) {
        choice_out->outcomes[i] = OUTCOME_BELOW;
    }
    struct choosing choosing = {repertoire, rules, segment, at_ms, zone, lang, arena, choice_out};
    if (choose_alone(&choosing, RULE_EMERGENCY) || choose_alone(&choosing, RULE_TAKEOVER) ||
        choose_campaigns(&choosing) || choose_alone(&choosing, RULE_BASE)) {
        tell_losers(&choosing);
    }
}

bool choice_each(struct repertoire *repertoire, const struct screen_rule *rules,
                 const struct rule_segment *segment, const struct zone *zone, enum lang lang,
                 struct arena *scratch, choice_take *take, void *context)
{
    bool more = true;
    for (int64_t at_ms = segment->from_ms; more && at_ms < segment->until_ms;) {
        struct choice choice;
        choice_make(repertoire, rules, segment, at_ms, zone, lang, scratch, &choice);
        /* Events only ever end within a day. */
        int64_t until_ms = choice.item_count > 0 && choice.until_ms < segment->until_ms
                               ? choice.until_ms
                               : segment->until_ms;
        more = take(context, &choice, at_ms, until_ms);
        at_ms = until_ms;
        arena_reset(scratch);
    }
    return more;
}
