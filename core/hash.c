#include "core/hash.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "core/sign.h"

#define PIECE_SIZE ((size_t)64 * 1024)

/* An EVP context under a name of our own. */
struct sha256_stream {
    EVP_MD_CTX *context;
};

void sha256_of(const void *data, size_t length, struct sha256 *sum_out)
{
    SHA256(data, length, sum_out->bytes);
}

bool sha256_of_file(const char *path, struct sha256 *sum_out, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        error_set_errno(err, errno, "lecture impossible", "cannot read");
        error_at(err, path, 0);
        return false;
    }
    bool ok = false;
    struct sha256_stream *stream = sha256_stream_create();
    char *piece = malloc(PIECE_SIZE);
    if (piece == NULL) {
        abort();
    }
    for (;;) {
        ssize_t got = read(fd, piece, PIECE_SIZE);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            error_set_errno(err, errno, "lecture impossible", "cannot read");
            error_at(err, path, 0);
            sha256_stream_destroy(stream);
            break;
        }
        if (got == 0) {
            sha256_stream_finish(stream, sum_out);
            ok = true;
            break;
        }
        sha256_stream_update(stream, piece, (size_t)got);
    }
    free(piece);
    close(fd);
    return ok;
}

struct sha256_stream *sha256_stream_create(void)
{
    struct sha256_stream *stream = malloc(sizeof *stream);
    if (stream == NULL) {
        abort();
    }
    stream->context = EVP_MD_CTX_new();
    if (stream->context == NULL || EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL) != 1) {
        abort();
    }
    return stream;
}

void sha256_stream_update(struct sha256_stream *stream, const void *data, size_t length)
{
    int done = EVP_DigestUpdate(stream->context, data, length);
    assert(done == 1);
    (void)done;
}

void sha256_stream_finish(struct sha256_stream *stream, struct sha256 *sum_out)
{
    unsigned int size = 0;
    int done = EVP_DigestFinal_ex(stream->context, sum_out->bytes, &size);
    assert(done == 1 && size == SHA256_SIZE);
    (void)done;
    sha256_stream_destroy(stream);
}

void sha256_stream_destroy(struct sha256_stream *stream)
{
    if (stream != NULL) {
        EVP_MD_CTX_free(stream->context);
        free(stream);
    }
}

void sha256_to_hex(const struct sha256 *sum, char hex_out[SHA256_HEX_SIZE])
{
    hex_encode(sum->bytes, SHA256_SIZE, hex_out);
}

bool sha256_from_hex(const char *hex, struct sha256 *sum_out)
{
    return hex_decode(hex, sum_out->bytes, SHA256_SIZE);
}

bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
    return memcmp(a->bytes, b->bytes, SHA256_SIZE) == 0;
}
