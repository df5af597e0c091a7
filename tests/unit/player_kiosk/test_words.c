/* Strings, monograms and what a phone takes along. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "core/utf8.h"
#include "player/kiosk/kiosk_cards.h"
#include "player/kiosk/kiosk_strings.h"
#include "player/kiosk/kiosk_vcard.h"

static void test_every_string_in_both_languages(void **state)
{
    (void)state;
    for (int string = 0; string < KIOSK_STRINGS; string++) {
        for (int lang = LANG_FR; lang <= LANG_EN; lang++) {
            const char *text = kiosk_strings_get((enum kiosk_string)string, (enum lang)lang);
            if (text == NULL || text[0] == '\0' || !utf8_valid(text, strlen(text)))
                fail_msg("string %d is missing in %s", string, lang_tag((enum lang)lang));
        }
    }
}

static void test_counts(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        enum lang lang;
        const char *text;
    } cases[] = {
        {0, LANG_FR, "0\u00a0structure"},
        {1, LANG_FR, "1\u00a0structure"},
        {46, LANG_FR, "46\u00a0structures"},
        {100000, LANG_FR, "100\u202f000\u00a0structures"},
        {0, LANG_EN, "0\u00a0organisations"},
        {1, LANG_EN, "1\u00a0organisation"},
        {1046, LANG_EN, "1,046\u00a0organisations"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct strbuf text;
        strbuf_init(&text);
        kiosk_strings_count(cases[i].count, cases[i].lang, &text);
        assert_string_equal(text.bytes, cases[i].text);
        strbuf_finish(&text);
    }
}

static void test_places(void **state)
{
    (void)state;
    static const struct {
        const char *floor, *office;
        enum lang lang;
        const char *text;
    } cases[] = {
        {"0", "A2", LANG_FR, "rez-de-chaussée · bureau\u00a0A2"},
        {"1", "", LANG_FR, "1er\u00a0étage"},
        {"2", "214", LANG_FR, "2e\u00a0étage · bureau\u00a0214"},
        {"rdc", "", LANG_EN, "ground floor"},
        {"1", "", LANG_EN, "1st\u00a0floor"},
        {"2", "", LANG_EN, "2nd\u00a0floor"},
        {"11", "", LANG_EN, "11th\u00a0floor"},
        {"23", "", LANG_EN, "23rd\u00a0floor"},
        {"mezzanine", "", LANG_FR, "mezzanine"},
        {"", "12", LANG_FR, "bureau\u00a012"},
        {"", "", LANG_FR, ""},
        {"99999999999999999999", "", LANG_FR, "99999999999999999999"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct strbuf text;
        strbuf_init(&text);
        kiosk_strings_place(cases[i].floor, cases[i].office, cases[i].lang, &text);
        assert_string_equal(text.bytes, cases[i].text);
        strbuf_finish(&text);
    }
}

static void test_monograms(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"La Seconde Rive", "SR"},
        {"Matmut", "M"},
        {"L’Œuvre Utile", "ŒU"},
        {"À la Bonne Écoute", "BÉ"},
        {"Octets & Compagnie", "OC"},
        {"la", "L"},
        {"", ""},
        {"« 100 % terre »", "1T"},
        {"d'ici et d'ailleurs", "IA"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct strbuf text;
        strbuf_init(&text);
        kiosk_cards_monogram(cases[i][0], &text);
        assert_string_equal(text.bytes, cases[i][1]);
        strbuf_finish(&text);
    }
}

static struct directory_organisation entry_with(const char *name, const char *phone,
                                                const char *address)
{
    return (struct directory_organisation){.id = "a",
                                           .name = name,
                                           .sign = "",
                                           .family = "",
                                           .types = "",
                                           .activity = "",
                                           .summary = "",
                                           .offer = "",
                                           .address = address,
                                           .postcode = "76000",
                                           .commune = "Rouen",
                                           .phone = phone,
                                           .email = "",
                                           .website = "",
                                           .hours = "",
                                           .site_id = "",
                                           .floor = "",
                                           .office = ""};
}

static void test_vcard(void **state)
{
    (void)state;
    struct directory_organisation entry =
        entry_with("Bois; fer, \\ Cie\nNEW:x", "02 61 91 00 00", "1, rue A");
    struct strbuf card;
    strbuf_init(&card);
    assert_true(kiosk_vcard_write(&entry, false, &card));
    assert_non_null(strstr(card.bytes, "FN:Bois\\; fer\\, \\\\ Cie\\nNEW:x\r\n"));
    assert_non_null(strstr(card.bytes, "TEL:02 61 91 00 00\r\n"));
    assert_non_null(strstr(card.bytes, "ADR:;;1\\, rue A;Rouen;;76000;\r\n"));
    assert_null(strstr(card.bytes, "EMAIL"));
    strbuf_clear(&card);
    assert_true(kiosk_vcard_write(&entry, true, &card));
    assert_null(strstr(card.bytes, "ADR"));
    strbuf_clear(&card);
    entry = entry_with("Muette", "", "");
    assert_false(kiosk_vcard_write(&entry, false, &card));
    assert_int_equal(card.length, 0);
    strbuf_finish(&card);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_string_in_both_languages),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_monograms),
        cmocka_unit_test(test_vcard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
