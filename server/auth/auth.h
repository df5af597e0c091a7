/* Who may come in and what they may do: passwords (argon2id), sessions, and the one function that
 * says yes. Passwords and tokens are never stored, only their hashes. Any thread may call; slow
 * calls (hashing: about 0.1 s and 64 MiB) are said so. */
#ifndef VITRINE_SERVER_AUTH_AUTH_H
#define VITRINE_SERVER_AUTH_AUTH_H

#include "core/clock.h"
#include "core/sign.h"
#include "server/auth/throttle.h"
#include "server/store/accounts.h"
#include "server/store/writer.h"

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

const char *auth_permission_tag(enum permission permission); /* "publish" */

/* What an action is about: the sites that it touches. */
struct auth_subject {
    size_t site_count;
    const char *const *sites; /* ids; "" stands for the network, which no site covers */
    const char *author;       /* who wrote what is to be approved; NULL or "": nobody */
};

/* The one function that says yes; deny by default. The role must have the permission (ALERT: the
 * account's own flag), the account must be open, and somebody bound to sites may touch nothing but
 * these. Who must get a second factor first has a session and nothing else. subject NULL: at the
 * gate, before it is known what about. Nobody approves their own. */
bool auth_allows(const struct user *user, enum permission permission,
                 const struct auth_subject *subject);
/* Deny by default: true only for what the role is known to have. */
bool auth_permits(enum role role, enum permission permission);

/* Slow. 64 MiB, t = 2. Too short or too long a password is ERROR_INVALID. */
bool auth_hash_password(const char *password, char *hash_out, size_t size, struct error *err)
    __attribute__((warn_unused_result));
/* 20 letters and digits that are not mistaken for one another, in groups of five. */
void auth_random_password(char *password_out, size_t size);

/* keys: what second factors are sealed by is derived from them. */
struct auth;
struct auth *auth_create(struct clock clock, const struct sign_keys *keys);
void auth_destroy(struct auth *auth); /* accepts NULL */
struct throttle *auth_throttle(struct auth *auth);

#endif
