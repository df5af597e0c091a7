/* Which rule wins at an instant, and the loop that it gives: the classes in order, playlists
 * without content passed over, campaigns mixed with the base; asked for each zone with its rules.
 * Assembly and explanation both ask here, so that they cannot disagree. Pure but for the
 * repertoire's marks. */
#ifndef VITRINE_SERVER_SCHEDULE_CHOICE_H
#define VITRINE_SERVER_SCHEDULE_CHOICE_H

#include "server/schedule/repertoire.h"
#include "server/schedule/rules.h"

enum rule_outcome {
    OUTCOME_WON,    /* shows alone, or is the campaign with the greatest share */
    OUTCOME_MIXED,  /* shows together with the winner */
    OUTCOME_EMPTY,  /* its playlist has nothing to show now, or does not exist */
    OUTCOME_BELOW,  /* a higher class shows, or campaigns take the whole loop */
    OUTCOME_BESIDE, /* a rule of the same class is preferred (rule_compare) */
};

struct choice_item {
    struct repertoire_slide *slide;
    int64_t duration_ms;
};

struct choice {
    size_t winner; /* index of the rule; undefined when item_count is 0 */
    const char *playlist;
    bool full_screen; /* the other zones go meanwhile: takeovers and emergencies that want it so */
    bool strip;       /* the layout's strip stays */
    enum transition_kind transition; /* the winner's */
    int64_t transition_ms;
    size_t item_count; /* 0: no rule has anything to show */
    struct choice_item *items;
    int64_t until_ms;            /* the first end of an event that it shows; INT64_MAX */
    enum rule_outcome *outcomes; /* for each active rule of the segment */
};

/* The choice at the segment's instant at_ms. In the arena. */
void choice_make(struct repertoire *repertoire, const struct screen_rule *rules,
                 const struct rule_segment *segment, int64_t at_ms, const struct zone *zone,
                 enum lang lang, struct arena *arena, struct choice *choice_out);

/* Whose slide it is, for keeping companies apart; how long an item is on screen in a playlist with
 * that transition. */
const char *choice_company(const struct slide *slide);
int64_t choice_item_ms(const struct repertoire_item *item, int64_t transition_ms);

/* Told of a stretch in which one choice holds; false ends the walk. */
typedef bool choice_take(void *context, const struct choice *choice, int64_t from_ms,
                         int64_t until_ms);

/* Walks the segment by what is shown: in pieces that end where a shown event does. What is empty
 * stays empty for the rest of it. The scratch arena is emptied after each piece. */
bool choice_each(struct repertoire *repertoire, const struct screen_rule *rules,
                 const struct rule_segment *segment, const struct zone *zone, enum lang lang,
                 struct arena *scratch, choice_take *take, void *context);

#endif
