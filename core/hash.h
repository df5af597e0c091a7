/* SHA-256 by OpenSSL, and hexadecimal. */
#ifndef VITRINE_CORE_HASH_H
#define VITRINE_CORE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE 65 /* with its NUL */

struct sha256 {
    uint8_t bytes[SHA256_SIZE];
};

void sha256_of(const void *data, size_t length, struct sha256 *sum_out);
/* Reads the file in pieces. */
bool sha256_of_file(const char *path, struct sha256 *sum_out, struct error *err)
    __attribute__((warn_unused_result));

/* Incremental: create, update…, finish (which frees). */
struct sha256_stream;
struct sha256_stream *sha256_stream_create(void);
void sha256_stream_update(struct sha256_stream *stream, const void *data, size_t length);
void sha256_stream_finish(struct sha256_stream *stream, struct sha256 *sum_out);
void sha256_stream_destroy(struct sha256_stream *stream); /* to give up; accepts NULL */

void sha256_to_hex(const struct sha256 *sum, char hex_out[SHA256_HEX_SIZE]);
/* 64 lower-case hexadecimal digits, whole string. */
bool sha256_from_hex(const char *hex, struct sha256 *sum_out);
bool sha256_equal(const struct sha256 *a, const struct sha256 *b);

#endif
