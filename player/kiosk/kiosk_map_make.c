/* A map of the directory's communes: their outlines in kilometres. */
#include <math.h>
#include <stdlib.h>

#include "directory/directory.h"
#include "player/kiosk/kiosk_map_private.h"

#define MARGIN 0.06 /* around the communes, of their extent */

static struct rectf grow(struct rectf rect, struct pointf point)
{
    double right = fmax(rect.x + rect.w, point.x), bottom = fmax(rect.y + rect.h, point.y);
    rect.x = fmin(rect.x, point.x);
    rect.y = fmin(rect.y, point.y);
    return (struct rectf){rect.x, rect.y, right - rect.x, bottom - rect.y};
}

static void count_points(const struct directory_commune_list *communes, size_t *rings_out,
                         size_t *points_out)
{
    *rings_out = *points_out = 0;
    for (size_t i = 0; i < communes->count; i++)
        for (size_t j = 0; j < communes->items[i].ring_count; j++) {
            (*rings_out)++;
            *points_out += communes->items[i].rings[j].count;
        }
}

/* True to the middle of what it shows. */
static struct kiosk_projection make_projection(const struct directory_commune_list *communes)
{
    double south = 90, north = -90, west = 180, east = -180;
    for (size_t i = 0; i < communes->count; i++)
        for (size_t j = 0; j < communes->items[i].ring_count; j++)
            for (size_t k = 0; k < communes->items[i].rings[j].count; k++) {
                const struct directory_point *point = &communes->items[i].rings[j].points[k];
                south = fmin(south, (double)point->latitude);
                north = fmax(north, (double)point->latitude);
                west = fmin(west, (double)point->longitude);
                east = fmax(east, (double)point->longitude);
            }
    if (south > north)
        return (struct kiosk_projection){49.44, 1.1}; /* Rouen: there are no communes */
    return (struct kiosk_projection){(south + north) / 2, (west + east) / 2};
}

static void project_communes(struct kiosk_map *map, const struct directory_commune_list *communes)
{
    struct pointf *points = map->points;
    struct path *rings = map->rings;
    for (size_t i = 0; i < communes->count; i++) {
        const struct directory_commune *commune = &communes->items[i];
        struct map_commune *made = &map->communes[i];
        *made = (struct map_commune){.name = commune->name, .rings = rings};
        made->ring_count = commune->ring_count;
        made->middle =
            kiosk_projection_project(&map->projection, commune->latitude, commune->longitude);
        made->bounds = (struct rectf){made->middle.x, made->middle.y, 0, 0};
        for (size_t j = 0; j < commune->ring_count; j++) {
            *rings = (struct path){points, commune->rings[j].count};
            for (size_t k = 0; k < rings->count; k++) {
                const struct directory_point *from = &commune->rings[j].points[k];
                *points = kiosk_projection_project(&map->projection, (double)from->latitude,
                                                   (double)from->longitude);
                made->bounds = grow(made->bounds, *points++);
            }
            rings++;
        }
    }
}

static void make_area(struct kiosk_map *map)
{
    struct rectf area = {0, 0, 0, 0};
    for (size_t i = 0; i < map->commune_count; i++) {
        const struct rectf *bounds = &map->communes[i].bounds;
        area = grow(area, (struct pointf){bounds->x, bounds->y});
        area = grow(area, (struct pointf){bounds->x + bounds->w, bounds->y + bounds->h});
    }
    double margin = MARGIN * fmax(fmax(area.w, area.h), 1);
    map->area =
        (struct rectf){area.x - margin, area.y - margin, area.w + 2 * margin, area.h + 2 * margin};
}

struct kiosk_map *kiosk_map_create(const struct directory_commune_list *communes)
{
    size_t rings, points;
    count_points(communes, &rings, &points);
    struct kiosk_map *map = calloc(1, sizeof(*map));
    if (map == NULL)
        return NULL;
    map->communes = calloc(communes->count + 1, sizeof(*map->communes));
    map->by_weight = calloc(communes->count + 1, sizeof(*map->by_weight));
    map->rings = calloc(rings + 1, sizeof(*map->rings));
    map->scratch_rings = calloc(rings + 1, sizeof(*map->scratch_rings));
    map->points = calloc(points + 1, sizeof(*map->points));
    map->scratch = calloc(points + 1, sizeof(*map->scratch));
    if (map->communes == NULL || map->by_weight == NULL || map->rings == NULL ||
        map->scratch_rings == NULL || map->points == NULL || map->scratch == NULL) {
        kiosk_map_destroy(map);
        return NULL;
    }
    map->commune_count = communes->count;
    map->ring_count = rings;
    map->projection = make_projection(communes);
    project_communes(map, communes);
    make_area(map);
    map->places.level = -1;
    map->selected = KIOSK_MAP_NOBODY;
    map->place = map->pressed = KIOSK_PLACES_NONE;
    map->last_ms = INT64_MIN / 2;
    return map;
}

void kiosk_map_destroy(struct kiosk_map *map)
{
    if (map == NULL)
        return;
    map_texts_forget(map);
    map_ground_forget(map);
    for (int i = 0; i < MAP_DISCS; i++)
        free(map->discs[i]);
    kiosk_places_finish(&map->places);
    free(map->communes);
    free(map->by_weight);
    free(map->rings);
    free(map->scratch_rings);
    free(map->points);
    free(map->scratch);
    free(map);
}
