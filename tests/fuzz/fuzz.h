/* What a fuzz target is: libFuzzer's entry, which seeds.c calls as well. A target is wrong when it
 * crashes, hangs, leaks, or when something that was accepted does not come back as it was. */
#ifndef VITRINE_TESTS_FUZZ_FUZZ_H
#define VITRINE_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Not assert: release builds must fail too. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
