/* Closed lists that organisations are described by: keys that are stored, labels that people read.
 * They are data (assets/data/vocabulaires.json), made into these tables by cmake/Vocabulary.cmake;
 * keys are never renamed. */
#ifndef VITRINE_SERVER_IMPORT_VOCABULARY_H
#define VITRINE_SERVER_IMPORT_VOCABULARY_H

#include <stddef.h>

#include "core/arena.h"

struct term {
    const char *key;
    const char *fr;
    const char *en;
};

/* What it offers to firms for their social responsibility. */
#define VOCABULARY_RSE 9
extern const struct term vocabulary_rse[VOCABULARY_RSE];
extern const char *const vocabulary_rse_tags[VOCABULARY_RSE];

/* Public markets that may be reserved for it (Code de la commande publique). */
#define VOCABULARY_MARCHES_RESERVES 4
extern const struct term vocabulary_marches_reserves[VOCABULARY_MARCHES_RESERVES];
extern const char *const vocabulary_marches_reserves_tags[VOCABULARY_MARCHES_RESERVES];

/* The term that is meant by a key or by one of its labels, however it is written; NULL: none. */
const struct term *vocabulary_find(const struct term *terms, size_t count, const char *text,
                                   struct arena *arena);

#endif
