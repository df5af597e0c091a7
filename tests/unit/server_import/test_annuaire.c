#include "import_fixture.h"

#include <time.h>

#include "server/store/fleet.h"
#include "server/store/organisations.h"

#define ASP_HEADER                                                                                 \
    "MESURE;CODE_DEPARTEMENT;LIBELLE_DPT;CODE_POSTAL;COMMUNE;CODE_NAF2;NATURE_JURIDIQUE;SIRET;"    \
    "DENOMINATION_SOCIALE;NUM_RUE;NOM_RUE;CODE_POST_COM;LIB_COM;TELEPHONE;MAIL_SIAE\n"
#define ASP_ROW(type, siret, name)                                                                 \
    type ";076;SEINE-MARITIME;76500;ELBEUF;9499Z;Association déclarée ;" siret ";" name            \
         ";1;Rue DES TRAITES;76500;ELBEUF;0232964410;direction@cursus-asso.fr\n"
#define OUR_HEADER "id_source;siret;nom;categorie_juridique;naf;code_postal;commune;types_iae\n"

#define ASP_FILE "annuaire/2019_07_liste_siae_76.csv"

static void get(struct fixture *f, const char *siret, struct organisation *out)
{
    assert_ok(f, organisations_get_by_siret(f->db, f->arena, siret, out, &f->err));
}

static int64_t stored(struct fixture *f)
{
    int64_t count;

    assert_ok(f, organisations_count(f->db, &count, &f->err));
    return count;
}

/* By hand: tail -n +2 | wc -l = 83 rows; cut -d';' -f8 | sort -u | wc -l = 77 SIRETs, all of which
 * pass Luhn; so 6 rows are joined to another; 4 SIRETs have two different types. */
static void test_real_file(void **state)
{
    struct fixture *f = *state;
    struct organisation o;

    assert_ok(f, run_annuaire(f, shared_file(f, ASP_FILE)));
    check_counts(f, 83, 77, 0, 0, 6, 0);
    assert_int_equal(f->report.warnings, 0);
    assert_string_equal(f->report.layout, "asp-siae");
    assert_int_equal(stored(f), 77);

    get(f, "42162926200039", &o); /* lines 3, 29, 43: ACI, AI, ACI */
    assert_string_equal(o.nom, "Association Cursus");
    assert_int_equal(o.types_iae.count, 2);
    assert_string_equal(o.types_iae.items[0], "ACI");
    assert_string_equal(o.types_iae.items[1], "AI");
    assert_string_equal(o.categorie_juridique, "9221");
    assert_int_equal(o.famille_ess, FAMILLE_ASSOCIATION);
    assert_string_equal(o.adresse, "1 rue des Traites");
    assert_string_equal(o.commune, "Elbeuf");
    assert_string_equal(o.code_insee, "76231");
    assert_true(o.in_metropole);
    assert_string_equal(o.telephone, "02 32 96 44 10");
    assert_string_equal(o.courriel, "direction@cursus-asso.fr");
    assert_string_equal(o.naf, "94.99Z");
    assert_int_equal(o.state, STATE_PUBLISHED);
    assert_string_equal(o.date_maj, "2026-11-23");

    get(f, "26760054200018", &o);
    assert_int_equal(o.famille_ess, FAMILLE_AUTRE_ORGANISME); /* a CCAS */
    get(f, "80809582200017", &o);
    assert_int_equal(o.famille_ess, FAMILLE_COOPERATIVE);
    assert_true(o.scop);
    assert_string_equal(o.commune, "Le Havre");
    assert_false(o.in_metropole);
}

/* By hand: LIB_COM of the 77, against the list of the Métropole's members: 33 in it; awk -F';'
 * 'NR>1 && !s[$8]++ && $13=="ROUEN"' | wc -l = 14. */
static void test_real_file_communes(void **state)
{
    struct fixture *f = *state;
    const struct organisation_filter filter = {.metropole = true};
    const char *const rouen[] = {"Rouen"};
    const struct organisation_filter in_rouen = {.communes = rouen, .commune_count = 1};
    struct text_list ids;

    assert_ok(f, run_annuaire(f, shared_file(f, ASP_FILE)));
    assert_ok(f, organisations_ids(f->db, f->arena, &filter, &ids, &f->err));
    assert_int_equal(ids.count, 33);
    assert_ok(f, organisations_ids(f->db, f->arena, &in_rouen, &ids, &f->err));
    assert_int_equal(ids.count, 14);
}

static void test_three_encodings_are_one(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        const char *encoding;
    } files[] = {
        {ASP_FILE, "UTF-8"},
        {"annuaire/derived_2019_07_liste_siae_76.cp1252-crlf.csv", "Windows-1252"},
        {"annuaire/derived_2019_07_liste_siae_76.utf8bom-comma.csv", "UTF-8 (BOM)"},
        {ASP_FILE, "UTF-8"},
    };
    int64_t version = 0;

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        assert_ok(f, run_annuaire(f, shared_file(f, files[i].name)));
        check_counts(f, 83, i == 0 ? 77 : 0, 0, i == 0 ? 0 : 77, 6, 0);
        assert_string_equal(f->report.encoding, files[i].encoding);
        int64_t now;
        assert_ok(f, settings_content_version(f->db, &now, &f->err));
        if (i > 0)
            assert_int_equal(now, version); /* nothing for the screens to fetch */
        version = now;
    }
}

static void test_our_layout(void **state)
{
    struct fixture *f = *state;
    const struct site site = {.id = "pepiniere-1", .name = "Créapolis"};
    enum upsert_result result;
    struct organisation o;

    assert_ok(f, sites_upsert(f->db, f->arena, &site, &result, &f->err));
    assert_ok(
        f,
        run_annuaire(
            f,
            put_text(
                f, "a.csv",
                "id_source;siret;rna;nom;enseigne;sigle;categorie_juridique;esus;types_iae;naf;"
                "secteurs;"
                "resume;offre;adresse;code_postal;commune;telephone;courriel;site_web;horaires;"
                "site;etage;"
                "bureau\n"
                "demo-1;;W761000123;Les Bocaux;Bocaux & Cie;LB;5460;oui;EI, "
                "aci;10.39B;alimentation,"
                "Réemploi;\"Soupes,\ntartinades\";Cantine;4 quai X;76160;DARNETAL;235597422;a@b.fr;"
                "www.bocaux.example;lundi : 8 h;Créapolis;2;214\n"
                "demo-2;;;Sans Rien;;;;;;;;;;;;;;;;;Écopolis;;\n")));
    check_counts(f, 2, 2, 0, 0, 0, 0);
    assert_ok(f, organisations_get(f->db, f->arena, "demo-1", &o, &f->err));
    assert_string_equal(o.rna, "W761000123");
    assert_string_equal(o.resume, "Soupes, tartinades");
    assert_string_equal(o.secteurs.items[1], "reemploi");
    assert_string_equal(o.types_iae.items[0], "ACI");
    assert_string_equal(o.site, "pepiniere-1");
    assert_string_equal(o.bureau, "214");
    assert_string_equal(o.commune, "Darnétal");
    assert_string_equal(o.telephone, "02 35 59 74 22");
    assert_string_equal(o.site_web, "https://www.bocaux.example");
    assert_true(o.esus);
    assert_string_equal(o.naf_label, "Transformation et conservation de fruits");
    assert_ok(f, organisations_get(f->db, f->arena, "demo-2", &o, &f->err));
    assert_string_equal(o.site, "ecopolis"); /* not there yet: the id its name will have */
    assert_int_equal(o.famille_ess, FAMILLE_INCONNUE);
    assert_string_equal(o.commune, "");
}

#define KIOSK_ROW(rest) "id_source;siret;nom;categorie_juridique;naf;code_postal;commune;" rest

/* What kiosks show: closed lists by key or label, degrees, texts line by line; what is wrong is
 * left out with a remark. */
static void test_what_kiosks_show(void **state)
{
    struct fixture *f = *state;
    struct organisation o;

    assert_ok(
        f, run_annuaire(f, put_text(f, "a.csv",
                                    KIOSK_ROW("valeurs;falc;rse;marches_reserves;latitude;"
                                              "longitude\n") "a;;Un;9220;94.99Z;76000;Rouen;Le "
                                                             "partage;\"On répare.\n\n  On vend. "
                                                             "\";\"traiteur,Mécénat de "
                                                             "compétences,traiteur,licorne\";"
                                                             "insertion;49,4431;-1.0993\n"
                                                             "b;;Deux;9220;94.99Z;76000;Rouen;;;;;"
                                                             "49.4;\n")));
    check_counts(f, 2, 2, 0, 0, 0, 0);
    assert_ok(f, organisations_get(f->db, f->arena, "a", &o, &f->err));
    assert_string_equal(o.valeurs, "Le partage");
    assert_string_equal(o.falc, "On répare.\nOn vend.");
    assert_int_equal(o.rse.count, 2);
    assert_string_equal(o.rse.items[0], "traiteur");
    assert_string_equal(o.rse.items[1], "mecenat-competences");
    assert_string_equal(o.marches_reserves.items[0], "insertion");
    assert_true(o.latitude == 49.4431 && o.longitude == -1.0993);
    assert_ok(f, organisations_get(f->db, f->arena, "b", &o, &f->err));
    assert_false(organisation_placed(&o));

    /* A file of the same source without these columns leaves them as they are. */
    assert_ok(f, run_annuaire(f, put_text(f, "b.csv",
                                          KIOSK_ROW("\n") "a;;Un bis;9220;94.99Z;76000;"
                                                          "Rouen;\n")));
    assert_ok(f, organisations_get(f->db, f->arena, "a", &o, &f->err));
    assert_string_equal(o.nom, "Un bis");
    assert_string_equal(o.valeurs, "Le partage");
    assert_int_equal(o.rse.count, 2);
    assert_true(o.latitude == 49.4431);
}

static void test_rows_rejected_with_reason(void **state)
{
    struct fixture *f = *state;

    assert_ok(
        f, run_annuaire(
               f, put_text(f, "a.csv",
                           OUR_HEADER
                           "a;39359706700024;Clé fausse;9220;9499Z;76000;Rouen;\n" /* 2 */
                           "b;3935970670002;Trop court;9220;9499Z;76000;Rouen;\n"  /* 3 */
                           "c;;;9220;9499Z;76000;Rouen;\n"                         /* 4: no name */
                           ";;Sans clé;9220;9499Z;76000;Rouen;\n"                  /* 5 */
                           "d;;Bon;9220;9499Z;76000;Rouen;\n"                      /* 6 */
                           "d;;Double;9220;9499Z;76000;Rouen;\n"                   /* 7 */
                           "e;;Trop;9220;9499Z;76000;Rouen;;;\n"     /* 8: ten columns */
                           "f;;Avis;Licorne;9999Z;7600;Roouen;XYZ\n" /* 9: taken, with warnings */
                           "g;;Court;9220\n"                         /* 10: taken */
                           "h;39359706700023;Bon SIRET;9220;9499Z;76000;Rouen;EI\n"
                           "i;393 597 067 00023;Le même;9220;9499Z;76000;Rouen;AI\n")));
    check_counts(f, 11, 4, 0, 0, 1, 6);
    assert_string_equal(find_note(f, 2, "Luhn")->field, "siret");
    assert_int_equal(find_note(f, 2, "Luhn")->severity, IMPORT_REJECTED);
    assert_non_null(strstr(find_note(f, 2, "Luhn")->en, "check digit"));
    find_note(f, 3, "13 chiffres au lieu de 14");
    find_note(f, 3, "3935970670002"); /* which row it is, for who has sorted the file since */
    assert_string_equal(find_note(f, 4, "nom absent")->field, "nom");
    find_note(f, 5, "ni identifiant");
    find_note(f, 7, "ligne 6");
    find_note(f, 8, "10 colonnes au lieu de 8");
    assert_int_equal(find_note(f, 9, "forme juridique inconnue")->severity, IMPORT_WARNING);
    find_note(f, 9, "code NAF inconnu");
    find_note(f, 9, "type inconnu");
    find_note(f, 10, "4 colonnes au lieu de 8");
    find_note(f, 12, "même SIRET qu’à la ligne 11 (« Bon SIRET »)");
    struct organisation o;
    get(f, "39359706700023", &o);
    assert_string_equal(o.nom, "Bon SIRET");
    assert_int_equal(o.types_iae.count, 2);
}

static void test_la_poste(void **state)
{
    struct fixture *f = *state;

    assert_ok(f, run_annuaire(
                     f, put_text(f, "a.csv",
                                 OUR_HEADER
                                 "poste;35600000049837;Bureau de poste;5599;5310Z;76000;Rouen;\n"
                                 "poste-2;35600000049838;Faux bureau;5599;5310Z;76000;Rouen;\n")));
    check_counts(f, 2, 1, 0, 0, 0, 1);
    find_note(f, 3, "SIRET invalide");
}

static void test_changed_row(void **state)
{
    struct fixture *f = *state;
    struct organisation o;

    assert_ok(f,
              run_annuaire(f, put_text(f, "a.csv",
                                       ASP_HEADER ASP_ROW("ACI", "42162926200039", "ASSOC CURSUS")
                                           ASP_ROW("ETTI", "39359706700023", "ASSOC AIDSA"))));
    check_counts(f, 2, 2, 0, 0, 0, 0);
    f->options.now_ms += 86400000;
    assert_ok(f, run_annuaire(f, put_text(f, "a.csv",
                                          ASP_HEADER ASP_ROW("AI", "42162926200039", "ASSOC CURSUS")
                                              ASP_ROW("ETTI", "39359706700023", "ASSOC AIDSA"))));
    check_counts(f, 2, 0, 1, 1, 0, 0);
    get(f, "42162926200039", &o);
    assert_int_equal(o.types_iae.count, 1);
    assert_string_equal(o.types_iae.items[0], "AI");
    assert_string_equal(o.date_maj, "2026-11-24");
}

/* What the city wrote about an employer is not overwritten by the ASP's capitals; its types are
 * added; a second run changes nothing. */
static void test_two_sources_of_one_siret(void **state)
{
    struct fixture *f = *state;
    struct organisation o;

    const char *ours =
        put_text(f, "ours.csv",
                 OUR_HEADER "cursus;42162926200039;Cursus tout simplement;9220;;76500;Elbeuf;EI\n");
    ours = arena_strdup(f->arena, ours);
    const char *asp =
        put_text(f, "asp.csv", ASP_HEADER ASP_ROW("ACI", "42162926200039", "ASSOC CURSUS"));
    assert_ok(f, run_annuaire(f, ours));
    check_counts(f, 1, 1, 0, 0, 0, 0);
    assert_ok(f, run_annuaire(f, asp));
    check_counts(f, 1, 0, 1, 0, 0, 0);
    assert_ok(f, run_annuaire(f, asp));
    check_counts(f, 1, 0, 0, 1, 0, 0);
    get(f, "42162926200039", &o);
    assert_string_equal(o.id, "cursus");
    assert_string_equal(o.nom, "Cursus tout simplement");
    assert_string_equal(o.telephone, "02 32 96 44 10");
    assert_int_equal(o.types_iae.count, 2);
    assert_int_equal(stored(f), 1);
}

static void test_states_are_kept(void **state)
{
    struct fixture *f = *state;
    struct organisation o;
    enum upsert_result result;
    const char *path =
        put_text(f, "a.csv", ASP_HEADER ASP_ROW("ACI", "42162926200039", "ASSOC CURSUS"));

    assert_ok(f, run_annuaire(f, path));
    get(f, "42162926200039", &o);
    o.state = STATE_ARCHIVED;
    assert_ok(f, organisations_upsert(f->db, f->arena, &o, &result, &f->err));
    assert_ok(f, run_annuaire(f, path));
    check_counts(f, 1, 0, 0, 1, 0, 0);
    get(f, "42162926200039", &o);
    assert_int_equal(o.state, STATE_ARCHIVED);
}

/* What a partner's spreadsheet does to a directory, and what people then see. */
static void test_spreadsheets(void **state)
{
    struct fixture *f = *state;
    struct organisation o;

    assert_ok(f, run_annuaire(
                     f, put_text(f, "a.csv",
                                 "sep=;\n"
                                 "ID source;SIRET ;Nom;Catégorie juridique;NAF;Code postal;COMMUNE;"
                                 "Téléphone\n"
                                 "a;39359706700023;\xc9picerie;9220;9499Z;76000;Rouen;"
                                 "+33 (0)2 35 59 74 22\n"            /* Windows-1252 */
                                 "b;;Éco;9220;9499Z;76000;Roouen;\n" /* UTF-8 */
                                 "c;;Sans;9220;9499Z;;;\n"
                                 "d;;Loin;9220;9499Z;75001;Rouen;\n"
                                 "e;;Nice;9220;9499Z;06000;Nice;02 35 59 74 22 / 06 11 22 33 44\n"
                                 "f;1,23E+13;Tableur;9220;9499Z;76000;Rouen;\n")));
    check_counts(f, 6, 5, 0, 0, 0, 1);
    assert_ok(f, organisations_get(f->db, f->arena, "a", &o, &f->err));
    assert_string_equal(o.nom, "Épicerie");
    assert_string_equal(o.categorie_juridique, "9220");
    assert_string_equal(o.telephone, "02 35 59 74 22");
    assert_ok(f, organisations_get(f->db, f->arena, "b", &o, &f->err));
    assert_string_equal(o.nom, "Éco");
    find_note(f, 4, "commune inconnue");
    find_note(f, 5, "commune absente");
    find_note(f, 6, "ce code postal n’est pas celui de la commune");
    find_note(f, 7, "plusieurs numéros");
    find_note(f, 8, "des chiffres sont perdus");
    assert_int_equal(f->report.warnings, 4);
}

/* A value that a remark cuts is cut between letters. */
static void test_remarks_are_text(void **state)
{
    struct fixture *f = *state;

    for (int shift = 0; shift < 2; shift++) {
        import_report_finish(&f->report);
        import_report_init(&f->report);
        import_report_note(&f->report, IMPORT_WARNING, 1, "", "%.7s|", "%.7s|",
                           shift ? "éééééé" : "xéééééé");
        assert_string_equal(f->report.notes[0].fr, shift ? "ééé|" : "xééé|");
    }
}

static void test_only_a_header(void **state)
{
    struct fixture *f = *state;

    assert_ok(f, run_annuaire(f, put_text(f, "a.csv", OUR_HEADER)));
    find_note(f, 0, "que son en-tête");
}

/* Texts that no slide would show. */
static void test_texts_too_long(void **state)
{
    struct fixture *f = *state;
    struct organisation o;
    char summary[6001];

    memset(summary, 'x', sizeof(summary));
    summary[6000] = '\0';
    assert_ok(f,
              run_annuaire(f, put_text(f, "a.csv",
                                       arena_printf(f->arena,
                                                    "id_source;siret;nom;categorie_juridique;naf;"
                                                    "code_postal;commune;resume\n"
                                                    "a;;Long;9220;9499Z;76000;Rouen;%s\n",
                                                    summary))));
    find_note(f, 2, "coupé");
    assert_ok(f, organisations_get(f->db, f->arena, "a", &o, &f->err));
    assert_true(strlen(o.resume) < 4000);
}

static void test_unknown_headers(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *bytes;
        const char *words;
    } cases[] = {
        {"a;b;c\n1;2;3\n", "il manque id_source, siret, nom"},
        {"id_source;siret;naf\nx;y;z\n",
         "il manque nom, categorie_juridique, code_postal, commune"},
        {"MESURE;SIRET;NATURE_JURIDIQUE;CODE_NAF2;LIB_COM;TELEPHONE\n",
         "« asp-siae », il manque DENOMINATION_SOCIALE, CODE_POST_COM"},
        {"id_source;siret;nom;nom;categorie_juridique;naf;code_postal;commune\n", "deux fois"},
        {"\xff\xd8\xff\xe0 JPEG\n", "la première ligne doit porter le nom des colonnes"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        f->err = (struct error){0};
        assert_false(run_annuaire(f, put_text(f, "a.csv", cases[i].bytes)));
        if (!strstr(f->err.fr, cases[i].words) || f->err.line != 1)
            fail_msg("line %d: %s", f->err.line, f->err.fr);
        assert_string_equal(f->err.file, f->file);
    }
    assert_ok(
        f,
        run_annuaire(
            f, put_text(f, "a.csv",
                        "id_source;siret;nom;categorie_juridique;naf;code_postal;commune;couleur\n"
                        "x;;X;9220;;;Rouen;vert\n")));
    assert_string_equal(find_note(f, 1, "colonne inconnue")->field, "couleur");
}

static void test_far_too_many_columns(void **state)
{
    struct fixture *f = *state;
    struct strbuf text;

    strbuf_init(&text);
    strbuf_append(&text, OUR_HEADER "a;;A;9220;;;Rouen;\nb;;B;9220");
    for (int i = 0; i < 5000; i++)
        strbuf_append(&text, ";x");
    strbuf_append(&text, "\nc;;C;9220;;;Rouen;\n");
    assert_ok(f, run_annuaire(f, put_file(f, "a.csv", text.bytes, text.length)));
    check_counts(f, 3, 2, 0, 0, 0, 1);
    find_note(f, 3, "5004 colonnes au lieu de 8");
    strbuf_clear(&text);
    strbuf_append(&text, "id_source");
    for (int i = 0; i < 200; i++)
        strbuf_printf(&text, ";c%d", i);
    assert_false(run_annuaire(f, put_file(f, "a.csv", text.bytes, text.length)));
    assert_non_null(strstr(f->err.fr, "trop de colonnes : 201"));
    strbuf_finish(&text);
}

/* A fault on the last line, and all rows before it are undone. */
static void test_nothing_is_half_imported(void **state)
{
    struct fixture *f = *state;
    static const char *const ends[] = {
        "\"jamais fermé;x\n",
        "\"fermé\" trop tôt;\n",
    };

    for (size_t i = 0; i < 2; i++) {
        struct strbuf text;
        strbuf_init(&text);
        strbuf_append(&text, OUR_HEADER);
        for (int k = 0; k < 50; k++)
            strbuf_printf(&text, "org-%d;;Nom %d;9220;9499Z;76000;Rouen;\n", k, k);
        strbuf_append(&text, ends[i]);
        assert_false(run_annuaire(f, put_file(f, "a.csv", text.bytes, text.length)));
        strbuf_finish(&text);
        assert_int_equal(f->err.line, 52);
        assert_int_equal(stored(f), 0);
        assert_false(db_in_transaction(f->db));
    }
}

/* The second pass meets a row that the store refuses: everything is undone. */
static void test_rollback_on_a_store_fault(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct organisation o;

    assert_ok(f, run_annuaire(f, put_text(f, "a.csv",
                                          OUR_HEADER "a;;A;9220;;;Rouen;\nb;;B;9220;;;Rouen;\n")));
    /* A reader's connection cannot write. */
    snprintf(path, sizeof(path), "%s/vitrine.db", f->folder);
    struct db *reader = store_open(path, DB_READER, &f->err);
    import_report_finish(&f->report);
    import_report_init(&f->report);
    assert_false(import_annuaire(
        reader, put_text(f, "a.csv", OUR_HEADER "a;;A2;9220;;;Rouen;\nc;;C;9220;;;Rouen;\n"),
        &f->options, &f->report, &f->err));
    assert_false(db_in_transaction(reader));
    db_close(reader);
    assert_ok(f, organisations_get(f->db, f->arena, "a", &o, &f->err));
    assert_string_equal(o.nom, "A");
    assert_int_equal(stored(f), 2);
}

static void test_refused_files_change_nothing(void **state)
{
    struct fixture *f = *state;
    static const char nul[] = OUR_HEADER "a;;A\0B;9220;;;Rouen;\n";

    assert_false(run_annuaire(f, put_text(f, "a.csv", "")));
    assert_non_null(strstr(f->err.fr, "vide"));
    assert_false(run_annuaire(f, put_file(f, "a.csv", nul, sizeof(nul) - 1)));
    assert_int_equal(f->err.line, 2);
    assert_false(run_annuaire(f, "/nowhere/a.csv"));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_int_equal(stored(f), 0);
    assert_ok(f, run_annuaire(f, put_text(f, "a.csv", OUR_HEADER))); /* a header alone is fine */
    check_counts(f, 0, 0, 0, 0, 0, 0);
}

static void test_report_is_printed(void **state)
{
    struct fixture *f = *state;
    char *text = NULL;
    size_t size;

    assert_ok(f, run_annuaire(f, put_text(f, "a.csv",
                                          OUR_HEADER
                                          "a;39359706700024;Clé fausse;9220;;76000;Rouen;\n")));
    FILE *out = open_memstream(&text, &size);
    import_report_print(&f->report, LANG_FR, out);
    import_report_print(&f->report, LANG_EN, out);
    fclose(out);
    assert_non_null(strstr(text, "lus : 1 ; créés : 0"));
    assert_non_null(strstr(text, "refusé, ligne 2, siret : SIRET invalide"));
    assert_non_null(strstr(text, "rejected, line 2, siret: invalid SIRET"));
    free(text);
}

struct progress {
    size_t calls;
    size_t rows;
    bool done;
};

static void on_progress(void *context, size_t rows, int64_t done, int64_t total)
{
    struct progress *p = context;

    assert_true(rows >= p->rows && done <= total);
    p->calls++;
    p->rows = rows;
    p->done = done == total;
}

static void test_progress_and_speed(void **state)
{
    struct fixture *f = *state;
    struct progress progress = {0};
    struct timespec start;
    struct timespec end;
    struct strbuf text;

    strbuf_init(&text);
    strbuf_append(&text, OUR_HEADER);
    for (int i = 0; i < 2500; i++)
        strbuf_printf(&text, "org-%d;;Structure numéro %d;9220;9499Z;76000;Rouen;EI\n", i, i);
    f->options.progress = on_progress;
    f->options.progress_context = &progress;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_ok(f, run_annuaire(f, put_file(f, "a.csv", text.bytes, text.length)));
    clock_gettime(CLOCK_MONOTONIC, &end);
    strbuf_finish(&text);
    check_counts(f, 2500, 2500, 0, 0, 0, 0);
    assert_int_equal(progress.calls, 3);
    assert_int_equal(progress.rows, 2500);
    assert_true(progress.done);
    double seconds =
        (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    print_message("%.0f rows/s\n", 2500 / seconds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_real_file),
        CASE(test_real_file_communes),
        CASE(test_three_encodings_are_one),
        CASE(test_our_layout),
        CASE(test_what_kiosks_show),
        CASE(test_rows_rejected_with_reason),
        CASE(test_la_poste),
        CASE(test_changed_row),
        CASE(test_two_sources_of_one_siret),
        CASE(test_states_are_kept),
        CASE(test_spreadsheets),
        CASE(test_remarks_are_text),
        CASE(test_only_a_header),
        CASE(test_texts_too_long),
        CASE(test_unknown_headers),
        CASE(test_far_too_many_columns),
        CASE(test_nothing_is_half_imported),
        CASE(test_rollback_on_a_store_fault),
        CASE(test_refused_files_change_nothing),
        CASE(test_report_is_printed),
        CASE(test_progress_and_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
