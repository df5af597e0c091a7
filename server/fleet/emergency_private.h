/* Shared by the files emergency*.c only. */
#ifndef VITRINE_SERVER_FLEET_EMERGENCY_PRIVATE_H
#define VITRINE_SERVER_FLEET_EMERGENCY_PRIVATE_H

#include "server/fleet/emergency.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"

const char *emergency_make_id(int64_t now_ms, struct arena *arena);
bool emergency_audit(struct db *db, const char *action, const char *id, const char *title,
                     const char *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* The same, and the publisher begins anew. */
bool emergency_note(struct db *db, const char *action, const char *id, const char *title,
                    const char *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
bool emergency_put_rule(struct db *db, struct arena *arena, const struct emergency *emergency,
                        struct error *err) __attribute__((warn_unused_result));
/* Whether the rule's screens or groups name this one. */
bool emergency_names(const struct text_list *screens, const struct text_list *groups,
                     const struct screen *screen);

#endif
