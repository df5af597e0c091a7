#include "player/draw/rotate_kernels.h"

#include <stddef.h>
#include <string.h>

typedef uint32_t quad __attribute__((vector_size(16)));

static inline quad load(const uint32_t *pixels)
{
    quad four;
    memcpy(&four, pixels, sizeof four);
    return four;
}

static inline void store(uint32_t *pixels, quad four)
{
    memcpy(pixels, &four, sizeof four);
}

/* Rows a–d of a 4 × 4 block become columns; row i of the result goes to target + i * stride. */
static inline void transpose(uint32_t *target, ptrdiff_t stride, quad a, quad b, quad c, quad d)
{
    quad low_ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    quad high_ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    quad low_cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    quad high_cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    store(target, __builtin_shufflevector(low_ab, low_cd, 0, 1, 4, 5));
    store(target + stride, __builtin_shufflevector(low_ab, low_cd, 2, 3, 6, 7));
    store(target + 2 * stride, __builtin_shufflevector(high_ab, high_cd, 0, 1, 4, 5));
    store(target + 3 * stride, __builtin_shufflevector(high_ab, high_cd, 2, 3, 6, 7));
}

/* Source row y becomes target column height - 1 - y, read upwards. */
static void rotate_90(uint32_t *target, ptrdiff_t target_stride, const uint32_t *source,
                      ptrdiff_t source_stride, int width, int height)
{
    int whole_w = width & ~3, whole_h = height & ~3;
    for (int y = 0; y < whole_h; y += 4) {
        const uint32_t *row = source + y * source_stride;
        uint32_t *out = target + height - 4 - y;
        for (int x = 0; x < whole_w; x += 4)
            transpose(out + x * target_stride, target_stride, load(row + 3 * source_stride + x),
                      load(row + 2 * source_stride + x), load(row + source_stride + x),
                      load(row + x));
    }
    for (int y = 0; y < height; y++)
        for (int x = y < whole_h ? whole_w : 0; x < width; x++)
            target[x * target_stride + height - 1 - y] = source[y * source_stride + x];
}

static void rotate_270(uint32_t *target, ptrdiff_t target_stride, const uint32_t *source,
                       ptrdiff_t source_stride, int width, int height)
{
    int whole_w = width & ~3, whole_h = height & ~3;
    uint32_t *last = target + (width - 1) * target_stride;
    for (int y = 0; y < whole_h; y += 4) {
        const uint32_t *row = source + y * source_stride;
        for (int x = 0; x < whole_w; x += 4)
            transpose(last - x * target_stride + y, -target_stride, load(row + x),
                      load(row + source_stride + x), load(row + 2 * source_stride + x),
                      load(row + 3 * source_stride + x));
    }
    for (int y = 0; y < height; y++)
        for (int x = y < whole_h ? whole_w : 0; x < width; x++)
            last[-x * target_stride + y] = source[y * source_stride + x];
}

static void rotate_180(uint32_t *restrict target, ptrdiff_t target_stride,
                       const uint32_t *restrict source, ptrdiff_t source_stride, int width,
                       int height)
{
    for (int y = 0; y < height; y++) {
        const uint32_t *row = source + y * source_stride;
        uint32_t *out = target + (height - 1 - y) * target_stride;
        for (int x = 0; x < width; x++)
            out[width - 1 - x] = row[x];
    }
}

void rotate_block(uint32_t *target, int target_stride, const uint32_t *source, int source_stride,
                  int width, int height, int rotation)
{
    if (rotation == 90)
        rotate_90(target, target_stride, source, source_stride, width, height);
    else if (rotation == 180)
        rotate_180(target, target_stride, source, source_stride, width, height);
    else
        rotate_270(target, target_stride, source, source_stride, width, height);
}
