#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "player/platform/notify.h"

/* What systemd would read, as it came; "" when nothing did. */
struct manager {
    int fd;
    struct sockaddr_un address;
    char message[256];
};

static void manager_open(struct manager *manager)
{
    manager->address = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(manager->address.sun_path, sizeof manager->address.sun_path, "/tmp/vitrine-notify-%d",
             (int)getpid());
    manager->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    assert_true(manager->fd >= 0);
    (void)unlink(manager->address.sun_path);
    assert_int_equal(
        bind(manager->fd, (struct sockaddr *)&manager->address, sizeof manager->address), 0);
    assert_int_equal(setenv("NOTIFY_SOCKET", manager->address.sun_path, 1), 0);
}

static void manager_close(struct manager *manager)
{
    close(manager->fd);
    (void)unlink(manager->address.sun_path);
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
}

static const char *heard(struct manager *manager)
{
    ssize_t length = recv(manager->fd, manager->message, sizeof manager->message - 1, 0);
    manager->message[length > 0 ? length : 0] = '\0';
    return manager->message;
}

static void test_under_systemd(void **context)
{
    struct manager manager;
    struct notify notify;
    char pid[32];
    (void)context;
    manager_open(&manager);
    snprintf(pid, sizeof pid, "%d", (int)getpid());
    assert_int_equal(setenv("WATCHDOG_PID", pid, 1), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "30000000", 1), 0);
    notify_init(&notify);
    assert_int_equal(notify.interval_ms, 10000);
    notify_ready(&notify);
    assert_string_equal(heard(&manager), "READY=1");
    notify_ready(&notify);
    assert_string_equal(heard(&manager), "");
    notify_status(&notify, "manifest %s\nWATCHDOG=1", "1-17");
    assert_string_equal(heard(&manager), "STATUS=manifest 1-17");
    notify_status(&notify, "manifest %s", "1-17");
    assert_string_equal(heard(&manager), "");

    assert_int_equal(notify_wait(&notify, 5000), 0);
    notify_alive(&notify, 5000);
    assert_string_equal(heard(&manager), "WATCHDOG=1");
    notify_alive(&notify, 14999);
    assert_string_equal(heard(&manager), "");
    assert_int_equal(notify_wait(&notify, 14999), 1);
    notify_alive(&notify, 15000);
    assert_string_equal(heard(&manager), "WATCHDOG=1");
    notify_stopping(&notify);
    assert_string_equal(heard(&manager), "STOPPING=1");
    manager_close(&manager);
}

/* Started by hand, and a watchdog that is another process's. */
static void test_elsewhere(void **context)
{
    struct notify notify;
    (void)context;
    notify_init(&notify);
    notify_ready(&notify);
    notify_status(&notify, "x");
    notify_alive(&notify, 1);
    assert_int_equal(notify_wait(&notify, 1), -1);
    assert_int_equal(setenv("WATCHDOG_PID", "1", 1), 0);
    assert_int_equal(setenv("WATCHDOG_USEC", "30000000", 1), 0);
    notify_init(&notify);
    assert_int_equal(notify_wait(&notify, 1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_under_systemd),
        cmocka_unit_test(test_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
