/* Time-based one-time passwords (RFC 6238: HMAC-SHA-1, 30 s, 6 digits), as authenticator
 * applications on telephones make them. Pure. */
#ifndef VITRINE_SERVER_AUTH_TOTP_H
#define VITRINE_SERVER_AUTH_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

#define TOTP_SECRET_SIZE 20 /* bytes, as RFC 4226 recommends */
#define TOTP_BASE32_SIZE 33 /* of a secret, with its NUL */
#define TOTP_DIGITS 6
#define TOTP_STEP_S 30

int64_t totp_step_at(int64_t wall_ms);
/* The code of that step, as a number below 10^digits; digits 1 to 9. */
uint32_t totp_code(const uint8_t *secret, size_t size, int64_t step, int digits);
/* Whether `text` (six digits, spaces between allowed) is the code of the step of wall_ms, the one
 * before or the one after, and later than last_step; *step_out is whose. */
bool totp_matches(const uint8_t *secret, size_t size, int64_t wall_ms, int64_t last_step,
                  const char *text, int64_t *step_out) __attribute__((warn_unused_result));

/* RFC 4648 base 32 without padding; text_out has room for (size * 8 + 4) / 5 + 1. */
void totp_base32(const uint8_t *bytes, size_t size, char *text_out);
/* What a QR code holds: "otpauth://totp/Vitrine:zo%C3%A9?secret=…&issuer=Vitrine". */
const char *totp_uri(struct arena *arena, const char *name, const char *base32);

#endif
