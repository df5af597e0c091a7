#include "server/store/faults.h"

#include "server/store/record.h"

static const struct field fault_fields[] = {
    FIELD(fault, number, FIELD_INT64),
    FIELD(fault, screen, FIELD_TEXT),
    FIELD(fault, code, FIELD_TEXT),
    FIELD(fault, detail, FIELD_TEXT),
    FIELD(fault, opened_ms, FIELD_INT64),
    FIELD(fault, last_ms, FIELD_INT64),
    FIELD_AS(fault, count, FIELD_INT64, "times"),
    FIELD(fault, closed_ms, FIELD_INT64),
    FIELD(fault, closed_by, FIELD_TEXT),
};

static const struct record fault_record = {
    .table = "faults",
    .noun_fr = "défaut",
    .noun_en = "fault",
    .size = sizeof(struct fault),
    RECORD_FIELDS(fault_fields),
    .key_count = 1,
};

static bool begin_fault(struct db *db, const char *screen, const char *code, const char *detail,
                        int64_t at_ms, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_text(code), db_text(detail),
                                      db_int(at_ms)};

    return db_run(db,
                  "INSERT INTO faults (number, screen, code, detail, opened_ms, last_ms, times, "
                  "closed_ms, closed_by) SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $4, "
                  "1, 0, '' FROM faults",
                  values, 4, err);
}

/* What comes late may be older than what is known. */
bool faults_open(struct db *db, const char *screen, const char *code, const char *detail,
                 int64_t at_ms, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_text(code), db_text(detail),
                                      db_int(at_ms)};
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = db_run(db,
                     "UPDATE faults SET times = times + 1, detail = $3, "
                     "opened_ms = CASE WHEN opened_ms > $4 THEN $4 ELSE opened_ms END, "
                     "last_ms = CASE WHEN last_ms < $4 THEN $4 ELSE last_ms END "
                     "WHERE screen = $1 AND code = $2 AND closed_ms = 0",
                     values, 4, err);
    if (ok && db_changed(db) == 0)
        ok = begin_fault(db, screen, code, detail, at_ms, err);
    return db_leave(db, own, ok, err);
}

bool faults_close(struct db *db, const char *screen, const char *code, int64_t at_ms,
                  const char *by, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_text(code), db_int(at_ms), db_text(by)};

    return db_run(db,
                  "UPDATE faults SET closed_by = $4, "
                  "closed_ms = CASE WHEN opened_ms > $3 THEN opened_ms ELSE $3 END "
                  "WHERE screen = $1 AND code = $2 AND closed_ms = 0",
                  values, 4, err);
}

bool faults_close_quiet(struct db *db, int64_t told_before_ms, int64_t at_ms, struct error *err)
{
    const struct db_value values[] = {db_int(told_before_ms), db_int(at_ms), db_text(FAULT_SILENT),
                                      db_text(FAULT_BY_QUIET)};

    return db_run(db,
                  "UPDATE faults SET closed_ms = $2, closed_by = $4 WHERE closed_ms = 0 AND "
                  "last_ms < $1 AND code <> $3 AND NOT EXISTS (SELECT 1 FROM faults s WHERE "
                  "s.screen = faults.screen AND s.code = $3 AND s.closed_ms = 0)",
                  values, 4, err);
}

bool faults_get(struct db *db, struct arena *arena, int64_t number, struct fault *out,
                struct error *err)
{
    const struct db_value values[] = {db_int(number)};

    return record_find(db, &fault_record, arena, "number = $1", values, 1, out, err);
}

static bool read_list(struct db *db, struct arena *arena, const char *tail,
                      const struct db_value *values, size_t count, struct fault_list *out,
                      struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &fault_record, arena, tail, values, count, &items, &out->count, err);

    out->items = items;
    return ok;
}

/* The person's sites, between commas: ids have none. */
static const char *join_sites(struct arena *arena, const struct text_list *sites)
{
    const char *joined = "";

    for (size_t i = 0; sites != NULL && i < sites->count; i++)
        joined = arena_printf(arena, "%s%s,", *joined == '\0' ? "," : joined, sites->items[i]);
    return joined;
}

bool faults_list(struct db *db, struct arena *arena, const struct fault_page *page,
                 struct fault_list *out, struct error *err)
{
    const struct db_value values[] = {
        db_text(page->screen),       db_text(page->code),
        db_int(page->open),          db_int(page->before > 0 ? page->before : INT64_MAX),
        db_text(page->site),         db_text(join_sites(arena, page->sites)),
        db_int((int64_t)page->limit)};

    return read_list(
        db, arena,
        "WHERE ($1 = '' OR screen = $1) AND ($2 = '' OR code = $2) AND "
        "($3 = -1 OR ($3 = 1 AND closed_ms = 0) OR ($3 = 0 AND closed_ms <> 0)) AND number < $4 "
        "AND (($5 = '' AND $6 = '') OR EXISTS (SELECT 1 FROM screens s WHERE s.id = faults.screen "
        "AND ($5 = '' OR s.site = $5) AND ($6 = '' OR $6 LIKE '%,' || s.site || ',%'))) "
        "ORDER BY number DESC LIMIT $7",
        values, 7, out, err);
}

bool faults_list_open(struct db *db, struct arena *arena, struct fault_list *out, struct error *err)
{
    return read_list(db, arena, "WHERE closed_ms = 0 ORDER BY screen, code", NULL, 0, out, err);
}

bool faults_expire(struct db *db, int64_t closed_before_ms, struct error *err)
{
    const struct db_value values[] = {db_int(closed_before_ms)};

    return db_run(db, "DELETE FROM faults WHERE closed_ms <> 0 AND closed_ms < $1", values, 1, err);
}
