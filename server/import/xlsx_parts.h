/* Shared by the files xlsx*.c only. */
#ifndef VITRINE_SERVER_IMPORT_XLSX_PARTS_H
#define VITRINE_SERVER_IMPORT_XLSX_PARTS_H

#include <expat.h>
#include <zip.h>

#include "core/arena.h"
#include "core/strbuf.h"
#include "server/import/xlsx.h"

enum xlsx_style {
    XLSX_PLAIN,
    XLSX_DATE,
    XLSX_TIME,
    XLSX_PADDED, /* and more: XLSX_PADDED + digits, "00000" */
};

struct xlsx_sheet {
    const char *name;
    const char *relation;
    const char *part;
    int64_t size;
};

struct xlsx {
    zip_t *zip;
    struct arena *arena;
    size_t sheet_count;
    struct xlsx_sheet sheets[XLSX_SHEETS_MAX];
    bool from_1904;
    struct strbuf texts;  /* shared strings, each with its NUL */
    struct strbuf starts; /* uint32_t: where in texts */
    struct strbuf styles; /* unsigned char: enum xlsx_style of each cell format */
};

/* Feeds a part to the parser, which the caller made and frees; at most `limit` bytes of it. The
 * handlers stop it by XML_StopParser; then what they left in *stopped is the answer. */
bool xlsx_parse(const struct xlsx *book, const char *part, int64_t limit, XML_Parser parser,
                int64_t *done, const bool *stopped, struct error *err)
    __attribute__((warn_unused_result));
/* A parser that refuses document types. */
XML_Parser xlsx_parser(void *context, XML_StartElementHandler on_start,
                       XML_EndElementHandler on_end, XML_CharacterDataHandler on_text);
/* Without its prefix. */
const char *xlsx_local(const char *name);
/* NULL when it is not there. */
const char *xlsx_attribute(const char **attributes, const char *name);
/* "_x000D_" and the like, in place. */
void xlsx_unescape(char *text);
/* What a cell with a number shows as text: an ISO date, digits. */
void xlsx_number(const struct xlsx *book, const char *value, size_t style, struct strbuf *out);
/* Of a format's code or its built-in number. */
enum xlsx_style xlsx_style_of(int number, const char *code);
bool xlsx_strings_read(struct xlsx *book, struct error *err) __attribute__((warn_unused_result));
bool xlsx_styles_read(struct xlsx *book, struct error *err) __attribute__((warn_unused_result));

#endif
