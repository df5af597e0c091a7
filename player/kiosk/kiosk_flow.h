/* A sheet is a card that is filled from top to bottom: texts, pills, facts, links, a picture, a
 * code for phones. Sizes in design millimetres. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_FLOW_H
#define VITRINE_PLAYER_KIOSK_KIOSK_FLOW_H

#include "core/strbuf.h"
#include "player/kiosk/kiosk_kit.h"

#define KIOSK_FLOW_QR_MM 100.0 /* side of a code, at least 60 */

/* The column that is being filled, and how far. */
struct kiosk_flow {
    struct kiosk_kit kit;
    struct scene_node *card;
    int x, y, width;
    bool wide; /* the card has room for columns */
};

struct kiosk_flow_chips {
    int count, x, line_height;
};

/* Fills a card of that width from flow->y = 0 on; at the end flow->y is where it ends. */
typedef void kiosk_flow_fill(struct kiosk_flow *flow, int width, void *context);

/* Adds the card where the layout has sheets, set as large as it fits there. When the smallest sizes
 * do not fit it is higher, so that it scrolls, and narrower, so that page buttons stand beside it.
 * `label`: what it says first when read aloud. */
struct scene_node *kiosk_flow_card(const struct kiosk_kit *kit, struct scene_node *parent,
                                   const char *label, kiosk_flow_fill *fill, void *context);

int kiosk_flow_px(const struct kiosk_flow *flow, double mm);
const char *kiosk_flow_word(const struct kiosk_flow *flow, enum kiosk_string string);
struct text_style kiosk_flow_style(const struct kiosk_flow *flow, enum text_weight weight,
                                   double cap_mm, int max_lines);
/* Nothing for an empty text. */
void kiosk_flow_text(struct kiosk_flow *flow, const char *text, const struct text_style *style,
                     color ink, double space_mm);
void kiosk_flow_heading(struct kiosk_flow *flow, enum kiosk_string string);
/* A heading and a text below it; nothing when that is empty. */
void kiosk_flow_section(struct kiosk_flow *flow, enum kiosk_string heading, const char *text);
/* The text on a tint of its own: in easy-to-read language. */
void kiosk_flow_plain(struct kiosk_flow *flow, const char *text);
/* Pills beside each other, as many a line as fit. The caller adds chips.line_height at the end. */
void kiosk_flow_chip(struct kiosk_flow *flow, struct kiosk_flow_chips *chips, const char *text,
                     color fill, color ink);
/* Icon on a tinted disc, text beside it, both on one axis. */
void kiosk_flow_fact(struct kiosk_flow *flow, enum icon icon, const char *text);
/* What leads elsewhere: a row to touch. `more` may be "". */
void kiosk_flow_link(struct kiosk_flow *flow, enum icon icon, const char *title, const char *more,
                     enum kiosk_action action, int64_t argument);
/* From edge to edge of the card, on `fill`, from `top` to flow->y: what was added since stands on
 * it. To be begun before and ended after that. */
struct kiosk_flow_band {
    struct scene_node *round, *square;
    int top;
};
struct kiosk_flow_band kiosk_flow_begin_band(struct kiosk_flow *flow, color fill);
void kiosk_flow_end_band(struct kiosk_flow *flow, const struct kiosk_flow_band *band, int width);
/* Height of a picture in the column, px: 16:9, but never most of what shows of the sheet. */
int kiosk_flow_picture_height(const struct kiosk_flow *flow);
/* As wide as the column, `height` px, with its credit below it; NULL shows a tint meanwhile.
 * alt: what is read aloud. */
void kiosk_flow_picture(struct kiosk_flow *flow, const struct image *picture, int height,
                        double focal_x, double focal_y, const char *alt, const char *credit);
/* The first of the texts that fits a code of 100 mm; nothing when there is none. */
void kiosk_flow_qr(struct kiosk_flow *flow, const char *const *texts,
                   const enum kiosk_string *captions, size_t count);

/* With the capital that it lost in its sentence. */
void kiosk_flow_capitalise(struct strbuf *out, const char *text, size_t length);

#endif
