#include "server/store/media_records.h"

#include "server/store/record.h"

static const struct field fields[] = {
    FIELD(media_record, sha256, FIELD_TEXT),
    FIELD_QUIET(media_record, size, FIELD_INT64),
    FIELD_QUIET(media_record, type, FIELD_TEXT),
    FIELD_QUIET(media_record, width, FIELD_INT64),
    FIELD_QUIET(media_record, height, FIELD_INT64),
    FIELD_QUIET(media_record, name, FIELD_TEXT),
    FIELD_QUIET(media_record, created_ms, FIELD_INT64),
};

static const struct record media_record_record = {
    .table = "media",
    .noun_fr = "média",
    .noun_en = "media",
    .size = sizeof(struct media_record),
    RECORD_FIELDS(fields),
    .key_count = 1,
};

bool media_records_add(struct db *db, struct arena *arena, const struct media_record *record,
                       enum upsert_result *out, struct error *err)
{
    return record_upsert(db, &media_record_record, arena, record, out, err);
}

bool media_records_get(struct db *db, struct arena *arena, const char *sha256,
                       struct media_record *out, struct error *err)
{
    return record_get(db, &media_record_record, arena, sha256, out, err);
}

bool media_records_list(struct db *db, struct arena *arena, struct media_record_list *out,
                        struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &media_record_record, arena, "ORDER BY sha256", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool media_records_of_type(struct db *db, struct arena *arena, const char *type,
                           struct media_record_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(type)};
    void *items = NULL;
    bool ok = record_list(db, &media_record_record, arena,
                          "WHERE type = $1 ORDER BY created_ms DESC, sha256", values, 1, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool media_records_delete(struct db *db, const char *sha256, struct error *err)
{
    const struct db_value values[] = {db_text(sha256)};
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = db_run(db, "DELETE FROM media WHERE sha256 = $1", values, 1, err);
    return db_leave(db, own, ok, err);
}
