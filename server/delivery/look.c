#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/json.h"
#include "server/delivery/delivery.h"

#define MAPPING_BYTES_MAX ((size_t)64 * 1024)
#define CALENDAR "BEGIN:VCALENDAR"

bool delivery_may_publish(const struct user *user)
{
    return auth_allows(user, PERMISSION_SETTINGS, NULL);
}

bool delivery_sees(const struct user *user, const struct import_file *file)
{
    return strcmp(user->name, file->user_name) == 0 ||
           (user->sites.count == 0 && delivery_may_publish(user));
}

/* A calendar begins by its name, perhaps after a mark and empty lines. */
static bool is_calendar(const char *path)
{
    char bytes[256] = {0};
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(bytes, 1, sizeof(bytes) - 1, file) : 0;
    const char *at = bytes;

    if (file)
        fclose(file);
    if (length >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
        at += 3;
    at += strspn(at, " \t\r\n");
    return strncasecmp(at, CALENDAR, strlen(CALENDAR)) == 0;
}

static void put_column(struct json_writer *writer, enum mapping_kind kind,
                       const struct mapping_column *column)
{
    size_t count;
    const struct mapping_field *fields = mapping_fields(kind, &count);

    json_begin_object(writer, NULL);
    json_put_string(writer, "title", column->title);
    json_put_int(writer, "filled", (int64_t)column->filled);
    json_begin_array(writer, "samples");
    for (size_t i = 0; i < column->sample_count; i++)
        json_put_string(writer, NULL, column->samples[i]);
    json_end_array(writer);
    if (column->guess == MAPPING_NONE)
        json_put_null(writer, "guess");
    else
        json_put_string(writer, "guess", fields[column->guess].tag);
    json_put_bool(writer, "sure", column->sure);
    json_end_object(writer);
}

static const char *taken(struct arena *arena, struct strbuf *out)
{
    const char *text = arena_strndup(arena, out->bytes, out->length);

    strbuf_finish(out);
    return text;
}

static const char *write_look(struct arena *arena, const struct mapping_look *look)
{
    struct json_writer writer;
    struct strbuf out;
    const char delimiter[2] = {look->format.delimiter, '\0'};

    strbuf_init(&out);
    json_writer_init(&writer, &out);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "encoding", table_encoding_name(look->format.encoding));
    json_put_string(&writer, "delimiter", delimiter);
    json_put_string(&writer, "layout", look->layout);
    json_put_int(&writer, "rows", (int64_t)look->rows);
    json_begin_array(&writer, "sheets");
    for (size_t i = 0; i < look->sheet_count; i++)
        json_put_string(&writer, NULL, look->sheets[i]);
    json_end_array(&writer);
    json_begin_array(&writer, "columns");
    for (size_t i = 0; i < look->column_count; i++)
        put_column(&writer, look->kind, &look->columns[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    return taken(arena, &out);
}

static const char *write_mapping(struct arena *arena, const struct mapping_look *look)
{
    struct json_writer writer;
    struct strbuf out;
    size_t count;
    const struct mapping_field *fields = mapping_fields(look->kind, &count);

    strbuf_init(&out);
    json_writer_init(&writer, &out);
    json_begin_array(&writer, NULL);
    for (size_t i = 0; i < look->column_count; i++) {
        int guess = look->columns[i].guess;
        json_put_string(&writer, NULL, guess == MAPPING_NONE ? NULL : fields[guess].tag);
    }
    json_end_array(&writer);
    return taken(arena, &out);
}

bool delivery_look(const char *path, struct arena *arena, const enum mapping_kind *kind,
                   size_t sheet, int header_line, struct import_file *file, struct error *err)
{
    struct mapping_look look;

    if (is_calendar(path)) {
        file->format = "ics";
        file->kind = mapping_kind_tag(MAPPING_EVENTS);
        file->look = "{\"encoding\":\"\",\"delimiter\":\"\",\"layout\":\"icalendar\",\"rows\":0,"
                     "\"sheets\":[],\"columns\":[]}";
        file->mapping = "[]";
        file->source = "icalendar";
        return true;
    }
    if (!mapping_look_at(path, kind, sheet, header_line, arena, &look, err))
        return false;
    file->format = look.format.encoding == TABLE_WORKBOOK ? "xlsx" : "csv";
    file->kind = mapping_kind_tag(look.kind);
    file->look = write_look(arena, &look);
    file->mapping = write_mapping(arena, &look);
    file->sheet = (int64_t)sheet;
    file->header_line = look.header_line;
    file->capitals = look.capitals;
    file->source = *look.layout ? look.layout : "tableau";
    return true;
}

bool delivery_check(const struct import_file *file, const struct user *user, struct arena *arena,
                    struct error *err)
{
    enum mapping_kind kind;
    size_t count = 0;

    if (strcmp(file->mode, "publish") == 0 && !delivery_may_publish(user)) {
        error_set(err, ERROR_DENIED, "vous importez des brouillons, que quelqu’un d’autre valide",
                  "you import drafts, which somebody else approves");
        return error_field(err, "mode");
    }
    if (strcmp(file->format, "ics") == 0)
        return true;
    cJSON *mapping = json_parse(file->mapping, strlen(file->mapping), MAPPING_BYTES_MAX, err);
    if (!mapping)
        return false;
    int *fields = arena_array(arena, TABLE_COLUMNS_MAX, sizeof(int));
    (void)mapping_kind_parse(file->kind, &kind);
    for (const cJSON *item = mapping->child; item && count < TABLE_COLUMNS_MAX; item = item->next)
        fields[count++] =
            cJSON_IsString(item) ? mapping_field_find(kind, item->valuestring) : MAPPING_NONE;
    cJSON_Delete(mapping);
    return mapping_check(kind, fields, count, err);
}
