/* What the columns of a table mean: the fields that a column may be, and a guess from its header
 * and its values. */
#ifndef VITRINE_SERVER_IMPORT_MAPPING_H
#define VITRINE_SERVER_IMPORT_MAPPING_H

#include "server/import/layout.h"

enum mapping_kind { MAPPING_ORGANISATIONS, MAPPING_EVENTS };
const char *mapping_kind_tag(enum mapping_kind kind); /* "organisations", "events" */
bool mapping_kind_parse(const char *tag, enum mapping_kind *kind_out);

enum event_column {
    EVENT_COLUMN_ID,
    EVENT_COLUMN_TITLE,
    EVENT_COLUMN_START,
    EVENT_COLUMN_START_TIME,
    EVENT_COLUMN_END,
    EVENT_COLUMN_END_TIME,
    EVENT_COLUMN_PLACE,
    EVENT_COLUMN_ADDRESS,
    EVENT_COLUMN_POSTCODE,
    EVENT_COLUMN_COMMUNE,
    EVENT_COLUMN_RESUME,
    EVENT_COLUMN_DESCRIPTION,
    EVENT_COLUMN_PRICE,
    EVENT_COLUMN_ACCESS,
    EVENT_COLUMN_URL,
    EVENT_COLUMN_ORGANISER,
    EVENT_COLUMN_CATEGORIES,
    EVENT_COLUMN_COUNT,
};

#define MAPPING_FIELDS_MAX 48
#define MAPPING_NONE (-1) /* a column that is left out */

struct mapping_field {
    const char *tag; /* "code_postal": of the record's field where it has one */
    const char *fr;
    const char *en;
    bool needed; /* a table without it cannot be imported */
};

/* By enum column or enum event_column. */
const struct mapping_field *mapping_fields(enum mapping_kind kind, size_t *count_out);
int mapping_field_find(enum mapping_kind kind, const char *tag); /* MAPPING_NONE */

#define MAPPING_SAMPLES 3
#define MAPPING_SAMPLE_BYTES 80

struct mapping_column {
    const char *title; /* as the file calls it; "" */
    size_t sample_count;
    const char *samples[MAPPING_SAMPLES];
    size_t filled; /* of the first rows */
    int guess;     /* field, or MAPPING_NONE */
    bool sure;     /* the header says so; else its values only, or a part of it */
};

struct mapping_look {
    enum mapping_kind kind; /* that the columns speak of */
    struct table_format format;
    size_t sheet_count; /* of a workbook */
    const char *sheets[64];
    int header_line;
    size_t rows; /* below the header */
    size_t column_count;
    struct mapping_column *columns;
    bool capitals;      /* names come in capitals */
    const char *layout; /* "asp-siae", "vitrine"; "": not known */
};

/* Reads the whole file once. kind NULL: told by the columns; header_line 0: found out. Everything
 * is in the arena. */
bool mapping_look_at(const char *path, const enum mapping_kind *kind, size_t sheet, int header_line,
                     struct arena *arena, struct mapping_look *out, struct error *err)
    __attribute__((warn_unused_result));

/* Above: `fields[i]` for column i. What a table needs and lacks, and a field that two columns
 * claim, is ERROR_INVALID with field "columns". */
bool mapping_check(enum mapping_kind kind, const int *fields, size_t count, struct error *err)
    __attribute__((warn_unused_result));

#endif
