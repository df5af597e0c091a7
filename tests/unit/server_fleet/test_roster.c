/* The fleet in memory: tokens find their screens, manifests are handed over while they are held. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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
    struct wanted wish = {.screen = "a",
                          .id = "0123456789abcdef0123456789abcdef",
                          .kind = WANTED_SCREENSHOT,
                          .expires_ms = 99000};
    struct roster *roster = roster_create();
    struct roster_wish told;

    (void)state;
    assert_false(roster_take_wish(roster, "a", 1000, &told));
    uint64_t key = roster_set_wish(roster, &wish);
    assert_int_equal(roster_set_wish(roster, &wish), key);
    assert_false(roster_take_wish(roster, "b", 1000, &told));
    assert_int_equal(roster_wish_told(roster, "a", wish.id), 0);
    assert_true(roster_take_wish(roster, "a", 1000, &told));
    assert_string_equal(told.id, wish.id);
    assert_string_equal(told.kind, "screenshot");
    assert_int_equal(roster_wish_told(roster, "a", wish.id), 1000);
    assert_false(roster_take_wish(roster, "a", 1001, &told));
    assert_false(roster_take_wish(roster, "a", 1000 + ROSTER_TELL_AGAIN_MS - 1, &told));
    assert_true(roster_take_wish(roster, "a", 1000 + ROSTER_TELL_AGAIN_MS, &told));
    roster_set_wish(roster, &wish); /* the same again, as a refresh does */
    assert_false(roster_take_wish(roster, "a", 1001 + ROSTER_TELL_AGAIN_MS, &told));
    wish.id = "fedcba9876543210fedcba9876543210";
    roster_set_wish(roster, &wish);
    assert_true(roster_take_wish(roster, "a", 1002 + ROSTER_TELL_AGAIN_MS, &told));
    assert_string_equal(told.id, wish.id);
    assert_true(roster_take_wish(roster, "a", 500, &told)); /* a clock that was set back */
    assert_false(roster_take_wish(roster, "a", 99000, &told));
    wish.expires_ms = 999000;
    roster_set_wish(roster, &wish);
    roster_drop_wish(roster, "a", "0123456789abcdef0123456789abcdef"); /* an older one's answer */
    assert_true(roster_take_wish(roster, "a", 200000, &told));
    roster_drop_wish(roster, "a", wish.id);
    assert_false(roster_take_wish(roster, "a", 300000, &told));
    roster_destroy(roster);
}

/* One after the other, and the restart last: it would take the others with it. */
static void test_wishes_of_several_kinds(void **state)
{
    struct wanted wishes[] = {
        {.screen = "a", .id = "r", .kind = WANTED_RESTART, .expires_ms = 9000},
        {.screen = "a", .id = "s", .kind = WANTED_SCREENSHOT, .expires_ms = 9000},
        {.screen = "a", .id = "i", .kind = WANTED_IDENTIFY, .number = 3, .expires_ms = 9000},
    };
    static const char *const order[] = {"i", "s", "r"};
    struct roster *roster = roster_create();
    struct roster_wish told;

    (void)state;
    for (size_t i = 0; i < 3; i++)
        roster_set_wish(roster, &wishes[i]);
    for (size_t i = 0; i < 3; i++) {
        assert_true(roster_take_wish(roster, "a", 1000, &told));
        assert_string_equal(told.id, order[i]);
        assert_int_equal(told.number, i == 0 ? 3 : 0);
    }
    assert_false(roster_take_wish(roster, "a", 1000, &told));
    roster_destroy(roster);
}

static void inflate_into(const unsigned char *bytes, size_t size, char *out, size_t room,
                         size_t *length_out)
{
    z_stream stream = {.next_in = (void *)(uintptr_t)bytes,
                       .avail_in = (uInt)size,
                       .next_out = (unsigned char *)out,
                       .avail_out = (uInt)room};

    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    *length_out = stream.total_out;
    inflateEnd(&stream);
}

static void put_parts(struct roster *roster, const char *screen, int version, const char *head,
                      const char *tail)
{
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];

    sha256_of(tail, strlen(tail), &sum);
    sha256_to_hex(&sum, hex);
    roster_set_manifest(roster, &(struct manifest_record){.screen = screen,
                                                          .epoch = 2,
                                                          .version = version,
                                                          .sealed = head,
                                                          .sealed_size = strlen(head),
                                                          .tail_sum = hex,
                                                          .tail = tail,
                                                          .tail_size = strlen(tail)});
}

static void test_what_screens_share_is_compressed_once(void **state)
{
    struct roster *roster = roster_create();
    char etag[ROSTER_ETAG_SIZE], tail[20000], back[30000];
    static const char *const screens[] = {"a", "b", "c"};
    size_t size, length;

    (void)state;
    for (size_t i = 0; i < sizeof(tail) - 1; i++)
        tail[i] = (char)('a' + i * i % 23);
    tail[sizeof(tail) - 1] = '\0';
    for (int i = 0; i < 3; i++)
        put_parts(roster, screens[i], i + 1, i == 1 ? "the head of b " : "head ", tail);
    put_parts(roster, "a", 9, "another head ", tail); /* b and c go on using the tail */
    for (int i = 0; i < 3; i++) {
        const char *head = i == 0 ? "another head " : i == 1 ? "the head of b " : "head ";
        unsigned char *bytes = roster_manifest_gzip(roster, screens[i], etag, &size);
        assert_non_null(bytes);
        assert_true(size < sizeof(tail));
        inflate_into(bytes, size, back, sizeof(back), &length);
        free(bytes);
        assert_int_equal(length, strlen(head) + strlen(tail));
        assert_memory_equal(back, head, strlen(head));
        assert_memory_equal(back + strlen(head), tail, strlen(tail));
        const struct roster_manifest *plain = roster_manifest(roster, screens[i]);
        assert_int_equal(plain->size, length);
        assert_memory_equal(plain->bytes, back, length);
        roster_release(roster, plain);
    }
    assert_string_equal(etag, "2-3");
    put_manifest(roster, "a", 10, "newer");
    assert_null(roster_manifest_gzip(roster, "a", etag, &size)); /* gets no shorter */
    roster_destroy(roster);
}

struct noticed {
    int count;
    char who[200];
};

static void handle_clone(void *context, const char *screen, const char *who)
{
    struct noticed *noticed = context;

    assert_string_equal(screen, "a");
    noticed->count++;
    snprintf(noticed->who, sizeof(noticed->who), "%s", who);
}

/* Each letter is a question of one start of a player, a minute apart; '+' is a quarter of an hour.
 */
static void test_clones(void **state)
{
    static const struct {
        const char *questions;
        int noticed;
    } cases[] = {
        {"aaaa", 0},       {"ababab", 1},   {"aabbaabbaa", 1}, /* two machines */
        {"abcabcabc", 1},                                      /* three */
        {"aaabbbccc", 0},                                      /* starts anew, and again */
        {"abcdefghij", 0},                                     /* cannot start */
        {"aabab", 0},      {"aaabaabb", 0},                    /* one question came late */
        {"aba+bba+ab", 0},                                     /* not within minutes */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct roster *roster = roster_create();
        struct noticed noticed = {0};
        int64_t now_ms = 1000;
        for (const char *at = cases[i].questions; *at != '\0'; at++) {
            char boot[ROSTER_BOOT_SIZE], peer[16];
            memset(boot, *at, sizeof(boot) - 1);
            boot[sizeof(boot) - 1] = '\0';
            snprintf(peer, sizeof(peer), "10.0.0.%d", *at - 'a');
            now_ms += *at == '+' ? 900000 : 60000;
            if (*at != '+')
                roster_note_boot(roster, "a", boot, peer, now_ms);
        }
        roster_take_clones(roster, handle_clone, &noticed);
        if (noticed.count != cases[i].noticed)
            fail_msg("%s: noticed %d times", cases[i].questions, noticed.count);
        if (i == 1)
            assert_string_equal(noticed.who, "bbbbbbbb (10.0.0.1), aaaaaaaa (10.0.0.0)");
        roster_take_clones(roster, handle_clone, &noticed);
        assert_int_equal(noticed.count, cases[i].noticed); /* told once */
        roster_destroy(roster);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thousands_of_screens_are_told_apart),
        cmocka_unit_test(test_a_new_token_ends_the_old_one),
        cmocka_unit_test(test_tokens_that_are_none),
        cmocka_unit_test(test_a_held_manifest_outlives_its_successor),
        cmocka_unit_test(test_a_wish_is_told_now_and_then),
        cmocka_unit_test(test_wishes_of_several_kinds),
        cmocka_unit_test(test_what_screens_share_is_compressed_once),
        cmocka_unit_test(test_clones),
    };

    if (!sign_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
