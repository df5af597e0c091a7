/* Shapes, blending, pictures and QR codes on a canvas. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "player/draw/blend_kernels.h"
#include "player/draw/canvas.h"
#include "player/draw/image.h"

static uint32_t pixel(const struct canvas *canvas, int x, int y)
{
    return canvas->pixels[y * canvas->stride + x];
}

static int channel(uint32_t value, int shift)
{
    return (int)(value >> shift & 0xFF);
}

static void test_blend_is_exact(void **state)
{
    (void)state;
    struct canvas *canvas = canvas_create(256, 1);
    for (int alpha = 0; alpha < 256; alpha++) {
        for (int old = 0; old < 256; old += 5) {
            for (int x = 0; x < 256; x++)
                canvas->pixels[x] = 0xFF000000u | (uint32_t)old * 0x010101u;
            for (int x = 0; x < 256; x++)
                canvas_fill_rect(canvas, (struct rect){x, 0, 1, 1},
                                 (uint32_t)alpha << 24 | (uint32_t)x << 8 | 0x20);
            for (int x = 0; x < 256; x++) {
                int green = (int)lround((x * alpha + old * (255 - alpha)) / 255.0);
                int blue = (int)lround((0x20 * alpha + old * (255 - alpha)) / 255.0);
                assert_int_equal(channel(pixel(canvas, x, 0), 8), green);
                assert_int_equal(channel(pixel(canvas, x, 0), 0), blue);
                assert_int_equal(channel(pixel(canvas, x, 0), 24), 255);
            }
        }
    }
    canvas_destroy(canvas);
}

/* Rows of every length and place around the vector width give what one pixel at a time gives. */
static void test_kernels_do_not_depend_on_length(void **state)
{
    (void)state;
    enum { MOST = 150, PLACES = 17 };
    static const unsigned weights[] = {0, 1, 37, 128, 201, 255, 256};
    uint32_t first[MOST], second[MOST], room[PLACES + MOST + 1];
    srand(7);
    for (int i = 0; i < MOST; i++) {
        first[i] = 0xFF000000u | (uint32_t)rand();
        second[i] = 0xFF000000u | (uint32_t)rand();
    }
    for (size_t w = 0; w < sizeof weights / sizeof *weights; w++) {
        for (size_t count = 0; count < MOST; count++) {
            unsigned t = weights[w];
            uint32_t *target = room + count % PLACES;
            void (*const mixers[])(uint32_t *, const uint32_t *, const uint32_t *, size_t,
                                   unsigned) = {blend_mix, blend_mix_stream};
            for (int k = 0; k < 2; k++) {
                target[count] = 0x12345678;
                mixers[k](target, first, second, count, t);
                assert_int_equal(target[count], 0x12345678);
                for (size_t i = 0; i < count; i++)
                    for (int shift = 0; shift < 32; shift += 8) {
                        int a = channel(first[i], shift), b = channel(second[i], shift);
                        int mixed = (a * (256 - (int)t) + b * (int)t + 128) / 256;
                        assert_int_equal(channel(target[i], shift), mixed);
                    }
            }
        }
    }
}

static void draw_everything(struct canvas *canvas)
{
    uint32_t pixels[4] = {0xFFFF0000, 0x80FF0000, 0xFF00FF00, 0x00000000};
    struct image image = {pixels, 2, 2, false};
    uint8_t mask[16 * 16];
    memset(mask, 200, sizeof mask);
    canvas_fill_rect(canvas, (struct rect){-50, -50, 500, 500}, 0xFF336699);
    canvas_fill_round(canvas, (struct rect){-20, -20, 300, 300}, 30, 0x80FFFFFF);
    canvas_stroke_round(canvas, (struct rect){-5, -5, 74, 74}, 20, 3, 0xFFFFC845);
    canvas_fill_gradient(canvas, (struct rect){-10, -10, 400, 400}, true, 0x40FF0000, 0x4000FF00);
    canvas_fill_gradient(canvas, (struct rect){-10, -10, 400, 400}, false, 0x40FF0000, 0x4000FF00);
    canvas_shadow(canvas, (struct rect){-10, -10, 60, 60}, 8, 20, 5, 0x80000000);
    canvas_draw_image(canvas, &image, (struct rectf){0, 0, 2, 2}, (struct rect){-30, -30, 200, 200},
                      25);
    canvas_draw_mask(canvas, mask, 16, 16, 16, -5, -5, 0xFFFF00FF);
    canvas_draw_mask(canvas, mask, 16, 16, 16, 58, 58, 0xFFFF00FF);
    canvas_draw_qr(canvas, "bonjour", -40, -40, 200);
}

static void test_nothing_outside_the_clip(void **state)
{
    (void)state;
    const struct rect clips[] = {
        {10, 12, 20, 9}, {0, 0, 1, 64}, {63, 63, 40, 40}, {-4, -4, 10, 9}, {30, 30, 0, 10}};
    for (size_t i = 0; i < sizeof clips / sizeof *clips; i++) {
        struct canvas *canvas = canvas_create(64, 64);
        canvas_set_clip(canvas, &clips[i]);
        draw_everything(canvas);
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++) {
                bool inside = rect_contains(clips[i], x, y);
                if (!inside)
                    assert_int_equal(pixel(canvas, x, y), 0xFF000000u);
                assert_int_equal(channel(pixel(canvas, x, y), 24), 255);
            }
        canvas_destroy(canvas);
    }
}

/* Clipping changes where is drawn, not what. */
static void test_clip_does_not_move_the_picture(void **state)
{
    (void)state;
    struct canvas *whole = canvas_create(64, 64), *parts = canvas_create(64, 64);
    draw_everything(whole);
    for (int y = 0; y < 64; y += 13)
        for (int x = 0; x < 64; x += 17) {
            canvas_set_clip(parts, &(struct rect){x, y, 17, 13});
            draw_everything(parts);
        }
    for (int y = 0; y < 64; y++)
        for (int x = 0; x < 64; x++)
            assert_int_equal(pixel(whole, x, y), pixel(parts, x, y));
    canvas_destroy(whole);
    canvas_destroy(parts);
}

static void test_round_corners(void **state)
{
    (void)state;
    struct canvas *canvas = canvas_create(120, 80);
    canvas_fill_round(canvas, (struct rect){10, 10, 100, 60}, 20, 0xFFFFFFFF);
    double covered = 0;
    for (int y = 0; y < 80; y++)
        for (int x = 0; x < 120; x++) {
            covered += channel(pixel(canvas, x, y), 0) / 255.0;
            assert_int_equal(pixel(canvas, x, y), pixel(canvas, 119 - x, y));
            assert_int_equal(pixel(canvas, x, y), pixel(canvas, x, 79 - y));
        }
    double area = 100 * 60 - (4 - 3.14159265) * 20 * 20;
    assert_true(fabs(covered - area) < area * 0.001);
    assert_int_equal(pixel(canvas, 10, 10), 0xFF000000u);
    assert_int_equal(pixel(canvas, 60, 10), 0xFFFFFFFFu);
    canvas_destroy(canvas);
}

static void test_stroke_is_the_difference_of_two_shapes(void **state)
{
    (void)state;
    struct canvas *stroke = canvas_create(100, 70), *filled = canvas_create(100, 70);
    canvas_stroke_round(stroke, (struct rect){5, 5, 90, 60}, 18, 4, 0xFFFFFFFF);
    canvas_fill_round(filled, (struct rect){5, 5, 90, 60}, 18, 0xFFFFFFFF);
    canvas_fill_round(filled, (struct rect){9, 9, 82, 52}, 14, 0xFF000000);
    for (int y = 0; y < 70; y++)
        for (int x = 0; x < 100; x++)
            assert_true(abs(channel(pixel(stroke, x, y), 0) - channel(pixel(filled, x, y), 0)) <=
                        1);
    canvas_destroy(stroke);
    canvas_destroy(filled);
}

static void test_shadow_is_soft_and_bounded(void **state)
{
    (void)state;
    struct canvas *canvas = canvas_create(400, 300);
    canvas_fill(canvas, 0xFFFFFFFF);
    canvas_shadow(canvas, (struct rect){100, 80, 200, 120}, 16, 30, 10, 0xFF000000);
    int middle = channel(pixel(canvas, 200, 150), 0);
    assert_int_equal(middle, 0);
    /* At the edge a blurred straight border is half dark; outside the blur there is nothing. */
    assert_in_range(channel(pixel(canvas, 200, 90), 0), 115, 140);
    assert_int_equal(pixel(canvas, 200, 90 - 31), 0xFFFFFFFFu);
    assert_int_equal(pixel(canvas, 100 - 31, 150), 0xFFFFFFFFu);
    for (int x = 60; x < 140; x++) {
        int step = channel(pixel(canvas, x, 150), 0) - channel(pixel(canvas, x + 1, 150), 0);
        assert_in_range(step + 1, 1, 15); /* never lighter, no hard step */
    }
    canvas_destroy(canvas);
}

static void test_gradient_ends(void **state)
{
    (void)state;
    struct canvas *canvas = canvas_create(50, 40);
    canvas_fill_gradient(canvas, (struct rect){0, 0, 50, 40}, true, 0xFF102030, 0xFFA0B0C0);
    assert_int_equal(pixel(canvas, 0, 5), 0xFF102030u);
    assert_int_equal(pixel(canvas, 49, 5), 0xFFA0B0C0u);
    canvas_fill_gradient(canvas, (struct rect){0, 0, 50, 40}, false, 0xFF102030, 0xFFA0B0C0);
    assert_int_equal(pixel(canvas, 7, 0), 0xFF102030u);
    assert_int_equal(pixel(canvas, 7, 39), 0xFFA0B0C0u);
    canvas_destroy(canvas);
}

static struct image test_image(uint32_t *pixels, int width, int height)
{
    srand(3);
    for (int i = 0; i < width * height; i++)
        pixels[i] = 0xFF000000u | (uint32_t)rand();
    return (struct image){pixels, width, height, true};
}

static void test_image_at_its_own_size_is_unchanged(void **state)
{
    (void)state;
    uint32_t pixels[31 * 17];
    struct image image = test_image(pixels, 31, 17);
    struct canvas *canvas = canvas_create(40, 20);
    canvas_draw_image(canvas, &image, (struct rectf){0, 0, 31, 17}, (struct rect){4, 2, 31, 17}, 0);
    for (int y = 0; y < 17; y++)
        for (int x = 0; x < 31; x++)
            assert_int_equal(pixel(canvas, x + 4, y + 2), pixels[y * 31 + x]);
    canvas_destroy(canvas);
}

static void test_image_shrinks_to_the_mean(void **state)
{
    (void)state;
    uint32_t pixels[60 * 60];
    struct image image = test_image(pixels, 60, 60);
    struct canvas *canvas = canvas_create(4, 4);
    canvas_draw_image(canvas, &image, (struct rectf){0, 0, 60, 60}, (struct rect){0, 0, 4, 4}, 0);
    for (int cell = 0; cell < 16; cell++)
        for (int shift = 0; shift < 24; shift += 8) {
            double sum = 0;
            for (int i = 0; i < 225; i++)
                sum +=
                    channel(pixels[(cell / 4 * 15 + i / 15) * 60 + cell % 4 * 15 + i % 15], shift);
            assert_true(fabs(channel(pixel(canvas, cell % 4, cell / 4), shift) - sum / 225) < 1);
        }
    canvas_destroy(canvas);
}

static void test_image_grows_without_leaving_its_range(void **state)
{
    (void)state;
    uint32_t pixels[2] = {0xFF000000, 0xFFFFFFFF};
    struct image image = {pixels, 2, 1, true};
    struct canvas *canvas = canvas_create(100, 10);
    canvas_draw_image(canvas, &image, (struct rectf){0, 0, 2, 1}, (struct rect){0, 0, 100, 10}, 0);
    for (int x = 1; x < 100; x++)
        assert_true(channel(pixel(canvas, x, 5), 8) >= channel(pixel(canvas, x - 1, 5), 8));
    assert_int_equal(channel(pixel(canvas, 0, 0), 0), 0);
    assert_int_equal(channel(pixel(canvas, 99, 9), 0), 255);
    assert_in_range(channel(pixel(canvas, 49, 5), 0), 122, 130);
    canvas_destroy(canvas);
}

/* Weight of source cell i in target cell [from, to): area when shrinking, bilinear when growing. */
static double weight(int i, int limit, double from, double to)
{
    double middle = fmin(fmax((from + to) / 2, 0.5), limit - 0.5);
    return to - from > 1 ? fmax(0, fmin(to, i + 1) - fmax(from, i)) / (to - from)
                         : fmax(0, 1 - fabs(middle - (i + 0.5)));
}

/* Any scale, each axis on its own, beside the definition in floating point. */
static void test_image_scales_as_defined(void **state)
{
    (void)state;
    enum { W = 37, H = 23 };
    const int sizes[][2] = {{50, 31}, {20, 9}, {36, 60}, {80, 10}, {37, 23}, {1, 1}};
    uint32_t pixels[W * H];
    struct image image = test_image(pixels, W, H);
    const struct rectf sources[] = {{0, 0, W, H}, {2.25, 1.5, 30.5, 17.25}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int k = 0; k < 2; k++) {
            int w = sizes[s][0], h = sizes[s][1];
            struct rectf from = sources[k];
            struct canvas *canvas = canvas_create(w, h);
            canvas_draw_image(canvas, &image, from, (struct rect){0, 0, w, h}, 0);
            for (int y = 0; y < h; y++)
                for (int x = 0; x < w; x++) {
                    double sum = 0, x0 = from.x + from.w * x / w, y0 = from.y + from.h * y / h;
                    for (int i = 0; i < W * H; i++)
                        sum += weight(i % W, W, x0, x0 + from.w / w) *
                               weight(i / W, H, y0, y0 + from.h / h) * channel(pixels[i], 8);
                    assert_true(fabs(channel(pixel(canvas, x, y), 8) - sum) < 1);
                }
            canvas_destroy(canvas);
        }
}

/* A transparent pixel's colour must not bleed into its neighbours. */
static void test_image_alpha(void **state)
{
    (void)state;
    uint32_t pixels[4] = {0xFFFFFFFF, 0x00FF0000, 0xFFFFFFFF, 0x00FF0000};
    struct image image = {pixels, 2, 2, false};
    struct canvas *canvas = canvas_create(8, 8);
    canvas_fill(canvas, 0xFFFFFFFF);
    canvas_draw_image(canvas, &image, (struct rectf){0, 0, 2, 2}, (struct rect){0, 0, 8, 8}, 0);
    for (int i = 0; i < 64; i++)
        assert_int_equal(pixel(canvas, i % 8, i / 8), 0xFFFFFFFFu);
    canvas_destroy(canvas);
}

static void test_crop_to_focus(void **state)
{
    (void)state;
    const struct {
        int image_w, image_h;
        double x, y;
        int w, h;
        struct rectf crop;
    } cases[] = {
        {1600, 900, 0.5, 0.5, 16, 9, {0, 0, 1600, 900}},
        {1600, 900, 0.5, 0.5, 1, 1, {350, 0, 900, 900}},
        {1600, 900, 0.0, 0.5, 1, 1, {0, 0, 900, 900}},
        {1600, 900, 0.9, 0.5, 1, 1, {700, 0, 900, 900}},
        {900, 1600, 0.5, 0.25, 16, 9, {0, 146.875, 900, 506.25}},
        {900, 1600, 0.5, 1.0, 16, 9, {0, 1093.75, 900, 506.25}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rectf crop = crop_to_focus(cases[i].image_w, cases[i].image_h, cases[i].x,
                                          cases[i].y, cases[i].w, cases[i].h);
        assert_true(fabs(crop.x - cases[i].crop.x) < 1e-6 && fabs(crop.y - cases[i].crop.y) < 1e-6);
        assert_true(fabs(crop.w - cases[i].crop.w) < 1e-6 && fabs(crop.h - cases[i].crop.h) < 1e-6);
    }
}

static void test_qr_modules_are_whole_pixels(void **state)
{
    (void)state;
    struct canvas *canvas = canvas_create(300, 300);
    assert_true(canvas_draw_qr(canvas, "https://ess.metropole-rouen-normandie.fr/p/12", 0, 0, 300));
    /* The finder pattern's top row is 7 modules wide and starts after the quiet zone. */
    int x = 0, y = 0;
    while (pixel(canvas, y, y) == 0xFFFFFFFFu)
        y++;
    x = y;
    while (pixel(canvas, x, y) == 0xFF000000u)
        x++;
    int module = (x - y) / 7;
    assert_int_equal((x - y) % 7, 0);
    assert_true(module >= 2 && y >= 4 * module);
    for (int row = y; row < 300 - y; row++)
        for (int column = y; column < 300 - y; column++) {
            uint32_t corner =
                pixel(canvas, y + (column - y) / module * module, y + (row - y) / module * module);
            assert_int_equal(pixel(canvas, column, row), corner);
        }
    char endless[4000];
    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = 0;
    assert_false(canvas_draw_qr(canvas, endless, 0, 0, 300));
    assert_false(canvas_draw_qr(canvas, "bonjour", 0, 0, 50));
    canvas_destroy(canvas);
}

static void test_sizes_that_a_peer_may_send(void **state)
{
    (void)state;
    const int bad[][2] = {{0, 10}, {10, 0}, {-1, 10}, {8193, 10}, {10, 2147483647}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(canvas_create(bad[i][0], bad[i][1]));
    struct canvas *canvas = canvas_create(8192, 1);
    assert_non_null(canvas);
    assert_int_equal((uintptr_t)canvas->pixels % 64, 0);
    canvas_destroy(canvas);
    canvas_destroy(NULL);
}

static void test_png_round_trip(void **state)
{
    (void)state;
    char path[] = "/tmp/vitrine-canvas-XXXXXX";
    struct error err;
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    struct canvas *canvas = canvas_create(64, 64);
    draw_everything(canvas);
    assert_true(canvas_save_png(canvas, path, &err));
    struct image *image = image_load(path, &err);
    assert_non_null(image);
    assert_int_equal(image->width, 64);
    assert_true(image->opaque);
    for (int i = 0; i < 64 * 64; i++)
        assert_int_equal(image->pixels[i], pixel(canvas, i % 64, i / 64));
    image_destroy(image);
    unlink(path);
    assert_false(canvas_save_png(canvas, "/nonexistent/folder/x.png", &err));
    assert_int_equal(err.kind, ERROR_IO);
    assert_string_equal(err.file, "/nonexistent/folder/x.png");
    canvas_destroy(canvas);
}

static void test_copy(void **state)
{
    (void)state;
    struct canvas *source = canvas_create(20, 20), *canvas = canvas_create(10, 10);
    for (int i = 0; i < 400; i++)
        source->pixels[i / 20 * source->stride + i % 20] = 0xFF000000u | (uint32_t)i;
    canvas_copy(canvas, source, (struct rect){5, 5, 10, 10}, -2, 3);
    assert_int_equal(pixel(canvas, 0, 3), pixel(source, 7, 5));
    assert_int_equal(pixel(canvas, 7, 9), pixel(source, 14, 11));
    assert_int_equal(pixel(canvas, 8, 3), 0xFF000000u);
    assert_int_equal(pixel(canvas, 0, 2), 0xFF000000u);
    canvas_destroy(source);
    canvas_destroy(canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blend_is_exact),
        cmocka_unit_test(test_kernels_do_not_depend_on_length),
        cmocka_unit_test(test_nothing_outside_the_clip),
        cmocka_unit_test(test_clip_does_not_move_the_picture),
        cmocka_unit_test(test_round_corners),
        cmocka_unit_test(test_stroke_is_the_difference_of_two_shapes),
        cmocka_unit_test(test_shadow_is_soft_and_bounded),
        cmocka_unit_test(test_gradient_ends),
        cmocka_unit_test(test_image_at_its_own_size_is_unchanged),
        cmocka_unit_test(test_image_shrinks_to_the_mean),
        cmocka_unit_test(test_image_grows_without_leaving_its_range),
        cmocka_unit_test(test_image_scales_as_defined),
        cmocka_unit_test(test_image_alpha),
        cmocka_unit_test(test_crop_to_focus),
        cmocka_unit_test(test_qr_modules_are_whole_pixels),
        cmocka_unit_test(test_sizes_that_a_peer_may_send),
        cmocka_unit_test(test_png_round_trip),
        cmocka_unit_test(test_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
