#include "import_fixture.h"

#include <zip.h>

#include "core/civil.h"
#include "server/import/event_row.h"
#include "server/import/mapping.h"

#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

/* A workbook of one sheet. */
static const char *put_workbook(struct fixture *f, const char *sheet, const char *styles)
{
    static const char book[] =
        "<workbook " MAIN " xmlns:r=\"" RELATIONS "\"><sheets><sheet name=\"Caché\" sheetId=\"2\" "
        "state=\"hidden\" r:id=\"r2\"/><sheet name=\"Liste\" sheetId=\"1\" r:id=\"r1\"/></sheets>"
        "</workbook>";
    static const char relations[] =
        "<Relationships><Relationship Id=\"r1\" Target=\"/xl/worksheets/s.xml\"/></Relationships>";
    const char *const parts[][2] = {{"xl/workbook.xml", book},
                                    {"xl/_rels/workbook.xml.rels", relations},
                                    {"xl/styles.xml", styles},
                                    {"xl/worksheets/s.xml", sheet}};

    snprintf(f->file, sizeof(f->file), "%s/t.xlsx", f->folder);
    unlink(f->file);
    zip_t *zip = zip_open(f->file, ZIP_CREATE, NULL);
    assert_non_null(zip);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        assert_true(zip_file_add(zip, parts[i][0],
                                 zip_source_buffer(zip, parts[i][1], strlen(parts[i][1]), 0),
                                 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    return f->file;
}

struct read {
    struct strbuf text;
};

static bool collect(void *context, const struct table_row *row, struct error *err)
{
    struct read *read = context;

    (void)err;
    strbuf_printf(&read->text, "%d:", row->line);
    for (size_t i = 0; i < row->count; i++)
        strbuf_printf(&read->text, "%s%s", i ? "|" : "", row->fields[i]);
    strbuf_append(&read->text, "/");
    return true;
}

static void test_cells(void **state)
{
    struct fixture *f = *state;
    static const char styles[] =
        "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"00000\"/><numFmt "
        "numFmtId=\"165\" formatCode=\"[$-40C]dd\\ mmmm\\ yyyy\"/></numFmts><cellXfs><xf "
        "numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf "
        "numFmtId=\"20\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>";
    static const struct {
        const char *cell;
        const char *text;
    } cases[] = {
        {"<c><v>39359706700023</v></c>", "39359706700023"},
        {"<c><v>3.9359706700023E13</v></c>", "39359706700023"},
        {"<c><v>0.1</v></c>", "0.1"},
        {"<c><v>-0</v></c>", "0"},
        {"<c s=\"1\"><v>46351</v></c>", "2026-11-25"},
        {"<c s=\"1\"><v>59</v></c>", "1900-02-28"},
        {"<c s=\"1\"><v>61</v></c>", "1900-03-01"},
        {"<c s=\"1\"><v>-3</v></c>", "-3"},
        {"<c s=\"3\"><v>46351</v></c>", "2026-11-25"},
        {"<c s=\"4\"><v>0.75</v></c>", "18:00"},
        {"<c s=\"5\"><v>46351.999999</v></c>", "2026-11-26"},
        {"<c s=\"5\"><v>46351.7708333</v></c>", "2026-11-25T18:30"},
        {"<c s=\"2\"><v>1200</v></c>", "01200"},
        {"<c t=\"inlineStr\"><is><t>a_x000D_b</t></is></c>", "a\rb"},
        {"<c t=\"e\"><v>#N/A</v></c>", ""},
        {"<c t=\"b\"><v>1</v></c>", "1"},
        {"<c t=\"str\"><f>A1</f><v>calculé</v></c>", "calculé"},
        {"<c t=\"s\"><v>7</v></c>", ""}, /* there is no such text */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct read read;
        struct table_format format;
        const char *sheet = arena_printf(
            f->arena,
            "<worksheet " MAIN "><sheetData><row r=\"3\"><c t=\"inlineStr\"><is><t>x</t></is></c>"
            "%s<c r=\"D3\" t=\"inlineStr\"><is><t>y</t></is></c></row></sheetData></worksheet>",
            cases[i].cell);
        const char *path = put_workbook(f, sheet, styles);
        strbuf_init(&read.text);
        assert_ok(f, table_scan(path, &format, &f->err) &&
                         table_read(path, &format, 1000, collect, &read, &f->err));
        assert_string_equal(read.text.bytes, arena_printf(f->arena, "3:x|%s||y/", cases[i].text));
        strbuf_finish(&read.text);
    }
}

static void test_moments(void **state)
{
    static const struct {
        const char *text;
        const char *day; /* "": none; NULL: unreadable */
        int minute;
    } cases[] = {
        {"24/11/2026", "2026-11-24", -1},
        {"4.1.26", "2026-01-04", -1},
        {"2026-11-24", "2026-11-24", -1},
        {"2026-11-24T18:30", "2026-11-24", 1110},
        {"2026-11-24 18:30:00", "2026-11-24", 1110},
        {"24/11/2026 à 9h", "2026-11-24", 540},
        {"mardi 24 novembre 2026", "2026-11-24", -1},
        {"1er décembre 2026 à 18 h 30", "2026-12-01", 1110},
        {"3 févr. 2027", "2027-02-03", -1},
        {"18h30", "", 1110},
        {"18 h", "", 1080},
        {"8:05", "", 485},
        {"31/02/2026", NULL, 0},
        {"24/11", NULL, 0},
        {"25:00", NULL, 0},
        {"bientôt", NULL, 0},
        {"2026", NULL, 0},
        {"", NULL, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event_moment moment;
        char day[16] = "";
        bool read = event_moment_read(cases[i].text, &moment);
        if (read && moment.has_day)
            civil_format_date(moment.day, day, sizeof(day));
        if (read != (cases[i].day != NULL) ||
            (read && (strcmp(day, cases[i].day) != 0 || moment.minute != cases[i].minute)))
            fail_msg("\"%s\": %d, %s, %d", cases[i].text, read, day, moment.minute);
    }
}

static const char *guess(struct fixture *f, const char *text)
{
    struct mapping_look look;
    struct strbuf out;
    size_t count;

    assert_ok(f, mapping_look_at(put_text(f, "t.csv", text), NULL, 0, 0, f->arena, &look, &f->err));
    const struct mapping_field *fields = mapping_fields(look.kind, &count);
    strbuf_init(&out);
    strbuf_printf(&out, "%s@%d", mapping_kind_tag(look.kind), look.header_line);
    for (size_t i = 0; i < look.column_count; i++)
        strbuf_printf(&out, " %s",
                      look.columns[i].guess < 0 ? "-" : fields[look.columns[i].guess].tag);
    const char *made = arena_strdup(f->arena, out.bytes);
    strbuf_finish(&out);
    return made;
}

static void test_guesses(void **state)
{
    struct fixture *f = *state;

    assert_string_equal(guess(f, "Raison sociale;SIRET;Ville\nUn;39359706700023;Rouen\n"),
                        "organisations@1 nom siret commune");
    /* Values where headers say nothing, and against headers that say the wrong thing. */
    assert_string_equal(
        guess(f, "Nom;A;B;Site\nUn;39359706700023;a@b.fr;https://b.fr\nDeux;;c@d.fr;www.d.fr\n"),
        "organisations@1 nom siret courriel site_web");
    assert_string_equal(guess(f, "Titre;Date;Heure;Lieu\nSalon;24/11/2026;18h30;Halle\n"),
                        "events@1 title start start_time place");
    assert_string_equal(guess(f, "Ma liste\n\nNom,SIRET,Téléphone\nUn,39359706700023,0235597422\n"),
                        "organisations@3 nom siret telephone");
    const int twice[] = {COLUMN_NOM, COLUMN_SIRET, COLUMN_NOM};
    assert_false(mapping_check(MAPPING_ORGANISATIONS, twice, 3, &f->err));
    assert_string_equal(f->err.field, "columns");
    const int keyless[] = {COLUMN_NOM, MAPPING_NONE};
    assert_false(mapping_check(MAPPING_ORGANISATIONS, keyless, 2, &f->err));
}

static void test_the_real_list(void **state)
{
    struct fixture *f = *state;
    struct mapping_look look;
    const char *path = shared_file(f, "annuaire/2019_07_liste_siae_76.csv");

    assert_ok(f, mapping_look_at(path, NULL, 0, 0, f->arena, &look, &f->err));
    assert_string_equal(look.layout, "asp-siae");
    assert_true(look.capitals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {CASE(test_cells), CASE(test_moments), CASE(test_guesses),
                                       CASE(test_the_real_list)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
