/* HTTP requests to the one server, by libcurl: HTTPS (plain HTTP to loopback alone), no redirects,
 * every answer bounded in length and time. Several exchanges go on at once; the thread that owns
 * the transport calls everything but transport_wake. */
#ifndef VITRINE_PLAYER_SYNC_TRANSPORT_H
#define VITRINE_PLAYER_SYNC_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/lang.h"
#include "core/strbuf.h"
#include "player/sync/timekeeper.h"

#define TRANSPORT_ETAG_SIZE 96
#define TRANSPORT_WANTED_SIZE 65
#define TRANSPORT_KIND_SIZE 17

struct transport;
struct exchange;

/* "https://host[:port][/path]", or http for 127.0.0.0/8, ::1 and localhost. No user, query or
 * fragment. */
bool transport_check_server(const char *url, struct error *err) __attribute__((warn_unused_result));

struct transport *transport_create(const char *server, enum lang lang, struct error *err)
    __attribute__((warn_unused_result));
/* Every exchange must have been cancelled or have come to its end. Accepts NULL. */
void transport_destroy(struct transport *transport);

/* Where a body stands in its file. */
struct transport_range {
    int64_t offset; /* of its first byte; -1: a 206 that does not say */
    int64_t total;  /* length of the whole file; -1: not said */
};

struct transport_request {
    const char *path;   /* "/player/v1/manifest" */
    const char *token;  /* bearer token, NULL: none */
    const char *accept; /* NULL: nothing in particular */
    const char *boot;   /* Vitrine-Boot; NULL: none */
    const char *etag;   /* for If-None-Match, as the server gave it, with its quotes; NULL: none */
    int wait_s;         /* Prefer: wait=…; 0: none */
    bool compressed;    /* gzip is welcome; `limit` is of the plain bytes */
    const void *body;   /* copied; NULL: GET */
    size_t body_length;
    bool put;            /* PUT, else POST */
    const char *type;    /* of the body */
    int64_t limit;       /* longest body that is taken */
    int64_t resume_from; /* Range: bytes=…-; 0: whole */
    const char *if_range;
    bool gentle;   /* takes no more in advance than the line carries in a moment: what is small must
                      not queue behind it for seconds */
    int timeout_s; /* for the whole request; 0: none */
    int stall_s;   /* given up after so long below 100 bytes/s */
};

struct transport_answer {
    int status;
    int retry_after_s; /* -1: not said */
    char etag[TRANSPORT_ETAG_SIZE];
    char wanted_kind[TRANSPORT_KIND_SIZE]; /* of Vitrine-Wanted: KIND ID [NUMBER]; "": none */
    char wanted[TRANSPORT_WANTED_SIZE];    /* its id */
    int wanted_number;
    bool dated;
    struct timekeeper_hint date; /* what Date says, when `dated` */
    struct strbuf body;          /* when there is no sink */
};

/* None of these is called any more after exchange_cancel. begin and sink may not cancel or start an
 * exchange; done may. */
struct transport_handler {
    /* Before the body of a 200 or 206, and its bytes; NULL: the body goes to answer->body. False
     * gives the request up; *err must have been set. */
    bool (*begin)(void *context, int status, const struct transport_range *range,
                  struct error *err);
    bool (*sink)(void *context, const void *bytes, size_t length, struct error *err);
    /* Once. `err` NULL: an HTTP answer came, whatever its status; the body of another one than 200
     * and 206 may be cut. Else why not, and `answer` is what came of it until then (status 0:
     * nothing). ERROR_LIMIT: body longer than the limit; ERROR_NETWORK: unreachable, broken off,
     * stalled. The exchange is gone afterwards. */
    void (*done)(void *context, const struct transport_answer *answer, const struct error *err);
    void *context;
};

/* Never NULL; what fails is told by done, from transport_turn. */
struct exchange *transport_start(struct transport *transport,
                                 const struct transport_request *request,
                                 const struct transport_handler *handler);
void exchange_cancel(struct exchange *exchange); /* accepts NULL */

/* Waits for traffic or a wake-up, at most so long, and does what there is to do. */
void transport_turn(struct transport *transport, int64_t wait_ms);

/* Any thread. */
void transport_wake(struct transport *transport);

#endif
