#include "server/store/exposures.h"

#include "server/store/record.h"
#include "server/store/settings.h"

static const struct field fields[] = {
    FIELD(exposure, organisation, FIELD_TEXT),   FIELD(exposure, planned_ms, FIELD_INT64),
    FIELD(exposure, planned_28_ms, FIELD_INT64), FIELD(exposure, screens, FIELD_INT64),
    FIELD(exposure, due_ms, FIELD_INT64),        FIELD(exposure, due_before_ms, FIELD_INT64),
};

/* No content: what screens show follows it a day later, in its time. */
static const struct record exposure_record = {
    .table = "exposures",
    .noun_fr = "exposition",
    .noun_en = "exposure",
    .size = sizeof(struct exposure),
    RECORD_FIELDS(fields),
    .key_count = 1,
};

bool exposures_minimum(struct db *db, int64_t *minimum_ms_out, struct error *err)
{
    return settings_get_int(db, EXPOSURE_MINIMUM_SETTING, 0, minimum_ms_out, err);
}

bool exposures_set_minimum(struct db *db, int64_t minimum_ms, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = settings_set_int(db, EXPOSURE_MINIMUM_SETTING, minimum_ms, err);
    if (ok)
        db_mark_content(db);
    return db_leave(db, own, ok, err);
}

bool exposures_list(struct db *db, struct arena *arena, struct exposure_list *out,
                    struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &exposure_record, arena, "ORDER BY organisation", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool exposures_page(struct db *db, struct arena *arena, int64_t after_ms, const char *after,
                    size_t limit, struct exposure_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(after_ms), db_text(after), db_int((int64_t)limit)};
    void *items = NULL;
    bool ok = record_list(db, &exposure_record, arena,
                          "WHERE planned_ms > $1 OR (planned_ms = $1 AND organisation > $2) "
                          "ORDER BY planned_ms, organisation LIMIT $3",
                          values, 3, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool exposures_replace(struct db *db, const struct exposure_list *list, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = db_run(db, "DELETE FROM exposures", NULL, 0, err);
    for (size_t i = 0; ok && i < list->count; i++)
        ok = record_put(db, &exposure_record, &list->items[i], err);
    return db_leave(db, own, ok, err);
}
