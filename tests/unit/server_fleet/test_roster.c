/* The fleet in memory: tokens find their screens, manifests are handed over while they are held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

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

static void test_a_wish_is_told_now_and_then(void **state)
{
    struct wanted wish = {
        .screen = "a", .id = "0123456789abcdef0123456789abcdef", .expires_ms = 99000};
    struct roster *roster = roster_create();
    char id[ROSTER_WISH_SIZE];

    (void)state;
    assert_false(roster_take_wish(roster, "a", 1000, id));
    uint64_t key = roster_set_wish(roster, &wish);
    assert_int_equal(roster_set_wish(roster, &wish), key);
    assert_false(roster_take_wish(roster, "b", 1000, id));
    assert_true(roster_take_wish(roster, "a", 1000, id));
    assert_string_equal(id, wish.id);
    assert_false(roster_take_wish(roster, "a", 1001, id));
    assert_false(roster_take_wish(roster, "a", 1000 + ROSTER_TELL_AGAIN_MS - 1, id));
    assert_true(roster_take_wish(roster, "a", 1000 + ROSTER_TELL_AGAIN_MS, id));
    roster_set_wish(roster, &wish); /* the same again, as a refresh does */
    assert_false(roster_take_wish(roster, "a", 1001 + ROSTER_TELL_AGAIN_MS, id));
    wish.id = "fedcba9876543210fedcba9876543210";
    roster_set_wish(roster, &wish);
    assert_true(roster_take_wish(roster, "a", 1002 + ROSTER_TELL_AGAIN_MS, id));
    assert_string_equal(id, wish.id);
    assert_true(roster_take_wish(roster, "a", 500, id)); /* a clock that was set back */
    assert_false(roster_take_wish(roster, "a", 99000, id));
    wish.expires_ms = 999000;
    roster_set_wish(roster, &wish);
    roster_drop_wish(roster, "a");
    assert_false(roster_take_wish(roster, "a", 200000, id));
    roster_destroy(roster);
}

static void test_a_manifest_is_compressed_once(void **state)
{
    struct roster *roster = roster_create();
    const unsigned char *bytes, *again;
    char text[20000], back[20000];
    size_t size, size_again;

    (void)state;
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    put_manifest(roster, "a", 1, text);
    const struct roster_manifest *held = roster_manifest(roster, "a");
    assert_true(roster_manifest_gzip(roster, held, &bytes, &size));
    assert_true(roster_manifest_gzip(roster, held, &again, &size_again));
    assert_ptr_equal(bytes, again);
    put_manifest(roster, "a", 2, "newer"); /* what is held stays */
    z_stream stream = {.next_in = (void *)(uintptr_t)bytes,
                       .avail_in = (uInt)size,
                       .next_out = (unsigned char *)back,
                       .avail_out = sizeof(back)};
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, strlen(text));
    assert_memory_equal(back, text, strlen(text));
    inflateEnd(&stream);
    roster_release(roster, held);
    held = roster_manifest(roster, "a");
    assert_false(roster_manifest_gzip(roster, held, &bytes, &size)); /* "newer" gets no shorter */
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
        cmocka_unit_test(test_a_wish_is_told_now_and_then),
        cmocka_unit_test(test_a_manifest_is_compressed_once),
    };

    if (!sign_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
