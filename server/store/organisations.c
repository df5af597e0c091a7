#include "server/store/organisations.h"

#include <assert.h>
#include <string.h>

#include "server/store/folding.h"
#include "server/store/record.h"

#define VALUES_MAX 120

static const char *const family_tags[] = {"inconnue",  "association", "cooperative",    "mutuelle",
                                          "fondation", "entreprise",  "autre_organisme"};
static const char *const family_labels[] = {
    "", "Association", "Coopérative", "Mutuelle", "Fondation", "Entreprise", "Organisme public"};
static const struct choice family_choice = {family_tags,
                                            sizeof(family_tags) / sizeof(family_tags[0])};

static const struct field fields[] = {
    FIELD(organisation, id, FIELD_TEXT),
    FIELD(organisation, siret, FIELD_TEXT),
    FIELD(organisation, rna, FIELD_TEXT),
    FIELD(organisation, nom, FIELD_TEXT),
    FIELD(organisation, enseigne, FIELD_TEXT),
    FIELD(organisation, sigle, FIELD_TEXT),
    FIELD(organisation, categorie_juridique, FIELD_TEXT),
    FIELD_TAGGED(organisation, famille_ess, &family_choice),
    FIELD(organisation, scic, FIELD_BOOL),
    FIELD(organisation, scop, FIELD_BOOL),
    FIELD(organisation, esus, FIELD_BOOL),
    FIELD(organisation, types_iae, FIELD_LIST),
    FIELD(organisation, secteurs, FIELD_LIST),
    FIELD(organisation, naf, FIELD_TEXT),
    FIELD(organisation, naf_label, FIELD_TEXT),
    FIELD(organisation, resume, FIELD_TEXT),
    FIELD(organisation, description, FIELD_TEXT),
    FIELD(organisation, offre, FIELD_TEXT),
    FIELD(organisation, valeurs, FIELD_TEXT),
    FIELD(organisation, falc, FIELD_TEXT),
    FIELD(organisation, rse, FIELD_LIST),
    FIELD(organisation, marches_reserves, FIELD_LIST),
    FIELD(organisation, adresse, FIELD_TEXT),
    FIELD(organisation, latitude, FIELD_REAL),
    FIELD(organisation, longitude, FIELD_REAL),
    FIELD(organisation, code_postal, FIELD_TEXT),
    FIELD(organisation, code_insee, FIELD_TEXT),
    FIELD(organisation, commune, FIELD_TEXT),
    FIELD(organisation, commune_key, FIELD_TEXT),
    FIELD(organisation, in_metropole, FIELD_BOOL),
    FIELD(organisation, site, FIELD_TEXT),
    FIELD(organisation, etage, FIELD_TEXT),
    FIELD(organisation, bureau, FIELD_TEXT),
    FIELD(organisation, telephone, FIELD_TEXT),
    FIELD(organisation, courriel, FIELD_TEXT),
    FIELD(organisation, site_web, FIELD_TEXT),
    FIELD(organisation, horaires, FIELD_TEXT),
    FIELD(organisation, image, FIELD_TEXT),
    FIELD(organisation, image_alt, FIELD_TEXT),
    FIELD(organisation, image_credit, FIELD_TEXT),
    FIELD(organisation, focal_x, FIELD_REAL),
    FIELD(organisation, focal_y, FIELD_REAL),
    FIELD(organisation, source, FIELD_TEXT),
    FIELD(organisation, source_id, FIELD_TEXT),
    FIELD(organisation, licence, FIELD_TEXT),
    FIELD_QUIET(organisation, date_maj, FIELD_TEXT),
    FIELD(organisation, diffusable, FIELD_BOOL),
    FIELD_TAGGED(organisation, state, &state_choice),
    FIELD(organisation, search_text, FIELD_TEXT),
    FIELD(organisation, sort_key, FIELD_TEXT),
    FIELD_QUIET(organisation, updated_ms, FIELD_INT64),
};

static const struct record organisation_record = {
    .table = "organisations",
    .noun_fr = "structure",
    .noun_en = "organisation",
    .size = sizeof(struct organisation),
    RECORD_FIELDS(fields),
    .key_count = 1,
    .content = true,
    .directory = true,
};

bool organisation_placed(const struct organisation *organisation)
{
    return organisation->latitude >= -90 && organisation->latitude <= 90 &&
           organisation->longitude >= -180 && organisation->longitude <= 180 &&
           (organisation->latitude != 0 || organisation->longitude != 0);
}

const char *famille_ess_tag(enum famille_ess family)
{
    assert((size_t)family < family_choice.count);
    return family_tags[family];
}

const char *famille_ess_label(enum famille_ess family)
{
    assert((size_t)family < family_choice.count);
    return family_labels[family];
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void derive(struct organisation *organisation, struct arena *arena)
{
    const char *words =
        arena_printf(arena, "%s %s %s %s %s %s %s", or_empty(organisation->nom),
                     or_empty(organisation->enseigne), or_empty(organisation->sigle),
                     or_empty(organisation->naf_label), or_empty(organisation->resume),
                     or_empty(organisation->offre), or_empty(organisation->commune));

    organisation->search_text = folding_of(arena, words);
    organisation->sort_key = folding_of(arena, organisation->nom);
    organisation->commune_key = folding_of(arena, organisation->commune);
}

static bool write_children(struct db *db, const struct organisation *organisation,
                           struct error *err)
{
    return record_children(db, "DELETE FROM organisation_types WHERE organisation = $1",
                           "INSERT INTO organisation_types (organisation, type) VALUES ($1, $2) "
                           "ON CONFLICT DO NOTHING",
                           organisation->id, &organisation->types_iae, err) &&
           record_children(db, "DELETE FROM organisation_sectors WHERE organisation = $1",
                           "INSERT INTO organisation_sectors (organisation, sector) "
                           "VALUES ($1, $2) ON CONFLICT DO NOTHING",
                           organisation->id, &organisation->secteurs, err);
}

bool organisations_upsert(struct db *db, struct arena *arena, struct organisation *organisation,
                          enum upsert_result *out, struct error *err)
{
    bool own;

    derive(organisation, arena);
    if (!db_join(db, &own, err))
        return false;
    bool ok = record_upsert(db, &organisation_record, arena, organisation, out, err);
    if (ok && *out != UPSERT_UNCHANGED)
        ok = write_children(db, organisation, err);
    return db_leave(db, own, ok, err);
}

bool organisations_get(struct db *db, struct arena *arena, const char *id, struct organisation *out,
                       struct error *err)
{
    return record_get(db, &organisation_record, arena, id, out, err);
}

bool organisations_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &organisation_record, id, err);
}

bool organisations_get_by_siret(struct db *db, struct arena *arena, const char *siret,
                                struct organisation *out, struct error *err)
{
    const struct db_value values[] = {db_text(siret)};

    return record_find(db, &organisation_record, arena, "siret = $1 AND siret <> ''", values, 1,
                       out, err);
}

/* Appends the WHERE, ORDER BY and LIMIT of a filter; returns how many values it needs. */
static size_t filter_text(const struct organisation_filter *filter, struct arena *arena,
                          struct strbuf *sql, struct db_value values[VALUES_MAX])
{
    size_t n = 0;

    strbuf_append(sql, "WHERE ");
    if (filter->all) {
        strbuf_append(sql, "1 = 1");
    } else {
        values[n++] = db_text(state_choice.tags[STATE_PUBLISHED]);
        /* Page by page, the index of the order is the one to walk: by state all would be sorted for
         * each page. */
        bool paged = filter->limit > 0 && !filter->site && filter->commune_count == 0;
        strbuf_printf(sql, "state%s = $1 AND diffusable = 1", paged ? " || ''" : "");
    }
    if (filter->sector && *filter->sector) {
        values[n++] = db_text(filter->sector);
        strbuf_printf(sql,
                      " AND id IN (SELECT organisation FROM organisation_sectors WHERE sector = "
                      "$%zu)",
                      n);
    }
    if (filter->site && *filter->site) {
        values[n++] = db_text(filter->site);
        strbuf_printf(sql, " AND site = $%zu", n);
    }
    for (size_t i = 0; i < filter->commune_count && n < VALUES_MAX - 3; i++) {
        values[n++] = db_text(folding_of(arena, filter->communes[i]));
        strbuf_printf(sql, "%s$%zu", i ? ", " : " AND commune_key IN (", n);
    }
    if (filter->commune_count > 0)
        strbuf_append_char(sql, ')');
    if (filter->metropole)
        strbuf_append(sql, " AND in_metropole = 1");
    if (filter->after_sort_key) {
        values[n++] = db_text(filter->after_sort_key);
        values[n++] = db_text(filter->after_id);
        strbuf_printf(sql, " AND (sort_key, id) > ($%zu, $%zu)", n - 1, n);
    }
    strbuf_append(sql, " ORDER BY sort_key, id");
    if (filter->limit > 0) {
        values[n++] = db_int((int64_t)filter->limit);
        strbuf_printf(sql, " LIMIT $%zu", n);
    }
    return n;
}

bool organisations_list(struct db *db, struct arena *arena,
                        const struct organisation_filter *filter, struct organisation_list *out,
                        struct error *err)
{
    struct db_value values[VALUES_MAX];
    struct strbuf sql;
    void *items = NULL;

    strbuf_init(&sql);
    size_t count = filter_text(filter, arena, &sql, values);
    bool ok = record_list(db, &organisation_record, arena, sql.bytes, values, count, &items,
                          &out->count, err);
    out->items = items;
    strbuf_finish(&sql);
    return ok;
}

bool organisations_ids(struct db *db, struct arena *arena, const struct organisation_filter *filter,
                       struct text_list *out, struct error *err)
{
    struct db_value values[VALUES_MAX];
    struct strbuf sql;
    struct strbuf ids;
    enum db_step step = DB_FAILED;

    strbuf_init(&sql);
    strbuf_init(&ids);
    strbuf_append(&sql, "SELECT id FROM organisations ");
    size_t count = filter_text(filter, arena, &sql, values);
    struct db_statement *statement = db_query(db, sql.bytes, values, count, err);
    while (statement && (step = db_step(statement, err)) == DB_ROW) {
        const char *id = db_column_text(statement, 0, arena);
        strbuf_append_bytes(&ids, &id, sizeof(id));
    }
    out->count = ids.length / sizeof(const char *);
    out->items = arena_array(arena, out->count, sizeof(const char *));
    memcpy(out->items, ids.bytes, ids.length);
    strbuf_finish(&ids);
    strbuf_finish(&sql);
    return step == DB_DONE;
}

bool organisations_count(struct db *db, int64_t *count_out, struct error *err)
{
    return record_scalar(db, "SELECT count(*) FROM organisations", NULL, 0, count_out, err);
}
