/* A monkey at the kiosk, and a very large directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "tests/unit/player_kiosk/visitor.h"

#define EVENTS 100000
#define FRAME_EVERY 211 /* the scene is also built and hit without being drawn */

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
    static const enum kiosk_event_kind keys[] = {
        KIOSK_KEY_NEXT, KIOSK_KEY_PREVIOUS, KIOSK_KEY_UP,       KIOSK_KEY_DOWN,
        KIOSK_KEY_LEFT, KIOSK_KEY_RIGHT,    KIOSK_KEY_ACTIVATE, KIOSK_KEY_BACK};
    if (roll < 35)
        return KIOSK_TOUCH_DOWN;
    if (roll < 60)
        return KIOSK_TOUCH_MOVE;
    if (roll < 92)
        return KIOSK_TOUCH_UP;
    if (roll < 94)
        return KIOSK_TOUCH_CANCEL;
    return keys[roll % 8];
}

/* Anywhere, or on a button of the bar, a way or a card (monkeys love what shines), or where it was
 * before. */
static void pick_place(struct visitor *visitor, uint64_t *seed, struct kiosk_event *event)
{
    struct kiosk *kiosk = visitor->kiosk;
    uint64_t roll = chance(seed) % 8, which = chance(seed);
    const struct rect *button = &kiosk->layout.buttons[which % KIOSK_BAR_BUTTONS];
    const struct kiosk_pane *pane = kiosk_pane(kiosk);
    size_t items = kiosk_is_open(kiosk) ? kiosk_list_count(&pane->list) : 0;
    struct rect place = {0};
    if (roll == 5 && kiosk_is_open(kiosk))
        place = which % 7 == 5 ? visitor_find(visitor, KIOSK_ACTION_FILM, 0)
                : which % 7 == 6
                    ? visitor_find(visitor, KIOSK_ACTION_CHOICES, 0)
                    : visitor_find(visitor, KIOSK_ACTION_OPEN, KIOSK_HOME + (int64_t)(which % 7));
    else if (roll == 6 && items > 0)
        place = kiosk_frame_item_rect(kiosk, pane, which % items);
    if (place.w > 0) {
        event->x = place.x + place.w / 2;
        event->y = place.y + place.h / 2;
        return;
    }
    if (roll < 4) {
        event->x = (int)(chance(seed) % 1200) - 60;
        event->y = (int)(chance(seed) % 2040) - 60;
    } else if (roll == 4) {
        event->x = button->x + button->w / 2;
        event->y = button->y + button->h / 2;
    }
}

static long memory_kb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file != NULL)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* How many; 10⁶ in the long run: VITRINE_MONKEY=1000000. */
static int event_count(void)
{
    const char *wanted = getenv("VITRINE_MONKEY");
    return wanted != NULL ? atoi(wanted) : EVENTS;
}

static void test_monkey_ends_at_home(void **state)
{
    (void)state;
    struct text_engine *text = fixture_text();
    struct visitor *visitor = visitor_create(text, fixture_many(300, 5), false);
    struct kiosk *kiosk = visitor->kiosk;
    uint64_t seed = 20261123;
    bool seen[KIOSK_PAGES] = {false}, covered[KIOSK_OVERLAY_ASK + 1] = {false};
    int events = event_count();
    long early_kb = 0;
    struct kiosk_event event = {.x = 500, .y = 500};
    for (int i = 0; i < events; i++) {
        event.kind = pick_kind(chance(&seed) % 100);
        event.finger = chance(&seed) % 3 != 0 ? 1 : (int64_t)(chance(&seed) % 10);
        pick_place(visitor, &seed, &event);
        kiosk_event(kiosk, &event, visitor->now);
        uint64_t pause = chance(&seed) % 1000;
        visitor_wait(visitor, pause < 998 ? (int64_t)(pause % 50) : pause == 998 ? 40000 : 121000);
        if (visitor->film[0] != '\0' && i % 50 == 0)
            kiosk_film_ended(kiosk, visitor->now);
        if (i % FRAME_EVERY == 0)
            (void)visitor_frame(visitor);
        if (i % 1500 == 1499)
            kiosk_set_directory(kiosk, fixture_many(200 + (size_t)i % 100, (size_t)i % 7));
        if (i == events / 4)
            early_kb = memory_kb();
        seen[visitor_page(visitor)] = true;
        covered[kiosk->state.overlay] = true;
    }
    long grown_kb = memory_kb() - early_kb;
    print_message("%d events, memory grew by %ld KiB after the first quarter\n", events, grown_kb);
    for (int i = 0; i < KIOSK_PAGES; i++)
        if (!seen[i])
            fail_msg("the monkey never got to page %d", i);
    for (int i = 0; i <= KIOSK_OVERLAY_ASK; i++)
        if (!covered[i])
            fail_msg("the monkey never got below overlay %d", i);
    /* Nobody touches it any more: the film is over some time, time-outs do the rest. */
    kiosk_film_ended(kiosk, visitor->now);
    for (int waited = 0; waited <= 3 * 151000; waited += 500)
        visitor_wait(visitor, 500);
    assert_false(kiosk_is_open(kiosk));
    assert_true(kiosk_next_wake(kiosk, visitor->now) == KIOSK_NEVER);
    visitor_destroy(visitor);
    text_engine_destroy(text);
}

/* What is drawn bit by bit is what a fresh drawing would be, whatever came before. */
static void test_nothing_stale_shows(void **state)
{
    (void)state;
    struct text_engine *text = fixture_text();
    for (int landscape = 0; landscape < 2; landscape++) {
        struct visitor *visitor = visitor_create(text, fixture_many(60, 5), landscape == 1);
        uint64_t seed = 7 + (uint64_t)landscape;
        struct kiosk_event event = {.x = 500, .y = 500};
        char name[64];
        for (int i = 0; i < 2000; i++) {
            event.kind = pick_kind(chance(&seed) % 100);
            event.finger = chance(&seed) % 3 != 0 ? 1 : (int64_t)(chance(&seed) % 10);
            pick_place(visitor, &seed, &event);
            kiosk_event(visitor->kiosk, &event, visitor->now);
            visitor_wait(visitor, (int64_t)(chance(&seed) % 40));
            (void)visitor_frame(visitor);
            snprintf(name, sizeof(name), "event %d kind %d page %d over %d", i, (int)event.kind,
                     (int)visitor_page(visitor), (int)visitor->kiosk->state.overlay);
            if (i % 10 == 0 && kiosk_is_open(visitor->kiosk) && !visitor->kiosk->motion.active)
                visitor_check_whole(visitor, name);
        }
        visitor_destroy(visitor);
    }
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
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_OPEN, KIOSK_DIRECTORY}, 1000);
    kiosk_draw(kiosk, canvas, &dirty);
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_LETTER, 25}, 1000);
    for (int64_t now = 1000; kiosk_next_wake(kiosk, now) <= now; now += 16) {
        kiosk_tick(kiosk, now);
        kiosk_draw(kiosk, canvas, &dirty);
    }
    double spent = cpu_ms() - start;
    assert_true(kiosk->page.scroll.offset > (double)entries * 50);
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
        cmocka_unit_test(test_nothing_stale_shows),
        cmocka_unit_test(test_monkey_in_a_tiny_window),
        cmocka_unit_test(test_100000_entries_open_like_300),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
