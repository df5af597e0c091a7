#include "server/store/credentials.h"

#include "server/store/record.h"

static const struct field session_fields[] = {
    FIELD(session, token_hash, FIELD_TEXT),  FIELD_AS(session, user, FIELD_TEXT, "user_name"),
    FIELD(session, created_ms, FIELD_INT64), FIELD(session, seen_ms, FIELD_INT64),
    FIELD(session, expires_ms, FIELD_INT64), FIELD(session, method, FIELD_TEXT),
    FIELD(session, agent, FIELD_TEXT),
};

static const struct record session_record = {
    .table = "sessions",
    .noun_fr = "session",
    .noun_en = "session",
    .size = sizeof(struct session),
    RECORD_FIELDS(session_fields),
    .key_count = 1,
};

static const struct field pass_fields[] = {
    FIELD(pass, token_hash, FIELD_TEXT),           FIELD(pass, kind, FIELD_TEXT),
    FIELD_AS(pass, user, FIELD_TEXT, "user_name"), FIELD(pass, words, FIELD_TEXT),
    FIELD(pass, created_ms, FIELD_INT64),          FIELD(pass, expires_ms, FIELD_INT64),
};

static const struct record pass_record = {
    .table = "passes",
    .noun_fr = "lien",
    .noun_en = "link",
    .size = sizeof(struct pass),
    RECORD_FIELDS(pass_fields),
    .key_count = 1,
};

bool sessions_put(struct db *db, const struct session *session, struct error *err)
{
    return record_put(db, &session_record, session, err);
}

bool sessions_get(struct db *db, struct arena *arena, const char *token_hash, struct session *out,
                  struct error *err)
{
    if (record_get(db, &session_record, arena, token_hash, out, err))
        return true;
    /* The message would show the hash. */
    if (err && err->kind == ERROR_NOT_FOUND)
        error_set(err, ERROR_NOT_FOUND, "session inconnue ou terminée", "unknown or ended session");
    return false;
}

bool sessions_list(struct db *db, struct arena *arena, const char *user, struct session_list *out,
                   struct error *err)
{
    const struct db_value values[] = {db_text(user)};
    void *items = NULL;
    bool ok = record_list(db, &session_record, arena,
                          "WHERE user_name = $1 ORDER BY seen_ms DESC, token_hash", values, 1,
                          &items, &out->count, err);

    out->items = items;
    return ok;
}

bool sessions_delete(struct db *db, const char *token_hash, struct error *err)
{
    const struct db_value values[] = {db_text(token_hash)};

    return db_run(db, "DELETE FROM sessions WHERE token_hash = $1", values, 1, err);
}

bool sessions_delete_user(struct db *db, const char *user, struct error *err)
{
    const struct db_value values[] = {db_text(user)};

    return db_run(db, "DELETE FROM sessions WHERE user_name = $1", values, 1, err);
}

bool credentials_expire(struct db *db, int64_t now_ms, struct error *err)
{
    const struct db_value values[] = {db_int(now_ms)};

    return db_run(db, "DELETE FROM sessions WHERE expires_ms < $1", values, 1, err) &&
           db_run(db, "DELETE FROM passes WHERE expires_ms < $1", values, 1, err);
}

bool passes_put(struct db *db, const struct pass *pass, struct error *err)
{
    return record_put(db, &pass_record, pass, err);
}

static bool pass_gone(struct error *err)
{
    return error_set(err, ERROR_NOT_FOUND, "ce lien a expiré ou a déjà servi",
                     "this link has expired, or was used already");
}

bool passes_get(struct db *db, struct arena *arena, const char *token_hash, const char *kind,
                int64_t now_ms, struct pass *out, struct error *err)
{
    const struct db_value values[] = {db_text(token_hash), db_text(kind), db_int(now_ms)};

    if (record_find(db, &pass_record, arena, "token_hash = $1 AND kind = $2 AND expires_ms > $3",
                    values, 3, out, err))
        return true;
    return err->kind == ERROR_NOT_FOUND ? pass_gone(err) : false;
}

bool passes_spend(struct db *db, const char *token_hash, struct error *err)
{
    const struct db_value values[] = {db_text(token_hash)};

    return db_run(db, "DELETE FROM passes WHERE token_hash = $1", values, 1, err) &&
           (db_changed(db) == 1 || pass_gone(err));
}

bool passes_delete_user(struct db *db, const char *user, const char *kind, struct error *err)
{
    const struct db_value values[] = {db_text(user), db_text(kind)};

    return kind == NULL ? db_run(db, "DELETE FROM passes WHERE user_name = $1", values, 1, err)
                        : db_run(db, "DELETE FROM passes WHERE user_name = $1 AND kind = $2",
                                 values, 2, err);
}

bool recovery_codes_set(struct db *db, const char *user, const struct text_list *hashes,
                        struct error *err)
{
    return record_children(db, "DELETE FROM recovery_codes WHERE user_name = $1",
                           "INSERT INTO recovery_codes (user_name, code_hash) VALUES ($1, $2)",
                           user, hashes, err);
}

bool recovery_codes_spend(struct db *db, const char *user, const char *code_hash, struct error *err)
{
    const struct db_value values[] = {db_text(user), db_text(code_hash)};

    return db_run(db, "DELETE FROM recovery_codes WHERE user_name = $1 AND code_hash = $2", values,
                  2, err) &&
           (db_changed(db) == 1 || error_set(err, ERROR_NOT_FOUND, "code inconnu ou déjà utilisé",
                                             "unknown code, or used already"));
}
