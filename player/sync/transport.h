/* HTTP requests to the one server, by libcurl: HTTPS (plain HTTP to loopback alone), no redirects,
 * every answer bounded in length and time. One request at a time; the thread that owns the
 * transport calls everything but transport_wake. */
#ifndef VITRINE_PLAYER_SYNC_TRANSPORT_H
#define VITRINE_PLAYER_SYNC_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/lang.h"
#include "core/strbuf.h"

struct transport;

/* "https://host[:port][/path]", or http for 127.0.0.0/8, ::1 and localhost. No user, query or
 * fragment. */
bool transport_check_server(const char *url, struct error *err) __attribute__((warn_unused_result));

/* `woken` is called in the owner's thread after each transport_wake, also in the middle of a
 * request; when it returns false the request is given up. */
struct transport *transport_create(const char *server, enum lang lang, bool (*woken)(void *context),
                                   void *context, struct error *err)
    __attribute__((warn_unused_result));
void transport_destroy(struct transport *transport); /* accepts NULL */

struct transport_request {
    const char *path;  /* "/player/v1/manifest" */
    const char *token; /* bearer token, NULL: none */
    const char *etag;  /* for If-None-Match, without quotes; NULL: none */
    int wait_s;        /* Prefer: wait=…; 0: none */
    const char *json;  /* body: makes it a POST; NULL: GET */
    size_t json_length;
    int64_t limit;       /* longest body that is taken */
    int64_t resume_from; /* Range: bytes=…-; 0: whole */
    int timeout_s;       /* for the whole request; 0: none */
    int stall_s;         /* given up after so long below 100 bytes/s */
    /* Where the body of a 200 or 206 goes; NULL: answer->body. `offset` is where these bytes stand
     * in the whole file. False gives the request up; *err must have been set. */
    bool (*sink)(void *context, int64_t offset, const void *bytes, size_t length,
                 struct error *err);
    void *sink_context;
};

struct transport_answer {
    int status;
    int retry_after_s; /* -1: not said */
    struct strbuf body;
};

void transport_answer_init(struct transport_answer *answer);
void transport_answer_finish(struct transport_answer *answer);

/* True when an HTTP answer came, whatever its status; the body of another than 200 and 206 may be
 * cut. ERROR_LIMIT: body longer than the limit;
 * ERROR_NETWORK: unreachable, broken off, stalled, or given up by `woken`. */
bool transport_perform(struct transport *transport, const struct transport_request *request,
                       struct transport_answer *answer, struct error *err)
    __attribute__((warn_unused_result));

/* Sleeps, calling `woken` when woken; false when it said to give up. */
bool transport_pause(struct transport *transport, int64_t ms);

/* Any thread. */
void transport_wake(struct transport *transport);

#endif
