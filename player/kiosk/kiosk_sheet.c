#include "player/kiosk/kiosk_sheet.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "core/civil.h"
#include "core/strbuf.h"
#include "player/kiosk/kiosk_vcard.h"
#include "playlists/typography.h"

#define HEIGHT_MAX 6000 /* px; what nobody would scroll to */
#define CHIPS_MAX 24
#define TEXT_LINES_MAX 20
#define QR_MM 100.0 /* at least 60 */

/* The column that is being filled, and how far. */
struct flow {
    struct kiosk_kit kit;
    const struct kiosk_sheet *sheet;
    struct scene_node *card;
    int x, y, width;
};

static int px(const struct flow *flow, double mm)
{
    return kiosk_kit_px(&flow->kit, mm);
}

static const char *word(const struct flow *flow, enum kiosk_string string)
{
    return kiosk_kit_word(&flow->kit, string);
}

static struct text_style style_of(const struct flow *flow, enum text_weight weight, double cap_mm,
                                  int max_lines)
{
    return kiosk_kit_style(&flow->kit, weight, cap_mm, TEXT_START, max_lines);
}

static void add_text(struct flow *flow, const char *text, const struct text_style *style, color ink,
                     double space_mm)
{
    if (text[0] == '\0')
        return;
    struct scene_node *node =
        kiosk_kit_text(&flow->kit, flow->card, flow->x, flow->y, flow->width, text, style, ink);
    flow->y += node->rect.h + px(flow, space_mm);
}

/* ---- pills beside each other, as many a line as fit ------------------------------------------ */

struct chips {
    int count, x, line_height;
};

static void add_chip(struct flow *flow, struct chips *chips, const char *text, color fill,
                     color ink)
{
    if (chips->count++ == CHIPS_MAX)
        return;
    struct text_style style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, 1);
    int pad = px(flow, 5), gap = px(flow, 3);
    struct scene_node *pill = scene_box(flow->card, (struct rect){0}, fill, 0);
    struct scene_node *label = kiosk_kit_text(&flow->kit, pill, pad, px(flow, 2.5),
                                              flow->width - 2 * pad, text, &style, ink);
    int width = text_layout_width(label->layout) + 2 * pad;
    int height = label->rect.h + px(flow, 5);
    if (chips->x > 0 && chips->x + width > flow->width) {
        chips->x = 0;
        flow->y += chips->line_height + gap;
    }
    pill->rect = (struct rect){flow->x + chips->x, flow->y, width, height};
    pill->radius = height / 2;
    chips->x += width + gap;
    chips->line_height = height;
}

/* With the capital that it lost in its sentence. */
static void append_capitalised(struct strbuf *out, const char *text, size_t length)
{
    static const char small[] = "é", capital[] = "É";
    size_t first = 1;
    if (length >= strlen(small) && strncmp(text, small, strlen(small)) == 0) {
        strbuf_append(out, capital);
        first = strlen(small);
    } else if (length > 0) {
        strbuf_append_char(out, (char)toupper((unsigned char)text[0]));
    }
    if (length > first)
        strbuf_append_bytes(out, text + first, length - first);
}

/* `types` are labels joined by ", " (playlists/directory.h). */
static void add_type_chips(struct flow *flow, struct chips *chips, const char *types)
{
    struct strbuf label;
    strbuf_init(&label);
    while (*types != '\0') {
        size_t length = strcspn(types, ",");
        strbuf_clear(&label);
        append_capitalised(&label, types, length);
        if (length > 0 && chips->count < CHIPS_MAX)
            add_chip(flow, chips, label.bytes, flow->kit.theme->chip, COLOR_RGB(0xFFFFFF));
        types += length;
        types += strspn(types, ", ");
    }
    strbuf_finish(&label);
}

static void add_header_chips(struct flow *flow)
{
    const struct kiosk_theme *theme = flow->kit.theme;
    const struct directory_entry *entry = flow->sheet->entry;
    struct chips chips = {0};
    if (flow->sheet->here) {
        struct strbuf place;
        strbuf_init(&place);
        strbuf_append(&place, word(flow, KIOSK_STRING_HERE));
        if (entry->floor[0] != '\0' || entry->office[0] != '\0') {
            strbuf_append(&place, " · ");
            kiosk_strings_place(entry->floor, entry->office, flow->kit.lang, &place);
        }
        add_chip(flow, &chips, place.bytes, theme->accent, theme->on_accent);
        strbuf_finish(&place);
    }
    if (entry->family[0] != '\0')
        add_chip(flow, &chips, kiosk_strings_family(entry->family, flow->kit.lang), theme->chip,
                 COLOR_RGB(0xFFFFFF));
    add_type_chips(flow, &chips, entry->types);
    flow->y += chips.line_height;
}

/* ---- the card from top to bottom ------------------------------------------------------------- */

/* Name on the family's colour, from edge to edge of the card. */
static void add_header(struct flow *flow, int card_width)
{
    const struct directory_entry *entry = flow->sheet->entry;
    const struct kiosk_theme *theme = flow->kit.theme;
    int radius = flow->kit.layout->radius;
    color fill = kiosk_kit_family(theme, entry->family);
    struct scene_node *round = scene_box(flow->card, (struct rect){0}, fill, radius);
    struct scene_node *square = scene_box(flow->card, (struct rect){0}, fill, 0);
    flow->y = px(flow, 16);
    struct text_style style = style_of(flow, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, 4);
    style.line_height = 1.5;
    style.balance = true;
    add_text(flow, entry->name, &style, COLOR_RGB(0xFFFFFF), 5);
    style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_HEADING, 2);
    if (strcmp(entry->sign, entry->name) != 0)
        add_text(flow, entry->sign, &style, theme->accent, 6);
    flow->y += px(flow, 2);
    add_header_chips(flow);
    flow->y += px(flow, 13);
    round->rect = (struct rect){0, 0, card_width, flow->y};
    square->rect = (struct rect){0, radius, card_width, flow->y - radius};
    if (theme->edge != 0) {
        round->stroke = theme->edge;
        round->stroke_width = 2;
        square->hidden = true;
    }
    flow->y += px(flow, 13);
}

static void add_heading(struct flow *flow, enum kiosk_string string)
{
    struct text_style style = style_of(flow, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, 2);
    add_text(flow, word(flow, string), &style, flow->kit.theme->text, 4);
}

static void add_about(struct flow *flow)
{
    const struct directory_entry *entry = flow->sheet->entry;
    const struct kiosk_theme *theme = flow->kit.theme;
    struct text_style style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_NAME, 3);
    add_text(flow, entry->activity, &style, theme->link, entry->summary[0] != '\0' ? 6 : 13);
    style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_LINES_MAX);
    style.line_height = 1.9;
    add_text(flow, entry->summary, &style, theme->text, 13);
    if (entry->offer[0] == '\0')
        return;
    add_heading(flow, KIOSK_STRING_OFFER);
    style.cap_height *= KIOSK_CAP_BODY / KIOSK_CAP_NAME;
    add_text(flow, entry->offer, &style, theme->text, 13);
}

/* Icon on a tinted disc, text beside it, both on one axis. */
static void add_fact(struct flow *flow, enum icon icon, const char *text)
{
    if (text[0] == '\0')
        return;
    const struct kiosk_theme *theme = flow->kit.theme;
    double scale = sqrt(flow->kit.layout->text);
    int disc = px(flow, 21 * scale), glyph = px(flow, 12 * scale), gap = px(flow, 6);
    struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_BODY, 4);
    struct scene_node *label = kiosk_kit_text(&flow->kit, flow->card, flow->x + disc + gap, 0,
                                              flow->width - disc - gap, text, &style, theme->text);
    int row = label->rect.h > disc ? label->rect.h : disc;
    label->rect.y = flow->y + (row - label->rect.h) / 2;
    struct scene_node *circle =
        scene_box(flow->card, (struct rect){flow->x, flow->y + (row - disc) / 2, disc, disc},
                  theme->tint, disc / 2);
    int inset = (disc - glyph) / 2;
    scene_icon(circle, (struct rect){inset, inset, glyph, glyph}, icon, theme->link);
    flow->y += row + px(flow, 5);
}

static void add_address(struct flow *flow)
{
    const struct directory_entry *entry = flow->sheet->entry;
    struct strbuf text;
    strbuf_init(&text);
    strbuf_append(&text, entry->address);
    if (entry->address[0] != '\0' && (entry->postcode[0] != '\0' || entry->commune[0] != '\0'))
        strbuf_append(&text, "\n");
    strbuf_append(&text, entry->postcode);
    if (entry->postcode[0] != '\0' && entry->commune[0] != '\0')
        strbuf_append(&text, " ");
    strbuf_append(&text, entry->commune);
    if (!entry->in_metropole && entry->commune[0] != '\0')
        strbuf_printf(&text, " (%s)", word(flow, KIOSK_STRING_OUT_OF_METROPOLE));
    add_fact(flow, ICON_PIN, text.bytes);
    strbuf_finish(&text);
}

/* People read "example.org", not "https://example.org/". */
static void add_website(struct flow *flow)
{
    const char *site = flow->sheet->entry->website;
    const char *scheme = strstr(site, "://");
    struct strbuf text;
    strbuf_init(&text);
    site = scheme != NULL ? scheme + 3 : site;
    size_t length = strlen(site);
    if (length > 0 && site[length - 1] == '/')
        length--;
    strbuf_append_bytes(&text, site, length);
    add_fact(flow, ICON_WEB, text.bytes);
    strbuf_finish(&text);
}

static void add_contact(struct flow *flow)
{
    const struct directory_entry *entry = flow->sheet->entry;
    add_heading(flow, KIOSK_STRING_CONTACT);
    flow->y += px(flow, 2);
    if (flow->sheet->here) {
        struct strbuf place;
        strbuf_init(&place);
        kiosk_strings_place(entry->floor, entry->office, flow->kit.lang, &place);
        add_fact(flow, ICON_DOOR, place.bytes);
        strbuf_finish(&place);
    }
    add_address(flow);
    add_fact(flow, ICON_PHONE, entry->phone);
    add_fact(flow, ICON_MAIL, entry->email);
    add_website(flow);
    add_fact(flow, ICON_CLOCK, entry->hours);
}

/* Side of the code that stands in the scratch, with its quiet zone and nothing more: from the first
 * black row, which begins with the 7 modules of a finder pattern. 0: there is none. */
static int qr_side(const struct canvas *scratch)
{
    for (int y = 0; y < scratch->height; y++) {
        const uint32_t *row = scratch->pixels + (size_t)y * (size_t)scratch->stride;
        int first = 0, run = 0;
        while (first < scratch->width && (row[first] & 0xFF) != 0)
            first++;
        while (first + run < scratch->width && (row[first + run] & 0xFF) == 0)
            run++;
        if (run > 0)
            return scratch->width - 2 * first + 8 * run / 7;
    }
    return 0;
}

/* The code is tried on a scratch canvas: what does not fit at 2 px a module gives way to less.
 * Returns its side in px, at most `size`; 0 when there is nothing to say. */
static int choose_qr(const struct directory_entry *entry, int size, struct strbuf *text_out,
                     enum kiosk_string *caption_out)
{
    struct canvas *scratch = canvas_create(size, size);
    bool found = false;
    for (int attempt = 0; attempt < 3 && !found && scratch != NULL; attempt++) {
        strbuf_clear(text_out);
        *caption_out = attempt < 2 ? KIOSK_STRING_QR_CONTACT : KIOSK_STRING_QR_WEBSITE;
        if (attempt < 2)
            (void)kiosk_vcard_write(entry, attempt == 1, text_out);
        else
            strbuf_append(text_out, entry->website);
        found = text_out->length > 0 && canvas_draw_qr(scratch, text_out->bytes, 0, 0, size);
    }
    int side = found ? qr_side(scratch) : 0;
    canvas_destroy(scratch);
    return side < size ? side : size;
}

/* Nothing when there is nothing to take along. */
static void add_qr(struct flow *flow)
{
    int pad = px(flow, 4);
    struct strbuf text;
    enum kiosk_string caption;
    strbuf_init(&text);
    int size = choose_qr(flow->sheet->entry, px(flow, QR_MM), &text, &caption);
    int frame = size + 2 * pad;
    if (size > 0) {
        int left = flow->x + (flow->width - frame) / 2;
        struct scene_node *box = scene_box(flow->card, (struct rect){left, flow->y, frame, frame},
                                           flow->kit.theme->accent, px(flow, 5));
        scene_qr(box, (struct rect){pad, pad, size, size}, text.bytes);
        flow->y += frame + px(flow, 4);
        struct text_style style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, 4);
        style.align = TEXT_CENTER;
        style.balance = true;
        add_text(flow, word(flow, caption), &style, flow->kit.theme->text, 4);
    }
    strbuf_finish(&text);
}

/* Wide cards read side by side; on narrow ones contact and code share the width below the text. */
static void add_body(struct flow *flow, int width)
{
    int pad = px(flow, 16), gap = px(flow, 20);
    int aside = px(flow, (QR_MM + 8) * sqrt(flow->kit.layout->text));
    bool wide = width > px(flow, 700 * flow->kit.layout->text);
    flow->x = pad;
    flow->width = width - 2 * pad;
    add_header(flow, width);
    int top = flow->y;
    if (wide)
        flow->width = (width - 2 * pad - 2 * gap - aside) * 52 / 100;
    add_about(flow);
    int about_end = flow->y;
    flow->y = wide ? top : about_end;
    top = flow->y;
    if (wide)
        flow->x += flow->width + gap;
    flow->width = width - pad - aside - gap - flow->x;
    add_contact(flow);
    int contact_end = flow->y;
    flow->y = top;
    flow->x = width - pad - aside;
    flow->width = aside;
    add_qr(flow);
    flow->y = (int)fmax(fmax(about_end, contact_end), flow->y) + px(flow, 4);
}

/* The date of the data at the card's foot, wherever that is. */
static void add_updated(struct flow *flow, int width, int y)
{
    int64_t days;
    if (!civil_parse_date(flow->sheet->updated, &days))
        return;
    struct strbuf date, line;
    strbuf_init(&date);
    strbuf_init(&line);
    typography_date(days, flow->kit.lang, true, &date);
    /* "mardi 24 novembre 2026": the weekday says nothing here. */
    const char *day = strpbrk(date.bytes, "0123456789");
    strbuf_append(&line, word(flow, KIOSK_STRING_UPDATED));
    strbuf_append(&line, day != NULL ? day : flow->sheet->updated);
    flow->x = px(flow, 16);
    flow->width = width - 2 * flow->x;
    flow->kit.scale = 1.0;
    flow->y = y + px(flow, 4);
    struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_SMALL, 1);
    add_text(flow, line.bytes, &style, flow->kit.theme->muted, 0);
    strbuf_finish(&line);
    strbuf_finish(&date);
}

/* A card of that size, one try; flow->y is where its body ends. */
static void try_card(struct flow *flow, struct scene_node *parent, struct rect rect, double scale)
{
    if (flow->card != NULL)
        flow->card->hidden = true;
    flow->kit.scale = scale;
    flow->card = kiosk_kit_card(&flow->kit, parent, rect);
    flow->card->label = flow->sheet->entry->name;
    add_body(flow, rect.w);
}

struct scene_node *kiosk_sheet_card(const struct kiosk_kit *kit, struct scene_node *parent, int x,
                                    int y, int width, int narrow_width, int height,
                                    const struct kiosk_sheet *sheet)
{
    static const double scales[] = {1.4, 1.25, 1.1, 1.0};
    struct flow flow = {.kit = *kit, .sheet = sheet};
    struct rect rect = {x, y, width, height};
    int foot = kiosk_kit_px(kit, 26 * kit->layout->text);
    bool fits = false;
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]) && !fits; i++) {
        try_card(&flow, parent, rect, scales[i]);
        fits = flow.y + foot <= height;
    }
    if (!fits) {
        rect.w = narrow_width;
        try_card(&flow, parent, rect, 1.0);
        if (flow.y + foot > height)
            flow.card->rect.h = (int)fmin(flow.y + foot, HEIGHT_MAX);
    }
    add_updated(&flow, rect.w, flow.card->rect.h - foot);
    return flow.card;
}
