/* What stands in cells: shared strings, cell formats, numbers and dates. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/utf8.h"
#include "server/import/xlsx_parts.h"

#define STRINGS_PART_MAX (INT64_C(128) * 1024 * 1024)
#define STRINGS_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define STRINGS_MAX ((size_t)2 * 1024 * 1024)
#define STYLES_PART_MAX (INT64_C(16) * 1024 * 1024)
#define STYLES_MAX 65536
#define FORMATS_MAX 4096
#define SERIAL_MAX 2958466.0 /* the day after 9999-12-31 */
#define LEAP_1904 1462       /* days between the two systems */
#define PAD_MAX 20

/* --- shared strings -------------------------------------------------------------------------- */

struct strings_reader {
    XML_Parser parser;
    struct xlsx *book;
    bool in_text;
    bool in_reading; /* of Japanese: how it is pronounced */
    bool stopped;
};

static int hex_digits(const char *text)
{
    int value = 0;

    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789ABCDEF", *at;
        char c = text[i] >= 'a' && text[i] <= 'f' ? (char)(text[i] - 'a' + 'A') : text[i];
        if (!c || !(at = strchr(digits, c)))
            return -1;
        value = value * 16 + (int)(at - digits);
    }
    return value;
}

void xlsx_unescape(char *text)
{
    char *to = strstr(text, "_x");

    for (const char *from = to; from && *from;) {
        int value = strncmp(from, "_x", 2) == 0 ? hex_digits(from + 2) : -1;
        /* Only ASCII is written so by spreadsheets; zero would end the text. */
        if (value > 0 && value < 0x80 && from[6] == '_') {
            *to++ = (char)value;
            from += 7;
        } else {
            *to++ = *from++;
        }
    }
    if (to)
        *to = '\0';
}

static void XMLCALL start_string(void *context, const char *name, const char **attributes)
{
    struct strings_reader *reader = context;
    struct xlsx *book = reader->book;
    const char *local = xlsx_local(name);

    (void)attributes;
    if (strcmp(local, "si") == 0) {
        uint32_t start = (uint32_t)book->texts.length;
        if (book->starts.length / sizeof(start) >= STRINGS_MAX) {
            reader->stopped = true;
            XML_StopParser(reader->parser, XML_FALSE);
            return;
        }
        strbuf_append_bytes(&book->starts, &start, sizeof(start));
    }
    reader->in_reading = reader->in_reading || strcmp(local, "rPh") == 0;
    reader->in_text = strcmp(local, "t") == 0 && !reader->in_reading;
}

static void XMLCALL end_string(void *context, const char *name)
{
    struct strings_reader *reader = context;
    struct xlsx *book = reader->book;
    const char *local = xlsx_local(name);

    reader->in_text = false;
    if (strcmp(local, "rPh") == 0)
        reader->in_reading = false;
    if (strcmp(local, "si") == 0)
        strbuf_append_char(&book->texts, '\0');
}

static void XMLCALL string_text(void *context, const char *text, int length)
{
    struct strings_reader *reader = context;

    if (!reader->in_text)
        return;
    if (reader->book->texts.length + (size_t)length > STRINGS_BYTES_MAX) {
        reader->stopped = true;
        XML_StopParser(reader->parser, XML_FALSE);
        return;
    }
    strbuf_append_bytes(&reader->book->texts, text, (size_t)length);
}

bool xlsx_strings_read(struct xlsx *book, struct error *err)
{
    struct strings_reader reader = {.book = book};

    if (zip_name_locate(book->zip, "xl/sharedStrings.xml", ZIP_FL_NOCASE) < 0)
        return true;
    XML_Parser parser = xlsx_parser(&reader, start_string, end_string, string_text);
    bool ok = xlsx_parse(book, "xl/sharedStrings.xml", STRINGS_PART_MAX, parser, NULL,
                         &reader.stopped, err);
    XML_ParserFree(parser);
    if (reader.stopped)
        return error_set(err, ERROR_LIMIT,
                         "ce classeur contient trop de textes ; gardez-y la seule feuille utile",
                         "this workbook holds too many texts; keep only the useful sheet in it");
    return ok;
}

/* --- formats --------------------------------------------------------------------------------- */

static bool only_zeros(const char *code)
{
    size_t length = strspn(code, "0");

    return length > 1 && length <= PAD_MAX && (code[length] == '\0' || code[length] == ';');
}

/* The letters of a format that are no literals: "dd/mm/yyyy" has d, "[h]:mm" h. */
static void format_letters(const char *code, bool *date, bool *time)
{
    *date = *time = false;
    for (const char *c = code; *c && *c != ';'; c++) {
        if (*c == '"') {
            const char *end = strchr(c + 1, '"');
            c = end ? end : c + strlen(c) - 1;
        } else if (*c == '[' && !strchr("hHmMsS", c[1])) {
            const char *end = strchr(c, ']');
            c = end ? end : c + strlen(c) - 1;
        } else if ((*c == '\\' || *c == '_' || *c == '*') && c[1]) {
            c++;
        } else {
            *date = *date || strchr("yYdDjJaA", *c) != NULL;
            *time = *time || strchr("hHsS", *c) != NULL;
        }
    }
}

enum xlsx_style xlsx_style_of(int number, const char *code)
{
    bool date, time;

    if ((number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 31) ||
        number == 36 || (number >= 50 && number <= 54) || number == 57 || number == 58)
        return XLSX_DATE;
    if ((number >= 18 && number <= 21) || (number >= 32 && number <= 35) ||
        (number >= 45 && number <= 47) || number == 55 || number == 56)
        return XLSX_TIME;
    if (!code || strcasecmp(code, "General") == 0 || strcasecmp(code, "Standard") == 0)
        return XLSX_PLAIN;
    if (only_zeros(code))
        return (enum xlsx_style)(XLSX_PADDED + strspn(code, "0"));
    format_letters(code, &date, &time);
    if (date)
        return XLSX_DATE;
    /* A month alone; of "0.00E+00" and colours nothing is left. */
    return time ? XLSX_TIME : strstr(code, "mm") ? XLSX_DATE : XLSX_PLAIN;
}

struct styles_reader {
    XML_Parser parser;
    struct xlsx *book;
    bool in_cells;
    size_t format_count;
    struct {
        int number;
        enum xlsx_style style;
    } formats[FORMATS_MAX];
};

static void add_style(struct styles_reader *reader, const char **attributes)
{
    const char *text = xlsx_attribute(attributes, "numFmtId");
    int number = text ? (int)strtol(text, NULL, 10) : 0;
    enum xlsx_style style = xlsx_style_of(number, NULL);

    for (size_t i = 0; i < reader->format_count; i++)
        if (reader->formats[i].number == number)
            style = reader->formats[i].style;
    if (reader->book->styles.length < STYLES_MAX)
        strbuf_append_char(&reader->book->styles, (char)style);
}

static void XMLCALL start_style(void *context, const char *name, const char **attributes)
{
    struct styles_reader *reader = context;
    const char *local = xlsx_local(name);

    if (strcmp(local, "cellXfs") == 0)
        reader->in_cells = true;
    else if (reader->in_cells && strcmp(local, "xf") == 0)
        add_style(reader, attributes);
    if (strcmp(local, "numFmt") != 0 || reader->format_count == FORMATS_MAX)
        return;
    const char *number = xlsx_attribute(attributes, "numFmtId");
    const char *code = xlsx_attribute(attributes, "formatCode");
    if (!number || !code)
        return;
    reader->formats[reader->format_count].number = (int)strtol(number, NULL, 10);
    reader->formats[reader->format_count++].style = xlsx_style_of(0, code);
}

static void XMLCALL end_style(void *context, const char *name)
{
    struct styles_reader *reader = context;

    if (strcmp(xlsx_local(name), "cellXfs") == 0)
        reader->in_cells = false;
}

bool xlsx_styles_read(struct xlsx *book, struct error *err)
{
    struct styles_reader *reader;

    if (zip_name_locate(book->zip, "xl/styles.xml", ZIP_FL_NOCASE) < 0)
        return true;
    reader = arena_alloc(book->arena, sizeof(*reader));
    reader->book = book;
    XML_Parser parser = xlsx_parser(reader, start_style, end_style, NULL);
    bool ok = xlsx_parse(book, "xl/styles.xml", STYLES_PART_MAX, parser, NULL, NULL, err);
    XML_ParserFree(parser);
    return ok;
}

/* --- numbers --------------------------------------------------------------------------------- */

/* Days count from 1899-12-30, but before March 1900 from a day later: the format has a 29 February
 * 1900 (ISO/IEC 29500-1, 18.17.4.1). */
static void write_date(double serial, bool from_1904, bool is_date, struct strbuf *out)
{
    double whole = floor(serial);
    int64_t days = (int64_t)whole + (from_1904 ? LEAP_1904 : whole < 60 ? 1 : 0);
    int minutes = (int)floor((serial - whole) * 1440 + 0.5);
    char date[16];

    if (!is_date && whole == 0) {
        strbuf_printf(out, "%02d:%02d", minutes / 60 % 24, minutes % 60);
        return;
    }
    days += civil_days(1899, 12, 30) + minutes / 1440;
    minutes %= 1440;
    civil_format_date(days, date, sizeof(date));
    strbuf_append(out, date);
    if (minutes > 0)
        strbuf_printf(out, "T%02d:%02d", minutes / 60, minutes % 60);
}

void xlsx_number(const struct xlsx *book, const char *value, size_t style_number,
                 struct strbuf *out)
{
    int style = style_number < book->styles.length ? (unsigned char)book->styles.bytes[style_number]
                                                   : XLSX_PLAIN;
    char *end;
    double number = strtod(value, &end);

    if (end == value || *end || !isfinite(number)) {
        strbuf_append(out, value);
        return;
    }
    bool whole = floor(number) == number && fabs(number) < 1e15;
    if ((style == XLSX_DATE || style == XLSX_TIME) && number >= 0 && number < SERIAL_MAX)
        write_date(number, book->from_1904, style == XLSX_DATE, out);
    else if (style > XLSX_PADDED && whole && number >= 0)
        strbuf_printf(out, "%0*.0f", style - XLSX_PADDED, number);
    else if (whole)
        strbuf_printf(out, "%.0f", number == 0 ? 0.0 : number);
    else
        strbuf_printf(out, "%.15g", number);
}
