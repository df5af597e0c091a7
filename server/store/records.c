#include "server/store/records.h"

#include <string.h>

#include "server/store/record.h"

static const struct field row_fields[] = {
    FIELD(record_row, kind, FIELD_TEXT),        FIELD(record_row, id, FIELD_TEXT),
    FIELD(record_row, state, FIELD_TEXT),       FIELD(record_row, document, FIELD_TEXT),
    FIELD(record_row, title, FIELD_TEXT),       FIELD(record_row, site, FIELD_TEXT),
    FIELD(record_row, author, FIELD_TEXT),      FIELD(record_row, editor, FIELD_TEXT),
    FIELD(record_row, editors, FIELD_TEXT),     FIELD(record_row, submitter, FIELD_TEXT),
    FIELD(record_row, reviewer, FIELD_TEXT),    FIELD(record_row, reason, FIELD_TEXT),
    FIELD(record_row, published, FIELD_BOOL),   FIELD(record_row, created_ms, FIELD_INT64),
    FIELD(record_row, updated_ms, FIELD_INT64),
};

static const struct record row_record = {
    .table = "records",
    .noun_fr = "fiche",
    .noun_en = "record",
    .size = sizeof(struct record_row),
    RECORD_FIELDS(row_fields),
    .key_count = 2,
};

static const struct field revision_fields[] = {
    FIELD(revision_row, kind, FIELD_TEXT),
    FIELD(revision_row, id, FIELD_TEXT),
    FIELD(revision_row, number, FIELD_INT64),
    FIELD(revision_row, time_ms, FIELD_INT64),
    FIELD_AS(revision_row, user, FIELD_TEXT, "user_name"),
    FIELD(revision_row, action, FIELD_TEXT),
    FIELD(revision_row, reason, FIELD_TEXT),
    FIELD(revision_row, document, FIELD_TEXT),
};

static const struct record revision_record = {
    .table = "revisions",
    .noun_fr = "version",
    .noun_en = "revision",
    .size = sizeof(struct revision_row),
    RECORD_FIELDS(revision_fields),
    .key_count = 3,
};

const char *state_tag(enum state state)
{
    return state_choice.tags[state];
}

bool state_parse(const char *tag, enum state *state_out)
{
    for (size_t i = 0; i < state_choice.count; i++) {
        if (strcmp(state_choice.tags[i], tag) == 0) {
            *state_out = (enum state)i;
            return true;
        }
    }
    return false;
}

bool records_get(struct db *db, struct arena *arena, const char *kind, const char *id,
                 struct record_row *out, struct error *err)
{
    const struct db_value values[] = {db_text(kind), db_text(id)};

    return record_find(db, &row_record, arena, "kind = $1 AND id = $2", values, 2, out, err);
}

bool records_put(struct db *db, const struct record_row *row, struct error *err)
{
    return record_put(db, &row_record, row, err);
}

bool records_delete(struct db *db, const char *kind, const char *id, struct error *err)
{
    const struct db_value values[] = {db_text(kind), db_text(id)};

    return db_run(db, "DELETE FROM records WHERE kind = $1 AND id = $2", values, 2, err);
}

static bool list_rows(struct db *db, struct arena *arena, const char *tail,
                      const struct db_value *values, size_t count, struct record_row_list *out,
                      struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &row_record, arena, tail, values, count, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool records_waiting(struct db *db, struct arena *arena, enum state state, int64_t after_ms,
                     const char *after_kind, const char *after_id, size_t limit,
                     struct record_row_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(state_tag(state)), db_int(after_ms),
                                      db_text(after_kind), db_text(after_id),
                                      db_int((int64_t)limit)};

    return list_rows(db, arena,
                     "WHERE state = $1 AND document <> '' AND (updated_ms > $2 OR "
                     "(updated_ms = $2 AND (kind > $3 OR (kind = $3 AND id > $4)))) "
                     "ORDER BY updated_ms, kind, id LIMIT $5",
                     values, 5, out, err);
}

bool records_copies(struct db *db, struct arena *arena, const char *kind, int state,
                    const char *after, size_t limit, struct record_row_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(kind), db_text(after),
                                      db_text(state < 0 ? "" : state_tag((enum state)state)),
                                      db_int((int64_t)limit)};

    return list_rows(db, arena,
                     "WHERE kind = $1 AND id > $2 AND document <> '' AND ($3 = '' OR state = $3) "
                     "ORDER BY id LIMIT $4",
                     values, 4, out, err);
}

bool revisions_add(struct db *db, const struct revision_row *revision, struct error *err)
{
    const struct db_value values[] = {db_text(revision->kind),    db_text(revision->id),
                                      db_int(revision->time_ms),  db_text(revision->user),
                                      db_text(revision->action),  db_text(revision->reason),
                                      db_text(revision->document)};

    return db_run(db,
                  "INSERT INTO revisions (kind, id, number, time_ms, user_name, action, reason, "
                  "document) SELECT $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7 "
                  "FROM revisions WHERE kind = $1 AND id = $2",
                  values, 7, err);
}

bool revisions_get(struct db *db, struct arena *arena, const char *kind, const char *id,
                   int64_t number, struct revision_row *out, struct error *err)
{
    const struct db_value values[] = {db_text(kind), db_text(id), db_int(number)};

    return record_find(db, &revision_record, arena, "kind = $1 AND id = $2 AND number = $3", values,
                       3, out, err);
}

bool revisions_list(struct db *db, struct arena *arena, const char *kind, const char *id,
                    int64_t before, size_t limit, struct revision_row_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(kind), db_text(id), db_int(before),
                                      db_int((int64_t)limit)};
    void *items = NULL;
    bool ok = record_list(db, &revision_record, arena,
                          "WHERE kind = $1 AND id = $2 AND ($3 = 0 OR number < $3) "
                          "ORDER BY number DESC LIMIT $4",
                          values, 4, &items, &out->count, err);

    out->items = items;
    return ok;
}
