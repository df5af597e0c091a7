/* Accounts, as they are made and changed: by an administrator within their own scope, or by the
 * command line on the server itself (actor NULL: everything). Nobody gives more than they have, nor
 * takes it by logging in as somebody else: how who has the right to emergencies logs in (links,
 * second factors, OpenID) is left alone by who has not. Somebody bound to sites sees and manages
 * only people bound to some of these. The last open administrator of the network stays one. Every
 * change is one transaction with its entry in the audit trail. db is the writer. */
#ifndef VITRINE_SERVER_AUTH_PEOPLE_H
#define VITRINE_SERVER_AUTH_PEOPLE_H

#include "server/auth/auth.h"

#define PEOPLE_TOKEN_SIZE 65
#define PEOPLE_LINK_MS (INT64_C(24) * 3600 * 1000)

/* Whether the actor may know of this account. */
bool people_sees(const struct user *actor, const struct user *other);

/* Fields set: name, role, sites, alert, display, email, active, OpenID link, password_hash ("" for
 * none yet). */
bool people_create(struct db *db, struct arena *arena, const struct user *actor,
                   const struct user *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* The same fields but name and password. A change of role, sites, alert or active ends the
 * account's sessions; closing it voids its links too. Who may not see the account gets
 * ERROR_NOT_FOUND. */
bool people_change(struct db *db, struct arena *arena, const struct user *actor,
                   const struct user *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* By the command line, or by who has a link: keeps all but the password, ends sessions and spends
 * links. hash is of auth_hash_password. */
bool people_set_password(struct db *db, struct arena *arena, const char *name, const char *hash,
                         int64_t now_ms, const char *by, struct error *err)
    __attribute__((warn_unused_result));
/* A link's token, for one new password within a day; earlier ones are void. */
bool people_reset_begin(struct db *db, struct arena *arena, const struct user *actor,
                        const char *name, int64_t now_ms, char token_out[PEOPLE_TOKEN_SIZE],
                        struct error *err) __attribute__((warn_unused_result));
/* Whose link it is. */
bool people_reset_find(struct db *db, struct arena *arena, const char *token, int64_t now_ms,
                       const char **name_out, struct error *err)
    __attribute__((warn_unused_result));
bool people_reset_finish(struct db *db, struct arena *arena, const char *token, const char *hash,
                         int64_t now_ms, struct error *err) __attribute__((warn_unused_result));
/* Whose account it is that an identity provider vouches for: the one linked to this subject; else,
 * when link_email is not NULL (an address that the provider has verified), the one open account
 * with this address, which is linked from now on unless it is an administrator's, has the right to
 * emergencies or is linked already. ERROR_NOT_FOUND when there is none. */
bool people_find_vouched(struct db *db, struct arena *arena, const char *issuer,
                         const char *subject, const char *link_email, int64_t now_ms,
                         struct user *out, struct error *err) __attribute__((warn_unused_result));
/* For who has lost the telephone; ends their sessions. */
bool people_drop_second_factor(struct db *db, struct arena *arena, const struct user *actor,
                               const char *name, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

#endif
