#include "server/content/form.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/hash.h"
#include "server/content/fields.h"

#define FIELDS_MAX 64
#define LINE_BYTES_MAX 200 /* of an element of FORM_LINES */
#define NAMES_BYTES_MAX 200

/* Names all that may stand there. */
static bool refuse_tag(const struct form_field *field, const char *text, struct error *err)
{
    char names[NAMES_BYTES_MAX] = "";
    size_t used = 0;
    for (size_t i = 0; i < field->tag_count; i++) {
        int added =
            snprintf(names + used, sizeof names - used, "%s%s", i > 0 ? ", " : "", field->tags[i]);
        if (added < 0 || (size_t)added >= sizeof names - used) {
            names[used] = '\0';
            break;
        }
        used += (size_t)added;
    }
    error_set(err, ERROR_INVALID, "« %.40s » n’est pas admis ; sont admis : %s",
              "\"%.40s\" is not allowed; allowed are: %s", text, names);
    return error_field(err, field->name);
}

static bool find_tag(const struct form_field *field, const char *text, size_t *index_out)
{
    for (size_t i = 0; i < field->tag_count; i++) {
        if (strcmp(text, field->tags[i]) == 0) {
            *index_out = i;
            return true;
        }
    }
    return false;
}

static bool decode_choice(const cJSON *object, const struct form_field *field, struct arena *arena,
                          unsigned *out, struct error *err)
{
    const char *text = NULL;
    size_t index = 0;
    if (!json_get_string(object, field->name, 1, LINE_BYTES_MAX, arena, &text, err)) {
        return false;
    }
    if (!find_tag(field, text, &index)) {
        return refuse_tag(field, text, err);
    }
    *out = (unsigned)index;
    return true;
}

static bool decode_hash(const cJSON *object, const char *key, struct arena *arena, const char **out,
                        struct error *err)
{
    struct sha256 sum;
    if (!json_get_string(object, key, 0, LINE_BYTES_MAX, arena, out, err)) {
        return false;
    }
    if (sha256_from_hex(*out, &sum)) {
        return true;
    }
    error_set(err, ERROR_INVALID, "empreinte SHA-256 attendue : 64 chiffres hexadécimaux",
              "a SHA-256 is expected: 64 hexadecimal digits");
    return error_field(err, key);
}

static bool decode_text(const cJSON *object, const struct form_field *field, struct arena *arena,
                        const char **out, struct error *err)
{
    if (!json_get_string(object, field->name, field->required ? (size_t)field->min : 0,
                         (size_t)field->max, arena, out, err)) {
        return false;
    }
    for (const char *p = *out; *p != '\0'; p++) {
        if (((unsigned char)*p < 0x20 && *p != '\n' && *p != '\t' && *p != '\r') || *p == 0x7F) {
            error_set(err, ERROR_INVALID, "ce texte contient un caractère de commande",
                      "this text holds a control character");
            return error_field(err, field->name);
        }
    }
    return true;
}

static bool decode_iso_date(const cJSON *object, const char *key, struct arena *arena,
                            const char **out, struct error *err)
{
    int64_t day;
    return field_date(object, key, &day, err) &&
           json_get_string(object, key, 10, 10, arena, out, err);
}

/* Commas would part an item in two in the store. */
static bool decode_lines(const cJSON *object, const struct form_field *field, struct arena *arena,
                         struct text_list *out, struct error *err)
{
    size_t count = 0;
    const cJSON *array = json_get_array(object, field->name, (size_t)field->max, &count, err);
    if (array == NULL) {
        return false;
    }
    *out = (struct text_list){0, arena_array(arena, count, sizeof *out->items)};
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        const char *text = cJSON_IsString(item) ? item->valuestring : "";
        size_t index = 0;
        if (text[0] == '\0' || strlen(text) > LINE_BYTES_MAX || strpbrk(text, "\n\r\t,") != NULL) {
            error_set(err, ERROR_INVALID,
                      "une liste de textes courts entre guillemets, sans virgule, est attendue",
                      "a list of short texts in quotes, without commas, is expected");
            return error_field(err, field->name);
        }
        if (field->tags != NULL && !find_tag(field, text, &index)) {
            return refuse_tag(field, text, err);
        }
        for (size_t i = 0; i < out->count; i++) {
            if (strcmp(out->items[i], text) == 0) {
                error_set(err, ERROR_INVALID, "« %s » est là deux fois", "\"%s\" is there twice",
                          text);
                return error_field(err, field->name);
            }
        }
        out->items[out->count++] = arena_strdup(arena, text);
    }
    return true;
}

static bool check_count(const struct form_field *field, size_t count, struct error *err)
{
    if (count >= (size_t)field->min) {
        return true;
    }
    error_set(err, ERROR_INVALID, "%zu éléments, %lld au moins", "%zu elements, at least %lld",
              count, (long long)field->min);
    return error_field(err, field->name);
}

/* Missing, null, and of optional texts with a form of their own "": nothing is said. */
static bool is_silent(const cJSON *object, const struct form_field *field)
{
    if (field->required) {
        return false;
    }
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, field->name);
    return item == NULL || cJSON_IsNull(item) ||
           (field->type <= FORM_HASH && cJSON_IsString(item) && item->valuestring[0] == '\0') ||
           (field->type == FORM_ISO_DATE && cJSON_IsString(item) && item->valuestring[0] == '\0');
}

static void set_absent(const struct form_field *field, void *member)
{
    switch (field->type) {
    case FORM_LINE:
    case FORM_TEXT:
    case FORM_ID:
    case FORM_URL:
    case FORM_HASH:
    case FORM_ISO_DATE:
        *(const char **)member = "";
        break;
    case FORM_DATE:
    case FORM_INT:
        *(int64_t *)member = field->absent;
        break;
    case FORM_INSTANT:
        *(int64_t *)member = 0;
        break;
    case FORM_MINUTES:
        *(int *)member = (int)field->absent;
        break;
    case FORM_WEEKDAYS:
    case FORM_CHOICE:
        *(unsigned *)member = (unsigned)field->absent;
        break;
    case FORM_NUMBER:
        *(double *)member = field->absent_number;
        break;
    case FORM_BOOL:
        *(bool *)member = field->absent != 0;
        break;
    case FORM_IDS:
    case FORM_LINES:
        *(struct text_list *)member = (struct text_list){0};
        break;
    case FORM_GROUP:
    case FORM_OTHER:
        break;
    }
}

static bool decode_fields(const struct form *form, const cJSON *object, struct arena *arena,
                          void *out, struct error *err);

/* What is not said of a group is not said of its fields. */
static void set_group_absent(const struct form *form, void *out)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct form_field *field = &form->fields[i];
        if (field->type == FORM_GROUP) {
            set_group_absent(field->group, out);
        } else {
            set_absent(field, (char *)out + field->offset);
        }
    }
}

static bool decode_group(const cJSON *object, const struct form_field *field, struct arena *arena,
                         void *out, struct error *err)
{
    if (!field->required && !json_has(object, field->name)) {
        set_group_absent(field->group, out);
        return true;
    }
    const cJSON *group = json_get_object(object, field->name, err);
    if (group == NULL) {
        return false;
    }
    return decode_fields(field->group, group, arena, out, err) || error_field(err, field->name);
}

static bool decode_list(const struct form_field *field, const cJSON *object, struct arena *arena,
                        struct text_list *list, struct error *err)
{
    bool ok = field->type == FORM_IDS
                  ? field_ids(object, field->name, (size_t)field->max, arena, list, err)
                  : decode_lines(object, field, arena, list, err);
    return ok && check_count(field, list->count, err);
}

static bool decode_value(const struct form_field *field, const cJSON *object, struct arena *arena,
                         void *member, struct error *err)
{
    const char *key = field->name;
    switch (field->type) {
    case FORM_LINE:
        return field_line(object, key, (size_t)field->min, (size_t)field->max, arena, member, err);
    case FORM_TEXT:
        return decode_text(object, field, arena, member, err);
    case FORM_ID:
        return field_id(object, key, arena, member, err);
    case FORM_URL:
        return field_optional_url(object, key, arena, member, err);
    case FORM_HASH:
        return decode_hash(object, key, arena, member, err);
    case FORM_DATE:
        return field_date(object, key, member, err);
    case FORM_ISO_DATE:
        return decode_iso_date(object, key, arena, member, err);
    case FORM_INSTANT:
        return field_optional_instant(object, key, member, err);
    case FORM_MINUTES:
        return field_minutes(object, key, field->min == 1, member, err);
    case FORM_WEEKDAYS:
        return field_weekdays(object, key, member, err);
    case FORM_INT:
        return json_get_int(object, key, field->min, field->max, member, err);
    case FORM_NUMBER:
        return json_get_number(object, key, field->least, field->most, member, err);
    case FORM_BOOL:
        return json_get_bool(object, key, member, err);
    case FORM_CHOICE:
        return decode_choice(object, field, arena, member, err);
    case FORM_IDS:
    case FORM_LINES:
        return decode_list(field, object, arena, member, err);
    case FORM_GROUP:
    case FORM_OTHER:
        break;
    }
    assert(!"a field without a type");
    return false;
}

static bool decode_field(const struct form_field *field, const cJSON *object, struct arena *arena,
                         void *out, struct error *err)
{
    void *member = (char *)out + field->offset;
    if (field->type == FORM_GROUP) {
        return decode_group(object, field, arena, out, err);
    }
    if (field->read_only && json_has(object, field->name)) {
        error_set(err, ERROR_INVALID, "ce champ se lit seulement ; retirez-le",
                  "this field can only be read; remove it");
        return error_field(err, field->name);
    }
    if (field->type == FORM_OTHER && !field->read_only && !field->derived) {
        return field->decode(object, field->name, arena, member, err);
    }
    if (field->read_only || field->derived || is_silent(object, field)) {
        set_absent(field, member);
        return true;
    }
    return decode_value(field, object, arena, member, err);
}

static bool decode_fields(const struct form *form, const cJSON *object, struct arena *arena,
                          void *out, struct error *err)
{
    const char *keys[FIELDS_MAX + 1];
    assert(form->field_count <= FIELDS_MAX);
    for (size_t i = 0; i < form->field_count; i++) {
        keys[i] = form->fields[i].name;
    }
    keys[form->field_count] = NULL;
    if (!json_only_keys(object, keys, err)) {
        return false;
    }
    for (size_t i = 0; i < form->field_count; i++) {
        if (!decode_field(&form->fields[i], object, arena, out, err)) {
            return false;
        }
    }
    return form->check == NULL || form->check(object, out, err);
}

bool form_decode(const struct form *form, const cJSON *object, struct arena *arena, void *out,
                 struct error *err)
{
    return form->decode != NULL ? form->decode(object, arena, out, err)
                                : decode_fields(form, object, arena, out, err);
}

void form_put_date(struct json_writer *writer, const char *key, int64_t day)
{
    char text[16];
    civil_format_date(day, text, sizeof text);
    json_put_string(writer, key, text);
}

bool form_check_period(int64_t from_day, int64_t until_day, struct error *err)
{
    char from[16], until[16];
    if (until_day >= from_day) {
        return true;
    }
    civil_format_date(from_day, from, sizeof from);
    civil_format_date(until_day, until, sizeof until);
    error_set(err, ERROR_INVALID, "la date de fin (%s) précède la date de début (%s)",
              "the end date (%s) is before the start date (%s)", until, from);
    return error_field(err, "until");
}

static void put_date(struct json_writer *writer, const struct form_field *field, int64_t day)
{
    if (!field->required && day == field->absent) {
        json_put_null(writer, field->name);
    } else {
        form_put_date(writer, field->name, day);
    }
}

static void put_instant(struct json_writer *writer, const char *key, int64_t ms)
{
    char text[32];
    if (ms == 0) {
        json_put_null(writer, key);
        return;
    }
    civil_format_instant(ms, text, sizeof text);
    json_put_string(writer, key, text);
}

static void put_minutes(struct json_writer *writer, const char *key, int minutes)
{
    char text[16];
    snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
    json_put_string(writer, key, text);
}

static void put_weekdays(struct json_writer *writer, const char *key, unsigned days)
{
    json_begin_array(writer, key);
    for (unsigned i = 0; i < 7; i++) {
        if ((days >> i & 1u) != 0) {
            json_put_string(writer, NULL, field_weekday_names[i]);
        }
    }
    json_end_array(writer);
}

static void put_list(struct json_writer *writer, const char *key, const struct text_list *list)
{
    json_begin_array(writer, key);
    for (size_t i = 0; i < list->count; i++) {
        json_put_string(writer, NULL, list->items[i]);
    }
    json_end_array(writer);
}

static void encode_fields(const struct form *form, const void *value, struct json_writer *writer);

static void encode_field(const struct form_field *field, const void *value,
                         struct json_writer *writer)
{
    const void *member = (const char *)value + field->offset;
    const char *key = field->name;
    switch (field->type) {
    case FORM_LINE:
    case FORM_TEXT:
    case FORM_ID:
    case FORM_URL:
    case FORM_HASH:
    case FORM_ISO_DATE: {
        const char *text = *(const char *const *)member;
        json_put_string(writer, key, text != NULL ? text : "");
        break;
    }
    case FORM_DATE:
        put_date(writer, field, *(const int64_t *)member);
        break;
    case FORM_INSTANT:
        put_instant(writer, key, *(const int64_t *)member);
        break;
    case FORM_MINUTES:
        put_minutes(writer, key, *(const int *)member);
        break;
    case FORM_WEEKDAYS:
        put_weekdays(writer, key, *(const unsigned *)member);
        break;
    case FORM_INT:
        json_put_int(writer, key, *(const int64_t *)member);
        break;
    case FORM_NUMBER:
        if (*(const double *)member >= field->least && *(const double *)member <= field->most)
            json_put_number(writer, key, *(const double *)member);
        else
            json_put_null(writer, key);
        break;
    case FORM_BOOL:
        json_put_bool(writer, key, *(const bool *)member);
        break;
    case FORM_CHOICE:
        assert(*(const unsigned *)member < field->tag_count);
        json_put_string(writer, key, field->tags[*(const unsigned *)member]);
        break;
    case FORM_IDS:
    case FORM_LINES:
        put_list(writer, key, member);
        break;
    case FORM_GROUP:
        json_begin_object(writer, key);
        encode_fields(field->group, value, writer);
        json_end_object(writer);
        break;
    case FORM_OTHER:
        field->encode(writer, key, member);
        break;
    }
}

static void encode_fields(const struct form *form, const void *value, struct json_writer *writer)
{
    for (size_t i = 0; i < form->field_count; i++) {
        encode_field(&form->fields[i], value, writer);
    }
}

void form_encode(const struct form *form, const void *value, struct json_writer *writer)
{
    if (form->encode != NULL) {
        form->encode(value, writer);
    } else {
        encode_fields(form, value, writer);
    }
}
