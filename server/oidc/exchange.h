/* One HTTP question to the identity provider: TLS verified, no redirects, bounded in time and
 * bytes. Blocks; any thread. */
#ifndef VITRINE_SERVER_OIDC_EXCHANGE_H
#define VITRINE_SERVER_OIDC_EXCHANGE_H

#include <stdbool.h>

#include "core/error.h"
#include "core/strbuf.h"

struct exchange {
    const char *url;
    const char *form;        /* body of a POST (application/x-www-form-urlencoded); NULL: GET */
    const char *credentials; /* "name:password", both form-encoded, for Basic; NULL: none */
    const char *bearer;      /* NULL: none */
    bool loopback_http;      /* http:// to this machine is allowed */
};

/* For every program that asks, once, before threads are made. */
bool exchange_init(void);
/* Whether the address may be asked at all: https, or http to this machine when allowed. */
bool exchange_allowed(const char *url, bool loopback_http);
/* The answer's body, whatever its status; ERROR_NETWORK when there is none, ERROR_LIMIT when it is
 * too long. *out is initialised by the caller. */
bool exchange_run(const struct exchange *exchange, struct strbuf *out, long *status_out,
                  struct error *err) __attribute__((warn_unused_result));
/* For values of forms and queries. */
void exchange_append_escaped(struct strbuf *out, const char *text);

#endif
