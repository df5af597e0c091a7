/* The inner loops of a question: costs, a byte for each row, and sets, a bit for each row. Files
 * named *_kernels.c are compiled with -O3. */
#ifndef VITRINE_DIRECTORY_DIRECTORY_COSTS_KERNELS_H
#define VITRINE_DIRECTORY_DIRECTORY_COSTS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#define DIRECTORY_NO_COST 255 /* the row is not found at all */
#define DIRECTORY_COST_MAX 254

/* total += costs, row by row; a row that is not found in one of them is not found. */
void directory_costs_add(uint8_t *restrict total, const uint8_t *restrict costs, size_t count);
/* The rows that are found; `count` is rounded up to 64, there must be room. */
void directory_costs_found(const uint8_t *costs, uint64_t *set_out, size_t count);
/* How many bits are in both. */
uint32_t directory_sets_common(const uint64_t *a, const uint64_t *b, size_t words);

#endif
