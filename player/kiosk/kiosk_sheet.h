/* What leads to an organisation, from lists, map and other sheets. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_SHEET_H
#define VITRINE_PLAYER_KIOSK_KIOSK_SHEET_H

#include "player/kiosk/kiosk_flow.h"
#include "player/kiosk/kiosk_private.h"

/* An organisation's card in a list; blank when the row cannot be read. */
struct scene_node *kiosk_sheet_row(struct kiosk *kiosk, const struct kiosk_kit *kit,
                                   struct scene_node *parent, struct rect rect, uint32_t row);
/* Opens its sheet; `card`: where it opens from, or KIOSK_NO_CARD. */
void kiosk_sheet_open_row(struct kiosk *kiosk, uint32_t row, struct rect card, int64_t now_ms);
/* Actions of every sheet: other organisations, events, portraits. */
bool kiosk_sheet_act(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms);
/* The pane of a sheet. */
void kiosk_sheet_arrange(struct kiosk *kiosk);
/* The button that reads the sheet aloud, at the right of the band that begins at `top`. Returns the
 * width that it takes, px; 0 without a voice. */
int kiosk_sheet_listen(const struct kiosk *kiosk, struct kiosk_flow *flow, int top);
void kiosk_sheet_build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root);

#endif
