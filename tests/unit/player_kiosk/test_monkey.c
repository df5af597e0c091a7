/* A monkey at the kiosk, and a very large directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_private.h"
#include "tests/unit/player_kiosk/fixture.h"

#define EVENTS 20000
#define FRAME_EVERY 97 /* the scene is also built and hit without being drawn */

/* A fixed generator: the same monkey on every machine (Marsaglia's xorshift64). */
static uint64_t chance(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static enum kiosk_event_kind pick_kind(uint64_t roll)
{
    static const enum kiosk_event_kind keys[] = {KIOSK_KEY_NEXT, KIOSK_KEY_PREVIOUS,
                                                 KIOSK_KEY_ACTIVATE, KIOSK_KEY_BACK};
    if (roll < 35)
        return KIOSK_TOUCH_DOWN;
    if (roll < 60)
        return KIOSK_TOUCH_MOVE;
    if (roll < 92)
        return KIOSK_TOUCH_UP;
    if (roll < 94)
        return KIOSK_TOUCH_CANCEL;
    return keys[roll % 4];
}

/* Anywhere, or on a button of the bar (monkeys love buttons), or where it was before. */
static void pick_place(const struct kiosk *kiosk, uint64_t *seed, struct kiosk_event *event)
{
    uint64_t roll = chance(seed) % 8;
    const struct rect *button = &kiosk->layout.buttons[chance(seed) % KIOSK_BAR_BUTTONS];
    if (roll < 4) {
        event->x = (int)(chance(seed) % 1200) - 60;
        event->y = (int)(chance(seed) % 2040) - 60;
    } else if (roll == 4) {
        event->x = button->x + button->w / 2;
        event->y = button->y + button->h / 2;
    }
}

static void test_monkey_ends_at_home(void **state)
{
    (void)state;
    struct text_engine *text = fixture_text();
    struct kiosk_config config = fixture_config(text);
    struct kiosk *kiosk = kiosk_create(&config);
    struct canvas *canvas = canvas_create(1080, 1920);
    struct rect dirty;
    uint64_t seed = 20261123;
    int64_t now = 0;
    bool seen[KIOSK_STATES] = {false};
    kiosk_set_directory(kiosk, fixture_many(300, 5));
    struct kiosk_event event = {.x = 500, .y = 500};
    for (int i = 0; i < EVENTS; i++) {
        event.kind = pick_kind(chance(&seed) % 100);
        event.finger = (int64_t)(chance(&seed) % 3);
        pick_place(kiosk, &seed, &event);
        kiosk_event(kiosk, &event, now);
        uint64_t pause = chance(&seed) % 1000;
        now += pause < 990 ? (int64_t)(pause % 50) : (int64_t)(pause - 989) * 15000;
        kiosk_tick(kiosk, now);
        if (i % FRAME_EVERY == 0)
            kiosk_draw(kiosk, canvas, &dirty);
        if (i % 1500 == 1499)
            kiosk_set_directory(kiosk, fixture_many(200 + (size_t)i % 100, (size_t)i % 7));
        seen[kiosk->state] = true;
    }
    for (int i = 0; i < KIOSK_STATES; i++)
        if (!seen[i])
            fail_msg("the monkey never got to state %d", i);
    for (int64_t waited = 0; waited <= 151000; waited += 500)
        kiosk_tick(kiosk, now + waited);
    assert_false(kiosk_is_open(kiosk));
    assert_true(kiosk_next_wake(kiosk, now + 151000) == KIOSK_NEVER);
    canvas_destroy(canvas);
    kiosk_destroy(kiosk);
    text_engine_destroy(text);
}

/* A window can be pulled to any size: nothing there can be used, but nothing breaks either. */
static void test_monkey_in_a_tiny_window(void **state)
{
    static const int sizes[][2] = {{1, 1}, {1, 64}, {16, 16}, {64, 64}, {700, 8}, {8, 700}};
    (void)state;
    struct text_engine *text = fixture_text();
    uint64_t seed = 20261123;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        int width = sizes[i][0], height = sizes[i][1];
        struct kiosk_config config = fixture_config(text);
        config.metrics = metrics_make(width, height, 1092, 600);
        struct kiosk *kiosk = kiosk_create(&config);
        struct canvas *canvas = canvas_create(width, height);
        struct rect dirty;
        kiosk_set_directory(kiosk, fixture_many(40, 5));
        for (int step = 0; step < 400; step++) {
            struct kiosk_event event = {.kind = pick_kind(chance(&seed) % 100),
                                        .x = (int)(chance(&seed) % (uint64_t)(width + 8)) - 4,
                                        .y = (int)(chance(&seed) % (uint64_t)(height + 8)) - 4};
            kiosk_event(kiosk, &event, step * 40);
            kiosk_tick(kiosk, step * 40);
            kiosk_draw(kiosk, canvas, &dirty);
        }
        canvas_destroy(canvas);
        kiosk_destroy(kiosk);
    }
    text_engine_destroy(text);
}

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* CPU of: opening the list, and jumping to its last letter, with a frame each. */
static double use_list(struct text_engine *text, size_t entries)
{
    struct kiosk_config config = fixture_config(text);
    struct kiosk *kiosk = kiosk_create(&config);
    struct canvas *canvas = canvas_create(1080, 1920);
    struct rect dirty;
    kiosk_set_directory(kiosk, fixture_many(entries, 10));
    kiosk_draw(kiosk, canvas, &dirty);
    double start = cpu_ms();
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_START, 0}, 1000);
    kiosk_draw(kiosk, canvas, &dirty);
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_LETTER, 25}, 1000);
    for (int64_t now = 1000; kiosk_next_wake(kiosk, now) <= now; now += 16) {
        kiosk_tick(kiosk, now);
        kiosk_draw(kiosk, canvas, &dirty);
    }
    double spent = cpu_ms() - start;
    assert_true(kiosk->list_scroll.offset > (double)entries * 50);
    canvas_destroy(canvas);
    kiosk_destroy(kiosk);
    return spent;
}

static void test_100000_entries_open_like_300(void **state)
{
    (void)state;
    struct text_engine *text = fixture_text();
    (void)use_list(text, 300); /* glyphs */
    double small = use_list(text, 300);
    double large = use_list(text, 100000);
    print_message("list opened and scrolled: %.1f ms of 300 entries, %.1f ms of 100000\n", small,
                  large);
    assert_true(large < 3 * small + 20);
    text_engine_destroy(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_monkey_ends_at_home),
        cmocka_unit_test(test_monkey_in_a_tiny_window),
        cmocka_unit_test(test_100000_entries_open_like_300),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
