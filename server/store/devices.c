#include "server/store/devices.h"

#include "server/store/record.h"

static const char *const enrolment_tags[] = {"pending", "approved", "refused"};
static const struct choice enrolment_choice = {enrolment_tags,
                                               sizeof(enrolment_tags) / sizeof(enrolment_tags[0])};

static const struct field device_fields[] = {
    FIELD(device, screen, FIELD_TEXT),        FIELD(device, public_key, FIELD_TEXT),
    FIELD(device, token_hash, FIELD_TEXT),    FIELD(device, software, FIELD_TEXT),
    FIELD(device, manifest, FIELD_TEXT),      FIELD(device, enrolled_ms, FIELD_INT64),
    FIELD(device, last_seen_ms, FIELD_INT64),
};

static const struct record device_record = {
    .table = "devices",
    .noun_fr = "lecteur",
    .noun_en = "player",
    .size = sizeof(struct device),
    RECORD_FIELDS(device_fields),
    .key_count = 1,
};

static const struct field enrolment_fields[] = {
    FIELD(enrolment, public_key, FIELD_TEXT),
    FIELD(enrolment, code, FIELD_TEXT),
    FIELD(enrolment, fingerprint, FIELD_TEXT),
    FIELD(enrolment, challenge, FIELD_TEXT),
    FIELD_TAGGED(enrolment, state, &enrolment_choice),
    FIELD(enrolment, screen, FIELD_TEXT),
    FIELD(enrolment, width_px, FIELD_INT64),
    FIELD(enrolment, height_px, FIELD_INT64),
    FIELD(enrolment, software, FIELD_TEXT),
    FIELD(enrolment, created_ms, FIELD_INT64),
    FIELD(enrolment, seen_ms, FIELD_INT64),
};

static const struct record enrolment_record = {
    .table = "enrolments",
    .noun_fr = "rattachement",
    .noun_en = "enrolment",
    .size = sizeof(struct enrolment),
    RECORD_FIELDS(enrolment_fields),
    .key_count = 1,
};

bool devices_put(struct db *db, const struct device *device, struct error *err)
{
    return record_put(db, &device_record, device, err);
}

bool devices_get(struct db *db, struct arena *arena, const char *screen, struct device *out,
                 struct error *err)
{
    return record_get(db, &device_record, arena, screen, out, err);
}

bool devices_get_by_token(struct db *db, struct arena *arena, const char *token_hash,
                          struct device *out, struct error *err)
{
    const struct db_value values[] = {db_text(token_hash)};

    if (record_find(db, &device_record, arena, "token_hash = $1", values, 1, out, err))
        return true;
    /* The message would show the hash. */
    if (err && err->kind == ERROR_NOT_FOUND)
        error_set(err, ERROR_NOT_FOUND, "jeton inconnu", "unknown token");
    return false;
}

bool devices_seen(struct db *db, const char *screen, int64_t at_ms, const char *software,
                  const char *manifest, struct error *err)
{
    const struct db_value values[] = {db_int(at_ms), db_text(software), db_text(manifest),
                                      db_text(screen)};

    if (!db_run(db,
                "UPDATE devices SET last_seen_ms = $1, "
                "software = CASE WHEN $2 = '' THEN software ELSE $2 END, "
                "manifest = CASE WHEN $3 = '' THEN manifest ELSE $3 END WHERE screen = $4",
                values, 4, err))
        return false;
    if (db_changed(db) == 0)
        return error_set(err, ERROR_NOT_FOUND, "aucun lecteur n’est rattaché à l’écran « %s »",
                         "no player is enrolled for screen \"%s\"", screen);
    return true;
}

bool devices_delete(struct db *db, const char *public_key, const char *kept, struct error *err)
{
    const struct db_value values[] = {db_text(public_key), db_text(kept)};
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok =
        db_run(db, "DELETE FROM devices WHERE public_key = $1 AND screen <> $2", values, 2, err);
    if (ok && db_changed(db) > 0)
        db_mark_content(db);
    return db_leave(db, own, ok, err);
}

bool devices_list(struct db *db, struct arena *arena, struct device_list *out, struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &device_record, arena, "ORDER BY screen", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool enrolments_put(struct db *db, const struct enrolment *enrolment, struct error *err)
{
    return record_put(db, &enrolment_record, enrolment, err);
}

bool enrolments_get(struct db *db, struct arena *arena, const char *public_key,
                    struct enrolment *out, struct error *err)
{
    return record_get(db, &enrolment_record, arena, public_key, out, err);
}

bool enrolments_list(struct db *db, struct arena *arena, const char *code,
                     struct enrolment_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(code)};
    void *items = NULL;
    bool ok = record_list(db, &enrolment_record, arena,
                          "WHERE $1 = '' OR code = $1 ORDER BY created_ms DESC, public_key", values,
                          1, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool enrolments_expire(struct db *db, int64_t seen_before_ms, int64_t *count_out, struct error *err)
{
    const struct db_value values[] = {db_int(seen_before_ms),
                                      db_text(enrolment_tags[ENROLMENT_PENDING])};

    if (!db_run(db, "DELETE FROM enrolments WHERE seen_ms < $1 AND state = $2", values, 2, err))
        return false;
    *count_out = db_changed(db);
    return true;
}
