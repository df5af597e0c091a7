/* What the server wants of players, and what became of it; and the last screenshots, whose bytes
 * are files (server/fleet/screenshot.h). None of these writes raises the content version. */
#ifndef VITRINE_SERVER_STORE_WANTED_H
#define VITRINE_SERVER_STORE_WANTED_H

#include "server/store/entity.h"

#define WANTED_SCREENSHOT "screenshot"
#define WANTED_IDENTIFY "identify"
#define WANTED_RESTART "restart"

enum wanted_state { WANTED_WAITING, WANTED_DONE, WANTED_FAILED, WANTED_EXPIRED };
const char *wanted_state_tag(enum wanted_state state); /* "waiting", "done", … */

struct wanted {
    const char *id; /* 32 hex; the key */
    const char *screen;
    const char *kind;
    int64_t number;   /* identify: which of its site's screens it is, from 1; else 0 */
    const char *user; /* who asked; "" on the command line */
    int64_t asked_ms;
    int64_t expires_ms;
    enum wanted_state state; /* waiting also when it has expired: wanted_state_at */
    int64_t ended_ms;        /* 0 while waiting */
    const char *reason;      /* of a failure, as the player told it */
};

struct wanted_list {
    size_t count;
    struct wanted *items;
};

enum wanted_state wanted_state_at(const struct wanted *wanted, int64_t now_ms);

bool wanted_put(struct db *db, const struct wanted *wanted, struct error *err)
    __attribute__((warn_unused_result));
bool wanted_get(struct db *db, struct arena *arena, const char *id, struct wanted *out,
                struct error *err) __attribute__((warn_unused_result));
/* The screen's wish of that kind that still waits at now_ms. */
bool wanted_find(struct db *db, struct arena *arena, const char *screen, const char *kind,
                 int64_t now_ms, struct wanted *out, struct error *err)
    __attribute__((warn_unused_result));
/* All that wait, by screen, also those that have expired since the last wanted_tidy. */
bool wanted_list_waiting(struct db *db, struct arena *arena, struct wanted_list *out,
                         struct error *err) __attribute__((warn_unused_result));
/* Of one screen, the newest first. */
bool wanted_list(struct db *db, struct arena *arena, const char *screen, size_t limit,
                 struct wanted_list *out, struct error *err) __attribute__((warn_unused_result));
/* Ends one that waits; ERROR_NOT_FOUND when it does not, or not any more, or is another screen's.
 */
bool wanted_end(struct db *db, const char *screen, const char *id, enum wanted_state state,
                const char *reason, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* What has expired waits no more; forgets those asked before. */
bool wanted_tidy(struct db *db, int64_t asked_before_ms, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

struct screenshot {
    const char *screen; /* the key */
    const char *id;     /* of the wish that it answers */
    int64_t received_ms;
    int64_t width;
    int64_t height;
    int64_t size; /* bytes */
};

bool screenshots_put(struct db *db, const struct screenshot *screenshot, struct error *err)
    __attribute__((warn_unused_result));
bool screenshots_get(struct db *db, struct arena *arena, const char *screen, struct screenshot *out,
                     struct error *err) __attribute__((warn_unused_result));

#endif
