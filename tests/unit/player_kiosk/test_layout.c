/* What must be touched is large enough and within reach (DESIGN.md, "Looks (kiosk)"). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_layout.h"

struct screen {
    int width, height, diagonal_mm, bottom_mm;
    bool reaches; /* the comfortable zone lies well within the picture */
};

static const struct screen screens[] = {
    {1080, 1920, 1092, 620, true},   {1920, 1080, 1092, 800, true}, {2160, 3840, 1397, 500, true},
    {1080, 1920, 800, 700, true},    {1280, 800, 540, 950, false},  {1080, 1920, 1092, 1900, false},
    {1920, 1080, 2200, 0, false},    {720, 1280, 250, 1000, false}, {320, 240, 200, 1000, false},
    {8192, 8192, 3000, -500, false},
};

static struct metrics metrics_of(const struct screen *screen)
{
    return metrics_make(screen->width, screen->height, screen->diagonal_mm, 600);
}

static double height_mm(const struct metrics *metrics, const struct screen *screen, int y)
{
    return screen->bottom_mm + (metrics->height_px - y) / metrics->px_per_mm;
}

static void check_inside(struct rect inner, struct rect outer, const char *name)
{
    if (inner.w <= 0 || inner.h <= 0 || inner.x < outer.x || inner.y < outer.y ||
        inner.x + inner.w > outer.x + outer.w || inner.y + inner.h > outer.y + outer.h)
        fail_msg("%s: %d,%d %dx%d is not in %d,%d %dx%d", name, inner.x, inner.y, inner.w, inner.h,
                 outer.x, outer.y, outer.w, outer.h);
}

static void check_target(const struct metrics *metrics, struct rect rect)
{
    double least = KIOSK_TARGET_MM * metrics->px_per_mm - 1;
    assert_true(rect.w >= least && rect.h >= least);
}

static void test_everything_stands_on_the_screen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
        struct metrics metrics = metrics_of(&screens[i]);
        for (int bits = 0; bits < 8; bits++) {
            struct kiosk_modes modes = {.low = bits & 1, .large = bits & 2, .contrast = bits & 4};
            struct kiosk_layout layout = kiosk_layout_make(&metrics, screens[i].bottom_mm, modes);
            check_inside(layout.work, layout.screen, "work");
            check_inside(layout.bar, layout.work, "bar");
            check_inside(layout.body, layout.work, "body");
            check_inside(layout.sheet, layout.work, "sheet");
            check_inside(layout.dialog, layout.work, "dialog");
            check_inside(layout.attract, layout.screen, "attract");
            for (int button = 0; button < KIOSK_BAR_BUTTONS; button++)
                check_inside(layout.buttons[button], layout.bar, "button");
            struct kiosk_aside aside = kiosk_layout_aside(&layout, layout.body, true);
            check_inside(aside.view, layout.body, "view");
            check_inside(aside.index, layout.body, "index");
            for (int letter = 0; letter < KIOSK_LETTERS; letter++)
                check_inside(kiosk_layout_letter(&layout, &aside, letter), aside.index, "letter");
            aside = kiosk_layout_aside(&layout, layout.body, false);
            check_inside(aside.page_down, layout.body, "page button");
            struct rect options[KIOSK_OPTIONS_MAX];
            for (int count = 1; count <= KIOSK_OPTIONS_MAX; count++) {
                struct rect panel = kiosk_layout_options(&layout, count, options);
                for (int option = 0; option < count; option++)
                    check_inside(options[option], panel, "option");
            }
        }
    }
}

static void test_controls_are_within_reach(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
        struct metrics metrics = metrics_of(&screens[i]);
        if (!screens[i].reaches)
            continue;
        struct kiosk_layout layout =
            kiosk_layout_make(&metrics, screens[i].bottom_mm, (struct kiosk_modes){0});
        int bottom = layout.buttons[0].y + layout.buttons[0].h;
        assert_true(height_mm(&metrics, &screens[i], bottom) >= 899);
        struct kiosk_aside aside = kiosk_layout_aside(&layout, layout.body, false);
        assert_true(height_mm(&metrics, &screens[i], aside.page_up.y) <= 1221);
        assert_true(height_mm(&metrics, &screens[i], layout.dialog_buttons[0].y) <= 1221);
    }
}

/* Low mode: whoever sits reaches all of it. */
static void test_low_mode_is_low(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
        struct metrics metrics = metrics_of(&screens[i]);
        if (!screens[i].reaches)
            continue;
        struct kiosk_layout layout =
            kiosk_layout_make(&metrics, screens[i].bottom_mm, (struct kiosk_modes){.low = true});
        assert_true(height_mm(&metrics, &screens[i], layout.work.y) <= 1221);
        assert_true(height_mm(&metrics, &screens[i], layout.buttons[0].y + layout.buttons[0].h) >=
                    400);
    }
}

static void test_targets_are_large_enough(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
        struct metrics metrics = metrics_of(&screens[i]);
        if (!screens[i].reaches)
            continue;
        for (int bits = 0; bits < 4; bits++) {
            struct kiosk_modes modes = {.low = bits & 1, .large = bits & 2};
            struct kiosk_layout layout = kiosk_layout_make(&metrics, screens[i].bottom_mm, modes);
            struct rect options[KIOSK_OPTIONS_MAX];
            struct kiosk_aside aside = kiosk_layout_aside(&layout, layout.body, true);
            (void)kiosk_layout_options(&layout, 7, options);
            for (int option = 0; option < 7; option++)
                check_target(&metrics, options[option]);
            for (int button = 0; button < KIOSK_BAR_BUTTONS; button++)
                check_target(&metrics, layout.buttons[button]);
            for (int letter = 0; letter < KIOSK_LETTERS; letter++)
                check_target(&metrics, kiosk_layout_letter(&layout, &aside, letter));
            check_target(&metrics, aside.page_up);
            aside = kiosk_layout_aside(&layout, layout.body, false);
            check_target(&metrics, aside.page_down);
            check_target(&metrics, layout.dialog_buttons[0]);
            check_target(&metrics, layout.attract_language);
            assert_true(layout.row_height >= KIOSK_TARGET_MM * metrics.px_per_mm);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_stands_on_the_screen),
        cmocka_unit_test(test_controls_are_within_reach),
        cmocka_unit_test(test_low_mode_is_low),
        cmocka_unit_test(test_targets_are_large_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
