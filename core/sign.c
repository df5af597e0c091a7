#include "core/sign.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <sodium.h>

#include "core/files.h"

_Static_assert(SIGN_PUBLIC_SIZE == crypto_sign_PUBLICKEYBYTES, "libsodium's public key");
_Static_assert(SIGN_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "libsodium's secret key");
_Static_assert(SIGN_SIGNATURE_SIZE == crypto_sign_BYTES, "libsodium's signature");

bool sign_init(void)
{
    return sodium_init() >= 0;
}

void sign_keys_generate(struct sign_keys *keys_out)
{
    crypto_sign_keypair(keys_out->public.bytes, keys_out->secret);
}

/* The secret holds its seed and its public key: damaged bytes do not agree with each other. */
static bool keys_from_secret(const char *bytes, struct sign_keys *keys_out)
{
    crypto_sign_seed_keypair(keys_out->public.bytes, keys_out->secret, (const uint8_t *)bytes);
    return sodium_memcmp(keys_out->secret, bytes, SIGN_SECRET_SIZE) == 0;
}

static bool check_private(const char *path, struct error *err)
{
    struct stat status;
    if (stat(path, &status) == 0 && (status.st_mode & 077) != 0) {
        error_set(err, ERROR_DENIED,
                  "cette clé secrète est lisible par d’autres comptes ; "
                  "faites « chmod 600 » sur ce fichier",
                  "this secret key can be read by other accounts; run \"chmod 600\" on this file");
        error_at(err, path, 0);
        return false;
    }
    return true;
}

bool sign_keys_load_or_create(const char *path, struct sign_keys *keys_out, struct error *err)
{
    char *bytes = NULL;
    size_t length = 0;
    struct error read_error = {0};
    if (!file_read(path, 4096, &bytes, &length, &read_error)) {
        if (read_error.kind == ERROR_NOT_FOUND) {
            sign_keys_generate(keys_out);
            return file_write_atomic(path, keys_out->secret, SIGN_SECRET_SIZE, 0600, err);
        }
        if (read_error.kind != ERROR_LIMIT) {
            if (err != NULL) {
                *err = read_error;
            }
            return false;
        }
    }
    bool ok = bytes != NULL && length == SIGN_SECRET_SIZE && keys_from_secret(bytes, keys_out);
    if (bytes != NULL) {
        sodium_memzero(bytes, length);
        free(bytes);
    }
    if (!ok) {
        error_set(
            err, ERROR_INVALID,
            "ce fichier n’est pas une clé Ed25519 (64 octets) ; remettez la sauvegarde, ou "
            "supprimez-le pour créer une nouvelle clé",
            "this file is no Ed25519 key (64 bytes); restore its backup, or delete it to make "
            "a new key");
        error_at(err, path, 0);
        return false;
    }
    return check_private(path, err);
}

void sign_bytes(const struct sign_keys *keys, const void *data, size_t length,
                uint8_t signature_out[SIGN_SIGNATURE_SIZE])
{
    crypto_sign_detached(signature_out, NULL, data, length, keys->secret);
}

bool sign_verify(const struct sign_public *key, const void *data, size_t length,
                 const uint8_t signature[SIGN_SIGNATURE_SIZE])
{
    return crypto_sign_verify_detached(signature, data, length, key->bytes) == 0;
}

void hex_encode(const void *bytes, size_t size, char *hex_out)
{
    sodium_bin2hex(hex_out, 2 * size + 1, bytes, size);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(const char *hex, void *bytes_out, size_t size)
{
    uint8_t *bytes = bytes_out;
    if (strnlen(hex, 2 * size + 1) != 2 * size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(hex[2 * i]);
        int low = hex_digit(hex[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

void random_bytes(void *bytes_out, size_t size)
{
    randombytes_buf(bytes_out, size);
}

void random_token(char *hex_out, size_t bytes)
{
    uint8_t piece[32];
    while (bytes > 0) {
        size_t now = bytes < sizeof piece ? bytes : sizeof piece;
        randombytes_buf(piece, now);
        hex_encode(piece, now, hex_out);
        hex_out += 2 * now;
        bytes -= now;
    }
    *hex_out = '\0';
    sodium_memzero(piece, sizeof piece);
}

bool constant_time_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}
