#include "server/store/manifests.h"

#include <string.h>

#include "server/store/faults.h"
#include "server/store/record.h"

#define KEPT_VERSIONS 3
#define KEPT_VERSIONS_MAX 100 /* whatever waits for the sums */

static const char *const kind_tags[] = {"fault", "heartbeat", "recovery"};
static const struct choice kind_choice = {kind_tags, sizeof(kind_tags) / sizeof(kind_tags[0])};

/* The sealed bytes come last: a head is the same record without them. */
static const struct field manifest_fields[] = {
    FIELD(manifest_record, screen, FIELD_TEXT),
    FIELD(manifest_record, epoch, FIELD_INT64),
    FIELD(manifest_record, version, FIELD_INT64),
    FIELD(manifest_record, content_hash, FIELD_TEXT),
    FIELD(manifest_record, created_ms, FIELD_INT64),
    FIELD(manifest_record, valid_until_ms, FIELD_INT64),
    FIELD_AS(manifest_record, tail_sum, FIELD_TEXT, "tail"),
    {.column = "sealed",
     .type = FIELD_BYTES,
     .offset = offsetof(struct manifest_record, sealed),
     .offset_size = offsetof(struct manifest_record, sealed_size)},
};

static const struct record manifest_record_record = {
    .table = "manifests",
    .noun_fr = "manifeste de l’écran",
    .noun_en = "manifest of the screen",
    .size = sizeof(struct manifest_record),
    RECORD_FIELDS(manifest_fields),
    .key_count = 3,
};

static const struct record manifest_head_record = {
    .table = "manifests",
    .noun_fr = "manifeste de l’écran",
    .noun_en = "manifest of the screen",
    .size = sizeof(struct manifest_record),
    .fields = manifest_fields,
    .field_count = sizeof(manifest_fields) / sizeof(manifest_fields[0]) - 1,
    .key_count = 3,
};

static const struct field report_fields[] = {
    FIELD(report, screen, FIELD_TEXT),    FIELD(report, boot, FIELD_TEXT),
    FIELD(report, sequence, FIELD_INT64), FIELD_TAGGED(report, kind, &kind_choice),
    FIELD(report, time_ms, FIELD_INT64),  FIELD(report, received_ms, FIELD_INT64),
    FIELD(report, code, FIELD_TEXT),      FIELD(report, detail, FIELD_TEXT),
    FIELD(report, software, FIELD_TEXT),  FIELD(report, manifest, FIELD_TEXT),
    FIELD(report, uptime_s, FIELD_INT64),
};

static const struct record report_record = {
    .table = "reports",
    .noun_fr = "rapport",
    .noun_en = "report",
    .size = sizeof(struct report),
    RECORD_FIELDS(report_fields),
    .key_count = 3,
};

static bool check_newer(struct db *db, const struct manifest_record *record, struct error *err)
{
    const struct db_value values[] = {db_text(record->screen), db_int(record->epoch),
                                      db_int(record->version)};
    int64_t newer;

    if (!record_scalar(db,
                       "SELECT count(*) FROM manifests WHERE screen = $1 AND "
                       "(epoch > $2 OR (epoch = $2 AND version >= $3))",
                       values, 3, &newer, err))
        return false;
    if (newer > 0)
        return error_set(err, ERROR_CONFLICT,
                         "l’écran « %s » a déjà un manifeste plus récent que %lld-%lld",
                         "screen \"%s\" has a newer manifest than %lld-%lld already",
                         record->screen, (long long)record->epoch, (long long)record->version);
    return true;
}

/* Those that are newer than the row of `manifests`. */
#define NEWER                                                                                      \
    "FROM manifests n WHERE n.screen = manifests.screen AND (n.epoch > manifests.epoch OR "        \
    "(n.epoch = manifests.epoch AND n.version > manifests.version))"

static bool forget_old(struct db *db, const char *screen, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_int(KEPT_VERSIONS),
                                      db_int(KEPT_VERSIONS_MAX)};

    return db_run(db,
                  "DELETE FROM manifests WHERE screen = $1 AND (SELECT count(*) " NEWER ") >= $2 "
                  "AND ((SELECT count(*) " NEWER ") >= $3 OR NOT EXISTS (SELECT 1 FROM "
                  "planned_marks p WHERE p.screen = $1 AND p.until_ms < "
                  "(SELECT min(n.created_ms) " NEWER ")))",
                  values, 3, err);
}

static bool put_tail(struct db *db, const struct manifest_record *record, struct error *err)
{
    const struct db_value values[] = {db_text(record->tail_sum),
                                      db_bytes(record->tail, record->tail_size)};
    int64_t known;

    if (record->tail_sum == NULL || *record->tail_sum == '\0')
        return true;
    return record_scalar(db, "SELECT count(*) FROM manifest_tails WHERE sum = $1", values, 1,
                         &known, err) &&
           (known > 0 ||
            db_run(db, "INSERT INTO manifest_tails (sum, bytes) VALUES ($1, $2)", values, 2, err));
}

bool manifests_put(struct db *db, const struct manifest_record *record, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = check_newer(db, record, err) && put_tail(db, record, err) &&
              record_put(db, &manifest_record_record, record, err) &&
              forget_old(db, record->screen, err);
    return db_leave(db, own, ok, err);
}

static bool newest(struct db *db, const struct record *description, struct arena *arena,
                   const char *screen, struct manifest_record *out, struct error *err)
{
    const struct db_value values[] = {db_text(screen)};

    return record_find(db, description, arena,
                       "screen = $1 ORDER BY epoch DESC, version DESC LIMIT 1", values, 1, out,
                       err);
}

bool manifests_tail(struct db *db, struct arena *arena, const char *tail_sum,
                    const void **bytes_out, size_t *size_out, struct error *err)
{
    const struct db_value values[] = {db_text(tail_sum)};
    struct db_statement *statement =
        db_query(db, "SELECT bytes FROM manifest_tails WHERE sum = $1", values, 1, err);
    enum db_step step = statement != NULL ? db_step(statement, err) : DB_FAILED;

    if (step == DB_ROW) {
        *bytes_out = db_column_bytes(statement, 0, arena, size_out);
        db_reset(statement);
    } else if (step == DB_DONE) {
        error_set(err, ERROR_NOT_FOUND, "il manque une partie d’un manifeste",
                  "a part of a manifest is missing");
    }
    return step == DB_ROW;
}

bool manifests_parts(struct db *db, struct arena *arena, const char *screen,
                     struct manifest_record *out, struct error *err)
{
    return newest(db, &manifest_record_record, arena, screen, out, err);
}

/* Puts the tail behind its line and first part. */
static bool make_whole(struct db *db, struct arena *arena, struct manifest_record *record,
                       struct error *err)
{
    const void *tail;
    size_t size;

    if (*record->tail_sum == '\0')
        return true;
    if (!manifests_tail(db, arena, record->tail_sum, &tail, &size, err))
        return false;
    char *whole = arena_alloc(arena, record->sealed_size + size);
    memcpy(whole, record->sealed, record->sealed_size);
    memcpy(whole + record->sealed_size, tail, size);
    record->sealed = whole;
    record->sealed_size += size;
    record->tail_sum = "";
    return true;
}

bool manifests_latest(struct db *db, struct arena *arena, const char *screen,
                      struct manifest_record *out, struct error *err)
{
    return newest(db, &manifest_record_record, arena, screen, out, err) &&
           make_whole(db, arena, out, err);
}

bool manifests_tidy(struct db *db, struct error *err)
{
    return db_run(db,
                  "DELETE FROM manifest_tails WHERE NOT EXISTS "
                  "(SELECT 1 FROM manifests WHERE manifests.tail = manifest_tails.sum)",
                  NULL, 0, err);
}

bool manifests_head(struct db *db, struct arena *arena, const char *screen,
                    struct manifest_record *out, struct error *err)
{
    return newest(db, &manifest_head_record, arena, screen, out, err);
}

bool manifests_kept(struct db *db, struct arena *arena, const char *screen,
                    struct manifest_record_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(screen)};
    void *items = NULL;
    bool ok =
        record_list(db, &manifest_record_record, arena, "WHERE screen = $1 ORDER BY epoch, version",
                    values, 1, &items, &out->count, err);

    out->items = items;
    for (size_t i = 0; ok && i < out->count; i++)
        ok = make_whole(db, arena, &out->items[i], err);
    return ok;
}

static bool note_fault(struct db *db, const struct report *report, struct error *err)
{
    if (report->kind == REPORT_FAULT)
        return faults_open(db, report->screen, report->code, report->detail, report->time_ms, err);
    return report->kind != REPORT_RECOVERY ||
           faults_close(db, report->screen, report->code, report->time_ms, FAULT_BY_PLAYER, err);
}

static bool add_report(struct db *db, const struct report *report, struct error *err)
{
    const struct db_value values[] = {
        db_text(report->screen),   db_text(report->boot),
        db_int(report->sequence),  db_text(kind_tags[report->kind]),
        db_int(report->time_ms),   db_int(report->received_ms),
        db_text(report->code),     db_text(report->detail),
        db_text(report->software), db_text(report->manifest),
        db_int(report->uptime_s),
    };

    return db_run(db,
                  "INSERT INTO reports (screen, boot, sequence, kind, time_ms, received_ms, code, "
                  "detail, software, manifest, uptime_s) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                  "$9, $10, $11) ON CONFLICT DO NOTHING",
                  values, sizeof(values) / sizeof(values[0]), err);
}

bool reports_add(struct db *db, const struct report *reports, size_t count, size_t *stored_out,
                 struct error *err)
{
    bool own;
    bool ok = true;
    size_t stored = 0;

    if (!db_join(db, &own, err))
        return false;
    for (size_t i = 0; ok && i < count; i++) {
        ok = add_report(db, &reports[i], err);
        if (ok && db_changed(db) > 0) {
            stored++;
            ok = note_fault(db, &reports[i], err);
        }
    }
    *stored_out = stored;
    return db_leave(db, own, ok, err);
}

bool reports_list(struct db *db, struct arena *arena, const char *screen, enum report_kind kind,
                  size_t limit, struct report_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(kind_tags[kind]), db_int((int64_t)limit),
                                      db_text(screen)};
    void *items = NULL;
    const char *tail = screen != NULL
                           ? "WHERE kind = $1 AND screen = $3 "
                             "ORDER BY received_ms DESC, time_ms DESC, sequence DESC LIMIT $2"
                           : "WHERE kind = $1 "
                             "ORDER BY received_ms DESC, time_ms DESC, sequence DESC LIMIT $2";
    bool ok = record_list(db, &report_record, arena, tail, values, screen != NULL ? 3 : 2, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool reports_expire(struct db *db, enum report_kind kind, int64_t received_before_ms,
                    struct error *err)
{
    const struct db_value values[] = {db_text(kind_tags[kind]), db_int(received_before_ms)};

    return db_run(db, "DELETE FROM reports WHERE kind = $1 AND received_ms < $2", values, 2, err);
}
