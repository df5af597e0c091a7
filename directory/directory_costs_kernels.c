#include "directory/directory_costs_kernels.h"

#include <string.h>

#ifdef __x86_64__
/* The baseline has no instruction that counts bits. */
#define CLONES __attribute__((target_clones("popcnt", "default")))
#else
#define CLONES
#endif

void directory_costs_add(uint8_t *restrict total, const uint8_t *restrict costs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned sum = (unsigned)total[i] + costs[i];
        uint8_t cost = (uint8_t)(sum < DIRECTORY_COST_MAX ? sum : DIRECTORY_COST_MAX);
        total[i] = total[i] == DIRECTORY_NO_COST || costs[i] == DIRECTORY_NO_COST
                       ? DIRECTORY_NO_COST
                       : cost;
    }
}

/* Eight rows at a time: a byte's highest bit is set when the byte is not 255, then these bits are
 * brought together by a product. */
void directory_costs_found(const uint8_t *costs, uint64_t *set_out, size_t count)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);

    for (size_t word = 0; word < (count + 63) / 64; word++) {
        uint64_t set = 0;
        for (unsigned part = 0; part < 8; part++) {
            uint64_t eight;
            memcpy(&eight, costs + word * 64 + part * 8, sizeof(eight));
            eight = ~eight;
            uint64_t found = ((((eight & low) + low) | eight) & ~low) >> 7;
            set |= (found * UINT64_C(0x0102040810204080) >> 56) << (part * 8);
        }
        set_out[word] = set;
    }
}

CLONES uint32_t directory_sets_common(const uint64_t *a, const uint64_t *b, size_t words)
{
    uint32_t common = 0;

    for (size_t i = 0; i < words; i++)
        common += (uint32_t)__builtin_popcountll(a[i] & b[i]);
    return common;
}
