/* An event's sheet: what, when, where, by whom, and its entry for the visitor's calendar. */
#include <math.h>
#include <string.h>

#include "player/kiosk/kiosk_agenda.h"
#include "player/kiosk/kiosk_flow.h"
#include "player/kiosk/kiosk_sheet.h"

static bool load(struct kiosk *kiosk)
{
    const struct kiosk_place *place = kiosk_state_place(&kiosk->state);
    struct error err;
    return directory_event(kiosk->directory, kiosk->arena, place->id, place->at_ms, &kiosk->event,
                           &err);
}

static void add_header(struct kiosk_flow *flow, struct kiosk *kiosk, int card_width)
{
    const struct directory_event *event = &kiosk->event;
    const struct kiosk_theme *theme = flow->kit.theme;
    struct kiosk_flow_band band =
        kiosk_flow_begin_band(flow, theme->edge != 0 ? theme->card : COLOR_RGB(0x8A1C3B));
    struct kiosk_flow_chips chips = {0};
    struct strbuf when;
    strbuf_init(&when);
    kiosk_agenda_when(event, kiosk_today(kiosk), flow->kit.lang, &when);
    int aside = kiosk_sheet_listen(kiosk, flow, band.top);
    flow->width -= aside;
    struct text_style style = kiosk_flow_style(flow, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, 4);
    style.line_height = 1.5;
    style.balance = true;
    kiosk_flow_text(flow, event->title, &style, COLOR_RGB(0xFFFFFF), 5);
    flow->width += aside;
    style = kiosk_flow_style(flow, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, 2);
    kiosk_flow_text(flow, when.bytes, &style, theme->accent, 4);
    if (event->status[0] != '\0') {
        struct strbuf status;
        strbuf_init(&status);
        kiosk_flow_capitalise(&status, event->status, strlen(event->status));
        kiosk_flow_chip(flow, &chips, status.bytes, theme->accent, theme->on_accent);
        strbuf_finish(&status);
    }
    flow->y += chips.line_height;
    kiosk_flow_end_band(flow, &band, card_width);
    strbuf_finish(&when);
}

static void add_about(struct kiosk_flow *flow, struct kiosk *kiosk)
{
    const struct directory_event *event = &kiosk->event;
    if (event->picture[0] != '\0') {
        int height = kiosk_flow_picture_height(flow);
        kiosk_flow_picture(flow,
                           kiosk_picture(kiosk, event->picture, flow->width, height, event->focal_x,
                                         event->focal_y),
                           height, event->focal_x, event->focal_y, event->picture_alt,
                           event->picture_credit);
    }
    struct text_style style = kiosk_flow_style(flow, TEXT_REGULAR, KIOSK_CAP_NAME, 60);
    style.line_height = 1.9;
    kiosk_flow_text(flow, event->summary, &style, flow->kit.theme->text, 13);
    uint32_t row = event->organisation[0] != '\0'
                       ? directory_row(kiosk->directory, event->organisation)
                       : DIRECTORY_NO_ROW;
    if (row != DIRECTORY_NO_ROW)
        kiosk_flow_link(
            flow, ICON_HANDS,
            event->organiser[0] != '\0' ? event->organiser
                                        : kiosk_flow_word(flow, KIOSK_STRING_SEE_ORGANISATION),
            kiosk_flow_word(flow, KIOSK_STRING_ORGANISER), KIOSK_ACTION_ORGANISATION, row);
    else
        kiosk_flow_fact(flow, ICON_PERSON, event->organiser);
}

static void add_facts(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    const struct directory_event *event = &kiosk->event;
    struct strbuf text;
    strbuf_init(&text);
    const char *lines[] = {event->place, event->address};
    for (int i = 0; i < 2; i++) {
        if (lines[i][0] != '\0' && text.length > 0)
            strbuf_append(&text, "\n");
        strbuf_append(&text, lines[i]);
    }
    if (event->commune[0] != '\0' && strstr(text.bytes, event->commune) == NULL) {
        strbuf_append(&text, text.length > 0 ? "\n" : "");
        strbuf_append(&text, event->commune);
    }
    kiosk_flow_fact(flow, ICON_PIN, text.bytes);
    kiosk_flow_fact(flow, ICON_TICKET, event->price);
    kiosk_flow_fact(flow, ICON_ACCESS, event->access);
    strbuf_finish(&text);
}

static void add_code(struct kiosk_flow *flow, const struct directory_event *event)
{
    static const enum kiosk_string captions[] = {KIOSK_STRING_QR_EVENT, KIOSK_STRING_QR_EVENT};
    struct strbuf full, brief;
    strbuf_init(&full);
    strbuf_init(&brief);
    kiosk_agenda_write(event, false, &full);
    kiosk_agenda_write(event, true, &brief);
    const char *texts[] = {full.bytes, brief.bytes};
    kiosk_flow_qr(flow, texts, captions, 2);
    strbuf_finish(&full);
    strbuf_finish(&brief);
}

/* The facts and the code stand beside the text where there is room, else below it. */
static void fill(struct kiosk_flow *flow, int card_width, void *context)
{
    struct kiosk *kiosk = context;
    int left = flow->x, width = flow->width, gap = kiosk_flow_px(flow, 20);
    int aside = kiosk_flow_px(flow, (KIOSK_FLOW_QR_MM + 8) * sqrt(flow->kit.layout->text));
    add_header(flow, kiosk, card_width);
    int top = flow->y;
    if (flow->wide)
        flow->width = (width - 2 * gap - aside) * 58 / 100;
    add_about(flow, kiosk);
    int end = flow->y;
    flow->y = top = flow->wide ? top : end;
    if (flow->wide)
        flow->x += flow->width + gap;
    flow->width = left + width - aside - gap - flow->x;
    add_facts(flow, kiosk);
    end = flow->y > end ? flow->y : end;
    flow->y = top;
    flow->x = left + width - aside;
    flow->width = aside;
    add_code(flow, &kiosk->event);
    flow->y = flow->y > end ? flow->y : end;
}

static struct scene_node *sheet(struct kiosk *kiosk, const struct kiosk_kit *kit,
                                struct scene_node *parent)
{
    struct strbuf label;
    strbuf_init(&label);
    strbuf_printf(&label, "%s. ", kiosk->event.title);
    kiosk_agenda_when(&kiosk->event, kiosk_today(kiosk), kit->lang, &label);
    strbuf_printf(&label, ". %s", kiosk->event.place);
    struct scene_node *card = kiosk_flow_card(kit, parent, label.bytes, fill, kiosk);
    strbuf_finish(&label);
    return card;
}

const struct kiosk_page_type kiosk_event_page = {
    .title = KIOSK_STRING_EVENTS,
    .load = load,
    .arrange = kiosk_sheet_arrange,
    .build = kiosk_sheet_build,
    .sheet = sheet,
    .act = kiosk_sheet_act,
};
