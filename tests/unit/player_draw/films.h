/* Frames made of nothing, and what they should look like, in doubles. */
#ifndef VITRINE_TESTS_FILMS_H
#define VITRINE_TESTS_FILMS_H

#include <math.h>
#include <stdlib.h>

#include "player/draw/video_image.h"

struct film {
    struct video_image image;
    uint8_t *memory;
};

enum film_look { FILM_NOISE, FILM_SMOOTH };

static inline int film_sample(enum film_look look, int plane, int x, int y)
{
    if (look == FILM_NOISE)
        return rand() % 256;
    double wave = plane == 0 ? 125 + 80 * sin(x / 31.0 + y / 53.0)
                             : 128 + 40 * sin(x / (23.0 + plane) - y / 37.0 + plane);
    return (int)wave;
}

/* Rows have `slack` bytes more than they need; with `upwards` they run from the last to the first.
 */
static inline struct film film_create(int width, int height, enum video_format format,
                                      enum video_matrix matrix, bool full_range, int slack,
                                      bool upwards, enum film_look look)
{
    struct film film = {.image = {.width = width,
                                  .height = height,
                                  .format = format,
                                  .matrix = matrix,
                                  .full_range = full_range}};
    int half_w = (width + 1) / 2, half_h = (height + 1) / 2, planes = format == VIDEO_NV12 ? 2 : 3;
    int widths[3] = {width, planes == 2 ? 2 * half_w : half_w, half_w};
    int heights[3] = {height, half_h, half_h};
    size_t sizes[3], total = 0;
    for (int p = 0; p < planes; p++)
        total += sizes[p] = (size_t)(widths[p] + slack) * (size_t)heights[p];
    uint8_t *at = film.memory = malloc(total); /* not a byte more: what reads beyond is found */
    for (int p = 0; p < planes; p++) {
        int stride = widths[p] + slack;
        film.image.planes[p] = upwards ? at + (ptrdiff_t)stride * (heights[p] - 1) : at;
        film.image.strides[p] = upwards ? -stride : stride;
        for (int y = 0; y < heights[p]; y++)
            for (int x = 0; x < stride; x++) {
                int plane = p == 1 && planes == 2 ? 1 + x % 2 : p;
                int column = p == 1 && planes == 2 ? x / 2 : x;
                at[(ptrdiff_t)y * stride + x] = (uint8_t)film_sample(look, plane, column, y);
            }
        at += sizes[p];
    }
    return film;
}

static inline double film_at(const struct video_image *image, int plane, int x, int y)
{
    bool pairs = plane > 0 && image->format == VIDEO_NV12;
    int from = pairs ? 1 : plane;
    return image
        ->planes[from][(ptrdiff_t)y * image->strides[from] + (pairs ? 2 * x + plane - 1 : x)];
}

/* A plane at a point in its samples, through a triangle of that reach; beyond the outermost samples
 * these count. */
static inline double film_filtered(const struct video_image *image, int plane, double x, double y,
                                   double step_x, double step_y, struct rectf source)
{
    int part = plane == 0 ? 1 : 2;
    int left = (int)floor(source.x) / part, right = ((int)ceil(source.x + source.w) - 1) / part;
    int top = (int)floor(source.y) / part, bottom = ((int)ceil(source.y + source.h) - 1) / part;
    double reach_x = fmax(1, step_x / part), reach_y = fmax(1, step_y / part);
    double sum = 0, weights = 0;
    for (int j = (int)floor(y - reach_y); j <= y + reach_y; j++)
        for (int i = (int)floor(x - reach_x); i <= x + reach_x; i++) {
            double weight = fmax(0, 1 - fabs(i - x) / reach_x) * fmax(0, 1 - fabs(j - y) / reach_y);
            int column = i < left ? left : i > right ? right : i;
            int row = j < top ? top : j > bottom ? bottom : j;
            weights += weight;
            if (weight > 0)
                sum += weight * film_at(image, plane, column, row);
        }
    return sum / weights;
}

static inline uint32_t film_level(double value)
{
    return (uint32_t)lrint(fmin(255, fmax(0, value)));
}

/* The pixel at (x, y) of `target`. BT.601 and BT.709, the matrices' textbook form. */
static inline uint32_t film_pixel(const struct video_image *image, struct rectf source,
                                  struct rect target, int x, int y)
{
    double step_x = source.w / target.w, step_y = source.h / target.h;
    double px = source.x + (x - target.x + 0.5) * step_x - 0.5;
    double py = source.y + (y - target.y + 0.5) * step_y - 0.5;
    double luma = film_filtered(image, 0, px, py, step_x, step_y, source);
    double u = film_filtered(image, 1, px / 2, (py - 0.5) / 2, step_x, step_y, source) - 128;
    double v = film_filtered(image, 2, px / 2, (py - 0.5) / 2, step_x, step_y, source) - 128;
    double kr = image->matrix == VIDEO_BT709 ? 0.2126 : 0.299;
    double kb = image->matrix == VIDEO_BT709 ? 0.0722 : 0.114, kg = 1 - kr - kb;
    if (!image->full_range) {
        luma = (luma - 16) * 255 / 219;
        u *= 255.0 / 224;
        v *= 255.0 / 224;
    }
    double red = luma + 2 * (1 - kr) * v, blue = luma + 2 * (1 - kb) * u;
    double green = (luma - kr * red - kb * blue) / kg;
    return 0xFF000000u | film_level(red) << 16 | film_level(green) << 8 | film_level(blue);
}

#endif
