/* What reaches the window: rotation, fades, skipped areas; both back ends beside a scalar
 * reference. The renderer back end runs on SDL's own software driver here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <SDL.h>
#include <cmocka.h>

#include "player/draw/presenter.h"
#include "player/draw/presenter_backend.h"
#include "tests/unit/player_draw/screens.h"

static struct canvas *reference_mix(const struct canvas *a, const struct canvas *b, int t)
{
    struct canvas *mixed = canvas_create(a->width, a->height);
    for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++) {
            uint32_t out = 0xFF000000u;
            for (int shift = 0; shift < 24; shift += 8) {
                unsigned p = pixel(a, x, y) >> shift & 0xFF, q = pixel(b, x, y) >> shift & 0xFF;
                out |= ((p * (256 - (unsigned)t) + q * (unsigned)t + 128) / 256) << shift;
            }
            mixed->pixels[y * mixed->stride + x] = out;
        }
    return mixed;
}

/* The window's own pixels, so that an error in the snapshot's turning back cannot hide one. */
static void test_rotation_on_the_window(void **state)
{
    (void)state;
    enum { W = 203, H = 131 };
    struct canvas *picture = noise(W, H, 1);
    for (int r = 0; r < 4; r++) {
        struct screen_case screen = open_screen(PRESENTER_SURFACE, rotations[r], W, H);
        presenter_put(screen.presenter, picture, whole(picture), 0, 0);
        presenter_flush(screen.presenter);
        SDL_Surface *surface = SDL_GetWindowSurface(screen.window);
        const uint32_t *pixels = surface->pixels;
        int stride = surface->pitch / 4, last_x = surface->w - 1, last_y = surface->h - 1;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) {
                /* Clockwise: the top left corner goes right, then down, then left. */
                int wx = r == 0 ? x : r == 1 ? last_x - y : r == 2 ? last_x - x : y;
                int wy = r == 0 ? y : r == 1 ? x : r == 2 ? last_y - y : last_y - x;
                assert_int_equal(pixels[wy * stride + wx] & 0xFFFFFF,
                                 pixel(picture, x, y) & 0xFFFFFF);
            }
        close_screen(&screen);
    }
    canvas_destroy(picture);
}

/* What stands at a point of the window is what a touch there maps to. */
static void test_touch_is_the_inverse(void **state)
{
    (void)state;
    enum { W = 160, H = 90 };
    struct canvas *picture = noise(W, H, 2);
    for (int r = 0; r < 4; r++) {
        struct screen_case screen = open_screen(PRESENTER_SURFACE, rotations[r], W, H);
        presenter_put(screen.presenter, picture, whole(picture), 0, 0);
        SDL_Surface *surface = SDL_GetWindowSurface(screen.window);
        const uint32_t *pixels = surface->pixels;
        for (int i = 0; i < 1000; i++) {
            int wx = i < 4 ? (i & 1) * (surface->w - 1) : rand() % surface->w;
            int wy = i < 4 ? (i >> 1) * (surface->h - 1) : rand() % surface->h;
            int x, y;
            presenter_map_touch(screen.presenter, wx, wy, &x, &y);
            assert_in_range(x, 0, W - 1);
            assert_in_range(y, 0, H - 1);
            assert_int_equal(pixels[wy * surface->pitch / 4 + wx] & 0xFFFFFF,
                             pixel(picture, x, y) & 0xFFFFFF);
        }
        close_screen(&screen);
    }
    canvas_destroy(picture);
}

static void test_both_back_ends_show_the_same(void **state)
{
    (void)state;
    enum { W = 190, H = 110 };
    struct canvas *picture = noise(W, H, 3), *patch = noise(64, 40, 4);
    struct canvas *expected = canvas_create(W, H);
    canvas_copy(expected, picture, whole(picture), 0, 0);
    canvas_copy(expected, patch, (struct rect){7, 5, 50, 30}, 33, 21);
    canvas_copy(expected, patch, whole(patch), -20, -9);
    canvas_copy(expected, patch, whole(patch), 160, 90);
    for (int b = 0; b < 2; b++)
        for (int r = 0; r < 4; r++) {
            struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
            assert_string_equal(presenter_name(screen.presenter), b ? "software" : "surface");
            presenter_put(screen.presenter, picture, whole(picture), 0, 0);
            presenter_put(screen.presenter, patch, (struct rect){7, 5, 50, 30}, 33, 21);
            presenter_put(screen.presenter, patch, whole(patch), -20, -9);
            presenter_put(screen.presenter, patch, whole(patch), 160, 90);
            presenter_put(screen.presenter, patch, whole(patch), 500, 500);
            presenter_flush(screen.presenter);
            assert_shows(&screen, expected, 0);
            close_screen(&screen);
        }
    canvas_destroy(picture);
    canvas_destroy(patch);
    canvas_destroy(expected);
}

static void test_fade(void **state)
{
    (void)state;
    enum { W = 301, H = 173 };
    const int steps[] = {0, 1, 64, 127, 128, 200, 255, 256};
    struct canvas *first = noise(W, H, 5), *second = noise(W, H, 6);
    canvas_copy(second, first, (struct rect){40, 30, 150, 90}, 40, 30); /* equal in the middle */
    for (int b = 0; b < 2; b++)
        for (int r = 0; r < 4; r++) {
            struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
            struct transition *fade =
                transition_create(screen.presenter, TRANSITION_FADE, first, second, 0, 0);
            while (transition_prepare(fade))
                continue;
            for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
                struct canvas *expected = reference_mix(first, second, steps[i]);
                transition_show(fade, 4 * steps[i]);
                presenter_flush(screen.presenter);
                assert_shows(&screen, expected, fade_tolerance[b]);
                canvas_destroy(expected);
            }
            transition_destroy(fade);
            presenter_flush(screen.presenter);
            assert_shows(&screen, second, 0);
            close_screen(&screen);
        }
    canvas_destroy(first);
    canvas_destroy(second);
}

/* A zone fades while the strip beside it is redrawn; what the strip shows stays. */
static void test_fade_of_a_zone(void **state)
{
    (void)state;
    enum { W = 200, H = 120, STRIP = 24 };
    struct canvas *first = noise(W, H - STRIP, 7), *second = noise(W, H - STRIP, 8);
    struct canvas *strip = noise(W, STRIP, 9), *new_strip = noise(W, STRIP, 10);
    for (int b = 0; b < 2; b++)
        for (int r = 0; r < 4; r++) {
            struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
            struct canvas *expected = canvas_create(W, H);
            struct canvas *mixed = reference_mix(first, second, 99);
            presenter_put(screen.presenter, strip, whole(strip), 0, 0);
            struct transition *fade =
                transition_create(screen.presenter, TRANSITION_FADE, first, second, 0, STRIP);
            while (transition_prepare(fade))
                continue;
            transition_show(fade, 4 * 30);
            presenter_flush(screen.presenter);
            presenter_put(screen.presenter, new_strip, whole(new_strip), 0, 0);
            transition_show(fade, 4 * 99);
            presenter_flush(screen.presenter);
            canvas_copy(expected, new_strip, whole(new_strip), 0, 0);
            canvas_copy(expected, mixed, whole(mixed), 0, STRIP);
            assert_shows(&screen, expected, fade_tolerance[b]);
            /* Broken off: what was shown stays until something is put. */
            transition_destroy(fade);
            presenter_flush(screen.presenter);
            assert_shows(&screen, expected, fade_tolerance[b]);
            canvas_destroy(mixed);
            canvas_destroy(expected);
            close_screen(&screen);
        }
    canvas_destroy(first);
    canvas_destroy(second);
    canvas_destroy(strip);
    canvas_destroy(new_strip);
}

static void spoil(SDL_Surface *surface)
{
    memset(surface->pixels, 0x55, (size_t)surface->pitch * (size_t)surface->h);
}

/* Equal areas are not drawn again: what was scribbled on the window there is still there. */
static void test_equal_areas_are_skipped(void **state)
{
    (void)state;
    enum { W = 640, H = 360 };
    struct canvas *first = noise(W, H, 11), *second = noise(W, H, 11);
    canvas_fill_rect(second, (struct rect){100, 100, 200, 60}, 0xFFFFC845);
    for (int r = 0; r < 4; r++) {
        struct screen_case screen = open_screen(PRESENTER_SURFACE, rotations[r], W, H);
        struct canvas *expected = reference_mix(first, second, 80);
        SDL_Surface *surface = SDL_GetWindowSurface(screen.window);
        spoil(surface);
        struct transition *fade =
            transition_create(screen.presenter, TRANSITION_FADE, first, second, 0, 0);
        while (transition_prepare(fade))
            continue;
        transition_show(fade, 4 * 40);
        presenter_flush(screen.presenter);
        spoil(surface);
        transition_show(fade, 4 * 80);
        presenter_flush(screen.presenter);
        struct canvas *shown = presenter_snapshot(screen.presenter);
        int drawn = 0;
        for (int y = 0; y < H; y++)
            for (int x = 0; x < W; x++) {
                bool spoilt = pixel(shown, x, y) == 0xFF555555u;
                if (rect_contains((struct rect){100, 100, 200, 60}, x, y))
                    assert_int_equal(pixel(shown, x, y), pixel(expected, x, y));
                drawn += !spoilt;
            }
        assert_in_range(drawn, 200 * 60, (200 + 128) * (60 + 128));
        /* The same step again draws nothing. */
        spoil(surface);
        transition_show(fade, 4 * 80);
        presenter_flush(screen.presenter);
        struct canvas *again = presenter_snapshot(screen.presenter);
        assert_int_equal(pixel(again, 200, 130), 0xFF555555u);
        /* After an expose everything is. */
        presenter_invalidate(screen.presenter);
        transition_show(fade, 4 * 80);
        presenter_flush(screen.presenter);
        assert_shows(&screen, expected, 0);
        transition_destroy(fade);
        canvas_destroy(again);
        canvas_destroy(shown);
        canvas_destroy(expected);
        close_screen(&screen);
    }
    canvas_destroy(first);
    canvas_destroy(second);
}

/* Every pixel that differs lies in one of the rectangles, and they do not overlap. */
static void test_differences(void **state)
{
    (void)state;
    const int sizes[][2] = {{64, 16}, {65, 17}, {128, 48}, {1, 1}, {333, 222}};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        int w = sizes[s][0], h = sizes[s][1];
        for (int spots = 0; spots < 12; spots++) {
            struct canvas *a = noise(w, h, 1), *b = noise(w, h, 1);
            uint8_t *covered = calloc((size_t)(w * h), 1);
            struct difference difference = {0};
            for (int i = 0; i < spots; i++)
                b->pixels[rand() % h * b->stride + rand() % w] ^= 1;
            for (int y = 0; y < h; y += 2 * DIFFERENCE_ROWS)
                assert_true(difference_compare(&difference, a, b, y, y + 2 * DIFFERENCE_ROWS));
            for (int i = 0; i < difference.count; i++) {
                struct rect r = difference.rects[i];
                assert_true(rect_union(difference.bounds, r).w == difference.bounds.w);
                for (int y = r.y; y < r.y + r.h; y++)
                    for (int x = r.x; x < r.x + r.w; x++) {
                        assert_true(x < w && y < h);
                        assert_int_equal(covered[y * w + x]++, 0);
                    }
            }
            for (int y = 0; y < h; y++)
                for (int x = 0; x < w; x++)
                    if (pixel(a, x, y) != pixel(b, x, y))
                        assert_int_equal(covered[y * w + x], 1);
            free(covered);
            difference_finish(&difference);
            canvas_destroy(a);
            canvas_destroy(b);
        }
    }
}

static void test_other_pixel_formats(void **state)
{
    (void)state;
    const uint32_t formats[] = {SDL_PIXELFORMAT_RGB565, SDL_PIXELFORMAT_BGR888,
                                SDL_PIXELFORMAT_RGB24, SDL_PIXELFORMAT_ARGB8888};
    const int tolerances[] = {8, 0, 0, 0};
    struct canvas *first = noise(150, 90, 12), *second = noise(150, 90, 13);
    struct canvas *expected = reference_mix(first, second, 70);
    for (int f = 0; f < 4; f++)
        for (int r = 0; r < 4; r++) {
            bool upright = rotations[r] % 180 == 0;
            struct screen screen = {upright ? 150 : 90, upright ? 90 : 150, rotations[r]};
            SDL_Surface *window =
                SDL_CreateRGBSurfaceWithFormat(0, screen.width, screen.height, 0, formats[f]);
            struct mix mix = {.first = first, .second = second, .t = 70};
            struct pixel_target target = {window->pixels, window->pitch, formats[f], 0, 0};
            screen_write(&screen, &mix, (struct rect){0, 0, 150, 90}, &target);
            SDL_Surface *plain = SDL_ConvertSurfaceFormat(window, SDL_PIXELFORMAT_ARGB8888, 0);
            struct canvas *turned = canvas_create(screen.width, screen.height);
            for (int y = 0; y < screen.height; y++)
                memcpy(turned->pixels + y * turned->stride,
                       (const uint8_t *)plain->pixels + y * plain->pitch, (size_t)screen.width * 4);
            for (int y = 0; y < screen.height; y++)
                for (int x = 0; x < screen.width; x++) {
                    int px, py;
                    screen_to_picture(&screen, x, y, &px, &py);
                    for (int shift = 0; shift < 24; shift += 8)
                        assert_in_range(abs((int)(pixel(turned, x, y) >> shift & 0xFF) -
                                            (int)(pixel(expected, px, py) >> shift & 0xFF)),
                                        0, tolerances[f]);
                }
            canvas_destroy(turned);
            SDL_FreeSurface(plain);
            SDL_FreeSurface(window);
        }
    canvas_destroy(first);
    canvas_destroy(second);
    canvas_destroy(expected);
}

static void test_fill(void **state)
{
    (void)state;
    enum { W = 190, H = 110 };
    const struct rect rects[] = {{30, 20, 50, 40},
                                 {-10, -10, 30, 30},
                                 {150, 90, 200, 200},
                                 {500, 0, 10, 10},
                                 {40, 40, 0, 10}};
    struct canvas *picture = noise(W, H, 20), *patch = noise(20, 20, 21);
    for (int b = 0; b < 2; b++)
        for (int r = 0; r < 4; r++) {
            struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
            struct canvas *expected = noise(W, H, 20);
            presenter_put(screen.presenter, picture, whole(picture), 0, 0);
            for (int i = 0; i < 5; i++) {
                canvas_fill_rect(expected, rects[i], COLOR_RGB(0x123456u * (unsigned)(i + 1)));
                presenter_fill(screen.presenter, rects[i], 0x123456u * (unsigned)(i + 1));
            }
            presenter_put(screen.presenter, patch, whole(patch), 35, 25);
            canvas_copy(expected, patch, whole(patch), 35, 25);
            presenter_flush(screen.presenter);
            assert_shows(&screen, expected, 0);
            canvas_destroy(expected);
            close_screen(&screen);
        }
    canvas_destroy(picture);
    canvas_destroy(patch);
}

static int clamped(int value, int limit)
{
    return value < 0 ? 0 : value < limit ? value : limit - 1;
}

/* Every pixel of the window: the picture in its new place, its edges repeated, never black. */
static void assert_window(struct screen_case *screen, int rotation, const struct canvas *picture,
                          int dx, int dy)
{
    SDL_Surface *surface = SDL_GetWindowSurface(screen->window);
    struct screen geometry = {surface->w, surface->h, rotation};
    for (int wy = 0; wy < surface->h; wy++)
        for (int wx = 0; wx < surface->w; wx++) {
            const uint8_t *row = (const uint8_t *)surface->pixels + wy * surface->pitch;
            uint32_t got;
            int x, y, touched_x, touched_y;
            memcpy(&got, row + 4 * wx, sizeof got);
            screen_to_picture(&geometry, wx, wy, &x, &y);
            x = clamped(x - dx, picture->width);
            y = clamped(y - dy, picture->height);
            assert_int_equal(got & 0xFFFFFF, pixel(picture, x, y) & 0xFFFFFF);
            presenter_map_touch(screen->presenter, wx, wy, &touched_x, &touched_y);
            assert_int_equal(touched_x, x);
            assert_int_equal(touched_y, y);
        }
}

static void test_shift(void **state)
{
    (void)state;
    enum { W = 210, H = 130, ZONE = 150 };
    const int shifts[][2] = {{4, 4}, {-4, 3}, {8, -8}, {-1, -7}, {0, 5}, {-6, 0}, {0, 0}};
    struct canvas *first = noise(ZONE, H, 30), *second = noise(ZONE, H, 31);
    struct canvas *side = noise(W - ZONE, H, 32), *patch = noise(9, 9, 33);
    for (int b = 0; b < 2; b++)
        for (int r = 0; r < 4; r++) {
            struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
            struct canvas *expected = canvas_create(W, H), *step = canvas_create(ZONE, H);
            struct transition *transition =
                transition_create(screen.presenter, TRANSITION_SLIDE, first, second, 0, 0);
            for (size_t s = 0; s < sizeof shifts / sizeof *shifts; s++) {
                int dx = shifts[s][0], dy = shifts[s][1];
                presenter_set_shift(screen.presenter, dx, dy);
                presenter_put(screen.presenter, side, whole(side), ZONE, 0);
                transition_show(transition, 300);
                transition_show(transition, 400 + (int)s);
                presenter_fill(screen.presenter, (struct rect){W - 9, H - 9, 9, 9}, 0x00FF00);
                presenter_put(screen.presenter, patch, whole(patch), 0, H - 9);
                presenter_flush(screen.presenter);
                canvas_copy(expected, side, whole(side), ZONE, 0);
                transition_mix(TRANSITION_SLIDE, 400 + (int)s, first, second, step);
                canvas_copy(expected, step, whole(step), 0, 0);
                canvas_fill_rect(expected, (struct rect){W - 9, H - 9, 9, 9}, 0xFF00FF00);
                canvas_copy(expected, patch, whole(patch), 0, H - 9);
                assert_window(&screen, rotations[r], expected, dx, dy);
                struct canvas *shown = presenter_snapshot(screen.presenter);
                for (int y = abs(dy); y < H - abs(dy); y++)
                    assert_memory_equal(shown->pixels + y * shown->stride + abs(dx),
                                        expected->pixels + y * expected->stride + abs(dx),
                                        (size_t)(W - 2 * abs(dx)) * 4);
                canvas_destroy(shown);
            }
            presenter_set_shift(screen.presenter, 100, -100); /* limited */
            presenter_put(screen.presenter, expected, whole(expected), 0, 0);
            presenter_flush(screen.presenter);
            assert_window(&screen, rotations[r], expected, PRESENTER_SHIFT_MAX,
                          -PRESENTER_SHIFT_MAX);
            transition_destroy(transition);
            canvas_destroy(step);
            canvas_destroy(expected);
            close_screen(&screen);
        }
    canvas_destroy(first);
    canvas_destroy(second);
    canvas_destroy(side);
    canvas_destroy(patch);
}

static void test_resize(void **state)
{
    (void)state;
    struct error err;
    struct canvas *small = noise(100, 60, 14), *large = noise(140, 80, 15);
    for (int r = 0; r < 4; r++) {
        struct screen_case screen = open_screen(PRESENTER_SURFACE, rotations[r], 100, 60);
        bool upright = rotations[r] % 180 == 0;
        int width, height;
        struct transition *fade =
            transition_create(screen.presenter, TRANSITION_FADE, small, small, 0, 0);
        while (transition_prepare(fade))
            continue;
        SDL_SetWindowSize(screen.window, upright ? 140 : 80, upright ? 80 : 140);
        assert_true(presenter_resize(screen.presenter, &err));
        transition_show(fade, 4 * 100); /* the fade is over: nothing happens */
        transition_destroy(fade);
        presenter_size(screen.presenter, &width, &height);
        assert_int_equal(width, 140);
        assert_int_equal(height, 80);
        presenter_put(screen.presenter, large, whole(large), 0, 0);
        presenter_flush(screen.presenter);
        assert_shows(&screen, large, 0);
        close_screen(&screen);
    }
    canvas_destroy(small);
    canvas_destroy(large);
}

/* Without a GPU the surface is chosen by itself. */
static void test_auto_on_a_machine_without_gpu(void **state)
{
    (void)state;
    struct screen_case screen = open_screen(PRESENTER_AUTO, 90, 100, 60);
    assert_string_equal(presenter_name(screen.presenter), "surface");
    close_screen(&screen);
    presenter_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rotation_on_the_window),
        cmocka_unit_test(test_touch_is_the_inverse),
        cmocka_unit_test(test_both_back_ends_show_the_same),
        cmocka_unit_test(test_fade),
        cmocka_unit_test(test_fade_of_a_zone),
        cmocka_unit_test(test_equal_areas_are_skipped),
        cmocka_unit_test(test_differences),
        cmocka_unit_test(test_other_pixel_formats),
        cmocka_unit_test(test_fill),
        cmocka_unit_test(test_shift),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_auto_on_a_machine_without_gpu),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
