/* What is told of a rule before it is saved: whether it would ever show, and what stands in its
 * way. Pure. */
#ifndef VITRINE_SERVER_SCHEDULE_TRIAL_H
#define VITRINE_SERVER_SCHEDULE_TRIAL_H

#include "core/lang.h"
#include "server/schedule/rehearsal.h"

/* Why it does not show in the days rehearsed. */
enum trial_never {
    TRIAL_SHOWS,
    TRIAL_PAST,      /* its dates are over */
    TRIAL_LATER,     /* they begin after the days rehearsed: no fault */
    TRIAL_NO_SCREEN, /* its groups are empty */
    TRIAL_NO_ZONE,   /* no layout has its zone */
    TRIAL_NO_DAY,    /* recurrence, holidays and exceptions leave no day */
    TRIAL_CLOSED,    /* only when the place is closed */
    TRIAL_EMPTY,     /* its playlist has nothing to show */
    TRIAL_HIDDEN,    /* others are preferred at all its hours */
};
const char *trial_never_tag(enum trial_never never); /* "past", … */
const char *trial_never_text(enum trial_never never, enum lang lang);

/* On one screen, rehearsed over [from_ms, until_ms). */
enum trial_never trial_on(const struct rule *rule, const struct rehearsal_trial *trial,
                          int64_t from_ms, int64_t until_ms);
/* Whether its recurrence or an extra day falls on one after until_ms, while its dates last. */
bool trial_comes_later(const struct rule *rule, int64_t until_ms);
/* What part of its hours it loses, with TRIAL_CLOSED, _EMPTY or _HIDDEN: in milliseconds. */
int64_t trial_lost_ms(const struct rehearsal_trial *trial, enum trial_never to);

#endif
