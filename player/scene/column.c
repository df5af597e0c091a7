#include "player/scene/column.h"

#include <math.h>
#include <string.h>

#include "player/scene/slide_words.h"

#define SECTION_GAP 0.5   /* units, between top, body and bottom */
#define SIZE_STEPS 6      /* of the binary search */
#define EASE_WITH_ALL 0.3 /* long texts are not worth a headline that is smaller still */
#define CREDIT_GAP 0.4    /* units, above small print */
#define FIGURE_LEAST 0.45 /* of its wish */
#define SQUEEZE_LEAST 0.7 /* of its floor, a headline whose word would be broken */
#define LONE_LEAST 0.75   /* of its size, a headline with "le" on a line of its own */
#define LONE_STEP 0.05
#define LINES_MOST 12   /* when lines are cut */
#define SIGN_LEAST 10.5 /* of the width, in capital heights */
#define NARROW 0.7      /* C in units: the zone is small for where people stand */
#define OPTICAL_MIDDLE 0.46
#define CAP_LEAST 4 /* px: a zone this flat shows next to nothing */

int column_units(const struct column *column, double count)
{
    return (int)lround(count * column->metrics->unit_px);
}

/* Whether the zone is small for where people stand. */
static bool is_narrow(const struct metrics *metrics)
{
    return metrics->cap_px > NARROW * metrics->unit_px;
}

/* Nine units are narrow: a headline has one line more there, two in a narrow zone. */
static struct column_item *add_item(struct column *column, const struct slot_spec *spec,
                                    const char *text)
{
    struct column_item *item = &column->items[column->item_count++];
    bool headline = spec->tier == TIER_HEADLINE || spec->tier == TIER_EMERGENCY;
    *item = (struct column_item){.spec = spec, .text = text, .most_lines = spec->lines};
    item->place = spec->place == PLACE_HEAD ? PLACE_BODY : spec->place;
    if (headline && spec->lines > 1 && column->metrics->portrait) {
        item->most_lines += is_narrow(column->metrics) ? 2 : 1;
    }
    return item;
}

static bool is_headline(const struct slot_spec *spec)
{
    return (spec->place == PLACE_BODY || spec->place == PLACE_HEAD) &&
           (spec->tier == TIER_HEADLINE || spec->tier == TIER_EMERGENCY);
}

/* What the slide has for this slot; *brief is used up by the first headline. */
static const char *words_for(const struct column_source *source, const struct slot_spec *spec,
                             const char **brief, struct arena *arena)
{
    const char *text = slide_words(source->slide, spec->slot, arena);
    if (is_headline(spec) && *brief != NULL && text != NULL) {
        text = *brief;
        *brief = NULL;
    }
    return column_may_cut(spec) && !source->photo ? NULL : text;
}

/* A slide of an unknown template, or without any words, says what it is called. */
static void say_title(struct column *column, const struct column_source *source,
                      struct arena *arena)
{
    const struct template_look *look = source->look;
    const char *title = slide_words_title(source->slide, arena);
    for (size_t i = 0; title != NULL && column->item_count == 0 && i < look->spec_count; i++) {
        if (look->specs[i].place != PLACE_HEAD && look->specs[i].dress != DRESS_ROWS) {
            add_item(column, &look->specs[i], title);
        }
    }
}

void column_init(struct column *column, const struct column_source *source, bool head,
                 struct arena *arena)
{
    const char *brief = source->shortened ? slide_words_short(source->slide, arena) : NULL;
    *column = (struct column){.text = source->view->text,
                              .metrics = source->metrics,
                              .look = source->look,
                              .arena = arena,
                              .body_middle = source->look->body_middle,
                              .icon = slide_words_icon(source->slide, source->look->sign)};
    for (size_t i = 0; i < source->look->spec_count; i++) {
        const struct slot_spec *spec = &source->look->specs[i];
        bool rows = spec->dress == DRESS_ROWS;
        struct column_rows *list =
            rows ? column_rows_read(source->slide, is_narrow(source->metrics), arena) : NULL;
        const char *text = rows ? "" : words_for(source, spec, &brief, arena);
        if ((spec->place == PLACE_HEAD) != head || text == NULL || (rows && list == NULL)) {
            continue;
        }
        struct column_item *item = add_item(column, spec, text);
        item->rows = list;
        item->more = spec->with[0] != '\0' ? slide_words(source->slide, spec->with, arena) : NULL;
    }
    if (!head) {
        say_title(column, source, arena);
    }
}

bool column_may_cut(const struct slot_spec *spec)
{
    return strcmp(spec->slot, "credit") == 0;
}

static double gap_px(const struct column *column, double units)
{
    return units * column->metrics->unit_px * (0.6 + 0.4 * column->ease);
}

/* A figure is what its slide is about: it stays large. */
static double floor_of(const struct column *column, const struct slot_spec *spec)
{
    double floor = metrics_floor(column->metrics, spec->tier);
    double large = FIGURE_LEAST * spec->size * column->metrics->unit_px;
    return spec->dress == DRESS_FIGURE ? fmax(floor, large) : floor;
}

/* Headlines in plain dress: their lines may be broken elsewhere. */
static bool is_plain(const struct column_item *item)
{
    enum slot_dress dress = item->spec->dress;
    return is_headline(item->spec) &&
           (dress == DRESS_NONE || dress == DRESS_RULE || dress == DRESS_QUOTE);
}

/* A headline whose longest word fills the line holds the other texts back no longer; squeezed it
 * goes below its floor. */
static void limit_to_words(const struct column *column, const struct column_item *item,
                           double *floor, double *most)
{
    double least = (column->squeeze ? SQUEEZE_LEAST : 1) * *floor;
    double whole = column_item_whole_words(column, item, *most, least);
    if (whole > 0) {
        *most = whole;
        *floor = fmin(*floor, whole);
    }
}

static void set_sizes(struct column *column, double ease)
{
    double largest = 0;
    column->ease = ease;
    for (int i = 0; i < column->item_count; i++) {
        struct column_item *item = &column->items[i];
        double floor = floor_of(column, item->spec);
        double most = fmax(floor, item->spec->size * column->metrics->unit_px);
        bool limited = is_plain(item) && (column->squeeze || item->spec->tier == TIER_EMERGENCY);
        if (limited) {
            limit_to_words(column, item, &floor, &most);
        }
        item->cap = ceil(2 * (floor + ease * (most - floor))) / 2;
        item->cap = limited ? fmin(item->cap, most) : item->cap;
        if (item->shown && item->spec->dress == DRESS_ICON) {
            largest = fmax(largest, item->cap);
        }
    }
    /* Signs go where the words need the width. */
    bool room = column->frame.w >= SIGN_LEAST * largest;
    column->indent = room ? (int)lround(2.5 * largest) : 0;
}

/* The neighbour of the same place that shows, `step` -1 above or 1 below; NULL: none. */
static const struct column_item *neighbour(const struct column *column, int index, int step)
{
    enum slot_place place = column->items[index].place;
    for (int i = index + step; i >= 0 && i < column->item_count; i += step) {
        if (column->items[i].shown) {
            return column->items[i].place == place ? &column->items[i] : NULL;
        }
    }
    return NULL;
}

/* The space that belongs to an item: above it in the body, else below it. */
static double gap_of(const struct column *column, int index)
{
    const struct slot_spec *spec = column->items[index].spec;
    bool body = column->items[index].place == PLACE_BODY;
    const struct column_item *next = neighbour(column, index, body ? -1 : 1);
    if (next == NULL) {
        return 0;
    }
    bool credit = !body && next->spec->tier == TIER_CREDIT;
    return gap_px(column, credit ? fmax(CREDIT_GAP, spec->gap) : spec->gap);
}

/* Height of the texts of one place; 0 when it has none. */
static int texts_height(const struct column *column, enum slot_place place)
{
    double height = 0;
    for (int i = 0; i < column->item_count; i++) {
        const struct column_item *item = &column->items[i];
        if (!item->shown || item->place != place) {
            continue;
        }
        height += item->height + gap_of(column, i);
    }
    return (int)ceil(height);
}

/* And of what else stands there. */
static int place_height(const struct column *column, enum slot_place place)
{
    int height = texts_height(column, place);
    int least = place == PLACE_BOTTOM ? column->bottom_least : 0;
    return height > least ? height : least;
}

int column_height(const struct column *column)
{
    int total = 0, places = 0, bottom = place_height(column, PLACE_BOTTOM);
    bool aside = !rect_empty(column->aside);
    for (enum slot_place place = PLACE_TOP; place <= PLACE_BOTTOM; place++) {
        int height = place == PLACE_BOTTOM && aside ? 0 : place_height(column, place);
        total += height;
        places += height > 0;
    }
    total += places > 1 ? (int)ceil((places - 1) * gap_px(column, SECTION_GAP)) : 0;
    return aside && bottom > total ? bottom : total;
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
            whole = item->excess == 0 || column_may_cut(item->spec);
        }
    }
    return whole && column_height(column) <= column->frame.h;
}

static void show(struct column *column, int drop)
{
    for (int i = 0; i < column->item_count; i++) {
        struct column_item *item = &column->items[i];
        item->shown = item->spec->drop == 0 || item->spec->drop > drop;
        item->lines = item->most_lines;
        if (is_headline(item->spec) && column->headline_lines > 0) {
            item->lines = column->headline_lines;
        }
        if (item->rows != NULL) {
            item->rows->shown = item->rows->count;
            item->rows->details = !item->spec->keep_rows || drop == 0;
        }
    }
}

/* What fits at the floors, as large as it fits. */
static bool grow(struct column *column)
{
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

/* A headline a little smaller rather than "le" on a line of its own. */
static void join_lone_words(const struct column *column, struct column_item *item)
{
    struct column_item smaller = *item;
    double least = fmax(LONE_LEAST * item->cap, floor_of(column, item->spec));
    while (column_item_lone(column, &smaller)) {
        smaller.cap -= LONE_STEP * item->cap;
        if (smaller.cap < least) {
            return;
        }
    }
    column_item_measure(column, &smaller);
    if (smaller.excess == 0 && smaller.height <= item->height) {
        *item = smaller;
    }
}

/* How much too long what was squeezed is at its floor. */
static void own_up(const struct column *column, struct column_item *item)
{
    struct column_item honest = *item;
    honest.cap = floor_of(column, item->spec);
    if (item->cap < honest.cap) {
        column_item_measure(column, &honest);
        item->excess = honest.excess;
    }
}

bool column_fit(struct column *column, int drop)
{
    show(column, drop);
    bool fit = fits(column, 1) ||
               (fits(column, 0) && grow(column) && (drop > 0 || column->ease >= EASE_WITH_ALL));
    for (int i = 0; fit && i < column->item_count; i++) {
        struct column_item *item = &column->items[i];
        if (item->shown && is_plain(item)) {
            join_lone_words(column, item);
            own_up(column, item);
        }
    }
    return fit;
}

/* Texts that must show are cut to so many lines; the others show whole or not at all. */
static bool cut_fits(struct column *column, int lines)
{
    set_sizes(column, 0);
    for (int i = 0; i < column->item_count; i++) {
        struct column_item *item = &column->items[i];
        int most = item->most_lines;
        item->lines = most == 0 || most > lines ? lines : most;
        if (item->shown) {
            column_item_measure(column, item);
            item->shown = item->spec->drop == 0 || item->excess == 0;
        }
    }
    return column_height(column) <= column->frame.h;
}

static struct column_rows *list_of(const struct column *column)
{
    for (int i = 0; i < column->item_count; i++) {
        if (column->items[i].rows != NULL) {
            return column->items[i].rows;
        }
    }
    return NULL;
}

/* Rows go from the last on; where only one would stay with its details, the details go first. */
static bool cut_rows(struct column *column)
{
    struct column_rows *rows = list_of(column);
    while (rows != NULL && rows->count > 1) {
        for (rows->shown = rows->count; rows->shown > 1; rows->shown--) {
            if (cut_fits(column, LINES_MOST)) {
                return !fits(column, 0) || grow(column);
            }
        }
        if (!rows->details) {
            return false;
        }
        rows->details = false;
    }
    return false;
}

/* Texts leave from the last on, those of the body at the end; what is left over shrinks. */
static void cut_hard(struct column *column)
{
    for (int pass = 0; pass < 2; pass++) {
        for (int i = column->item_count - 1; i > 0; i--) {
            bool tall = column_height(column) > column->frame.h;
            bool goes = pass == 1 || column->items[i].place != PLACE_BODY;
            column->items[i].shown = column->items[i].shown && !(tall && goes);
        }
    }
    struct column_item *item = &column->items[0];
    while (item->shown && column_height(column) > column->frame.h && item->cap > CAP_LEAST) {
        item->cap *= 0.9;
        column_item_measure(column, item);
    }
}

/* First as many texts as there is room for, then fewer rows, fewer lines, no facts. */
void column_cut(struct column *column)
{
    int lines = LINES_MOST;
    for (int drop = 1; drop < DROP_MOST; drop++) {
        show(column, drop);
        if (cut_fits(column, lines)) {
            return;
        }
    }
    show(column, DROP_MOST);
    bool good = cut_fits(column, lines) || cut_rows(column);
    while (!good && lines > 1) {
        good = cut_fits(column, --lines);
    }
    if (!good) {
        cut_hard(column);
    }
}

int column_bottom_y(const struct column *column)
{
    int room = column->frame.h - place_height(column, PLACE_BOTTOM);
    return column->frame.y + (rect_empty(column->aside) ? room : room / 2);
}

static void build_place(const struct column *column, enum slot_place place, double y,
                        struct scene_node *parent)
{
    for (int i = 0; i < column->item_count; i++) {
        const struct column_item *item = &column->items[i];
        if (!item->shown || item->place != place) {
            continue;
        }
        double gap = gap_of(column, i);
        column_item_build(column, item, (int)(y + (place == PLACE_BODY ? gap : 0)), parent);
        y += item->height + gap;
    }
}

void column_build(const struct column *column, struct scene_node *parent)
{
    int top = place_height(column, PLACE_TOP), body = place_height(column, PLACE_BODY);
    int bottom = place_height(column, PLACE_BOTTOM);
    int gap = (int)gap_px(column, SECTION_GAP);
    int from = column->frame.y + (top > 0 ? top + gap : 0);
    bool aside = !rect_empty(column->aside);
    int until = column->frame.y + column->frame.h - (bottom > 0 && !aside ? bottom + gap : 0);
    build_place(column, PLACE_TOP, column->frame.y, parent);
    double room = until - from - body;
    build_place(column, PLACE_BODY, from + (column->body_middle ? room * OPTICAL_MIDDLE : 0),
                parent);
    int foot = column_bottom_y(column);
    double above = (bottom - texts_height(column, PLACE_BOTTOM)) / 2.0;
    build_place(column, PLACE_BOTTOM, foot + above, parent);
}
