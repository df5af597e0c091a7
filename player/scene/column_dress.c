/* One text of the column in its dress. Measuring and building share the geometry of each dress, so
 * that what was measured is what stands there. */
#include <math.h>
#include <string.h>

#include "player/scene/column.h"
#include "player/scene/slide_words.h"

#define QUOTE_MARK "“"
#define MARK_SIZE 2.6   /* capital height of the mark in the quote's */
#define MARK_DEPTH 0.46 /* of the mark's capital height that has ink */
#define MARK_GAP 0.55   /* in the quote's capital heights */
#define RULE_WIDTH 1.1  /* units */
#define RULE_HEIGHT 0.09
#define RULE_GAP 0.3
#define DATE_NUMBER 1.2 /* capital height of the day's number, units */
#define DATE_PAD 0.4
#define DATE_RADIUS 0.22
#define BADGE_HIGH 2.5 /* pills and cards in capital heights of their text */
#define BADGE_PAD 0.95
#define CARD_HIGH 2.3
#define CARD_PAD 0.8

static int units(const struct column *column, double count)
{
    return (int)lround(count * column->metrics->unit_px);
}

static struct text_style style_of(const struct column_item *item)
{
    return (struct text_style){
        .weight = item->spec->weight,
        .cap_height = item->cap,
        .line_height = item->spec->weight == TEXT_EXTRABOLD ? 1.6 : 1.72,
        .max_lines = item->lines,
        .balance = item->spec->tier == TIER_HEADLINE || item->spec->tier == TIER_EMERGENCY,
    };
}

/* Height of a text at exactly this size; adds what does not fit to *excess. */
static int height_of(const struct column *column, const char *text, const struct text_style *style,
                     int width, int *width_out, int *excess)
{
    int over = 0;
    struct text_layout *layout = text_layout_fit(column->text, text, style, style->cap_height,
                                                 width, 1000000, &over);
    int height = text_layout_height(layout);
    if (width_out != NULL) {
        *width_out = text_layout_width(layout);
    }
    text_layout_destroy(layout);
    *excess += over;
    return height;
}

static struct scene_node *put(const struct column_item *item, struct rect rect, const char *text,
                              const struct text_style *style, color ink, struct scene_node *parent)
{
    struct scene_node *node = scene_text(parent, rect, text, style, style->cap_height, ink);
    node->slot = item->spec->slot;
    return node;
}

/* Moves a line of text so that its capitals stand in the middle of a box. */
static void middle_capitals(struct scene_node *node, int y, int height)
{
    double cap = text_layout_cap_height(node->layout);
    int base = text_layout_baseline(node->layout, 0);
    node->rect.y = y + (int)lround((height + cap) / 2) - base;
}

/* The calendar card: the day's number, and beside it weekday, month and hour; a date that is more
 * than one day stands there as it is written. */
struct date_card {
    bool one_day;
    struct slide_date date;
    struct rect words; /* relative to the card */
    double number_cap;
    int number_width, stack_height, height;
    int line_count;
    const char *lines[3];
    struct text_style styles[3];
    int heights[3];
};

static void measure_date(const struct column *column, const struct column_item *item,
                         struct date_card *card, int *excess)
{
    int pad = units(column, DATE_PAD);
    *card = (struct date_card){.words = {pad, pad, column->frame.w - 2 * pad, 0}};
    card->one_day = slide_words_date(item->text, column->arena, &card->date);
    struct text_style style = {.weight = TEXT_SEMIBOLD,
                               .cap_height = item->cap,
                               .line_height = 1.6,
                               .max_lines = item->lines};
    if (card->one_day) {
        card->number_cap = units(column, DATE_NUMBER) * (0.8 + 0.2 * column->ease);
        struct text_style number = {
            .weight = TEXT_EXTRABOLD, .cap_height = card->number_cap, .max_lines = 1};
        height_of(column, card->date.day, &number, column->frame.w, &card->number_width, excess);
        int left = card->number_width + 2 * pad;
        card->words.x += left;
        card->words.w -= left;
        card->lines[card->line_count++] = card->date.weekday;
        card->lines[card->line_count++] = card->date.month;
    } else {
        card->lines[card->line_count++] = item->text;
    }
    if (item->more != NULL) {
        card->lines[card->line_count++] = item->more;
    }
    for (int i = 0; i < card->line_count; i++) {
        card->styles[i] = style;
        card->styles[i].weight = i == (card->one_day ? 1 : 0) ? TEXT_EXTRABOLD : TEXT_SEMIBOLD;
        card->heights[i] = height_of(column, card->lines[i], &card->styles[i], card->words.w, NULL,
                                     excess);
        card->stack_height += card->heights[i];
    }
    int number = (int)lround(card->number_cap);
    int inner = card->stack_height > number ? card->stack_height : number;
    card->height = inner + pad + pad / 2;
}

static void build_date(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent)
{
    struct date_card card;
    int excess = 0, pad = units(column, DATE_PAD);
    measure_date(column, item, &card, &excess);
    struct rect place = {column->frame.x, y, column->frame.w, card.height};
    struct scene_node *box =
        scene_box(parent, place, column->template->rule, units(column, DATE_RADIUS));
    if (card.one_day) {
        struct text_style number = {
            .weight = TEXT_EXTRABOLD, .cap_height = card.number_cap, .max_lines = 1};
        struct scene_node *day =
            put(item, (struct rect){pad, 0, card.number_width + 1, 0}, card.date.day, &number,
                COLOR_NAVY, box);
        middle_capitals(day, 0, card.height);
        int line = units(column, 0.04) > 2 ? units(column, 0.04) : 2;
        scene_box(box,
                  (struct rect){pad * 2 + card.number_width - line / 2, pad, line,
                                card.height - 2 * pad},
                  COLOR_NAVY, 0);
    }
    int line_y = (card.height - card.stack_height) / 2;
    for (int i = 0; i < card.line_count; i++) {
        put(item, (struct rect){card.words.x, line_y, card.words.w, 0}, card.lines[i],
            &card.styles[i], COLOR_NAVY, box);
        line_y += card.heights[i];
    }
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
        return units(column, RULE_HEIGHT + RULE_GAP);
    default:
        return 0;
    }
}

static int text_width(const struct column *column, const struct column_item *item)
{
    int left = text_left(column, item);
    bool framed = item->spec->dress == DRESS_BADGE || item->spec->dress == DRESS_CARD;
    return column->frame.w - (framed ? 2 * left : left);
}

void column_item_measure(const struct column *column, struct column_item *item)
{
    item->excess = 0;
    if (item->spec->dress == DRESS_DATE) {
        struct date_card card;
        measure_date(column, item, &card, &item->excess);
        item->height = card.height;
        return;
    }
    struct text_style style = style_of(item);
    int height = height_of(column, item->text, &style, text_width(column, item), NULL,
                           &item->excess);
    if (item->spec->dress == DRESS_BADGE) {
        height = (int)lround(BADGE_HIGH * item->cap);
    } else if (item->spec->dress == DRESS_CARD) {
        height = (int)lround(CARD_HIGH * item->cap);
    }
    item->height = height + text_top(column, item);
}

static void build_framed(const struct column *column, const struct column_item *item, int y,
                         struct scene_node *parent)
{
    struct text_style style = style_of(item);
    int pad = text_left(column, item), width = 0, excess = 0;
    height_of(column, item->text, &style, text_width(column, item), &width, &excess);
    bool badge = item->spec->dress == DRESS_BADGE;
    bool off = badge && slide_words_status(item->text) == STATUS_OFF;
    color ink = template_ink(column->template, item->spec->ink);
    struct rect place = {column->frame.x, y, width + 2 * pad, item->height};
    struct scene_node *box = scene_box(parent, place, 0, badge ? item->height : item->height / 6);
    if (badge) {
        box->fill = off ? COLOR_RED : COLOR_TEAL;
        ink = COLOR_WHITE;
    } else {
        box->stroke = column->template->rule;
        box->stroke_width = units(column, 0.04) > 2 ? units(column, 0.04) : 2;
    }
    struct scene_node *node =
        put(item, (struct rect){pad, 0, width + 1, 0}, item->text, &style, ink, box);
    middle_capitals(node, 0, item->height);
}

static void build_ornament(const struct column *column, const struct column_item *item,
                           const struct scene_node *text, int y, struct scene_node *parent)
{
    const struct template *template = column->template;
    int x = column->frame.x;
    if (item->spec->dress == DRESS_RULE) {
        struct rect bar = {x, y, units(column, RULE_WIDTH), units(column, RULE_HEIGHT)};
        scene_box(parent, bar, template->rule, bar.h / 2);
    } else if (item->spec->dress == DRESS_QUOTE) {
        struct text_style style = {.weight = TEXT_EXTRABOLD,
                                   .cap_height = MARK_SIZE * item->cap,
                                   .max_lines = 1};
        struct scene_node *mark =
            scene_text(parent, (struct rect){x, y, column->frame.w, 0}, QUOTE_MARK, &style,
                       style.cap_height, template->rule);
        mark->label = "";
        mark->rect.y -= text_layout_baseline(mark->layout, 0) - (int)lround(style.cap_height);
    } else if (item->spec->dress == DRESS_ICON) {
        int side = (int)lround(1.75 * column->indent / 2.5);
        int middle = text->rect.y + text_layout_baseline(text->layout, 0) -
                     (int)lround(item->cap / 2);
        enum icon icon = item->spec->icon != ICON_NONE ? item->spec->icon : column->icon;
        scene_icon(parent, (struct rect){x, middle - side / 2, side, side}, icon,
                   template->accent);
    }
}

void column_item_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent)
{
    if (item->spec->dress == DRESS_DATE) {
        build_date(column, item, y, parent);
        return;
    }
    if (item->spec->dress == DRESS_BADGE || item->spec->dress == DRESS_CARD) {
        build_framed(column, item, y, parent);
        return;
    }
    struct text_style style = style_of(item);
    struct rect place = {column->frame.x + text_left(column, item), y + text_top(column, item),
                         text_width(column, item), 0};
    struct scene_node *text = put(item, place, item->text, &style,
                                  template_ink(column->template, item->spec->ink), parent);
    build_ornament(column, item, text, y, parent);
}
