/* French typography: the tables tests/cases/typography.test and capitals.test, words, dates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/civil.h"
#include "core/utf8.h"
#include "playlists/typography.h"

/* The tables' signs for what cannot be seen. */
static void unfold(const char *text, struct strbuf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '~') {
            strbuf_append(out, "\u00A0");
        } else if (*text == '^') {
            strbuf_append(out, "\u202F");
        } else if (*text == '|') {
            strbuf_append(out, "\n");
        } else if (text[0] == '\\' && text[1] == 't') {
            strbuf_append(out, "\t");
            text++;
        } else {
            strbuf_append_char(out, *text);
        }
    }
}

typedef void conversion(const char *text, struct strbuf *out);

static void french(const char *text, struct strbuf *out)
{
    typography_apply(text, LANG_FR, out);
}

static void english(const char *text, struct strbuf *out)
{
    typography_apply(text, LANG_EN, out);
}

static void check(conversion *convert, const char *before, const char *after, const char *where)
{
    struct strbuf once;
    struct strbuf twice;
    strbuf_init(&once);
    strbuf_init(&twice);
    convert(before, &once);
    if (strcmp(once.bytes, after) != 0) {
        fail_msg("%s: \"%s\" gives \"%s\", not \"%s\"", where, before, once.bytes, after);
    }
    convert(once.bytes, &twice);
    if (strcmp(twice.bytes, once.bytes) != 0) {
        fail_msg("%s: \"%s\" changes again to \"%s\"", where, once.bytes, twice.bytes);
    }
    strbuf_finish(&once);
    strbuf_finish(&twice);
}

/* Lines "before => after" and "= same". */
static void check_table(const char *name, conversion *convert, bool signs)
{
    char path[512];
    char line[1024];
    int number = 0;
    int cases = 0;
    snprintf(path, sizeof path, "%s/cases/%s", TESTS_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') {
            continue;
        }
        char where[600];
        snprintf(where, sizeof where, "%s, line %d", name, number);
        char *before = line;
        char *after = strstr(line, "=> ");
        if (line[0] == '=') {
            before = line + (line[1] == '\0' ? 1 : 2);
            after = before;
        } else if (after != NULL) {
            after[after[-1] == ' ' ? -1 : 0] = '\0';
            after += strlen("=> ");
        } else {
            fail_msg("%s: no \"=>\"", where);
        }
        struct strbuf from;
        struct strbuf to;
        strbuf_init(&from);
        strbuf_init(&to);
        if (signs) {
            unfold(before, &from);
            unfold(after, &to);
        } else {
            strbuf_append(&from, before);
            strbuf_append(&to, after);
        }
        check(convert, from.bytes, to.bytes, where);
        strbuf_finish(&from);
        strbuf_finish(&to);
        cases++;
    }
    fclose(file);
    assert_true(cases > 40);
}

static void test_french(void **state)
{
    (void)state;
    check_table("typography.test", french, true);
}

static void test_capitals(void **state)
{
    (void)state;
    check_table("capitals.test", typography_capitals_to_title, false);
}

/* The registers' abbreviations that the word table writes out, folded, as words of their own. */
static void write_out(struct strbuf *folded)
{
    static const char *const words[][2] = {{" ctre ", " centre "},
                                           {" develpt ", " developpement "}};
    struct strbuf out;

    strbuf_init(&out);
    strbuf_printf(&out, " %s ", folded->bytes);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char *at = strstr(out.bytes, words[i][0]);
        if (at != NULL) {
            struct strbuf rest;
            strbuf_init(&rest);
            strbuf_append(&rest, at + strlen(words[i][0]));
            out.length = (size_t)(at - out.bytes);
            strbuf_append(&out, words[i][1]);
            strbuf_append(&out, rest.bytes);
            strbuf_finish(&rest);
        }
    }
    strbuf_clear(folded);
    strbuf_append_bytes(folded, out.bytes + 1, out.length - 2);
    strbuf_finish(&out);
}

/* Every field of a real directory in capitals: case, accents and apostrophes change, no letter does
 * but where an abbreviation is written out, and no word of six letters or more is left in
 * capitals. */
static void test_real_directory(void **state)
{
    (void)state;
    FILE *file = fopen(SHARED_DATA_DIR "/annuaire/2019_07_liste_siae_76.csv", "r");
    if (file == NULL) {
        print_message("shared data are absent\n");
        skip();
    }
    char line[4096];
    assert_non_null(fgets(line, sizeof line, file)); /* the header */
    while (fgets(line, sizeof line, file) != NULL) {
        char *rest = line;
        for (char *field = strsep(&rest, ";\n"); field != NULL; field = strsep(&rest, ";\n")) {
            struct strbuf title;
            struct strbuf before;
            struct strbuf after;
            strbuf_init(&title);
            strbuf_init(&before);
            strbuf_init(&after);
            typography_capitals_to_title(field, &title);
            utf8_fold(field, &before);
            utf8_fold(title.bytes, &after);
            if (before.length > 0) {
                write_out(&before);
            }
            assert_string_equal(before.bytes, after.bytes);
            size_t run = 0;
            for (const char *c = title.bytes; *c != '\0'; c++) {
                run = *c >= 'A' && *c <= 'Z' ? run + 1 : 0;
                assert_true(run < 6);
            }
            strbuf_finish(&title);
            strbuf_finish(&before);
            strbuf_finish(&after);
        }
    }
    fclose(file);
}

/* English keeps its signs where they are. */
static void test_english(void **state)
{
    (void)state;
    check(english, "It's 12 € at 6:30 pm: really? Yes!", "It’s 12 € at 6:30 pm: really? Yes!", "");
    check(english, " a  b\t", "a b", "");
    check(english, "etc...", "etc...", "");
}

/* Composition, control characters, malformed bytes. */
static void test_cleaning(void **state)
{
    (void)state;
    check(french, "e\u0301te\u0301", "été", "composed");
    check(french, "e\x01\u0301", "é", "a control character between letter and accent");
    check(french,
          "a\x7f\xc2\x85\uFEFF"
          "b\r\nc\rd",
          "ab\nc\nd", "control characters");
    check(french, "a\xff!", "a\uFFFD\u202F!", "malformed");
    check(french, "un\u2003mot\u3000ici", "un mot ici", "wide spaces");
    check(french, "", "", "nothing");
    check(french, " \t\u00A0", "", "spaces only");
}

/* Whatever comes in, a second pass changes nothing, and what comes out can be drawn. */
static void test_idempotent(void **state)
{
    (void)state;
    static const char *const parts[] = {
        " ",   "  ", "\u00A0", "\u202F", "!",   "?",      ":",   ";",    "«",    "»",   "12",
        "€",   "%",  "h",      "a",      "É",   "'",      "’",   "\n",   "(",    ")",   ".",
        "...", "…",  "n°",     "M.",     "1er", "mai",    "://", "@",    "www.", "000", "\"",
        "-",   "/",  "\u0301", "\x01",   "🎉",   "\u200D", "م",   "\xff", "\t"};
    const uint32_t count = sizeof parts / sizeof parts[0];
    uint32_t random = 88172645;
    for (int i = 0; i < 60000; i++) {
        struct strbuf text;
        struct strbuf once;
        struct strbuf twice;
        strbuf_init(&text);
        strbuf_init(&once);
        strbuf_init(&twice);
        for (int j = 0; j < 8; j++) {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            strbuf_append(&text, parts[random % count]);
        }
        enum lang lang = i % 4 == 0 ? LANG_EN : LANG_FR;
        typography_apply(text.bytes, lang, &once);
        typography_apply(once.bytes, lang, &twice);
        if (strcmp(once.bytes, twice.bytes) != 0) {
            fail_msg("\"%s\" gives \"%s\", then \"%s\"", text.bytes, once.bytes, twice.bytes);
        }
        assert_true(utf8_composed(once.bytes));
        assert_int_equal(strspn(once.bytes, " "), 0);
        strbuf_clear(&once);
        typography_capitals_to_title(text.bytes, &once);
        strbuf_finish(&text);
        strbuf_finish(&once);
        strbuf_finish(&twice);
    }
}

static const struct {
    const char *text;
    size_t words;
} word_cases[] = {{"", 0},
                  {"  ", 0},
                  {"un", 1},
                  {"un deux\ntrois", 3},
                  {"Quoi\u202F? Oui\u00A0!", 2},
                  {"«\u00A0Rien ne se jette\u00A0»", 4},
                  {"12\u00A0€ – 20\u00A0%", 2},
                  {"l’économie sociale", 2},
                  {"🎉 … —", 0},
                  {"ياسمين وزيزفون", 2},
                  {"18\u00A0h\u00A030", 3}};

static void test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof word_cases / sizeof word_cases[0]; i++) {
        if (typography_words(word_cases[i].text) != word_cases[i].words) {
            fail_msg("\"%s\": %zu", word_cases[i].text, typography_words(word_cases[i].text));
        }
    }
}

static const struct {
    int year, month, day;
    bool with_year;
    const char *fr;
    const char *en;
} date_cases[] = {
    {2026, 11, 24, false, "mardi 24\u00A0novembre", "Tuesday 24\u00A0November"},
    {2026, 11, 24, true, "mardi 24\u00A0novembre 2026", "Tuesday 24\u00A0November 2026"},
    {2027, 1, 1, false, "vendredi 1er\u00A0janvier", "Friday 1\u00A0January"},
    {2028, 2, 29, false, "mardi 29\u00A0février", "Tuesday 29\u00A0February"},
    {2026, 8, 2, false, "dimanche 2\u00A0août", "Sunday 2\u00A0August"},
};

static const struct {
    int minutes;
    const char *fr;
    const char *en;
} time_cases[] = {
    {0, "0\u00A0h", "12\u00A0am"},
    {5, "0\u00A0h\u00A005", "12:05\u00A0am"},
    {540, "9\u00A0h", "9\u00A0am"},
    {720, "12\u00A0h", "12\u00A0pm"},
    {1110, "18\u00A0h\u00A030", "6:30\u00A0pm"},
    {1439, "23\u00A0h\u00A059", "11:59\u00A0pm"},
    {1440, "24\u00A0h", "12\u00A0am"},
};

static void check_text(struct strbuf *text, const char *expected)
{
    assert_string_equal(text->bytes, expected);
    /* Ready to draw: typography has nothing to add. */
    check(french, text->bytes, text->bytes, "date or time");
    strbuf_clear(text);
}

static void test_dates_and_times(void **state)
{
    (void)state;
    struct strbuf text;
    strbuf_init(&text);
    for (size_t i = 0; i < sizeof date_cases / sizeof date_cases[0]; i++) {
        int64_t days = civil_days(date_cases[i].year, date_cases[i].month, date_cases[i].day);
        typography_date(days, LANG_FR, date_cases[i].with_year, &text);
        check_text(&text, date_cases[i].fr);
        typography_date(days, LANG_EN, date_cases[i].with_year, &text);
        check_text(&text, date_cases[i].en);
    }
    for (size_t i = 0; i < sizeof time_cases / sizeof time_cases[0]; i++) {
        typography_time(time_cases[i].minutes, LANG_FR, &text);
        check_text(&text, time_cases[i].fr);
        typography_time(time_cases[i].minutes, LANG_EN, &text);
        check_text(&text, time_cases[i].en);
    }
    strbuf_finish(&text);
}

static void test_initials(void **state)
{
    (void)state;
    static const char *const names[] = {"Boulangerie-café de l’Île",
                                        "Éclat",
                                        "œuvre",
                                        "L’Établi",
                                        "123 Soleil",
                                        "ياسمين",
                                        "« Zut »",
                                        "",
                                        "🎉 Fête",
                                        "ÆON"};
    static const char initials[] = "BEOL##Z#FA";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (typography_initial(names[i]) != initials[i]) {
            fail_msg("%s: %c", names[i], typography_initial(names[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_french),         cmocka_unit_test(test_capitals),
        cmocka_unit_test(test_real_directory), cmocka_unit_test(test_english),
        cmocka_unit_test(test_cleaning),       cmocka_unit_test(test_idempotent),
        cmocka_unit_test(test_words),          cmocka_unit_test(test_dates_and_times),
        cmocka_unit_test(test_initials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
