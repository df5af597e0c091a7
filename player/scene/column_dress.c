/* One text of the column in its dress. Measuring and building share the geometry of each dress, so
 * that what was measured is what stands there. */
#include <math.h>
#include <string.h>

#include "core/utf8.h"
#include "player/scene/column.h"
#include "player/scene/palette.h"
#include "player/scene/slide_words.h"

#define QUOTE_MARK "“"
#define MARK_SIZE 2.6   /* capital height of the mark in the quote's */
#define MARK_DEPTH 0.46 /* of the mark's capital height that has ink */
#define MARK_GAP 0.55   /* in the quote's capital heights */
#define RULE_WIDTH 1.1  /* units */
#define RULE_HEIGHT 0.09
#define RULE_GAP 0.3
#define BADGE_HIGH 2.5 /* pills and cards in capital heights of their text */
#define BADGE_PAD 0.95
#define CARD_HIGH 2.3
#define CARD_PAD 0.8
#define UNIT_SIZE 0.34    /* of a figure's unit, in its number */
#define BESIDE_LEAST 0.68 /* how much smaller both may be to stand side by side */
#define BESIDE_LEAST_TALL 0.85
#define UNIT_GAP 0.55 /* in the unit's capital heights */

enum text_weight column_weight(const struct slot_spec *spec)
{
    static const enum text_weight weights[] = {TEXT_REGULAR, TEXT_SEMIBOLD, TEXT_EXTRABOLD};
    return weights[spec->weight];
}

color column_ink(const struct column *column, enum slot_ink ink)
{
    const struct template_colours *colours = &column->look->colours;
    const uint32_t inks[] = {colours->main, colours->accent, colours->quiet, colours->head};
    return COLOR_RGB(inks[ink]);
}

struct rect column_item_frame(const struct column *column, const struct column_item *item)
{
    bool aside = item->place == PLACE_BOTTOM && !rect_empty(column->aside);
    struct rect frame = aside ? column->aside : column->frame;
    if (item->place == PLACE_BOTTOM) {
        frame.x += column->bottom_left;
        frame.w -= column->bottom_left + column->bottom_right;
    }
    frame.w = frame.w < 1 ? 1 : frame.w;
    return frame;
}

static struct text_style style_of(const struct column_item *item)
{
    return (struct text_style){
        .weight = column_weight(item->spec),
        .cap_height = item->cap,
        .line_height = item->spec->weight == WEIGHT_EXTRABOLD ? 1.6 : 1.72,
        .max_lines = item->lines,
        .balance = true,
    };
}

int column_text_height(const struct column *column, const char *text,
                       const struct text_style *style, int width, int *width_out, int *excess)
{
    int over = 0;
    struct text_layout *layout =
        text_layout_fit(column->text, text, style, style->cap_height, width, 1000000, &over);
    int height = text_layout_height(layout);
    if (width_out != NULL) {
        *width_out = text_layout_width(layout);
    }
    text_layout_destroy(layout);
    *excess += over;
    return height;
}

struct scene_node *column_text(struct scene_node *parent, struct rect rect, const char *text,
                               const struct text_style *style, color ink, const char *slot)
{
    struct scene_node *node = scene_text(parent, rect, text, style, style->cap_height, ink);
    node->slot = slot;
    return node;
}

void column_middle(struct scene_node *node, int y, int height)
{
    double cap = text_layout_cap_height(node->layout);
    int base = text_layout_baseline(node->layout, 0);
    node->rect.y = y + (int)lround((height + cap) / 2) - base;
}

/* Where the text itself stands within the item: left and top of its box. */
static int text_left(const struct column *column, const struct column_item *item)
{
    switch (item->spec->dress) {
    case DRESS_ICON:
    case DRESS_INDENT:
        return column->indent;
    case DRESS_BADGE:
        return (int)lround(BADGE_PAD * item->cap);
    case DRESS_CARD:
        return (int)lround(CARD_PAD * item->cap);
    default:
        return 0;
    }
}

static int text_top(const struct column *column, const struct column_item *item)
{
    switch (item->spec->dress) {
    case DRESS_QUOTE:
        return (int)lround(item->cap * (MARK_SIZE * MARK_DEPTH + MARK_GAP));
    case DRESS_RULE:
        return column_units(column, RULE_HEIGHT + RULE_GAP);
    default:
        return 0;
    }
}

static int text_width(const struct column *column, const struct column_item *item)
{
    int left = text_left(column, item);
    bool framed = item->spec->dress == DRESS_BADGE || item->spec->dress == DRESS_CARD;
    return column_item_frame(column, item).w - (framed ? 2 * left : left);
}

/* A number as large as its line allows, and its unit at its feet or, where both would be too small
 * for that, below it. */
struct figure {
    struct text_style number, unit;
    double number_cap, number_floor;
    int number_w, number_h, unit_w, unit_h;
    bool beside;
};

static void size_number(const struct column *column, const struct column_item *item, double most,
                        struct figure *figure, int *excess)
{
    figure->number.cap_height = most;
    figure->number_floor = fmin(metrics_floor(column->metrics, item->spec->tier), most);
    struct text_layout *layout =
        text_layout_fit(column->text, item->text, &figure->number, figure->number_floor,
                        column_item_frame(column, item).w, 1000000, excess);
    figure->number_cap = text_layout_cap_height(layout);
    figure->number_w = text_layout_width(layout);
    figure->number_h = text_layout_height(layout);
    text_layout_destroy(layout);
}

/* The width of both side by side; infinite where the unit has more than a line. */
static double size_unit(const struct column *column, const struct column_item *item,
                        struct figure *figure)
{
    double least = metrics_floor(column->metrics, TIER_FACT);
    int over = 0;
    figure->unit = (struct text_style){.weight = TEXT_EXTRABOLD,
                                       .cap_height = fmax(UNIT_SIZE * figure->number_cap, least),
                                       .line_height = 1.6,
                                       .max_lines = 1};
    figure->unit_h = column_text_height(column, item->more, &figure->unit,
                                        column_item_frame(column, item).w, &figure->unit_w, &over);
    int gap = (int)lround(UNIT_GAP * figure->unit.cap_height);
    return over > 0 ? (double)INFINITY : (double)(figure->number_w + gap + figure->unit_w);
}

static struct figure figure_of(const struct column *column, const struct column_item *item,
                               int *excess)
{
    int width = column_item_frame(column, item).w, over = 0;
    struct figure figure = {.number = style_of(item)};
    figure.number.max_lines = 1;
    size_number(column, item, item->cap, &figure, excess);
    if (item->more == NULL) {
        return figure;
    }
    struct figure smaller = figure;
    double both = size_unit(column, item, &figure);
    double share = column->metrics->portrait ? BESIDE_LEAST_TALL : BESIDE_LEAST;
    if (both > width && width >= share * both) {
        size_number(column, item, 0.98 * figure.number_cap * width / both, &smaller, &over);
        both = size_unit(column, item, &smaller);
        figure = both <= width ? smaller : figure;
    }
    figure.beside = both <= width;
    if (!figure.beside) {
        double least = metrics_floor(column->metrics, TIER_FACT);
        figure.unit.cap_height = fmin(figure.unit.cap_height, fmax(least, 0.7 * item->cap));
        figure.unit.max_lines = 2;
        figure.unit_h =
            column_text_height(column, item->more, &figure.unit, width, &figure.unit_w, excess);
    }
    return figure;
}

static void measure_figure(const struct column *column, struct column_item *item)
{
    struct figure figure = figure_of(column, item, &item->excess);
    item->height = figure.number_h + (figure.beside ? 0 : figure.unit_h);
}

static void build_figure(const struct column *column, const struct column_item *item, int y,
                         struct scene_node *parent)
{
    int excess = 0;
    struct figure figure = figure_of(column, item, &excess);
    struct rect frame = column_item_frame(column, item);
    color ink = column_ink(column, item->spec->ink);
    struct scene_node *number = scene_text(parent, (struct rect){frame.x, y, frame.w, 0},
                                           item->text, &figure.number, figure.number_floor, ink);
    number->slot = item->spec->slot;
    number->rect.w = figure.number_w + 1;
    if (item->more == NULL) {
        return;
    }
    struct rect place = {frame.x, y + figure.number_h, frame.w, 0};
    if (figure.beside) {
        place.x += figure.number_w + (int)lround(UNIT_GAP * figure.unit.cap_height);
        place.w = figure.unit_w + 1;
    }
    struct scene_node *unit =
        column_text(parent, place, item->more, &figure.unit, ink, item->spec->with);
    if (figure.beside) {
        unit->rect.y = number->rect.y + text_layout_baseline(number->layout, 0) -
                       text_layout_baseline(unit->layout, 0);
    }
}

void column_item_measure(const struct column *column, struct column_item *item)
{
    item->excess = 0;
    switch (item->spec->dress) {
    case DRESS_DATE:
        column_date_measure(column, item);
        return;
    case DRESS_ROWS:
        column_rows_measure(column, item);
        return;
    case DRESS_FIGURE:
        measure_figure(column, item);
        return;
    default:
        break;
    }
    struct text_style style = style_of(item);
    int height = column_text_height(column, item->text, &style, text_width(column, item), NULL,
                                    &item->excess);
    if (item->spec->dress == DRESS_BADGE) {
        height = (int)lround(BADGE_HIGH * item->cap);
    } else if (item->spec->dress == DRESS_CARD) {
        height = (int)lround(CARD_HIGH * item->cap);
    }
    item->height = height + text_top(column, item);
}

double column_item_whole_words(const struct column *column, const struct column_item *item,
                               double most, double least)
{
    struct text_style style = style_of(item);
    int broken = 0;
    style.cap_height = most;
    style.max_lines = 0;
    struct text_layout *layout = text_layout_fit(column->text, item->text, &style, least,
                                                 text_width(column, item), 1000000, &broken);
    double cap = broken > 0 ? 0 : text_layout_cap_height(layout);
    text_layout_destroy(layout);
    return cap;
}

bool column_item_lone(const struct column *column, const struct column_item *item)
{
    struct text_style style = style_of(item);
    struct text_layout *layout =
        text_layout_create(column->text, item->text, &style, text_width(column, item));
    bool lone = text_layout_lone(layout);
    text_layout_destroy(layout);
    return lone;
}

static void build_framed(const struct column *column, const struct column_item *item, int y,
                         struct scene_node *parent)
{
    struct text_style style = style_of(item);
    int pad = text_left(column, item), width = 0, excess = 0;
    column_text_height(column, item->text, &style, text_width(column, item), &width, &excess);
    bool badge = item->spec->dress == DRESS_BADGE;
    bool off = badge && slide_words_status(item->text) == STATUS_OFF;
    color ink = column_ink(column, item->spec->ink);
    int x = column_item_frame(column, item).x;
    struct rect place = {x, y, width + 2 * pad, item->height};
    struct scene_node *box = scene_box(parent, place, 0, badge ? item->height : item->height / 6);
    if (badge) {
        box->fill = off ? COLOR_RED : COLOR_TEAL;
        ink = COLOR_WHITE;
    } else {
        box->stroke = COLOR_RGB(column->look->colours.rule);
        box->stroke_width = column_units(column, 0.04) > 2 ? column_units(column, 0.04) : 2;
    }
    struct scene_node *node = column_text(box, (struct rect){pad, 0, width + 1, 0}, item->text,
                                          &style, ink, item->spec->slot);
    column_middle(node, 0, item->height);
}

/* Whether the text's first letter belongs to a script that runs from right to left. */
static bool from_the_right(const char *text)
{
    const char *end = text + strlen(text);
    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        bool right = (c >= 0x0590 && c <= 0x08FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
                     (c >= 0xFE70 && c <= 0xFEFF);
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c >= 0xC0;
        if (right || letter) {
            return right;
        }
    }
    return false;
}

/* Signs before texts are in the accent, in the head in its own ink. */
static color icon_ink(const struct column *column, const struct column_item *item)
{
    return column_ink(column, item->spec->place == PLACE_HEAD ? INK_HEAD : INK_ACCENT);
}

static void build_ornament(const struct column *column, const struct column_item *item,
                           const struct scene_node *text, int y, struct scene_node *parent)
{
    const struct rect frame = column_item_frame(column, item);
    color rule = COLOR_RGB(column->look->colours.rule);
    int x = frame.x;
    bool right = from_the_right(item->text);
    if (item->spec->dress == DRESS_RULE) {
        struct rect bar = {x, y, column_units(column, RULE_WIDTH),
                           column_units(column, RULE_HEIGHT)};
        bar.x += right ? frame.w - bar.w : 0;
        scene_box(parent, bar, rule, bar.h / 2);
    } else if (item->spec->dress == DRESS_QUOTE) {
        struct text_style style = {.weight = TEXT_EXTRABOLD,
                                   .cap_height = MARK_SIZE * item->cap,
                                   .align = right ? TEXT_END : TEXT_START,
                                   .max_lines = 1};
        struct scene_node *mark = scene_text(parent, (struct rect){x, y, frame.w, 0}, QUOTE_MARK,
                                             &style, style.cap_height, rule);
        mark->label = "";
        mark->rect.y -= text_layout_baseline(mark->layout, 0) - (int)lround(style.cap_height);
    } else if (item->spec->dress == DRESS_ICON && column->indent > 0) {
        int side = (int)lround(1.75 * column->indent / 2.5);
        int middle =
            text->rect.y + text_layout_baseline(text->layout, 0) - (int)lround(item->cap / 2);
        enum icon own = icon_by_name(item->spec->icon);
        scene_icon(parent, (struct rect){x, middle - side / 2, side, side},
                   own != ICON_NONE ? own : column->icon, icon_ink(column, item));
    }
}

void column_item_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent)
{
    switch (item->spec->dress) {
    case DRESS_DATE:
        column_date_build(column, item, y, parent);
        return;
    case DRESS_ROWS:
        column_rows_build(column, item, y, parent);
        return;
    case DRESS_FIGURE:
        build_figure(column, item, y, parent);
        return;
    case DRESS_BADGE:
    case DRESS_CARD:
        build_framed(column, item, y, parent);
        return;
    default:
        break;
    }
    struct text_style style = style_of(item);
    int x = column_item_frame(column, item).x;
    struct rect place = {x + text_left(column, item), y + text_top(column, item),
                         text_width(column, item), 0};
    color ink = column_ink(column, item->spec->ink);
    struct scene_node *text = column_text(parent, place, item->text, &style, ink, item->spec->slot);
    build_ornament(column, item, text, y, parent);
}
