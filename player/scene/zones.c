#include "player/scene/zones.h"

#include "player/scene/slide_view.h"

/* The same for every zone with an edge there, so that edges which meet stay together. */
static int edge(int place, int start, int length)
{
    return start + (int)(((int64_t)place * length + MANIFEST_WHOLE / 2) / MANIFEST_WHOLE);
}

static struct rect zone_rect(const struct manifest_zone *zone, struct rect within)
{
    int left = edge(zone->x, within.x, within.w);
    int top = edge(zone->y, within.y, within.h);
    return (struct rect){left, top, edge(zone->x + zone->w, within.x, within.w) - left,
                         edge(zone->y + zone->h, within.y, within.h) - top};
}

struct zones zones_make(const struct manifest_layout *layout, const struct metrics *metrics,
                        int bottom)
{
    int height = metrics->height_px - bottom > 1 ? metrics->height_px - bottom : 1;
    struct zones zones = {.all = {0, 0, metrics->width_px, height}, .count = 1};
    zones.rects[0] = zones.all;
    if (layout == NULL) {
        return zones;
    }
    struct rect within = zones.all;
    int strip = strip_height(metrics);
    if (layout->strip != STRIP_NONE && strip < height) {
        within.h -= strip;
        within.y = layout->strip == STRIP_TOP ? strip : 0;
        zones.strip = (struct rect){0, layout->strip == STRIP_TOP ? 0 : within.h, within.w, strip};
    }
    zones.count = layout->zone_count;
    for (size_t i = 0; i < layout->zone_count; i++) {
        zones.rects[i] = zone_rect(&layout->zones[i], within);
        if (rect_empty(zones.rects[i])) {
            zones.rects[i] = (struct rect){0};
        }
    }
    return zones;
}
