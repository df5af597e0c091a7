/* Workbooks of spreadsheets (Office Open XML, ISO/IEC 29500), read as a stream: rows come as those
 * of table.h. Parts are read with a limit each, whatever their headers promise, so that a bomb
 * costs seconds and not the machine; document types (entities) are refused. Dates and times come as
 * ISO text, numbers as their digits, formulas as the value that the spreadsheet last computed. */
#ifndef VITRINE_SERVER_IMPORT_XLSX_H
#define VITRINE_SERVER_IMPORT_XLSX_H

#include "server/import/table.h"

#define XLSX_SHEETS_MAX 64

struct xlsx;

/* NULL when it is no workbook, or one that cannot be read (password, ODS, XLSB, damage). */
struct xlsx *xlsx_open(const char *path, struct error *err) __attribute__((warn_unused_result));
void xlsx_close(struct xlsx *book); /* accepts NULL */

size_t xlsx_sheet_count(const struct xlsx *book); /* at least 1; hidden ones do not count */
const char *xlsx_sheet_name(const struct xlsx *book, size_t sheet);
/* Bytes of the sheet's part, which row.bytes_done runs up to. */
int64_t xlsx_sheet_size(const struct xlsx *book, size_t sheet);

/* Calls on_row for every row that is not blank; row.line is the spreadsheet's own number. Cells
 * beyond TABLE_COLUMNS_MAX are left out; every row is as wide as the first one at least. */
bool xlsx_read(struct xlsx *book, size_t sheet, size_t field_max, table_row_handler *on_row,
               void *context, struct error *err) __attribute__((warn_unused_result));

#endif
