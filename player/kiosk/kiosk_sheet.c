#include "player/kiosk/kiosk_sheet.h"

#include <math.h>
#include <string.h>

#include "core/civil.h"
#include "core/strbuf.h"
#include "player/kiosk/kiosk_strings.h"
#include "player/kiosk/kiosk_vcard.h"
#include "playlists/typography.h"

#define PIECES_MAX 96
#define HEIGHT_MAX 6000 /* px; what nobody would scroll to is not worth the memory */
#define QR_MM 100.0     /* at least 60 */
#define TEXT_LINES_MAX 20

/* Something with a place on the card. Laid out first, drawn when the card's height is known. */
struct piece {
    enum { PIECE_TEXT, PIECE_FILL, PIECE_ICON, PIECE_QR } kind;
    struct rect rect;
    color color;
    struct text_layout *text; /* PIECE_TEXT: owned */
    enum kiosk_icon icon;
    int radius;
};

struct flow {
    const struct kiosk_paint *paint;
    const struct directory_entry *entry;
    bool here;
    struct piece pieces[PIECES_MAX];
    int count;       /* beyond PIECES_MAX pieces are dropped: only endless chips get there */
    double scale;    /* of texts and spaces: short sheets are set larger */
    int x, y, width; /* the column that is being filled, and how far */
    struct strbuf qr;
};

static int px(const struct flow *flow, double mm)
{
    return kiosk_paint_px(flow->paint, mm * flow->scale);
}

static void add_piece(struct flow *flow, struct piece piece)
{
    if (flow->count < PIECES_MAX)
        flow->pieces[flow->count++] = piece;
    else
        text_layout_destroy(piece.text);
}

static void add_fill(struct flow *flow, struct rect rect, int radius, color fill)
{
    add_piece(flow,
              (struct piece){.kind = PIECE_FILL, .rect = rect, .radius = radius, .color = fill});
}

/* At (x, y) without moving the column on; returns the height. */
static int put_text(struct flow *flow, const char *text, const struct text_style *style, int x,
                    int y, int width, color fill)
{
    struct text_layout *layout = kiosk_paint_layout(flow->paint, text, style, width);
    int height = text_layout_height(layout);
    add_piece(flow, (struct piece){.kind = PIECE_TEXT,
                                   .rect = {x, y, width, height},
                                   .color = fill,
                                   .text = layout});
    return height;
}

static struct text_style style_of(const struct flow *flow, enum text_weight weight, double cap_mm,
                                  int max_lines)
{
    return kiosk_paint_style(flow->paint, weight, cap_mm * flow->scale, TEXT_START, max_lines);
}

static void add_text(struct flow *flow, const char *text, const struct text_style *style,
                     color fill, double space_mm)
{
    if (text[0] == '\0')
        return;
    flow->y +=
        put_text(flow, text, style, flow->x, flow->y, flow->width, fill) + px(flow, space_mm);
}

/* Pills beside each other, as many a line as fit. */
struct chips {
    int x, line_height;
};

static void add_chip(struct flow *flow, struct chips *chips, const char *text, color fill,
                     color ink)
{
    struct text_style style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, 1);
    int pad = px(flow, 5), gap = px(flow, 3);
    struct text_layout *layout =
        kiosk_paint_layout(flow->paint, text, &style, flow->width - 2 * pad);
    int width = text_layout_width(layout) + 2 * pad;
    int height = text_layout_height(layout) + px(flow, 5);
    if (chips->x > 0 && chips->x + width > flow->width) {
        chips->x = 0;
        flow->y += chips->line_height + gap;
    }
    struct rect pill = {flow->x + chips->x, flow->y, width, height};
    add_fill(flow, pill, height / 2, fill);
    add_piece(flow, (struct piece){.kind = PIECE_TEXT,
                                   .rect = {pill.x + pad, pill.y + px(flow, 2.5), width, height},
                                   .color = ink,
                                   .text = layout});
    chips->x += width + gap;
    chips->line_height = height;
}

static void end_chips(struct flow *flow, const struct chips *chips, double space_mm)
{
    if (chips->line_height > 0)
        flow->y += chips->line_height + px(flow, space_mm);
}

/* `types` are labels joined by ", " (playlists/directory.h). */
static void add_type_chips(struct flow *flow, struct chips *chips, const char *types, color fill,
                           color ink)
{
    struct strbuf label;
    strbuf_init(&label);
    while (*types != '\0') {
        size_t length = strcspn(types, ",");
        strbuf_clear(&label);
        strbuf_append_bytes(&label, types, length);
        if (length > 0)
            add_chip(flow, chips, label.bytes, fill, ink);
        types += length;
        types += strspn(types, ", ");
    }
    strbuf_finish(&label);
}

static void add_header_chips(struct flow *flow)
{
    const struct kiosk_theme *theme = flow->paint->theme;
    const struct directory_entry *entry = flow->entry;
    color quiet = theme->edge != 0 ? COLOR_RGB(0x3A3A3A) : 0x33FFFFFFu;
    struct chips chips = {0};
    if (flow->here) {
        struct strbuf place;
        strbuf_init(&place);
        strbuf_append(&place, kiosk_strings_get(KIOSK_STRING_IN_THIS_BUILDING, flow->paint->lang));
        if (entry->floor[0] != '\0' || entry->office[0] != '\0') {
            strbuf_append(&place, " · ");
            kiosk_strings_place(entry->floor, entry->office, flow->paint->lang, &place);
        }
        add_chip(flow, &chips, place.bytes, theme->accent, theme->on_accent);
        strbuf_finish(&place);
    }
    if (entry->family[0] != '\0')
        add_chip(flow, &chips, kiosk_strings_family(entry->family, flow->paint->lang), quiet,
                 COLOR_RGB(0xFFFFFF));
    add_type_chips(flow, &chips, entry->types, quiet, COLOR_RGB(0xFFFFFF));
    end_chips(flow, &chips, 0);
}

/* Name on the family's colour, from edge to edge of the card. */
static void add_header(struct flow *flow, int card_width)
{
    const struct directory_entry *entry = flow->entry;
    const struct kiosk_theme *theme = flow->paint->theme;
    int first = flow->count;
    int radius = flow->paint->layout->radius;
    color fill = kiosk_paint_family(theme, entry->family);
    add_fill(flow, (struct rect){0}, radius, fill);
    add_fill(flow, (struct rect){0}, 0, fill);
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
    flow->pieces[first].rect = (struct rect){0, 0, card_width, flow->y};
    flow->pieces[first + 1].rect = (struct rect){0, radius, card_width, flow->y - radius};
    if (theme->edge != 0)
        add_fill(flow, (struct rect){0, flow->y - 2, card_width, 2}, 0, theme->edge);
    flow->y += px(flow, 13);
}

static void add_heading(struct flow *flow, enum kiosk_string string)
{
    struct text_style style = style_of(flow, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, 2);
    add_text(flow, kiosk_strings_get(string, flow->paint->lang), &style, flow->paint->theme->text,
             4);
}

static void add_about(struct flow *flow)
{
    const struct directory_entry *entry = flow->entry;
    const struct kiosk_theme *theme = flow->paint->theme;
    struct text_style style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_NAME, 3);
    add_text(flow, entry->activity, &style, theme->link, 6);
    style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_LINES_MAX);
    style.line_height = 1.9;
    add_text(flow, entry->summary, &style, theme->text, 13);
    if (entry->offer[0] == '\0')
        return;
    add_heading(flow, KIOSK_STRING_OFFER);
    style.cap_height *= KIOSK_CAP_BODY / KIOSK_CAP_NAME;
    add_text(flow, entry->offer, &style, theme->text, 13);
}

/* Icon on a tinted disc, text beside it, both on one axis when the text is one line. */
static void add_fact(struct flow *flow, enum kiosk_icon icon, const char *text)
{
    if (text[0] == '\0')
        return;
    const struct kiosk_theme *theme = flow->paint->theme;
    double scale = sqrt(flow->paint->layout->text);
    int disc = px(flow, 21 * scale), glyph = px(flow, 12 * scale), gap = px(flow, 6);
    struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_BODY, 4);
    struct text_layout *layout =
        kiosk_paint_layout(flow->paint, text, &style, flow->width - disc - gap);
    int height = text_layout_height(layout);
    int row = height > disc ? height : disc;
    struct rect circle = {flow->x, flow->y + (row - disc) / 2, disc, disc};
    color tint = theme->edge != 0 ? theme->card : COLOR_RGB(0xE3F0EE);
    add_fill(flow, circle, disc / 2, tint);
    int inset = (disc - glyph) / 2;
    add_piece(flow, (struct piece){.kind = PIECE_ICON,
                                   .rect = {circle.x + inset, circle.y + inset, glyph, glyph},
                                   .color = theme->link,
                                   .icon = icon});
    add_piece(flow, (struct piece){.kind = PIECE_TEXT,
                                   .rect = {flow->x + disc + gap, flow->y + (row - height) / 2,
                                            flow->width, height},
                                   .color = theme->text,
                                   .text = layout});
    flow->y += row + px(flow, 5);
}

static void add_address(struct flow *flow)
{
    const struct directory_entry *entry = flow->entry;
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
        strbuf_printf(&text, " (%s)",
                      kiosk_strings_get(KIOSK_STRING_OUT_OF_METROPOLE, flow->paint->lang));
    add_fact(flow, KIOSK_ICON_PIN, text.bytes);
    strbuf_finish(&text);
}

/* People read "example.org", not "https://example.org/". */
static void add_website(struct flow *flow)
{
    const char *site = flow->entry->website;
    const char *scheme = strstr(site, "://");
    struct strbuf text;
    strbuf_init(&text);
    strbuf_append(&text, scheme != NULL ? scheme + 3 : site);
    if (text.length > 0 && text.bytes[text.length - 1] == '/')
        text.bytes[--text.length] = '\0';
    add_fact(flow, KIOSK_ICON_LANGUAGE, text.bytes);
    strbuf_finish(&text);
}

static void add_contact(struct flow *flow)
{
    const struct directory_entry *entry = flow->entry;
    struct strbuf place;
    strbuf_init(&place);
    kiosk_strings_place(entry->floor, entry->office, flow->paint->lang, &place);
    add_heading(flow, KIOSK_STRING_CONTACT);
    flow->y += px(flow, 2);
    if (flow->here)
        add_fact(flow, KIOSK_ICON_DOOR, place.bytes);
    add_address(flow);
    add_fact(flow, KIOSK_ICON_PHONE, entry->phone);
    add_fact(flow, KIOSK_ICON_MAIL, entry->email);
    add_website(flow);
    add_fact(flow, KIOSK_ICON_CLOCK, entry->hours);
    strbuf_finish(&place);
}

/* The code is tried on a scratch canvas: what does not fit at 2 px a module gives way to less. */
static enum kiosk_string choose_qr(struct flow *flow, int size)
{
    struct canvas *scratch = canvas_create(size, size);
    enum kiosk_string caption = KIOSK_STRING_QR_CONTACT;
    bool found = false;
    for (int attempt = 0; attempt < 3 && !found && scratch != NULL; attempt++) {
        strbuf_clear(&flow->qr);
        if (attempt < 2) {
            found = kiosk_vcard_write(flow->entry, attempt == 1, &flow->qr);
        } else {
            strbuf_append(&flow->qr, flow->entry->website);
            caption = KIOSK_STRING_QR_WEBSITE;
            found = flow->qr.length > 0;
        }
        found = found && canvas_draw_qr(scratch, flow->qr.bytes, 0, 0, size);
    }
    if (!found)
        strbuf_clear(&flow->qr);
    canvas_destroy(scratch);
    return caption;
}

/* In the column from the flow's place on; nothing when there is nothing to take along. */
static void add_qr(struct flow *flow)
{
    int size = px(flow, QR_MM), pad = px(flow, 4);
    enum kiosk_string caption = choose_qr(flow, size);
    if (flow->qr.length == 0)
        return;
    const struct kiosk_theme *theme = flow->paint->theme;
    struct text_style style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, 4);
    style.align = TEXT_CENTER;
    style.balance = true;
    int frame = size + 2 * pad;
    int left = flow->x + (flow->width - frame) / 2;
    int top = flow->y;
    add_fill(flow, (struct rect){left, top, frame, frame}, px(flow, 5), theme->accent);
    add_piece(flow, (struct piece){.kind = PIECE_QR, .rect = {left + pad, top + pad, size, size}});
    flow->y = top + frame + px(flow, 4);
    add_text(flow, kiosk_strings_get(caption, flow->paint->lang), &style, theme->text, 4);
}

static void add_updated(struct flow *flow, const char *updated)
{
    int64_t days;
    if (!civil_parse_date(updated, &days))
        return;
    struct strbuf date, line;
    strbuf_init(&date);
    strbuf_init(&line);
    typography_date(days, flow->paint->lang, true, &date);
    /* "le mardi 24 novembre 2026": the weekday says nothing here. */
    const char *day = strpbrk(date.bytes, "0123456789");
    strbuf_append(&line, kiosk_strings_get(KIOSK_STRING_UPDATED, flow->paint->lang));
    strbuf_append(&line, day != NULL ? day : updated);
    struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_SMALL, 1);
    add_text(flow, line.bytes, &style, flow->paint->theme->muted, 0);
    strbuf_finish(&line);
    strbuf_finish(&date);
}

/* Wide cards read side by side; on narrow ones contact and code share the width below the text. */
static void lay_out(struct flow *flow, int width)
{
    int pad = px(flow, 16), gap = px(flow, 20);
    int aside = px(flow, (QR_MM + 8) * sqrt(flow->paint->layout->text));
    bool wide = width > px(flow, 700 * flow->paint->layout->text);
    flow->x = pad;
    flow->width = width - 2 * pad;
    add_header(flow, width);
    int top = flow->y;
    if (wide) {
        flow->width = (width - 2 * pad - 2 * gap - aside) * 52 / 100;
        add_about(flow);
    } else {
        add_about(flow);
        top = flow->y;
    }
    int about_end = flow->y;
    flow->y = top;
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
    flow->x = pad;
    flow->width = width - 2 * pad;
}

static void draw_piece(const struct flow *flow, const struct piece *piece, struct canvas *canvas)
{
    const struct rect *rect = &piece->rect;
    switch (piece->kind) {
    case PIECE_TEXT:
        text_layout_draw(piece->text, canvas, rect->x, rect->y, piece->color);
        break;
    case PIECE_FILL:
        canvas_fill_round(canvas, *rect, piece->radius, piece->color);
        break;
    case PIECE_ICON:
        kiosk_icon_draw(canvas, piece->icon, rect->x, rect->y, rect->w, piece->color);
        break;
    case PIECE_QR:
        (void)canvas_draw_qr(canvas, flow->qr.bytes, rect->x, rect->y, rect->w);
        break;
    }
}

static void finish_flow(struct flow *flow)
{
    for (int i = 0; i < flow->count; i++)
        text_layout_destroy(flow->pieces[i].text);
    strbuf_finish(&flow->qr);
}

static int foot_height(const struct kiosk_paint *paint)
{
    return kiosk_paint_px(paint, 26 * paint->layout->text);
}

/* As large as it fits without scrolling; at the floor sizes it may scroll. */
static void lay_out_to_fit(struct flow *flow, const struct kiosk_paint *paint,
                           const struct directory_entry *entry, bool here, int width, int height)
{
    static const double scales[] = {1.4, 1.25, 1.1, 1.0};
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
        if (i > 0)
            finish_flow(flow);
        *flow = (struct flow){.paint = paint, .entry = entry, .here = here, .scale = scales[i]};
        strbuf_init(&flow->qr);
        lay_out(flow, width);
        if (flow->y + foot_height(paint) <= height)
            break;
    }
    flow->scale = 1.0;
}

static struct canvas *draw_card(const struct flow *flow, int width, int height)
{
    const struct kiosk_theme *theme = flow->paint->theme;
    int radius = flow->paint->layout->radius;
    struct rect card = {0, 0, width, height};
    struct canvas *canvas = canvas_create(width, height);
    if (canvas == NULL)
        return NULL;
    canvas_fill(canvas, theme->page);
    canvas_fill_round(canvas, card, radius, theme->card);
    for (int i = 0; i < flow->count; i++)
        draw_piece(flow, &flow->pieces[i], canvas);
    if (theme->edge != 0)
        canvas_stroke_round(canvas, card, radius, 2, theme->edge);
    return canvas;
}

void kiosk_sheet_make(struct kiosk_sheet *sheet, const struct kiosk_paint *paint,
                      const struct directory_entry *entry, bool here, const char *updated,
                      int width, int least_height, int foot_room)
{
    struct flow flow;
    lay_out_to_fit(&flow, paint, entry, here, width, least_height);
    /* The date of the data stands at the card's foot, wherever that is. */
    int foot = foot_height(paint);
    if (flow.y + foot > least_height)
        foot += foot_room;
    int height = flow.y + foot > least_height ? flow.y + foot : least_height;
    height = height > HEIGHT_MAX ? HEIGHT_MAX : height;
    flow.y = height - foot + kiosk_paint_px(paint, 4);
    add_updated(&flow, updated);
    sheet->height = height;
    sheet->canvas = draw_card(&flow, width, height);
    finish_flow(&flow);
}

void kiosk_sheet_finish(struct kiosk_sheet *sheet)
{
    canvas_destroy(sheet->canvas);
    *sheet = (struct kiosk_sheet){0};
}
