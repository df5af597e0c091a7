/* Logging in at the city's identity provider: OpenID Connect, authorisation code flow with PKCE
 * (S256). The provider says who somebody is, and nothing of what they may do. Calls that ask the
 * provider block for some seconds at most; any thread. */
#ifndef VITRINE_SERVER_OIDC_OIDC_H
#define VITRINE_SERVER_OIDC_OIDC_H

#include "core/clock.h"
#include "server/oidc/id_token.h"

#define OIDC_RANDOM_SIZE 65

struct oidc_config {
    const char *issuer;
    const char *client_id;
    const char *client_secret; /* "": a public client */
    bool loopback_http;        /* an issuer by http:// on this machine is allowed */
    struct clock clock;
};

struct oidc;
/* Texts are copied. ERROR_INVALID for an issuer that may not be asked. Asks nothing yet. */
struct oidc *oidc_create(const struct oidc_config *config, struct error *err)
    __attribute__((warn_unused_result));
void oidc_destroy(struct oidc *oidc); /* accepts NULL */

/* What a login remembers until the person comes back. */
struct oidc_login {
    char state[OIDC_RANDOM_SIZE];
    char nonce[OIDC_RANDOM_SIZE];
    char verifier[OIDC_RANDOM_SIZE];
};

/* Where to send the person's browser (in the arena), who shall come back to redirect_uri. */
bool oidc_begin(struct oidc *oidc, struct arena *arena, const char *redirect_uri,
                struct oidc_login *login_out, const char **url_out, struct error *err)
    __attribute__((warn_unused_result));

/* Whether the answer comes from this provider (RFC 9207): iss is the query's, or NULL. */
bool oidc_issuer_right(struct oidc *oidc, const char *iss);
/* Changes the code for an ID token, and checks it. ERROR_NETWORK when the provider does not answer
 * as it should, ERROR_DENIED when what it says does not hold. */
bool oidc_finish(struct oidc *oidc, struct arena *arena, const char *redirect_uri,
                 const struct oidc_login *login, const char *code, struct oidc_person *out,
                 struct error *err) __attribute__((warn_unused_result));

#endif
