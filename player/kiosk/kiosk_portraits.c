/* The portraits: a wall of faces. */
#include "player/kiosk/kiosk_cards.h"
#include "player/kiosk/kiosk_private.h"

static bool load(struct kiosk *kiosk)
{
    struct error err;
    if (!directory_portraits(kiosk->directory, kiosk->arena, kiosk_wall_ms(kiosk),
                             &kiosk->portraits, &err))
        kiosk->portraits = (struct directory_portrait_list){0};
    return true;
}

static void arrange(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct kiosk_pane *pane = &kiosk->page;
    pane->at = kiosk_layout_aside(layout, layout->body, false);
    int width = pane->at.view.w;
    int columns = kiosk_layout_columns(layout, width, 125 * layout->text);
    int face = (width / columns) * 4 / 5;
    pane->list = (struct kiosk_list){
        .sections = {{.count = kiosk->portraits.count,
                      .columns = columns,
                      .row_height = face + kiosk_layout_px(layout, 12 + 32 * layout->text)}},
        .section_count = 1,
        .width = width,
        .gap = layout->gap};
    kiosk_frame_widen(kiosk, pane, layout->body);
}

static void build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    (void)kiosk_chrome_header(kit, root, kiosk_kit_word(kit, KIOSK_STRING_PORTRAITS),
                              kiosk_kit_word(kit, KIOSK_STRING_PLACE_MORE), 0);
    if (kiosk->portraits.count == 0)
        kiosk_chrome_empty(kit, root, ICON_PERSON, kiosk_kit_word(kit, KIOSK_STRING_NO_PORTRAITS));
}

static struct scene_node *card(struct kiosk *kiosk, const struct kiosk_kit *kit,
                               struct scene_node *parent, struct rect rect, int section,
                               size_t index)
{
    (void)section;
    const struct directory_portrait *portrait = &kiosk->portraits.items[index];
    return kiosk_cards_portrait(kit, parent, rect, portrait,
                                kiosk_picture(kiosk, portrait->picture, rect.w,
                                              kiosk_cards_face(kit, rect.h), portrait->focal_x,
                                              portrait->focal_y));
}

static void choose(struct kiosk *kiosk, int section, size_t index, struct rect rect, int64_t now_ms)
{
    (void)section;
    kiosk_open(kiosk, KIOSK_PORTRAIT, kiosk->portraits.items[index].id, 0, rect, now_ms);
}

const struct kiosk_page_type kiosk_portraits_page = {
    .title = KIOSK_STRING_PORTRAITS,
    .load = load,
    .arrange = arrange,
    .build = build,
    .card = card,
    .choose = choose,
};
