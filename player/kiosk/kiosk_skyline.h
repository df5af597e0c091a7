/* A skyline of Rouen, drawn for the board. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_SKYLINE_H
#define VITRINE_PLAYER_KIOSK_KIOSK_SKYLINE_H

#include "player/draw/image.h"

/* As wide as asked, repeated when it would get higher than height_max; transparent above the roofs.
 * NULL when memory is out or there is no room. */
struct image *kiosk_skyline_create(int width, int height_max, uint32_t walls, uint32_t water);
void kiosk_skyline_destroy(struct image *skyline); /* accepts NULL */

#endif
