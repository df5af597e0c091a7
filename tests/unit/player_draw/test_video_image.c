/* Films' frames beside a reference in doubles: every format, matrix and range, own size, grown,
 * shrunk, cropped, odd. And what reaches the window of them. */
#include <string.h>

#include "tests/unit/player_draw/films.h"
#include "tests/unit/player_draw/screens.h"

static const struct scaling {
    int width, height;
    struct rectf source;
    struct rect target;
} scalings[] = {
    {64, 36, {0, 0, 64, 36}, {0, 0, 64, 36}},           /* own size */
    {63, 37, {0, 0, 63, 37}, {3, 5, 63, 37}},           /* odd */
    {1, 1, {0, 0, 1, 1}, {0, 0, 9, 7}},                 /* smallest */
    {2, 2, {0, 0, 2, 2}, {0, 0, 2, 2}},                 /**/
    {64, 36, {4, 6, 40, 20}, {0, 0, 40, 20}},           /* cropped on whole pairs */
    {64, 36, {5, 7, 41, 21}, {2, 2, 41, 21}},           /* and between */
    {64, 36, {5.25, 7.5, 40.5, 21.25}, {2, 2, 80, 60}}, /* and through pixels */
    {64, 36, {0, 0, 64, 36}, {0, 0, 96, 54}},           /* 720p on 1080p */
    {64, 36, {0, 0, 64, 36}, {0, 0, 128, 72}},          /**/
    {50, 31, {0, 0, 50, 31}, {-20, -9, 333, 222}},      /* over the edge */
    {96, 54, {0, 0, 96, 54}, {0, 0, 72, 41}},           /* a little smaller */
    {96, 54, {0, 0, 96, 54}, {0, 0, 48, 27}},           /* half */
    {131, 97, {0, 0, 131, 97}, {0, 0, 29, 21}},         /* much smaller */
    {131, 97, {0, 0, 131, 97}, {0, 0, 1, 1}},           /* a point */
    {96, 54, {0, 0, 96, 54}, {0, 0, 96, 20}},           /* only flatter */
    {96, 54, {0, 0, 96, 54}, {0, 0, 30, 54}},           /* only narrower */
    {96, 54, {0, 0, 96, 54}, {0, 0, 30, 108}},          /* both ways */
    {300, 40, {0, 0, 300, 40}, {0, 0, 400, 80}},        /* long rows */
};

static void check_scaling(const struct scaling *s, const struct film *film)
{
    struct canvas *canvas = noise(420, 230, 1), *before = noise(420, 230, 1);
    assert_true(video_image_draw(&film->image, s->source, canvas, s->target));
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            uint32_t got = pixel(canvas, x, y), expected = pixel(before, x, y);
            bool inside = rect_contains(s->target, x, y);
            if (inside)
                expected = film_pixel(&film->image, s->source, s->target, x, y);
            assert_int_equal(got >> 24, 255);
            for (int shift = 0; shift < 24; shift += 8) {
                int d = abs((int)(got >> shift & 0xFF) - (int)(expected >> shift & 0xFF));
                if (d > (inside ? 2 : 0))
                    fail_msg("%d x %d to %d x %d, format %d: %d off at (%d, %d)", s->width,
                             s->height, s->target.w, s->target.h, (int)film->image.format, d, x, y);
            }
        }
    canvas_destroy(canvas);
    canvas_destroy(before);
}

static void test_beside_the_reference(void **state)
{
    (void)state;
    srand(1);
    for (size_t i = 0; i < sizeof scalings / sizeof *scalings; i++)
        for (int how = 0; how < 4; how++) {
            const struct scaling *s = &scalings[i];
            enum video_format format = how % 2 ? VIDEO_NV12 : VIDEO_I420;
            enum video_matrix matrix = (how + (int)i) % 3 ? VIDEO_BT709 : VIDEO_BT601;
            struct film film =
                film_create(s->width, s->height, format, matrix, (how / 2 + (int)i) % 2, how * 3,
                            how == 2, how == 3 ? FILM_SMOOTH : FILM_NOISE);
            check_scaling(s, &film);
            free(film.memory);
        }
}

/* Every level of every channel, on every matrix and range. */
static void test_flat_colours(void **state)
{
    (void)state;
    static const struct {
        bool full_range;
        enum video_matrix matrix;
        uint8_t y, u, v;
        uint32_t expected;
    } colours[] = {
        {false, VIDEO_BT601, 16, 128, 128, 0x000000}, {false, VIDEO_BT601, 235, 128, 128, 0xFFFFFF},
        {false, VIDEO_BT709, 16, 128, 128, 0x000000}, {false, VIDEO_BT709, 235, 128, 128, 0xFFFFFF},
        {true, VIDEO_BT601, 0, 128, 128, 0x000000},   {true, VIDEO_BT709, 255, 128, 128, 0xFFFFFF},
        {true, VIDEO_BT709, 77, 128, 128, 0x4D4D4D},  {false, VIDEO_BT601, 81, 90, 240, 0xFF0000},
        {false, VIDEO_BT601, 145, 54, 34, 0x00FF00},  {false, VIDEO_BT601, 41, 240, 110, 0x0000FF},
        {false, VIDEO_BT709, 63, 102, 240, 0xFF0000}, {false, VIDEO_BT709, 173, 42, 26, 0x00FF00},
        {false, VIDEO_BT709, 32, 240, 118, 0x0000FF}, {true, VIDEO_BT601, 76, 85, 255, 0xFF0000},
        {false, VIDEO_BT709, 0, 0, 0, 0x004D00},      {false, VIDEO_BT709, 255, 255, 255, 0xFFB8FF},
    };
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++) {
        uint8_t samples[3][40 * 8];
        memset(samples[0], colours[i].y, sizeof samples[0]);
        memset(samples[1], colours[i].u, sizeof samples[1]);
        memset(samples[2], colours[i].v, sizeof samples[2]);
        struct video_image image = {40,
                                    8,
                                    VIDEO_I420,
                                    {samples[0], samples[1], samples[2]},
                                    {40, 20, 20},
                                    colours[i].full_range,
                                    colours[i].matrix};
        struct canvas *canvas = canvas_create(60, 12), *expected = canvas_create(60, 12);
        canvas_fill(expected, COLOR_RGB(colours[i].expected));
        assert_true(video_image_draw(&image, (struct rectf){0, 0, 40, 8}, canvas,
                                     (struct rect){0, 0, 60, 12}));
        assert_in_range(largest_difference(canvas, expected), 0, 2);
        canvas_destroy(canvas);
        canvas_destroy(expected);
    }
}

/* A grey film has no colour anywhere, however sharp its edges are. */
static void test_no_fringes(void **state)
{
    (void)state;
    struct film film = film_create(160, 90, VIDEO_I420, VIDEO_BT709, false, 0, false, FILM_NOISE);
    struct canvas *canvas = canvas_create(200, 120);
    memset(film.memory + 160 * 90, 128, 2 * 80 * 45);
    assert_true(video_image_draw(&film.image, (struct rectf){0, 0, 160, 90}, canvas,
                                 (struct rect){0, 0, 200, 120}));
    for (int y = 0; y < 120; y++)
        for (int x = 0; x < 200; x++) {
            uint32_t p = pixel(canvas, x, y);
            assert_int_equal(p & 0xFF, p >> 8 & 0xFF);
            assert_int_equal(p & 0xFF, p >> 16 & 0xFF);
        }
    canvas_destroy(canvas);
    free(film.memory);
}

static void test_clip_and_nonsense(void **state)
{
    (void)state;
    struct film film = film_create(32, 18, VIDEO_I420, VIDEO_BT601, false, 0, false, FILM_NOISE);
    struct rectf all = {0, 0, 32, 18};
    struct rect target = {10, 4, 64, 36};
    struct canvas *canvas = noise(100, 60, 2), *before = noise(100, 60, 2);
    struct canvas *complete = noise(100, 60, 2);
    struct rect clip = {23, 0, 29, 21};
    assert_true(video_image_draw(&film.image, all, complete, target));
    canvas_set_clip(canvas, &clip);
    assert_true(video_image_draw(&film.image, all, canvas, target));
    canvas_copy(before, complete, clip, clip.x, clip.y);
    assert_int_equal(largest_difference(canvas, before), 0);
    struct video_image bad[6];
    for (int i = 0; i < 6; i++)
        bad[i] = film.image;
    bad[0].width = 0;
    bad[1].height = 9000;
    bad[2].planes[2] = NULL;
    bad[3].strides[0] = 31;
    bad[4].strides[2] = 15;
    bad[5].width = -32;
    canvas_set_clip(canvas, NULL);
    for (int i = 0; i < 6; i++)
        assert_false(video_image_draw(&bad[i], all, canvas, target));
    const struct rectf sources[] = {{40, 0, 10, 10}, {0, 0, 0, 10}, {0, -20, 10, 15}};
    for (int i = 0; i < 3; i++)
        assert_false(video_image_draw(&film.image, sources[i], canvas, target));
    assert_false(video_image_draw(&film.image, all, canvas, (struct rect){0, 0, 0, 5}));
    assert_false(video_image_draw(&film.image, all, canvas, (struct rect){0, 0, 90000, 5}));
    assert_int_equal(largest_difference(canvas, before), 0);
    /* A source that hangs over the image is cut to it. */
    assert_true(video_image_draw(&film.image, (struct rectf){-5, -5, 100, 100}, canvas, target));
    canvas_set_clip(canvas, &target);
    assert_true(video_image_draw(&film.image, all, canvas, target));
    canvas_destroy(complete);
    canvas_destroy(canvas);
    canvas_destroy(before);
    free(film.memory);
}

/* The surface shows to the pixel what is drawn to a canvas. SDL's own conversion repeats chroma and
 * cuts levels; on a smooth film both come to nearly the same. */
static void test_on_the_window(void **state)
{
    (void)state;
    enum { W = 320, H = 190 };
    const struct rect targets[] = {{0, 0, W, H}, {40, 20, 160, 90}, {-30, 100, 160, 130}};
    const struct rectf sources[] = {{0, 0, 160, 90}, {10, 8, 100, 60}};
    struct canvas *ground = noise(W, H, 3);
    for (int i = 0; i < 2 * 4 * 3 * 2 * 4; i++) {
        int b = i % 2, r = i / 2 % 4, t = i / 8 % 3, s = i / 24 % 2, how = i / 48;
        struct film film =
            film_create(160, 90, how % 2 ? VIDEO_NV12 : VIDEO_I420,
                        how / 2 ? VIDEO_BT709 : VIDEO_BT601, how == 3, 0, false, FILM_SMOOTH);
        struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
        struct canvas *expected = canvas_create(W, H), *caption = noise(60, 14, 4);
        bool exact = b == 0 || how == 3; /* what SDL cannot do is ours */
        canvas_copy(expected, ground, whole(ground), 0, 0);
        assert_true(video_image_draw(&film.image, sources[s], expected, targets[t]));
        presenter_put(screen.presenter, ground, whole(ground), 0, 0);
        presenter_put_video(screen.presenter, &film.image, sources[s], targets[t]);
        presenter_flush(screen.presenter);
        assert_shows(&screen, expected, exact ? 0 : 7);
        /* A caption lies over the film, the next frame over the caption. */
        canvas_copy(expected, caption, whole(caption), 50, 110);
        presenter_put(screen.presenter, caption, whole(caption), 50, 110);
        presenter_flush(screen.presenter);
        assert_shows(&screen, expected, exact ? 0 : 7);
        assert_true(video_image_draw(&film.image, sources[s], expected, targets[t]));
        presenter_put_video(screen.presenter, &film.image, sources[s], targets[t]);
        presenter_flush(screen.presenter);
        assert_shows(&screen, expected, exact ? 0 : 7);
        canvas_destroy(expected);
        canvas_destroy(caption);
        close_screen(&screen);
        free(film.memory);
    }
    canvas_destroy(ground);
}

/* Two films of different sizes and a third of the first's, beside a zone in transition. */
static void test_films_in_zones(void **state)
{
    (void)state;
    enum { W = 320, H = 200 };
    struct canvas *first = noise(120, H, 5), *second = noise(120, H, 6);
    struct film films[3];
    const struct rect targets[] = {{0, 0, 200, 100}, {0, 100, 100, 100}, {100, 100, 100, 100}};
    for (int i = 0; i < 3; i++)
        films[i] = film_create(i == 1 ? 80 : 96, 54, i ? VIDEO_I420 : VIDEO_NV12,
                               i == 2 ? VIDEO_BT709 : VIDEO_BT601, false, 0, false, FILM_SMOOTH);
    for (int i = 0; i < 2 * 4; i++) {
        int b = i % 2;
        struct screen_case screen = open_screen(backends[b], rotations[i / 2], W, H);
        struct canvas *expected = canvas_create(W, H), *step = canvas_create(120, H);
        struct transition *transition =
            transition_create(screen.presenter, TRANSITION_WIPE, first, second, 200, 0);
        for (int frame = 0; frame < 4; frame++) {
            transition_show(transition, 200 * frame);
            for (int f = 0; f < 3; f++) {
                const struct video_image *image = &films[f].image;
                struct rectf all = {0, 0, image->width, image->height};
                presenter_put_video(screen.presenter, image, all, targets[f]);
                video_image_draw(image, all, expected, targets[f]);
            }
            presenter_flush(screen.presenter);
        }
        transition_mix(TRANSITION_WIPE, 600, first, second, step);
        canvas_copy(expected, step, whole(step), 200, 0);
        assert_shows(&screen, expected, b ? 7 : 0);
        transition_destroy(transition);
        canvas_destroy(step);
        canvas_destroy(expected);
        close_screen(&screen);
    }
    for (int i = 0; i < 3; i++)
        free(films[i].memory);
    canvas_destroy(first);
    canvas_destroy(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_beside_the_reference), cmocka_unit_test(test_flat_colours),
        cmocka_unit_test(test_no_fringes),           cmocka_unit_test(test_clip_and_nonsense),
        cmocka_unit_test(test_on_the_window),        cmocka_unit_test(test_films_in_zones),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
