/* Proof of play: stored once, summed by title and organisation, forgotten by portions. */
#include "store_fixture.h"

#include "server/store/plays.h"

static struct play one(const char *screen, int64_t sequence, const char *title, int64_t from_ms)
{
    return (struct play){.screen = screen,
                         .boot = "0123456789abcdef0123456789abcdef",
                         .sequence = sequence,
                         .slide = "s",
                         .title = title,
                         .subject = "x",
                         .organisation = "o",
                         .playlist = "p",
                         .rule = "r",
                         .zone = "main",
                         .manifest = "1-1",
                         .from_ms = from_ms,
                         .until_ms = from_ms + 10000};
}

static void test_sums(void **state)
{
    struct fixture *f = *state;
    struct play plays[] = {one("hall", 1, "A", 1000), one("hall", 2, "A", 20000),
                           one("hall", 3, "B", 30000), one("bar", 1, "A", 1000)};
    struct play_sum_list sums;
    struct text_list screens;
    size_t stored;

    assert_true(plays_add(f->db, plays, 4, &stored, &f->err));
    assert_int_equal(stored, 4);
    assert_true(plays_add(f->db, plays, 4, &stored, &f->err));
    assert_int_equal(stored, 0);
    plays[0].boot = "ffffffffffffffffffffffffffffffff";
    plays[0].rule = "another"; /* told apart, and summed all the same */
    assert_true(plays_add(f->db, plays, 1, &stored, &f->err));
    assert_int_equal(stored, 1);
    assert_true(plays_sum(f->db, f->arena, "hall", 0, 100000, &sums, &f->err));
    assert_int_equal(sums.count, 2);
    assert_string_equal(sums.items[0].title, "A");
    assert_string_equal(sums.items[0].organisation, "o");
    assert_int_equal(sums.items[0].count, 3);
    assert_int_equal(sums.items[0].length_ms, 30000);
    assert_string_equal(sums.items[1].title, "B");
    assert_true(plays_sum(f->db, f->arena, "hall", 1000, 1001, &sums, &f->err));
    assert_int_equal(sums.items[0].count, 2); /* by when they began, until excluded */
    assert_true(plays_sum(f->db, f->arena, "hall", 2000, 20000, &sums, &f->err));
    assert_int_equal(sums.count, 0);
    assert_true(plays_sum(f->db, f->arena, "nowhere", 0, 100000, &sums, &f->err));
    assert_int_equal(sums.count, 0);
    assert_true(plays_screens(f->db, f->arena, &screens, &f->err));
    assert_int_equal(screens.count, 2);
    assert_string_equal(screens.items[0], "bar");
    assert_string_equal(screens.items[1], "hall");
}

static void test_forgotten_by_portions(void **state)
{
    struct fixture *f = *state;
    struct play_sum_list sums;
    struct play plays[10];
    int64_t count;
    size_t stored;

    for (int i = 0; i < 10; i++)
        plays[i] = one(i % 2 == 0 ? "hall" : "bar", i + 1, "A", 1000 * i);
    assert_true(plays_add(f->db, plays, 10, &stored, &f->err));
    assert_true(plays_expire(f->db, 7000, 4, &count, &f->err));
    assert_int_equal(count, 4);
    assert_true(plays_expire(f->db, 7000, 4, &count, &f->err));
    assert_int_equal(count, 3);
    assert_true(plays_expire(f->db, 7000, 4, &count, &f->err));
    assert_int_equal(count, 0);
    assert_true(plays_sum(f->db, f->arena, "bar", 0, 100000, &sums, &f->err));
    assert_int_equal(sums.items[0].count, 2); /* 7000 and 9000 */
}

static void test_content_stays_the_same(void **state)
{
    struct fixture *f = *state;
    struct play play = one("hall", 1, "A", 1000);
    int64_t before = content_version(f);
    size_t stored;

    assert_true(plays_add(f->db, &play, 1, &stored, &f->err));
    assert_int_equal(content_version(f), before); /* else every report would publish */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sums, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_forgotten_by_portions, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_content_stays_the_same, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
