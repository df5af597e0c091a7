/* A portrait's sheet: the face, the words, the story, the film. */
#include <string.h>

#include "player/kiosk/kiosk_flow.h"
#include "player/kiosk/kiosk_sheet.h"

static bool load(struct kiosk *kiosk)
{
    const struct kiosk_place *place = kiosk_state_place(&kiosk->state);
    struct directory_portrait_list list;
    struct error err;
    if (!directory_portraits(kiosk->directory, kiosk->arena, kiosk_wall_ms(kiosk), &list, &err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.items[i].id, place->id) == 0) {
            kiosk->portrait = list.items[i];
            return true;
        }
    return false;
}

static const char *name_of(const struct directory_portrait *portrait)
{
    return portrait->leader_name[0] != '\0' ? portrait->leader_name : portrait->organisation_name;
}

static void add_header(struct kiosk_flow *flow, struct kiosk *kiosk, int card_width)
{
    const struct directory_portrait *it = &kiosk->portrait;
    const struct kiosk_theme *theme = flow->kit.theme;
    struct kiosk_flow_band band =
        kiosk_flow_begin_band(flow, theme->edge != 0 ? theme->card : COLOR_RGB(0x24407C));
    struct strbuf role;
    strbuf_init(&role);
    strbuf_append(&role, it->leader_role);
    if (it->leader_name[0] != '\0') {
        strbuf_append(&role, role.length > 0 ? " · " : "");
        strbuf_append(&role, it->organisation_name);
    }
    int aside = kiosk_sheet_listen(kiosk, flow, band.top);
    flow->width -= aside;
    struct text_style style = kiosk_flow_style(flow, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, 3);
    style.line_height = 1.5;
    kiosk_flow_text(flow, name_of(it), &style, COLOR_RGB(0xFFFFFF), 5);
    style = kiosk_flow_style(flow, TEXT_SEMIBOLD, KIOSK_CAP_NAME, 3);
    kiosk_flow_text(flow, role.bytes, &style, theme->accent, 0);
    flow->width += aside;
    kiosk_flow_end_band(flow, &band, card_width);
    strbuf_finish(&role);
}

static void add_picture(struct kiosk_flow *flow, struct kiosk *kiosk, int height)
{
    const struct directory_portrait *it = &kiosk->portrait;
    if (it->picture[0] != '\0')
        kiosk_flow_picture(
            flow, kiosk_picture(kiosk, it->picture, flow->width, height, it->focal_x, it->focal_y),
            height, it->focal_x, it->focal_y, it->picture_alt, it->picture_credit);
}

static void add_film(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    if (kiosk->portrait.film[0] != '\0' && kiosk->config.film != NULL)
        kiosk_flow_link(flow, ICON_PLAY, kiosk_flow_word(flow, KIOSK_STRING_FILM), "",
                        KIOSK_ACTION_FILM, 0);
}

static void add_link(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    const struct directory_portrait *it = &kiosk->portrait;
    uint32_t row = it->organisation[0] != '\0' ? directory_row(kiosk->directory, it->organisation)
                                               : DIRECTORY_NO_ROW;
    if (row != DIRECTORY_NO_ROW)
        kiosk_flow_link(flow, ICON_HANDS, it->organisation_name,
                        kiosk_flow_word(flow, KIOSK_STRING_SEE_ORGANISATION),
                        KIOSK_ACTION_ORGANISATION, row);
}

static void add_words(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    const struct directory_portrait *it = &kiosk->portrait;
    const struct kiosk_theme *theme = flow->kit.theme;
    struct text_style style = kiosk_flow_style(flow, TEXT_EXTRABOLD, 11.5, 12);
    style.line_height = 1.7;
    if (it->quote[0] != '\0') {
        struct strbuf quote;
        strbuf_init(&quote);
        strbuf_printf(&quote, "«\u00a0%s\u00a0»", it->quote);
        kiosk_flow_text(flow, quote.bytes, &style, theme->link, 12);
        strbuf_finish(&quote);
    }
    style = kiosk_flow_style(flow, TEXT_REGULAR, KIOSK_CAP_NAME, 80);
    style.line_height = 1.9;
    kiosk_flow_text(flow, it->story, &style, theme->text, 13);
    kiosk_flow_plain(flow, it->plain);
}

static void add_code(struct kiosk_flow *flow, const struct directory_portrait *it)
{
    static const enum kiosk_string caption = KIOSK_STRING_QR_WEBSITE;
    const char *text = it->url;
    if (text[0] != '\0')
        kiosk_flow_qr(flow, &text, &caption, 1);
}

/* Picture and links beside the words where there is room, else above them. */
static void fill(struct kiosk_flow *flow, int card_width, void *context)
{
    struct kiosk *kiosk = context;
    int left = flow->x, width = flow->width, gap = kiosk_flow_px(flow, 20);
    add_header(flow, kiosk, card_width);
    int top = flow->y;
    if (!flow->wide) {
        add_picture(flow, kiosk, kiosk_flow_picture_height(flow));
        add_film(flow, kiosk);
        add_words(flow, kiosk);
        add_link(flow, kiosk);
        add_code(flow, &kiosk->portrait);
        return;
    }
    flow->width = (width - gap) * 36 / 100;
    add_picture(flow, kiosk, kiosk_flow_picture_height(flow) * 4 / 3);
    add_film(flow, kiosk);
    add_link(flow, kiosk);
    add_code(flow, &kiosk->portrait);
    int end = flow->y;
    flow->y = top;
    flow->x = left + flow->width + gap;
    flow->width = left + width - flow->x;
    add_words(flow, kiosk);
    flow->y = flow->y > end ? flow->y : end;
}

static struct scene_node *sheet(struct kiosk *kiosk, const struct kiosk_kit *kit,
                                struct scene_node *parent)
{
    struct strbuf label;
    strbuf_init(&label);
    strbuf_printf(&label, "%s. %s", name_of(&kiosk->portrait), kiosk->portrait.quote);
    struct scene_node *card = kiosk_flow_card(kit, parent, label.bytes, fill, kiosk);
    strbuf_finish(&label);
    return card;
}

const struct kiosk_page_type kiosk_portrait_page = {
    .title = KIOSK_STRING_PORTRAITS,
    .load = load,
    .arrange = kiosk_sheet_arrange,
    .build = kiosk_sheet_build,
    .sheet = sheet,
    .act = kiosk_sheet_act,
};
