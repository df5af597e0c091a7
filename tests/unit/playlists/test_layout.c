/* Layout documents: what is read, what is refused and where, and where zones stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>
#include <glob.h>

#include "core/files.h"
#include "playlists/layout.h"
#include "playlists/playlist.h"

#define LAYOUT(strip, zones)                                                                       \
    "{\"format\":1,\"id\":\"l\",\"title\":\"T\",\"strip\":\"" strip "\",\"zones\":[" zones "]}"
#define MAIN "{\"id\":\"main\",\"landscape\":[0,0,11,9],\"portrait\":[0,0,9,10]}"
#define SIDE(landscape) "{\"id\":\"side\",\"landscape\":" landscape "}"

static struct layout *decode(const char *json, struct error *err)
{
    return layout_decode(json, strlen(json), err);
}

static const struct {
    const char *json;
    const char *field;
} refused[] = {
    {"[]", ""},
    {"{\"format\":2}", "format"},
    {LAYOUT("left", MAIN), "strip"},
    {LAYOUT("none", ""), "zones"},
    {LAYOUT("none", "5"), "zones[0].id"},
    {LAYOUT("none", SIDE("[0,0,5,5]")), "zones[0].id"},
    {LAYOUT("none", MAIN "," MAIN), "zones[1].id"},
    {LAYOUT("none", "{\"id\":\"main\",\"landscape\":[0,0,16,9]}"), "zones[0].portrait"},
    {LAYOUT("none", "{\"id\":\"main\",\"kind\":\"logo\",\"file\":\"a.png\","
                    "\"landscape\":[0,0,16,9],\"portrait\":[0,0,9,16]}"),
     "zones[0].id"},
    {LAYOUT("none", MAIN ",{\"id\":\"news\",\"landscape\":[11,0,5,9]}"), "zones[1].id"},
    {LAYOUT("none", MAIN ",{\"id\":\"side\"}"), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[10,0,5,9]")), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[11,0,5.1,9]")), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[11,0,5,10]")), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[11,-1,5,9]")), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[11,0,0,9]")), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[11,0,5]")), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[11,0,5,\"9\"]")), "zones[1].landscape"},
    {LAYOUT("none", MAIN "," SIDE("[11,0,2,9]") "," SIDE("[13,0,2,9]")), "zones[2].id"},
    {LAYOUT("none", MAIN ",{\"id\":\"side\",\"fill\":\"blue\",\"landscape\":[11,0,5,9]}"),
     "zones[1].fill"},
    {LAYOUT("none", MAIN ",{\"id\":\"side\",\"kind\":\"film\",\"landscape\":[11,0,5,9]}"),
     "zones[1].kind"},
    {LAYOUT("none", MAIN ",{\"id\":\"l\",\"kind\":\"logo\",\"landscape\":[11,0,5,9]}"),
     "zones[1].file"},
    {LAYOUT("none", MAIN ",{\"id\":\"l\",\"file\":\"a.png\",\"landscape\":[11,0,5,9]}"),
     "zones[1].file"},
    {"{\"format\":1,\"id\":\"l\",\"title\":\"T\",\"strip\":\"none\",\"news\":true,\"zones\":[" MAIN
     "]}",
     "news"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct error err = {0};
        struct layout *layout = decode(refused[i].json, &err);
        if (layout != NULL || strcmp(err.field, refused[i].field) != 0) {
            fail_msg("%s: got \"%s\" (%s)", refused[i].json, err.field, err.en);
        }
    }
}

/* Those that come with the program are read, and written again as they were but for defaults. */
static void test_shipped(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob(VITRINE_SOURCE_DIR "/assets/layouts/*.json", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 5);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct error err = {0};
        char *json = NULL;
        size_t length = 0;
        assert_true(file_read(found.gl_pathv[i], LAYOUT_BYTES_MAX, &json, &length, &err));
        struct layout *layout = decode(json, &err);
        if (layout == NULL) {
            fail_msg("%s: %s: %s", found.gl_pathv[i], err.field, err.en);
            return;
        }
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        assert_memory_equal(layout->id, name, strlen(name) - strlen(".json"));
        struct strbuf first;
        struct strbuf second;
        strbuf_init(&first);
        strbuf_init(&second);
        layout_encode(layout, &first);
        struct layout *again = decode(first.bytes, &err);
        assert_non_null(again);
        layout_encode(again, &second);
        assert_string_equal(first.bytes, second.bytes);
        strbuf_finish(&first);
        strbuf_finish(&second);
        layout_destroy(again);
        layout_destroy(layout);
        free(json);
    }
    globfree(&found);
    layout_destroy(NULL);
}

/* Whatever somebody's editor does to a document, it is read or refused, with a message. */
static void test_damaged(void **state)
{
    (void)state;
    glob_t found;
    uint32_t chance = 1;
    assert_int_equal(glob(VITRINE_SOURCE_DIR "/assets/layouts/*.json", 0, NULL, &found), 0);
    assert_int_equal(glob(VITRINE_SOURCE_DIR "/playlists/demo/*.json", GLOB_APPEND, NULL, &found),
                     0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct error err = {0};
        char *json = NULL;
        size_t length = 0;
        assert_true(file_read(found.gl_pathv[i], PLAYLIST_BYTES_MAX, &json, &length, &err));
        for (int round = 0; round < 400; round++) {
            chance = chance * 1664525 + 1013904223;
            size_t at = (chance >> 8) % length;
            char kept = json[at];
            json[at] = "\"{}[],:0-9ae\\\n\xff"[chance % 15];
            bool layout = strstr(found.gl_pathv[i], "/layouts/") != NULL;
            struct layout *a = layout ? layout_decode(json, length, &err) : NULL;
            struct playlist *b = layout ? NULL : playlist_decode(json, length, &err);
            if (a == NULL && b == NULL) {
                assert_true(err.fr[0] != '\0' && err.en[0] != '\0');
            }
            layout_destroy(a);
            playlist_destroy(b);
            json[at] = kept;
        }
        free(json);
    }
    globfree(&found);
}

/* Zones that touch on the grid touch on the screen, whatever ninths become. */
static void test_places(void **state)
{
    (void)state;
    const struct layout_rect left = {0, 0, 5.3, 9};
    const struct layout_rect right = {5.3, 0, 3.7, 9};
    for (int way = 0; way < LAYOUT_WAYS; way++) {
        struct manifest_zone a = {0};
        struct manifest_zone b = {0};
        layout_place(&left, way, &a);
        layout_place(&right, way, &b);
        assert_int_equal(a.x + a.w, b.x);
        if (way == LAYOUT_PORTRAIT) {
            assert_int_equal(b.x + b.w, MANIFEST_WHOLE);
        } else {
            assert_int_equal(a.h, MANIFEST_WHOLE);
        }
    }
    struct error err = {0};
    struct layout *layout = decode(
        "{\"format\":1,\"id\":\"l\",\"title\":\"T\",\"strip\":\"top\",\"news\":true,\"zones\":"
        "[" MAIN ",{\"id\":\"l\",\"kind\":\"logo\",\"file\":\"a.png\",\"portrait\":[0,10,9,6]}]}",
        &err);
    assert_non_null(layout);
    assert_true(layout_has_loop(layout, "main") && layout_has_loop(layout, "news"));
    assert_false(layout_has_loop(layout, "l") || layout_has_loop(layout, "side"));
    assert_int_equal(layout->strip, STRIP_TOP);
    assert_true(layout->zones[1].at[LAYOUT_LANDSCAPE].w == 0);
    layout_destroy(layout);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
