/* Mixing streams by share, and keeping companies apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "server/schedule/loop.h"

/* A stream of `count` slides numbered from `first`, of companies of their own. */
static struct loop_item *slides(struct arena *arena, size_t first, size_t count, int64_t seconds)
{
    struct loop_item *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = (struct loop_item){first + i, seconds * 1000, ""};
    }
    return items;
}

static double share_of(const struct loop_item *items, size_t count, size_t from, size_t until)
{
    int64_t all = 0;
    int64_t own = 0;
    for (size_t i = 0; i < count; i++) {
        all += items[i].duration_ms;
        own += items[i].slide >= from && items[i].slide < until ? items[i].duration_ms : 0;
    }
    return (double)own / (double)all;
}

static void test_one_stream_is_itself(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct loop_stream stream = {1, 5, slides(arena, 0, 5, 10)};
    struct loop_item *items = NULL;
    assert_int_equal(loop_mix(&stream, 1, 20000, arena, &items), 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(items[i].slide, i);
    }
    arena_destroy(arena);
}

static void test_shares(void **state)
{
    (void)state;
    static const struct {
        size_t base;
        int64_t base_s;
        size_t campaign;
        int64_t campaign_s;
        double share;
    } cases[] = {
        {5, 10, 1, 10, 0.5}, {5, 10, 3, 10, 0.4},   {10, 12, 2, 15, 0.6}, {1, 8, 8, 20, 0.1},
        {3, 10, 3, 10, 0.9}, {12, 9, 12, 31, 0.33}, {40, 8, 1, 8, 0.05},  {2, 30, 5, 8, 0.25},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_create();
        struct loop_stream streams[2] = {
            {cases[i].share, cases[i].campaign,
             slides(arena, 1000, cases[i].campaign, cases[i].campaign_s)},
            {1 - cases[i].share, cases[i].base, slides(arena, 0, cases[i].base, cases[i].base_s)},
        };
        struct loop_item *items = NULL;
        size_t count = loop_mix(streams, 2, 20000, arena, &items);
        int64_t length = 0;
        for (size_t k = 0; k < count; k++) {
            length += items[k].duration_ms;
        }
        /* Whole slides: within one slide's time of the share. */
        double slide_s =
            (double)(cases[i].campaign_s > cases[i].base_s ? cases[i].campaign_s : cases[i].base_s);
        double share = share_of(items, count, 1000, 2000);
        double tolerance = slide_s * 1000 / (double)length;
        if (share < cases[i].share - tolerance || share > cases[i].share + tolerance) {
            fail_msg("case %zu: share %.3f instead of %.3f", i, share, cases[i].share);
        }
        /* Everything shows. */
        for (size_t k = 0; k < cases[i].base + cases[i].campaign; k++) {
            size_t wanted = k < cases[i].base ? k : 1000 + k - cases[i].base;
            assert_true(share_of(items, count, wanted, wanted + 1) > 0);
        }
        arena_destroy(arena);
    }
}

static void test_spread_evenly(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct loop_stream streams[2] = {{0.25, 2, slides(arena, 1000, 2, 10)},
                                     {0.75, 12, slides(arena, 0, 12, 10)}};
    struct loop_item *items = NULL;
    size_t count = loop_mix(streams, 2, 20000, arena, &items);
    assert_int_equal(count, 16);
    /* A quarter of the slides: one among each four. */
    for (size_t i = 0; i < count; i += 4) {
        assert_true(share_of(items + i, 4, 1000, 2000) == 0.25);
    }
    arena_destroy(arena);
}

static void test_never_too_long(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct loop_stream streams[2] = {{0.01, 500, slides(arena, 10000, 500, 60)},
                                     {0.99, 500, slides(arena, 0, 500, 3)}};
    char shown[500] = {0};
    for (int64_t day = 0; day < 500; day++) {
        struct loop_item *items = NULL;
        size_t count = loop_mix(streams, 2, day, arena, &items);
        assert_true(count <= LOOP_ITEMS_MAX);
        for (size_t i = 0; i < count; i++) {
            if (items[i].slide >= 10000) {
                shown[items[i].slide - 10000] = 1;
            }
        }
        arena_reset(arena);
        streams[0].items = slides(arena, 10000, 500, 60);
        streams[1].items = slides(arena, 0, 500, 3);
    }
    /* What does not fit today has its day. */
    for (size_t i = 0; i < 500; i++) {
        assert_int_equal(shown[i], 1);
    }
    arena_destroy(arena);
}

static const struct {
    const char *companies; /* one letter each, '-' for nobody */
    size_t repetitions;    /* that cannot be avoided */
} separations[] = {
    {"AB", 0},       {"AA", 2},     {"ABA", 1},        {"AABB", 0},       {"AABC", 0},
    {"ABCA", 0},     {"AAABBB", 0}, {"AAABC", 1},      {"AAAAB", 3},      {"----", 0},
    {"A--A", 0},     {"AAB-", 0},   {"AABBCCDDEE", 0}, {"ABCDEFGHAA", 0}, {"AAAABBBBCC", 0},
    {"ABABABAB", 0}, {"A", 1},
};

static size_t repetitions(const struct loop_item *items, size_t count)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const char *before = items[(i + count - 1) % count].company;
        found += items[i].company[0] != '\0' && strcmp(before, items[i].company) == 0;
    }
    return found;
}

static void test_companies_apart(void **state)
{
    (void)state;
    static const char *const names[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    for (size_t i = 0; i < sizeof separations / sizeof *separations; i++) {
        struct loop_item items[32];
        size_t count = strlen(separations[i].companies);
        int sum = 0;
        for (size_t k = 0; k < count; k++) {
            char c = separations[i].companies[k];
            items[k] = (struct loop_item){k, 1000, c == '-' ? "" : names[c - 'A']};
            sum += (int)k;
        }
        loop_separate(items, count);
        if (repetitions(items, count) != separations[i].repetitions) {
            fail_msg("%s: %zu repetitions", separations[i].companies, repetitions(items, count));
        }
        for (size_t k = 0; k < count; k++) {
            sum -= (int)items[k].slide;
        }
        assert_int_equal(sum, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_stream_is_itself), cmocka_unit_test(test_shares),
        cmocka_unit_test(test_spread_evenly),        cmocka_unit_test(test_never_too_long),
        cmocka_unit_test(test_companies_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
