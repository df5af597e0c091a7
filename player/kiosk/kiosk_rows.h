/* The cards of a list: one small scene for each item last seen, so that a frame of scrolling lays
 * out only what has just come into view. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_ROWS_H
#define VITRINE_PLAYER_KIOSK_KIOSK_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "player/kiosk/kiosk_kit.h"

struct kiosk_rows;

/* Adds the item's card at `rect` of the parent and returns it, with its label set. Called once
 * for an item until kiosk_rows_clear. */
typedef struct scene_node *kiosk_rows_make(void *context, const struct kiosk_kit *kit,
                                           struct scene_node *parent, struct rect rect,
                                           size_t item);

struct kiosk_rows *kiosk_rows_create(struct text_engine *text, kiosk_rows_make *make,
                                     void *context);
void kiosk_rows_destroy(struct kiosk_rows *rows); /* accepts NULL */
/* Forgets everything: sizes, language, pictures or items are others now. */
void kiosk_rows_clear(struct kiosk_rows *rows);

enum kiosk_row_state { KIOSK_ROW_REST, KIOSK_ROW_PRESSED, KIOSK_ROW_FOCUSED };

/* The size of rect must stay the same until kiosk_rows_clear. */
void kiosk_rows_draw(struct kiosk_rows *rows, const struct kiosk_kit *kit, struct canvas *canvas,
                     struct rect rect, size_t item, enum kiosk_row_state state);
/* What it says when read aloud; "" when it never was drawn. */
const char *kiosk_rows_label(const struct kiosk_rows *rows, size_t item);

#endif
