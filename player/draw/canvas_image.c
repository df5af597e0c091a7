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
    *taps = (struct resample_taps){0};
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

/* Rows are summed first, because that goes over long runs of memory; then columns. */
struct scaler {
    const struct image *image;
    struct resample_taps across, down;
    int begin, end;         /* target columns wanted */
    int source_x, source_w; /* source columns that they need */
    uint32_t *rows[2];      /* premultiplied source rows */
    uint32_t *sum;
    uint16_t *cells;
};

static bool scaler_init(struct scaler *scaler, const struct image *image, struct rectf source,
                        struct rect target, int begin, int end)
{
    *scaler = (struct scaler){.image = image, .begin = begin, .end = end};
    if (!taps_init(&scaler->across, target.w, source.x, source.w, image->width) ||
        !taps_init(&scaler->down, target.h, source.y, source.h, image->height))
        return false;
    scaler->source_x = scaler->across.first[begin];
    scaler->source_w =
        scaler->across.first[end - 1] + scaler->across.count[end - 1] - scaler->source_x;
    size_t channels = 4 * (size_t)scaler->source_w;
    scaler->rows[0] = malloc(channels);
    scaler->rows[1] = malloc(channels);
    scaler->sum = malloc(channels * sizeof *scaler->sum);
    scaler->cells = malloc(channels * sizeof *scaler->cells);
    return scaler->rows[0] && scaler->rows[1] && scaler->sum && scaler->cells;
}

static void scaler_finish(struct scaler *scaler)
{
    taps_finish(&scaler->across);
    taps_finish(&scaler->down);
    free(scaler->rows[0]);
    free(scaler->rows[1]);
    free(scaler->sum);
    free(scaler->cells);
}

static const uint8_t *source_row(struct scaler *scaler, int row)
{
    const uint32_t *pixels =
        scaler->image->pixels + (size_t)row * (size_t)scaler->image->width + scaler->source_x;
    uint32_t *premultiplied = scaler->rows[row & 1];
    if (scaler->image->opaque)
        return (const uint8_t *)pixels;
    blend_premultiply(premultiplied, pixels, (size_t)scaler->source_w);
    return (const uint8_t *)premultiplied;
}

static void scale_row(struct scaler *scaler, int row, uint32_t *target)
{
    size_t channels = 4 * (size_t)scaler->source_w;
    const struct resample_taps *down = &scaler->down;
    const uint16_t *weights = down->weights + down->offset[row];
    int first = down->first[row], count = down->count[row];
    if (count == 2) {
        const uint8_t *above = source_row(scaler, first), *below = source_row(scaler, first + 1);
        resample_pair(scaler->cells, above, below, channels, weights[1]);
    } else {
        for (int k = 0; k < count; k++)
            resample_add(scaler->sum, source_row(scaler, first + k), channels, weights[k], k == 0);
        resample_narrow(scaler->cells, scaler->sum, channels);
    }
    resample_row(target, scaler->cells, &scaler->across, scaler->begin, scaler->end,
                 scaler->source_x);
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

/* Whole pixels at their own size: what the server's renditions are made for. */
static bool is_unscaled(const struct image *image, struct rectf source, struct rect target)
{
    return source.w == target.w && source.h == target.h && source.x == floor(source.x) &&
           source.y == floor(source.y) && source.x >= 0 && source.y >= 0 &&
           source.x + source.w <= image->width && source.y + source.h <= image->height;
}

struct picture {
    struct scaler scaler;
    struct canvas *corners;
    uint8_t *mask;
    uint32_t *row;
    bool scaled;
};

static bool picture_init(struct picture *picture, const struct image *image, struct rectf source,
                         struct rect target, struct rect visible, int radius)
{
    int limit = (target.w < target.h ? target.w : target.h) / 2;
    int begin = visible.x - target.x;
    radius = radius < 0 ? 0 : radius > limit ? limit : radius;
    radius = radius > IMAGE_SIDE_MAX / 2 ? IMAGE_SIDE_MAX / 2 : radius;
    *picture = (struct picture){.scaled = !is_unscaled(image, source, target)};
    picture->corners = corner_shape(radius);
    picture->mask = malloc((size_t)target.w);
    picture->row = malloc((size_t)visible.w * sizeof *picture->row);
    return picture->mask && picture->row &&
           (!picture->scaled ||
            scaler_init(&picture->scaler, image, source, target, begin, begin + visible.w));
}

static void picture_finish(struct picture *picture)
{
    scaler_finish(&picture->scaler);
    canvas_destroy(picture->corners);
    free(picture->mask);
    free(picture->row);
}

void canvas_draw_image(struct canvas *canvas, const struct image *image, struct rectf source,
                       struct rect target, int radius)
{
    struct rect visible = rect_intersect(target, canvas->clip);
    if (rect_empty(visible) || !(source.w > 0) || !(source.h > 0))
        return;
    struct picture picture;
    size_t width = (size_t)visible.w;
    int begin = visible.x - target.x;
    bool ready = picture_init(&picture, image, source, target, visible, radius);
    for (int y = visible.y; ready && y < visible.y + visible.h; y++) {
        uint32_t *out = canvas->pixels + (ptrdiff_t)y * canvas->stride + visible.x;
        bool masked = corner_mask(picture.corners, target, y, picture.mask);
        bool direct = image->opaque && !masked;
        uint32_t *row = direct ? out : picture.row;
        if (picture.scaled)
            scale_row(&picture.scaler, y - target.y, row);
        else
            blend_premultiply(row,
                              image->pixels +
                                  (ptrdiff_t)((int)source.y + y - target.y) * image->width +
                                  (int)source.x + begin,
                              width);
        if (masked)
            blend_over_mask(out, row, picture.mask + begin, width);
        else if (!direct)
            blend_over(out, row, width);
    }
    picture_finish(&picture);
}
