#include "server/store/alerts.h"

#include "server/store/record.h"

static const struct field alert_fields[] = {
    FIELD(alert, id, FIELD_TEXT),
    FIELD(alert, title, FIELD_TEXT),
    FIELD_AS(alert, text, FIELD_TEXT, "words"),
    FIELD(alert, everywhere, FIELD_BOOL),
    FIELD(alert, screens, FIELD_LIST),
    FIELD_AS(alert, groups, FIELD_LIST, "screen_groups"),
    FIELD(alert, length_ms, FIELD_INT64),
    FIELD_AS(alert, user, FIELD_TEXT, "user_name"),
    FIELD(alert, asked_ms, FIELD_INT64),
    FIELD(alert, lapses_ms, FIELD_INT64),
};

static const struct record alert_record = {
    .table = "alerts",
    .noun_fr = "urgence",
    .noun_en = "emergency",
    .size = sizeof(struct alert),
    RECORD_FIELDS(alert_fields),
    .key_count = 1,
};

bool alerts_put(struct db *db, const struct alert *alert, struct error *err)
{
    return record_put(db, &alert_record, alert, err);
}

bool alerts_get(struct db *db, struct arena *arena, const char *id, int64_t now_ms,
                struct alert *out, struct error *err)
{
    const struct db_value values[] = {db_text(id), db_int(now_ms)};

    return record_find(db, &alert_record, arena, "id = $1 AND lapses_ms > $2", values, 2, out, err);
}

bool alerts_list(struct db *db, struct arena *arena, int64_t now_ms, struct alert_list *out,
                 struct error *err)
{
    const struct db_value values[] = {db_int(now_ms)};
    void *items = NULL;
    bool ok = record_list(db, &alert_record, arena, "WHERE lapses_ms > $1 ORDER BY id", values, 1,
                          &items, &out->count, err);

    out->items = items;
    return ok;
}

bool alerts_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &alert_record, id, err);
}

bool alerts_expire(struct db *db, int64_t now_ms, struct error *err)
{
    const struct db_value values[] = {db_int(now_ms)};

    return db_run(db, "DELETE FROM alerts WHERE lapses_ms <= $1", values, 1, err);
}
