/* The directory: what is searched, as a list; all of it from A to Z with letters to jump to. */
#include "player/kiosk/kiosk_cards.h"
#include "player/kiosk/kiosk_search.h"
#include "player/kiosk/kiosk_sheet.h"

static void arrange(struct kiosk *kiosk)
{
    const struct directory_answer *answer = kiosk_answer(kiosk);
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect area = kiosk_search_arrange(kiosk);
    struct kiosk_pane *pane = &kiosk->page;
    pane->at = kiosk_layout_aside(
        layout, area, !kiosk_search_types(kiosk) && !answer->ranked && answer->row_count > 0);
    int width = pane->at.view.w;
    pane->list = (struct kiosk_list){
        .sections = {{.count = answer->row_count,
                      .columns = kiosk_layout_columns(layout, width, 265 * layout->text),
                      .row_height = layout->row_height,
                      .heading_height = layout->heading_height}},
        .section_count = 1,
        .width = width,
        .gap = layout->gap};
    kiosk_frame_widen(kiosk, pane, area);
}

static void build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    kiosk_search_build(kiosk, kit, root, KIOSK_MAP);
}

static void heading(struct kiosk *kiosk, int section, struct strbuf *title, struct strbuf *aside)
{
    (void)section;
    kiosk_search_heading(kiosk, title, aside);
}

static struct scene_node *card(struct kiosk *kiosk, const struct kiosk_kit *kit,
                               struct scene_node *parent, struct rect rect, int section,
                               size_t index)
{
    (void)section;
    return kiosk_sheet_row(kiosk, kit, parent, rect, kiosk->search.answer.rows[index]);
}

static void choose(struct kiosk *kiosk, int section, size_t index, struct rect rect, int64_t now_ms)
{
    (void)section;
    kiosk_sheet_open_row(kiosk, kiosk->search.answer.rows[index], rect, now_ms);
}

static bool act(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    if (target.action != KIOSK_ACTION_LETTER)
        return kiosk_search_act(kiosk, target, now_ms);
    uint32_t place = kiosk_answer(kiosk)->letters[target.value];
    if (place == DIRECTORY_NO_ROW)
        return true;
    kiosk_count(kiosk, KIOSK_COUNT_SEARCH, NULL);
    int y = kiosk_list_rect(&kiosk->page.list, place).y;
    kiosk_scroll_to(kiosk, place == 0 ? 0 : y, now_ms);
    if (kiosk->keys)
        kiosk_input_set_focus(kiosk, (struct kiosk_target){KIOSK_ACTION_ITEM, place}, now_ms);
    return true;
}

const struct kiosk_page_type kiosk_directory_page = {
    .title = KIOSK_STRING_DIRECTORY,
    .arrange = arrange,
    .build = build,
    .heading = heading,
    .card = card,
    .choose = choose,
    .act = act,
    .touch = kiosk_search_touch,
    .drop = kiosk_search_drop,
    .draw = kiosk_search_draw,
    .tick = kiosk_search_tick,
    .wake = kiosk_search_wake,
};
