#include "server/delivery/plan.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/utf8.h"
#include "server/content/event_dates.h"
#include "server/import/fields.h"
#include "server/import/reading.h"
#include "server/import/seen.h"
#include "server/store/fleet.h"

#define RESUME_LETTERS_MAX 280
#define MAPPING_BYTES_MAX ((size_t)64 * 1024)

struct plan {
    const struct delivery_work *work;
    struct db *db;
    struct import_file *file;
    const struct resource *resource;
    plan_handler *on_row;
    void *context;
    struct import_report report; /* of one row */
    struct import_columns columns;
    struct table_layout layout;
    struct seen *records;
    struct sha256_stream *digest;
    struct arena *arena; /* of one row */
    int64_t number;
};

const char *fate_tag(enum fate fate)
{
    static const char *const tags[] = {"created", "changed", "unchanged", "merged", "rejected"};

    return tags[fate];
}

bool plan_publishes(const struct import_file *file)
{
    return strcmp(file->mode, "publish") == 0;
}

const struct resource *plan_resource(const struct import_file *file)
{
    return strcmp(file->kind, "events") == 0 ? &resource_event : &resource_organisation;
}

const char *plan_hash(struct arena *arena, const char *document)
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 sum;

    sha256_of(document, strlen(document), &sum);
    sha256_to_hex(&sum, hex);
    return arena_strdup(arena, hex);
}

/* --- differences ----------------------------------------------------------------------------- */

static bool is_derived(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].derived;
    return false;
}

bool plan_changes(const struct resource *resource, struct arena *arena, const char *before,
                  const char *after, struct strbuf *out, size_t *count_out, struct error *err)
{
    const struct record_state both = {.document = after, .published = before};
    struct difference_list differences;
    struct json_writer writer;

    *count_out = 0;
    if (!workflow_difference(&both, arena, &differences, err))
        return false;
    json_writer_init(&writer, out);
    json_begin_array(&writer, NULL);
    for (size_t i = 0; i < differences.count; i++) {
        const struct difference *difference = &differences.items[i];
        if (is_derived(resource->form, difference->field))
            continue;
        json_begin_object(&writer, NULL);
        json_put_string(&writer, "field", difference->field);
        json_put_raw(&writer, "before", difference->before);
        json_put_raw(&writer, "after", difference->after);
        json_end_object(&writer);
        (*count_out)++;
    }
    json_end_array(&writer);
    return true;
}

/* --- one row --------------------------------------------------------------------------------- */

static void note(struct plan *plan, enum import_severity severity, int64_t line, const char *field,
                 const char *fr, const char *en)
{
    import_report_note(&plan->report, severity, (int)line, field, "%s%.0s", "%.0s%s", fr, en);
}

static bool reject(struct plan *plan, struct planned_row *row, const struct error *why)
{
    note(plan, IMPORT_REJECTED, row->line.line, why->field, why->fr, why->en);
    row->fate = FATE_REJECTED;
    return true;
}

/* References that lead nowhere are left out: the rest of the row is worth having. */
static bool mend_references(struct plan *plan, const struct reading_row *reading, struct error *err)
{
    struct error cause = {0};
    bool there = true;

    if (reading->organisation && *reading->organisation->site) {
        struct site site;
        there = sites_get(plan->db, plan->arena, reading->organisation->site, &site, &cause);
        if (!there)
            reading->organisation->site = "";
    } else if (reading->event && *reading->event->organisation) {
        struct organisation organisation;
        there = organisations_get(plan->db, plan->arena, reading->event->organisation,
                                  &organisation, &cause);
        if (!there)
            reading->event->organisation = "";
    }
    if (there)
        return true;
    if (cause.kind != ERROR_NOT_FOUND) {
        *err = cause;
        return false;
    }
    note(plan, IMPORT_WARNING, reading->line, reading->event ? "organisation" : "site",
         reading->event ? "structure inconnue, laissée de côté" : "site inconnu, laissé de côté",
         reading->event ? "unknown organisation, left out" : "unknown site, left out");
    return true;
}

/* The record's form holds 280 letters; a whole row is not refused for one sentence too many. */
static void cut_resume(struct plan *plan, const struct reading_row *reading)
{
    struct organisation *organisation = reading->organisation;
    size_t max = RESUME_LETTERS_MAX * 4;

    if (!organisation || utf8_length(organisation->resume) <= RESUME_LETTERS_MAX)
        return;
    while (utf8_length(organisation->resume) > RESUME_LETTERS_MAX && max > 8) {
        organisation->resume = field_cut(plan->arena, organisation->resume, max);
        max -= 4;
    }
    note(plan, IMPORT_WARNING, reading->line, "resume", "résumé coupé à 280 caractères",
         "summary cut at 280 characters");
}

static bool find_before(struct plan *plan, struct planned_row *row, bool *found_out,
                        struct error *err)
{
    struct error cause = {0};

    *found_out =
        workflow_load(plan->db, plan->arena, row->resource, row->line.record, &row->before, &cause);
    if (*found_out || cause.kind == ERROR_NOT_FOUND)
        return true;
    *err = cause;
    return false;
}

/* Whose the record is, and where it is to be. */
static bool allowed(const struct plan *plan, const struct planned_row *row,
                    const struct reading_row *reading, bool found)
{
    enum permission permission =
        plan_publishes(plan->file) ? PERMISSION_SETTINGS : PERMISSION_WRITE;
    const char *sites[3] = {found ? row->before.site : plan->file->site};
    size_t count = 1;

    if (reading->organisation) {
        sites[count++] = reading->organisation->site;
        if (reading->old_organisation)
            sites[count++] = reading->old_organisation->site;
    }
    return auth_allows(plan->work->user, permission,
                       &(struct auth_subject){.site_count = count, .sites = sites});
}

/* What its way into the store would refuse. */
static bool storable(struct plan *plan, const struct planned_row *row, const char *document,
                     struct error *err)
{
    struct event_dates dates;
    void *again;

    if (!resource_decode(row->resource, document, strlen(document), plan->arena, &again, err))
        return false;
    if (row->resource == &resource_event) {
        const struct event *event = row->value;
        if (!event_dates_of(plan->db, event->uid, event->recurrence, plan->work->now_ms,
                            plan->arena, &dates, err))
            return error_field(err, "when");
    }
    return true;
}

/* A sheet without a text that slides ask for is worth having in the directory all the same. */
static void tell_of_screens(struct plan *plan, const struct planned_row *row)
{
    struct error why = {0};

    if (!plan_publishes(plan->file) || !row->resource->publishable ||
        row->resource->publishable(plan->db, plan->arena, row->value, plan->work->now_ms, &why))
        return;
    if (strcmp(why.field, "texts.activity") == 0)
        note(plan, IMPORT_WARNING, row->line.line, "",
             "les écrans ne la montreront pas encore : il lui manque une activité (code NAF ou "
             "secteur)",
             "screens will not show it yet: it lacks an activity (NAF code or sector)");
    else
        import_report_note(&plan->report, IMPORT_WARNING, (int)row->line.line, why.field,
                           "les écrans ne la montreront pas encore : %s%.0s",
                           "screens will not show it yet: %.0s%s", why.fr, why.en);
}

/* Somebody's own work on the record comes first. */
static bool in_hands(const struct planned_row *row, struct error *err)
{
    const struct record_state *before = &row->before;

    if (before->state == STATE_ARCHIVED)
        error_set(err, ERROR_CONFLICT, "cette fiche est archivée : reprenez-la d’abord",
                  "this record is archived: revive it first");
    else if (before->working_copy)
        error_set(err, ERROR_CONFLICT,
                  "une modification est en cours%s%s : publiez-la ou abandonnez-la d’abord",
                  "somebody%s%s is changing it: publish or discard that first",
                  *before->editor ? " par " : "", before->editor);
    else
        return false;
    return true;
}

static bool claim(struct plan *plan, const struct planned_row *row, struct error *err)
{
    struct seen_entry *entry = seen_at(plan->records, row->line.record);

    if (entry->line > 0)
        return error_set(err, ERROR_CONFLICT, "la même fiche est déjà à la ligne %d",
                         "the same record is on line %d", entry->line);
    entry->line = (int)row->line.line;
    return true;
}

static bool is_older(struct plan *plan, const struct reading_row *reading)
{
    struct event old;
    struct error ignored;

    return reading->event &&
           events_get(plan->db, plan->arena, reading->event->uid, &old, &ignored) &&
           reading_is_older(&plan->report, reading->line, reading->event, &old);
}

static bool decide(struct plan *plan, const struct reading_row *reading, struct planned_row *row,
                   struct error *err)
{
    struct strbuf document, changes;
    struct error why = {0};
    size_t count = 0;
    bool found;

    row->value = reading->organisation ? (void *)reading->organisation : (void *)reading->event;
    row->line.record = reading->organisation ? reading->organisation->id : reading->event->uid;
    if (!find_before(plan, row, &found, err))
        return false;
    /* New ones are of the site that the file was said to be for, unless they name one. */
    if (!found && reading->organisation && !*reading->organisation->site)
        reading->organisation->site = plan->file->site;
    if (!mend_references(plan, reading, err))
        return false;
    cut_resume(plan, reading);
    strbuf_init(&document);
    strbuf_init(&changes);
    resource_encode(row->resource, row->value, &document);
    const char *was = !found ? "" : row->before.document;
    bool ok = plan_changes(row->resource, plan->arena, was, document.bytes, &changes, &count, err);
    row->fate = !found ? FATE_CREATED : count > 0 ? FATE_CHANGED : FATE_UNCHANGED;
    if (ok && !claim(plan, row, &why)) {
        ok = reject(plan, row, &why);
    } else if (ok && row->fate != FATE_UNCHANGED) {
        if (found && is_older(plan, reading))
            row->fate = FATE_UNCHANGED;
        else if (!allowed(plan, row, reading, found)) {
            error_set(&why, ERROR_DENIED, "cette fiche n’est pas de vos sites",
                      "this record is not of your sites");
            ok = reject(plan, row, &why);
        } else if ((found && in_hands(row, &why)) || !storable(plan, row, document.bytes, &why))
            ok = why.kind != ERROR_IO && why.kind != ERROR_INTERNAL ? reject(plan, row, &why)
                                                                    : false;
        else
            tell_of_screens(plan, row);
    }
    if (!ok && err->kind == ERROR_NONE)
        *err = why;
    row->line.changes = row->fate == FATE_CREATED || row->fate == FATE_CHANGED
                            ? arena_strndup(plan->arena, changes.bytes, changes.length)
                            : "[]";
    strbuf_finish(&document);
    strbuf_finish(&changes);
    return ok;
}

/* --- what is told of it ---------------------------------------------------------------------- */

static void put_note(struct json_writer *writer, const char *severity, const char *field,
                     const char *fr, const char *en)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "severity", severity);
    json_put_string(writer, "field", field);
    json_put_string(writer, "fr", fr);
    json_put_string(writer, "en", en);
    json_end_object(writer);
}

const char *plan_note(struct arena *arena, const char *fr, const char *en)
{
    struct json_writer writer;
    struct strbuf out;

    strbuf_init(&out);
    json_writer_init(&writer, &out);
    json_begin_array(&writer, NULL);
    put_note(&writer, "rejected", "", fr, en);
    json_end_array(&writer);
    const char *notes = arena_strndup(arena, out.bytes, out.length);
    strbuf_finish(&out);
    return notes;
}

static const char *write_notes(struct plan *plan, bool *warned_out)
{
    struct json_writer writer;
    struct strbuf out;

    strbuf_init(&out);
    json_writer_init(&writer, &out);
    json_begin_array(&writer, NULL);
    for (size_t i = 0; i < plan->report.note_count; i++) {
        const struct import_note *at = &plan->report.notes[i];
        *warned_out = *warned_out || at->severity == IMPORT_WARNING;
        put_note(&writer, at->severity == IMPORT_REJECTED ? "rejected" : "warning", at->field,
                 at->fr, at->en);
    }
    json_end_array(&writer);
    const char *notes = arena_strndup(plan->arena, out.bytes, out.length);
    strbuf_finish(&out);
    return notes;
}

static void count_row(struct import_file *file, const struct planned_row *row)
{
    int64_t *const counts[] = {&file->created, &file->changed, &file->unchanged, &file->merged,
                               &file->rejected};

    file->row_count++;
    ++*counts[row->fate];
    file->warned += row->line.warned;
}

/* The next row's notes take the place of this one's. */
static void forget_notes(struct plan *plan)
{
    plan->report.note_count = 0;
}

static void digest_row(struct plan *plan, const struct planned_row *row)
{
    sha256_stream_update(plan->digest, row->line.fate, strlen(row->line.fate) + 1);
    sha256_stream_update(plan->digest, row->line.record, strlen(row->line.record) + 1);
    sha256_stream_update(plan->digest, row->line.changes, strlen(row->line.changes) + 1);
}

static bool take_row(void *context, const struct reading_row *reading, struct error *err)
{
    struct plan *plan = context;
    struct planned_row row = {.resource = plan->resource,
                              .fate =
                                  reading->outcome == READING_MERGED ? FATE_MERGED : FATE_REJECTED};

    if (plan->number == DELIVERY_ROWS_MAX)
        return error_set(err, ERROR_LIMIT,
                         "plus de %d lignes : coupez le fichier, ou importez-le par la ligne de "
                         "commande du serveur",
                         "more than %d rows: cut the file, or import it by the server's command "
                         "line",
                         DELIVERY_ROWS_MAX);
    if (plan->work->stopped && atomic_load(plan->work->stopped))
        return error_set(err, ERROR_BUSY, "le serveur s’arrête", "the server stops");
    row.line = (struct import_line){.import = plan->file->id,
                                    .number = ++plan->number,
                                    .line = reading->line,
                                    .record = "",
                                    .title = reading->title,
                                    .changes = "[]",
                                    .after_hash = "",
                                    .undo = "",
                                    .undo_fr = "",
                                    .undo_en = ""};
    if (reading->merged_with > 0 && plan->report.note_count == 0)
        import_report_note(&plan->report, IMPORT_WARNING, reading->line, "",
                           "même SIRET qu’à la ligne %d : seuls les types d’insertion sont réunis",
                           "same SIRET as on line %d: only the insertion types are joined",
                           reading->merged_with);
    bool ok = reading->outcome != READING_TAKEN || decide(plan, reading, &row, err);
    row.line.fate = fate_tag(row.fate);
    row.line.notes = write_notes(plan, &row.line.warned);
    if (ok) {
        count_row(plan->file, &row);
        digest_row(plan, &row);
        ok = plan->on_row(plan->context, &row, err);
    }
    forget_notes(plan);
    arena_reset(plan->arena);
    return ok;
}

/* --- the file -------------------------------------------------------------------------------- */

static void show_progress(void *context, size_t rows, int64_t done, int64_t total)
{
    const struct plan *plan = context;
    int from = plan->work->percent_from;
    int to = plan->work->percent_to > 0 ? plan->work->percent_to : 99;

    (void)rows;
    if (plan->work->percent && total > 0)
        atomic_store(plan->work->percent, from + (int)(done * (to - from) / total));
}

/* The titles, as the file calls its columns, for messages. */
static const char *title_of(const cJSON *look, size_t number, struct arena *arena)
{
    const cJSON *column = cJSON_GetObjectItemCaseSensitive(look, "columns");

    column = column ? column->child : NULL;
    while (column && number-- > 0)
        column = column->next;
    const cJSON *title = cJSON_GetObjectItemCaseSensitive(column, "title");
    return cJSON_IsString(title) ? arena_strdup(arena, title->valuestring) : "";
}

static void use_column(struct plan *plan, bool events, int field, size_t number, const char *title)
{
    if (field == MAPPING_NONE || number >= TABLE_COLUMNS_MAX)
        return;
    if (events) {
        plan->columns.events.index[field] = (int)number;
        plan->columns.events.names[field] = title;
    } else {
        plan->columns.organisations.index[field] = (int)number;
        plan->columns.organisations.names[field] = title;
    }
}

static void no_columns(struct plan *plan)
{
    struct import_columns *columns = &plan->columns;

    for (int i = 0; i < COLUMN_COUNT; i++) {
        columns->organisations.index[i] = -1;
        columns->organisations.names[i] = "";
    }
    for (int i = 0; i < EVENT_COLUMN_COUNT; i++) {
        columns->events.index[i] = -1;
        columns->events.names[i] = "";
    }
}

static bool read_mapping(struct plan *plan, struct arena *arena, struct error *err)
{
    const struct import_file *file = plan->file;
    bool events = plan->resource == &resource_event;
    size_t number = 0;

    no_columns(plan);
    if (!table_scan(plan->work->path, &plan->columns.format, err))
        return false;
    plan->columns.format.sheet = (size_t)file->sheet;
    plan->columns.header_line = (int)file->header_line;
    cJSON *look = json_parse(file->look, strlen(file->look), DELIVERY_BYTES_MAX, err);
    cJSON *mapping =
        look ? json_parse(file->mapping, strlen(file->mapping), MAPPING_BYTES_MAX, err) : NULL;
    for (const cJSON *item = mapping ? mapping->child : NULL; item; item = item->next, number++) {
        int field = cJSON_IsString(item)
                        ? mapping_field_find(events ? MAPPING_EVENTS : MAPPING_ORGANISATIONS,
                                             item->valuestring)
                        : MAPPING_NONE;
        use_column(plan, events, field, number, title_of(look, number, arena));
    }
    plan->layout = (struct table_layout){file->source, file->capitals, file->licence};
    plan->columns.organisations.layout = &plan->layout;
    plan->columns.organisations.count = number;
    bool ok = mapping != NULL;
    cJSON_Delete(mapping);
    cJSON_Delete(look);
    return ok;
}

static bool read_file(struct plan *plan, struct error *err)
{
    const struct delivery_work *work = plan->work;
    const struct import_file *file = plan->file;
    const struct import_options options = {.now_ms = work->now_ms,
                                           .source = *file->source ? file->source : NULL,
                                           .licence = *file->licence ? file->licence : NULL,
                                           .state = STATE_PUBLISHED,
                                           .progress = show_progress,
                                           .progress_context = plan};

    if (strcmp(file->format, "ics") == 0)
        return reading_calendar(NULL, work->path, &options, &plan->report, take_row, plan, err);
    if (!read_mapping(plan, work->arena, err))
        return false;
    if (plan->resource == &resource_event)
        return reading_event_table(work->path, &options, &plan->columns, &plan->report, take_row,
                                   plan, err);
    return reading_organisations(plan->db, work->path, &options, &plan->columns, &plan->report,
                                 take_row, plan, err);
}

bool plan_file(const struct delivery_work *work, struct db *db, struct import_file *file,
               plan_handler *on_row, void *context, char digest_out[65], struct error *err)
{
    struct plan plan = {.work = work,
                        .db = db,
                        .file = file,
                        .resource = plan_resource(file),
                        .on_row = on_row,
                        .context = context,
                        .records = seen_create(),
                        .digest = sha256_stream_create(),
                        .arena = arena_create()};
    struct sha256 sum;

    file->row_count = file->created = file->changed = file->unchanged = 0;
    file->merged = file->rejected = file->warned = 0;
    import_report_init(&plan.report);
    *err = (struct error){0};
    bool ok = read_file(&plan, err);
    sha256_stream_finish(plan.digest, &sum);
    sha256_to_hex(&sum, digest_out);
    import_report_finish(&plan.report);
    seen_destroy(plan.records);
    arena_destroy(plan.arena);
    return ok;
}
