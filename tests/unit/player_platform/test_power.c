#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <X11/Xlib.h>
#include <X11/extensions/dpms.h>
#include <cmocka.h>

#include "core/clock.h"
#include "core/log.h"
#include "player/platform/power.h"

static void pause_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static enum power_state wait_for(struct power *power, enum power_state state)
{
    for (int i = 0; i < 200 && power_get(power) != state; i++) {
        pause_ms(10);
    }
    return power_get(power);
}

/* No X server, no connector, and something called cec0 that is no adapter. */
static void test_nothing(void **context)
{
    char folder[] = "/tmp/vitrine-power-XXXXXX";
    char path[64];
    struct clock clock = clock_system();
    (void)context;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/cec0", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct power_options options = {.drm_fd = -1, .dev_folder = folder};
    struct power *power = power_create(&options);
    int64_t before = clock_mono_ms(&clock);
    for (int i = 0; i < 100; i++) {
        power_set(power, i % 2 == 0);
        power_set(power, i % 2 == 0);
    }
    assert_true(clock_mono_ms(&clock) - before < 16); /* a frame */
    pause_ms(50);
    assert_int_equal(power_get(power), POWER_UNKNOWN);
    power_destroy(power);
    power_destroy(NULL);
    (void)unlink(path);
    (void)rmdir(folder);
}

static CARD16 x_level(Display *display)
{
    CARD16 level = DPMSModeOn;
    BOOL enabled = False;
    assert_true(DPMSInfo(display, &level, &enabled));
    return level;
}

/* A real X server without a screen. */
static pid_t start_server(char name_out[16])
{
    int pipes[2];
    char number[16] = "";
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        char fd[16];
        snprintf(fd, sizeof fd, "%d", pipes[1]);
        (void)freopen("/dev/null", "w", stderr);
        close(pipes[0]);
        execlp("Xvfb", "Xvfb", "-displayfd", fd, "-screen", "0", "320x240x24", "-nolisten", "tcp",
               (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    ssize_t length = read(pipes[0], number, sizeof number - 1);
    close(pipes[0]);
    if (length <= 0) {
        waitpid(child, NULL, 0);
        return 0;
    }
    number[strcspn(number, "\n")] = '\0';
    snprintf(name_out, 16, ":%.10s", number);
    return child;
}

static void test_x11(void **context)
{
    char name[16];
    int event;
    int error;
    (void)context;
    pid_t server = start_server(name);
    if (server == 0) {
        print_message("Xvfb is not there\n");
        skip();
    }
    assert_int_equal(setenv("DISPLAY", name, 1), 0);
    struct power_options options = {.x11 = true, .drm_fd = -1, .dev_folder = "/nonexistent"};
    struct power_ways ways;
    struct power *power = power_create(&options);
    power_look("/nonexistent", &ways);
    power_set(power, false);
    if (ways.x11) {
        Display *display = XOpenDisplay(NULL);
        assert_non_null(display);
        assert_true(DPMSQueryExtension(display, &event, &error));
        assert_int_equal(wait_for(power, POWER_OFF), POWER_OFF);
        assert_int_equal(x_level(display), DPMSModeOff);
        power_set(power, true);
        assert_int_equal(wait_for(power, POWER_ON), POWER_ON);
        assert_int_equal(x_level(display), DPMSModeOn);
        power_set(power, false); /* the last wish is carried out before the end */
        power_destroy(power);
        assert_int_equal(x_level(display), DPMSModeOff);
        power = power_create(&options);
        XCloseDisplay(display);
    } else {
        print_message("this Xvfb knows no DPMS: only that nothing breaks is seen\n");
        pause_ms(100);
        assert_int_equal(power_get(power), POWER_UNKNOWN);
    }
    /* The server goes away: the player does not. */
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    power_set(power, false);
    pause_ms(100);
    power_destroy(power);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_x11),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
