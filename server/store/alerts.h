/* Emergencies that somebody asked for and that wait for a second person (server/fleet/emergency.h).
 * They go when they are confirmed, taken back, or lapse: the audit trail keeps what happened. */
#ifndef VITRINE_SERVER_STORE_ALERTS_H
#define VITRINE_SERVER_STORE_ALERTS_H

#include "server/store/entity.h"

struct alert {
    const char *id;
    const char *title;
    const char *text;
    bool everywhere;
    struct text_list screens;
    struct text_list groups;
    int64_t length_ms; /* from its confirmation */
    const char *user;  /* who asked */
    int64_t asked_ms;
    int64_t lapses_ms;
};

struct alert_list {
    size_t count;
    struct alert *items;
};

bool alerts_put(struct db *db, const struct alert *alert, struct error *err)
    __attribute__((warn_unused_result));
/* One that has not lapsed. */
bool alerts_get(struct db *db, struct arena *arena, const char *id, int64_t now_ms,
                struct alert *out, struct error *err) __attribute__((warn_unused_result));
/* Those that have not lapsed, by id. */
bool alerts_list(struct db *db, struct arena *arena, int64_t now_ms, struct alert_list *out,
                 struct error *err) __attribute__((warn_unused_result));
bool alerts_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
bool alerts_expire(struct db *db, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

#endif
