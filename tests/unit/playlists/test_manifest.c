/* The manifest: its codec, its checks, its seal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sample_manifest.h"

static void fail_with(const char *what, const struct error *err)
{
    char text[1024];
    fail_msg("%s: %s", what, error_text(err, LANG_EN, text, sizeof text));
}

static void test_round_trip(void **state)
{
    (void)state;
    struct error err = {0};
    struct manifest *manifest = sample_manifest();
    if (!manifest_check(manifest, &err)) {
        fail_with("sample", &err);
    }
    assert_true(manifest->loops[0].length_ms == 23000);
    struct strbuf first;
    struct strbuf second;
    strbuf_init(&first);
    strbuf_init(&second);
    manifest_encode(manifest, &first);
    struct manifest *read = manifest_decode(first.bytes, first.length, &err);
    if (read == NULL) {
        fail_with("decode", &err);
    }
    manifest_encode(read, &second);
    assert_string_equal(first.bytes, second.bytes);

    assert_true(read->version == 17 && read->epoch == 3 && read->has_directory);
    assert_string_equal(read->screen.name, "Théâtre des Arts, quai 2");
    assert_string_equal(read->screen.languages[1], "en");
    assert_true(read->screen.kiosk && read->screen.rotation == 90);
    assert_string_equal(slide_text(&read->slides[0], "place"), "Halle aux Toiles\nRouen");
    assert_null(slide_text(&read->slides[0], "status"));
    assert_null(slide_text(&read->slides[0], "price"));
    const struct slide_picture *picture = slide_picture(&read->slides[0], "image");
    assert_non_null(picture);
    assert_true(picture->focal_y == 1.0 / 3);
    assert_string_equal(picture->alt, "Une \"halle\" \\ 🎉");
    assert_null(slide_picture(&read->slides[0], "logo"));
    assert_true(read->loops[0].transition == TRANSITION_SLIDE);
    assert_true(manifest_interval_strip(read, &read->intervals[0]));
    assert_false(manifest_interval_strip(read, &read->intervals[1]));
    assert_true(read->layouts[0].strip == STRIP_TOP && read->layouts[0].strip_track == 2);
    assert_true(read->layouts[0].zones[2].kind == ZONE_LOGO);
    assert_int_equal(read->layouts[0].zones[1].fill, 0x005F5F);
    assert_string_equal(read->tracks[0].intervals[0].rule, "regle-colonne");
    assert_true(read->slides[2].has_video && read->slides[2].video.has_captions);
    assert_string_equal(read->templates[0].name, "chiffre");
    assert_true(read->loops[0].length_ms == 23000);
    assert_true(read->intervals[0].origin_ms == SAMPLE_FROM - 7000);
    assert_true(manifest_file(read, &picture->file)->size == 123456);
    struct sha256 unknown = {{9}};
    assert_null(manifest_file(read, &unknown));

    manifest_destroy(read);
    manifest_destroy(manifest);
    manifest_destroy(NULL);
    strbuf_finish(&first);
    strbuf_finish(&second);
}

static void test_closed_and_emergency(void **state)
{
    (void)state;
    struct manifest *manifest = sample_manifest();
    int64_t until;
    assert_false(manifest_closed_at(manifest, SAMPLE_FROM, &until));
    assert_true(until == SAMPLE_FROM + 7200000);
    assert_true(manifest_closed_at(manifest, SAMPLE_FROM + 7200000, &until));
    assert_true(until == SAMPLE_FROM + 9000000);
    assert_false(manifest_closed_at(manifest, SAMPLE_FROM + 9000000, &until));
    assert_true(until == INT64_MAX);
    assert_null(manifest_emergency_at(manifest, SAMPLE_FROM + 3599999));
    assert_ptr_equal(manifest_emergency_at(manifest, SAMPLE_FROM + 3600000),
                     &manifest->intervals[1]);
    assert_null(manifest_emergency_at(manifest, SAMPLE_FROM + 7200000));
    manifest_destroy(manifest);
}

static void test_offsets(void **state)
{
    (void)state;
    struct manifest *manifest = sample_manifest();
    int64_t change = SAMPLE_FROM + 86400000;
    assert_int_equal(manifest_offset_s(manifest, INT64_MIN), 3600);
    assert_int_equal(manifest_offset_s(manifest, change - 1), 3600);
    assert_int_equal(manifest_offset_s(manifest, change), 7200);
    assert_int_equal(manifest_offset_s(manifest, INT64_MAX), 7200);
    manifest_destroy(manifest);
}

/* One thing made wrong in the sample, and the field that the error must name. */
typedef void spoil(struct manifest *manifest);

#define SPOIL(name, statement)                                                                     \
    static void spoil_##name(struct manifest *m)                                                   \
    {                                                                                              \
        statement;                                                                                 \
    }

SPOIL(epoch, m->epoch = -1)
SPOIL(version, m->version = INT64_MAX)
SPOIL(created, m->created_ms = INT64_MIN)
SPOIL(valid, m->valid_until_ms = m->created_ms - 1)
SPOIL(valid_far, m->valid_until_ms = INT64_MAX)
SPOIL(screen_id, m->screen.id = "")
SPOIL(screen_null, m->screen.name = NULL)
SPOIL(screen_control, m->screen.name = "a\nb")
SPOIL(screen_utf8, m->screen.name = "a\xff")
SPOIL(width, m->screen.width_px = 0)
SPOIL(height, m->screen.height_px = 100000)
SPOIL(rotation, m->screen.rotation = 45)
SPOIL(distance, m->screen.viewing_distance_mm = 0)
SPOIL(edge, m->screen.bottom_edge_mm = -1)
SPOIL(languages, m->screen.language_count = 5)
SPOIL(language, m->screen.languages[1] = "")
SPOIL(no_offsets, m->offset_count = 0)
SPOIL(offset_order, m->offsets[1].from_ms = m->offsets[0].from_ms)
SPOIL(offset_size, m->offsets[1].offset_s = 70000)
SPOIL(file_order, m->files[1].sha256 = m->files[0].sha256)
SPOIL(file_size, m->files[0].size = 0)
SPOIL(file_type, m->files[1].type = "")
SPOIL(file_count, m->file_count = 1)
SPOIL(no_files, m->file_count = 0)
SPOIL(slide, m->slides[1].template = "Story")
SPOIL(picture_file, m->slides[0].pictures[0].file.bytes[31] = 1)
SPOIL(loop_empty, m->loops[1].item_count = 0)
SPOIL(item_slide, m->loops[1].items[0].slide = 3)
SPOIL(item_zero, m->loops[0].items[1].duration_ms = 0)
SPOIL(item_negative, m->loops[0].items[1].duration_ms = -5)
SPOIL(item_long, m->loops[0].items[1].duration_ms = INT64_MAX)
SPOIL(interval_loop, m->intervals[1].loop = 2)
SPOIL(interval_empty, m->intervals[0].until_ms = m->intervals[0].from_ms)
SPOIL(interval_backwards, m->intervals[0].until_ms = 0)
SPOIL(interval_overlap, m->intervals[1].from_ms--; m->intervals[1].origin_ms--)
SPOIL(interval_order, m->intervals[1] = m->intervals[0])
SPOIL(origin, m->intervals[0].origin_ms = m->intervals[0].from_ms + 1)
SPOIL(origin_far, m->intervals[0].origin_ms = INT64_MIN)
SPOIL(rule, m->intervals[0].rule = NULL)
SPOIL(interval_layout, m->intervals[0].layout = 2)
SPOIL(track_overlap, m->tracks[1].interval_count = 2;
      m->tracks[1].intervals = arena_array(m->arena, 2, sizeof *m->intervals);
      m->tracks[1].intervals[0] = m->tracks[1].intervals[1] = m->intervals[0])
SPOIL(zone_wide, m->layouts[0].zones[1].w = 2501)
SPOIL(zone_empty, m->layouts[0].zones[1].h = 0)
SPOIL(zone_overlap, m->layouts[0].zones[2].y = 7999; m->layouts[0].zones[2].h = 1)
SPOIL(zone_track, m->layouts[0].zones[1].track = 3)
SPOIL(zone_main, m->layouts[1].zones[0].track = 1)
SPOIL(zone_file, m->layouts[0].zones[2].file.bytes[5] = 1)
SPOIL(zones, m->layouts[1].zone_count = 0)
SPOIL(no_layouts, m->layout_count = 0)
SPOIL(closed_order, m->closed[0].until_ms = m->closed[0].from_ms)
SPOIL(template_file, m->templates[0].file.bytes[5] = 1)
SPOIL(video_file, m->slides[2].video.file.bytes[5] = 1)
SPOIL(transition_ms, m->loops[0].transition_ms = -1)
SPOIL(slide_count, m->slide_count = MANIFEST_SLIDES_MAX + 1)
SPOIL(loop_count, m->loop_count = MANIFEST_LOOPS_MAX + 1)
SPOIL(interval_count, m->interval_count = MANIFEST_INTERVALS_MAX + 1)
SPOIL(directory, m->directory.bytes[0] = 7)

static const struct {
    spoil *spoil;
    const char *field;
} spoils[] = {
    {spoil_epoch, "epoch"},
    {spoil_version, "version"},
    {spoil_created, "created_ms"},
    {spoil_valid, "valid_until_ms"},
    {spoil_valid_far, "valid_until_ms"},
    {spoil_screen_id, "screen.id"},
    {spoil_screen_null, "screen.name"},
    {spoil_screen_control, "screen.name"},
    {spoil_screen_utf8, "screen.name"},
    {spoil_width, "screen.width_px"},
    {spoil_height, "screen.height_px"},
    {spoil_rotation, "screen.rotation"},
    {spoil_distance, "screen.viewing_distance_mm"},
    {spoil_edge, "screen.bottom_edge_mm"},
    {spoil_languages, "screen.languages"},
    {spoil_language, "screen.languages[1]"},
    {spoil_no_offsets, "offsets"},
    {spoil_offset_order, "offsets[1]"},
    {spoil_offset_size, "offsets[1].offset_s"},
    {spoil_file_order, "files[1]"},
    {spoil_file_size, "files[0].size"},
    {spoil_file_type, "files[1].type"},
    {spoil_file_count, "slides[2].video"},
    {spoil_no_files, "slides[0].pictures[0].file"},
    {spoil_slide, "slides[1].template"},
    {spoil_picture_file, "slides[0].pictures[0].file"},
    {spoil_loop_empty, "loops[1].items"},
    {spoil_item_slide, "loops[1].items[0].slide"},
    {spoil_item_zero, "loops[0].items[1].duration_ms"},
    {spoil_item_negative, "loops[0].items[1].duration_ms"},
    {spoil_item_long, "loops[0].items[1].duration_ms"},
    {spoil_interval_loop, "intervals[1].loop"},
    {spoil_interval_empty, "intervals[0].until_ms"},
    {spoil_interval_backwards, "intervals[0].until_ms"},
    {spoil_interval_overlap, "intervals[1].from_ms"},
    {spoil_interval_order, "intervals[1].from_ms"},
    {spoil_origin, "intervals[0].from_ms"},
    {spoil_origin_far, "intervals[0].origin_ms"},
    {spoil_rule, "intervals[0].rule"},
    {spoil_interval_layout, "intervals[0].layout"},
    {spoil_track_overlap, "tracks[1].intervals[1].from_ms"},
    {spoil_zone_wide, "layouts[0].zones[1].w"},
    {spoil_zone_empty, "layouts[0].zones[1].h"},
    {spoil_zone_overlap, "layouts[0].zones[2]"},
    {spoil_zone_track, "layouts[0].zones[1].track"},
    {spoil_zone_main, "layouts[1].zones[0]"},
    {spoil_zone_file, "layouts[0].zones[2].file"},
    {spoil_zones, "layouts[1].zones"},
    {spoil_no_layouts, "layouts"},
    {spoil_closed_order, "closed[0].until_ms"},
    {spoil_template_file, "templates[0].file"},
    {spoil_video_file, "slides[2].video"},
    {spoil_transition_ms, "loops[0].transition_ms"},
    {spoil_slide_count, "slides"},
    {spoil_loop_count, "loops"},
    {spoil_interval_count, "intervals"},
    {spoil_directory, "directory"},
};

static void test_check(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
        struct manifest *manifest = sample_manifest();
        struct error err = {0};
        spoils[i].spoil(manifest);
        if (manifest_check(manifest, &err) || strcmp(err.field, spoils[i].field) != 0) {
            fail_msg("%s expected, got \"%s\" (%s)", spoils[i].field, err.field, err.en);
        }
        assert_true(err.fr[0] != '\0');
        manifest_destroy(manifest);
    }
}

/* A text replaced in the sample's JSON, and the field at fault. */
static const struct {
    const char *find;
    const char *replace;
    const char *field;
} replacements[] = {
    {"\"format\":2", "\"format\":1", "format"},
    {"\"format\":2,", "", "format"},
    {"\"epoch\":3", "\"epoch\":\"3\"", "epoch"},
    {"\"epoch\":3", "\"epoch\":3.5", "epoch"},
    {"\"version\":17", "\"version\":1e400", "version"},
    {"\"version\":17", "\"version\":9007199254740993", "version"},
    {"\"created_ms\"", "\"x\":1,\"created_ms\"", "x"},
    {"\"kiosk\":true", "\"kiosk\":1", "screen.kiosk"},
    {"\"kiosk\":true", "\"kiosk\":true,\"mode\":1", "screen.mode"},
    {"\"width_px\":1080", "\"width_px\":4294968376", "screen.width_px"},
    {"[\"fr\",\"en\"]", "[\"fr\",2]", "screen.languages"},
    {"[\"fr\",\"en\"]", "[\"a\",\"b\",\"c\",\"d\",\"e\"]", "screen.languages"},
    {"\"offset_s\":7200", "\"offset_s\":7200,\"x\":0", "offsets[1].x"},
    {"\"offsets\":[{", "\"offsets\":[5,{", "offsets[0]"},
    {"\"sha256\":\"01ab", "\"sha256\":\"01aB", "files[0].sha256"},
    {"\"sha256\":\"01ab", "\"sha256\":\"1ab", "files[0].sha256"},
    {"\"size\":99", "\"size\":null", "files[1].size"},
    {"\"texts\":{\"title\":\"Merci", "\"texts\":{\"Titre\":\"\",\"title\":\"Merci",
     "slides[1].texts"},
    {"\"severity\":\"info\"", "\"severity\":5", "slides[1].texts.severity"},
    {"\"pictures\":[]", "\"pictures\":{}", "slides[1].pictures"},
    {"\"pictures\":[]", "\"pictures\":[[]]", "slides[1].pictures[0]"},
    {"\"focal_x\":0.25", "\"focal_x\":1.25", "slides[0].pictures[0].focal_x"},
    {"\"lang\":\"fr\"", "\"lang\":\"\"", "slides[0].lang"},
    {"\"slide\":0", "\"slide\":-1", "loops[0].items[0].slide"},
    {"\"slide\":0", "\"slide\":4294967296", "loops[0].items[0].slide"},
    {"\"transition\":\"slide\"", "\"transition\":\"spin\"", "loops[0].transition"},
    {"\"transition_ms\":600", "\"transition_ms\":2001", "loops[0].transition_ms"},
    {"\"strip\":\"top\"", "\"strip\":true", "layouts[0].strip"},
    {"\"strip_track\":2", "\"strip_track\":3", "layouts[0].strip_track"},
    {"\"kind\":\"logo\"", "\"kind\":\"loop\"", "layouts[0].zones[2].file"},
    {"\"w\":7500", "\"w\":7501", "layouts[0].zones[1]"},
    {"\"track\":1", "\"track\":0", "layouts[0].zones[1]"},
    {"\"fill\":16777215", "\"fill\":16777216", "layouts[0].zones[2].fill"},
    {"\"class\":\"campaign\"", "\"class\":\"Campaign\"", "intervals[0].class"},
    {"\"layout\":1", "\"layout\":2", "intervals[1].layout"},
    {"\"reduced_motion\":false", "\"reduced_motion\":0", "screen.reduced_motion"},
    {"\"length_ms\":4000", "\"length_ms\":0", "slides[2].video.length_ms"},
    {"\"captions\":\"02cd", "\"captions\":\"03cd", "slides[2].video"},
    {"\"name\":\"chiffre\"", "\"name\":\"\"", "templates[0].name"},
    {"\"closed\":[{", "\"closed\":[0,{", "closed[0]"},
    {"\"loop\":1", "\"loop\":1.5", "intervals[1].loop"},
    {"\"rule\":\"\"", "\"rule\":null", "intervals[1].rule"},
    {",\"directory\":\"02cd", ",\"directory\":\"03cd", "directory"},
    {",\"directory\":\"02cd", ",\"directory\":null,\"directory2\":\"02cd", "directory2"},
};

static char *replaced(const char *text, const char *find, const char *replace)
{
    const char *at = strstr(text, find);
    if (at == NULL) {
        fail_msg("\"%s\" is not in the sample", find);
        return NULL;
    }
    struct strbuf out;
    strbuf_init(&out);
    strbuf_append_bytes(&out, text, (size_t)(at - text));
    strbuf_append(&out, replace);
    strbuf_append(&out, at + strlen(find));
    return strbuf_take(&out, NULL);
}

static void test_decode_refuses(void **state)
{
    (void)state;
    struct strbuf json;
    struct manifest *manifest = sample_manifest();
    strbuf_init(&json);
    manifest_encode(manifest, &json);
    for (size_t i = 0; i < sizeof replacements / sizeof replacements[0]; i++) {
        char *text = replaced(json.bytes, replacements[i].find, replacements[i].replace);
        struct error err = {0};
        struct manifest *read = manifest_decode(text, strlen(text), &err);
        if (read != NULL || strcmp(err.field, replacements[i].field) != 0) {
            fail_msg("%s: got \"%s\" (%s)", replacements[i].replace, err.field, err.en);
        }
        free(text);
    }
    manifest_destroy(manifest);
    strbuf_finish(&json);
}

struct sealed {
    struct sign_keys keys;
    struct strbuf bytes;
};

static struct sealed sealed_sample(void)
{
    struct sealed sealed;
    struct strbuf json;
    struct manifest *manifest = sample_manifest();
    strbuf_init(&json);
    strbuf_init(&sealed.bytes);
    manifest_encode(manifest, &json);
    sign_keys_generate(&sealed.keys);
    manifest_seal(json.bytes, json.length, &sealed.keys, &sealed.bytes);
    strbuf_finish(&json);
    manifest_destroy(manifest);
    return sealed;
}

static void assert_refused(const char *bytes, size_t length, const struct sign_public *key,
                           enum error_kind kind)
{
    /* A copy of the exact size: reading beyond it is seen by the sanitizer. */
    char *exact = malloc(length + (length == 0));
    memcpy(exact, bytes, length);
    struct error err = {0};
    struct manifest *manifest = manifest_open(exact, length, key, &err);
    free(exact);
    if (manifest != NULL || (kind != ERROR_NONE && err.kind != kind)) {
        fail_msg("length %zu: kind %d (%s)", length, (int)err.kind, err.en);
    }
}

static void test_open(void **state)
{
    (void)state;
    struct sealed sealed = sealed_sample();
    struct error err = {0};
    struct manifest *manifest =
        manifest_open(sealed.bytes.bytes, sealed.bytes.length, &sealed.keys.public, &err);
    if (manifest == NULL) {
        fail_with("open", &err);
    }
    assert_true(manifest->version == 17);
    manifest_destroy(manifest);
    assert_memory_equal(sealed.bytes.bytes, "vitrine-manifest 2 ", 19);
    assert_int_equal(sealed.bytes.bytes[19 + 64 + 1 + 128 + 1 + 8], '\n');

    struct sign_keys other;
    sign_keys_generate(&other);
    assert_refused(sealed.bytes.bytes, sealed.bytes.length, &other.public, ERROR_DENIED);

    /* Signed by another key that claims to be ours. */
    char hex[SIGN_PUBLIC_HEX_SIZE];
    struct strbuf forged;
    strbuf_init(&forged);
    manifest_seal("{}", 2, &other, &forged);
    hex_encode(sealed.keys.public.bytes, SIGN_PUBLIC_SIZE, hex);
    memcpy(forged.bytes + 19, hex, 64);
    assert_refused(forged.bytes, forged.length, &sealed.keys.public, ERROR_DENIED);

    /* Well signed, but no manifest. */
    strbuf_clear(&forged);
    manifest_seal("{}", 2, &sealed.keys, &forged);
    assert_refused(forged.bytes, forged.length, &sealed.keys.public, ERROR_INVALID);
    strbuf_clear(&forged);
    manifest_seal("", 0, &sealed.keys, &forged);
    assert_refused(forged.bytes, forged.length, &sealed.keys.public, ERROR_INVALID);
    strbuf_finish(&forged);
    strbuf_finish(&sealed.bytes);
}

/* The same document, its rest shared with other screens, and in the form of before. */
static void test_forms_of_the_seal(void **state)
{
    (void)state;
    struct sealed sealed = sealed_sample();
    const char *bytes = sealed.bytes.bytes;
    size_t json = manifest_sealed_json(bytes, sealed.bytes.length);
    assert_int_equal(bytes[json], '{');
    const char *tail = strstr(bytes + json, "\"offsets\":[");
    assert_non_null(tail);
    size_t head_length = (size_t)(tail - bytes) - json;
    size_t tail_length = sealed.bytes.length - json - head_length;
    struct sha256 sum;
    struct strbuf parts;
    struct strbuf old;
    struct error err = {0};
    strbuf_init(&parts);
    strbuf_init(&old);
    sha256_of(tail, tail_length, &sum);
    manifest_seal_head(bytes + json, head_length, &sum, &sealed.keys, &parts);
    assert_int_equal(manifest_sealed_json(parts.bytes, parts.length), json);
    strbuf_append_bytes(&parts, tail, tail_length);
    manifest_seal_old(bytes + json, head_length + tail_length, &sealed.keys, &old);
    assert_memory_equal(old.bytes, "vitrine-manifest 1 ", 19);
    const struct strbuf *forms[] = {&parts, &old};
    for (size_t i = 0; i < 2; i++) {
        struct manifest *manifest =
            manifest_open(forms[i]->bytes, forms[i]->length, &sealed.keys.public, &err);
        assert_non_null(manifest);
        manifest_destroy(manifest);
    }
    /* What one signature covers cannot be divided otherwise. */
    parts.bytes[json - 2]++;
    assert_refused(parts.bytes, parts.length, &sealed.keys.public, ERROR_DENIED);
    memset(parts.bytes + json - 9, '9', 8);
    assert_refused(parts.bytes, parts.length, &sealed.keys.public, ERROR_INVALID);
    strbuf_finish(&parts);
    strbuf_finish(&old);
    strbuf_finish(&sealed.bytes);
}

static void test_every_flipped_bit(void **state)
{
    (void)state;
    struct sealed sealed = sealed_sample();
    for (size_t i = 0; i < sealed.bytes.length; i++) {
        char kept = sealed.bytes.bytes[i];
        /* Every bit of the line and some of the document, where a check costs 0.1 ms. */
        for (int bit = 0; bit < 8; bit += i < 222 ? 1 : 5) {
            sealed.bytes.bytes[i] = (char)(kept ^ (1 << bit));
            assert_refused(sealed.bytes.bytes, sealed.bytes.length, &sealed.keys.public,
                           ERROR_NONE);
        }
        sealed.bytes.bytes[i] = kept;
    }
    strbuf_finish(&sealed.bytes);
}

static void test_every_truncation(void **state)
{
    (void)state;
    struct sealed sealed = sealed_sample();
    for (size_t length = 0; length < sealed.bytes.length; length++) {
        assert_refused(sealed.bytes.bytes, length, &sealed.keys.public, ERROR_NONE);
    }
    strbuf_append_char(&sealed.bytes, '\n');
    assert_refused(sealed.bytes.bytes, sealed.bytes.length, &sealed.keys.public, ERROR_DENIED);
    strbuf_finish(&sealed.bytes);
}

static void test_garbage(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "\n",
        "vitrine-manifest 1 \n{}",
        "vitrine-manifest 1",
        "{\"format\":1}",
        "<!DOCTYPE html><html><body>Identifiez-vous sur le réseau public pour continuer, puis "
        "revenez à la page que vous demandiez. Cette page répond à toutes les adresses, comme "
        "font les portails des réseaux ouverts, et elle est assez longue pour une ligne</body>"};
    struct sealed sealed = sealed_sample();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_refused(lines[i], strlen(lines[i]), &sealed.keys.public, ERROR_INVALID);
    }
    sealed.bytes.bytes[17] = '3';
    struct error err = {0};
    assert_null(manifest_open(sealed.bytes.bytes, sealed.bytes.length, &sealed.keys.public, &err));
    assert_non_null(strstr(err.en, "newer format"));
    strbuf_finish(&sealed.bytes);

    size_t too_long = MANIFEST_BYTES_MAX + 1000;
    char *bytes = calloc(1, too_long);
    assert_non_null(bytes);
    assert_null(manifest_open(bytes, too_long, &sealed.keys.public, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    free(bytes);
}

static const struct {
    int64_t epoch;
    int64_t version;
    bool follows;
} successors[] = {{3, 18, true},  {4, 1, true},   {3, 1000, true}, {3, 17, false},
                  {3, 16, false}, {2, 18, false}, {2, 99, false},  {0, 0, false}};

static void test_follows(void **state)
{
    (void)state;
    struct manifest *current = sample_manifest();
    struct manifest *next = sample_manifest();
    struct error err = {0};
    for (size_t i = 0; i < sizeof successors / sizeof successors[0]; i++) {
        next->epoch = successors[i].epoch;
        next->version = successors[i].version;
        assert_int_equal(manifest_follows(current, next, &err), successors[i].follows);
        assert_true(successors[i].follows || err.kind == ERROR_CONFLICT);
    }
    next->epoch = 9;
    next->screen.id = "another";
    assert_false(manifest_follows(current, next, &err));
    assert_int_equal(err.kind, ERROR_DENIED);
    manifest_destroy(current);
    manifest_destroy(next);
}

static int start(void **state)
{
    (void)state;
    return sign_init() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_offsets),
        cmocka_unit_test(test_closed_and_emergency),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_decode_refuses),
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_forms_of_the_seal),
        cmocka_unit_test(test_every_flipped_bit),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_follows),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
