/* Documents damaged in one place: decoding never crashes, and what it accepts it has understood,
 * so that writing it again says what the damaged document says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "playlists/playlist.h"
#include "sample_manifest.h"

#define MUTATIONS 6000

/* Decodes and encodes again; false when the document is refused. */
typedef bool rewrite_function(const char *bytes, size_t length, struct strbuf *out);

static bool rewrite_manifest(const char *bytes, size_t length, struct strbuf *out)
{
    struct error err = {0};
    struct manifest *manifest = manifest_decode(bytes, length, &err);
    if (manifest == NULL) {
        assert_true(err.kind != ERROR_NONE && err.fr[0] != '\0');
        return false;
    }
    manifest_encode(manifest, out);
    manifest_destroy(manifest);
    return true;
}

static bool rewrite_playlist(const char *bytes, size_t length, struct strbuf *out)
{
    struct error err = {0};
    struct playlist *playlist = playlist_decode(bytes, length, &err);
    if (playlist == NULL) {
        assert_true(err.kind != ERROR_NONE && err.fr[0] != '\0');
        return false;
    }
    playlist_encode(playlist, out);
    playlist_destroy(playlist);
    return true;
}

static char *sample_manifest_json(void)
{
    struct strbuf out;
    struct manifest *manifest = sample_manifest();
    strbuf_init(&out);
    manifest_encode(manifest, &out);
    manifest_destroy(manifest);
    return strbuf_take(&out, NULL);
}

static const char playlist_json[] =
    "{\"format\":1,\"id\":\"hall-1\",\"title\":\"Hall d’entrée\",\"strip\":true,\"entries\":["
    "{\"slide\":{\"template\":\"announcement\",\"announcement\":\"merci\"},\"duration_s\":12},"
    "{\"slide\":{\"template\":\"event\",\"event\":\"forum@vitrine.example\"}},"
    "{\"source\":\"portraits\",\"sector\":\"textile\",\"count\":3,\"weight\":5},"
    "{\"source\":\"events\",\"days\":30,\"communes\":[\"Rouen\",\"Elbeuf\"],\"duration_s\":9},"
    "{\"source\":\"highlights\",\"site\":\"creapolis\",\"count\":2}]}";

/* A weight of 1 says the same as none. */
static void drop_default_weights(cJSON *root)
{
    cJSON *entry;
    cJSON_ArrayForEach(entry, cJSON_GetObjectItem(root, "entries"))
    {
        cJSON *weight = cJSON_GetObjectItem(entry, "weight");
        if (cJSON_IsNumber(weight) && weight->valueint == 1) {
            cJSON_DeleteItemFromObject(entry, "weight");
        }
    }
}

/* Whether it was accepted. */
static bool check_one(rewrite_function *rewrite, const char *bytes, size_t length)
{
    /* A copy of the exact size: reading beyond it is seen by the sanitizer. */
    char *exact = malloc(length + (length == 0));
    struct strbuf first;
    struct strbuf second;
    memcpy(exact, bytes, length);
    strbuf_init(&first);
    strbuf_init(&second);
    bool accepted = rewrite(exact, length, &first);
    if (accepted) {
        cJSON *said = cJSON_ParseWithLength(exact, length);
        cJSON *understood = cJSON_Parse(first.bytes);
        drop_default_weights(said);
        if (!cJSON_Compare(said, understood, true)) {
            fail_msg("read %.*s\nas %s", (int)length, exact, first.bytes);
        }
        assert_true(rewrite(first.bytes, first.length, &second));
        assert_string_equal(first.bytes, second.bytes);
        cJSON_Delete(said);
        cJSON_Delete(understood);
    }
    free(exact);
    strbuf_finish(&first);
    strbuf_finish(&second);
    return accepted;
}

/* xorshift: the same damage in every run. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void check_document(rewrite_function *rewrite, const char *json)
{
    size_t length = strlen(json);
    char *damaged = malloc(length + 2);
    assert_true(check_one(rewrite, json, length));
    for (size_t cut = 0; cut < length; cut++) {
        assert_false(check_one(rewrite, json, cut));
    }
    /* One byte less, one byte twice. */
    for (size_t at = 0; at < length; at++) {
        memcpy(damaged, json, at);
        memcpy(damaged + at, json + at + 1, length - at - 1);
        check_one(rewrite, damaged, length - 1);
        memcpy(damaged, json, at + 1);
        memcpy(damaged + at + 1, json + at, length - at);
        check_one(rewrite, damaged, length + 1);
    }
    static const char telling[] = "\"\\{}[]:,0129-.eE \n\x00\x1f\x7f\x80\xc3\xff"
                                  "aZ#'u";
    uint32_t random = 2463534242;
    size_t accepted = 0;
    for (int i = 0; i < MUTATIONS; i++) {
        memcpy(damaged, json, length);
        uint32_t pick = next_random(&random);
        damaged[next_random(&random) % length] =
            pick % 2 == 0 ? (char)(pick >> 8) : telling[(pick >> 8) % (sizeof telling - 1)];
        accepted += check_one(rewrite, damaged, length);
    }
    /* Texts and numbers may change and still be right; if nothing passed, nothing was compared. */
    assert_true(accepted > 50 && accepted < MUTATIONS);
    free(damaged);
}

static void test_manifest(void **state)
{
    (void)state;
    char *json = sample_manifest_json();
    check_document(rewrite_manifest, json);
    free(json);
}

static void test_playlist(void **state)
{
    (void)state;
    check_document(rewrite_playlist, playlist_json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_manifest),
        cmocka_unit_test(test_playlist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
