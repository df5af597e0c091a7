#include "server/store/audit_trail.h"

#include <string.h>

#include "server/store/record.h"

static const struct field line_fields[] = {
    FIELD(audit_line, number, FIELD_INT64),
    FIELD(audit_line, time_ms, FIELD_INT64),
    FIELD_AS(audit_line, user, FIELD_TEXT, "user_name"),
    FIELD(audit_line, action, FIELD_TEXT),
    FIELD(audit_line, subject, FIELD_TEXT),
    FIELD(audit_line, detail, FIELD_TEXT),
};

static const struct record line_record = {
    .table = "audit",
    .noun_fr = "entrée du journal",
    .noun_en = "audit entry",
    .size = sizeof(struct audit_line),
    RECORD_FIELDS(line_fields),
    .key_count = 1,
};

bool audit_trail_page(struct db *db, struct arena *arena, const struct audit_page *page,
                      struct audit_line_list *out, struct error *err)
{
    size_t length = strlen(page->action);
    bool beginning = length > 0 && page->action[length - 1] == '.';
    const struct db_value values[] = {
        db_int(page->before),   db_text(page->user),
        db_text(page->action),  db_int(beginning ? (int64_t)length : 0),
        db_text(page->subject), db_int(page->from_ms),
        db_int(page->until_ms), db_int((int64_t)page->limit),
    };
    void *items = NULL;
    bool ok = record_list(db, &line_record, arena,
                          "WHERE ($1 = 0 OR number < $1) AND ($2 = '' OR user_name = $2) AND "
                          "($3 = '' OR action = $3 OR ($4 > 0 AND substr(action, 1, $4) = $3)) AND "
                          "($5 = '' OR subject = $5) AND time_ms >= $6 AND "
                          "($7 = 0 OR time_ms < $7) ORDER BY number DESC LIMIT $8",
                          values, 8, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool audit_trail_after(struct db *db, struct arena *arena, int64_t after, size_t limit,
                       struct audit_line_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(after), db_int((int64_t)limit)};
    void *items = NULL;
    bool ok = record_list(db, &line_record, arena, "WHERE number > $1 ORDER BY number LIMIT $2",
                          values, 2, &items, &out->count, err);

    out->items = items;
    return ok;
}
