/* For how long each company is planned on the whole network in the next 7 and 28 days, counted from
 * the manifests that a run assembles, in every zone and while screens are on. */
#ifndef VITRINE_SERVER_SCHEDULE_EXPOSURE_H
#define VITRINE_SERVER_SCHEDULE_EXPOSURE_H

#include "playlists/manifest.h"
#include "server/store/exposures.h"

#define EXPOSURE_COMPANIES_MAX 20000

struct exposure_count;

/* From now_ms on. */
struct exposure_count *exposure_count_create(int64_t now_ms);
void exposure_count_destroy(struct exposure_count *count); /* accepts NULL */

/* That many screens show this programme. */
void exposure_count_add(struct exposure_count *count, const struct manifest *manifest,
                        size_t screens);

/* Puts the figures into the store, when they differ from what is there: of all companies counted,
 * and of these besides (sorted), which have none. The figures that precedence goes by change with
 * the first count of a day. */
bool exposure_count_store(struct exposure_count *count, struct db *db,
                          const struct text_list *companies, struct error *err)
    __attribute__((warn_unused_result));

#endif
