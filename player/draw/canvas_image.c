/* Drawing pictures: area average where an axis shrinks, bilinear where it grows, each axis on its
 * own, in 14-bit fixed point. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "player/draw/blend_kernels.h"
#include "player/draw/canvas.h"
#include "player/draw/image.h"

enum { WEIGHT_ONE = 1 << 14 };

static void taps_finish(struct resample_taps *taps)
{
    free(taps->first);
    free(taps->offset);
    free(taps->count);
    free(taps->weights);
}

/* Share of source cell i in target cell [from, to): the overlap when shrinking, a triangle around
 * the middle when growing. */
static double tap_share(int i, double from, double to, bool shrinks)
{
    if (shrinks)
        return fmax(0, fmin(to, i + 1) - fmax(from, i));
    return fmax(0, 1 - fabs((from + to) / 2 - (i + 0.5)));
}

/* Turns shares into weights that add up to WEIGHT_ONE: what rounding leaves goes to the heaviest.
 */
static void set_weights(uint16_t *weights, const double *shares, int count)
{
    double total = 0;
    int heaviest = 0, rest = WEIGHT_ONE;
    for (int k = 0; k < count; k++) {
        total += shares[k];
        if (shares[k] > shares[heaviest])
            heaviest = k;
    }
    for (int k = 0; k < count; k++) {
        weights[k] = (uint16_t)lround(shares[k] / total * WEIGHT_ONE);
        rest -= weights[k];
    }
    weights[heaviest] = (uint16_t)(weights[heaviest] + rest);
}

/* Maps `length` target cells onto [start, start + span) of `limit` source cells. */
static bool taps_init(struct resample_taps *taps, int length, double start, double span, int limit)
{
    double scale = span / length;
    bool shrinks = scale > 1;
    int most = shrinks ? (int)ceil(scale) + 2 : 3;
    *taps = (struct resample_taps){
        .length = length,
        .first = calloc((size_t)length, sizeof(int)),
        .offset = calloc((size_t)length, sizeof(int)),
        .count = calloc((size_t)length, sizeof(int)),
        .weights = calloc((size_t)length * (size_t)most, sizeof(uint16_t)),
    };
    double *shares = calloc((size_t)most, sizeof *shares);
    bool ok = taps->first && taps->offset && taps->count && taps->weights && shares;
    for (int i = 0; ok && i < length; i++) {
        double from = start + i * scale, to = start + (i + 1) * scale;
        double middle = (from + to) / 2;
        int first = (int)floor(shrinks ? from + 1e-9 : middle - 0.5);
        int last = shrinks ? (int)ceil(to - 1e-9) - 1 : first + 1;
        first = first < 0 ? 0 : first >= limit ? limit - 1 : first;
        last = last < first ? first : last >= limit ? limit - 1 : last;
        if (last - first >= most)
            last = first + most - 1;
        int count = last - first + 1;
        for (int k = 0; k < count; k++)
            shares[k] = tap_share(first + k, from, to, shrinks);
        if (count == 1)
            shares[0] = 1;
        taps->first[i] = first;
        taps->offset[i] = i * most;
        taps->count[i] = count;
        set_weights(taps->weights + i * most, shares, count);
    }
    free(shares);
    if (!ok)
        taps_finish(taps);
    return ok;
}

/* Source rows already summed along x; neighbouring target rows share at most two of them. */
struct row_cache {
    int row[2];
    uint16_t *cells[2];
    int next;
};

struct scaler {
    const struct image *image;
    struct resample_taps across, down;
    int begin, end; /* target columns wanted */
    struct row_cache cache;
    uint32_t *sum;
    uint32_t *pixels; /* one finished target row */
};

static bool scaler_init(struct scaler *scaler, const struct image *image, struct rectf source,
                        struct rect target, int begin, int end)
{
    size_t cells = 4 * (size_t)(end - begin);
    memset(scaler, 0, sizeof *scaler);
    scaler->image = image;
    scaler->begin = begin;
    scaler->end = end;
    scaler->cache.row[0] = scaler->cache.row[1] = -1;
    scaler->cache.cells[0] = malloc(cells * sizeof(uint16_t));
    scaler->cache.cells[1] = malloc(cells * sizeof(uint16_t));
    scaler->sum = malloc(cells * sizeof(uint32_t));
    scaler->pixels = malloc(cells);
    return scaler->cache.cells[0] && scaler->cache.cells[1] && scaler->sum && scaler->pixels &&
           taps_init(&scaler->across, target.w, source.x, source.w, image->width) &&
           taps_init(&scaler->down, target.h, source.y, source.h, image->height);
}

static void scaler_finish(struct scaler *scaler)
{
    taps_finish(&scaler->across);
    taps_finish(&scaler->down);
    free(scaler->cache.cells[0]);
    free(scaler->cache.cells[1]);
    free(scaler->sum);
    free(scaler->pixels);
}

static const uint16_t *scaled_row(struct scaler *scaler, int row)
{
    struct row_cache *cache = &scaler->cache;
    for (int i = 0; i < 2; i++)
        if (cache->row[i] == row)
            return cache->cells[i];
    int slot = cache->next;
    cache->next = 1 - slot;
    cache->row[slot] = row;
    resample_row(cache->cells[slot],
                 scaler->image->pixels + (size_t)row * (size_t)scaler->image->width,
                 &scaler->across, scaler->begin, scaler->end, !scaler->image->opaque);
    return cache->cells[slot];
}

static void scale_row(struct scaler *scaler, int row)
{
    size_t width = (size_t)(scaler->end - scaler->begin);
    const struct resample_taps *down = &scaler->down;
    memset(scaler->sum, 0, 4 * width * sizeof *scaler->sum);
    for (int k = 0; k < down->count[row]; k++)
        resample_add(scaler->sum, scaled_row(scaler, down->first[row] + k), 4 * width,
                     down->weights[down->offset[row] + k]);
    resample_store(scaler->pixels, scaler->sum, width);
}

/* Whole coverage of the picture's rounded corners: the same shape that canvas_fill_round draws,
 * taken from it, so that a frame drawn around a picture meets it exactly. */
static struct canvas *corner_shape(int radius)
{
    struct canvas *shape = radius > 0 ? canvas_create(2 * radius, 2 * radius) : NULL;
    if (shape)
        canvas_fill_round(shape, (struct rect){0, 0, 2 * radius, 2 * radius}, radius, 0xFFFFFFFFu);
    return shape;
}

static bool corner_mask(const struct canvas *shape, struct rect target, int y, uint8_t *mask)
{
    int radius = shape ? shape->width / 2 : 0;
    int from_top = y - target.y, from_bottom = target.y + target.h - 1 - y;
    int index = from_top < from_bottom ? from_top : from_bottom;
    if (index >= radius)
        return false;
    memset(mask, 255, (size_t)target.w);
    for (int x = 0; x < radius; x++) {
        uint8_t cover = (uint8_t)(shape->pixels[index * shape->stride + x] & 0xFF);
        mask[x] = mask[target.w - 1 - x] = cover;
    }
    return true;
}

void canvas_draw_image(struct canvas *canvas, const struct image *image, struct rectf source,
                       struct rect target, int radius)
{
    struct rect visible = rect_intersect(target, canvas->clip);
    if (rect_empty(visible) || !(source.w > 0) || !(source.h > 0))
        return;
    int limit = (target.w < target.h ? target.w : target.h) / 2;
    radius = radius < 0 ? 0 : radius > limit ? limit : radius;
    radius = radius > IMAGE_SIDE_MAX / 2 ? IMAGE_SIDE_MAX / 2 : radius;
    struct canvas *shape = corner_shape(radius);
    uint8_t *mask = malloc((size_t)target.w);
    int begin = visible.x - target.x;
    struct scaler scaler;
    if (scaler_init(&scaler, image, source, target, begin, begin + visible.w) && mask) {
        for (int y = visible.y; y < visible.y + visible.h; y++) {
            uint32_t *out = canvas->pixels + (ptrdiff_t)y * canvas->stride + visible.x;
            scale_row(&scaler, y - target.y);
            if (corner_mask(shape, target, y, mask))
                blend_over_mask(out, scaler.pixels, mask + begin, (size_t)visible.w);
            else
                blend_over(out, scaler.pixels, (size_t)visible.w);
        }
    }
    scaler_finish(&scaler);
    free(mask);
    canvas_destroy(shape);
}
