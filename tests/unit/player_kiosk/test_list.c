#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_list.h"
#include "tests/unit/player_kiosk/fixture.h"

struct fixture {
    struct directory *directory;
    struct kiosk_list list;
};

static struct fixture make(size_t count, size_t here, int columns)
{
    struct fixture fixture = {.directory = fixture_many(count, here)};
    kiosk_list_set(&fixture.list, fixture.directory, "creapolis");
    kiosk_list_arrange(&fixture.list, 800, columns, 100, 10, 60);
    return fixture;
}

static void drop(struct fixture *fixture)
{
    kiosk_list_finish(&fixture->list);
    directory_destroy(fixture->directory);
}

/* What a walk over all items says, the arithmetic says too, at any offset. */
static void test_visible_is_what_meets_the_view(void **state)
{
    (void)state;
    static const struct {
        size_t count, here;
        int columns;
    } cases[] = {{1, 0, 1}, {7, 0, 2}, {40, 3, 1}, {40, 5, 2}, {41, 1, 3}, {2, 2, 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture fixture = make(cases[i].count, cases[i].here, cases[i].columns);
        for (int top = -300; top < kiosk_list_height(&fixture.list) + 300; top += 7) {
            size_t first = 0, end = 0;
            bool any = kiosk_list_visible(&fixture.list, top, top + 350, &first, &end);
            for (size_t item = 0; item < kiosk_list_count(&fixture.list); item++) {
                struct rect rect = kiosk_list_rect(&fixture.list, item);
                bool meets = rect.y < top + 350 && rect.y + rect.h > top;
                if (meets && !(any && item >= first && item < end))
                    fail_msg("case %zu, top %d: item %zu is not shown", i, top, item);
            }
            assert_true(!any || end - first <= 8 * (size_t)cases[i].columns);
        }
        drop(&fixture);
    }
}

static void test_here_comes_first_and_again(void **state)
{
    (void)state;
    struct fixture fixture = make(20, 3, 1);
    assert_int_equal(kiosk_list_count(&fixture.list), 23);
    assert_true(kiosk_list_is_here(&fixture.list, 2));
    assert_false(kiosk_list_is_here(&fixture.list, 3));
    assert_ptr_equal(kiosk_list_entry(&fixture.list, 0), kiosk_list_entry(&fixture.list, 3));
    assert_int_equal(kiosk_list_heading(&fixture.list, 1), 60 + 3 * 110);
    drop(&fixture);
}

static void test_letters(void **state)
{
    (void)state;
    struct fixture fixture = make(52, 0, 1);
    size_t item = kiosk_list_letter(&fixture.list, 'C' - 'A');
    assert_int_equal(kiosk_list_entry(&fixture.list, item)->initial, 'C');
    assert_int_equal(kiosk_list_entry(&fixture.list, item - 1)->initial, 'B');
    assert_int_equal(kiosk_list_letter(&fixture.list, KIOSK_LETTERS - 1), KIOSK_NO_ITEM);
    assert_int_equal(kiosk_list_letter_at(&fixture.list, kiosk_list_rect(&fixture.list, item).y),
                     'C' - 'A');
    drop(&fixture);
}

static void test_empty(void **state)
{
    (void)state;
    struct kiosk_list list = {0};
    size_t first, end;
    kiosk_list_set(&list, NULL, "creapolis");
    kiosk_list_arrange(&list, 800, 1, 100, 10, 60);
    assert_int_equal(kiosk_list_count(&list), 0);
    assert_false(kiosk_list_visible(&list, 0, 1000, &first, &end));
    assert_int_equal(kiosk_list_letter_at(&list, 0), -1);
    assert_int_equal(kiosk_list_letter(&list, 0), KIOSK_NO_ITEM);
    kiosk_list_finish(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_visible_is_what_meets_the_view),
        cmocka_unit_test(test_here_comes_first_and_again),
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
