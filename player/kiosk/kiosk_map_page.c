/* The map beside the list of what it shows: the same answer as the directory's. A tap on a point or
 * a place narrows the list to who is there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "player/kiosk/kiosk_search.h"
#include "player/kiosk/kiosk_sheet.h"

#define PLACE_MAX 500 /* organisations listed of one place */

static bool is_wide(const struct kiosk_layout *layout)
{
    return layout->body.w * 10 > layout->body.h * 12;
}

/* Map beside the list where it is wide, above it where it is tall. */
static struct rect split(const struct kiosk_layout *layout, struct rect *list_out)
{
    struct rect map = layout->body, list = layout->body;
    if (is_wide(layout)) {
        map.w = layout->body.w * 56 / 100;
        list.x += map.w + 2 * layout->gap;
        list.w -= map.w + 2 * layout->gap;
    } else {
        map.h = layout->body.h * 56 / 100;
        list.y += map.h + layout->gap;
        list.h -= map.h + layout->gap;
    }
    *list_out = list;
    return map;
}

/* ---- the component --------------------------------------------------------------------------- */

static void set_communes(struct kiosk *kiosk)
{
    const struct directory_commune_list *communes = directory_communes(kiosk->directory);
    const struct directory_answer *answer = kiosk_answer(kiosk);
    size_t values = directory_value_count(kiosk->directory, DIRECTORY_COMMUNE);
    for (size_t i = 0; i < communes->count; i++)
        for (size_t value = 0; value < values; value++) {
            const char *label =
                directory_value_label(kiosk->directory, DIRECTORY_COMMUNE, value, LANG_FR);
            if (strcmp(label, communes->items[i].name) != 0)
                continue;
            bool chosen =
                (kiosk->search.chosen[DIRECTORY_COMMUNE].bits[value / 64] >> value % 64 & 1) != 0;
            kiosk_map_set_commune(kiosk->map, i, answer->counts[DIRECTORY_COMMUNE][value], chosen);
            break;
        }
}

static void find_here(struct kiosk *kiosk)
{
    double latitude = NAN, longitude = NAN;
    for (size_t i = 0; i < kiosk->here_count; i++)
        if (kiosk->here[i].placed) {
            latitude = kiosk->here[i].latitude;
            longitude = kiosk->here[i].longitude;
            break;
        }
    kiosk_map_set_here(kiosk->map, latitude, longitude);
}

static void set_rows(struct kiosk *kiosk)
{
    const struct directory_answer *answer = kiosk_answer(kiosk);
    set_communes(kiosk);
    /* Without memory for its points the map is empty beside the list. */
    if (kiosk_map_set_rows(kiosk->map, directory_places(kiosk->directory), answer->rows,
                           answer->row_count))
        kiosk_map_select(kiosk->map, kiosk->map_selected, true, kiosk->activity_ms);
    kiosk->map_stale = false;
}

static bool load(struct kiosk *kiosk)
{
    if (kiosk->map == NULL) {
        kiosk->map = kiosk_map_create(directory_communes(kiosk->directory));
        if (kiosk->map == NULL)
            return false;
        kiosk->map_selected = KIOSK_MAP_NOBODY;
        kiosk->map_stale = true;
        find_here(kiosk);
    }
    return true;
}

static uint32_t row_count(const struct kiosk *kiosk)
{
    return kiosk->place_rows != NULL ? kiosk->place_count : kiosk->search.answer.row_count;
}

static uint32_t row_at(const struct kiosk *kiosk, size_t index)
{
    return kiosk->place_rows != NULL ? kiosk->place_rows[index] : kiosk->search.answer.rows[index];
}

static void arrange(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    struct kiosk_pane *pane = &kiosk->page;
    struct rect list;
    (void)kiosk_answer(kiosk);
    kiosk->map_rect = split(layout, &list);
    kiosk_map_place(kiosk->map, kiosk->map_rect, &kit);
    if (kiosk->map_stale)
        set_rows(kiosk);
    pane->at = kiosk_layout_aside(layout, list, false);
    pane->list = (struct kiosk_list){.sections = {{.count = row_count(kiosk),
                                                   .columns = 1,
                                                   .row_height = layout->row_height,
                                                   .heading_height = layout->heading_height}},
                                     .section_count = 1,
                                     .width = pane->at.view.w,
                                     .gap = layout->gap};
    kiosk_frame_widen(kiosk, pane, list);
}

/* ---- what stands fixed ----------------------------------------------------------------------- */

static void build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    static const struct {
        int step;
        enum icon icon;
        enum kiosk_string label;
    } zooms[] = {{1, ICON_PLUS, KIOSK_STRING_ZOOM_IN},
                 {-1, ICON_MINUS, KIOSK_STRING_ZOOM_OUT},
                 {0, ICON_HOME, KIOSK_STRING_ZOOM_ALL}};
    struct rect map = kiosk->map_rect;
    int side = kiosk_kit_px(kit, KIOSK_TARGET_MM + 6), gap = kit->layout->gap;
    kiosk_search_build(kiosk, kit, root, KIOSK_DIRECTORY);
    for (int i = 0; i < 3; i++) {
        struct kiosk_button button = {
            .rect = {map.x + map.w - side - gap, map.y + gap + i * (side + gap), side, side},
            .action = KIOSK_ACTION_ZOOM,
            .argument = zooms[i].step,
            .focus = KIOSK_FOCUS_TOOLS,
            .icon = zooms[i].step == 0 ? ICON_WEB : zooms[i].icon,
            .label = kiosk_kit_word(kit, zooms[i].label),
            .look = KIOSK_BUTTON_PAGE,
            .silent = true,
            .disabled = !kiosk_map_can_zoom(kiosk->map, zooms[i].step)};
        kiosk_kit_button(kit, root, &button);
    }
    if (kiosk->place_rows == NULL)
        return;
    int width = kiosk_kit_px(kit, 96 * sqrt(kit->layout->text)), height = side;
    struct kiosk_button all = {.rect = {map.x + gap, map.y + map.h - height - gap, width, height},
                               .action = KIOSK_ACTION_SHOW_ALL,
                               .focus = KIOSK_FOCUS_TOOLS,
                               .label = kiosk_kit_word(kit, KIOSK_STRING_SHOW_ALL),
                               .look = KIOSK_BUTTON_ACCENT};
    kiosk_kit_button(kit, root, &all);
}

static void heading(struct kiosk *kiosk, int section, struct strbuf *title, struct strbuf *aside)
{
    (void)section;
    if (kiosk->place_rows == NULL) {
        kiosk_search_heading(kiosk, title, aside);
        return;
    }
    strbuf_append(title, kiosk_strings_get(KIOSK_STRING_AT_PLACE, kiosk->lang));
    kiosk_strings_count(kiosk->place_count, kiosk->lang, aside);
}

static struct scene_node *card(struct kiosk *kiosk, const struct kiosk_kit *kit,
                               struct scene_node *parent, struct rect rect, int section,
                               size_t index)
{
    (void)section;
    return kiosk_sheet_row(kiosk, kit, parent, rect, row_at(kiosk, index));
}

static void choose(struct kiosk *kiosk, int section, size_t index, struct rect rect, int64_t now_ms)
{
    (void)section;
    kiosk_sheet_open_row(kiosk, row_at(kiosk, index), rect, now_ms);
}

/* ---- what happens ---------------------------------------------------------------------------- */

static void damage_map(struct kiosk *kiosk)
{
    kiosk_frame_damage(kiosk, kiosk->map_rect);
    kiosk->chrome_stale = true; /* the zoom's buttons */
}

static void narrow(struct kiosk *kiosk, uint32_t *rows, uint32_t count, uint32_t selected,
                   int64_t now_ms)
{
    free(kiosk->place_rows);
    kiosk->place_rows = rows;
    kiosk->place_count = rows != NULL ? count : 0;
    kiosk->map_selected = selected;
    kiosk_map_select(kiosk->map, selected, true, now_ms);
    kiosk_refresh(kiosk);
}

static void take(struct kiosk *kiosk, struct kiosk_map_result result, int64_t now_ms)
{
    uint32_t *rows;
    switch (result.change) {
    case KIOSK_MAP_SAME:
        break;
    case KIOSK_MAP_LOOK:
        damage_map(kiosk);
        break;
    case KIOSK_MAP_POINT:
        rows = calloc(1, sizeof(*rows));
        if (rows != NULL)
            rows[0] = result.row;
        narrow(kiosk, rows, 1, result.row, now_ms);
        break;
    case KIOSK_MAP_PLACE:
        rows = calloc(PLACE_MAX, sizeof(*rows));
        narrow(kiosk, rows, rows != NULL ? kiosk_map_place_rows(kiosk->map, rows, PLACE_MAX) : 0,
               KIOSK_MAP_NOBODY, now_ms);
        break;
    case KIOSK_MAP_GROUND:
        if (kiosk->place_rows != NULL)
            narrow(kiosk, NULL, 0, KIOSK_MAP_NOBODY, now_ms);
        else
            damage_map(kiosk);
        break;
    }
}

static bool act(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    if (target.action == KIOSK_ACTION_ZOOM) {
        kiosk_map_zoom(kiosk->map, (int)target.value, !kiosk_motion_wanted(kiosk), now_ms);
        damage_map(kiosk);
        return true;
    }
    if (target.action == KIOSK_ACTION_SHOW_ALL) {
        narrow(kiosk, NULL, 0, KIOSK_MAP_NOBODY, now_ms);
        return true;
    }
    return kiosk_search_act(kiosk, target, now_ms);
}

/* All fingers that came down on the map, but not on a button that stands on it. */
static bool touch(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_map_result result;
    if (event->kind == KIOSK_TOUCH_DOWN) {
        if (!rect_contains(kiosk->map_rect, event->x, event->y) ||
            scene_hit(kiosk_frame_chrome(kiosk), event->x, event->y, 0) != NULL)
            return false;
        kiosk->live_active = true;
        result = kiosk_map_down(kiosk->map, event->finger, event->x, event->y, now_ms);
    } else if (kiosk->touch.active && kiosk->touch.finger == event->finger) {
        return false;
    } else if (event->kind == KIOSK_TOUCH_MOVE) {
        result = kiosk_map_move(kiosk->map, event->finger, event->x, event->y, now_ms);
    } else if (event->kind == KIOSK_TOUCH_UP) {
        result = kiosk_map_up(kiosk->map, event->finger, event->x, event->y,
                              !kiosk_motion_wanted(kiosk), now_ms);
    } else {
        kiosk_map_cancel(kiosk->map);
        result = (struct kiosk_map_result){.change = KIOSK_MAP_LOOK};
    }
    if (result.change != KIOSK_MAP_SAME)
        kiosk->activity_ms = now_ms;
    take(kiosk, result, now_ms);
    return true;
}

static void drop(struct kiosk *kiosk)
{
    if (kiosk->live_active && kiosk->map != NULL)
        kiosk_map_cancel(kiosk->map);
    kiosk->live_active = false;
}

static void draw(struct kiosk *kiosk, const struct kiosk_kit *kit, struct canvas *canvas)
{
    kiosk_map_draw(kiosk->map, kit, kiosk->config.text, canvas);
}

static void tick(struct kiosk *kiosk, int64_t now_ms)
{
    if (kiosk_map_tick(kiosk->map, now_ms))
        damage_map(kiosk);
}

static int64_t wake(const struct kiosk *kiosk, int64_t now_ms)
{
    return kiosk_map_moves(kiosk->map) ? now_ms : KIOSK_NEVER;
}

const struct kiosk_page_type kiosk_map_page = {
    .title = KIOSK_STRING_MAP,
    .load = load,
    .arrange = arrange,
    .build = build,
    .heading = heading,
    .card = card,
    .choose = choose,
    .act = act,
    .touch = touch,
    .drop = drop,
    .draw = draw,
    .tick = tick,
    .wake = wake,
};
