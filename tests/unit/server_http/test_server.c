/* A real server on a free port: bodies at their limits, slow clients, long-polls, the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "core/clock.h"
#include "server/http/server.h"

#define BODY_MAX 1000
#define KEY 7

struct site {
    struct http_server *server;
    atomic_int value; /* what a long-poll waits to differ from 0 */
    atomic_int in_worker;
};

static void handle_echo(struct http_request *request, void *context)
{
    size_t length;
    const char *body = request_body(request, &length);

    (void)context;
    answer_bytes(request, "text/plain", body, length, NULL, NULL);
}

static void handle_poll(struct http_request *request, void *context)
{
    struct site *site = context;
    int wait_s = request_prefer_wait_s(request);

    if (atomic_load(&site->value) == 0 && wait_s > 0 && !request_parked(request)) {
        request_park(request, KEY, wait_s);
        return;
    }
    answer_bytes(request, "text/plain", atomic_load(&site->value) ? "new" : "old", 3, NULL, NULL);
}

/* The publication comes after the handler has looked and before it is parked. */
static void handle_race(struct http_request *request, void *context)
{
    struct site *site = context;

    if (!request_parked(request)) {
        request_park(request, KEY, 30);
        http_server_wake(site->server, KEY);
        return;
    }
    answer_bytes(request, "text/plain", "new", 3, NULL, NULL);
}

static void handle_slow(struct http_request *request, void *context)
{
    struct site *site = context;
    const struct timespec pause = {.tv_nsec = 300 * 1000000};

    atomic_fetch_add(&site->in_worker, 1);
    nanosleep(&pause, NULL);
    handle_echo(request, context);
}

static const struct http_route routes[] = {
    {HTTP_POST, "/echo", 0, handle_echo, BODY_MAX, HTTP_QUICK},
    {HTTP_POST, "/slow", 0, handle_slow, BODY_MAX, HTTP_SLOW},
    {HTTP_GET, "/poll", 0, handle_poll, 0, HTTP_QUICK},
    {HTTP_GET, "/race", 0, handle_race, 0, HTTP_QUICK},
};

static int set_up(void **state)
{
    struct site *site = calloc(1, sizeof(*site));
    struct error error;

    site->server = http_server_start(&(struct http_config){.address = "127.0.0.1",
                                                           .routes = routes,
                                                           .route_count = 4,
                                                           .context = site,
                                                           .clock = clock_system(),
                                                           .request_deadline_s = 1},
                                     &error);
    assert_non_null(site->server);
    *state = site;
    return 0;
}

static int tear_down(void **state)
{
    struct site *site = *state;

    http_server_stop(site->server);
    free(site);
    return 0;
}

static int dial(const struct site *site)
{
    const struct timeval patience = {.tv_sec = 10};
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)http_server_port(site->server)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Until the peer closes, or `enough` is in it. */
static const char *hear(int fd, const char *enough)
{
    static char answer[8192];
    size_t length = 0;
    ssize_t got;

    answer[0] = '\0';
    while ((enough == NULL || strstr(answer, enough) == NULL) &&
           (got = recv(fd, answer + length, sizeof(answer) - 1 - length, 0)) > 0) {
        length += (size_t)got;
        answer[length] = '\0';
    }
    return answer;
}

static int status_of(const char *answer)
{
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? atoi(answer + 9) : 0;
}

static int64_t now_ms(void)
{
    struct clock clock = clock_system();
    return clock_mono_ms(&clock);
}

static int post(const struct site *site, const char *path, size_t size, size_t chunk)
{
    char request[4 * BODY_MAX] = "", body[2 * BODY_MAX] = "";
    size_t used;
    int fd = dial(site);

    memset(body, 'x', size);
    used = (size_t)snprintf(request, sizeof(request),
                            "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", path);
    if (chunk == 0) {
        snprintf(request + used, sizeof(request) - used, "Content-Length: %zu\r\n\r\n%s", size,
                 body);
    } else {
        used += (size_t)snprintf(request + used, sizeof(request) - used,
                                 "Transfer-Encoding: chunked\r\n\r\n");
        for (size_t left = size; left > 0;) {
            size_t now = left < chunk ? left : chunk;
            used += (size_t)snprintf(request + used, sizeof(request) - used, "%zx\r\n%.*s\r\n", now,
                                     (int)now, body);
            left -= now;
        }
        snprintf(request + used, sizeof(request) - used, "0\r\n\r\n");
    }
    say(fd, request);
    int status = status_of(hear(fd, NULL));
    close(fd);
    return status;
}

static void test_bodies_at_their_limit(void **state)
{
    static const struct {
        size_t size, chunk;
        int status;
    } cases[] = {
        {0, 0, 200},
        {1, 0, 200},
        {BODY_MAX, 0, 200},
        {BODY_MAX + 1, 0, 413},
        {BODY_MAX, 1000, 200},
        {1, 1, 200},
        {BODY_MAX, 100, 200},
        {BODY_MAX + 1, 1001, 413},
        {BODY_MAX + 1, 100, 413},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (post(*state, "/echo", cases[i].size, cases[i].chunk) != cases[i].status)
            fail_msg("%zu bytes in chunks of %zu", cases[i].size, cases[i].chunk);
    }
}

/* A byte now and then would hold a connection for ever. */
static void test_slow_clients_are_cut(void **state)
{
    static const char *const beginnings[] = {
        "", "POST /ec", "POST /echo HTTP/1.1\r\nHost: x\r\nX-A: ",
        "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n"};
    struct pollfd cut[4];
    int64_t began = now_ms();

    for (size_t i = 0; i < 4; i++) {
        cut[i] = (struct pollfd){.fd = dial(*state), .events = POLLRDHUP};
        say(cut[i].fd, beginnings[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        while (poll(&cut[i], 1, 100) == 0 && now_ms() - began < 6000) {
            for (size_t j = i; j < 4; j++)
                (void)!send(cut[j].fd, "x", j == 0 ? 0 : 1, MSG_NOSIGNAL);
        }
        assert_true(cut[i].revents != 0);
        assert_true(now_ms() - began < 4000);
    }
    for (size_t i = 0; i < 4; i++)
        close(cut[i].fd);
}

static void test_long_polls(void **state)
{
    struct site *site = *state;
    int patient = dial(site), hasty = dial(site), gone = dial(site);
    int64_t began = now_ms();

    say(patient, "GET /poll HTTP/1.1\r\nHost: x\r\nPrefer: wait=30\r\n\r\n");
    say(gone, "GET /poll HTTP/1.1\r\nHost: x\r\nPrefer: wait=30\r\n\r\n");
    say(hasty, "GET /poll HTTP/1.1\r\nHost: x\r\nPrefer: wait=1\r\n\r\n");
    assert_non_null(strstr(hear(hasty, "old"), "old"));
    assert_true(now_ms() - began >= 900 && now_ms() - began < 4000);
    assert_int_equal(http_server_counts(site->server).parked, 2);
    close(gone);
    atomic_store(&site->value, 1);
    http_server_wake(site->server, KEY + 1);
    assert_int_equal(http_server_counts(site->server).parked, 2);
    began = now_ms();
    http_server_wake(site->server, KEY);
    assert_non_null(strstr(hear(patient, "new"), "new"));
    assert_true(now_ms() - began < 1000);
    close(patient);
    close(hasty);
}

static void test_a_wake_before_parking_is_not_lost(void **state)
{
    int fd = dial(*state);
    int64_t began = now_ms();

    say(fd, "GET /race HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_non_null(strstr(hear(fd, "new"), "new"));
    assert_true(now_ms() - began < 900);
    close(fd);
}

static void *stop(void *context)
{
    struct site *site = context;

    http_server_stop(site->server);
    return NULL;
}

/* Who is parked or in a worker gets an answer; who waits for a worker is sent away; nobody is
 * waited for for long. */
static void test_the_end(void **state)
{
    struct site *site = *state;
    int parked = dial(site), idle = dial(site), half = dial(site), working[4];
    int64_t began;
    pthread_t stopper;
    int answered = 0, refused = 0;

    say(parked, "GET /poll HTTP/1.1\r\nHost: x\r\nPrefer: wait=30\r\n\r\n");
    say(half, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx");
    for (int i = 0; i < 4; i++) {
        working[i] = dial(site);
        say(working[i], "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok");
    }
    while (atomic_load(&site->in_worker) < 2 || http_server_counts(site->server).parked < 1)
        poll(NULL, 0, 5);
    began = now_ms();
    assert_int_equal(pthread_create(&stopper, NULL, stop, site), 0);
    assert_non_null(strstr(hear(parked, "old"), "old"));
    for (int i = 0; i < 4; i++) {
        int status = status_of(hear(working[i], "\r\n\r\n"));
        answered += status == 200;
        refused += status == 503;
    }
    pthread_join(stopper, NULL);
    assert_int_equal(answered, 2);
    assert_int_equal(refused, 2);
    assert_true(now_ms() - began < 2000);
    site->server = NULL;
    close(parked);
    close(idle);
    close(half);
    for (int i = 0; i < 4; i++)
        close(working[i]);
}

static void test_a_port_belongs_to_one_server(void **state)
{
    struct site *site = *state;
    struct error error;
    struct http_config config = {.address = "127.0.0.1",
                                 .port = http_server_port(site->server),
                                 .routes = routes,
                                 .route_count = 4,
                                 .clock = clock_system()};

    assert_null(http_server_start(&config, &error));
    assert_int_equal(error.kind, ERROR_CONFLICT);
    config.address = "localhost";
    assert_null(http_server_start(&config, &error));
    assert_int_equal(error.kind, ERROR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bodies_at_their_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_slow_clients_are_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_polls, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_wake_before_parking_is_not_lost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_port_belongs_to_one_server, set_up, tear_down),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
