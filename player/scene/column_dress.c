/* One text of the column in its dress. Measuring and building share the geometry of each dress, so
 * that what was measured is what stands there. */
#include <math.h>
#include <string.h>

#include "core/utf8.h"
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
#define DATE_PAD 0.33
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
        .balance = item->spec->tier != TIER_CREDIT,
    };
}

/* Height of a text at exactly this size; adds what does not fit to *excess. */
static int height_of(const struct column *column, const char *text, const struct text_style *style,
                     int width, int *width_out, int *excess)
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

/* The calendar card: the day's number, beside it weekday and month, and the hour in a third part
 * or, where that is too narrow, below them. A date of more than one day stands as it is written. */
struct date_card {
    struct column_item item;
    struct slide_date date;
    double number_cap;
    int number_width; /* 0: more than one day */
    int pad, words_x, words_w;
    int time_x; /* 0: the time is the last line */
    int line_count;
    const char *lines[3];
    enum text_weight weights[3];
    int heights[3];
    int stack_height, height;
};

static struct text_style date_style(const struct date_card *card, int line)
{
    return (struct text_style){.weight = card->weights[line],
                               .cap_height = card->item.cap,
                               .line_height = 1.6,
                               .max_lines = card->item.lines,
                               .balance = true};
}

static void add_line(struct date_card *card, const char *text, enum text_weight weight)
{
    card->lines[card->line_count] = text;
    card->weights[card->line_count++] = weight;
}

static void measure_day(const struct column *column, struct date_card *card, int *excess)
{
    struct text_style style = {.weight = TEXT_EXTRABOLD, .max_lines = 1};
    card->number_cap = units(column, DATE_NUMBER) * (0.8 + 0.2 * column->ease);
    style.cap_height = card->number_cap;
    height_of(column, card->date.day, &style, column->frame.w, &card->number_width, excess);
    card->words_x += card->number_width + 2 * card->pad;
    card->words_w -= card->number_width + 2 * card->pad;
    add_line(card, card->date.weekday, TEXT_SEMIBOLD);
    add_line(card, card->date.month, TEXT_EXTRABOLD);
}

/* Whether the hour has room to the right of the other words; then words_w ends before it. */
static bool time_beside(const struct column *column, struct date_card *card)
{
    int widest = 0, time_width = 0, over = 0;
    for (int i = 0; i < card->line_count; i++) {
        struct text_style style = date_style(card, i);
        int width = 0;
        style.max_lines = 1;
        height_of(column, card->lines[i], &style, card->words_w, &width, &over);
        widest = width > widest ? width : widest;
    }
    struct text_style style = {
        .weight = TEXT_SEMIBOLD, .cap_height = card->item.cap, .max_lines = 1};
    height_of(column, card->item.more, &style, column->frame.w, &time_width, &over);
    if (over > 0 || widest + 2 * card->pad + time_width > card->words_w) {
        return false;
    }
    card->time_x = card->words_x + widest + 2 * card->pad;
    card->words_w = widest + 1;
    return true;
}

static void measure_date(const struct column *column, const struct column_item *item,
                         struct date_card *card, int *excess)
{
    *card = (struct date_card){.item = *item, .pad = units(column, DATE_PAD)};
    card->words_x = card->pad;
    card->words_w = column->frame.w - 2 * card->pad;
    if (slide_words_date(item->text, column->arena, &card->date)) {
        measure_day(column, card, excess);
    } else {
        add_line(card, item->text, TEXT_EXTRABOLD);
    }
    bool beside = item->more != NULL && card->number_width > 0 && time_beside(column, card);
    if (item->more != NULL && !beside) {
        add_line(card, item->more, TEXT_SEMIBOLD);
    }
    for (int i = 0; i < card->line_count; i++) {
        struct text_style style = date_style(card, i);
        card->heights[i] = height_of(column, card->lines[i], &style, card->words_w, NULL, excess);
        card->stack_height += card->heights[i];
    }
    int number = (int)lround(card->number_cap);
    card->height = (card->stack_height > number ? card->stack_height : number) + 3 * card->pad / 2;
}

static void add_divider(const struct column *column, const struct date_card *card, int x,
                        struct scene_node *box)
{
    int width = units(column, 0.035) > 2 ? units(column, 0.035) : 2;
    scene_box(box, (struct rect){x - width / 2, card->pad, width, card->height - 2 * card->pad},
              COLOR_NAVY, 0);
}

/* One line in the middle of the card's height. */
static void put_beside(const struct date_card *card, const char *text, enum text_weight weight,
                       double cap, struct rect place, struct scene_node *box)
{
    struct text_style style = {.weight = weight, .cap_height = cap, .max_lines = 1};
    middle_capitals(put(&card->item, place, text, &style, COLOR_NAVY, box), 0, card->height);
}

static void build_date(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent)
{
    struct date_card card;
    int excess = 0;
    measure_date(column, item, &card, &excess);
    struct rect place = {column->frame.x, y, column->frame.w, card.height};
    struct scene_node *box =
        scene_box(parent, place, column->template->rule, units(column, DATE_RADIUS));
    if (card.number_width > 0) {
        put_beside(&card, card.date.day, TEXT_EXTRABOLD, card.number_cap,
                   (struct rect){card.pad, 0, card.number_width + 1, 0}, box);
        add_divider(column, &card, card.words_x - card.pad, box);
    }
    if (card.time_x > 0) {
        put_beside(&card, item->more, TEXT_SEMIBOLD, item->cap,
                   (struct rect){card.time_x, 0, place.w - card.pad - card.time_x, 0}, box);
        add_divider(column, &card, card.time_x - card.pad, box);
    }
    int line_y = (card.height - card.stack_height) / 2;
    for (int i = 0; i < card.line_count; i++) {
        struct text_style style = date_style(&card, i);
        put(item, (struct rect){card.words_x, line_y, card.words_w, 0}, card.lines[i], &style,
            COLOR_NAVY, box);
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
    int height =
        height_of(column, item->text, &style, text_width(column, item), NULL, &item->excess);
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

static void build_ornament(const struct column *column, const struct column_item *item,
                           const struct scene_node *text, int y, struct scene_node *parent)
{
    const struct template *template = column->template;
    int x = column->frame.x;
    bool right = from_the_right(item->text);
    if (item->spec->dress == DRESS_RULE) {
        struct rect bar = {x, y, units(column, RULE_WIDTH), units(column, RULE_HEIGHT)};
        bar.x += right ? column->frame.w - bar.w : 0;
        scene_box(parent, bar, template->rule, bar.h / 2);
    } else if (item->spec->dress == DRESS_QUOTE) {
        struct text_style style = {.weight = TEXT_EXTRABOLD,
                                   .cap_height = MARK_SIZE * item->cap,
                                   .align = right ? TEXT_END : TEXT_START,
                                   .max_lines = 1};
        struct scene_node *mark = scene_text(parent, (struct rect){x, y, column->frame.w, 0},
                                             QUOTE_MARK, &style, style.cap_height, template->rule);
        mark->label = "";
        mark->rect.y -= text_layout_baseline(mark->layout, 0) - (int)lround(style.cap_height);
    } else if (item->spec->dress == DRESS_ICON) {
        int side = (int)lround(1.75 * column->indent / 2.5);
        int middle =
            text->rect.y + text_layout_baseline(text->layout, 0) - (int)lround(item->cap / 2);
        enum icon icon = item->spec->icon != ICON_NONE ? item->spec->icon : column->icon;
        scene_icon(parent, (struct rect){x, middle - side / 2, side, side}, icon, template->accent);
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
