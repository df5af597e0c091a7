/* The board: the part of the screen that is out of comfortable reach says where the visitor is and
 * who is in this building, floor by floor, above a skyline of Rouen. Nothing on it is touched. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_BOARD_H
#define VITRINE_PLAYER_KIOSK_KIOSK_BOARD_H

#include "directory/directory.h"
#include "player/kiosk/kiosk_kit.h"

struct kiosk_board {
    const struct directory_organisation *organisations; /* in this building */
    size_t count;
    const char *site_name;
    const struct image *skyline; /* may be NULL; outlives the scene */
};

/* Fills layout->board; does nothing when it is empty. */
void kiosk_board_add(const struct kiosk_kit *kit, struct scene_node *parent,
                     const struct kiosk_board *here);

#endif
