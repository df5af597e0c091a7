#include "server/export/book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xlsxwriter.h>

#include "core/civil.h"

#define HOUR_MS 3600000.0
#define NAVY 0x0B1F3A
#define TEAL 0x005F5F
#define GOLD 0xFFC845
#define PALE 0xEEF3F6
#define LINE 0xC9D3DB
#define GREY 0x55606B
#define TITLE_ROW 3        /* of a table: below heading and remark */
#define EXCEL_1970 25569.0 /* the day 1970-01-01 in a spreadsheet */
#define TYPES (TABLE_DAY + 1)
#define FONT "Calibri"
#define FRONT_ROW 28 /* points */
#define TABLE_ROW 18

struct book {
    lxw_workbook *workbook;
    lxw_format *heading, *remark, *title, *title_number, *figure_label, *note;
    lxw_format *cells[TYPES], *totals[TYPES], *figures[TYPES], *befores[TYPES];
    lxw_worksheet *sheet; /* the one that is written */
    const struct table_column *columns;
    size_t column_count;
    lxw_row_t row; /* the next one */
    double sums[TABLE_COLUMNS_MAX];
    lxw_error failed; /* the first failure */
};

static const char *const formats[TYPES] = {
    [TABLE_TEXT] = "@",      [TABLE_COUNT] = "#,##0",    [TABLE_HOURS] = "#,##0.0",
    [TABLE_PERCENT] = "0 %", [TABLE_DAY] = "dd/mm/yyyy",
};

static void note_failure(struct book *book, lxw_error code)
{
    if (code != LXW_NO_ERROR && book->failed == LXW_NO_ERROR)
        book->failed = code;
}

static lxw_format *add_format(struct book *book, double size, uint32_t color, bool bold)
{
    lxw_format *format = workbook_add_format(book->workbook);

    format_set_font_name(format, FONT);
    format_set_font_size(format, size);
    format_set_font_color(format, color);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    if (bold)
        format_set_bold(format);
    return format;
}

static void add_formats(struct book *book)
{
    book->heading = add_format(book, 20, NAVY, true);
    book->remark = add_format(book, 11, GREY, false);
    book->note = add_format(book, 10, GREY, false);
    format_set_text_wrap(book->note);
    format_set_align(book->note, LXW_ALIGN_VERTICAL_TOP);
    book->figure_label = add_format(book, 12, NAVY, false);
    format_set_align(book->figure_label, LXW_ALIGN_LEFT);
    format_set_indent(book->figure_label, 1);
    format_set_bottom(book->figure_label, LXW_BORDER_THIN);
    format_set_bottom_color(book->figure_label, LINE);
    for (int kind = 0; kind < 2; kind++) {
        lxw_format *title = add_format(book, 11, LXW_COLOR_WHITE, true);
        format_set_bg_color(title, NAVY);
        format_set_text_wrap(title);
        format_set_align(title, kind == 0 ? LXW_ALIGN_LEFT : LXW_ALIGN_RIGHT);
        if (kind == 0)
            format_set_indent(title, 1);
        *(kind == 0 ? &book->title : &book->title_number) = title;
    }
    for (int type = 0; type < (int)TYPES; type++) {
        book->cells[type] = add_format(book, 11, 0x1A1A1A, false);
        format_set_bottom(book->cells[type], LXW_BORDER_HAIR);
        format_set_bottom_color(book->cells[type], LINE);
        book->totals[type] = add_format(book, 11, NAVY, true);
        format_set_top(book->totals[type], LXW_BORDER_MEDIUM);
        format_set_top_color(book->totals[type], NAVY);
        format_set_bg_color(book->totals[type], PALE);
        book->figures[type] = add_format(book, 16, TEAL, true);
        book->befores[type] = add_format(book, 12, GREY, false);
        lxw_format *all[] = {book->cells[type], book->totals[type], book->figures[type],
                             book->befores[type]};
        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
            format_set_num_format(all[i], formats[type]);
            format_set_align(all[i], type == TABLE_TEXT ? LXW_ALIGN_LEFT : LXW_ALIGN_RIGHT);
            if (type == TABLE_TEXT)
                format_set_indent(all[i], 1);
            if (i >= 2) {
                format_set_bottom(all[i], LXW_BORDER_THIN);
                format_set_bottom_color(all[i], LINE);
            }
        }
    }
}

struct book *book_create(const char *path, const char *scratch, const char *title)
{
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    struct book *book = calloc(1, sizeof(*book));

    if (book == NULL || (options.tmpdir = strdup(scratch)) == NULL)
        abort();
    book->workbook = workbook_new_opt(path, &options);
    free(options.tmpdir); /* the workbook has a copy */
    if (book->workbook == NULL)
        abort();
    lxw_doc_properties properties = {.title = (char *)(uintptr_t)title,
                                     .company = "Métropole Rouen Normandie",
                                     .comments = "Vitrine"};
    workbook_set_properties(book->workbook, &properties);
    add_formats(book);
    return book;
}

static void open_sheet(struct book *book, const struct book_sheet *sheet, bool front)
{
    book->sheet = workbook_add_worksheet(book->workbook, sheet->name);
    book->columns = sheet->columns;
    book->column_count = sheet->column_count;
    memset(book->sums, 0, sizeof(book->sums));
    if (book->sheet == NULL) {
        note_failure(book, LXW_ERROR_SHEETNAME_ALREADY_USED);
        return;
    }
    worksheet_gridlines(book->sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_landscape(book->sheet);
    worksheet_set_paper(book->sheet, 9); /* A4 */
    worksheet_fit_to_pages(book->sheet, 1, front ? 1 : 0);
    worksheet_set_margins(book->sheet, 0.5, 0.5, 0.6, 0.6);
    worksheet_set_footer(book->sheet, "&L&8&A&R&8&P / &N");
    worksheet_set_tab_color(book->sheet, front ? GOLD : NAVY);
    /* Where charts end is reckoned with this height, whatever a row gets later. */
    worksheet_set_default_row(book->sheet, front ? FRONT_ROW : TABLE_ROW, LXW_FALSE);
    worksheet_set_row(book->sheet, 0, 32, NULL);
    note_failure(book, worksheet_write_string(book->sheet, 0, 0, sheet->heading, book->heading));
    note_failure(book, worksheet_write_string(book->sheet, 1, 0, sheet->remark, book->remark));
}

static double cell_number(enum table_type type, double number)
{
    return type == TABLE_HOURS ? number / HOUR_MS
           : type == TABLE_DAY ? number + EXCEL_1970
                               : number;
}

static void put_value(struct book *book, lxw_col_t column, enum table_type type,
                      const struct table_value *value, lxw_format *const *look)
{
    if (value->empty)
        note_failure(book, worksheet_write_blank(book->sheet, book->row, column, look[type]));
    else if (type == TABLE_TEXT) /* always a text: no formula comes from anywhere */
        note_failure(
            book, worksheet_write_string(book->sheet, book->row, column, value->text, look[type]));
    else
        note_failure(book, worksheet_write_number(book->sheet, book->row, column,
                                                  cell_number(type, value->number), look[type]));
}

void book_begin(struct book *book, const struct book_sheet *sheet)
{
    open_sheet(book, sheet, false);
    if (book->sheet == NULL)
        return;
    worksheet_set_row(book->sheet, TITLE_ROW, 34, NULL);
    for (size_t i = 0; i < sheet->column_count; i++) {
        const struct table_column *column = &sheet->columns[i];
        lxw_col_t at = (lxw_col_t)i;
        worksheet_set_column(book->sheet, at, at, column->width, NULL);
        note_failure(book, worksheet_write_string(book->sheet, TITLE_ROW, at, column->title,
                                                  column->type == TABLE_TEXT ? book->title
                                                                             : book->title_number));
    }
    worksheet_freeze_panes(book->sheet, TITLE_ROW + 1, 1);
    worksheet_repeat_rows(book->sheet, TITLE_ROW, TITLE_ROW);
    book->row = TITLE_ROW + 1;
}

void book_row(struct book *book, const struct table_value *values)
{
    if (book->sheet == NULL || book->failed != LXW_NO_ERROR)
        return;
    for (size_t i = 0; i < book->column_count; i++) {
        put_value(book, (lxw_col_t)i, book->columns[i].type, &values[i], book->cells);
        if (book->columns[i].total && !values[i].empty)
            book->sums[i] += cell_number(book->columns[i].type, values[i].number);
    }
    book->row++;
}

static void put_totals(struct book *book, lxw_row_t first, lxw_row_t last)
{
    for (size_t i = 0; i < book->column_count; i++) {
        const struct table_column *column = &book->columns[i];
        lxw_col_t at = (lxw_col_t)i;
        char formula[64], letters[LXW_MAX_COL_NAME_LENGTH];
        lxw_format *look = book->totals[column->type];
        if (column->total) {
            lxw_col_to_name(letters, at, LXW_FALSE);
            snprintf(formula, sizeof(formula), "=SUBTOTAL(9,%s%u:%s%u)", letters, first + 1,
                     letters, last + 1);
            note_failure(book, worksheet_write_formula_num(book->sheet, book->row, at, formula,
                                                           look, book->sums[i]));
        } else if (i == 0 && column->type == TABLE_TEXT) {
            note_failure(book, worksheet_write_string(book->sheet, book->row, at, "Total", look));
        } else {
            note_failure(book, worksheet_write_blank(book->sheet, book->row, at, look));
        }
    }
}

void book_end(struct book *book)
{
    bool totals = false;
    lxw_row_t first = TITLE_ROW + 1;

    if (book->sheet == NULL || book->row == first)
        return;
    lxw_row_t last = book->row - 1;
    for (size_t i = 0; i < book->column_count; i++)
        totals = totals || book->columns[i].total;
    /* Before the totals: what is written is out of reach. */
    note_failure(book, worksheet_autofilter(book->sheet, TITLE_ROW, 0, last,
                                            (lxw_col_t)(book->column_count - 1)));
    if (totals)
        put_totals(book, first, last);
}

static void put_chart(struct book *book, const struct book_chart *chart, lxw_row_t row)
{
    static const uint32_t colors[] = {LINE, TEAL};
    lxw_chart *made = workbook_add_chart(book->workbook, LXW_CHART_COLUMN);
    lxw_row_t first = TITLE_ROW + 1, last = (lxw_row_t)(TITLE_ROW + chart->rows);
    lxw_chart_font title_font = {.size = 12, .bold = LXW_TRUE, .color = NAVY};
    lxw_chart_font font = {.size = 9, .color = GREY};
    lxw_chart_line none = {.none = LXW_TRUE}, grid = {.color = PALE, .width = 0.75f};

    for (size_t i = 0; i < chart->series_count; i++) {
        lxw_chart_series *series = chart_add_series(made, NULL, NULL);
        lxw_col_t column = (lxw_col_t)chart->series[i], category = (lxw_col_t)chart->category;
        lxw_chart_fill fill = {.color = chart->series_count == 1 ? TEAL : colors[i]};
        chart_series_set_categories(series, chart->sheet, first, category, last, category);
        chart_series_set_values(series, chart->sheet, first, column, last, column);
        chart_series_set_name_range(series, chart->sheet, TITLE_ROW, column);
        chart_series_set_fill(series, &fill);
    }
    chart_title_set_name(made, chart->title);
    chart_title_set_name_font(made, &title_font);
    chart_axis_set_num_font(made->x_axis, &font);
    chart_axis_set_num_font(made->y_axis, &font);
    chart_axis_set_num_format(made->y_axis, "#,##0");
    chart_axis_set_line(made->y_axis, &none);
    chart_axis_major_gridlines_set_line(made->y_axis, &grid);
    chart_legend_set_position(made, chart->series_count > 1 ? LXW_CHART_LEGEND_BOTTOM
                                                            : LXW_CHART_LEGEND_NONE);
    chart_chartarea_set_line(made, &none);
    lxw_chart_options options = {.x_scale = 1.25, .y_scale = 0.98, .x_offset = 12, .y_offset = 4};
    note_failure(book, worksheet_insert_chart_opt(book->sheet, row, 4, made, &options));
}

void book_front(struct book *book, const struct book_sheet *sheet,
                const struct book_figure *figures, size_t figure_count, const char *before_title,
                const char *const *notes, const struct book_chart *charts, size_t chart_count)
{
    open_sheet(book, sheet, true);
    if (book->sheet == NULL)
        return;
    worksheet_set_column(book->sheet, 0, 0, 46, NULL);
    worksheet_set_column(book->sheet, 1, 2, 16, NULL);
    worksheet_set_column(book->sheet, 3, 3, 3, NULL);
    worksheet_set_column(book->sheet, 4, 12, 10, NULL);
    book->row = TITLE_ROW;
    const char *titles[] = {"Chiffres clés", "Cette année", before_title};
    for (lxw_col_t i = 0; i < 3; i++)
        note_failure(book, worksheet_write_string(book->sheet, book->row, i, titles[i],
                                                  i == 0 ? book->title : book->title_number));
    /* Charts are put where they belong before the rows below are written. */
    for (size_t i = 0; i < chart_count; i++)
        put_chart(book, &charts[i], (lxw_row_t)(TITLE_ROW + i * 8));
    for (size_t i = 0; i < figure_count; i++) {
        book->row++;
        note_failure(book, worksheet_write_string(book->sheet, book->row, 0, figures[i].label,
                                                  book->figure_label));
        put_value(book, 1, figures[i].type, &figures[i].value, book->figures);
        put_value(book, 2, figures[i].type, &figures[i].before, book->befores);
    }
    book->row++;
    for (size_t i = 0; notes != NULL && notes[i] != NULL; i++) {
        book->row++;
        note_failure(book, worksheet_merge_range(book->sheet, book->row, 0, book->row, 2, notes[i],
                                                 book->note));
    }
}

bool book_finish(struct book *book, struct error *err)
{
    lxw_error code = workbook_close(book->workbook);

    note_failure(book, code);
    code = book->failed;
    free(book);
    return code == LXW_NO_ERROR ||
           error_set(err, ERROR_IO, "le classeur ne peut être écrit (%s)",
                     "the workbook cannot be written (%s)", lxw_strerror(code));
}
