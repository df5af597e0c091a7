/* Home: search, who is in this building, and the four ways to go. */
#include <math.h>

#include "player/kiosk/kiosk_cards.h"
#include "player/kiosk/kiosk_events.h"
#include "player/kiosk/kiosk_search.h"
#include "player/kiosk/kiosk_sheet.h"

#define TILES 4

/* Sections: this building, then the coming events; what is empty is left out. */
enum part { HERE, EVENTS };

static bool load(struct kiosk *kiosk)
{
    kiosk_events_load(kiosk, "", "", KIOSK_HOME_EVENTS);
    return true;
}

static bool is_wide(const struct kiosk_layout *layout)
{
    return layout->body.w > layout->body.h * 2;
}

/* Ways to go: below the list where it is tall (nearest to the hands), beside it where it is wide.
 */
static void place(const struct kiosk_layout *layout, struct rect *list_out,
                  struct rect tiles_out[TILES], struct rect *search_out)
{
    struct rect body = layout->body, rows[2];
    int search = kiosk_layout_px(layout, 34 * sqrt(layout->text));
    int gap = layout->gap;
    if (is_wide(layout)) {
        struct rect right = body;
        right.w = body.w * 46 / 100;
        right.x = body.x + body.w - right.w;
        *search_out = (struct rect){right.x, right.y, right.w, search};
        int top = right.y + search + gap, height = (body.y + body.h - top - gap) / 2;
        rows[0] = (struct rect){right.x, top, right.w, height};
        rows[1] = (struct rect){right.x, top + height + gap, right.w, height};
        body.w -= right.w + 2 * gap;
    } else {
        int tile = kiosk_layout_px(layout, 62 * layout->text);
        *search_out = (struct rect){body.x, body.y, body.w, search};
        rows[1] = (struct rect){body.x, body.y + body.h - tile, body.w, tile};
        rows[0] = rows[1];
        rows[0].y -= tile + gap;
        body.y += search + gap;
        body.h = rows[0].y - 2 * gap - body.y;
    }
    kiosk_layout_row(rows[0], gap, 2, tiles_out);
    kiosk_layout_row(rows[1], gap, 2, tiles_out + 2);
    *list_out = body;
}

static void arrange(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct kiosk_pane *pane = &kiosk->page;
    struct rect area, tiles[TILES], search;
    place(layout, &area, tiles, &search);
    pane->at = kiosk_layout_aside(layout, area, false);
    pane->list = (struct kiosk_list){.width = pane->at.view.w, .gap = layout->gap};
    const size_t counts[] = {kiosk->here_count, kiosk->events.count};
    for (int part = HERE; part <= EVENTS; part++)
        if (counts[part] > 0)
            pane->list.sections[pane->list.section_count++] = (struct kiosk_section){
                .count = counts[part],
                .columns = kiosk_layout_columns(layout, pane->list.width, 330 * layout->text),
                .row_height = layout->row_height,
                .heading_height = layout->heading_height};
    kiosk_frame_widen(kiosk, pane, area);
}

static enum part part_of(const struct kiosk *kiosk, int section)
{
    return kiosk->here_count > 0 && section == 0 ? HERE : EVENTS;
}

/* What each tile opens, with what it says. */
static const struct way {
    enum kiosk_page page;
    enum icon icon;
    enum kiosk_string label;
    color light;
} ways[TILES] = {
    {KIOSK_DIRECTORY, ICON_BOOK, KIOSK_STRING_DIRECTORY, COLOR_RGB(0x005F5F)},
    {KIOSK_EVENTS, ICON_CALENDAR, KIOSK_STRING_EVENTS, COLOR_RGB(0x8A1C3B)},
    {KIOSK_PORTRAITS, ICON_PERSON, KIOSK_STRING_PORTRAITS, COLOR_RGB(0x24407C)},
    {KIOSK_MAP, ICON_PIN, KIOSK_STRING_MAP, COLOR_RGB(0x7A3E00)},
};

static void add_tile(const struct kiosk_kit *kit, struct scene_node *root, struct rect rect,
                     const struct way *way)
{
    const struct kiosk_theme *theme = kit->theme;
    int pad = kiosk_kit_px(kit, 9), disc = kiosk_kit_px(kit, 34), glyph = kiosk_kit_px(kit, 20);
    struct scene_node *tile = kiosk_kit_card(kit, root, rect);
    tile->action = KIOSK_ACTION_OPEN;
    tile->argument = way->page;
    tile->focus = kit->covered ? KIOSK_FOCUS_NONE : KIOSK_FOCUS_TOOLS;
    scene_set_label(tile, kiosk_kit_word(kit, way->label));
    disc = disc < rect.h - 2 * pad ? disc : rect.h - 2 * pad;
    struct scene_node *circle = scene_box(tile, (struct rect){pad, (rect.h - disc) / 2, disc, disc},
                                          theme->edge != 0 ? theme->chip : way->light, disc / 2);
    int inset = (disc - glyph) / 2;
    scene_icon(circle, (struct rect){inset, inset, glyph, glyph}, way->icon, COLOR_RGB(0xFFFFFF));
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, 11.5, TEXT_START, 1);
    int x = 2 * pad + disc;
    kiosk_kit_fit(kit, tile, (struct rect){x, 0, rect.w - x - pad, rect.h},
                  kiosk_kit_word(kit, way->label), &style, theme->text);
}

static void build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    struct rect area, tiles[TILES], search;
    struct strbuf count;
    const char *title = kiosk->site_name[0] != '\0' ? kiosk->site_name
                                                    : kiosk_kit_word(kit, KIOSK_STRING_HOME_TITLE);
    place(kit->layout, &area, tiles, &search);
    strbuf_init(&count);
    kiosk_strings_count(directory_count(kiosk->directory), kit->lang, &count);
    strbuf_append(&count, " · ");
    strbuf_append(&count, kiosk_kit_word(kit, KIOSK_STRING_AREA));
    (void)kiosk_chrome_header(kit, root, title, count.bytes, 0);
    strbuf_finish(&count);
    struct scene_node *field = kiosk_kit_card(kit, root, search);
    int pad = kiosk_kit_px(kit, 9), icon = kiosk_kit_px(kit, 15);
    field->action = KIOSK_ACTION_SEARCH;
    field->focus = kit->covered ? KIOSK_FOCUS_NONE : KIOSK_FOCUS_TOOLS;
    scene_set_label(field, kiosk_kit_word(kit, KIOSK_STRING_SEARCH));
    scene_icon(field, (struct rect){pad, (search.h - icon) / 2, icon, icon}, ICON_SEARCH,
               kit->theme->link);
    struct text_style style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_START, 1);
    int x = 2 * pad + icon;
    kiosk_kit_fit(kit, field, (struct rect){x, 0, search.w - x - pad, search.h},
                  kiosk_kit_word(kit, KIOSK_STRING_SEARCH), &style, kit->theme->muted);
    for (int i = 0; i < TILES; i++)
        add_tile(kit, root, tiles[i], &ways[i]);
}

static void heading(struct kiosk *kiosk, int section, struct strbuf *title, struct strbuf *aside)
{
    bool here = part_of(kiosk, section) == HERE;
    strbuf_append(
        title, kiosk_strings_get(here ? KIOSK_STRING_HERE : KIOSK_STRING_NEXT_EVENTS, kiosk->lang));
    if (here)
        kiosk_strings_count(kiosk->here_count, kiosk->lang, aside);
}

static struct scene_node *card(struct kiosk *kiosk, const struct kiosk_kit *kit,
                               struct scene_node *parent, struct rect rect, int section,
                               size_t index)
{
    if (part_of(kiosk, section) == EVENTS)
        return kiosk_cards_event(kit, parent, rect, &kiosk->events.items[index],
                                 kiosk_today(kiosk));
    return kiosk_sheet_row(kiosk, kit, parent, rect, kiosk->here[index].row);
}

static void choose(struct kiosk *kiosk, int section, size_t index, struct rect rect, int64_t now_ms)
{
    if (part_of(kiosk, section) == HERE) {
        kiosk_sheet_open_row(kiosk, kiosk->here[index].row, rect, now_ms);
        return;
    }
    const struct directory_event *event = &kiosk->events.items[index];
    kiosk_open(kiosk, KIOSK_EVENT, event->id, event->start_ms, rect, now_ms);
}

const struct kiosk_page_type kiosk_home_page = {
    .title = KIOSK_STRING_HOME,
    .load = load,
    .arrange = arrange,
    .build = build,
    .heading = heading,
    .card = card,
    .choose = choose,
    .act = kiosk_search_act,
};
