/* An organisation's sheet: what the directory knows, on one card. */
#include <math.h>
#include <string.h>

#include "core/civil.h"
#include "player/kiosk/kiosk_agenda.h"
#include "player/kiosk/kiosk_cards.h"
#include "player/kiosk/kiosk_events.h"
#include "player/kiosk/kiosk_flow.h"
#include "player/kiosk/kiosk_sheet.h"
#include "player/kiosk/kiosk_vcard.h"
#include "playlists/typography.h"

static bool is_here(const struct kiosk *kiosk, const struct directory_organisation *organisation)
{
    return kiosk->site_id[0] != '\0' && strcmp(organisation->site_id, kiosk->site_id) == 0;
}

/* ---- rows and ways that other pages share ---------------------------------------------------- */

struct scene_node *kiosk_sheet_row(struct kiosk *kiosk, const struct kiosk_kit *kit,
                                   struct scene_node *parent, struct rect rect, uint32_t row)
{
    struct directory_organisation organisation;
    struct error err;
    struct arena *arena = arena_create_small(2048);
    struct scene_node *card;
    if (directory_organisation(kiosk->directory, arena, row, &organisation, &err)) {
        int tile = kiosk_cards_tile(kit);
        card = kiosk_cards_organisation(kit, parent, rect, &organisation,
                                        is_here(kiosk, &organisation),
                                        kiosk_picture(kiosk, organisation.picture, tile, tile,
                                                      organisation.focal_x, organisation.focal_y));
    } else {
        card = kiosk_kit_card(kit, parent, rect);
    }
    arena_destroy(arena);
    return card;
}

void kiosk_sheet_open_row(struct kiosk *kiosk, uint32_t row, struct rect card, int64_t now_ms)
{
    struct directory_organisation organisation;
    struct error err;
    struct arena *arena = arena_create_small(2048);
    if (directory_organisation(kiosk->directory, arena, row, &organisation, &err))
        kiosk_open(kiosk, KIOSK_ORGANISATION, organisation.id, 0, card, now_ms);
    arena_destroy(arena);
}

void kiosk_sheet_arrange(struct kiosk *kiosk)
{
    kiosk->page.at = kiosk_layout_aside(&kiosk->layout, kiosk->layout.sheet, false);
    kiosk->page.list = (struct kiosk_list){0};
}

void kiosk_sheet_build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    (void)kiosk;
    (void)kit;
    (void)root; /* all of it is on the card */
}

int kiosk_sheet_listen(const struct kiosk *kiosk, struct kiosk_flow *flow, int top)
{
    int side = kiosk_flow_px(flow, 24), pad = kiosk_flow_px(flow, 12);
    if (kiosk->config.speak == NULL)
        return 0;
    struct kiosk_button listen = {
        .rect = {flow->x + flow->width - side, top + pad, side, side},
        .action = KIOSK_ACTION_LISTEN,
        .focus = KIOSK_FOCUS_CONTENT,
        .icon = ICON_SPEAKER,
        .label = kiosk_flow_word(flow, KIOSK_STRING_LISTEN),
        .look = KIOSK_BUTTON_ACCENT,
        .silent = true,
    };
    kiosk_kit_button(&flow->kit, flow->card, &listen);
    return side + pad / 2;
}

bool kiosk_sheet_act(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    if (target.action == KIOSK_ACTION_ORGANISATION) {
        kiosk_sheet_open_row(kiosk, (uint32_t)target.value, KIOSK_NO_CARD, now_ms);
    } else if (target.action == KIOSK_ACTION_EVENT) {
        const struct directory_event *event = &kiosk->events.items[target.value];
        kiosk_open(kiosk, KIOSK_EVENT, event->id, event->start_ms, KIOSK_NO_CARD, now_ms);
    } else if (target.action == KIOSK_ACTION_PORTRAIT) {
        kiosk_open(kiosk, KIOSK_PORTRAIT, kiosk->organisation.portrait, 0, KIOSK_NO_CARD, now_ms);
    } else {
        return false;
    }
    return true;
}

/* ---- the sheet ------------------------------------------------------------------------------- */

static bool load(struct kiosk *kiosk)
{
    struct error err;
    uint32_t row = directory_row(kiosk->directory, kiosk_state_place(&kiosk->state)->id);
    if (row == DIRECTORY_NO_ROW ||
        !directory_organisation(kiosk->directory, kiosk->arena, row, &kiosk->organisation, &err))
        return false;
    if (!directory_similar(kiosk->directory, row, kiosk->similar, KIOSK_SIMILAR_MAX,
                           &kiosk->similar_count, &err))
        kiosk->similar_count = 0;
    kiosk_events_load(kiosk, kiosk->organisation.id, "", KIOSK_SHEET_EVENTS);
    return true;
}

/* `types` are labels joined by ", " (directory/directory.h). */
static void add_type_chips(struct kiosk_flow *flow, struct kiosk_flow_chips *chips,
                           const char *types)
{
    struct strbuf label;
    strbuf_init(&label);
    while (*types != '\0') {
        size_t length = strcspn(types, ",");
        strbuf_clear(&label);
        kiosk_flow_capitalise(&label, types, length);
        if (length > 0)
            kiosk_flow_chip(flow, chips, label.bytes, flow->kit.theme->chip, COLOR_RGB(0xFFFFFF));
        types += length;
        types += strspn(types, ", ");
    }
    strbuf_finish(&label);
}

static void add_header_chips(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    const struct kiosk_theme *theme = flow->kit.theme;
    const struct directory_organisation *it = &kiosk->organisation;
    struct kiosk_flow_chips chips = {0};
    if (is_here(kiosk, it)) {
        struct strbuf place;
        strbuf_init(&place);
        strbuf_append(&place, kiosk_flow_word(flow, KIOSK_STRING_HERE));
        if (it->floor[0] != '\0' || it->office[0] != '\0') {
            strbuf_append(&place, " · ");
            kiosk_strings_place(it->floor, it->office, flow->kit.lang, &place);
        }
        kiosk_flow_chip(flow, &chips, place.bytes, theme->accent, theme->on_accent);
        strbuf_finish(&place);
    }
    if (it->family[0] != '\0')
        kiosk_flow_chip(flow, &chips, kiosk_strings_family(it->family, flow->kit.lang), theme->chip,
                        COLOR_RGB(0xFFFFFF));
    add_type_chips(flow, &chips, it->types);
    flow->y += chips.line_height;
}

/* Name on the family's colour, from edge to edge of the card. */
static void add_header(struct kiosk_flow *flow, struct kiosk *kiosk, int card_width)
{
    const struct directory_organisation *it = &kiosk->organisation;
    const struct kiosk_theme *theme = flow->kit.theme;
    struct kiosk_flow_band band = kiosk_flow_begin_band(flow, kiosk_kit_family(theme, it->family));
    struct text_style style = kiosk_flow_style(flow, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, 4);
    int aside = kiosk_sheet_listen(kiosk, flow, band.top);
    flow->width -= aside;
    style.line_height = 1.5;
    style.balance = true;
    kiosk_flow_text(flow, it->name, &style, COLOR_RGB(0xFFFFFF), 5);
    style = kiosk_flow_style(flow, TEXT_SEMIBOLD, KIOSK_CAP_HEADING, 2);
    if (strcmp(it->sign, it->name) != 0)
        kiosk_flow_text(flow, it->sign, &style, theme->accent, 6);
    flow->width += aside;
    flow->y += kiosk_flow_px(flow, 2);
    add_header_chips(flow, kiosk);
    kiosk_flow_end_band(flow, &band, card_width);
}

static void add_about(struct kiosk_flow *flow, struct kiosk *kiosk)
{
    const struct directory_organisation *it = &kiosk->organisation;
    const struct kiosk_theme *theme = flow->kit.theme;
    struct text_style style = kiosk_flow_style(flow, TEXT_SEMIBOLD, KIOSK_CAP_NAME, 3);
    if (it->picture[0] != '\0') {
        int height = kiosk_flow_picture_height(flow);
        const struct image *picture =
            kiosk_picture(kiosk, it->picture, flow->width, height, it->focal_x, it->focal_y);
        kiosk_flow_picture(flow, picture, height, it->focal_x, it->focal_y, it->picture_alt,
                           it->picture_credit);
    }
    kiosk_flow_text(flow, it->activity, &style, theme->link, it->summary[0] != '\0' ? 6 : 13);
    style = kiosk_flow_style(flow, TEXT_REGULAR, KIOSK_CAP_NAME, 40);
    style.line_height = 1.9;
    kiosk_flow_text(flow, it->summary, &style, theme->text, 13);
    kiosk_flow_plain(flow, it->plain);
    kiosk_flow_section(flow, KIOSK_STRING_OFFER, it->offer);
    kiosk_flow_section(flow, KIOSK_STRING_VALUES, it->values);
    if (it->portrait[0] != '\0')
        kiosk_flow_link(flow, ICON_PERSON, kiosk_flow_word(flow, KIOSK_STRING_ITS_PORTRAIT), "",
                        KIOSK_ACTION_PORTRAIT, 0);
}

static void add_address(struct kiosk_flow *flow, const struct directory_organisation *it)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_append(&text, it->address);
    if (it->address[0] != '\0' && (it->postcode[0] != '\0' || it->commune[0] != '\0'))
        strbuf_append(&text, "\n");
    strbuf_append(&text, it->postcode);
    if (it->postcode[0] != '\0' && it->commune[0] != '\0')
        strbuf_append(&text, " ");
    strbuf_append(&text, it->commune);
    if (!it->in_metropole && it->commune[0] != '\0')
        strbuf_printf(&text, " (%s)", kiosk_flow_word(flow, KIOSK_STRING_OUT_OF_METROPOLE));
    kiosk_flow_fact(flow, ICON_PIN, text.bytes);
    strbuf_finish(&text);
}

/* People read "example.org", not "https://example.org/". */
static void add_website(struct kiosk_flow *flow, const char *site)
{
    const char *scheme = strstr(site, "://");
    struct strbuf text;
    strbuf_init(&text);
    site = scheme != NULL ? scheme + 3 : site;
    size_t length = strlen(site);
    if (length > 0 && site[length - 1] == '/')
        length--;
    strbuf_append_bytes(&text, site, length);
    kiosk_flow_fact(flow, ICON_WEB, text.bytes);
    strbuf_finish(&text);
}

static void add_contact(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    const struct directory_organisation *it = &kiosk->organisation;
    kiosk_flow_heading(flow, KIOSK_STRING_CONTACT);
    if (is_here(kiosk, it)) {
        struct strbuf place;
        strbuf_init(&place);
        kiosk_strings_place(it->floor, it->office, flow->kit.lang, &place);
        kiosk_flow_fact(flow, ICON_DOOR, place.bytes);
        strbuf_finish(&place);
    }
    add_address(flow, it);
    kiosk_flow_fact(flow, ICON_PHONE, it->phone);
    kiosk_flow_fact(flow, ICON_MAIL, it->email);
    add_website(flow, it->website);
    kiosk_flow_fact(flow, ICON_CLOCK, it->hours);
}

/* The contact in full, without its address, or the website alone. */
static void add_code(struct kiosk_flow *flow, const struct directory_organisation *it)
{
    static const enum kiosk_string captions[] = {KIOSK_STRING_QR_CONTACT, KIOSK_STRING_QR_CONTACT,
                                                 KIOSK_STRING_QR_WEBSITE};
    struct strbuf full, brief;
    strbuf_init(&full);
    strbuf_init(&brief);
    (void)kiosk_vcard_write(it, false, &full);
    (void)kiosk_vcard_write(it, true, &brief);
    const char *texts[] = {full.bytes, brief.bytes, it->website};
    kiosk_flow_qr(flow, texts, captions, 3);
    strbuf_finish(&full);
    strbuf_finish(&brief);
}

static void add_events(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    if (kiosk->events.count == 0)
        return;
    flow->y += kiosk_flow_px(flow, 6);
    kiosk_flow_heading(flow, KIOSK_STRING_ITS_EVENTS);
    for (size_t i = 0; i < kiosk->events.count; i++) {
        struct strbuf when;
        strbuf_init(&when);
        kiosk_agenda_when(&kiosk->events.items[i], kiosk_today(kiosk), flow->kit.lang, &when);
        kiosk_flow_link(flow, ICON_CALENDAR, kiosk->events.items[i].title, when.bytes,
                        KIOSK_ACTION_EVENT, (int64_t)i);
        strbuf_finish(&when);
    }
}

/* In two columns where there is room. */
static void add_similar(struct kiosk_flow *flow, struct kiosk *kiosk)
{
    struct arena *arena = arena_create_small(4096);
    int columns = kiosk_layout_columns(flow->kit.layout, flow->width,
                                       230 * flow->kit.layout->text * flow->kit.scale);
    columns = columns > 2 ? 2 : columns;
    struct rect cells[2];
    int x = flow->x, width = flow->width, y = flow->y, lowest = flow->y;
    if (kiosk->similar_count > 0) {
        flow->y += kiosk_flow_px(flow, 6);
        kiosk_flow_heading(flow, KIOSK_STRING_SIMILAR);
        y = lowest = flow->y;
    }
    kiosk_layout_row((struct rect){x, 0, width, 0}, kiosk_flow_px(flow, 4), columns, cells);
    for (size_t i = 0; i < kiosk->similar_count; i++) {
        struct directory_organisation other;
        struct error err;
        if (!directory_organisation(kiosk->directory, arena, kiosk->similar[i], &other, &err))
            continue;
        int column = (int)(i % (size_t)columns);
        if (column == 0)
            y = lowest;
        flow->x = cells[column].x;
        flow->width = cells[column].w;
        flow->y = y;
        kiosk_flow_link(
            flow, icon_by_name(other.sector) != ICON_NONE ? icon_by_name(other.sector) : ICON_HANDS,
            other.name, other.commune, KIOSK_ACTION_ORGANISATION, kiosk->similar[i]);
        lowest = flow->y > lowest ? flow->y : lowest;
    }
    flow->x = x;
    flow->width = width;
    flow->y = lowest;
    arena_destroy(arena);
}

static void add_updated(struct kiosk_flow *flow, const struct kiosk *kiosk)
{
    const char *updated = directory_generated(kiosk->directory);
    int64_t days;
    if (!civil_parse_date(updated, &days))
        return;
    struct strbuf date, line;
    strbuf_init(&date);
    strbuf_init(&line);
    typography_date(days, flow->kit.lang, true, &date);
    /* "mardi 24 novembre 2026": the weekday says nothing here. */
    const char *day = strpbrk(date.bytes, "0123456789");
    strbuf_append(&line, kiosk_flow_word(flow, KIOSK_STRING_UPDATED));
    strbuf_append(&line, day != NULL ? day : updated);
    flow->y += kiosk_flow_px(flow, 4);
    struct text_style style = kiosk_flow_style(flow, TEXT_REGULAR, KIOSK_CAP_SMALL, 1);
    kiosk_flow_text(flow, line.bytes, &style, flow->kit.theme->muted, 0);
    strbuf_finish(&line);
    strbuf_finish(&date);
}

/* Wide cards read side by side; on narrow ones contact and code share the width below the text. */
static void fill(struct kiosk_flow *flow, int card_width, void *context)
{
    struct kiosk *kiosk = context;
    int left = flow->x, width = flow->width, gap = kiosk_flow_px(flow, 20);
    int aside = kiosk_flow_px(flow, (KIOSK_FLOW_QR_MM + 8) * sqrt(flow->kit.layout->text));
    add_header(flow, kiosk, card_width);
    int top = flow->y;
    if (flow->wide)
        flow->width = (width - 2 * gap - aside) * 52 / 100;
    add_about(flow, kiosk);
    if (flow->wide)
        add_events(flow, kiosk);
    int about_end = flow->y;
    flow->y = top = flow->wide ? top : about_end;
    if (flow->wide)
        flow->x += flow->width + gap;
    flow->width = left + width - aside - gap - flow->x;
    add_contact(flow, kiosk);
    int contact_end = flow->y;
    flow->y = top;
    flow->x = left + width - aside;
    flow->width = aside;
    add_code(flow, &kiosk->organisation);
    flow->y = (int)fmax(fmax(about_end, contact_end), flow->y);
    flow->x = left;
    flow->width = width;
    if (!flow->wide)
        add_events(flow, kiosk);
    add_similar(flow, kiosk);
    add_updated(flow, kiosk);
}

static struct scene_node *sheet(struct kiosk *kiosk, const struct kiosk_kit *kit,
                                struct scene_node *parent)
{
    struct strbuf label;
    strbuf_init(&label);
    strbuf_printf(&label, "%s. %s. %s", kiosk->organisation.name, kiosk->organisation.activity,
                  kiosk->organisation.summary);
    struct scene_node *card = kiosk_flow_card(kit, parent, label.bytes, fill, kiosk);
    strbuf_finish(&label);
    return card;
}

const struct kiosk_page_type kiosk_organisation_page = {
    .title = KIOSK_STRING_DIRECTORY,
    .load = load,
    .arrange = kiosk_sheet_arrange,
    .build = kiosk_sheet_build,
    .sheet = sheet,
    .act = kiosk_sheet_act,
};
