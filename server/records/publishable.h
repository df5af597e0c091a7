/* What must hold before something is shown to the public: consent and credit for a portrait's
 * photo, an end, texts that fit, nobody shown who may not be. Each fits `publishable` of resource.h
 * and takes the struct of its kind; what is refused names the field. */
#ifndef VITRINE_SERVER_RECORDS_PUBLISHABLE_H
#define VITRINE_SERVER_RECORDS_PUBLISHABLE_H

#include "server/store/entity.h"

#define PUBLISHABLE_YEARS_MAX 5 /* every published thing ends some day */

/* struct organisation */
bool publishable_organisation(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                              struct error *err) __attribute__((warn_unused_result));
/* struct portrait */
bool publishable_portrait(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                          struct error *err) __attribute__((warn_unused_result));
/* struct event: ends by itself */
bool publishable_event(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                       struct error *err) __attribute__((warn_unused_result));
/* struct announcement */
bool publishable_announcement(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                              struct error *err) __attribute__((warn_unused_result));
/* struct rule */
bool publishable_rule(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                      struct error *err) __attribute__((warn_unused_result));

#endif
