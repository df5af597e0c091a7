#include "server/auth/second_factor.h"

#include <string.h>

#include "server/auth/internal.h"
#include "server/auth/totp.h"

#define SEALED_SIZE                                                                                \
    (crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + TOTP_SECRET_SIZE +                             \
     crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES

static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";

/* The account's name is sealed in: a secret moved to another row opens nothing. */
static const char *seal(const struct auth *auth, struct arena *arena, const char *name,
                        const uint8_t secret[TOTP_SECRET_SIZE])
{
    uint8_t sealed[SEALED_SIZE];
    char *hex = arena_alloc(arena, 2 * SEALED_SIZE + 1);

    random_bytes(sealed, NONCE_SIZE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE_SIZE, NULL, secret, TOTP_SECRET_SIZE,
                                               (const uint8_t *)name, strlen(name), NULL, sealed,
                                               auth->key);
    hex_encode(sealed, sizeof(sealed), hex);
    return hex;
}

static bool unseal(const struct auth *auth, const struct user *user,
                   uint8_t secret_out[TOTP_SECRET_SIZE], struct error *err)
{
    uint8_t sealed[SEALED_SIZE];

    if (hex_decode(user->totp_secret, sealed, sizeof(sealed)) &&
        crypto_aead_xchacha20poly1305_ietf_decrypt(
            secret_out, NULL, NULL, sealed + NONCE_SIZE, SEALED_SIZE - NONCE_SIZE,
            (const uint8_t *)user->name, strlen(user->name), sealed, auth->key) == 0)
        return true;
    return error_set(err, ERROR_DENIED,
                     "le second facteur de « %s » ne se lit pas avec la clé de ce serveur : un "
                     "administrateur peut le retirer",
                     "the second factor of \"%s\" cannot be read with this server's key: an "
                     "administrator can remove it",
                     user->name);
}

bool second_factor_begin(struct auth *auth, struct db *db, struct arena *arena, const char *name,
                         const char **base32_out, const char **uri_out, struct error *err)
{
    char *base32 = arena_alloc(arena, TOTP_BASE32_SIZE);
    uint8_t secret[TOTP_SECRET_SIZE];
    struct user user;

    if (!users_get(db, arena, name, &user, err))
        return false;
    if (user.totp_active)
        return error_set(err, ERROR_CONFLICT, "un second facteur est déjà actif : retirez-le avant",
                         "a second factor is active already: remove it first");
    random_bytes(secret, sizeof(secret));
    user.totp_secret = seal(auth, arena, name, secret);
    user.totp_step = 0;
    totp_base32(secret, sizeof(secret), base32);
    *base32_out = base32;
    *uri_out = totp_uri(arena, name, base32);
    return users_put(db, &user, err);
}

/* 50 bits would fall to who has the store alone: the hash takes the server's key as well. */
static void hash_code(const struct auth *auth, const char *name, const char *code,
                      char hash_out[SHA256_HEX_SIZE])
{
    crypto_generichash_state state;
    uint8_t sum[SHA256_SIZE];

    crypto_generichash_init(&state, auth->key, sizeof(auth->key), sizeof(sum));
    crypto_generichash_update(&state, (const uint8_t *)name, strlen(name) + 1);
    for (const char *c = code; *c != '\0'; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        if (lower != '-' && lower != ' ')
            crypto_generichash_update(&state, (const uint8_t *)&lower, 1);
    }
    crypto_generichash_final(&state, sum, sizeof(sum));
    hex_encode(sum, sizeof(sum), hash_out);
}

static bool make_codes(struct auth *auth, struct db *db, struct arena *arena, const char *name,
                       char codes_out[SECOND_FACTOR_CODES][SECOND_FACTOR_CODE_SIZE],
                       struct error *err)
{
    const char *hashes[SECOND_FACTOR_CODES];

    for (int i = 0; i < SECOND_FACTOR_CODES; i++) {
        char *hash = arena_alloc(arena, SHA256_HEX_SIZE);
        for (int k = 0; k < SECOND_FACTOR_CODE_SIZE - 1; k++)
            codes_out[i][k] = k == 5 ? '-' : alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
        codes_out[i][SECOND_FACTOR_CODE_SIZE - 1] = '\0';
        hash_code(auth, name, codes_out[i], hash);
        hashes[i] = hash;
    }
    return recovery_codes_set(
        db, name, &(struct text_list){.count = SECOND_FACTOR_CODES, .items = hashes}, err);
}

static bool wrong_code(struct error *err)
{
    return error_set(err, ERROR_DENIED, "code faux ou déjà utilisé", "wrong code, or used already");
}

/* The step is noted with the code: who looks over a shoulder cannot use it again. */
static bool spend_totp(struct auth *auth, struct db *db, struct user *user, const char *code,
                       struct error *err)
{
    uint8_t secret[TOTP_SECRET_SIZE];

    if (!unseal(auth, user, secret, err))
        return false;
    bool right = totp_matches(secret, sizeof(secret), clock_wall_ms(&auth->clock), user->totp_step,
                              code, &user->totp_step);
    sodium_memzero(secret, sizeof(secret));
    return right ? users_put(db, user, err) : wrong_code(err);
}

bool second_factor_confirm(struct auth *auth, struct db *db, struct arena *arena, const char *name,
                           const char *code,
                           char codes_out[SECOND_FACTOR_CODES][SECOND_FACTOR_CODE_SIZE],
                           struct error *err)
{
    struct user user;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = users_get(db, arena, name, &user, err);
    if (ok && (user.totp_active || user.totp_secret[0] == '\0'))
        ok = error_set(err, ERROR_CONFLICT, "aucun second facteur n’attend de code",
                       "no second factor waits for a code");
    user.totp_active = true;
    ok = ok && spend_totp(auth, db, &user, code, err) &&
         make_codes(auth, db, arena, name, codes_out, err);
    return db_leave(db, own, ok, err);
}

bool second_factor_spend(struct auth *auth, struct db *db, struct arena *arena, const char *name,
                         const char *code, struct error *err)
{
    char hash[SHA256_HEX_SIZE];
    struct user user;

    if (!users_get(db, arena, name, &user, err))
        return false;
    if (!user.totp_active)
        return error_set(err, ERROR_CONFLICT, "ce compte n’a pas de second facteur",
                         "this account has no second factor");
    if (strlen(code) >= SECOND_FACTOR_CODE_SIZE - 2) { /* longer than a telephone's */
        hash_code(auth, name, code, hash);
        if (recovery_codes_spend(db, name, hash, err))
            return true;
        return err->kind == ERROR_NOT_FOUND && wrong_code(err);
    }
    return spend_totp(auth, db, &user, code, err);
}

bool second_factor_remove(struct db *db, struct arena *arena, const char *name, struct error *err)
{
    struct user user;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = users_get(db, arena, name, &user, err);
    user.totp_secret = "";
    user.totp_active = false;
    user.totp_step = 0;
    ok = ok && users_put(db, &user, err) &&
         recovery_codes_set(db, name, &(struct text_list){0}, err);
    return db_leave(db, own, ok, err);
}
