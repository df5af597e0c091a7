#include "player/kiosk/kiosk_board.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "player/kiosk/kiosk_strings.h"

#define FLOORS_MAX 12
#define FLOOR_UNKNOWN 10000

/* Silhouettes from left to right, in units of 1/120 of the board's width: x, width, height, and the
 * height of the gable or spire on top. */
static const struct silhouette {
    short x, width, height, spire;
} skyline[] = {
    {0, 4, 5, 2},    {4, 3, 7, 2},    {7, 4, 6, 3},   {11, 3, 8, 2},  {14, 5, 5, 2},
    {19, 3, 9, 2},   {22, 4, 6, 3},   {26, 3, 7, 2},  {31, 3, 15, 3}, /* Saint-Maclou */
    {29, 7, 7, 2},   {36, 4, 6, 2},   {40, 3, 8, 3},  {43, 18, 9, 3}, /* the cathedral's nave, */
    {44, 4, 15, 2},  {50, 4, 14, 15}, {57, 4, 16, 3},                 /* its towers and spire */
    {61, 4, 7, 2},   {65, 3, 6, 3},   {68, 4, 8, 2},  {72, 5, 14, 0}, /* Saint-Ouen's crown */
    {73, 3, 17, 2},  {70, 11, 7, 2},  {81, 4, 6, 2},  {85, 3, 7, 3},  {88, 4, 5, 2},
    {96, 2, 18, 0},  {94, 6, 3, 0}, /* Gustave-Flaubert bridge */
    {108, 2, 18, 0}, {106, 6, 3, 0},  {92, 28, 2, 0}, {95, 4, 17, 0}, {107, 4, 17, 0},
};

static void draw_silhouette(struct canvas *canvas, const struct silhouette *shape, int foot,
                            double unit, color fill)
{
    int left = (int)(shape->x * unit), right = (int)((shape->x + shape->width) * unit);
    int height = (int)(shape->height * unit), spire = (int)(shape->spire * unit);
    canvas_fill_rect(canvas, (struct rect){left, foot - height, right - left, height}, fill);
    for (int row = 0; row < spire; row++) {
        int width = (right - left) * (spire - row) / spire;
        canvas_fill_rect(
            canvas,
            (struct rect){left + (right - left - width) / 2, foot - height - row - 1, width, 1},
            fill);
    }
}

static void draw_skyline(const struct kiosk_paint *paint, struct canvas *canvas, struct rect board)
{
    const struct kiosk_theme *theme = paint->theme;
    if (theme->edge != 0)
        return; /* high contrast: nothing that is no content */
    double unit = board.w / 120.0;
    if (unit * 40 > board.h)
        unit = board.h / 40.0;
    int water = (int)(unit * 3);
    int foot = board.y + board.h - water;
    for (int copy = 0; copy * 120 * unit < board.w; copy++) {
        for (size_t i = 0; i < sizeof(skyline) / sizeof(skyline[0]); i++) {
            struct silhouette shape = skyline[i];
            shape.x = (short)(shape.x + 120 * copy);
            draw_silhouette(canvas, &shape, foot, unit, theme->skyline);
        }
    }
    canvas_fill_rect(canvas, (struct rect){board.x, foot, board.w, water}, theme->water);
}

static int floor_number(const char *floor)
{
    char *end;
    long number = strtol(floor, &end, 10);
    if (end != floor && *end == '\0' && number > -FLOOR_UNKNOWN && number < FLOOR_UNKNOWN)
        return (int)number;
    return strcasecmp(floor, "RDC") == 0 ? 0 : FLOOR_UNKNOWN;
}

/* Floors with somebody on them, lowest first; one row for all that cannot be told. */
static int find_floors(const struct kiosk_list *list, int floors[FLOORS_MAX])
{
    int count = 0;
    for (size_t i = 0; i < list->here_count; i++) {
        int number = floor_number(kiosk_list_entry(list, i)->floor);
        int at = 0;
        while (at < count && floors[at] < number)
            at++;
        if ((at < count && floors[at] == number) || count == FLOORS_MAX)
            continue;
        memmove(&floors[at + 1], &floors[at], (size_t)(count - at) * sizeof(*floors));
        floors[at] = number;
        count++;
    }
    return count;
}

/* The floor as the directory writes it; "" when those who share the row write different things. */
static void names_on(const struct kiosk_list *list, int floor, const char **label_out,
                     struct strbuf *names)
{
    *label_out = NULL;
    for (size_t i = 0; i < list->here_count; i++) {
        const struct directory_entry *entry = kiosk_list_entry(list, i);
        if (floor_number(entry->floor) != floor)
            continue;
        if (*label_out == NULL)
            *label_out = entry->floor;
        else if (floor == FLOOR_UNKNOWN && strcmp(*label_out, entry->floor) != 0)
            *label_out = "";
        if (names->length > 0)
            strbuf_append(names, "  ·  ");
        strbuf_append(names, entry->name);
    }
}

static struct text_layout *floor_label(const struct kiosk_paint *paint, const char *floor,
                                       int width)
{
    struct strbuf text;
    strbuf_init(&text);
    kiosk_strings_place(floor, "", paint->lang, &text);
    struct text_style style =
        kiosk_paint_style(paint, TEXT_SEMIBOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    struct text_layout *layout = kiosk_paint_layout(paint, text.bytes, &style, width);
    strbuf_finish(&text);
    return layout;
}

static void draw_floors(const struct kiosk_paint *paint, const struct kiosk_list *list,
                        struct rect box, struct canvas *canvas)
{
    int floors[FLOORS_MAX];
    struct text_layout *labels[FLOORS_MAX];
    int count = find_floors(list, floors);
    int gap = kiosk_paint_px(paint, 7), aside = 0;
    struct strbuf names;
    strbuf_init(&names);
    for (int i = 0; i < count; i++) {
        const char *floor;
        strbuf_clear(&names);
        names_on(list, floors[i], &floor, &names);
        labels[i] = floor_label(paint, floor, box.w / 3);
        int width = text_layout_width(labels[i]) + 2 * gap;
        aside = width > aside ? width : aside;
    }
    struct text_style style = kiosk_paint_style(paint, TEXT_REGULAR, KIOSK_CAP_BODY, TEXT_START, 3);
    for (int i = 0; i < count; i++) {
        const char *floor;
        strbuf_clear(&names);
        names_on(list, floors[i], &floor, &names);
        struct text_layout *who = kiosk_paint_layout(paint, names.bytes, &style, box.w - aside);
        int used = text_layout_height(who) + gap;
        if (used - gap <= box.h) {
            text_layout_draw(labels[i], canvas, box.x, box.y, paint->theme->accent);
            text_layout_draw(who, canvas, box.x + aside, box.y, paint->theme->on_chrome);
        }
        box.y += used;
        box.h -= used;
        text_layout_destroy(who);
        text_layout_destroy(labels[i]);
    }
    strbuf_finish(&names);
}

/* "You are here" and the place's name. Returns what they took. */
static int draw_place(const struct kiosk_paint *paint, const char *site_name, struct rect box,
                      struct canvas *canvas)
{
    int icon = kiosk_paint_px(paint, 11 * paint->layout->text), y = box.y;
    struct text_style style =
        kiosk_paint_style(paint, TEXT_SEMIBOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    if (site_name[0] != '\0') {
        kiosk_icon_draw(canvas, KIOSK_ICON_PIN, box.x, y, icon, paint->theme->accent);
        int used = kiosk_paint_text(
            paint, canvas, kiosk_strings_get(KIOSK_STRING_YOU_ARE_AT, paint->lang), &style,
            (struct rect){box.x + icon * 5 / 4, y, box.w - icon * 5 / 4, icon}, true,
            paint->theme->accent);
        y += (used > icon ? used : icon) + kiosk_paint_px(paint, 3);
    }
    style = kiosk_paint_style(paint, TEXT_EXTRABOLD, KIOSK_CAP_TITLE * 1.25, TEXT_START, 2);
    style.balance = true;
    style.line_height = 1.6;
    const char *title =
        site_name[0] != '\0' ? site_name : kiosk_strings_get(KIOSK_STRING_PLACE_MORE, paint->lang);
    y += kiosk_paint_text(paint, canvas, title, &style,
                          (struct rect){box.x, y, box.w, box.y + box.h - y}, false,
                          paint->theme->on_chrome);
    return y - box.y + kiosk_paint_px(paint, 8);
}

void kiosk_board_draw(const struct kiosk_paint *paint, const struct kiosk_list *list,
                      const char *site_name, struct canvas *canvas)
{
    const struct kiosk_theme *theme = paint->theme;
    struct rect board = paint->layout->board;
    if (board.h <= 0)
        return;
    canvas_fill_gradient(canvas, board, false, theme->chrome_deep, theme->chrome);
    int margin = paint->layout->margin, pad = kiosk_paint_px(paint, 14);
    struct rect box = {margin, board.y + pad, board.w - 2 * margin, board.h - 2 * pad};
    if (board.h < kiosk_paint_px(paint, 40))
        return;
    draw_skyline(paint, canvas, board);
    int used = draw_place(paint, site_name, box, canvas);
    box.y += used;
    box.h -= used;
    if (list->here_count > 0)
        draw_floors(paint, list, box, canvas);
}
