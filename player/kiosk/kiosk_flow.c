#include "player/kiosk/kiosk_flow.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define HEIGHT_MAX 11000 /* px; what nobody would scroll to */
#define CHIPS_MAX 24
#define TEXT_LINES_MAX 60

int kiosk_flow_px(const struct kiosk_flow *flow, double mm)
{
    return kiosk_kit_px(&flow->kit, mm);
}

static int px(const struct kiosk_flow *flow, double mm)
{
    return kiosk_flow_px(flow, mm);
}

const char *kiosk_flow_word(const struct kiosk_flow *flow, enum kiosk_string string)
{
    return kiosk_kit_word(&flow->kit, string);
}

struct text_style kiosk_flow_style(const struct kiosk_flow *flow, enum text_weight weight,
                                   double cap_mm, int max_lines)
{
    return kiosk_kit_style(&flow->kit, weight, cap_mm, TEXT_START, max_lines);
}

static struct text_style style_of(const struct kiosk_flow *flow, enum text_weight weight,
                                  double cap_mm, int max_lines)
{
    return kiosk_flow_style(flow, weight, cap_mm, max_lines);
}

void kiosk_flow_text(struct kiosk_flow *flow, const char *text, const struct text_style *style,
                     color ink, double space_mm)
{
    if (text[0] == '\0')
        return;
    struct scene_node *node =
        kiosk_kit_text(&flow->kit, flow->card, flow->x, flow->y, flow->width, text, style, ink);
    flow->y += node->rect.h + px(flow, space_mm);
}

void kiosk_flow_heading(struct kiosk_flow *flow, enum kiosk_string string)
{
    struct text_style style = style_of(flow, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, 2);
    kiosk_flow_text(flow, kiosk_flow_word(flow, string), &style, flow->kit.theme->text, 5);
}

void kiosk_flow_section(struct kiosk_flow *flow, enum kiosk_string heading, const char *text)
{
    if (text[0] == '\0')
        return;
    struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_BODY, TEXT_LINES_MAX);
    style.line_height = 1.9;
    kiosk_flow_heading(flow, heading);
    kiosk_flow_text(flow, text, &style, flow->kit.theme->text, 13);
}

void kiosk_flow_plain(struct kiosk_flow *flow, const char *text)
{
    if (text[0] == '\0')
        return;
    const struct kiosk_theme *theme = flow->kit.theme;
    int pad = px(flow, 9), left = flow->x, width = flow->width;
    struct scene_node *box = scene_box(flow->card, (struct rect){left, flow->y, width, 0},
                                       theme->tint, flow->kit.layout->radius);
    if (theme->edge != 0) {
        box->stroke = theme->edge;
        box->stroke_width = 2;
    }
    flow->x += pad;
    flow->width -= 2 * pad;
    flow->y += pad;
    kiosk_flow_heading(flow, KIOSK_STRING_PLAIN);
    struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_LINES_MAX);
    style.line_height = 2.1;
    kiosk_flow_text(flow, text, &style, theme->text, 0);
    flow->y += pad;
    box->rect.h = flow->y - box->rect.y;
    flow->x = left;
    flow->width = width;
    flow->y += px(flow, 13);
}

/* ---- pills beside each other, as many a line as fit ------------------------------------------ */

void kiosk_flow_chip(struct kiosk_flow *flow, struct kiosk_flow_chips *chips, const char *text,
                     color fill, color ink)
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
void kiosk_flow_capitalise(struct strbuf *out, const char *text, size_t length)
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

/* ---- rows ------------------------------------------------------------------------------------ */

static struct scene_node *add_disc(struct kiosk_flow *flow, struct scene_node *parent,
                                   struct rect rect, enum icon icon)
{
    const struct kiosk_theme *theme = flow->kit.theme;
    int glyph = rect.w * 12 / 21, inset = (rect.w - glyph) / 2;
    struct scene_node *circle = scene_box(parent, rect, theme->tint, rect.w / 2);
    scene_icon(circle, (struct rect){inset, inset, glyph, glyph}, icon, theme->link);
    return circle;
}

void kiosk_flow_fact(struct kiosk_flow *flow, enum icon icon, const char *text)
{
    if (text[0] == '\0')
        return;
    double scale = sqrt(flow->kit.layout->text);
    int disc = px(flow, 21 * scale), gap = px(flow, 6);
    struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_BODY, 4);
    struct scene_node *label =
        kiosk_kit_text(&flow->kit, flow->card, flow->x + disc + gap, 0, flow->width - disc - gap,
                       text, &style, flow->kit.theme->text);
    int row = label->rect.h > disc ? label->rect.h : disc;
    label->rect.y = flow->y + (row - label->rect.h) / 2;
    add_disc(flow, flow->card, (struct rect){flow->x, flow->y + (row - disc) / 2, disc, disc},
             icon);
    flow->y += row + px(flow, 5);
}

void kiosk_flow_link(struct kiosk_flow *flow, enum icon icon, const char *title, const char *more,
                     enum kiosk_action action, int64_t argument)
{
    const struct kiosk_kit *kit = &flow->kit;
    const struct kiosk_theme *theme = kit->theme;
    int pad = px(flow, 6), disc = px(flow, 21 * sqrt(kit->layout->text)), arrow = px(flow, 11);
    struct scene_node *box = scene_box(flow->card, (struct rect){flow->x, flow->y, flow->width, 0},
                                       theme->page, kit->layout->radius);
    int x = 2 * pad + disc, width = flow->width - x - arrow - 2 * pad;
    if (theme->edge != 0) {
        box->stroke = theme->edge;
        box->stroke_width = 2;
    }
    struct text_style style = style_of(flow, TEXT_EXTRABOLD, KIOSK_CAP_BODY, 2);
    struct scene_node *name = kiosk_kit_text(kit, box, x, 0, width, title, &style, theme->text);
    struct scene_node *line = NULL;
    int sum = name->rect.h;
    if (more[0] != '\0') {
        style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_SMALL, 1);
        line = kiosk_kit_text(kit, box, x, 0, width, more, &style, theme->link);
        sum += line->rect.h + px(flow, 1.5);
    }
    int height = (int)fmax(fmax(sum, disc) + 2 * pad, px(flow, KIOSK_TARGET_MM + 4));
    name->rect.y = (height - sum) / 2;
    if (line != NULL)
        line->rect.y = name->rect.y + sum - line->rect.h;
    box->rect.h = height;
    add_disc(flow, box, (struct rect){pad, (height - disc) / 2, disc, disc}, icon);
    scene_icon(box, (struct rect){flow->width - pad - arrow, (height - arrow) / 2, arrow, arrow},
               ICON_RIGHT, theme->link);
    box->action = (int)action;
    box->argument = argument;
    box->focus = kit->covered ? KIOSK_FOCUS_NONE : KIOSK_FOCUS_CONTENT;
    struct strbuf label;
    strbuf_init(&label);
    strbuf_printf(&label, "%s. %s", title, more);
    scene_set_label(box, label.bytes);
    strbuf_finish(&label);
    flow->y += height + px(flow, 4);
}

/* ---- bands and pictures ---------------------------------------------------------------------- */

struct kiosk_flow_band kiosk_flow_begin_band(struct kiosk_flow *flow, color fill)
{
    int radius = flow->kit.layout->radius;
    struct kiosk_flow_band band = {.top = flow->y};
    band.round = scene_box(flow->card, (struct rect){0}, fill, radius);
    band.square = scene_box(flow->card, (struct rect){0}, fill, 0);
    flow->y += px(flow, 14);
    return band;
}

/* The upper corners are the card's. */
void kiosk_flow_end_band(struct kiosk_flow *flow, const struct kiosk_flow_band *band, int width)
{
    int radius = band->top == 0 ? flow->kit.layout->radius : 0;
    flow->y += px(flow, 11);
    band->round->rect = (struct rect){0, band->top, width, flow->y - band->top};
    band->round->radius = radius;
    band->square->rect = (struct rect){0, band->top + radius, width, flow->y - band->top - radius};
    if (flow->kit.theme->edge != 0) {
        band->round->stroke = flow->kit.theme->edge;
        band->round->stroke_width = 2;
        band->square->hidden = true;
    }
    flow->y += px(flow, 13);
}

int kiosk_flow_picture_height(const struct kiosk_flow *flow)
{
    return (int)fmin(flow->width * 9 / 16, flow->kit.layout->sheet.h * 45 / 100);
}

void kiosk_flow_picture(struct kiosk_flow *flow, const struct image *picture, int height,
                        double focal_x, double focal_y, const char *alt, const char *credit)
{
    struct rect rect = {flow->x, flow->y, flow->width, height};
    int radius = flow->kit.layout->radius * 2 / 3;
    if (picture != NULL)
        scene_set_label(scene_image(flow->card, rect, picture, focal_x, focal_y, radius), alt);
    else
        scene_box(flow->card, rect, flow->kit.theme->tint, radius);
    flow->y += height + px(flow, 3);
    if (credit[0] != '\0') {
        struct strbuf line;
        strbuf_init(&line);
        strbuf_append(&line, kiosk_flow_word(flow, KIOSK_STRING_PHOTO));
        strbuf_append(&line, credit);
        struct text_style style = style_of(flow, TEXT_REGULAR, KIOSK_CAP_SMALL, 1);
        kiosk_flow_text(flow, line.bytes, &style, flow->kit.theme->muted, 0);
        strbuf_finish(&line);
    }
    flow->y += px(flow, 8);
}

/* ---- the code -------------------------------------------------------------------------------- */

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

/* Which text fits at 2 px a module or more, tried on a scratch canvas. Returns the code's side in
 * px, at most `size`; 0: none. */
static int choose_qr(const char *const *texts, size_t count, int size, size_t *chosen_out)
{
    struct canvas *scratch = canvas_create(size, size);
    int side = 0;
    for (size_t i = 0; i < count && side == 0 && scratch != NULL; i++) {
        *chosen_out = i;
        if (texts[i][0] != '\0' && canvas_draw_qr(scratch, texts[i], 0, 0, size))
            side = qr_side(scratch);
    }
    canvas_destroy(scratch);
    return side < size ? side : size;
}

void kiosk_flow_qr(struct kiosk_flow *flow, const char *const *texts,
                   const enum kiosk_string *captions, size_t count)
{
    int pad = px(flow, 4);
    size_t chosen = 0;
    int size = choose_qr(texts, count, px(flow, KIOSK_FLOW_QR_MM), &chosen);
    int frame = size + 2 * pad;
    if (size == 0)
        return;
    int left = flow->x + (flow->width - frame) / 2;
    struct scene_node *box = scene_box(flow->card, (struct rect){left, flow->y, frame, frame},
                                       flow->kit.theme->accent, px(flow, 5));
    scene_qr(box, (struct rect){pad, pad, size, size}, texts[chosen]);
    flow->y += frame + px(flow, 4);
    struct text_style style = style_of(flow, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, 4);
    style.align = TEXT_CENTER;
    style.balance = true;
    kiosk_flow_text(flow, kiosk_flow_word(flow, captions[chosen]), &style, flow->kit.theme->text,
                    4);
}

/* ---- the card -------------------------------------------------------------------------------- */

/* A card of that size, one try; flow->y is where its body ends. */
static void try_card(struct kiosk_flow *flow, struct scene_node *parent, struct rect rect,
                     double scale, kiosk_flow_fill *fill, void *context)
{
    if (flow->card != NULL) {
        flow->card->hidden = true;
    }
    flow->kit.scale = scale;
    flow->card = kiosk_kit_card(&flow->kit, parent, rect);
    flow->x = px(flow, 16);
    flow->width = rect.w - 2 * flow->x;
    flow->y = 0;
    flow->wide = rect.w > px(flow, 700 * flow->kit.layout->text);
    fill(flow, rect.w, context);
    flow->y += px(flow, 10);
}

struct scene_node *kiosk_flow_card(const struct kiosk_kit *kit, struct scene_node *parent,
                                   const char *label, kiosk_flow_fill *fill, void *context)
{
    static const double scales[] = {1.4, 1.2, 1.0};
    const struct kiosk_layout *layout = kit->layout;
    struct kiosk_flow flow = {.kit = *kit};
    struct rect rect = layout->sheet;
    bool fits = false;
    for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]) && !fits; i++) {
        try_card(&flow, parent, rect, scales[i], fill, context);
        fits = flow.y <= rect.h;
    }
    if (!fits) {
        rect.w = kiosk_layout_aside(layout, rect, false).view.w;
        try_card(&flow, parent, rect, 1.0, fill, context);
        if (flow.y > rect.h)
            flow.card->rect.h = (int)fmin(flow.y, HEIGHT_MAX);
    }
    scene_set_label(flow.card, label);
    return flow.card;
}
