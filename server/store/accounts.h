/* People who may act on the server, and the trail of what they did. How they prove who they are is
 * in credentials.h. */
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
    ROLES
};
extern const char *const role_tags[ROLES];
const char *role_tag(enum role role);
bool role_parse(const char *tag, enum role *role_out);

struct user {
    const char *name;          /* login; the key */
    const char *password_hash; /* argon2id, encoded */
    enum role role;
    bool active;
    int64_t created_ms;
    const char *display;     /* how people call them; "" = name */
    const char *email;       /* "" for none */
    struct text_list sites;  /* bound to these; none: the whole network */
    bool alert;              /* may take screens for emergencies */
    const char *totp_secret; /* sealed (auth/second_factor.h); "" for none */
    bool totp_active;        /* confirmed: logins ask for a code */
    int64_t totp_step;       /* the last one that was used: never again, nor an earlier one */
    const char *oidc_issuer; /* who vouches for them, and under which subject; "" for nobody */
    const char *oidc_subject;
    bool unproven; /* not stored: must get a second factor first, and may do nothing else */
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

/* The account that this subject of this issuer is linked to. */
bool users_find_oidc(struct db *db, struct arena *arena, const char *issuer, const char *subject,
                     struct user *out, struct error *err) __attribute__((warn_unused_result));
/* The one open account with this address (ASCII letters' case aside); several are ERROR_CONFLICT.
 */
bool users_find_email(struct db *db, struct arena *arena, const char *email, struct user *out,
                      struct error *err) __attribute__((warn_unused_result));
/* Open administrators who are bound to no site. */
bool users_count_chiefs(struct db *db, int64_t *count_out, struct error *err)
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
