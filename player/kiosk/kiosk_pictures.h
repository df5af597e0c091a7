/* The pictures that the kiosk's pages show: asked for once, kept as long as there is room. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_PICTURES_H
#define VITRINE_PLAYER_KIOSK_KIOSK_PICTURES_H

#include <stdbool.h>

#include "player/draw/image.h"

struct kiosk_pictures;

struct kiosk_pictures *kiosk_pictures_create(void);
void kiosk_pictures_destroy(struct kiosk_pictures *pictures); /* accepts NULL */

/* The picture of that size; NULL while there is none. ask_out: nobody asked for it yet. */
const struct image *kiosk_pictures_get(struct kiosk_pictures *pictures, const char *hash, int width,
                                       int height, bool *ask_out);
/* Takes `image` over (NULL: there is none, and is not asked for again). False: nobody waited for
 * it. What nobody looked at for longest is gone when there is too much: scenes that show pictures
 * must be built anew after each call. */
bool kiosk_pictures_put(struct kiosk_pictures *pictures, const char *hash, struct image *image);

/* What there was no picture of is asked for again. */
void kiosk_pictures_retry(struct kiosk_pictures *pictures);

#endif
