/* Shared by the files of server/http only. */
#ifndef VITRINE_SERVER_HTTP_INTERNAL_H
#define VITRINE_SERVER_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>

#include "server/http/server.h"

#define ROUTE_PARAMS_MAX 4
#define BODY_UNSET SIZE_MAX

/* A connection, from accept to close; the keeper cuts those that are late. */
struct connection {
    struct connection *next, *previous;
    int fd;
    int64_t waiting_since_ms; /* monotonic; 0: not waiting for the client's bytes */
};

enum request_phase { PHASE_READING, PHASE_WORKING, PHASE_PARKED, PHASE_ANSWERED };

struct http_request {
    struct http_server *server;
    struct MHD_Connection *mhd;
    struct connection *connection;
    const struct http_route *route;
    struct arena *arena;
    const char *method;
    const char *path;
    struct {
        const char *name;
        const char *value;
    } params[ROUTE_PARAMS_MAX];
    size_t param_count;
    struct strbuf body;
    bool has_body;
    void *identity;
    enum request_phase phase;
    bool was_parked;
    /* The answer, once there is one. */
    struct MHD_Response *response;
    unsigned status;
    struct {
        const char *name;
        const char *value;
    } headers[8];
    size_t header_count;
    /* Parked: list of its key's bucket, and when to give up. */
    struct http_request *park_next, **park_link;
    uint64_t park_key;
    int64_t park_until_ms;
    /* Queue of the workers. */
    struct http_request *job_next;
};

#define PARK_BUCKETS 4096

struct http_server {
    struct http_config config;
    struct MHD_Daemon *daemon;
    int port;
    pthread_mutex_t lock; /* connections, parking, jobs, counts */
    struct connection *connections;
    struct http_request *parked[PARK_BUCKETS];
    struct http_counts counts;
    uint64_t in_work; /* requests whose handler has not answered yet */
    bool stopping;
    pthread_t keeper;
    pthread_cond_t keeper_wake;
    bool keeper_started;
    pthread_t *workers;
    size_t worker_count;
    pthread_cond_t job_wake;
    struct http_request *job_first, **job_last;
    char deadline_text[8];
};

/* Finds the route and fills params (copied into the arena). *allowed_out gets the methods that the
 * path has, as a bit set. */
const struct http_route *route_find(struct http_request *request, unsigned *allowed_out);
/* The handler's turn, then the answer is queued or the request parked. */
void request_run(struct http_request *request);
void request_finish(struct http_request *request);
/* A problem with a status that handlers have no word for (405, 408, 411, 413, 414, 431, 501). */
void answer_status(struct http_request *request, unsigned status, const char *fr, const char *en);
void answer_allow(struct http_request *request, unsigned allowed);

#endif
