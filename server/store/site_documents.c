#include "server/store/site_documents.h"

#include "server/store/record.h"

static const struct field fields[] = {
    FIELD(site_document, name, FIELD_TEXT),
    FIELD(site_document, document, FIELD_TEXT),
    FIELD_QUIET(site_document, updated_ms, FIELD_INT64),
};

static const struct record document_record = {
    .table = "documents",
    .noun_fr = "document",
    .noun_en = "document",
    .size = sizeof(struct site_document),
    RECORD_FIELDS(fields),
    .key_count = 1,
    .content = true,
};

bool site_documents_get(struct db *db, struct arena *arena, const char *name,
                        struct site_document *out, struct error *err)
{
    return record_get(db, &document_record, arena, name, out, err);
}

bool site_documents_upsert(struct db *db, struct arena *arena, const struct site_document *document,
                           enum upsert_result *out, struct error *err)
{
    return record_upsert(db, &document_record, arena, document, out, err);
}
