#include "server/import/layout.h"

#include <string.h>
#include <strings.h>

#include "core/strbuf.h"
#include "core/utf8.h"

struct column_name {
    const char *name;
    enum column column;
    bool required;
};

/* Agence de services et de paiement: list of insertion employers. Its second postcode and commune
 * are those of the postal address and equal to the first in all files seen. */
static const struct column_name asp_columns[] = {
    {"MESURE", COLUMN_TYPES, true},
    {"CODE_DEPARTEMENT", COLUMN_IGNORED, false},
    {"LIBELLE_DPT", COLUMN_IGNORED, false},
    {"CODE_POSTAL", COLUMN_IGNORED, false},
    {"COMMUNE", COLUMN_IGNORED, false},
    {"CODE_NAF2", COLUMN_NAF, true},
    {"NATURE_JURIDIQUE", COLUMN_FORME, true},
    {"SIRET", COLUMN_SIRET, true},
    {"DENOMINATION_SOCIALE", COLUMN_NOM, true},
    {"NUM_RUE", COLUMN_NUMERO, false},
    {"NOM_RUE", COLUMN_ADRESSE, false},
    {"CODE_POST_COM", COLUMN_CODE_POSTAL, true},
    {"LIB_COM", COLUMN_COMMUNE, true},
    {"TELEPHONE", COLUMN_TELEPHONE, false},
    {"MAIL_SIAE", COLUMN_COURRIEL, false},
};

static const struct column_name vitrine_columns[] = {
    {"id_source", COLUMN_ID, true},
    {"siret", COLUMN_SIRET, true},
    {"rna", COLUMN_RNA, false},
    {"nom", COLUMN_NOM, true},
    {"enseigne", COLUMN_ENSEIGNE, false},
    {"sigle", COLUMN_SIGLE, false},
    {"categorie_juridique", COLUMN_FORME, true},
    {"esus", COLUMN_ESUS, false},
    {"types_iae", COLUMN_TYPES, false},
    {"naf", COLUMN_NAF, true},
    {"secteurs", COLUMN_SECTEURS, false},
    {"resume", COLUMN_RESUME, false},
    {"offre", COLUMN_OFFRE, false},
    {"valeurs", COLUMN_VALEURS, false},
    {"falc", COLUMN_FALC, false},
    {"rse", COLUMN_RSE, false},
    {"marches_reserves", COLUMN_MARCHES, false},
    {"adresse", COLUMN_ADRESSE, false},
    {"code_postal", COLUMN_CODE_POSTAL, true},
    {"commune", COLUMN_COMMUNE, true},
    {"latitude", COLUMN_LATITUDE, false},
    {"longitude", COLUMN_LONGITUDE, false},
    {"telephone", COLUMN_TELEPHONE, false},
    {"courriel", COLUMN_COURRIEL, false},
    {"site_web", COLUMN_SITE_WEB, false},
    {"horaires", COLUMN_HORAIRES, false},
    {"site", COLUMN_SITE, false},
    {"etage", COLUMN_ETAGE, false},
    {"bureau", COLUMN_BUREAU, false},
};

static const struct {
    struct table_layout layout;
    const struct column_name *columns;
    size_t count;
} layouts[] = {
    {{"vitrine", false, ""}, vitrine_columns, sizeof(vitrine_columns) / sizeof(vitrine_columns[0])},
    {{"asp-siae", true, ""}, asp_columns, sizeof(asp_columns) / sizeof(asp_columns[0])},
};

#define LAYOUT_COUNT (sizeof(layouts) / sizeof(layouts[0]))

/* "Catégorie juridique " is categorie_juridique. */
static bool same_name(const char *written, const char *name)
{
    struct strbuf folded[2];

    if (strcasecmp(written, name) == 0)
        return true;
    for (size_t i = 0; i < 2; i++) {
        strbuf_init(&folded[i]);
        utf8_fold(i == 0 ? written : name, &folded[i]);
    }
    bool same = folded[0].length > 0 && strcmp(folded[0].bytes, folded[1].bytes) == 0;
    strbuf_finish(&folded[0]);
    strbuf_finish(&folded[1]);
    return same;
}

static int find_field(const struct table_row *header, const char *name)
{
    size_t count = header->count < TABLE_COLUMNS_MAX ? header->count : TABLE_COLUMNS_MAX;

    for (size_t i = 0; i < count; i++)
        if (same_name(header->fields[i], name))
            return (int)i;
    return -1;
}

static size_t matches(const struct table_row *header, size_t layout)
{
    size_t found = 0;

    for (size_t i = 0; i < layouts[layout].count; i++)
        found += find_field(header, layouts[layout].columns[i].name) >= 0;
    return found;
}

static bool check_required(const struct table_row *header, size_t layout, struct error *err)
{
    struct strbuf missing;
    bool ok = true;

    strbuf_init(&missing);
    for (size_t i = 0; i < layouts[layout].count; i++)
        if (layouts[layout].columns[i].required &&
            find_field(header, layouts[layout].columns[i].name) < 0)
            strbuf_printf(&missing, "%s%s", missing.length ? ", " : "",
                          layouts[layout].columns[i].name);
    if (missing.length > 0) {
        ok = error_set(err, ERROR_INVALID,
                       "l’en-tête n’est pas celui d’un annuaire : pour le format « %s », il manque "
                       "%s ; la première ligne doit porter le nom des colonnes",
                       "the header is not that of a directory: for the layout \"%s\", %s is "
                       "missing; the first line must hold the names of the columns",
                       layouts[layout].layout.name, missing.bytes);
        error_at(err, NULL, header->line);
    }
    strbuf_finish(&missing);
    return ok;
}

static bool check_repeats(const struct table_row *header, struct error *err)
{
    for (size_t i = 0; i < header->count; i++) {
        if (*header->fields[i] && find_field(header, header->fields[i]) != (int)i) {
            error_set(err, ERROR_INVALID, "la colonne « %s » est là deux fois",
                      "the column \"%s\" is there twice", header->fields[i]);
            error_at(err, NULL, header->line);
            return false;
        }
    }
    return true;
}

static const struct column_name *known(size_t layout, const char *name)
{
    for (size_t i = 0; i < layouts[layout].count; i++)
        if (same_name(name, layouts[layout].columns[i].name))
            return &layouts[layout].columns[i];
    return NULL;
}

bool layout_of_header(const struct table_row *header, struct import_report *report,
                      struct layout_columns *out, struct error *err)
{
    size_t best = 0;

    if (header->count > TABLE_COLUMNS_MAX) {
        error_set(err, ERROR_LIMIT, "trop de colonnes : %zu ; %d au plus",
                  "too many columns: %zu; %d at most", header->count, TABLE_COLUMNS_MAX);
        error_at(err, NULL, header->line);
        return false;
    }
    for (size_t i = 1; i < LAYOUT_COUNT; i++)
        if (matches(header, i) > matches(header, best))
            best = i;
    if (!check_required(header, best, err) || !check_repeats(header, err))
        return false;

    *out = (struct layout_columns){.layout = &layouts[best].layout, .count = header->count};
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        out->index[i] = -1;
        out->names[i] = "";
    }
    for (size_t i = 0; i < header->count; i++) {
        const struct column_name *name = known(best, header->fields[i]);
        if (!name) {
            if (*header->fields[i])
                import_report_note(report, IMPORT_WARNING, header->line, header->fields[i],
                                   "colonne inconnue, laissée de côté", "unknown column, left out");
        } else if (name->column != COLUMN_IGNORED) {
            out->index[name->column] = (int)i;
            out->names[name->column] = name->name;
        }
    }
    report->layout = out->layout->name;
    return true;
}
