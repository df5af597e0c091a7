#include "server/http/server.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "core/log.h"
#include "server/http/internal.h"

#define CONNECTION_MEMORY (24 * 1024) /* request line and headers must fit: else 431 */
#define CONNECTIONS_MAX 60000
#define INACTIVITY_S 75
#define DEADLINE_S 60
#define STOP_MS 5000

static int64_t now_ms(const struct http_server *server)
{
    return clock_mono_ms(&server->config.clock);
}

/* ---- Parking ---- */

static void park_insert(struct http_server *server, struct http_request *request)
{
    struct http_request **bucket = &server->parked[request->park_key % PARK_BUCKETS];

    request->park_next = *bucket;
    request->park_link = bucket;
    if (*bucket != NULL)
        (*bucket)->park_link = &request->park_next;
    *bucket = request;
    server->counts.parked++;
}

static void park_remove(struct http_server *server, struct http_request *request)
{
    *request->park_link = request->park_next;
    if (request->park_next != NULL)
        request->park_next->park_link = request->park_link;
    request->park_next = NULL;
    request->park_link = NULL;
    server->counts.parked--;
}

/* With the lock held. The handler runs again when libmicrohttpd calls handle_request. */
static void park_resume(struct http_server *server, struct http_request *request)
{
    park_remove(server, request);
    request->phase = PHASE_READING;
    MHD_resume_connection(request->mhd);
}

void request_park(struct http_request *request, uint64_t key, int wait_s)
{
    struct http_server *server = request->server;

    assert(!request->route->slow && !request->was_parked && request->response == NULL);
    request->was_parked = true;
    request->phase = PHASE_PARKED;
    request->park_key = key;
    request->park_until_ms = now_ms(server) + (int64_t)wait_s * 1000;
}

static void wake_matching(struct http_server *server, const uint64_t *key, int64_t until_ms)
{
    size_t first = key != NULL ? *key % PARK_BUCKETS : 0;
    size_t last = key != NULL ? first : PARK_BUCKETS - 1;

    for (size_t i = first; i <= last; i++) {
        struct http_request *next;
        for (struct http_request *request = server->parked[i]; request != NULL; request = next) {
            next = request->park_next;
            if ((key == NULL || request->park_key == *key) && request->park_until_ms <= until_ms)
                park_resume(server, request);
        }
    }
}

void http_server_wake(struct http_server *server, uint64_t key)
{
    pthread_mutex_lock(&server->lock);
    wake_matching(server, &key, INT64_MAX);
    pthread_mutex_unlock(&server->lock);
}

void http_server_wake_all(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    wake_matching(server, NULL, INT64_MAX);
    pthread_mutex_unlock(&server->lock);
}

/* ---- Workers ---- */

static bool authorised(struct http_request *request)
{
    const struct http_config *config = &request->server->config;

    return request->route->permission == 0 ||
           config->authorise(request, request->route->permission, config->context);
}

static void job_push(struct http_server *server, struct http_request *request)
{
    pthread_mutex_lock(&server->lock);
    request->job_next = NULL;
    *server->job_last = request;
    server->job_last = &request->job_next;
    pthread_cond_signal(&server->job_wake);
    pthread_mutex_unlock(&server->lock);
}

static struct http_request *job_pop(struct http_server *server)
{
    struct http_request *request;

    pthread_mutex_lock(&server->lock);
    while (server->job_first == NULL && !server->stopping)
        pthread_cond_wait(&server->job_wake, &server->lock);
    request = server->job_first;
    if (request != NULL) {
        server->job_first = request->job_next;
        if (server->job_first == NULL)
            server->job_last = &server->job_first;
    }
    pthread_mutex_unlock(&server->lock);
    return request;
}

static void *worker_run(void *context)
{
    struct http_server *server = context;
    struct http_request *request;

    while ((request = job_pop(server)) != NULL) {
        if (authorised(request))
            request->route->handle(request, server->config.context);
        assert(request->response != NULL || request->status != 0);
        pthread_mutex_lock(&server->lock);
        request->phase = PHASE_ANSWERED;
        MHD_resume_connection(request->mhd);
        pthread_mutex_unlock(&server->lock);
    }
    return NULL;
}

/* ---- Keeper: deadlines ---- */

static void *keeper_run(void *context)
{
    struct http_server *server = context;
    int deadline_s =
        server->config.request_deadline_s > 0 ? server->config.request_deadline_s : DEADLINE_S;

    pthread_mutex_lock(&server->lock);
    while (!server->stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += 1;
        pthread_cond_timedwait(&server->keeper_wake, &server->lock, &until);
        int64_t now = now_ms(server);
        wake_matching(server, NULL, now);
        /* libmicrohttpd's time-out counts silence only; a byte now and then would hold a
         * connection for ever. */
        for (struct connection *at = server->connections; at != NULL; at = at->next) {
            if (at->waiting_since_ms != 0 && now - at->waiting_since_ms > deadline_s * 1000) {
                shutdown(at->fd, SHUT_RDWR);
                at->waiting_since_ms = 0;
            }
        }
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

static void handle_connection(void *context, struct MHD_Connection *mhd, void **socket_context,
                              enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = context;
    struct connection *connection = *socket_context;

    pthread_mutex_lock(&server->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        connection = calloc(1, sizeof(*connection));
        if (connection == NULL)
            abort();
        connection->fd = info->connect_fd;
        connection->waiting_since_ms = now_ms(server);
        connection->next = server->connections;
        if (connection->next != NULL)
            connection->next->previous = connection;
        server->connections = connection;
        server->counts.connections++;
        *socket_context = connection;
    } else {
        if (connection->previous != NULL)
            connection->previous->next = connection->next;
        else
            server->connections = connection->next;
        if (connection->next != NULL)
            connection->next->previous = connection->previous;
        server->counts.connections--;
        free(connection);
    }
    pthread_mutex_unlock(&server->lock);
}

/* ---- A request's life ---- */

struct framing {
    int lengths;
    int encodings;
    bool bad_length;
    bool chunked_only;
};

static enum MHD_Result count_framing(void *context, enum MHD_ValueKind kind, const char *key,
                                     const char *value)
{
    struct framing *framing = context;

    (void)kind;
    if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        framing->lengths++;
        framing->bad_length |=
            value == NULL || *value == '\0' || strspn(value, "0123456789") != strlen(value);
    } else if (strcasecmp(key, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        framing->encodings++;
        framing->chunked_only = value != NULL && strcasecmp(value, "chunked") == 0;
    }
    return MHD_YES;
}

/* Two ways to say where a body ends make request smuggling possible (RFC 9112, 6.3). */
static bool framing_accepted(struct http_request *request)
{
    struct framing framing = {.chunked_only = true};

    MHD_get_connection_values(request->mhd, MHD_HEADER_KIND, count_framing, &framing);
    request->has_body = framing.encodings > 0;
    if (framing.lengths > 1 || framing.encodings > 1 || framing.bad_length ||
        !framing.chunked_only || (framing.lengths > 0 && framing.encodings > 0)) {
        answer_status(request, MHD_HTTP_BAD_REQUEST, "longueur de la requête ambiguë",
                      "the request's length is ambiguous");
        return false;
    }
    return true;
}

static bool length_accepted(struct http_request *request)
{
    const char *text = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);

    if (text == NULL)
        return true;
    unsigned long long length = strtoull(text, NULL, 10);
    request->has_body = length > 0;
    if (strlen(text) > 18 || length > request->route->body_max) {
        answer_status(request, MHD_HTTP_CONTENT_TOO_LARGE, "la requête est trop longue",
                      "the request is too long");
        return false;
    }
    return true;
}

/* What can be refused before the body comes. A refusal is left as the request's answer. */
static void request_begin(struct http_request *request)
{
    unsigned allowed;
    struct error error;

    if (!framing_accepted(request)) {
        request->has_body = true; /* what follows cannot be trusted to be a request */
        return;
    }
    request->route = route_find(request, &allowed);
    if (request->route == NULL) {
        const char *length = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
        request->has_body |= length != NULL && strcmp(length, "0") != 0;
        if (allowed != 0) {
            answer_allow(request, allowed);
        } else {
            error_set(&error, ERROR_NOT_FOUND, "rien à cette adresse", "nothing at this address");
            answer_problem(request, &error);
        }
        return;
    }
    if (!length_accepted(request))
        return;
    if (!request->route->slow && !authorised(request))
        assert(request->response != NULL);
}

static struct http_request *request_create(struct http_server *server, struct MHD_Connection *mhd,
                                           const char *path, const char *method)
{
    struct arena *arena = arena_create();
    struct http_request *request = arena_alloc(arena, sizeof(*request));
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    request->server = server;
    request->mhd = mhd;
    request->connection = info->socket_context;
    request->arena = arena;
    request->path = path;
    request->method = method;
    strbuf_init(&request->body);
    return request;
}

static void waiting(struct http_request *request, bool on)
{
    struct http_server *server = request->server;

    pthread_mutex_lock(&server->lock);
    request->connection->waiting_since_ms = on ? now_ms(server) : 0;
    pthread_mutex_unlock(&server->lock);
}

static enum MHD_Result queue_answer(struct http_request *request)
{
    request->phase = PHASE_ANSWERED;
    return request->response != NULL
               ? MHD_queue_response(request->mhd, request->status, request->response)
               : MHD_NO;
}

static enum MHD_Result take_body(struct http_request *request, const char *bytes, size_t *size)
{
    if (request->response != NULL) { /* already refused: what is left is not kept */
        *size = 0;
        return MHD_YES;
    }
    if (request->body.length + *size > request->route->body_max) {
        answer_status(request, MHD_HTTP_CONTENT_TOO_LARGE, "la requête est trop longue",
                      "the request is too long");
    } else {
        strbuf_append_bytes(&request->body, bytes, *size);
    }
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result run_handler(struct http_request *request)
{
    struct http_server *server = request->server;

    if (request->route->slow) {
        request->phase = PHASE_WORKING;
        MHD_suspend_connection(request->mhd);
        job_push(server, request);
        return MHD_YES;
    }
    request->route->handle(request, server->config.context);
    if (request->phase != PHASE_PARKED)
        return queue_answer(request);
    pthread_mutex_lock(&server->lock);
    if (server->stopping)
        request->park_until_ms = 0;
    MHD_suspend_connection(request->mhd);
    park_insert(server, request);
    pthread_mutex_unlock(&server->lock);
    return MHD_YES;
}

static enum MHD_Result handle_request(void *context, struct MHD_Connection *mhd, const char *url,
                                      const char *method, const char *version, const char *upload,
                                      size_t *upload_size, void **request_context)
{
    struct http_request *request = *request_context;

    (void)version;
    if (request == NULL) {
        request = request_create(context, mhd, url, method);
        *request_context = request;
        request_begin(request);
        /* An answer queued in this first call closes the connection: right for a refused body that
         * is still to come, a waste for everything else. */
        return request->response != NULL && request->has_body ? queue_answer(request) : MHD_YES;
    }
    if (*upload_size > 0)
        return take_body(request, upload, upload_size);
    if (request->phase == PHASE_ANSWERED || request->response != NULL)
        return queue_answer(request);
    waiting(request, false);
    return run_handler(request);
}

static void handle_completed(void *context, struct MHD_Connection *mhd, void **request_context,
                             enum MHD_RequestTerminationCode code)
{
    struct http_server *server = context;
    struct http_request *request = *request_context;

    (void)mhd;
    if (request == NULL)
        return;
    *request_context = NULL;
    pthread_mutex_lock(&server->lock);
    server->counts.answered++;
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        request->connection->waiting_since_ms = now_ms(server);
    pthread_mutex_unlock(&server->lock);
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    strbuf_finish(&request->body);
    arena_destroy(request->arena); /* the request lives in it */
}

/* ---- Start and stop ---- */

static bool parse_address(const struct http_config *config, struct sockaddr_storage *address_out,
                          struct error *err)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)address_out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address_out;

    memset(address_out, 0, sizeof(*address_out));
    if (inet_pton(AF_INET, config->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)config->port);
        return true;
    }
    if (inet_pton(AF_INET6, config->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)config->port);
        return true;
    }
    return error_set(err, ERROR_INVALID, "« %s » n’est pas une adresse IP",
                     "\"%s\" is not an IP address", config->address);
}

static bool start_daemon(struct http_server *server, struct error *err)
{
    struct sockaddr_storage address;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;

    if (!parse_address(&server->config, &address, err))
        return false;
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle_request, server, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED, handle_completed, server,
        MHD_OPTION_NOTIFY_CONNECTION, handle_connection, server, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)INACTIVITY_S, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u,
        MHD_OPTION_END);
    if (server->daemon == NULL)
        return error_set_errno(err, errno, "impossible d’écouter sur %s port %d",
                               "cannot listen on %s port %d", server->config.address,
                               server->config.port);
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info != NULL ? info->port : server->config.port;
    return true;
}

static bool start_threads(struct http_server *server, struct error *err)
{
    size_t count = server->config.workers > 0 ? (size_t)server->config.workers : 2;
    int failed = pthread_create(&server->keeper, NULL, keeper_run, server);

    server->keeper_started = failed == 0;
    server->workers = calloc(count, sizeof(*server->workers));
    while (failed == 0 && server->worker_count < count) {
        failed = pthread_create(&server->workers[server->worker_count], NULL, worker_run, server);
        if (failed == 0)
            server->worker_count++;
    }
    return failed == 0 || error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                                          "cannot create a thread");
}

struct http_server *http_server_start(const struct http_config *config, struct error *err)
{
    struct http_server *server = calloc(1, sizeof(*server));
    pthread_condattr_t attributes;

    if (server == NULL)
        abort();
    server->config = *config;
    server->job_last = &server->job_first;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->job_wake, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&server->keeper_wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (start_threads(server, err) && start_daemon(server, err))
        return server;
    http_server_stop(server);
    return NULL;
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}

struct http_counts http_server_counts(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct http_counts counts = server->counts;
    pthread_mutex_unlock(&server->lock);
    return counts;
}

void http_server_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    if (server->daemon != NULL)
        MHD_quiesce_daemon(server->daemon);
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    wake_matching(server, NULL, INT64_MAX);
    pthread_cond_broadcast(&server->job_wake);
    pthread_cond_signal(&server->keeper_wake);
    pthread_mutex_unlock(&server->lock);
    if (server->keeper_started)
        pthread_join(server->keeper, NULL);
    for (size_t i = 0; i < server->worker_count; i++)
        pthread_join(server->workers[i], NULL);
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    free(server->workers);
    pthread_cond_destroy(&server->keeper_wake);
    pthread_cond_destroy(&server->job_wake);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
