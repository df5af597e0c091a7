/* One sheet, row by row. */
#include <stdlib.h>
#include <string.h>

#include "server/import/xlsx_parts.h"

#define SHEET_PART_MAX (INT64_C(256) * 1024 * 1024)
#define COLUMNS_OF_EXCEL 16384
#define ROWS_OF_EXCEL 1048576

enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_FLAG, CELL_FAULT, CELL_DATE };

struct sheet_reader {
    XML_Parser parser;
    struct xlsx *book;
    size_t field_max;
    table_row_handler *on_row;
    void *context;
    struct error *err;
    bool stopped;
    int64_t done;
    size_t width; /* of the first row */
    /* The row. */
    int line;
    struct strbuf texts; /* its cells, each with its NUL */
    size_t starts[TABLE_COLUMNS_MAX];
    const char *fields[TABLE_COLUMNS_MAX];
    size_t count;
    unsigned uncomputed;
    /* The cell. */
    size_t column;
    enum cell_type type;
    size_t style;
    bool takes; /* inside <v>, or <t> of an inline string */
    bool formula;
    bool reading;
    struct strbuf value;
};

static bool stop(struct sheet_reader *reader, enum error_kind kind, const char *fr, const char *en)
{
    error_set(reader->err, kind, "%s%.0s", "%.0s%s", fr, en);
    error_at(reader->err, NULL, reader->line);
    reader->stopped = true;
    XML_StopParser(reader->parser, XML_FALSE);
    return false;
}

/* "AB12" → 27; without a reference the next one. */
static size_t column_of(const char *reference, size_t next)
{
    size_t column = 0;

    if (!reference)
        return next;
    for (const char *c = reference; *c >= 'A' && *c <= 'Z' && column <= COLUMNS_OF_EXCEL; c++)
        column = column * 26 + (size_t)(*c - 'A' + 1);
    return column > 0 ? column - 1 : next;
}

static enum cell_type type_of(const char *text)
{
    static const struct {
        const char *text;
        enum cell_type type;
    } types[] = {{"s", CELL_SHARED},       {"str", CELL_TEXT}, {"b", CELL_FLAG},
                 {"inlineStr", CELL_TEXT}, {"e", CELL_FAULT},  {"d", CELL_DATE}};

    for (size_t i = 0; text && i < sizeof(types) / sizeof(types[0]); i++)
        if (strcmp(text, types[i].text) == 0)
            return types[i].type;
    return CELL_NUMBER;
}

static void begin_row(struct sheet_reader *reader, const char **attributes)
{
    const char *number = xlsx_attribute(attributes, "r");
    long line = number ? strtol(number, NULL, 10) : reader->line + 1L;

    reader->line = line > reader->line && line <= ROWS_OF_EXCEL ? (int)line : reader->line + 1;
    strbuf_clear(&reader->texts);
    reader->count = 0;
    reader->column = 0;
    reader->uncomputed = 0;
}

static void begin_cell(struct sheet_reader *reader, const char **attributes)
{
    const char *style = xlsx_attribute(attributes, "s");

    reader->column = column_of(xlsx_attribute(attributes, "r"), reader->column);
    reader->type = type_of(xlsx_attribute(attributes, "t"));
    reader->style = style ? strtoul(style, NULL, 10) : 0;
    reader->formula = false;
    strbuf_clear(&reader->value);
}

static void XMLCALL start_element(void *context, const char *name, const char **attributes)
{
    struct sheet_reader *reader = context;
    const char *local = xlsx_local(name);

    if (strcmp(local, "row") == 0)
        begin_row(reader, attributes);
    else if (strcmp(local, "c") == 0)
        begin_cell(reader, attributes);
    else if (strcmp(local, "f") == 0)
        reader->formula = true;
    else if (strcmp(local, "rPh") == 0)
        reader->reading = true;
    reader->takes = !reader->reading && (strcmp(local, "v") == 0 || strcmp(local, "t") == 0);
}

static void XMLCALL take_text(void *context, const char *text, int length)
{
    struct sheet_reader *reader = context;

    if (!reader->takes || reader->stopped)
        return;
    if (reader->value.length + (size_t)length > reader->field_max)
        (void)stop(reader, ERROR_LIMIT, "cellule démesurée", "a cell is far too long");
    else
        strbuf_append_bytes(&reader->value, text, (size_t)length);
}

static void append_value(struct sheet_reader *reader)
{
    const struct xlsx *book = reader->book;
    struct strbuf *value = &reader->value;
    size_t number;
    uint32_t start;

    switch (reader->type) {
    case CELL_NUMBER:
        xlsx_number(book, value->bytes, reader->style, &reader->texts);
        return;
    case CELL_SHARED:
        number = strtoul(value->bytes, NULL, 10);
        if (number >= book->starts.length / sizeof(start))
            return;
        memcpy(&start, book->starts.bytes + number * sizeof(start), sizeof(start));
        strbuf_append(&reader->texts, book->texts.bytes + start);
        return;
    case CELL_FAULT: /* "#N/A": nobody wants that on a screen */
        return;
    case CELL_TEXT:
    case CELL_FLAG:
    case CELL_DATE:
        strbuf_append(&reader->texts, value->bytes);
    }
}

/* Keeps the cell in its place; columns without a cell are empty. */
static void end_cell(struct sheet_reader *reader)
{
    size_t column = reader->column++;

    reader->uncomputed += reader->formula && reader->value.length == 0;
    if (column >= TABLE_COLUMNS_MAX || reader->value.length == 0 || column < reader->count)
        return;
    while (reader->count < column) {
        reader->starts[reader->count++] = reader->texts.length;
        strbuf_append_char(&reader->texts, '\0');
    }
    size_t start = reader->texts.length;
    append_value(reader);
    if (reader->texts.length - start > reader->field_max) {
        (void)stop(reader, ERROR_LIMIT, "cellule démesurée", "a cell is far too long");
        return;
    }
    xlsx_unescape(reader->texts.bytes + start);
    reader->texts.length = start + strlen(reader->texts.bytes + start);
    strbuf_append_char(&reader->texts, '\0');
    reader->starts[reader->count++] = start;
}

static void end_row(struct sheet_reader *reader)
{
    bool blank = true;

    for (size_t i = 0; i < reader->count; i++) {
        reader->fields[i] = reader->texts.bytes + reader->starts[i];
        blank = blank && !reader->fields[i][strspn(reader->fields[i], " \t\r\n")];
    }
    if (blank)
        return;
    if (reader->width == 0)
        reader->width = reader->count;
    for (; reader->count < reader->width; reader->count++)
        reader->fields[reader->count] = "";
    const struct table_row row = {.line = reader->line,
                                  .bytes_done = reader->done,
                                  .count = reader->count,
                                  .fields = reader->fields,
                                  .cells = true,
                                  .uncomputed = reader->uncomputed};
    if (!reader->on_row(reader->context, &row, reader->err)) {
        reader->stopped = true;
        XML_StopParser(reader->parser, XML_FALSE);
    }
}

static void XMLCALL end_element(void *context, const char *name)
{
    struct sheet_reader *reader = context;
    const char *local = xlsx_local(name);

    reader->takes = false;
    if (reader->stopped)
        return;
    if (strcmp(local, "rPh") == 0)
        reader->reading = false;
    else if (strcmp(local, "c") == 0)
        end_cell(reader);
    else if (strcmp(local, "row") == 0)
        end_row(reader);
}

bool xlsx_read(struct xlsx *book, size_t sheet, size_t field_max, table_row_handler *on_row,
               void *context, struct error *err)
{
    struct sheet_reader *reader = calloc(1, sizeof(*reader));

    if (!reader)
        abort();
    reader->book = book;
    reader->field_max = field_max;
    reader->on_row = on_row;
    reader->context = context;
    reader->err = err;
    strbuf_init(&reader->texts);
    strbuf_init(&reader->value);
    XML_Parser parser = xlsx_parser(reader, start_element, end_element, take_text);
    bool ok = xlsx_parse(book, book->sheets[sheet].part, SHEET_PART_MAX, parser, &reader->done,
                         &reader->stopped, err);
    XML_ParserFree(parser);
    strbuf_finish(&reader->texts);
    strbuf_finish(&reader->value);
    free(reader);
    return ok;
}
