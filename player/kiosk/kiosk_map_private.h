/* What the map's two halves share: kiosk_map.c moves, kiosk_map_draw.c and kiosk_map_ground.c draw.
 */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_MAP_PRIVATE_H
#define VITRINE_PLAYER_KIOSK_KIOSK_MAP_PRIVATE_H

#include "core/lang.h"
#include "player/kiosk/kiosk_map.h"
#include "player/kiosk/kiosk_places.h"

#define MAP_SAMPLES 6
#define MAP_COUNTS 128 /* texts of counts that are kept */
#define MAP_DISCS 128  /* discs, by radius, that are kept */

struct map_commune {
    const char *name;
    struct path *rings; /* km */
    size_t ring_count;
    struct rectf bounds;  /* km */
    struct pointf middle; /* where its name stands */
    uint32_t weight;
    bool chosen;
    struct text_layout *written; /* its name; NULL until it is drawn */
};

struct map_view {
    struct pointf centre; /* km */
    double scale;         /* px a km */
};

struct map_finger {
    bool down;
    int64_t id;
    double x, y;
};

enum map_motion { MAP_STILL, MAP_DRAG, MAP_PINCH, MAP_GLIDE, MAP_FLY };

/* The ground as it was last drawn. */
struct map_ground {
    struct canvas *canvas, *spare; /* of the rect's size; NULL: draw it each time */
    double scale;
    int64_t left, top; /* canvas px of the projection's origin */
    bool valid;
};

struct kiosk_map {
    struct map_commune *communes;
    size_t commune_count;
    uint64_t *by_weight; /* weight << 32 | index of each commune, descending */
    bool weighed;
    struct pointf *points;  /* of all rings, km */
    struct pointf *scratch; /* as many, px */
    struct path *rings, *scratch_rings;
    size_t ring_count;
    struct kiosk_projection projection;
    struct rectf area; /* what can be looked at, km */

    struct kiosk_places places;
    const float *lat_lon; /* the directory's */
    uint32_t selected;
    bool has_here;
    struct pointf here;
    uint32_t place; /* cluster that KIOSK_MAP_PLACE told of */

    struct rect rect;
    double apart, slop; /* px: between markers; of a finger that rests */
    double home;        /* scale at which all is in view */
    struct map_view view;

    enum map_motion motion;
    struct map_finger fingers[2];
    struct map_view start; /* of a pinch, glide or flight */
    struct pointf held;    /* km under the middle of the fingers */
    double spread;         /* px between them at the start */
    double tap_x, tap_y;   /* where the finger came down */
    bool taps;             /* it has not left there */
    uint32_t pressed;      /* cluster under it */
    double last_x, last_y; /* of the tap before */
    int64_t last_ms;
    struct {
        int64_t ms;
        double x, y;
    } samples[MAP_SAMPLES];
    int sample_count;
    struct map_view target;
    struct pointf speed; /* px/ms */
    int64_t start_ms;

    struct map_ground ground;
    struct text_layout *counts[MAP_COUNTS];
    uint8_t *discs[MAP_DISCS]; /* coverage, 2r × 2r; NULL until it is drawn */
    double cap_px;
    enum lang lang;
};

/* Canvas px of the projection's origin: whole, so that a dragged picture stays sharp. */
void map_origin(const struct kiosk_map *map, int64_t *left_out, int64_t *top_out);
struct pointf map_to_canvas(const struct kiosk_map *map, struct pointf place);
/* What is in view and up to `reach` px beside it, km. */
struct rectf map_in_view(const struct kiosk_map *map, double reach);
struct pointf map_to_place(const struct kiosk_map *map, double x, double y);
/* Radius of a marker of so many, px. */
double map_radius(const struct kiosk_map *map, uint32_t count);

/* Land, water's edge and borders; brings the kept picture up to date first. */
void map_ground_draw(struct kiosk_map *map, const struct kiosk_kit *kit, struct canvas *canvas);
void map_ground_forget(struct kiosk_map *map);
void map_texts_forget(struct kiosk_map *map); /* names and counts, before they look different */

#endif
