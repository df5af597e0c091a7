/* An organisation's sheet: one tall picture, laid out and drawn once when it opens; scrolling and
 * the opening motion only copy from it. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_SHEET_H
#define VITRINE_PLAYER_KIOSK_KIOSK_SHEET_H

#include "player/draw/canvas.h"
#include "player/kiosk/kiosk_paint.h"
#include "playlists/directory.h"

struct kiosk_sheet {
    struct canvas
        *canvas; /* as wide as the card, at least as high as asked; NULL when out of memory */
    int height;  /* of the card */
};

/* `here`: in this building. updated: ISO date of the directory. In px: the card is never lower than
 * least_height; when it is higher, so that it scrolls, foot_room is left free at its end. */
void kiosk_sheet_make(struct kiosk_sheet *sheet, const struct kiosk_paint *paint,
                      const struct directory_entry *entry, bool here, const char *updated,
                      int width, int least_height, int foot_room);
void kiosk_sheet_finish(struct kiosk_sheet *sheet);

#endif
