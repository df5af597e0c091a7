/* Imports: files of directory partners into the store, each in one transaction: on failure nothing
 * has changed. Rows that cannot be taken are left out and reported; the rest is taken. Importing
 * the same file again changes nothing. */
#ifndef VITRINE_SERVER_IMPORT_IMPORT_H
#define VITRINE_SERVER_IMPORT_IMPORT_H

#include <stdint.h>

#include "server/import/report.h"
#include "server/media/media.h"

#define IMPORT_CSV_FIELD_MAX (64 * 1024)
#define IMPORT_OCCURRENCES_MAX 1000
#define IMPORT_HORIZON_MS                                                                          \
    (INT64_C(400) * 86400 * 1000) /* dates of events are stored until then                         \
                                   */

struct import_options {
    int64_t
        now_ms; /* the import's instant; recurrences expand from a day before to 400 days after */
    const char *date_maj; /* ISO date of the source's records; NULL: the day of now_ms */
    const char *licence;  /* NULL: as the layout says */
    const char *source;   /* NULL: as the layout says */
    enum state state;     /* of new records; STATE_PUBLISHED shows them at once */
    /* Called every 1 000 rows and at the end; may be NULL. */
    void (*progress)(void *context, size_t rows, int64_t bytes_done, int64_t bytes_total);
    void *progress_context;
};

/* CSV: `;` `,` or tab, UTF-8 with or without BOM or Windows-1252, LF or CRLF, quoted newlines. Two
 * layouts, by header: the ASP's list of insertion employers (MESURE;CODE_DEPARTEMENT;…) and
 * Vitrine's own (id_source;siret;rna;nom;…). */
bool import_annuaire(struct db *db, const char *path, const struct import_options *options,
                     struct import_report *report, struct error *err)
    __attribute__((warn_unused_result));

/* iCalendar (RFC 5545). Pictures (ATTACH, relative to the file) go to the media store; NULL leaves
 * them out with a warning. */
bool import_evenements(struct db *db, const struct media_store *media, const char *path,
                       const struct import_options *options, struct import_report *report,
                       struct error *err) __attribute__((warn_unused_result));

#endif
