/* Templates: the documents that ship, documents that must be refused, what a template asks of a
 * slide, and sets that overlay each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/files.h"
#include "core/json.h"
#include "playlists/template.h"
#include "playlists/template_codec.h"

#define TEMPLATES TESTS_DIR "/../assets/templates"

static cJSON *read_json(const char *path)
{
    struct error err;
    char *bytes;
    size_t length;
    if (!file_read(path, 1 << 20, &bytes, &length, &err)) {
        fail_msg("%s: %s", path, err.en);
    }
    cJSON *root = json_parse(bytes, length, 1 << 20, &err);
    free(bytes);
    if (root == NULL) {
        fail_msg("%s: %s", path, err.en);
    }
    return root;
}

/* What editors and the server count on. * is required; rows are listed in test_rows. */
static const struct {
    const char *name, *slots;
    bool photo, film, link, internal;
} shipped[] = {
    {"agenda", "title* subtitle short_title", false, false, false, false},
    {"announcement", "title* short_title text pictogram severity", true, false, false, false},
    {"emergency", "title* short_title text pictogram", false, false, false, false},
    {"event", "title* short_title date* time place* commune price access organiser status", true,
     false, false, false},
    {"highlight",
     "name* sign activity* sector summary commune* address phone types family short_title", true,
     false, false, false},
    {"key_figure", "figure* unit meaning* source", false, false, false, false},
    {"news", "title*", false, false, false, false},
    {"now_here", "title* subtitle short_title", false, false, false, false},
    {"portrait", "company* leader* role quote* story sector commune short_title", true, false,
     false, false},
    {"qr_call", "title* short_title text address", false, false, true, false},
    {"quote", "quote* short_title author* role company", true, false, false, false},
    {"video", "title", false, true, false, false},
    {"welcome", "title* text code fingerprint status", false, false, false, true},
};

static void check_slots(const struct template *template, const char *slots)
{
    size_t count = 0;
    char copy[200];
    snprintf(copy, sizeof copy, "%s", slots);
    for (char *name = strtok(copy, " "); name != NULL; name = strtok(NULL, " "), count++) {
        size_t length = strlen(name);
        bool required = name[length - 1] == '*';
        name[length - required] = '\0';
        const struct template_slot *slot = template_slot(template, name);
        if (slot == NULL || slot->required != required) {
            fail_msg("%s: %s%s", template->name, name, required ? " is required" : "");
        }
    }
    size_t rows = template_slot(template, "row_1") != NULL ? 3 * TEMPLATE_ROWS_MAX : 0;
    assert_int_equal(template->slot_count, count + rows);
}

static void test_shipped(void **state)
{
    (void)state;
    const struct template_set *set = template_set_builtin();
    size_t count = sizeof shipped / sizeof shipped[0];
    assert_int_equal(template_set_count(set), count);
    for (size_t i = 0; i < count; i++) {
        const struct template *template = template_set_at(set, i);
        assert_string_equal(template->name, shipped[i].name);
        assert_ptr_equal(template, template_set_find(set, shipped[i].name));
        check_slots(template, shipped[i].slots);
        assert_int_equal(template->photo, shipped[i].photo);
        assert_int_equal(template->film, shipped[i].film);
        assert_int_equal(template->link_required, shipped[i].link);
        assert_int_equal(template->internal, shipped[i].internal);
    }
    assert_null(template_set_find(set, "nowhere"));
}

static void test_rows(void **state)
{
    (void)state;
    const struct template *agenda = template_set_find(template_set_builtin(), "agenda");
    const struct template_slot *last = template_slot(agenda, "row_6_label");
    assert_non_null(last);
    assert_string_equal(last->label[LANG_FR], "Jour, heure 6");
    assert_false(last->required);
    assert_true(template_slot(agenda, "row_1")->required);
    assert_false(template_slot(agenda, "row_2")->required);
    assert_null(template_slot(agenda, "row_7"));
}

/* WCAG's own examples, and every ink of every look on what it stands on. */
static void test_contrast(void **state)
{
    (void)state;
    assert_float_equal(template_contrast(0x000000, 0xFFFFFF), 21, 1e-9);
    assert_float_equal(template_contrast(0x777777, 0xFFFFFF), 4.478, 1e-3);
    assert_float_equal(template_contrast(0xFFC845, 0xFFC845), 1, 1e-9);
    const struct template_set *set = template_set_builtin();
    for (size_t i = 0; i < template_set_count(set); i++) {
        const struct template *template = template_set_at(set, i);
        for (size_t v = 0; v <= template->variant_count; v++) {
            const struct template_look *look =
                v == 0 ? &template->look : &template->variants[v - 1].look;
            const struct template_colours *c = &look->colours;
            const uint32_t inks[] = {c->main, c->accent, c->quiet};
            for (size_t k = 0; k < sizeof inks / sizeof inks[0]; k++) {
                if (template_contrast(inks[k], c->panel) < TEMPLATE_CONTRAST_LEAST) {
                    fail_msg("%s: ink %zu on its panel", template->name, k);
                }
            }
            if (template_contrast(c->sign, c->disc) < TEMPLATE_CONTRAST_LEAST) {
                fail_msg("%s: sign on its disc", template->name);
            }
        }
    }
}

static void change(cJSON *document, const cJSON *item)
{
    char path[200];
    snprintf(path, sizeof path, "%s", cJSON_GetObjectItem(item, "at")->valuestring);
    const cJSON *value = cJSON_GetObjectItem(item, "value");
    char *last = strrchr(path, '/') + 1;
    last[-1] = '\0';
    for (char *step = strtok(path, "/"); step != NULL; step = strtok(NULL, "/")) {
        document = cJSON_IsArray(document) ? cJSON_GetArrayItem(document, atoi(step))
                                           : cJSON_GetObjectItem(document, step);
        assert_non_null(document);
    }
    if (cJSON_IsArray(document)) {
        cJSON_ReplaceItemInArray(document, atoi(last), cJSON_Duplicate(value, true));
        return;
    }
    cJSON_DeleteItemFromObject(document, last);
    if (value != NULL) {
        cJSON_AddItemToObject(document, last, cJSON_Duplicate(value, true));
    }
}

/* The very table that the schema is tried on. */
static void test_refused(void **state)
{
    (void)state;
    cJSON *cases = read_json(TESTS_DIR "/cases/templates.json");
    const cJSON *bad = cJSON_GetObjectItem(cases, "bad"), *item;
    int count = 0;
    cJSON_ArrayForEach(item, bad)
    {
        char path[512];
        snprintf(path, sizeof path, TEMPLATES "/%s.json",
                 cJSON_GetObjectItem(item, "base")->valuestring);
        cJSON *document = read_json(path);
        change(document, item);
        char *text = cJSON_PrintUnformatted(document);
        struct arena *arena = arena_create();
        struct template template;
        struct error err = {0};
        bool good = template_decode(text, strlen(text), arena, &template, &err);
        const char *field = cJSON_GetObjectItem(item, "field")->valuestring;
        if (good || strcmp(err.field, field) != 0 || err.fr[0] == '\0') {
            fail_msg("%s of %s: %s: %s", cJSON_GetObjectItem(item, "at")->valuestring, path,
                     err.field, err.en);
        }
        arena_destroy(arena);
        free(text);
        cJSON_Delete(document);
        count++;
    }
    cJSON_Delete(cases);
    assert_true(count > 70);
}

static void test_garbage(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "{", "[]", "null", "{\"format\": 1}", "{} {}", "{\"format\": 1, \"format\": 1}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct template_document document = {texts[i], strlen(texts[i])};
        struct error err = {0};
        assert_null(template_set_overlay(template_set_builtin(), &document, 1, &err));
        assert_true(err.kind != ERROR_NONE);
    }
}

/* Whatever comes over the wire: refused, or a template; never more. */
static void test_mutations(void **state)
{
    (void)state;
    uint32_t dice = 20261123;
    const struct template_set *set = template_set_builtin();
    for (size_t i = 0; i < template_set_count(set); i++) {
        const struct template *template = template_set_at(set, i);
        for (size_t turn = 0; turn < 120; turn++) {
            char *copy = malloc(template->source_length);
            size_t length = template->source_length;
            memcpy(copy, template->source, length);
            dice = dice * 1664525 + 1013904223;
            size_t at =
                (dice >> 8) % (length - 2); /* a document without its last line end is one */
            if (turn % 3 == 0) {
                length = at;
            } else {
                int flipped = copy[at] ^ 1 << turn % 7;
                copy[at] = turn % 3 == 1 ? (char)flipped : copy[(at + 7) % length];
            }
            struct arena *arena = arena_create();
            struct template decoded;
            struct error err = {0};
            bool good = template_decode(copy, length, arena, &decoded, &err);
            assert_true(good != (err.kind != ERROR_NONE));
            assert_false(good && turn % 3 == 0);
            arena_destroy(arena);
            free(copy);
        }
    }
}

static struct slide slide_of(const char *template)
{
    return (struct slide){.id = "x",
                          .template = template,
                          .subject = "",
                          .organisation = "",
                          .title = "",
                          .lang = "fr",
                          .link = "",
                          .duration_ms = 8000};
}

static void expect(const struct slide *slide, const char *field)
{
    struct error err = {0};
    bool good = template_check_slide(template_set_builtin(), slide, &err);
    if (good != (field == NULL) || (field != NULL && strcmp(err.field, field) != 0)) {
        fail_msg("%s, %s expected: %s: %s", slide->template, field != NULL ? field : "good",
                 err.field, err.en);
    }
}

static void test_check_slide(void **state)
{
    (void)state;
    struct slide slide = slide_of("announcement");
    expect(&slide, "texts.title");
    slide.texts[slide.text_count++] = (struct slide_text){"title", ""};
    expect(&slide, "texts.title");
    slide.texts[0].text = "Ascenseur en panne";
    expect(&slide, NULL);
    slide.texts[slide.text_count++] = (struct slide_text){"severity", "important"};
    expect(&slide, NULL);
    slide.texts[1].text = "grave";
    expect(&slide, "texts.severity");
    slide.texts[1] = (struct slide_text){"price", "12 €"};
    expect(&slide, "texts");
    slide.text_count = 1;
    slide.picture_count = 1;
    expect(&slide, NULL);
    slide.template = "emergency";
    expect(&slide, "pictures");
    slide.picture_count = 0;
    slide.template = "qr_call";
    expect(&slide, "link");
    slide.link = "https://a.example";
    expect(&slide, NULL);
    slide.has_video = true;
    expect(&slide, "video");
    slide.template = "video";
    expect(&slide, NULL);
    slide.template = "cinema";
    expect(&slide, "template");
}

static void test_looks(void **state)
{
    (void)state;
    const struct template_set *set = template_set_builtin();
    const struct template *announcement = template_set_find(set, "announcement");
    struct slide slide = slide_of("announcement");
    assert_ptr_equal(template_look(set, &slide), &announcement->look);
    slide.texts[slide.text_count++] = (struct slide_text){"severity", "info"};
    assert_ptr_equal(template_look(set, &slide), &announcement->look);
    slide.texts[0].text = "emergency";
    assert_ptr_equal(template_look(set, &slide), &template_set_find(set, "emergency")->look);
    slide.texts[0].text = "important";
    const struct template_look *important = template_look(set, &slide);
    assert_int_not_equal(important->colours.panel, announcement->look.colours.panel);
    assert_ptr_equal(important->specs, announcement->look.specs);
    slide.template = "unknown";
    assert_ptr_equal(template_look(set, &slide), &announcement->look);
}

static char *document_of(const char *name, const char *title)
{
    char path[512];
    snprintf(path, sizeof path, TEMPLATES "/%s.json", name);
    cJSON *document = read_json(path);
    cJSON_SetValuestring(cJSON_GetObjectItem(cJSON_GetObjectItem(document, "title"), "fr"), title);
    char *text = cJSON_PrintUnformatted(document);
    cJSON_Delete(document);
    return text;
}

/* Sets share templates: a base may go before what was laid over it. */
static void test_overlay(void **state)
{
    (void)state;
    char *first = document_of("news", "Bref"), *second = document_of("news", "Flash");
    const struct template_document documents[] = {{first, strlen(first)}, {second, strlen(second)}};
    struct error err;
    struct template_set *base = template_set_overlay(template_set_builtin(), documents, 1, &err);
    assert_non_null(base);
    struct template_set *over = template_set_overlay(base, &documents[1], 1, &err);
    assert_non_null(over);
    assert_string_equal(template_set_find(base, "news")->title[LANG_FR], "Bref");
    const struct template *kept = template_set_find(over, "event");
    template_set_destroy(base);
    const struct template *news = template_set_find(over, "news");
    assert_string_equal(news->title[LANG_FR], "Flash");
    assert_int_equal(news->source_length, strlen(second));
    assert_memory_equal(news->source, second, strlen(second));
    assert_ptr_equal(kept, template_set_find(template_set_builtin(), "event"));
    assert_int_equal(template_set_count(over), template_set_count(template_set_builtin()));
    assert_string_equal(template_set_find(template_set_builtin(), "news")->title[LANG_FR], "Brève");
    template_set_destroy(over);
    free(first);
    free(second);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[512];
    struct error err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(file_write_atomic(path, text, strlen(text), 0644, &err));
}

static void test_load(void **state)
{
    (void)state;
    struct error err;
    char folder[] = "/tmp/vitrine-templates-XXXXXX", path[512];
    struct template_set *set = template_set_load(TEMPLATES, &err);
    assert_non_null(set);
    template_set_destroy(set);
    assert_non_null(mkdtemp(folder));
    char *news = document_of("news", "Flash");
    write_file(folder, "news.json", news);
    write_file(folder, "template.schema.json", "{}");
    write_file(folder, "LISEZMOI.md", "…");
    set = template_set_load(folder, &err);
    assert_non_null(set);
    assert_string_equal(template_set_find(set, "news")->title[LANG_FR], "Flash");
    assert_non_null(template_set_find(set, "welcome"));
    template_set_destroy(set);
    write_file(folder, "breve.json", news);
    assert_null(template_set_load(folder, &err));
    assert_string_equal(err.field, "name");
    assert_non_null(strstr(err.file, "breve.json"));
    static const char *const names[] = {"news.json", "breve.json", "template.schema.json",
                                        "LISEZMOI.md"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
    set = template_set_load(folder, &err);
    assert_non_null(set);
    assert_int_equal(template_set_count(set), template_set_count(template_set_builtin()));
    template_set_destroy(set);
    free(news);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped),     cmocka_unit_test(test_rows),
        cmocka_unit_test(test_contrast),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_garbage),     cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_check_slide), cmocka_unit_test(test_looks),
        cmocka_unit_test(test_overlay),     cmocka_unit_test(test_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
