/* The inner loops of drawing: rows of 0xFFRRGGBB pixels, no clipping, no allocation. Every product
 * of two 8-bit values is divided by 255 exactly (rounded to nearest), so that all builds and
 * processors give the same pixels. Files named *_kernels.c are compiled with -O3. */
#ifndef VITRINE_PLAYER_DRAW_BLEND_KERNELS_H
#define VITRINE_PLAYER_DRAW_BLEND_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* round(x / 255) for x in 0–65025. */
static inline uint32_t div255(uint32_t x)
{
    x += 128;
    return (x + (x >> 8)) >> 8;
}

void blend_set(uint32_t *target, size_t count, uint32_t pixel);
/* target = color * alpha + target * (1 - alpha); alpha 0–255. */
void blend_fill(uint32_t *target, size_t count, uint32_t color, unsigned alpha);
/* As blend_fill with alpha * mask[i]. */
void blend_mask(uint32_t *target, const uint8_t *mask, size_t count, uint32_t color,
                unsigned alpha);
/* target = source + target * (1 - alpha of source); source is 0xAARRGGBB, premultiplied. */
void blend_over(uint32_t *target, const uint32_t *source, size_t count);
/* As blend_over with the source faded by mask[i]. */
void blend_over_mask(uint32_t *target, const uint32_t *source, const uint8_t *mask, size_t count);
/* target = first * (256 - t) + second * t, all in 1/256, t 0–256, rounded to nearest. */
void blend_mix(uint32_t *target, const uint32_t *first, const uint32_t *second, size_t count,
               unsigned t);
/* The same with weights[i] for pixel i. */
void blend_ramp(uint32_t *target, const uint32_t *first, const uint32_t *second,
                const uint16_t *weights, size_t count);

/* blend_mix for memory that is written but not read again soon (a window's surface): past the
 * caches, which saves reading it first. stream_pixels copies likewise. */
void blend_mix_stream(uint32_t *target, const uint32_t *first, const uint32_t *second, size_t count,
                      unsigned t);
void stream_pixels(uint32_t *target, const uint32_t *source, size_t count);

/* One axis of a resampling: target cell i is the sum of weight[first[i] … + count[i]). Weights are
 * 14-bit fixed point and add up to 1 << 14 exactly. */
struct resample_taps {
    int length;
    int *first;  /* index of the first source cell */
    int *offset; /* of the first weight in `weights` */
    int *count;  /* how many cells */
    uint16_t *weights;
};

/* Bytes R, G, B to opaque pixels. */
void blend_expand_rgb(uint32_t *restrict target, const uint8_t *restrict source, size_t count);
/* 0xAARRGGBB with straight alpha to premultiplied. */
void blend_premultiply(uint32_t *target, const uint32_t *source, size_t count);
/* sum[i] += cells[i] * weight, over the four channels of pixels; `start` sets instead of adding. */
void resample_add(uint32_t *restrict sum, const uint8_t *restrict cells, size_t count,
                  unsigned weight, int start);
/* Two rows of which `weight` of 1 << 14 is the second's, to 14 bits a channel. */
void resample_pair(uint16_t *restrict target, const uint8_t *first, const uint8_t *second,
                   size_t count, unsigned weight);
/* Such sums, of weights that add up to 1 << 14, to 14 bits a channel. */
void resample_narrow(uint16_t *restrict target, const uint32_t *restrict sum, size_t count);
/* Target cells [begin, end) along x, from 14-bit channels whose first pixel is source cell `base`.
 */
void resample_row(uint32_t *restrict target, const uint16_t *restrict source,
                  const struct resample_taps *taps, int begin, int end, int base);

#endif
