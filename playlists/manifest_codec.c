#include "playlists/manifest.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "playlists/slide_codec.h"

#define STRING_BYTES_MAX 8192

static const char *const transition_tags[] = {"fade", "cut", "slide", "wipe"};
static const char *const class_tags[] = {"base", "campaign", "takeover", "emergency"};
static const char *const strip_tags[] = {"none", "bottom", "top"};
static const char *const zone_tags[] = {"loop", "logo"};
#define TAG_COUNT(tags) (sizeof(tags) / sizeof(tags)[0])

const char *transition_tag(enum transition_kind kind)
{
    return transition_tags[kind];
}

bool transition_parse(const char *tag, enum transition_kind *kind_out)
{
    for (size_t i = 0; i < TAG_COUNT(transition_tags); i++) {
        if (strcmp(transition_tags[i], tag) == 0) {
            *kind_out = (enum transition_kind)i;
            return true;
        }
    }
    return false;
}

const char *interval_class_tag(enum interval_class class)
{
    return class_tags[class];
}

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
    json_put_bool(writer, "reduced_motion", screen->reduced_motion);
    if (screen->accent != 0) { /* players of before it refuse what they do not know */
        char accent[8];
        snprintf(accent, sizeof accent, "#%06X", screen->accent & 0xFFFFFFu);
        json_put_string(writer, "accent", accent);
    }
    json_end_object(writer);
}

static void encode_loop(struct json_writer *writer, const struct manifest_loop *loop)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "playlist", loop->playlist);
    json_put_string(writer, "transition", transition_tag(loop->transition));
    json_put_int(writer, "transition_ms", loop->transition_ms);
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
    json_put_int(writer, "layout", (int64_t)interval->layout);
    json_put_string(writer, "class", interval_class_tag(interval->class));
    json_put_string(writer, "rule", interval->rule);
    json_end_object(writer);
}

static void encode_zone(struct json_writer *writer, const struct manifest_zone *zone)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", zone->id);
    json_put_string(writer, "kind", zone_tags[zone->kind]);
    json_put_int(writer, "x", zone->x);
    json_put_int(writer, "y", zone->y);
    json_put_int(writer, "w", zone->w);
    json_put_int(writer, "h", zone->h);
    if (zone->kind == ZONE_LOGO) {
        json_put_sum(writer, "file", &zone->file);
    } else {
        json_put_int(writer, "track", (int64_t)zone->track);
    }
    json_put_int(writer, "fill", zone->fill);
    json_end_object(writer);
}

static void encode_layout(struct json_writer *writer, const struct manifest_layout *layout)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", layout->id);
    json_put_string(writer, "strip", strip_tags[layout->strip]);
    json_put_int(writer, "strip_track", (int64_t)layout->strip_track);
    json_begin_array(writer, "zones");
    for (size_t i = 0; i < layout->zone_count; i++) {
        encode_zone(writer, &layout->zones[i]);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void encode_intervals(struct json_writer *writer, const struct manifest_interval *intervals,
                             size_t count)
{
    json_begin_array(writer, "intervals");
    for (size_t i = 0; i < count; i++) {
        encode_interval(writer, &intervals[i]);
    }
    json_end_array(writer);
}

static void encode_programme(struct json_writer *writer, const struct manifest *manifest)
{
    json_begin_array(writer, "layouts");
    for (size_t i = 0; i < manifest->layout_count; i++) {
        encode_layout(writer, &manifest->layouts[i]);
    }
    json_end_array(writer);
    encode_intervals(writer, manifest->intervals, manifest->interval_count);
    json_begin_array(writer, "tracks");
    for (size_t i = 0; i < manifest->track_count; i++) {
        json_begin_object(writer, NULL);
        encode_intervals(writer, manifest->tracks[i].intervals, manifest->tracks[i].interval_count);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "closed");
    for (size_t i = 0; i < manifest->closed_count; i++) {
        json_begin_object(writer, NULL);
        json_put_int(writer, "from_ms", manifest->closed[i].from_ms);
        json_put_int(writer, "until_ms", manifest->closed[i].until_ms);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "templates");
    for (size_t i = 0; i < manifest->template_count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "name", manifest->templates[i].name);
        json_put_sum(writer, "file", &manifest->templates[i].file);
        json_end_object(writer);
    }
    json_end_array(writer);
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
    encode_programme(&writer, manifest);
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

static bool get_tag(const struct decoder *decoder, const cJSON *object, const char *key,
                    const char *const *tags, size_t count, int *value_out)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    for (size_t i = 0; cJSON_IsString(item) && i < count; i++) {
        if (strcmp(tags[i], item->valuestring) == 0) {
            *value_out = (int)i;
            return true;
        }
    }
    error_set(decoder->err, ERROR_INVALID, "« %s », … « %s » est attendu",
              "\"%s\", … \"%s\" is expected", tags[0], tags[count - 1]);
    error_field(decoder->err, key);
    return false;
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

bool manifest_accent_parse(const char *text, uint32_t *rgb_out)
{
    if (strlen(text) != 7 || text[0] != '#' || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
        return false;
    *rgb_out = (uint32_t)strtoul(text + 1, NULL, 16);
    return true;
}

static bool decode_accent(const struct decoder *decoder, const cJSON *object, uint32_t *out)
{
    const char *text = "";
    *out = 0;
    if (!json_has(object, "accent")) {
        return true;
    }
    if (!get_string(decoder, object, "accent", &text)) {
        return false;
    }
    if (!manifest_accent_parse(text, out)) {
        error_set(decoder->err, ERROR_INVALID, "accent : couleur #RRGGBB attendue",
                  "accent: a colour #RRGGBB is expected");
        return false;
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
                                       "reduced_motion",
                                       "accent",
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
           json_get_bool(object, "reduced_motion", &screen->reduced_motion, decoder->err) &&
           decode_accent(decoder, object, &screen->accent) &&
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
    static const char *const keys[] = {"playlist", "transition", "transition_ms", "items", NULL};
    struct manifest_loop *loop = element;
    int transition;
    if (!json_only_keys(object, keys, decoder->err) ||
        !get_tag(decoder, object, "transition", transition_tags, TAG_COUNT(transition_tags),
                 &transition)) {
        return false;
    }
    loop->transition = (enum transition_kind)transition;
    return get_string(decoder, object, "playlist", &loop->playlist) &&
           get_int64(decoder, object, "transition_ms", &loop->transition_ms) &&
           decode_array(decoder, object, "items", MANIFEST_LOOP_ITEMS_MAX, sizeof *loop->items,
                        decode_item, &loop->items, &loop->item_count);
}

static bool decode_interval(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"from_ms", "until_ms", "origin_ms", "loop",
                                       "layout",  "class",    "rule",      NULL};
    struct manifest_interval *interval = element;
    int class;
    if (!json_only_keys(object, keys, decoder->err) ||
        !get_tag(decoder, object, "class", class_tags, TAG_COUNT(class_tags), &class)) {
        return false;
    }
    interval->class = (enum interval_class) class;
    return get_int64(decoder, object, "from_ms", &interval->from_ms) &&
           get_int64(decoder, object, "until_ms", &interval->until_ms) &&
           get_int64(decoder, object, "origin_ms", &interval->origin_ms) &&
           get_index(decoder, object, "loop", &interval->loop) &&
           get_index(decoder, object, "layout", &interval->layout) &&
           get_string(decoder, object, "rule", &interval->rule);
}

static bool decode_track(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"intervals", NULL};
    struct manifest_track *track = element;
    return json_only_keys(object, keys, decoder->err) &&
           decode_array(decoder, object, "intervals", MANIFEST_INTERVALS_MAX,
                        sizeof *track->intervals, decode_interval, &track->intervals,
                        &track->interval_count);
}

static bool decode_zone(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const loop_keys[] = {"id", "kind",  "x",    "y", "w",
                                            "h",  "track", "fill", NULL};
    static const char *const logo_keys[] = {"id", "kind", "x", "y", "w", "h", "file", "fill", NULL};
    struct manifest_zone *zone = element;
    int kind;
    size_t fill;
    if (!get_tag(decoder, object, "kind", zone_tags, TAG_COUNT(zone_tags), &kind) ||
        !json_only_keys(object, kind == ZONE_LOGO ? logo_keys : loop_keys, decoder->err) ||
        !get_index(decoder, object, "fill", &fill)) {
        return false;
    }
    zone->kind = (enum zone_kind)kind;
    zone->fill = (uint32_t)fill;
    return get_string(decoder, object, "id", &zone->id) &&
           get_int(decoder, object, "x", &zone->x) && get_int(decoder, object, "y", &zone->y) &&
           get_int(decoder, object, "w", &zone->w) && get_int(decoder, object, "h", &zone->h) &&
           (kind == ZONE_LOGO ? json_get_sum(object, "file", &zone->file, decoder->err)
                              : get_index(decoder, object, "track", &zone->track));
}

static bool decode_layout(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"id", "strip", "strip_track", "zones", NULL};
    struct manifest_layout *layout = element;
    struct manifest_zone *zones;
    int strip;
    if (!json_only_keys(object, keys, decoder->err) ||
        !get_tag(decoder, object, "strip", strip_tags, TAG_COUNT(strip_tags), &strip) ||
        !get_string(decoder, object, "id", &layout->id) ||
        !get_index(decoder, object, "strip_track", &layout->strip_track) ||
        !decode_array(decoder, object, "zones", MANIFEST_ZONES_MAX, sizeof *zones, decode_zone,
                      &zones, &layout->zone_count)) {
        return false;
    }
    layout->strip = (enum strip_edge)strip;
    for (size_t i = 0; i < layout->zone_count; i++) {
        layout->zones[i] = zones[i];
    }
    return true;
}

static bool decode_closed(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"from_ms", "until_ms", NULL};
    struct manifest_closed *closed = element;
    return json_only_keys(object, keys, decoder->err) &&
           get_int64(decoder, object, "from_ms", &closed->from_ms) &&
           get_int64(decoder, object, "until_ms", &closed->until_ms);
}

static bool decode_template(const struct decoder *decoder, const cJSON *object, void *element)
{
    static const char *const keys[] = {"name", "file", NULL};
    struct manifest_template *template = element;
    return json_only_keys(object, keys, decoder->err) &&
           get_string(decoder, object, "name", &template->name) &&
           json_get_sum(object, "file", &template->file, decoder->err);
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
                        &manifest->interval_count) &&
           decode_array(decoder, root, "layouts", MANIFEST_LAYOUTS_MAX, sizeof *manifest->layouts,
                        decode_layout, &manifest->layouts, &manifest->layout_count) &&
           decode_array(decoder, root, "tracks", MANIFEST_TRACKS_MAX, sizeof *manifest->tracks,
                        decode_track, &manifest->tracks, &manifest->track_count) &&
           decode_array(decoder, root, "closed", MANIFEST_CLOSED_MAX, sizeof *manifest->closed,
                        decode_closed, &manifest->closed, &manifest->closed_count) &&
           decode_array(decoder, root, "templates", MANIFEST_TEMPLATES_MAX,
                        sizeof *manifest->templates, decode_template, &manifest->templates,
                        &manifest->template_count);
}

static bool decode_document(const struct decoder *decoder, const cJSON *root)
{
    static const char *const keys[] = {
        "format",    "epoch",     "version", "created_ms", "valid_until_ms", "screen", "offsets",
        "files",     "slides",    "loops",   "intervals",  "layouts",        "tracks", "closed",
        "templates", "directory", NULL};
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
