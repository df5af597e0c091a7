/* Who may come in and what they may do: passwords (argon2id), sessions, and the one function that
 * says yes. Passwords and tokens are never stored, only their hashes. Any thread may call; slow
 * calls (hashing: about 0.1 s and 64 MiB) are said so. */
#ifndef VITRINE_SERVER_AUTH_AUTH_H
#define VITRINE_SERVER_AUTH_AUTH_H

#include "core/clock.h"
#include "server/store/accounts.h"
#include "server/store/writer.h"

#define AUTH_IDLE_MS (INT64_C(30) * 60 * 1000)
#define AUTH_SESSION_MS (INT64_C(12) * 3600 * 1000)
#define AUTH_TOKEN_SIZE 65
#define AUTH_PASSWORD_MIN 12  /* characters */
#define AUTH_PASSWORD_MAX 256 /* bytes */

/* What a route or a command asks for. */
enum permission {
    PERMISSION_NONE = 0, /* everybody */
    PERMISSION_DEVICE,   /* an enrolled player, never a person */
    PERMISSION_SESSION,  /* anybody logged in */
    PERMISSION_READ,     /* see screens, content, faults, figures */
    PERMISSION_WRITE,    /* write drafts, submit them, upload media */
    PERMISSION_VALIDATE, /* approve and send back what others wrote */
    PERMISSION_PUBLISH,  /* publish, archive; playlists and rules */
    PERMISSION_LOOK,     /* ask screens for a picture, have them identify themselves */
    PERMISSION_OPERATE,  /* enrol screens, describe them, restart them; groups and sites */
    PERMISSION_ALERT,    /* take screens for an emergency: a right apart, of no role */
    PERMISSION_PEOPLE,   /* accounts */
    PERMISSION_AUDIT,    /* read who did what */
    PERMISSION_SETTINGS, /* installation: holidays, minimum exposure, retention, imports */
    PERMISSIONS
};

/* What an action is about: the sites that it touches. */
struct auth_subject {
    size_t site_count;
    const char *const *sites; /* ids; "" stands for the network, which no site covers */
    const char *author;       /* who wrote what is to be approved; NULL or "": nobody */
};

/* The one function that says yes; deny by default. The role must have the permission (ALERT: the
 * account's own flag), the account must be open, and somebody bound to sites may touch nothing but
 * these. subject NULL: at the gate, before it is known what about. Nobody approves their own. */
bool auth_allows(const struct user *user, enum permission permission,
                 const struct auth_subject *subject);
/* Deny by default: true only for what the role is known to have. */
bool auth_permits(enum role role, enum permission permission);

/* Slow. 64 MiB, t = 2. Too short or too long a password is ERROR_INVALID. */
bool auth_hash_password(const char *password, char *hash_out, size_t size, struct error *err)
    __attribute__((warn_unused_result));
/* 20 letters and digits that are not mistaken for one another, in groups of five. */
void auth_random_password(char *password_out, size_t size);

struct auth;
struct auth *auth_create(struct clock clock);
void auth_destroy(struct auth *auth); /* accepts NULL */

/* Slow. Wrong name and wrong password take as long as each other and read the same: ERROR_DENIED.
 * After five failures of one name, or twenty of one peer (an office shares its address),
 * ERROR_LIMIT for 30 s, doubling up to 15 min; also when too many log in at this moment.
 * *retry_after_s_out says how long. A quarter of an hour without a failure forgets them all. The
 * writer is not held while the password is hashed. */
bool auth_login(struct auth *auth, struct writer *writer, struct arena *arena, const char *name,
                const char *password, const char *peer, char token_out[AUTH_TOKEN_SIZE],
                int *retry_after_s_out, struct error *err) __attribute__((warn_unused_result));
/* The user of a session that is neither idle for too long nor too old; counts as activity. db must
 * be able to write. */
bool auth_session(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                  struct user *user_out, struct error *err) __attribute__((warn_unused_result));
/* The same from a connection that only reads: true for a session that holds and whose activity
 * needs no note yet; of all others auth_session has the word. */
bool auth_session_fresh(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                        struct user *user_out) __attribute__((warn_unused_result));
bool auth_logout(struct db *db, const char *token, struct error *err)
    __attribute__((warn_unused_result));

#endif
