#include <string.h>

#include "server/content/fields.h"
#include "server/content/form.h"

#define ID_PATTERN "^[a-z0-9-]{1,64}$"
#define HASH_PATTERN "^[0-9a-f]{64}$"
#define DATE_PATTERN "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
#define MINUTES_PATTERN "^([01][0-9]|2[0-3]):[0-5][0-9]$"
#define END_PATTERN "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
#define URL_PATTERN "^https?://"

static void put_type(struct json_writer *writer, const char *type, bool nullable)
{
    if (!nullable) {
        json_put_string(writer, "type", type);
        return;
    }
    json_begin_array(writer, "type");
    json_put_string(writer, NULL, type);
    json_put_string(writer, NULL, "null");
    json_end_array(writer);
}

/* An optional text that has a form may be "" as well. */
static void put_pattern(struct json_writer *writer, const struct form_field *field,
                        const char *pattern)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_printf(&text, field->required ? "%s" : "^$|%s", pattern);
    json_put_string(writer, "pattern", text.bytes);
    strbuf_finish(&text);
}

/* Lengths are in bytes here and in characters there: no text that the server takes is refused. */
static void put_length(struct json_writer *writer, const struct form_field *field)
{
    if (field->required && field->min > 0) {
        json_put_int(writer, "minLength", 1);
    }
    json_put_int(writer, "maxLength", field->max);
}

static void put_tags(struct json_writer *writer, const struct form_field *field, bool nullable)
{
    json_begin_array(writer, "enum");
    for (size_t i = 0; i < field->tag_count; i++) {
        json_put_string(writer, NULL, field->tags[i]);
    }
    if (nullable) {
        json_put_null(writer, NULL);
    }
    json_end_array(writer);
}

static void put_items(struct json_writer *writer, const struct form_field *field)
{
    json_begin_object(writer, "items");
    json_put_string(writer, "type", "string");
    if (field->type == FORM_IDS) {
        json_put_string(writer, "pattern", ID_PATTERN);
    } else if (field->tags != NULL) {
        put_tags(writer, field, false);
    }
    json_end_object(writer);
    if (field->min > 0) {
        json_put_int(writer, "minItems", field->min);
    }
    json_put_int(writer, "maxItems", field->max);
    json_put_bool(writer, "uniqueItems", true);
}

static void put_weekdays(struct json_writer *writer)
{
    json_begin_object(writer, "items");
    json_begin_array(writer, "enum");
    for (size_t i = 0; i < 7; i++) {
        json_put_string(writer, NULL, field_weekday_names[i]);
    }
    json_end_array(writer);
    json_end_object(writer);
    json_put_int(writer, "minItems", 1);
    json_put_bool(writer, "uniqueItems", true);
}

static void put_members(const struct form *form, bool answer, struct json_writer *writer);

static void put_string(const struct form_field *field, struct json_writer *writer)
{
    put_type(writer, "string", !field->required);
    switch (field->type) {
    case FORM_ID:
        put_pattern(writer, field, ID_PATTERN);
        break;
    case FORM_URL:
        put_pattern(writer, field, URL_PATTERN);
        json_put_int(writer, "maxLength", FIELD_URL_MAX);
        break;
    case FORM_HASH:
        put_pattern(writer, field, HASH_PATTERN);
        break;
    case FORM_ISO_DATE:
        put_pattern(writer, field, DATE_PATTERN);
        break;
    case FORM_DATE:
        json_put_string(writer, "format", "date");
        break;
    case FORM_INSTANT:
        json_put_string(writer, "format", "date-time");
        break;
    case FORM_MINUTES:
        json_put_string(writer, "pattern", field->min == 1 ? END_PATTERN : MINUTES_PATTERN);
        break;
    default:
        put_length(writer, field);
        break;
    }
}

static void put_value(const struct form_field *field, bool answer, struct json_writer *writer)
{
    bool nullable = !field->required;
    switch (field->type) {
    case FORM_INT:
        put_type(writer, "integer", nullable);
        json_put_int(writer, "minimum", field->min);
        json_put_int(writer, "maximum", field->max);
        break;
    case FORM_NUMBER:
        put_type(writer, "number", nullable);
        json_put_number(writer, "minimum", field->least);
        json_put_number(writer, "maximum", field->most);
        break;
    case FORM_BOOL:
        put_type(writer, "boolean", nullable);
        break;
    case FORM_CHOICE:
        put_tags(writer, field, nullable);
        break;
    case FORM_WEEKDAYS:
        put_type(writer, "array", nullable);
        put_weekdays(writer);
        break;
    case FORM_IDS:
    case FORM_LINES:
        put_type(writer, "array", nullable);
        put_items(writer, field);
        break;
    case FORM_GROUP:
        put_type(writer, "object", nullable);
        put_members(field->group, answer, writer);
        break;
    default:
        put_string(field, writer);
        break;
    }
}

static void put_field(const struct form_field *field, bool answer, struct json_writer *writer)
{
    if (field->type == FORM_OTHER) {
        field->schema(writer, field->name);
        return;
    }
    json_begin_object(writer, field->name);
    put_value(field, answer, writer);
    if (field->read_only || field->derived) {
        json_put_bool(writer, "readOnly", true);
    }
    if (field->about != NULL) {
        json_put_string(writer, "description", field->about);
    }
    json_end_object(writer);
}

static void put_members(const struct form *form, bool answer, struct json_writer *writer)
{
    json_begin_object(writer, "properties");
    for (size_t i = 0; i < form->field_count; i++) {
        put_field(&form->fields[i], answer, writer);
    }
    json_end_object(writer);
    json_begin_array(writer, "required");
    for (size_t i = 0; i < form->field_count; i++) {
        const struct form_field *field = &form->fields[i];
        if (field->required || (answer && field->type != FORM_OTHER && form->encode == NULL)) {
            json_put_string(writer, NULL, field->name);
        }
    }
    json_end_array(writer);
    if (!answer) {
        json_put_bool(writer, "additionalProperties", false);
    }
}

void form_schema(const struct form *form, bool answer, struct json_writer *writer, const char *key)
{
    json_begin_object(writer, key);
    json_put_string(writer, "type", "object");
    put_members(form, answer, writer);
    json_end_object(writer);
}
