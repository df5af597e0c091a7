/* Draws the list's cards. Keeps the laid-out texts of the rows last seen, and one empty card, so
 * that a frame of scrolling lays out only what has just come into view. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_ROWS_H
#define VITRINE_PLAYER_KIOSK_KIOSK_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "player/draw/canvas.h"
#include "player/kiosk/kiosk_paint.h"
#include "playlists/directory.h"

struct kiosk_rows;

struct kiosk_rows *kiosk_rows_create(void);
void kiosk_rows_destroy(struct kiosk_rows *rows); /* accepts NULL */
/* Forgets everything: language, modes or directory are others now. */
void kiosk_rows_clear(struct kiosk_rows *rows);

/* `here`: the organisation is in this building; its floor and office stand where others have their
 * commune. rect.w must stay the same until kiosk_rows_clear. */
void kiosk_rows_draw(struct kiosk_rows *rows, const struct kiosk_paint *paint,
                     struct canvas *canvas, struct rect rect, const struct directory_entry *entry,
                     bool here, bool pressed);

/* Initials for a tile: "La Seconde Rive" gives "SR", "Matmut" "M". At most 2 characters. */
void kiosk_rows_monogram(const char *name, struct strbuf *out);

#endif
