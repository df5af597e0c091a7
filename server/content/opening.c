#include "server/content/opening.h"

#include <stdio.h>
#include <string.h>

#include "server/content/fields.h"

#define OPENING_BYTES_MAX 65536

static bool read_hours(const cJSON *object, struct opening_hours *out, struct error *err)
{
    return field_minutes(object, "from", false, &out->from_minute, err) &&
           field_minutes(object, "until", true, &out->until_minute, err);
}

/* "holidays" is true or not there. */
static bool read_holiday(const cJSON *object, struct opening *opening, struct error *err)
{
    static const char *const keys[] = {"holidays", "closed", "from", "until", NULL};
    bool holidays = false;
    bool closed = false;
    if (!json_only_keys(object, keys, err) || !json_get_bool(object, "holidays", &holidays, err) ||
        (json_has(object, "closed") && !json_get_bool(object, "closed", &closed, err))) {
        return false;
    }
    if (!holidays) {
        error_set(err, ERROR_INVALID, "écrivez true, ou « days » à la place",
                  "write true, or \"days\" instead");
        return error_field(err, "holidays");
    }
    if (closed && (json_has(object, "from") || json_has(object, "until"))) {
        error_set(err, ERROR_INVALID, "fermé et ouvert à la fois : retirez closed, ou les heures",
                  "closed and open at once: remove closed, or the hours");
        return error_field(err, "closed");
    }
    opening->has_holidays = true;
    if (closed) {
        return true;
    }
    struct opening_hours *hours = &opening->hours[opening->count++];
    *hours = (struct opening_hours){0};
    return read_hours(object, hours, err);
}

static bool read_element(const cJSON *object, struct opening *opening, struct error *err)
{
    static const char *const keys[] = {"days", "from", "until", NULL};
    if (json_has(object, "holidays")) {
        return read_holiday(object, opening, err);
    }
    struct opening_hours *hours = &opening->hours[opening->count++];
    return json_only_keys(object, keys, err) && field_weekdays(object, "days", &hours->days, err) &&
           read_hours(object, hours, err);
}

static bool read_array(const cJSON *array, const char *key, struct opening *out, struct error *err)
{
    size_t index = 0;
    *out = (struct opening){0};
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (!read_element(item, out, err)) {
            field_in_element(err, key, index);
            return false;
        }
        index++;
    }
    return true;
}

static void put_minutes(struct json_writer *writer, const char *key, int minutes)
{
    char text[16];
    snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
    json_put_string(writer, key, text);
}

static void put_hours(struct json_writer *writer, const struct opening_hours *hours)
{
    json_begin_object(writer, NULL);
    if (hours->days == 0) {
        json_put_bool(writer, "holidays", true);
    } else {
        json_begin_array(writer, "days");
        for (unsigned i = 0; i < 7; i++) {
            if ((hours->days >> i & 1u) != 0) {
                json_put_string(writer, NULL, field_weekday_names[i]);
            }
        }
        json_end_array(writer);
    }
    put_minutes(writer, "from", hours->from_minute);
    put_minutes(writer, "until", hours->until_minute);
    json_end_object(writer);
}

static const char *write_opening(const struct opening *opening, struct arena *arena)
{
    struct strbuf text;
    struct json_writer writer;
    bool open_on_holidays = false;
    strbuf_init(&text);
    json_writer_init(&writer, &text);
    json_begin_array(&writer, NULL);
    for (size_t i = 0; i < opening->count; i++) {
        put_hours(&writer, &opening->hours[i]);
        open_on_holidays = open_on_holidays || opening->hours[i].days == 0;
    }
    if (opening->has_holidays && !open_on_holidays) {
        json_begin_object(&writer, NULL);
        json_put_bool(&writer, "holidays", true);
        json_put_bool(&writer, "closed", true);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    const char *out = arena_strndup(arena, text.bytes, text.length);
    strbuf_finish(&text);
    return out;
}

bool opening_decode(const cJSON *object, const char *key, struct arena *arena, void *out,
                    struct error *err)
{
    size_t count = 0;
    struct opening opening;
    *(const char **)out = "";
    if (!json_has(object, key)) {
        return true;
    }
    const cJSON *array = json_get_array(object, key, OPENING_HOURS_MAX, &count, err);
    if (array == NULL || !read_array(array, key, &opening, err)) {
        return false;
    }
    if (count > 0) {
        *(const char **)out = write_opening(&opening, arena);
    }
    return true;
}

void opening_encode(struct json_writer *writer, const char *key, const void *value)
{
    const char *opening = *(const char *const *)value;
    json_put_raw(writer, key, opening != NULL && opening[0] != '\0' ? opening : "[]");
}

void opening_schema(struct json_writer *writer, const char *key)
{
    json_put_raw(
        writer, key,
        "{\"type\":[\"array\",\"null\"],\"maxItems\":21,\"description\":\"When people may be "
        "there; empty: always. An entry with holidays in place of days says what holds on public "
        "holidays\",\"items\":{\"type\":\"object\",\"properties\":{"
        "\"days\":{\"type\":\"array\",\"minItems\":1,\"uniqueItems\":true,\"items\":{"
        "\"enum\":[\"mo\",\"tu\",\"we\",\"th\",\"fr\",\"sa\",\"su\"]}},"
        "\"holidays\":{\"const\":true},\"closed\":{\"type\":\"boolean\"},"
        "\"from\":{\"type\":\"string\",\"pattern\":\"^[0-2][0-9]:[0-5][0-9]$\"},"
        "\"until\":{\"type\":\"string\",\"pattern\":\"^[0-2][0-9]:[0-5][0-9]$\"}},"
        "\"oneOf\":[{\"required\":[\"days\",\"from\",\"until\"]},"
        "{\"required\":[\"holidays\",\"from\",\"until\"]},"
        "{\"required\":[\"holidays\",\"closed\"]}],\"additionalProperties\":false}}");
}

void opening_read(const char *text, struct opening *out)
{
    struct error ignored;
    cJSON *root =
        text[0] == '\0' ? NULL : json_parse(text, strlen(text), OPENING_BYTES_MAX, &ignored);
    if (!cJSON_IsArray(root) || cJSON_GetArraySize(root) > OPENING_HOURS_MAX ||
        !read_array(root, "opening", out, &ignored)) {
        *out = (struct opening){0};
    }
    cJSON_Delete(root);
}
