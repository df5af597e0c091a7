#include "player/kiosk/kiosk_places.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EARTH_KM 6371.0088
#define DEGREE (3.14159265358979323846 / 180)
#define KEY_BITS 12 /* an axis; finer than clusters ever are */
#define MERGE_ROUNDS 4

struct pointf kiosk_projection_project(const struct kiosk_projection *projection, double latitude,
                                       double longitude)
{
    return (struct pointf){EARTH_KM * cos(projection->latitude * DEGREE) *
                               (longitude - projection->longitude) * DEGREE,
                           EARTH_KM * (projection->latitude - latitude) * DEGREE};
}

void kiosk_places_finish(struct kiosk_places *places)
{
    free(places->clusters);
    free(places->order);
    free(places->points);
    free(places->owner);
    *places = (struct kiosk_places){.level = -1};
}

static double side_of(const struct kiosk_places *places)
{
    return fmax(fmax(places->area.w, places->area.h), 1e-6);
}

/* ---- in order ------------------------------------------------------------------------------- */

static uint32_t spread(uint32_t bits)
{
    bits = (bits | bits << 8) & 0x00FF00FF;
    bits = (bits | bits << 4) & 0x0F0F0F0F;
    bits = (bits | bits << 2) & 0x33333333;
    return (bits | bits << 1) & 0x55555555;
}

/* The cell's number along the Z-curve: the cells of a coarser grid are runs of it. */
static uint32_t key_of(const struct kiosk_places *places, struct pointf point)
{
    double cells = (1 << KEY_BITS) / side_of(places), last = (1 << KEY_BITS) - 1;
    uint32_t column = (uint32_t)fmin(fmax((point.x - places->area.x) * cells, 0), last);
    uint32_t row = (uint32_t)fmin(fmax((point.y - places->area.y) * cells, 0), last);
    return spread(column) | spread(row) << 1;
}

/* By keys, eight bits at a time; what was in order stays so among equal ones. */
static void sort_keys(uint64_t *order, uint64_t *other, uint32_t count)
{
    for (int shift = 32; shift < 32 + 2 * KEY_BITS; shift += 8) {
        uint32_t starts[257] = {0};
        for (uint32_t i = 0; i < count; i++)
            starts[(order[i] >> shift & 0xFF) + 1]++;
        for (int i = 0; i < 256; i++)
            starts[i + 1] += starts[i];
        for (uint32_t i = 0; i < count; i++)
            other[starts[order[i] >> shift & 0xFF]++] = order[i];
        uint64_t *swapped = order;
        order = other;
        other = swapped;
    }
}

static bool reserve(struct kiosk_places *places, uint32_t count)
{
    if (count <= places->capacity)
        return true;
    kiosk_places_finish(places);
    places->order = malloc(count * sizeof(*places->order));
    places->points = malloc(count * sizeof(*places->points));
    places->owner = malloc(count * sizeof(*places->owner));
    places->clusters = malloc(count * sizeof(*places->clusters));
    if (places->order == NULL || places->points == NULL || places->owner == NULL ||
        places->clusters == NULL) {
        kiosk_places_finish(places);
        return false;
    }
    places->capacity = count;
    return true;
}

bool kiosk_places_within(struct rectf area, struct pointf point)
{
    return point.x >= area.x && point.x <= area.x + area.w && point.y >= area.y &&
           point.y <= area.y + area.h;
}

bool kiosk_places_set(struct kiosk_places *places, const struct kiosk_projection *projection,
                      struct rectf area, const float *lat_lon, const uint32_t *rows, uint32_t count)
{
    bool reserved = reserve(places, count);
    uint64_t *order = reserved ? malloc(((size_t)count + 1) * sizeof(*order)) : NULL;
    places->area = area;
    places->count = places->cluster_count = 0;
    places->missing = count;
    places->level = -1;
    if (order == NULL)
        return false;
    uint32_t placed = 0;
    for (uint32_t i = 0; i < count; i++) {
        const float *at = &lat_lon[2 * (size_t)rows[i]];
        struct pointf point = kiosk_projection_project(projection, (double)at[0], (double)at[1]);
        if (kiosk_places_within(area, point))
            order[placed++] = (uint64_t)key_of(places, point) << 32 | rows[i];
    }
    sort_keys(order, places->order, placed); /* three rounds: it ends in the other array */
    free(order);
    for (uint32_t i = 0; i < placed; i++) {
        const float *at = &lat_lon[2 * (size_t)(uint32_t)places->order[i]];
        places->points[i] = kiosk_projection_project(projection, (double)at[0], (double)at[1]);
    }
    places->count = placed;
    places->missing = count - placed;
    return true;
}

/* ---- clusters ------------------------------------------------------------------------------- */

/* A level's cells are halves of those of the one before; it serves scales from 1/√2 to √2 of the
 * one at which its cells are as large as markers are apart. */
int kiosk_places_level(const struct kiosk_places *places, double scale, double apart)
{
    double level = round(log2(fmax(side_of(places) * scale / apart, 1)));
    return (int)fmin(level, KIOSK_PLACES_LEVELS - 1);
}

double kiosk_places_apart(const struct kiosk_places *places, int level)
{
    return side_of(places) / exp2(level - 0.5);
}

/* Whom a cluster was merged into, at the end of the chain. */
static uint32_t root_of(uint32_t *parents, uint32_t cluster)
{
    while (parents[cluster] != cluster) {
        parents[cluster] = parents[parents[cluster]];
        cluster = parents[cluster];
    }
    return cluster;
}

/* One cluster for each cell that has places. */
static void cluster_cells(struct kiosk_places *places, int level)
{
    int shift = 32 + 2 * (KEY_BITS - level);
    uint64_t cell = UINT64_MAX;
    uint32_t count = 0;
    for (uint32_t i = 0; i < places->count; i++) {
        uint64_t here = places->order[i] >> shift;
        if (here != cell)
            places->clusters[count++] = (struct kiosk_cluster){.row = (uint32_t)places->order[i]};
        cell = here;
        struct kiosk_cluster *cluster = &places->clusters[count - 1];
        cluster->count++;
        cluster->at.x += places->points[i].x;
        cluster->at.y += places->points[i].y;
        places->owner[i] = count - 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        places->clusters[i].at.x /= places->clusters[i].count;
        places->clusters[i].at.y /= places->clusters[i].count;
    }
    places->cluster_count = count;
}

/* A grid whose cells are twice as wide as clusters must be apart: what is near a place stands in
 * four of them. */
struct merging {
    struct kiosk_cluster *clusters;
    uint32_t *parents, *next; /* of each cluster: in its cell's list */
    uint32_t *heads;          /* of each cell; a rim of empty ones around */
    struct pointf origin;
    double apart;
    int columns;
};

/* Its cell; the ways out tell which neighbours are near. */
static uint32_t *head_of(const struct merging *merging, struct pointf at, ptrdiff_t *across_out,
                         ptrdiff_t *down_out)
{
    double x = (at.x - merging->origin.x) / (2 * merging->apart) + 1;
    double y = (at.y - merging->origin.y) / (2 * merging->apart) + 1;
    int column = (int)x, row = (int)y;
    *across_out = x - column < 0.5 ? -1 : 1;
    *down_out = y - row < 0.5 ? -merging->columns : merging->columns;
    return &merging->heads[(ptrdiff_t)row * merging->columns + column];
}

static uint32_t find_near(const struct merging *merging, struct pointf at, uint32_t **head_out)
{
    ptrdiff_t across, down;
    uint32_t *head = head_of(merging, at, &across, &down);
    const ptrdiff_t cells[] = {0, across, down, across + down};
    double least = merging->apart * merging->apart;
    for (int i = 0; i < 4; i++)
        for (uint32_t near = head[cells[i]]; near != KIOSK_PLACES_NONE;
             near = merging->next[near]) {
            double dx = merging->clusters[near].at.x - at.x;
            double dy = merging->clusters[near].at.y - at.y;
            if (dx * dx + dy * dy < least)
                return near;
        }
    *head_out = head;
    return KIOSK_PLACES_NONE;
}

static void merge_into(struct merging *merging, uint32_t from, uint32_t into)
{
    struct kiosk_cluster *whole = &merging->clusters[into], *part = &merging->clusters[from];
    whole->count += part->count;
    double share = (double)part->count / whole->count;
    whole->at.x += (part->at.x - whole->at.x) * share;
    whole->at.y += (part->at.y - whole->at.y) * share;
    merging->parents[from] = into;
}

/* Each joins the first one near it that came before. False: nothing was near anything. */
static bool merge_round(struct merging *merging, uint32_t count)
{
    bool merged = false;
    size_t cells = (size_t)merging->columns * (size_t)merging->columns;
    memset(merging->heads, 0xFF, cells * sizeof(*merging->heads));
    for (uint32_t i = 0; i < count; i++) {
        if (merging->parents[i] != i)
            continue;
        uint32_t *head;
        uint32_t near = find_near(merging, merging->clusters[i].at, &head);
        if (near != KIOSK_PLACES_NONE) {
            merge_into(merging, i, near);
            merged = true;
            continue;
        }
        merging->next[i] = *head;
        *head = i;
    }
    return merged;
}

/* Leaves out those that went into others. */
static void compact(struct kiosk_places *places, uint32_t *parents, uint32_t *numbers)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < places->cluster_count; i++)
        if (parents[i] == i) {
            places->clusters[kept] = places->clusters[i];
            numbers[i] = kept++;
        }
    for (uint32_t i = 0; i < places->count; i++)
        places->owner[i] = numbers[root_of(parents, places->owner[i])];
    places->cluster_count = kept;
}

static void merge_clusters(struct kiosk_places *places, int level)
{
    uint32_t count = places->cluster_count;
    struct merging merging = {
        .clusters = places->clusters,
        .origin = {places->area.x, places->area.y},
        .apart = kiosk_places_apart(places, level),
        .parents = malloc(count * sizeof(*merging.parents)),
        .next = malloc(count * sizeof(*merging.next)),
    };
    merging.columns = (int)(side_of(places) / (2 * merging.apart)) + 3;
    merging.heads =
        malloc((size_t)merging.columns * (size_t)merging.columns * sizeof(*merging.heads));
    /* Without memory markers overlap, and each can still be touched. */
    if (merging.parents != NULL && merging.next != NULL && merging.heads != NULL) {
        for (uint32_t i = 0; i < count; i++)
            merging.parents[i] = i;
        for (int round = 0; round < MERGE_ROUNDS && merge_round(&merging, count); round++) {
        }
        compact(places, merging.parents, merging.next);
    }
    free(merging.parents);
    free(merging.next);
    free(merging.heads);
}

void kiosk_places_cluster(struct kiosk_places *places, int level)
{
    if (level == places->level)
        return;
    places->level = level;
    places->cluster_count = 0;
    if (places->count == 0)
        return;
    cluster_cells(places, level);
    merge_clusters(places, level);
}

uint32_t kiosk_places_find(const struct kiosk_places *places, uint32_t row)
{
    for (uint32_t i = 0; i < places->count && places->cluster_count > 0; i++)
        if ((uint32_t)places->order[i] == row)
            return places->owner[i];
    return KIOSK_PLACES_NONE;
}

struct rectf kiosk_places_extent(const struct kiosk_places *places, uint32_t cluster)
{
    double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
    for (uint32_t i = 0; i < places->count; i++) {
        if (places->owner[i] != cluster)
            continue;
        left = fmin(left, places->points[i].x);
        right = fmax(right, places->points[i].x);
        top = fmin(top, places->points[i].y);
        bottom = fmax(bottom, places->points[i].y);
    }
    return (struct rectf){left, top, right - left, bottom - top};
}

static int compare_rows(const void *a, const void *b)
{
    uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;
    return (first > second) - (first < second);
}

uint32_t kiosk_places_rows(const struct kiosk_places *places, uint32_t cluster, uint32_t *rows_out,
                           uint32_t most)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < places->count && count < most; i++)
        if (places->owner[i] == cluster)
            rows_out[count++] = (uint32_t)places->order[i];
    qsort(rows_out, count, sizeof(*rows_out), compare_rows);
    return count;
}
