/* Codes of telephones: the vectors of RFC 6238 (Appendix B) and of RFC 4648, the window, replay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/auth/totp.h"

static const uint8_t secret[] = "12345678901234567890";
#define SECRET_SIZE (sizeof(secret) - 1)

static void test_rfc_6238(void **state)
{
    static const struct {
        int64_t time_s;
        uint32_t code;
    } vectors[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                   {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};

    (void)state;
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
        assert_int_equal(totp_code(secret, SECRET_SIZE, totp_step_at(vectors[i].time_s * 1000), 8),
                         vectors[i].code);
}

static const char *code_at(int64_t step)
{
    static char text[8];

    snprintf(text, sizeof(text), "%06u", totp_code(secret, SECRET_SIZE, step, 6));
    return text;
}

static void test_window_and_replay(void **state)
{
    const int64_t now_ms = INT64_C(1795000000000), now = totp_step_at(now_ms);
    static const struct {
        int64_t offset, last; /* of the code, and of the last one used; in steps from now */
        bool right;
    } cases[] = {{0, -9, true},  {-1, -9, true}, {1, -9, true},   {-2, -9, false},
                 {2, -9, false}, {0, 0, false},  {-1, -1, false}, {0, -1, true},
                 {-1, 0, false}, {1, 0, true},   {1, 1, false}};
    int64_t step;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool right = totp_matches(secret, SECRET_SIZE, now_ms, now + cases[i].last,
                                  code_at(now + cases[i].offset), &step);
        assert_int_equal(right, cases[i].right);
        if (right)
            assert_int_equal(step, now + cases[i].offset);
    }
}

static void test_what_is_no_code(void **state)
{

    static const char *const wrong[] = {"",       "28708",   "0287082",      "287 08",  "28708x",
                                        "-87082", "2870823", "２８７０８２", "287082 7"};
    int64_t step;

    (void)state;
    assert_true(totp_matches(secret, SECRET_SIZE, 59000, 0, "287082", &step));
    assert_true(totp_matches(secret, SECRET_SIZE, 59000, 0, " 287 082 ", &step));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(totp_matches(secret, SECRET_SIZE, 59000, 0, wrong[i], &step));
    assert_true(totp_matches(secret, SECRET_SIZE, INT64_C(1111111109000), 0, "081804", &step));
    assert_false(totp_matches(secret, SECRET_SIZE, INT64_C(1111111109000), 0, "81804", &step));
}

static void test_base32(void **state)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {{"", ""},
                 {"f", "MY"},
                 {"fo", "MZXQ"},
                 {"foo", "MZXW6"},
                 {"foob", "MZXW6YQ"},
                 {"fooba", "MZXW6YTB"},
                 {"foobar", "MZXW6YTBOI"}};
    char text[32];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        totp_base32((const uint8_t *)cases[i].bytes, strlen(cases[i].bytes), text);
        assert_string_equal(text, cases[i].text);
    }
}

static void test_uri(void **state)
{
    struct arena *arena = arena_create();

    (void)state;
    assert_string_equal(totp_uri(arena, "zoé&secret=x", "MZXW6"),
                        "otpauth://totp/Vitrine:zo%C3%A9%26secret%3Dx?secret=MZXW6&issuer=Vitrine");
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rfc_6238),
        cmocka_unit_test(test_window_and_replay),
        cmocka_unit_test(test_what_is_no_code),
        cmocka_unit_test(test_base32),
        cmocka_unit_test(test_uri),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
