#include <string.h>

#include "core/strbuf.h"
#include "server/content/fields.h"
#include "server/content/layouts.h"
#include "server/content/loading.h"
#include "server/content/zone.h"
#include "server/store/fleet.h"

#define SITES_MAX 10000
#define GROUPS_MAX 1000
#define SCREENS_MAX 100000
#define SCREEN_GROUPS_MAX 50
#define SCREEN_LANGUAGES_MAX 4
#define OPENING_MAX 21

static bool refuse(struct error *err, const char *key)
{
    error_field(err, key);
    return false;
}

static bool take_site(struct loading *loading, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {"id", "name", "commune", "address", NULL};
    struct site site = {0};
    struct arena *arena = loading->arena;
    enum upsert_result result;
    if (!json_only_keys(object, keys, err) || !field_id(object, "id", arena, &site.id, err) ||
        !field_line(object, "name", 1, 200, arena, &site.name, err) ||
        !json_get_string(object, "commune", 0, 200, arena, &site.commune, err) ||
        !json_get_string(object, "address", 0, 500, arena, &site.address, err) ||
        !sites_upsert(loading->db, arena, &site, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

static bool take_group(struct loading *loading, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {"id", "name", NULL};
    struct group group = {0};
    enum upsert_result result;
    if (!json_only_keys(object, keys, err) ||
        !field_id(object, "id", loading->arena, &group.id, err) ||
        !field_line(object, "name", 1, 200, loading->arena, &group.name, err) ||
        !groups_upsert(loading->db, loading->arena, &group, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

static bool read_sizes(const cJSON *object, struct screen *screen, struct error *err)
{
    screen->rotation = 0;
    if (!json_get_int(object, "width_px", 160, 16384, &screen->width_px, err) ||
        !json_get_int(object, "height_px", 160, 16384, &screen->height_px, err) ||
        (json_has(object, "rotation") &&
         !json_get_int(object, "rotation", 0, 270, &screen->rotation, err)) ||
        !json_get_int(object, "diagonal_mm", 50, 20000, &screen->diagonal_mm, err) ||
        !json_get_int(object, "viewing_distance_mm", 100, 100000, &screen->viewing_distance_mm,
                      err) ||
        !json_get_int(object, "bottom_edge_mm", 0, 20000, &screen->bottom_edge_mm, err)) {
        return false;
    }
    if (screen->rotation % 90 != 0) {
        error_set(err, ERROR_INVALID, "la rotation vaut 0, 90, 180 ou 270",
                  "the rotation is 0, 90, 180 or 270");
        return refuse(err, "rotation");
    }
    return true;
}

static bool read_languages(const cJSON *object, struct arena *arena, struct text_list *out,
                           struct error *err)
{
    if (!field_ids(object, "languages", SCREEN_LANGUAGES_MAX, arena, out, err)) {
        return false;
    }
    enum lang lang;
    for (size_t i = 0; i < out->count; i++) {
        if (!lang_parse(out->items[i], &lang)) {
            error_set(err, ERROR_INVALID, "« %s » n’est pas une langue connue ; écrivez fr ou en",
                      "\"%s\" is no known language; write fr or en", out->items[i]);
            return refuse(err, "languages");
        }
    }
    if (out->count == 0) {
        error_set(err, ERROR_INVALID, "aucune langue ; écrivez par exemple [\"fr\"]",
                  "no language; write for example [\"fr\"]");
        return refuse(err, "languages");
    }
    return true;
}

static bool read_time_zone(const cJSON *object, struct arena *arena, const char **name_out,
                           struct error *err)
{
    if (!json_get_string(object, "time_zone", 1, 64, arena, name_out, err)) {
        return false;
    }
    struct zone *zone = zone_open(*name_out, err);
    if (zone == NULL) {
        return refuse(err, "time_zone");
    }
    zone_close(zone);
    return true;
}

/* One stretch of opening hours, checked and written in one form. */
static bool read_opening_hours(const cJSON *object, struct arena *arena, struct json_writer *writer,
                               struct error *err)
{
    static const char *const keys[] = {"days", "from", "until", NULL};
    unsigned days = 0;
    int minutes = 0;
    const char *from = NULL;
    const char *until = NULL;
    if (!json_only_keys(object, keys, err) || !field_weekdays(object, "days", &days, err) ||
        !field_minutes(object, "from", false, &minutes, err) ||
        !field_minutes(object, "until", true, &minutes, err) ||
        !json_get_string(object, "from", 5, 5, arena, &from, err) ||
        !json_get_string(object, "until", 5, 5, arena, &until, err)) {
        return false;
    }
    json_begin_object(writer, NULL);
    json_begin_array(writer, "days");
    for (unsigned i = 0; i < 7; i++) {
        if ((days >> i & 1u) != 0) {
            json_put_string(writer, NULL, field_weekday_names[i]);
        }
    }
    json_end_array(writer);
    json_put_string(writer, "from", from);
    json_put_string(writer, "until", until);
    json_end_object(writer);
    return true;
}

static bool read_opening(const cJSON *object, struct arena *arena, const char **opening_out,
                         struct error *err)
{
    size_t count = 0;
    const cJSON *array = json_get_array(object, "opening", OPENING_MAX, &count, err);
    if (array == NULL) {
        return false;
    }
    struct strbuf text;
    strbuf_init(&text);
    struct json_writer writer;
    json_writer_init(&writer, &text);
    json_begin_array(&writer, NULL);
    size_t index = 0;
    bool ok = true;
    for (const cJSON *hours = array->child; ok && hours != NULL; hours = hours->next) {
        ok = read_opening_hours(hours, arena, &writer, err);
        if (!ok) {
            field_in_element(err, "opening", index);
        }
        index++;
    }
    json_end_array(&writer);
    *opening_out = count == 0 ? "" : arena_strndup(arena, text.bytes, text.length);
    strbuf_finish(&text);
    return ok;
}

static bool read_layout(struct loading *loading, const cJSON *object, const char **layout_out,
                        struct error *err)
{
    if (!field_optional_id(object, "layout", loading->arena, layout_out, err)) {
        return false;
    }
    struct layout *layout = layouts_find(loading->db, *layout_out, err);
    layout_destroy(layout);
    return layout != NULL || refuse(err, "layout");
}

static bool take_screen(struct loading *loading, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {"id",
                                       "name",
                                       "site",
                                       "groups",
                                       "width_px",
                                       "height_px",
                                       "rotation",
                                       "diagonal_mm",
                                       "viewing_distance_mm",
                                       "bottom_edge_mm",
                                       "kiosk",
                                       "time_zone",
                                       "languages",
                                       "opening",
                                       "layout",
                                       "reduced_motion",
                                       NULL};
    struct screen screen = {.updated_ms = loading->media->now_ms};
    struct arena *arena = loading->arena;
    enum upsert_result result;
    if (!json_only_keys(object, keys, err) || !field_id(object, "id", arena, &screen.id, err) ||
        !field_line(object, "name", 1, 200, arena, &screen.name, err) ||
        !field_optional_id(object, "site", arena, &screen.site, err) ||
        (screen.site[0] != '\0' &&
         !loading_reference(loading, REFERENCE_SITE, screen.site, "site", err)) ||
        !field_ids(object, "groups", SCREEN_GROUPS_MAX, arena, &screen.groups, err) ||
        !loading_groups(loading, &screen.groups, err) || !read_sizes(object, &screen, err) ||
        !json_get_bool(object, "kiosk", &screen.kiosk, err) ||
        !read_time_zone(object, arena, &screen.time_zone, err) ||
        !read_languages(object, arena, &screen.languages, err) ||
        !read_opening(object, arena, &screen.opening, err) ||
        !read_layout(loading, object, &screen.layout, err) ||
        (json_has(object, "reduced_motion") &&
         !json_get_bool(object, "reduced_motion", &screen.reduced_motion, err)) ||
        !screens_upsert(loading->db, arena, &screen, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

bool loading_screens(struct loading *loading, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "sites", "groups", "screens", NULL};
    return loading_format(root, keys, err) &&
           loading_each(loading, root, "sites", SITES_MAX, take_site, err) &&
           loading_each(loading, root, "groups", GROUPS_MAX, take_group, err) &&
           loading_each(loading, root, "screens", SCREENS_MAX, take_screen, err);
}
