#include "player/draw/blend_kernels.h"

#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "player/draw/clones.h"

void stream_pixels(uint32_t *restrict target, const uint32_t *restrict source, size_t count)
{
#ifdef __SSE2__
    while (count > 0 && ((uintptr_t)target & 15) != 0) {
        *target++ = *source++;
        count--;
    }
    for (; count >= 4; count -= 4, target += 4, source += 4)
        _mm_stream_si128((__m128i *)(void *)target,
                         _mm_loadu_si128((const __m128i *)(const void *)source));
#endif
    memcpy(target, source, count * sizeof *target);
}

/* Two channels at a time in the halves of a word: 0x00RR00BB and 0x00AA00GG. */
static inline uint32_t div255_pair(uint32_t x)
{
    x += 0x00800080u;
    return ((x + ((x >> 8) & 0x00FF00FFu)) >> 8) & 0x00FF00FFu;
}

static inline uint32_t lerp_pixel(uint32_t target, uint32_t color, uint32_t alpha)
{
    uint32_t rest = 255 - alpha;
    uint32_t rb = div255_pair((color & 0x00FF00FFu) * alpha + (target & 0x00FF00FFu) * rest);
    uint32_t ag =
        div255_pair(((color >> 8) & 0x00FF00FFu) * alpha + ((target >> 8) & 0x00FF00FFu) * rest);
    return rb | ag << 8 | 0xFF000000u;
}

CLONES void blend_set(uint32_t *target, size_t count, uint32_t pixel)
{
    for (size_t i = 0; i < count; i++)
        target[i] = pixel;
}

CLONES void blend_fill(uint32_t *target, size_t count, uint32_t color, unsigned alpha)
{
    for (size_t i = 0; i < count; i++)
        target[i] = lerp_pixel(target[i], color, alpha);
}

CLONES void blend_mask(uint32_t *restrict target, const uint8_t *restrict mask, size_t count,
                       uint32_t color, unsigned alpha)
{
    for (size_t i = 0; i < count; i++)
        target[i] = lerp_pixel(target[i], color, div255(mask[i] * alpha));
}

CLONES void blend_over(uint32_t *restrict target, const uint32_t *restrict source, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t rest = 255 - (source[i] >> 24);
        uint32_t rb = div255_pair((target[i] & 0x00FF00FFu) * rest);
        uint32_t ag = div255_pair(((target[i] >> 8) & 0x00FF00FFu) * rest);
        target[i] = (source[i] + (rb | ag << 8)) | 0xFF000000u;
    }
}

CLONES void blend_over_mask(uint32_t *restrict target, const uint32_t *restrict source,
                            const uint8_t *restrict mask, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t cover = mask[i];
        uint32_t rb = div255_pair((source[i] & 0x00FF00FFu) * cover);
        uint32_t ag = div255_pair(((source[i] >> 8) & 0x00FF00FFu) * cover);
        uint32_t rest = 255 - (ag >> 16);
        uint32_t target_rb = div255_pair((target[i] & 0x00FF00FFu) * rest);
        uint32_t target_ag = div255_pair(((target[i] >> 8) & 0x00FF00FFu) * rest);
        target[i] = ((rb | ag << 8) + (target_rb | target_ag << 8)) | 0xFF000000u;
    }
}

static inline void mix_bytes(uint8_t *restrict out, const uint8_t *restrict a,
                             const uint8_t *restrict b, size_t count, unsigned t)
{
    uint16_t weight_b = (uint16_t)t, weight_a = (uint16_t)(256 - t);
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)((uint16_t)(a[i] * weight_a + b[i] * weight_b + 128) >> 8);
}

CLONES void blend_mix(uint32_t *restrict target, const uint32_t *restrict first,
                      const uint32_t *restrict second, size_t count, unsigned t)
{
    mix_bytes((uint8_t *)target, (const uint8_t *)first, (const uint8_t *)second, count * 4, t);
}

CLONES void blend_ramp(uint32_t *restrict target, const uint32_t *restrict first,
                       const uint32_t *restrict second, const uint16_t *restrict weights,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t t = weights[i], rest = 256 - t;
        uint32_t rb = (first[i] & 0x00FF00FFu) * rest + (second[i] & 0x00FF00FFu) * t + 0x00800080u;
        uint32_t ag =
            (first[i] >> 8 & 0x00FF00FFu) * rest + (second[i] >> 8 & 0x00FF00FFu) * t + 0x00800080u;
        target[i] = (rb >> 8 & 0x00FF00FFu) | (ag & 0xFF00FF00u);
    }
}

CLONES static void mix_stream_chunks(uint32_t *restrict target, const uint32_t *restrict first,
                                     const uint32_t *restrict second, size_t count, unsigned t)
{
    enum { CHUNK = 512 };
    uint32_t mixed[CHUNK] __attribute__((aligned(64)));
    while (count > 0) {
        size_t part = count < CHUNK ? count : CHUNK;
        mix_bytes((uint8_t *)mixed, (const uint8_t *)first, (const uint8_t *)second, part * 4, t);
        stream_pixels(target, mixed, part);
        target += part;
        first += part;
        second += part;
        count -= part;
    }
}

#ifdef __x86_64__
enum { WIDE = 8 }; /* pixels in a vector of AVX2 */

/* Straight from two vectors to memory: GCC's own loop stores to the cache, and the way through a
 * chunk in it takes half as long again. Wider vectors win nothing, memory is the limit. target
 * stands at a multiple of 32 bytes, count is a multiple of WIDE. */
__attribute__((target("avx2"))) static void mix_stream_wide(uint32_t *target, const uint32_t *first,
                                                            const uint32_t *second, size_t count,
                                                            unsigned t)
{
    const __m256i zero = _mm256_setzero_si256(), half = _mm256_set1_epi16(128);
    const __m256i weight_a = _mm256_set1_epi16((short)(256 - t));
    const __m256i weight_b = _mm256_set1_epi16((short)t);
    for (size_t i = 0; i < count; i += WIDE) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(first + i));
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(second + i));
        __m256i low = _mm256_add_epi16(_mm256_mullo_epi16(_mm256_unpacklo_epi8(a, zero), weight_a),
                                       _mm256_mullo_epi16(_mm256_unpacklo_epi8(b, zero), weight_b));
        __m256i high =
            _mm256_add_epi16(_mm256_mullo_epi16(_mm256_unpackhi_epi8(a, zero), weight_a),
                             _mm256_mullo_epi16(_mm256_unpackhi_epi8(b, zero), weight_b));
        low = _mm256_srli_epi16(_mm256_add_epi16(low, half), 8);
        high = _mm256_srli_epi16(_mm256_add_epi16(high, half), 8);
        _mm256_stream_si256((__m256i *)(void *)(target + i), _mm256_packus_epi16(low, high));
    }
}
#endif

void blend_mix_stream(uint32_t *restrict target, const uint32_t *restrict first,
                      const uint32_t *restrict second, size_t count, unsigned t)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        size_t head = (size_t)(-(uintptr_t)target / sizeof *target) % WIDE;
        head = head < count ? head : count;
        size_t wide = (count - head) / WIDE * WIDE;
        size_t rest = head + wide;
        blend_mix(target, first, second, head, t);
        mix_stream_wide(target + head, first + head, second + head, wide, t);
        blend_mix(target + rest, first + rest, second + rest, count - rest, t);
        return;
    }
#endif
    mix_stream_chunks(target, first, second, count, t);
}

CLONES void blend_expand_rgb(uint32_t *restrict target, const uint8_t *restrict source,
                             size_t count)
{
    for (size_t i = 0; i < count; i++)
        target[i] = 0xFF000000u | (uint32_t)source[3 * i] << 16 | (uint32_t)source[3 * i + 1] << 8 |
                    source[3 * i + 2];
}

CLONES void blend_premultiply(uint32_t *restrict target, const uint32_t *restrict source,
                              size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t alpha = source[i] >> 24;
        uint32_t rb = div255_pair((source[i] & 0x00FF00FFu) * alpha);
        uint32_t g = div255((source[i] >> 8 & 0xFF) * alpha);
        target[i] = alpha << 24 | rb | g << 8;
    }
}

CLONES void resample_add(uint32_t *restrict sum, const uint8_t *restrict cells, size_t count,
                         unsigned weight, int start)
{
    if (start) {
        for (size_t i = 0; i < count; i++)
            sum[i] = cells[i] * weight;
    } else {
        for (size_t i = 0; i < count; i++)
            sum[i] += cells[i] * weight;
    }
}

CLONES void resample_pair(uint16_t *restrict target, const uint8_t *first, const uint8_t *second,
                          size_t count, unsigned weight)
{
    uint32_t rest = (1u << 14) - weight;
    for (size_t i = 0; i < count; i++)
        target[i] = (uint16_t)((first[i] * rest + second[i] * weight + 128) >> 8);
}

CLONES void resample_narrow(uint16_t *restrict target, const uint32_t *restrict sum, size_t count)
{
    for (size_t i = 0; i < count; i++)
        target[i] = (uint16_t)((sum[i] + 128) >> 8);
}

typedef uint32_t lanes __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(4)));
typedef uint16_t halves __attribute__((vector_size(8)));

static inline lanes load_cell(const uint16_t *channels)
{
    halves cell;
    memcpy(&cell, channels, sizeof cell);
    return __builtin_convertvector(cell, lanes);
}

CLONES void resample_row(uint32_t *restrict target, const uint16_t *restrict source,
                         const struct resample_taps *taps, int begin, int end, int base)
{
    for (int i = begin; i < end; i++) {
        const uint16_t *weights = taps->weights + taps->offset[i];
        const uint16_t *cells = source + 4 * (ptrdiff_t)(taps->first[i] - base);
        int count = taps->count[i];
        lanes sum = load_cell(cells) * weights[0] + (1u << 19);
        for (int k = 1; k < count; k++)
            sum += load_cell(cells + 4 * k) * weights[k];
        bytes pixel = __builtin_convertvector(sum >> 20, bytes);
        memcpy(target + (i - begin), &pixel, sizeof pixel);
    }
}
