/* For how long each company is planned to show, as the publisher counts it, and the figures that
 * give companies in deficit precedence: those change once a day, for the days after, so that no
 * publication makes screens jump. */
#ifndef VITRINE_SERVER_STORE_EXPOSURES_H
#define VITRINE_SERVER_STORE_EXPOSURES_H

#include "server/store/entity.h"

/* settings.h: milliseconds that each company is due in any seven days, all screens together; 0:
 * none. A change of it is a change of content (exposures_set_minimum). */
#define EXPOSURE_MINIMUM_SETTING "exposure_minimum_ms"
/* The local day (UTC) from after which due_ms counts; until then due_before_ms does. */
#define EXPOSURE_DAY_SETTING "exposure_day"
/* When the figures were counted. */
#define EXPOSURE_COUNTED_SETTING "exposure_counted_ms"

struct exposure {
    const char *organisation; /* id */
    int64_t planned_ms;       /* in the seven days from the count's on, of all screens together */
    int64_t planned_28_ms;
    int64_t screens;       /* on which it is planned in these 28 days */
    int64_t due_ms;        /* planned_ms at the first count of EXPOSURE_DAY_SETTING */
    int64_t due_before_ms; /* at that of the day of counting before */
};

struct exposure_list {
    size_t count;
    struct exposure *items;
};

bool exposures_minimum(struct db *db, int64_t *minimum_ms_out, struct error *err)
    __attribute__((warn_unused_result));
bool exposures_set_minimum(struct db *db, int64_t minimum_ms, struct error *err)
    __attribute__((warn_unused_result));
/* All, by organisation. */
bool exposures_list(struct db *db, struct arena *arena, struct exposure_list *out,
                    struct error *err) __attribute__((warn_unused_result));
/* The least planned first, so the greatest deficit first: those after (planned_ms, organisation).
 */
bool exposures_page(struct db *db, struct arena *arena, int64_t after_ms, const char *after,
                    size_t limit, struct exposure_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Puts these in place of all there are; due figures are taken as given. */
bool exposures_replace(struct db *db, const struct exposure_list *list, struct error *err)
    __attribute__((warn_unused_result));

#endif
