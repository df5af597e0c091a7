#include "playlists/enrolment.h"

#include <string.h>

#include "core/hash.h"

#define PREFIX "vitrine-enrolment"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void digest(const struct sign_public *key, struct sha256 *sum_out)
{
    struct sha256_stream *stream = sha256_stream_create();
    sha256_stream_update(stream, PREFIX, strlen(PREFIX));
    sha256_stream_update(stream, key->bytes, sizeof key->bytes);
    sha256_stream_finish(stream, sum_out);
}

/* Digits number `first` and following of the sum, five bits each, most significant bit first, with
 * a hyphen after every fourth. */
static void write_digits(const struct sha256 *sum, size_t first, size_t count, char *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && i % 4 == 0) {
            *out++ = '-';
        }
        size_t bit = (first + i) * 5;
        unsigned pair = (unsigned)sum->bytes[bit / 8] << 8 | sum->bytes[bit / 8 + 1];
        *out++ = alphabet[pair >> (11 - bit % 8) & 31];
    }
    *out = '\0';
}

void enrolment_code(const struct sign_public *key, char code_out[ENROLMENT_CODE_SIZE])
{
    struct sha256 sum;
    digest(key, &sum);
    write_digits(&sum, 0, 8, code_out);
}

void enrolment_fingerprint(const struct sign_public *key,
                           char fingerprint_out[ENROLMENT_FINGERPRINT_SIZE])
{
    struct sha256 sum;
    digest(key, &sum);
    write_digits(&sum, 8, 16, fingerprint_out);
}

static char code_digit(char typed)
{
    char c = typed >= 'a' && typed <= 'z' ? (char)(typed - 32) : typed;
    if (c == 'I' || c == 'L') {
        return '1';
    }
    if (c == 'O') {
        return '0';
    }
    return c != '\0' && strchr(alphabet, c) != NULL ? c : '\0';
}

bool enrolment_code_normalise(const char *typed, char code_out[ENROLMENT_CODE_SIZE])
{
    size_t count = 0;
    for (; *typed != '\0'; typed++) {
        if (*typed == ' ' || *typed == '-') {
            continue;
        }
        char digit = code_digit(*typed);
        if (digit == '\0' || count == 8) {
            return false;
        }
        code_out[count + (count >= 4)] = digit;
        count++;
    }
    code_out[4] = '-';
    code_out[9] = '\0';
    return count == 8;
}

void enrolment_message(const struct sign_public *key, const char *challenge, struct strbuf *out)
{
    char hex[SIGN_PUBLIC_HEX_SIZE];
    hex_encode(key->bytes, sizeof key->bytes, hex);
    strbuf_printf(out, PREFIX "\n%s\n%s\n", hex, challenge);
}
