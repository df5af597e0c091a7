/* The layouts of directory files that are known, told by their header. */
#ifndef VITRINE_SERVER_IMPORT_LAYOUT_H
#define VITRINE_SERVER_IMPORT_LAYOUT_H

#include "server/import/report.h"
#include "server/import/table.h"

/* What a column means, whatever a layout calls it. */
enum column {
    COLUMN_ID,
    COLUMN_SIRET,
    COLUMN_RNA,
    COLUMN_NOM,
    COLUMN_ENSEIGNE,
    COLUMN_SIGLE,
    COLUMN_FORME,
    COLUMN_ESUS,
    COLUMN_TYPES,
    COLUMN_NAF,
    COLUMN_SECTEURS,
    COLUMN_RESUME,
    COLUMN_OFFRE,
    COLUMN_VALEURS,
    COLUMN_FALC,
    COLUMN_RSE,
    COLUMN_MARCHES,
    COLUMN_NUMERO,
    COLUMN_ADRESSE,
    COLUMN_CODE_POSTAL,
    COLUMN_COMMUNE,
    COLUMN_LATITUDE,
    COLUMN_LONGITUDE,
    COLUMN_TELEPHONE,
    COLUMN_COURRIEL,
    COLUMN_SITE_WEB,
    COLUMN_HORAIRES,
    COLUMN_SITE,
    COLUMN_ETAGE,
    COLUMN_BUREAU,
    COLUMN_COUNT,
    COLUMN_IGNORED,
};

struct table_layout {
    const char *name; /* "asp-siae", "vitrine": also the source of its records */
    bool capitals;    /* names and addresses come in capitals */
    const char *licence;
};

struct layout_columns {
    const struct table_layout *layout;
    size_t count;                    /* columns of the header */
    int index[COLUMN_COUNT];         /* -1: the file has no such column */
    const char *names[COLUMN_COUNT]; /* as the file calls them, for messages; "" */
};

/* Reads the header; case, accents, spaces and underscores in it do not count. An unknown header is
 * an error that names the missing columns; columns that the layout does not know are reported and
 * left out. */
bool layout_of_header(const struct table_row *header, struct import_report *report,
                      struct layout_columns *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
