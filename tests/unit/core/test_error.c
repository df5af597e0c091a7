/* Errors and languages: what a reader sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>

#include <cmocka.h>

#include "core/error.h"
#include "core/utf8.h"

struct text_case {
    const char *file;
    int line;
    const char *inner;
    const char *outer;
    const char *fr;
    const char *en;
};

static const struct text_case cases[] = {
    {NULL, 0, NULL, NULL, "12 manque", "12 is missing"},
    {"annuaire.csv", 0, NULL, NULL, "annuaire.csv : 12 manque", "annuaire.csv: 12 is missing"},
    {"annuaire.csv", 12, NULL, NULL, "annuaire.csv, ligne 12 : 12 manque",
     "annuaire.csv, line 12: 12 is missing"},
    {"annuaire.csv", 12, "SIRET", NULL, "annuaire.csv, ligne 12, champ SIRET : 12 manque",
     "annuaire.csv, line 12, field SIRET: 12 is missing"},
    {NULL, 0, "template", "slides[3]", "champ slides[3].template : 12 manque",
     "field slides[3].template: 12 is missing"},
    {NULL, 7, "[2]", "languages", "ligne 7, champ languages[2] : 12 manque",
     "line 7, field languages[2]: 12 is missing"},
};

static void test_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err = {.kind = ERROR_IO, .line = 99, .file = "old", .field = "old"};
        assert_false(error_set(&err, ERROR_INVALID, "%d manque", "%d is missing", 12));
        assert_int_equal(err.kind, ERROR_INVALID);
        error_at(&err, cases[i].file, cases[i].line);
        error_field(&err, cases[i].inner);
        error_field(&err, cases[i].outer);
        error_at(&err, NULL, 0);
        char text[256];
        assert_string_equal(error_text(&err, LANG_FR, text, sizeof text), cases[i].fr);
        assert_string_equal(error_text(&err, LANG_EN, text, sizeof text), cases[i].en);
    }
}

static void test_errno(void **state)
{
    (void)state;
    struct error err;
    error_set_errno(&err, ENOSPC, "écriture de %s", "writing %s", "x");
    assert_int_equal(err.kind, ERROR_IO);
    assert_string_equal(err.en, "writing x: No space left on device");
    assert_string_equal(err.fr, "écriture de x : plus de place sur le disque");
    error_set_errno(&err, EXDEV, "a", "b"); /* no word of ours for it */
    assert_memory_equal(err.fr, "a : ", strlen("a : "));
    assert_true(strlen(err.fr) > strlen("a : "));
}

static void test_null_error(void **state)
{
    (void)state;
    assert_false(error_set(NULL, ERROR_INVALID, "x", "x"));
    assert_false(error_set_errno(NULL, EIO, "x", "x"));
    error_at(NULL, "x", 1);
    error_field(NULL, "x");
    error_clear(NULL);
}

/* Whatever the length of the parts, the cut leaves whole characters. */
static void test_cut(void **state)
{
    (void)state;
    char longest[1200];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(longest, 'x', sizeof longest);
        for (size_t i = shift; i + 4 < sizeof longest; i += 4) {
            memcpy(longest + i, "🎉", 4);
        }
        longest[sizeof longest - 1 - (sizeof longest - 1 - shift) % 4] = '\0';
        struct error err;
        error_set(&err, ERROR_INVALID, "%s", "é%s", longest);
        error_at(&err, longest, 3);
        error_field(&err, longest);
        error_field(&err, longest);
        assert_true(utf8_valid(err.fr, strlen(err.fr)) && strlen(err.fr) > 370);
        assert_true(utf8_valid(err.en, strlen(err.en)));
        assert_true(utf8_valid(err.file, strlen(err.file)));
        assert_true(utf8_valid(err.field, strlen(err.field)));
        char text[700];
        for (size_t size = 1; size < sizeof text; size++) {
            error_text(&err, LANG_FR, text, size);
            assert_true(strlen(text) < size && utf8_valid(text, strlen(text)));
        }
    }
}

/* A message made of the same error's own text. */
static void test_own_text(void **state)
{
    (void)state;
    struct error err;
    error_set(&err, ERROR_IO, "cause", "reason");
    error_set(&err, ERROR_INVALID, "refusé (%s)", "refused (%s)", err.en);
    assert_string_equal(err.en, "refused (reason)");
    assert_string_equal(err.fr, "refusé (reason)");
}

struct environment_case {
    const char *lc_all;
    const char *lc_messages;
    const char *lang;
    enum lang expected;
};

static const struct environment_case environments[] = {
    {NULL, NULL, NULL, LANG_FR},         {NULL, NULL, "en_GB.UTF-8", LANG_EN},
    {NULL, "fr_FR", "en_US", LANG_FR},   {"EN", "fr_FR", "fr_FR", LANG_EN},
    {"", "", "en_US.UTF-8", LANG_EN},    {"C.UTF-8", NULL, "en_US", LANG_FR},
    {"de_DE", "en_US", "en_US", LANG_FR}};

static void put(const char *name, const char *value)
{
    if (value == NULL) {
        unsetenv(name);
    } else {
        setenv(name, value, 1);
    }
}

static void test_environment(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof environments / sizeof environments[0]; i++) {
        put("LC_ALL", environments[i].lc_all);
        put("LC_MESSAGES", environments[i].lc_messages);
        put("LANG", environments[i].lang);
        assert_int_equal(lang_from_environment(), environments[i].expected);
    }
}

static void test_lang_tags(void **state)
{
    (void)state;
    enum lang lang = LANG_EN;
    assert_true(lang_parse("fr-FR", &lang) && lang == LANG_FR);
    assert_true(lang_parse("EN", &lang) && lang == LANG_EN);
    assert_false(lang_parse("", &lang));
    assert_false(lang_parse("f", &lang));
    assert_false(lang_parse("fro", &lang));
    assert_false(lang_parse("de", &lang));
    assert_false(lang_parse(NULL, &lang));
    assert_string_equal(lang_tag(LANG_FR), "fr");
    assert_string_equal(lang_tag(LANG_EN), "en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),       cmocka_unit_test(test_errno),
        cmocka_unit_test(test_null_error), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_own_text),   cmocka_unit_test(test_environment),
        cmocka_unit_test(test_lang_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
