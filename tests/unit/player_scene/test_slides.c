/* What slides fall back on: templates that nobody knows, links that no telephone reads, lists that
 * are too long, zones that are too small. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "player/scene/palette.h"
#include "player/scene/slide_scene.h"
#include "playlists/template_codec.h"
#include "scene_fixture.h"

static struct slide slide_of(const char *template, const char *slot, const char *text)
{
    struct slide slide = {.id = "t",
                          .template = template,
                          .subject = "",
                          .organisation = "",
                          .title = "Le titre de la liste",
                          .lang = "fr",
                          .link = "",
                          .duration_ms = 10000};
    if (slot != NULL) {
        slide.texts[slide.text_count++] = (struct slide_text){slot, text};
    }
    return slide;
}

static const struct scene_node *find(const struct scene_node *node, const char *slot)
{
    if (strcmp(node->slot, slot) == 0) {
        return node;
    }
    for (const struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        const struct scene_node *found = find(child, slot);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

struct drawn {
    struct slide_view view;
    struct slide_scene scene;
    struct slide_excess excess;
};

static void draw(struct drawn *drawn, const struct slide *slide, int width, int height)
{
    drawn->view =
        (struct slide_view){.text = engine, .metrics = metrics_make(1920, 1080, 1400, 3000)};
    slide_scene_build(&drawn->scene, &drawn->view, slide, width, height, &drawn->excess);
}

static const struct scene_node *text_of(const struct drawn *drawn, const char *slot)
{
    return find(scene_root(drawn->scene.scene), slot);
}

/* A template of the future, and a film that is not there, say what the slide is called. */
static void test_titles(void **state)
{
    (void)state;
    static const struct {
        const char *template, *slot, *text, *shows;
    } cases[] = {
        {"hologram", NULL, NULL, "Le titre de la liste"},
        {"hologram", "scent", "Rose", "Le titre de la liste"},
        {"hologram", "title", "Un titre", "Un titre"},
        {"video", NULL, NULL, "Le titre de la liste"},
        {"video", "title", "Un film", "Un film"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slide slide = slide_of(cases[i].template, cases[i].slot, cases[i].text);
        struct drawn drawn;
        draw(&drawn, &slide, 1920, 1080);
        const struct scene_node *title = text_of(&drawn, "title");
        assert_non_null(title);
        assert_string_equal(title->text, cases[i].shows);
        slide_scene_finish(&drawn.scene);
    }
}

/* A slide without any words at all is still a picture. */
static void test_nothing(void **state)
{
    (void)state;
    const struct template_set *set = template_set_builtin();
    for (size_t i = 0; i < template_set_count(set); i++) {
        struct slide slide = slide_of(template_set_at(set, i)->name, NULL, NULL);
        struct drawn drawn;
        slide.title = "";
        draw(&drawn, &slide, 960, 540);
        assert_int_equal(drawn.excess.characters, 0);
        slide_scene_finish(&drawn.scene);
    }
}

/* A link that is too long for a code leaves neither a card nor an empty half. */
static void test_links(void **state)
{
    (void)state;
    char link[1000];
    memset(link, 'a', sizeof link - 1);
    link[sizeof link - 1] = '\0';
    memcpy(link, "https://", 8);
    static const char *const templates[] = {"announcement", "qr_call", "quote", "agenda"};
    for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++) {
        for (size_t length = 30; length < sizeof link; length += 939) {
            struct slide slide = slide_of(templates[i], "title", "Venez");
            char cut[1000];
            snprintf(cut, sizeof cut, "%.*s", (int)length, link);
            slide.link = cut;
            struct drawn drawn;
            draw(&drawn, &slide, 1920, 1080);
            bool shown = text_of(&drawn, "link") != NULL;
            assert_int_equal(shown, length == 30);
            assert_int_equal(text_of(&drawn, "call") != NULL, shown);
            slide_scene_finish(&drawn.scene);
        }
    }
}

/* The code of a call is large enough for the viewing distance: a tenth of it, near enough. */
static void test_call(void **state)
{
    (void)state;
    struct slide slide = slide_of("qr_call", "title", "Venez");
    slide.link = "https://ess-rouen.example/stage";
    struct drawn drawn;
    draw(&drawn, &slide, 1920, 1080);
    const struct scene_node *code = text_of(&drawn, "link");
    assert_true(code->rect.w / drawn.view.metrics.px_per_mm >= 300);
    slide_scene_finish(&drawn.scene);
}

static void test_rows(void **state)
{
    (void)state;
    static const char *const slots[] = {"row_1", "row_2", "row_3", "row_4", "row_5", "row_6"};
    struct slide slide = slide_of("agenda", "title", "Agenda");
    for (size_t i = 0; i < 6; i++) {
        slide.texts[slide.text_count++] =
            (struct slide_text){slots[i], "Rencontre intercommunale des coopératives"};
    }
    struct drawn drawn;
    draw(&drawn, &slide, 1920, 1080);
    assert_non_null(text_of(&drawn, "row_1"));
    assert_null(text_of(&drawn, "row_6"));
    assert_memory_equal(drawn.excess.slot, "row_", 4);
    assert_int_equal(drawn.excess.characters, strlen("Rencontre intercommunale des cooperatives"));
    assert_null(text_of(&drawn, drawn.excess.slot));
    slide_scene_finish(&drawn.scene);
    slide.text_count = 3;
    draw(&drawn, &slide, 1920, 1080);
    assert_int_equal(drawn.excess.characters, 0);
    slide_scene_finish(&drawn.scene);
}

/* In a small zone the sign gives way to the words; a photo's credit goes with the photo. */
static void test_zones(void **state)
{
    (void)state;
    struct slide slide =
        slide_of("announcement", "text",
                 "Empruntez l’escalier de droite, puis suivez les flèches jaunes vers l’accueil.");
    slide.texts[slide.text_count++] = (struct slide_text){"title", "Ascenseur B en travaux"};
    struct drawn drawn;
    draw(&drawn, &slide, 480, 1080);
    assert_int_equal(drawn.excess.characters, 0);
    slide_scene_finish(&drawn.scene);
    /* Nothing breaks where nothing can be read. */
    static const int sizes[][2] = {{1, 1}, {40, 1080}, {1920, 30}, {64, 64}, {8, 300}};
    const struct template_set *set = template_set_builtin();
    for (size_t i = 0; i < template_set_count(set); i++) {
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            slide.template = template_set_at(set, i)->name;
            slide.link = "https://a.example";
            draw(&drawn, &slide, sizes[k][0], sizes[k][1]);
            struct canvas *canvas = canvas_create(sizes[k][0], sizes[k][1]);
            scene_draw(drawn.scene.scene, canvas, NULL);
            canvas_destroy(canvas);
            slide_scene_finish(&drawn.scene);
        }
    }
}

/* Every icon that a template may name has a drawing, and every look of the shipped ones. */
static void test_icons(void **state)
{
    (void)state;
    static const char *const names[] = {"lieu",  "telephone", "courriel", "web",  "billet",
                                        "porte", "personne",  "film",     "coche"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(template_icon_known(names[i]));
        assert_int_not_equal(icon_by_name(names[i]), ICON_NONE);
    }
    const struct template_set *set = template_set_builtin();
    for (size_t i = 0; i < template_set_count(set); i++) {
        const struct template_look *look = &template_set_at(set, i)->look;
        assert_true(look->sign[0] == '\0' || icon_by_name(look->sign) != ICON_NONE);
        for (size_t k = 0; k < look->spec_count; k++) {
            const char *icon = look->specs[k].icon;
            assert_true(icon[0] == '\0' || icon_by_name(icon) != ICON_NONE);
        }
    }
    assert_false(template_icon_known("skull"));
}

static void test_overlaid(void **state)
{
    (void)state;
    const struct template *news = template_set_find(template_set_builtin(), "news");
    char text[4096];
    assert_true(news->source_length < sizeof text);
    memcpy(text, news->source, news->source_length + 1);
    char *panel = strstr(text, "\"panel\": \"#0B1F3A\"");
    assert_non_null(panel);
    memcpy(strchr(panel, '#'), "#102A10", 7);
    struct template_document document = {text, news->source_length};
    struct error err;
    struct template_set *set = template_set_overlay(template_set_builtin(), &document, 1, &err);
    assert_non_null(set);
    struct slide slide = slide_of("news", "title", "Oui");
    struct slide_view view = {
        .text = engine, .metrics = metrics_make(320, 180, 0, 0), .templates = set};
    struct canvas *canvas = canvas_create(320, 180);
    assert_true(slide_view_draw(&view, &slide, canvas, NULL));
    assert_int_equal(canvas->pixels[160 * canvas->stride + 170], COLOR_RGB(0x102A10));
    canvas_destroy(canvas);
    template_set_destroy(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_titles), cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_links),  cmocka_unit_test(test_call),
        cmocka_unit_test(test_rows),   cmocka_unit_test(test_zones),
        cmocka_unit_test(test_icons),  cmocka_unit_test(test_overlaid),
    };
    return cmocka_run_group_tests(tests, start_engine, stop_engine);
}
