#include "player/kiosk/kiosk_board.h"

#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"

#define FLOORS_MAX 12
#define FLOOR_UNKNOWN 10000

static int floor_number(const char *floor)
{
    char *end;
    long number = strtol(floor, &end, 10);
    if (end != floor && *end == '\0' && number > -FLOOR_UNKNOWN && number < FLOOR_UNKNOWN)
        return (int)number;
    return strcasecmp(floor, "RDC") == 0 ? 0 : FLOOR_UNKNOWN;
}

/* Floors with somebody on them, lowest first; one row for all that cannot be told. */
static int find_floors(const struct kiosk_board *here, int floors[FLOORS_MAX])
{
    int count = 0;
    for (size_t i = 0; i < here->count; i++) {
        int number = floor_number(here->organisations[i].floor);
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
static const char *floor_name(const struct kiosk_board *here, int floor)
{
    const char *name = NULL;
    for (size_t i = 0; i < here->count; i++) {
        const char *other = here->organisations[i].floor;
        if (floor_number(other) != floor)
            continue;
        if (name == NULL)
            name = other;
        else if (floor == FLOOR_UNKNOWN && strcmp(name, other) != 0)
            name = "";
    }
    return name != NULL ? name : "";
}

static void names_on(const struct kiosk_board *here, int floor, struct strbuf *names)
{
    for (size_t i = 0; i < here->count; i++) {
        const struct directory_organisation *entry = &here->organisations[i];
        if (floor_number(entry->floor) != floor)
            continue;
        if (names->length > 0)
            strbuf_append(names, " · ");
        strbuf_append(names, entry->name);
    }
}

/* Labels in one column as wide as the widest, names beside them. All floors or none: half a list
 * would hide somebody. */
static void add_floors(const struct kiosk_kit *kit, struct scene_node *board,
                       const struct kiosk_board *here, struct rect box)
{
    int floors[FLOORS_MAX];
    int count = find_floors(here, floors);
    int height = 0, aside = 0, space = kiosk_kit_px(kit, 14);
    struct scene_node *group = scene_group(board, box);
    struct scene_node *labels[FLOORS_MAX], *names[FLOORS_MAX];
    struct text_style bold = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    struct text_style plain = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_BODY, TEXT_START, 3);
    struct strbuf text;
    strbuf_init(&text);
    for (int i = 0; i < count; i++) {
        strbuf_clear(&text);
        kiosk_strings_place(floor_name(here, floors[i]), "", kit->lang, &text);
        labels[i] =
            kiosk_kit_text(kit, group, 0, 0, box.w / 3, text.bytes, &bold, kit->theme->accent);
        int width = text_layout_width(labels[i]->layout) + space;
        aside = width > aside ? width : aside;
    }
    for (int i = 0; i < count; i++) {
        strbuf_clear(&text);
        names_on(here, floors[i], &text);
        names[i] = kiosk_kit_text(kit, group, aside, 0, box.w - aside, text.bytes, &plain,
                                  kit->theme->on_chrome);
        height += names[i]->rect.h;
    }
    strbuf_finish(&text);
    int gap = count > 1 ? (box.h - height) / (count - 1) : 0;
    int most = kiosk_kit_px(kit, 7);
    group->hidden = height > box.h;
    for (int i = 0, y = 0; i < count; i++) {
        labels[i]->rect.y = names[i]->rect.y = y;
        y += names[i]->rect.h + (gap < most ? gap : most);
    }
}

/* "You are here" and the place's name. Returns the height that they take. */
static int add_place(const struct kiosk_kit *kit, struct scene_node *board, struct rect box,
                     const char *site_name)
{
    int icon = kiosk_kit_px(kit, 11 * kit->layout->text), y = box.y;
    struct text_style style = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    if (site_name[0] != '\0') {
        scene_icon(board, (struct rect){box.x, y, icon, icon}, ICON_PIN, kit->theme->accent);
        kiosk_kit_fit(kit, board,
                      (struct rect){box.x + icon * 5 / 4, y, box.w - icon * 5 / 4, icon},
                      kiosk_kit_word(kit, KIOSK_STRING_YOU_ARE_AT), &style, kit->theme->accent);
        y += icon + kiosk_kit_px(kit, 4);
    }
    style = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_TITLE * 1.25, TEXT_START, 2);
    style.balance = true;
    style.line_height = 1.6;
    const char *title =
        site_name[0] != '\0' ? site_name : kiosk_kit_word(kit, KIOSK_STRING_PLACE_MORE);
    struct scene_node *name =
        kiosk_kit_text(kit, board, box.x, y, box.w, title, &style, kit->theme->on_chrome);
    return y + name->rect.h - box.y + kiosk_kit_px(kit, 8);
}

/* A low board has the place's name beside the floors and no room for the skyline. */
void kiosk_board_add(const struct kiosk_kit *kit, struct scene_node *parent,
                     const struct kiosk_board *here)
{
    struct rect area = kit->layout->board;
    if (area.h <= 0)
        return;
    struct scene_node *board = scene_box(parent, area, kit->theme->chrome, 0);
    board->clip = true;
    int margin = kit->layout->margin;
    bool low = area.h < area.w / 4;
    int pad = kiosk_kit_px(kit, low ? 8 : 14);
    if (area.h < kiosk_kit_px(kit, 50))
        return;
    if (here->skyline != NULL && kit->theme->edge == 0)
        scene_image(board,
                    (struct rect){0, area.h - here->skyline->height, area.w, here->skyline->height},
                    here->skyline, 0.5, 1.0, 0);
    struct rect box = {margin, pad, area.w - 2 * margin, area.h - 2 * pad};
    struct rect place = box;
    if (low) {
        place.w = box.w / 3;
        box.x += place.w;
        box.w -= place.w;
    }
    int used = add_place(kit, board, place, here->site_name);
    if (!low) {
        box.y += used;
        box.h -= used;
    }
    if (here->count > 0)
        add_floors(kit, board, here, box);
}
