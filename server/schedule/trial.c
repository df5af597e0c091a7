#include "server/schedule/trial.h"

#include "core/civil.h"
#include "server/calendar/repetition.h"

static const struct {
    const char *tag, *fr, *en;
} reasons[] = {
    [TRIAL_SHOWS] = {"shows", "s’affichera", "will show"},
    [TRIAL_PAST] = {"past", "ne s’affichera jamais : ses dates sont passées",
                    "will never show: its dates are over"},
    [TRIAL_LATER] = {"later", "ne commence qu’après les 90 prochains jours",
                     "begins only after the next 90 days"},
    [TRIAL_NO_SCREEN] = {"no_screen", "ne s’affichera jamais : ses groupes n’ont aucun écran",
                         "will never show: its groups have no screen"},
    [TRIAL_NO_ZONE] = {"no_zone", "ne s’affichera jamais : la mise en page n’a pas cette zone",
                       "will never show: the layout has no such zone"},
    [TRIAL_NO_DAY] = {"no_day",
                      "ne s’affichera pas : récurrence, jours fériés, exceptions et heures ne "
                      "laissent rien dans les 90 prochains jours",
                      "will not show: recurrence, holidays, exceptions and hours leave nothing "
                      "within the next 90 days"},
    [TRIAL_CLOSED] = {"closed", "ne s’affichera pas : le lieu est fermé à ces heures",
                      "will not show: the place is closed at these hours"},
    [TRIAL_EMPTY] = {"empty", "ne s’affichera pas : sa playlist n’a rien à montrer",
                     "will not show: its playlist has nothing to show"},
    [TRIAL_HIDDEN] = {"hidden",
                      "ne s’affichera pas : d’autres programmations passent toujours avant",
                      "will not show: other rules always come first"},
};

const char *trial_never_tag(enum trial_never never)
{
    return reasons[never].tag;
}

const char *trial_never_text(enum trial_never never, enum lang lang)
{
    return lang_pick(lang, reasons[never].fr, reasons[never].en);
}

/* Zones differ from UTC by less than a day: one more on either side is no fault yet. */
enum trial_never trial_on(const struct rule *rule, const struct rehearsal_trial *trial,
                          int64_t from_ms, int64_t until_ms)
{
    if (trial->holds_ms == 0) {
        if ((rule->until_ms != 0 && rule->until_ms <= from_ms) ||
            (rule->until_day + 2) * CIVIL_DAY_MS <= from_ms) {
            return TRIAL_PAST;
        }
        if ((rule->from_ms != 0 && rule->from_ms >= until_ms) ||
            (rule->from_day + 1) * CIVIL_DAY_MS >= until_ms) {
            return TRIAL_LATER;
        }
        return trial->has_zone ? TRIAL_NO_DAY : TRIAL_NO_ZONE;
    }
    if (trial->shown_ms > 0) {
        return TRIAL_SHOWS;
    }
    if (trial->open_ms == 0) {
        return TRIAL_CLOSED;
    }
    return trial->empty_ms == trial->open_ms ? TRIAL_EMPTY : TRIAL_HIDDEN;
}

/* The next 29 February is eight years away at most. */
#define LATER_DAYS (9 * 366)

bool trial_comes_later(const struct rule *rule, int64_t until_ms)
{
    bool falls[LATER_DAYS];
    int64_t day = until_ms / CIVIL_DAY_MS;
    int64_t left = rule->until_day - day + 1;

    if (left <= 0) {
        return false;
    }
    for (size_t i = 0; i < rule->also.count; i++) {
        int64_t also;
        if (civil_parse_date(rule->also.items[i], &also) && also >= day) {
            return true;
        }
    }
    return rule->recurrence[0] != '\0' &&
           repetition_days(rule->recurrence, rule->from_day, day,
                           (size_t)(left < LATER_DAYS ? left : LATER_DAYS), falls) > 0;
}

int64_t trial_lost_ms(const struct rehearsal_trial *trial, enum trial_never to)
{
    switch (to) {
    case TRIAL_CLOSED:
        return trial->holds_ms - trial->open_ms;
    case TRIAL_EMPTY:
        return trial->empty_ms;
    case TRIAL_HIDDEN:
        return trial->open_ms - trial->empty_ms - trial->shown_ms;
    default:
        return 0;
    }
}
