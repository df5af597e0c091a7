/* What people read on a slide, for each kind of content, and the kiosk's directory. */
#include "tests/unit/server_content/content_fixture.h"

#include "server/content/labels.h"
#include "server/content/slides.h"

static void expect(const struct slide *slide, const char *slot, const char *text)
{
    const char *got = slide_text(slide, slot);
    if ((got == NULL) != (text == NULL) || (got != NULL && strcmp(got, text) != 0)) {
        fail_msg("%s: \"%s\" instead of \"%s\"", slot, got == NULL ? "(none)" : got,
                 text == NULL ? "(none)" : text);
    }
}

/* Days of November 2026; minute -1: all day. */
static const struct {
    int day;
    int minute;
    int last_day;
    int end_minute;
    const char *date;
    const char *time;
} occurrences[] = {
    {24, 510, 24, 540, "mardi 24\u00A0novembre", "8\u00A0h\u00A030\u00A0– 9\u00A0h"},
    {1, 540, 1, -1, "dimanche 1er\u00A0novembre", "9\u00A0h"},
    /* into the night: one day */
    {27, 1200, 28, 60, "vendredi 27\u00A0novembre", "20\u00A0h\u00A0– 1\u00A0h"},
    /* several days */
    {28, 600, 29, 1020, "du samedi 28\u00A0novembre au dimanche 29\u00A0novembre", "10\u00A0h"},
    {28, -1, 28, -1, "samedi 28\u00A0novembre", NULL},
    {28, -1, 30, -1, "du samedi 28\u00A0novembre au lundi 30\u00A0novembre", NULL},
};

static void test_dates_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof occurrences / sizeof *occurrences; i++) {
        struct arena *arena = arena_create();
        struct event event = {.uid = "fete@x",
                              .title = "Fête : la soupe !",
                              .short_title = "",
                              .place = "",
                              .commune = "Rouen",
                              .organisation = "",
                              .organiser = "",
                              .price = "12 €",
                              .access = "",
                              .url = "https://fete.example/",
                              .image = "",
                              .image_alt = "",
                              .image_credit = ""};
        int64_t first = civil_days(2026, 11, 1) - 1;
        struct occurrence at = {.start_ms = 1000,
                                .end_ms = 2000,
                                .all_day = occurrences[i].minute < 0,
                                .local_day = first + occurrences[i].day,
                                .local_minute = occurrences[i].minute,
                                .local_last_day = first + occurrences[i].last_day,
                                .local_end_minute = occurrences[i].end_minute};
        struct slide slide;
        struct error err;
        assert_ok(slides_event(&event, &at, false, LANG_FR, arena, &slide, &err), err);
        expect(&slide, "date", occurrences[i].date);
        expect(&slide, "time", occurrences[i].time);
        expect(&slide, "title", "Fête\u00A0: la soupe\u202F!");
        expect(&slide, "price", "12\u00A0€");
        /* without a place, where it is */
        expect(&slide, "place", "Rouen");
        expect(&slide, "status", NULL);
        assert_string_equal(slide.link, "https://fete.example/");
        assert_true(slide.duration_ms >= 15000);
        arena_destroy(arena);
    }
}

static struct organisation ressourcerie(void)
{
    static const char *secteurs[] = {"reemploi", "insertion", "environnement"};
    static const char *types[] = {"ACI", "EA"};
    return (struct organisation){.id = "ressourcerie",
                                 .nom = "SCIC La Ressourcerie",
                                 .enseigne = "La Ressourcerie",
                                 .famille_ess = FAMILLE_COOPERATIVE,
                                 .types_iae = {2, types},
                                 .secteurs = {3, secteurs},
                                 .naf_label = "Commerce de détail",
                                 .resume = "Nous réparons : meubles et vélos.",
                                 .offre = "",
                                 .adresse = "18, rue des Charretiers",
                                 .code_postal = "76000",
                                 .commune = "Rouen",
                                 .in_metropole = true,
                                 .site = "",
                                 .etage = "",
                                 .bureau = "",
                                 .telephone = "02 61 91 06 29",
                                 .courriel = "",
                                 .site_web = "www.ressourcerie.example",
                                 .horaires = "",
                                 .date_maj = "2026-05-06",
                                 .diffusable = true,
                                 .state = STATE_PUBLISHED,
                                 .sort_key = "scic la ressourcerie"};
}

static void test_highlight(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct organisation organisation = ressourcerie();
    struct slide slide;
    struct error err;
    assert_ok(slides_highlight(&organisation, LANG_FR, arena, &slide, &err), err);
    expect(&slide, "name", "SCIC La Ressourcerie");
    expect(&slide, "sign", "La Ressourcerie");
    expect(&slide, "activity", "Réemploi, insertion");
    expect(&slide, "types", "Atelier et chantier d’insertion, entreprise adaptée");
    expect(&slide, "family", "Coopérative");
    expect(&slide, "summary", "Nous réparons\u00A0: meubles et vélos.");
    assert_string_equal(slide.link, "https://www.ressourcerie.example");
    assert_string_equal(slide.organisation, "ressourcerie");
    assert_string_equal(slide.title, "La Ressourcerie");

    organisation.commune = "";
    assert_false(slides_highlight(&organisation, LANG_FR, arena, &slide, &err));
    arena_destroy(arena);
}

static void test_ids_follow_content(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct announcement announcement = {.id = "a",
                                        .title = "Bienvenue",
                                        .text = "Touchez l'écran",
                                        .pictogram = "info",
                                        .severity = SEVERITY_IMPORTANT,
                                        .url = ""};
    struct slide first;
    struct slide again;
    struct slide other;
    struct error err;
    assert_ok(slides_announcement(&announcement, LANG_FR, arena, &first, &err), err);
    expect(&first, "text", "Touchez l’écran");
    expect(&first, "severity", "important");
    announcement.from_day = 12; /* not shown */
    assert_ok(slides_announcement(&announcement, LANG_FR, arena, &again, &err), err);
    assert_string_equal(first.id, again.id);
    announcement.text = "Touchez l’écran !";
    assert_ok(slides_announcement(&announcement, LANG_FR, arena, &other, &err), err);
    assert_string_not_equal(first.id, other.id);
    arena_destroy(arena);
}

static void test_portrait(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct organisation organisation = ressourcerie();
    const char *photo = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    struct portrait portrait = {.id = "p1",
                                .leader_name = "Awa Lecacheux",
                                .leader_role = "directrice",
                                .quote = "Rien ne se jette : rien !",
                                .story = "Elle a commencé seule.",
                                .short_title = "",
                                .sector = "reemploi",
                                .photo = photo,
                                .focal_x = 0.25,
                                .focal_y = 0.5,
                                .alt = "Awa, devant l'atelier",
                                .credit = "Moi",
                                .url = "https://r.example/portrait"};
    struct slide slide;
    struct error err;
    assert_ok(slides_portrait(&portrait, &organisation, LANG_FR, arena, &slide, &err), err);
    expect(&slide, "company", "La Ressourcerie");
    expect(&slide, "quote", "Rien ne se jette\u00A0: rien\u202F!");
    expect(&slide, "sector", "Réemploi");
    expect(&slide, "commune", "Rouen");
    assert_int_equal(slide.picture_count, 1);
    assert_true(slide.pictures[0].focal_x == 0.25);
    assert_string_equal(slide.pictures[0].alt, "Awa, devant l’atelier");
    assert_string_equal(slide.title, "Awa Lecacheux, La Ressourcerie");
    portrait.photo = "";
    assert_ok(slides_portrait(&portrait, &organisation, LANG_FR, arena, &slide, &err), err);
    assert_int_equal(slide.picture_count, 0);
    arena_destroy(arena);
}

static void test_activity_labels(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct organisation organisation = ressourcerie();
    organisation.secteurs.count = 0;
    organisation.naf_label = "Autres services n.c.a.";
    assert_string_equal(label_activity(&organisation, arena), "Autres services");
    organisation.naf_label = "";
    assert_string_equal(label_activity(&organisation, arena),
                        "Atelier et chantier d’insertion, entreprise adaptée");
    organisation.types_iae.count = 0;
    assert_string_equal(label_activity(&organisation, arena), "Coopérative");
    organisation.famille_ess = FAMILLE_INCONNUE;
    assert_string_equal(label_activity(&organisation, arena), "");
    assert_string_equal(label_sector("petite-enfance", arena), "Petite enfance");
    assert_null(label_insertion_type("XYZ"));
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_in_words),     cmocka_unit_test(test_highlight),
        cmocka_unit_test(test_ids_follow_content), cmocka_unit_test(test_portrait),
        cmocka_unit_test(test_activity_labels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
