/* Slides: what a slide may be, and how long it takes to read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "core/strbuf.h"
#include "playlists/slide.h"
#include "playlists/template.h"

static struct slide portrait(void)
{
    return (struct slide){
        .id = "portrait-1",
        .template = "portrait",
        .subject = "portrait-1",
        .organisation = "org-1",
        .title = "Awa Lecacheux",
        .lang = "fr",
        .link = "",
        .duration_ms = 12000,
        .text_count = 3,
        .texts = {{"company", "La Seconde Rive"},
                  {"leader", "Awa Lecacheux"},
                  {"quote", "Rien ne se jette : ni les objets, ni les gens."}},
        .picture_count = 1,
        .pictures = {{.slot = "photo", .focal_x = 0.5, .focal_y = 1, .alt = "", .credit = ""}},
    };
}

static char long_text[SLIDE_TEXT_BYTES_MAX + 2];

typedef void change(struct slide *slide);

#define CHANGE(name, statement)                                                                    \
    static void change_##name(struct slide *s)                                                     \
    {                                                                                              \
        statement;                                                                                 \
    }

CHANGE(none, (void)s)
CHANGE(story, s->texts[3] = ((struct slide_text){"story", "a\nb"}); s->text_count = 4)
CHANGE(longest, s->texts[2].text = long_text + 1)
CHANGE(lang, s->lang = "pt-BR")
CHANGE(link, s->link = "https://vitrine.example/é?x=1&y=2")
CHANGE(mail, s->link = "mailto:contact@vitrine.example")
CHANGE(shortest, s->duration_ms = 1000)
CHANGE(slowest, s->duration_ms = 600000)
CHANGE(short_name, s->template = "x9_")
CHANGE(empty, s->texts[1].text = "")
CHANGE(arabic, s->texts[0].text = "ياسمين وزيزفون 🎉")

static change *const accepted[] = {change_none,     change_story,   change_longest,    change_lang,
                                   change_link,     change_mail,    change_short_name, change_empty,
                                   change_shortest, change_slowest, change_arabic};

CHANGE(template, s->template = "../film")
CHANGE(no_template, s->template = NULL)
CHANGE(no_id, s->id = "")
CHANGE(null_id, s->id = NULL)
CHANGE(null_title, s->title = NULL)
CHANGE(no_lang, s->lang = "")
CHANGE(bad_lang, s->lang = "français")
CHANGE(script, s->link = "javascript:alert(1)")
CHANGE(spaced_link, s->link = "https://a.fr/b c")
CHANGE(bare_link, s->link = "https://")
CHANGE(fast, s->duration_ms = 999)
CHANGE(slow, s->duration_ms = 600001)
CHANGE(null_text, s->texts[1].text = NULL)
CHANGE(slot, s->texts[1].slot = "Price")
CHANGE(no_slot, s->texts[1].slot = NULL)
CHANGE(long_slot, s->texts[1].slot = "a1234567890123456789012345678901234567890")
CHANGE(twice, s->texts[3] = s->texts[1]; s->text_count = 4)
CHANGE(too_long, s->texts[2].text = long_text)
CHANGE(tab, s->texts[2].text = "a\tb")
CHANGE(c1, s->texts[2].text = "a\xc2\x85")
CHANGE(decomposed, s->texts[2].text = "e\xcc\x81")
CHANGE(utf8, s->texts[2].text = "a\xff")
CHANGE(no_film, s->has_video = true)
CHANGE(long_film, s->has_video = true; s->video.length_ms = SLIDE_VIDEO_MS_MAX + 1)
CHANGE(too_many, s->text_count = SLIDE_TEXTS_MAX + 1)
CHANGE(picture_slot, s->pictures[0].slot = "background")
CHANGE(picture_twice, s->pictures[1] = s->pictures[0]; s->picture_count = 2)
CHANGE(pictures, s->picture_count = SLIDE_PICTURES_MAX + 1)
CHANGE(focal, s->pictures[0].focal_x = -0.01)
CHANGE(focal_nan, s->pictures[0].focal_y = NAN)
CHANGE(alt, s->pictures[0].alt = NULL)

static const struct {
    change *change;
    const char *field;
} refused[] = {
    {change_template, "template"},
    {change_no_template, "template"},
    {change_no_id, "id"},
    {change_null_id, "id"},
    {change_null_title, "title"},
    {change_no_lang, "lang"},
    {change_bad_lang, "lang"},
    {change_script, "link"},
    {change_spaced_link, "link"},
    {change_bare_link, "link"},
    {change_fast, "duration_ms"},
    {change_slow, "duration_ms"},
    {change_null_text, "texts.leader"},
    {change_slot, "texts"},
    {change_no_slot, "texts"},
    {change_long_slot, "texts"},
    {change_twice, "texts.leader"},
    {change_too_long, "texts.quote"},
    {change_tab, "texts.quote"},
    {change_c1, "texts.quote"},
    {change_decomposed, "texts.quote"},
    {change_utf8, "texts.quote"},
    {change_no_film, "video.length_ms"},
    {change_long_film, "video.length_ms"},
    {change_too_many, "texts"},
    {change_picture_slot, "pictures[0].slot"},
    {change_picture_twice, "pictures[1].slot"},
    {change_pictures, "pictures"},
    {change_focal, "pictures[0].focal_x"},
    {change_focal_nan, "pictures[0].focal_y"},
    {change_alt, "pictures[0].alt"},
};

static void test_check(void **state)
{
    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    for (size_t i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
        struct slide slide = portrait();
        struct error err = {0};
        accepted[i](&slide);
        if (!slide_check(&slide, &err)) {
            fail_msg("%zu: %s: %s", i, err.field, err.en);
        }
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct slide slide = portrait();
        struct error err = {0};
        refused[i].change(&slide);
        if (slide_check(&slide, &err) || strcmp(err.field, refused[i].field) != 0) {
            fail_msg("%s expected: %s: %s", refused[i].field, err.field, err.en);
        }
    }
}

static const struct {
    int words;
    bool link;
    int64_t ms;
} readings[] = {{0, false, 8000},   {15, false, 8000},  {16, false, 9000},   {17, false, 9000},
                {18, false, 10000}, {20, false, 10000}, {20, true, 15000},   {32, true, 15000},
                {33, true, 16000},  {80, false, 34000}, {1900, true, 600000}};

static void test_reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        struct strbuf text;
        strbuf_init(&text);
        for (int j = 0; j < readings[i].words; j++) {
            strbuf_append(&text, "à ");
        }
        struct slide slide = portrait();
        slide.texts[0].text = "";
        slide.texts[1].text = "";
        slide.texts[2].text = text.bytes;
        /* Not drawn when the title is: no time for it. */
        slide.texts[3] = (struct slide_text){"short_title", "un deux trois quatre cinq six sept"};
        /* For who stays: a passenger must not wait for it. */
        slide.texts[4] = (struct slide_text){"story", "une histoire de quelques mots de plus"};
        slide.text_count = 5;
        slide.link = readings[i].link ? "https://a.fr" : "";
        const struct template *template = template_set_find(template_set_builtin(), slide.template);
        int64_t ms = slide_reading_ms(&slide, template);
        if (ms != readings[i].ms) {
            fail_msg("%d words: %lld ms", readings[i].words, (long long)ms);
        }
        /* Of a template that is not known every word counts. */
        assert_true(slide_reading_ms(&slide, NULL) > ms || ms == 600000 || readings[i].words < 16);
        strbuf_finish(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
