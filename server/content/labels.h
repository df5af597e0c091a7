/* Codes of the directory in words that people read. Pure. */
#ifndef VITRINE_SERVER_CONTENT_LABELS_H
#define VITRINE_SERVER_CONTENT_LABELS_H

#include "core/arena.h"
#include "core/lang.h"
#include "server/store/events.h"
#include "server/store/organisations.h"

/* "reemploi" → "Réemploi". A sector that nobody listed is shown as written, capital first; "" gives
 * "". */
const char *label_sector(const char *sector, struct arena *arena);
const char *label_sector_in(const char *sector, enum lang lang, struct arena *arena);
/* "ACI" → "Atelier et chantier d’insertion" (Code du travail, art. L5132-4 and L5213-13; ESAT:
 * Code de l'action sociale, art. L344-2). NULL for an unknown code. */
const char *label_insertion_type(const char *code);
const char *label_insertion_type_in(const char *code, enum lang lang);
/* "" when it is not known. */
const char *label_family_in(enum famille_ess family, enum lang lang);
/* "Atelier et chantier d’insertion, entreprise adaptée"; "" when there are none. */
const char *label_insertion_types(const struct text_list *codes, struct arena *arena);
/* What the organisation does: its first two sectors, else its NAF label, else its types, else its
 * ESS family; "" when nothing is known. */
const char *label_activity(const struct organisation *organisation, struct arena *arena);
/* "" for an event that takes place as announced. */
const char *label_event_status(enum event_status status, enum lang lang);

#endif
