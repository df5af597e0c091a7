/* A loopback HTTP server that can lie: a thread and one request a connection; the test's `answer`
 * writes whatever it likes into the socket. */
#ifndef VITRINE_TESTS_LYING_SERVER_H
#define VITRINE_TESTS_LYING_SERVER_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
    char method[8];
    char path[256];
    char head[4096]; /* request line and headers */
    char body[16384];
    size_t body_length;
};

struct lying_server {
    int listener;
    int port;
    pthread_t thread;
    atomic_bool stopping;
    atomic_int connections; /* under way */
    void (*answer)(void *context, const struct request *request, int fd);
    void *context;
};

static __attribute__((unused)) bool send_all(int fd, const void *bytes, size_t length)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t sent = send(fd, from, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        from += sent;
        length -= (size_t)sent;
    }
    return true;
}

static __attribute__((unused)) void send_answer(int fd, int status, const char *headers,
                                                const void *body, size_t length)
{
    char head[1024];
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n",
                        status, length, headers);
    if (send_all(fd, head, (size_t)size)) {
        send_all(fd, body, length);
    }
}

/* The value of a header, or "". */
static __attribute__((unused)) void request_header(const struct request *request, const char *name,
                                                   char *buf, size_t size)
{
    char key[64];
    snprintf(key, sizeof key, "\r\n%s: ", name);
    const char *at = strstr(request->head, key);
    buf[0] = '\0';
    if (at != NULL) {
        at += strlen(key);
        snprintf(buf, size, "%.*s", (int)strcspn(at, "\r"), at);
    }
}

static __attribute__((unused)) bool read_request(int fd, struct request *request)
{
    size_t length = 0;
    char *end = NULL;
    memset(request, 0, sizeof *request);
    while (end == NULL && length < sizeof request->head - 1) {
        ssize_t got = recv(fd, request->head + length, sizeof request->head - 1 - length, 0);
        if (got <= 0) {
            return false;
        }
        length += (size_t)got;
        end = strstr(request->head, "\r\n\r\n");
    }
    if (end == NULL || sscanf(request->head, "%7s %255s", request->method, request->path) != 2) {
        return false;
    }
    char text[32];
    request_header(request, "Content-Length", text, sizeof text);
    size_t wanted = (size_t)strtoul(text, NULL, 10);
    size_t there = length - (size_t)(end + 4 - request->head);
    memcpy(request->body, end + 4, there);
    end[2] = '\0';
    while (there < wanted && wanted < sizeof request->body) {
        ssize_t got = recv(fd, request->body + there, wanted - there, 0);
        if (got <= 0) {
            return false;
        }
        there += (size_t)got;
    }
    request->body_length = there;
    return true;
}

struct connection {
    struct lying_server *server;
    int fd;
};

static __attribute__((unused)) void *lying_server_connection(void *context)
{
    struct connection *connection = context;
    struct lying_server *server = connection->server;
    struct request *request = malloc(sizeof *request);
    if (request != NULL && !atomic_load(&server->stopping) &&
        read_request(connection->fd, request)) {
        server->answer(server->context, request, connection->fd);
    }
    shutdown(connection->fd, SHUT_RDWR);
    close(connection->fd);
    free(request);
    free(connection);
    atomic_fetch_sub(&server->connections, 1);
    return NULL;
}

static __attribute__((unused)) void *lying_server_thread(void *context)
{
    struct lying_server *server = context;
    while (!atomic_load(&server->stopping)) {
        pthread_t thread;
        struct connection *connection = malloc(sizeof *connection);
        if (connection == NULL) {
            abort();
        }
        *connection = (struct connection){server, accept(server->listener, NULL, NULL)};
        if (connection->fd < 0) {
            free(connection);
            continue;
        }
        atomic_fetch_add(&server->connections, 1);
        if (pthread_create(&thread, NULL, lying_server_connection, connection) != 0) {
            abort();
        }
        pthread_detach(thread);
    }
    return NULL;
}

static __attribute__((unused)) void
lying_server_start(struct lying_server *server, void (*answer)(void *, const struct request *, int),
                   void *context)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    server->answer = answer;
    server->context = context;
    atomic_init(&server->stopping, false);
    atomic_init(&server->connections, 0);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0 ||
        bind(server->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(server->listener, 64) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&server->thread, NULL, lying_server_thread, server) != 0) {
        abort();
    }
    server->port = ntohs(address.sin_port);
}

static __attribute__((unused)) void lying_server_stop(struct lying_server *server)
{
    atomic_store(&server->stopping, true);
    shutdown(server->listener, SHUT_RDWR); /* wakes accept */
    pthread_join(server->thread, NULL);
    close(server->listener);
    while (atomic_load(&server->connections) > 0) {
        usleep(1000);
    }
}

#endif
