/* A table looked at before anybody says what its columns mean. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/files.h"
#include "core/strbuf.h"
#include "core/utf8.h"
#include "server/import/event_row.h"
#include "server/import/fields.h"
#include "server/import/import.h"
#include "server/import/mapping.h"
#include "server/import/reference.h"
#include "server/import/xlsx.h"

#define ROWS_KEPT 200
#define HEADER_WITHIN 20
#define SURE 90
#define ENOUGH 40

struct kept_row {
    int line;
    size_t count;
    const char **fields;
};

struct look {
    struct arena *arena;
    const struct reference *reference;
    size_t row_count; /* of the whole file */
    size_t kept_count;
    struct kept_row rows[ROWS_KEPT];
    size_t header;
};

static bool keep_row(void *context, const struct table_row *row, struct error *err)
{
    struct look *look = context;
    size_t count = row->count < TABLE_COLUMNS_MAX ? row->count : TABLE_COLUMNS_MAX;

    (void)err;
    look->row_count++;
    if (look->kept_count == ROWS_KEPT)
        return true;
    struct kept_row *kept = &look->rows[look->kept_count++];
    *kept = (struct kept_row){row->line, count, arena_array(look->arena, count, sizeof(char *))};
    for (size_t i = 0; i < count; i++)
        kept->fields[i] =
            field_cut(look->arena, field_tidy(look->arena, row->fields[i]), MAPPING_SAMPLE_BYTES);
    return true;
}

static size_t filled(const struct kept_row *row)
{
    size_t count = 0;

    for (size_t i = 0; i < row->count; i++)
        count += *row->fields[i] != '\0';
    return count;
}

/* Tables made by hand have titles above their header: the header is the first row that is nearly as
 * wide as the widest. */
static void find_header(struct look *look, int line)
{
    size_t widest = 0;

    for (size_t i = 0; i < look->kept_count && i < HEADER_WITHIN; i++)
        if (filled(&look->rows[i]) > widest)
            widest = filled(&look->rows[i]);
    for (size_t i = 0; i < look->kept_count; i++) {
        if (line > 0 ? look->rows[i].line >= line : filled(&look->rows[i]) * 10 >= widest * 6) {
            look->header = i;
            return;
        }
    }
}

/* --- headers --------------------------------------------------------------------------------- */

/* Folded, with bars between; the first are the surest. */
static const char *const organisation_names[COLUMN_COUNT] = {
    [COLUMN_ID] = "id source|identifiant|id structure|id|reference|ref",
    [COLUMN_SIRET] = "siret|n siret|no siret|numero siret|num siret|siret etablissement|code siret",
    [COLUMN_RNA] = "rna|numero rna|n rna|waldec|id association",
    [COLUMN_NOM] = "nom|denomination|denomination sociale|raison sociale|nom de la structure|nom "
                   "structure|structure|organisme|entreprise|association|name|intitule|libelle",
    [COLUMN_ENSEIGNE] = "enseigne|nom commercial|nom d usage|marque",
    [COLUMN_SIGLE] = "sigle|acronyme",
    [COLUMN_FORME] = "categorie juridique|forme juridique|nature juridique|statut juridique|statut|"
                     "forme|legal form",
    [COLUMN_ESUS] = "esus|agrement esus|agree esus|label esus",
    [COLUMN_TYPES] = "types iae|type iae|mesure|type de siae|type siae|siae|dispositif",
    [COLUMN_NAF] = "naf|code naf|ape|code ape|code naf2|activite principale",
    [COLUMN_SECTEURS] = "secteurs|secteur|secteur d activite|secteurs d activite|filiere|domaine|"
                        "activite",
    [COLUMN_RESUME] = "resume|presentation|description|descriptif|objet",
    [COLUMN_OFFRE] = "offre|offre de services|produits|services|prestations",
    [COLUMN_VALEURS] = "valeurs|nos valeurs|engagements|values",
    [COLUMN_FALC] = "falc|facile a lire|texte facile a lire|resume falc|easy to read",
    [COLUMN_RSE] = "rse|offre rse|offres rse|responsabilite societale|csr",
    [COLUMN_MARCHES] = "marches reserves|marche reserve|marches publics reserves|reservation",
    [COLUMN_NUMERO] = "num rue|numero de voie|numero voie|n voie|numero rue",
    [COLUMN_ADRESSE] = "adresse|adresse postale|nom rue|rue|voie|adresse 1|libelle voie|address",
    [COLUMN_CODE_POSTAL] = "code postal|cp|code post com|postal code|code post",
    [COLUMN_COMMUNE] = "commune|ville|lib com|libelle commune|localite|city",
    [COLUMN_LATITUDE] = "latitude|lat|y wgs84|coord y",
    [COLUMN_LONGITUDE] = "longitude|lon|lng|long|x wgs84|coord x",
    [COLUMN_TELEPHONE] = "telephone|tel|tel fixe|telephone fixe|n de telephone|numero de telephone|"
                         "phone|portable|mobile",
    [COLUMN_COURRIEL] = "courriel|mail|email|e mail|adresse mail|adresse e mail|adresse email|mail "
                        "siae|contact mail",
    [COLUMN_SITE_WEB] = "site web|site internet|url|web|website|page web",
    [COLUMN_HORAIRES] = "horaires|heures d ouverture|ouverture",
    [COLUMN_SITE] = "site|pepiniere|incubateur",
    [COLUMN_ETAGE] = "etage|niveau",
    [COLUMN_BUREAU] = "bureau|local|porte",
};

static const char *const event_names[EVENT_COLUMN_COUNT] = {
    [EVENT_COLUMN_ID] = "id|uid|identifiant|reference|ref",
    [EVENT_COLUMN_TITLE] =
        "titre|title|intitule|evenement|nom|nom de l evenement|event|manifestation",
    [EVENT_COLUMN_START] = "date de debut|debut|date|date debut|jour|start|start date|du|quand",
    [EVENT_COLUMN_START_TIME] = "heure de debut|heure debut|heure|horaire|start time|de",
    [EVENT_COLUMN_END] = "date de fin|fin|date fin|end|end date|au",
    [EVENT_COLUMN_END_TIME] = "heure de fin|heure fin|end time|a",
    [EVENT_COLUMN_PLACE] = "lieu|place|salle|nom du lieu|endroit|location",
    [EVENT_COLUMN_ADDRESS] = "adresse|rue|address|adresse du lieu",
    [EVENT_COLUMN_POSTCODE] = "code postal|cp",
    [EVENT_COLUMN_COMMUNE] = "commune|ville|city",
    [EVENT_COLUMN_RESUME] = "resume|accroche|chapo|summary",
    [EVENT_COLUMN_DESCRIPTION] = "description|descriptif|presentation|details",
    [EVENT_COLUMN_PRICE] = "tarif|prix|price|tarifs",
    [EVENT_COLUMN_ACCESS] = "accessibilite|acces pmr|accessibility",
    [EVENT_COLUMN_URL] = "lien|url|site web|site internet|site|web|inscription|link",
    [EVENT_COLUMN_ORGANISER] = "organisateur|organise par|structure|porteur|organiser",
    [EVENT_COLUMN_CATEGORIES] = "categories|categorie|theme|thematique|type|tags",
};

static bool has_words(const char *text, const char *words, size_t length)
{
    for (const char *at = text; (at = strstr(at, words));) {
        bool begins = at == text || at[-1] == ' ';
        if (begins && (at[length] == '\0' || at[length] == ' '))
            return true;
        at++;
    }
    return false;
}

static int header_score(const char *folded, const char *names)
{
    int rank = 0;

    for (const char *name = names; *name; rank++) {
        size_t length = strcspn(name, "|");
        if (strlen(folded) == length && strncmp(folded, name, length) == 0)
            return 100 - (rank < 9 ? rank : 9);
        name += length + (name[length] == '|');
    }
    rank = 0;
    for (const char *name = names; *name; rank++) {
        char words[64];
        size_t length = strcspn(name, "|");
        if (length >= 3 && length < sizeof(words)) {
            memcpy(words, name, length);
            words[length] = '\0';
            if (has_words(folded, words, length))
                return 60 - (rank < 9 ? rank : 9);
        }
        name += length + (name[length] == '|');
    }
    return 0;
}

/* --- values ---------------------------------------------------------------------------------- */

typedef bool value_check(const struct look *look, const char *text);

static bool is_siret(const struct look *look, const char *text)
{
    char siret[15];

    (void)look;
    return field_siret(text, siret) == SIRET_GOOD;
}

static bool is_rna(const struct look *look, const char *text)
{
    const char *out;

    return field_rna(look->arena, text, &out);
}

static bool is_email(const struct look *look, const char *text)
{
    const char *out;

    return field_email(look->arena, text, &out);
}

static bool is_website(const struct look *look, const char *text)
{
    const char *out;

    return (strncasecmp(text, "http", 4) == 0 || strncasecmp(text, "www.", 4) == 0) &&
           field_website(look->arena, text, &out);
}

/* Of a column "Site": an incubator, if its values are no addresses. */
static bool is_no_website(const struct look *look, const char *text)
{
    return !is_website(look, text);
}

static bool is_phone(const struct look *look, const char *text)
{
    const char *out;

    return strlen(text) >= 9 && field_phone(look->arena, text, &out);
}

static bool is_postcode(const struct look *look, const char *text)
{
    const char *out;

    return field_postcode(look->arena, text, &out);
}

static bool is_naf(const struct look *look, const char *text)
{
    const char *naf = naf_normalise(look->arena, text);

    return naf && reference_naf_label(look->reference, naf);
}

static bool is_commune(const struct look *look, const char *text)
{
    return reference_commune(look->reference, text, "") ||
           reference_is_commune(look->reference, text);
}

static bool is_day(const struct look *look, const char *text)
{
    struct event_moment moment;

    (void)look;
    return event_moment_read(text, &moment) && moment.has_day;
}

static bool is_hour(const struct look *look, const char *text)
{
    struct event_moment moment;

    (void)look;
    return event_moment_read(text, &moment) && !moment.has_day;
}

static value_check *const organisation_checks[COLUMN_COUNT] = {
    [COLUMN_SIRET] = is_siret,     [COLUMN_RNA] = is_rna,
    [COLUMN_NAF] = is_naf,         [COLUMN_CODE_POSTAL] = is_postcode,
    [COLUMN_COMMUNE] = is_commune, [COLUMN_TELEPHONE] = is_phone,
    [COLUMN_COURRIEL] = is_email,  [COLUMN_SITE_WEB] = is_website,
    [COLUMN_SITE] = is_no_website,
};

static value_check *const event_checks[EVENT_COLUMN_COUNT] = {
    [EVENT_COLUMN_START] = is_day,         [EVENT_COLUMN_START_TIME] = is_hour,
    [EVENT_COLUMN_END] = is_day,           [EVENT_COLUMN_END_TIME] = is_hour,
    [EVENT_COLUMN_POSTCODE] = is_postcode, [EVENT_COLUMN_COMMUNE] = is_commune,
    [EVENT_COLUMN_URL] = is_website,
};

/* How many hundredths of the column's values are of that sort; -1 without values. */
static int share(const struct look *look, size_t column, value_check *check)
{
    int good = 0, all = 0;

    for (size_t i = look->header + 1; i < look->kept_count; i++) {
        const struct kept_row *row = &look->rows[i];
        if (column >= row->count || !*row->fields[column])
            continue;
        all++;
        good += check(look, row->fields[column]);
    }
    return all > 0 ? good * 100 / all : -1;
}

static int score(const struct look *look, enum mapping_kind kind, size_t column, const char *folded,
                 size_t field)
{
    bool events = kind == MAPPING_EVENTS;
    int points = header_score(folded, events ? event_names[field] : organisation_names[field]);
    value_check *check = events ? event_checks[field] : organisation_checks[field];
    int fit = check ? share(look, column, check) : -1;

    /* That something is no address says nothing for what it is. */
    if (fit >= 80 && check != is_no_website)
        points += 50;
    else if (fit >= 0 && fit < 30)
        points -= 70;
    return points;
}

/* Each field goes to the column that wants it most. */
static size_t guess(const struct look *look, enum mapping_kind kind, struct mapping_column *columns,
                    size_t count)
{
    size_t field_count, found = 0;
    bool taken[MAPPING_FIELDS_MAX] = {false};
    int *points;
    struct strbuf folded;

    (void)mapping_fields(kind, &field_count);
    points = arena_array(look->arena, count * field_count + 1, sizeof(int));
    strbuf_init(&folded);
    for (size_t i = 0; i < count; i++) {
        columns[i].guess = MAPPING_NONE;
        columns[i].sure = false;
        strbuf_clear(&folded);
        utf8_fold(columns[i].title, &folded);
        for (size_t f = 0; f < field_count; f++)
            points[i * field_count + f] = score(look, kind, i, folded.bytes, f);
    }
    strbuf_finish(&folded);
    for (;;) {
        size_t best = 0;
        int most = ENOUGH - 1;
        for (size_t at = 0; at < count * field_count; at++) {
            if (points[at] > most && !taken[at % field_count] &&
                columns[at / field_count].guess == MAPPING_NONE) {
                best = at;
                most = points[at];
            }
        }
        if (most < ENOUGH)
            return found;
        taken[best % field_count] = true;
        columns[best / field_count].guess = (int)(best % field_count);
        columns[best / field_count].sure = most >= SURE;
        found++;
    }
}

static bool guessed(const struct mapping_look *out, int field)
{
    for (size_t i = 0; i < out->column_count; i++)
        if (out->columns[i].guess == field)
            return true;
    return false;
}

static void guess_kind(const struct look *look, const enum mapping_kind *kind,
                       struct mapping_look *out)
{
    out->kind = kind ? *kind : MAPPING_EVENTS;
    (void)guess(look, out->kind, out->columns, out->column_count);
    if (kind || (guessed(out, EVENT_COLUMN_TITLE) && guessed(out, EVENT_COLUMN_START)))
        return;
    out->kind = MAPPING_ORGANISATIONS;
    (void)guess(look, out->kind, out->columns, out->column_count);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void fill_columns(const struct look *look, struct mapping_look *out)
{
    const struct kept_row *header = &look->rows[look->header];

    out->header_line = header->line;
    out->rows = look->row_count - look->header - 1;
    out->column_count = header->count;
    out->columns = arena_array(look->arena, header->count, sizeof(*out->columns));
    for (size_t c = 0; c < header->count; c++) {
        struct mapping_column *column = &out->columns[c];
        column->title = header->fields[c];
        column->guess = MAPPING_NONE;
        for (size_t i = look->header + 1; i < look->kept_count; i++) {
            const struct kept_row *row = &look->rows[i];
            if (c >= row->count || !*row->fields[c])
                continue;
            column->filled++;
            if (column->sample_count < MAPPING_SAMPLES)
                column->samples[column->sample_count++] = row->fields[c];
        }
    }
}

/* A known layout says what its columns mean better than any guess. */
static bool use_layout(const struct look *look, struct mapping_look *out)
{
    const struct kept_row *header = &look->rows[look->header];
    const struct table_row row = {
        .line = header->line, .count = header->count, .fields = header->fields};
    struct import_report report;
    struct layout_columns columns;
    struct error ignored;

    import_report_init(&report);
    bool known = layout_of_header(&row, &report, &columns, &ignored);
    import_report_finish(&report);
    if (!known)
        return false;
    out->kind = MAPPING_ORGANISATIONS;
    out->layout = columns.layout->name;
    out->capitals = columns.layout->capitals;
    for (int f = 0; f < COLUMN_COUNT; f++) {
        if (columns.index[f] < 0)
            continue;
        out->columns[columns.index[f]].guess = f;
        out->columns[columns.index[f]].sure = true;
    }
    return true;
}

static bool in_capitals(const struct look *look, const struct mapping_look *out)
{
    size_t capitals = 0, all = 0;

    for (size_t c = 0; c < out->column_count; c++) {
        if (out->columns[c].guess != COLUMN_NOM)
            continue;
        for (size_t i = look->header + 1; i < look->kept_count; i++) {
            const struct kept_row *row = &look->rows[i];
            if (c >= row->count || !*row->fields[c])
                continue;
            all++;
            capitals += strpbrk(row->fields[c], "abcdefghijklmnopqrstuvwxyz") == NULL;
        }
    }
    return all > 0 && capitals * 10 >= all * 8;
}

static bool name_sheets(const char *path, struct arena *arena, struct mapping_look *out,
                        struct error *err)
{
    if (out->format.encoding != TABLE_WORKBOOK)
        return true;
    struct xlsx *book = xlsx_open(path, err);
    if (!book)
        return false;
    out->sheet_count = xlsx_sheet_count(book);
    for (size_t i = 0; i < out->sheet_count; i++)
        out->sheets[i] = arena_strdup(arena, xlsx_sheet_name(book, i));
    xlsx_close(book);
    return true;
}

static bool read_rows(const char *path, struct look *look, int header_line,
                      struct mapping_look *out, struct error *err)
{
    if (!table_read(path, &out->format, IMPORT_CSV_FIELD_MAX, keep_row, look, err))
        return false;
    if (look->kept_count == 0)
        return error_set(err, ERROR_INVALID, "cette feuille est vide", "this sheet is empty");
    find_header(look, header_line);
    return true;
}

bool mapping_look_at(const char *path, const enum mapping_kind *kind, size_t sheet, int header_line,
                     struct arena *arena, struct mapping_look *out, struct error *err)
{
    char folder[4096];
    struct look *look = arena_alloc(arena, sizeof(*look));

    *out = (struct mapping_look){.layout = ""};
    if (!assets_folder(folder, sizeof(folder)))
        return error_set(err, ERROR_NOT_FOUND, "le dossier des données de Vitrine est introuvable",
                         "Vitrine's asset folder is not found");
    if (!table_scan(path, &out->format, err) || !name_sheets(path, arena, out, err))
        return false;
    out->format.sheet = sheet;
    look->arena = arena;
    if (!read_rows(path, look, header_line, out, err))
        return false;
    struct reference *reference = reference_load(folder, err);
    if (!reference)
        return false;
    look->reference = reference;
    fill_columns(look, out);
    if ((kind && *kind != MAPPING_ORGANISATIONS) || !use_layout(look, out)) {
        guess_kind(look, kind, out);
        out->capitals = out->kind == MAPPING_ORGANISATIONS && in_capitals(look, out);
    }
    reference_destroy(reference);
    return true;
}
