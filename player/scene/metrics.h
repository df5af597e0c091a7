/* Sizes of a screen: from millimetres and metres to pixels (DESIGN.md, "Looks"). */
#ifndef VITRINE_PLAYER_SCENE_METRICS_H
#define VITRINE_PLAYER_SCENE_METRICS_H

#include <stdbool.h>

#include "playlists/template.h"

struct metrics {
    int width_px, height_px; /* whole picture, as people see it; or a zone of it */
    double px_per_mm;
    double cap_px;  /* C: capital height 1.22 % of the viewing distance (0.7°), in px */
    double unit_px; /* one unit of the 16 × 9 (or 9 × 16) grid */
    int safe_px;    /* half a unit: nothing but backgrounds goes nearer to the edge */
    bool portrait;
};

/* diagonal_mm or viewing_distance_mm of 0 (unknown) take 1 400 mm and 3 000 mm. C is kept between
 * 1.6 % and 6 % of the shorter side so that no typing error makes a screen unreadable. */
struct metrics metrics_make(int width_px, int height_px, int diagonal_mm, int viewing_distance_mm);

/* Those of a zone of the picture: the grid is the zone's own, higher or wider than 16 × 9 where the
 * zone is; C stays, for people stand where they stand. */
struct metrics metrics_zone(const struct metrics *picture, int width_px, int height_px);

/* Floors in px: headline 1.0 C, fact 0.75 C, credit 0.4 C, emergency 2.4 C. So that a word of ten
 * letters stands unbroken in a narrow zone a headline is at most 9.5 % of the shorter side (but
 * never less than a fact), an emergency 11 %. */
double metrics_floor(const struct metrics *metrics, enum text_tier tier);

#endif
