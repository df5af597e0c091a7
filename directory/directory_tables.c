#include <string.h>

#include "directory/directory_private.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIELD(record, member, type)                                                                \
    {                                                                                              \
#member, type, offsetof(struct directory_##record, member)                                 \
    }
#define TEXT(record, member) FIELD(record, member, DIRECTORY_TEXT)
#define PICTURE(record)                                                                            \
    TEXT(record, picture), TEXT(record, picture_alt), TEXT(record, picture_credit),                \
        FIELD(record, focal_x, DIRECTORY_REAL), FIELD(record, focal_y, DIRECTORY_REAL)

static const struct directory_field organisation_fields[] = {
    TEXT(organisation, id),
    TEXT(organisation, name),
    TEXT(organisation, sign),
    TEXT(organisation, acronym),
    FIELD(organisation, initial, DIRECTORY_CHAR),
    TEXT(organisation, family),
    TEXT(organisation, types),
    TEXT(organisation, sector),
    TEXT(organisation, activity),
    TEXT(organisation, summary),
    TEXT(organisation, plain),
    TEXT(organisation, offer),
    TEXT(organisation, values),
    TEXT(organisation, address),
    TEXT(organisation, postcode),
    TEXT(organisation, commune),
    FIELD(organisation, in_metropole, DIRECTORY_FLAG),
    FIELD(organisation, placed, DIRECTORY_FLAG),
    FIELD(organisation, latitude, DIRECTORY_REAL),
    FIELD(organisation, longitude, DIRECTORY_REAL),
    TEXT(organisation, phone),
    TEXT(organisation, email),
    TEXT(organisation, website),
    TEXT(organisation, hours),
    TEXT(organisation, site_id),
    TEXT(organisation, floor),
    TEXT(organisation, office),
    PICTURE(organisation),
    TEXT(organisation, portrait),
};

static const struct directory_field event_fields[] = {
    TEXT(event, id),      TEXT(event, title),   TEXT(event, summary),      TEXT(event, place),
    TEXT(event, address), TEXT(event, commune), TEXT(event, organisation), TEXT(event, organiser),
    TEXT(event, price),   TEXT(event, access),  TEXT(event, url),          PICTURE(event),
};

static const struct directory_field occurrence_fields[] = {
    TEXT(event, id),
    TEXT(event, status),
    FIELD(event, start_ms, DIRECTORY_BIG),
    FIELD(event, end_ms, DIRECTORY_BIG),
    FIELD(event, local_day, DIRECTORY_BIG),
    FIELD(event, start_minute, DIRECTORY_INT),
    FIELD(event, end_minute, DIRECTORY_INT),
    FIELD(event, all_day, DIRECTORY_FLAG),
};

static const struct directory_field portrait_fields[] = {
    TEXT(portrait, id),
    TEXT(portrait, organisation),
    TEXT(portrait, organisation_name),
    TEXT(portrait, leader_name),
    TEXT(portrait, leader_role),
    TEXT(portrait, quote),
    TEXT(portrait, story),
    TEXT(portrait, plain),
    PICTURE(portrait),
    TEXT(portrait, film),
    TEXT(portrait, captions),
    TEXT(portrait, url),
    FIELD(portrait, from_ms, DIRECTORY_BIG),
    FIELD(portrait, until_ms, DIRECTORY_BIG),
};

const struct directory_table directory_organisations = {
    "organisations", "row INTEGER PRIMARY KEY, UNIQUE (id)", COUNT(organisation_fields),
    organisation_fields};
const struct directory_table directory_events_table = {"events", "UNIQUE (id)", COUNT(event_fields),
                                                       event_fields};
const struct directory_table directory_occurrences = {"occurrences", "UNIQUE (start_ms, id)",
                                                      COUNT(occurrence_fields), occurrence_fields};
const struct directory_table directory_portraits_table = {"portraits", "UNIQUE (id)",
                                                          COUNT(portrait_fields), portrait_fields};

void directory_append_columns(struct strbuf *out, const struct directory_table *table,
                              const char *prefix, bool types)
{
    static const char *const names[] = {
        [DIRECTORY_TEXT] = "TEXT",   [DIRECTORY_REAL] = "REAL",    [DIRECTORY_BIG] = "INTEGER",
        [DIRECTORY_INT] = "INTEGER", [DIRECTORY_FLAG] = "INTEGER", [DIRECTORY_CHAR] = "INTEGER"};

    for (size_t i = 0; i < table->field_count; i++) {
        strbuf_printf(out, "%s%s\"%s\"", i > 0 ? ", " : "", prefix, table->fields[i].column);
        if (types)
            strbuf_printf(out, " %s NOT NULL", names[table->fields[i].type]);
    }
}

void directory_bind(sqlite3_stmt *statement, int first, const struct directory_table *table,
                    const void *record)
{
    for (size_t i = 0; i < table->field_count; i++) {
        const char *at = (const char *)record + table->fields[i].offset;
        int number = first + (int)i;
        switch (table->fields[i].type) {
        case DIRECTORY_TEXT:
            sqlite3_bind_text(statement, number, *(const char *const *)(const void *)at, -1,
                              SQLITE_STATIC);
            break;
        case DIRECTORY_REAL:
            sqlite3_bind_double(statement, number, *(const double *)(const void *)at);
            break;
        case DIRECTORY_BIG:
            sqlite3_bind_int64(statement, number, *(const int64_t *)(const void *)at);
            break;
        case DIRECTORY_INT:
            sqlite3_bind_int(statement, number, *(const int *)(const void *)at);
            break;
        case DIRECTORY_FLAG:
            sqlite3_bind_int(statement, number, *(const bool *)(const void *)at);
            break;
        case DIRECTORY_CHAR:
            sqlite3_bind_int(statement, number, *at);
            break;
        }
    }
}

void directory_take(sqlite3_stmt *statement, int first, const struct directory_table *table,
                    struct arena *arena, void *record_out)
{
    for (size_t i = 0; i < table->field_count; i++) {
        char *at = (char *)record_out + table->fields[i].offset;
        int number = first + (int)i;
        const char *text;
        switch (table->fields[i].type) {
        case DIRECTORY_TEXT:
            text = (const char *)sqlite3_column_text(statement, number);
            *(const char **)(void *)at = arena_strdup(arena, text != NULL ? text : "");
            break;
        case DIRECTORY_REAL:
            *(double *)(void *)at = sqlite3_column_double(statement, number);
            break;
        case DIRECTORY_BIG:
            *(int64_t *)(void *)at = sqlite3_column_int64(statement, number);
            break;
        case DIRECTORY_INT:
            *(int *)(void *)at = sqlite3_column_int(statement, number);
            break;
        case DIRECTORY_FLAG:
            *(bool *)(void *)at = sqlite3_column_int(statement, number) != 0;
            break;
        case DIRECTORY_CHAR:
            *at = (char)sqlite3_column_int(statement, number);
            break;
        }
    }
}
