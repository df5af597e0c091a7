/* UTF-8: validity, folding, composition, Windows-1252. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/utf8.h"

struct valid_case {
    const char *bytes;
    bool valid;
    size_t code_points; /* malformed bytes count one each */
};

static const struct valid_case valid_cases[] = {
    {"", true, 0},
    {"abc", true, 3},
    {"é€🎉", true, 3},
    {"0123456789abcdef\xff", false, 17},
    {"\x80", false, 1},
    {"\xc3", false, 1},
    {"\xc0\xaf", false, 2},
    {"\xc1\xbf", false, 2},
    {"\xe0\x9f\xbf", false, 3},
    {"\xe0\xa0\x80", true, 1},
    {"\xed\x9f\xbf", true, 1},
    {"\xed\xa0\x80", false, 3},
    {"\xf0\x8f\xbf\xbf", false, 4},
    {"\xf0\x90\x80\x80", true, 1},
    {"\xf4\x8f\xbf\xbf", true, 1},
    {"\xf4\x90\x80\x80", false, 4},
    {"\xf5\x80\x80\x80", false, 4},
    {"\xe2\x82x", false, 3},
};

static void test_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid_cases / sizeof valid_cases[0]; i++) {
        const struct valid_case *c = &valid_cases[i];
        if (utf8_valid(c->bytes, strlen(c->bytes)) != c->valid ||
            utf8_length(c->bytes) != c->code_points) {
            fail_msg("case %zu: %s, %zu", i, c->bytes, utf8_length(c->bytes));
        }
    }
}

/* Every code point comes back as itself. */
static void test_round_trip(void **state)
{
    (void)state;
    struct strbuf buf;
    strbuf_init(&buf);
    for (uint32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 37) {
        strbuf_clear(&buf);
        utf8_append(&buf, c);
        const char *cursor = buf.bytes;
        uint32_t back = utf8_next(&cursor, buf.bytes + buf.length);
        bool surrogate = c >= 0xD800 && c < 0xE000;
        assert_int_equal(back, surrogate ? 0xFFFD : c);
        assert_ptr_equal(cursor, buf.bytes + buf.length);
    }
    strbuf_finish(&buf);
}

static const char *const folds[][2] = {
    {"L’Œuvre d’Ÿ", "l oeuvre d y"},
    {"Saint-Étienne-du-Rouvray", "saint etienne du rouvray"},
    {"ST ETIENNE  DU ROUVRAY", "st etienne du rouvray"},
    {"  (Æquo) ", "aequo"},
    {"STRASSE Straße", "strasse strasse"},
    {"Cœur", "coeur"},
    {"\u0152uvre n\u00b0\u00a03", "oeuvre n 3"},
    {"e\u0301te\u0301", "ete"},
    {"ﬁnance ½ №5", "finance 1 2 no5"},
    {"Ça, l'été ; NOËL !", "ca l ete noel"},
    {"co\u00adopérative", "cooperative"},
    {"ياسمين وزيزفون", "ياسمين وزيزفون"},
    {"مُحَمَّد", "محمد"},
    {"🎉", ""},
    {"---", ""},
    {"", ""},
    {"a\xff"
     "b",
     "a b"},
};

static void test_fold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++) {
        struct strbuf once;
        struct strbuf twice;
        strbuf_init(&once);
        strbuf_init(&twice);
        utf8_fold(folds[i][0], &once);
        assert_string_equal(once.bytes, folds[i][1]);
        utf8_fold(once.bytes, &twice);
        assert_string_equal(twice.bytes, once.bytes);
        strbuf_finish(&once);
        strbuf_finish(&twice);
    }
    struct strbuf buf;
    strbuf_init(&buf);
    strbuf_append(&buf, "before");
    utf8_fold(" É", &buf);
    assert_string_equal(buf.bytes, "beforee");
    strbuf_finish(&buf);
}

static const char *const composed[][2] = {
    {"abc", "abc"},
    {"e\u0301", "é"},
    {"É", "É"},
    {"\u212b", "Å"},
    {"a\u0323\u0302", "ậ"},
    {"ﬁ", "ﬁ"},
    {"l’été…", "l’été…"},
    {"é\xff", "é\uFFFD"},
    {"\u2000x", "\u2002x"},
    {"한국", "한국"},
    {"\u1112\u1161\u11ab", "한"},
};

static void test_compose(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof composed / sizeof composed[0]; i++) {
        struct strbuf buf;
        strbuf_init(&buf);
        utf8_compose(composed[i][0], &buf);
        assert_string_equal(buf.bytes, composed[i][1]);
        bool same = strcmp(composed[i][0], composed[i][1]) == 0;
        assert_int_equal(utf8_composed(composed[i][0]), same);
        assert_true(utf8_composed(buf.bytes));
        strbuf_finish(&buf);
    }
}

/* The quick answer about code points that stand alone agrees with the slow one. */
static void test_quick_composed(void **state)
{
    (void)state;
    struct strbuf one;
    struct strbuf slow;
    strbuf_init(&one);
    strbuf_init(&slow);
    for (uint32_t c = 1; c < 0x20000; c++) {
        if (c >= 0xD800 && c < 0xE000) {
            continue;
        }
        strbuf_clear(&one);
        strbuf_clear(&slow);
        strbuf_append_char(&one, 'e');
        utf8_append(&one, c);
        utf8_compose(one.bytes, &slow);
        bool expected = strcmp(slow.bytes, one.bytes) == 0;
        if (utf8_composed(one.bytes) != expected) {
            fail_msg("U+%04X", c);
        }
    }
    strbuf_finish(&one);
    strbuf_finish(&slow);
}

static void test_graphemes(void **state)
{
    (void)state;
    assert_int_equal(utf8_graphemes(""), 0);
    assert_int_equal(utf8_graphemes("été"), 3);
    assert_int_equal(utf8_graphemes("e\u0301te\u0301"), 3);
    assert_int_equal(utf8_graphemes("👩‍👩‍👧"), 1);
    assert_int_equal(utf8_graphemes("🇫🇷🇩🇪"), 2);
    assert_int_equal(utf8_graphemes("\xff\xff"), 2);
}

static void test_cp1252(void **state)
{
    (void)state;
    struct strbuf buf;
    strbuf_init(&buf);
    static const char text[] = "L\x92\x9cuvre co\xfbte 5 \x80\x85";
    assert_int_equal(utf8_from_cp1252(text, strlen(text), &buf), 0);
    assert_string_equal(buf.bytes, "L’œuvre coûte 5 €…");
    strbuf_clear(&buf);
    assert_int_equal(utf8_from_cp1252("\x81\x8d\x8f\x90\x9d\xff", 6, &buf), 5);
    assert_string_equal(buf.bytes, "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDÿ");
    strbuf_finish(&buf);
}

static void test_letters(void **state)
{
    (void)state;
    assert_true(utf8_is_letter('a') && utf8_is_letter(0xC9) && utf8_is_letter(0x627));
    assert_false(utf8_is_letter('1') || utf8_is_letter(' ') || utf8_is_letter(0x2019));
    assert_true(utf8_is_digit('0') && utf8_is_digit(0x661));
    assert_false(utf8_is_digit('a') || utf8_is_digit(0xBD));
    assert_int_equal(utf8_lower(0xC9), 0xE9);
    assert_int_equal(utf8_upper(0xFF), 0x178);
    assert_int_equal(utf8_lower('-'), '-');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),          cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_fold),           cmocka_unit_test(test_compose),
        cmocka_unit_test(test_quick_composed), cmocka_unit_test(test_graphemes),
        cmocka_unit_test(test_cp1252),         cmocka_unit_test(test_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
