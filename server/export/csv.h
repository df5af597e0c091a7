/* CSV as Excel in French opens it by a double click: UTF-8 with its mark, semicolons, decimal
 * commas, CRLF. What a spreadsheet would take for a formula gets an apostrophe (OWASP, CSV
 * injection). Written as it comes, in whatever the stream holds. */
#ifndef VITRINE_SERVER_EXPORT_CSV_H
#define VITRINE_SERVER_EXPORT_CSV_H

#include <stdio.h>

#include "server/export/table.h"

/* The mark and the row of titles. */
void csv_begin(FILE *out, const struct table_column *columns, size_t count);
void csv_row(FILE *out, const struct table_column *columns, size_t count,
             const struct table_value *values);

#endif
