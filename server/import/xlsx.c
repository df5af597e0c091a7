#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/source.h"
#include "server/import/xlsx_parts.h"

#define PIECE 65536
#define SMALL_PART_MAX (INT64_C(4) * 1024 * 1024)
#define ENTRIES_MAX 20000

/* --- parts ----------------------------------------------------------------------------------- */

const char *xlsx_local(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    return NULL;
}

/* The only one with a handler for document types: workbooks have none, attacks do. */
static void XMLCALL refuse_doctype(void *context, const XML_Char *name, const XML_Char *system_id,
                                   const XML_Char *public_id, int internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)internal;
    XML_StopParser(*(XML_Parser *)context, XML_FALSE);
}

/* Each context begins with its parser, so that handlers can stop it. */
XML_Parser xlsx_parser(void *context, XML_StartElementHandler on_start,
                       XML_EndElementHandler on_end, XML_CharacterDataHandler on_text)
{
    XML_Parser parser = XML_ParserCreate(NULL);

    if (!parser)
        abort();
    *(XML_Parser *)context = parser;
    XML_SetUserData(parser, context);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, refuse_doctype);
    return parser;
}

static bool damaged(const char *part, struct error *err)
{
    return error_set(err, ERROR_INVALID,
                     "ce classeur est abîmé (%s) ; ouvrez-le dans le tableur et enregistrez-le de "
                     "nouveau",
                     "this workbook is damaged (%s); open it in the spreadsheet and save it again",
                     part);
}

static bool feed(zip_file_t *file, const char *part, int64_t limit, XML_Parser parser,
                 int64_t *done, const bool *stopped, struct error *err)
{
    for (;;) {
        void *buffer = XML_GetBuffer(parser, PIECE);
        if (!buffer)
            abort();
        zip_int64_t got = zip_fread(file, buffer, PIECE);
        if (got < 0)
            return damaged(part, err);
        *done += got;
        if (*done > limit)
            return error_set(err, ERROR_LIMIT,
                             "ce classeur est démesuré une fois décompressé ; gardez-y la seule "
                             "feuille utile, ou enregistrez-la en CSV",
                             "this workbook is enormous once unpacked; keep only the useful sheet "
                             "in it, or save that as CSV");
        if (XML_ParseBuffer(parser, (int)got, got == 0) == XML_STATUS_ERROR)
            return (stopped && *stopped) ? false : damaged(part, err);
        if (got == 0)
            return true;
    }
}

bool xlsx_parse(const struct xlsx *book, const char *part, int64_t limit, XML_Parser parser,
                int64_t *done, const bool *stopped, struct error *err)
{
    zip_file_t *file = zip_fopen(book->zip, part, ZIP_FL_NOCASE);
    int64_t counted = 0;

    if (!file)
        return damaged(part, err);
    bool ok = feed(file, part, limit, parser, done ? done : &counted, stopped, err);
    zip_fclose(file);
    return ok;
}

/* --- the book -------------------------------------------------------------------------------- */

struct book_reader {
    XML_Parser parser;
    struct xlsx *book;
};

static const char *relation_of(const char **attributes)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(xlsx_local(attributes[i]), "id") == 0 && strchr(attributes[i], ':'))
            return attributes[i + 1];
    return NULL;
}

static void XMLCALL handle_book_element(void *context, const char *name, const char **attributes)
{
    struct xlsx *book = ((struct book_reader *)context)->book;
    const char *state = xlsx_attribute(attributes, "state");

    if (strcmp(xlsx_local(name), "workbookPr") == 0) {
        const char *from_1904 = xlsx_attribute(attributes, "date1904");
        book->from_1904 = from_1904 && (*from_1904 == '1' || strcmp(from_1904, "true") == 0);
    }
    if (strcmp(xlsx_local(name), "sheet") != 0 || book->sheet_count == XLSX_SHEETS_MAX ||
        (state && strcmp(state, "visible") != 0))
        return;
    const char *title = xlsx_attribute(attributes, "name"), *relation = relation_of(attributes);
    if (title && relation)
        book->sheets[book->sheet_count++] =
            (struct xlsx_sheet){.name = arena_strdup(book->arena, title),
                                .relation = arena_strdup(book->arena, relation)};
}

static void XMLCALL handle_relation(void *context, const char *name, const char **attributes)
{
    struct xlsx *book = ((struct book_reader *)context)->book;
    const char *id = xlsx_attribute(attributes, "Id");
    const char *target = xlsx_attribute(attributes, "Target");
    const char *mode = xlsx_attribute(attributes, "TargetMode");

    if (strcmp(xlsx_local(name), "Relationship") != 0 || !id || !target || mode)
        return;
    for (size_t i = 0; i < book->sheet_count; i++)
        if (strcmp(book->sheets[i].relation, id) == 0)
            book->sheets[i].part = *target == '/' ? arena_strdup(book->arena, target + 1)
                                                  : arena_printf(book->arena, "xl/%s", target);
}

static bool read_small(struct xlsx *book, const char *part, XML_StartElementHandler on_start,
                       struct error *err)
{
    struct book_reader reader = {.book = book};
    XML_Parser parser = xlsx_parser(&reader, on_start, NULL, NULL);
    bool ok = xlsx_parse(book, part, SMALL_PART_MAX, parser, NULL, NULL, err);

    XML_ParserFree(parser);
    return ok;
}

static bool has(const struct xlsx *book, const char *part)
{
    return zip_name_locate(book->zip, part, ZIP_FL_NOCASE) >= 0;
}

static bool check_kind(const struct xlsx *book, struct error *err)
{
    if (zip_get_num_entries(book->zip, 0) > ENTRIES_MAX)
        return error_set(err, ERROR_LIMIT, "ce classeur a trop de parties",
                         "this workbook has too many parts");
    if (has(book, "xl/workbook.xml"))
        return true;
    return error_set(err, ERROR_INVALID,
                     "ce fichier n’est pas un classeur XLSX mais %s ; dans le tableur, "
                     "enregistrez-le sous « Classeur Excel (.xlsx) » ou « CSV UTF-8 »%.0s",
                     "this file is no XLSX workbook but %.0s%s; in the spreadsheet, save it as "
                     "\"Excel workbook (.xlsx)\" or \"CSV UTF-8\"",
                     has(book, "xl/workbook.bin") ? "un XLSB"
                     : has(book, "mimetype")      ? "un ODS"
                                                  : "une archive",
                     has(book, "xl/workbook.bin") ? "an XLSB"
                     : has(book, "mimetype")      ? "an ODS"
                                                  : "an archive");
}

static bool measure_sheets(struct xlsx *book, struct error *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < book->sheet_count; i++) {
        struct xlsx_sheet *sheet = &book->sheets[i];
        zip_stat_t stat;
        if (!sheet->part || zip_stat(book->zip, sheet->part, ZIP_FL_NOCASE, &stat) != 0)
            continue; /* charts have sheets of their own, or the part is not there */
        sheet->size = stat.size < INT64_MAX ? (int64_t)stat.size : INT64_MAX;
        book->sheets[kept++] = *sheet;
    }
    book->sheet_count = kept;
    return kept > 0 || error_set(err, ERROR_INVALID, "ce classeur n’a pas de feuille visible",
                                 "this workbook has no visible sheet");
}

static bool read_book(struct xlsx *book, struct error *err)
{
    return check_kind(book, err) && read_small(book, "xl/workbook.xml", handle_book_element, err) &&
           read_small(book, "xl/_rels/workbook.xml.rels", handle_relation, err) &&
           measure_sheets(book, err) && xlsx_styles_read(book, err) && xlsx_strings_read(book, err);
}

struct xlsx *xlsx_open(const char *path, struct error *err)
{
    int code;

    if (!source_check(path, err))
        return NULL;
    zip_t *zip = zip_open(path, ZIP_RDONLY, &code);
    if (!zip) {
        (void)damaged("ZIP", err);
        error_at(err, path, 0);
        return NULL;
    }
    struct xlsx *book = calloc(1, sizeof(*book));
    if (!book)
        abort();
    book->zip = zip;
    book->arena = arena_create();
    strbuf_init(&book->texts);
    strbuf_init(&book->starts);
    strbuf_init(&book->styles);
    if (read_book(book, err))
        return book;
    error_at(err, path, 0);
    xlsx_close(book);
    return NULL;
}

void xlsx_close(struct xlsx *book)
{
    if (!book)
        return;
    zip_discard(book->zip);
    strbuf_finish(&book->texts);
    strbuf_finish(&book->starts);
    strbuf_finish(&book->styles);
    arena_destroy(book->arena);
    free(book);
}

size_t xlsx_sheet_count(const struct xlsx *book)
{
    return book->sheet_count;
}

const char *xlsx_sheet_name(const struct xlsx *book, size_t sheet)
{
    return book->sheets[sheet].name;
}

int64_t xlsx_sheet_size(const struct xlsx *book, size_t sheet)
{
    return book->sheets[sheet].size;
}
