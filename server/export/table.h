/* Tables for spreadsheets: columns with their types, and values row by row. csv.h and book.h write
 * them; rows are not kept. */
#ifndef VITRINE_SERVER_EXPORT_TABLE_H
#define VITRINE_SERVER_EXPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

enum table_type {
    TABLE_TEXT,
    TABLE_COUNT,   /* whole number */
    TABLE_HOURS,   /* of milliseconds, shown in hours with two decimals */
    TABLE_PERCENT, /* of a share from 0 to 1 */
    TABLE_DAY,     /* days since 1970 */
};

struct table_column {
    const char *title;
    enum table_type type;
    int width;  /* in characters */
    bool total; /* summed in the last row */
};

#define TABLE_COLUMNS_MAX 16

/* Text for TABLE_TEXT, else the number; `empty` leaves the cell empty. */
struct table_value {
    const char *text;
    double number;
    bool empty;
};

struct table_value table_text(const char *text);
struct table_value table_number(int64_t number);
/* The part of the whole; empty when the whole is 0. */
struct table_value table_share(int64_t part, int64_t whole);

#endif
