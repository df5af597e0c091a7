/* One HTTP request and its answer, as handlers see them. A handler answers exactly once, with one
 * of the answer_* functions (or parks); the status code follows from which one. Strings live as
 * long as the request. A handler runs in the server's thread, or in a worker when its route is
 * slow. */
#ifndef VITRINE_SERVER_HTTP_REQUEST_H
#define VITRINE_SERVER_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/lang.h"
#include "core/strbuf.h"

struct http_request;
struct http_route;

/* Reading. */
struct arena *request_arena(struct http_request *request);
const char *request_path(const struct http_request *request); /* decoded */
/* Value of "{name}" in the route's pattern; never NULL for a name that is in it. */
const char *request_param(const struct http_request *request, const char *name);
const char *request_query(const struct http_request *request, const char *name);  /* or NULL */
/* The row of the server's table that the request came by. */
const struct http_route *request_route(const struct http_request *request);
/* The name of a query parameter that is not in `known` (NULL at the end), or there twice; NULL when
 * there is none. */
const char *request_unknown_query(const struct http_request *request, const char *const *known);
const char *request_header(const struct http_request *request, const char *name); /* or NULL */
const char *request_cookie(const struct http_request *request, const char *name); /* or NULL */
const char *request_body(const struct http_request *request, size_t *length_out); /* with a NUL */
/* Content-Length; -1 for a chunked body. */
int64_t request_length(const struct http_request *request);
const char *request_peer(const struct http_request *request); /* numeric address */
enum lang request_lang(const struct http_request *request);   /* Accept-Language, else French */
/* POST, PUT, PATCH, DELETE. */
bool request_unsafe(const struct http_request *request);
/* Seconds of "Prefer: wait=n", 0 when there is none. */
int request_prefer_wait_s(const struct http_request *request);
/* The token of "Authorization: Bearer …", or NULL. */
const char *request_bearer(const struct http_request *request);
/* Whether If-None-Match names this entity tag (given without quotes), or is "*". */
bool request_has_etag(const struct http_request *request, const char *etag);
/* The one entity tag of If-Match without its quotes; NULL without the header, or when it is "*" or
 * several. */
const char *request_if_match(const struct http_request *request);
/* Whether the client takes a body that is compressed by gzip. */
bool request_accepts_gzip(const struct http_request *request);
/* What the authorise function left for the handler (who is asking). */
void *request_identity(const struct http_request *request);
void request_set_identity(struct http_request *request, void *identity);

/* Answering. */
enum answer_state { ANSWER_OK, ANSWER_CREATED, ANSWER_ACCEPTED, ANSWER_NOT_READY };
/* Before the answer: an extra header; name is a literal, value is copied. */
void answer_header(struct http_request *request, const char *name, const char *value);
/* The body is copied. Cache-Control: no-store. */
void answer_json(struct http_request *request, enum answer_state state, const struct strbuf *body);
/* etag (without quotes) and cache_control may be NULL. The body is copied. */
void answer_bytes(struct http_request *request, const char *type, const void *bytes, size_t length,
                  const char *etag, const char *cache_control);
/* Like answer_bytes, of bytes that are not copied: release(context) is called in the server's
 * thread when they are not needed any more, maybe after the request's end, also when they could not
 * be sent. A thousand players told of their manifests at once would else take a thousand copies. */
void answer_shared(struct http_request *request, const char *type, const void *bytes, size_t length,
                   const char *etag, const char *cache_control, void (*release)(void *context),
                   void *context);
/* A file that never changes under its name, by descriptor, with Range, If-Range and ETag (the last
 * part of the path). A missing file is a problem "not found". */
void answer_file(struct http_request *request, const char *path, const char *type);
void answer_not_modified(struct http_request *request, const char *etag);
void answer_empty(struct http_request *request);
void answer_redirect(struct http_request *request, const char *location);
/* Problem details from an error; status from its kind: INVALID 400, DENIED 403, NOT_FOUND 404,
 * CONFLICT 409, LIMIT 413, STALE 412, NETWORK 502; BUSY 503, IO and INTERNAL 500, which are logged
 * and told without internals. */
void answer_problem(struct http_request *request, const struct error *err);
/* Empty when what was asked is done, else the problem. */
void answer_outcome(struct http_request *request, bool ok, const struct error *err);
/* 428: a change needs If-Match with the entity tag of what was read. */
void answer_unconditional(struct http_request *request);
/* A JSON answer with its entity tag (given without quotes). */
void answer_json_tagged(struct http_request *request, enum answer_state state,
                        const struct strbuf *body, const char *etag);
/* 415: the body is not of the type that this address takes. */
void answer_wrong_type(struct http_request *request, const char *type);
/* 507: the disk has no room for it. */
void answer_no_room(struct http_request *request);
/* 401: who are you? */
void answer_unauthenticated(struct http_request *request);
/* 429 or (server's own trouble) 503, with Retry-After. */
void answer_too_many(struct http_request *request, int retry_after_s);
void answer_unavailable(struct http_request *request, int retry_after_s);

/* Where the body of a HTTP_STREAM route goes. All run in workers, one after the other, but `abort`
 * (in the server's thread) and the last `bytes` before it. */
struct http_sink {
    /* At most HTTP_PIECE_MAX at once; while they are taken the client is not read. False: it has
     * answered, and the rest of the body is thrown away, or the connection closed. */
    bool (*bytes)(struct http_request *request, const void *bytes, size_t size, void *state);
    /* The body is whole: answers. */
    void (*end)(struct http_request *request, void *state);
    /* Instead of end: the client went away, the server stops, or bytes said no. What came until
     * then was given to bytes. */
    void (*abort)(struct http_request *request, void *state);
};
#define HTTP_PIECE_MAX ((size_t)256 * 1024)

/* In the handler of a HTTP_STREAM route, instead of an answer. */
void request_stream(struct http_request *request, const struct http_sink *sink, void *state);

/* Long-poll: leaves the request unanswered until http_server_wake(key) or until `wait_s` seconds
 * have gone, when the handler is called again with request_parked() true. Not for slow routes. */
void request_park(struct http_request *request, uint64_t key, int wait_s);
/* Whether the request was parked before (so that it is not parked twice). */
bool request_parked(const struct http_request *request);

#endif
