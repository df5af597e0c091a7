#include "playlists/layout.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"

#define TITLE_LENGTH_MAX 80

/* 5.3 + 3.7 is a hair more than 9. */
#define SLACK 1e-9

static const char *const strip_tags[] = {"none", "bottom", "top"};
static const char *const kind_tags[] = {"loop", "logo"};
static const char *const way_keys[LAYOUT_WAYS] = {"landscape", "portrait"};
static const int way_units[LAYOUT_WAYS][2] = {{LAYOUT_LONG_UNITS, LAYOUT_SHORT_UNITS},
                                              {LAYOUT_SHORT_UNITS, LAYOUT_LONG_UNITS}};

static bool fail_element(struct error *err, const char *array, size_t index)
{
    char field[32];
    snprintf(field, sizeof field, "%s[%zu]", array, index);
    return error_field(err, field);
}

static bool get_choice(const cJSON *object, const char *key, const char *const *tags, size_t count,
                       int *choice_out, struct arena *arena, struct error *err)
{
    const char *text;
    if (!json_get_string(object, key, 1, 16, arena, &text, err)) {
        return false;
    }
    struct strbuf known;
    strbuf_init(&known);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(tags[i], text) == 0) {
            *choice_out = (int)i;
            strbuf_finish(&known);
            return true;
        }
        strbuf_printf(&known, "%s%s", i > 0 ? ", " : "", tags[i]);
    }
    error_set(err, ERROR_INVALID, "« %s » n’est pas connu ; écrivez l’un de : %s",
              "\"%s\" is not known; write one of: %s", text, known.bytes);
    strbuf_finish(&known);
    return error_field(err, key);
}

/* "#0B1F3A" */
static bool get_fill(const cJSON *object, struct arena *arena, uint32_t *fill_out,
                     struct error *err)
{
    *fill_out = LAYOUT_FILL;
    if (cJSON_GetObjectItemCaseSensitive(object, "fill") == NULL) {
        return true;
    }
    const char *text;
    if (!json_get_string(object, "fill", 1, 16, arena, &text, err)) {
        return false;
    }
    if (text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6) {
        error_set(err, ERROR_INVALID, "« %s » n’est pas une couleur ; écrivez par exemple #0B1F3A",
                  "\"%s\" is no colour; write for example #0B1F3A", text);
        return error_field(err, "fill");
    }
    *fill_out = (uint32_t)strtoul(text + 1, NULL, 16);
    return true;
}

static bool fail_rect(struct error *err, int way)
{
    error_set(err, ERROR_INVALID,
              "une zone est [x, y, largeur, hauteur] en unités de la grille %d × %d, sans en "
              "sortir",
              "a zone is [x, y, width, height] in units of the %d × %d grid, without leaving it",
              way_units[way][0], way_units[way][1]);
    return error_field(err, way_keys[way]);
}

static bool get_rect(const cJSON *object, int way, struct layout_rect *rect_out, struct error *err)
{
    *rect_out = (struct layout_rect){0};
    if (cJSON_GetObjectItemCaseSensitive(object, way_keys[way]) == NULL) {
        return true;
    }
    size_t count;
    const cJSON *array = json_get_array(object, way_keys[way], 4, &count, err);
    if (array == NULL) {
        return false;
    }
    double values[4] = {0};
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (!cJSON_IsNumber(item)) {
            return fail_rect(err, way);
        }
        values[index++] = item->valuedouble;
    }
    *rect_out = (struct layout_rect){values[0], values[1], values[2], values[3]};
    /* Less than a quarter of a unit shows nothing. */
    bool inside = count == 4 && rect_out->x >= 0 && rect_out->y >= 0 && rect_out->w >= 0.25 &&
                  rect_out->h >= 0.25 && rect_out->x + rect_out->w <= way_units[way][0] + SLACK &&
                  rect_out->y + rect_out->h <= way_units[way][1] + SLACK;
    return inside || fail_rect(err, way);
}

static bool meets(const struct layout_rect *a, const struct layout_rect *b)
{
    return a->w > 0 && b->w > 0 && a->x < b->x + b->w - SLACK && b->x < a->x + a->w - SLACK &&
           a->y < b->y + b->h - SLACK && b->y < a->y + a->h - SLACK;
}

static bool check_beside(const struct layout *layout, size_t index, struct error *err)
{
    const struct layout_zone *zone = &layout->zones[index];
    for (size_t i = 0; i < index; i++) {
        const struct layout_zone *other = &layout->zones[i];
        if (strcmp(zone->id, other->id) == 0) {
            error_set(err, ERROR_INVALID, "deux zones se nomment « %s »",
                      "two zones are called \"%s\"", zone->id);
            return error_field(err, "id");
        }
        for (int way = 0; way < LAYOUT_WAYS; way++) {
            if (meets(&zone->at[way], &other->at[way])) {
                error_set(err, ERROR_INVALID, "cette zone recouvre la zone « %s »",
                          "this zone overlaps zone \"%s\"", other->id);
                return error_field(err, way_keys[way]);
            }
        }
    }
    return true;
}

static bool check_role(const struct layout_zone *zone, bool first, struct error *err)
{
    bool main = strcmp(zone->id, LAYOUT_MAIN) == 0;
    if (main != first || strcmp(zone->id, LAYOUT_NEWS) == 0 || (main && zone->kind != ZONE_LOOP)) {
        error_set(err, ERROR_INVALID,
                  "la première zone est « main », de genre loop ; « news » est celle du bandeau",
                  "the first zone is \"main\", of kind loop; \"news\" is that of the strip");
        return error_field(err, "id");
    }
    for (int way = 0; way < LAYOUT_WAYS; way++) {
        bool both = zone->at[LAYOUT_LANDSCAPE].w > 0 && zone->at[LAYOUT_PORTRAIT].w > 0;
        bool any = zone->at[LAYOUT_LANDSCAPE].w > 0 || zone->at[LAYOUT_PORTRAIT].w > 0;
        if (zone->at[way].w <= 0 && (main ? !both : !any)) {
            error_set(err, ERROR_INVALID, "il manque la place de cette zone : %s",
                      "the place of this zone is missing: %s", way_keys[way]);
            return error_field(err, way_keys[way]);
        }
    }
    return true;
}

static bool decode_zone(const cJSON *object, struct layout *layout, size_t index, struct error *err)
{
    static const char *const loop_keys[] = {"id", "kind", "fill", "landscape", "portrait", NULL};
    static const char *const logo_keys[] = {"id",        "kind",     "fill",        "file",
                                            "landscape", "portrait", "file_sha256", NULL};
    struct layout_zone *zone = &layout->zones[index];
    int kind = ZONE_LOOP;
    if (!document_slug(object, "id", layout->arena, &zone->id, err) ||
        (cJSON_GetObjectItemCaseSensitive(object, "kind") != NULL &&
         !get_choice(object, "kind", kind_tags, 2, &kind, layout->arena, err))) {
        return false;
    }
    zone->kind = (enum zone_kind)kind;
    zone->logo = (struct document_file){"", ""};
    return json_only_keys(object, kind == ZONE_LOGO ? logo_keys : loop_keys, err) &&
           get_fill(object, layout->arena, &zone->fill, err) &&
           (kind != ZONE_LOGO ||
            document_file(object, "file", true, layout->arena, &zone->logo, err)) &&
           get_rect(object, LAYOUT_LANDSCAPE, &zone->at[LAYOUT_LANDSCAPE], err) &&
           get_rect(object, LAYOUT_PORTRAIT, &zone->at[LAYOUT_PORTRAIT], err) &&
           check_role(zone, index == 0, err) && check_beside(layout, index, err);
}

static bool decode_strip(const cJSON *root, struct layout *layout, struct error *err)
{
    int strip = STRIP_NONE;
    if (!get_choice(root, "strip", strip_tags, 3, &strip, layout->arena, err) ||
        (cJSON_GetObjectItemCaseSensitive(root, "news") != NULL &&
         !json_get_bool(root, "news", &layout->news, err))) {
        return false;
    }
    layout->strip = (enum strip_edge)strip;
    if (layout->news && layout->strip == STRIP_NONE) {
        error_set(err, ERROR_INVALID,
                  "les actualités demandent un bandeau : strip « bottom » ou « top »",
                  "news need a strip: strip \"bottom\" or \"top\"");
        return error_field(err, "news");
    }
    return true;
}

static bool decode_document(const cJSON *root, struct layout *layout, struct error *err)
{
    static const char *const keys[] = {"$schema", "format", "id",    "title",
                                       "strip",   "news",   "zones", NULL};
    int64_t format;
    if (!json_only_keys(root, keys, err) ||
        !json_get_int(root, "format", LAYOUT_FORMAT, LAYOUT_FORMAT, &format, err) ||
        !document_slug(root, "id", layout->arena, &layout->id, err) ||
        !document_text(root, "title", 1, TITLE_LENGTH_MAX, layout->arena, &layout->title, err) ||
        !decode_strip(root, layout, err)) {
        return false;
    }
    const cJSON *zones =
        json_get_array(root, "zones", MANIFEST_ZONES_MAX, &layout->zone_count, err);
    if (zones == NULL) {
        return false;
    }
    if (layout->zone_count == 0) {
        error_set(err, ERROR_INVALID, "il faut au moins la zone « main »",
                  "at least the zone \"main\" is needed");
        return error_field(err, "zones");
    }
    size_t index = 0;
    for (const cJSON *zone = zones->child; zone != NULL; zone = zone->next, index++) {
        if (!decode_zone(zone, layout, index, err)) {
            return fail_element(err, "zones", index);
        }
    }
    return true;
}

struct layout *layout_decode(const char *bytes, size_t length, struct error *err)
{
    cJSON *root = json_parse(bytes, length, LAYOUT_BYTES_MAX, err);
    if (root == NULL) {
        return NULL;
    }
    struct layout *layout = calloc(1, sizeof *layout);
    if (layout == NULL) {
        abort();
    }
    layout->arena = arena_create();
    if (!decode_document(root, layout, err)) {
        layout_destroy(layout);
        layout = NULL;
    }
    cJSON_Delete(root);
    return layout;
}

static void encode_zone(struct json_writer *writer, const struct layout_zone *zone)
{
    char fill[8];
    snprintf(fill, sizeof fill, "#%06X", (unsigned)(zone->fill & 0xFFFFFF));
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", zone->id);
    json_put_string(writer, "kind", kind_tags[zone->kind]);
    document_put_file(writer, "file", &zone->logo);
    json_put_string(writer, "fill", fill);
    for (int way = 0; way < LAYOUT_WAYS; way++) {
        const struct layout_rect *rect = &zone->at[way];
        if (rect->w > 0) {
            const double values[] = {rect->x, rect->y, rect->w, rect->h};
            json_begin_array(writer, way_keys[way]);
            for (size_t i = 0; i < 4; i++) {
                json_put_number(writer, NULL, values[i]);
            }
            json_end_array(writer);
        }
    }
    json_end_object(writer);
}

void layout_encode(const struct layout *layout, struct strbuf *out)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "format", LAYOUT_FORMAT);
    json_put_string(&writer, "id", layout->id);
    json_put_string(&writer, "title", layout->title);
    json_put_string(&writer, "strip", strip_tags[layout->strip]);
    json_put_bool(&writer, "news", layout->news);
    json_begin_array(&writer, "zones");
    for (size_t i = 0; i < layout->zone_count; i++) {
        encode_zone(&writer, &layout->zones[i]);
    }
    json_end_array(&writer);
    json_end_object(&writer);
}

void layout_destroy(struct layout *layout)
{
    if (layout != NULL) {
        arena_destroy(layout->arena);
        free(layout);
    }
}

bool layout_has_loop(const struct layout *layout, const char *zone)
{
    bool has = layout->news && strcmp(zone, LAYOUT_NEWS) == 0;
    for (size_t i = 0; i < layout->zone_count; i++) {
        has = has || (layout->zones[i].kind == ZONE_LOOP && strcmp(layout->zones[i].id, zone) == 0);
    }
    return has;
}

void layout_place(const struct layout_rect *rect, int way, struct manifest_zone *zone_out)
{
    double across = (double)MANIFEST_WHOLE / way_units[way][0];
    double down = (double)MANIFEST_WHOLE / way_units[way][1];
    zone_out->x = (int)lround(rect->x * across);
    zone_out->y = (int)lround(rect->y * down);
    zone_out->w = (int)lround((rect->x + rect->w) * across) - zone_out->x;
    zone_out->h = (int)lround((rect->y + rect->h) * down) - zone_out->y;
}
