#include "server/store/accounts.h"

#include <assert.h>
#include <string.h>

#include "server/store/record.h"

const char *const role_tags[ROLES] = {"reader",    "contributor",   "validator",
                                      "publisher", "site_operator", "administrator"};
static const struct choice role_choice = {role_tags, sizeof(role_tags) / sizeof(role_tags[0])};

static const struct field user_fields[] = {
    FIELD(user, name, FIELD_TEXT),          FIELD(user, password_hash, FIELD_TEXT),
    FIELD_TAGGED(user, role, &role_choice), FIELD(user, active, FIELD_BOOL),
    FIELD(user, created_ms, FIELD_INT64),   FIELD(user, display, FIELD_TEXT),
    FIELD(user, email, FIELD_TEXT),         FIELD(user, sites, FIELD_LIST),
    FIELD(user, alert, FIELD_BOOL),         FIELD(user, totp_secret, FIELD_TEXT),
    FIELD(user, totp_active, FIELD_BOOL),   FIELD(user, totp_step, FIELD_INT64),
    FIELD(user, oidc_issuer, FIELD_TEXT),   FIELD(user, oidc_subject, FIELD_TEXT),
};

static const struct record user_record = {
    .table = "users",
    .noun_fr = "compte",
    .noun_en = "account",
    .size = sizeof(struct user),
    RECORD_FIELDS(user_fields),
    .key_count = 1,
};

static const struct field audit_fields[] = {
    FIELD(audit_entry, time_ms, FIELD_INT64), FIELD_AS(audit_entry, user, FIELD_TEXT, "user_name"),
    FIELD(audit_entry, action, FIELD_TEXT),   FIELD(audit_entry, subject, FIELD_TEXT),
    FIELD(audit_entry, detail, FIELD_TEXT),
};

static const struct record audit_record = {
    .table = "audit",
    .noun_fr = "entrée du journal",
    .noun_en = "audit entry",
    .size = sizeof(struct audit_entry),
    RECORD_FIELDS(audit_fields),
    .key_count = 1,
};

const char *role_tag(enum role role)
{
    assert((size_t)role < role_choice.count);
    return role_tags[role];
}

bool role_parse(const char *tag, enum role *role_out)
{
    for (size_t i = 0; i < role_choice.count; i++) {
        if (strcmp(role_tags[i], tag) == 0) {
            *role_out = (enum role)i;
            return true;
        }
    }
    return false;
}

bool users_put(struct db *db, const struct user *user, struct error *err)
{
    return record_put(db, &user_record, user, err);
}

bool users_get(struct db *db, struct arena *arena, const char *name, struct user *out,
               struct error *err)
{
    return record_get(db, &user_record, arena, name, out, err);
}

bool users_list(struct db *db, struct arena *arena, struct user_list *out, struct error *err)
{
    void *items = NULL;
    bool ok =
        record_list(db, &user_record, arena, "ORDER BY name", NULL, 0, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool users_find_oidc(struct db *db, struct arena *arena, const char *issuer, const char *subject,
                     struct user *out, struct error *err)
{
    const struct db_value values[] = {db_text(subject), db_text(issuer)};

    return record_find(db, &user_record, arena, "oidc_subject = $1 AND oidc_issuer = $2", values, 2,
                       out, err);
}

bool users_find_email(struct db *db, struct arena *arena, const char *email, struct user *out,
                      struct error *err)
{
    const struct db_value values[] = {db_text(email)};
    void *items = NULL;
    size_t count;

    if (!record_list(db, &user_record, arena,
                     "WHERE lower(email) = lower($1) AND email <> '' AND active = 1 LIMIT 2",
                     values, 1, &items, &count, err))
        return false;
    if (count == 0)
        return error_set(err, ERROR_NOT_FOUND, "aucun compte n’a cette adresse",
                         "no account has this address");
    if (count > 1)
        return error_set(err, ERROR_CONFLICT, "plusieurs comptes ont cette adresse",
                         "several accounts have this address");
    *out = *(const struct user *)items;
    return true;
}

bool users_count_chiefs(struct db *db, int64_t *count_out, struct error *err)
{
    return record_scalar(db,
                         "SELECT count(*) FROM users WHERE role = 'administrator' AND active = 1 "
                         "AND sites = ''",
                         NULL, 0, count_out, err);
}

bool audit_add(struct db *db, const struct audit_entry *entry, struct error *err)
{
    const struct db_value values[] = {db_int(entry->time_ms), db_text(entry->user),
                                      db_text(entry->action), db_text(entry->subject),
                                      db_text(entry->detail)};

    return db_run(db,
                  "INSERT INTO audit (number, time_ms, user_name, action, subject, detail) "
                  "SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5 FROM audit",
                  values, 5, err);
}

bool audit_list(struct db *db, struct arena *arena, size_t limit, struct audit_list *out,
                struct error *err)
{
    const struct db_value values[] = {db_int((int64_t)limit)};
    void *items = NULL;
    bool ok = record_list(db, &audit_record, arena, "ORDER BY number DESC LIMIT $1", values, 1,
                          &items, &out->count, err);

    out->items = items;
    return ok;
}
