#include "import_fixture.h"

#include "server/import/fields.h"
#include "server/import/legal_form.h"
#include "server/import/reference.h"
#include "server/import/sector.h"
#include "server/import/table.h"

static void test_siret(void **state)
{
    static const struct {
        const char *text;
        enum siret_fault fault;
    } cases[] = {
        {"39359706700023", SIRET_GOOD},
        {"393 597 067 00023", SIRET_GOOD},
        {" 393.597.067-00023 ", SIRET_GOOD},
        {"39359706700024", SIRET_KEY}, /* last digit changed */
        {"93359706700023", SIRET_KEY}, /* two digits swapped */
        {"3935970670002", SIRET_SHORT},
        {"393597067000", SIRET_LENGTH},
        {"393597067000231", SIRET_LENGTH},
        {"3935970670002A", SIRET_CHARACTERS},
        {"3,93597E+13", SIRET_EXPONENT},
        {"1.23e+13", SIRET_EXPONENT},
        {"E+", SIRET_CHARACTERS},
        {"", SIRET_EMPTY},
        {"  ", SIRET_EMPTY},
        {"35600000000048", SIRET_GOOD}, /* La Poste's seat: Luhn holds */
        {"35600000049837", SIRET_GOOD}, /* an office: Luhn fails, digits sum to 45 */
        {"35600000049838", SIRET_KEY},  /* digits sum to 46 */
        {"35600100049837", SIRET_KEY},  /* another SIREN */
        {"00000000000000", SIRET_KEY},  /* Luhn holds, but nobody has it */
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char siret[15];
        if (field_siret(cases[i].text, siret) != cases[i].fault)
            fail_msg("\"%s\": %d", cases[i].text, (int)field_siret(cases[i].text, siret));
    }
}

typedef bool checker(struct arena *, const char *, const char **);

static void test_forms(void **state)
{
    struct fixture *f = *state;
    static const struct {
        checker *check;
        const char *text;
        const char *form; /* NULL: refused */
    } cases[] = {
        {field_phone, "0235597422", "02 35 59 74 22"},
        {field_phone, "02.35.59.74.22", "02 35 59 74 22"},
        {field_phone, "+33 2 35 59 74 22", "02 35 59 74 22"},
        {field_phone, "0033235597422", "02 35 59 74 22"},
        {field_phone, "235597422", "02 35 59 74 22"},
        {field_phone, "+32 2 555 12 12", NULL},
        {field_phone, "02 35 59 74", NULL},
        {field_phone, "02 35 59 74 22 / 23", "02 35 59 74 22"},
        {field_phone, "poste 12", NULL},
        {field_phone, "+", NULL},
        {field_phone, "+33 (0)2 35 59 74 22", "02 35 59 74 22"},
        {field_phone, "3949", "39 49"},
        {field_phone, "2949", NULL},
        {field_phone, "+3949", NULL},
        {field_phone, "02 35 59 74 22 ou 06 11 22 33 44", "02 35 59 74 22"},
        {field_phone, "02/35/59/74/22", "02 35 59 74 22"},
        {field_phone, "/", NULL},
        {field_email, "direction@Cursus-Asso.FR", "direction@cursus-asso.fr"},
        {field_email, "a.b+c@d.example", "a.b+c@d.example"},
        {field_email, "sans arobase", NULL},
        {field_email, "deux@@arobases.fr", NULL},
        {field_email, "@vide.fr", NULL},
        {field_email, "x@sanspoint", NULL},
        {field_email, "x@a..fr", NULL},
        {field_email, "x y@a.fr", NULL},
        {field_email, "x@a.fr, y@a.fr", NULL},
        {field_email, "x@-a.fr-", NULL},
        {field_website, "https://seconde-rive.example", "https://seconde-rive.example"},
        {field_website, "www.exemple.fr/page", "https://www.exemple.fr/page"},
        {field_website, "javascript://alert(1)", NULL},
        {field_website, "ftp://exemple.fr", NULL},
        {field_website, "voir facebook", NULL},
        {field_website, "https://", NULL},
        {field_postcode, "76 300", "76300"},
        {field_postcode, "1000", "01000"},
        {field_postcode, "763000", NULL},
        {field_postcode, "76A00", NULL},
        {field_rna, "w761000123", "W761000123"},
        {field_rna, "W76100012", NULL},
        {field_rna, "761000123", NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *form = NULL;
        bool ok = cases[i].check(f->arena, cases[i].text, &form);
        if (ok != (cases[i].form != NULL) || (ok && strcmp(form, cases[i].form) != 0))
            fail_msg("\"%s\": %s", cases[i].text, ok ? form : "refused");
    }
}

static void test_cut(void **state)
{
    struct fixture *f = *state;
    const char *text = "Récit de la rivière";

    assert_ptr_equal(field_cut(f->arena, text, 100), text);
    assert_string_equal(field_cut(f->arena, text, 15), "Récit de la…");
    assert_string_equal(field_cut(f->arena, "ééééé", 5), "éé…"); /* never inside a letter */
}

static void test_tidy_and_slug(void **state)
{
    struct fixture *f = *state;
    bool flag;

    assert_string_equal(field_tidy(f->arena, "  La\t\xc2\xa0  Ruche \r\n qui\x07 dit  "),
                        "La Ruche qui dit");
    assert_string_equal(field_tidy(f->arena, "E\xcc\x81"
                                             "cale"),
                        "Écale"); /* NFC */
    assert_string_equal(field_tidy(f->arena, " \n "), "");
    assert_string_equal(field_slug(f->arena, "Créapolis Sud"), "creapolis-sud");
    assert_string_equal(field_slug(f->arena, "L’Œuvre & Cie !"), "l-oeuvre-cie");
    assert_string_equal(field_slug(f->arena, "***"), "");
    assert_int_equal(strlen(field_slug(f->arena, "x123456789012345678901234567890123456789"
                                                 "0123456789012345678901234567890123456789")),
                     64);
    assert_true(field_flag("Oui", &flag) && flag);
    assert_true(field_flag("", &flag) && !flag);
    assert_false(field_flag("peut-être", &flag));

    double degrees = 0;
    assert_true(field_degrees("49,443100", 90, &degrees) && degrees == 49.4431);
    assert_true(field_degrees("-1.0993", 180, &degrees) && degrees == -1.0993);
    assert_true(field_degrees("49.44310000000000000001", 90, &degrees) && degrees == 49.4431);
    static const char *const wrong[] = {
        "", "-", "N 49", "49.4.3", "90,1", "1e3", "9999999999999999"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_false(field_degrees(wrong[i], 90, &degrees));
}

static void test_communes(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        const char *postcode;
        const char *readable;
        const char *insee; /* "" outside */
    } cases[] = {
        {"ST ETIENNE DU ROUVRAY", "76800", "Saint-Étienne-du-Rouvray", "76575"},
        {"Saint-Étienne-du-Rouvray", "", "Saint-Étienne-du-Rouvray", "76575"},
        {"ST AUBIN LES ELBEUF", "76410", "Saint-Aubin-lès-Elbeuf", "76561"},
        {"LE PETIT QUEVILLY", "76140", "Le Petit-Quevilly", "76498"},
        {"PETIT-QUEVILLY", "76140", "Le Petit-Quevilly", "76498"},
        {"petit quevilly (le)", "76140", "petit quevilly (le)", ""},
        {"LA NEUVILLE CHANT D OISEL", "76520", "La Neuville-Chant-d'Oisel", "76464"},
        {"LES AUTHIEUX SUR LE PORT ST OUEN", "76520", "Les Authieux-sur-le-Port-Saint-Ouen",
         "76039"},
        {"STE MARGUERITE SUR DUCLAIR", "76480", "Sainte-Marguerite-sur-Duclair", "76608"},
        {"ROUEN CEDEX 1", "76037", "Rouen", "76540"},
        {"Rouen", "", "Rouen", "76540"},
        {"ROUEN", "80000", "Rouen", ""},        /* a Rouen of another department */
        {"ELBEUF", "27370", "Elbeuf", "76231"}, /* an old postcode of Elbeuf itself */
        {"RIVES EN SEINE", "76490", "Rives-en-Seine", ""},
        {"FECAMP", "76400", "Fécamp", ""},
        {"STE HELENE BONDEVILLE", "76400", "Sainte-Hélène-Bondeville", ""},
        {"LE HAVRE", "76600", "Le Havre", ""},
        {"LES ANDELYS", "27700", "Les Andelys", ""},
        {"L AIGLE", "61300", "L’Aigle", ""},
        {"LACHAPELLE AUX POTS", "60650", "Lachapelle-aux-Pots", ""},
        {"", "76000", "", ""},
    };
    char assets[4096];
    assert_non_null(assets_folder(assets, sizeof(assets)));
    struct reference *reference = reference_load(assets, &f->err);
    assert_non_null(reference);

    assert_int_equal(reference_commune_count(reference), 71);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct commune *commune =
            reference_commune(reference, cases[i].name, cases[i].postcode);
        const char *insee = commune ? commune->code_insee : "";
        const char *name =
            commune ? commune->name
                    : reference_readable(reference, f->arena, cases[i].name, cases[i].postcode);
        if (strcmp(insee, cases[i].insee) != 0 || strcmp(name, cases[i].readable) != 0)
            fail_msg("%s %s: \"%s\", %s", cases[i].name, cases[i].postcode, name, insee);
    }
    assert_string_equal(reference_naf_label(reference, "78.20Z"),
                        "Activités des agences de travail temporaire");
    assert_string_equal(reference_naf_label(reference, "15.11Z"),
                        "Apprêt et tannage des cuirs ; préparation et teinture des fourrures");
    assert_null(reference_naf_label(reference, "78.21Z"));
    reference_destroy(reference);
}

static void test_naf(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        const char *naf;
        const char *sector;
    } cases[] = {
        {"7820Z", "78.20Z", "insertion"},
        {"78.20z", "78.20Z", "insertion"},
        {"88.99B", "88.99B", "insertion"},
        {"8891A", "88.91A", "education"},
        {"88.10C", "88.10C", "sante"},
        {"47.79Z", "47.79Z", "reemploi"},
        {"47.11B", "47.11B", "alimentation"},
        {"47.59A", "47.59A", "services"},
        {"8130Z", "81.30Z", "environnement"},
        {"8121Z", "81.21Z", "services"},
        {"4334Z", "43.34Z", "batiment"},
        {"820Z", NULL, NULL},
        {"78201", NULL, NULL},
        {"ABCDE", NULL, NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *naf = naf_normalise(f->arena, cases[i].text);
        if (!cases[i].naf) {
            assert_null(naf);
            continue;
        }
        assert_string_equal(naf, cases[i].naf);
        assert_string_equal(sector_of_naf(naf), cases[i].sector);
    }
    assert_string_equal(sector_of_naf(""), "");
}

static void test_families(void **state)
{
    static const struct {
        const char *text;
        const char *name;
        const char *code;
        enum famille_ess family;
        bool scop;
        bool scic;
        bool known;
    } cases[] = {
        {"Association déclarée ", "", "9220", FAMILLE_ASSOCIATION, false, false, true},
        {"ASSOCIATION DECLAREE", "", "9220", FAMILLE_ASSOCIATION, false, false, true},
        {"Association loi 1901", "", "9220", FAMILLE_ASSOCIATION, false, false, true},
        {"Fonds de dotation", "", "9300", FAMILLE_FONDATION, false, false, true},
        {"Assoc.", "", "", FAMILLE_ASSOCIATION, false, false, false},
        {"9222", "", "9222", FAMILLE_ASSOCIATION, false, false, true},
        {"SARL coopérative ouvrière de production (SCOP)", "", "5458", FAMILLE_COOPERATIVE, true,
         false, true},
        {"5460", "SCIC Les Bocaux du Robec", "5460", FAMILLE_COOPERATIVE, false, true, true},
        {"SARL coopérative artisanale ", "SCOP NATURAULIN", "5453", FAMILLE_COOPERATIVE, true,
         false, true},
        {"6317", "NatUp", "6317", FAMILLE_COOPERATIVE, false, false, true},
        {"5196", "", "5196", FAMILLE_COOPERATIVE, false, false, true},
        {"8210", "", "8210", FAMILLE_MUTUELLE, false, false, true},
        {"6411", "Matmut", "6411", FAMILLE_MUTUELLE, false, false, true},
        {"Fondation", "", "9300", FAMILLE_FONDATION, false, false, true},
        {"SAS, société par actions simplifiée", "", "5710", FAMILLE_ENTREPRISE, false, false, true},
        {"SARL unipersonnelle ", "", "5498", FAMILLE_ENTREPRISE, false, false, true},
        {"Centre communal d'action sociale ", "", "7361", FAMILLE_AUTRE_ORGANISME, false, false,
         true},
        {"Centre communal d’action sociale", "", "7361", FAMILLE_AUTRE_ORGANISME, false, false,
         true},
        {"Association syndicale autorisée", "", "7321", FAMILLE_AUTRE_ORGANISME, false, false,
         true},
        {"Société coopérative d'intérêt collectif (SCIC)", "", "", FAMILLE_COOPERATIVE, false, true,
         false},
        {"Licorne", "", "", FAMILLE_INCONNUE, false, false, false},
        {"", "", "", FAMILLE_INCONNUE, false, false, true},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct legal_form form = legal_form_of(cases[i].text, cases[i].name);
        if (strcmp(form.code, cases[i].code) != 0 || form.family != cases[i].family ||
            form.scop != cases[i].scop || form.scic != cases[i].scic ||
            form.known != cases[i].known)
            fail_msg("\"%s\": %s %s scop %d scic %d known %d", cases[i].text, form.code,
                     famille_ess_tag(form.family), form.scop, form.scic, form.known);
    }
}

static bool check_label(void *context, const struct table_row *row, struct error *err)
{
    size_t *count = context;
    (void)err;

    if (row->line == 1 || !*row->fields[0])
        return true;
    struct legal_form form = legal_form_of(row->fields[0], "");
    if (strcmp(form.code, row->fields[1]) != 0)
        fail_msg("\"%s\" is %s, not \"%s\"", row->fields[0], row->fields[1], form.code);
    (*count)++;
    return true;
}

/* Every label of the published mapping is known by its own code. */
static void test_all_published_labels(void **state)
{
    struct fixture *f = *state;
    struct table_format format;
    size_t count = 0;
    const char *path = shared_file(f, "codes/mapping_api_entreprise_forme_juridique.csv");

    assert_ok(f, table_scan(path, &format, &f->err));
    assert_ok(f, table_read(path, &format, 1000, check_label, &count, &f->err));
    assert_int_equal(count, 57);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_siret),    CASE(test_forms), CASE(test_cut),      CASE(test_tidy_and_slug),
        CASE(test_communes), CASE(test_naf),   CASE(test_families), CASE(test_all_published_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
