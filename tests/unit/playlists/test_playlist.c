/* Playlist documents: what is read, what is refused and where, and that the codec and
 * playlists/playlist.schema.json draw the same bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glob.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "core/files.h"
#include "playlists/playlist.h"

#define DOCUMENT(entries)                                                                          \
    "{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"strip\":false,\"entries\":[" entries "]}"

static struct playlist *decode(const char *json, struct error *err)
{
    return playlist_decode(json, strlen(json), err);
}

static void test_read(void **state)
{
    (void)state;
    struct error err = {0};
    struct playlist *playlist = decode(
        DOCUMENT("{\"slide\":{\"template\":\"portrait\",\"portrait\":\"a-1\"},\"duration_s\":12},"
                 "{\"slide\":{\"template\":\"event\",\"event\":\"x y@z\"}},"
                 "{\"slide\":{\"template\":\"highlight\",\"organisation\":\"É-1\"}},"
                 "{\"slide\":{\"template\":\"announcement\",\"announcement\":\"b\"}},"
                 "{\"source\":\"portraits\",\"sector\":\"textile\",\"count\":50,\"weight\":10},"
                 "{\"source\":\"events\",\"days\":366,\"communes\":[\"Rouen\",\"Elbeuf\"]},"
                 "{\"source\":\"highlights\",\"site\":\"creapolis\",\"duration_s\":120}"),
        &err);
    assert_non_null(playlist);
    assert_string_equal(playlist->id, "p");
    assert_int_equal(playlist->entry_count, 7);
    const struct playlist_entry *e = playlist->entries;
    static const enum playlist_entry_kind kinds[] = {
        ENTRY_PORTRAIT,         ENTRY_EVENT,         ENTRY_HIGHLIGHT,        ENTRY_ANNOUNCEMENT,
        ENTRY_SOURCE_PORTRAITS, ENTRY_SOURCE_EVENTS, ENTRY_SOURCE_HIGHLIGHTS};
    static const char *const subjects[] = {"a-1", "x y@z", "É-1", "b", "", "", ""};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(e[i].kind, kinds[i]);
        assert_string_equal(e[i].subject, subjects[i]);
        assert_non_null(e[i].sector);
        assert_non_null(e[i].site);
    }
    assert_true(e[0].duration_ms == 12000 && e[1].duration_ms == 0 && e[6].duration_ms == 120000);
    assert_string_equal(e[4].sector, "textile");
    assert_true(e[4].count == 50 && e[4].weight == 10 && e[5].weight == 1 && e[5].count == 0);
    assert_true(e[5].days == 366 && e[5].commune_count == 2);
    assert_string_equal(e[5].communes[1], "Elbeuf");
    assert_string_equal(e[6].site, "creapolis");
    playlist_destroy(playlist);
    playlist_destroy(NULL);
}

static const struct {
    const char *json;
    const char *field;
} refused[] = {
    {"[]", ""},
    {"{}", "format"},
    {"{\"format\":2,\"id\":\"p\",\"title\":\"T\",\"strip\":false,\"entries\":[]}", "format"},
    {"{\"format\":1,\"id\":\"P\",\"title\":\"T\",\"strip\":false,\"entries\":[]}", "id"},
    {"{\"format\":1,\"id\":\"a--b\",\"title\":\"T\",\"strip\":false,\"entries\":[]}", "id"},
    {"{\"format\":1,\"id\":\"-a\",\"title\":\"T\",\"strip\":false,\"entries\":[]}", "id"},
    {"{\"format\":1,\"id\":\"a-\",\"title\":\"T\",\"strip\":false,\"entries\":[]}", "id"},
    {"{\"format\":1,\"id\":\"\",\"title\":\"T\",\"strip\":false,\"entries\":[]}", "id"},
    {"{\"format\":1,\"id\":\"p\",\"title\":\"\",\"strip\":false,\"entries\":[]}", "title"},
    {"{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"entries\":[]}", "strip"},
    {"{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"strip\":false}", "entries"},
    {"{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"strip\":0,\"entries\":[],\"x\":1}", "x"},
    {DOCUMENT(""), "entries"},
    {DOCUMENT("{}"), "entries[0]"},
    {DOCUMENT("5"), "entries[0]"},
    {DOCUMENT("{\"source\":\"portraits\"},{\"source\":\"films\"}"), "entries[1].source"},
    {DOCUMENT("{\"source\":\"portraits\",\"slide\":{}}"), "entries[0]"},
    {DOCUMENT("{\"slide\":5}"), "entries[0].slide"},
    {DOCUMENT("{\"slide\":null}"), "entries[0].slide"},
    {DOCUMENT("{\"slide\":{}}"), "entries[0].slide.template"},
    {DOCUMENT("{\"slide\":{\"template\":\"story\"}}"), "entries[0].slide.texts"},
    {DOCUMENT("{\"slide\":{\"template\":\"portrait\"}}"), "entries[0].slide.portrait"},
    {DOCUMENT("{\"slide\":{\"template\":\"portrait\",\"event\":\"x\"}}"), "entries[0].slide.event"},
    {DOCUMENT("{\"slide\":{\"template\":\"portrait\",\"portrait\":\"A b\"}}"),
     "entries[0].slide.portrait"},
    {DOCUMENT("{\"slide\":{\"template\":\"event\",\"event\":\"\"}}"), "entries[0].slide.event"},
    {DOCUMENT("{\"slide\":{\"template\":\"event\",\"event\":\"x\"},\"weight\":2}"),
     "entries[0].weight"},
    {DOCUMENT("{\"slide\":{\"template\":\"event\",\"event\":\"x\"},\"duration_s\":\"9\"}"),
     "entries[0].duration_s"},
    {DOCUMENT("{\"slide\":{\"template\":\"Quote\",\"texts\":{}}}"), "entries[0].slide.template"},
    {DOCUMENT("{\"slide\":{\"template\":\"quote\",\"texts\":{\"A\":\"b\"}}}"),
     "entries[0].slide.texts.A"},
    {DOCUMENT("{\"slide\":{\"template\":\"quote\",\"texts\":{\"a\":5}}}"),
     "entries[0].slide.texts.a"},
    {DOCUMENT("{\"slide\":{\"template\":\"quote\",\"texts\":{},\"lang\":\"de\"}}"),
     "entries[0].slide.lang"},
    {DOCUMENT("{\"slide\":{\"template\":\"quote\",\"texts\":{},\"picture\":{}}}"),
     "entries[0].slide.picture.file"},
    {DOCUMENT("{\"slide\":{\"template\":\"quote\",\"texts\":{},"
              "\"picture\":{\"file\":\"../a.png\"}}}"),
     "entries[0].slide.picture.file"},
    {DOCUMENT("{\"slide\":{\"template\":\"quote\",\"texts\":{},"
              "\"picture\":{\"file\":\"a.png\",\"focal_x\":2}}}"),
     "entries[0].slide.picture.focal_x"},
    {DOCUMENT("{\"film\":{}}"), "entries[0].film.file"},
    {DOCUMENT("{\"film\":{\"file\":\"/etc/passwd\"}}"), "entries[0].film.file"},
    {DOCUMENT("{\"film\":{\"file_sha256\":\"12\"}}"), "entries[0].film.file_sha256"},
    {DOCUMENT("{\"film\":{\"file\":\"a.mp4\",\"length_ms\":600001}}"), "entries[0].film.length_ms"},
    {DOCUMENT("{\"film\":{\"file\":\"a.mp4\"},\"duration_s\":9}"), "entries[0].duration_s"},
    {DOCUMENT("{\"source\":\"agenda\",\"days\":7,\"count\":7}"), "entries[0].count"},
    {DOCUMENT("{\"source\":\"agenda\",\"days\":7,\"weight\":2}"), "entries[0].weight"},
    {DOCUMENT("{\"source\":\"now_here\"}"), "entries[0].site"},
    {DOCUMENT("{\"source\":\"news\"}"), "entries[0].days"},
    {DOCUMENT("{\"source\":\"figure\"}"), "entries[0].meaning"},
    {"{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"strip\":false,\"transition\":\"blur\","
     "\"entries\":[]}",
     "transition"},
    {"{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"strip\":false,\"transition_ms\":2001,"
     "\"entries\":[]}",
     "transition_ms"},
    {DOCUMENT("{\"source\":\"events\"}"), "entries[0].days"},
    {DOCUMENT("{\"source\":\"events\",\"days\":0}"), "entries[0].days"},
    {DOCUMENT("{\"source\":\"events\",\"days\":1,\"sector\":\"x\"}"), "entries[0].sector"},
    {DOCUMENT("{\"source\":\"portraits\",\"days\":3}"), "entries[0].days"},
    {DOCUMENT("{\"source\":\"portraits\",\"site\":\"x\"}"), "entries[0].site"},
    {DOCUMENT("{\"source\":\"portraits\",\"count\":0}"), "entries[0].count"},
    {DOCUMENT("{\"source\":\"portraits\",\"count\":null}"), "entries[0].count"},
    {DOCUMENT("{\"source\":\"portraits\",\"weight\":1.5}"), "entries[0].weight"},
    {DOCUMENT("{\"source\":\"portraits\",\"duration_s\":2}"), "entries[0].duration_s"},
    {DOCUMENT("{\"source\":\"highlights\",\"communes\":[]}"), "entries[0].communes"},
    {DOCUMENT("{\"source\":\"highlights\",\"communes\":[\"Rouen\",\"Rouen\"]}"),
     "entries[0].communes[1]"},
    {DOCUMENT("{\"source\":\"highlights\",\"communes\":[7]}"), "entries[0].communes[0]"},
    {DOCUMENT("{\"source\":\"highlights\",\"communes\":\"Rouen\"}"), "entries[0].communes"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct error err = {0};
        struct playlist *playlist = decode(refused[i].json, &err);
        if (playlist != NULL || strcmp(err.field, refused[i].field) != 0) {
            fail_msg("%s: got \"%s\" (%s)", refused[i].json, err.field, err.en);
        }
    }
}

/* What the store keeps is what was written: every member comes back. */
static void test_written_again(void **state)
{
    (void)state;
    static const char document[] =
        "{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"strip\":true,\"transition\":\"wipe\","
        "\"transition_ms\":800,\"entries\":["
        "{\"slide\":{\"template\":\"quote\",\"texts\":{\"quote\":\"Oui\",\"author\":\"Awa\"},"
        "\"lang\":\"en\",\"link\":\"https://a.example\",\"organisation\":\"o-1\",\"picture\":{"
        "\"file\":\"photos/awa.jpg\",\"alt\":\"Awa\",\"credit\":\"© B\",\"focal_x\":0.25}},"
        "\"duration_s\":9},"
        "{\"slide\":{\"template\":\"portrait\",\"texts\":{\"company\":\"C\"}}},"
        "{\"film\":{\"file\":\"a.mp4\",\"captions\":\"a.vtt\",\"title\":\"Film\"}},"
        "{\"film\":{\"file_sha256\":"
        "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\","
        "\"length_ms\":12345}},"
        "{\"source\":\"agenda\",\"days\":14,\"communes\":[\"Rouen\"],\"count\":4,"
        "\"title\":\"Demain\"},"
        "{\"source\":\"now_here\",\"site\":\"creapolis\",\"count\":5,\"weight\":3},"
        "{\"source\":\"news\",\"days\":7,\"announcements\":false,\"count\":6},"
        "{\"source\":\"figure\",\"sector\":\"textile\",\"meaning\":\"ateliers\",\"unit\":\"u\","
        "\"origin\":\"Annuaire\"}]}";
    struct error err = {0};
    struct playlist *playlist = decode(document, &err);
    if (playlist == NULL) {
        fail_msg("%s: %s", err.field, err.en);
        return;
    }
    assert_int_equal(playlist->transition, TRANSITION_WIPE);
    assert_int_equal(playlist->transition_ms, 800);
    assert_int_equal(playlist->entries[0].kind, ENTRY_WRITTEN);
    assert_string_equal(playlist->entries[0].slide->texts[1].text, "Awa");
    assert_int_equal(playlist->entries[1].kind, ENTRY_WRITTEN);
    assert_int_equal(playlist->entries[2].kind, ENTRY_FILM);
    assert_string_equal(playlist->entries[2].film->captions.path, "a.vtt");
    assert_int_equal(playlist->entries[3].film->length_ms, 12345);
    struct strbuf out;
    strbuf_init(&out);
    playlist_encode(playlist, &out);
    cJSON *said = cJSON_Parse(document);
    cJSON *written = cJSON_Parse(out.bytes);
    assert_true(cJSON_Compare(said, written, true));
    cJSON_Delete(said);
    cJSON_Delete(written);
    strbuf_finish(&out);
    playlist_destroy(playlist);
}

static char *read_text(const char *path)
{
    struct error err = {0};
    char *bytes = NULL;
    size_t length;
    if (!file_read(path, 1 << 20, &bytes, &length, &err)) {
        fail_msg("%s", path);
    }
    return bytes;
}

static void test_demo_documents(void **state)
{
    (void)state;
    glob_t found;
    assert_int_equal(glob(VITRINE_SOURCE_DIR "/playlists/demo/*.json", 0, NULL, &found), 0);
    assert_true(found.gl_pathc > 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct error err = {0};
        char *json = read_text(found.gl_pathv[i]);
        struct playlist *playlist = decode(json, &err);
        if (playlist == NULL) {
            fail_msg("%s: %s: %s", found.gl_pathv[i], err.field, err.en);
            return;
        }
        /* Written as staff wrote it, but for spaces. */
        struct strbuf out;
        strbuf_init(&out);
        playlist_encode(playlist, &out);
        cJSON *said = cJSON_Parse(json);
        cJSON *written = cJSON_Parse(out.bytes);
        assert_true(cJSON_Compare(said, written, true));
        const char *name = strrchr(found.gl_pathv[i], '/') + 1;
        assert_memory_equal(playlist->id, name, strlen(name) - strlen(".json"));
        cJSON_Delete(said);
        cJSON_Delete(written);
        strbuf_finish(&out);
        playlist_destroy(playlist);
        free(json);
    }
    globfree(&found);
}

/* A number of the schema, by its path, and a document that has %s where it bounds something. `unit`
 * is what is repeated so many times, NULL when the number itself is put. */
static const struct {
    const char *path;
    const char *document;
    const char *unit;
    const char *last; /* in place of the last unit, so that no comma is left over */
} bounds[] = {
    {"properties/id/maxLength",
     "{\"format\":1,\"id\":\"%s\",\"title\":\"T\",\"strip\":true,\"entries\":["
     "{\"source\":\"portraits\"}]}",
     "a", "a"},
    {"properties/title/maxLength",
     "{\"format\":1,\"id\":\"p\",\"title\":\"%s\",\"strip\":true,\"entries\":["
     "{\"source\":\"portraits\"}]}",
     "é", "🎉"},
    {"properties/entries/maxItems", DOCUMENT("%s"), "{\"source\":\"portraits\"},",
     "{\"source\":\"highlights\"}"},
    {"$defs/diapo_portrait/properties/portrait/maxLength",
     DOCUMENT("{\"slide\":{\"template\":\"portrait\",\"portrait\":\"%s\"}}"), "a", "a"},
    {"$defs/diapo_annonce/properties/announcement/maxLength",
     DOCUMENT("{\"slide\":{\"template\":\"announcement\",\"announcement\":\"%s\"}}"), "a", "a"},
    {"$defs/diapo_evenement/properties/event/maxLength",
     DOCUMENT("{\"slide\":{\"template\":\"event\",\"event\":\"%s\"}}"), "é", "é"},
    {"$defs/diapo_structure/properties/organisation/maxLength",
     DOCUMENT("{\"slide\":{\"template\":\"highlight\",\"organisation\":\"%s\"}}"), "é", "é"},
    {"$defs/secteur/maxLength", DOCUMENT("{\"source\":\"portraits\",\"sector\":\"%s\"}"), "a", "a"},
    {"$defs/source_structures/properties/site/maxLength",
     DOCUMENT("{\"source\":\"highlights\",\"site\":\"%s\"}"), "a", "a"},
    {"$defs/communes/items/maxLength",
     DOCUMENT("{\"source\":\"highlights\",\"communes\":[\"%s\"]}"), "é", "é"},
    {"$defs/source_evenements/properties/days/maximum",
     DOCUMENT("{\"source\":\"events\",\"days\":%s}"), NULL, NULL},
    {"$defs/source_evenements/properties/days/minimum",
     DOCUMENT("{\"source\":\"events\",\"days\":%s}"), NULL, NULL},
    {"properties/transition_ms/maximum",
     "{\"format\":1,\"id\":\"p\",\"title\":\"T\",\"strip\":true,\"transition_ms\":%s,"
     "\"entries\":[{\"source\":\"portraits\"}]}",
     NULL, NULL},
    {"$defs/lignes/maximum", DOCUMENT("{\"source\":\"agenda\",\"days\":1,\"count\":%s}"), NULL,
     NULL},
    {"$defs/court/maxLength", DOCUMENT("{\"source\":\"agenda\",\"days\":1,\"title\":\"%s\"}"), "é",
     "é"},
    {"$defs/source_chiffre/properties/meaning/maxLength",
     DOCUMENT("{\"source\":\"figure\",\"meaning\":\"%s\"}"), "é", "é"},
    {"$defs/fichier/maxLength", DOCUMENT("{\"film\":{\"file\":\"%s\"}}"), "é", "é"},
    {"$defs/diapo_libre/properties/link/maxLength",
     DOCUMENT("{\"slide\":{\"template\":\"quote\",\"texts\":{},\"link\":\"%s\"}}"), "a", "a"},
    {"$defs/nombre/maximum", DOCUMENT("{\"source\":\"portraits\",\"count\":%s}"), NULL, NULL},
    {"$defs/nombre/minimum", DOCUMENT("{\"source\":\"portraits\",\"count\":%s}"), NULL, NULL},
    {"$defs/poids/maximum", DOCUMENT("{\"source\":\"portraits\",\"weight\":%s}"), NULL, NULL},
    {"$defs/poids/minimum", DOCUMENT("{\"source\":\"portraits\",\"weight\":%s}"), NULL, NULL},
    {"$defs/duree/maximum", DOCUMENT("{\"source\":\"portraits\",\"duration_s\":%s}"), NULL, NULL},
    {"$defs/duree/minimum", DOCUMENT("{\"source\":\"portraits\",\"duration_s\":%s}"), NULL, NULL},
};

static int schema_number(const cJSON *schema, const char *path)
{
    char name[64];
    const cJSON *at = schema;
    const char *cursor = path;
    while (*cursor != '\0' && at != NULL) {
        size_t length = strcspn(cursor, "/");
        snprintf(name, sizeof name, "%.*s", (int)length, cursor);
        at = cJSON_GetObjectItemCaseSensitive(at, name);
        cursor += length + (cursor[length] == '/');
    }
    if (!cJSON_IsNumber(at)) {
        fail_msg("the schema has no %s", path);
        return 0;
    }
    return at->valueint;
}

static bool accepted(size_t index, int number)
{
    struct strbuf value;
    struct strbuf json;
    struct error err = {0};
    strbuf_init(&value);
    strbuf_init(&json);
    if (bounds[index].unit == NULL) {
        strbuf_printf(&value, "%d", number);
    } else {
        for (int i = 1; i < number; i++) {
            strbuf_append(&value, bounds[index].unit);
        }
        strbuf_append(&value, bounds[index].last);
    }
    const char *hole = strstr(bounds[index].document, "%s");
    strbuf_append_bytes(&json, bounds[index].document, (size_t)(hole - bounds[index].document));
    strbuf_append(&json, value.bytes);
    strbuf_append(&json, hole + 2);
    struct playlist *playlist = decode(json.bytes, &err);
    bool ok = playlist != NULL;
    playlist_destroy(playlist);
    strbuf_finish(&value);
    strbuf_finish(&json);
    return ok;
}

static void test_bounds_of_the_schema(void **state)
{
    (void)state;
    char *text = read_text(VITRINE_SOURCE_DIR "/playlists/playlist.schema.json");
    cJSON *schema = cJSON_Parse(text);
    assert_non_null(schema);
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        int number = schema_number(schema, bounds[i].path);
        bool minimum = strstr(bounds[i].path, "minimum") != NULL;
        if (!accepted(i, number) || accepted(i, minimum ? number - 1 : number + 1)) {
            fail_msg("%s = %d is not the codec's bound", bounds[i].path, number);
        }
    }
    assert_int_equal(schema_number(schema, "$defs/communes/maxItems"), 71);
    cJSON_Delete(schema);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_written_again),
        cmocka_unit_test(test_demo_documents),
        cmocka_unit_test(test_bounds_of_the_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
