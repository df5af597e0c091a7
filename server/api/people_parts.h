/* Shared by the files of server/api that are about people: gate, session, accounts, OpenID. */
#ifndef VITRINE_SERVER_API_PEOPLE_PARTS_H
#define VITRINE_SERVER_API_PEOPLE_PARTS_H

#include "server/api/internal.h"
#include "server/auth/session.h"
#include "server/content/form.h"

/* Whether Origin is this server's. */
bool people_origin_right(struct http_request *request, const struct api *api);
/* The same for routes without a session; answers 403 when it is not. */
bool people_from_page(struct http_request *request, const struct api *api);
/* The body by a form; *out is zeroed first. */
bool people_body(struct http_request *request, const struct form *form, void *out,
                 struct error *err) __attribute__((warn_unused_result));
void people_set_cookie(struct http_request *request, const struct api *api, const char *name,
                       const char *token, int64_t max_age_s, bool strict);
struct session_peer people_peer(struct http_request *request);
/* Of a problem, or 429 for ERROR_LIMIT with retry_after_s. */
void people_answer_failure(struct http_request *request, const struct error *err,
                           int retry_after_s);

/* The cookie of a login that waits for its second step. */
const char *people_step_cookie(const struct api *api);
/* Sets the cookies that a grant is worth: a new session (and the one before ends), or the second
 * step's. */
void people_set_grant(struct http_request *request, struct api *api,
                      const struct session_grant *grant);
/* "https://vitrine.example.fr": public_url, else what the request came to; without a last slash. */
const char *people_base_url(struct http_request *request, const struct api *api);

#endif
