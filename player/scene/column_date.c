/* The calendar card of a date. */
#include <math.h>

#include "player/scene/column.h"
#include "player/scene/slide_words.h"

#define DATE_NUMBER 1.2 /* capital height of the day's number, units */
#define DATE_PAD 0.33
#define DATE_RADIUS 0.22

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
    card->number_cap = column_units(column, DATE_NUMBER) * (0.8 + 0.2 * column->ease);
    style.cap_height = card->number_cap;
    column_text_height(column, card->date.day, &style, column->frame.w, &card->number_width,
                       excess);
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
        column_text_height(column, card->lines[i], &style, card->words_w, &width, &over);
        widest = width > widest ? width : widest;
    }
    struct text_style style = {
        .weight = TEXT_SEMIBOLD, .cap_height = card->item.cap, .max_lines = 1};
    column_text_height(column, card->item.more, &style, column->frame.w, &time_width, &over);
    if (over > 0 || widest + 2 * card->pad + time_width > card->words_w) {
        return false;
    }
    card->time_x = card->words_x + widest + 2 * card->pad;
    card->words_w = widest + 1;
    return true;
}

/* With a number where the date is one day's, or as it is written. */
static void measure_card(const struct column *column, const struct column_item *item, bool number,
                         struct date_card *card, int *excess)
{
    *card = (struct date_card){.item = *item, .pad = column_units(column, DATE_PAD)};
    card->words_x = card->pad;
    card->words_w = column_item_frame(column, item).w - 2 * card->pad;
    if (number && slide_words_date(item->text, column->arena, &card->date)) {
        measure_day(column, card, excess);
    } else {
        add_line(card, item->text, number ? TEXT_EXTRABOLD : TEXT_SEMIBOLD);
    }
    bool beside = item->more != NULL && card->number_width > 0 && time_beside(column, card);
    if (item->more != NULL && !beside) {
        add_line(card, item->more, TEXT_SEMIBOLD);
    }
    for (int i = 0; i < card->line_count; i++) {
        struct text_style style = date_style(card, i);
        card->heights[i] =
            column_text_height(column, card->lines[i], &style, card->words_w, NULL, excess);
        card->stack_height += card->heights[i];
    }
    int tall = (int)lround(card->number_cap);
    card->height = (card->stack_height > tall ? card->stack_height : tall) + 3 * card->pad / 2;
}

/* Where a narrow zone has no room for the words beside the number, they stand without. */
static void measure_date(const struct column *column, const struct column_item *item,
                         struct date_card *card, int *excess)
{
    int over = 0;
    measure_card(column, item, true, card, &over);
    if (over > 0 && card->number_width > 0) {
        over = 0;
        measure_card(column, item, false, card, &over);
    }
    if (over > 0) {
        struct column_item loose = *item;
        loose.text = slide_words_loose(item->text, column->arena);
        over = 0;
        measure_card(column, &loose, false, card, &over);
    }
    *excess += over;
}

static void add_divider(const struct column *column, const struct date_card *card, int x, color ink,
                        struct scene_node *box)
{
    int width = column_units(column, 0.035) > 2 ? column_units(column, 0.035) : 2;
    scene_box(box, (struct rect){x - width / 2, card->pad, width, card->height - 2 * card->pad},
              ink, 0);
}

/* One line in the middle of the card's height. */
static void put_beside(const struct date_card *card, const char *text, enum text_weight weight,
                       double cap, struct rect place, color ink, struct scene_node *box)
{
    struct text_style style = {.weight = weight, .cap_height = cap, .max_lines = 1};
    column_middle(column_text(box, place, text, &style, ink, card->item.spec->slot), 0,
                  card->height);
}

void column_date_measure(const struct column *column, struct column_item *item)
{
    struct date_card card;
    measure_date(column, item, &card, &item->excess);
    item->height = card.height;
}

void column_date_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent)
{
    struct date_card card;
    int excess = 0;
    measure_date(column, item, &card, &excess);
    struct rect frame = column_item_frame(column, item);
    struct rect place = {frame.x, y, frame.w, card.height};
    struct scene_node *box = scene_box(parent, place, COLOR_RGB(column->look->colours.disc),
                                       column_units(column, DATE_RADIUS));
    color ink = COLOR_RGB(column->look->colours.sign);
    if (card.number_width > 0) {
        put_beside(&card, card.date.day, TEXT_EXTRABOLD, card.number_cap,
                   (struct rect){card.pad, 0, card.number_width + 1, 0}, ink, box);
        add_divider(column, &card, card.words_x - card.pad, ink, box);
    }
    if (card.time_x > 0) {
        put_beside(&card, item->more, TEXT_SEMIBOLD, item->cap,
                   (struct rect){card.time_x, 0, place.w - card.pad - card.time_x, 0}, ink, box);
        add_divider(column, &card, card.time_x - card.pad, ink, box);
    }
    int line_y = (card.height - card.stack_height) / 2;
    for (int i = 0; i < card.line_count; i++) {
        struct text_style style = date_style(&card, i);
        column_text(box, (struct rect){card.words_x, line_y, card.words_w, 0}, card.lines[i],
                    &style, ink, item->spec->slot);
        line_y += card.heights[i];
    }
}
