/* A screenshot is the picture that was shown: right size, right colours, not larger than agreed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "player/draw/canvas_jpeg.h"
#include "player/draw/image.h"

static const struct size_case {
    int width, height, side, expected_width, expected_height;
} sizes[] = {
    {300, 200, 400, 300, 200}, /* small enough */
    {400, 400, 400, 400, 400}, {800, 400, 400, 400, 200},
    {403, 907, 500, 222, 500}, {1000, 1, 500, 500, 1},
};

/* Left half blue, right half yellow, so that swapped channels or sides show. */
static struct canvas *halves(int width, int height)
{
    struct canvas *canvas = canvas_create(width, height);
    canvas_fill(canvas, COLOR_RGB(0x0B1F3A));
    canvas_fill_rect(canvas, (struct rect){width / 2, 0, width, height}, COLOR_RGB(0xFFC845));
    return canvas;
}

static void assert_near(uint32_t got, uint32_t expected)
{
    for (int shift = 0; shift < 24; shift += 8)
        assert_in_range(abs((int)(got >> shift & 0xFF) - (int)(expected >> shift & 0xFF)), 0, 8);
}

static void test_sizes_and_colours(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct canvas *canvas = halves(sizes[i].width, sizes[i].height);
        struct error err;
        void *bytes;
        size_t length;
        if (!canvas_encode_jpeg(canvas, sizes[i].side, 200000, &bytes, &length, &err))
            fail_msg("%s", err.en);
        struct image *image = image_decode(bytes, length, &err);
        assert_non_null(image);
        assert_int_equal(image->width, sizes[i].expected_width);
        assert_int_equal(image->height, sizes[i].expected_height);
        const uint32_t *row = image->pixels + (image->height / 2) * image->width;
        assert_near(row[image->width / 4], 0x0B1F3A);
        assert_near(row[image->width * 3 / 4], 0xFFC845);
        image_destroy(image);
        free(bytes);
        canvas_destroy(canvas);
    }
}

static void test_limit(void **state)
{
    (void)state;
    struct canvas *canvas = canvas_create(640, 480);
    struct error err;
    void *bytes;
    size_t length;
    for (int y = 0; y < 480; y++)
        for (int x = 0; x < 640; x++)
            canvas->pixels[y * canvas->stride + x] = 0xFF000000u | (uint32_t)rand();
    assert_false(canvas_encode_jpeg(canvas, 640, 20000, &bytes, &length, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    canvas_destroy(canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_and_colours),
        cmocka_unit_test(test_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
