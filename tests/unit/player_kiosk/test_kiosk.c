/* What a visitor does and sees: taps, drags, time-outs, keys, replaced directories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_private.h"
#include "tests/unit/player_kiosk/fixture.h"

struct bench {
    struct text_engine *text;
    struct canvas *canvas;
    struct kiosk *kiosk;
    int64_t now;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    bench->text = fixture_text();
    struct kiosk_config config = fixture_config(bench->text);
    bench->kiosk = kiosk_create(&config);
    bench->canvas = canvas_create(1080, 1920);
    bench->now = 1000000;
    kiosk_set_directory(bench->kiosk, fixture_many(300, 4));
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    kiosk_destroy(bench->kiosk);
    canvas_destroy(bench->canvas);
    text_engine_destroy(bench->text);
    free(bench);
    return 0;
}

static void send(struct bench *bench, enum kiosk_event_kind kind, int64_t finger, int x, int y)
{
    struct kiosk_event event = {kind, finger, x, y};
    kiosk_event(bench->kiosk, &event, bench->now);
}

static void key(struct bench *bench, enum kiosk_event_kind kind)
{
    send(bench, kind, 0, 0, 0);
}

static void tap(struct bench *bench, struct rect rect)
{
    send(bench, KIOSK_TOUCH_DOWN, 1, rect.x + rect.w / 2, rect.y + rect.h / 2);
    bench->now += 60;
    send(bench, KIOSK_TOUCH_UP, 1, rect.x + rect.w / 2, rect.y + rect.h / 2);
}

static void wait(struct bench *bench, int64_t ms)
{
    bench->now += ms;
    kiosk_tick(bench->kiosk, bench->now);
}

/* Until nothing moves any more. */
static void settle(struct bench *bench)
{
    for (int i = 0; i < 400 && kiosk_next_wake(bench->kiosk, bench->now) <= bench->now; i++)
        wait(bench, 16);
}

static struct rect frame(struct bench *bench)
{
    struct rect dirty;
    kiosk_draw(bench->kiosk, bench->canvas, &dirty);
    return dirty;
}

static void open_list(struct bench *bench)
{
    tap(bench, (struct rect){500, 500, 2, 2}); /* anywhere on the loop */
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    settle(bench);
    frame(bench);
}

static void open_sheet(struct bench *bench, size_t item)
{
    tap(bench, kiosk_frame_item_rect(bench->kiosk, item));
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
    settle(bench);
    frame(bench);
}

static struct rect button(struct bench *bench, int index)
{
    return bench->kiosk->layout.buttons[index];
}

/* ---- opening and closing --------------------------------------------------------------------- */

static void test_without_directory_nothing_opens(void **state)
{
    struct bench *bench = *state;
    kiosk_set_directory(bench->kiosk, NULL);
    assert_int_equal(kiosk_attract_height(bench->kiosk), 0);
    tap(bench, (struct rect){500, 500, 2, 2});
    key(bench, KIOSK_KEY_ACTIVATE);
    assert_false(kiosk_is_open(bench->kiosk));
    assert_true(rect_empty(frame(bench)));
}

static void test_closed_draws_only_the_bar(void **state)
{
    struct bench *bench = *state;
    canvas_fill(bench->canvas, COLOR_RGB(0x123456));
    int height = kiosk_attract_height(bench->kiosk);
    struct rect dirty = frame(bench);
    assert_in_range(height, 80, 300);
    assert_int_equal(dirty.y, 1920 - height);
    for (int y = 0; y < 1920 - height; y++)
        assert_int_equal(bench->canvas->pixels[y * bench->canvas->stride + 540],
                         COLOR_RGB(0x123456));
    assert_true(rect_empty(frame(bench))); /* still: nothing more to draw */
    assert_true(kiosk_next_wake(bench->kiosk, bench->now) == KIOSK_NEVER);
}

static void test_any_touch_opens_the_list(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    assert_true(kiosk_is_open(bench->kiosk));
    assert_int_equal(bench->kiosk->lang, LANG_FR);
}

static void test_english_from_the_first_touch(void **state)
{
    struct bench *bench = *state;
    tap(bench, bench->kiosk->layout.attract_language);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    assert_int_equal(bench->kiosk->lang, LANG_EN);
}

static void test_sheet_and_back(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    open_sheet(bench, 2);
    assert_non_null(bench->kiosk->sheet);
    tap(bench, button(bench, 0));
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    settle(bench);
    assert_null(bench->kiosk->sheet);
    tap(bench, button(bench, 0));
    assert_false(kiosk_is_open(bench->kiosk));
}

static void test_back_keeps_the_place_home_does_not(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    tap(bench, bench->kiosk->layout.page_down);
    settle(bench);
    double offset = bench->kiosk->list_scroll.offset;
    assert_true(offset > 500);
    size_t item = 12;
    open_sheet(bench, item);
    tap(bench, button(bench, 0));
    settle(bench);
    assert_true(bench->kiosk->list_scroll.offset == offset);
    open_sheet(bench, item);
    tap(bench, button(bench, 1));
    settle(bench);
    assert_true(bench->kiosk->list_scroll.offset == 0);
}

/* ---- touch ----------------------------------------------------------------------------------- */

static void test_feedback_at_touch_down_and_act_on_release(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    struct rect rect = kiosk_frame_item_rect(bench->kiosk, 1);
    const uint32_t *pixel =
        &bench->canvas->pixels[(rect.y + 4) * bench->canvas->stride + rect.x + rect.w / 2];
    uint32_t before = *pixel;
    send(bench, KIOSK_TOUCH_DOWN, 1, rect.x + 50, rect.y + 50);
    struct rect dirty = frame(bench);
    assert_false(rect_empty(rect_intersect(dirty, rect)));
    assert_true(*pixel != before);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    send(bench, KIOSK_TOUCH_UP, 1, rect.x + 50, rect.y + 50);
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
}

static void test_release_outside_does_nothing(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    struct rect options = button(bench, 3);
    send(bench, KIOSK_TOUCH_DOWN, 1, options.x + 20, options.y + 20);
    send(bench, KIOSK_TOUCH_UP, 1, options.x + 20, options.y - 200);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    assert_int_equal(bench->kiosk->touch.pressed.action, KIOSK_ACTION_NONE);
}

/* A tremor of 2 mm is a tap, a way of 4 mm a drag. */
static void test_tap_and_drag(void **state)
{
    static const struct {
        int way_px;
        enum kiosk_state then;
    } cases[] = {{0, KIOSK_SHEET}, {4, KIOSK_SHEET}, {8, KIOSK_LIST}, {40, KIOSK_LIST}};
    struct bench *bench = *state;
    open_list(bench);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rect rect = kiosk_frame_item_rect(bench->kiosk, 1);
        int x = rect.x + 100, y = rect.y + rect.h / 2;
        send(bench, KIOSK_TOUCH_DOWN, 1, x, y);
        bench->now += 30;
        send(bench, KIOSK_TOUCH_MOVE, 1, x, y - cases[i].way_px);
        bench->now += 300;
        send(bench, KIOSK_TOUCH_UP, 1, x, y - cases[i].way_px);
        if (bench->kiosk->state != cases[i].then)
            fail_msg("%d px: state %d", cases[i].way_px, bench->kiosk->state);
        settle(bench);
        if (bench->kiosk->state == KIOSK_SHEET)
            tap(bench, button(bench, 0));
        settle(bench);
        kiosk_scroll_jump(&bench->kiosk->list_scroll, 0);
    }
}

static void test_drag_scrolls_and_touch_stops_it(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    send(bench, KIOSK_TOUCH_DOWN, 1, 400, 1000);
    for (int i = 1; i <= 10; i++) {
        wait(bench, 16);
        send(bench, KIOSK_TOUCH_MOVE, 1, 400, 1000 - 40 * i);
    }
    assert_in_range((int)bench->kiosk->list_scroll.offset, 330, 400);
    send(bench, KIOSK_TOUCH_UP, 1, 400, 600);
    wait(bench, 50);
    assert_true(kiosk_next_wake(bench->kiosk, bench->now) <= bench->now);
    double offset = bench->kiosk->list_scroll.offset;
    assert_true(offset > 400);
    send(bench, KIOSK_TOUCH_DOWN, 1, 400, 800); /* stops, and opens nothing */
    send(bench, KIOSK_TOUCH_UP, 1, 400, 800);
    wait(bench, 500);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    assert_true(bench->kiosk->list_scroll.offset - offset < 2);
}

/* The last pixels of a fling are not seen: a touch then is meant for a card. */
static void test_crawling_list_can_be_tapped(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    send(bench, KIOSK_TOUCH_DOWN, 1, 400, 1000);
    for (int i = 1; i <= 10; i++) {
        wait(bench, 16);
        send(bench, KIOSK_TOUCH_MOVE, 1, 400, 1000 - 20 * i);
    }
    send(bench, KIOSK_TOUCH_UP, 1, 400, 800);
    for (int i = 0; i < 75; i++)
        wait(bench, 16);
    assert_true(kiosk_scroll_moves(&bench->kiosk->list_scroll));
    size_t first = 0, end;
    int top = (int)bench->kiosk->list_scroll.offset;
    kiosk_list_visible(&bench->kiosk->list, top, top + 500, &first, &end);
    tap(bench, kiosk_frame_item_rect(bench->kiosk, first + 2));
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
}

static void test_quick_page_buttons_add_up(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    tap(bench, bench->kiosk->layout.page_down);
    settle(bench);
    double page = bench->kiosk->list_scroll.offset;
    for (int i = 0; i < 2; i++) {
        tap(bench, bench->kiosk->layout.page_down);
        wait(bench, 40);
    }
    settle(bench);
    assert_true(bench->kiosk->list_scroll.offset == 3 * page);
    tap(bench, bench->kiosk->layout.page_up);
    settle(bench);
    assert_true(bench->kiosk->list_scroll.offset == 2 * page);
}

static void test_only_the_first_finger_counts(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    struct rect rect = kiosk_frame_item_rect(bench->kiosk, 1);
    send(bench, KIOSK_TOUCH_DOWN, 1, rect.x + 50, rect.y + 50);
    for (int finger = 2; finger <= 10; finger++)
        send(bench, KIOSK_TOUCH_DOWN, finger, 100 * finger, 1290); /* a palm on the bar */
    for (int finger = 2; finger <= 10; finger++) {
        send(bench, KIOSK_TOUCH_MOVE, finger, 100 * finger, 900);
        send(bench, KIOSK_TOUCH_UP, finger, 100 * finger, 900);
    }
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    assert_true(bench->kiosk->list_scroll.offset == 0);
    send(bench, KIOSK_TOUCH_UP, 1, rect.x + 50, rect.y + 50);
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
}

static void test_cancelled_finger_does_nothing(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    struct rect rect = kiosk_frame_item_rect(bench->kiosk, 1);
    send(bench, KIOSK_TOUCH_DOWN, 1, rect.x + 50, rect.y + 50);
    send(bench, KIOSK_TOUCH_CANCEL, 1, rect.x + 50, rect.y + 50);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
}

/* A palm that rests, or a release that never came: others get in after a while, time-outs run. */
static void test_touch_held_for_an_hour(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    send(bench, KIOSK_TOUCH_DOWN, 1, 400, 800);
    for (int second = 0; second < 3600; second++) {
        wait(bench, 1000);
        send(bench, KIOSK_TOUCH_MOVE, 1, 400 + second % 3, 800); /* it trembles */
    }
    assert_false(kiosk_is_open(bench->kiosk));
    tap(bench, (struct rect){500, 500, 2, 2}); /* its id is 1 as well: panels re-use them */
    assert_true(kiosk_is_open(bench->kiosk));
    send(bench, KIOSK_TOUCH_DOWN, 7, 400, 800);
    wait(bench, 5000);
    tap(bench, button(bench, 0));
    assert_false(kiosk_is_open(bench->kiosk));
}

/* ---- time-outs ------------------------------------------------------------------------------- */

static void test_list_asks_after_75_s(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    int64_t since = bench->kiosk->activity_ms;
    assert_true(kiosk_next_wake(bench->kiosk, bench->now) == since + 75000);
    bench->now = since;
    wait(bench, 74999);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    wait(bench, 1);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST_ASK);
    assert_int_equal(bench->kiosk->seconds, 30);
    wait(bench, 29999);
    assert_int_equal(bench->kiosk->seconds, 1);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST_ASK);
    wait(bench, 1);
    assert_false(kiosk_is_open(bench->kiosk));
}

static void test_sheet_asks_after_120_s_and_a_touch_extends(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    open_sheet(bench, 0);
    bench->now = bench->kiosk->activity_ms;
    wait(bench, 119999);
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
    wait(bench, 1);
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET_ASK);
    wait(bench, 20000);
    tap(bench, (struct rect){100, 100, 2, 2}); /* anywhere */
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
    wait(bench, 119000);
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
}

static void test_countdown_wakes_each_second_and_draws_little(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    bench->now = bench->kiosk->activity_ms;
    wait(bench, 75000);
    frame(bench);
    for (int seconds = 29; seconds > 0; seconds--) {
        int64_t wake = kiosk_next_wake(bench->kiosk, bench->now);
        assert_true(wake == bench->now + 1000);
        wait(bench, 1000);
        assert_int_equal(bench->kiosk->seconds, seconds);
        struct rect dirty = frame(bench);
        assert_true(dirty.w * dirty.h < 1080 * 1920 / 3);
    }
}

static void test_quit_in_the_question(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    wait(bench, 80000);
    tap(bench, bench->kiosk->layout.dialog_buttons[0]);
    assert_false(kiosk_is_open(bench->kiosk));
}

static void test_nothing_of_a_visitor_remains(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    tap(bench, button(bench, 2));
    tap(bench, button(bench, 3));
    for (int option = 0; option < 3; option++)
        tap(bench, bench->kiosk->layout.option_buttons[option]);
    assert_true(bench->kiosk->modes.low && bench->kiosk->modes.large &&
                bench->kiosk->modes.contrast);
    assert_int_equal(bench->kiosk->lang, LANG_EN);
    tap(bench, bench->kiosk->layout.option_buttons[3]);
    tap(bench, bench->kiosk->layout.page_down);
    settle(bench);
    assert_true(bench->kiosk->list_scroll.offset > 0);
    wait(bench, 80000);
    wait(bench, 31000);
    assert_false(kiosk_is_open(bench->kiosk));
    assert_int_equal(bench->kiosk->lang, LANG_FR);
    assert_false(bench->kiosk->modes.low || bench->kiosk->modes.large ||
                 bench->kiosk->modes.contrast);
    assert_true(bench->kiosk->list_scroll.offset == 0);
}

/* ---- accessibility --------------------------------------------------------------------------- */

static void test_panel_opens_and_closes(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    tap(bench, button(bench, 3));
    assert_int_equal(bench->kiosk->state, KIOSK_LIST_OPTIONS);
    tap(bench, (struct rect){400, 400, 2, 2}); /* beside it */
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    tap(bench, button(bench, 3));
    struct rect options = bench->kiosk->layout.options;
    tap(bench, (struct rect){options.x + 3, options.y + 3, 2, 2}); /* between its buttons */
    assert_int_equal(bench->kiosk->state, KIOSK_LIST_OPTIONS);
}

static void test_low_mode_keeps_the_place(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    tap(bench, bench->kiosk->layout.page_down);
    settle(bench);
    size_t before = 0, after = 0, end;
    int top = (int)bench->kiosk->list_scroll.offset;
    kiosk_list_visible(&bench->kiosk->list, top, top + 500, &before, &end);
    int bar = bench->kiosk->layout.bar.y;
    tap(bench, button(bench, 3));
    tap(bench, bench->kiosk->layout.option_buttons[0]);
    assert_true(bench->kiosk->layout.bar.y > bar);
    top = (int)bench->kiosk->list_scroll.offset;
    kiosk_list_visible(&bench->kiosk->list, top, top + 500, &after, &end);
    assert_int_equal(after, before);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static void test_keys_reach_everything(void **state)
{
    struct bench *bench = *state;
    bool reached[KIOSK_ACTION_NOTHING + 1] = {false};
    kiosk_set_directory(bench->kiosk, fixture_many(40, 2));
    key(bench, KIOSK_KEY_NEXT);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    size_t steps = 42 + 26 + 1 + 4; /* cards, letters, page down, bar */
    for (size_t i = 0; i < steps; i++) {
        reached[bench->kiosk->focused.action] = true;
        key(bench, KIOSK_KEY_NEXT);
        settle(bench);
    }
    assert_true(reached[KIOSK_ACTION_ITEM] && reached[KIOSK_ACTION_LETTER] &&
                reached[KIOSK_ACTION_BACK] && reached[KIOSK_ACTION_OPTIONS]);
    /* Scrolled to the end, "next page" is off and "previous page" on: one stop either way. */
    assert_true(reached[KIOSK_ACTION_PAGE_UP]);
    assert_int_equal(bench->kiosk->focused.action, KIOSK_ACTION_ITEM);
    assert_int_equal(bench->kiosk->focused.value, 0);
    key(bench, KIOSK_KEY_PREVIOUS);
    assert_int_equal(bench->kiosk->focused.action, KIOSK_ACTION_OPTIONS);
}

static void test_focused_card_is_in_view(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    for (int i = 0; i < 60; i++) {
        key(bench, i % 7 == 6 ? KIOSK_KEY_PREVIOUS : KIOSK_KEY_NEXT);
        settle(bench);
        assert_int_equal(bench->kiosk->focused.action, KIOSK_ACTION_ITEM);
        struct rect rect = kiosk_frame_item_rect(bench->kiosk, bench->kiosk->focused.value);
        const struct rect *view = &bench->kiosk->layout.view;
        assert_true(rect.y >= view->y && rect.y + rect.h <= view->y + view->h);
    }
}

static void test_keys_open_read_and_leave(void **state)
{
    struct bench *bench = *state;
    key(bench, KIOSK_KEY_ACTIVATE);
    for (int i = 0; i < 3; i++)
        key(bench, KIOSK_KEY_NEXT);
    size_t item = bench->kiosk->focused.value;
    key(bench, KIOSK_KEY_ACTIVATE);
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
    assert_int_equal(bench->kiosk->focused.action, KIOSK_ACTION_BACK);
    key(bench, KIOSK_KEY_ACTIVATE);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    assert_int_equal(bench->kiosk->focused.value, item);
    wait(bench, 76000);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST_ASK);
    assert_int_equal(bench->kiosk->focused.action, KIOSK_ACTION_STAY);
    key(bench, KIOSK_KEY_NEXT);
    assert_int_equal(bench->kiosk->focused.action, KIOSK_ACTION_QUIT);
    key(bench, KIOSK_KEY_BACK);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    key(bench, KIOSK_KEY_BACK);
    assert_false(kiosk_is_open(bench->kiosk));
    key(bench, KIOSK_KEY_BACK); /* there is nothing behind the loop */
    assert_false(kiosk_is_open(bench->kiosk));
}

static void test_letter_by_key_leads_to_its_first_card(void **state)
{
    struct bench *bench = *state;
    key(bench, KIOSK_KEY_NEXT);
    key(bench, KIOSK_KEY_PREVIOUS);
    while (bench->kiosk->focused.action != KIOSK_ACTION_LETTER ||
           bench->kiosk->focused.value != 'M' - 'A')
        key(bench, KIOSK_KEY_PREVIOUS);
    key(bench, KIOSK_KEY_ACTIVATE);
    settle(bench);
    assert_int_equal(bench->kiosk->focused.action, KIOSK_ACTION_ITEM);
    assert_int_equal(kiosk_list_entry(&bench->kiosk->list, bench->kiosk->focused.value)->initial,
                     'M');
}

/* ---- replaced directories -------------------------------------------------------------------- */

static void test_sheet_stays_while_the_directory_changes(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    open_sheet(bench, 5);
    const struct directory_entry *entry = kiosk_list_entry(&bench->kiosk->list, 5);
    kiosk_set_directory(bench->kiosk, fixture_many(10, 0));
    kiosk_set_directory(bench->kiosk, fixture_many(3, 0));
    assert_ptr_equal(kiosk_list_entry(&bench->kiosk->list, 5), entry);
    tap(bench, button(bench, 2)); /* English: it is set anew from the old directory */
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
    frame(bench);
    tap(bench, button(bench, 0));
    assert_int_equal(kiosk_list_count(&bench->kiosk->list), 3);
    settle(bench);
    frame(bench);
    key(bench, KIOSK_KEY_NEXT);
    key(bench, KIOSK_KEY_ACTIVATE);
    frame(bench);
}

static void test_list_changes_at_once(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    send(bench, KIOSK_TOUCH_DOWN, 1, 400, 1100);
    kiosk_set_directory(bench->kiosk, fixture_many(2, 0));
    send(bench, KIOSK_TOUCH_UP, 1, 400, 1100);
    assert_int_equal(bench->kiosk->state, KIOSK_LIST);
    assert_int_equal(kiosk_list_count(&bench->kiosk->list), 2);
    frame(bench);
}

static void test_emptied_directory_closes(void **state)
{
    struct bench *bench = *state;
    open_list(bench);
    open_sheet(bench, 5);
    kiosk_set_directory(bench->kiosk, NULL);
    assert_int_equal(bench->kiosk->state, KIOSK_SHEET);
    tap(bench, button(bench, 0));
    assert_false(kiosk_is_open(bench->kiosk));
    assert_int_equal(kiosk_attract_height(bench->kiosk), 0);
}

#define KIOSK_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* ---- counting -------------------------------------------------------------------------------- */

struct counted {
    int times[KIOSK_COUNT_SHEET + 1];
    char subject[64]; /* the last one */
};

static void handle_count(void *context, enum kiosk_count count, const char *subject)
{
    struct counted *counted = context;
    counted->times[count]++;
    if (subject != NULL)
        snprintf(counted->subject, sizeof(counted->subject), "%s", subject);
}

static void test_visits_are_counted(void **state)
{
    struct bench *bench = *state;
    struct counted counted = {{0}, ""};
    bench->kiosk->config.count = handle_count;
    bench->kiosk->config.count_context = &counted;
    open_list(bench);
    assert_int_equal(counted.times[KIOSK_COUNT_SESSION], 1);
    assert_int_equal(counted.times[KIOSK_COUNT_LIST], 1);
    open_sheet(bench, 5);
    assert_int_equal(counted.times[KIOSK_COUNT_SHEET], 1);
    assert_string_equal(counted.subject, kiosk_list_entry(&bench->kiosk->list, 5)->id);
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_OPTIONS, 0}, bench->now);
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_LARGE, 0}, bench->now);
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_LARGE, 0}, bench->now); /* off */
    assert_int_equal(counted.times[KIOSK_COUNT_MODE], 1);
    assert_string_equal(counted.subject, "large");
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_OPTIONS, 0}, bench->now);
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_LANGUAGE, 0}, bench->now);
    assert_string_equal(counted.subject, "en");
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_BACK, 0}, bench->now);
    assert_int_equal(counted.times[KIOSK_COUNT_LIST], 2);
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_LETTER, 1}, bench->now);
    assert_int_equal(counted.times[KIOSK_COUNT_SEARCH], 1);
    settle(bench);
    wait(bench, 75000); /* "still there?" is no visit of its own, nor is coming back from it */
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_STAY, 0}, bench->now);
    assert_int_equal(counted.times[KIOSK_COUNT_LIST], 2);
    wait(bench, 75000);
    wait(bench, 30000);
    assert_false(kiosk_is_open(bench->kiosk));
    assert_int_equal(counted.times[KIOSK_COUNT_LANGUAGE], 1); /* the reset chooses nothing */
    open_list(bench);
    assert_int_equal(counted.times[KIOSK_COUNT_SESSION], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIOSK_TEST(test_without_directory_nothing_opens),
        KIOSK_TEST(test_visits_are_counted),
        KIOSK_TEST(test_closed_draws_only_the_bar),
        KIOSK_TEST(test_any_touch_opens_the_list),
        KIOSK_TEST(test_english_from_the_first_touch),
        KIOSK_TEST(test_sheet_and_back),
        KIOSK_TEST(test_back_keeps_the_place_home_does_not),
        KIOSK_TEST(test_feedback_at_touch_down_and_act_on_release),
        KIOSK_TEST(test_release_outside_does_nothing),
        KIOSK_TEST(test_tap_and_drag),
        KIOSK_TEST(test_drag_scrolls_and_touch_stops_it),
        KIOSK_TEST(test_crawling_list_can_be_tapped),
        KIOSK_TEST(test_quick_page_buttons_add_up),
        KIOSK_TEST(test_only_the_first_finger_counts),
        KIOSK_TEST(test_cancelled_finger_does_nothing),
        KIOSK_TEST(test_touch_held_for_an_hour),
        KIOSK_TEST(test_list_asks_after_75_s),
        KIOSK_TEST(test_sheet_asks_after_120_s_and_a_touch_extends),
        KIOSK_TEST(test_countdown_wakes_each_second_and_draws_little),
        KIOSK_TEST(test_quit_in_the_question),
        KIOSK_TEST(test_nothing_of_a_visitor_remains),
        KIOSK_TEST(test_panel_opens_and_closes),
        KIOSK_TEST(test_low_mode_keeps_the_place),
        KIOSK_TEST(test_keys_reach_everything),
        KIOSK_TEST(test_focused_card_is_in_view),
        KIOSK_TEST(test_keys_open_read_and_leave),
        KIOSK_TEST(test_letter_by_key_leads_to_its_first_card),
        KIOSK_TEST(test_sheet_stays_while_the_directory_changes),
        KIOSK_TEST(test_list_changes_at_once),
        KIOSK_TEST(test_emptied_directory_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
