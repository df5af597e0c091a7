/* The map under fingers and buttons. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "directory/directory.h"
#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_map.h"

#define COLUMNS 5
#define ROWS 4
#define SIDE 0.06 /* degrees of latitude of a commune */
#define SOUTH 49.25
#define WEST 0.8
#define PEOPLE 40

static struct directory_point corners[COLUMNS * ROWS][5];
static struct directory_ring rings[COLUMNS * ROWS];
static struct directory_commune communes[COLUMNS * ROWS];
static const struct directory_commune_list list = {COLUMNS * ROWS, communes};

/* Row 0 alone in the north-west; 1 and 2 at one address; the rest around a town in the south-east.
 */
static float lat_lon[2 * PEOPLE] = {49.46F, 0.85F, 49.40F, 1.02F, 49.40F, 1.02F};
static uint32_t rows[PEOPLE];
static const struct rect place = {36, 200, 1008, 700};
static struct kiosk_layout layout;
static struct kiosk_kit kit;
static struct kiosk_map *map;

static void make_communes(void)
{
    for (int i = 0; i < COLUMNS * ROWS; i++) {
        float south = (float)(SOUTH + i / COLUMNS * SIDE), north = south + (float)SIDE;
        float west = (float)(WEST + i % COLUMNS * SIDE * 1.5), east = west + (float)SIDE * 1.5F;
        const struct directory_point square[] = {
            {west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
        memcpy(corners[i], square, sizeof(square));
        rings[i] = (struct directory_ring){5, corners[i]};
        communes[i] = (struct directory_commune){.code = "76000",
                                                 .name = i == 7 ? "Sotteville-lès-Rouen" : "Oissel",
                                                 .latitude = (double)(south + north) / 2,
                                                 .longitude = (double)(west + east) / 2,
                                                 .ring_count = 1,
                                                 .rings = &rings[i]};
    }
}

static int setup(void **state)
{
    (void)state;
    make_communes();
    for (uint32_t i = 0; i < PEOPLE; i++) {
        rows[i] = i;
        if (i < 3)
            continue;
        lat_lon[2 * i] = 49.30F + (float)(i % 6) * 0.002F;
        lat_lon[2 * i + 1] = 1.15F + (float)(i / 6) * 0.003F;
    }
    struct metrics metrics = metrics_make(1080, 1920, 1092, 600);
    layout = kiosk_layout_make(&metrics, 620, (struct kiosk_modes){0});
    kit = (struct kiosk_kit){&layout, kiosk_kit_theme(false), LANG_FR, 1, false};
    map = kiosk_map_create(&list);
    kiosk_map_place(map, place, &kit);
    return kiosk_map_set_rows(map, lat_lon, rows, PEOPLE) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    kiosk_map_destroy(map);
    return 0;
}

static struct pointf where(uint32_t row)
{
    return kiosk_map_to_canvas(map, (double)lat_lon[2 * (size_t)row],
                               (double)lat_lon[2 * (size_t)row + 1]);
}

static struct kiosk_map_result tap(struct pointf at, int64_t now_ms)
{
    int x = (int)lround(at.x), y = (int)lround(at.y);
    assert_int_equal(kiosk_map_down(map, 1, x, y, now_ms).change, KIOSK_MAP_LOOK);
    return kiosk_map_up(map, 1, x, y, true, now_ms + 50);
}

static bool near(struct pointf a, struct pointf b, double px)
{
    return hypot(a.x - b.x, a.y - b.y) <= px;
}

/* All of the communes in view, whatever the shape of the place. */
static void test_home_shows_all(void **state)
{
    (void)state;
    static const struct rect shapes[] = {
        {36, 200, 1008, 700}, {0, 0, 700, 1500}, {10, 10, 1900, 300}, {0, 0, 1, 1}};
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        kiosk_map_place(map, shapes[i], &kit);
        struct pointf south_west = kiosk_map_to_canvas(map, SOUTH, WEST);
        struct pointf north_east =
            kiosk_map_to_canvas(map, SOUTH + ROWS * SIDE, WEST + COLUMNS * SIDE * 1.5);
        const struct rect *shape = &shapes[i];
        assert_true(south_west.x >= shape->x - 1 && north_east.x <= shape->x + shape->w + 1);
        assert_true(north_east.y >= shape->y - 1 && south_west.y <= shape->y + shape->h + 1);
        assert_true(south_west.x <= north_east.x && north_east.y <= south_west.y);
        assert_false(kiosk_map_can_zoom(map, -1));
        assert_true(kiosk_map_can_zoom(map, 1));
    }
}

/* What was under each finger when they came down is under them as they part and turn. */
static void test_pinch_keeps_what_is_under_the_fingers(void **state)
{
    (void)state;
    kiosk_map_zoom(map, 1, true, 0);
    const double lat = 49.37, lon = 1.0;
    struct pointf held = kiosk_map_to_canvas(map, lat, lon);
    int x = (int)lround(held.x), y = (int)lround(held.y);
    kiosk_map_down(map, 1, x - 50, y, 0);
    kiosk_map_down(map, 2, x + 50, y, 10);
    held = kiosk_map_to_canvas(map, lat, lon);
    for (int i = 1; i <= 20; i++) {
        kiosk_map_move(map, 1, x - 50 - 8 * i, y + 3 * i, 10 + i);
        kiosk_map_move(map, 2, x + 50 + 8 * i, y - 3 * i, 10 + i);
        assert_true(near(kiosk_map_to_canvas(map, lat, lon), held, 3));
    }
    assert_true(kiosk_map_can_zoom(map, 1));
    /* Both move on together: it goes with them. */
    kiosk_map_move(map, 1, x - 210 + 30, y + 60 + 20, 60);
    kiosk_map_move(map, 2, x + 210 + 30, y - 60 + 20, 60);
    assert_true(
        near(kiosk_map_to_canvas(map, lat, lon), (struct pointf){held.x + 30, held.y + 20}, 3));
    /* One leaves, the other drags on without a jump. */
    struct pointf before = kiosk_map_to_canvas(map, lat, lon);
    kiosk_map_up(map, 1, x - 180, y + 80, true, 70);
    assert_true(near(kiosk_map_to_canvas(map, lat, lon), before, 1));
    kiosk_map_move(map, 2, x + 240 + 25, y - 40, 80);
    assert_true(
        near(kiosk_map_to_canvas(map, lat, lon), (struct pointf){before.x + 25, before.y}, 2));
}

static void test_pinch_has_limits(void **state)
{
    (void)state;
    kiosk_map_down(map, 1, 500, 500, 0);
    kiosk_map_down(map, 2, 520, 500, 0);
    for (int i = 0; i < 500; i += 10)
        kiosk_map_move(map, 2, 520 + i, 500, i);
    kiosk_map_up(map, 1, 500, 500, true, 600);
    kiosk_map_up(map, 2, 1010, 500, true, 600);
    assert_false(kiosk_map_can_zoom(map, 1));
    kiosk_map_down(map, 1, 100, 500, 700);
    kiosk_map_down(map, 2, 1000, 500, 700);
    kiosk_map_move(map, 2, 101, 500, 800);
    kiosk_map_up(map, 1, 100, 500, true, 900);
    kiosk_map_up(map, 2, 101, 500, true, 900);
    assert_false(kiosk_map_can_zoom(map, -1)); /* back at all of it, not farther */
    struct pointf east = kiosk_map_to_canvas(map, SOUTH, WEST + COLUMNS * SIDE * 1.5);
    assert_true(east.x > place.x + place.w / 2);
}

/* However far it is dragged, the middle of the view stays among the communes. */
static void test_drag_has_bounds(void **state)
{
    (void)state;
    static const int ways[][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}, {1, 1}, {-1, -1}};
    kiosk_map_zoom(map, 1, true, 0);
    kiosk_map_zoom(map, 1, true, 0);
    for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
        for (int i = 0; i < 30; i++) {
            kiosk_map_down(map, 1, 540, 550, i * 100);
            kiosk_map_move(map, 1, 540 + 300 * ways[w][0], 550 + 300 * ways[w][1], i * 100 + 10);
            kiosk_map_up(map, 1, 540 + 300 * ways[w][0], 550 + 300 * ways[w][1], false,
                         i * 100 + 20);
            while (kiosk_map_tick(map, i * 100 + 5000)) {
            }
        }
        struct pointf west = kiosk_map_to_canvas(map, SOUTH, WEST);
        struct pointf east =
            kiosk_map_to_canvas(map, SOUTH + ROWS * SIDE, WEST + COLUMNS * SIDE * 1.5);
        assert_true(west.x < place.x + place.w / 2 && east.x > place.x + place.w / 2);
        assert_true(east.y < place.y + place.h / 2 && west.y > place.y + place.h / 2);
    }
}

static void test_inertia(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        kiosk_map_zoom(map, 1, true, 0);
    struct pointf start = where(1);
    kiosk_map_down(map, 1, 600, 500, 0);
    for (int i = 1; i <= 5; i++)
        kiosk_map_move(map, 1, 600 - 10 * i, 500, 10 * i);
    kiosk_map_up(map, 1, 550, 500, false, 55);
    struct pointf left = where(1);
    assert_true(fabs(left.x - (start.x - 50)) <= 2);
    assert_true(kiosk_map_moves(map));
    assert_true(kiosk_map_tick(map, 155));
    assert_true(where(1).x < left.x - 20); /* glides on the same way */
    kiosk_map_tick(map, 60000);
    assert_false(kiosk_map_moves(map));
    struct pointf end = where(1);
    assert_true(fabs(end.y - start.y) <= 1);
    assert_false(kiosk_map_tick(map, 60100));
    /* A finger that rested before it left lets nothing glide, nor does reduced motion. */
    kiosk_map_down(map, 1, 600, 500, 61000);
    kiosk_map_move(map, 1, 500, 500, 61020);
    kiosk_map_up(map, 1, 500, 500, false, 61500);
    assert_false(kiosk_map_moves(map));
    kiosk_map_down(map, 1, 500, 500, 62000);
    kiosk_map_move(map, 1, 600, 500, 62020);
    kiosk_map_up(map, 1, 650, 500, true, 62040);
    assert_false(kiosk_map_moves(map));
}

static void test_tap_on_a_point_tells_whose_it_is(void **state)
{
    (void)state;
    struct kiosk_map_result result = tap(where(0), 0);
    assert_int_equal(result.change, KIOSK_MAP_POINT);
    assert_int_equal(result.row, 0);
    /* Beside it, but nearer than to anything else. */
    result = tap((struct pointf){where(0).x + 15, where(0).y - 10}, 1000);
    assert_int_equal(result.change, KIOSK_MAP_POINT);
    /* A finger that slides off it takes it back. */
    kiosk_map_down(map, 1, (int)where(0).x, (int)where(0).y, 2000);
    kiosk_map_move(map, 1, (int)where(0).x + 80, (int)where(0).y, 2100);
    assert_int_equal(kiosk_map_up(map, 1, (int)where(0).x + 80, (int)where(0).y, true, 2600).change,
                     KIOSK_MAP_LOOK);
}

static void test_tap_on_a_cluster_opens_it(void **state)
{
    (void)state;
    struct kiosk_map_result result = tap(where(20), 0);
    assert_int_equal(result.change, KIOSK_MAP_LOOK);
    assert_true(kiosk_map_can_zoom(map, -1)); /* nearer than all of it */
    for (uint32_t i = 3; i < PEOPLE; i++) {   /* with all its members in view */
        struct pointf at = where(i);
        assert_true(rect_contains(place, (int)at.x, (int)at.y));
    }
    assert_true(hypot(where(3).x - where(PEOPLE - 1).x, where(3).y - where(PEOPLE - 1).y) > 200);
}

/* Zooming does not part who shares an address: they are told, to be listed. */
static void test_tap_on_one_address(void **state)
{
    (void)state;
    struct kiosk_map_result result = tap(where(1), 0);
    assert_int_equal(result.change, KIOSK_MAP_PLACE);
    assert_int_equal(result.count, 2);
    uint32_t members[4];
    assert_int_equal(kiosk_map_place_rows(map, members, 4), 2);
    assert_int_equal(members[0], 1);
    assert_int_equal(members[1], 2);
    assert_true(kiosk_map_set_rows(map, lat_lon, rows, 1));
    assert_int_equal(kiosk_map_place_rows(map, members, 4), 0);
}

static void test_double_tap(void **state)
{
    (void)state;
    struct pointf ground = kiosk_map_to_canvas(map, 49.27, 0.82);
    assert_int_equal(tap(ground, 0).change, KIOSK_MAP_GROUND);
    assert_false(kiosk_map_can_zoom(map, -1));
    assert_int_equal(tap(ground, 200).change, KIOSK_MAP_LOOK);
    assert_true(kiosk_map_can_zoom(map, -1));
    kiosk_map_zoom(map, 0, true, 1000);
    assert_false(kiosk_map_can_zoom(map, -1));
    /* Two slow ones are two taps, and so are two at different places. */
    tap(ground, 2000);
    assert_int_equal(tap(ground, 3000).change, KIOSK_MAP_GROUND);
    assert_int_equal(tap((struct pointf){ground.x + 300, ground.y}, 3200).change, KIOSK_MAP_GROUND);
}

static void test_buttons(void **state)
{
    (void)state;
    int steps = 0;
    while (kiosk_map_can_zoom(map, 1) && steps < 100) {
        kiosk_map_zoom(map, 1, false, steps * 1000);
        assert_true(kiosk_map_moves(map));
        assert_true(kiosk_map_tick(map, steps * 1000 + 100));
        kiosk_map_tick(map, steps * 1000 + KIOSK_MAP_FLY_MS);
        assert_false(kiosk_map_moves(map));
        steps++;
    }
    assert_int_equal(steps, 4); /* doubled up to 16 times */
    kiosk_map_zoom(map, -1, true, 0);
    assert_true(kiosk_map_can_zoom(map, 1));
    /* Quick presses add up. */
    kiosk_map_zoom(map, 0, true, 0);
    kiosk_map_zoom(map, 1, false, 0);
    kiosk_map_zoom(map, 1, false, 50);
    kiosk_map_tick(map, 5000);
    kiosk_map_zoom(map, -1, true, 6000);
    assert_true(kiosk_map_can_zoom(map, -1));
    kiosk_map_zoom(map, -1, true, 6000);
    assert_false(kiosk_map_can_zoom(map, -1));
}

static void test_selection_comes_into_view(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        kiosk_map_zoom(map, 1, true, 0);
    struct pointf at = where(0);
    assert_false(rect_contains(place, (int)at.x, (int)at.y));
    kiosk_map_select(map, 0, true, 0);
    at = where(0);
    assert_true(rect_contains(place, (int)at.x, (int)at.y));
    struct pointf other = where(0);
    kiosk_map_select(map, KIOSK_MAP_NOBODY, true, 0);
    assert_true(near(where(0), other, 0.1));
    kiosk_map_select(map, PEOPLE + 5, true, 0); /* not in this answer */
    assert_true(near(where(0), other, 0.1));
}

static void test_layout_changes_under_it(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        kiosk_map_zoom(map, 1, true, 0);
    kiosk_map_select(map, 0, true, 0);
    kiosk_map_place(map, (struct rect){100, 300, 600, 600}, &kit);
    assert_true(kiosk_map_can_zoom(map, -1)); /* as near as before */
    struct pointf at = where(0);
    assert_true(at.x > 100 && at.x < 700 && at.y > 300 && at.y < 900);
}

static void test_wild_fingers(void **state)
{
    (void)state;
    uint32_t seed = 5;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 1664525u + 1013904223u;
        int x = (int)(seed >> 8 & 0x7FF), y = (int)(seed >> 19 & 0x7FF);
        int64_t finger = seed >> 4 & 3, now = i * 7;
        switch (seed >> 28) {
        case 0:
        case 1:
        case 2:
            kiosk_map_down(map, finger, x, y, now);
            break;
        case 3:
        case 4:
            kiosk_map_up(map, finger, x, y, seed & 1, now);
            break;
        case 5:
            kiosk_map_zoom(map, (int)(seed & 3) - 1, seed & 4, now);
            break;
        case 6:
            kiosk_map_select(map, seed & 63, seed & 1, now);
            break;
        default:
            kiosk_map_move(map, finger, x, y, now);
        }
        kiosk_map_tick(map, now);
        struct pointf middle = kiosk_map_to_canvas(map, SOUTH + SIDE * ROWS / 2, 1.03);
        assert_true(isfinite(middle.x) && fabs(middle.x) < 1e5 && fabs(middle.y) < 1e5);
    }
    kiosk_map_cancel(map);
    kiosk_map_zoom(map, 0, true, 0);
    assert_false(kiosk_map_can_zoom(map, -1));
}

/* ---- what it looks like --------------------------------------------------------------------- */

static struct text_engine *open_text(void)
{
    struct error err;
    struct text_engine *text = text_engine_create(VITRINE_SOURCE_DIR "/assets/fonts", &err);
    if (text == NULL)
        fail_msg("no fonts");
    return text;
}

static size_t different(const struct canvas *a, const struct canvas *b)
{
    size_t count = 0;
    for (int y = 0; y < a->height; y++)
        for (int x = 0; x < a->width; x++)
            count += a->pixels[y * a->stride + x] != b->pixels[y * b->stride + x];
    return count;
}

/* A dragged picture, made of what was there and of strips, is the one that is drawn anew; nothing
 * outside the map is written. */
static void test_dragging_draws_what_drawing_anew_does(void **state)
{
    (void)state;
    struct text_engine *text = open_text();
    struct canvas *dragged = canvas_create(1080, 1000), *anew = canvas_create(1080, 1000);
    kiosk_map_set_here(map, 49.35, 1.05);
    kiosk_map_select(map, 4, true, 0);
    kiosk_map_set_commune(map, 7, 900, true);
    kiosk_map_zoom(map, 1, true, 0);
    kiosk_map_draw(map, &kit, text, dragged);
    static const int steps[][2] = {{-30, -17}, {40, 2}, {-3, 55}, {300, -200}, {-2000, 0}, {0, 0}};
    int x = 500, y = 500;
    kiosk_map_down(map, 1, x, y, 0);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        kiosk_map_move(map, 1, x += steps[i][0], y += steps[i][1], 10);
        kiosk_map_draw(map, &kit, text, dragged);
    }
    kiosk_map_cancel(map);
    kiosk_map_draw(map, &kit, text, dragged);
    kiosk_map_set_commune(map, 7, 900, false);
    kiosk_map_set_commune(map, 7, 900, true); /* forgets what it has drawn */
    kiosk_map_draw(map, &kit, text, anew);
    assert_int_equal(different(dragged, anew), 0);
    struct canvas *outside = canvas_create(1080, 1000);
    canvas_copy(anew, outside, place, place.x, place.y);
    assert_int_equal(different(anew, outside), 0);
    canvas_destroy(outside);
    canvas_destroy(anew);
    canvas_destroy(dragged);
    kiosk_map_destroy(map);
    map = NULL;
    text_engine_destroy(text);
}

/* Pixels of a colour near a point. */
static bool shows(const struct canvas *canvas, struct pointf at, int reach, color wanted)
{
    for (int y = (int)at.y - reach; y <= (int)at.y + reach; y++)
        for (int x = (int)at.x - reach; x <= (int)at.x + reach; x++)
            if (x >= 0 && y >= 0 && x < canvas->width && y < canvas->height &&
                canvas->pixels[y * canvas->stride + x] == wanted)
                return true;
    return false;
}

static void test_markers_show(void **state)
{
    (void)state;
    struct text_engine *text = open_text();
    struct canvas *canvas = canvas_create(1080, 1000);
    kiosk_map_draw(map, &kit, text, canvas);
    assert_true(shows(canvas, where(0), 8, kit.theme->link));    /* alone */
    assert_true(shows(canvas, where(1), 12, kit.theme->accent)); /* two of them */
    assert_false(shows(canvas, kiosk_map_to_canvas(map, 49.27, 0.82), 20, kit.theme->accent));
    assert_true(shows(canvas, kiosk_map_to_canvas(map, 49.27, 0.84), 2, kit.theme->card));
    /* The answer changes: its markers go. */
    assert_true(kiosk_map_set_rows(map, lat_lon, rows + 1, 2));
    kiosk_map_draw(map, &kit, text, canvas);
    assert_false(shows(canvas, where(0), 8, kit.theme->link));
    /* One is chosen in the list: it stands out. */
    struct canvas *plain = canvas_create(1080, 1000);
    kiosk_map_draw(map, &kit, text, plain);
    kiosk_map_select(map, 2, true, 0);
    kiosk_map_draw(map, &kit, text, canvas);
    assert_true(different(canvas, plain) > 100);
    canvas_destroy(plain);
    canvas_destroy(canvas);
    kiosk_map_destroy(map);
    map = NULL;
    text_engine_destroy(text);
}

static void test_no_communes(void **state)
{
    (void)state;
    static const struct directory_commune_list none = {0, NULL};
    struct text_engine *text = open_text();
    struct canvas *canvas = canvas_create(400, 300);
    struct kiosk_map *bare = kiosk_map_create(&none);
    kiosk_map_place(bare, (struct rect){0, 0, 400, 300}, &kit);
    assert_true(kiosk_map_set_rows(bare, lat_lon, rows, PEOPLE));
    kiosk_map_zoom(bare, 1, true, 0);
    kiosk_map_draw(bare, &kit, text, canvas);
    kiosk_map_destroy(bare);
    canvas_destroy(canvas);
    text_engine_destroy(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_home_shows_all),
        TEST(test_pinch_keeps_what_is_under_the_fingers),
        TEST(test_pinch_has_limits),
        TEST(test_drag_has_bounds),
        TEST(test_inertia),
        TEST(test_tap_on_a_point_tells_whose_it_is),
        TEST(test_tap_on_a_cluster_opens_it),
        TEST(test_tap_on_one_address),
        TEST(test_double_tap),
        TEST(test_buttons),
        TEST(test_selection_comes_into_view),
        TEST(test_layout_changes_under_it),
        TEST(test_wild_fingers),
        TEST(test_dragging_draws_what_drawing_anew_does),
        TEST(test_markers_show),
        TEST(test_no_communes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
