#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "player/scene/scene.h"
#include "scene_fixture.h"

enum { OPEN = 1, CLOSE };

/* A list of rows of 50 px that scrolls in a window of 100 px, above a small button. */
struct sample {
    struct scene *scene;
    struct scene_node *list, *rows[5], *button;
};

static struct sample sample_create(void)
{
    struct sample sample = {.scene = scene_create(engine, 200, 200)};
    struct scene_node *root = scene_root(sample.scene);
    sample.list = scene_group(root, (struct rect){10, 20, 180, 100});
    sample.list->clip = true;
    for (int i = 0; i < 5; i++) {
        sample.rows[i] =
            scene_box(sample.list, (struct rect){0, 50 * i, 180, 50}, COLOR_RGB(0x101010), 0);
        sample.rows[i]->action = OPEN;
        sample.rows[i]->argument = i;
        sample.rows[i]->focus = 1;
    }
    sample.button = scene_box(root, (struct rect){90, 160, 20, 20}, COLOR_RGB(0xFF0000), 4);
    sample.button->action = CLOSE;
    sample.button->focus = 2;
    return sample;
}

static void test_hit(void **state)
{
    (void)state;
    struct sample sample = sample_create();
    static const struct {
        const char *what;
        int scroll, x, y, target;
        int action, argument; /* action 0: nothing */
    } cases[] = {
        {"first row", 0, 20, 30, 0, OPEN, 0},
        {"second row", 0, 20, 70, 0, OPEN, 1},
        {"last pixel of the window", 0, 20, 119, 0, OPEN, 1},
        {"below the window is no row", 0, 20, 121, 0, 0, 0},
        {"scrolled", 75, 20, 30, 0, OPEN, 1},
        {"scrolled to the end", 150, 20, 119, 0, OPEN, 4},
        {"beside the list", 0, 5, 30, 0, 0, 0},
        {"on the button", 0, 100, 170, 0, CLOSE, 0},
        {"just beside the button", 0, 80, 170, 0, 0, 0},
        {"just beside the button, with a finger", 0, 80, 170, 48, CLOSE, 0},
        {"too far for a finger", 0, 60, 170, 48, 0, 0},
        {"a finger does not reach rows that are clipped away", 0, 20, 130, 48, 0, 0},
        {"off the screen", 0, 300, 300, 48, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sample.list->scroll_y = cases[i].scroll;
        struct scene_node *node = scene_hit(sample.scene, cases[i].x, cases[i].y, cases[i].target);
        int action = node != NULL ? node->action : 0;
        if (action != cases[i].action || (node != NULL && node->argument != cases[i].argument)) {
            fail_msg("%s: action %d", cases[i].what, action);
        }
    }
    sample.list->hidden = true;
    assert_null(scene_hit(sample.scene, 20, 30, 0));
    scene_destroy(sample.scene);
}

/* What is drawn later lies on top and takes the touch. */
static void test_hit_overlap(void **state)
{
    (void)state;
    struct sample sample = sample_create();
    struct scene_node *dialog =
        scene_box(scene_root(sample.scene), (struct rect){0, 0, 200, 200}, COLOR_RGB(0xFFFFFF), 0);
    dialog->action = 7;
    struct scene_node *yes = scene_box(dialog, (struct rect){20, 20, 60, 60}, 0, 0);
    yes->action = 8;
    assert_ptr_equal(scene_hit(sample.scene, 30, 30, 0), yes);
    assert_ptr_equal(scene_hit(sample.scene, 100, 100, 0), dialog);
    scene_destroy(sample.scene);
}

static void test_focus(void **state)
{
    (void)state;
    struct sample sample = sample_create();
    struct scene_node *node = NULL;
    for (int i = 0; i < 5; i++) {
        node = scene_focus_step(sample.scene, node, true);
        assert_ptr_equal(node, sample.rows[i]);
    }
    node = scene_focus_step(sample.scene, node, true);
    assert_ptr_equal(node, sample.button);
    assert_ptr_equal(scene_focus_step(sample.scene, node, true), sample.rows[0]);
    assert_ptr_equal(scene_focus_step(sample.scene, NULL, false), sample.button);
    assert_ptr_equal(scene_focus_step(sample.scene, sample.rows[0], false), sample.button);
    sample.rows[1]->hidden = true;
    assert_ptr_equal(scene_focus_step(sample.scene, sample.rows[0], true), sample.rows[2]);
    sample.list->hidden = true;
    assert_ptr_equal(scene_focus_step(sample.scene, sample.button, true), sample.button);
    sample.button->focus = 0;
    assert_null(scene_focus_step(sample.scene, NULL, true));
    assert_null(scene_find(sample.scene, OPEN, 3)); /* hidden with its list */
    sample.list->hidden = false;
    assert_ptr_equal(scene_find(sample.scene, OPEN, 3), sample.rows[3]);
    assert_null(scene_find(sample.scene, OPEN, 9));
    scene_destroy(sample.scene);
}

static struct rect changed(const struct canvas *a, const struct canvas *b)
{
    struct rect area = {0};
    for (int y = 0; y < a->height; y++) {
        for (int x = 0; x < a->width; x++) {
            if (a->pixels[y * a->stride + x] != b->pixels[y * b->stride + x]) {
                area = rect_union(area, (struct rect){x, y, 1, 1});
            }
        }
    }
    return area;
}

static struct canvas *drawn(const struct scene *scene)
{
    struct canvas *canvas = canvas_create(200, 200);
    scene_draw(scene, canvas, NULL);
    return canvas;
}

static bool holds(struct rect outer, struct rect inner)
{
    struct rect both = rect_intersect(outer, inner);
    return rect_empty(inner) || (both.w == inner.w && both.h == inner.h);
}

/* Whatever state a node takes, nothing changes outside of its dirty rectangle. */
static void test_dirty(void **state)
{
    (void)state;
    struct sample sample = sample_create();
    struct scene_node *nodes[] = {sample.rows[0], sample.rows[1], sample.button};
    sample.button->shadow = 0x80FFFFFFu;
    sample.button->shadow_blur = 6;
    sample.list->scroll_y = 30;
    for (size_t i = 0; i < sizeof nodes / sizeof nodes[0]; i++) {
        struct canvas *calm = drawn(sample.scene);
        for (int look = 0; look < 3; look++) {
            nodes[i]->focused = look == 0;
            nodes[i]->pressed = look == 1;
            nodes[i]->hidden = look == 2;
            struct canvas *now = drawn(sample.scene);
            struct rect area = changed(calm, now);
            assert_false(rect_empty(area));
            assert_true(holds(scene_node_dirty(nodes[i]), area));
            canvas_destroy(now);
        }
        nodes[i]->hidden = false;
        canvas_destroy(calm);
    }
    struct rect row = scene_node_rect(sample.rows[0]);
    assert_int_equal(row.y, 20 - 30);
    assert_int_equal(scene_node_dirty(sample.rows[0]).y, 20);
    scene_destroy(sample.scene);
}

/* Drawing a part gives the same pixels there and leaves the rest alone. */
static void test_partial_draw(void **state)
{
    (void)state;
    struct sample sample = sample_create();
    struct text_style style = {.weight = TEXT_SEMIBOLD, .cap_height = 14};
    scene_text(sample.rows[1], (struct rect){8, 10, 160, 0}, "Élan œuvre", &style, 14,
               COLOR_RGB(0xFFFFFF));
    struct canvas *whole = drawn(sample.scene), *part = canvas_create(200, 200);
    struct rect clip = {30, 75, 60, 20};
    scene_draw(sample.scene, part, &clip);
    for (int y = 0; y < 200; y++) {
        for (int x = 0; x < 200; x++) {
            uint32_t expected =
                rect_contains(clip, x, y) ? whole->pixels[y * whole->stride + x] : 0xFF000000u;
            assert_int_equal(part->pixels[y * part->stride + x], expected);
        }
    }
    assert_int_equal(part->clip.w, 200);
    canvas_destroy(whole);
    canvas_destroy(part);
    scene_destroy(sample.scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hit),          cmocka_unit_test(test_hit_overlap),
        cmocka_unit_test(test_focus),        cmocka_unit_test(test_dirty),
        cmocka_unit_test(test_partial_draw),
    };
    return cmocka_run_group_tests(tests, start_engine, stop_engine);
}
