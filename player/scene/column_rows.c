/* A list: for each row a label (day, hour, floor), what it is, and details below. Labels stand in a
 * column of their own, above the rest where the list is too narrow for that. */
#include <math.h>

#include "player/scene/column.h"
#include "player/scene/slide_words.h"

#define SMALL_SIZE 0.86  /* of labels and details, in the text's capital heights */
#define LABEL_MOST 0.4   /* of the list's width */
#define LABEL_CAPS 8.5   /* at most, in capital heights: longer ones take two lines */
#define STACK_BELOW 15.0 /* a list narrower than this, in capital heights, stacks its labels */
#define COLUMN_LEAST 15.0
#define COLUMN_GAP 2.0
#define ROW_GAP 1.15 /* between rows, with the line in it */
#define DETAIL_GAP 0.35
#define BAR_WIDTH 0.16 /* of the bar between label and text */
#define BAR_GAP 0.75
#define TEXT_LINES 2

/* Where everything stands, px. */
struct grid {
    struct text_style text, label, detail;
    int columns, width, gap, row_gap, detail_gap;
    int label_w, bar_w, bar_gap;
    bool stacked;
};

static const char *const slots[TEMPLATE_ROWS_MAX][3] = {
    {"row_1", "row_1_label", "row_1_detail"}, {"row_2", "row_2_label", "row_2_detail"},
    {"row_3", "row_3_label", "row_3_detail"}, {"row_4", "row_4_label", "row_4_detail"},
    {"row_5", "row_5_label", "row_5_detail"}, {"row_6", "row_6_label", "row_6_detail"},
};

struct column_rows *column_rows_read(const struct slide *slide, struct arena *arena)
{
    struct column_rows *rows = arena_alloc(arena, sizeof *rows);
    for (int i = 0; i < TEMPLATE_ROWS_MAX; i++) {
        struct column_row *row = &rows->rows[rows->count];
        row->slots = slots[i];
        row->text = slide_words(slide, slots[i][0], arena);
        row->label = slide_words(slide, slots[i][1], arena);
        row->detail = slide_words(slide, slots[i][2], arena);
        rows->count += row->text != NULL;
    }
    rows->shown = rows->count;
    rows->details = true;
    return rows->count > 0 ? rows : NULL;
}

static int caps(const struct column_item *item, double count)
{
    return (int)lround(count * item->cap);
}

/* As wide as the widest label, within limits. */
static int label_width(const struct column *column, const struct column_item *item,
                       const struct grid *grid)
{
    int widest = 0;
    int most = (int)fmin(LABEL_MOST * grid->width, LABEL_CAPS * item->cap);
    for (int i = 0; i < item->rows->count; i++) {
        int width = 0, over = 0;
        const char *label = item->rows->rows[i].label;
        if (label != NULL) {
            column_text_height(column, label, &grid->label, most, &width, &over);
        }
        widest = width > widest ? width : widest;
    }
    return widest > 0 ? widest + 2 : 0;
}

static struct grid grid_of(const struct column *column, const struct column_item *item)
{
    double floor = metrics_floor(column->metrics, item->spec->tier);
    int width = column_item_frame(column, item).w;
    struct grid grid = {.columns = 1, .gap = caps(item, COLUMN_GAP)};
    grid.text = (struct text_style){.weight = column_weight(item->spec),
                                    .cap_height = item->cap,
                                    .line_height = 1.6,
                                    .max_lines = item->lines > 0 ? item->lines : TEXT_LINES,
                                    .balance = true};
    grid.detail =
        (struct text_style){.weight = TEXT_REGULAR,
                            .cap_height = fmax(SMALL_SIZE * item->cap, fmin(floor, item->cap)),
                            .line_height = 1.6,
                            .max_lines = TEXT_LINES,
                            .balance = true};
    grid.label = grid.detail;
    grid.label.weight = TEXT_SEMIBOLD;
    bool wide = width - grid.gap >= 2 * caps(item, COLUMN_LEAST);
    if (item->spec->columns == 2 && wide && item->rows->shown > 2) {
        grid.columns = 2;
    }
    grid.width = (width - (grid.columns - 1) * grid.gap) / grid.columns;
    grid.row_gap = caps(item, ROW_GAP);
    grid.detail_gap = caps(item, DETAIL_GAP);
    grid.bar_w = caps(item, BAR_WIDTH) > 2 ? caps(item, BAR_WIDTH) : 2;
    grid.bar_gap = caps(item, BAR_GAP);
    grid.label_w = label_width(column, item, &grid);
    grid.stacked = grid.width < caps(item, STACK_BELOW);
    return grid;
}

/* What the label takes of the width. */
static int text_left(const struct grid *grid)
{
    int bar = grid->bar_w + grid->bar_gap;
    return grid->stacked || grid->label_w == 0 ? bar : grid->label_w + grid->bar_gap + bar;
}

struct row_heights {
    int label, text, detail, whole;
};

static struct row_heights row_heights(const struct column *column, const struct column_item *item,
                                      const struct grid *grid, const struct column_row *row,
                                      int *excess)
{
    struct row_heights heights = {0};
    int width = grid->width - text_left(grid);
    width = width < 1 ? 1 : width;
    if (row->label != NULL) {
        heights.label = column_text_height(column, row->label, &grid->label,
                                           grid->stacked ? width : grid->label_w, NULL, excess);
    }
    heights.text = column_text_height(column, row->text, &grid->text, width, NULL, excess);
    if (item->rows->details && row->detail != NULL) {
        heights.detail = grid->detail_gap + column_text_height(column, row->detail, &grid->detail,
                                                               width, NULL, excess);
    }
    int beside = heights.text + heights.detail;
    heights.whole = grid->stacked            ? heights.label + beside
                    : heights.label > beside ? heights.label
                                             : beside;
    return heights;
}

static int first_of_second(const struct column_item *item, const struct grid *grid)
{
    return grid->columns == 2 ? (item->rows->shown + 1) / 2 : item->rows->shown;
}

void column_rows_measure(const struct column *column, struct column_item *item)
{
    struct grid grid = grid_of(column, item);
    int heights[2] = {0};
    for (int i = 0; i < item->rows->shown; i++) {
        int side = i >= first_of_second(item, &grid);
        int height = row_heights(column, item, &grid, &item->rows->rows[i], &item->excess).whole;
        heights[side] += height + (heights[side] > 0 ? grid.row_gap : 0);
    }
    item->height = heights[0] > heights[1] ? heights[0] : heights[1];
}

static void build_row(const struct column *column, const struct column_item *item,
                      const struct grid *grid, const struct column_row *row, struct rect place,
                      struct scene_node *parent)
{
    int excess = 0, left = text_left(grid), y = place.y;
    struct row_heights heights = row_heights(column, item, grid, row, &excess);
    int bar_x = place.x + left - grid->bar_gap - grid->bar_w;
    scene_box(parent, (struct rect){bar_x, y, grid->bar_w, heights.whole},
              COLOR_RGB(column->look->colours.rule), grid->bar_w / 2);
    struct rect text = {place.x + left, y, grid->width - left, 0};
    text.w = text.w < 1 ? 1 : text.w;
    if (row->label != NULL) {
        struct rect box = grid->stacked ? text : (struct rect){place.x, y, grid->label_w, 0};
        column_text(parent, box, row->label, &grid->label, column_ink(column, INK_ACCENT),
                    row->slots[1]);
        text.y += grid->stacked ? heights.label : 0;
    }
    column_text(parent, text, row->text, &grid->text, column_ink(column, item->spec->ink),
                row->slots[0]);
    if (heights.detail > 0) {
        text.y += heights.text + grid->detail_gap;
        column_text(parent, text, row->detail, &grid->detail, column_ink(column, INK_QUIET),
                    row->slots[2]);
    }
}

void column_rows_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent)
{
    struct grid grid = grid_of(column, item);
    struct rect frame = column_item_frame(column, item), place = {frame.x, y, grid.width, 0};
    for (int i = 0; i < item->rows->shown; i++) {
        if (i > 0 && i == first_of_second(item, &grid)) {
            place.x += grid.width + grid.gap;
            place.y = y;
        }
        int excess = 0;
        build_row(column, item, &grid, &item->rows->rows[i], place, parent);
        place.y +=
            row_heights(column, item, &grid, &item->rows->rows[i], &excess).whole + grid.row_gap;
    }
}
