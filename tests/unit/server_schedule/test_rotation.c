/* Whom a source takes on a day, with and without companies that are owed some exposure, and the
 * figures that this goes by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/civil.h"
#include "server/schedule/exposure.h"
#include "server/schedule/rotation.h"
#include "server/store/schema.h"
#include "server/store/settings.h"
#include "tests/unit/server_store/store_fixture.h"

#define COMPANIES 10
#define DAY INT64_C(86400000)

static const char *companies[COMPANIES] = {"c0", "c1", "c2", "c3", "c4",
                                           "c5", "c6", "c7", "c8", "c9"};

static void count_turns(const struct rotation *rotation, size_t take, int64_t from, int days,
                        int *turns)
{
    size_t taken[COMPANIES];
    memset(turns, 0, COMPANIES * sizeof *turns);
    for (int64_t day = from; day < from + days; day++) {
        size_t count = rotation_take(rotation, take, day, taken);
        assert_int_equal(count, take == 0 || take > COMPANIES ? COMPANIES : take);
        for (size_t i = 0; i < count; i++) {
            for (size_t k = 0; k < i; k++) {
                assert_int_not_equal(taken[i], taken[k]);
            }
            turns[taken[i]]++;
        }
    }
}

static void test_everybody_the_same(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct rotation_owed nobody = {0};
    struct rotation rotation = rotation_make(&nobody, companies, COMPANIES, arena);
    int turns[COMPANIES];
    for (size_t take = 1; take <= 4; take++) {
        count_turns(&rotation, take, 20000, 10, turns);
        for (size_t i = 0; i < COMPANIES; i++) {
            assert_int_equal(turns[i], (int)take);
        }
    }
    count_turns(&rotation, 0, 20000, 3, turns);
    assert_int_equal(turns[0], 3);
    arena_destroy(arena);
}

/* c3 and c7 have less than the minimum. */
static void test_who_is_owed_comes_first(void **state)
{
    (void)state;
    const char *served[] = {"c0", "c1", "c2", "c4", "c5", "c6", "c8", "c9"};
    struct arena *arena = arena_create();
    struct rotation_owed owed = {.minimum = true, .day = 20010};
    owed.served[0] = (struct text_list){8, served};
    owed.served[1] = (struct text_list){8, served};
    struct rotation rotation = rotation_make(&owed, companies, COMPANIES, arena);
    int turns[COMPANIES];
    count_turns(&rotation, 4, 20000, 20, turns);
    for (size_t i = 0; i < COMPANIES; i++) {
        if (i == 3 || i == 7) {
            assert_int_equal(turns[i], 20);
        } else {
            assert_true(turns[i] >= 3); /* nobody is forgotten */
        }
    }
    arena_destroy(arena);
}

/* Today and before go by the figures of before: a count changes nothing of what screens show. */
static void test_figures_hold_from_tomorrow_on(void **state)
{
    (void)state;
    const char *before[] = {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"};
    const char *after[] = {"c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"};
    struct arena *arena = arena_create();
    struct rotation_owed owed = {.minimum = true, .day = 20010};
    size_t taken[COMPANIES];
    owed.served[0] = (struct text_list){9, before};
    owed.served[1] = (struct text_list){9, after};
    struct rotation rotation = rotation_make(&owed, companies, COMPANIES, arena);
    rotation_take(&rotation, 1, 20010, taken);
    assert_int_equal(taken[0], 9);
    rotation_take(&rotation, 1, 20011, taken);
    assert_int_equal(taken[0], 0);
    arena_destroy(arena);
}

/* A loop of twelve and of four seconds, on from 8 to 20 o'clock. */
static void make_manifest(struct manifest *manifest, struct arena *arena, int64_t from_ms)
{
    static struct slide slides[3];
    static struct manifest_item items[3] = {{0, 12000}, {1, 4000}, {2, 4000}};
    static struct manifest_loop loop;
    static struct manifest_layout layout;
    const char *of[] = {"alpha", "beta", ""};
    for (int i = 0; i < 3; i++) {
        slides[i].organisation = of[i];
    }
    loop = (struct manifest_loop){.item_count = 3, .items = items, .length_ms = 20000};
    layout = (struct manifest_layout){.zone_count = 1};
    *manifest = (struct manifest){.slide_count = 3,
                                  .slides = slides,
                                  .loop_count = 1,
                                  .loops = &loop,
                                  .layout_count = 1,
                                  .layouts = &layout};
    manifest->interval_count = 90;
    manifest->intervals = arena_array(arena, 90, sizeof *manifest->intervals);
    manifest->closed_count = 180;
    manifest->closed = arena_array(arena, 180, sizeof *manifest->closed);
    for (int i = 0; i < 90; i++) {
        int64_t day_ms = from_ms + i * DAY;
        manifest->intervals[i] =
            (struct manifest_interval){.from_ms = day_ms, .until_ms = day_ms + DAY};
        manifest->closed[2 * i] = (struct manifest_closed){day_ms, day_ms + 8 * 3600000};
        manifest->closed[2 * i + 1] = (struct manifest_closed){day_ms + 20 * 3600000, day_ms + DAY};
    }
}

static struct exposure_list count_and_list(struct db *db, struct arena *arena, int64_t now_ms,
                                           size_t screens)
{
    static const char *also[] = {"alpha", "gamma"};
    const struct text_list candidates = {2, also};
    struct manifest manifest;
    struct exposure_list list;
    struct error err;
    struct exposure_count *count = exposure_count_create(now_ms);
    make_manifest(&manifest, arena, now_ms);
    exposure_count_add(count, &manifest, screens);
    assert_ok(exposure_count_store(count, db, &candidates, &err), err);
    exposure_count_destroy(count);
    assert_ok(exposures_page(db, arena, -1, "", 10, &list, &err), err);
    return list;
}

static void test_counted(void **state)
{
    struct fixture *f = *state;
    int64_t now_ms = civil_days(2026, 11, 24) * DAY;
    int64_t hours = 3600000;
    struct exposure_list list = count_and_list(f->db, f->arena, now_ms, 10);
    /* The least planned first: gamma could be shown and is not. */
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].organisation, "gamma");
    assert_int_equal(list.items[0].planned_ms, 0);
    assert_int_equal(list.items[0].screens, 0);
    assert_string_equal(list.items[1].organisation, "beta");
    assert_int_equal(list.items[1].planned_ms, 7 * 12 * hours * 10 / 5);
    assert_string_equal(list.items[2].organisation, "alpha");
    assert_int_equal(list.items[2].planned_ms, 7 * 12 * hours * 10 * 3 / 5);
    assert_int_equal(list.items[2].planned_28_ms, 28 * 12 * hours * 10 * 3 / 5);
    assert_int_equal(list.items[2].screens, 10);
}

/* Precedence goes by the first count of each day, of the day before for the day itself. */
static void test_dues_move_once_a_day(void **state)
{
    struct fixture *f = *state;
    int64_t day_ms = civil_days(2026, 11, 24) * DAY;
    int64_t one = count_and_list(f->db, f->arena, day_ms, 1).items[1].planned_ms;
    struct exposure_list list = count_and_list(f->db, f->arena, day_ms + 3600000, 3);
    assert_true(list.items[1].planned_ms > 2 * one);
    assert_int_equal(list.items[1].due_ms, one);
    assert_int_equal(list.items[1].due_before_ms, 0);
    list = count_and_list(f->db, f->arena, day_ms + DAY, 5);
    assert_int_equal(list.items[1].due_before_ms, one);
    assert_int_equal(list.items[1].due_ms, list.items[1].planned_ms);
    struct error err;
    int64_t day = 0;
    assert_ok(settings_get_int(f->db, EXPOSURE_DAY_SETTING, 0, &day, &err), err);
    assert_int_equal(day, civil_days(2026, 11, 25));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everybody_the_same),
        cmocka_unit_test(test_who_is_owed_comes_first),
        cmocka_unit_test(test_figures_hold_from_tomorrow_on),
        cmocka_unit_test_setup_teardown(test_counted, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_dues_move_once_a_day, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
