/* Where a visitor is, and what each happening makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "player/kiosk/kiosk_state.h"

static struct kiosk_state at(int depth, const enum kiosk_page *pages)
{
    struct kiosk_state state = {0};
    for (int i = 0; i < depth; i++) {
        if (i == 0 && pages[0] == KIOSK_HOME)
            kiosk_state_start(&state);
        else
            kiosk_state_open(&state, pages[i], kiosk_page_is_sheet(pages[i]) ? "a" : "", 0);
    }
    return state;
}

static const enum kiosk_page way[] = {KIOSK_HOME, KIOSK_DIRECTORY, KIOSK_ORGANISATION};

static void test_start_and_back(void **context)
{
    (void)context;
    struct kiosk_state state = at(3, way);
    kiosk_state_start(&state); /* somebody is there */
    assert_int_equal(state.depth, 3);
    static const enum kiosk_page back[] = {KIOSK_DIRECTORY, KIOSK_HOME, KIOSK_ATTRACT,
                                           KIOSK_ATTRACT};
    for (int i = 0; i < 4; i++) {
        kiosk_state_back(&state);
        assert_int_equal(kiosk_state_page(&state), back[i]);
    }
    assert_null(kiosk_state_place(&state));
}

/* Every overlay over every page: back closes it and nothing else, opening a page closes it too. */
static void test_overlays(void **context)
{
    (void)context;
    for (int page = KIOSK_HOME; page < KIOSK_PAGES; page++)
        for (int over = KIOSK_OVERLAY_OPTIONS; over <= KIOSK_OVERLAY_ASK; over++) {
            const enum kiosk_page pages[] = {KIOSK_HOME, (enum kiosk_page)page};
            struct kiosk_state state = at(2, pages);
            int depth = state.depth;
            kiosk_state_cover(&state, (enum kiosk_overlay)over);
            assert_int_equal(state.overlay, over);
            kiosk_state_back(&state);
            assert_int_equal(state.overlay, KIOSK_OVERLAY_NONE);
            assert_int_equal(state.depth, depth);
            kiosk_state_cover(&state, (enum kiosk_overlay)over);
            kiosk_state_open(&state, KIOSK_ORGANISATION, "other", 0);
            assert_int_equal(state.overlay, KIOSK_OVERLAY_NONE);
            kiosk_state_cover(&state, (enum kiosk_overlay)over);
            kiosk_state_home(&state);
            assert_int_equal(state.overlay, KIOSK_OVERLAY_NONE);
            assert_int_equal(state.depth, 1);
        }
    struct kiosk_state nobody = {0};
    kiosk_state_cover(&nobody, KIOSK_OVERLAY_OPTIONS);
    assert_int_equal(nobody.overlay, KIOSK_OVERLAY_NONE);
}

static void test_question_is_left_by_an_answer_alone(void **context)
{
    (void)context;
    struct kiosk_state state = at(2, way);
    kiosk_state_time_out(&state);
    assert_int_equal(state.overlay, KIOSK_OVERLAY_ASK);
    kiosk_state_cover(&state, KIOSK_OVERLAY_OPTIONS);
    assert_int_equal(state.overlay, KIOSK_OVERLAY_ASK);
    kiosk_state_cover(&state, KIOSK_OVERLAY_NONE);
    assert_int_equal(state.overlay, KIOSK_OVERLAY_NONE);
    assert_int_equal(kiosk_state_page(&state), KIOSK_DIRECTORY);
    kiosk_state_time_out(&state);
    kiosk_state_time_out(&state);
    assert_int_equal(state.depth, 0);
    kiosk_state_time_out(&state); /* nobody is there */
    assert_int_equal(state.overlay, KIOSK_OVERLAY_NONE);
}

static void test_history(void **context)
{
    (void)context;
    struct kiosk_state state = at(2, way);
    kiosk_state_open(&state, KIOSK_MAP, "", 0); /* in the directory's place */
    assert_int_equal(state.depth, 2);
    assert_int_equal(kiosk_state_page(&state), KIOSK_MAP);
    kiosk_state_open(&state, KIOSK_ORGANISATION, "a", 0);
    kiosk_state_open(&state, KIOSK_ORGANISATION, "a", 0); /* shows already */
    assert_int_equal(state.depth, 3);
    for (int i = 0; i < 40; i++) {
        char id[8];
        snprintf(id, sizeof(id), "%d", i);
        kiosk_state_open(&state, KIOSK_ORGANISATION, id, 0);
    }
    assert_int_equal(state.depth, KIOSK_PLACES_MAX);
    assert_int_equal(state.places[0].page, KIOSK_HOME);
    assert_string_equal(kiosk_state_place(&state)->id, "39");
    kiosk_state_back(&state);
    assert_string_equal(kiosk_state_place(&state)->id, "38");
    kiosk_state_end(&state);
    assert_int_equal(kiosk_state_page(&state), KIOSK_ATTRACT);
}

static void test_time_outs(void **context)
{
    (void)context;
    struct kiosk_state state = {0};
    assert_int_equal(kiosk_state_timeout_ms(&state, false), 0);
    for (int page = KIOSK_HOME; page < KIOSK_PAGES; page++) {
        const enum kiosk_page pages[] = {KIOSK_HOME, (enum kiosk_page)page};
        state = at(2, pages);
        int64_t wanted = page >= KIOSK_ORGANISATION ? 120000 : 75000;
        assert_int_equal(kiosk_state_timeout_ms(&state, false), wanted);
        assert_int_equal(kiosk_state_timeout_ms(&state, true), 3 * wanted);
        kiosk_state_time_out(&state);
        assert_int_equal(kiosk_state_timeout_ms(&state, false), 30000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_and_back),
        cmocka_unit_test(test_overlays),
        cmocka_unit_test(test_question_is_left_by_an_answer_alone),
        cmocka_unit_test(test_history),
        cmocka_unit_test(test_time_outs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
