/* Zones in pixels: they tile the picture whatever its size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "player/scene/slide_view.h"
#include "player/scene/zones.h"

static struct manifest_layout layout_of(enum strip_edge strip, size_t count, const int (*zones)[4])
{
    struct manifest_layout layout = {.id = "essai", .strip = strip, .zone_count = count};
    for (size_t i = 0; i < count; i++) {
        layout.zones[i] = (struct manifest_zone){
            .id = "zone", .x = zones[i][0], .y = zones[i][1], .w = zones[i][2], .h = zones[i][3]};
    }
    return layout;
}

static const int thirds[][4] = {
    {0, 0, 3333, 10000}, {3333, 0, 3334, 4567}, {3333, 4567, 3334, 5433}, {6667, 0, 3333, 10000}};

/* Every pixel of the picture belongs to exactly one zone or the strip. */
static void test_tile(void **context)
{
    static const int sizes[][2] = {
        {1920, 1080}, {1080, 1920}, {1366, 768}, {641, 359}, {3840, 2160}};
    (void)context;
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        for (int strip = STRIP_NONE; strip <= STRIP_TOP; strip++) {
            struct metrics metrics = metrics_make(sizes[s][0], sizes[s][1], 1400, 3000);
            struct manifest_layout layout = layout_of((enum strip_edge)strip, 4, thirds);
            struct zones zones = zones_make(&layout, &metrics, 37);
            int height = sizes[s][1] - 37;
            unsigned char *seen = calloc((size_t)sizes[s][0] * (size_t)height, 1);
            assert_int_equal(zones.count, 4);
            for (size_t i = 0; i <= zones.count; i++) {
                struct rect rect = i < zones.count ? zones.rects[i] : zones.strip;
                assert_true(rect.y + rect.h <= height);
                for (int y = rect.y; y < rect.y + rect.h; y++) {
                    for (int x = rect.x; x < rect.x + rect.w; x++) {
                        seen[(size_t)y * (size_t)sizes[s][0] + (size_t)x]++;
                    }
                }
            }
            for (size_t i = 0; i < (size_t)sizes[s][0] * (size_t)height; i++) {
                assert_int_equal(seen[i], 1);
            }
            free(seen);
        }
    }
}

static void test_strip(void **context)
{
    static const int whole[][4] = {{0, 0, MANIFEST_WHOLE, MANIFEST_WHOLE}};
    struct metrics metrics = metrics_make(1920, 1080, 1400, 3000);
    int height = strip_height(&metrics);
    (void)context;
    struct manifest_layout bottom = layout_of(STRIP_BOTTOM, 1, whole);
    struct zones zones = zones_make(&bottom, &metrics, 0);
    assert_int_equal(zones.strip.y, 1080 - height);
    assert_int_equal(zones.rects[0].h, 1080 - height);
    struct manifest_layout top = layout_of(STRIP_TOP, 1, whole);
    zones = zones_make(&top, &metrics, 100);
    assert_int_equal(zones.strip.y, 0);
    assert_int_equal(zones.rects[0].y, height);
    assert_int_equal(zones.rects[0].y + zones.rects[0].h, 980);
    zones = zones_make(NULL, &metrics, 100);
    assert_int_equal(zones.count, 1);
    assert_int_equal(zones.rects[0].h, 980);
    assert_true(rect_empty(zones.strip));
}

/* A zone of less than a pixel is none, and a picture of nothing but a button still is one. */
static void test_small(void **context)
{
    static const int sliver[][4] = {{0, 0, 9999, 10000}, {9999, 0, 1, 10000}};
    struct metrics metrics = metrics_make(100, 50, 0, 0);
    (void)context;
    struct manifest_layout layout = layout_of(STRIP_NONE, 2, sliver);
    struct zones zones = zones_make(&layout, &metrics, 0);
    assert_int_equal(zones.rects[0].w, 100);
    assert_true(rect_empty(zones.rects[1]));
    zones = zones_make(&layout, &metrics, 50);
    assert_int_equal(zones.all.h, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tile),
        cmocka_unit_test(test_strip),
        cmocka_unit_test(test_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
