#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_scroll.h"

/* Pulls from y 1000 up by `speed` px every 10 ms; returns the instant of the release. */
static int64_t pull(struct kiosk_scroll *scroll, int speed, int moves)
{
    int64_t now = 1000;
    int y = 1000;
    kiosk_scroll_grab(scroll, y, now);
    for (int i = 0; i < moves; i++) {
        now += 10;
        y -= speed;
        kiosk_scroll_drag(scroll, y, now);
    }
    return now;
}

static int64_t settle(struct kiosk_scroll *scroll, int64_t now, int step_ms)
{
    while (kiosk_scroll_moves(scroll)) {
        now += step_ms;
        kiosk_scroll_tick(scroll, now);
        assert_true(now < 100000);
    }
    return now;
}

static void test_drag_follows_the_finger(void **state)
{
    (void)state;
    struct kiosk_scroll scroll = {.limit = 5000};
    pull(&scroll, 10, 20);
    assert_int_equal((int)scroll.offset, 200);
}

static void test_fling_goes_on_and_stops(void **state)
{
    (void)state;
    struct kiosk_scroll scroll = {.limit = 50000};
    int64_t now = pull(&scroll, 20, 20);
    kiosk_scroll_release(&scroll, false, now);
    assert_true(kiosk_scroll_moves(&scroll));
    int64_t end = settle(&scroll, now, 16);
    assert_in_range((int)scroll.offset, 400 + 500, 400 + 800); /* 2 px/ms × 325 ms */
    assert_in_range((int)(end - now), 800, 4000);
}

/* A slow machine ends where a quick one does. */
static void test_ticks_do_not_matter(void **state)
{
    (void)state;
    struct kiosk_scroll quick = {.limit = 50000}, slow = {.limit = 50000};
    kiosk_scroll_release(&quick, false, pull(&quick, 15, 20));
    kiosk_scroll_release(&slow, false, pull(&slow, 15, 20));
    settle(&quick, 1200, 4);
    settle(&slow, 1200, 250);
    assert_true(quick.offset == slow.offset);
}

static void test_resting_finger_does_not_fling(void **state)
{
    (void)state;
    struct kiosk_scroll scroll = {.limit = 50000};
    int64_t now = pull(&scroll, 20, 20) + 400;
    kiosk_scroll_release(&scroll, false, now);
    assert_false(kiosk_scroll_moves(&scroll));
}

static void test_edges_resist_and_return(void **state)
{
    (void)state;
    struct kiosk_scroll scroll = {.limit = 300};
    int64_t now = pull(&scroll, 50, 20); /* 1 000 px where there are 300 */
    assert_in_range((int)scroll.offset, 301, 300 + 220);
    kiosk_scroll_release(&scroll, false, now);
    settle(&scroll, now, 16);
    assert_true(scroll.offset == 300);
}

static void test_fling_stops_at_the_edge(void **state)
{
    (void)state;
    struct kiosk_scroll scroll = {.limit = 450};
    int64_t now = pull(&scroll, 20, 20);
    kiosk_scroll_release(&scroll, false, now);
    settle(&scroll, now, 16);
    assert_true(scroll.offset == 450);
}

static void test_ease_arrives_in_time(void **state)
{
    (void)state;
    struct kiosk_scroll scroll = {.limit = 5000};
    kiosk_scroll_ease(&scroll, 1000, 250, 0);
    kiosk_scroll_tick(&scroll, 125);
    assert_in_range((int)scroll.offset, 500, 999); /* ease-out: more than half */
    kiosk_scroll_tick(&scroll, 250);
    assert_true(scroll.offset == 1000);
    kiosk_scroll_ease(&scroll, 9999, 0, 300); /* reduced motion, past the end */
    assert_true(scroll.offset == 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drag_follows_the_finger),
        cmocka_unit_test(test_fling_goes_on_and_stops),
        cmocka_unit_test(test_ticks_do_not_matter),
        cmocka_unit_test(test_resting_finger_does_not_fling),
        cmocka_unit_test(test_edges_resist_and_return),
        cmocka_unit_test(test_fling_stops_at_the_edge),
        cmocka_unit_test(test_ease_arrives_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
