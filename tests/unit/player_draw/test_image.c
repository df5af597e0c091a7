/* Pictures are decoded right, or refused with a message. Samples: Go's image test data (shared). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "player/draw/image.h"

#define BASELINE SHARED_DATA_DIR "/images/baseline/"
#define PNGSUITE SHARED_DATA_DIR "/images/pngsuite/"

static void need_samples(void)
{
    if (access(BASELINE, R_OK) != 0) {
        print_message("shared/data/images is missing: skipped\n");
        skip();
    }
}

static struct image *load(const char *folder, const char *name, struct error *err)
{
    char path[512];
    return image_load(path_join(path, sizeof path, folder, name), err);
}

/* Mean difference of a channel, in 1/100. */
static int difference(const struct image *a, const struct image *b)
{
    long sum = 0;
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (int i = 0; i < a->width * a->height; i++)
        for (int shift = 0; shift < 32; shift += 8)
            sum +=
                labs((long)(a->pixels[i] >> shift & 0xFF) - (long)(b->pixels[i] >> shift & 0xFF));
    return (int)(sum * 100 / (4L * a->width * a->height));
}

/* Each picture beside a reference that is known to be right; the tolerance is the loss of its
 * compression (mean of a channel, in 1/100). */
static void test_against_references(void **state)
{
    (void)state;
    const struct {
        const char *name, *reference;
        int tolerance;
    } cases[] = {
        {"video-001.jpeg", "video-001.png", 60},
        {"video-001.progressive.jpeg", "video-001.png", 60},
        {"video-001.cmyk.jpeg", "video-001.cmyk.png", 60},
        {"video-001.221212.jpeg", "video-001.221212.png", 100},
        {"video-001.rgb.jpeg", "video-001.rgb.png", 400},
        {"video-001.separate.dc.progression.jpeg", "video-001.png", 200},
        {"video-001.q50.420.jpeg", "video-001.png", 600},
        {"video-001.q50.444.jpeg", "video-001.png", 600},
        {"video-001.q50.410.progressive.jpeg", "video-001.png", 700},
        {"video-005.gray.jpeg", "video-005.gray.png", 100},
        {"video-005.gray.q50.jpeg", "video-005.gray.png", 400},
        {"blue-purple-pink.lossless.webp", "blue-purple-pink.png", 0},
        {"blue-purple-pink.lossy.webp", "blue-purple-pink.png", 400},
        {"gray-gradient.interlaced.png", "gray-gradient.png", 0},
        {"benchRGB-interlace.png", "benchRGB.png", 0},
    };
    need_samples();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err;
        struct image *image = load(BASELINE, cases[i].name, &err);
        struct image *reference = load(BASELINE, cases[i].reference, &err);
        assert_non_null(image);
        assert_non_null(reference);
        int found = difference(image, reference);
        if (found > cases[i].tolerance)
            fail_msg("%s differs by %d/100 from %s", cases[i].name, found, cases[i].reference);
        assert_true(image->opaque);
        image_destroy(image);
        image_destroy(reference);
    }
}

/* Grey, true colour, palette; 1 to 16 bits; with and without alpha. */
static void test_png_kinds(void **state)
{
    (void)state;
    const struct {
        const char *name;
        bool opaque;
        uint32_t first; /* its top left pixel, as another decoder reads it; 0: any */
    } cases[] = {
        {"basn0g01.png", true, 0xFFFFFFFF},  {"basn0g02.png", true, 0xFF000000},
        {"basn0g04.png", true, 0xFF000000},  {"basn0g08.png", true, 0xFF000000},
        {"basn0g16.png", true, 0xFF000000},  {"basn2c08.png", true, 0xFFFFFFFF},
        {"basn2c16.png", true, 0xFFFFFF00},  {"basn3p01.png", true, 0xFFEEFF22},
        {"basn3p02.png", true, 0xFF0000FF},  {"basn3p04.png", true, 0xFFFF0000},
        {"basn3p08.png", true, 0},           {"basn4a08.png", false, 0x00FFFFFF},
        {"basn4a16.png", false, 0},          {"basn6a08.png", false, 0x00FF0008},
        {"basn6a16.png", false, 0x00FFFF00},
    };
    need_samples();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err;
        struct image *image = load(PNGSUITE, cases[i].name, &err);
        assert_non_null(image);
        assert_int_equal(image->width, 32);
        assert_int_equal(image->height, 32);
        if (image->opaque != cases[i].opaque)
            fail_msg("%s: opaque", cases[i].name);
        if (cases[i].first != 0 && image->pixels[0] != cases[i].first)
            fail_msg("%s begins with %08x", cases[i].name, image->pixels[0]);
        image_destroy(image);
    }
}

static void test_broken_pictures_are_refused(void **state)
{
    (void)state;
    const char *names[] = {"invalid-crc32.png", "invalid-noend.png",    "invalid-palette.png",
                           "invalid-trunc.png", "invalid-zlib.png",     "colormap.bmp",
                           "triangle-001.gif",  "yellow_rose-small.bmp"};
    need_samples();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct error err = {0};
        if (load(BASELINE, names[i], &err))
            fail_msg("%s was accepted", names[i]);
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_non_null(strstr(err.file, names[i]));
        assert_true(strlen(err.fr) > 20 && strlen(err.en) > 20);
    }
}

/* Cut anywhere, no picture is accepted, and nothing is read beyond its end. */
static void test_truncated_pictures_are_refused(void **state)
{
    (void)state;
    const char *names[] = {"video-001.jpeg", "video-001.progressive.jpeg", "benchPaletted.png",
                           "blue-purple-pink.lossy.webp", "blue-purple-pink.lossless.webp"};
    need_samples();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[512], *bytes;
        size_t length;
        struct error err;
        path_join(path, sizeof path, BASELINE, names[i]);
        assert_true(file_read(path, IMAGE_BYTES_MAX, &bytes, &length, &err));
        for (size_t cut = 0; cut < length; cut += cut < 64 ? 1 : length / 40) {
            char *part = malloc(cut ? cut : 1); /* so that a sanitizer sees a read past the end */
            memcpy(part, bytes, cut);
            if (image_decode(part, cut, &err))
                fail_msg("%s was accepted with %zu of %zu bytes", names[i], cut, length);
            free(part);
        }
        free(bytes);
    }
}

static void put_big_endian(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Only the header is read for the limits: there is no pixel behind it. */
static void test_dimensions_are_checked_before_decoding(void **state)
{
    (void)state;
    const struct {
        uint32_t width, height;
        enum error_kind kind;
    } cases[] = {
        {30000, 30000, ERROR_LIMIT},     {8193, 1, ERROR_LIMIT},
        {1, 8193, ERROR_LIMIT},          {8000, 8000, ERROR_LIMIT},
        {0, 10, ERROR_INVALID},          {10, 0, ERROR_INVALID},
        {0x80000000u, 1, ERROR_INVALID}, {0xFFFFFFFFu, 0xFFFFFFFFu, ERROR_INVALID},
        {8000, 5000, ERROR_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t png[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0CRC."
                        "\0\0\0\0IENDCRC.";
        int width, height;
        const char *type;
        struct error err = {0};
        put_big_endian(png + 16, cases[i].width);
        put_big_endian(png + 20, cases[i].height);
        bool fine = image_probe(png, sizeof png - 1, &width, &height, &type, &err);
        assert_int_equal(fine, cases[i].kind == ERROR_NONE);
        assert_int_equal(err.kind, cases[i].kind);
        if (fine) {
            assert_int_equal(width, cases[i].width);
            assert_string_equal(type, "PNG");
            assert_null(image_decode(png, sizeof png - 1, &err));
        }
    }
}

static void test_probe_agrees_with_decoding(void **state)
{
    (void)state;
    const struct {
        const char *name, *type;
    } cases[] = {
        {"video-001.jpeg", "JPEG"},
        {"video-001.progressive.jpeg", "JPEG"},
        {"video-001.png", "PNG"},
        {"blue-purple-pink.lossy.webp", "WebP"},
        {"blue-purple-pink.lossless.webp", "WebP"},
    };
    need_samples();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[512], *bytes;
        size_t length;
        int width, height;
        const char *type;
        struct error err;
        path_join(path, sizeof path, BASELINE, cases[i].name);
        assert_true(file_read(path, IMAGE_BYTES_MAX, &bytes, &length, &err));
        assert_true(image_probe(bytes, length, &width, &height, &type, &err));
        struct image *image = image_decode(bytes, length, &err);
        assert_non_null(image);
        assert_int_equal(width, image->width);
        assert_int_equal(height, image->height);
        assert_string_equal(type, cases[i].type);
        image_destroy(image);
        free(bytes);
    }
}

static void test_missing_file(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(image_load("/nonexistent/photo.jpg", &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    image_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_references),
        cmocka_unit_test(test_png_kinds),
        cmocka_unit_test(test_broken_pictures_are_refused),
        cmocka_unit_test(test_truncated_pictures_are_refused),
        cmocka_unit_test(test_dimensions_are_checked_before_decoding),
        cmocka_unit_test(test_probe_agrees_with_decoding),
        cmocka_unit_test(test_missing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
