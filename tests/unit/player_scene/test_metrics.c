#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "player/scene/metrics.h"

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int width, height, diagonal_mm, distance_mm;
        double cap, unit; /* px */
    } cases[] = {
        {"a 55 inch screen 3 m away", 1920, 1080, 1400, 3000, 57.6, 120},
        {"unknown: the same", 1920, 1080, 0, 0, 57.6, 120},
        {"upright", 1080, 1920, 1400, 3000, 57.6, 120},
        {"far away: not above 6 % of the shorter side", 1920, 1080, 1400, 20000, 64.8, 120},
        {"a kiosk at arm's length: not below 1.6 %", 1080, 1920, 1400, 500, 17.28, 120},
        {"a typing error in the diagonal", 1920, 1080, 1, 3000, 64.8, 120},
        {"half the pixels", 960, 540, 1400, 3000, 28.8, 60},
        {"a long strip of a bus", 1920, 540, 1000, 2000, 32.4, 60},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct metrics metrics = metrics_make(cases[i].width, cases[i].height, cases[i].diagonal_mm,
                                              cases[i].distance_mm);
        if (fabs(metrics.cap_px - cases[i].cap) > 0.1 ||
            fabs(metrics.unit_px - cases[i].unit) > 0.01) {
            fail_msg("%s: C %.2f px, unit %.2f px", cases[i].what, metrics.cap_px, metrics.unit_px);
        }
        assert_int_equal(metrics.portrait, cases[i].height > cases[i].width);
        assert_int_equal(metrics.safe_px, (int)lround(cases[i].unit / 2));
    }
}

static void test_floors(void **state)
{
    (void)state;
    struct metrics metrics = metrics_make(1920, 1080, 1400, 2000);
    double cap = metrics.cap_px;
    assert_true(fabs(metrics_floor(&metrics, TIER_HEADLINE) - cap) < 1e-9);
    assert_true(fabs(metrics_floor(&metrics, TIER_FACT) - 0.75 * cap) < 1e-9);
    assert_true(fabs(metrics_floor(&metrics, TIER_CREDIT) - 0.4 * cap) < 1e-9);
    assert_true(fabs(metrics_floor(&metrics, TIER_EMERGENCY) - 2.4 * cap) < 1e-9);
    metrics = metrics_make(1080, 1920, 1400, 4000);
    assert_true(fabs(metrics_floor(&metrics, TIER_EMERGENCY) - 0.11 * 1080) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_floors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
