/* The fetcher against a server that lies, and a resolver that changes its mind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/strbuf.h"
#include "server/fetch/fetch.h"

/* Answers by the path that is asked, on 127.0.0.2. */
struct liar {
    int fd, port;
    pthread_t thread;
    _Atomic bool over;
    _Atomic int asked;
    char last[4096]; /* the last request, whole */
};

static void say(int peer, const char *text)
{
    (void)!send(peer, text, strlen(text), MSG_NOSIGNAL);
}

/* Bits as deflate has them: the first is the lowest of its byte. */
static void put_bits(struct strbuf *out, unsigned *held, unsigned *count, const char *bits)
{
    for (; *bits != '\0'; bits++) {
        *held |= (unsigned)(*bits - '0') << (*count)++;
        if (*count == 8) {
            strbuf_append_char(out, (char)*held);
            *held = *count = 0;
        }
    }
}

/* Zeros in one block of fixed codes (RFC 1951): each 13 bits are 258 bytes. */
static void say_bomb(int peer, size_t bytes)
{
    struct strbuf out;
    unsigned held = 0, count = 0;

    strbuf_init(&out);
    strbuf_append_bytes(&out, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
    put_bits(&out, &held, &count,
             "110"
             "00110000");
    for (size_t i = 0; i < bytes / 258; i++)
        put_bits(&out, &held, &count,
                 "11000101"
                 "00000");
    put_bits(&out, &held, &count,
             "0000000"
             "0000000");
    say(peer, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n");
    (void)!send(peer, out.bytes, out.length, MSG_NOSIGNAL);
    strbuf_finish(&out);
}

static void drip(struct liar *liar, int peer, const char *head, const char *piece, long ms)
{
    say(peer, head);
    for (int i = 0; i < 400 && !liar->over; i++) {
        nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
        if (send(peer, piece, strlen(piece), MSG_NOSIGNAL) < 0)
            return;
    }
}

static void answer(struct liar *liar, int peer, const char *path)
{
    char text[1200];

    if (strcmp(path, "/feed") == 0) {
        if (strstr(liar->last, "If-None-Match: \"one\"") != NULL)
            say(peer, "HTTP/1.1 304 Not Modified\r\nETag: \"one\"\r\nContent-Length: 0\r\n\r\n");
        else
            say(peer, "HTTP/1.1 200 OK\r\nContent-Type: text/calendar; charset=utf-8\r\n"
                      "ETag: \"one\"\r\nLast-Modified: Tue, 24 Nov 2026 08:10:00 GMT\r\n"
                      "Content-Length: 5\r\n\r\nfeed\n");
    } else if (strncmp(path, "/to/", 4) == 0) {
        snprintf(text, sizeof(text),
                 "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", path + 4);
        say(peer, text);
    } else if (strncmp(path, "/hop", 4) == 0) {
        snprintf(text, sizeof(text),
                 "HTTP/1.1 302 Found\r\nLocation: /%s\r\nContent-Length: 0\r\n\r\n",
                 path[4] > '1' ? (char[]){'h', 'o', 'p', (char)(path[4] - 1), 0} : "feed");
        say(peer, text);
    } else if (strcmp(path, "/bomb") == 0) {
        say_bomb(peer, 200u << 20);
    } else if (strcmp(path, "/long") == 0) {
        say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 6000000\r\n\r\nx");
    } else if (strcmp(path, "/drip") == 0) {
        drip(liar, peer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "x", 10);
    } else if (strcmp(path, "/headers") == 0) {
        drip(liar, peer, "HTTP/1.1 200 OK\r\n",
             "X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "\r\n",
             0);
    } else if (strcmp(path, "/silent") == 0) {
        drip(liar, peer, "", "", 10);
    } else {
        say(peer, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    }
}

static void *run(void *context)
{
    struct liar *liar = context;

    for (;;) {
        int peer = accept(liar->fd, NULL, NULL);
        if (peer < 0 || liar->over) {
            if (peer >= 0)
                close(peer);
            return NULL;
        }
        size_t length = 0;
        while (length < sizeof(liar->last) - 1) {
            ssize_t got = recv(peer, liar->last + length, sizeof(liar->last) - 1 - length, 0);
            if (got <= 0)
                break;
            length += (size_t)got;
            liar->last[length] = '\0';
            if (strstr(liar->last, "\r\n\r\n") != NULL)
                break;
        }
        char path[1024] = "";
        sscanf(liar->last, "GET %1023s", path);
        liar->asked++;
        answer(liar, peer, path);
        close(peer);
    }
}

static int setup(void **state)
{
    struct liar *liar = calloc(1, sizeof(*liar));
    struct sockaddr_in place = {.sin_family = AF_INET};
    socklen_t size = sizeof(place);
    struct error error;

    assert_true(fetch_init(&error));
    inet_pton(AF_INET, "127.0.0.2", &place.sin_addr);
    liar->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(liar->fd, (struct sockaddr *)&place, sizeof(place)), 0);
    assert_int_equal(listen(liar->fd, 8), 0);
    getsockname(liar->fd, (struct sockaddr *)&place, &size);
    liar->port = ntohs(place.sin_port);
    pthread_create(&liar->thread, NULL, run, liar);
    *state = liar;
    return 0;
}

static int teardown(void **state)
{
    struct liar *liar = *state;

    liar->over = true;
    shutdown(liar->fd, SHUT_RDWR);
    pthread_join(liar->thread, NULL);
    close(liar->fd);
    free(liar);
    fetch_quit();
    return 0;
}

/* Gives each of its addresses in turn; the last for ever. */
struct names {
    const char *addresses[4];
    int asked;
    char host[300];
};

static bool resolve(void *context, const char *host, struct fetch_addresses *out)
{
    struct names *names = context;
    int turn = names->asked++;

    turn = turn > 3 ? 3 : turn;
    while (turn > 0 && names->addresses[turn] == NULL)
        turn--;
    snprintf(names->host, sizeof(names->host), "%s", host);
    *out = (struct fetch_addresses){.count = 1};
    return address_parse(names->addresses[turn], &out->items[0]);
}

static bool fetch(struct liar *liar, struct names *names, const char *host, const char *path,
                  struct fetch_result *result, struct error *error)
{
    struct fetch_options options = {
        .allow = "127.0.0.2", .ms_max = 700, .resolve = resolve, .context = names};
    char url[1200];

    snprintf(url, sizeof(url), "http://%s:%d%s", host, liar->port, path);
    return fetch_url(url, &options, result, error);
}

static void test_takes(void **state)
{
    struct names names = {.addresses = {"127.0.0.2"}};
    struct fetch_result result;
    struct error error;

    assert_true(fetch(*state, &names, "feed.example", "/feed", &result, &error));
    assert_string_equal(result.bytes, "feed\n");
    assert_int_equal(result.length, 5);
    assert_string_equal(result.type, "text/calendar; charset=utf-8");
    assert_string_equal(result.etag, "\"one\"");
    assert_string_equal(names.host, "feed.example");
    struct fetch_result again;
    struct liar *liar = *state;
    char url[100];
    snprintf(url, sizeof(url), "http://feed.example:%d/feed", liar->port);
    assert_true(fetch_url(url,
                          &(struct fetch_options){.allow = "127.0.0.2",
                                                  .etag = result.etag,
                                                  .modified = result.modified,
                                                  .resolve = resolve,
                                                  .context = &names},
                          &again, &error));
    assert_true(again.unchanged);
    assert_null(again.bytes);
    assert_non_null(strstr(liar->last, "If-Modified-Since: Tue, 24 Nov 2026 08:10:00 GMT\r\n"));
    assert_null(strstr(liar->last, "Cookie"));
    fetch_result_finish(&result);
    fetch_result_finish(&again);
}

static void test_asks_the_name_once(void **state)
{
    /* Fit at the first question, the loopback address at the second: a rebinding name. */
    struct names names = {.addresses = {"127.0.0.2", "127.0.0.1"}};
    struct fetch_result result;
    struct error error;

    assert_true(fetch(*state, &names, "rebind.example", "/feed", &result, &error));
    assert_int_equal(names.asked, 1);
    fetch_result_finish(&result);
    /* Each redirect is a question of its own, and the answer is looked at again. */
    names.asked = 0;
    assert_false(fetch(*state, &names, "rebind.example", "/hop1", &result, &error));
    assert_int_equal(names.asked, 2);
    assert_int_equal(error.kind, ERROR_DENIED);
    assert_null(result.bytes);
}

static void test_redirects(void **state)
{
    struct liar *liar = *state;
    struct names names = {.addresses = {"127.0.0.2"}};
    struct fetch_result result;
    struct error error;
    static const char *const bad[] = {
        "http://127.0.0.1/feed",
        "http://2130706433/feed",
        "http://0x7f000001/feed",
        "http://0177.0.0.1/feed",
        "http://127.1/feed",
        "http://[::1]/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "gopher://127.0.0.2/",
        "ftp://127.0.0.2/",
        "http://user:word@feed.example/",
        "https:///",
    };

    assert_true(fetch(liar, &names, "feed.example", "/hop3", &result, &error));
    assert_string_equal(result.bytes, "feed\n");
    fetch_result_finish(&result);
    assert_false(fetch(liar, &names, "feed.example", "/hop4", &result, &error));
    assert_int_equal(error.kind, ERROR_LIMIT);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char path[200];
        /* Numbers are resolved as the system does: the hook stands only for names. */
        struct fetch_options options = {.allow = "127.0.0.2", .ms_max = 700};
        snprintf(path, sizeof(path), "http://127.0.0.2:%d/to/%s", liar->port, bad[i]);
        int before = liar->asked;
        assert_false(fetch_url(path, &options, &result, &error));
        if (liar->asked != before + 1)
            fail_msg("%s was followed", bad[i]);
        assert_null(result.bytes);
    }
}

static void test_too_much(void **state)
{
    struct names names = {.addresses = {"127.0.0.2"}};
    struct fetch_result result;
    struct error error;
    static const struct {
        const char *path;
        enum error_kind kind;
    } cases[] = {{"/bomb", ERROR_LIMIT},   {"/long", ERROR_LIMIT},     {"/headers", ERROR_LIMIT},
                 {"/drip", ERROR_NETWORK}, {"/silent", ERROR_NETWORK}, {"/missing", ERROR_NETWORK}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct timespec before, after;
        clock_gettime(CLOCK_MONOTONIC, &before);
        assert_false(fetch(*state, &names, "feed.example", cases[i].path, &result, &error));
        clock_gettime(CLOCK_MONOTONIC, &after);
        if (error.kind != cases[i].kind)
            fail_msg("%s: %s", cases[i].path, error.en);
        assert_true(after.tv_sec - before.tv_sec <= 4);
        assert_null(result.bytes);
    }
}

static void test_who_may_be_asked(void **state)
{
    static const struct {
        const char *url, *address, *allow;
        enum error_kind kind;
    } cases[] = {
        {"http://x.example/", "10.0.0.1", "", ERROR_DENIED},
        {"http://x.example/", "127.0.0.1", "127.0.0.2", ERROR_DENIED},
        {"https://x.example/", "::1", "127.0.0.1", ERROR_DENIED},
        {"https://x.example/", "::ffff:1.2.3.4", "", ERROR_DENIED},
        {"http://x.example:8080/", "1.2.3.4", "", ERROR_DENIED},
        {"http://x.example:22/", "1.2.3.4", "10.0.0.0/8", ERROR_DENIED},
        {"ftp://x.example/", "1.2.3.4", "", ERROR_INVALID},
        {"file:///etc/passwd", "1.2.3.4", "", ERROR_INVALID},
        {"http://a:b@x.example/", "1.2.3.4", "", ERROR_INVALID},
        {"http://a@x.example/", "1.2.3.4", "", ERROR_INVALID},
        {"x.example/feed", "1.2.3.4", "", ERROR_INVALID},
        {"http://x.example/a b", "1.2.3.4", "", ERROR_INVALID},
        {"http://x.example/\r\nHost: y", "1.2.3.4", "", ERROR_INVALID},
        {"http://[fe80::1%25eth0]/", "1.2.3.4", "", ERROR_INVALID},
        {"http://", "1.2.3.4", "", ERROR_INVALID},
        {"", "1.2.3.4", "", ERROR_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct names names = {.addresses = {cases[i].address}};
        struct fetch_options options = {
            .allow = cases[i].allow, .ms_max = 500, .resolve = resolve, .context = &names};
        struct fetch_result result;
        struct error error;
        assert_false(fetch_url(cases[i].url, &options, &result, &error));
        if (error.kind != cases[i].kind)
            fail_msg("%s: %s", cases[i].url, error.en);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_takes),
        cmocka_unit_test(test_asks_the_name_once),
        cmocka_unit_test(test_redirects),
        cmocka_unit_test(test_too_much),
        cmocka_unit_test(test_who_may_be_asked),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
