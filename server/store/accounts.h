/* People who may act on the server, their sessions, and the trail of what they did. */
#ifndef VITRINE_SERVER_STORE_ACCOUNTS_H
#define VITRINE_SERVER_STORE_ACCOUNTS_H

#include "server/store/entity.h"

enum role {
    ROLE_READER,
    ROLE_CONTRIBUTOR,
    ROLE_VALIDATOR,
    ROLE_PUBLISHER,
    ROLE_SITE_OPERATOR,
    ROLE_ADMINISTRATOR,
};
const char *role_tag(enum role role);
bool role_parse(const char *tag, enum role *role_out);

struct user {
    const char *name;          /* login; the key */
    const char *password_hash; /* argon2id, encoded */
    enum role role;
    bool active;
    int64_t created_ms;
    const char *display;    /* how people call them; "" = name */
    const char *email;      /* "" for none */
    struct text_list sites; /* bound to these; none: the whole network */
    bool alert;             /* may take screens for emergencies */
};

struct user_list {
    size_t count;
    struct user *items;
};

bool users_put(struct db *db, const struct user *user, struct error *err)
    __attribute__((warn_unused_result));
bool users_get(struct db *db, struct arena *arena, const char *name, struct user *out,
               struct error *err) __attribute__((warn_unused_result));
bool users_list(struct db *db, struct arena *arena, struct user_list *out, struct error *err)
    __attribute__((warn_unused_result));

struct session {
    const char *token_hash; /* SHA-256 of the token, 64 hex; the key */
    const char *user;
    int64_t created_ms;
    int64_t seen_ms;
    int64_t expires_ms;
};

bool sessions_put(struct db *db, const struct session *session, struct error *err)
    __attribute__((warn_unused_result));
bool sessions_get(struct db *db, struct arena *arena, const char *token_hash, struct session *out,
                  struct error *err) __attribute__((warn_unused_result));
bool sessions_delete(struct db *db, const char *token_hash, struct error *err)
    __attribute__((warn_unused_result));
/* Ends all sessions of a user. */
bool sessions_delete_user(struct db *db, const char *user, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets those that expired before now. */
bool sessions_expire(struct db *db, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

/* Rows are only ever added. */
struct audit_entry {
    int64_t time_ms;
    const char *user;   /* "" for the program itself */
    const char *action; /* "import.annuaire", "enrolment.approve" */
    const char *subject;
    const char *detail;
};

struct audit_list {
    size_t count;
    struct audit_entry *items;
};

bool audit_add(struct db *db, const struct audit_entry *entry, struct error *err)
    __attribute__((warn_unused_result));
/* Newest first. */
bool audit_list(struct db *db, struct arena *arena, size_t limit, struct audit_list *out,
                struct error *err) __attribute__((warn_unused_result));

#endif
