#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/files.h"
#include "player/platform/health.h"

static void put(const char *root, const char *path, const char *text)
{
    char whole[512];
    struct error err;
    snprintf(whole, sizeof whole, "%s%s", root, path);
    *strrchr(whole, '/') = '\0';
    assert_true(folder_create(whole, 0755, &err));
    snprintf(whole, sizeof whole, "%s%s", root, path);
    assert_true(file_write_atomic(whole, text, strlen(text), 0644, &err));
}

static void clean(const char *root)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    assert_int_equal(system(command), 0);
}

static void test_temperature(void **context)
{
    static const struct {
        const char *zones[3];
        int64_t expected;
    } cases[] = {
        {{NULL}, HEALTH_UNKNOWN},
        {{"51234\n"}, 51},
        {{"41000", "87999", "50000"}, 87},
        {{"-5000"}, -5},
        {{"255000", "40000"}, 40}, /* a sensor that is not connected */
        {{"", "nonsense", "-274000"}, HEALTH_UNKNOWN},
    };
    (void)context;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char root[] = "/tmp/vitrine-health-XXXXXX";
        struct health health;
        assert_non_null(mkdtemp(root));
        for (int zone = 0; zone < 3 && cases[i].zones[zone] != NULL; zone++) {
            char path[128];
            snprintf(path, sizeof path, "/sys/class/thermal/thermal_zone%d/temp", zone);
            put(root, path, cases[i].zones[zone]);
        }
        put(root, "/sys/class/thermal/cooling_device0/temp", "99000");
        health_read(root, root, &health);
        assert_int_equal(health.temperature_c, cases[i].expected);
        assert_false(health.throttled);
        clean(root);
    }
}

static void test_throttled(void **context)
{
    static const struct {
        const char *path, *text;
        bool expected;
    } cases[] = {
        {"/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "0\n", false},
        {"/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "12\n", true},
        {"/sys/devices/platform/soc/soc:firmware/get_throttled", "0\n", false},
        {"/sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n", true},
    };
    (void)context;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char root[] = "/tmp/vitrine-health-XXXXXX";
        struct health health;
        assert_non_null(mkdtemp(root));
        put(root, cases[i].path, cases[i].text);
        health_read(root, root, &health);
        assert_int_equal(health.throttled, cases[i].expected);
        clean(root);
    }
}

static void test_proc(void **context)
{
    char root[] = "/tmp/vitrine-health-XXXXXX";
    struct health health;
    (void)context;
    assert_non_null(mkdtemp(root));
    put(root, "/proc/meminfo",
        "MemTotal:        1000 kB\nMemFree:          100 kB\nMemAvailable:     600 kB\n");
    put(root, "/proc/uptime", "86461.55 1234.00\n");
    put(root, "/proc/loadavg", "1.25 0.50 0.10 1/100 4242\n");
    put(root, "/proc/self/statm", "9000 25 3 1 0 4 0\n");
    health_read(root, "/nonexistent", &health);
    assert_int_equal(health.memory_total, 1024000);
    assert_int_equal(health.memory_free, 614400);
    assert_int_equal(health.uptime_s, 86461);
    assert_int_equal(health.load_percent, 125);
    assert_int_equal(health.memory % 25, 0);
    assert_true(health.memory > 0);
    assert_int_equal(health.disk_free, HEALTH_UNKNOWN);
    clean(root);
}

/* This very machine: figures that make sense together. */
static void test_machine(void **context)
{
    struct health health;
    (void)context;
    health_read("", "/", &health);
    assert_true(health.memory > 100000 && health.memory < health.memory_total);
    assert_true(health.disk_free >= 0 && health.disk_free <= health.disk_size);
    assert_true(health.uptime_s > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_temperature),
        cmocka_unit_test(test_throttled),
        cmocka_unit_test(test_proc),
        cmocka_unit_test(test_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
