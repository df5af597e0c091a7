#include "server/store/uploads.h"

#include "server/store/record.h"

static const struct field fields[] = {
    FIELD(upload_row, id, FIELD_TEXT),          FIELD(upload_row, user_name, FIELD_TEXT),
    FIELD(upload_row, name, FIELD_TEXT),        FIELD(upload_row, site, FIELD_TEXT),
    FIELD(upload_row, length, FIELD_INT64),     FIELD(upload_row, created_ms, FIELD_INT64),
    FIELD(upload_row, expires_ms, FIELD_INT64),
};

static const struct record upload_record = {.table = "uploads",
                                            .noun_fr = "envoi",
                                            .noun_en = "upload",
                                            .size = sizeof(struct upload_row),
                                            RECORD_FIELDS(fields),
                                            .key_count = 1};

bool uploads_put(struct db *db, const struct upload_row *upload, struct error *err)
{
    return record_put(db, &upload_record, upload, err);
}

bool uploads_get(struct db *db, struct arena *arena, const char *id, struct upload_row *out,
                 struct error *err)
{
    return record_get(db, &upload_record, arena, id, out, err);
}

bool uploads_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &upload_record, id, err);
}

bool uploads_list(struct db *db, struct arena *arena, const char *user_name,
                  struct upload_row_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(user_name != NULL), db_text(user_name)};
    void *items = NULL;
    bool ok = record_list(db, &upload_record, arena,
                          "WHERE $1 = 0 OR user_name = $2 ORDER BY created_ms, id", values, 2,
                          &items, &out->count, err);

    out->items = items;
    return ok;
}
