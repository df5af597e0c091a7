/* Coming in, staying, going: logins in one step or two, sessions, and the token against requests
 * that another site's page makes a browser send. Any thread; slow calls hash a password. */
#ifndef VITRINE_SERVER_AUTH_SESSION_H
#define VITRINE_SERVER_AUTH_SESSION_H

#include "core/hash.h"
#include "server/auth/auth.h"
#include "server/store/credentials.h"

#define SESSION_IDLE_MS (INT64_C(30) * 60 * 1000)
#define SESSION_MS (INT64_C(12) * 3600 * 1000)
#define SESSION_STEP_MS (INT64_C(5) * 60 * 1000) /* to find the telephone */
#define SESSION_TOKEN_SIZE 65
#define SESSION_SECOND_FACTOR "auth.administrators_second_factor" /* settings.h: 0 or 1 */

/* Who knocks. */
struct session_peer {
    const char *address;
    const char *agent; /* what the browser calls itself; NULL: nothing */
};

struct session_grant {
    char token[SESSION_TOKEN_SIZE]; /* of the session, or of the login's second step */
    bool code_wanted;               /* it is the second step's: session_prove goes on */
    int retry_after_s;              /* of ERROR_LIMIT */
    struct user user;
};

/* Slow. Wrong name and wrong password take as long as each other and read the same: ERROR_DENIED.
 * Who guesses is slowed down (throttle.h): ERROR_LIMIT, also when too many log in at this moment.
 * The writer is not held while the password is hashed. */
bool session_login(struct auth *auth, struct writer *writer, struct arena *arena, const char *name,
                   const char *password, const struct session_peer *peer, struct session_grant *out,
                   struct error *err) __attribute__((warn_unused_result));
/* The second step: a code of the telephone, or a recovery code. A wrong one is ERROR_DENIED, a step
 * that took too long ERROR_NOT_FOUND. */
bool session_prove(struct auth *auth, struct writer *writer, struct arena *arena,
                   const char *step_token, const char *code, const struct session_peer *peer,
                   struct session_grant *out, struct error *err)
    __attribute__((warn_unused_result));
/* Somebody whom another vouched for (method "oidc"). Closed accounts are ERROR_DENIED. */
bool session_vouched(struct auth *auth, struct writer *writer, struct arena *arena,
                     const char *name, const char *method, const struct session_peer *peer,
                     struct session_grant *out, struct error *err)
    __attribute__((warn_unused_result));

/* Writes a failed login in the trail, unless too many did already. user "" for nobody known. */
void session_note_failure(struct auth *auth, struct writer *writer, struct arena *arena,
                          const char *user, const char *action, const struct session_peer *peer);

/* The user of a session that is neither idle for too long nor too old; counts as activity. db must
 * be able to write. */
bool session_user(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                  struct user *user_out, struct error *err) __attribute__((warn_unused_result));
/* The same from a connection that only reads: true for a session that holds and whose activity
 * needs no note yet; of all others session_user has the word. */
bool session_user_fresh(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                        struct user *user_out) __attribute__((warn_unused_result));
/* How the store names a session, and whether it still holds. */
void session_hash(const char *token, char hash_out[SHA256_HEX_SIZE]);
bool session_alive(struct auth *auth, const struct session *session);
bool session_end(struct db *db, const char *token, struct error *err)
    __attribute__((warn_unused_result));

/* Slow. A new password for who knows the old one; ends all sessions and gives a new one. */
bool session_change_password(struct auth *auth, struct writer *writer, struct arena *arena,
                             const struct user *user, const char *old, const char *password,
                             const struct session_peer *peer, struct session_grant *out,
                             struct error *err) __attribute__((warn_unused_result));
/* Slow. ERROR_DENIED when it is not theirs, ERROR_LIMIT after some guesses. */
bool session_check_password(struct auth *auth, const struct user *user, const char *password,
                            int *retry_after_s_out, struct error *err)
    __attribute__((warn_unused_result));

/* Derived from the session's token, so that it is as secret and ends with it. */
void session_csrf(const char *token, char csrf_out[SESSION_TOKEN_SIZE]);
bool session_csrf_right(const char *token, const char *csrf); /* csrf may be NULL */

#endif
