/* An organisation's sheet: what the directory knows, on one card. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_SHEET_H
#define VITRINE_PLAYER_KIOSK_KIOSK_SHEET_H

#include "player/kiosk/kiosk_kit.h"
#include "playlists/directory.h"

struct kiosk_sheet {
    const struct directory_entry *entry;
    bool here;           /* in this building */
    const char *updated; /* ISO date of the directory */
};

/* Adds the card at (x, y) of the parent, as high as `height`, set as large as it fits in it. When
 * the smallest sizes do not fit it is higher, so that it scrolls, and narrow_width wide instead of
 * `width`, so that page buttons stand beside it. */
struct scene_node *kiosk_sheet_card(const struct kiosk_kit *kit, struct scene_node *parent, int x,
                                    int y, int width, int narrow_width, int height,
                                    const struct kiosk_sheet *sheet);

#endif
