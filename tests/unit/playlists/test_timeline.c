/* What shows at an instant: the table tests/cases/timeline.test, and a walk from change to change.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/files.h"
#include "playlists/timeline.h"

static struct manifest *load(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/cases/timeline/%s.json", TESTS_DIR, name);
    struct error err = {0};
    char text[1024];
    char *bytes = NULL;
    size_t length = 0;
    if (!file_read(path, 1 << 20, &bytes, &length, &err)) {
        fail_msg("%s", error_text(&err, LANG_EN, text, sizeof text));
    }
    struct manifest *manifest = manifest_decode(bytes, length, &err);
    if (manifest == NULL) {
        fail_msg("%s: %s", name, error_text(&err, LANG_EN, text, sizeof text));
    }
    free(bytes);
    return manifest;
}

static int64_t instant(const char *word)
{
    if (strcmp(word, "min") == 0) {
        return INT64_MIN;
    }
    return strcmp(word, "max") == 0 || strcmp(word, "never") == 0 ? INT64_MAX
                                                                  : strtoll(word, NULL, 10);
}

static void check_line(int number, char *const words[7])
{
    struct manifest *manifest = load(words[0]);
    int64_t at = instant(words[1]);
    struct timeline now = timeline_at(manifest, at);
    bool nothing = strcmp(words[2], "nothing") == 0;
    const char *slide = now.slide == NULL ? "-" : now.slide->id;
    bool ok = (now.kind == TIMELINE_NOTHING) == nothing && strcmp(slide, words[3]) == 0 &&
              now.offset_ms == instant(words[4]) && now.next_change_ms == instant(words[5]) &&
              now.expired == (strcmp(words[6], "expired") == 0);
    if (ok && !nothing) {
        ok = now.item == (size_t)instant(words[2]) && now.item_from_ms == at - now.offset_ms;
    }
    if (!ok) {
        fail_msg(
            "timeline.test, line %d: kind %d item %zu slide %s offset %lld next %lld expired %d",
            number, (int)now.kind, now.item, slide, (long long)now.offset_ms,
            (long long)now.next_change_ms, now.expired);
    }
    manifest_destroy(manifest);
}

static void test_table(void **state)
{
    (void)state;
    FILE *file = fopen(TESTS_DIR "/cases/timeline.test", "r");
    assert_non_null(file);
    char line[256];
    int number = 0;
    int cases = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        char *words[7];
        size_t count = 0;
        char *rest = line;
        for (char *word = strtok_r(line, " \n", &rest); word != NULL && count < 7;
             word = strtok_r(NULL, " \n", &rest)) {
            words[count++] = word;
        }
        if (count == 0 || words[0][0] == '#') {
            continue;
        }
        if (count != 7) {
            fail_msg("timeline.test, line %d: seven words expected", number);
        }
        check_line(number, words);
        cases++;
    }
    fclose(file);
    assert_true(cases > 40);
}

/* A zone's own track, and how far a film is. */
static void test_tracks(void **state)
{
    (void)state;
    struct manifest *manifest = load("emergency");
    struct timeline now = timeline_track_at(manifest, 1, 12000);
    assert_string_equal(now.slide->id, "b");
    assert_true(now.offset_ms == 2000 && now.next_change_ms == 30000 && now.track == 1);
    struct timeline next = timeline_next(manifest, &now);
    assert_true(next.kind == TIMELINE_NOTHING && next.track == 1);

    const struct manifest_loop loop = {.transition_ms = 500};
    const struct slide film = {.video = {.length_ms = 4000}};
    static const struct {
        int64_t offset_ms;
        bool again;
        int64_t video_ms;
    } cases[] = {{0, false, 0}, {500, false, 0},    {1700, false, 1200}, {99000, false, 4000},
                 {0, true, 0},  {1700, true, 1700}, {4001, true, 4000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(timeline_video_ms(&loop, &film, cases[i].offset_ms, cases[i].again),
                         cases[i].video_ms);
    }
    manifest_destroy(manifest);
}

/* Every millisecond from one change to the next shows the same thing, and the change is one. */
static void test_changes_are_changes(void **state)
{
    (void)state;
    static const char *const names[] = {"day", "over", "later", "cut-by-expiry"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct manifest *manifest = load(names[i]);
        struct timeline now = timeline_at(manifest, 0);
        for (int64_t at = 0; at < 420000; at += 1) {
            struct timeline then = timeline_at(manifest, at);
            assert_true(then.next_change_ms > at);
            if (at < now.next_change_ms) {
                assert_int_equal(then.kind, now.kind);
                assert_ptr_equal(then.slide, now.slide);
                assert_true(then.next_change_ms == now.next_change_ms);
            } else {
                struct timeline next = timeline_next(manifest, &now);
                assert_ptr_equal(next.slide, then.slide);
                assert_true(next.next_change_ms == then.next_change_ms);
                assert_true(then.slide != now.slide || then.interval != now.interval);
                now = then;
            }
        }
        manifest_destroy(manifest);
    }
}

static void test_next_of_never(void **state)
{
    (void)state;
    struct manifest *manifest = load("over-one");
    struct timeline now = timeline_at(manifest, 30000);
    assert_true(now.next_change_ms == INT64_MAX);
    struct timeline next = timeline_next(manifest, &now);
    assert_ptr_equal(next.slide, now.slide);
    assert_true(next.item_from_ms == now.item_from_ms);
    manifest_destroy(manifest);
}

/* Two screens whose manifests differ in version only are in step: the place in the loop comes from
 * origin and clock. */
static void test_versions_keep_step(void **state)
{
    (void)state;
    struct manifest *old = load("day");
    struct manifest *new = load("day");
    new->version++;
    new->intervals[0].from_ms = 123456; /* published in the middle of the interval */
    for (int64_t at = 123456; at < 200000; at += 777) {
        struct timeline a = timeline_at(old, at);
        struct timeline b = timeline_at(new, at);
        assert_string_equal(a.slide->id, b.slide->id);
        assert_true(a.offset_ms == b.offset_ms && a.next_change_ms == b.next_change_ms);
    }
    manifest_destroy(old);
    manifest_destroy(new);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_tracks),
        cmocka_unit_test(test_changes_are_changes),
        cmocka_unit_test(test_next_of_never),
        cmocka_unit_test(test_versions_keep_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
