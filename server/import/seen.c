#include "server/import/seen.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

struct slot {
    const char *key; /* NULL: free */
    uint64_t hash;
    struct seen_entry entry;
};

struct seen {
    struct arena *arena;
    struct slot *slots;
    size_t capacity; /* a power of two */
    size_t count;
};

static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        hash = (hash ^ *c) * UINT64_C(1099511628211);
    return hash ^ hash >> 32;
}

static struct slot *slots_create(size_t capacity)
{
    struct slot *slots = calloc(capacity, sizeof(*slots));

    if (!slots)
        abort();
    return slots;
}

struct seen *seen_create(void)
{
    struct seen *seen = calloc(1, sizeof(*seen));

    if (!seen)
        abort();
    seen->arena = arena_create();
    seen->capacity = 256;
    seen->slots = slots_create(seen->capacity);
    return seen;
}

void seen_destroy(struct seen *seen)
{
    if (!seen)
        return;
    arena_destroy(seen->arena);
    free(seen->slots);
    free(seen);
}

/* Linear probing: the key's slot, or the free one where it belongs. */
static struct slot *find(struct slot *slots, size_t capacity, const char *key, uint64_t hash)
{
    size_t at = (size_t)hash & (capacity - 1);

    while (slots[at].key && (slots[at].hash != hash || strcmp(slots[at].key, key) != 0))
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static void grow(struct seen *seen)
{
    size_t capacity = seen->capacity * 2;
    struct slot *slots = slots_create(capacity);

    for (size_t i = 0; i < seen->capacity; i++)
        if (seen->slots[i].key)
            *find(slots, capacity, seen->slots[i].key, seen->slots[i].hash) = seen->slots[i];
    free(seen->slots);
    seen->slots = slots;
    seen->capacity = capacity;
}

struct seen_entry *seen_at(struct seen *seen, const char *key)
{
    uint64_t hash = hash_text(key);

    if (seen->count * 2 >= seen->capacity)
        grow(seen);
    struct slot *slot = find(seen->slots, seen->capacity, key, hash);
    if (!slot->key) {
        slot->key = arena_strdup(seen->arena, key);
        slot->hash = hash;
        seen->count++;
    }
    return &slot->entry;
}
