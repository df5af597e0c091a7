/* Where organisations stand on the map, and which markers they share. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_places.h"

#define COUNT 5000

static const struct kiosk_projection rouen = {49.4, 1.03};
static const struct rectf area = {-20, -18, 40, 36};

static float lat_lon[2 * COUNT];
static uint32_t rows[COUNT];
static struct kiosk_places places;

static double chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / (double)(1 << 24);
}

/* A third in one town, some at one address, some nowhere, some in Paris, the rest all over. */
static int setup(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (uint32_t i = 0; i < COUNT; i++) {
        double x = chance(&seed), y = chance(&seed), size = i % 3 == 0 ? 0.02 : 0.2;
        lat_lon[2 * i] = (float)(49.42 + (y - 0.5) * size);
        lat_lon[2 * i + 1] = (float)(1.05 + (x - 0.5) * size);
        if (i % 10 == 1) {
            lat_lon[2 * i] = 49.44F;
            lat_lon[2 * i + 1] = 1.09F;
        } else if (i % 50 == 2) {
            lat_lon[2 * i] = lat_lon[2 * i + 1] = NAN;
        } else if (i % 50 == 4) {
            lat_lon[2 * i] = 48.85F;
            lat_lon[2 * i + 1] = 2.35F;
        }
        rows[i] = i;
    }
    places = (struct kiosk_places){0};
    return kiosk_places_set(&places, &rouen, area, lat_lon, rows, COUNT) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    kiosk_places_finish(&places);
    return 0;
}

static void test_projection(void **state)
{
    (void)state;
    struct pointf middle = kiosk_projection_project(&rouen, 49.4, 1.03);
    assert_true(fabs(middle.x) < 1e-9 && fabs(middle.y) < 1e-9);
    /* Rouen's cathedral to the abbey of Jumièges: 21.0 km on the great circle. */
    struct pointf cathedral = kiosk_projection_project(&rouen, 49.4402, 1.0950);
    struct pointf abbey = kiosk_projection_project(&rouen, 49.4319, 0.8190);
    double away = hypot(cathedral.x - abbey.x, cathedral.y - abbey.y);
    double a = pow(sin((49.4402 - 49.4319) / 2 * M_PI / 180), 2) +
               cos(49.4402 * M_PI / 180) * cos(49.4319 * M_PI / 180) *
                   pow(sin((1.0950 - 0.8190) / 2 * M_PI / 180), 2);
    double great = 2 * 6371.0088 * asin(sqrt(a));
    assert_true(fabs(away - great) < 0.003 * great);
    assert_true(cathedral.x > abbey.x && cathedral.y < abbey.y); /* east is right, north is up */
}

static uint32_t sum_of_counts(void)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < places.cluster_count; i++)
        sum += places.clusters[i].count;
    return sum;
}

static void test_clusters_add_up_to_the_rows(void **state)
{
    (void)state;
    assert_int_equal(places.missing, COUNT / 50 * 2);
    assert_int_equal(places.count, COUNT - places.missing);
    uint32_t fewer = 0;
    for (int level = 0; level < KIOSK_PLACES_LEVELS; level++) {
        kiosk_places_cluster(&places, level);
        assert_int_equal(sum_of_counts(), places.count);
        assert_true(places.cluster_count >= fewer); /* nearer shows more */
        fewer = places.cluster_count;
    }
    assert_true(fewer > COUNT / 10);
}

static void test_every_row_is_in_its_cluster(void **state)
{
    (void)state;
    static uint32_t members[COUNT], times[COUNT];
    kiosk_places_cluster(&places, 5);
    for (uint32_t i = 0; i < places.cluster_count; i++) {
        uint32_t count = kiosk_places_rows(&places, i, members, COUNT);
        assert_int_equal(count, places.clusters[i].count);
        struct rectf extent = kiosk_places_extent(&places, i);
        struct pointf at = places.clusters[i].at;
        assert_true(at.x >= extent.x - 1e-9 && at.x <= extent.x + extent.w + 1e-9);
        assert_true(at.y >= extent.y - 1e-9 && at.y <= extent.y + extent.h + 1e-9);
        for (uint32_t j = 0; j < count; j++) {
            times[members[j]]++;
            assert_true(j == 0 || members[j] > members[j - 1]);
            assert_int_equal(kiosk_places_find(&places, members[j]), i);
        }
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        bool elsewhere = i % 10 != 1 && (i % 50 == 2 || i % 50 == 4);
        assert_int_equal(times[i], elsewhere ? 0 : 1);
        if (elsewhere)
            assert_int_equal(kiosk_places_find(&places, i), KIOSK_PLACES_NONE);
    }
}

static void test_markers_can_be_touched_apart(void **state)
{
    (void)state;
    for (int level = 0; level < 8; level++) {
        kiosk_places_cluster(&places, level);
        double apart = kiosk_places_apart(&places, level);
        uint32_t near = 0;
        for (uint32_t i = 0; i < places.cluster_count; i++)
            for (uint32_t j = 0; j < i; j++)
                near += hypot(places.clusters[i].at.x - places.clusters[j].at.x,
                              places.clusters[i].at.y - places.clusters[j].at.y) < apart;
        if (near > places.cluster_count / 50)
            fail_msg("level %d: %u of %u are too near", level, near, places.cluster_count);
    }
}

/* The markers of a level are the same whatever was looked at before, and in whatever order the
 * answer has its rows. */
static void test_the_same_places_give_the_same_markers(void **state)
{
    (void)state;
    struct kiosk_places other = {0};
    static uint32_t turned[COUNT];
    for (uint32_t i = 0; i < COUNT; i++)
        turned[i] = COUNT - 1 - i;
    assert_true(kiosk_places_set(&other, &rouen, area, lat_lon, turned, COUNT));
    kiosk_places_cluster(&places, 2);
    kiosk_places_cluster(&places, 7);
    kiosk_places_cluster(&places, 4);
    kiosk_places_cluster(&other, 4);
    assert_int_equal(places.cluster_count, other.cluster_count);
    for (uint32_t i = 0; i < places.cluster_count; i++) {
        assert_int_equal(places.clusters[i].count, other.clusters[i].count);
        assert_true(fabs(places.clusters[i].at.x - other.clusters[i].at.x) < 1e-6);
        assert_true(fabs(places.clusters[i].at.y - other.clusters[i].at.y) < 1e-6);
    }
    kiosk_places_finish(&other);
}

static void test_levels_follow_the_scale(void **state)
{
    (void)state;
    int before = 0;
    for (double scale = 1; scale < 1e7; scale *= 1.1) {
        int level = kiosk_places_level(&places, scale, 48);
        assert_true(level == before || level == before + 1);
        before = level;
        /* At every scale that has the level, markers are not nearer than asked. */
        if (level > 0 && level < KIOSK_PLACES_LEVELS - 1)
            assert_true(kiosk_places_apart(&places, level) * scale > 47.9);
    }
    assert_int_equal(before, KIOSK_PLACES_LEVELS - 1);
}

static void test_one_place_stays_one_marker(void **state)
{
    (void)state;
    kiosk_places_cluster(&places, KIOSK_PLACES_LEVELS - 1);
    uint32_t cluster = kiosk_places_find(&places, 1);
    assert_true(places.clusters[cluster].count >= COUNT / 10);
    struct rectf extent = kiosk_places_extent(&places, cluster);
    assert_true(extent.w < 0.1 && extent.h < 0.1);
}

static void test_nobody(void **state)
{
    (void)state;
    assert_true(kiosk_places_set(&places, &rouen, area, lat_lon, rows, 0));
    kiosk_places_cluster(&places, 4);
    assert_int_equal(places.cluster_count, 0);
    assert_int_equal(kiosk_places_find(&places, 1), KIOSK_PLACES_NONE);
    struct kiosk_places none = {0};
    kiosk_places_cluster(&none, 3);
    assert_int_equal(none.cluster_count, 0);
    kiosk_places_finish(&none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_projection),
        cmocka_unit_test_setup_teardown(test_clusters_add_up_to_the_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(test_every_row_is_in_its_cluster, setup, teardown),
        cmocka_unit_test_setup_teardown(test_markers_can_be_touched_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_same_places_give_the_same_markers, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_levels_follow_the_scale, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_place_stays_one_marker, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nobody, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
