/* Icons by name: white-on-transparent PNGs of assets/icons, scaled once for every size that is
 * asked for. Thread-safe. */
#ifndef VITRINE_PLAYER_SCENE_ICONS_H
#define VITRINE_PLAYER_SCENE_ICONS_H

#include <stdint.h>

struct icon_cache;

/* folder is assets/icons; nothing is read before an icon is asked for. */
struct icon_cache *icon_cache_create(const char *folder);
void icon_cache_destroy(struct icon_cache *cache); /* accepts NULL */

/* 8-bit coverage of size × size pixels, `size` bytes a row, valid until the cache is destroyed.
 * NULL for a name that is not [a-z0-9-]{1,40}, an icon that is not there, a size not in 1–2048. */
const uint8_t *icon_mask(struct icon_cache *cache, const char *name, int size);

#endif
