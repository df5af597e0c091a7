#include "server/http/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "server/http/internal.h"
#include "server/http/listener.h"

/* Request line and headers must fit, else 431: 8 KiB of them, where libmicrohttpd keeps cookies
 * twice. A parked connection keeps all of it. */
#define CONNECTION_MEMORY (20 * 1024)
#define CONNECTIONS_MAX 60000
#define DESCRIPTORS_KEPT 64 /* for the store, children, pipes */
#define INACTIVITY_S 75
#define DEADLINE_S 60
#define STOP_S 5

int64_t server_now_ms(const struct http_server *server)
{
    return clock_mono_ms(&server->config.clock);
}

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
        int64_t now = server_now_ms(server);
        park_wake(server, NULL, now);
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
        connection->waiting_since_ms = server_now_ms(server);
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

/* Most connections of a large fleet only wait; every second one may hold a file as well. With a
 * full table of descriptors accept would fail in a loop, and no file could be sent. */
static unsigned connections_max(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= CONNECTIONS_MAX / 2 * 3 + DESCRIPTORS_KEPT)
        return CONNECTIONS_MAX;
    return limit.rlim_cur > 2 * DESCRIPTORS_KEPT
               ? (unsigned)(limit.rlim_cur - DESCRIPTORS_KEPT) / 3 * 2
               : DESCRIPTORS_KEPT / 2;
}

static bool start_daemon(struct http_server *server, struct error *err)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;

    if (!listener_open(server->config.address, server->config.port, &server->listen_fd,
                       &server->port, err))
        return false;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, exchange_handle, server, MHD_OPTION_LISTEN_SOCKET, server->listen_fd,
        MHD_OPTION_URI_LOG_CALLBACK, exchange_look_at_uri, server, MHD_OPTION_UNESCAPE_CALLBACK,
        route_unescape, NULL, MHD_OPTION_NOTIFY_COMPLETED, exchange_complete, server,
        MHD_OPTION_NOTIFY_CONNECTION, handle_connection, server, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT, connections_max(),
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)INACTIVITY_S, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_END);
    return server->daemon != NULL || error_set(err, ERROR_INTERNAL, "libmicrohttpd ne démarre pas",
                                               "libmicrohttpd does not start");
}

static bool start_keeper(struct http_server *server, struct error *err)
{
    int failed = pthread_create(&server->keeper, NULL, keeper_run, server);

    server->keeper_started = failed == 0;
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
    server->listen_fd = -1;
    server->job_last = &server->job_first;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->job_wake, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&server->keeper_wake, &attributes);
    pthread_cond_init(&server->quiet, &attributes);
    pthread_condattr_destroy(&attributes);
    if (start_keeper(server, err) && workers_start(server, err) && start_daemon(server, err))
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

/* Everybody parked is woken, nothing is parked or given to workers any more; what is in gets its
 * answer. A client that does not take its answer is not waited for longer. */
static void drain(struct http_server *server)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += STOP_S;
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    park_wake(server, NULL, INT64_MAX);
    pthread_cond_broadcast(&server->job_wake);
    pthread_cond_signal(&server->keeper_wake);
    while (server->under_way > 0 &&
           pthread_cond_timedwait(&server->quiet, &server->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&server->lock);
}

void http_server_stop(struct http_server *server)
{
    if (server == NULL)
        return;
    if (server->daemon != NULL)
        MHD_quiesce_daemon(server->daemon);
    if (server->listen_fd >= 0)
        close(server->listen_fd); /* a quiesced daemon leaves it to us */
    drain(server);
    if (server->keeper_started)
        pthread_join(server->keeper, NULL);
    workers_join(server); /* before the daemon: it must have no suspended connection */
    if (server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    pthread_cond_destroy(&server->quiet);
    pthread_cond_destroy(&server->keeper_wake);
    pthread_cond_destroy(&server->job_wake);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
