/* How pictures follow each other: what each kind looks like, that both back ends show it on every
 * rotation however much was prepared, and what survives an expose, a resize, a late first picture.
 */
#include <math.h>
#include <string.h>

#include "tests/unit/player_draw/screens.h"

static const enum transition_kind kinds[] = {TRANSITION_FADE, TRANSITION_CUT, TRANSITION_SLIDE,
                                             TRANSITION_WIPE};
enum { KINDS = 4, ALL_BANDS = 1000 };

static double eased(int step)
{
    double t = (double)step / TRANSITION_STEPS;
    return t * t * (3 - 2 * t);
}

static uint32_t mixed(uint32_t first, uint32_t second, double weight)
{
    uint32_t out = 0xFF000000u;
    for (int shift = 0; shift < 24; shift += 8)
        out |= (uint32_t)lrint((first >> shift & 0xFF) * (1 - weight) +
                               (second >> shift & 0xFF) * weight)
               << shift;
    return out;
}

/* One pixel in doubles, from what the header says; the wipe's edge is a sixth of the width. */
static uint32_t reference(enum transition_kind kind, int step, const struct canvas *first,
                          const struct canvas *second, int x, int y)
{
    int width = first->width;
    if (kind == TRANSITION_FADE)
        return mixed(pixel(first, x, y), pixel(second, x, y), (double)step / TRANSITION_STEPS);
    if (kind == TRANSITION_CUT)
        return pixel(step > 0 ? second : first, x, y);
    if (kind == TRANSITION_SLIDE) {
        int moved = (int)floor(eased(step) * width + 0.5);
        return x < width - moved ? pixel(first, x + moved, y)
                                 : pixel(second, x - (width - moved), y);
    }
    int edge = width / 6 + 1;
    double t = (round(eased(step) * (width + edge)) - x - 0.5) / edge;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return mixed(pixel(first, x, y), pixel(second, x, y), t * t * (3 - 2 * t));
}

static struct canvas *mix_of(enum transition_kind kind, int step, const struct canvas *first,
                             const struct canvas *second)
{
    struct canvas *canvas = canvas_create(first->width, first->height);
    transition_mix(kind, step, first, second, canvas);
    return canvas;
}

static void test_mix_looks_as_promised(void **state)
{
    (void)state;
    const int steps[] = {0, 1, 37, 250, 511, 512, 777, 1000, 1023, 1024};
    const int widths[] = {1, 5, 97, 360};
    for (size_t w = 0; w < 4; w++) {
        struct canvas *first = noise(widths[w], 40, 1), *second = noise(widths[w], 40, 2);
        for (int k = 0; k < KINDS; k++)
            for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
                struct canvas *expected = canvas_create(widths[w], 40);
                struct canvas *got = mix_of(kinds[k], steps[s], first, second);
                for (int y = 0; y < 40; y++)
                    for (int x = 0; x < widths[w]; x++)
                        expected->pixels[y * expected->stride + x] =
                            reference(kinds[k], steps[s], first, second, x, y);
                bool alone = steps[s] == 0 || steps[s] == TRANSITION_STEPS;
                assert_in_range(largest_difference(got, expected), 0, alone ? 0 : 1);
                canvas_destroy(got);
                canvas_destroy(expected);
            }
        canvas_destroy(first);
        canvas_destroy(second);
    }
}

static void test_mix_keeps_the_clip(void **state)
{
    (void)state;
    struct canvas *first = noise(90, 60, 1), *second = noise(90, 60, 2);
    struct rect clip = {20, 11, 37, 23};
    for (int k = 0; k < KINDS; k++) {
        struct canvas *got = noise(90, 60, 3), *before = noise(90, 60, 3);
        struct canvas *free_of_clip = mix_of(kinds[k], 600, first, second);
        canvas_set_clip(got, &clip);
        transition_mix(kinds[k], 600, first, second, got);
        canvas_copy(before, free_of_clip, clip, clip.x, clip.y);
        assert_int_equal(largest_difference(got, before), 0);
        canvas_destroy(free_of_clip);
        canvas_destroy(before);
        canvas_destroy(got);
    }
    canvas_destroy(first);
    canvas_destroy(second);
}

static void prepare(struct transition *transition, int bands)
{
    for (int i = 0; i < bands; i++)
        if (!transition_prepare(transition))
            return;
    assert_true(bands < ALL_BANDS);
}

/* The step over `ground`, which is what shows around the transition. */
static void assert_step(struct screen_case *screen, const struct canvas *ground,
                        enum transition_kind kind, int step, const struct canvas *first,
                        const struct canvas *second, int x, int y, int tolerance)
{
    struct canvas *expected = canvas_create(ground->width, ground->height);
    struct canvas *got = mix_of(kind, step, first, second);
    canvas_copy(expected, ground, whole(ground), 0, 0);
    canvas_copy(expected, got, whole(got), x, y);
    assert_shows(screen, expected, tolerance);
    canvas_destroy(got);
    canvas_destroy(expected);
}

/* Every kind, on every rotation and both back ends, with nothing, some and all of it prepared, in
 * zones inside the picture and over its edges, forwards, in leaps and back. */
static void test_shows_what_mix_makes(void **state)
{
    (void)state;
    enum { W = 330, H = 210 };
    const int steps[] = {0, 3, 200, 210, 640, 580, 1019, 1024, 0, 512};
    const int places[][2] = {{0, 0}, {21, 13}, {-40, -30}, {170, 90}};
    const int bands[] = {0, 2, ALL_BANDS};
    struct canvas *ground = noise(W, H, 5), *first = noise(240, 150, 6),
                  *second = noise(240, 150, 6);
    canvas_fill_rect(second, (struct rect){20, 30, 150, 70}, 0xFFFFC845); /* the rest is equal */
    for (int i = 0; i < 2 * 4 * 3 * KINDS; i++) {
        int b = i % 2, r = i / 2 % 4, k = i / 8 % KINDS, n = i / 32, p = (r + k + n) % 4;
        struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
        int x = places[p][0], y = places[p][1];
        presenter_put(screen.presenter, ground, whole(ground), 0, 0);
        struct transition *transition =
            transition_create(screen.presenter, kinds[k], first, second, x, y);
        prepare(transition, bands[n]);
        for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
            transition_show(transition, steps[s]);
            presenter_flush(screen.presenter);
            if ((i + (int)s) % 2 == 0 || s == 7)
                assert_step(&screen, ground, kinds[k], steps[s], first, second, x, y,
                            steps[s] % TRANSITION_STEPS ? fade_tolerance[b] : 0);
        }
        transition_destroy(transition);
        presenter_flush(screen.presenter);
        assert_step(&screen, ground, kinds[k], 512, first, second, x, y, fade_tolerance[b]);
        close_screen(&screen);
    }
    canvas_destroy(ground);
    canvas_destroy(first);
    canvas_destroy(second);
}

/* Pictures of several bands: each step is right while the preparation goes on beneath it. */
static void test_prepared_meanwhile(void **state)
{
    (void)state;
    enum { W = 900, H = 800 };
    struct canvas *first = noise(W, H, 7), *second = noise(W, H, 8);
    for (int i = 0; i < 2 * 2 * KINDS; i++) {
        int b = i % 2, k = i / 4, rotation = i / 2 % 2 ? 90 : 0, count = 0;
        struct screen_case screen = open_screen(backends[b], rotation, W, H);
        struct transition *transition =
            transition_create(screen.presenter, kinds[k], first, second, 0, 0);
        do {
            transition_show(transition, 100 * count);
            presenter_flush(screen.presenter);
            assert_step(&screen, first, kinds[k], 100 * count, first, second, 0, 0,
                        fade_tolerance[b]);
            count++;
        } while (transition_prepare(transition) && count < 9);
        transition_destroy(transition);
        close_screen(&screen);
    }
    canvas_destroy(first);
    canvas_destroy(second);
}

/* Three zones and a clock, each with its own pace. */
static void test_several_at_once(void **state)
{
    (void)state;
    enum { W = 400, H = 240 };
    const int places[][2] = {{0, 0}, {250, 0}, {250, 130}};
    struct canvas *pictures[3][2], *clock_before = noise(250, 40, 30);
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 2; j++)
            pictures[i][j] = noise(i ? 150 : 250,
                                   i == 0   ? 200
                                   : i == 1 ? 130
                                            : 110,
                                   (unsigned)(10 + 2 * i + j));
    for (int i = 0; i < 2 * 4 * KINDS; i++) {
        int b = i % 2, r = i / 2 % 4;
        struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
        struct canvas *expected = canvas_create(W, H);
        struct transition *transitions[3];
        for (int j = 0; j < 3; j++)
            transitions[j] =
                transition_create(screen.presenter, kinds[(i / 8 + j) % KINDS], pictures[j][0],
                                  pictures[j][1], places[j][0], places[j][1]);
        for (int frame = 0; frame < 6; frame++) {
            if (frame == 2)
                presenter_put(screen.presenter, clock_before, whole(clock_before), 0, 200);
            for (int j = 0; j < 3; j++) {
                prepare(transitions[j], j == 1 ? 0 : ALL_BANDS);
                transition_show(transitions[j], (frame + 1) * (100 + 40 * j));
            }
            presenter_flush(screen.presenter);
        }
        canvas_copy(expected, clock_before, whole(clock_before), 0, 200);
        for (int j = 0; j < 3; j++) {
            struct canvas *step = mix_of(kinds[(i / 8 + j) % KINDS], 6 * (100 + 40 * j),
                                         pictures[j][0], pictures[j][1]);
            canvas_copy(expected, step, whole(step), places[j][0], places[j][1]);
            canvas_destroy(step);
        }
        transition_destroy(transitions[1]);
        assert_shows(&screen, expected, fade_tolerance[b]);
        transition_destroy(transitions[2]);
        transition_destroy(transitions[0]);
        assert_shows(&screen, expected, fade_tolerance[b]);
        canvas_destroy(expected);
        close_screen(&screen);
    }
    for (int i = 0; i < 6; i++)
        canvas_destroy(pictures[i / 2][i % 2]);
    canvas_destroy(clock_before);
}

/* The window was covered, the graphics card lost its memory, the picture was moved: in the middle
 * of a transition the same step comes back whole, and the preparation may begin again. */
static void test_drawn_anew(void **state)
{
    (void)state;
    enum { W = 300, H = 180 };
    struct error err;
    struct canvas *first = noise(W, H, 40), *second = noise(W, H, 40);
    canvas_fill_rect(second, (struct rect){50, 40, 100, 90}, 0xFF00A0C0);
    for (int i = 0; i < 2 * 4 * KINDS * 3; i++) {
        int b = i % 2, r = i / 2 % 4, k = i / 8 % KINDS, how = i / 32;
        struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
        struct transition *transition =
            transition_create(screen.presenter, kinds[k], first, second, 0, 0);
        prepare(transition, ALL_BANDS);
        transition_show(transition, 400);
        transition_show(transition, 450);
        presenter_flush(screen.presenter);
        presenter_fill(screen.presenter, (struct rect){0, 0, W, H}, 0xFFFF0000);
        if (how == 0)
            presenter_invalidate(screen.presenter);
        else if (how == 1)
            presenter_set_shift(screen.presenter, 0, 1);
        else
            assert_true(presenter_resize(screen.presenter, &err)); /* to the size it has */
        presenter_set_shift(screen.presenter, 0, 0);
        transition_show(transition, 450);
        presenter_flush(screen.presenter);
        assert_step(&screen, first, kinds[k], 450, first, second, 0, 0, fade_tolerance[b]);
        prepare(transition, ALL_BANDS);
        transition_show(transition, 900);
        presenter_flush(screen.presenter);
        assert_step(&screen, first, kinds[k], 900, first, second, 0, 0, fade_tolerance[b]);
        transition_destroy(transition);
        close_screen(&screen);
    }
    canvas_destroy(first);
    canvas_destroy(second);
}

/* A film runs until the transition begins: its last frame is known late, and may change once more.
 */
static void test_first_is_known_late(void **state)
{
    (void)state;
    enum { W = 260, H = 140 };
    struct canvas *ground = noise(W, H, 50), *second = noise(W, H, 51);
    struct canvas *firsts[] = {noise(W, H, 52), noise(W, H, 51)}; /* the other equals second */
    canvas_fill_rect(firsts[1], (struct rect){90, 10, 30, 80}, 0xFFFFFFFF);
    for (int i = 0; i < 2 * 4 * KINDS; i++) {
        int b = i % 2, r = i / 2 % 4, k = i / 8;
        struct screen_case screen = open_screen(backends[b], rotations[r], W, H);
        presenter_put(screen.presenter, ground, whole(ground), 0, 0);
        struct transition *transition =
            transition_create(screen.presenter, kinds[k], NULL, second, 0, 0);
        prepare(transition, ALL_BANDS);
        assert_false(transition_prepare(transition)); /* it waits */
        transition_show(transition, 0);
        presenter_flush(screen.presenter);
        assert_shows(&screen, ground, 0);
        for (int f = 0; f < 2; f++) {
            transition_set_first(transition, firsts[f]);
            prepare(transition, f == 0 ? 1 : ALL_BANDS);
            transition_show(transition, 300);
            transition_show(transition, 420);
            presenter_flush(screen.presenter);
            assert_step(&screen, ground, kinds[k], 420, firsts[f], second, 0, 0, fade_tolerance[b]);
        }
        transition_set_first(transition, NULL);
        transition_show(transition, 430); /* the film broke: its successor stands at once */
        presenter_flush(screen.presenter);
        assert_shows(&screen, second, 0);
        transition_destroy(transition);
        close_screen(&screen);
    }
    canvas_destroy(ground);
    canvas_destroy(second);
    canvas_destroy(firsts[0]);
    canvas_destroy(firsts[1]);
}

static void test_outlives_the_screen(void **state)
{
    (void)state;
    struct error err;
    struct canvas *first = noise(100, 60, 60), *second = noise(100, 60, 61);
    struct canvas *large = noise(140, 80, 62);
    for (int i = 0; i < 2 * 4 * KINDS; i++) {
        int b = i % 2, r = i / 2 % 4;
        struct screen_case screen = open_screen(backends[b], rotations[r], 100, 60);
        bool upright = rotations[r] % 180 == 0;
        struct transition *transition =
            transition_create(screen.presenter, kinds[i / 8], first, second, 0, 0);
        struct transition *later =
            transition_create(screen.presenter, kinds[i / 8], first, second, 0, 0);
        prepare(transition, 1);
        prepare(later, ALL_BANDS);
        transition_show(transition, 100);
        SDL_SetWindowSize(screen.window, upright ? 140 : 80, upright ? 80 : 140);
        assert_true(presenter_resize(screen.presenter, &err));
        presenter_put(screen.presenter, large, whole(large), 0, 0);
        transition_show(transition, 500);
        assert_false(transition_prepare(transition));
        transition_set_first(transition, second);
        transition_show(transition, 600);
        presenter_flush(screen.presenter);
        assert_shows(&screen, large, 0);
        transition_destroy(later);
        later = transition_create(screen.presenter, kinds[i / 8], large, large, 0, 0);
        prepare(later, 1);
        close_screen(&screen);
        assert_false(transition_prepare(later));
        transition_show(later, 300);
        transition_destroy(later);
        transition_destroy(transition);
    }
    transition_destroy(NULL);
    canvas_destroy(first);
    canvas_destroy(second);
    canvas_destroy(large);
}

/* Of a wipe only the columns that the edge passes are drawn. */
static void test_wipe_draws_its_edge_alone(void **state)
{
    (void)state;
    enum { W = 1200, H = 100 };
    struct canvas *first = noise(W, H, 70), *second = noise(W, H, 71);
    for (int r = 0; r < 4; r++) {
        struct screen_case screen = open_screen(PRESENTER_SURFACE, rotations[r], W, H);
        struct transition *transition =
            transition_create(screen.presenter, TRANSITION_WIPE, first, second, 0, 0);
        prepare(transition, ALL_BANDS);
        transition_show(transition, 500);
        SDL_Surface *surface = SDL_GetWindowSurface(screen.window);
        memset(surface->pixels, 0x55, (size_t)surface->pitch * (size_t)surface->h);
        transition_show(transition, 510);
        struct canvas *shown = presenter_snapshot(screen.presenter);
        int drawn = 0;
        for (int x = 0; x < W; x++)
            drawn += pixel(shown, x, H / 2) != 0xFF555555u;
        assert_in_range(drawn, W / 6, W / 6 + 40);
        canvas_destroy(shown);
        transition_destroy(transition);
        close_screen(&screen);
    }
    canvas_destroy(first);
    canvas_destroy(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mix_looks_as_promised),
        cmocka_unit_test(test_mix_keeps_the_clip),
        cmocka_unit_test(test_shows_what_mix_makes),
        cmocka_unit_test(test_prepared_meanwhile),
        cmocka_unit_test(test_several_at_once),
        cmocka_unit_test(test_drawn_anew),
        cmocka_unit_test(test_first_is_known_late),
        cmocka_unit_test(test_outlives_the_screen),
        cmocka_unit_test(test_wipe_draws_its_edge_alone),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
