/* The two dictionaries of a directory in the making: which rows have which words. Shared by the
 * files of directory/ only. */
#ifndef VITRINE_DIRECTORY_DIRECTORY_INDEX_H
#define VITRINE_DIRECTORY_DIRECTORY_INDEX_H

#include "core/arena.h"
#include "core/strbuf.h"
#include "directory/directory_private.h"

struct directory_posting {
    const char *word;    /* folded */
    const char *written; /* "" when the same */
    uint32_t row;
    uint8_t found; /* enum directory_class */
};

struct directory_index {
    struct arena *arena; /* of the words */
    size_t count, room;
    struct directory_posting *items;
};

/* The words of a text that people read, small ones excepted. */
void directory_index_text(struct directory_index *index, uint32_t row, enum directory_class found,
                          const char *text);
void directory_index_word(struct directory_index *index, uint32_t row, enum directory_class found,
                          const char *word, size_t length, const char *written);

/* The blobs of a dictionary, in the order of their columns. */
struct directory_index_blobs {
    struct strbuf texts, starts, sizes, rows;
};
/* Sorts the postings; call before the blobs. */
void directory_index_sort(struct directory_index *index);
void directory_index_words(const struct directory_index *index, struct directory_index_blobs *out);
void directory_index_prefixes(const struct directory_index *index, uint32_t row_count,
                              struct directory_index_blobs *out);
void directory_index_blobs_finish(struct directory_index_blobs *blobs);
void directory_index_finish(struct directory_index *index);

#endif
