#include <string.h>

#include "core/utf8.h"
#include "server/content/forms.h"
#include "server/import/fields.h"
#include "server/import/legal_form.h"
#include "server/import/vocabulary.h"

#define RESUME_LETTERS_MAX 280
#define NAME_MAX_BYTES 300
#define TEXT_MAX_BYTES 4000
#define SECTORS_MAX 20

#define AT(member) .offset = offsetof(struct organisation, member)

static const char *const families[] = {
    [FAMILLE_INCONNUE] = "inconnue",
    [FAMILLE_ASSOCIATION] = "association",
    [FAMILLE_COOPERATIVE] = "cooperative",
    [FAMILLE_MUTUELLE] = "mutuelle",
    [FAMILLE_FONDATION] = "fondation",
    [FAMILLE_ENTREPRISE] = "entreprise",
    [FAMILLE_AUTRE_ORGANISME] = "autre_organisme",
};

static const char *const types[] = {"ACI",  "AI",   "EA",   "EATT", "EI",
                                    "EITI", "ESAT", "ETTI", "GEIQ"};

/* A text of one line, of a member that has the field's name. */
#define LINE(member, bytes)                                                                        \
    {                                                                                              \
        .name = #member, .type = FORM_LINE, AT(member), .max = (bytes)                             \
    }
#define TEXT(member, bytes)                                                                        \
    {                                                                                              \
        .name = #member, .type = FORM_TEXT, AT(member), .max = (bytes)                             \
    }
#define FLAG(member)                                                                               \
    {                                                                                              \
        .name = #member, .type = FORM_BOOL, AT(member)                                             \
    }

static const struct form_field image_fields[] = {
    {.name = "media", .type = FORM_HASH, AT(image), .about = "SHA-256 of the picture's original"},
    {.name = "focal_x",
     .type = FORM_NUMBER,
     AT(focal_x),
     .most = 1,
     .absent_number = 0.5,
     .about = "What stays in view when it is cut, from the left"},
    {.name = "focal_y",
     .type = FORM_NUMBER,
     AT(focal_y),
     .most = 1,
     .absent_number = 0.5,
     .about = "From the top"},
    {.name = "alt",
     .type = FORM_LINE,
     AT(image_alt),
     .max = 1000,
     .about = "What it shows, for who cannot see it; needed to publish"},
    {.name = "credit",
     .type = FORM_LINE,
     AT(image_credit),
     .max = 200,
     .about = "Whose work it is; needed to publish"},
};

static const struct form image_form = {
    .name = "OrganisationImage", .size = sizeof(struct organisation), FORM_FIELDS(image_fields)};

static const struct form_field fields[] = {
    {.name = "id", .type = FORM_ID, AT(id), .required = true},
    {.name = "siret", .type = FORM_LINE, AT(siret), .max = 14, .about = "14 digits"},
    {.name = "rna", .type = FORM_LINE, AT(rna), .max = 10, .about = "W and 9 digits"},
    {.name = "nom", .type = FORM_LINE, AT(nom), .min = 1, .max = NAME_MAX_BYTES, .required = true},
    LINE(enseigne, NAME_MAX_BYTES),
    LINE(sigle, NAME_MAX_BYTES),
    {.name = "categorie_juridique",
     .type = FORM_LINE,
     AT(categorie_juridique),
     .max = 4,
     .about = "INSEE's category, 4 digits"},
    {.name = "famille_ess",
     .type = FORM_CHOICE,
     AT(famille_ess),
     .tags = families,
     .tag_count = sizeof families / sizeof *families,
     .absent = FAMILLE_INCONNUE,
     .about = "Follows from the category when it is not said"},
    FLAG(scic),
    FLAG(scop),
    FLAG(esus),
    {.name = "types_iae",
     .type = FORM_LINES,
     AT(types_iae),
     .max = sizeof types / sizeof *types,
     .tags = types,
     .tag_count = sizeof types / sizeof *types},
    {.name = "secteurs",
     .type = FORM_IDS,
     AT(secteurs),
     .max = SECTORS_MAX,
     .about = "The first is the main one"},
    {.name = "naf", .type = FORM_LINE, AT(naf), .max = 6, .about = "NAF rév. 2: 78.20Z"},
    {.name = "naf_label", .type = FORM_LINE, AT(naf_label), .max = NAME_MAX_BYTES, .derived = true},
    {.name = "resume",
     .type = FORM_TEXT,
     AT(resume),
     .max = RESUME_LETTERS_MAX * 4,
     .about = "280 letters at most"},
    TEXT(description, TEXT_MAX_BYTES),
    TEXT(offre, TEXT_MAX_BYTES),
    TEXT(valeurs, TEXT_MAX_BYTES),
    {.name = "falc",
     .type = FORM_TEXT,
     AT(falc),
     .max = TEXT_MAX_BYTES,
     .about = "What it does, in easy-to-read language"},
    {.name = "rse",
     .type = FORM_LINES,
     AT(rse),
     .max = VOCABULARY_RSE,
     .tags = vocabulary_rse_tags,
     .tag_count = VOCABULARY_RSE,
     .about = "What it offers to firms for their social responsibility"},
    {.name = "marches_reserves",
     .type = FORM_LINES,
     AT(marches_reserves),
     .max = VOCABULARY_MARCHES_RESERVES,
     .tags = vocabulary_marches_reserves_tags,
     .tag_count = VOCABULARY_MARCHES_RESERVES,
     .about = "Public markets that may be reserved for it"},
    LINE(adresse, NAME_MAX_BYTES),
    {.name = "code_postal", .type = FORM_LINE, AT(code_postal), .max = 5, .about = "5 digits"},
    {.name = "code_insee", .type = FORM_LINE, AT(code_insee), .max = 5, .derived = true},
    LINE(commune, 200),
    {.name = "latitude",
     .type = FORM_NUMBER,
     AT(latitude),
     .least = -90,
     .most = 90,
     .absent_number = ORGANISATION_NOWHERE,
     .about = "Degrees north, WGS 84, of the address; null when nobody has said"},
    {.name = "longitude",
     .type = FORM_NUMBER,
     AT(longitude),
     .least = -180,
     .most = 180,
     .absent_number = ORGANISATION_NOWHERE,
     .about = "Degrees east"},
    {.name = "in_metropole",
     .type = FORM_BOOL,
     AT(in_metropole),
     .derived = true,
     .about = "Follows from the commune"},
    {.name = "site", .type = FORM_ID, AT(site), .about = "Id of the incubator it is in"},
    LINE(etage, NAME_MAX_BYTES),
    LINE(bureau, NAME_MAX_BYTES),
    LINE(telephone, 40),
    LINE(courriel, 254),
    {.name = "site_web", .type = FORM_URL, AT(site_web)},
    LINE(horaires, NAME_MAX_BYTES),
    {.name = "image", .type = FORM_GROUP, .group = &image_form},
    LINE(source, NAME_MAX_BYTES),
    LINE(source_id, NAME_MAX_BYTES),
    LINE(licence, NAME_MAX_BYTES),
    {.name = "date_maj", .type = FORM_ISO_DATE, AT(date_maj), .derived = true},
    {.name = "diffusable",
     .type = FORM_BOOL,
     AT(diffusable),
     .about = "Whether it agreed to be shown"},
};

static bool fault(struct error *err, const char *field, const char *fr, const char *en)
{
    error_set(err, ERROR_INVALID, "%s%.0s", "%.0s%s", fr, en);
    return error_field(err, field);
}

static bool digits(const char *text, size_t count)
{
    return text[0] == '\0' || (strlen(text) == count && strspn(text, "0123456789") == count);
}

/* "78.20Z". */
static bool is_naf(const char *text)
{
    return text[0] == '\0' ||
           (strlen(text) == 6 && strspn(text, "0123456789") == 2 && text[2] == '.' &&
            strspn(text + 3, "0123456789") == 2 && text[5] >= 'A' && text[5] <= 'Z');
}

static bool check_numbers(const struct organisation *organisation, struct error *err)
{
    char siret[15];
    const char *rna = organisation->rna;
    if (organisation->siret[0] != '\0' && (!digits(organisation->siret, 14) ||
                                           field_siret(organisation->siret, siret) != SIRET_GOOD)) {
        return fault(err, "siret", "ce n’est pas un SIRET : 14 chiffres, dont une clé",
                     "this is no SIRET: 14 digits with a check digit");
    }
    if (rna[0] != '\0' && (rna[0] != 'W' || !digits(rna + 1, 9) || rna[1] == '\0')) {
        return fault(err, "rna", "un numéro RNA est W suivi de 9 chiffres",
                     "an RNA number is W and 9 digits");
    }
    if (!digits(organisation->categorie_juridique, 4)) {
        return fault(err, "categorie_juridique", "une catégorie juridique a 4 chiffres",
                     "a legal category has 4 digits");
    }
    if (!is_naf(organisation->naf)) {
        return fault(err, "naf", "un code NAF s’écrit comme 78.20Z",
                     "a NAF code is written like 78.20Z");
    }
    return digits(organisation->code_postal, 5) ||
           fault(err, "code_postal", "un code postal a 5 chiffres", "a postcode has 5 digits");
}

static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');
    return at != NULL && at > text && strchr(at + 1, '@') == NULL && strchr(at + 1, '.') != NULL &&
           strpbrk(text, " \t<>,;") == NULL;
}

static bool check_place(const struct organisation *organisation, struct error *err)
{
    bool north = organisation->latitude <= 90, east = organisation->longitude <= 180;
    return north == east || fault(err, north ? "longitude" : "latitude",
                                  "il faut la latitude et la longitude, ou aucune des deux",
                                  "latitude and longitude go together, or neither is given");
}

static bool check(const cJSON *object, void *value, struct error *err)
{
    struct organisation *organisation = value;
    if (!check_numbers(organisation, err) || !check_place(organisation, err)) {
        return false;
    }
    if (utf8_length(organisation->resume) > RESUME_LETTERS_MAX) {
        error_set(err, ERROR_LIMIT, "le résumé a %zu lettres, %d au plus : retirez-en %zu",
                  "the summary has %zu letters, %d at most: remove %zu",
                  utf8_length(organisation->resume), RESUME_LETTERS_MAX,
                  utf8_length(organisation->resume) - RESUME_LETTERS_MAX);
        return error_field(err, "resume");
    }
    if (organisation->courriel[0] != '\0' && !is_email(organisation->courriel)) {
        return fault(err, "courriel", "ce n’est pas une adresse de courriel",
                     "this is no e-mail address");
    }
    if (!json_has(object, "famille_ess")) {
        organisation->famille_ess = legal_form_family(organisation->categorie_juridique);
    }
    return true;
}

const struct form organisation_form = {.name = "Organisation",
                                       .size = sizeof(struct organisation),
                                       FORM_FIELDS(fields),
                                       .check = check};
