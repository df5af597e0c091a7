/* The cards of the list: one small scene for each organisation last seen, so that a frame of
 * scrolling lays out only what has just come into view. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_ROWS_H
#define VITRINE_PLAYER_KIOSK_KIOSK_ROWS_H

#include <stdbool.h>

#include "core/strbuf.h"
#include "player/kiosk/kiosk_kit.h"
#include "playlists/directory.h"

struct kiosk_rows;

struct kiosk_rows *kiosk_rows_create(struct text_engine *text);
void kiosk_rows_destroy(struct kiosk_rows *rows); /* accepts NULL */
/* Forgets everything: sizes, language or directory are others now. */
void kiosk_rows_clear(struct kiosk_rows *rows);

enum kiosk_row_state { KIOSK_ROW_REST, KIOSK_ROW_PRESSED, KIOSK_ROW_FOCUSED };

/* `here`: the organisation is in this building; its floor and office stand where others have their
 * commune. The size of rect must stay the same until kiosk_rows_clear. */
void kiosk_rows_draw(struct kiosk_rows *rows, const struct kiosk_kit *kit, struct canvas *canvas,
                     struct rect rect, const struct directory_entry *entry, bool here,
                     enum kiosk_row_state state);

/* Initials for a tile: "La Seconde Rive" gives "SR", "Matmut" "M". At most 2 characters. */
void kiosk_rows_monogram(const char *name, struct strbuf *out);

#endif
