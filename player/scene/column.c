#include "player/scene/column.h"

#include <math.h>
#include <string.h>

#include "player/scene/slide_words.h"

#define SECTION_GAP 0.5 /* units, between top, body and bottom */
#define SIZE_STEPS 6    /* of the binary search */
#define LINES_MOST 8    /* when lines are cut */
#define OPTICAL_MIDDLE 0.46

static void add_item(struct column *column, const struct slot_spec *spec, const char *text)
{
    struct column_item *item = &column->items[column->item_count++];
    *item = (struct column_item){.spec = spec, .text = text, .lines = spec->lines};
}

void column_init(struct column *column, const struct slide_view *view,
                 const struct template *template, const struct slide *slide, bool shortened,
                 struct arena *arena)
{
    const char *brief = shortened ? slide_words_short(slide, arena) : NULL;
    column->text = view->text;
    column->metrics = &view->metrics;
    column->template = template;
    column->arena = arena;
    column->icon = slide_words_icon(slide);
    column->item_count = 0;
    for (const struct slot_spec *spec = template->slots; spec->slot != NULL; spec++) {
        bool headline = spec->place == PLACE_BODY && spec->tier == TIER_HEADLINE;
        const char *text = slide_words(slide, spec->slot, arena);
        if (headline && brief != NULL) {
            text = brief;
            brief = NULL;
        }
        if (text != NULL) {
            add_item(column, spec, text);
        }
        if (text != NULL && spec->dress == DRESS_DATE) {
            column->items[column->item_count - 1].more = slide_words(slide, "time", arena);
        }
    }
}

static double gap_px(const struct column *column, double units)
{
    return units * column->metrics->unit_px * (0.55 + 0.45 * column->ease);
}

static void set_sizes(struct column *column, double ease)
{
    double largest = 0;
    column->ease = ease;
    for (int i = 0; i < column->item_count; i++) {
        struct column_item *item = &column->items[i];
        double floor = metrics_floor(column->metrics, item->spec->tier);
        double most = fmax(floor, item->spec->most * column->metrics->unit_px);
        item->cap = ceil(2 * (floor + ease * (most - floor))) / 2;
        if (item->shown && item->spec->dress == DRESS_ICON) {
            largest = fmax(largest, item->cap);
        }
    }
    column->indent = (int)lround(2.5 * largest);
}

static bool first_in_place(const struct column *column, int index)
{
    for (int i = index - 1; i >= 0; i--) {
        if (column->items[i].shown) {
            return column->items[i].spec->place != column->items[index].spec->place;
        }
    }
    return true;
}

static bool last_in_place(const struct column *column, int index)
{
    for (int i = index + 1; i < column->item_count; i++) {
        if (column->items[i].shown) {
            return column->items[i].spec->place != column->items[index].spec->place;
        }
    }
    return true;
}

/* Height of the texts of one place; 0 when it has none. */
static int place_height(const struct column *column, enum slot_place place)
{
    double height = 0;
    for (int i = 0; i < column->item_count; i++) {
        const struct column_item *item = &column->items[i];
        if (!item->shown || item->spec->place != place) {
            continue;
        }
        bool open = place == PLACE_BODY ? first_in_place(column, i) : last_in_place(column, i);
        height += item->height + (open ? 0 : gap_px(column, item->spec->gap));
    }
    return (int)ceil(height);
}

static int total_height(const struct column *column)
{
    int total = 0, places = 0;
    for (enum slot_place place = PLACE_TOP; place <= PLACE_BOTTOM; place++) {
        int height = place_height(column, place);
        total += height;
        places += height > 0;
    }
    return total + (places > 1 ? (int)ceil((places - 1) * gap_px(column, SECTION_GAP)) : 0);
}

/* Whether every text is whole and all stand in the frame. */
static bool fits(struct column *column, double ease)
{
    set_sizes(column, ease);
    bool whole = true;
    for (int i = 0; i < column->item_count && whole; i++) {
        struct column_item *item = &column->items[i];
        if (item->shown) {
            column_item_measure(column, item);
            whole = item->excess == 0 || item->spec->tier == TIER_CREDIT;
        }
    }
    return whole && total_height(column) <= column->frame.h;
}

bool column_fit(struct column *column, int drop)
{
    for (int i = 0; i < column->item_count; i++) {
        int rank = column->items[i].spec->drop;
        column->items[i].shown = rank == 0 || rank > drop;
        column->items[i].lines = column->items[i].spec->lines;
    }
    if (fits(column, 1)) {
        return true;
    }
    if (!fits(column, 0)) {
        return false;
    }
    double good = 0, bad = 1;
    for (int i = 0; i < SIZE_STEPS; i++) {
        double middle = (good + bad) / 2;
        if (fits(column, middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return fits(column, good);
}

static bool cut_fits(struct column *column, int lines)
{
    for (int i = 0; i < column->item_count; i++) {
        struct column_item *item = &column->items[i];
        int most = item->spec->lines;
        item->lines = most == 0 || most > lines ? lines : most;
        if (item->shown) {
            column_item_measure(column, item);
        }
    }
    return total_height(column) <= column->frame.h;
}

void column_cut(struct column *column)
{
    set_sizes(column, 0);
    for (int lines = LINES_MOST; lines >= 1; lines--) {
        if (cut_fits(column, lines)) {
            return;
        }
    }
    for (int i = column->item_count - 1; i > 0 && total_height(column) > column->frame.h; i--) {
        bool headline = column->items[i].spec->place == PLACE_BODY;
        column->items[i].shown = column->items[i].shown && headline;
    }
}

static void build_place(const struct column *column, enum slot_place place, double y,
                        struct scene_node *parent)
{
    for (int i = 0; i < column->item_count; i++) {
        const struct column_item *item = &column->items[i];
        if (!item->shown || item->spec->place != place) {
            continue;
        }
        if (place == PLACE_BODY && !first_in_place(column, i)) {
            y += gap_px(column, item->spec->gap);
        }
        column_item_build(column, item, (int)y, parent);
        y += item->height + (place != PLACE_BODY ? gap_px(column, item->spec->gap) : 0);
    }
}

void column_build(const struct column *column, struct scene_node *parent)
{
    int top = place_height(column, PLACE_TOP), body = place_height(column, PLACE_BODY);
    int bottom = place_height(column, PLACE_BOTTOM);
    int gap = (int)gap_px(column, SECTION_GAP);
    int from = column->frame.y + (top > 0 ? top + gap : 0);
    int until = column->frame.y + column->frame.h - (bottom > 0 ? bottom + gap : 0);
    build_place(column, PLACE_TOP, column->frame.y, parent);
    double room = until - from - body;
    build_place(column, PLACE_BODY,
                from + (column->template->body_middle ? room * OPTICAL_MIDDLE : 0), parent);
    build_place(column, PLACE_BOTTOM, column->frame.y + column->frame.h - bottom, parent);
}
