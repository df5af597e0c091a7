#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "player/sync/plan.h"

/* Files a, b, c… by their letter, in the first byte of their hash. */
static struct sha256 hash_of(char letter)
{
    struct sha256 sum = {{(uint8_t)letter}};
    return sum;
}

struct programme {
    int64_t from_ms, until_ms, origin_ms;
    enum interval_class class;
    size_t track;
    const char *items; /* a file each, ten seconds each */
};

#define PROGRAMMES_MAX 4

static struct manifest *make(const char *files, const struct programme *programmes)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    manifest->files = arena_array(arena, 26, sizeof *manifest->files);
    for (size_t i = 0; files[i] != '\0'; i++) {
        manifest->files[manifest->file_count++] =
            (struct manifest_file){hash_of(files[i]), 100, "image/jpeg"};
    }
    manifest->slides = arena_array(arena, 26, sizeof *manifest->slides);
    manifest->slide_count = 26;
    for (size_t i = 0; i < 26; i++) {
        manifest->slides[i].template = i == 25 ? "special" : "portrait";
        manifest->slides[i].picture_count = 1;
        manifest->slides[i].pictures[0].file = hash_of((char)('a' + i));
    }
    manifest->templates = arena_array(arena, 1, sizeof *manifest->templates);
    manifest->templates[0] = (struct manifest_template){"special", hash_of('y')};
    manifest->template_count = 1;
    manifest_add_plain_layouts(manifest);
    manifest->layouts[0].zones[1] =
        (struct manifest_zone){.id = "logo", .kind = ZONE_LOGO, .file = hash_of('x')};
    manifest->layouts[0].zone_count = 2;
    manifest->loops = arena_array(arena, PROGRAMMES_MAX, sizeof *manifest->loops);
    manifest->intervals = arena_array(arena, PROGRAMMES_MAX, sizeof *manifest->intervals);
    manifest->tracks = arena_array(arena, 1, sizeof *manifest->tracks);
    manifest->tracks[0].intervals = arena_array(arena, PROGRAMMES_MAX, sizeof *manifest->intervals);
    manifest->track_count = 1;
    for (size_t i = 0; i < PROGRAMMES_MAX && programmes[i].items != NULL; i++) {
        const struct programme *from = &programmes[i];
        struct manifest_loop *loop = &manifest->loops[manifest->loop_count++];
        loop->item_count = strlen(from->items);
        loop->items = arena_array(arena, loop->item_count, sizeof *loop->items);
        for (size_t k = 0; k < loop->item_count; k++) {
            loop->items[k] = (struct manifest_item){(size_t)(from->items[k] - 'a'), 10000};
        }
        loop->length_ms = 10000 * (int64_t)loop->item_count;
        struct manifest_interval interval = {.from_ms = from->from_ms,
                                             .until_ms = from->until_ms,
                                             .origin_ms = from->origin_ms,
                                             .loop = i,
                                             .layout = from->track == 0 ? 0 : 1,
                                             .class = from->class};
        if (from->track == 0) {
            manifest->intervals[manifest->interval_count++] = interval;
        } else {
            manifest->tracks[0].intervals[manifest->tracks[0].interval_count++] = interval;
        }
    }
    return manifest;
}

static bool is_in(void *context, const struct manifest_file *file)
{
    return strchr(context, file->sha256.bytes[0]) != NULL;
}

static const struct {
    const char *name;
    const char *files; /* of the candidate; sorted, as in a manifest */
    struct programme programmes[PROGRAMMES_MAX];
    const char *current; /* files of the current one that may be missing; NULL: none may */
    const char *there;
    int64_t now_ms;
    const char *order;
    size_t urgent; /* so many of them are */
} cases[] = {
    {"by their turn", "abc", {{0, 100000, 0, INTERVAL_BASE, 0, "cab"}}, NULL, "", 0, "cab", 0},
    {"from now on: the one that plays, then the next, then round",
     "abc",
     {{0, 100000, 0, INTERVAL_BASE, 0, "abc"}},
     NULL,
     "",
     15000,
     "bca",
     0},
    {"what is there is not fetched",
     "abc",
     {{0, 100000, 0, INTERVAL_BASE, 0, "cab"}},
     NULL,
     "a",
     0,
     "cb",
     0},
    {"a later interval comes later, what is over not at all before the end",
     "abcd",
     {{0, 1000, 0, INTERVAL_BASE, 0, "a"},
      {50000, 60000, 50000, INTERVAL_BASE, 0, "b"},
      {5000, 50000, 5000, INTERVAL_CAMPAIGN, 0, "c"}},
     NULL,
     "",
     2000,
     "cbad",
     0},
    {"zones beside the main one count alike",
     "abcd",
     {{0, 100000, 0, INTERVAL_BASE, 0, "ab"}, {0, 100000, 0, INTERVAL_BASE, 1, "cd"}},
     NULL,
     "",
     0,
     "acbd",
     0},
    {"emergencies first, however far away, with logo and template",
     "abxyz",
     {{0, 100000, 0, INTERVAL_BASE, 1, "ab"}, {90000, 95000, 90000, INTERVAL_EMERGENCY, 0, "z"}},
     NULL,
     "",
     0,
     "xyzab",
     3},
    {"what the screen lacks now before what it will need",
     "abcd",
     {{0, 100000, 0, INTERVAL_BASE, 0, "ab"}, {0, 100000, 0, INTERVAL_EMERGENCY, 0, "d"}},
     "bq",
     "",
     0,
     "dbqac",
     1},
    {"nothing but repairs", NULL, {{0}}, "bq", "q", 0, "b", 0},
};

static void test_orders(void **state)
{
    static const struct programme none[PROGRAMMES_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct plan plan;
        char order[32] = "";
        size_t urgent = 0;
        struct manifest *candidate =
            cases[i].files != NULL ? make(cases[i].files, cases[i].programmes) : NULL;
        struct manifest *current = cases[i].current != NULL ? make(cases[i].current, none) : NULL;
        plan_make(&plan, candidate, current, cases[i].now_ms, is_in, (void *)cases[i].there);
        for (size_t k = 0; k < plan.count; k++) {
            order[k] = (char)plan.wishes[k].file.sha256.bytes[0];
            urgent += plan.wishes[k].urgent ? 1 : 0;
            bool again = cases[i].current != NULL && strchr(cases[i].current, order[k]) != NULL;
            assert_int_equal(plan.wishes[k].again, again);
        }
        if (strcmp(order, cases[i].order) != 0 || urgent != cases[i].urgent) {
            fail_msg("%s: %s, %zu urgent", cases[i].name, order, urgent);
        }
        plan_finish(&plan);
        manifest_destroy(candidate);
        manifest_destroy(current);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_orders)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
