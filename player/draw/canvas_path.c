/* Polygons and lines, in bands of rows: what a shape takes of memory does not grow with its height,
 * and edges far outside cost no more than a glance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "player/draw/canvas.h"

#define BAND_ROWS 64

/* Bounds of all points, grown by `reach`, as far as they lie within the clip. False: nothing to
 * draw. */
static bool visible_part(const struct canvas *canvas, const struct path *paths, size_t count,
                         double reach, struct rect *out)
{
    double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < paths[i].count; j++) {
            const struct pointf *point = &paths[i].points[j];
            if (!isfinite(point->x) || !isfinite(point->y))
                return false;
            left = fmin(left, point->x);
            right = fmax(right, point->x);
            top = fmin(top, point->y);
            bottom = fmax(bottom, point->y);
        }
    const struct rect *clip = &canvas->clip;
    left = fmax(floor(left - reach), clip->x);
    top = fmax(floor(top - reach), clip->y);
    right = fmin(ceil(right + reach), clip->x + clip->w);
    bottom = fmin(ceil(bottom + reach), clip->y + clip->h);
    if (!(left < right && top < bottom))
        return false;
    *out = (struct rect){(int)left, (int)top, (int)(right - left), (int)(bottom - top)};
    return true;
}

/* Most of a shape's box is empty or full: only what is neither is blended by its mask. */
static void draw_row(struct canvas *canvas, const uint8_t *mask, int x, int y, int width,
                     color fill)
{
    bool opaque = fill >> 24 == 255;
    int from = 0;
    while (from < width) {
        uint64_t word = 0;
        int end = from;
        bool whole = width - from >= (int)sizeof(word);
        if (whole)
            memcpy(&word, mask + from, sizeof(word));
        if (whole && (word == 0 || (opaque && word == UINT64_MAX))) {
            uint64_t run = word;
            while (width - end >= (int)sizeof(word) && word == run) {
                end += (int)sizeof(word);
                if (width - end >= (int)sizeof(word))
                    memcpy(&word, mask + end, sizeof(word));
            }
            if (run != 0)
                canvas_fill_rect(canvas, (struct rect){x + from, y, end - from, 1}, fill);
        } else {
            do {
                end += whole ? (int)sizeof(word) : width - end;
                whole = width - end >= (int)sizeof(word);
                if (whole)
                    memcpy(&word, mask + end, sizeof(word));
            } while (end < width && !(whole && (word == 0 || (opaque && word == UINT64_MAX))));
            canvas_draw_mask(canvas, mask + from, end - from, end - from, 1, x + from, y, fill);
        }
        from = end;
    }
}

/* ---- polygons -------------------------------------------------------------------------------
 * Each cell gets by how much an edge changes the share that is covered, from there to the right;
 * the running sum along a row is the share, times how often the ring goes around. */

struct band {
    double top; /* of its first row, on the canvas */
    double left;
    int width, rows;
    float *cells; /* width + 2 a row: what begins right of it has room */
    bool used[BAND_ROWS];
};

/* Within one row: an edge from x0 to x1 (x0 <= x1, within 0 … width) that covers `cover` of its
 * height. */
static void add_cells(float *cells, double x0, double x1, double cover)
{
    int first = (int)x0, last = (int)x1;
    if (first == last) {
        double middle = (x0 + x1) / 2 - first;
        cells[first] += (float)(cover * (1 - middle));
        cells[first + 1] += (float)(cover * middle);
        return;
    }
    double slope = cover / (x1 - x0);
    for (int x = first; x <= last; x++) {
        double from = x == first ? x0 : x, to = x == last ? x1 : x + 1;
        double part = slope * (to - from), middle = (from + to) / 2 - x;
        cells[x] += (float)(part * (1 - middle));
        cells[x + 1] += (float)(part * middle);
    }
}

/* What lies left of the band covers all of its row; what lies right of it, nothing. */
static void add_to_row(struct band *band, int row, double x0, double x1, double cover)
{
    float *cells = band->cells + (size_t)row * (size_t)(band->width + 2);
    double width = band->width;
    if (x0 > x1) {
        double other = x0;
        x0 = x1;
        x1 = other;
    }
    if (x0 >= width)
        return;
    band->used[row] = true;
    if (x1 <= 0) {
        cells[0] += (float)cover;
        return;
    }
    double slope = x1 > x0 ? cover / (x1 - x0) : 0;
    if (x0 < 0) {
        cells[0] += (float)(slope * -x0);
        cover -= slope * -x0;
        x0 = 0;
    }
    if (x1 > width) {
        cover -= slope * (x1 - width);
        x1 = width;
    }
    add_cells(cells, x0, x1, cover);
}

static void add_edge(struct band *band, struct pointf a, struct pointf b)
{
    double way = 1;
    if (a.y > b.y) {
        struct pointf other = a;
        a = b;
        b = other;
        way = -1;
    }
    double top = fmax(a.y - band->top, 0), bottom = fmin(b.y - band->top, band->rows);
    if (!(top < bottom))
        return;
    double slope = (b.x - a.x) / (b.y - a.y);
    double x0 = a.x - band->left + slope * (top + band->top - a.y);
    for (int row = (int)top; row < bottom; row++) {
        double end = fmin(row + 1, bottom), x1 = a.x - band->left + slope * (end + band->top - a.y);
        add_to_row(band, row, x0, x1, way * (end - fmax(row, top)));
        x0 = x1;
    }
}

/* Even-odd: the sum folded into 0 … 1. */
static void cover_row(const float *cells, uint8_t *mask, int width)
{
    float sum = 0;
    for (int x = 0; x < width; x++) {
        sum += cells[x];
        float share = fabsf(sum);
        if (share > 1) {
            share = fmodf(share, 2);
            share = share > 1 ? 2 - share : share;
        }
        mask[x] = (uint8_t)(share * 255 + 0.5F);
    }
}

static void fill_band(struct canvas *canvas, struct band *band, const struct path *rings,
                      size_t count, uint8_t *mask, color fill)
{
    size_t pitch = (size_t)band->width + 2;
    memset(band->cells, 0, pitch * (size_t)band->rows * sizeof(*band->cells));
    memset(band->used, 0, sizeof(band->used));
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rings[i].count; j++)
            add_edge(band, rings[i].points[j], rings[i].points[j + 1 < rings[i].count ? j + 1 : 0]);
    for (int row = 0; row < band->rows; row++) {
        if (!band->used[row])
            continue;
        cover_row(band->cells + (size_t)row * pitch, mask, band->width);
        draw_row(canvas, mask, (int)band->left, (int)band->top + row, band->width, fill);
    }
}

void canvas_fill_polygon(struct canvas *canvas, const struct path *rings, size_t count, color fill)
{
    struct rect area;
    if (!visible_part(canvas, rings, count, 0, &area))
        return;
    struct band band = {.left = area.x, .width = area.w};
    band.cells = malloc(((size_t)area.w + 2) * BAND_ROWS * sizeof(*band.cells));
    uint8_t *mask = malloc((size_t)area.w);
    if (band.cells != NULL && mask != NULL)
        for (int y = 0; y < area.h; y += BAND_ROWS) {
            band.top = area.y + y;
            band.rows = area.h - y < BAND_ROWS ? area.h - y : BAND_ROWS;
            fill_band(canvas, &band, rings, count, mask, fill);
        }
    free(mask);
    free(band.cells);
}

/* ---- lines ---------------------------------------------------------------------------------- */

struct pen {
    struct rect area; /* of the band */
    uint8_t *mask;
    double reach; /* half the width */
    double most;  /* what a hair line covers of a pixel */
};

/* By the distance of the pixel's centre from the segment; the larger share stays, so that nothing
 * adds up at joints. */
static void add_row(const struct pen *pen, int y, struct pointf a, double dx, double dy,
                    double length)
{
    double py = y + 0.5 - a.y, edge = pen->reach + 0.5;
    double from = fmin(a.x, a.x + dx) - edge, to = fmax(a.x, a.x + dx) + edge;
    if (fabs(dy) > 1e-9) { /* the part of the row within the endless line */
        double middle = a.x + py * dx / dy, half = edge * length / fabs(dy);
        from = fmax(from, middle - half);
        to = fmin(to, middle + half);
    }
    int left = (int)fmax(floor(from), pen->area.x);
    int right = (int)fmin(ceil(to), pen->area.x + pen->area.w);
    uint8_t *mask = pen->mask + (ptrdiff_t)(y - pen->area.y) * pen->area.w - pen->area.x;
    double square = length * length;
    for (int x = left; x < right; x++) {
        double px = x + 0.5 - a.x;
        double along = square > 0 ? fmin(fmax((px * dx + py * dy) / square, 0), 1) : 0;
        double across_x = px - along * dx, across_y = py - along * dy;
        double away = sqrt(across_x * across_x + across_y * across_y);
        double share = fmin(fmax(edge - away, 0), pen->most);
        uint8_t cover = (uint8_t)(share * 255 + 0.5);
        mask[x] = mask[x] > cover ? mask[x] : cover;
    }
}

static void add_segment(const struct pen *pen, struct pointf a, struct pointf b)
{
    double edge = pen->reach + 0.5;
    const struct rect *area = &pen->area;
    if (fmax(a.x, b.x) + edge < area->x || fmin(a.x, b.x) - edge > area->x + area->w)
        return;
    double top = fmax(floor(fmin(a.y, b.y) - edge), area->y);
    double bottom = fmin(ceil(fmax(a.y, b.y) + edge), area->y + area->h);
    double dx = b.x - a.x, dy = b.y - a.y, length = hypot(dx, dy);
    for (int y = (int)top; y < bottom; y++)
        add_row(pen, y, a, dx, dy, length);
}

void canvas_stroke_paths(struct canvas *canvas, const struct path *paths, size_t count,
                         double width, color stroke)
{
    struct rect area;
    if (!(width > 0) || !visible_part(canvas, paths, count, width / 2 + 1, &area))
        return;
    struct pen pen = {.area = area, .reach = width / 2, .most = fmin(width, 1)};
    pen.mask = malloc((size_t)area.w * BAND_ROWS);
    if (pen.mask == NULL)
        return;
    for (int y = 0; y < area.h; y += BAND_ROWS) {
        pen.area.y = area.y + y;
        pen.area.h = area.h - y < BAND_ROWS ? area.h - y : BAND_ROWS;
        memset(pen.mask, 0, (size_t)pen.area.w * (size_t)pen.area.h);
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < paths[i].count; j++)
                if (j + 1 < paths[i].count || paths[i].count == 1)
                    add_segment(&pen, paths[i].points[j],
                                paths[i].points[paths[i].count == 1 ? 0 : j + 1]);
        for (int row = 0; row < pen.area.h; row++)
            draw_row(canvas, pen.mask + (ptrdiff_t)row * pen.area.w, pen.area.x, pen.area.y + row,
                     pen.area.w, stroke);
    }
    free(pen.mask);
}
