/* What plays when an emergency was ended by a manifest that is not complete yet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "player/stage/calm.h"
#include "playlists/timeline.h"

struct plan {
    int64_t from_ms, until_ms;
    enum interval_class class;
};

static struct edition *make(const struct plan *plans, size_t count)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    struct error err;
    manifest->epoch = manifest->version = 1;
    manifest->valid_until_ms = 1000000000;
    manifest->screen = (struct manifest_screen){.id = "quai",
                                                .name = "Quai",
                                                .site = "",
                                                .site_id = "",
                                                .width_px = 640,
                                                .height_px = 360,
                                                .diagonal_mm = 1400,
                                                .viewing_distance_mm = 3000,
                                                .time_zone = "Europe/Paris",
                                                .language_count = 1,
                                                .languages = {"fr"}};
    manifest->offset_count = 1;
    manifest->offsets = arena_array(arena, 1, sizeof *manifest->offsets);
    manifest->slide_count = count;
    manifest->slides = arena_array(arena, count, sizeof *manifest->slides);
    manifest->loop_count = count;
    manifest->loops = arena_array(arena, count, sizeof *manifest->loops);
    manifest->interval_count = count;
    manifest->intervals = arena_array(arena, count, sizeof *manifest->intervals);
    for (size_t i = 0; i < count; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        struct slide *slide = &manifest->slides[i];
        *slide = (struct slide){.id = arena_strdup(arena, id),
                                .template = "announcement",
                                .subject = "",
                                .organisation = "",
                                .title = "",
                                .lang = "fr",
                                .link = "",
                                .duration_ms = 10000,
                                .text_count = 1};
        slide->texts[0] = (struct slide_text){"title", "Bonjour"};
        struct manifest_item *item = arena_alloc(arena, sizeof *item);
        *item = (struct manifest_item){i, 10000};
        manifest->loops[i] = (struct manifest_loop){
            .playlist = "essai", .transition_ms = 500, .item_count = 1, .items = item};
        manifest->intervals[i] = (struct manifest_interval){.from_ms = plans[i].from_ms,
                                                            .until_ms = plans[i].until_ms,
                                                            .origin_ms = plans[i].from_ms,
                                                            .loop = i,
                                                            .class = plans[i].class,
                                                            .rule = "essai"};
    }
    manifest_add_plain_layouts(manifest);
    if (!manifest_check(manifest, &err)) {
        fail_msg("%s: %s", err.field, err.en);
    }
    return edition_create(manifest);
}

static const char *shows(const struct edition *edition, int64_t at_ms)
{
    struct timeline timeline = timeline_at(edition->manifest, at_ms);
    return timeline.kind == TIMELINE_ITEM ? timeline.slide->id : "";
}

static void test_what_went_before_goes_on(void **context)
{
    static const struct plan plans[] = {{0, 10000, INTERVAL_BASE},
                                        {10000, 20000, INTERVAL_EMERGENCY},
                                        {20000, 30000, INTERVAL_EMERGENCY},
                                        {30000, 40000, INTERVAL_CAMPAIGN}};
    (void)context;
    struct edition *edition = make(plans, 4);
    struct edition *calm = calm_edition(edition);
    assert_non_null(calm);
    assert_string_equal(shows(edition, 15000), "b");
    assert_string_equal(shows(calm, 15000), "a");
    assert_string_equal(shows(calm, 25000), "a");
    assert_string_equal(shows(calm, 30000), "d");
    edition_release(edition);
    assert_string_equal(shows(calm, 5000), "a"); /* it needs nothing of the other */
    edition_release(calm);
}

/* Where nothing went before nothing is planned. */
static void test_nothing_went_before(void **context)
{
    static const struct plan plans[] = {{10000, 20000, INTERVAL_EMERGENCY},
                                        {30000, 40000, INTERVAL_BASE}};
    (void)context;
    struct edition *edition = make(plans, 2);
    struct edition *calm = calm_edition(edition);
    assert_string_equal(shows(calm, 15000), "");
    assert_string_equal(shows(calm, 30000), "b");
    edition_release(calm);
    edition_release(edition);
}

static void test_no_emergency(void **context)
{
    static const struct plan plans[] = {{0, 10000, INTERVAL_TAKEOVER}};
    (void)context;
    struct edition *edition = make(plans, 1);
    assert_null(calm_edition(edition));
    edition_release(edition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_went_before_goes_on),
        cmocka_unit_test(test_nothing_went_before),
        cmocka_unit_test(test_no_emergency),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
