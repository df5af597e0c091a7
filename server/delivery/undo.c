#include <string.h>

#include "server/delivery/plan.h"
#include "server/delivery/slice.h"
#include "server/store/records.h"

#define BATCH 200
#define DOCUMENT_MAX ((size_t)1024 * 1024)

struct undoing {
    const struct delivery_work *work;
    struct slice slice;
    struct import_file *file;
    const struct resource *resource;
    struct arena *arena; /* of one batch */
};

static bool keep(struct import_line *line, const char *fr, const char *en)
{
    line->undo = "kept";
    line->undo_fr = fr;
    line->undo_en = en;
    return true;
}

/* "modifiée depuis par Anne". */
static bool keep_work(struct undoing *undoing, struct import_line *line,
                      const struct record_state *state)
{
    bool named = *state->editor != '\0';

    return keep(line,
                arena_printf(undoing->arena, "modifiée depuis%s%s : laissée comme elle est",
                             named ? " par " : "", state->editor),
                arena_printf(undoing->arena, "changed since%s%s: left as it is",
                             named ? " by " : "", state->editor));
}

static bool keep_error(struct undoing *undoing, struct import_line *line, const struct error *why,
                       struct error *err)
{
    if (why->kind == ERROR_IO || why->kind == ERROR_INTERNAL || why->kind == ERROR_BUSY) {
        *err = *why;
        return false;
    }
    return keep(line, arena_strdup(undoing->arena, why->fr), arena_strdup(undoing->arena, why->en));
}

static bool step(struct undoing *undoing, struct import_line *line, enum workflow_action action,
                 const char *done, struct error *err)
{
    const struct delivery_work *work = undoing->work;
    const struct workflow_step taken = {
        .resource = undoing->resource, .id = line->record, .action = action};
    struct record_state after;
    struct error why = {0};

    if (!workflow_apply(undoing->slice.db, undoing->arena, work->user, &taken, work->now_ms, &after,
                        &why))
        return keep_error(undoing, line, &why, err);
    line->undo = done;
    return true;
}

static bool unchanged(struct undoing *undoing, const struct import_line *line,
                      const struct record_state *state)
{
    return strcmp(plan_hash(undoing->arena, state->document), line->after_hash) == 0;
}

/* --- what was published at once -------------------------------------------------------------- */

static bool remove_record(struct undoing *undoing, struct import_line *line, struct error *err)
{
    struct error why = {0};

    if (!undoing->resource->remove(undoing->slice.db, undoing->arena, line->record, &why))
        return keep_error(undoing, line, &why, err);
    line->undo = "removed";
    return records_delete(undoing->slice.db, undoing->resource->kind, line->record, err);
}

/* The member at a path like "image.alt". */
static cJSON *owner_of(cJSON *document, const char *field, const char **name_out)
{
    const char *dot = strchr(field, '.');
    char group[64];

    *name_out = field;
    if (!dot || (size_t)(dot - field) >= sizeof(group))
        return document;
    memcpy(group, field, (size_t)(dot - field));
    group[dot - field] = '\0';
    *name_out = dot + 1;
    return cJSON_GetObjectItemCaseSensitive(document, group);
}

static bool same_value(const cJSON *is, const cJSON *was)
{
    return cJSON_Compare(is, was, true) || (!is && cJSON_IsNull(was));
}

/* Puts each field back that is still as the import left it. */
static void put_back(cJSON *document, const cJSON *changes, size_t *back_out, size_t *kept_out)
{
    *back_out = *kept_out = 0;
    for (const cJSON *change = changes->child; change; change = change->next) {
        const char *field = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(change, "field"));
        const char *name;
        cJSON *owner = field ? owner_of(document, field, &name) : NULL;
        const cJSON *before = cJSON_GetObjectItemCaseSensitive(change, "before");
        const cJSON *after = cJSON_GetObjectItemCaseSensitive(change, "after");
        if (!owner)
            continue;
        if (!same_value(cJSON_GetObjectItemCaseSensitive(owner, name), after)) {
            ++*kept_out;
            continue;
        }
        cJSON_DeleteItemFromObjectCaseSensitive(owner, name);
        cJSON_AddItemToObject(owner, name, cJSON_Duplicate(before, true));
        ++*back_out;
    }
}

static bool store_back(struct undoing *undoing, struct import_line *line, const cJSON *document,
                       const struct record_state *state, struct error *err)
{
    const struct delivery_work *work = undoing->work;
    const struct resource *resource = undoing->resource;
    struct record_state after;
    struct record_row row;
    struct error why = {0};
    void *value = arena_alloc(undoing->arena, resource->form->size);

    if (!form_decode(resource->form, document, undoing->arena, value, &why))
        return keep_error(undoing, line, &why, err);
    *(enum state *)(void *)((char *)value + resource->state_offset) = state->state;
    if (!resource->put(undoing->slice.db, undoing->arena, value, work->now_ms, &why))
        return keep_error(undoing, line, &why, err);
    if (!workflow_load(undoing->slice.db, undoing->arena, resource, line->record, &after, err) ||
        !records_get(undoing->slice.db, undoing->arena, resource->kind, line->record, &row, err))
        return false;
    row.editor = work->user->name;
    row.updated_ms = work->now_ms;
    return records_put(undoing->slice.db, &row, err) &&
           revisions_add(undoing->slice.db,
                         &(struct revision_row){.kind = resource->kind,
                                                .id = line->record,
                                                .time_ms = work->now_ms,
                                                .user = work->user->name,
                                                .action = "import-undo",
                                                .reason = undoing->file->name,
                                                .document = after.document},
                         err);
}

static bool restore(struct undoing *undoing, struct import_line *line,
                    const struct record_state *state, struct error *err)
{
    size_t back = 0, kept = 0;
    cJSON *changes = json_parse(line->changes, strlen(line->changes), DOCUMENT_MAX * 2, err);
    cJSON *document =
        changes ? json_parse(state->document, strlen(state->document), DOCUMENT_MAX, err) : NULL;
    bool ok = document != NULL;

    if (ok)
        put_back(document, changes, &back, &kept);
    if (ok && back == 0) {
        ok = keep_work(undoing, line, state);
    } else if (ok) {
        line->undo = kept > 0 ? "partly" : "restored";
        ok = store_back(undoing, line, document, state, err);
    }
    if (ok && strcmp(line->undo, "partly") == 0) {
        line->undo_fr = arena_printf(undoing->arena, "champs modifiés depuis, laissés : %zu", kept);
        line->undo_en = arena_printf(undoing->arena, "fields changed since and left: %zu", kept);
    }
    cJSON_Delete(changes);
    cJSON_Delete(document);
    return ok;
}

static bool undo_published(struct undoing *undoing, struct import_line *line,
                           const struct record_state *state, bool created, struct error *err)
{
    if (state->working_copy)
        return keep(line, "une modification est en cours : laissée comme elle est",
                    "somebody is changing it: left as it is");
    if (created)
        return unchanged(undoing, line, state) ? remove_record(undoing, line, err)
                                               : keep_work(undoing, line, state);
    if (state->state != STATE_PUBLISHED)
        return keep(line, "archivée depuis : laissée comme elle est",
                    "archived since: left as it is");
    return restore(undoing, line, state, err);
}

/* --- drafts ---------------------------------------------------------------------------------- */

static bool undo_draft(struct undoing *undoing, struct import_line *line,
                       const struct record_state *state, bool created, struct error *err)
{
    if (!state->working_copy)
        return keep(line, "validée et publiée depuis : laissée comme elle est",
                    "approved and published since: left as it is");
    if (!unchanged(undoing, line, state))
        return keep_work(undoing, line, state);
    return created && !state->live ? step(undoing, line, WORKFLOW_DELETE, "removed", err)
                                   : step(undoing, line, WORKFLOW_DISCARD, "restored", err);
}

/* --- the whole ------------------------------------------------------------------------------- */

static bool undo_line(struct undoing *undoing, struct import_line *line, struct error *err)
{
    struct record_state state;
    struct error why = {0};
    bool created = strcmp(line->fate, "created") == 0;

    if (!workflow_load(undoing->slice.db, undoing->arena, undoing->resource, line->record, &state,
                       &why))
        return keep_error(undoing, line, &why, err);
    return plan_publishes(undoing->file) ? undo_published(undoing, line, &state, created, err)
                                         : undo_draft(undoing, line, &state, created, err);
}

static bool undo_lines(struct undoing *undoing, const struct import_line_list *lines, int64_t *done,
                       struct error *err)
{
    struct import_file *file = undoing->file;
    const struct delivery_work *work = undoing->work;
    int64_t all = file->created + file->changed;

    for (size_t i = 0; i < lines->count; i++) {
        struct import_line *line = &lines->items[i];
        if (!undo_line(undoing, line, err) || !import_lines_put(undoing->slice.db, line, err))
            return false;
        ++*done;
        if (work->percent && all > 0)
            atomic_store(work->percent, (int)(*done * 99 / all));
        if (!slice_next(&undoing->slice, err))
            return false;
    }
    return true;
}

static bool undo_all(struct undoing *undoing, struct error *err)
{
    struct import_file *file = undoing->file;
    const struct delivery_work *work = undoing->work;
    struct import_line_list lines;
    struct import_tally tally;

    if (!import_lines_tally(undoing->slice.db, file->id, &tally, err))
        return false;
    int64_t below = 0, done = tally.undone + tally.kept;
    do {
        arena_reset(undoing->arena);
        if (!import_lines_to_undo(undoing->slice.db, undoing->arena, file->id, below, BATCH, &lines,
                                  err) ||
            !undo_lines(undoing, &lines, &done, err))
            return false;
        if (lines.count > 0)
            below = lines.items[lines.count - 1].number;
    } while (lines.count == BATCH);
    if (!import_lines_tally(undoing->slice.db, file->id, &tally, err))
        return false;
    file->undone = tally.undone;
    file->kept = tally.kept;
    file->state = "undone";
    file->undone_ms = file->updated_ms = work->now_ms;
    file->undone_by = work->user->name;
    return imports_put(undoing->slice.db, file, err) &&
           audit_add(
               undoing->slice.db,
               &(struct audit_entry){.time_ms = work->now_ms,
                                     .user = work->user->name,
                                     .action = "import.undo",
                                     .subject = file->id,
                                     .detail = arena_printf(work->arena, "%s: -%lld", file->name,
                                                            (long long)file->undone)},
               err);
}

bool delivery_undo(const struct delivery_work *work, struct writer *writer,
                   struct import_file *file, struct error *err)
{
    struct undoing undoing = {.work = work, .file = file, .resource = plan_resource(file)};

    if (!slice_begin(&undoing.slice, work, writer, err))
        return false;
    undoing.arena = arena_create();
    bool ok = undo_all(&undoing, err);
    arena_destroy(undoing.arena);
    return slice_end(&undoing.slice, ok, err);
}
