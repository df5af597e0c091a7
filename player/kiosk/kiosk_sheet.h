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

/* Adds the card at (x, y) of the parent, `width` px wide, never lower than least_height, set as
 * large as it fits in it; when the smallest sizes are higher, so that it scrolls, foot_room is left
 * free at its end. */
struct scene_node *kiosk_sheet_card(const struct kiosk_kit *kit, struct scene_node *parent, int x,
                                    int y, int width, int least_height, int foot_room,
                                    const struct kiosk_sheet *sheet);

#endif
