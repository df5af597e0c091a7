#include "player/draw/video_kernels.h"

#ifdef __SSE2__
#include <immintrin.h>
#endif

#include "player/draw/clones.h"

static inline int multiply(int a, int b)
{
    return (a * b + 0x4000) >> 15;
}

static inline int between(const struct video_rows *rows, int plane, size_t i)
{
    int first = rows->first[plane][i], second = rows->second[plane][i];
    return first + multiply(second - first, rows->weight[plane]);
}

static inline uint32_t level(int sixteenths)
{
    int rounded = (sixteenths + 8) >> 4;
    return (uint32_t)(rounded < 0 ? 0 : rounded > 255 ? 255 : rounded);
}

CLONES static void convert_plain(uint32_t *target, const struct video_rows *rows, size_t from,
                                 size_t count, const struct video_colors *c)
{
    for (size_t i = 0; i < count; i++) {
        int y = multiply(between(rows, 0, from + i) - c->black, c->luma);
        int u = between(rows, 1, from + i) - 128 * 64;
        int v = between(rows, 2, from + i) - 128 * 64;
        target[i] = 0xFF000000u | level(y + multiply(v, c->red_v)) << 16 |
                    level(y - multiply(u, c->green_u) - multiply(v, c->green_v)) << 8 |
                    level(y + multiply(u, c->blue_u));
    }
}

#ifdef __x86_64__
enum { WIDE = 16 }; /* samples in a vector of AVX2 */

#define WITH_AVX2 __attribute__((target("avx2"))) static inline

WITH_AVX2 __m256i load_wide(const struct video_rows *rows, int plane, size_t i, __m256i weight)
{
    __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)(rows->first[plane] + i));
    if (rows->weight[plane] == 0)
        return first;
    __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(rows->second[plane] + i));
    return _mm256_add_epi16(first, _mm256_mulhrs_epi16(_mm256_sub_epi16(second, first), weight));
}

WITH_AVX2 __m256i level_wide(__m256i sixteenths)
{
    __m256i rounded = _mm256_srai_epi16(_mm256_add_epi16(sixteenths, _mm256_set1_epi16(8)), 4);
    return _mm256_max_epi16(_mm256_min_epi16(rounded, _mm256_set1_epi16(255)),
                            _mm256_setzero_si256());
}

WITH_AVX2 void store_wide(uint32_t *target, __m256i pixels, int stream)
{
    if (stream)
        _mm256_stream_si256((__m256i *)(void *)target, pixels);
    else
        _mm256_store_si256((__m256i *)(void *)target, pixels);
}

/* GCC makes three times as many instructions of the plain loop, and stores to the cache. target
 * stands at a multiple of 32 bytes, count is a multiple of WIDE. */
__attribute__((target("avx2"))) static void convert_wide(uint32_t *target,
                                                         const struct video_rows *rows, size_t from,
                                                         size_t count, const struct video_colors *c,
                                                         int stream)
{
    const __m256i weight_y = _mm256_set1_epi16(rows->weight[0]);
    const __m256i weight_u = _mm256_set1_epi16(rows->weight[1]);
    const __m256i weight_v = _mm256_set1_epi16(rows->weight[2]);
    const __m256i black = _mm256_set1_epi16(c->black), grey = _mm256_set1_epi16(128 * 64);
    const __m256i luma = _mm256_set1_epi16(c->luma), red_v = _mm256_set1_epi16(c->red_v);
    const __m256i green_u = _mm256_set1_epi16(c->green_u);
    const __m256i green_v = _mm256_set1_epi16(c->green_v);
    const __m256i blue_u = _mm256_set1_epi16(c->blue_u);
    const __m256i opaque = _mm256_set1_epi16((short)0xFF00);
    for (size_t i = 0; i < count; i += WIDE) {
        __m256i y = _mm256_sub_epi16(load_wide(rows, 0, from + i, weight_y), black);
        __m256i u = _mm256_sub_epi16(load_wide(rows, 1, from + i, weight_u), grey);
        __m256i v = _mm256_sub_epi16(load_wide(rows, 2, from + i, weight_v), grey);
        y = _mm256_mulhrs_epi16(y, luma);
        __m256i r = level_wide(_mm256_add_epi16(y, _mm256_mulhrs_epi16(v, red_v)));
        __m256i g = level_wide(_mm256_sub_epi16(
            _mm256_sub_epi16(y, _mm256_mulhrs_epi16(u, green_u)), _mm256_mulhrs_epi16(v, green_v)));
        __m256i b = level_wide(_mm256_add_epi16(y, _mm256_mulhrs_epi16(u, blue_u)));
        __m256i bg = _mm256_or_si256(b, _mm256_slli_epi16(g, 8)), ra = _mm256_or_si256(r, opaque);
        __m256i low = _mm256_unpacklo_epi16(bg, ra), high = _mm256_unpackhi_epi16(bg, ra);
        store_wide(target + i, _mm256_permute2x128_si256(low, high, 0x20), stream);
        store_wide(target + i + 8, _mm256_permute2x128_si256(low, high, 0x31), stream);
    }
}
#endif

void video_convert_row(uint32_t *target, const struct video_rows *rows, size_t from, size_t count,
                       const struct video_colors *colors, int stream)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2")) {
        size_t head = (size_t)(-(uintptr_t)target / sizeof *target) % 8;
        head = head < count ? head : count;
        size_t wide = (count - head) / WIDE * WIDE, rest = head + wide;
        convert_plain(target, rows, from, head, colors);
        convert_wide(target + head, rows, from + head, wide, colors, stream);
        convert_plain(target + rest, rows, from + rest, count - rest, colors);
        return;
    }
#endif
    (void)stream;
    convert_plain(target, rows, from, count, colors);
}

CLONES void video_widen(uint16_t *restrict target, const uint8_t *restrict source, int step,
                        size_t count)
{
    if (step == 1) {
        for (size_t i = 0; i < count; i++)
            target[i] = (uint16_t)(source[i] << 6);
    } else {
        for (size_t i = 0; i < count; i++)
            target[i] = (uint16_t)(source[2 * i] << 6);
    }
}

CLONES void video_double(uint16_t *restrict target, const uint8_t *restrict source, int step,
                         size_t count)
{
    if (step == 1) {
        for (size_t i = 0; i < count; i++) {
            target[2 * i] = (uint16_t)(source[i] << 6);
            target[2 * i + 1] = (uint16_t)((source[i] + source[i + 1]) << 5);
        }
    } else {
        for (size_t i = 0; i < count; i++) {
            target[2 * i] = (uint16_t)(source[2 * i] << 6);
            target[2 * i + 1] = (uint16_t)((source[2 * i] + source[2 * i + 2]) << 5);
        }
    }
}

static inline uint16_t sum_plain(const uint16_t *source, const uint16_t *weights, int taps)
{
    uint32_t sum = 1u << 13;
    for (int k = 0; k < taps; k++)
        sum += (uint32_t)source[k] * weights[k];
    return (uint16_t)(sum >> 14);
}

#ifdef __SSE2__
/* Four samples each of two places. */
static inline __m128i load_two(const uint16_t *a, const uint16_t *b)
{
    __m128i low = _mm_loadl_epi64((const __m128i *)(const void *)a);
    return _mm_castps_si128(_mm_loadh_pi(_mm_castsi128_ps(low), (const __m64 *)(const void *)b));
}

static inline __m128i load_weights(const uint16_t *weights)
{
    return _mm_loadu_si128((const __m128i *)(const void *)weights);
}

/* Four targets at once when they have four taps each. */
static inline __m128i scale_four(const uint16_t *source, const int *first, int base,
                                 const uint16_t *weights)
{
    __m128i low = _mm_madd_epi16(load_two(source + (first[0] - base), source + (first[1] - base)),
                                 load_weights(weights));
    __m128i high = _mm_madd_epi16(load_two(source + (first[2] - base), source + (first[3] - base)),
                                  load_weights(weights + 8));
    __m128 a = _mm_castsi128_ps(low), b = _mm_castsi128_ps(high);
    __m128i sum = _mm_add_epi32(_mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0))),
                                _mm_castps_si128(_mm_shuffle_ps(a, b, _MM_SHUFFLE(3, 1, 3, 1))));
    return _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(1 << 13)), 14);
}
#endif

void video_scale(uint16_t *restrict target, const uint16_t *restrict source, const int *first,
                 int base, const uint16_t *weights, int taps, size_t count)
{
    size_t i = 0;
#ifdef __SSE2__
    for (; taps == 4 && i + 8 <= count; i += 8) {
        __m128i low = scale_four(source, first + i, base, weights + 4 * i);
        __m128i high = scale_four(source, first + i + 4, base, weights + 4 * i + 16);
        _mm_storeu_si128((__m128i *)(void *)(target + i), _mm_packs_epi32(low, high));
    }
#endif
    for (; i < count; i++)
        target[i] = sum_plain(source + (first[i] - base), weights + i * (size_t)taps, taps);
}

CLONES void video_pick(uint16_t *restrict target, const uint16_t *restrict source, int step,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        target[i] = source[i * (size_t)step];
}
