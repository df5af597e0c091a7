/* Films that we write, read back by the player's own decoder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "player/video/encoder.h"
#include "player/video/video.h"

#define WIDTH 320
#define HEIGHT 180
#define RATE 25
#define FRAMES 40

static char folder[64];

static int setup(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/vitrine-encoder-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int teardown(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Each frame a colour of its own: red rises, blue falls. */
static color frame_color(int number)
{
    return COLOR_RGB((uint32_t)(20 + number * 5) << 16 | 0x8000u | (uint32_t)(235 - number * 5));
}

static void fail_with(const struct error *err)
{
    char text[1024];
    fail_msg("%s", error_text(err, LANG_EN, text, sizeof text));
}

static void write_film(const char *path)
{
    struct error err;
    struct encoder_options options = {path, WIDTH, HEIGHT, RATE};
    struct encoder *encoder = encoder_create(&options, &err);
    if (encoder == NULL) {
        fail_with(&err);
    }
    struct canvas *canvas = canvas_create(WIDTH, HEIGHT);
    for (int i = 0; i < FRAMES; i++) {
        canvas_fill(canvas, frame_color(i));
        if (!encoder_add(encoder, canvas, &err)) {
            fail_with(&err);
        }
    }
    assert_int_not_equal(access(path, F_OK), 0); /* not there before it is whole */
    if (!encoder_finish(encoder, &err)) {
        fail_with(&err);
    }
    encoder_destroy(encoder);
    canvas_destroy(canvas);
}

static const struct video_image *frame_at(struct video *video, int64_t position_us)
{
    const struct video_image *image = NULL;
    for (int i = 0; i < 1000; i++) {
        video_frame(video, position_us, &image);
        int64_t next_us = video_next_us(video);
        if (image != NULL && ((next_us > position_us && next_us != INT64_MAX) ||
                              video_state(video) == VIDEO_ENDED)) {
            return image;
        }
        assert_int_not_equal(video_state(video), VIDEO_FAILED);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
    fail_msg("no frame at %lld", (long long)position_us);
    return NULL;
}

static void assert_near(int a, int b, const char *what, int number)
{
    if (a - b > 8 || b - a > 8) {
        fail_msg("frame %d: %s %d, not %d", number, what, a, b);
    }
}

static void test_round_trip(void **state)
{
    (void)state;
    char path[128];
    struct error err;
    snprintf(path, sizeof path, "%s/film.mp4", folder);
    write_film(path);
    struct video *video = video_open(path, &(struct video_options){0}, &err);
    assert_non_null(video);
    struct canvas *canvas = canvas_create(WIDTH, HEIGHT);
    for (int i = 0; i < FRAMES; i++) {
        const struct video_image *image = frame_at(video, (int64_t)i * 1000000 / RATE);
        assert_true(video_image_draw(image, (struct rectf){0, 0, WIDTH, HEIGHT}, canvas,
                                     (struct rect){0, 0, WIDTH, HEIGHT}));
        color seen = canvas->pixels[HEIGHT / 2 * canvas->stride + WIDTH / 2];
        color drawn = frame_color(i);
        assert_near((int)(seen >> 16 & 0xFF), (int)(drawn >> 16 & 0xFF), "red", i);
        assert_near((int)(seen >> 8 & 0xFF), (int)(drawn >> 8 & 0xFF), "green", i);
        assert_near((int)(seen & 0xFF), (int)(drawn & 0xFF), "blue", i);
    }
    struct video_facts facts;
    assert_true(video_facts(video, &facts));
    assert_int_equal(facts.width, WIDTH);
    assert_in_range(facts.length_us, FRAMES * 1000000 / RATE - 1000,
                    FRAMES * 1000000 / RATE + 1000);
    video_close(video);
    canvas_destroy(canvas);
    assert_int_equal(unlink(path), 0);
}

/* A film that is given up leaves nothing; one that cannot be made says why. */
static void test_nothing_left(void **state)
{
    (void)state;
    char path[128];
    struct error err = {0};
    snprintf(path, sizeof path, "%s/film.mp4", folder);
    struct encoder *encoder =
        encoder_create(&(struct encoder_options){path, WIDTH, HEIGHT, RATE}, &err);
    assert_non_null(encoder);
    encoder_destroy(encoder); /* teardown finds an empty folder */

    static const struct encoder_options wrong[] = {
        {NULL, 321, 180, 25}, {NULL, 0, 180, 25}, {NULL, 320, 99998, 25}, {NULL, 320, 180, 0}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct encoder_options options = wrong[i];
        options.path = path;
        assert_null(encoder_create(&options, &err));
        assert_int_equal(err.kind, ERROR_INVALID);
    }
    snprintf(path, sizeof path, "%s/no/film.mp4", folder);
    assert_null(encoder_create(&(struct encoder_options){path, WIDTH, HEIGHT, RATE}, &err));
    assert_int_equal(err.kind, ERROR_IO);
    assert_non_null(strstr(err.file, "film.mp4"));
    encoder_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_nothing_left),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
