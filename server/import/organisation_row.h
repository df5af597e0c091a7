/* One row of a directory file, made into an organisation: checks, forms, matching. */
#ifndef VITRINE_SERVER_IMPORT_ORGANISATION_ROW_H
#define VITRINE_SERVER_IMPORT_ORGANISATION_ROW_H

#include "server/import/layout.h"
#include "server/import/reference.h"
#include "server/store/fleet.h"
#include "server/store/organisations.h"

struct row_reader {
    const struct layout_columns *columns;
    const struct reference *reference;
    const struct site_list *sites;
    struct import_report *report;
    struct arena *arena; /* for one row's strings */
};

/* Bits by the order of the tags: ACI, AI, EA, EATT, EI, EITI, ESAT, ETTI, GEIQ. Unknown tags are
 * reported when `report` is not NULL. */
unsigned row_types(const struct row_reader *reader, const struct table_row *row, bool report);
struct text_list types_list(struct arena *arena, unsigned types);
unsigned types_of_list(const struct text_list *list);

/* The SIRET of a row, "" when it has none or a wrong one. */
void row_siret(const struct row_reader *reader, const struct table_row *row, char siret_out[15]);

/* Fills the organisation but for source, licence, dates and state. False when the row was rejected;
 * why is in the report. */
bool row_organisation(const struct row_reader *reader, const struct table_row *row,
                      struct organisation *out);

#endif
