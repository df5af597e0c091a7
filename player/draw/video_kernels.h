/* The inner loops of films: rows of samples of one plane, in 1/64 of a level, and their way to
 * 0xFFRRGGBB. Integers throughout, so that all processors give the same pixels. Compiled with -O3.
 */
#ifndef VITRINE_PLAYER_DRAW_VIDEO_KERNELS_H
#define VITRINE_PLAYER_DRAW_VIDEO_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/* From samples less their zero to 1/16 of a level: factors of 1 << 13. */
struct video_colors {
    int16_t black; /* of Y, in 1/64 */
    int16_t luma, red_v, green_u, green_v, blue_u;
};

/* Y, U and V of one row, each between two rows: weight of 1 << 15 is the second's. */
struct video_rows {
    const uint16_t *first[3], *second[3];
    int16_t weight[3];
};

/* Samples from `from` on. `stream`: past the caches, for memory that is not read again soon. */
void video_convert_row(uint32_t *target, const struct video_rows *rows, size_t from, size_t count,
                       const struct video_colors *colors, int stream);

/* Samples `step` bytes apart. */
void video_widen(uint16_t *restrict target, const uint8_t *restrict source, int step, size_t count);
/* Every sample, and after each the mean with the next one: reads count + 1, writes 2 * count. */
void video_double(uint16_t *restrict target, const uint8_t *restrict source, int step,
                  size_t count);
/* Target i is the sum of `taps` (a multiple of 4) samples from source[first[i] - base] on, by
 * weights of 1 << 14 that stand from weights[i * taps] on. */
void video_scale(uint16_t *restrict target, const uint16_t *restrict source, const int *first,
                 int base, const uint16_t *weights, int taps, size_t count);
/* Samples of 1/64, every step-th. */
void video_pick(uint16_t *restrict target, const uint16_t *restrict source, int step, size_t count);

#endif
