#include "player/platform/memory.h"

#include <malloc.h>

void memory_tune(void)
{
    /* A fixed threshold: left alone glibc raises it to the largest block ever freed, and pictures
     * then stay in the heap for good. */
    mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    mallopt(M_TRIM_THRESHOLD, 512 * 1024);
    mallopt(M_ARENA_MAX, 2);
}

void memory_trim(void)
{
    malloc_trim(0);
}
