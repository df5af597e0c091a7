#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/import/reading.h"
#include "server/import/seen.h"

#define PROGRESS_ROWS 1000
#define SOURCE "tableau"

struct event_table {
    const struct import_options *options;
    const struct import_columns *columns;
    struct import_report *report;
    struct event_row_reader reader;
    struct seen *seen;
    const char *date_maj;
    reading_handler *on_row;
    void *context;
};

static bool claim(struct event_table *table, const struct table_row *row, const char *uid)
{
    struct seen_entry *entry = seen_at(table->seen, uid);

    if (entry->line == 0) {
        entry->line = row->line;
        return true;
    }
    import_report_note(table->report, IMPORT_WARNING, row->line, "",
                       "le même événement est déjà à la ligne %d", "the same event is on line %d",
                       entry->line);
    table->report->merged++;
    return false;
}

static bool take_row(void *context, const struct table_row *row, struct error *err)
{
    struct event_table *table = context;
    const struct import_options *options = table->options;
    struct reading_row reading = {
        .line = row->line, .outcome = READING_REJECTED, .title = "", .bytes_done = row->bytes_done};
    struct event event;

    if (row->line <= table->columns->header_line)
        return true;
    table->report->read++;
    if (event_row_read(&table->reader, row, &event))
        reading.outcome = claim(table, row, event.uid) ? READING_TAKEN : READING_MERGED;
    if (event.title)
        reading.title = event.title;
    if (reading.outcome == READING_TAKEN) {
        event.source = options->source ? options->source : SOURCE;
        event.licence = options->licence ? options->licence : "";
        event.date_maj = table->date_maj;
        event.updated_ms = options->now_ms;
        event.state = options->state;
        reading.event = &event;
    }
    if (!table->on_row(table->context, &reading, err)) {
        error_at(err, NULL, row->line);
        return false;
    }
    arena_reset(table->reader.arena);
    if (options->progress && table->report->read % PROGRESS_ROWS == 0)
        options->progress(options->progress_context, table->report->read, row->bytes_done,
                          table->columns->format.size);
    return true;
}

bool reading_event_table(const char *path, const struct import_options *options,
                         const struct import_columns *columns, struct import_report *report,
                         reading_handler *on_row, void *context, struct error *err)
{
    char folder[4096];
    char today[32];

    if (!assets_folder(folder, sizeof(folder)))
        return error_set(err, ERROR_NOT_FOUND, "le dossier des données de Vitrine est introuvable",
                         "Vitrine's asset folder is not found");
    struct reference *reference = reference_load(folder, err);
    if (!reference)
        return false;
    civil_format_instant(options->now_ms, today, sizeof(today));
    today[10] = '\0';
    struct event_table table = {.options = options,
                                .columns = columns,
                                .report = report,
                                .seen = seen_create(),
                                .date_maj = options->date_maj ? options->date_maj : today,
                                .on_row = on_row,
                                .context = context};
    table.reader = (struct event_row_reader){&columns->events, reference, report, arena_create()};
    bool ok = table_read(path, &columns->format, IMPORT_CSV_FIELD_MAX, take_row, &table, err);
    arena_destroy(table.reader.arena);
    seen_destroy(table.seen);
    reference_destroy(reference);
    return ok;
}
