/* Bodies that go to a sink: whole, refused in time, and at the pace of the slower side. */
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
#include <stdatomic.h>

#include "core/clock.h"
#include "core/hash.h"
#include "server/http/server.h"

#define BODY_MAX ((size_t)8 * 1024 * 1024)
#define DEADLINE_S 1

/* What the sink has seen. */
struct site {
    struct http_server *server;
    struct sha256_stream *sum;
    _Atomic size_t taken;
    atomic_int pieces, aborted, begun;
    atomic_int pause_ms; /* that each piece takes */
};

static void wait_ms(int ms)
{
    const struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};

    nanosleep(&pause, NULL);
}

static bool sink_bytes(struct http_request *request, const void *bytes, size_t size, void *state)
{
    struct site *site = state;

    assert_in_range(size, 1, HTTP_PIECE_MAX);
    wait_ms(atomic_load(&site->pause_ms));
    sha256_stream_update(site->sum, bytes, size);
    atomic_fetch_add(&site->pieces, 1);
    if (memcmp(bytes, "refuse", size < 6 ? size : 6) == 0) {
        struct error error;
        error_set(&error, ERROR_CONFLICT, "non", "no");
        answer_problem(request, &error);
        return false;
    }
    atomic_fetch_add(&site->taken, size);
    return true;
}

static void sink_end(struct http_request *request, void *state)
{
    struct site *site = state;
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];

    sha256_stream_finish(site->sum, &sum);
    site->sum = NULL;
    sha256_to_hex(&sum, hex);
    answer_bytes(request, "text/plain", hex, strlen(hex), NULL, NULL);
}

static void sink_abort(struct http_request *request, void *state)
{
    struct site *site = state;

    (void)request;
    sha256_stream_destroy(site->sum);
    site->sum = NULL;
    atomic_fetch_add(&site->aborted, 1);
}

static void handle_stream(struct http_request *request, void *context)
{
    static const struct http_sink sink = {sink_bytes, sink_end, sink_abort};
    struct site *site = context;
    struct error error;

    if (request_header(request, "X-Wrong") != NULL) {
        error_set(&error, ERROR_CONFLICT, "non", "no");
        answer_problem(request, &error);
        return;
    }
    atomic_fetch_add(&site->begun, 1);
    site->sum = sha256_stream_create();
    request_stream(request, &sink, site);
}

static void handle_quick(struct http_request *request, void *context)
{
    (void)context;
    answer_bytes(request, "text/plain", "quick", 5, NULL, NULL);
}

static bool authorise(struct http_request *request, int permission, void *context)
{
    (void)permission;
    (void)context;
    if (request_bearer(request) != NULL)
        return true;
    answer_unauthenticated(request);
    return false;
}

static const struct http_route routes[] = {
    {HTTP_PUT, "/stream", 1, handle_stream, BODY_MAX, HTTP_STREAM},
    {HTTP_GET, "/quick", 0, handle_quick, 0, HTTP_QUICK},
};

static int set_up(void **state)
{
    struct site *site = calloc(1, sizeof(*site));
    struct error error;

    site->server = http_server_start(&(struct http_config){.address = "127.0.0.1",
                                                           .routes = routes,
                                                           .route_count = 2,
                                                           .authorise = authorise,
                                                           .context = site,
                                                           .clock = clock_system(),
                                                           .request_deadline_s = DEADLINE_S},
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

/* False when the peer has closed. */
static bool send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

static void say(int fd, const char *text)
{
    assert_true(send_all(fd, text, strlen(text)));
}

/* One answer's status; its body, when it has that text. 0: the peer closed without a word. */
static int hear(int fd, const char *text, bool *found_out)
{
    static char answer[8192];
    size_t length = 0;
    ssize_t got;

    answer[0] = '\0';
    while (strstr(answer, text) == NULL &&
           (got = recv(fd, answer + length, sizeof(answer) - 1 - length, 0)) > 0) {
        length += (size_t)got;
        answer[length] = '\0';
    }
    if (found_out != NULL)
        *found_out = strstr(answer, text) != NULL;
    return strncmp(answer, "HTTP/1.1 ", 9) == 0 ? (int)strtol(answer + 9, NULL, 10) : 0;
}

static void say_head(int fd, const char *more)
{
    say(fd, "PUT /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n");
    say(fd, more);
    say(fd, "\r\n");
}

/* The sink hears of it a moment after the client. */
static int aborted(struct site *site)
{
    for (int i = 0; i < 100 && atomic_load(&site->aborted) == 0; i++)
        wait_ms(20);
    return atomic_load(&site->aborted);
}

static char *make_body(size_t size)
{
    char *body = malloc(size + 1);
    uint32_t noise = 1;

    for (size_t i = 0; i < size; i++) {
        noise = noise * 1664525u + 1013904223u;
        body[i] = (char)(noise >> 24);
    }
    return body;
}

static void put(int fd, const char *body, size_t size, size_t chunk)
{
    char head[64];

    if (chunk == 0) {
        snprintf(head, sizeof(head), "Content-Length: %zu\r\n", size);
        say_head(fd, head);
        assert_true(send_all(fd, body, size));
        return;
    }
    say_head(fd, "Transfer-Encoding: chunked\r\n");
    for (size_t at = 0; at < size; at += chunk) {
        size_t now = size - at < chunk ? size - at : chunk;
        snprintf(head, sizeof(head), "%zx\r\n", now);
        say(fd, head);
        assert_true(send_all(fd, body + at, now));
        say(fd, "\r\n");
    }
    say(fd, "0\r\n\r\n");
}

/* All on one connection: it stays open after each. */
static void test_bodies_come_whole(void **state)
{
    static const struct {
        size_t size, chunk;
    } cases[] = {
        {1, 0},
        {0, 0},
        {HTTP_PIECE_MAX - 1, 0},
        {HTTP_PIECE_MAX, 0},
        {HTTP_PIECE_MAX + 1, 0},
        {3000000, 0},
        {3000000, 70000},
        {1, 1},
        {300, 7},
    };
    struct site *site = *state;
    int fd = dial(site);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *body = make_body(cases[i].size);
        char hex[SHA256_HEX_SIZE];
        struct sha256 sum;
        bool found;
        sha256_of(body, cases[i].size, &sum);
        sha256_to_hex(&sum, hex);
        put(fd, body, cases[i].size, cases[i].chunk);
        assert_int_equal(hear(fd, hex, &found), 200);
        assert_true(found);
        free(body);
    }
    close(fd);
    assert_int_equal(atomic_load(&site->aborted), 0);
}

/* The client has said what it wants to send and not sent it: the answer comes all the same. */
static void test_refused_before_the_body(void **state)
{
    static const struct {
        const char *head;
        int status;
    } cases[] = {
        {"PUT /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", 401},
        {"PUT /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 401},
        {"PUT /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nX-Wrong: 1\r\n"
         "Content-Length: 1000000\r\n\r\n",
         409},
        {"PUT /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nX-Wrong: 1\r\n"
         "Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n",
         409},
        {"PUT /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n"
         "Content-Length: 99999999\r\n\r\n",
         413},
        {"PUT /stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Length: 5\r\n"
         "Transfer-Encoding: chunked\r\n\r\n",
         400},
    };
    struct site *site = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int fd = dial(site);
        say(fd, cases[i].head);
        assert_int_equal(hear(fd, "\r\n\r\n", NULL), cases[i].status);
        close(fd);
    }
    assert_int_equal(atomic_load(&site->begun), 0);
}

static void test_refused_by_the_sink(void **state)
{
    struct site *site = *state;
    int fd = dial(site);
    char *body = make_body(HTTP_PIECE_MAX + 1000);

    memcpy(body, "refuse", 6);
    put(fd, body, HTTP_PIECE_MAX + 1000, 0);
    assert_int_equal(hear(fd, "\r\n\r\n", NULL), 409);
    close(fd);
    free(body);
    assert_int_equal(atomic_load(&site->pieces), 1);
    assert_int_equal(aborted(site), 1);
}

static void test_too_long_in_chunks(void **state)
{
    struct site *site = *state;
    int fd = dial(site);
    char *body = make_body(BODY_MAX + 1);

    put(fd, body, BODY_MAX + 1, 500000);
    assert_int_equal(hear(fd, "\r\n\r\n", NULL), 413);
    close(fd);
    free(body);
    assert_int_equal(aborted(site), 1);
}

static void test_what_came_is_given_when_the_client_goes(void **state)
{
    struct site *site = *state;
    int fd = dial(site);
    char *body = make_body(HTTP_PIECE_MAX + 1234);

    say_head(fd, "Content-Length: 5000000\r\n");
    assert_true(send_all(fd, body, HTTP_PIECE_MAX + 1234));
    shutdown(fd, SHUT_WR);
    assert_int_equal(aborted(site), 1);
    close(fd);
    free(body);
    assert_int_equal(atomic_load(&site->taken), HTTP_PIECE_MAX + 1234);
}

/* Longer than the deadline in all, but each piece is in time. */
static void test_slow_but_steady_passes(void **state)
{
    struct site *site = *state;
    int fd = dial(site);
    char *body = make_body(HTTP_PIECE_MAX / 2);
    char head[64];

    snprintf(head, sizeof(head), "Content-Length: %zu\r\n", 4 * HTTP_PIECE_MAX);
    say_head(fd, head);
    for (int i = 0; i < 8; i++) {
        wait_ms(330);
        assert_true(send_all(fd, body, HTTP_PIECE_MAX / 2));
    }
    assert_int_equal(hear(fd, "\r\n\r\n", NULL), 200);
    close(fd);
    free(body);
}

static void test_drip_is_cut(void **state)
{
    struct site *site = *state;
    int fd = dial(site);
    bool open = true;

    say_head(fd, "Content-Length: 1000000\r\n");
    for (int i = 0; i < 50 && open; i++) {
        wait_ms(100);
        open = send_all(fd, "0123456789", 10);
    }
    close(fd);
    assert_false(open);
    assert_int_equal(aborted(site), 1);
}

/* While a piece is being written others are answered, and the sender is not cut. */
static void test_slow_sink_holds_nobody_else(void **state)
{
    struct site *site = *state;
    struct clock clock = clock_system();
    int fd = dial(site), other = dial(site);
    char *body = make_body(2 * HTTP_PIECE_MAX);

    atomic_store(&site->pause_ms, DEADLINE_S * 1000 + 300);
    put(fd, body, 2 * HTTP_PIECE_MAX, 0);
    int64_t before = clock_mono_ms(&clock);
    say(other, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(hear(other, "quick", NULL), 200);
    assert_in_range(clock_mono_ms(&clock) - before, 0, 500);
    assert_int_equal(hear(fd, "\r\n\r\n", NULL), 200);
    close(fd);
    close(other);
    free(body);
}

static void test_the_end_comes_in_the_middle(void **state)
{
    struct site *site = *state;
    int fd = dial(site);
    char *body = make_body(HTTP_PIECE_MAX + 1);

    say_head(fd, "Content-Length: 5000000\r\n");
    assert_true(send_all(fd, body, HTTP_PIECE_MAX + 1));
    wait_ms(100);
    http_server_stop(site->server);
    site->server = NULL;
    assert_int_equal(atomic_load(&site->aborted), 1);
    assert_int_equal(atomic_load(&site->taken), HTTP_PIECE_MAX + 1);
    close(fd);
    free(body);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_bodies_come_whole),
        TEST(test_refused_before_the_body),
        TEST(test_refused_by_the_sink),
        TEST(test_too_long_in_chunks),
        TEST(test_what_came_is_given_when_the_client_goes),
        TEST(test_slow_but_steady_passes),
        TEST(test_drip_is_cut),
        TEST(test_slow_sink_holds_nobody_else),
        TEST(test_the_end_comes_in_the_middle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
