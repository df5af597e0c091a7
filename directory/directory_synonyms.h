/* What people ask for by another word than the records say. */
#ifndef VITRINE_DIRECTORY_DIRECTORY_SYNONYMS_H
#define VITRINE_DIRECTORY_DIRECTORY_SYNONYMS_H

#include <stdbool.h>
#include <stddef.h>

/* Words stand in groups of the same meaning, folded and in the singular. Calls `take` for each
 * word that means the same as one of `words`, or as several in a row ("petite enfance");
 * `words`: folded, one space between them. */
void directory_synonyms(const char *words,
                        void (*take)(void *context, const char *word, size_t length),
                        void *context);

#endif
