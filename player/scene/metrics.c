#include "player/scene/metrics.h"

#include <math.h>

#define DIAGONAL_DEFAULT_MM 1400
#define DISTANCE_DEFAULT_MM 3000
#define CAP_OF_DISTANCE 0.0122
#define CAP_LEAST 0.016 /* of the shorter side */
#define CAP_MOST 0.06
#define HEADLINE_MOST 0.095 /* of the shorter side */
#define EMERGENCY_MOST 0.11
#define UNIT_STRETCH                                                                               \
    1.15 /* a grid that is a little higher or wider keeps its unit: the strip's                    \
          */

struct metrics metrics_make(int width_px, int height_px, int diagonal_mm, int viewing_distance_mm)
{
    struct metrics metrics = {
        .width_px = width_px, .height_px = height_px, .portrait = height_px > width_px};
    double diagonal = diagonal_mm > 0 ? diagonal_mm : DIAGONAL_DEFAULT_MM;
    double distance = viewing_distance_mm > 0 ? viewing_distance_mm : DISTANCE_DEFAULT_MM;
    double shorter = fmin(width_px, height_px);
    metrics.px_per_mm = hypot(width_px, height_px) / diagonal;
    metrics.cap_px = fmin(fmax(CAP_OF_DISTANCE * distance * metrics.px_per_mm, CAP_LEAST * shorter),
                          CAP_MOST * shorter);
    metrics.unit_px = metrics.portrait ? fmin(width_px / 9.0, height_px / 16.0)
                                       : fmin(width_px / 16.0, height_px / 9.0);
    metrics.safe_px = (int)lround(metrics.unit_px / 2);
    return metrics;
}

struct metrics metrics_zone(const struct metrics *picture, int width_px, int height_px)
{
    struct metrics zone = *picture;
    zone.width_px = width_px;
    zone.height_px = height_px;
    zone.portrait = 20 * height_px >= 19 * width_px; /* squares too: a photo is wide */
    double across = width_px / (zone.portrait ? 9.0 : 16.0);
    double down = height_px / (zone.portrait ? 16.0 : 9.0);
    zone.unit_px = fmin(fmax(across, down), UNIT_STRETCH * fmin(across, down));
    zone.safe_px = (int)lround(zone.unit_px / 2);
    return zone;
}

double metrics_floor(const struct metrics *metrics, enum text_tier tier)
{
    double shorter = fmin(metrics->width_px, metrics->height_px);
    switch (tier) {
    case TIER_HEADLINE:
        return fmin(metrics->cap_px, fmax(HEADLINE_MOST * shorter, 0.75 * metrics->cap_px));
    case TIER_FACT:
        return 0.75 * metrics->cap_px;
    case TIER_CREDIT:
        return 0.4 * metrics->cap_px;
    case TIER_EMERGENCY:
        return fmin(2.4 * metrics->cap_px, EMERGENCY_MOST * shorter);
    }
    return metrics->cap_px;
}
