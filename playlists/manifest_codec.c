#include "playlists/manifest.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "playlists/slide_codec.h"

#define STRING_BYTES_MAX 8192

static void encode_screen(struct json_writer *writer, const struct manifest_screen *screen)
{
    json_begin_object(writer, "screen");
    json_put_string(writer, "id", screen->id);
    json_put_string(writer, "name", screen->name);
    json_put_string(writer, "site", screen->site);
    json_put_string(writer, "site_id", screen->site_id);
    json_put_int(writer, "width_px", screen->width_px);
    json_put_int(writer, "height_px", screen->height_px);
    json_put_int(writer, "rotation", screen->rotation);
    json_put_int(writer, "diagonal_mm", screen->diagonal_mm);
    json_put_int(writer, "viewing_distance_mm", screen->viewing_distance_mm);
    json_put_int(writer, "bottom_edge_mm", screen->bottom_edge_mm);
    json_put_bool(writer, "kiosk", screen->kiosk);
    json_put_string(writer, "time_zone", screen->time_zone);
    json_begin_array(writer, "languages");
    for (size_t i = 0; i < screen->language_count; i++) {
        json_put_string(writer, NULL, screen->languages[i]);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void encode_loop(struct json_writer *writer, const struct manifest_loop *loop)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "playlist", loop->playlist);
    json_put_bool(writer, "strip", loop->strip);
    json_begin_array(writer, "items");
    for (size_t i = 0; i < loop->item_count; i++) {
        json_begin_object(writer, NULL);
        json_put_int(writer, "slide", (int64_t)loop->items[i].slide);
        json_put_int(writer, "duration_ms", loop->items[i].duration_ms);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void encode_interval(struct json_writer *writer, const struct manifest_interval *interval)
{
    json_begin_object(writer, NULL);
    json_put_int(writer, "from_ms", interval->from_ms);
    json_put_int(writer, "until_ms", interval->until_ms);
    json_put_int(writer, "origin_ms", interval->origin_ms);
    json_put_int(writer, "loop", (int64_t)interval->loop);
    json_put_string(writer, "rule", interval->rule);
    json_end_object(writer);
}

void manifest_encode(const struct manifest *manifest, struct strbuf *out)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "format", MANIFEST_FORMAT);
    json_put_int(&writer, "epoch", manifest->epoch);
    json_put_int(&writer, "version", manifest->version);
    json_put_int(&writer, "created_ms", manifest->created_ms);
    json_put_int(&writer, "valid_until_ms", manifest->valid_until_ms);
    encode_screen(&writer, &manifest->screen);
    json_begin_array(&writer, "offsets");
    for (size_t i = 0; i < manifest->offset_count; i++) {
        json_begin_object(&writer, NULL);
        json_put_int(&writer, "from_ms", manifest->offsets[i].from_ms);
        json_put_int(&writer, "offset_s", manifest->offsets[i].offset_s);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_begin_array(&writer, "files");
    for (size_t i = 0; i < manifest->file_count; i++) {
        json_begin_object(&writer, NULL);
        json_put_sum(&writer, "sha256", &manifest->files[i].sha256);
        json_put_int(&writer, "size", manifest->files[i].size);
        json_put_string(&writer, "type", manifest->files[i].type);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_begin_array(&writer, "slides");
    for (size_t i = 0; i < manifest->slide_count; i++) {
        slide_encode(&writer, &manifest->slides[i]);
    }
    json_end_array(&writer);
    json_begin_array(&writer, "loops");
    for (size_t i = 0; i < manifest->loop_count; i++) {
        encode_loop(&writer, &manifest->loops[i]);
    }
    json_end_array(&writer);
    json_begin_array(&writer, "intervals");
    for (size_t i = 0; i < manifest->interval_count; i++) {
        encode_interval(&writer, &manifest->intervals[i]);
    }
    json_end_array(&writer);
    if (manifest->has_directory) {
        json_put_sum(&writer, "directory", &manifest->directory);
    }
    json_end_object(&writer);
}

/* What decoding needs at hand. Bounds that manifest_check repeats are left to it: here only what
 * keeps a value within its type. */
struct decoder {
    struct manifest *manifest;
    struct error *err;
};

static bool get_string(const struct decoder *decoder, const cJSON *object, const char *key,
                       const char **text_out)
{
    return json_get_string(object, key, 0, STRING_BYTES_MAX, decoder->manifest->arena, text_out,
                           decoder->err);
}

static bool get_int(const struct decoder *decoder, const cJSON *object, const char *key,
                    int *value_out)
{
    int64_t value;
    if (!json_get_int(object, key, INT_MIN, INT_MAX, &value, decoder->err)) {
        return false;
    }
    *value_out = (int)value;
    return true;
}

static bool get_int64(const struct decoder *decoder, const cJSON *object, const char *key,
                      int64_t *value_out)
{
    return json_get_int(object, key, INT64_MIN, INT64_MAX, value_out, decoder->err);
}

static bool get_index(const struct decoder *decoder, const cJSON *object, const char *key,
                      size_t *value_out)
{
    int64_t value;
    if (!json_get_int(object, key, 0, INT32_MAX, &value, decoder->err)) {
        return false;
    }
    *value_out = (size_t)value;
    return true;
}

typedef bool decode_element(const struct decoder *decoder, const cJSON *object, void *element);

/* Decodes an array of objects into a new array of `size` bytes an element. */
static bool decode_array(const struct decoder *decoder, const cJSON *object, const char *key,
                         size_t max, size_t size, decode_element *decode, void *elements_out,
                         size_t *count_out)
{
    const cJSON *array = json_get_array(object, key, max, count_out, decoder->err);
    if (array == NULL) {
        return false;
    }
    char *elements = arena_array(decoder->manifest->arena, *count_out, size);
    memcpy(elements_out, &elements, sizeof elements);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        if (!decode(decoder, item, elements + index * size)) {
            char field[64];
            snprintf(field, sizeof field, "%s[%zu]", key, index);
            error_field(decoder->err, field);
            return false;
        }
    }
    return true;
}

static bool decode_languages(const struct decoder *decoder, const cJSON *object,
                             struct manifest_screen *screen)
{
    const size_t max = sizeof screen->languages / sizeof screen->languages[0];
    const cJSON *array =
        json_get_array(object, "languages", max, &screen->language_count, decoder->err);
    if (array == NULL) {
        return false;
    }
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (!cJSON_IsString(item)) {
            error_set(decoder->err, ERROR_INVALID, "un texte est attendu", "a text is expected");
            error_field(decoder->err, "languages");
            return false;
        }
        screen->languages[index++] = arena_strdup(decoder->manifest->arena, item->valuestring);
    }
    return true;
}

static bool decode_screen(const struct decoder *decoder, const cJSON *object,
                          struct manifest_screen *screen)
{
    static const char *const keys[] = {"id",
                                       "name",
                                       "site",
                                       "site_id",
                                       "width_px",
                                       "height_px",
                                       "rotation",
                                       "kiosk",
                                       "time_zone",
                                       "diagonal_mm",
                                       "viewing_distance_mm",
                                       "bottom_edge_mm",
                                       "languages",
                                       NULL};
    return json_only_keys(object, keys, decoder->err) &&
           get_string(decoder, object, "id", &screen->id) &&
           get_string(decoder, object, "name", &screen->name) &&
           get_string(decoder, object, "site", &screen->site) &&
           get_string(decoder, object, "site_id", &screen->site_id) &&
           get_int(decoder, object, "width_px", &screen->width_px) &&
           get_int(decoder, object, "height_px", &screen->height_px) &&
           get_int(decoder, object, "rotation", &screen->rotation) &&
           get_int(decoder, object, "diagonal_mm", &screen->diagonal_mm) &&
           get_int(decoder, object, "viewing_distance_mm", &screen->viewing_distance_mm) &&
           get_int(decoder, object, "bottom_edge_mm", &screen->bottom_edge_mm) &&
           json_get_bool(object, "kiosk", &screen->kiosk, decoder->err) &&
           get_string(decoder, object, "time_zone", &screen->time_zone) &&
           decode_languages(decoder, object, screen);
}

static bool decode_offset(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"from_ms", "offset_s", NULL};
    struct manifest_offset *offset = element;
    return json_only_keys(object, keys, decoder->err) &&
           get_int64(decoder, object, "from_ms", &offset->from_ms) &&
           get_int(decoder, object, "offset_s", &offset->offset_s);
}

static bool decode_file(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"sha256", "size", "type", NULL};
    struct manifest_file *file = element;
    return json_only_keys(object, keys, decoder->err) &&
           json_get_sum(object, "sha256", &file->sha256, decoder->err) &&
           get_int64(decoder, object, "size", &file->size) &&
           get_string(decoder, object, "type", &file->type);
}

static bool decode_slide(const struct decoder *decoder, const cJSON *object, void *element)
{
    return slide_decode(object, decoder->manifest->arena, element, decoder->err);
}

static bool decode_item(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"slide", "duration_ms", NULL};
    struct manifest_item *item = element;
    return json_only_keys(object, keys, decoder->err) &&
           get_index(decoder, object, "slide", &item->slide) &&
           get_int64(decoder, object, "duration_ms", &item->duration_ms);
}

static bool decode_loop(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"playlist", "strip", "items", NULL};
    struct manifest_loop *loop = element;
    return json_only_keys(object, keys, decoder->err) &&
           get_string(decoder, object, "playlist", &loop->playlist) &&
           json_get_bool(object, "strip", &loop->strip, decoder->err) &&
           decode_array(decoder, object, "items", MANIFEST_LOOP_ITEMS_MAX, sizeof *loop->items,
                        decode_item, &loop->items, &loop->item_count);
}

static bool decode_interval(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"from_ms", "until_ms", "origin_ms", "loop", "rule", NULL};
    struct manifest_interval *interval = element;
    return json_only_keys(object, keys, decoder->err) &&
           get_int64(decoder, object, "from_ms", &interval->from_ms) &&
           get_int64(decoder, object, "until_ms", &interval->until_ms) &&
           get_int64(decoder, object, "origin_ms", &interval->origin_ms) &&
           get_index(decoder, object, "loop", &interval->loop) &&
           get_string(decoder, object, "rule", &interval->rule);
}

static bool decode_arrays(const struct decoder *decoder, const cJSON *root)
{
    struct manifest *manifest = decoder->manifest;
    return decode_array(decoder, root, "offsets", MANIFEST_INTERVALS_MAX, sizeof *manifest->offsets,
                        decode_offset, &manifest->offsets, &manifest->offset_count) &&
           decode_array(decoder, root, "files", MANIFEST_FILES_MAX, sizeof *manifest->files,
                        decode_file, &manifest->files, &manifest->file_count) &&
           decode_array(decoder, root, "slides", MANIFEST_SLIDES_MAX, sizeof *manifest->slides,
                        decode_slide, &manifest->slides, &manifest->slide_count) &&
           decode_array(decoder, root, "loops", MANIFEST_LOOPS_MAX, sizeof *manifest->loops,
                        decode_loop, &manifest->loops, &manifest->loop_count) &&
           decode_array(decoder, root, "intervals", MANIFEST_INTERVALS_MAX,
                        sizeof *manifest->intervals, decode_interval, &manifest->intervals,
                        &manifest->interval_count);
}

static bool decode_document(const struct decoder *decoder, const cJSON *root)
{
    static const char *const keys[] = {
        "format", "epoch",  "version", "created_ms", "valid_until_ms", "screen", "offsets",
        "files",  "slides", "loops",   "intervals",  "directory",      NULL};
    struct manifest *manifest = decoder->manifest;
    int64_t format;
    if (!json_only_keys(root, keys, decoder->err) ||
        !json_get_int(root, "format", MANIFEST_FORMAT, MANIFEST_FORMAT, &format, decoder->err) ||
        !get_int64(decoder, root, "epoch", &manifest->epoch) ||
        !get_int64(decoder, root, "version", &manifest->version) ||
        !get_int64(decoder, root, "created_ms", &manifest->created_ms) ||
        !get_int64(decoder, root, "valid_until_ms", &manifest->valid_until_ms)) {
        return false;
    }
    const cJSON *screen = json_get_object(root, "screen", decoder->err);
    if (screen == NULL) {
        return false;
    }
    if (!decode_screen(decoder, screen, &manifest->screen)) {
        error_field(decoder->err, "screen");
        return false;
    }
    manifest->has_directory = cJSON_GetObjectItemCaseSensitive(root, "directory") != NULL;
    if (manifest->has_directory &&
        !json_get_sum(root, "directory", &manifest->directory, decoder->err)) {
        return false;
    }
    return decode_arrays(decoder, root);
}

struct manifest *manifest_decode(const char *bytes, size_t length, struct error *err)
{
    cJSON *root = json_parse(bytes, length, MANIFEST_BYTES_MAX, err);
    if (root == NULL) {
        return NULL;
    }
    struct manifest *manifest = manifest_create();
    struct decoder decoder = {.manifest = manifest, .err = err};
    if (!decode_document(&decoder, root) || !manifest_check(manifest, err)) {
        manifest_destroy(manifest);
        manifest = NULL;
    }
    cJSON_Delete(root);
    return manifest;
}
