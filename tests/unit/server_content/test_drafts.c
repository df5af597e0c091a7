/* A record as it is typed: what people see of one that is half written. */
#include "tests/unit/server_content/content_fixture.h"

#include "core/json.h"
#include "server/content/drafts.h"

/* 10 o'clock of 24 November 2026. */
#define NOW "2026-11-24T10:00:00+01:00"

static struct draft drafted(struct fixture *f, const struct reference *reference, const char *kind,
                            const char *text)
{
    struct draft draft;
    cJSON *document = json_parse(text, strlen(text), 4096, &f->err);
    assert_non_null(document);
    assert_ok(draft_make(f->db, reference, kind, document, LANG_FR, fixture_instant(NOW), f->arena,
                         &draft, &f->err),
              f->err);
    cJSON_Delete(document);
    return draft;
}

static bool stands_in(const struct draft *draft, const char *field)
{
    for (size_t i = 0; i < draft->placeholder_count; i++) {
        if (strcmp(draft->placeholders[i], field) == 0) {
            return true;
        }
    }
    return false;
}

/* A text of the slide, and whether it stands in for the field. */
static const struct {
    const char *kind, *document, *slot, *text, *field;
    bool placeholder;
} shown[] = {
    {"portraits", "{}", "leader", "Prénom Nom", "leader_name", true},
    {"portraits", "{}", "company", "Nom de la structure", "organisation", true},
    {"portraits", "{\"leader_name\":\"Awa Diop\"}", "leader", "Awa Diop", "leader_name", false},
    {"portraits", "{\"organisation\":\"coop\"}", "company", "La Coop", "organisation", false},
    {"events", "{}", "title", "Titre de l’événement", "title", true},
    {"events", "{}", "place", "Lieu", "place", true},
    {"events", "{}", "date", "mardi 1er\u00A0décembre", "when", true},
    {"events", "{\"title\":\"Marché\",\"commune\":\"Rouen\"}", "place", "Rouen", "place", false},
    {"events", "{\"when\":{\"start\":\"2026-11-28T10:00\",\"end\":\"2026-11-28T12:00\"}}", "date",
     "samedi 28\u00A0novembre", "when", false},
    {"announcements", "{}", "title", "Titre de l’annonce", "title", true},
    {"announcements", "{\"title\":\"Travaux\"}", "title", "Travaux", "title", false},
    {"organisations", "{}", "name", "Nom de la structure", "nom", true},
    {"organisations", "{}", "commune", "Commune", "commune", true},
    {"organisations", "{}", "activity", "Activité", "secteurs", true},
    {"organisations", "{\"naf\":\"78.20Z\"}", "activity",
     "Activités des agences de travail temporaire", "secteurs", false},
    {"organisations", "{\"naf\":\"99.99Z\"}", "activity", "Activité", "secteurs", true},
};

static void test_what_is_missing_is_stood_in_for(void **state)
{
    struct fixture *f = *state;
    struct reference *reference = reference_load(TESTS_DIR "/../assets", &f->err);
    assert_non_null(reference);
    fixture_organisation(f, "coop", "La Coop");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        struct draft draft = drafted(f, reference, shown[i].kind, shown[i].document);
        const char *got = slide_text(&draft.slide, shown[i].slot);
        if (got == NULL || strcmp(got, shown[i].text) != 0) {
            fail_msg("%s %s: %s is \"%s\"", shown[i].kind, shown[i].document, shown[i].slot,
                     got != NULL ? got : "(none)");
        }
        if (stands_in(&draft, shown[i].field) != shown[i].placeholder) {
            fail_msg("%s %s: %s", shown[i].kind, shown[i].document, shown[i].field);
        }
    }
    reference_destroy(reference);
}

/* A field that cannot be read is told and the rest still shows. */
static const struct {
    const char *kind, *document, *field;
} wrong[] = {
    {"portraits", "{\"organisation\":\"absente\",\"leader_name\":\"Awa\"}", "organisation"},
    {"portraits", "{\"leader_name\":5}", "leader_name"},
    {"events", "{\"title\":[]}", "title"},
    {"announcements", "{\"title\":{}}", "title"},
    {"organisations", "{\"nom\":false}", "nom"},
};

static void test_what_cannot_be_read_is_told(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct draft draft = drafted(f, NULL, wrong[i].kind, wrong[i].document);
        if (draft.problems.count != 1 ||
            strcmp(draft.problems.items[0].field, wrong[i].field) != 0) {
            fail_msg("%s: %zu problems, of \"%s\"", wrong[i].document, draft.problems.count,
                     draft.problems.count > 0 ? draft.problems.items[0].field : "");
        }
        assert_true(draft.slide.text_count > 0);
    }
}

static void test_other_kinds_have_no_slide(void **state)
{
    struct fixture *f = *state;
    struct draft draft;
    cJSON *document = cJSON_CreateObject();
    assert_false(draft_make(f->db, NULL, "rules", document, LANG_FR, fixture_instant(NOW), f->arena,
                            &draft, &f->err));
    assert_string_equal(f->err.field, "kind");
    cJSON_Delete(document);
}

static void test_slots_by_the_forms_names(void **state)
{
    static const struct {
        const char *slot, *field;
    } cases[] = {{"leader", "leader_name"}, {"company", "organisation"}, {"time", "when"},
                 {"summary", "resume"},     {"quote", "quote"},          {"title", "title"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(draft_field(cases[i].slot), cases[i].field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_missing_is_stood_in_for, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_what_cannot_be_read_is_told, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_other_kinds_have_no_slide, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test(test_slots_by_the_forms_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
