/* Windows without a screen, pictures of noise, and what the presenter shows: for the tests of what
 * reaches the window. The renderer back end runs on SDL's own software driver here. */
#ifndef VITRINE_TESTS_SCREENS_H
#define VITRINE_TESTS_SCREENS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <SDL.h>
#include <cmocka.h>

#include "player/draw/presenter.h"

static const enum presenter_backend backends[] = {PRESENTER_SURFACE, PRESENTER_RENDERER};
static const int rotations[] = {0, 90, 180, 270};

/* Of a fade, by back end. SDL's software driver cuts both products of its mix where we round their
 * sum, and has 255 steps where we have 256; a GPU is within 1. */
static const int fade_tolerance[] = {0, 2};

static inline int start(void **state)
{
    (void)state;
    SDL_setenv("SDL_VIDEODRIVER", "dummy", 1);
    SDL_setenv("SDL_FRAMEBUFFER_ACCELERATION", "0", 1);
    SDL_SetHint(SDL_HINT_RENDER_DRIVER, "software");
    return SDL_Init(SDL_INIT_VIDEO);
}

static inline int stop(void **state)
{
    (void)state;
    SDL_Quit();
    return 0;
}

struct screen_case {
    SDL_Window *window;
    struct presenter *presenter;
    int width, height; /* of the picture */
};

static inline struct screen_case open_screen(enum presenter_backend backend, int rotation,
                                             int width, int height)
{
    struct screen_case screen = {.width = width, .height = height};
    struct error err;
    bool upright = rotation % 180 == 0;
    screen.window = SDL_CreateWindow("test", 0, 0, upright ? width : height,
                                     upright ? height : width, SDL_WINDOW_BORDERLESS);
    assert_non_null(screen.window);
    screen.presenter = presenter_create(screen.window, backend, rotation, &err);
    if (!screen.presenter)
        fail_msg("%s", err.en);
    int w, h;
    presenter_size(screen.presenter, &w, &h);
    assert_int_equal(w, width);
    assert_int_equal(h, height);
    return screen;
}

static inline void close_screen(struct screen_case *screen)
{
    presenter_destroy(screen->presenter);
    SDL_DestroyWindow(screen->window);
}

static inline struct canvas *noise(int width, int height, unsigned seed)
{
    struct canvas *canvas = canvas_create(width, height);
    srand(seed);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            canvas->pixels[y * canvas->stride + x] = 0xFF000000u | ((uint32_t)rand() & 0xFFFFFF);
    return canvas;
}

static inline uint32_t pixel(const struct canvas *canvas, int x, int y)
{
    return canvas->pixels[y * canvas->stride + x];
}

static inline struct rect whole(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas->width, canvas->height};
}

/* Largest difference of any channel. */
static inline int largest_difference(const struct canvas *a, const struct canvas *b)
{
    int largest = 0;
    assert_int_equal(a->width, b->width);
    assert_int_equal(a->height, b->height);
    for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++)
            for (int shift = 0; shift < 24; shift += 8) {
                int d = abs((int)(pixel(a, x, y) >> shift & 0xFF) -
                            (int)(pixel(b, x, y) >> shift & 0xFF));
                largest = d > largest ? d : largest;
            }
    return largest;
}

static inline void assert_shows(struct screen_case *screen, const struct canvas *expected,
                                int tolerance)
{
    struct canvas *shown = presenter_snapshot(screen->presenter);
    assert_non_null(shown);
    assert_in_range(largest_difference(shown, expected), 0, tolerance);
    canvas_destroy(shown);
}

#endif
