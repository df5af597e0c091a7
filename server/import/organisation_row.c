#include "server/import/organisation_row.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/strbuf.h"
#include "core/utf8.h"
#include "playlists/typography.h"
#include "server/import/fields.h"
#include "server/import/legal_form.h"
#include "server/import/sector.h"
#include "server/import/vocabulary.h"

#define LIST_ITEMS_MAX 20
#define RESUME_LETTERS_MAX 280
#define TEXT_BYTES_MAX 2000
#define NAME_BYTES_MAX 300

static const char *const type_tags[] = {"ACI",  "AI",   "EA",   "EATT", "EI",
                                        "EITI", "ESAT", "ETTI", "GEIQ"};

#define TYPE_COUNT (sizeof(type_tags) / sizeof(type_tags[0]))

static const char *raw(const struct row_reader *reader, const struct table_row *row,
                       enum column column)
{
    int index = reader->columns->index[column];

    return index >= 0 && (size_t)index < row->count ? row->fields[index] : "";
}

static const char *cell(const struct row_reader *reader, const struct table_row *row,
                        enum column column)
{
    const char *text = raw(reader, row, column);

    return *text ? field_tidy(reader->arena, text) : "";
}

static const char *capitals(const struct row_reader *reader, const char *text)
{
    struct strbuf title;

    if (!reader->columns->layout->capitals || !*text)
        return text;
    strbuf_init(&title);
    typography_capitals_to_title(text, &title);
    text = arena_strndup(reader->arena, title.bytes, title.length);
    strbuf_finish(&title);
    return text;
}

/* The shortened word that the ASP's names begin with. */
static const char *spelt_out(const struct row_reader *reader, const char *name)
{
    size_t length = strncmp(name, "Assoc ", 6) == 0 ? 5 : strncmp(name, "Ass ", 4) == 0 ? 3 : 0;

    if (length == 0 || !reader->columns->layout->capitals)
        return name;
    return arena_printf(reader->arena, "Association%s", name + length);
}

static void warn(const struct row_reader *reader, const struct table_row *row, enum column column,
                 const char *fr, const char *en, const char *value)
{
    import_report_note(reader->report, IMPORT_WARNING, row->line, reader->columns->names[column],
                       "%s%.0s : « %.80s »", "%.0s%s: \"%.80s\"", fr, en, value);
}

/* A text that screens take: longer ones, which no slide would show, are cut with a warning. */
static const char *text_cell(const struct row_reader *reader, const struct table_row *row,
                             enum column column, size_t max)
{
    const char *text = cell(reader, row, column);
    const char *kept = field_cut(reader->arena, text, max);

    if (kept != text)
        warn(reader, row, column, "texte démesuré, coupé", "text far too long, cut", text);
    return kept;
}

/* The same of a text in which each idea has its line, as easy-to-read language asks. */
static const char *lines_cell(const struct row_reader *reader, const struct table_row *row,
                              enum column column, size_t max)
{
    char *cursor = arena_strdup(reader->arena, raw(reader, row, column));
    struct strbuf lines;
    const char *line;

    strbuf_init(&lines);
    while ((line = strsep(&cursor, "\n")) != NULL) {
        line = field_tidy(reader->arena, line);
        if (*line)
            strbuf_printf(&lines, "%s%s", lines.length > 0 ? "\n" : "", line);
    }
    const char *text = arena_strndup(reader->arena, lines.bytes, lines.length);
    strbuf_finish(&lines);
    const char *kept = field_cut(reader->arena, text, max);
    if (kept != text)
        warn(reader, row, column, "texte démesuré, coupé", "text far too long, cut", text);
    return kept;
}

static bool reject(const struct row_reader *reader, const struct table_row *row, enum column column,
                   const char *fr, const char *en)
{
    import_report_note(reader->report, IMPORT_REJECTED, row->line, reader->columns->names[column],
                       "%s%.0s", "%.0s%s", fr, en);
    return false;
}

static bool reject_value(const struct row_reader *reader, const struct table_row *row,
                         enum column column, const char *fr, const char *en)
{
    import_report_note(reader->report, IMPORT_REJECTED, row->line, reader->columns->names[column],
                       "%s%.0s : « %.40s »", "%.0s%s: \"%.40s\"", fr, en,
                       cell(reader, row, column));
    return false;
}

/* The next item of "a, b,c"; NULL at the end. */
static char *next_item(char **cursor)
{
    char *item;

    while ((item = strsep(cursor, ",")) != NULL) {
        item += strspn(item, " ");
        size_t length = strlen(item);
        while (length > 0 && item[length - 1] == ' ')
            item[--length] = '\0';
        if (length > 0)
            return item;
    }
    return NULL;
}

unsigned row_types(const struct row_reader *reader, const struct table_row *row, bool report)
{
    char *cursor = arena_strdup(reader->arena, raw(reader, row, COLUMN_TYPES));
    unsigned types = 0;
    const char *item;

    while ((item = next_item(&cursor)) != NULL) {
        size_t i = 0;
        while (i < TYPE_COUNT && strcasecmp(item, type_tags[i]) != 0)
            i++;
        if (i < TYPE_COUNT)
            types |= 1u << i;
        else if (report)
            warn(reader, row, COLUMN_TYPES, "type inconnu, laissé de côté",
                 "unknown type, left out", item);
    }
    return types;
}

struct text_list types_list(struct arena *arena, unsigned types)
{
    struct text_list list = {.items = arena_array(arena, TYPE_COUNT, sizeof(*list.items))};

    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (types & 1u << i)
            list.items[list.count++] = type_tags[i];
    return list;
}

unsigned types_of_list(const struct text_list *list)
{
    unsigned types = 0;

    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < TYPE_COUNT; k++)
            if (strcmp(list->items[i], type_tags[k]) == 0)
                types |= 1u << k;
    return types;
}

void row_siret(const struct row_reader *reader, const struct table_row *row, char siret_out[15])
{
    const char *text = raw(reader, row, COLUMN_SIRET);
    enum siret_fault fault = field_siret(text, siret_out);

    if (fault == SIRET_SHORT)
        fault = field_siret(arena_printf(reader->arena, "0%s", text), siret_out);
    if (fault != SIRET_GOOD)
        siret_out[0] = '\0';
}

/* Spreadsheets take the zero in front of a number away: with it the key fits. */
static bool mend_siret(const struct row_reader *reader, const struct table_row *row,
                       struct organisation *out)
{
    const char *text = arena_printf(reader->arena, "0%s", cell(reader, row, COLUMN_SIRET));
    char siret[15];

    if (field_siret(text, siret) != SIRET_GOOD)
        return false;
    out->siret = arena_strdup(reader->arena, siret);
    warn(reader, row, COLUMN_SIRET, "zéro du début rétabli (le tableur l’avait ôté)",
         "the zero in front is put back (the spreadsheet had taken it away)", out->siret);
    return true;
}

static bool read_siret(const struct row_reader *reader, const struct table_row *row,
                       struct organisation *out)
{
    char siret[15];
    bool may_be_empty = reader->columns->index[COLUMN_ID] >= 0;

    switch (field_siret(raw(reader, row, COLUMN_SIRET), siret)) {
    case SIRET_GOOD:
        out->siret = arena_strdup(reader->arena, siret);
        return true;
    case SIRET_EMPTY:
        out->siret = "";
        return may_be_empty || reject(reader, row, COLUMN_SIRET, "SIRET absent", "SIRET missing");
    case SIRET_SHORT:
        if (mend_siret(reader, row, out))
            return true;
        return reject_value(reader, row, COLUMN_SIRET,
                            "13 chiffres au lieu de 14 : le tableur a sans doute ôté le zéro du "
                            "début ; mettez la colonne au format Texte et rétablissez-le",
                            "13 digits instead of 14: the spreadsheet probably took the leading "
                            "zero away; make the column text and put it back");
    case SIRET_EXPONENT:
        return reject_value(reader, row, COLUMN_SIRET,
                            "le tableur a changé ce SIRET en nombre, des chiffres sont perdus ; "
                            "repartez du fichier d’origine, colonne au format Texte",
                            "the spreadsheet turned this SIRET into a number, digits are lost; "
                            "start again from the original file, with the column as text");
    case SIRET_LENGTH:
        return reject_value(reader, row, COLUMN_SIRET, "SIRET invalide : il faut 14 chiffres",
                            "invalid SIRET: there must be 14 digits");
    case SIRET_CHARACTERS:
        return reject_value(reader, row, COLUMN_SIRET,
                            "SIRET invalide : il ne doit contenir que des chiffres",
                            "invalid SIRET: there must be digits only");
    case SIRET_KEY:
        break;
    }
    return reject_value(
        reader, row, COLUMN_SIRET,
        "SIRET invalide : la clé de contrôle (Luhn) est fausse ; un chiffre est mal saisi",
        "invalid SIRET: its check digit (Luhn) is wrong; one digit is mistyped");
}

static bool read_id(const struct row_reader *reader, const struct table_row *row,
                    struct organisation *out)
{
    const char *id = cell(reader, row, COLUMN_ID);

    out->rna = cell(reader, row, COLUMN_RNA);
    if (*out->rna && !field_rna(reader->arena, out->rna, &out->rna)) {
        warn(reader, row, COLUMN_RNA, "numéro RNA invalide (W et 9 chiffres), laissé de côté",
             "invalid RNA number (W and 9 digits), left out", out->rna);
        out->rna = "";
    }
    if (*id) {
        out->source_id = id;
        out->id = field_slug(reader->arena, id);
        if (!*out->id)
            return reject(reader, row, COLUMN_ID, "identifiant sans lettre ni chiffre",
                          "id without letter or digit");
    } else if (*out->siret) {
        out->source_id = out->siret;
        out->id = arena_printf(reader->arena, "siret-%s", out->siret);
    } else if (*out->rna) {
        out->source_id = out->rna;
        out->id = field_slug(reader->arena, arena_printf(reader->arena, "rna-%s", out->rna));
    } else {
        return reject(reader, row, COLUMN_ID,
                      "ni identifiant, ni SIRET, ni RNA : la ligne ne peut pas être reconnue la "
                      "prochaine fois",
                      "neither id nor SIRET nor RNA: the row could not be recognised next time");
    }
    return true;
}

static void read_form(const struct row_reader *reader, const struct table_row *row,
                      struct organisation *out)
{
    const char *text = cell(reader, row, COLUMN_FORME);
    struct legal_form form =
        legal_form_of(text, arena_printf(reader->arena, "%s %s", out->nom, out->sigle));

    if (!form.known)
        import_report_note(
            reader->report, IMPORT_WARNING, row->line, reader->columns->names[COLUMN_FORME],
            "forme juridique inconnue « %.80s » ; famille retenue : %s (écrivez le "
            "code INSEE à 4 chiffres, par exemple 9220)",
            "unknown legal form \"%.80s\"; family taken: %s (write INSEE's code of 4 "
            "digits, for example 9220)",
            text, famille_ess_tag(form.family));
    out->categorie_juridique = form.code;
    out->famille_ess = form.family;
    out->scop = form.scop;
    out->scic = form.scic;
}

static void read_activity(const struct row_reader *reader, const struct table_row *row,
                          struct organisation *out)
{
    const char *text = cell(reader, row, COLUMN_NAF);
    const char *naf = *text ? naf_normalise(reader->arena, text) : "";
    const char *label = naf && *naf ? reference_naf_label(reader->reference, naf) : NULL;

    if (*text && !label)
        warn(reader, row, COLUMN_NAF, "code NAF inconnu, laissé de côté",
             "unknown NAF code, left out", text);
    out->naf = label ? naf : "";
    out->naf_label = label ? label : "";
}

static void read_sectors(const struct row_reader *reader, const struct table_row *row,
                         struct organisation *out)
{
    char *cursor = arena_strdup(reader->arena, cell(reader, row, COLUMN_SECTEURS));
    struct text_list *list = &out->secteurs;
    const char *item;

    list->items = arena_array(reader->arena, LIST_ITEMS_MAX, sizeof(*list->items));
    while ((item = next_item(&cursor)) != NULL) {
        const char *slug = field_slug(reader->arena, item);
        if (*slug && list->count < LIST_ITEMS_MAX)
            list->items[list->count++] = slug;
    }
    if (list->count > 0)
        return;
    const char *sector = sector_of_naf(out->naf);
    if (*sector)
        list->items[list->count++] = sector;
    if (out->types_iae.count > 0 && strcmp(sector, "insertion") != 0)
        list->items[list->count++] = "insertion";
}

/* What is not found is shown as outside the Métropole, so that its screens leave it out. */
static void warn_about_commune(const struct row_reader *reader, const struct table_row *row,
                               const char *name, const char *postcode)
{
    if (!*name)
        warn(reader, row, COLUMN_COMMUNE, "commune absente ; la fiche compte comme hors métropole",
             "commune missing; the record counts as outside the Métropole", postcode);
    else if (reference_commune(reader->reference, name, ""))
        warn(reader, row, COLUMN_CODE_POSTAL,
             "ce code postal n’est pas celui de la commune ; la fiche compte comme hors métropole",
             "this postcode is not the commune's; the record counts as outside the Métropole",
             postcode);
    else if ((!*postcode || reference_has_postcode(reader->reference, postcode)) &&
             !reference_is_commune(reader->reference, name))
        warn(reader, row, COLUMN_COMMUNE,
             "commune inconnue, faute de frappe ? la fiche compte comme hors métropole",
             "unknown commune, mistyped? the record counts as outside the Métropole", name);
}

static void read_commune(const struct row_reader *reader, const struct table_row *row,
                         struct organisation *out)
{
    const char *postcode = cell(reader, row, COLUMN_CODE_POSTAL);
    const char *name = cell(reader, row, COLUMN_COMMUNE);

    out->code_postal = postcode;
    if (*postcode && !field_postcode(reader->arena, postcode, &out->code_postal)) {
        warn(reader, row, COLUMN_CODE_POSTAL, "code postal invalide, laissé de côté",
             "invalid postcode, left out", postcode);
        out->code_postal = "";
    }
    const struct commune *commune = reference_commune(reader->reference, name, out->code_postal);
    out->in_metropole = commune != NULL;
    if (!commune)
        warn_about_commune(reader, row, name, out->code_postal);
    out->code_insee = commune ? commune->code_insee : "";
    out->commune =
        commune ? commune->name
                : reference_readable(reader->reference, reader->arena, name, out->code_postal);
    if (commune && *out->code_postal && !commune_has_postcode(commune, out->code_postal) &&
        !strcasestr(name, "cedex"))
        warn(reader, row, COLUMN_CODE_POSTAL, "ce code postal n’est pas celui de la commune",
             "this postcode is not the commune's", out->code_postal);
}

/* Both or none; a decimal comma is fine. */
static void read_place(const struct row_reader *reader, const struct table_row *row,
                       struct organisation *out)
{
    const char *north = cell(reader, row, COLUMN_LATITUDE);
    const char *east = cell(reader, row, COLUMN_LONGITUDE);

    if (!*north && !*east)
        return;
    if (field_degrees(north, 90, &out->latitude) && field_degrees(east, 180, &out->longitude) &&
        organisation_placed(out))
        return;
    out->latitude = out->longitude = ORGANISATION_NOWHERE;
    warn(reader, row, *north ? COLUMN_LATITUDE : COLUMN_LONGITUDE,
         "latitude et longitude ne se lisent pas comme un lieu, laissées de côté",
         "latitude and longitude do not read as a place, left out",
         arena_printf(reader->arena, "%s ; %s", north, east));
}

/* "59", "Rue DE LA PAIX" → "59 rue de la Paix". */
static void read_address(const struct row_reader *reader, const struct table_row *row,
                         struct organisation *out)
{
    const char *number = cell(reader, row, COLUMN_NUMERO);
    const char *street = capitals(reader, text_cell(reader, row, COLUMN_ADRESSE, NAME_BYTES_MAX));

    if (!*number || !*street) {
        out->adresse = *street ? street : number;
        return;
    }
    char *address = arena_printf(reader->arena, "%s %s", number, street);
    char *first = address + strlen(number) + 1;
    if (*first >= 'A' && *first <= 'Z' && first[1] >= 'a')
        *first = (char)(*first - 'A' + 'a');
    out->adresse = address;
}

/* A value whose form is checked; what fails is left out with a warning. */
static const char *checked(const struct row_reader *reader, const struct table_row *row,
                           enum column column,
                           bool (*check)(struct arena *, const char *, const char **),
                           const char *fr, const char *en)
{
    const char *text = cell(reader, row, column);
    const char *value = "";

    if (*text && !check(reader->arena, text, &value)) {
        warn(reader, row, column, fr, en, text);
        value = "";
    }
    return value;
}

static bool has_several_numbers(const char *text)
{
    size_t digits = 0;

    for (const char *c = text; *c; c++)
        digits += *c >= '0' && *c <= '9';
    return digits > 10 && *text != '+' && strncmp(text, "00", 2) != 0;
}

static void read_contact(const struct row_reader *reader, const struct table_row *row,
                         struct organisation *out)
{
    out->telephone = checked(reader, row, COLUMN_TELEPHONE, field_phone,
                             "numéro de téléphone invalide, laissé de côté",
                             "invalid telephone number, left out");
    if (*out->telephone && has_several_numbers(cell(reader, row, COLUMN_TELEPHONE)))
        warn(reader, row, COLUMN_TELEPHONE, "plusieurs numéros, seul le premier est gardé",
             "several numbers, only the first is kept", cell(reader, row, COLUMN_TELEPHONE));
    out->courriel = checked(reader, row, COLUMN_COURRIEL, field_email,
                            "adresse de courriel invalide, laissée de côté",
                            "invalid e-mail address, left out");
    out->site_web =
        checked(reader, row, COLUMN_SITE_WEB, field_website,
                "adresse de site invalide, laissée de côté", "invalid web address, left out");
    out->horaires = text_cell(reader, row, COLUMN_HORAIRES, NAME_BYTES_MAX);
}

/* A site is given by its id or its name; one that is not there yet gets the id that its name makes,
 * so that sites may be loaded after the directory. */
static void read_site(const struct row_reader *reader, const struct table_row *row,
                      struct organisation *out)
{
    const char *text = cell(reader, row, COLUMN_SITE);

    out->etage = text_cell(reader, row, COLUMN_ETAGE, NAME_BYTES_MAX);
    out->bureau = text_cell(reader, row, COLUMN_BUREAU, NAME_BYTES_MAX);
    out->site = field_slug(reader->arena, text);
    for (size_t i = 0; *text && i < reader->sites->count; i++)
        if (strcmp(field_slug(reader->arena, reader->sites->items[i].name), out->site) == 0)
            out->site = arena_strdup(reader->arena, reader->sites->items[i].id);
}

static bool holds(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

/* Keys or labels of a closed list; others are left out with a warning. */
static void read_terms(const struct row_reader *reader, const struct table_row *row,
                       enum column column, const struct term *terms, size_t count,
                       struct text_list *out)
{
    char *cursor = arena_strdup(reader->arena, cell(reader, row, column));
    const char *item;

    out->items = arena_array(reader->arena, LIST_ITEMS_MAX, sizeof(*out->items));
    while ((item = next_item(&cursor)) != NULL) {
        const struct term *term = vocabulary_find(terms, count, item, reader->arena);
        if (term == NULL)
            warn(reader, row, column, "hors de la liste, laissé de côté",
                 "not in the list, left out", item);
        else if (out->count < LIST_ITEMS_MAX && !holds(out, term->key))
            out->items[out->count++] = term->key;
    }
}

static void read_texts(const struct row_reader *reader, const struct table_row *row,
                       struct organisation *out)
{
    const char *esus = cell(reader, row, COLUMN_ESUS);

    if (!field_flag(esus, &out->esus))
        warn(reader, row, COLUMN_ESUS, "ni oui ni non, compris comme non",
             "neither yes nor no, taken as no", esus);
    out->description = "";
    out->resume = text_cell(reader, row, COLUMN_RESUME, TEXT_BYTES_MAX);
    out->offre = text_cell(reader, row, COLUMN_OFFRE, TEXT_BYTES_MAX);
    out->valeurs = text_cell(reader, row, COLUMN_VALEURS, TEXT_BYTES_MAX);
    out->falc = lines_cell(reader, row, COLUMN_FALC, TEXT_BYTES_MAX);
    read_terms(reader, row, COLUMN_RSE, vocabulary_rse, VOCABULARY_RSE, &out->rse);
    read_terms(reader, row, COLUMN_MARCHES, vocabulary_marches_reserves,
               VOCABULARY_MARCHES_RESERVES, &out->marches_reserves);
    if (utf8_length(out->resume) > RESUME_LETTERS_MAX)
        import_report_note(reader->report, IMPORT_WARNING, row->line,
                           reader->columns->names[COLUMN_RESUME],
                           "résumé trop long : %zu caractères ; retirez-en %zu",
                           "summary too long: %zu characters; remove %zu", utf8_length(out->resume),
                           utf8_length(out->resume) - RESUME_LETTERS_MAX);
}

static bool check_columns(const struct row_reader *reader, const struct table_row *row)
{
    size_t expected = reader->columns->count;

    if (row->uncomputed > 0)
        import_report_note(
            reader->report, IMPORT_WARNING, row->line, "",
            "formule sans résultat, comprise comme vide ; ouvrez le classeur dans le "
            "tableur et enregistrez-le",
            "a formula without its result is taken as empty; open the workbook in "
            "the spreadsheet and save it");
    if (row->cells)
        return true;
    if (row->count > expected) {
        import_report_note(reader->report, IMPORT_REJECTED, row->line, "",
                           "%zu colonnes au lieu de %zu ; un séparateur est sans doute dans un "
                           "texte sans guillemets",
                           "%zu columns instead of %zu; there is probably a delimiter in a text "
                           "without quotes",
                           row->count, expected);
        return false;
    }
    if (row->count < expected)
        import_report_note(reader->report, IMPORT_WARNING, row->line, "",
                           "%zu colonnes au lieu de %zu ; les dernières sont comprises comme vides",
                           "%zu columns instead of %zu; the last ones are taken as empty",
                           row->count, expected);
    return true;
}

bool row_organisation(const struct row_reader *reader, const struct table_row *row,
                      struct organisation *out)
{
    *out = (struct organisation){.diffusable = true,
                                 .latitude = ORGANISATION_NOWHERE,
                                 .longitude = ORGANISATION_NOWHERE,
                                 .image = "",
                                 .image_alt = "",
                                 .image_credit = "",
                                 .focal_x = 0.5,
                                 .focal_y = 0.5};
    if (!check_columns(reader, row))
        return false;
    out->nom =
        spelt_out(reader, capitals(reader, text_cell(reader, row, COLUMN_NOM, NAME_BYTES_MAX)));
    if (!*out->nom)
        return reject(reader, row, COLUMN_NOM, "nom absent", "name missing");
    if (!read_siret(reader, row, out) || !read_id(reader, row, out))
        return false;
    out->enseigne = text_cell(reader, row, COLUMN_ENSEIGNE, NAME_BYTES_MAX);
    out->sigle = text_cell(reader, row, COLUMN_SIGLE, NAME_BYTES_MAX);
    out->types_iae = types_list(reader->arena, row_types(reader, row, true));
    read_form(reader, row, out);
    read_activity(reader, row, out);
    read_sectors(reader, row, out);
    read_texts(reader, row, out);
    read_address(reader, row, out);
    read_commune(reader, row, out);
    read_place(reader, row, out);
    read_contact(reader, row, out);
    read_site(reader, row, out);
    return true;
}
