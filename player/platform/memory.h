/* How the C library's allocator behaves: canvases and pictures are megabytes that come and go, and
 * must go back to the system when they do. */
#ifndef VITRINE_PLAYER_PLATFORM_MEMORY_H
#define VITRINE_PLAYER_PLATFORM_MEMORY_H

/* Before any thread is started. */
void memory_tune(void);
/* After much was freed. */
void memory_trim(void);

#endif
