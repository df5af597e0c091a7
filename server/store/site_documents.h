/* Documents of which an installation has one each, by name: its own holidays. */
#ifndef VITRINE_SERVER_STORE_SITE_DOCUMENTS_H
#define VITRINE_SERVER_STORE_SITE_DOCUMENTS_H

#include "server/store/entity.h"

#define SITE_DOCUMENT_HOLIDAYS "holidays" /* server/calendar/holidays.h */

struct site_document {
    const char *name;
    const char *document;
    int64_t updated_ms; /* not compared by upsert */
};

/* ERROR_NOT_FOUND while there is none. */
bool site_documents_get(struct db *db, struct arena *arena, const char *name,
                        struct site_document *out, struct error *err)
    __attribute__((warn_unused_result));
bool site_documents_upsert(struct db *db, struct arena *arena, const struct site_document *document,
                           enum upsert_result *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
