#include "server/auth/auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "server/auth/internal.h"

#define OPERATIONS 2
#define MEMORY (64u * 1024 * 1024)
#define AT_ONCE 2 /* 128 MiB at most, however many log in */

const char *auth_permission_tag(enum permission permission)
{
    static const char *const tags[PERMISSIONS] = {
        [PERMISSION_NONE] = "none",         [PERMISSION_DEVICE] = "device",
        [PERMISSION_SESSION] = "session",   [PERMISSION_READ] = "read",
        [PERMISSION_WRITE] = "write",       [PERMISSION_VALIDATE] = "validate",
        [PERMISSION_PUBLISH] = "publish",   [PERMISSION_LOOK] = "look",
        [PERMISSION_OPERATE] = "operate",   [PERMISSION_ALERT] = "alert",
        [PERMISSION_PEOPLE] = "people",     [PERMISSION_AUDIT] = "audit",
        [PERMISSION_SETTINGS] = "settings",
    };

    return tags[permission];
}

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
    if (!user->active || (user->unproven && permission != PERMISSION_SESSION))
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

struct auth *auth_create(struct clock clock, const struct sign_keys *keys)
{
    struct auth *auth = calloc(1, sizeof(*auth));
    struct error error;

    if (auth == NULL)
        abort();
    auth->clock = clock;
    pthread_mutex_init(&auth->lock, NULL);
    sem_init(&auth->hashing, 0, AT_ONCE);
    auth->throttle = throttle_create(clock);
    crypto_generichash(auth->key, sizeof(auth->key), (const uint8_t *)"vitrine second factor", 21,
                       keys->secret, sizeof(keys->secret));
    if (!auth_hash_password("nobody-has-this-password", auth->decoy, sizeof(auth->decoy), &error))
        auth->decoy[0] = '\0';
    return auth;
}

void auth_destroy(struct auth *auth)
{
    if (auth == NULL)
        return;
    throttle_destroy(auth->throttle);
    sem_destroy(&auth->hashing);
    pthread_mutex_destroy(&auth->lock);
    sodium_memzero(auth->key, sizeof(auth->key));
    free(auth);
}

struct throttle *auth_throttle(struct auth *auth)
{
    return auth->throttle;
}

bool auth_password_right(struct auth *auth, const char *hash, const char *password)
{
    while (sem_wait(&auth->hashing) != 0)
        continue;
    bool right = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    sem_post(&auth->hashing);
    return right;
}

void auth_hash_token(const char *token, char hash_out[SHA256_HEX_SIZE])
{
    struct sha256 sum;

    sha256_of(token, strlen(token), &sum);
    sha256_to_hex(&sum, hash_out);
}
