/* Where organisations stand on the map, and which of them share a marker when it is small. Plain
 * geometry in kilometres: no pixels, no touch. The places of an answer are sorted once, along a
 * Z-shaped curve; clusters of any zoom are then one walk through them. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_PLACES_H
#define VITRINE_PLAYER_KIOSK_KIOSK_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"

#define KIOSK_PLACES_LEVELS 9 /* of clusters: 0 is one marker or few */
#define KIOSK_PLACES_NONE UINT32_MAX

/* Equirectangular, true along its middle latitude: x = R cos(φ0) (λ - λ0) eastward and
 * y = R (φ0 - φ) southward, angles in radians, R = 6371.0088 km (mean radius, IUGG). Over the 33 km
 * of the Métropole from north to south lengths along x are wrong by 0.3 % at most: two pixels on
 * the whole map. */
struct kiosk_projection {
    double latitude, longitude; /* of the middle, degrees */
};

struct pointf kiosk_projection_project(const struct kiosk_projection *projection, double latitude,
                                       double longitude);

bool kiosk_places_within(struct rectf area, struct pointf point); /* edges too; not for NAN */

/* Organisations that share a marker. */
struct kiosk_cluster {
    struct pointf at; /* the mean of their places */
    uint32_t count;
    uint32_t row; /* of one of them: the one, when it is alone */
};

/* Zero-initialised is fine and empty. */
struct kiosk_places {
    struct rectf area; /* what is on the map, km */
    uint32_t count;
    uint32_t missing; /* rows that stand elsewhere or nowhere */
    struct kiosk_cluster *clusters;
    uint32_t cluster_count;
    int level; /* of the clusters; -1: none are made */

    uint64_t *order;       /* key << 32 | row, ascending */
    struct pointf *points; /* in that order */
    uint32_t *owner;       /* cluster of each */
    uint32_t capacity;
};

void kiosk_places_finish(struct kiosk_places *places);
/* lat_lon: latitude, longitude of row r at [2r], [2r + 1], NAN where nothing is known
 * (directory_places). False when memory is out: none are on the map then. */
bool kiosk_places_set(struct kiosk_places *places, const struct kiosk_projection *projection,
                      struct rectf area, const float *lat_lon, const uint32_t *rows, uint32_t count)
    __attribute__((warn_unused_result));

/* The level at which markers `apart` px from each other are right for `scale` px a kilometre. */
int kiosk_places_level(const struct kiosk_places *places, double scale, double apart);
/* Markers of that level, nearly all of them at least kiosk_places_apart from each other. The same
 * places give the same clusters, whatever was asked before. Does nothing when they are made. */
void kiosk_places_cluster(struct kiosk_places *places, int level);
double kiosk_places_apart(const struct kiosk_places *places, int level); /* km */

/* KIOSK_PLACES_NONE: it is not on the map. */
uint32_t kiosk_places_find(const struct kiosk_places *places, uint32_t row);
/* What the members of a cluster span, km; w = h = 0 when all stand at one place. */
struct rectf kiosk_places_extent(const struct kiosk_places *places, uint32_t cluster);
/* Their rows, ascending, at most `most`; returns how many. */
uint32_t kiosk_places_rows(const struct kiosk_places *places, uint32_t cluster, uint32_t *rows_out,
                           uint32_t most);

#endif
