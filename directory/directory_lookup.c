#include <string.h>

#include "directory/directory_private.h"

const char *directory_string(const struct directory_strings *strings, uint32_t number)
{
    return strings->texts + strings->offsets[number];
}

const char *directory_word_written(const struct directory_dictionary *dictionary, uint32_t word)
{
    const char *folded = directory_string(&dictionary->words, word);
    const char *written = folded + strlen(folded) + 1;

    return written[0] != '\0' ? written : folded;
}

/* The first string from `from` on that is not before `beginning`; with `past`, not one that begins
 * with it either. */
static uint32_t bound(const struct directory_strings *strings, uint32_t from, const char *beginning,
                      size_t length, bool past)
{
    uint32_t until = strings->count;

    while (from < until) {
        uint32_t middle = from + (until - from) / 2;
        int order = strncmp(directory_string(strings, middle), beginning, length);
        if (order < 0 || (past && order == 0))
            from = middle + 1;
        else
            until = middle;
    }
    return from;
}

void directory_strings_range(const struct directory_strings *strings, const char *beginning,
                             size_t length, uint32_t *from_out, uint32_t *until_out)
{
    *from_out = bound(strings, 0, beginning, length, false);
    *until_out = bound(strings, *from_out, beginning, length, true);
}

void directory_rows_begin(const struct directory_dictionary *dictionary, uint32_t word,
                          struct directory_rows *rows_out)
{
    *rows_out = (struct directory_rows){.at = dictionary->rows + dictionary->starts[word],
                                        .end = dictionary->rows + dictionary->starts[word + 1],
                                        .row = DIRECTORY_NO_ROW};
}
