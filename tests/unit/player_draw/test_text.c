/* Text as people see it: size, fall-back, order, breaking, fitting. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/utf8.h"
#include "player/draw/fonts.h"
#include "player/draw/passage.h"
#include "player/draw/text.h"

static const char font_folder[] = VITRINE_SOURCE_DIR "/assets/fonts";
static struct text_engine *engine;

static int start(void **state)
{
    (void)state;
    struct error err;
    engine = text_engine_create(font_folder, &err);
    return engine ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    text_engine_destroy(engine);
    return 0;
}

static struct canvas *draw(const struct text_layout *layout, int width, int height, int x, int y)
{
    struct canvas *canvas = canvas_create(width, height);
    text_layout_draw(layout, canvas, x, y, 0xFFFFFFFF);
    return canvas;
}

static int ink_at(const struct canvas *canvas, int x, int y)
{
    return (int)(canvas->pixels[y * canvas->stride + x] & 0xFF);
}

static struct rect ink_box(const struct canvas *canvas, int threshold)
{
    struct rect box = {0, 0, 0, 0};
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++)
            if (ink_at(canvas, x, y) > threshold)
                box = rect_union(box, (struct rect){x, y, 1, 1});
    return box;
}

/* style.cap_height is the height of a capital on the screen, in every weight and size, and the
 * base line is where text_layout_baseline says. */
static void test_capitals_are_as_high_as_asked(void **state)
{
    (void)state;
    const double heights[] = {9, 12.5, 18, 31, 48, 97};
    for (int weight = 0; weight < TEXT_WEIGHTS; weight++) {
        for (size_t i = 0; i < sizeof heights / sizeof *heights; i++) {
            struct text_style style = {
                (enum text_weight)weight, heights[i], 0, TEXT_START, 0, false};
            struct text_layout *layout = text_layout_create(engine, "HEI", &style, 1000);
            struct canvas *canvas = draw(layout, 600, 200, 10, 20);
            struct rect box = ink_box(canvas, 127);
            assert_true(fabs(box.h - heights[i]) <= 1);
            assert_int_equal(box.y + box.h, 20 + text_layout_baseline(layout, 0));
            canvas_destroy(canvas);
            text_layout_destroy(layout);
        }
    }
}

/* The ink stays in the box that the layout announces, but for accents and dots, which stand up to a
 * third of a capital above it, Arabic letters, which reach below Latin descenders, and the foot of
 * "j", which stands left of where it starts. */
static void test_box_holds_the_ink(void **state)
{
    (void)state;
    const char *texts[] = {"dHpqgj", "La ressourcerie de Rouen, place du marché", "jJ fil",
                           "مرحبا بكم", "AVATAR To We"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct text_style style = {TEXT_EXTRABOLD, 30, 0, TEXT_START, 0, true};
        struct text_layout *layout = text_layout_create(engine, texts[i], &style, 420);
        struct canvas *canvas = draw(layout, 520, 400, 50, 50);
        struct rect box = ink_box(canvas, 40);
        assert_true(box.x >= 50 - 5 && box.x + box.w <= 50 + 420 + 2);
        int below = i == 3 ? 8 : 1;
        if (box.y < 50 - 10 || box.y + box.h > 50 + text_layout_height(layout) + below)
            fail_msg("“%s”: ink from %d to %d, box of %d", texts[i], box.y - 50, box.y + box.h - 50,
                     text_layout_height(layout));
        assert_true(text_layout_width(layout) <= 421);
        canvas_destroy(canvas);
        text_layout_destroy(layout);
    }
}

static void test_no_glyph_is_missing(void **state)
{
    (void)state;
    const uint32_t points[] = {0x153,  0x152, 0xC9,  0x178,  0x2019,  0x2014, 0x2013, 0x20AC,
                               0x2192, 0xAB,  0xBB,  0x2026, 0x1F331, 0xB0,   0x2116, 0x2713,
                               0x645,  0x631, 0x62D, 0x628,  0x627,   0x416,  0x3A9,  0x2032};
    struct error err;
    struct font_book *book = font_book_create(font_folder, &err);
    assert_non_null(book);
    for (int weight = 0; weight < TEXT_WEIGHTS; weight++)
        for (size_t i = 0; i < sizeof points / sizeof *points; i++)
            if (font_book_find(book, (enum text_weight)weight, &points[i], 1) < 0)
                fail_msg("U+%04X has no glyph", points[i]);
    const uint32_t farmer[] = {0x1F469, 0x200D, 0x1F33E}, sun[] = {0x2600, 0xFE0F};
    const uint32_t accented[] = {'e', 0x301}, hieroglyph = 0x13000;
    int emoji = font_book_find(book, TEXT_REGULAR, &points[12], 1);
    assert_int_equal(font_book_find(book, TEXT_REGULAR, farmer, 3), emoji);
    assert_int_equal(font_book_find(book, TEXT_REGULAR, sun, 2), emoji);
    assert_int_equal(font_book_find(book, TEXT_REGULAR, accented, 2),
                     font_book_primary(TEXT_REGULAR));
    assert_int_equal(font_book_find(book, TEXT_REGULAR, &hieroglyph, 1), -1);
    font_book_destroy(book);
}

/* Only the faces that a text needs are opened, and not more than a few at a time. */
static void test_few_fonts_stay_open(void **state)
{
    (void)state;
    struct error err;
    struct font_book *book = font_book_create(font_folder, &err);
    assert_non_null(book);
    assert_int_equal(font_book_open_count(book), 0);
    struct font_choice choice = {(uint8_t)font_book_primary(TEXT_REGULAR), false, "Latn"};
    for (int size = 10; size < 60; size++)
        free(font_book_render(book, &choice, "Rouen", size).coverage);
    assert_in_range(font_book_open_count(book), 1, 8);
    font_book_destroy(book);
}

/* Texts of the lines of a layout, by laying out each candidate alone: a text of one line is as wide
 * as that line. So the check is on line counts at widths just enough or just too small. */
static int lines_at(const char *text, int width)
{
    struct text_style style = {TEXT_REGULAR, 20, 0, TEXT_START, 0, false};
    struct text_layout *layout = text_layout_create(engine, text, &style, width);
    int lines = text_layout_lines(layout);
    text_layout_destroy(layout);
    return lines;
}

static int width_of(const char *text)
{
    struct text_style style = {TEXT_REGULAR, 20, 0, TEXT_START, 0, false};
    struct text_layout *layout = text_layout_create(engine, text, &style, 5000);
    int width = text_layout_width(layout);
    text_layout_destroy(layout);
    return width;
}

static void test_where_lines_break(void **state)
{
    (void)state;
    const struct {
        const char *text, *longest_part; /* what must stay on one line */
    } cases[] = {
        {"aa bb", "bb"},
        {"12\u00A0€", "12\u00A0€"},
        {"perd\u202F!", "perd\u202F!"},
        {"«\u00A0oui\u00A0»", "«\u00A0oui\u00A0»"},
        {"le 18\u00A0h\u00A030", "18\u00A0h\u00A030"},
        {"peut-être", "peut-"},
        {"à l’œuvre", "l’œuvre"},
        {"oui, no", "oui,"},
        {"🌱🌱", "🌱"},
        {"👩‍🌾", "👩‍🌾"},
        {"🇫🇷 🇫🇷", "🇫🇷"},
        {"un\nmot", "mot"},
        {"coopé\u00ADrative", "coopé-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct passage passage;
        struct error err;
        struct font_book *book = font_book_create(font_folder, &err);
        passage_init(&passage, book, TEXT_REGULAR, cases[i].text);
        double widest = 0;
        for (int k = 0; k < passage.piece_count; k++)
            widest = fmax(widest, passage.pieces[k].width);
        int expected = width_of(cases[i].longest_part);
        /* A soft hyphen is measured where it shows, not in the piece. */
        bool soft = strstr(cases[i].text, "\u00AD") != NULL;
        if (!soft && fabs(widest * 20 - expected) > 1.5)
            fail_msg("“%s”: the longest part is %.1f px wide, “%s” %d", cases[i].text, widest * 20,
                     cases[i].longest_part, expected);
        assert_int_equal(lines_at(cases[i].text, 5000), strchr(cases[i].text, '\n') ? 2 : 1);
        passage_finish(&passage);
        font_book_destroy(book);
    }
    assert_int_equal(lines_at("", 100), 0);
    assert_int_equal(lines_at("a\n\nb", 100), 3);
    assert_int_equal(lines_at("aaa bbb", width_of("aaa bbb") + 1), 1);
    assert_int_equal(lines_at("aaa bbb", width_of("aaa bbb") - 3), 2);
    assert_int_equal(lines_at("aaa bbb    ", width_of("aaa bbb") + 1), 1);
}

static void test_thin_space_is_there_but_thin(void **state)
{
    (void)state;
    int none = width_of("perd!"), thin = width_of("perd\u202F!"), full = width_of("perd !");
    assert_true(none + 2 < thin && thin < full);
}

static void test_a_word_too_wide_breaks_inside(void **state)
{
    (void)state;
    struct text_style style = {TEXT_EXTRABOLD, 30, 0, TEXT_START, 0, false};
    struct text_layout *layout =
        text_layout_create(engine, "Anticonstitutionnellement", &style, 200);
    assert_true(text_layout_lines(layout) >= 3);
    assert_true(text_layout_width(layout) <= 200);
    text_layout_destroy(layout);
    layout = text_layout_create(engine, "Rouen", &style, 1); /* one character a line, no hang */
    assert_int_equal(text_layout_lines(layout), 5);
    text_layout_destroy(layout);
}

/* Where on a line each of two letters of different height stands: "l" is high, "." is low. */
static void test_bidirectional_order(void **state)
{
    (void)state;
    struct text_style style = {TEXT_REGULAR, 30, 0, TEXT_START, 0, false};
    /* Right to left: the first word stands at the right, and so does the whole line. */
    struct text_layout *layout = text_layout_create(engine, "مرحبا", &style, 600);
    struct canvas *canvas = draw(layout, 600, 100, 0, 10);
    struct rect box = ink_box(canvas, 60);
    assert_true(box.x + box.w > 590 && box.x > 400);
    canvas_destroy(canvas);
    text_layout_destroy(layout);
    style.align = TEXT_END;
    layout = text_layout_create(engine, "مرحبا", &style, 600);
    canvas = draw(layout, 600, 100, 0, 10);
    assert_true(ink_box(canvas, 60).x < 10);
    canvas_destroy(canvas);
    text_layout_destroy(layout);
    style.align = TEXT_START;
    /* "H." is high then low; after an Arabic word in a right-to-left text it stands at the left. */
    layout = text_layout_create(engine, "مم HHHH", &style, 600);
    canvas = draw(layout, 600, 100, 0, 10);
    box = ink_box(canvas, 60);
    /* Capitals fill their left part from the top: a column with ink over the full capital height.
     */
    int column = box.x + 3, height = 0;
    for (int y = 0; y < 100; y++)
        height += ink_at(canvas, column, y) > 60;
    assert_true(height >= 28);
    canvas_destroy(canvas);
    text_layout_destroy(layout);
    /* In a left-to-right text the same two stand the other way round. */
    layout = text_layout_create(engine, "HHHH مم", &style, 600);
    canvas = draw(layout, 600, 100, 0, 10);
    box = ink_box(canvas, 60);
    assert_true(box.x < 10);
    height = 0;
    for (int y = 0; y < 100; y++)
        height += ink_at(canvas, box.x + 2, y) > 60;
    assert_true(height >= 28);
    canvas_destroy(canvas);
    text_layout_destroy(layout);
}

static void test_alignment(void **state)
{
    (void)state;
    struct text_style style = {TEXT_REGULAR, 20, 0, TEXT_START, 0, false};
    const enum text_align aligns[] = {TEXT_START, TEXT_CENTER, TEXT_END};
    for (int i = 0; i < 3; i++) {
        style.align = aligns[i];
        struct text_layout *layout = text_layout_create(engine, "HIH", &style, 400);
        struct canvas *canvas = draw(layout, 400, 60, 0, 10);
        struct rect box = ink_box(canvas, 60);
        int left = box.x, right = 400 - box.x - box.w;
        if (i == 0)
            assert_true(left < 5);
        else if (i == 1)
            assert_true(abs(left - right) <= 2);
        else
            assert_true(right < 5);
        canvas_destroy(canvas);
        text_layout_destroy(layout);
    }
}

/* As many lines, never a wider block, and in most boxes a narrower one. */
static void test_balanced_lines(void **state)
{
    (void)state;
    const char *text = "Un lieu pour souffler, cuisiner et jouer ensemble, au cœur du quartier";
    struct text_style style = {TEXT_SEMIBOLD, 20, 0, TEXT_START, 0, false};
    int narrower = 0, boxes = 0;
    for (int width = 320; width <= 800; width += 20, boxes++) {
        style.balance = false;
        struct text_layout *greedy = text_layout_create(engine, text, &style, width);
        style.balance = true;
        struct text_layout *balanced = text_layout_create(engine, text, &style, width);
        assert_int_equal(text_layout_lines(balanced), text_layout_lines(greedy));
        assert_true(text_layout_width(balanced) <= text_layout_width(greedy));
        narrower += text_layout_width(balanced) < text_layout_width(greedy);
        text_layout_destroy(greedy);
        text_layout_destroy(balanced);
    }
    assert_true(narrower * 2 >= boxes);
}

static void test_too_many_lines_end_in_an_ellipsis(void **state)
{
    (void)state;
    const char *text = "Un lieu pour souffler, cuisiner et jouer ensemble, au cœur du quartier";
    struct text_style style = {TEXT_REGULAR, 20, 0, TEXT_START, 2, true};
    struct text_layout *layout = text_layout_create(engine, text, &style, 260);
    assert_true(text_layout_truncated(layout));
    assert_int_equal(text_layout_lines(layout), 2);
    assert_true(text_layout_width(layout) <= 260);
    /* The last ink on the second line is that of the dots: low. */
    struct canvas *canvas = draw(layout, 300, 100, 0, 10);
    int base = 10 + text_layout_baseline(layout, 1);
    struct rect box = {0, 0, 0, 0};
    for (int y = base - 20; y < base + 8; y++)
        for (int x = 0; x < 300; x++)
            if (ink_at(canvas, x, y) > 60)
                box = rect_union(box, (struct rect){x, y, 1, 1});
    for (int y = base - 20; y < base - 5; y++)
        assert_int_equal(ink_at(canvas, box.x + box.w - 2, y), 0);
    canvas_destroy(canvas);
    text_layout_destroy(layout);
    style.max_lines = 9;
    layout = text_layout_create(engine, text, &style, 260);
    assert_false(text_layout_truncated(layout));
    text_layout_destroy(layout);
}

static void test_fit(void **state)
{
    (void)state;
    const char *text = "Coopérative d’activité et d’emploi du bassin rouennais";
    struct text_style style = {TEXT_EXTRABOLD, 60, 0, TEXT_START, 0, true};
    double last = 0;
    int excess;
    for (int height = 60; height <= 420; height += 40) {
        struct text_layout *layout =
            text_layout_fit(engine, text, &style, 12, 400, height, &excess);
        double cap = text_layout_cap_height(layout);
        assert_int_equal(excess, 0);
        assert_false(text_layout_truncated(layout));
        assert_true(text_layout_height(layout) <= height);
        assert_true(text_layout_width(layout) <= 401);
        assert_true(cap >= last && cap >= 12 && cap <= 60);
        last = cap;
        /* The largest: half a pixel more does not fit in the same box. */
        if (cap < 59) {
            struct text_style larger = style;
            larger.cap_height = cap + 0.5;
            struct text_layout *other = text_layout_create(engine, text, &larger, 400);
            struct canvas *canvas = NULL;
            bool word_broken = false;
            struct text_layout *word = text_layout_create(engine, "Coopérative", &larger, 100000);
            word_broken = text_layout_width(word) > 400;
            assert_true(text_layout_height(other) > height || word_broken);
            text_layout_destroy(word);
            text_layout_destroy(other);
            canvas_destroy(canvas);
        }
        text_layout_destroy(layout);
    }
    struct text_layout *layout = text_layout_fit(engine, "Oui", &style, 12, 400, 400, &excess);
    assert_true(text_layout_cap_height(layout) == 60);
    text_layout_destroy(layout);
}

/* "Retirez n caractères": with n fewer it fits; with one more than that it does not. */
static void test_excess_is_what_must_go(void **state)
{
    (void)state;
    const char *texts[] = {
        "Coopérative d’activité et d’emploi du bassin rouennais, entreprendre ensemble",
        "L’œuvre de l’été : « à l’Île Lacroix » — 🌱 semer, 🌱 récolter, 🌱 partager",
        "Anticonstitutionnellement",
        "Un\ndeux\ntrois\nquatre\ncinq",
    };
    struct text_style style = {TEXT_EXTRABOLD, 60, 0, TEXT_START, 0, true};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int excess, again;
        struct text_layout *layout =
            text_layout_fit(engine, texts[i], &style, 24, 330, 70, &excess);
        assert_true(text_layout_truncated(layout) || i == 2);
        assert_true(text_layout_cap_height(layout) == 24);
        assert_true(excess > 0);
        text_layout_destroy(layout);
        int keep = (int)utf8_graphemes(texts[i]) - excess;
        /* Cut at `keep` user-perceived characters. */
        char shorter[256];
        size_t end = strlen(texts[i]);
        snprintf(shorter, sizeof shorter, "%s", texts[i]);
        while ((int)utf8_graphemes(shorter) > keep)
            shorter[--end] = 0;
        layout = text_layout_fit(engine, shorter, &style, 24, 330, 70, &again);
        if (again != 0)
            fail_msg("“%s” still has %d too many", shorter, again);
        text_layout_destroy(layout);
    }
}

static uint32_t picture_hash(struct text_engine *drawer)
{
    struct text_style style = {TEXT_SEMIBOLD, 23, 0, TEXT_CENTER, 0, true};
    struct text_layout *layout = text_layout_create(
        drawer, "L’œuvre → « 12 € » مرحبا 🌱 Élise Ÿsaÿe, à 18 h 30 !", &style, 300);
    struct canvas *canvas = draw(layout, 320, 300, 10, 10);
    uint32_t hash = 2166136261u;
    for (int i = 0; i < canvas->stride * canvas->height; i++)
        hash = (hash ^ canvas->pixels[i]) * 16777619u;
    canvas_destroy(canvas);
    text_layout_destroy(layout);
    return hash;
}

static void test_same_pixels_every_time(void **state)
{
    (void)state;
    struct error err;
    uint32_t first = picture_hash(engine);
    struct text_engine *other = text_engine_create(font_folder, &err);
    assert_non_null(other);
    assert_int_equal(picture_hash(other), first);
    assert_int_equal(picture_hash(other), first);
    text_engine_destroy(other);
}

/* Anything may come from a feed. */
static void test_no_text_is_fatal(void **state)
{
    (void)state;
    const char *texts[] = {"\xFF\xFE\x80",
                           "\xE2\x80",
                           "a\x01\x02\x1B[0m",
                           "\r\n\t ",
                           "\u200D\u200D",
                           "\uFFFF",
                           "🇫🇷🇫",
                           "\u0301\u0301",
                           "\u202E abc \u202C",
                           "\u2028\u2029",
                           "\U000E0041",
                           "\uFEFF",
                           "ﷺ",
                           "   ",
                           "\u00AD",
                           "👩🏽‍🌾👍🏽"};
    struct text_style style = {TEXT_REGULAR, 18, 0, TEXT_START, 2, true};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (int width = -5; width < 200; width += 51) {
            struct text_layout *layout = text_layout_create(engine, texts[i], &style, width);
            canvas_destroy(draw(layout, 200, 100, 5, 5));
            text_layout_destroy(layout);
            layout = text_layout_fit(engine, texts[i], &style, 9, width, 40, NULL);
            text_layout_destroy(layout);
        }
    }
    /* Every plane's characters through breaking, bidi and shaping. */
    struct strbuf all;
    strbuf_init(&all);
    for (uint32_t point = 1; point < 0x30000; point += 23)
        if (point < 0xD800 || point > 0xDFFF)
            utf8_append(&all, point);
    struct text_layout *layout = text_layout_create(engine, all.bytes, &style, 800);
    text_layout_destroy(layout);
    strbuf_finish(&all);
}

static void test_missing_fonts_are_reported(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(text_engine_create("/nonexistent", &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_string_equal(err.file, "/nonexistent");
    assert_non_null(strstr(err.fr, "Atkinson"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capitals_are_as_high_as_asked),
        cmocka_unit_test(test_box_holds_the_ink),
        cmocka_unit_test(test_no_glyph_is_missing),
        cmocka_unit_test(test_few_fonts_stay_open),
        cmocka_unit_test(test_where_lines_break),
        cmocka_unit_test(test_thin_space_is_there_but_thin),
        cmocka_unit_test(test_a_word_too_wide_breaks_inside),
        cmocka_unit_test(test_bidirectional_order),
        cmocka_unit_test(test_alignment),
        cmocka_unit_test(test_balanced_lines),
        cmocka_unit_test(test_too_many_lines_end_in_an_ellipsis),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_excess_is_what_must_go),
        cmocka_unit_test(test_same_pixels_every_time),
        cmocka_unit_test(test_no_text_is_fatal),
        cmocka_unit_test(test_missing_fonts_are_reported),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
