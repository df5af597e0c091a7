/* Memory that is freed all at once: one arena per request on the server, one per loaded manifest on
 * the player. Not thread-safe. Small allocations abort when memory is out. */
#ifndef VITRINE_CORE_ARENA_H
#define VITRINE_CORE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
/* The same with a first block of so many bytes, for what is mostly small and kept in thousands. */
struct arena *arena_create_small(size_t first);
void arena_destroy(struct arena *arena); /* accepts NULL */
/* Frees what was given out but keeps one block, for the next request. */
void arena_reset(struct arena *arena);

/* Zeroed, aligned for any type. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));
/* Zeroed array; aborts on overflow of count * size. */
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));
char *arena_strdup(struct arena *arena, const char *text); /* NULL gives NULL */
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes given out since creation or reset, for tests and limits. */
size_t arena_used(const struct arena *arena);

#endif
