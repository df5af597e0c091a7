/* Where the zones of a layout stand on a picture, in pixels. A pure function: the screen, previews
 * and films have the same rectangles. */
#ifndef VITRINE_PLAYER_SCENE_ZONES_H
#define VITRINE_PLAYER_SCENE_ZONES_H

#include "player/draw/canvas.h"
#include "player/scene/metrics.h"
#include "playlists/manifest.h"

struct zones {
    struct rect all;   /* what the layout covers: the picture less the rows taken away */
    struct rect strip; /* empty: the layout has none */
    size_t count;      /* as the layout's zones, in their order */
    struct rect rects[MANIFEST_ZONES_MAX]; /* empty: too small to show anything */
};

/* `metrics` are those of the whole picture, of which `bottom` rows at the lower edge belong to
 * somebody else (a kiosk's button). Zones whose edges meet in the layout meet on the picture:
 * neither a gap nor an overlap comes from rounding. A layout of NULL is one zone that covers all.
 */
struct zones zones_make(const struct manifest_layout *layout, const struct metrics *metrics,
                        int bottom);

#endif
