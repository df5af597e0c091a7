/* Hashes, hexadecimal, signatures, key files, tokens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/sign.h"

/* FIPS 180-4's examples, and the empty text. */
static const char *const sums[][2] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void test_sha256(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        struct sha256 sum;
        struct sha256 again;
        char hex[SHA256_HEX_SIZE];
        sha256_of(sums[i][0], strlen(sums[i][0]), &sum);
        sha256_to_hex(&sum, hex);
        assert_string_equal(hex, sums[i][1]);
        assert_true(sha256_from_hex(hex, &again) && sha256_equal(&sum, &again));
        struct sha256_stream *stream = sha256_stream_create();
        for (const char *c = sums[i][0]; *c != '\0'; c++) {
            sha256_stream_update(stream, c, 1);
        }
        sha256_stream_finish(stream, &again);
        assert_true(sha256_equal(&sum, &again));
        again.bytes[31] ^= 1;
        assert_false(sha256_equal(&sum, &again));
    }
    sha256_stream_destroy(sha256_stream_create());
    sha256_stream_destroy(NULL);
}

static void test_hex(void **state)
{
    (void)state;
    static const char *const refused[] = {"",       "0",      "00ff1",    "00ff112",
                                          "00FF11", "00ff1g", "00ff1100", " 0ff11"};
    uint8_t bytes[3];
    assert_true(hex_decode("00ff1a", bytes, 3));
    assert_memory_equal(bytes, "\x00\xff\x1a", 3);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (hex_decode(refused[i], bytes, 3)) {
            fail_msg("%s", refused[i]);
        }
    }
    char hex[7];
    hex_encode("\x00\xff\x1a", 3, hex);
    assert_string_equal(hex, "00ff1a");
}

static void test_signature(void **state)
{
    (void)state;
    static const char text[] = "le manifeste";
    struct sign_keys keys;
    struct sign_keys other;
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    sign_keys_generate(&keys);
    sign_keys_generate(&other);
    sign_bytes(&keys, text, sizeof text, signature);
    assert_true(sign_verify(&keys.public, text, sizeof text, signature));
    assert_false(sign_verify(&other.public, text, sizeof text, signature));
    assert_false(sign_verify(&keys.public, text, sizeof text - 1, signature));
    for (size_t i = 0; i < sizeof signature * 8; i++) {
        signature[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(sign_verify(&keys.public, text, sizeof text, signature));
        signature[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

/* RFC 8032, section 7.1, test 2. */
static void test_known_signature(void **state)
{
    (void)state;
    struct sign_public key;
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    assert_true(hex_decode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                           key.bytes, sizeof key.bytes));
    assert_true(hex_decode("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                           "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
                           signature, sizeof signature));
    assert_true(sign_verify(&key, "\x72", 1, signature));
}

static char folder[] = "/tmp/vitrine-keys-XXXXXX";

static void test_key_file(void **state)
{
    (void)state;
    char path[128];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key", folder);
    struct sign_keys made;
    struct sign_keys read;
    struct error err = {0};
    assert_true(sign_keys_load_or_create(path, &made, &err));
    assert_true(sign_keys_load_or_create(path, &read, &err));
    assert_memory_equal(&made, &read, sizeof made);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);

    /* Readable by others: refused, and left as it is. */
    assert_int_equal(chmod(path, 0644), 0);
    assert_false(sign_keys_load_or_create(path, &read, &err));
    assert_int_equal(err.kind, ERROR_DENIED);
    assert_string_equal(err.file, path);

    /* Damaged, too short, too long: never replaced. */
    static const size_t lengths[] = {0, 32, 63, 64, 65, 5000};
    char bytes[5000] = {1};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        assert_true(file_write_atomic(path, bytes, lengths[i], 0600, &err));
        assert_false(sign_keys_load_or_create(path, &read, &err));
        assert_int_equal(err.kind, ERROR_INVALID);
        int64_t size;
        assert_true(file_size(path, &size) && size == (int64_t)lengths[i]);
    }
    unlink(path);
    rmdir(folder);
    assert_false(sign_keys_load_or_create(path, &read, &err));
    assert_int_equal(err.kind, ERROR_IO);
}

static void test_random(void **state)
{
    (void)state;
    char first[161];
    char second[161];
    uint8_t bytes[80];
    random_token(first, 80);
    random_token(second, 80);
    assert_int_equal(strlen(first), 160);
    assert_true(hex_decode(first, bytes, 80));
    assert_string_not_equal(first, second);
    random_token(first, 0);
    assert_string_equal(first, "");
    assert_true(constant_time_equal("abc", "abd", 2));
    assert_false(constant_time_equal("abc", "abd", 3));
}

static int start(void **state)
{
    (void)state;
    return sign_init() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256),    cmocka_unit_test(test_hex),
        cmocka_unit_test(test_signature), cmocka_unit_test(test_known_signature),
        cmocka_unit_test(test_key_file),  cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
