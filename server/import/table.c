#include "server/import/table.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/source.h"
#include "core/strbuf.h"
#include "core/utf8.h"
#include "server/import/xlsx.h"

#define BLOCK_SIZE 65536
#define TITLES_MAX 10 /* lines above a header */

static const char bom[] = "\xef\xbb\xbf";

const char *table_encoding_name(enum table_encoding encoding)
{
    static const char *const names[] = {"UTF-8", "UTF-8 (BOM)", "Windows-1252", "XLSX"};

    return names[encoding];
}

static FILE *open_file(const char *path, struct error *err)
{
    if (!source_check(path, err))
        return NULL;
    FILE *file = fopen(path, "re");
    if (!file) {
        error_set_errno(err, errno, "lecture impossible", "cannot read");
        error_at(err, path, 0);
    }
    return file;
}

/* What people take for a CSV because its name or its look says so. */
static bool refuse_other_formats(const char *bytes, size_t length, struct error *err)
{
    static const struct {
        const char *magic;
        const char *what;
    } formats[] = {
        {"\xd0\xcf\x11\xe0", "XLS"}, {"%PDF", "PDF"}, {"<!DOCTYPE", "HTML"},
        {"<html", "HTML"},           {"{", "JSON"},   {"BEGIN:VCALENDAR", "iCalendar"},
    };

    if (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0))
        return error_set(err, ERROR_INVALID,
                         "fichier en UTF-16 ; dans le tableur, enregistrez-le sous « CSV UTF-8 »",
                         "file in UTF-16; in the spreadsheet, save it as \"CSV UTF-8\"");
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        size_t size = strlen(formats[i].magic);
        if (length >= size && strncasecmp(bytes, formats[i].magic, size) == 0)
            return error_set(err, ERROR_INVALID,
                             "ce fichier n’est pas un CSV mais un %s ; ouvrez-le et enregistrez-le "
                             "sous « CSV UTF-8 »",
                             "this file is no CSV but %s; open it and save it as \"CSV UTF-8\"",
                             formats[i].what);
    }
    return true;
}

/* How many of the last bytes may begin a character that goes on in the next block. */
static size_t open_tail(const char *bytes, size_t length)
{
    for (size_t back = 1; back <= 3 && back <= length; back++) {
        unsigned char c = (unsigned char)bytes[length - back];
        if (c < 0x80)
            return 0;
        if (c >= 0xc0)
            return (c >= 0xf0 ? 4u : c >= 0xe0 ? 3u : 2u) > back ? back : 0;
    }
    return 0;
}

struct scan {
    bool first_block;
    bool first_line;
    bool quoted;
    bool valid_utf8;
    bool has_bom;
    char named; /* delimiter that a first line "sep=;" names, as Excel writes it; 0: none */
    int line;
    size_t counts[3];
    size_t content; /* bytes that are no white space */
};

static const char delimiters[] = {';', ',', '\t'};

/* Tables made by hand have a title above their header, which holds none. */
static bool has_delimiter(const struct scan *scan)
{
    return scan->counts[0] + scan->counts[1] + scan->counts[2] > 0;
}

static void scan_byte(struct scan *scan, char c)
{
    if (c == '\n') {
        scan->line++;
        if (scan->content > 0 && !scan->quoted && (has_delimiter(scan) || scan->line > TITLES_MAX))
            scan->first_line = false;
        return;
    }
    if (c != '\r' && c != ' ')
        scan->content++;
    if (!scan->first_line)
        return;
    if (c == '"')
        scan->quoted = !scan->quoted;
    for (size_t i = 0; !scan->quoted && i < sizeof(delimiters); i++)
        scan->counts[i] += c == delimiters[i];
}

static bool scan_block(struct scan *scan, const char *bytes, size_t length, size_t fresh,
                       struct error *err)
{
    if (scan->first_block) {
        if (!refuse_other_formats(bytes, length, err))
            return false;
        scan->has_bom = length >= 3 && memcmp(bytes, bom, 3) == 0;
        size_t start = scan->has_bom ? 3 : 0;
        if (length - start > 5 && strncasecmp(bytes + start, "sep=", 4) == 0 &&
            memchr(delimiters, bytes[start + 4], sizeof(delimiters)))
            scan->named = bytes[start + 4];
        scan->first_block = false;
    }
    for (size_t i = fresh; i < length; i++) {
        if (bytes[i] == '\0') {
            error_set(err, ERROR_INVALID,
                      "octet nul : ce fichier n’est pas du texte, ou il est abîmé",
                      "NUL byte: this file is no text, or it is damaged");
            error_at(err, NULL, scan->line);
            return false;
        }
        scan_byte(scan, bytes[i]);
    }
    return true;
}

static char busiest(const struct scan *scan)
{
    size_t best = 0;

    for (size_t i = 1; i < sizeof(delimiters); i++)
        if (scan->counts[i] > scan->counts[best])
            best = i;
    return delimiters[best];
}

static bool scan_file(FILE *file, struct scan *scan, int64_t *size_out, struct error *err)
{
    char block[BLOCK_SIZE];
    size_t kept = 0;
    size_t got;

    *size_out = 0;
    while ((got = fread(block + kept, 1, sizeof(block) - kept, file)) > 0) {
        size_t length = kept + got;
        *size_out += (int64_t)got;
        if (!scan_block(scan, block, length, kept, err))
            return false;
        size_t tail = open_tail(block, length);
        scan->valid_utf8 = scan->valid_utf8 && utf8_valid(block, length - tail);
        memmove(block, block + length - tail, tail);
        kept = tail;
    }
    if (kept > 0)
        scan->valid_utf8 = false;
    if (ferror(file))
        return error_set_errno(err, errno, "lecture impossible", "cannot read");
    return true;
}

static bool is_workbook(FILE *file)
{
    char magic[4];
    bool packed = fread(magic, 1, sizeof(magic), file) == sizeof(magic) &&
                  memcmp(magic, "PK\x03\x04", sizeof(magic)) == 0;

    rewind(file);
    return packed;
}

static bool scan_workbook(const char *path, struct table_format *out, struct error *err)
{
    struct xlsx *book = xlsx_open(path, err);

    if (!book)
        return false;
    *out = (struct table_format){.encoding = TABLE_WORKBOOK, .size = xlsx_sheet_size(book, 0)};
    xlsx_close(book);
    return true;
}

static bool read_workbook(const char *path, const struct table_format *format, size_t field_max,
                          table_row_handler *on_row, void *context, struct error *err)
{
    struct xlsx *book = xlsx_open(path, err);
    bool ok = false;

    if (book && format->sheet < xlsx_sheet_count(book))
        ok = xlsx_read(book, format->sheet, field_max, on_row, context, err);
    else if (book)
        ok = error_set(err, ERROR_INVALID, "ce classeur n’a pas cette feuille",
                       "this workbook has no such sheet");
    xlsx_close(book);
    if (!ok)
        error_at(err, path, 0);
    return ok;
}

bool table_scan(const char *path, struct table_format *out, struct error *err)
{
    struct scan scan = {.first_block = true, .first_line = true, .valid_utf8 = true, .line = 1};
    FILE *file = open_file(path, err);

    if (!file)
        return false;
    if (is_workbook(file)) {
        fclose(file);
        return scan_workbook(path, out, err);
    }
    *out = (struct table_format){0};
    bool ok = scan_file(file, &scan, &out->size, err);
    fclose(file);
    if (ok && scan.content <= (scan.has_bom ? 3u : 0u))
        ok = error_set(err, ERROR_INVALID, "fichier vide", "empty file");
    if (!ok) {
        error_at(err, path, 0);
        return false;
    }
    out->encoding = !scan.valid_utf8 ? TABLE_WINDOWS_1252
                    : scan.has_bom   ? TABLE_UTF8_BOM
                                     : TABLE_UTF8;
    out->delimiter = scan.named ? scan.named : busiest(&scan);
    return true;
}

/* Where in a field a byte is. libcsv's own strict mode refuses quotes inside unquoted texts too,
 * which are common and clear: 5°49'17.97"N. */
enum quoting { AT_START, IN_TEXT, IN_QUOTES, AFTER_QUOTE };

struct reading {
    const struct table_format *format;
    table_row_handler *on_row;
    void *context;
    struct error *err;
    bool stopped;
    enum quoting quoting;
    int line;     /* of what is being fed */
    int row_line; /* 0: no row has begun */
    int64_t bytes_done;
    struct strbuf texts; /* the row's fields, each with its NUL */
    size_t starts[TABLE_COLUMNS_MAX];
    const char *fields[TABLE_COLUMNS_MAX];
    size_t count;
};

static void handle_field(void *bytes, size_t length, void *context)
{
    struct reading *reading = context;
    struct strbuf *texts = &reading->texts;

    if (reading->row_line == 0)
        reading->row_line = reading->line;
    if (reading->count < TABLE_COLUMNS_MAX) {
        reading->starts[reading->count] = texts->length;
        /* Files put together from several hands mix both. */
        if (reading->format->encoding == TABLE_WINDOWS_1252 && !utf8_valid(bytes, length))
            utf8_from_cp1252(bytes, length, texts);
        else
            strbuf_append_bytes(texts, bytes, length);
        strbuf_append_char(texts, '\0');
    }
    reading->count++;
}

static void handle_row_end(int terminator, void *context)
{
    struct reading *reading = context;
    size_t stored = reading->count < TABLE_COLUMNS_MAX ? reading->count : TABLE_COLUMNS_MAX;
    bool blank = true;

    (void)terminator;
    for (size_t i = 0; i < stored; i++) {
        reading->fields[i] = reading->texts.bytes + reading->starts[i];
        blank = blank && !*reading->fields[i];
    }
    /* "sep=;" is for spreadsheets. */
    if (reading->row_line == 1 && stored > 0 && strncasecmp(reading->fields[0], "sep=", 4) == 0)
        blank = true;
    if (!blank && !reading->stopped) {
        const struct table_row row = {.line = reading->row_line,
                                      .bytes_done = reading->bytes_done,
                                      .count = reading->count,
                                      .fields = reading->fields};
        reading->stopped = !reading->on_row(reading->context, &row, reading->err);
    }
    strbuf_clear(&reading->texts);
    reading->count = 0;
    reading->row_line = 0;
}

static bool fail_at(struct reading *reading, const char *fr, const char *en)
{
    int line = reading->row_line > 0 ? reading->row_line : reading->line;

    error_set(reading->err, ERROR_INVALID, "%s%.0s", "%.0s%s", fr, en);
    error_at(reading->err, NULL, line);
    return false;
}

/* False when something stands behind a closing quote. */
static bool follow_quotes(struct reading *reading, const char *bytes, size_t length)
{
    enum quoting state = reading->quoting;

    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        bool ends = c == reading->format->delimiter || c == '\n' || c == '\r';
        bool space = c == ' ' || c == '\t';
        if (state == IN_QUOTES)
            state = c == '"' ? AFTER_QUOTE : IN_QUOTES;
        else if (ends)
            state = AT_START;
        else if (state == AFTER_QUOTE && c == '"' && bytes[i - (i > 0)] == '"')
            state = IN_QUOTES;
        else if (state == AFTER_QUOTE && !space)
            return false;
        else if (state == AT_START && !space)
            state = c == '"' ? IN_QUOTES : IN_TEXT;
    }
    reading->quoting = state;
    return true;
}

/* Fed line by line, so that every row knows its line: libcsv does not count. */
static bool feed(struct reading *reading, struct csv_parser *parser, const char *bytes,
                 size_t length, size_t field_max)
{
    while (length > 0 && !reading->stopped) {
        const char *newline = memchr(bytes, '\n', length);
        size_t piece = newline ? (size_t)(newline - bytes) + 1 : length;
        /* A quoted field that began on an earlier line has not been handed over yet. */
        if (reading->row_line == 0)
            reading->row_line = reading->line;
        reading->bytes_done += (int64_t)piece;
        if (!follow_quotes(reading, bytes, piece) ||
            csv_parse(parser, bytes, piece, handle_field, handle_row_end, reading) != piece)
            return fail_at(reading,
                           "guillemet mal placé : entourez tout le texte de guillemets et doublez "
                           "ceux qu’il contient",
                           "misplaced quote: put quotes around the whole text and double those "
                           "in it");
        if (parser->entry_pos > field_max)
            return fail_at(reading, "champ démesuré ; il manque sans doute un guillemet fermant",
                           "field too long; a closing quote is probably missing");
        if (newline)
            reading->line++;
        if (reading->count == 0 && parser->entry_pos == 0 && parser->pstate == 0)
            reading->row_line = 0;
        bytes += piece;
        length -= piece;
    }
    return !reading->stopped;
}

static bool read_rows(FILE *file, struct reading *reading, struct csv_parser *parser,
                      size_t field_max)
{
    char block[BLOCK_SIZE];
    size_t got;
    bool first = true;

    while ((got = fread(block, 1, sizeof(block), file)) > 0) {
        size_t skip = first && got >= 3 && memcmp(block, bom, 3) == 0 ? 3 : 0;
        first = false;
        if (!feed(reading, parser, block + skip, got - skip, field_max))
            return false;
    }
    if (ferror(file))
        return error_set_errno(reading->err, errno, "lecture impossible", "cannot read");
    if (reading->quoting == IN_QUOTES ||
        csv_fini(parser, handle_field, handle_row_end, reading) != 0)
        return fail_at(reading, "guillemet ouvert et jamais fermé",
                       "quote opened and never closed");
    return !reading->stopped;
}

bool table_read(const char *path, const struct table_format *format, size_t field_max,
                table_row_handler *on_row, void *context, struct error *err)
{
    struct reading reading = {
        .format = format, .on_row = on_row, .context = context, .err = err, .line = 1};
    struct csv_parser parser;

    if (format->encoding == TABLE_WORKBOOK)
        return read_workbook(path, format, field_max, on_row, context, err);
    FILE *file = open_file(path, err);
    if (!file)
        return false;
    if (csv_init(&parser, 0) != 0)
        abort();
    csv_set_delim(&parser, (unsigned char)format->delimiter);
    strbuf_init(&reading.texts);
    bool ok = read_rows(file, &reading, &parser, field_max);
    strbuf_finish(&reading.texts);
    csv_free(&parser);
    fclose(file);
    if (!ok)
        error_at(err, path, 0);
    return ok;
}
