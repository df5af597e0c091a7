/* ID tokens (OpenID Connect Core 1.0, 3.1.3.7): what a provider signs about who has logged in.
 * Pure: keys, time and expectations are given. */
#ifndef VITRINE_SERVER_OIDC_ID_TOKEN_H
#define VITRINE_SERVER_OIDC_ID_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"

/* Who it is, as the provider says. Texts are in the arena, "" when it does not say. */
struct oidc_person {
    const char *subject;
    const char *email;
    bool email_verified;
};

struct id_expected {
    const char *issuer;
    const char *client_id;
    const char *nonce;
    int64_t now_ms;
};

enum id_verdict {
    ID_GOOD,
    ID_UNKNOWN_KEY, /* newer keys may have it */
    ID_REFUSED,
};

/* jwks is the provider's key set, a JSON document. Only RS256 (2048 bits at least) and ES256 with a
 * key of that very kind; never "none", never a shared secret. Issuer, audience, authorised party,
 * times (a minute's difference of clocks is allowed) and nonce must be right. */
enum id_verdict id_token_check(const char *token, const char *jwks,
                               const struct id_expected *expected, struct arena *arena,
                               struct oidc_person *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
