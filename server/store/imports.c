#include "server/store/imports.h"

#include "server/store/record.h"

#define NUMBER_MAX INT64_C(1000000000000)

#define FILE_TEXT(member) FIELD(import_file, member, FIELD_TEXT)
#define FILE_INT(member) FIELD(import_file, member, FIELD_INT64)

static const struct field file_fields[] = {
    FILE_TEXT(id),         FILE_TEXT(user_name),  FILE_TEXT(name),
    FILE_INT(size),        FILE_TEXT(state),      FILE_TEXT(kind),
    FILE_TEXT(format),     FILE_TEXT(look),       FILE_INT(sheet),
    FILE_INT(header_line), FILE_TEXT(mapping),    FIELD(import_file, capitals, FIELD_BOOL),
    FILE_TEXT(source),     FILE_TEXT(licence),    FILE_TEXT(site),
    FILE_TEXT(mode),       FILE_TEXT(message_fr), FILE_TEXT(message_en),
    FILE_TEXT(digest),     FILE_INT(row_count),   FILE_INT(created),
    FILE_INT(changed),     FILE_INT(unchanged),   FILE_INT(merged),
    FILE_INT(rejected),    FILE_INT(warned),      FILE_INT(undone),
    FILE_INT(kept),        FILE_INT(created_ms),  FILE_INT(updated_ms),
    FILE_INT(applied_ms),  FILE_TEXT(applied_by), FILE_INT(undone_ms),
    FILE_TEXT(undone_by),
};

static const struct record file_record = {.table = "imports",
                                          .noun_fr = "Import",
                                          .noun_en = "Import",
                                          .size = sizeof(struct import_file),
                                          RECORD_FIELDS(file_fields),
                                          .key_count = 1};

static const struct field line_fields[] = {
    FIELD(import_line, import, FIELD_TEXT),  FIELD(import_line, number, FIELD_INT64),
    FIELD(import_line, line, FIELD_INT64),   FIELD(import_line, fate, FIELD_TEXT),
    FIELD(import_line, warned, FIELD_BOOL),  FIELD(import_line, record, FIELD_TEXT),
    FIELD(import_line, title, FIELD_TEXT),   FIELD(import_line, changes, FIELD_TEXT),
    FIELD(import_line, notes, FIELD_TEXT),   FIELD(import_line, after_hash, FIELD_TEXT),
    FIELD(import_line, undo, FIELD_TEXT),    FIELD(import_line, undo_fr, FIELD_TEXT),
    FIELD(import_line, undo_en, FIELD_TEXT),
};

static const struct record line_record = {.table = "import_lines",
                                          .noun_fr = "Ligne",
                                          .noun_en = "Row",
                                          .size = sizeof(struct import_line),
                                          RECORD_FIELDS(line_fields),
                                          .key_count = 2};

static bool list_files(struct db *db, struct arena *arena, const char *tail,
                       const struct db_value *values, size_t count, struct import_file_list *out,
                       struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &file_record, arena, tail, values, count, &items, &out->count, err);

    out->items = items;
    return ok;
}

static bool list_lines(struct db *db, struct arena *arena, const char *tail,
                       const struct db_value *values, size_t count, struct import_line_list *out,
                       struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &line_record, arena, tail, values, count, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool imports_put(struct db *db, const struct import_file *file, struct error *err)
{
    return record_put(db, &file_record, file, err);
}

bool imports_get(struct db *db, struct arena *arena, const char *id, struct import_file *out,
                 struct error *err)
{
    return record_get(db, &file_record, arena, id, out, err);
}

bool imports_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &file_record, id, err);
}

bool imports_list(struct db *db, struct arena *arena, const char *user, const char *after,
                  size_t limit, struct import_file_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(user == NULL), db_text(user), db_text(after),
                                      db_int((int64_t)limit)};

    return list_files(db, arena,
                      "WHERE ($1 = 1 OR user_name = $2) AND ($3 = '' OR (created_ms, id) < (SELECT "
                      "b.created_ms, b.id FROM imports AS b WHERE b.id = $3))"
                      " ORDER BY created_ms DESC, id DESC LIMIT $4",
                      values, 4, out, err);
}

bool imports_forgotten(struct db *db, struct arena *arena, int64_t before_ms,
                       struct import_file_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(before_ms)};

    return list_files(db, arena,
                      "WHERE updated_ms < $1 AND state IN ('mapped', 'rehearsed') ORDER BY id",
                      values, 1, out, err);
}

bool imports_interrupted(struct db *db, struct arena *arena, struct import_file_list *out,
                         struct error *err)
{
    return list_files(db, arena, "WHERE state IN ('rehearsing', 'applying', 'undoing') ORDER BY id",
                      NULL, 0, out, err);
}

bool import_lines_put(struct db *db, const struct import_line *line, struct error *err)
{
    return record_put(db, &line_record, line, err);
}

bool import_lines_clear(struct db *db, const char *import, struct error *err)
{
    const struct db_value values[] = {db_text(import)};

    return db_run(db, "DELETE FROM import_lines WHERE import = $1", values, 1, err);
}

bool import_lines_page(struct db *db, struct arena *arena, const char *import, const char *which,
                       int64_t after, size_t limit, struct import_line_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(import), db_int(after), db_text(which),
                                      db_int((int64_t)limit)};

    return list_lines(db, arena,
                      "WHERE import = $1 AND number > $2 AND ($3 = '' OR fate = $3 OR ($3 = "
                      "'warned' AND warned = 1) OR ($3 = 'kept' AND undo IN ('kept', 'partly')))"
                      " ORDER BY number LIMIT $4",
                      values, 4, out, err);
}

bool import_lines_to_undo(struct db *db, struct arena *arena, const char *import, int64_t below,
                          size_t limit, struct import_line_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(import), db_int(below > 0 ? below : NUMBER_MAX),
                                      db_int((int64_t)limit)};

    return list_lines(db, arena,
                      "WHERE import = $1 AND number < $2 AND fate IN ('created', 'changed')"
                      " AND after_hash <> '' AND undo = ''"
                      " ORDER BY number DESC LIMIT $3",
                      values, 3, out, err);
}

#define SUM_IF(condition) "COALESCE(SUM(CASE WHEN " condition " THEN 1 ELSE 0 END), 0)"
#define WAITING "fate IN ('created', 'changed') AND after_hash = ''"

bool import_lines_tally(struct db *db, const char *import, struct import_tally *out,
                        struct error *err)
{
    static const char sql[] =
        "SELECT " SUM_IF("fate = 'created' AND after_hash <> ''") ", " SUM_IF("fate = 'changed' "
                                                                              "AND after_hash <> "
                                                                              "''") ", " SUM_IF(
            WAITING) ", " SUM_IF("fate = 'rejected'") ", " SUM_IF("undo IN ('restored', 'partly', "
                                                                  "'removed')") ", " SUM_IF("undo "
                                                                                            "IN "
                                                                                            "('"
                                                                                            "kept',"
                                                                                            " '"
                                                                                            "partly"
                                                                                            "')") " FROM import_lines WHERE import = $1";
    const struct db_value values[] = {db_text(import)};
    int64_t *const counts[] = {&out->created,  &out->changed, &out->waiting,
                               &out->rejected, &out->undone,  &out->kept};
    struct db_statement *statement = db_query(db, sql, values, 1, err);

    if (!statement || db_step(statement, err) != DB_ROW)
        return false;
    for (int i = 0; i < 6; i++)
        *counts[i] = db_column_int(statement, i);
    db_reset(statement);
    return true;
}

bool import_lines_reject_waiting(struct db *db, const char *import, const char *notes,
                                 struct error *err)
{
    const struct db_value values[] = {db_text(import), db_text(notes)};

    return db_run(db,
                  "UPDATE import_lines SET fate = 'rejected', notes = $2 WHERE import = $1"
                  " AND " WAITING,
                  values, 2, err);
}
