/* What the server wants of players (a picture of what they show, for now), one wish per screen, and
 * the last screenshots that came of it; their bytes are files (server/fleet/screenshots.h). None of
 * these writes raises the content version. */
#ifndef VITRINE_SERVER_STORE_WANTED_H
#define VITRINE_SERVER_STORE_WANTED_H

#include "server/store/entity.h"

#define WANTED_SCREENSHOT "screenshot"

struct wanted {
    const char *screen; /* the key */
    const char *id;     /* 32 hex */
    const char *kind;
    const char *user; /* who asked; "" on the command line */
    int64_t asked_ms;
    int64_t expires_ms;
};

struct wanted_list {
    size_t count;
    struct wanted *items;
};

/* Replaces the screen's wish. */
bool wanted_put(struct db *db, const struct wanted *wanted, struct error *err)
    __attribute__((warn_unused_result));
bool wanted_get(struct db *db, struct arena *arena, const char *screen, struct wanted *out,
                struct error *err) __attribute__((warn_unused_result));
/* Sorted by screen; those that have expired too. */
bool wanted_list(struct db *db, struct arena *arena, struct wanted_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Nothing to forget is no failure. */
bool wanted_delete(struct db *db, const char *screen, struct error *err)
    __attribute__((warn_unused_result));

struct screenshot {
    const char *screen; /* the key */
    const char *id;     /* of the wish that it answers */
    int64_t received_ms;
    int64_t width;
    int64_t height;
    int64_t size; /* bytes */
};

struct screenshot_list {
    size_t count;
    struct screenshot *items;
};

bool screenshots_put(struct db *db, const struct screenshot *screenshot, struct error *err)
    __attribute__((warn_unused_result));
bool screenshots_get(struct db *db, struct arena *arena, const char *screen, struct screenshot *out,
                     struct error *err) __attribute__((warn_unused_result));
/* Sorted by screen. */
bool screenshots_list(struct db *db, struct arena *arena, struct screenshot_list *out,
                      struct error *err) __attribute__((warn_unused_result));

#endif
