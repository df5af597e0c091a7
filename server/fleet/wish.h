/* What people want of a screen's player: a picture of what it shows, that it says on its screen
 * which one it is, that it starts anew. The player is told (docs/protocol.md, 4), does it, and says
 * what came of it; what is not met within ten minutes is given up. */
#ifndef VITRINE_SERVER_FLEET_WISH_H
#define VITRINE_SERVER_FLEET_WISH_H

#include "server/store/wanted.h"

#define WISH_MS (INT64_C(10) * 60 * 1000) /* nobody waits for longer */
#define WISH_KEPT_MS (INT64_C(90) * 86400 * 1000)
#define WISH_BODY_MAX 4096
#define WISH_REASON_MAX 300

/* Who asks while the same is under way gets that wish. An unknown screen is ERROR_NOT_FOUND, an
 * unknown kind ERROR_INVALID. Then: roster_set_wish. */
bool wish_ask(struct db *db, struct arena *arena, const char *screen, const char *kind,
              const char *user, int64_t now_ms, struct wanted *out, struct error *err)
    __attribute__((warn_unused_result));

/* The player's word on wish `id`: {"result":"done"} or {"result":"failed","reason":"…"}.
 * ERROR_NOT_FOUND when it is not wanted (any more). Then: roster_drop_wish. */
bool wish_answer(struct db *db, struct arena *arena, const char *screen, const char *id,
                 const char *body, size_t length, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

#endif
