/* The board: the part of the screen that is out of comfortable reach says where the visitor is and
 * who is in this building, floor by floor, above a skyline of Rouen. Nothing on it is touched. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_BOARD_H
#define VITRINE_PLAYER_KIOSK_KIOSK_BOARD_H

#include "player/draw/canvas.h"
#include "player/kiosk/kiosk_list.h"
#include "player/kiosk/kiosk_paint.h"

/* Fills layout->board; does nothing when it is empty. */
void kiosk_board_draw(const struct kiosk_paint *paint, const struct kiosk_list *list,
                      const char *site_name, struct canvas *canvas);

#endif
