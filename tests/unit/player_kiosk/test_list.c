/* Where the cards of a long list stand: by comparison with placing them one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>

#include "player/kiosk/kiosk_list.h"

static const struct kiosk_list lists[] = {
    {.width = 500, .gap = 10},
    {.sections = {{0, 1, 100, 40}}, .section_count = 1, .width = 500, .gap = 10},
    {.sections = {{7, 1, 100, 40}}, .section_count = 1, .width = 500, .gap = 10},
    {.sections = {{5, 2, 80, 0}, {1, 1, 120, 30}}, .section_count = 2, .width = 501, .gap = 7},
    {.sections = {{0, 2, 80, 40}, {9, 4, 60, 40}, {0, 1, 50, 0}, {3, 3, 200, 0}},
     .section_count = 4,
     .width = 999,
     .gap = 12},
    {.sections = {{200000, 2, 120, 60}}, .section_count = 1, .width = 800, .gap = 14},
};

#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* One after the other. */
static struct rect place_slowly(const struct kiosk_list *list, size_t wanted)
{
    struct rect rect = {0};
    size_t item = 0;
    for (int s = 0; s < list->section_count; s++) {
        const struct kiosk_section *section = &list->sections[s];
        int column = 0;
        rect.y += section->heading_height;
        rect.h = section->row_height;
        for (size_t i = 0; i < section->count; i++, item++) {
            if (item == wanted)
                return rect;
            if (++column == section->columns || i + 1 == section->count) {
                column = 0;
                rect.y += section->row_height + list->gap;
            }
        }
    }
    return rect;
}

static void test_rects(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < LISTS; i++) {
        const struct kiosk_list *list = &lists[i];
        for (size_t item = 0; item < kiosk_list_count(list); item++) {
            struct rect rect = kiosk_list_rect(list, item), slow = place_slowly(list, item);
            assert_int_equal(rect.y, slow.y);
            assert_int_equal(rect.h, slow.h);
            assert_true(rect.x >= 0 && rect.w > 0 && rect.x + rect.w <= list->width);
            assert_true(rect.y + rect.h <= kiosk_list_height(list));
            size_t index;
            int section = kiosk_list_section(list, item, &index);
            assert_int_equal(kiosk_list_item(list, section, index), item);
        }
    }
}

/* Exactly the cards that meet the view. */
static void test_visible(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < LISTS; i++) {
        const struct kiosk_list *list = &lists[i];
        for (int top = -150; top < kiosk_list_height(list) + 150; top += 13) {
            size_t first, end, seen = 0;
            bool any = kiosk_list_visible(list, top, top + 170, &first, &end);
            for (size_t item = 0; item < kiosk_list_count(list); item++) {
                struct rect rect = kiosk_list_rect(list, item);
                bool meets = rect.y < top + 170 && rect.y + rect.h > top;
                seen += meets;
                if (meets)
                    assert_true(any && item >= first && item < end);
            }
            assert_true(any == (first < end));
            assert_true(end - first >= seen && end - first <= seen + 8);
        }
    }
}

static void test_reader_is_at(void **state)
{
    (void)state;
    assert_true(kiosk_list_at(&lists[0], 0) == KIOSK_NO_ITEM);
    assert_true(kiosk_list_at(&lists[1], 0) == KIOSK_NO_ITEM);
    assert_int_equal(kiosk_list_at(&lists[2], -100), 0);
    assert_int_equal(kiosk_list_at(&lists[2], 0), 0);
    assert_int_equal(kiosk_list_at(&lists[2], 40 + 3 * 110), 3);
    assert_int_equal(kiosk_list_at(&lists[2], 100000), 6);
}

/* As long as a directory may be: no number overflows. */
static void test_longest(void **state)
{
    (void)state;
    const struct kiosk_list *list = &lists[LISTS - 1];
    struct rect last = kiosk_list_rect(list, 199999);
    size_t first, end;
    assert_int_equal(last.y, 60 + 99999 * 134);
    assert_true(kiosk_list_visible(list, last.y, last.y + 10, &first, &end));
    assert_int_equal(end, 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rects),
        cmocka_unit_test(test_visible),
        cmocka_unit_test(test_reader_is_at),
        cmocka_unit_test(test_longest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
