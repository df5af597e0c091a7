/* The fleet in memory: tokens find their screens, manifests are handed over while they are held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/sign.h"
#include "server/fleet/roster.h"

static void make_token(unsigned number, char hex[65], struct sha256 *hash)
{
    uint8_t token[32] = {0};

    memcpy(token, &number, sizeof(number));
    hex_encode(token, sizeof(token), hex);
    sha256_of(token, sizeof(token), hash);
}

static void put_manifest(struct roster *roster, const char *screen, int64_t version,
                         const char *text)
{
    roster_set_manifest(roster, &(struct manifest_record){.screen = screen,
                                                          .epoch = 2,
                                                          .version = version,
                                                          .sealed = text,
                                                          .sealed_size = strlen(text)});
}

static void test_thousands_of_screens_are_told_apart(void **state)
{
    struct roster *roster = roster_create();
    struct roster_screen screen;
    struct sha256 hash;
    char token[65], id[32];

    (void)state;
    for (unsigned i = 0; i < 5000; i++) {
        make_token(i, token, &hash);
        snprintf(id, sizeof(id), "screen-%u", i);
        roster_set_device(roster, id, &hash);
    }
    for (unsigned i = 0; i < 5000; i++) {
        make_token(i, token, &hash);
        snprintf(id, sizeof(id), "screen-%u", i);
        assert_true(roster_authenticate(roster, token, 1000 + i, &screen));
        assert_string_equal(screen.id, id);
        assert_string_equal(screen.etag, "");
        assert_int_equal(roster_last_seen(roster, id), 1000 + i);
    }
    make_token(5000, token, &hash);
    assert_false(roster_authenticate(roster, token, 1, &screen));
    assert_int_equal(roster_last_seen(roster, "screen-5000"), 0);
    roster_destroy(roster);
}

static void test_a_new_token_ends_the_old_one(void **state)
{
    struct roster *roster = roster_create();
    struct roster_screen screen;
    char before[65], after[65];
    struct sha256 hash;

    (void)state;
    make_token(1, before, &hash);
    roster_set_device(roster, "a", &hash);
    make_token(2, after, &hash);
    roster_set_device(roster, "a", &hash);
    assert_false(roster_authenticate(roster, before, 1, &screen));
    assert_true(roster_authenticate(roster, after, 1, &screen));
    roster_destroy(roster);
}

static void test_tokens_that_are_none(void **state)
{
    static const char *const tokens[] = {
        "",
        "0",
        "zz",
        "000000000000000000000000000000000000000000000000000000000000000",
        "00000000000000000000000000000000000000000000000000000000000000000",
        "g000000000000000000000000000000000000000000000000000000000000000"};
    struct roster *roster = roster_create();
    struct roster_screen screen;

    (void)state;
    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++)
        assert_false(roster_authenticate(roster, tokens[i], 1, &screen));
    roster_destroy(roster);
}

static void test_a_held_manifest_outlives_its_successor(void **state)
{
    struct roster *roster = roster_create();
    struct roster_screen screen;
    struct sha256 hash;
    char token[65];

    (void)state;
    make_token(7, token, &hash);
    roster_set_device(roster, "a", &hash);
    assert_null(roster_manifest(roster, "a"));
    put_manifest(roster, "a", 4, "four");
    const struct roster_manifest *held = roster_manifest(roster, "a");
    put_manifest(roster, "a", 5, "five!");
    assert_string_equal(held->etag, "2-4");
    assert_memory_equal(held->bytes, "four", 4);
    roster_release(roster, held);
    held = roster_manifest(roster, "a");
    assert_int_equal(held->size, 5);
    assert_true(roster_authenticate(roster, token, 1, &screen));
    assert_string_equal(screen.etag, "2-5");
    roster_release(roster, held);
    roster_destroy(roster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thousands_of_screens_are_told_apart),
        cmocka_unit_test(test_a_new_token_ends_the_old_one),
        cmocka_unit_test(test_tokens_that_are_none),
        cmocka_unit_test(test_a_held_manifest_outlives_its_successor),
    };

    if (!sign_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
