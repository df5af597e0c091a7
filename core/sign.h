/* Ed25519 signatures, random bytes, base64 and tokens, by libsodium. Call sign_init once at start
 * of the program. */
#ifndef VITRINE_CORE_SIGN_H
#define VITRINE_CORE_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define SIGN_PUBLIC_SIZE 32
#define SIGN_SECRET_SIZE 64
#define SIGN_SIGNATURE_SIZE 64
#define SIGN_PUBLIC_HEX_SIZE 65
#define SIGN_SIGNATURE_HEX_SIZE 129

struct sign_public {
    uint8_t bytes[SIGN_PUBLIC_SIZE];
};

struct sign_keys {
    struct sign_public public;
    uint8_t secret[SIGN_SECRET_SIZE];
};

bool sign_init(void);

void sign_keys_generate(struct sign_keys *keys_out);
/* Reads the keys from a file of mode 0600 (64 secret bytes, raw); makes and saves new ones when
 * there is no such file. A file of another length is an error: a key is never replaced silently. */
bool sign_keys_load_or_create(const char *path, struct sign_keys *keys_out, struct error *err)
    __attribute__((warn_unused_result));

void sign_bytes(const struct sign_keys *keys, const void *data, size_t length,
                uint8_t signature_out[SIGN_SIGNATURE_SIZE]);
bool sign_verify(const struct sign_public *key, const void *data, size_t length,
                 const uint8_t signature[SIGN_SIGNATURE_SIZE]);

/* Lower-case hexadecimal; the decoder takes the whole string and exactly `size` bytes. */
void hex_encode(const void *bytes, size_t size, char *hex_out);
bool hex_decode(const char *hex, void *bytes_out, size_t size);

void random_bytes(void *bytes_out, size_t size);
/* `bytes` random bytes as 2*bytes hexadecimal digits and NUL. */
void random_token(char *hex_out, size_t bytes);
bool constant_time_equal(const void *a, const void *b, size_t size);

#endif
