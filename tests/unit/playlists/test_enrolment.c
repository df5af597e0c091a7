/* Enrolment's codes: what the screen shows and what an administrator types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "playlists/enrolment.h"

/* SHA-256("vitrine-enrolment" ‖ key) worked out apart from this code. */
static void test_codes(void **state)
{
    (void)state;
    struct sign_public key;
    char code[ENROLMENT_CODE_SIZE];
    char fingerprint[ENROLMENT_FINGERPRINT_SIZE];
    for (size_t i = 0; i < sizeof key.bytes; i++) {
        key.bytes[i] = (uint8_t)i;
    }
    enrolment_code(&key, code);
    enrolment_fingerprint(&key, fingerprint);
    assert_string_equal(code, "YNJ7-8NH0");
    assert_string_equal(fingerprint, "9XEW-TDMD-9EQE-8ZJJ");
}

static const struct {
    const char *typed;
    const char *code; /* NULL: refused */
} typings[] = {
    {"K7QF-2M9D", "K7QF-2M9D"},
    {"k7qf2m9d", "K7QF-2M9D"},
    {" k7qf 2m9d ", "K7QF-2M9D"},
    {"K-7QF2-M9D", "K7QF-2M9D"},
    {"ilo0-OIL1", "1100-0111"},
    {"K7QF-2M9", NULL},
    {"K7QF-2M9DX", NULL},
    {"K7QF-2M9U", NULL},
    {"K7QF/2M9D", NULL},
    {"K7QF-2M9é", NULL},
    {"", NULL},
    {"--------", NULL},
};

static void test_typed_codes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof typings / sizeof typings[0]; i++) {
        char code[ENROLMENT_CODE_SIZE];
        bool ok = enrolment_code_normalise(typings[i].typed, code);
        if (ok != (typings[i].code != NULL) || (ok && strcmp(code, typings[i].code) != 0)) {
            fail_msg("%s", typings[i].typed);
        }
    }
    /* What a screen shows can be typed as it stands. */
    for (uint8_t i = 0; i < 200; i++) {
        struct sign_public key = {{i}};
        char shown[ENROLMENT_CODE_SIZE];
        char typed[ENROLMENT_CODE_SIZE];
        enrolment_code(&key, shown);
        assert_true(enrolment_code_normalise(shown, typed));
        assert_string_equal(shown, typed);
    }
}

static void test_message(void **state)
{
    (void)state;
    struct sign_public key = {{0xAB}};
    struct strbuf out;
    strbuf_init(&out);
    enrolment_message(&key, "challenge", &out);
    assert_string_equal(out.bytes,
                        "vitrine-enrolment\n"
                        "ab00000000000000000000000000000000000000000000000000000000000000"
                        "\nchallenge\n");
    strbuf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_typed_codes),
        cmocka_unit_test(test_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
