/* The HTTP server over libmicrohttpd: one epoll thread for everything quick, a few worker threads
 * for routes marked slow, and a keeper thread for deadlines. Routes are one table. TLS and HTTP/2
 * belong to nginx in front. */
#ifndef VITRINE_SERVER_HTTP_SERVER_H
#define VITRINE_SERVER_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/error.h"
#include "server/http/request.h"

enum http_pace {
    HTTP_QUICK,  /* handled in the server's thread */
    HTTP_SLOW,   /* in a worker; authorised there as well, which may take its time */
    HTTP_UPLOAD, /* in a worker, but authorised in the server's thread, before the body is read */
    HTTP_STREAM, /* in a worker, authorised there, before the body is read: the handler refuses, or
                    says by request_stream where the body goes; it is never in memory as a whole */
};

enum http_method {
    HTTP_GET,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS,
    HTTP_METHODS
};

struct http_route {
    enum http_method method; /* a GET answers HEAD too */
    const char *pattern;     /* "/api/v1/screens/{id}": a parameter is one non-empty segment,
                                of "{id+}" an escaped slash is part; a last "{path*}" takes the
                                rest */
    int permission;          /* given to authorise(); 0: everybody */
    void (*handle)(struct http_request *request, void *context);
    size_t body_max; /* bytes; more is refused before it is read */
    enum http_pace pace;
};

/* An answer that is out, for measures. */
struct http_answered {
    const struct http_route *route; /* of the table given; NULL: none fitted */
    const char *method;
    unsigned status; /* 0: the client went away before */
    int64_t took_us; /* from the request's last byte, or from being woken, to the answer */
};

struct http_config {
    const char *address; /* "127.0.0.1", "::1", "0.0.0.0" */
    int port;            /* 0: any free one */
    const struct http_route *routes;
    size_t route_count;
    /* Called for routes with a permission, in the handler's thread: before the body is read, or for
     * HTTP_SLOW ones just before the handler. Answers itself (401, 403) and returns
     * false to refuse. */
    bool (*authorise)(struct http_request *request, int permission, void *context);
    /* Called in the server's thread for each request that is over; may be NULL. */
    void (*answered)(void *context, const struct http_answered *answered);
    void *context; /* for handlers, authorise and answered */
    struct clock clock;
    /* Headers and body of a request must be in by then, of a streamed body each HTTP_PIECE_MAX
     * bytes; 0: 60. */
    int request_deadline_s;
    int workers;       /* 0: 2 */
    bool behind_proxy; /* a peer on this machine is nginx: request_peer is its X-Real-IP */
};

struct http_server;

struct http_server *http_server_start(const struct http_config *config, struct error *err)
    __attribute__((warn_unused_result));
int http_server_port(const struct http_server *server);
/* Calls every handler parked on `key` again, from any thread. */
void http_server_wake(struct http_server *server, uint64_t key);
/* Requests answered, connections open, requests parked: for /metrics and tests. */
struct http_counts {
    uint64_t answered;
    uint64_t connections;
    uint64_t parked;
};
struct http_counts http_server_counts(struct http_server *server);
/* Takes no more connections, answers who is parked or under way (slow routes that have not begun:
 * 503), then stops: after at most 5 s, and no sooner than the handlers that run in workers return.
 * Accepts NULL. */
void http_server_stop(struct http_server *server);

#endif
