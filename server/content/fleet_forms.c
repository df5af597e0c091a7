#include <string.h>

#include "server/content/fields.h"
#include "server/content/forms.h"
#include "server/content/zone.h"

#define SCREEN_GROUPS_MAX 50
#define SCREEN_LANGUAGES_MAX 4
#define OPENING_MAX 21

#define SITE(member) .offset = offsetof(struct site, member)
#define GROUP(member) .offset = offsetof(struct group, member)
#define SCREEN(member) .offset = offsetof(struct screen, member)

static const struct form_field site_fields[] = {
    {.name = "id", .type = FORM_ID, SITE(id), .required = true},
    {.name = "name", .type = FORM_LINE, SITE(name), .min = 1, .max = 200, .required = true},
    {.name = "commune", .type = FORM_LINE, SITE(commune), .max = 200},
    {.name = "address", .type = FORM_TEXT, SITE(address), .max = 500},
};

const struct form site_form = {
    .name = "Site", .size = sizeof(struct site), FORM_FIELDS(site_fields)};

static const struct form_field group_fields[] = {
    {.name = "id", .type = FORM_ID, GROUP(id), .required = true},
    {.name = "name", .type = FORM_LINE, GROUP(name), .min = 1, .max = 200, .required = true},
};

const struct form group_form = {
    .name = "Group", .size = sizeof(struct group), FORM_FIELDS(group_fields)};

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

static bool decode_opening(const cJSON *object, const char *key, struct arena *arena, void *out,
                           struct error *err)
{
    size_t count = 0;
    *(const char **)out = "";
    if (!json_has(object, key)) {
        return true;
    }
    const cJSON *array = json_get_array(object, key, OPENING_MAX, &count, err);
    if (array == NULL || count == 0) {
        return array != NULL;
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
            field_in_element(err, key, index);
        }
        index++;
    }
    json_end_array(&writer);
    *(const char **)out = arena_strndup(arena, text.bytes, text.length);
    strbuf_finish(&text);
    return ok;
}

static void encode_opening(struct json_writer *writer, const char *key, const void *value)
{
    const char *opening = *(const char *const *)value;
    json_put_raw(writer, key, opening != NULL && opening[0] != '\0' ? opening : "[]");
}

static void schema_opening(struct json_writer *writer, const char *key)
{
    json_put_raw(writer, key,
                 "{\"type\":[\"array\",\"null\"],\"maxItems\":21,\"description\":\"When people may "
                 "be there; empty: always\",\"items\":{\"type\":\"object\",\"properties\":{"
                 "\"days\":{\"type\":\"array\",\"minItems\":1,\"uniqueItems\":true,\"items\":{"
                 "\"enum\":[\"mo\",\"tu\",\"we\",\"th\",\"fr\",\"sa\",\"su\"]}},"
                 "\"from\":{\"type\":\"string\",\"pattern\":\"^[0-2][0-9]:[0-5][0-9]$\"},"
                 "\"until\":{\"type\":\"string\",\"pattern\":\"^[0-2][0-9]:[0-5][0-9]$\"}},"
                 "\"required\":[\"days\",\"from\",\"until\"],\"additionalProperties\":false}}");
}

static const char *const languages[] = {"fr", "en"};

static const struct form_field screen_fields[] = {
    {.name = "id", .type = FORM_ID, SCREEN(id), .required = true},
    {.name = "name", .type = FORM_LINE, SCREEN(name), .min = 1, .max = 200, .required = true},
    {.name = "site", .type = FORM_ID, SCREEN(site)},
    {.name = "groups",
     .type = FORM_IDS,
     SCREEN(groups),
     .max = SCREEN_GROUPS_MAX,
     .required = true},
    {.name = "width_px",
     .type = FORM_INT,
     SCREEN(width_px),
     .min = 160,
     .max = 16384,
     .required = true,
     .about = "As people see it, turned"},
    {.name = "height_px",
     .type = FORM_INT,
     SCREEN(height_px),
     .min = 160,
     .max = 16384,
     .required = true},
    {.name = "rotation",
     .type = FORM_INT,
     SCREEN(rotation),
     .max = 270,
     .about = "0, 90, 180 or 270 degrees"},
    {.name = "diagonal_mm",
     .type = FORM_INT,
     SCREEN(diagonal_mm),
     .min = 50,
     .max = 20000,
     .required = true},
    {.name = "viewing_distance_mm",
     .type = FORM_INT,
     SCREEN(viewing_distance_mm),
     .min = 100,
     .max = 100000,
     .required = true},
    {.name = "bottom_edge_mm",
     .type = FORM_INT,
     SCREEN(bottom_edge_mm),
     .max = 20000,
     .required = true,
     .about = "Height of the picture's lower edge"},
    {.name = "kiosk", .type = FORM_BOOL, SCREEN(kiosk), .required = true},
    {.name = "time_zone",
     .type = FORM_LINE,
     SCREEN(time_zone),
     .min = 1,
     .max = 64,
     .required = true,
     .about = "Of the tz database: Europe/Paris"},
    {.name = "languages",
     .type = FORM_LINES,
     SCREEN(languages),
     .min = 1,
     .max = SCREEN_LANGUAGES_MAX,
     .required = true,
     .tags = languages,
     .tag_count = sizeof languages / sizeof *languages},
    {.name = "opening",
     .type = FORM_OTHER,
     SCREEN(opening),
     .decode = decode_opening,
     .encode = encode_opening,
     .schema = schema_opening},
    {.name = "layout", .type = FORM_ID, SCREEN(layout), .about = "Empty: the usual one"},
    {.name = "reduced_motion", .type = FORM_BOOL, SCREEN(reduced_motion)},
};

static bool check_screen(const cJSON *object, void *value, struct error *err)
{
    const struct screen *screen = value;
    (void)object;
    if (screen->rotation % 90 != 0) {
        error_set(err, ERROR_INVALID, "la rotation vaut 0, 90, 180 ou 270",
                  "the rotation is 0, 90, 180 or 270");
        return error_field(err, "rotation");
    }
    struct zone *zone = zone_open(screen->time_zone, err);
    if (zone == NULL) {
        return error_field(err, "time_zone");
    }
    zone_close(zone);
    return true;
}

const struct form screen_form = {.name = "Screen",
                                 .size = sizeof(struct screen),
                                 FORM_FIELDS(screen_fields),
                                 .check = check_screen};
