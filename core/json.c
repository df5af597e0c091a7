#include "core/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_scan.h"
#include "core/utf8.h"

/* Integers of a double that stand for themselves alone. */
#define INTEGER_MAX INT64_C(9007199254740991)

cJSON *json_parse(const char *bytes, size_t length, size_t limit, struct error *err)
{
    if (length > limit) {
        error_set(err, ERROR_LIMIT, "document JSON trop long : %zu octets, %zu au plus",
                  "JSON document too long: %zu bytes, at most %zu", length, limit);
        return NULL;
    }
    if (!json_scan(bytes, length, err)) {
        return NULL;
    }
    cJSON *root = cJSON_ParseWithLengthOpts(bytes, length, NULL, false);
    if (root == NULL) {
        error_set(err, ERROR_INTERNAL, "document JSON illisible", "unreadable JSON document");
    }
    return root;
}

static bool fail_field(struct error *err, enum error_kind kind, const char *key, const char *fr,
                       const char *en)
{
    error_set(err, kind, "%s%.0s", "%.0s%s", fr, en);
    error_field(err, key);
    return false;
}

/* Member names come case-sensitive; most are among the first few. */
static const cJSON *member(const cJSON *object, const char *key, struct error *err)
{
    const cJSON *found =
        cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
    if (found == NULL) {
        fail_field(err, ERROR_INVALID, key, "manquant", "missing");
    }
    return found;
}

bool json_get_string(const cJSON *object, const char *key, size_t min, size_t max,
                     struct arena *arena, const char **text_out, struct error *err)
{
    const cJSON *item = member(object, key, err);
    if (item == NULL) {
        return false;
    }
    if (!cJSON_IsString(item)) {
        return fail_field(err, ERROR_INVALID, key, "un texte est attendu", "a text is expected");
    }
    size_t length = strlen(item->valuestring);
    if (length == 0 && min > 0) {
        return fail_field(err, ERROR_INVALID, key, "ce texte est vide ; il est obligatoire",
                          "this text is empty; it is needed");
    }
    if (length < min || length > max) {
        error_set(err, length > max ? ERROR_LIMIT : ERROR_INVALID,
                  "texte de %zu octets, de %zu à %zu sont admis (une lettre accentuée en compte "
                  "deux)",
                  "text of %zu bytes, %zu to %zu are allowed (an accented letter counts as two)",
                  length, min, max);
        error_field(err, key);
        return false;
    }
    *text_out = arena_strndup(arena, item->valuestring, length);
    return true;
}

bool json_get_int(const cJSON *object, const char *key, int64_t min, int64_t max,
                  int64_t *value_out, struct error *err)
{
    const cJSON *item = member(object, key, err);
    if (item == NULL) {
        return false;
    }
    double value = item->valuedouble;
    if (!cJSON_IsNumber(item) || value != floor(value) || fabs(value) > (double)INTEGER_MAX) {
        return fail_field(err, ERROR_INVALID, key, "un nombre entier est attendu",
                          "a whole number is expected");
    }
    int64_t whole = (int64_t)value;
    if (whole < min || whole > max) {
        error_set(err, ERROR_INVALID, "%lld est hors limites : de %lld à %lld",
                  "%lld is out of bounds: %lld to %lld", (long long)whole, (long long)min,
                  (long long)max);
        error_field(err, key);
        return false;
    }
    *value_out = whole;
    return true;
}

bool json_get_number(const cJSON *object, const char *key, double min, double max,
                     double *value_out, struct error *err)
{
    const cJSON *item = member(object, key, err);
    if (item == NULL) {
        return false;
    }
    if (!cJSON_IsNumber(item)) {
        return fail_field(err, ERROR_INVALID, key, "un nombre est attendu", "a number is expected");
    }
    double value = item->valuedouble;
    if (!isfinite(value) || value < min || value > max) {
        error_set(err, ERROR_INVALID, "%g est hors limites : de %g à %g",
                  "%g is out of bounds: %g to %g", value, min, max);
        error_field(err, key);
        return false;
    }
    *value_out = value;
    return true;
}

bool json_get_bool(const cJSON *object, const char *key, bool *value_out, struct error *err)
{
    const cJSON *item = member(object, key, err);
    if (item == NULL) {
        return false;
    }
    if (!cJSON_IsBool(item)) {
        return fail_field(err, ERROR_INVALID, key, "true ou false est attendu",
                          "true or false is expected");
    }
    *value_out = cJSON_IsTrue(item);
    return true;
}

const cJSON *json_get_object(const cJSON *object, const char *key, struct error *err)
{
    const cJSON *item = member(object, key, err);
    if (item != NULL && !cJSON_IsObject(item)) {
        fail_field(err, ERROR_INVALID, key, "un objet { } est attendu",
                   "an object { } is expected");
        return NULL;
    }
    return item;
}

const cJSON *json_get_array(const cJSON *object, const char *key, size_t max, size_t *count_out,
                            struct error *err)
{
    const cJSON *item = member(object, key, err);
    if (item == NULL) {
        return NULL;
    }
    if (!cJSON_IsArray(item)) {
        fail_field(err, ERROR_INVALID, key, "une liste [ ] est attendue", "a list [ ] is expected");
        return NULL;
    }
    size_t count = 0;
    for (const cJSON *element = item->child; element != NULL; element = element->next) {
        count++;
    }
    if (count > max) {
        error_set(err, ERROR_LIMIT, "%zu éléments, %zu au plus", "%zu elements, at most %zu", count,
                  max);
        error_field(err, key);
        return NULL;
    }
    *count_out = count;
    return item;
}

bool json_has(const cJSON *object, const char *key)
{
    const cJSON *item =
        cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
    return item != NULL && !cJSON_IsNull(item);
}

/* Names every field that may stand there: one of them is what was meant. */
static bool fail_unknown(struct error *err, const char *name, const char *const *keys)
{
    char known[256] = "";
    size_t used = 0;
    for (const char *const *key = keys; *key != NULL; key++) {
        int added = snprintf(known + used, sizeof known - used, "%s%s", used > 0 ? ", " : "", *key);
        if (added < 0 || (size_t)added >= sizeof known - used) {
            known[used] = '\0';
            break;
        }
        used += (size_t)added;
    }
    error_set(err, ERROR_INVALID, "champ inconnu ; sont admis : %s",
              "unknown field; allowed are: %s", known);
    error_field(err, name);
    return false;
}

bool json_only_keys(const cJSON *object, const char *const *keys, struct error *err)
{
    if (!cJSON_IsObject(object)) {
        return error_set(err, ERROR_INVALID, "un objet { } est attendu",
                         "an object { } is expected");
    }
    for (const cJSON *item = object->child; item != NULL; item = item->next) {
        const char *const *key = keys;
        while (*key != NULL && strcmp(*key, item->string) != 0) {
            key++;
        }
        if (*key == NULL) {
            return fail_unknown(err, item->string, keys);
        }
    }
    return true;
}

void json_writer_init(struct json_writer *writer, struct strbuf *out)
{
    *writer = (struct json_writer){.out = out};
}

/* Quotes the text; malformed UTF-8 becomes U+FFFD, so that what is written can be read. */
static void append_quoted(struct strbuf *out, const char *text)
{
    const char *end = text + strlen(text);
    strbuf_append_char(out, '"');
    const char *run = text;
    while (text < end) {
        const char *at = text;
        unsigned char c = (unsigned char)*text;
        if (c < 0x80) {
            text++;
            if (c >= 0x20 && c != '"' && c != '\\') {
                continue;
            }
        } else {
            uint32_t code_point = utf8_next(&text, end);
            if (code_point != 0xFFFD || text - at == 3) {
                continue;
            }
        }
        strbuf_append_bytes(out, run, (size_t)(at - run));
        run = text;
        if (c >= 0x80) {
            utf8_append(out, 0xFFFD);
        } else if (c == '\n') {
            strbuf_append(out, "\\n");
        } else if (c == '"' || c == '\\') {
            strbuf_append_char(out, '\\');
            strbuf_append_char(out, (char)c);
        } else {
            strbuf_printf(out, "\\u%04x", c);
        }
    }
    strbuf_append_bytes(out, run, (size_t)(end - run));
    strbuf_append_char(out, '"');
}

static void begin_value(struct json_writer *writer, const char *key)
{
    if (writer->comma) {
        strbuf_append_char(writer->out, ',');
    }
    writer->comma = true;
    if (key != NULL) {
        append_quoted(writer->out, key);
        strbuf_append_char(writer->out, ':');
    }
}

void json_begin_object(struct json_writer *writer, const char *key)
{
    begin_value(writer, key);
    strbuf_append_char(writer->out, '{');
    writer->comma = false;
}

void json_end_object(struct json_writer *writer)
{
    strbuf_append_char(writer->out, '}');
    writer->comma = true;
}

void json_begin_array(struct json_writer *writer, const char *key)
{
    begin_value(writer, key);
    strbuf_append_char(writer->out, '[');
    writer->comma = false;
}

void json_end_array(struct json_writer *writer)
{
    strbuf_append_char(writer->out, ']');
    writer->comma = true;
}

void json_put_string(struct json_writer *writer, const char *key, const char *text)
{
    if (text == NULL) {
        json_put_null(writer, key);
        return;
    }
    begin_value(writer, key);
    append_quoted(writer->out, text);
}

void json_put_int(struct json_writer *writer, const char *key, int64_t value)
{
    begin_value(writer, key);
    strbuf_printf(writer->out, "%lld", (long long)value);
}

void json_put_number(struct json_writer *writer, const char *key, double value)
{
    if (!isfinite(value)) {
        json_put_null(writer, key);
        return;
    }
    begin_value(writer, key);
    /* The shortest text that reads back as the same number. */
    char text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    char *comma = strchr(text, ',');
    if (comma != NULL) {
        *comma = '.'; /* a locale's decimal comma */
    }
    strbuf_append(writer->out, text);
}

void json_put_bool(struct json_writer *writer, const char *key, bool value)
{
    begin_value(writer, key);
    strbuf_append(writer->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *writer, const char *key)
{
    begin_value(writer, key);
    strbuf_append(writer->out, "null");
}

void json_put_raw(struct json_writer *writer, const char *key, const char *value)
{
    begin_value(writer, key);
    strbuf_append(writer->out, value);
}

void json_put_members(struct json_writer *writer, const char *object)
{
    const char *first = object + strspn(object, " \t\r\n");
    const char *end = strrchr(object, '}');
    assert(*first == '{' && end != NULL);
    first += 1 + strspn(first + 1, " \t\r\n");
    if (first < end) {
        begin_value(writer, NULL);
        strbuf_append_bytes(writer->out, first, (size_t)(end - first));
    }
}
