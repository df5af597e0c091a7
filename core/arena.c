#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_FIRST ((size_t)16 * 1024)
#define BLOCK_LARGEST ((size_t)1024 * 1024)
#define ALIGNMENT alignof(max_align_t)

struct block {
    struct block *next; /* the one filled before */
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *current;
    size_t given;
};

static struct block *block_create(size_t size, struct block *next)
{
    struct block *block = malloc(sizeof *block + size);
    if (block == NULL) {
        abort();
    }
    block->next = next;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *arena_create_small(size_t first)
{
    struct arena *arena = malloc(sizeof *arena);
    if (arena == NULL) {
        abort();
    }
    arena->current = block_create(first, NULL);
    arena->given = 0;
    return arena;
}

struct arena *arena_create(void)
{
    return arena_create_small(BLOCK_FIRST);
}

/* Frees all blocks but the first one made, which it returns. */
static struct block *free_to_first(struct arena *arena)
{
    struct block *block = arena->current;
    while (block->next != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    return block;
}

void arena_destroy(struct arena *arena)
{
    if (arena != NULL) {
        free(free_to_first(arena));
        free(arena);
    }
}

void arena_reset(struct arena *arena)
{
    arena->current = free_to_first(arena);
    arena->current->used = 0;
    arena->given = 0;
}

/* A block for at least `size` bytes. Blocks double, so that a large document takes few of them. */
static void add_block(struct arena *arena, size_t size)
{
    size_t next =
        arena->current->size < BLOCK_LARGEST / 2 ? arena->current->size * 2 : BLOCK_LARGEST;
    arena->current = block_create(size > next ? size : next, arena->current);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        abort();
    }
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (rounded > arena->current->size - arena->current->used) {
        add_block(arena, rounded);
    }
    struct block *block = arena->current;
    void *bytes = block->bytes + block->used;
    block->used += rounded;
    arena->given += size;
    memset(bytes, 0, rounded);
    return bytes;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        abort();
    }
    return arena_alloc(arena, total);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    /* Strings need no alignment, and no zeroing but their end. */
    size_t size = length + 1;
    if (size > arena->current->size - arena->current->used) {
        if (size == 0 || size > SIZE_MAX / 2) {
            abort();
        }
        add_block(arena, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    }
    struct block *block = arena->current;
    char *copy = (char *)block->bytes + block->used;
    memcpy(copy, text, length);
    copy[length] = '\0';
    size_t rounded = (block->used + size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block->used = rounded < block->size ? rounded : block->size;
    arena->given += size;
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        abort();
    }
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

size_t arena_used(const struct arena *arena)
{
    return arena->given;
}
