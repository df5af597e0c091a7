#include <string.h>

#include "server/delivery/plan.h"
#include "server/delivery/slice.h"
#include "server/store/events.h"
#include "server/store/organisations.h"
#include "server/store/records.h"

#define BATCH 200
#define CHECKED_PERCENT 40 /* of an application: reading the file once more before writing */

/* --- rehearsal ------------------------------------------------------------------------------- */

/* Lines wait in memory for their turn with the writer: logins do not wait for a rehearsal. */
struct rehearsal {
    struct writer *writer;
    struct arena *arena;
    size_t count;
    struct import_line lines[BATCH];
};

static bool flush(struct rehearsal *rehearsal, struct error *err)
{
    struct db *db = writer_take(rehearsal->writer);
    bool ok = db_begin(db, err);

    for (size_t i = 0; ok && i < rehearsal->count; i++)
        ok = import_lines_put(db, &rehearsal->lines[i], err);
    if (ok)
        ok = db_commit(db, err);
    else
        db_rollback(db);
    writer_give(rehearsal->writer);
    rehearsal->count = 0;
    arena_reset(rehearsal->arena);
    return ok;
}

static bool keep_line(void *context, const struct planned_row *row, struct error *err)
{
    struct rehearsal *rehearsal = context;
    struct import_line *line = &rehearsal->lines[rehearsal->count++];

    *line = row->line;
    line->record = arena_strdup(rehearsal->arena, line->record);
    line->title = arena_strdup(rehearsal->arena, line->title);
    line->changes = arena_strdup(rehearsal->arena, line->changes);
    line->notes = arena_strdup(rehearsal->arena, line->notes);
    return rehearsal->count < BATCH || flush(rehearsal, err);
}

static bool clear_lines(struct writer *writer, const char *id, struct error *err)
{
    bool ok = import_lines_clear(writer_take(writer), id, err);

    writer_give(writer);
    return ok;
}

bool delivery_rehearse(const struct delivery_work *work, struct db *reader, struct writer *writer,
                       struct import_file *file, struct error *err)
{
    struct rehearsal *rehearsal = arena_alloc(work->arena, sizeof(*rehearsal));
    char digest[65];

    if (!clear_lines(writer, file->id, err))
        return false;
    rehearsal->writer = writer;
    rehearsal->arena = arena_create();
    bool ok =
        plan_file(work, reader, file, keep_line, rehearsal, digest, err) && flush(rehearsal, err);
    arena_destroy(rehearsal->arena);
    file->digest = ok ? arena_strdup(work->arena, digest) : "";
    file->state = ok ? "rehearsed" : "mapped";
    file->updated_ms = work->now_ms;
    return ok;
}

/* --- apply ----------------------------------------------------------------------------------- */

struct application {
    const struct delivery_work *work;
    struct slice slice;
    struct import_file *file;
    struct arena *arena; /* of one row */
};

/* As the workflow notes a step, but for an import there is no step that it knows. */
static bool note_revision(struct application *application, const struct planned_row *row,
                          const struct record_state *after, struct error *err)
{
    const struct delivery_work *work = application->work;
    const char *user = work->user->name;
    struct record_row known = {.kind = row->resource->kind,
                               .id = row->line.record,
                               .state = "",
                               .document = "",
                               .title = row->line.title,
                               .site = application->file->site,
                               .author = user,
                               .editor = user,
                               .editors = "",
                               .submitter = "",
                               .reviewer = "",
                               .reason = "",
                               .published = true,
                               .created_ms = work->now_ms,
                               .updated_ms = work->now_ms};

    if (row->fate == FATE_CHANGED) {
        known.site = row->before.site;
        known.author = row->before.author;
        known.created_ms = row->before.created_ms;
    }
    return records_put(application->slice.db, &known, err) &&
           revisions_add(application->slice.db,
                         &(struct revision_row){.kind = row->resource->kind,
                                                .id = row->line.record,
                                                .time_ms = work->now_ms,
                                                .user = user,
                                                .action = "import",
                                                .reason = application->file->name,
                                                .document = after->document},
                         err);
}

static bool publish(struct application *application, const struct planned_row *row,
                    struct record_state *after, struct error *err)
{
    const struct delivery_work *work = application->work;
    enum upsert_result result;

    if (row->resource == &resource_organisation) {
        /* What follows from other fields is known already: the row's reader has told it. */
        struct organisation *organisation = row->value;
        organisation->state = STATE_PUBLISHED;
        if (!organisations_upsert(application->slice.db, application->arena, organisation, &result,
                                  err))
            return false;
    } else {
        ((struct event *)row->value)->state = STATE_PUBLISHED;
        if (!row->resource->put(application->slice.db, application->arena, row->value, work->now_ms,
                                err))
            return false;
    }
    return workflow_load(application->slice.db, application->arena, row->resource, row->line.record,
                         after, err) &&
           note_revision(application, row, after, err);
}

/* A draft, and at once before the eyes of who approves. */
static bool propose(struct application *application, const struct planned_row *row,
                    struct record_state *after, struct error *err)
{
    const struct delivery_work *work = application->work;
    const bool created = row->fate == FATE_CREATED;
    const char *site = application->file->site;
    struct workflow_step step = {.resource = row->resource,
                                 .id = row->line.record,
                                 .action = created ? WORKFLOW_CREATE : WORKFLOW_EDIT,
                                 .value = row->value,
                                 .site = site};

    if (row->resource == &resource_organisation)
        step.site = ((const struct organisation *)row->value)->site;
    if (!workflow_apply(application->slice.db, application->arena, work->user, &step, work->now_ms,
                        after, err))
        return false;
    step = (struct workflow_step){
        .resource = row->resource, .id = row->line.record, .action = WORKFLOW_SUBMIT};
    return workflow_apply(application->slice.db, application->arena, work->user, &step,
                          work->now_ms, after, err);
}

/* Somebody had a turn with the writer since the file was checked: what is not as it was rehearsed
 * is left alone. */
static bool is_rehearsed(struct application *application, const struct planned_row *row,
                         bool *same_out, struct error *err)
{
    struct import_line_list found;

    if (!import_lines_page(application->slice.db, application->arena, application->file->id, "",
                           row->line.number - 1, 1, &found, err))
        return false;
    *same_out = found.count == 1 && found.items[0].number == row->line.number &&
                strcmp(found.items[0].fate, row->line.fate) == 0 &&
                strcmp(found.items[0].record, row->line.record) == 0 &&
                strcmp(found.items[0].changes, row->line.changes) == 0;
    return true;
}

static void leave_alone(struct application *application, const struct planned_row *row,
                        struct import_line *line)
{
    struct import_file *file = application->file;

    --*(row->fate == FATE_CREATED ? &file->created : &file->changed);
    file->rejected++;
    line->fate = fate_tag(FATE_REJECTED);
    line->changes = "[]";
    line->notes = plan_note(application->arena,
                            "la fiche a changé pendant l’import : elle est laissée comme elle "
                            "est",
                            "the record changed during the import: it is left as it is");
}

static bool apply_row(void *context, const struct planned_row *row, struct error *err)
{
    struct application *application = context;
    struct import_line line = row->line;
    struct record_state after;
    bool same = true, ok = true;

    if (row->fate == FATE_CREATED || row->fate == FATE_CHANGED) {
        ok = is_rehearsed(application, row, &same, err);
        if (ok && !same)
            leave_alone(application, row, &line);
        else if (ok)
            ok = plan_publishes(application->file) ? publish(application, row, &after, err)
                                                   : propose(application, row, &after, err);
        if (ok && same)
            line.after_hash = plan_hash(application->arena, after.document);
    }
    ok = ok && import_lines_put(application->slice.db, &line, err);
    arena_reset(application->arena);
    return ok && slice_next(&application->slice, err);
}

static bool note_application(const struct application *application, const char *action,
                             const char *detail, struct error *err)
{
    const struct delivery_work *work = application->work;

    return audit_add(application->slice.db,
                     &(struct audit_entry){.time_ms = work->now_ms,
                                           .user = work->user->name,
                                           .action = action,
                                           .subject = application->file->id,
                                           .detail = detail},
                     err);
}

static bool just_read(void *context, const struct planned_row *row, struct error *err)
{
    (void)context;
    (void)row;
    (void)err;
    return true;
}

static bool check_rehearsal(const struct delivery_work *work, struct db *reader,
                            const struct import_file *file, struct error *err)
{
    struct delivery_work reading = *work;
    struct import_file counted = *file;
    char digest[65];

    reading.percent_to = CHECKED_PERCENT;
    if (!plan_file(&reading, reader, &counted, just_read, NULL, digest, err))
        return false;
    return strcmp(digest, file->digest) == 0 ||
           error_set(err, ERROR_STALE,
                     "des fiches ont changé depuis la répétition : répétez l’import et relisez "
                     "ce qu’il ferait",
                     "records have changed since the rehearsal: rehearse again and read what it "
                     "would do");
}

static bool apply_all(struct application *application, struct error *err)
{
    struct delivery_work work = *application->work;
    struct import_file *file = application->file;
    char digest[65];

    work.percent_from = CHECKED_PERCENT;
    if (!plan_file(&work, application->slice.db, file, apply_row, application, digest, err))
        return false;
    file->state = "applied";
    file->applied_ms = file->updated_ms = work.now_ms;
    file->applied_by = work.user->name;
    return imports_put(application->slice.db, file, err) &&
           note_application(application, "import.apply",
                            arena_printf(work.arena, "%s: +%lld ~%lld", file->name,
                                         (long long)file->created, (long long)file->changed),
                            err);
}

bool delivery_apply(const struct delivery_work *work, struct db *reader, struct writer *writer,
                    struct import_file *file, struct error *err)
{
    struct application application = {.work = work, .file = file};

    if (!check_rehearsal(work, reader, file, err) ||
        !slice_begin(&application.slice, work, writer, err))
        return false;
    application.arena = arena_create();
    bool ok = apply_all(&application, err);
    arena_destroy(application.arena);
    return slice_end(&application.slice, ok, err);
}
