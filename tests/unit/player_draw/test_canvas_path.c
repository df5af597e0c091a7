/* Polygons and lines: what they cover, and that they cover nothing else. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "player/draw/canvas.h"

#define SIDE 100
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct canvas *canvas;

static int setup(void **state)
{
    (void)state;
    canvas = canvas_create(SIDE, SIDE); /* black: a white shape's share is the pixel's value */
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    canvas_destroy(canvas);
    return 0;
}

static int share(int x, int y)
{
    return (int)(canvas->pixels[y * canvas->stride + x] & 0xFF);
}

static double covered(void)
{
    double sum = 0;
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            sum += share(x, y) / 255.0;
    return sum;
}

static void fill(const struct path *rings, size_t count)
{
    canvas_fill_polygon(canvas, rings, count, 0xFFFFFFFF);
}

static void test_edges_have_their_exact_share(void **state)
{
    (void)state;
    const struct pointf box[] = {{10.25, 20.5}, {30.5, 20.5}, {30.5, 40.75}, {10.25, 40.75}};
    fill(&(struct path){box, COUNT(box)}, 1);
    assert_int_equal(share(20, 30), 255);
    assert_int_equal(share(10, 30), 191); /* three quarters */
    assert_int_equal(share(30, 30), 128);
    assert_int_equal(share(20, 20), 128);
    assert_int_equal(share(20, 40), 191);
    assert_int_equal(share(10, 20), 96);
    assert_int_equal(share(9, 30) + share(31, 30) + share(20, 19) + share(20, 41), 0);
}

static void test_areas(void **state)
{
    (void)state;
    static const struct {
        struct pointf points[8];
        size_t count;
        double area;
    } shapes[] = {
        {{{5, 5}, {95, 5}, {5, 95}}, 3, 4050},
        {{{5, 5}, {5, 95}, {95, 5}}, 3, 4050}, /* the other way around */
        {{{50.3, 1.7}, {98.2, 60.1}, {3.4, 88.8}}, 3, 3455.53},
        {{{50, 10}, {60, 50}, {50, 90}, {40, 50}}, 4, 800},
        {{{10, 10.2}, {90, 10.2}, {90, 10.4}, {10, 10.4}}, 4, 16}, /* thinner than a pixel */
        {{{10, 10}, {90, 90}}, 2, 0},
        {{{10, 10}}, 1, 0},
        {{{0, 0}}, 0, 0},
        /* mostly elsewhere */
        {{{-1000, -1000}, {50, -1000}, {50, 1000}, {-1000, 1000}}, 4, 5000},
        {{{-1e7, -1e7}, {1e7, -1e7}, {1e7, 1e7}, {-1e7, 1e7}}, 4, 10000},
        {{{-200, 50}, {50, -200}, {300, 50}, {50, 300}}, 4, 10000},
        {{{0, 0}, {200, 0}, {0, 200}}, 3, 10000},
        {{{-100, 0}, {100, 0}, {-100, 200}}, 3, 5000},
        {{{200, 200}, {300, 200}, {300, 300}}, 3, 0},
    };
    for (size_t i = 0; i < COUNT(shapes); i++) {
        canvas_fill(canvas, 0xFF000000);
        fill(&(struct path){shapes[i].points, shapes[i].count}, 1);
        if (fabs(covered() - shapes[i].area) > 0.5 + shapes[i].area / 1000)
            fail_msg("shape %zu covers %.2f, not %.2f", i, covered(), shapes[i].area);
    }
}

/* Whichever way it is drawn, a ring in a ring is a hole, and one in that an island. */
static void test_holes(void **state)
{
    (void)state;
    const struct pointf outer[] = {{10, 10}, {90, 10}, {90, 90}, {10, 90}};
    const struct pointf hole[] = {{30, 30}, {70, 30}, {70, 70}, {30, 70}};
    const struct pointf turned[] = {{30, 30}, {30, 70}, {70, 70}, {70, 30}};
    const struct pointf island[] = {{45.5, 45.5}, {55.5, 45.5}, {55.5, 55.5}, {45.5, 55.5}};
    for (int way = 0; way < 2; way++) {
        const struct path rings[] = {{outer, 4}, {way == 0 ? hole : turned, 4}, {island, 4}};
        canvas_fill(canvas, 0xFF000000);
        fill(rings, COUNT(rings));
        assert_int_equal(share(20, 20), 255);
        assert_int_equal(share(40, 40), 0);
        assert_int_equal(share(50, 50), 255);
        assert_int_equal(share(45, 50), 128);
        assert_true(fabs(covered() - (6400 - 1600 + 100)) < 1);
    }
}

/* Neighbours that share an edge leave no gap to what lies below both when filled over each other's
 * colour, and the halves of the edge add up. */
static void test_neighbours_meet(void **state)
{
    (void)state;
    const struct pointf left[] = {{0, 0}, {33.3, 0}, {61.7, 100}, {0, 100}};
    const struct pointf right[] = {{33.3, 0}, {100, 0}, {100, 100}, {61.7, 100}};
    int shares[SIDE];
    fill(&(struct path){left, 4}, 1);
    for (int x = 0; x < SIDE; x++)
        shares[x] = share(x, 50);
    canvas_fill(canvas, 0xFF000000);
    fill(&(struct path){right, 4}, 1);
    for (int x = 0; x < SIDE; x++)
        assert_true(abs(shares[x] + share(x, 50) - 255) <= 1);
}

static void test_clip_holds(void **state)
{
    (void)state;
    const struct pointf wide[] = {{-50, -50}, {150, -50}, {150, 150}, {-50, 150}};
    const struct pointf line[] = {{-50, 50.5}, {150, 50.5}};
    canvas_set_clip(canvas, &(struct rect){20, 30, 40, 50});
    fill(&(struct path){wide, 4}, 1);
    assert_true(covered() == 2000);
    canvas_fill(canvas, 0xFF000000);
    canvas_stroke_paths(canvas, &(struct path){line, 2}, 1, 3, 0xFFFFFFFF);
    assert_true(covered() == 120);
}

static void test_lines_are_as_wide_as_asked(void **state)
{
    (void)state;
    static const double widths[] = {1, 2, 3.5, 12};
    for (size_t i = 0; i < COUNT(widths); i++) {
        for (int turn = 0; turn < 12; turn++) {
            double angle = turn * 0.2618, dx = 30 * cos(angle), dy = 30 * sin(angle);
            const struct pointf line[] = {{50 - dx, 50 - dy}, {50 + dx, 50 + dy}};
            canvas_fill(canvas, 0xFF000000);
            canvas_stroke_paths(canvas, &(struct path){line, 2}, 1, widths[i], 0xFFFFFFFF);
            double most = widths[i] * 60 + widths[i] * widths[i] * 0.7854;
            if (fabs(covered() - most) > 0.13 * most + 1)
                fail_msg("%.1f px at %d: %.1f, not %.1f", widths[i], turn, covered(), most);
        }
    }
}

/* A translucent outline is no darker at its corners or where two of them cross. */
static void test_joints_do_not_add_up(void **state)
{
    (void)state;
    const struct pointf ring[] = {{20, 20}, {80, 20}, {80, 80}, {20, 80}, {20, 20}};
    const struct pointf cross[] = {{10, 50}, {50, 50}, {90, 50}};
    const struct path paths[] = {{ring, 5}, {cross, 3}, {ring, 5}};
    canvas_stroke_paths(canvas, paths, COUNT(paths), 6, 0x80FFFFFF);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            assert_true(share(x, y) <= 128);
    assert_int_equal(share(20, 20), 128); /* the corner is whole */
    assert_int_equal(share(80, 50), 128);
}

static void test_nothing_to_draw(void **state)
{
    (void)state;
    const struct pointf bad[] = {{10, 10}, {NAN, 50}, {90, INFINITY}, {40, 40}};
    const struct path paths[] = {{bad, 4}, {bad, 0}};
    fill(paths, 2);
    fill(paths + 1, 1);
    fill(NULL, 0);
    canvas_stroke_paths(canvas, paths, 2, 3, 0xFFFFFFFF);
    canvas_stroke_paths(canvas, paths + 1, 1, 3, 0xFFFFFFFF);
    canvas_stroke_paths(canvas, NULL, 0, 3, 0xFFFFFFFF);
    canvas_stroke_paths(canvas, &(struct path){bad, 1}, 1, 0, 0xFFFFFFFF);
    assert_true(covered() == 0);
    canvas_stroke_paths(canvas, &(struct path){bad, 1}, 1, 8, 0xFFFFFFFF); /* a dot */
    assert_true(fabs(covered() - 50.27) < 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_edges_have_their_exact_share, setup, teardown),
        cmocka_unit_test_setup_teardown(test_areas, setup, teardown),
        cmocka_unit_test_setup_teardown(test_holes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_neighbours_meet, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clip_holds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lines_are_as_wide_as_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_joints_do_not_add_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_draw, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
