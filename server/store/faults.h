/* What is wrong with screens: one record for each trouble of a screen from its first sign to its
 * end, opened and closed by what players report (manifests.h), by the server itself (silence, two
 * machines with one key) or by a person. None of these writes raises the content version. */
#ifndef VITRINE_SERVER_STORE_FAULTS_H
#define VITRINE_SERVER_STORE_FAULTS_H

#include "server/store/entity.h"

/* The server's own; the player's are in docs/protocol.md. */
#define FAULT_SILENT "silent"
#define FAULT_CLONED "cloned"

/* closed_by, when it is not a person's name: which has none of these. */
#define FAULT_BY_PLAYER "=player"
#define FAULT_BY_SERVER "=server"
#define FAULT_BY_QUIET "=quiet" /* was not told again for long */

struct fault {
    int64_t number; /* the key; rises */
    const char *screen;
    const char *code;
    const char *detail; /* as it was told last */
    int64_t opened_ms;
    int64_t last_ms;
    int64_t count;     /* how often it was told */
    int64_t closed_ms; /* 0: open */
    const char *closed_by;
};

struct fault_list {
    size_t count;
    struct fault *items;
};

/* Of one screen and code at most one is open: it is told again, or one begins. */
bool faults_open(struct db *db, const char *screen, const char *code, const char *detail,
                 int64_t at_ms, struct error *err) __attribute__((warn_unused_result));
/* Nothing to close is no failure. */
bool faults_close(struct db *db, const char *screen, const char *code, int64_t at_ms,
                  const char *by, struct error *err) __attribute__((warn_unused_result));
/* Those last told before, of screens that are not silent; the server closes its own. */
bool faults_close_quiet(struct db *db, int64_t told_before_ms, int64_t at_ms, struct error *err)
    __attribute__((warn_unused_result));
bool faults_get(struct db *db, struct arena *arena, int64_t number, struct fault *out,
                struct error *err) __attribute__((warn_unused_result));

struct fault_page {
    const char *screen; /* NULL: of all */
    const char *site;   /* of the screens; NULL: any */
    const char *code;   /* NULL: any */
    int open;           /* 1: open ones, 0: closed ones, -1: both */
    int64_t before;     /* number; 0: from the newest on */
    size_t limit;
    const struct text_list *sites; /* only of screens of these; NULL or none: of all */
};

/* Newest first. */
bool faults_list(struct db *db, struct arena *arena, const struct fault_page *page,
                 struct fault_list *out, struct error *err) __attribute__((warn_unused_result));
/* All that are open, by screen, then code. */
bool faults_list_open(struct db *db, struct arena *arena, struct fault_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets those closed before. */
bool faults_expire(struct db *db, int64_t closed_before_ms, struct error *err)
    __attribute__((warn_unused_result));

#endif
