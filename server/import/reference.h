/* The public lists that imports compare with: the 71 communes of the Métropole and the labels of
 * the NAF (assets/data). Read once, immutable. */
#ifndef VITRINE_SERVER_IMPORT_REFERENCE_H
#define VITRINE_SERVER_IMPORT_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/error.h"

struct commune {
    const char *code_insee;
    const char *name;      /* "Saint-Étienne-du-Rouvray" */
    const char *key;       /* what names are compared by */
    const char *postcodes; /* "76230,76420" */
};

struct reference;

/* folder: the asset folder (core/files.h). */
struct reference *reference_load(const char *folder, struct error *err)
    __attribute__((warn_unused_result));
void reference_destroy(struct reference *reference); /* accepts NULL */

/* The commune of that name: case, accents, hyphens, articles in front, ST for Saint, CEDEX and
 * arrondissements do not count. The postcode, where there is one, must be of Seine-Maritime or one
 * of the commune's own: other departments have their Rouen too. NULL when it is none of the 71. */
const struct commune *reference_commune(const struct reference *reference, const char *name,
                                        const char *postcode);
size_t reference_commune_count(const struct reference *reference);
/* Whether one of the 71 has that postcode; whether there is a commune of that name in
 * Seine-Maritime. */
bool reference_has_postcode(const struct reference *reference, const char *postcode);
bool reference_is_commune(const struct reference *reference, const char *name);
bool commune_has_postcode(const struct commune *commune, const char *postcode);
/* The name as people read it: the official one of a commune of Seine-Maritime ("FECAMP", 76400 →
 * "Fécamp"), else by INSEE's rule ("GOURNAY EN BRAY" → "Gournay-en-Bray", "LES ANDELYS" → "Les
 * Andelys"); other names that are not in capitals stay as they are. */
const char *reference_readable(const struct reference *reference, struct arena *arena,
                               const char *name, const char *postcode);

/* "7820Z", "78.20Z", "78.20 z" → "78.20Z"; NULL when it cannot be a code. */
const char *naf_normalise(struct arena *arena, const char *text);
/* Label of a normalised code, NULL when there is no such sub-class. */
const char *reference_naf_label(const struct reference *reference, const char *naf);

#endif
