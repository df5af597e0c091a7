/* A workbook (XLSX) of sheets in one house style: heading, table with typed cells, frozen titles,
 * totals, ready to print. Rows go to disk as they come, so that a big one costs no memory; sheets
 * are written one after the other. */
#ifndef VITRINE_SERVER_EXPORT_BOOK_H
#define VITRINE_SERVER_EXPORT_BOOK_H

#include "server/export/table.h"

struct book;

struct book_sheet {
    const char *name; /* at most 31 characters, without []:*?/\ */
    const char *heading;
    const char *remark; /* below the heading: period, what is counted */
    const struct table_column *columns;
    size_t column_count; /* at most TABLE_COLUMNS_MAX */
};

/* A figure of a front page. */
struct book_figure {
    const char *label;
    enum table_type type;
    struct table_value value;
    struct table_value before; /* of the period before, for comparison */
};

/* Columns of a sheet that is written later, its first `rows` rows: one colour a series. */
struct book_chart {
    const char *title;
    const char *sheet;
    size_t category;  /* column */
    size_t series[2]; /* columns */
    size_t series_count;
    size_t rows;
    bool hours; /* values are hours; else counts */
};

/* Never NULL. The file is made by book_finish; scratch is a folder for what it is made of. */
struct book *book_create(const char *path, const char *scratch, const char *title);

/* A front page: heading, figures, notes below them (NULL at the end), charts beside. */
void book_front(struct book *book, const struct book_sheet *sheet,
                const struct book_figure *figures, size_t figure_count, const char *before_title,
                const char *const *notes, const struct book_chart *charts, size_t chart_count);

void book_begin(struct book *book, const struct book_sheet *sheet);
void book_row(struct book *book, const struct table_value *values);
void book_end(struct book *book);

/* Writes the file and frees the book, also on failure. */
bool book_finish(struct book *book, struct error *err) __attribute__((warn_unused_result));

#endif
