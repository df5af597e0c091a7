/* Checks and forms of single values that directory files hold. Results are in the caller's arena.
 */
#ifndef VITRINE_SERVER_IMPORT_FIELDS_H
#define VITRINE_SERVER_IMPORT_FIELDS_H

#include <stdbool.h>

#include "core/arena.h"

/* NFC, control characters dropped, runs of white space (newlines too) made one space, none at
 * either end. */
const char *field_tidy(struct arena *arena, const char *text);

/* The text itself, or its beginning up to the last space before max bytes, with "…" behind. */
const char *field_cut(struct arena *arena, const char *text, size_t max);

/* Why a SIRET is refused. */
enum siret_fault {
    SIRET_GOOD,
    SIRET_EMPTY,
    SIRET_SHORT,    /* 13 digits: a spreadsheet took a leading zero away, perhaps */
    SIRET_EXPONENT, /* "3,93597E+13": digits are lost for good */
    SIRET_LENGTH,
    SIRET_CHARACTERS,
    SIRET_KEY,
};

/* 14 digits, spaces, dots and hyphens between them allowed; Luhn's key (ISO/IEC 7812-1, annex B)
 * over all 14. Establishments of La Poste (SIREN 356 000 000) may instead have a sum of digits that
 * is a multiple of 5 (INSEE, Sirene). Fourteen zeros are none. */
enum siret_fault field_siret(const char *text, char siret_out[15]);
/* "W" and 9 digits. */
bool field_rna(struct arena *arena, const char *text, const char **out);
/* 5 digits; 4 digits are a lost leading zero. */
bool field_postcode(struct arena *arena, const char *text, const char **out);
/* French numbers, "+33", "+33 (0)", "0033" or "0" in front, or a lost zero: "02 35 59 74 22"; short
 * numbers as "39 49". Of several, divided by "/", "," ";" or "ou", the first. */
bool field_phone(struct arena *arena, const char *text, const char **out);
/* One address: local part and domain with a dot, no spaces or control characters. The domain is put
 * in lower case. */
bool field_email(struct arena *arena, const char *text, const char **out);
/* http or https; "www.exemple.fr" gets https:// in front. */
bool field_website(struct arena *arena, const char *text, const char **out);
/* "1", "oui", "vrai", "x", "yes", "true" / "0", "non", "faux", "", "no", "false". */
bool field_flag(const char *text, bool *out);
/* "49,44" or "49.44": degrees between -most and most. */
bool field_degrees(const char *text, double most, double *out);
/* [a-z0-9-]: the folded text with hyphens for spaces, at most 64 bytes. */
const char *field_slug(struct arena *arena, const char *text);

#endif
