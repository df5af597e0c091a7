/* How French words that registers write in bare capitals are spelt. */
#ifndef VITRINE_PLAYLISTS_TYPOGRAPHY_WORDS_H
#define VITRINE_PLAYLISTS_TYPOGRAPHY_WORDS_H

#include <stddef.h>

/* "INTERIM" → "intérim", in lower case; NULL for words without accents, and for those that could
 * be read in two ways. */
const char *typography_words_spelling(const char *capitals, size_t length);

#endif
