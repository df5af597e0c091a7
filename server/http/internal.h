/* Shared by the files of server/http only. */
#ifndef VITRINE_SERVER_HTTP_INTERNAL_H
#define VITRINE_SERVER_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "server/http/server.h"

#define ROUTE_PARAMS_MAX 4
/* Of all requests together: a crowd of large bodies must not take the machine's memory. */
#define BODIES_MAX ((size_t)64 * 1024 * 1024)

/* A connection, from accept to close; the keeper cuts those that are late. */
struct connection {
    struct connection *next, *previous;
    int fd;
    int64_t waiting_since_ms; /* monotonic; 0: not waiting for the client's bytes */
};

struct route_params {
    size_t count;
    struct {
        const char *name;
        const char *value;
    } items[ROUTE_PARAMS_MAX];
};

struct answer_header {
    struct answer_header *next;
    const char *name;
    const char *value;
};

enum request_phase { PHASE_READING, PHASE_WORKING, PHASE_PARKED, PHASE_ANSWERED };

/* What a worker is to do with a request. */
enum request_job {
    JOB_HANDLE, /* authorise if that is still to do, and run the handler */
    JOB_PIECE,  /* give the sink what has come */
    JOB_FINISH, /* the same, and that it was all */
};

/* The body of a HTTP_STREAM request on its way to the route's sink. */
struct request_stream {
    const struct http_sink *sink; /* until it has had its end or abort */
    void *state;                  /* the sink's */
    bool asked;                   /* the call after the handler's, before any byte, has been seen */
    char *bytes;                  /* what has come and is not yet given; HTTP_PIECE_MAX */
    size_t length;
    size_t wasted; /* after a refusal */
    int64_t taken; /* in all */
};

struct http_request {
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct connection *connection;
    const struct http_route *route;
    struct arena *arena;
    const char *method;
    const char *path;
    struct route_params params;
    struct strbuf body;
    struct request_stream stream;
    bool has_body;
    bool under_way; /* counted among the server's */
    void *identity;
    int64_t began_ns, answered_ns; /* what http_answered tells */
    enum request_phase phase;
    /* The answer, once there is one. */
    struct MHD_Response *response;
    unsigned status;
    struct answer_header *headers;
    /* Parked: list of its key's bucket, and when to give up. */
    bool was_parked;
    struct http_request *park_next, **park_link;
    uint64_t park_key;
    int64_t park_until_ms;
    uint64_t wakes_before; /* the server's count when this request began */
    /* Queue of the workers. */
    enum request_job job;
    struct http_request *job_next;
};

#define PARK_BUCKETS 4096

struct http_server {
    struct http_config config;
    struct MHD_Daemon *daemon;
    int listen_fd;
    int port;
    pthread_mutex_t lock; /* connections, parking, jobs, counts */
    struct connection *connections;
    struct http_request *parked[PARK_BUCKETS];
    _Atomic uint64_t wakes;            /* how often somebody was woken */
    uint64_t woken_last[PARK_BUCKETS]; /* which of these was the bucket's last */
    struct http_counts counts;
    uint64_t under_way; /* requests that are in and not yet answered */
    pthread_cond_t quiet;
    bool stopping;
    pthread_t keeper;
    pthread_cond_t keeper_wake;
    bool keeper_started;
    pthread_t *workers;
    size_t worker_count;
    pthread_cond_t job_wake;
    struct http_request *job_first, **job_last;
    size_t body_bytes; /* of all requests; the server's thread alone */
};

/* exchange.c: one request from its first header to its last byte, for libmicrohttpd. */
void *exchange_look_at_uri(void *context, const char *uri, struct MHD_Connection *mhd);
enum MHD_Result exchange_handle(void *context, struct MHD_Connection *mhd, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **request_context);
void exchange_complete(void *context, struct MHD_Connection *mhd, void **request_context,
                       enum MHD_RequestTerminationCode code);

/* stream.c: streamed bodies. One of these calls is made for each call of libmicrohttpd's; they
 * return what it is to be told. */
enum MHD_Result stream_begin(struct http_request *request);
enum MHD_Result stream_continue(struct http_request *request, const char *bytes, size_t *size);
void stream_work(struct http_request *request); /* in a worker */
void stream_close(struct http_request *request);

/* exchange.c, for stream.c. */
enum MHD_Result exchange_queue_answer(struct http_request *request);
void exchange_note_arrival(struct http_request *request);

/* park.c, all with the lock held. */
void park_insert(struct http_server *server, struct http_request *request);
/* Calls again the handlers of those parked on *key (NULL: any) until `until_ms` or before. */
void park_wake(struct http_server *server, const uint64_t *key, int64_t until_ms);

/* workers.c. Push is false when the server stops. */
bool workers_start(struct http_server *server, struct error *err)
    __attribute__((warn_unused_result));
bool workers_push(struct http_server *server, struct http_request *request, enum request_job job)
    __attribute__((warn_unused_result));
void workers_join(struct http_server *server);

/* Whether the request may go on; if not it has its answer. */
bool request_authorised(struct http_request *request);
int64_t server_now_ms(const struct http_server *server);

/* For MHD: as its own, but for slashes and "%", which stay escaped until the route is known, so
 * that
 * "%2F" is no separator; and what is left of them in a part. */
size_t route_unescape(void *context, struct MHD_Connection *mhd, char *text);
char *route_unescape_rest(struct arena *arena, const char *text, size_t length);
/* Finds the route and its parameters. *allowed_out gets the methods that the path has, as a bit
 * set, when there is none. */
const struct http_route *route_find(const struct http_config *config, const char *method,
                                    const char *path, struct arena *arena,
                                    struct route_params *params_out, unsigned *allowed_out);

/* A problem with a status that handlers have no word for (405, 413, 416). */
void answer_status(struct http_request *request, unsigned status, const char *fr, const char *en);
void answer_allow(struct http_request *request, unsigned allowed);

#endif
