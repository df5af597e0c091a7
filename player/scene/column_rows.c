/* A list: for each row a label (day, hour, floor), what it is, and details below. Labels stand in a
 * column of their own, above the rest where the list is too narrow for that. */
#include <math.h>

#include "player/scene/column.h"
#include "player/scene/slide_words.h"

#define SMALL_SIZE 0.86 /* of labels and details, in the text's capital heights */
#define LABEL_MOST 0.45 /* of the list's width */
#define LABEL_CAPS 9.5  /* at most, in capital heights: longer ones take two lines */
#define COLUMN_LEAST 14.0
#define COLUMN_GAP 2.0
#define ROW_GAP 1.15 /* between rows, with the line in it */
#define DETAIL_GAP 0.3
#define BAR_WIDTH 0.16 /* of the bar between label and text */
#define BAR_GAP 0.75
#define TEXT_LINES 2
#define NARROW 0.55 /* capital height in units: the zone is small for where people stand */

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

struct column_rows *column_rows_read(const struct slide *slide, bool narrow, struct arena *arena)
{
    struct column_rows *rows = arena_alloc(arena, sizeof *rows);
    for (int i = 0; i < TEMPLATE_ROWS_MAX; i++) {
        struct column_row *row = &rows->rows[rows->count];
        row->slots = slots[i];
        row->text = slide_words(slide, slots[i][0], arena);
        row->label = slide_words(slide, slots[i][1], arena);
        row->label = narrow ? slide_words_loose(row->label, arena) : row->label;
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

static int text_lines(const struct column *column, const struct column_item *item)
{
    bool narrow = item->cap > NARROW * column->metrics->unit_px;
    int most = TEXT_LINES + (narrow || column->metrics->portrait);
    return item->lines > 0 && item->lines < most ? item->lines : most;
}

static struct grid grid_make(const struct column *column, const struct column_item *item,
                             int columns, bool stacked)
{
    double floor = metrics_floor(column->metrics, item->spec->tier);
    int width = column_item_frame(column, item).w;
    struct grid grid = {.columns = columns, .stacked = stacked, .gap = caps(item, COLUMN_GAP)};
    grid.text = (struct text_style){.weight = column_weight(item->spec),
                                    .cap_height = item->cap,
                                    .line_height = 1.6,
                                    .max_lines = text_lines(column, item),
                                    .balance = true};
    grid.detail = grid.text;
    grid.detail.weight = TEXT_REGULAR;
    grid.detail.cap_height = fmax(SMALL_SIZE * item->cap, fmin(floor, item->cap));
    grid.label = grid.detail;
    grid.label.weight = TEXT_SEMIBOLD;
    grid.label.balance = false; /* "mercredi 25," stays together */
    grid.width = (width - (columns - 1) * grid.gap) / columns;
    grid.row_gap = caps(item, ROW_GAP * (0.65 + 0.35 * column->ease));
    grid.detail_gap = caps(item, DETAIL_GAP);
    grid.bar_w = caps(item, BAR_WIDTH) > 2 ? caps(item, BAR_WIDTH) : 2;
    grid.bar_gap = caps(item, BAR_GAP);
    grid.label_w = label_width(column, item, &grid);
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
                                           grid->stacked ? width : grid->label_w, NULL, excess) +
                        (grid->stacked ? grid->detail_gap : 0);
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

struct size {
    int height, excess;
    const char *slot; /* whose text is the farthest from fitting */
};

static struct size size_of(const struct column *column, const struct column_item *item,
                           const struct grid *grid)
{
    int heights[2] = {0}, most = 0;
    struct size size = {.slot = item->rows->rows[0].slots[0]};
    for (int i = 0; i < item->rows->shown; i++) {
        int side = i >= first_of_second(item, grid), excess = 0;
        const struct column_row *row = &item->rows->rows[i];
        int height = row_heights(column, item, grid, row, &excess).whole;
        heights[side] += height + (heights[side] > 0 ? grid->row_gap : 0);
        size.excess += excess;
        size.slot = excess > most ? row->slots[0] : size.slot;
        most = excess > most ? excess : most;
    }
    size.height = heights[0] > heights[1] ? heights[0] : heights[1];
    return size;
}

/* The first way in which every row stands whole in the column, or else the one that comes nearest:
 * one row a line, labels beside or above, then two. */
static struct grid grid_of(const struct column *column, const struct column_item *item,
                           struct size *size_out)
{
    struct grid best = {0};
    double least = INFINITY;
    int width = column_item_frame(column, item).w;
    bool wide = width >= 2 * caps(item, COLUMN_LEAST) + caps(item, COLUMN_GAP);
    int columns = wide && item->rows->shown > 2 ? item->spec->columns : 1;
    for (int way = 0; way < 2 * columns; way++) {
        struct grid grid = grid_make(column, item, 1 + way / 2, way % 2 == 1);
        struct size size = size_of(column, item, &grid);
        double cost = 1e6 * size.excess + size.height;
        if (cost < least) {
            least = cost;
            best = grid;
            *size_out = size;
        }
        if (size.excess == 0 && size.height <= column->frame.h) {
            *size_out = size;
            return grid;
        }
    }
    return best;
}

void column_rows_measure(const struct column *column, struct column_item *item)
{
    struct size size = {0};
    grid_of(column, item, &size);
    item->height = size.height;
    item->excess = size.excess;
    item->excess_slot = size.slot;
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
    struct size size;
    struct grid grid = grid_of(column, item, &size);
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
