#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/import/import.h"
#include "server/import/layout.h"
#include "server/import/organisation_row.h"
#include "server/import/reading.h"
#include "server/import/reference.h"
#include "server/import/seen.h"
#include "server/import/table.h"
#include "server/store/fleet.h"
#include "server/store/organisations.h"

#define PROGRESS_ROWS 1000

struct annuaire {
    struct db *db;
    const struct import_options *options;
    struct import_report *report;
    const char *date_maj;
    reading_handler *on_row;
    void *context;
    struct table_format format;
    struct layout_columns columns;
    int header_line; /* 0: the first row is the header */
    struct row_reader reader;
    struct site_list sites;
    struct arena *arena;     /* for the whole import */
    struct arena *row_arena; /* for one row */
    struct seen *seen;
    bool header_read;
};

/* Whether the row is none of data: it is above them, or their header. */
static bool is_header(struct annuaire *a, const struct table_row *row)
{
    bool first = !a->header_read;

    a->header_read = true;
    return a->header_line > 0 ? row->line <= a->header_line : first;
}

/* First pass: what types does each SIRET have in the whole file? Without it, a second import of the
 * same file would take types away with one row and give them back with the next. */
static bool collect_row(void *context, const struct table_row *row, struct error *err)
{
    struct annuaire *a = context;
    char siret[15];

    if (is_header(a, row))
        return a->header_line > 0 || layout_of_header(row, a->report, &a->columns, err);
    row_siret(&a->reader, row, siret);
    if (*siret)
        seen_at(a->seen, siret)->types |= row_types(&a->reader, row, false);
    arena_reset(a->row_arena);
    return true;
}

static const char *filled(const char *ours, const char *other)
{
    return *ours ? ours : other;
}

/* A record of another source keeps what it says; this file fills what it leaves open. */
static void enrich(struct organisation *organisation, const struct organisation *old,
                   struct arena *arena)
{
    struct organisation merged = *old;

    merged.types_iae =
        types_list(arena, types_of_list(&old->types_iae) | types_of_list(&organisation->types_iae));
    if (merged.secteurs.count == 0)
        merged.secteurs = organisation->secteurs;
    if (!*old->categorie_juridique) {
        merged.categorie_juridique = organisation->categorie_juridique;
        merged.famille_ess = organisation->famille_ess;
    }
    if (!*old->naf) {
        merged.naf = organisation->naf;
        merged.naf_label = organisation->naf_label;
    }
    if (!*old->commune) {
        merged.code_postal = organisation->code_postal;
        merged.code_insee = organisation->code_insee;
        merged.commune = organisation->commune;
        merged.in_metropole = organisation->in_metropole;
        merged.adresse = organisation->adresse;
    }
    if (!organisation_placed(old)) {
        merged.latitude = organisation->latitude;
        merged.longitude = organisation->longitude;
    }
    if (merged.rse.count == 0)
        merged.rse = organisation->rse;
    if (merged.marches_reserves.count == 0)
        merged.marches_reserves = organisation->marches_reserves;
    merged.valeurs = filled(old->valeurs, organisation->valeurs);
    merged.falc = filled(old->falc, organisation->falc);
    merged.rna = filled(old->rna, organisation->rna);
    merged.telephone = filled(old->telephone, organisation->telephone);
    merged.courriel = filled(old->courriel, organisation->courriel);
    merged.site_web = filled(old->site_web, organisation->site_web);
    *organisation = merged;
}

static bool has_column(const struct annuaire *a, enum column column)
{
    return a->columns.index[column] >= 0;
}

/* What the file has no column for was said elsewhere, and stays. */
static void keep(const struct annuaire *a, struct organisation *organisation,
                 const struct organisation *old)
{
    organisation->description = old->description;
    organisation->image = old->image;
    organisation->image_alt = old->image_alt;
    organisation->image_credit = old->image_credit;
    organisation->focal_x = old->focal_x;
    organisation->focal_y = old->focal_y;
    if (!has_column(a, COLUMN_VALEURS))
        organisation->valeurs = old->valeurs;
    if (!has_column(a, COLUMN_FALC))
        organisation->falc = old->falc;
    if (!has_column(a, COLUMN_RSE))
        organisation->rse = old->rse;
    if (!has_column(a, COLUMN_MARCHES))
        organisation->marches_reserves = old->marches_reserves;
    if (!has_column(a, COLUMN_LATITUDE) && strcmp(organisation->adresse, old->adresse) == 0 &&
        strcmp(organisation->commune, old->commune) == 0) {
        organisation->latitude = old->latitude;
        organisation->longitude = old->longitude;
    }
}

/* The record that this row is about, if the store has it already. */
static bool find_old(struct annuaire *a, const struct organisation *organisation,
                     struct organisation *old, bool *found_out, struct error *err)
{
    struct error problem = {0};

    *found_out =
        *organisation->siret &&
        organisations_get_by_siret(a->db, a->row_arena, organisation->siret, old, &problem);
    if (!*found_out && (problem.kind == ERROR_NONE || problem.kind == ERROR_NOT_FOUND)) {
        problem.kind = ERROR_NONE;
        *found_out = organisations_get(a->db, a->row_arena, organisation->id, old, &problem);
    }
    if (*found_out || problem.kind == ERROR_NOT_FOUND)
        return true;
    *err = problem;
    return false;
}

/* What the store would have of this row. */
static bool complete(struct annuaire *a, struct organisation *organisation,
                     struct organisation *old, bool *found_out, struct error *err)
{
    organisation->source = a->options->source ? a->options->source : a->columns.layout->name;
    organisation->licence = a->options->licence ? a->options->licence : a->columns.layout->licence;
    organisation->date_maj = a->date_maj;
    organisation->state = a->options->state;
    organisation->updated_ms = a->options->now_ms;
    if (!find_old(a, organisation, old, found_out, err))
        return false;
    if (*found_out) {
        organisation->id = old->id;
        organisation->state = old->state;
        if (strcmp(old->source, organisation->source) != 0)
            enrich(organisation, old, a->row_arena);
        else
            keep(a, organisation, old);
    }
    return true;
}

/* Rows of one SIRET are joined: what only the later one says would be lost in silence. */
static void tell_of_difference(struct annuaire *a, const struct table_row *row,
                               const struct organisation *organisation, int first_line)
{
    struct organisation kept;
    struct error ignored;

    if (!organisations_get_by_siret(a->db, a->row_arena, organisation->siret, &kept, &ignored) ||
        (strcmp(kept.nom, organisation->nom) == 0 &&
         strcmp(kept.adresse, organisation->adresse) == 0 &&
         strcmp(kept.telephone, organisation->telephone) == 0 &&
         strcmp(kept.courriel, organisation->courriel) == 0))
        return;
    import_report_note(a->report, IMPORT_WARNING, row->line, a->columns.names[COLUMN_SIRET],
                       "même SIRET qu’à la ligne %d (« %.80s ») : seuls les types sont réunis, le "
                       "reste de cette ligne est laissé de côté",
                       "same SIRET as on line %d (\"%.80s\"): only the types are joined, the rest "
                       "of this line is left out",
                       first_line, kept.nom);
}

/* Takes the row's keys, unless another row of the file has them. */
static enum reading_outcome claim(struct annuaire *a, const struct table_row *row,
                                  struct organisation *organisation, int *merged_with)
{
    if (*organisation->siret) {
        struct seen_entry *entry = seen_at(a->seen, organisation->siret);
        if (entry->line > 0) {
            a->report->merged++;
            tell_of_difference(a, row, organisation, entry->line);
            *merged_with = entry->line;
            return READING_MERGED;
        }
        entry->line = row->line;
        organisation->types_iae = types_list(a->row_arena, entry->types);
    }
    struct seen_entry *id = seen_at(a->seen, organisation->id);
    if (id->line > 0) {
        import_report_note(a->report, IMPORT_REJECTED, row->line, a->columns.names[COLUMN_ID],
                           "identifiant déjà employé à la ligne %d", "id already used on line %d",
                           id->line);
        return READING_REJECTED;
    }
    id->line = row->line;
    return READING_TAKEN;
}

static void tell_progress(const struct annuaire *a, int64_t bytes)
{
    if (a->options->progress)
        a->options->progress(a->options->progress_context, a->report->read, bytes, a->format.size);
}

static bool take_row(void *context, const struct table_row *row, struct error *err)
{
    struct annuaire *a = context;
    struct organisation organisation = {0}, old;
    struct reading_row reading = {
        .line = row->line, .outcome = READING_REJECTED, .title = "", .bytes_done = row->bytes_done};
    bool found = false;

    if (is_header(a, row))
        return true;
    a->report->read++;
    if (row_organisation(&a->reader, row, &organisation))
        reading.outcome = claim(a, row, &organisation, &reading.merged_with);
    if (organisation.nom)
        reading.title = organisation.nom;
    bool ok = true;
    if (reading.outcome == READING_TAKEN) {
        ok = complete(a, &organisation, &old, &found, err);
        reading.organisation = &organisation;
        reading.old_organisation = found ? &old : NULL;
    }
    ok = ok && a->on_row(a->context, &reading, err);
    if (!ok) {
        error_at(err, NULL, row->line);
        return false;
    }
    arena_reset(a->row_arena);
    if (a->report->read % PROGRESS_ROWS == 0)
        tell_progress(a, row->bytes_done);
    return true;
}

static bool run(struct annuaire *a, const char *path, struct error *err)
{
    if (!table_read(path, &a->format, IMPORT_CSV_FIELD_MAX, collect_row, a, err))
        return false;
    a->header_read = false;
    if (!sites_list(a->db, a->arena, &a->sites, err) ||
        !table_read(path, &a->format, IMPORT_CSV_FIELD_MAX, take_row, a, err))
        return false;
    if (a->report->read == 0)
        import_report_note(a->report, IMPORT_WARNING, 0, "",
                           "le fichier n’a que son en-tête ; aucune structure n’a été lue",
                           "the file has nothing but its header; no organisation was read");
    tell_progress(a, a->format.size);
    return true;
}

static bool open_table(struct annuaire *a, const char *path, const struct import_columns *columns,
                       struct error *err)
{
    if (!table_scan(path, &a->format, err))
        return false;
    if (columns) {
        a->format = columns->format;
        a->columns = columns->organisations;
        a->header_line = columns->header_line;
        a->report->layout = a->columns.layout->name;
    }
    return true;
}

bool reading_organisations(struct db *db, const char *path, const struct import_options *options,
                           const struct import_columns *columns, struct import_report *report,
                           reading_handler *on_row, void *context, struct error *err)
{
    char folder[4096];
    char today[32];
    struct annuaire a = {
        .db = db, .options = options, .report = report, .on_row = on_row, .context = context};

    if (!assets_folder(folder, sizeof(folder)))
        return error_set(err, ERROR_NOT_FOUND,
                         "le dossier des données de Vitrine est introuvable ; donnez-le par "
                         "VITRINE_ASSETS",
                         "Vitrine's asset folder is not found; give it by VITRINE_ASSETS");
    if (!open_table(&a, path, columns, err))
        return false;
    struct reference *reference = reference_load(folder, err);
    if (!reference)
        return false;

    report->file = arena_strdup(report->arena, path);
    report->encoding = table_encoding_name(a.format.encoding);
    civil_format_instant(options->now_ms, today, sizeof(today));
    today[10] = '\0';
    a.date_maj = options->date_maj ? options->date_maj : today;
    a.arena = arena_create();
    a.row_arena = arena_create();
    a.seen = seen_create();
    a.reader = (struct row_reader){&a.columns, reference, &a.sites, report, a.row_arena};
    bool ok = run(&a, path, err);
    if (!ok)
        error_at(err, path, 0);
    seen_destroy(a.seen);
    arena_destroy(a.row_arena);
    arena_destroy(a.arena);
    reference_destroy(reference);
    return ok;
}

struct storing {
    struct db *db;
    struct arena *arena;
    struct import_report *report;
};

static bool store_row(void *context, const struct reading_row *row, struct error *err)
{
    struct storing *storing = context;
    enum upsert_result result;

    if (row->outcome != READING_TAKEN)
        return true;
    bool ok = organisations_upsert(storing->db, storing->arena, row->organisation, &result, err);
    if (ok) {
        storing->report->created += result == UPSERT_CREATED;
        storing->report->updated += result == UPSERT_UPDATED;
        storing->report->unchanged += result == UPSERT_UNCHANGED;
    }
    arena_reset(storing->arena);
    return ok;
}

bool import_annuaire(struct db *db, const char *path, const struct import_options *options,
                     struct import_report *report, struct error *err)
{
    struct storing storing = {db, arena_create(), report};
    bool ok = db_begin(db, err);

    if (ok && !reading_organisations(db, path, options, NULL, report, store_row, &storing, err)) {
        db_rollback(db);
        ok = false;
    }
    arena_destroy(storing.arena);
    return ok && db_commit(db, err);
}
