#include "server/auth/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"

#define HMAC_SHA1_SIZE 20

int64_t totp_step_at(int64_t wall_ms)
{
    return wall_ms / 1000 / TOTP_STEP_S;
}

uint32_t totp_code(const uint8_t *secret, size_t size, int64_t step, int digits)
{
    uint8_t counter[8], sum[EVP_MAX_MD_SIZE];
    unsigned sum_size = 0;
    uint32_t modulus = 1;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (HMAC(EVP_sha1(), secret, (int)size, counter, sizeof(counter), sum, &sum_size) == NULL ||
        sum_size != HMAC_SHA1_SIZE)
        abort(); /* SHA-1 left out of OpenSSL: nobody could log in */
    const uint8_t *at = sum + (sum[HMAC_SHA1_SIZE - 1] & 0x0f);
    uint32_t truncated = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 |
                         (uint32_t)at[2] << 8 | (uint32_t)at[3];
    for (int i = 0; i < digits; i++)
        modulus *= 10;
    return truncated % modulus;
}

/* False unless it is six digits; people write them as "123 456". */
static bool read_digits(const char *text, uint32_t *code_out)
{
    int digits = 0;

    *code_out = 0;
    for (; *text != '\0'; text++) {
        if (*text == ' ')
            continue;
        if (*text < '0' || *text > '9' || ++digits > TOTP_DIGITS)
            return false;
        *code_out = *code_out * 10 + (uint32_t)(*text - '0');
    }
    return digits == TOTP_DIGITS;
}

bool totp_matches(const uint8_t *secret, size_t size, int64_t wall_ms, int64_t last_step,
                  const char *text, int64_t *step_out)
{
    int64_t now = totp_step_at(wall_ms);
    bool found = false;
    uint32_t code;

    if (!read_digits(text, &code))
        return false;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        if (totp_code(secret, size, step, TOTP_DIGITS) == code && step > last_step && !found) {
            *step_out = step;
            found = true;
        }
    }
    return found;
}

void totp_base32(const uint8_t *bytes, size_t size, char *text_out)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t bits = 0;
    int count = 0;

    for (size_t i = 0; i < size; i++) {
        bits = bits << 8 | bytes[i];
        for (count += 8; count >= 5; count -= 5)
            *text_out++ = alphabet[bits >> (count - 5) & 31];
    }
    if (count > 0)
        *text_out++ = alphabet[bits << (5 - count) & 31];
    *text_out = '\0';
}

const char *totp_uri(struct arena *arena, const char *name, const char *base32)
{
    struct strbuf uri;

    strbuf_init(&uri);
    strbuf_append(&uri, "otpauth://totp/Vitrine:");
    for (const char *c = name; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL;
        if (plain)
            strbuf_append_char(&uri, *c);
        else
            strbuf_printf(&uri, "%%%02X", (unsigned char)*c);
    }
    strbuf_printf(&uri, "?secret=%s&issuer=Vitrine", base32);
    const char *text = arena_strdup(arena, uri.bytes);
    strbuf_finish(&uri);
    return text;
}
