/* What a visitor does and sees: taps, drags, time-outs, keys, replaced directories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_search.h"
#include "tests/unit/player_kiosk/visitor.h"

struct bench {
    struct text_engine *text;
    struct visitor *visitor;
    struct kiosk *kiosk;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    bench->text = fixture_text();
    bench->visitor = visitor_create(bench->text, fixture_many(300, 4), false);
    bench->kiosk = bench->visitor->kiosk;
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    visitor_destroy(bench->visitor);
    text_engine_destroy(bench->text);
    free(bench);
    return 0;
}

/* A visitor in the directory. */
static struct visitor *enter_list(void **state)
{
    struct bench *bench = *state;
    visitor_enter(bench->visitor);
    visitor_open(bench->visitor, KIOSK_DIRECTORY);
    return bench->visitor;
}

static struct rect item_rect(struct visitor *visitor, size_t item)
{
    return kiosk_frame_item_rect(visitor->kiosk, &visitor->kiosk->page, item);
}

static double offset_of(const struct visitor *visitor)
{
    return visitor->kiosk->page.scroll.offset;
}

/* ---- opening and closing --------------------------------------------------------------------- */

static void test_without_directory_nothing_opens(void **state)
{
    struct bench *bench = *state;
    kiosk_set_directory(bench->kiosk, NULL);
    assert_int_equal(kiosk_attract_height(bench->kiosk), 0);
    visitor_tap_at(bench->visitor, 500, 500);
    visitor_key(bench->visitor, KIOSK_KEY_ACTIVATE);
    kiosk_open_subject(bench->kiosk, "org-000001", "", bench->visitor->now);
    assert_false(kiosk_is_open(bench->kiosk));
    assert_true(rect_empty(visitor_frame(bench->visitor)));
}

static void test_closed_draws_only_the_bar(void **state)
{
    struct bench *bench = *state;
    const struct canvas *canvas = bench->visitor->canvas;
    canvas_fill(bench->visitor->canvas, COLOR_RGB(0x123456));
    int height = kiosk_attract_height(bench->kiosk);
    struct rect dirty = visitor_frame(bench->visitor);
    assert_in_range(height, 80, 300);
    assert_int_equal(dirty.y, 1920 - height);
    for (int y = 0; y < 1920 - height; y++)
        assert_int_equal(canvas->pixels[y * canvas->stride + 540], COLOR_RGB(0x123456));
    assert_true(rect_empty(visitor_frame(bench->visitor))); /* still: nothing more to draw */
    assert_true(kiosk_next_wake(bench->kiosk, bench->visitor->now) == KIOSK_NEVER);
}

static void test_english_from_the_first_touch(void **state)
{
    struct bench *bench = *state;
    visitor_tap_rect(bench->visitor, bench->kiosk->layout.attract_language);
    assert_int_equal(visitor_page(bench->visitor), KIOSK_HOME);
    assert_int_equal(bench->kiosk->lang, LANG_EN);
}

/* A touch on the loop opens what it shows; Back leads home. */
static void test_subject_of_a_slide(void **state)
{
    struct bench *bench = *state;
    struct visitor *visitor = bench->visitor;
    static const struct {
        const char *subject, *organisation;
        enum kiosk_page page;
    } cases[] = {
        {"org-000007", "", KIOSK_ORGANISATION}, {"annonce-1", "org-000007", KIOSK_ORGANISATION},
        {"event-2", "org-000007", KIOSK_EVENT}, {"portrait-1", "", KIOSK_PORTRAIT},
        {"unknown", "unknown too", KIOSK_HOME}, {"", "", KIOSK_HOME},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kiosk_open_subject(bench->kiosk, cases[i].subject, cases[i].organisation, visitor->now);
        visitor_settle(visitor);
        assert_int_equal(visitor_page(visitor), cases[i].page);
        if (cases[i].page != KIOSK_HOME)
            visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
        assert_int_equal(visitor_page(visitor), KIOSK_HOME);
        visitor_tap(visitor, KIOSK_ACTION_QUIT, 0);
        assert_false(kiosk_is_open(bench->kiosk));
    }
}

static void test_sheet_and_back(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_tap_item(visitor, 2);
    assert_int_equal(visitor_page(visitor), KIOSK_ORGANISATION);
    assert_string_equal(visitor->kiosk->organisation.id, "org-000002");
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    assert_null(visitor->kiosk->page.sheet);
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    assert_false(kiosk_is_open(visitor->kiosk));
}

static void test_back_keeps_the_place_home_does_not(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_tap(visitor, KIOSK_ACTION_PAGE_DOWN, 0);
    double offset = offset_of(visitor);
    assert_true(offset > 0);
    size_t first, end;
    kiosk_list_visible(&visitor->kiosk->page.list, (int)offset, (int)offset + 400, &first, &end);
    visitor_tap_item(visitor, first + 1);
    assert_int_equal(visitor_page(visitor), KIOSK_ORGANISATION);
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    assert_true(offset_of(visitor) == offset);
    visitor_tap(visitor, KIOSK_ACTION_HOME, 0);
    visitor_open(visitor, KIOSK_DIRECTORY);
    assert_true(offset_of(visitor) == 0);
}

/* From one sheet to the next, and all the way back. */
static void test_similar_ones_lead_on(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_tap_item(visitor, 2);
    for (int i = 0; i < 30; i++) {
        struct kiosk *kiosk = visitor->kiosk;
        assert_true(kiosk->similar_count > 0);
        uint32_t row = kiosk->similar[(size_t)i % kiosk->similar_count];
        kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_ORGANISATION, row}, visitor->now);
        visitor_settle(visitor);
        assert_int_equal(kiosk->organisation.row, row);
    }
    for (int i = 0; i < KIOSK_PLACES_MAX - 1; i++)
        visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    assert_int_equal(visitor_page(visitor), KIOSK_HOME);
}

/* ---- touch ----------------------------------------------------------------------------------- */

static void test_feedback_at_touch_down_and_act_on_release(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct rect rect = item_rect(visitor, 1);
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, rect.x + 50, rect.y + 50);
    struct rect dirty = visitor_frame(visitor);
    assert_false(rect_empty(rect_intersect(dirty, rect)));
    assert_true(dirty.h < 2 * rect.h); /* the card alone */
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    visitor_send(visitor, KIOSK_TOUCH_UP, 1, rect.x + 50, rect.y + 50);
    assert_int_equal(visitor_page(visitor), KIOSK_ORGANISATION);
}

static void test_release_outside_does_nothing(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct rect back = visitor_find(visitor, KIOSK_ACTION_BACK, 0);
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, back.x + 20, back.y + 20);
    visitor_send(visitor, KIOSK_TOUCH_UP, 1, back.x + 20, back.y - 400);
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    struct rect rect = item_rect(visitor, 1);
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, rect.x + 50, rect.y + 50);
    visitor_send(visitor, KIOSK_TOUCH_CANCEL, 1, rect.x + 50, rect.y + 50);
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
}

static void test_tap_and_drag(void **state)
{
    static const struct {
        int way_px;
        enum kiosk_page then;
    } cases[] = {{0, KIOSK_ORGANISATION},
                 {4, KIOSK_ORGANISATION},
                 {8, KIOSK_DIRECTORY},
                 {40, KIOSK_DIRECTORY}};
    struct visitor *visitor = enter_list(state);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rect rect = item_rect(visitor, 1);
        int x = rect.x + 100, y = rect.y + rect.h / 2;
        visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, x, y);
        visitor->now += 30;
        visitor_send(visitor, KIOSK_TOUCH_MOVE, 1, x, y - cases[i].way_px);
        visitor->now += 300;
        visitor_send(visitor, KIOSK_TOUCH_UP, 1, x, y - cases[i].way_px);
        if (visitor_page(visitor) != cases[i].then)
            fail_msg("%d px: page %d", cases[i].way_px, (int)visitor_page(visitor));
        visitor_settle(visitor);
        if (visitor_page(visitor) == KIOSK_ORGANISATION)
            visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
        kiosk_scroll_jump(&visitor->kiosk->page.scroll, 0);
    }
}

static void drag_up(struct visitor *visitor, int step)
{
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, 400, 1000);
    for (int i = 1; i <= 10; i++) {
        visitor_wait(visitor, 16);
        visitor_send(visitor, KIOSK_TOUCH_MOVE, 1, 400, 1000 - step * i);
    }
}

static void test_drag_scrolls_and_touch_stops_it(void **state)
{
    struct visitor *visitor = enter_list(state);
    drag_up(visitor, 40);
    assert_in_range((int)offset_of(visitor), 330, 400);
    visitor_send(visitor, KIOSK_TOUCH_UP, 1, 400, 600);
    visitor_wait(visitor, 50);
    assert_true(kiosk_next_wake(visitor->kiosk, visitor->now) <= visitor->now);
    double offset = offset_of(visitor);
    assert_true(offset > 400);
    visitor_tap_at(visitor, 400, 800); /* stops, and opens nothing */
    visitor_wait(visitor, 500);
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    assert_true(offset_of(visitor) - offset < 2);
}

/* The last pixels of a fling are not seen: a touch then is meant for a card. */
static void test_crawling_list_can_be_tapped(void **state)
{
    struct visitor *visitor = enter_list(state);
    drag_up(visitor, 20);
    visitor_send(visitor, KIOSK_TOUCH_UP, 1, 400, 800);
    for (int i = 0; i < 75; i++)
        visitor_wait(visitor, 16);
    assert_true(kiosk_scroll_moves(&visitor->kiosk->page.scroll));
    size_t first = 0, end;
    int top = (int)offset_of(visitor);
    kiosk_list_visible(&visitor->kiosk->page.list, top, top + 500, &first, &end);
    visitor_tap_rect(visitor, item_rect(visitor, first + 2));
    assert_int_equal(visitor_page(visitor), KIOSK_ORGANISATION);
}

static void test_quick_page_buttons_add_up(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_tap(visitor, KIOSK_ACTION_PAGE_DOWN, 0);
    double page = offset_of(visitor);
    for (int i = 0; i < 2; i++) {
        visitor_tap_rect(visitor, visitor_find(visitor, KIOSK_ACTION_PAGE_DOWN, 0));
        visitor_wait(visitor, 40);
    }
    visitor_settle(visitor);
    assert_true(offset_of(visitor) == 3 * page);
    visitor_tap(visitor, KIOSK_ACTION_PAGE_UP, 0);
    assert_true(offset_of(visitor) == 2 * page);
}

static void test_only_the_first_finger_counts(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct rect rect = item_rect(visitor, 1), bar = visitor->kiosk->layout.bar;
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, rect.x + 50, rect.y + 50);
    for (int finger = 2; finger <= 10; finger++) /* a palm on the bar */
        visitor_send(visitor, KIOSK_TOUCH_DOWN, finger, 100 * finger, bar.y + bar.h / 2);
    for (int finger = 2; finger <= 10; finger++) {
        visitor_send(visitor, KIOSK_TOUCH_MOVE, finger, 100 * finger, 900);
        visitor_send(visitor, KIOSK_TOUCH_UP, finger, 100 * finger, 900);
    }
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    assert_true(offset_of(visitor) == 0);
    visitor_send(visitor, KIOSK_TOUCH_UP, 1, rect.x + 50, rect.y + 50);
    assert_int_equal(visitor_page(visitor), KIOSK_ORGANISATION);
}

/* A palm that rests, or a release that never came: others get in after a while, time-outs run. */
static void test_touch_held_for_an_hour(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, 400, 800);
    for (int second = 0; second < 3600; second++) {
        visitor_wait(visitor, 1000);
        visitor_send(visitor, KIOSK_TOUCH_MOVE, 1, 400 + second % 3, 800); /* it trembles */
    }
    assert_false(kiosk_is_open(visitor->kiosk));
    visitor_tap_at(visitor, 500, 500); /* its id is 1 as well: panels re-use them */
    assert_true(kiosk_is_open(visitor->kiosk));
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 7, 400, 800);
    visitor_wait(visitor, 5000);
    visitor_tap_rect(visitor, visitor->kiosk->layout.buttons[0]);
    assert_false(kiosk_is_open(visitor->kiosk));
}

/* ---- search ---------------------------------------------------------------------------------- */

static void test_search_narrows(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    assert_int_equal(kiosk_answer(kiosk)->row_count, 300);
    visitor_tap(visitor, KIOSK_ACTION_SEARCH, 0);
    assert_true(kiosk->search.typing);
    visitor_type(visitor, "atelie"); /* not finished */
    assert_string_equal(kiosk->search.keyboard.text, "atelie");
    assert_int_equal(kiosk_answer(kiosk)->row_count, 300);
    visitor_type(visitor, "t"); /* a typo */
    assert_true(kiosk_answer(kiosk)->row_count > 0);
    assert_int_equal(kiosk_answer(kiosk)->match, DIRECTORY_CORRECTED);
    visitor_tap(visitor, KIOSK_ACTION_ERASE, 0);
    visitor_type(visitor, "qqqq");
    assert_true(kiosk_answer(kiosk)->row_count > 0); /* never an empty page */
    assert_true(visitor->counts[KIOSK_COUNT_SEARCH] >= 1);
    visitor_tap(visitor, KIOSK_ACTION_QUIT, 0);
    assert_string_equal(kiosk->search.keyboard.text, "");
}

/* Two thumbs, one still down when the other comes. */
static void test_two_thumbs_type(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk_keyboard *keyboard = &visitor->kiosk->search.keyboard;
    visitor_tap(visitor, KIOSK_ACTION_SEARCH, 0);
    struct rect keys[2];
    for (int i = 0; i < 2; i++) {
        int key = 0;
        while (strcmp(kiosk_keyboard_types(keyboard, key), i == 0 ? "b" : "o") != 0)
            key++;
        keys[i] = kiosk_keyboard_key(keyboard, key);
    }
    for (int i = 0; i < 2; i++)
        visitor_send(visitor, KIOSK_TOUCH_DOWN, i, keys[i].x + 5, keys[i].y + 5);
    for (int i = 0; i < 2; i++)
        visitor_send(visitor, KIOSK_TOUCH_UP, i, keys[i].x + 5, keys[i].y + 5);
    assert_string_equal(keyboard->text, "bo");
}

static void test_facets(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    visitor_tap(visitor, KIOSK_ACTION_CHOICES, 0);
    assert_int_equal(kiosk->state.overlay, KIOSK_OVERLAY_CHOICES);
    uint32_t wanted = kiosk->search.answer.counts[DIRECTORY_SECTOR][0];
    assert_in_range(wanted, 1, 299);
    visitor_tap_item(visitor, 0);
    assert_int_equal(kiosk_answer(kiosk)->row_count, wanted);
    assert_int_equal(kiosk_search_chosen(kiosk), 1);
    /* What leaves nobody cannot be chosen. */
    for (size_t value = 0; value < directory_value_count(kiosk->directory, DIRECTORY_FAMILY);
         value++)
        assert_true(kiosk_answer(kiosk)->counts[DIRECTORY_FAMILY][value] <= wanted);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    assert_int_equal(kiosk->page.list.sections[0].count, wanted);
    visitor_tap(visitor, KIOSK_ACTION_CHOICES, 0);
    visitor_tap(visitor, KIOSK_ACTION_ALL, 0);
    assert_int_equal(kiosk_answer(kiosk)->row_count, 300);
}

/* ---- map ------------------------------------------------------------------------------------- */

static void test_map_and_list_show_the_same(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    visitor_tap(visitor, KIOSK_ACTION_OPEN, KIOSK_MAP);
    assert_int_equal(visitor_page(visitor), KIOSK_MAP);
    assert_int_equal(kiosk->page.list.sections[0].count, 300);
    assert_true(kiosk_map_can_zoom(kiosk->map, 1));
    visitor_tap(visitor, KIOSK_ACTION_ZOOM, 1);
    assert_true(kiosk_map_can_zoom(kiosk->map, -1));
    visitor_tap(visitor, KIOSK_ACTION_ZOOM, 0);
    assert_false(kiosk_map_can_zoom(kiosk->map, -1));
    visitor_tap_item(visitor, 1);
    assert_int_equal(visitor_page(visitor), KIOSK_ORGANISATION);
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    visitor_tap(visitor, KIOSK_ACTION_OPEN, KIOSK_DIRECTORY);
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0); /* one place, not two */
    assert_int_equal(visitor_page(visitor), KIOSK_HOME);
}

/* Deep in, a tap on a point narrows the list to it. */
static void test_point_on_the_map(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    visitor_tap(visitor, KIOSK_ACTION_OPEN, KIOSK_MAP);
    kiosk_map_select(kiosk->map, 5, true, visitor->now);
    for (int i = 0; i < 12 && kiosk_map_can_zoom(kiosk->map, 1); i++) {
        visitor_tap(visitor, KIOSK_ACTION_ZOOM, 1);
        kiosk_map_select(kiosk->map, 5, true, visitor->now);
    }
    const float *place = &directory_places(kiosk->directory)[2 * 5];
    struct pointf at = kiosk_map_to_canvas(kiosk->map, place[0], place[1]);
    assert_true(rect_contains(kiosk->map_rect, (int)at.x, (int)at.y));
    visitor_tap_at(visitor, (int)at.x, (int)at.y);
    visitor_settle(visitor);
    assert_non_null(kiosk->place_rows);
    assert_true(kiosk->page.list.sections[0].count < 300);
    visitor_tap(visitor, KIOSK_ACTION_SHOW_ALL, 0);
    assert_int_equal(kiosk->page.list.sections[0].count, 300);
}

/* ---- events, portraits, films ---------------------------------------------------------------- */

static void test_events_by_commune(void **state)
{
    struct bench *bench = *state;
    struct visitor *visitor = bench->visitor;
    struct kiosk *kiosk = bench->kiosk;
    visitor_enter(visitor);
    visitor_open(visitor, KIOSK_EVENTS);
    assert_int_equal(kiosk->events.count, 5);
    assert_int_equal(kiosk->page.list.section_count, 3); /* today, this week, later */
    assert_int_equal(kiosk->page.list.sections[0].count, 2);
    visitor_tap(visitor, KIOSK_ACTION_CHOICES, 0);
    assert_int_equal(kiosk->commune_count, 3);
    visitor_tap_item(visitor, 1);
    assert_string_equal(kiosk->commune, "Rouen");
    assert_int_equal(kiosk->events.count, 3);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    visitor_tap_item(visitor, 0);
    assert_int_equal(visitor_page(visitor), KIOSK_EVENT);
    assert_string_equal(kiosk->event.id, "event-1");
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    assert_int_equal(kiosk->events.count, 3); /* narrowed still */
    visitor_tap(visitor, KIOSK_ACTION_CHOICES, 0);
    visitor_tap(visitor, KIOSK_ACTION_ALL, 0);
    assert_int_equal(kiosk->events.count, 5);
}

static void test_film(void **state)
{
    struct bench *bench = *state;
    struct visitor *visitor = bench->visitor;
    struct kiosk *kiosk = bench->kiosk;
    kiosk_open_subject(kiosk, "portrait-0", "", visitor->now);
    visitor_settle(visitor);
    visitor_tap(visitor, KIOSK_ACTION_FILM, 0);
    assert_string_equal(visitor->film, FIXTURE_FILM);
    struct rect film = kiosk_film_rect(kiosk);
    assert_true(film.w > 900 && film.w * 9 / 16 == film.h);
    kiosk_set_caption(kiosk, "Bonjour à tous");
    assert_false(rect_empty(visitor_frame(visitor)));
    for (int second = 0; second < 600; second++) /* who watches is not asked */
        visitor_wait(visitor, 1000);
    assert_int_equal(kiosk->state.overlay, KIOSK_OVERLAY_FILM);
    kiosk_film_ended(kiosk, visitor->now);
    assert_string_equal(visitor->film, "");
    assert_int_equal(kiosk_film_rect(kiosk).w, 0);
    assert_int_equal(visitor_page(visitor), KIOSK_PORTRAIT);
    visitor_settle(visitor);
    visitor_tap(visitor, KIOSK_ACTION_FILM, 0);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0); /* Stop */
    assert_string_equal(visitor->film, "");
    visitor_tap(visitor, KIOSK_ACTION_FILM, 0);
    visitor_key(visitor, KIOSK_KEY_BACK);
    assert_string_equal(visitor->film, "");
}

/* ---- time-outs ------------------------------------------------------------------------------- */

static void test_list_asks_after_75_s(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor->now = visitor->kiosk->activity_ms;
    visitor_wait(visitor, 74999);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_NONE);
    visitor_wait(visitor, 1);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_ASK);
    visitor_wait(visitor, 29999);
    assert_true(kiosk_is_open(visitor->kiosk));
    visitor_wait(visitor, 1);
    assert_false(kiosk_is_open(visitor->kiosk));
    assert_true(kiosk_next_wake(visitor->kiosk, visitor->now) == KIOSK_NEVER);
}

static void test_sheet_asks_after_120_s_and_a_touch_extends(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_tap_item(visitor, 2);
    visitor->now = visitor->kiosk->activity_ms;
    visitor_wait(visitor, 119000);
    visitor_tap_at(visitor, 10, 700);
    visitor_wait(visitor, 119000);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_NONE);
    visitor_wait(visitor, 1100);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_ASK);
    visitor_tap_at(visitor, 10, 700); /* anywhere: still there */
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_NONE);
    assert_int_equal(visitor_page(visitor), KIOSK_ORGANISATION);
}

static void test_slow_mode_gives_three_times_as_long(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_tap(visitor, KIOSK_ACTION_OPTIONS, 0);
    visitor_tap(visitor, KIOSK_ACTION_SLOW, 0);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    visitor->now = visitor->kiosk->activity_ms;
    visitor_wait(visitor, 224999);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_NONE);
    visitor_wait(visitor, 1);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_ASK);
    visitor_wait(visitor, 89999);
    assert_true(kiosk_is_open(visitor->kiosk));
}

static void test_who_listens_is_not_asked(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor->speaking = true;
    for (int second = 0; second < 300; second++)
        visitor_wait(visitor, 1000);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_NONE);
    visitor->speaking = false;
    visitor_wait(visitor, 75000);
    assert_int_equal(visitor->kiosk->state.overlay, KIOSK_OVERLAY_ASK);
}

static void test_countdown_wakes_each_second_and_draws_little(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_wait(visitor, 76000);
    visitor_settle(visitor);
    for (int second = 0; second < 20; second++) {
        int64_t wake = kiosk_next_wake(visitor->kiosk, visitor->now);
        assert_in_range(wake - visitor->now, 1, 1000);
        visitor_wait(visitor, wake - visitor->now);
        struct rect dirty = visitor_frame(visitor);
        assert_false(rect_empty(dirty));
        assert_true(dirty.w * dirty.h < 1080 * 1920 / 2);
    }
}

static void test_quit_in_the_question(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_wait(visitor, 76000);
    visitor_tap_rect(visitor, visitor->kiosk->layout.dialog_buttons[0]);
    assert_false(kiosk_is_open(visitor->kiosk));
}

static void test_nothing_of_a_visitor_remains(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    struct canvas *fresh = canvas_create(1080, 1920);
    struct rect dirty;
    visitor_tap(visitor, KIOSK_ACTION_QUIT, 0);
    canvas_fill(fresh, 0xFF000000);
    kiosk_invalidate(kiosk);
    kiosk_draw(kiosk, fresh, &dirty);
    visitor_enter(visitor);
    visitor_tap(visitor, KIOSK_ACTION_LANGUAGE, 0);
    visitor_open(visitor, KIOSK_DIRECTORY);
    visitor_tap(visitor, KIOSK_ACTION_SEARCH, 0);
    visitor_type(visitor, "rives");
    visitor_tap(visitor, KIOSK_ACTION_CHOICES, 0);
    visitor_tap_item(visitor, 0);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    visitor_tap(visitor, KIOSK_ACTION_OPTIONS, 0);
    visitor_tap(visitor, KIOSK_ACTION_LOW, 0);
    visitor_tap(visitor, KIOSK_ACTION_CONTRAST, 0);
    visitor_tap(visitor, KIOSK_ACTION_ALOUD, 0);
    visitor_tap(visitor, KIOSK_ACTION_VOLUME, 0);
    visitor_tap(visitor, KIOSK_ACTION_QUIT, 0);
    assert_false(kiosk_is_open(kiosk));
    assert_int_equal(kiosk->lang, LANG_FR);
    assert_int_equal(kiosk->volume, 100);
    assert_false(kiosk->modes.low || kiosk->modes.contrast || kiosk->modes.aloud);
    assert_string_equal(kiosk->search.keyboard.text, "");
    assert_false(kiosk->search.typing);
    assert_int_equal(kiosk_search_chosen(kiosk), 0);
    assert_int_equal(kiosk->state.depth, 0);
    canvas_fill(visitor->canvas, 0xFF000000);
    kiosk_invalidate(kiosk);
    (void)visitor_frame(visitor);
    for (int y = 0; y < 1920; y++) /* the same picture, to the pixel */
        assert_memory_equal(fresh->pixels + (size_t)y * (size_t)fresh->stride,
                            visitor->canvas->pixels + (size_t)y * (size_t)visitor->canvas->stride,
                            1080 * 4);
    visitor_enter(visitor);
    visitor_open(visitor, KIOSK_DIRECTORY);
    assert_int_equal(kiosk_answer(kiosk)->row_count, 300);
    canvas_destroy(fresh);
}

/* ---- accessibility --------------------------------------------------------------------------- */

static void test_low_mode_keeps_the_place(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    visitor_tap(visitor, KIOSK_ACTION_PAGE_DOWN, 0);
    size_t before = kiosk_list_at(&kiosk->page.list, (int)offset_of(visitor));
    visitor_tap(visitor, KIOSK_ACTION_OPTIONS, 0);
    visitor_tap(visitor, KIOSK_ACTION_LOW, 0);
    visitor_tap(visitor, KIOSK_ACTION_LARGE, 0);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    size_t after = kiosk_list_at(&kiosk->page.list, (int)offset_of(visitor));
    assert_true(after + 1 >= before && after <= before + 1);
    assert_true(kiosk->layout.work.y > 300);
}

/* Every page, every control: the focus comes by all that can be touched. */
static void check_keys_reach_all(struct visitor *visitor)
{
    struct kiosk *kiosk = visitor->kiosk;
    struct kiosk_target first = kiosk->focused;
    int steps = 0;
    bool bar[KIOSK_ACTION_NOTHING + 1] = {false};
    do {
        visitor_key(visitor, KIOSK_KEY_NEXT);
        visitor_wait(visitor, 400);
        bar[kiosk->keyboard_focused ? KIOSK_ACTION_NONE : kiosk->focused.action] = true;
    } while (++steps < 900 && (kiosk->keyboard_focused || kiosk->focused.action != first.action ||
                               kiosk->focused.value != first.value));
    assert_true(steps < 900);
    assert_true(bar[KIOSK_ACTION_BACK] && bar[KIOSK_ACTION_HOME] && bar[KIOSK_ACTION_LANGUAGE] &&
                bar[KIOSK_ACTION_OPTIONS] && bar[KIOSK_ACTION_QUIT]);
    for (int i = 0; i < steps; i++) { /* and the same way back */
        visitor_key(visitor, KIOSK_KEY_PREVIOUS);
        visitor_wait(visitor, 400);
    }
    assert_int_equal(kiosk->focused.action, first.action);
    assert_int_equal(kiosk->focused.value, first.value);
}

static void test_keys_reach_everything(void **state)
{
    struct bench *bench = *state;
    struct visitor *visitor = bench->visitor;
    static const enum kiosk_page pages[] = {KIOSK_DIRECTORY, KIOSK_EVENTS, KIOSK_PORTRAITS,
                                            KIOSK_MAP};
    kiosk_set_directory(bench->kiosk, fixture_many(26, 4));
    visitor_key(visitor, KIOSK_KEY_ACTIVATE);
    visitor_settle(visitor);
    assert_int_equal(visitor_page(visitor), KIOSK_HOME);
    visitor_key(visitor, KIOSK_KEY_NEXT);
    check_keys_reach_all(visitor);
    for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
        kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_HOME, 0}, visitor->now);
        kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_OPEN, pages[i]}, visitor->now);
        visitor_settle(visitor);
        visitor_key(visitor, KIOSK_KEY_NEXT);
        check_keys_reach_all(visitor);
    }
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_HOME, 0}, visitor->now);
    kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_SEARCH, 0}, visitor->now);
    visitor_settle(visitor);
    for (int i = 0; i < 80 && bench->kiosk->keyboard_focused; i++)
        visitor_key(visitor, KIOSK_KEY_NEXT);
    check_keys_reach_all(visitor);
    static const char *const sheets[] = {"org-000001", "event-0", "portrait-0"};
    for (size_t i = 0; i < 3; i++) {
        kiosk_do(bench->kiosk, (struct kiosk_target){KIOSK_ACTION_HOME, 0}, visitor->now);
        kiosk_open(bench->kiosk, (enum kiosk_page)(KIOSK_ORGANISATION + (int)i), sheets[i], 0,
                   (struct rect){0}, visitor->now);
        visitor_settle(visitor);
        visitor_key(visitor, KIOSK_KEY_NEXT);
        check_keys_reach_all(visitor);
    }
}

static void test_focused_card_is_in_view(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_key(visitor, KIOSK_KEY_DOWN);
    for (int i = 0; i < 60; i++) {
        visitor_key(visitor, KIOSK_KEY_DOWN);
        visitor_wait(visitor, 400);
        if (visitor->kiosk->focused.action != KIOSK_ACTION_ITEM)
            continue;
        struct rect rect = item_rect(visitor, (size_t)visitor->kiosk->focused.value);
        struct rect view = visitor->kiosk->page.at.view;
        assert_true(rect.y >= view.y && rect.y + rect.h <= view.y + view.h);
    }
}

/* Without eyes: each step is said; a search is typed, an organisation opened and left. */
static void test_keys_and_voice(void **state)
{
    struct bench *bench = *state;
    struct visitor *visitor = bench->visitor;
    struct kiosk *kiosk = bench->kiosk;
    visitor_key(visitor, KIOSK_KEY_ACTIVATE);
    assert_true(kiosk->modes.aloud);
    assert_non_null(strstr(visitor->said, "flèches"));
    for (int i = 0; i < 40 && kiosk->focused.action != KIOSK_ACTION_SEARCH; i++) {
        visitor_key(visitor, KIOSK_KEY_NEXT);
        visitor_settle(visitor);
        assert_true(visitor->said[0] != '\0');
    }
    visitor_key(visitor, KIOSK_KEY_ACTIVATE);
    visitor_settle(visitor);
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    assert_true(kiosk->search.typing);
    assert_true(kiosk->keyboard_focused);
    visitor_key(visitor, KIOSK_KEY_DOWN);
    visitor_key(visitor, KIOSK_KEY_RIGHT);
    assert_true(visitor->said[0] != '\0');
    visitor_key(visitor, KIOSK_KEY_ACTIVATE);
    assert_int_equal(strlen(kiosk->search.keyboard.text), 1);
    assert_int_equal(visitor->said[0], kiosk->search.keyboard.text[0]);
    assert_non_null(strstr(visitor->said, "structures")); /* what it finds is said as well */
    visitor_key(visitor, KIOSK_KEY_BACK);                 /* home */
    assert_int_equal(visitor_page(visitor), KIOSK_HOME);
    visitor_settle(visitor);
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_OPEN, KIOSK_DIRECTORY}, visitor->now);
    visitor_settle(visitor);
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_ITEM, 0}, visitor->now);
    visitor_settle(visitor);
    assert_non_null(strstr(visitor->said, kiosk->organisation.name));
    visitor->said[0] = '\0';
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_LISTEN, 0}, visitor->now);
    assert_non_null(strstr(visitor->said, kiosk->organisation.activity));
    visitor_key(visitor, KIOSK_KEY_BACK);
    visitor_settle(visitor);
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    assert_int_equal(kiosk->focused.action, KIOSK_ACTION_ITEM);
    assert_int_equal(kiosk->focused.value, 0);
}

/* A touch ends what is being said; captions are read to who is read to. */
static void test_voice_stops_and_reads_captions(void **state)
{
    struct bench *bench = *state;
    struct visitor *visitor = bench->visitor;
    kiosk_open_subject(bench->kiosk, "portrait-0", "", visitor->now);
    visitor_settle(visitor);
    visitor_tap(visitor, KIOSK_ACTION_LISTEN, 0);
    assert_non_null(strstr(visitor->said, "garage de Sotteville"));
    visitor_tap_at(visitor, 10, 500);
    assert_string_equal(visitor->said, "");
    visitor_tap(visitor, KIOSK_ACTION_OPTIONS, 0);
    visitor_tap(visitor, KIOSK_ACTION_ALOUD, 0);
    assert_non_null(strstr(visitor->said, "activé"));
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    visitor_tap(visitor, KIOSK_ACTION_FILM, 0);
    kiosk_set_caption(bench->kiosk, "Bonjour à tous");
    assert_string_equal(visitor->said, "Bonjour à tous");
}

/* The focus is seen: the picture changes where it goes. */
static void test_focus_shows(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_key(visitor, KIOSK_KEY_NEXT);
    visitor_settle(visitor);
    for (int i = 0; i < 12; i++) {
        visitor_key(visitor, KIOSK_KEY_PREVIOUS);
        struct rect dirty = visitor_frame(visitor);
        assert_false(rect_empty(dirty));
        visitor_settle(visitor);
    }
}

static void test_letter_by_key_leads_to_its_first_card(void **state)
{
    struct visitor *visitor = enter_list(state);
    visitor_key(visitor, KIOSK_KEY_NEXT);
    kiosk_do(visitor->kiosk, (struct kiosk_target){KIOSK_ACTION_LETTER, 12}, visitor->now);
    visitor_settle(visitor);
    assert_int_equal(visitor->kiosk->focused.action, KIOSK_ACTION_ITEM);
    assert_int_equal(visitor->kiosk->focused.value, visitor->kiosk->search.answer.letters[12]);
    assert_int_equal(kiosk_chrome_letter(visitor->kiosk), 12);
}

static bool shows_picture(const struct visitor *visitor)
{
    const struct canvas *canvas = visitor->canvas;
    for (int y = 0; y < canvas->height; y += 4)
        for (int x = 0; x < canvas->width; x += 4)
            if (canvas->pixels[y * canvas->stride + x] == 0xFF336699)
                return true;
    return false;
}

/* Pictures come when they come: on the wall, on a sheet, while that opens, scrolls or closes. */
static void test_pictures(void **state)
{
    struct bench *bench = *state;
    struct visitor *visitor = bench->visitor;
    visitor_enter(visitor);
    visitor_open(visitor, KIOSK_PORTRAITS);
    assert_string_equal(visitor->wanted, FIXTURE_FACE);
    assert_false(shows_picture(visitor));
    visitor_bring_picture(visitor);
    (void)visitor_frame(visitor);
    assert_true(shows_picture(visitor));
    int wall = visitor->wanted_width;
    visitor_tap_rect(visitor, item_rect(visitor, 0));
    (void)visitor_frame(visitor);
    assert_true(bench->kiosk->motion.active);
    assert_true(visitor->wanted_width > wall);
    visitor_bring_picture(visitor); /* while it opens */
    visitor_settle(visitor);
    visitor_check_whole(visitor, "sheet");
    assert_true(shows_picture(visitor));
    visitor_tap_rect(visitor, visitor_find(visitor, KIOSK_ACTION_BACK, 0));
    assert_true(bench->kiosk->motion.closing);
    snprintf(visitor->wanted, sizeof(visitor->wanted), "%s", FIXTURE_FACE);
    visitor_bring_picture(visitor); /* nobody waits for it */
    visitor_settle(visitor);
    visitor_check_whole(visitor, "wall");
    kiosk_set_picture(bench->kiosk, FIXTURE_FILM, NULL); /* there is none */
}

/* The site's colour calls for a touch; high contrast has its own. */
static void test_accent_of_the_site(void **state)
{
    struct bench *bench = *state;
    struct kiosk_config config = fixture_config(bench->text);
    config.accent = COLOR_RGB(0x7FE3C4);
    struct kiosk *kiosk = kiosk_create(&config);
    assert_int_equal(kiosk->theme.accent, COLOR_RGB(0x7FE3C4));
    kiosk_set_directory(kiosk, fixture_many(20, 2));
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_START, 0}, 1000);
    kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_CONTRAST, 0}, 1000);
    assert_int_equal(kiosk->theme.accent, kiosk_kit_theme(true)->accent);
    kiosk_destroy(kiosk);
}

/* ---- content as it may come ------------------------------------------------------------------ */

/* Nothing but an id and a name; everything, far too long; another script; no events, portraits,
 * communes. */
static struct directory *extreme_directory(void)
{
    static char longest[4000], word[400];
    struct fixture_making making = fixture_begin();
    memset(word, 'W', sizeof(word) - 1);
    for (size_t i = 0; i + 16 < sizeof(longest); i += 16)
        memcpy(longest + i, "Très longuement ", 16);
    struct directory_organisation it = fixture_blank();
    it.id = "empty";
    it.name = "x";
    fixture_organisation(&making, &it, "");
    it.id = "long";
    it.name = it.sign = it.summary = it.offer = it.values = it.plain = it.hours = longest;
    it.types = it.activity = it.address = it.commune = longest;
    it.website = it.email = word;
    it.floor = it.office = word;
    it.site_id = "creapolis";
    fixture_organisation(&making, &it, "reemploi");
    it = fixture_blank();
    it.id = "arabic";
    it.name = "جمعية نور";
    it.summary = "نحن نرافق العائلات في المدينة";
    it.commune = "Rouen";
    it.latitude = NAN;
    fixture_organisation(&making, &it, "culture");
    it = fixture_blank();
    it.id = "word";
    it.name = it.activity = it.summary = word;
    fixture_organisation(&making, &it, "culture");
    return fixture_end(&making);
}

static void test_extreme_content(void **state)
{
    struct bench *bench = *state;
    static const char *const ids[] = {"empty", "long", "arabic", "word"};
    for (int landscape = 0; landscape < 2; landscape++) {
        struct visitor *visitor = visitor_create(bench->text, extreme_directory(), landscape == 1);
        struct kiosk *kiosk = visitor->kiosk;
        visitor_enter(visitor);
        for (int large = 0; large < 2; large++) {
            for (int page = KIOSK_HOME; page < KIOSK_ORGANISATION; page++) {
                kiosk_open(kiosk, (enum kiosk_page)page, "", 0, KIOSK_NO_CARD, visitor->now);
                visitor_settle(visitor);
                visitor_check_whole(visitor, "page");
            }
            for (size_t i = 0; i < 4; i++) {
                kiosk_open(kiosk, KIOSK_ORGANISATION, ids[i], 0, KIOSK_NO_CARD, visitor->now);
                visitor_settle(visitor);
                assert_string_equal(kiosk->organisation.id, ids[i]);
                while (kiosk->page.scroll.offset < kiosk->page.scroll.limit - 1)
                    visitor_tap(visitor, KIOSK_ACTION_PAGE_DOWN, 0);
                visitor_check_whole(visitor, ids[i]);
            }
            visitor_tap(visitor, KIOSK_ACTION_HOME, 0);
            kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_LARGE, 0}, visitor->now);
        }
        /* What is not there opens nothing. */
        kiosk_open(kiosk, KIOSK_EVENT, "nothing", 0, KIOSK_NO_CARD, visitor->now);
        assert_int_equal(visitor_page(visitor), KIOSK_HOME);
        visitor_destroy(visitor);
    }
}

/* ---- another directory ----------------------------------------------------------------------- */

static void test_sheet_stays_while_the_directory_changes(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    visitor_tap_item(visitor, 2);
    struct rect before = visitor_frame(visitor);
    kiosk_set_directory(kiosk, fixture_many(50, 0));
    kiosk_set_directory(kiosk, fixture_many(60, 0)); /* and once more */
    assert_true(rect_empty(before));
    assert_true(rect_empty(visitor_frame(visitor)));
    assert_string_equal(kiosk->organisation.id, "org-000002");
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    assert_int_equal(kiosk_answer(kiosk)->row_count, 60);
}

static void test_list_changes_at_once(void **state)
{
    struct visitor *visitor = enter_list(state);
    struct kiosk *kiosk = visitor->kiosk;
    visitor_tap(visitor, KIOSK_ACTION_CHOICES, 0);
    visitor_tap_item(visitor, 0);
    visitor_tap(visitor, KIOSK_ACTION_CLOSE, 0);
    kiosk_set_directory(kiosk, fixture_many(80, 2));
    assert_int_equal(visitor_page(visitor), KIOSK_DIRECTORY);
    assert_int_equal(kiosk_answer(kiosk)->row_count, 40); /* the sector is still chosen */
    assert_int_equal(kiosk->page.list.sections[0].count, 40);
}

static void test_emptied_directory_closes(void **state)
{
    struct visitor *visitor = enter_list(state);
    kiosk_set_directory(visitor->kiosk, NULL);
    assert_false(kiosk_is_open(visitor->kiosk));
    kiosk_set_directory(visitor->kiosk, fixture_many(30, 2));
    visitor_enter(visitor);
    visitor_open(visitor, KIOSK_DIRECTORY);
    visitor_tap_item(visitor, 1);
    kiosk_set_directory(visitor->kiosk, NULL);
    assert_true(kiosk_is_open(visitor->kiosk)); /* it is being read */
    visitor_tap(visitor, KIOSK_ACTION_BACK, 0);
    assert_false(kiosk_is_open(visitor->kiosk));
}

/* ---- counters -------------------------------------------------------------------------------- */

static void test_visits_are_counted(void **state)
{
    struct visitor *visitor = enter_list(state);
    assert_int_equal(visitor->counts[KIOSK_COUNT_SESSION], 1);
    assert_int_equal(visitor->counts[KIOSK_COUNT_LIST], 1);
    visitor_tap_item(visitor, 3);
    assert_int_equal(visitor->counts[KIOSK_COUNT_SHEET], 1);
    assert_string_equal(visitor->subject, "org-000003");
    visitor_tap(visitor, KIOSK_ACTION_OPTIONS, 0);
    visitor_tap(visitor, KIOSK_ACTION_LARGE, 0);
    assert_string_equal(visitor->subject, "large");
    visitor_tap(visitor, KIOSK_ACTION_LARGE, 0);
    assert_int_equal(visitor->counts[KIOSK_COUNT_MODE], 1);
    visitor_tap(visitor, KIOSK_ACTION_LANGUAGE, 0);
    assert_string_equal(visitor->subject, "en");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_without_directory_nothing_opens),
        TEST(test_closed_draws_only_the_bar),
        TEST(test_english_from_the_first_touch),
        TEST(test_subject_of_a_slide),
        TEST(test_sheet_and_back),
        TEST(test_back_keeps_the_place_home_does_not),
        TEST(test_similar_ones_lead_on),
        TEST(test_feedback_at_touch_down_and_act_on_release),
        TEST(test_release_outside_does_nothing),
        TEST(test_tap_and_drag),
        TEST(test_drag_scrolls_and_touch_stops_it),
        TEST(test_crawling_list_can_be_tapped),
        TEST(test_quick_page_buttons_add_up),
        TEST(test_only_the_first_finger_counts),
        TEST(test_touch_held_for_an_hour),
        TEST(test_search_narrows),
        TEST(test_two_thumbs_type),
        TEST(test_facets),
        TEST(test_map_and_list_show_the_same),
        TEST(test_point_on_the_map),
        TEST(test_events_by_commune),
        TEST(test_film),
        TEST(test_list_asks_after_75_s),
        TEST(test_sheet_asks_after_120_s_and_a_touch_extends),
        TEST(test_slow_mode_gives_three_times_as_long),
        TEST(test_who_listens_is_not_asked),
        TEST(test_countdown_wakes_each_second_and_draws_little),
        TEST(test_quit_in_the_question),
        TEST(test_nothing_of_a_visitor_remains),
        TEST(test_low_mode_keeps_the_place),
        TEST(test_keys_reach_everything),
        TEST(test_focused_card_is_in_view),
        TEST(test_keys_and_voice),
        TEST(test_voice_stops_and_reads_captions),
        TEST(test_focus_shows),
        TEST(test_letter_by_key_leads_to_its_first_card),
        TEST(test_pictures),
        TEST(test_accent_of_the_site),
        TEST(test_extreme_content),
        TEST(test_sheet_stays_while_the_directory_changes),
        TEST(test_list_changes_at_once),
        TEST(test_emptied_directory_closes),
        TEST(test_visits_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
