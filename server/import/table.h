/* A table in a text file or a workbook (xlsx.h), read as a stream: format, encoding and delimiter
 * are found out, rows come one by one with the line they begin on. Memory does not grow with the
 * file. */
#ifndef VITRINE_SERVER_IMPORT_TABLE_H
#define VITRINE_SERVER_IMPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define TABLE_COLUMNS_MAX 128

enum table_encoding { TABLE_UTF8, TABLE_UTF8_BOM, TABLE_WINDOWS_1252, TABLE_WORKBOOK };
const char *table_encoding_name(enum table_encoding encoding);

struct table_format {
    enum table_encoding encoding;
    char delimiter; /* ';', ',' or tab; 0 of a workbook */
    size_t sheet;   /* of a workbook: which of its visible sheets, from 0 */
    int64_t size;   /* of the file, of a workbook's first sheet: what bytes_done runs up to */
};

/* Reads the whole file once: UTF-8 if all of it is valid, else Windows-1252; the delimiter is the
 * one that a first line "sep=;" names, else that which the first line with one holds most of.
 * Refuses empty files, other formats (XLS, PDF, UTF-16, …) and what is no text (NUL bytes), with
 * the line. */
bool table_scan(const char *path, struct table_format *out, struct error *err)
    __attribute__((warn_unused_result));

struct table_row {
    int line;            /* 1-based, where the row begins */
    int64_t bytes_done;  /* of the file, up to here */
    size_t count;        /* columns in the file; those beyond TABLE_COLUMNS_MAX are not in fields */
    const char **fields; /* UTF-8, as they are, NUL-terminated; until the next row */
    bool cells;          /* of a workbook: a cell's place says its column, whatever their number */
    unsigned uncomputed; /* of a workbook: formulas without the value that they had */
};

typedef bool table_row_handler(void *context, const struct table_row *row, struct error *err);

/* Calls on_row for every row that is not blank, the first included, but not for "sep=;". In a file
 * that is Windows-1252 as a whole, fields that are valid UTF-8 are taken as such. Quotes are read
 * by RFC 4180; misplaced or unclosed ones, and fields over field_max bytes, are errors with the
 * line. Stops when on_row returns false. */
bool table_read(const char *path, const struct table_format *format, size_t field_max,
                table_row_handler *on_row, void *context, struct error *err)
    __attribute__((warn_unused_result));

#endif
