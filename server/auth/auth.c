#include "server/auth/auth.h"

#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/sign.h"
#include "core/utf8.h"

#define OPERATIONS 2
#define MEMORY (64u * 1024 * 1024)
#define AT_ONCE 2     /* 128 MiB at most, however many log in */
#define WAITING_MAX 4 /* the others are sent away: threads that wait are missed elsewhere */
#define BUSY_RETRY_S 2
#define TRIES_NAME 5
#define TRIES_PEER 20
#define FORGET_MS (INT64_C(15) * 60 * 1000)
#define PAUSE_FIRST_S 30
#define PAUSE_MAX_S 900
#define THROTTLES 4096
/* A session's last activity is written at most that often. */
#define SEEN_GRAIN_MS 60000

/* Failures of one name or one peer. Slots are shared by what hashes alike: an attacker can only
 * slow down more logins that way, never free one. */
struct throttle {
    int failures;
    int64_t failed_ms; /* the last time */
    int64_t until_ms;
};

struct auth {
    struct clock clock;
    pthread_mutex_t lock;
    sem_t hashing;
    int logins; /* under way */
    uint8_t seed[crypto_shorthash_KEYBYTES];
    char decoy[crypto_pwhash_STRBYTES]; /* verified against when there is no such user */
    struct throttle throttles[THROTTLES];
};

bool auth_permits(enum role role, enum permission permission)
{
    static const bool table[][PERMISSIONS] = {
        [ROLE_READER] = {[PERMISSION_SESSION] = true, [PERMISSION_READ] = true},
        [ROLE_CONTRIBUTOR] =
            {[PERMISSION_SESSION] = true, [PERMISSION_READ] = true, [PERMISSION_WRITE] = true},
        [ROLE_VALIDATOR] = {[PERMISSION_SESSION] = true,
                            [PERMISSION_READ] = true,
                            [PERMISSION_WRITE] = true,
                            [PERMISSION_VALIDATE] = true},
        [ROLE_PUBLISHER] = {[PERMISSION_SESSION] = true,
                            [PERMISSION_READ] = true,
                            [PERMISSION_WRITE] = true,
                            [PERMISSION_VALIDATE] = true,
                            [PERMISSION_PUBLISH] = true,
                            [PERMISSION_LOOK] = true},
        [ROLE_SITE_OPERATOR] = {[PERMISSION_SESSION] = true,
                                [PERMISSION_READ] = true,
                                [PERMISSION_LOOK] = true,
                                [PERMISSION_OPERATE] = true},
        [ROLE_ADMINISTRATOR] = {[PERMISSION_SESSION] = true,
                                [PERMISSION_READ] = true,
                                [PERMISSION_WRITE] = true,
                                [PERMISSION_VALIDATE] = true,
                                [PERMISSION_PUBLISH] = true,
                                [PERMISSION_LOOK] = true,
                                [PERMISSION_OPERATE] = true,
                                [PERMISSION_PEOPLE] = true,
                                [PERMISSION_AUDIT] = true,
                                [PERMISSION_SETTINGS] = true},
    };

    return (size_t)role < sizeof(table) / sizeof(table[0]) && (size_t)permission < PERMISSIONS &&
           table[role][permission];
}

static bool bound_to(const struct user *user, const char *site)
{
    for (size_t i = 0; i < user->sites.count; i++) {
        if (strcmp(user->sites.items[i], site) == 0)
            return true;
    }
    return false;
}

static bool covers(const struct user *user, const struct auth_subject *subject)
{
    if (user->sites.count == 0)
        return true;
    for (size_t i = 0; i < subject->site_count; i++) {
        if (!bound_to(user, subject->sites[i]))
            return false;
    }
    return subject->site_count > 0;
}

bool auth_allows(const struct user *user, enum permission permission,
                 const struct auth_subject *subject)
{
    if (!user->active)
        return false;
    if (permission == PERMISSION_ALERT ? !user->alert : !auth_permits(user->role, permission))
        return false;
    if (subject == NULL)
        return true;
    if (permission == PERMISSION_VALIDATE && subject->author != NULL &&
        strcmp(subject->author, user->name) == 0)
        return false;
    return covers(user, subject);
}

bool auth_hash_password(const char *password, char *hash_out, size_t size, struct error *err)
{
    char hash[crypto_pwhash_STRBYTES];

    if (!utf8_valid(password, strlen(password)) || utf8_length(password) < AUTH_PASSWORD_MIN)
        return error_set(err, ERROR_INVALID, "le mot de passe doit avoir %d caractères au moins",
                         "the password must have at least %d characters", AUTH_PASSWORD_MIN);
    if (strlen(password) > AUTH_PASSWORD_MAX)
        return error_set(err, ERROR_INVALID, "le mot de passe est trop long (%d octets au plus)",
                         "the password is too long (%d bytes at most)", AUTH_PASSWORD_MAX);
    if (crypto_pwhash_str(hash, password, strlen(password), OPERATIONS, MEMORY) != 0)
        return error_set(err, ERROR_INTERNAL, "pas assez de mémoire pour le mot de passe",
                         "not enough memory for the password");
    snprintf(hash_out, size, "%s", hash);
    return true;
}

void auth_random_password(char *password_out, size_t size)
{
    static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";
    size_t at = 0;

    for (int i = 0; i < 20 && at + 2 < size; i++) {
        if (i > 0 && i % 5 == 0)
            password_out[at++] = '-';
        password_out[at++] = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
    }
    password_out[at] = '\0';
}

struct auth *auth_create(struct clock clock)
{
    struct auth *auth = calloc(1, sizeof(*auth));
    struct error error;

    if (auth == NULL)
        abort();
    auth->clock = clock;
    pthread_mutex_init(&auth->lock, NULL);
    sem_init(&auth->hashing, 0, AT_ONCE);
    random_bytes(auth->seed, sizeof(auth->seed));
    if (!auth_hash_password("nobody-has-this-password", auth->decoy, sizeof(auth->decoy), &error))
        auth->decoy[0] = '\0';
    return auth;
}

void auth_destroy(struct auth *auth)
{
    if (auth == NULL)
        return;
    sem_destroy(&auth->hashing);
    pthread_mutex_destroy(&auth->lock);
    free(auth);
}

static struct throttle *throttle_of(struct auth *auth, char kind, const char *text)
{
    uint8_t hash[crypto_shorthash_BYTES];
    uint32_t slot;
    char key[200];

    snprintf(key, sizeof(key), "%c%s", kind, text);
    crypto_shorthash(hash, (const uint8_t *)key, strlen(key), auth->seed);
    memcpy(&slot, hash, sizeof(slot));
    return &auth->throttles[slot % THROTTLES];
}

static int wait_s(const struct throttle *throttle, int64_t now_ms)
{
    return throttle->until_ms > now_ms ? (int)((throttle->until_ms - now_ms + 999) / 1000) : 0;
}

static void note_failure(struct throttle *throttle, int tries, int64_t now_ms)
{
    if (now_ms - throttle->failed_ms >= FORGET_MS && now_ms >= throttle->until_ms)
        throttle->failures = 0;
    throttle->failed_ms = now_ms;
    if (++throttle->failures < tries)
        return;
    int doublings = throttle->failures - tries;
    int64_t pause_s = doublings > 5 ? PAUSE_MAX_S : (int64_t)PAUSE_FIRST_S << doublings;
    throttle->until_ms = now_ms + (pause_s > PAUSE_MAX_S ? PAUSE_MAX_S : pause_s) * 1000;
}

static bool password_right(struct auth *auth, const char *hash, const char *password)
{
    while (sem_wait(&auth->hashing) != 0)
        continue;
    bool right = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    sem_post(&auth->hashing);
    return right;
}

static void hash_token(const char *token, char hash_out[SHA256_HEX_SIZE])
{
    struct sha256 sum;

    sha256_of(token, strlen(token), &sum);
    sha256_to_hex(&sum, hash_out);
}

static bool begin_session(struct auth *auth, struct db *db, const char *user,
                          char token_out[AUTH_TOKEN_SIZE], struct error *err)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    char hash[SHA256_HEX_SIZE];

    random_token(token_out, 32);
    hash_token(token_out, hash);
    return sessions_expire(db, now_ms, err) &&
           sessions_put(db,
                        &(struct session){.token_hash = hash,
                                          .user = user,
                                          .created_ms = now_ms,
                                          .seen_ms = now_ms,
                                          .expires_ms = now_ms + AUTH_SESSION_MS},
                        err);
}

/* Takes a place among those that log in; with true it must be left again. */
static bool may_try(struct auth *auth, const struct throttle *by_name,
                    const struct throttle *by_peer, int64_t now_ms, int *retry_after_s_out,
                    struct error *err)
{
    pthread_mutex_lock(&auth->lock);
    int name_s = wait_s(by_name, now_ms), peer_s = wait_s(by_peer, now_ms);
    int retry_after_s = name_s > peer_s ? name_s : peer_s;
    if (retry_after_s == 0 && auth->logins == WAITING_MAX)
        retry_after_s = BUSY_RETRY_S;
    if (retry_after_s == 0)
        auth->logins++;
    pthread_mutex_unlock(&auth->lock);
    *retry_after_s_out = retry_after_s;
    return retry_after_s == 0 || error_set(err, ERROR_LIMIT, "trop d’essais : réessayez dans %d s",
                                           "too many tries: try again in %d s", retry_after_s);
}

static bool try_password(struct auth *auth, struct writer *writer, struct arena *arena,
                         const char *name, const char *password, struct user *user_out,
                         bool *right_out, struct error *err)
{
    bool known = users_get(writer_take(writer), arena, name, user_out, err);
    writer_give(writer);
    if (!known && err->kind != ERROR_NOT_FOUND)
        return false;
    *right_out = password_right(auth, known ? user_out->password_hash : auth->decoy, password) &&
                 known && user_out->active;
    return true;
}

bool auth_login(struct auth *auth, struct writer *writer, struct arena *arena, const char *name,
                const char *password, const char *peer, char token_out[AUTH_TOKEN_SIZE],
                int *retry_after_s_out, struct error *err)
{
    struct throttle *by_name = throttle_of(auth, 'n', name);
    struct throttle *by_peer = throttle_of(auth, 'p', peer);
    int64_t now_ms = clock_mono_ms(&auth->clock);
    bool right = false;
    struct user user;

    if (!may_try(auth, by_name, by_peer, now_ms, retry_after_s_out, err))
        return false;
    bool tried = try_password(auth, writer, arena, name, password, &user, &right, err);
    pthread_mutex_lock(&auth->lock);
    auth->logins--;
    if (right) {
        by_name->failures = 0; /* the peer's count stays: it may be guessing other names */
    } else if (tried) {
        note_failure(by_name, TRIES_NAME, now_ms);
        note_failure(by_peer, TRIES_PEER, now_ms);
    }
    pthread_mutex_unlock(&auth->lock);
    if (!tried)
        return false;
    if (!right)
        return error_set(err, ERROR_DENIED, "nom ou mot de passe faux", "wrong name or password");
    bool ok = begin_session(auth, writer_take(writer), user.name, token_out, err);
    writer_give(writer);
    return ok;
}

static bool over(const struct session *session, int64_t now_ms)
{
    return now_ms >= session->expires_ms || now_ms - session->seen_ms >= AUTH_IDLE_MS;
}

bool auth_session_fresh(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                        struct user *user_out)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    struct session session;
    struct error ignored;
    char hash[SHA256_HEX_SIZE];

    hash_token(token, hash);
    return sessions_get(db, arena, hash, &session, &ignored) && !over(&session, now_ms) &&
           now_ms - session.seen_ms < SEEN_GRAIN_MS &&
           users_get(db, arena, session.user, user_out, &ignored) && user_out->active;
}

bool auth_session(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                  struct user *user_out, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    struct session session;
    char hash[SHA256_HEX_SIZE];

    hash_token(token, hash);
    if (!sessions_get(db, arena, hash, &session, err))
        return false;
    if (over(&session, now_ms))
        return sessions_delete(db, hash, err) &&
               error_set(err, ERROR_NOT_FOUND, "la session a expiré", "the session has expired");
    if (!users_get(db, arena, session.user, user_out, err))
        return false;
    if (!user_out->active)
        return error_set(err, ERROR_DENIED, "ce compte est fermé", "this account is closed");
    if (now_ms - session.seen_ms < SEEN_GRAIN_MS)
        return true;
    session.seen_ms = now_ms;
    return sessions_put(db, &session, err);
}

bool auth_logout(struct db *db, const char *token, struct error *err)
{
    char hash[SHA256_HEX_SIZE];

    hash_token(token, hash);
    return sessions_delete(db, hash, err);
}
