#include "server/import/vocabulary.h"

#include <string.h>

#include "server/import/fields.h"

const struct term *vocabulary_find(const struct term *terms, size_t count, const char *text,
                                   struct arena *arena)
{
    const char *slug = field_slug(arena, text);

    for (size_t i = 0; *slug && i < count; i++)
        if (strcmp(slug, terms[i].key) == 0 || strcmp(slug, field_slug(arena, terms[i].fr)) == 0 ||
            strcmp(slug, field_slug(arena, terms[i].en)) == 0)
            return &terms[i];
    return NULL;
}
