#include "server/import/mapping.h"

#include <string.h>

/* --- fields ---------------------------------------------------------------------------------- */

static const struct mapping_field organisation_fields[COLUMN_COUNT] = {
    [COLUMN_ID] = {"id_source", "Identifiant chez la source", "Id at the source", false},
    [COLUMN_SIRET] = {"siret", "SIRET", "SIRET", false},
    [COLUMN_RNA] = {"rna", "Numéro RNA", "RNA number", false},
    [COLUMN_NOM] = {"nom", "Nom", "Name", true},
    [COLUMN_ENSEIGNE] = {"enseigne", "Enseigne", "Trade name", false},
    [COLUMN_SIGLE] = {"sigle", "Sigle", "Acronym", false},
    [COLUMN_FORME] = {"categorie_juridique", "Forme juridique", "Legal form", false},
    [COLUMN_ESUS] = {"esus", "Agrément ESUS (oui/non)", "ESUS label (yes/no)", false},
    [COLUMN_TYPES] = {"types_iae", "Types d’insertion (EI, ACI…)", "Insertion types (EI, ACI…)",
                      false},
    [COLUMN_NAF] = {"naf", "Code NAF", "NAF code", false},
    [COLUMN_SECTEURS] = {"secteurs", "Secteurs", "Sectors", false},
    [COLUMN_RESUME] = {"resume", "Résumé", "Summary", false},
    [COLUMN_OFFRE] = {"offre", "Offre", "Offer", false},
    [COLUMN_VALEURS] = {"valeurs", "Valeurs", "Values", false},
    [COLUMN_FALC] = {"falc", "Texte facile à lire (FALC)", "Easy-to-read text", false},
    [COLUMN_RSE] = {"rse", "Offre RSE pour les entreprises", "CSR offer to firms", false},
    [COLUMN_MARCHES] = {"marches_reserves", "Marchés réservés", "Reserved public markets", false},
    [COLUMN_NUMERO] = {"numero", "Numéro dans la rue", "Street number", false},
    [COLUMN_ADRESSE] = {"adresse", "Adresse (rue)", "Street", false},
    [COLUMN_CODE_POSTAL] = {"code_postal", "Code postal", "Postcode", false},
    [COLUMN_COMMUNE] = {"commune", "Commune", "Commune", false},
    [COLUMN_LATITUDE] = {"latitude", "Latitude", "Latitude", false},
    [COLUMN_LONGITUDE] = {"longitude", "Longitude", "Longitude", false},
    [COLUMN_TELEPHONE] = {"telephone", "Téléphone", "Telephone", false},
    [COLUMN_COURRIEL] = {"courriel", "Courriel", "E-mail", false},
    [COLUMN_SITE_WEB] = {"site_web", "Site web", "Website", false},
    [COLUMN_HORAIRES] = {"horaires", "Horaires", "Opening hours", false},
    [COLUMN_SITE] = {"site", "Pépinière", "Incubator", false},
    [COLUMN_ETAGE] = {"etage", "Étage", "Floor", false},
    [COLUMN_BUREAU] = {"bureau", "Bureau", "Office", false},
};

static const struct mapping_field event_fields[EVENT_COLUMN_COUNT] = {
    [EVENT_COLUMN_ID] = {"id", "Identifiant", "Id", false},
    [EVENT_COLUMN_TITLE] = {"title", "Titre", "Title", true},
    [EVENT_COLUMN_START] = {"start", "Date de début", "First day", true},
    [EVENT_COLUMN_START_TIME] = {"start_time", "Heure de début", "Begins at", false},
    [EVENT_COLUMN_END] = {"end", "Date de fin", "Last day", false},
    [EVENT_COLUMN_END_TIME] = {"end_time", "Heure de fin", "Ends at", false},
    [EVENT_COLUMN_PLACE] = {"place", "Lieu", "Place", false},
    [EVENT_COLUMN_ADDRESS] = {"address", "Adresse (rue)", "Street", false},
    [EVENT_COLUMN_POSTCODE] = {"code_postal", "Code postal", "Postcode", false},
    [EVENT_COLUMN_COMMUNE] = {"commune", "Commune", "Commune", false},
    [EVENT_COLUMN_RESUME] = {"resume", "Résumé", "Summary", false},
    [EVENT_COLUMN_DESCRIPTION] = {"description", "Description", "Description", false},
    [EVENT_COLUMN_PRICE] = {"price", "Tarif", "Price", false},
    [EVENT_COLUMN_ACCESS] = {"access", "Accessibilité", "Accessibility", false},
    [EVENT_COLUMN_URL] = {"url", "Lien", "Link", false},
    [EVENT_COLUMN_ORGANISER] = {"organiser", "Organisateur", "Organiser", false},
    [EVENT_COLUMN_CATEGORIES] = {"categories", "Catégories", "Categories", false},
};

const char *mapping_kind_tag(enum mapping_kind kind)
{
    return kind == MAPPING_EVENTS ? "events" : "organisations";
}

bool mapping_kind_parse(const char *tag, enum mapping_kind *kind_out)
{
    *kind_out = strcmp(tag, "events") == 0 ? MAPPING_EVENTS : MAPPING_ORGANISATIONS;
    return strcmp(tag, mapping_kind_tag(*kind_out)) == 0;
}

const struct mapping_field *mapping_fields(enum mapping_kind kind, size_t *count_out)
{
    *count_out = kind == MAPPING_EVENTS ? (size_t)EVENT_COLUMN_COUNT : (size_t)COLUMN_COUNT;
    return kind == MAPPING_EVENTS ? event_fields : organisation_fields;
}

int mapping_field_find(enum mapping_kind kind, const char *tag)
{
    size_t count;
    const struct mapping_field *fields = mapping_fields(kind, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].tag, tag) == 0)
            return (int)i;
    return MAPPING_NONE;
}

static bool fault(struct error *err, const char *fr, const char *en, const struct mapping_field *of)
{
    error_set(err, ERROR_INVALID, "%s%.0s « %s »%.0s", "%.0s%s%.0s \"%s\"", fr, en, of->fr, of->en);
    return error_field(err, "columns");
}

/* A row that nothing tells from others could not be found again by the next import. */
static bool check_keys(const int *fields, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i] == COLUMN_ID || fields[i] == COLUMN_SIRET || fields[i] == COLUMN_RNA)
            return true;
    error_set(
        err, ERROR_INVALID,
        "il faut une colonne SIRET, RNA ou identifiant : sans elle les fiches ne seraient pas "
        "reconnues la prochaine fois",
        "a column with the SIRET, the RNA number or an id is needed: without it records would "
        "not be recognised next time");
    return error_field(err, "columns");
}

bool mapping_check(enum mapping_kind kind, const int *fields, size_t count, struct error *err)
{
    size_t known;
    const struct mapping_field *all = mapping_fields(kind, &known);
    unsigned seen[MAPPING_FIELDS_MAX] = {0};

    for (size_t i = 0; i < count; i++) {
        if (fields[i] == MAPPING_NONE)
            continue;
        if (seen[fields[i]]++ > 0)
            return fault(err, "deux colonnes sont données pour", "two columns are given for",
                         &all[fields[i]]);
    }
    for (size_t i = 0; i < known; i++)
        if (all[i].needed && seen[i] == 0)
            return fault(err, "il manque la colonne", "a column is missing:", &all[i]);
    return kind == MAPPING_EVENTS || check_keys(fields, count, err);
}
