/* Every template in every format, with texts from one word to far too many: no text leaves the safe
 * area, none overlaps another, none is smaller than its floor or has too little contrast with what
 * really stands behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "player/scene/slide_scene.h"
#include "player/scene/slide_words.h"
#include "scene_fixture.h"
#include "vocabulary.h"

#define SQUEEZE_LEAST 0.7 /* of its floor, a headline with a word as long as the line */

#define NODES_MAX 40
#define CONTRAST_LEAST 7.0

/* A picture with every colour of noise: what stands on it must have a ground of its own. */
static struct image photo;

static const struct image *load(void *context, const struct sha256 *file, struct error *err)
{
    (void)context;
    (void)file;
    (void)err;
    return &photo;
}

static int start(void **state)
{
    photo = (struct image){.width = 64, .height = 64, .opaque = true};
    photo.pixels = malloc(64 * 64 * sizeof *photo.pixels);
    for (uint32_t i = 0; i < 64 * 64; i++) {
        photo.pixels[i] = 0xFF000000u | i * 2654435761u >> 8;
    }
    return start_engine(state);
}

static int stop(void **state)
{
    free(photo.pixels);
    return stop_engine(state);
}

struct screen {
    int width, height, distance_mm;
    bool strip;
    int zone_width, zone_height; /* 0: the whole picture */
};

/* Half the pixels of the screens that are meant, for speed: everything is in proportion. */
static const struct screen screens[] = {
    {960, 540, 3000, false, 0, 0},
    {960, 540, 4000, true, 0, 0},
    {540, 960, 3000, true, 0, 0},
    {540, 960, 3000, false, 0, 0},
    {540, 960, 600, true, 0, 0},
    {960, 540, 8000, true, 0, 0},
    {800, 600, 3000, false, 0, 0},
    /* A side column of a quarter and of a third, a flat zone, what a column leaves. */
    {960, 540, 3000, false, 240, 540},
    {960, 540, 1500, false, 320, 540},
    {960, 540, 3000, false, 960, 240},
    {960, 540, 3000, false, 720, 540},
};

struct subject {
    const char *template, *severity;
    enum volume volume;
    bool photo, link, credit;
    const struct screen *screen;
};

static struct slide slide_of(const struct subject *subject)
{
    struct slide slide = {.id = "t",
                          .template = subject->template,
                          .subject = "",
                          .organisation = "",
                          .title = "",
                          .lang = "fr",
                          .duration_ms = 10000};
    slide.link = subject->link ? "https://seconde-rive.example/portrait" : "";
    for (size_t i = 0; i < sizeof vocabulary / sizeof vocabulary[0]; i++) {
        const char *text = vocabulary[i].texts[subject->volume];
        if (text != NULL && strcmp(vocabulary[i].template, subject->template) == 0) {
            slide.texts[slide.text_count++] = (struct slide_text){vocabulary[i].slot, text};
        }
    }
    if (subject->severity != NULL) {
        slide.texts[slide.text_count++] = (struct slide_text){"severity", subject->severity};
    }
    if (subject->photo) {
        slide.pictures[slide.picture_count++] = (struct slide_picture){
            .slot = "photo",
            .focal_x = 0.5,
            .focal_y = 0.3,
            .alt = "",
            .credit = subject->credit ? "Photo : Élise Œuvrard, CC BY 4.0" : ""};
    }
    return slide;
}

struct found {
    size_t count;
    struct scene_node *nodes[NODES_MAX];
};

/* Texts that say something, and the code. */
static void collect(struct scene_node *node, struct found *found)
{
    bool says = node->kind == SCENE_TEXT && node->label[0] != '\0';
    if (says || node->kind == SCENE_QR) {
        assert_true(found->count < NODES_MAX);
        found->nodes[found->count++] = node;
    }
    for (struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        collect(child, found);
    }
}

static void hide_ink(struct scene_node *node)
{
    node->hidden = node->kind == SCENE_TEXT || node->kind == SCENE_ICON || node->kind == SCENE_QR;
    for (struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        hide_ink(child);
    }
}

/* From the top of the capitals to the lowest descender, as wide as the widest line. */
static struct rect ink_rect(const struct scene_node *node)
{
    struct rect rect = scene_node_rect(node);
    if (node->kind != SCENE_TEXT) {
        return rect;
    }
    double cap = text_layout_cap_height(node->layout);
    int last = text_layout_lines(node->layout) - 1;
    int top = text_layout_baseline(node->layout, 0) - (int)cap;
    int bottom = text_layout_baseline(node->layout, last) + (int)(0.3 * cap);
    rect.y += top;
    rect.h = bottom - top;
    return rect;
}

static double linear(uint32_t channel)
{
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t pixel)
{
    return 0.2126 * linear(pixel >> 16 & 0xFF) + 0.7152 * linear(pixel >> 8 & 0xFF) +
           0.0722 * linear(pixel & 0xFF);
}

static double contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

static enum text_tier tier_of(const struct template_look *look, const char *slot)
{
    for (size_t i = 0; i < look->spec_count; i++) {
        const struct slot_spec *spec = &look->specs[i];
        bool row = spec->dress == DRESS_ROWS && strncmp(slot, "row_", 4) == 0;
        if (row || strcmp(spec->slot, slot) == 0) {
            return spec->tier;
        }
        if (strcmp(spec->with, slot) == 0) {
            return TIER_FACT;
        }
    }
    return TIER_CREDIT;
}

/* A headline is smaller rather than broken inside a word; its editor is told, as of a cut. */
static bool is_squeezed(const struct scene_node *node, const struct template_look *look,
                        const struct metrics *metrics)
{
    if (node->kind == SCENE_QR) {
        return false;
    }
    enum text_tier tier = tier_of(look, node->slot);
    return (tier == TIER_HEADLINE || tier == TIER_EMERGENCY) &&
           text_layout_cap_height(node->layout) < metrics_floor(metrics, tier) - 0.01;
}

static void blame(const struct subject *subject, const struct scene_node *node, const char *what)
{
    fail_msg("%s %s %s %dx%d zone %dx%d%s%s%s, slot %s \"%.30s\": %s", subject->template,
             subject->severity != NULL ? subject->severity : "",
             (const char *[]){"short", "long", "worst"}[subject->volume], subject->screen->width,
             subject->screen->height, subject->screen->zone_width, subject->screen->zone_height,
             subject->screen->strip ? " strip" : "", subject->photo ? " photo" : "",
             subject->link ? " link" : "", node->slot, node->text, what);
}

static void check_places(const struct subject *subject, const struct found *found, int safe,
                         int width, int height)
{
    for (size_t i = 0; i < found->count; i++) {
        struct rect rect = ink_rect(found->nodes[i]);
        if (rect.x < safe || rect.y < safe || rect.x + rect.w > width - safe ||
            rect.y + rect.h > height - safe) {
            blame(subject, found->nodes[i], "leaves the safe area");
        }
        for (size_t k = 0; k < i; k++) {
            if (!rect_empty(rect_intersect(rect, ink_rect(found->nodes[k])))) {
                blame(subject, found->nodes[i], found->nodes[k]->slot);
            }
        }
    }
}

static void check_looks(const struct subject *subject, const struct found *found,
                        const struct template_look *look, const struct metrics *metrics,
                        const struct canvas *ground)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct scene_node *node = found->nodes[i];
        struct rect rect = ink_rect(node);
        if (node->kind == SCENE_QR) {
            if (rect.w < 1.8 * metrics->unit_px - 1) {
                blame(subject, node, "is too small to be scanned");
            }
            continue;
        }
        double floor = metrics_floor(metrics, tier_of(look, node->slot));
        double share = is_squeezed(node, look, metrics) ? SQUEEZE_LEAST : 1;
        if (text_layout_cap_height(node->layout) < share * floor - 0.5) {
            blame(subject, node, "is smaller than its floor");
        }
        for (int y = rect.y; y < rect.y + rect.h; y += 5) {
            for (int x = rect.x; x < rect.x + rect.w; x += 5) {
                if (contrast(ground->pixels[y * ground->stride + x], node->fill) < CONTRAST_LEAST) {
                    blame(subject, node, "has too little contrast");
                }
            }
        }
    }
}

/* Rows for which there was no room. */
static bool rows_missing(const struct slide *slide, const struct found *found)
{
    int rows = 0;
    for (size_t i = 0; i < slide->text_count; i++) {
        rows += strlen(slide->texts[i].slot) == 5 && memcmp(slide->texts[i].slot, "row_", 4) == 0;
    }
    for (size_t i = 0; i < found->count; i++) {
        rows -= strlen(found->nodes[i]->slot) == 5 && memcmp(found->nodes[i]->slot, "row_", 4) == 0;
    }
    return rows > 0;
}

static void try_subject(const struct subject *subject)
{
    const struct screen *screen = subject->screen;
    struct slide_view view = {.text = engine, .pictures = {load, NULL, NULL}};
    view.metrics = metrics_make(screen->width, screen->height, 1400, screen->distance_mm);
    int width = screen->zone_width > 0 ? screen->zone_width : screen->width;
    int height = screen->height - (screen->strip ? strip_height(&view.metrics) : 0);
    height = screen->zone_height > 0 ? screen->zone_height : height;
    struct slide slide = slide_of(subject);
    struct slide_scene built;
    struct slide_excess excess;
    slide_scene_build(&built, &view, &slide, width, height, &excess);
    struct metrics zone = metrics_zone(&view.metrics, width, height);
    struct found found = {0};
    collect(scene_root(built.scene), &found);
    assert_true(found.count > 0);
    check_places(subject, &found, zone.safe_px, width, height);
    struct canvas *ground = canvas_create(width, height);
    hide_ink(scene_root(built.scene));
    scene_draw(built.scene, ground, NULL);
    const struct template_look *look = template_look(template_set_builtin(), &slide);
    check_looks(subject, &found, look, &zone, ground);
    canvas_destroy(ground);
    bool cut = false;
    for (size_t i = 0; i < found.count; i++) {
        const struct scene_node *node = found.nodes[i];
        bool free_to_cut = node->kind == SCENE_QR || strcmp(node->slot, "credit") == 0;
        cut |= !free_to_cut && text_layout_truncated(node->layout);
        cut |= is_squeezed(node, look, &zone);
    }
    cut |= rows_missing(&slide, &found);
    /* In a narrow zone a word may be too long by itself. */
    cut |= screen->zone_width > 0 && subject->volume != SHORT && excess.characters > 0;
    if (cut != (excess.characters > 0) || (subject->volume == SHORT && cut)) {
        blame(subject, found.nodes[0], cut ? "is cut" : "is said to be cut");
    }
    slide_scene_finish(&built);
}

static void try_template(const char *template, const char *severity)
{
    bool pictured = strcmp(template, "portrait") == 0 || strcmp(template, "event") == 0 ||
                    strcmp(template, "quote") == 0;
    for (size_t s = 0; s < sizeof screens / sizeof screens[0]; s++) {
        for (enum volume volume = SHORT; volume < VOLUMES; volume++) {
            for (unsigned with = 0; with < 4; with++) {
                struct subject subject = {.template = template,
                                          .severity = severity,
                                          .volume = volume,
                                          .photo = with & 1,
                                          .link = with & 2,
                                          .credit = volume != SHORT,
                                          .screen = &screens[s]};
                /* The other templates seldom have a photo: one volume shows that it fits in. All
                 * combinations of photo and code are tried on two screens. */
                bool all = s < 2 || with == (volume == LONG ? 3 : 0);
                if (all && (!subject.photo || pictured || volume == LONG)) {
                    try_subject(&subject);
                }
            }
        }
    }
}

static void test_portrait(void **state)
{
    (void)state;
    try_template("portrait", NULL);
}

static void test_event(void **state)
{
    (void)state;
    try_template("event", NULL);
}

static void test_highlight(void **state)
{
    (void)state;
    try_template("highlight", NULL);
}

static void test_announcement(void **state)
{
    (void)state;
    try_template("announcement", "info");
    try_template("announcement", "important");
    try_template("announcement", "emergency");
}

static void test_lists(void **state)
{
    (void)state;
    try_template("agenda", NULL);
    try_template("now_here", NULL);
}

static void test_quote(void **state)
{
    (void)state;
    try_template("quote", NULL);
}

static void test_calls(void **state)
{
    (void)state;
    try_template("key_figure", NULL);
    try_template("qr_call", NULL);
    try_template("emergency", NULL);
}

static void test_plain(void **state)
{
    (void)state;
    try_template("news", NULL);
    try_template("video", NULL);
}

static void test_welcome(void **state)
{
    (void)state;
    try_template("welcome", NULL);
}

static struct scene_node *node_of(struct scene_node *node, const char *slot)
{
    if (strcmp(node->slot, slot) == 0) {
        return node;
    }
    for (struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        struct scene_node *found = node_of(child, slot);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* The short title stands in when the title is too long at its floor, and only then. */
static void test_short_title(void **state)
{
    (void)state;
    static const struct {
        const char *title;
        bool shortened;
    } cases[] = {{"Forum des métiers", false}, {WORST_TEXT, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slide slide = {.template = "event", .lang = "fr", .link = "", .text_count = 4};
        slide.texts[0] = (struct slide_text){"title", cases[i].title};
        slide.texts[1] = (struct slide_text){"short_title", "Le forum"};
        slide.texts[2] = (struct slide_text){"date", "mardi 24 novembre"};
        slide.texts[3] = (struct slide_text){"place", "Mairie"};
        struct slide_view view = {.text = engine, .metrics = metrics_make(1920, 1080, 0, 0)};
        struct slide_scene built;
        struct slide_excess excess;
        slide_scene_build(&built, &view, &slide, 1920, 1080, &excess);
        const struct scene_node *title = node_of(scene_root(built.scene), "title");
        assert_string_equal(title->text, cases[i].shortened ? "Le forum" : cases[i].title);
        assert_int_equal(excess.characters, 0);
        slide_scene_finish(&built);
    }
}

/* Taking away as many characters as the message says makes the title fit. */
static void test_excess_is_enough(void **state)
{
    (void)state;
    char title[400] = "Grande rencontre intercommunale des entrepreneuses et des entrepreneurs de "
                      "tout le territoire normand, de la Seine et de ses affluents";
    struct slide slide = {.template = "event", .lang = "fr", .link = "", .text_count = 3};
    slide.texts[0] = (struct slide_text){"title", title};
    slide.texts[1] = (struct slide_text){"date", "mardi 24 novembre"};
    slide.texts[2] = (struct slide_text){"place", "Mairie"};
    struct slide_view view = {.text = engine, .metrics = metrics_make(1920, 1080, 0, 0)};
    struct slide_scene built;
    struct slide_excess excess;
    slide_scene_build(&built, &view, &slide, 1920, 1080, &excess);
    slide_scene_finish(&built);
    assert_string_equal(excess.slot, "title");
    assert_in_range(excess.characters, 1, strlen(title) - 10);
    title[strlen(title) - (size_t)excess.characters] = '\0';
    slide_scene_build(&built, &view, &slide, 1920, 1080, &excess);
    slide_scene_finish(&built);
    assert_int_equal(excess.characters, 0);
}

/* A story is for those who stand near: not on a platform, yes on a kiosk. */
static void test_story_by_distance(void **state)
{
    (void)state;
    struct subject subject = {.template = "portrait", .volume = LONG, .photo = true};
    for (int near = 0; near < 2; near++) {
        struct slide slide = slide_of(&subject);
        struct slide_view view = {.text = engine, .pictures = {load, NULL, NULL}};
        view.metrics = metrics_make(1080, 1920, 1100, near ? 600 : 4000);
        struct slide_scene built;
        slide_scene_build(&built, &view, &slide, 1080, 1920, NULL);
        assert_int_equal(node_of(scene_root(built.scene), "story") != NULL, near);
        slide_scene_finish(&built);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_portrait),
        cmocka_unit_test(test_event),
        cmocka_unit_test(test_highlight),
        cmocka_unit_test(test_announcement),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_quote),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_welcome),
        cmocka_unit_test(test_short_title),
        cmocka_unit_test(test_excess_is_enough),
        cmocka_unit_test(test_story_by_distance),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
