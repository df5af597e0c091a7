/* What people prove themselves with, beside passwords (accounts.h): sessions, passes (links and
 * logins under way, used once) and recovery codes. Tokens and codes are never stored, only their
 * hashes. */
#ifndef VITRINE_SERVER_STORE_CREDENTIALS_H
#define VITRINE_SERVER_STORE_CREDENTIALS_H

#include "server/store/entity.h"

struct session {
    const char *token_hash; /* SHA-256 of the token, 64 hex; the key */
    const char *user;
    int64_t created_ms;
    int64_t seen_ms;
    int64_t expires_ms;
    const char *method; /* how they came in: "password", "oidc"; "+code" with a second factor */
    const char *agent;  /* what the browser calls itself; shown to its person only */
};

struct session_list {
    size_t count;
    struct session *items;
};

bool sessions_put(struct db *db, const struct session *session, struct error *err)
    __attribute__((warn_unused_result));
bool sessions_get(struct db *db, struct arena *arena, const char *token_hash, struct session *out,
                  struct error *err) __attribute__((warn_unused_result));
/* Of one person, the latest first. */
bool sessions_list(struct db *db, struct arena *arena, const char *user, struct session_list *out,
                   struct error *err) __attribute__((warn_unused_result));
bool sessions_delete(struct db *db, const char *token_hash, struct error *err)
    __attribute__((warn_unused_result));
/* Ends all sessions of a user. */
bool sessions_delete_user(struct db *db, const char *user, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets sessions and passes that expired before now. */
bool credentials_expire(struct db *db, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

struct pass {
    const char *token_hash; /* the key */
    const char *kind;       /* "reset", "step", "oidc" */
    const char *user;       /* "" when it is not known yet */
    const char *words;      /* what else the kind remembers */
    int64_t created_ms;
    int64_t expires_ms;
};

bool passes_put(struct db *db, const struct pass *pass, struct error *err)
    __attribute__((warn_unused_result));
/* One of that kind that has not expired, else ERROR_NOT_FOUND. */
bool passes_get(struct db *db, struct arena *arena, const char *token_hash, const char *kind,
                int64_t now_ms, struct pass *out, struct error *err)
    __attribute__((warn_unused_result));
/* ERROR_NOT_FOUND when it was spent already. */
bool passes_spend(struct db *db, const char *token_hash, struct error *err)
    __attribute__((warn_unused_result));
/* All of a kind that a user has; kind NULL: of every kind. */
bool passes_delete_user(struct db *db, const char *user, const char *kind, struct error *err)
    __attribute__((warn_unused_result));

/* Replaces all of the user's; an empty list leaves none. */
bool recovery_codes_set(struct db *db, const char *user, const struct text_list *hashes,
                        struct error *err) __attribute__((warn_unused_result));
/* ERROR_NOT_FOUND when the user has no such code (any more). */
bool recovery_codes_spend(struct db *db, const char *user, const char *code_hash, struct error *err)
    __attribute__((warn_unused_result));

#endif
