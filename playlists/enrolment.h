/* What player and server must agree on when a screen is enrolled (docs/protocol.md). */
#ifndef VITRINE_PLAYLISTS_ENROLMENT_H
#define VITRINE_PLAYLISTS_ENROLMENT_H

#include "core/sign.h"
#include "core/strbuf.h"

#define ENROLMENT_CODE_SIZE 10        /* "K7QF-2M9D" and NUL */
#define ENROLMENT_FINGERPRINT_SIZE 20 /* "ABCD-EFGH-JKMN-PQRS" and NUL */
#define ENROLMENT_CHALLENGE_HEX 64

/* Crockford base 32 (no I, L, O, U) of SHA-256("vitrine-enrolment" ‖ key): the first 40 bits are
 * the code that the screen shows, the next 80 the fingerprint that an administrator compares. Both
 * are known without a server. */
void enrolment_code(const struct sign_public *key, char code_out[ENROLMENT_CODE_SIZE]);
void enrolment_fingerprint(const struct sign_public *key,
                           char fingerprint_out[ENROLMENT_FINGERPRINT_SIZE]);
/* Upper case, I and L read as 1, O as 0, hyphen put in, spaces and hyphens
 * ignored; false if it cannot be a code. */
bool enrolment_code_normalise(const char *typed, char code_out[ENROLMENT_CODE_SIZE]);
/* The bytes a player signs to prove its key: "vitrine-enrolment\n<key hex>\n<challenge>\n". */
void enrolment_message(const struct sign_public *key, const char *challenge, struct strbuf *out);

#endif
