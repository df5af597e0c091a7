#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/import/import.h"
#include "server/import/layout.h"
#include "server/import/organisation_row.h"
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
    struct table_format format;
    struct layout_columns columns;
    struct row_reader reader;
    struct site_list sites;
    struct arena *arena;     /* for the whole import */
    struct arena *row_arena; /* for one row */
    struct seen *seen;
    bool header_read;
};

static bool read_header(struct annuaire *a, const struct table_row *row, struct error *err)
{
    a->header_read = true;
    return layout_of_header(row, a->report, &a->columns, err);
}

/* First pass: what types does each SIRET have in the whole file? Without it, a second import of the
 * same file would take types away with one row and give them back with the next. */
static bool collect_row(void *context, const struct table_row *row, struct error *err)
{
    struct annuaire *a = context;
    char siret[15];

    if (!a->header_read)
        return read_header(a, row, err);
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
    merged.rna = filled(old->rna, organisation->rna);
    merged.telephone = filled(old->telephone, organisation->telephone);
    merged.courriel = filled(old->courriel, organisation->courriel);
    merged.site_web = filled(old->site_web, organisation->site_web);
    *organisation = merged;
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

static bool store_row(struct annuaire *a, struct organisation *organisation, struct error *err)
{
    struct organisation old;
    enum upsert_result result;
    bool found;

    organisation->source = a->options->source ? a->options->source : a->columns.layout->name;
    organisation->licence = a->options->licence ? a->options->licence : a->columns.layout->licence;
    organisation->date_maj = a->date_maj;
    organisation->state = a->options->state;
    organisation->updated_ms = a->options->now_ms;
    if (!find_old(a, organisation, &old, &found, err))
        return false;
    if (found) {
        organisation->id = old.id;
        organisation->state = old.state;
        if (strcmp(old.source, organisation->source) != 0)
            enrich(organisation, &old, a->row_arena);
    }
    if (!organisations_upsert(a->db, a->row_arena, organisation, &result, err))
        return false;
    a->report->created += result == UPSERT_CREATED;
    a->report->updated += result == UPSERT_UPDATED;
    a->report->unchanged += result == UPSERT_UNCHANGED;
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

/* Takes the row's keys; false when another row of the file has them. */
static bool claim(struct annuaire *a, const struct table_row *row,
                  struct organisation *organisation)
{
    if (*organisation->siret) {
        struct seen_entry *entry = seen_at(a->seen, organisation->siret);
        if (entry->line > 0) {
            a->report->merged++;
            tell_of_difference(a, row, organisation, entry->line);
            return false;
        }
        entry->line = row->line;
        organisation->types_iae = types_list(a->row_arena, entry->types);
    }
    struct seen_entry *id = seen_at(a->seen, organisation->id);
    if (id->line > 0) {
        import_report_note(a->report, IMPORT_REJECTED, row->line, a->columns.names[COLUMN_ID],
                           "identifiant déjà employé à la ligne %d", "id already used on line %d",
                           id->line);
        return false;
    }
    id->line = row->line;
    return true;
}

static void tell_progress(const struct annuaire *a, int64_t bytes)
{
    if (a->options->progress)
        a->options->progress(a->options->progress_context, a->report->read, bytes, a->format.size);
}

static bool take_row(void *context, const struct table_row *row, struct error *err)
{
    struct annuaire *a = context;
    struct organisation organisation;

    if (!a->header_read) {
        a->header_read = true;
        return true;
    }
    a->report->read++;
    if (row_organisation(&a->reader, row, &organisation) && claim(a, row, &organisation) &&
        !store_row(a, &organisation, err)) {
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
    if (!db_begin(a->db, err))
        return false;
    a->header_read = false;
    if (!sites_list(a->db, a->arena, &a->sites, err) ||
        !table_read(path, &a->format, IMPORT_CSV_FIELD_MAX, take_row, a, err)) {
        db_rollback(a->db);
        return false;
    }
    if (a->report->read == 0)
        import_report_note(a->report, IMPORT_WARNING, 0, "",
                           "le fichier n’a que son en-tête ; aucune structure n’a été lue",
                           "the file has nothing but its header; no organisation was read");
    tell_progress(a, a->format.size);
    return db_commit(a->db, err);
}

bool import_annuaire(struct db *db, const char *path, const struct import_options *options,
                     struct import_report *report, struct error *err)
{
    char folder[4096];
    char today[32];
    struct annuaire a = {.db = db, .options = options, .report = report};

    if (!assets_folder(folder, sizeof(folder)))
        return error_set(err, ERROR_NOT_FOUND,
                         "le dossier des données de Vitrine est introuvable ; donnez-le par "
                         "VITRINE_ASSETS",
                         "Vitrine's asset folder is not found; give it by VITRINE_ASSETS");
    if (!table_scan(path, &a.format, err))
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
