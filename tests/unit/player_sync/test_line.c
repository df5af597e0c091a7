#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "player/sync/line.h"

#define SECOND INT64_C(1000000000)

/* A line with a queue as long as anybody likes: what one download settles at. */
static const struct {
    const char *name;
    int64_t rate; /* bytes a second */
    int64_t trip_ms;
    int64_t share_percent; /* of the line that it must use */
    int64_t wait_ms;       /* that it may add for the others */
} lines[] = {
    {"fibre", 12000000, 5, 100, 300},      {"a good mobile network", 1250000, 60, 100, 450},
    {"a bad one", 32000, 150, 99, 700},    {"through a satellite", 250000, 700, 99, 1800},
    {"an old modem", 8000, 300, 99, 1000},
};

static void test_settles(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        int64_t window = 65536;
        int64_t rate = 0;
        for (int step = 0; step < 60; step++) {
            rate = window * 1000 / lines[i].trip_ms;
            rate = rate < lines[i].rate ? rate : lines[i].rate;
            window = line_window(rate, lines[i].trip_ms * 1000);
        }
        int64_t wait_ms = window * 1000 / lines[i].rate - lines[i].trip_ms;
        if (rate * 100 < lines[i].rate * lines[i].share_percent || wait_ms > lines[i].wait_ms) {
            fail_msg("%s: %lld bytes/s, %lld ms of queue", lines[i].name, (long long)rate,
                     (long long)wait_ms);
        }
    }
}

static void test_bounds(void **state)
{
    (void)state;
    assert_int_equal(line_window(0, 0), LINE_WINDOW_MIN);
    assert_int_equal(line_window(100000, 0), 30000);
    assert_int_equal(line_window(100000, 100000), 50000);
    assert_int_equal(line_window(INT64_C(1) << 40, 0), LINE_WINDOW_MAX);
    assert_int_equal(line_window(10000, INT64_C(1) << 40), 43000);
}

static void test_meter(void **state)
{
    struct line_meter meter = {0};
    (void)state;
    assert_false(line_meter_take(&meter, 5000, SECOND));
    assert_false(line_meter_take(&meter, 5000, SECOND + SECOND / 4));
    assert_true(line_meter_take(&meter, 5000, SECOND + SECOND / 2));
    assert_int_equal(meter.rate, 20000);
    assert_true(line_meter_take(&meter, 100, 3 * SECOND + SECOND / 2));
    assert_int_equal(meter.rate, 50);
}

/* The window of the socket that has the port, and of no other. */
static void test_sockets(void **state)
{
    struct line line = {.count = 0};
    struct line_meter meter = {.rate = 50000};
    int before[2];
    int after[2];
    int sockets[2];
    struct sockaddr_in address;
    socklen_t size;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
        size = sizeof address;
        sockets[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(bind(sockets[i], (struct sockaddr *)&address, size), 0);
        line_opened(&line, sockets[i]);
        size = sizeof before[i];
        getsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &before[i], &size);
    }
    size = sizeof address;
    assert_int_equal(getsockname(sockets[1], (struct sockaddr *)&address, &size), 0);
    line_narrow(&line, ntohs(address.sin_port), &meter);
    line_narrow(&line, 0, &meter);
    for (size_t i = 0; i < 2; i++) {
        size = sizeof after[i];
        getsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &after[i], &size);
    }
    assert_int_equal(after[0], before[0]);
    assert_int_equal(after[1], 2 * 15000); /* the kernel counts its own room, too */
    line_closed(&line, sockets[1]);
    line_closed(&line, sockets[1]);
    assert_int_equal(line.count, 1);
    assert_int_equal(line.sockets[0], sockets[0]);
    close(sockets[0]);
    close(sockets[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_settles),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_meter),
        cmocka_unit_test(test_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
