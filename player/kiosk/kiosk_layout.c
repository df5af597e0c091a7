#include "player/kiosk/kiosk_layout.h"

#include <math.h>

#define LARGE_TEXT 1.3
/* 43 inches, 16:9: the screen that the sizes were chosen on. */
#define REFERENCE_SHORT_MM 535.0
#define WORK_LEAST_MM 330.0 /* lower than this the list is no list any more */

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

/* Larger screens get proportionally larger pages. Smaller ones keep true millimetres until the page
 * would not fit any more. */
static double design_mm(const struct metrics *metrics)
{
    int side = min_int(metrics->width_px, metrics->height_px);
    double reference = side / REFERENCE_SHORT_MM;
    return fmin(fmax(metrics->px_per_mm, reference), reference * 1.5);
}

int kiosk_layout_px(const struct kiosk_layout *layout, double mm)
{
    return (int)lround(mm * layout->mm);
}

/* Line of the picture at that height above the floor. */
static int line_at(const struct metrics *metrics, int bottom_edge_mm, int height_mm)
{
    double px = (height_mm - bottom_edge_mm) * metrics->px_per_mm;
    return metrics->height_px - (int)lround(fmin(fmax(px, -1e6), 1e6));
}

/* The part of the screen that is worked with, and the board above or below it. */
static void place_work(struct kiosk_layout *layout, const struct metrics *metrics,
                       int bottom_edge_mm, bool low)
{
    int height = metrics->height_px;
    int least = min_int(height, max_int(kiosk_layout_px(layout, WORK_LEAST_MM), height * 45 / 100));
    int top = 0;
    int bottom = line_at(metrics, bottom_edge_mm, low ? KIOSK_REACH_SEATED_MM : KIOSK_REACH_LOW_MM);
    bottom = min_int(max_int(bottom, least), height);
    if (low)
        top = min_int(max_int(line_at(metrics, bottom_edge_mm, KIOSK_REACH_HIGH_MM), 0),
                      bottom - least);
    layout->screen = (struct rect){0, 0, metrics->width_px, height};
    layout->work = (struct rect){0, top, metrics->width_px, bottom - top};
    layout->board = top > 0 ? (struct rect){0, 0, metrics->width_px, top}
                            : (struct rect){0, bottom, metrics->width_px, height - bottom};
}

void kiosk_layout_row(struct rect row, int gap, int count, struct rect *cells_out)
{
    for (int i = 0; i < count; i++) {
        int left = (row.w + gap) * i / count;
        int right = (row.w + gap) * (i + 1) / count - gap;
        cells_out[i] = (struct rect){row.x + left, row.y, right - left, row.h};
    }
}

int kiosk_layout_columns(const struct kiosk_layout *layout, int width, double least_mm)
{
    int least = kiosk_layout_px(layout, least_mm);
    return max_int((width + layout->gap) / max_int(least + layout->gap, 1), 1);
}

static void place_bar(struct kiosk_layout *layout)
{
    const struct rect *work = &layout->work;
    bool tight = work->h < kiosk_layout_px(layout, 430);
    int pad = kiosk_layout_px(layout, tight ? 5 : 8);
    int button = kiosk_layout_px(layout, (tight ? 36 : 46) * sqrt(layout->text));
    int bar = button + 2 * pad;
    layout->bar = (struct rect){0, work->y + work->h - bar, work->w, bar};
    struct rect row = {layout->margin, layout->bar.y + pad, work->w - 2 * layout->margin, button};
    kiosk_layout_row(row, layout->gap, KIOSK_BAR_BUTTONS, layout->buttons);
}

struct rect kiosk_layout_options(const struct kiosk_layout *layout, int count,
                                 struct rect buttons_out[KIOSK_OPTIONS_MAX])
{
    int inner = kiosk_layout_px(layout, 10), width = layout->work.w - 2 * layout->margin;
    int row_height = kiosk_layout_px(layout, 24 + 44 * layout->text);
    int columns = kiosk_layout_columns(layout, width, 80 * layout->text);
    columns = min_int(columns, count);
    int rows = (count + columns - 1) / columns;
    columns = (count + rows - 1) / rows; /* evenly */
    int height = 2 * inner + rows * row_height + (rows - 1) * layout->gap;
    struct rect panel = {layout->margin / 2, layout->bar.y - height - layout->gap,
                         layout->work.w - layout->margin, height};
    for (int i = 0; i < rows; i++) {
        struct rect row = {layout->margin, panel.y + inner + i * (row_height + layout->gap), width,
                           row_height};
        kiosk_layout_row(row, layout->gap, min_int(columns, count - i * columns),
                         buttons_out + i * columns);
    }
    return panel;
}

/* Letters in as few columns as give each its 20 mm. */
static void place_index(const struct kiosk_layout *layout, struct rect area, int bottom,
                        struct kiosk_aside *aside)
{
    int cell = kiosk_layout_px(layout, 30 * sqrt(layout->text));
    int least = kiosk_layout_px(layout, KIOSK_TARGET_MM + 2);
    int height = bottom - area.y;
    int columns = 2;
    while (columns < 6 && height / ((KIOSK_LETTERS + columns - 1) / columns) < least)
        columns++;
    int width = columns * cell;
    aside->index_columns = columns;
    aside->index = (struct rect){area.x + area.w - width, area.y, width, height};
}

struct kiosk_aside kiosk_layout_aside(const struct kiosk_layout *layout, struct rect area,
                                      bool letters)
{
    struct kiosk_aside aside = {0};
    int button = kiosk_layout_px(layout, 36), right = area.x + area.w;
    int bottom = area.y + area.h;
    if (letters) {
        struct rect pages[2];
        place_index(layout, area, bottom - button - layout->gap, &aside);
        kiosk_layout_row((struct rect){aside.index.x, bottom - button, aside.index.w, button},
                         layout->gap / 2, 2, pages);
        aside.page_up = pages[0];
        aside.page_down = pages[1];
    } else {
        aside.page_down = (struct rect){right - button, bottom - button, button, button};
        aside.page_up = aside.page_down;
        aside.page_up.y -= button + layout->gap;
    }
    aside.view = area;
    aside.view.w = aside.page_up.x - layout->gap * 3 / 2 - area.x;
    return aside;
}

static void place_content(struct kiosk_layout *layout)
{
    const struct rect *work = &layout->work;
    bool tall = work->h >= kiosk_layout_px(layout, 480);
    int header = kiosk_layout_px(layout, (tall ? 66 : 44) * sqrt(layout->text));
    layout->header = (struct rect){0, work->y, work->w, header};
    int top = work->y + header, bottom = layout->bar.y;
    layout->body = (struct rect){layout->margin, top + layout->gap, work->w - 2 * layout->margin,
                                 bottom - top - 2 * layout->gap};
    int sheet_top = work->y + layout->margin;
    layout->sheet = (struct rect){layout->margin, sheet_top, work->w - 2 * layout->margin,
                                  bottom - layout->gap - sheet_top};
    layout->choices = layout->sheet;
    layout->row_height = max_int(kiosk_layout_px(layout, 16 + 43 * layout->text), 1);
    layout->heading_height = kiosk_layout_px(layout, 12 + 18 * layout->text);
}

/* Its buttons take the bar's place, which is within reach. */
static void place_dialog(struct kiosk_layout *layout)
{
    int width = min_int(layout->work.w - 2 * layout->margin, kiosk_layout_px(layout, 480));
    int height =
        min_int(layout->work.h - layout->margin, kiosk_layout_px(layout, 130 + 70 * layout->text));
    int pad = kiosk_layout_px(layout, 14);
    int button = kiosk_layout_px(layout, 46);
    layout->dialog =
        (struct rect){(layout->work.w - width) / 2,
                      layout->work.y + layout->work.h - height - layout->gap, width, height};
    struct rect row = {layout->dialog.x + pad, layout->dialog.y + layout->dialog.h - pad - button,
                       layout->dialog.w - 2 * pad, button};
    kiosk_layout_row(row, layout->gap, 2, layout->dialog_buttons);
}

static void place_attract(struct kiosk_layout *layout)
{
    int button = kiosk_layout_px(layout, 62);
    int height = button + 2 * layout->gap;
    layout->attract = (struct rect){0, layout->screen.h - height, layout->screen.w, height};
    int language = kiosk_layout_px(layout, 60);
    int y = layout->attract.y + layout->gap;
    int right = layout->screen.w - layout->margin;
    layout->attract_language = (struct rect){right - language, y, language, button};
    layout->attract_button =
        (struct rect){layout->margin, y, right - language - layout->gap - layout->margin, button};
}

struct kiosk_layout kiosk_layout_make(const struct metrics *metrics, int bottom_edge_mm,
                                      struct kiosk_modes modes)
{
    struct kiosk_layout layout = {.mm = design_mm(metrics), .text = modes.large ? LARGE_TEXT : 1.0};
    layout.margin = kiosk_layout_px(&layout, 18);
    layout.gap = kiosk_layout_px(&layout, 7);
    layout.radius = kiosk_layout_px(&layout, 9);
    layout.slop = max_int((int)lround(3.0 * metrics->px_per_mm), 4);
    place_work(&layout, metrics, bottom_edge_mm, modes.low);
    place_bar(&layout);
    place_content(&layout);
    place_dialog(&layout);
    place_attract(&layout);
    return layout;
}

struct rect kiosk_layout_letter(const struct kiosk_layout *layout, const struct kiosk_aside *aside,
                                int letter)
{
    const struct rect *index = &aside->index;
    int columns = aside->index_columns;
    int rows = (KIOSK_LETTERS + columns - 1) / columns;
    int column = letter / rows, row = letter % rows;
    int left = index->w * column / columns, right = index->w * (column + 1) / columns;
    int top = index->h * row / rows, bottom = index->h * (row + 1) / rows;
    int inset = kiosk_layout_px(layout, 1);
    return (struct rect){index->x + left + inset, index->y + top + inset, right - left - 2 * inset,
                         bottom - top - 2 * inset};
}
