#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "player/scene/slide_words.h"

static void test_dates(void **state)
{
    (void)state;
    static const struct {
        const char *date, *weekday, *day, *month; /* weekday NULL: not one day */
    } cases[] = {
        {"mardi 24 novembre", "mardi", "24", "novembre"},
        {"dimanche 1er\u00A0mars", "dimanche", "1er", "mars"},
        {"jeudi 5\u00A0novembre\u00A02026", "jeudi", "5", "novembre 2026"},
        {"Tuesday 24\u00A0November", "Tuesday", "24", "November"},
        {"du mardi 24 novembre au jeudi 26 novembre", NULL, NULL, NULL},
        {"du 24 au 26 novembre", NULL, NULL, NULL},
        {"tous les jours", NULL, NULL, NULL},
        {"mardi 24", NULL, NULL, NULL},
        {"24/11/2026", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slide_date date;
        bool one = slide_words_date(cases[i].date, arena, &date);
        if (one != (cases[i].weekday != NULL)) {
            fail_msg("\"%s\" is %sone day", cases[i].date, one ? "" : "not ");
        }
        if (one) {
            assert_string_equal(date.weekday, cases[i].weekday);
            assert_string_equal(date.day, cases[i].day);
            assert_string_equal(date.month, cases[i].month);
        }
    }
    arena_destroy(arena);
}

struct words_case {
    const char *template;
    struct slide_text texts[4];
    const char *slot, *words; /* words NULL: nothing shows */
};

static struct slide slide_of(const char *template, const struct slide_text *texts, const char *lang)
{
    struct slide slide = {.template = template, .lang = lang, .link = ""};
    for (size_t i = 0; i < 4 && texts[i].slot != NULL; i++) {
        slide.texts[slide.text_count++] = texts[i];
    }
    return slide;
}

static void test_words(void **state)
{
    (void)state;
    static const struct words_case cases[] = {
        {"portrait", {{"quote", "« On répare. »"}}, "quote", "On répare."},
        {"portrait", {{"quote", "“We mend.”"}}, "quote", "We mend."},
        {"portrait",
         {{"quote", "« Oui », dit-elle, « oui »"}},
         "quote",
         "«\u00A0Oui\u00A0», dit-elle, «\u00A0oui\u00A0»"},
        {"portrait",
         {{"role", "directrice de La Seconde Rive"}, {"company", "La seconde rive"}},
         "company",
         NULL},
        {"portrait",
         {{"role", "gérante du Fil du Chêne"}, {"company", "Le Fil du Chêne"}},
         "company",
         NULL},
        {"portrait",
         {{"role", "directrice"}, {"company", "La Seconde Rive"}},
         "company",
         "La Seconde Rive"},
        {"highlight", {{"name", "SCIC LES BOCAUX"}, {"sign", "Les Bocaux"}}, "name", "Les Bocaux"},
        {"highlight",
         {{"name", "SCIC LES BOCAUX"}, {"sign", "Les Bocaux"}},
         "legal",
         "SCIC LES BOCAUX"},
        {"highlight", {{"name", "Les Bocaux"}}, "legal", NULL},
        {"event",
         {{"place", "106, quai Jean-de-Béthencourt"}, {"commune", "Rouen"}},
         "place",
         "106, quai Jean-de-Béthencourt, Rouen"},
        {"event", {{"place", "Mairie de ROUEN"}, {"commune", "Rouen"}}, "place", "Mairie de ROUEN"},
        {"event", {{"status", "annulé"}}, "status", "Annulé"},
        {"event", {{"organiser", "la CRESS"}}, "organiser", "Organisé par la CRESS"},
        {"event", {{"title", "Venez !"}}, "title", "Venez\u202F!"},
        {"event", {{"title", ""}}, "title", NULL},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slide slide = slide_of(cases[i].template, cases[i].texts, "fr");
        const char *words = slide_words(&slide, cases[i].slot, arena);
        if ((words == NULL) != (cases[i].words == NULL) ||
            (words != NULL && strcmp(words, cases[i].words) != 0)) {
            fail_msg("case %zu: \"%s\"", i, words != NULL ? words : "(nothing)");
        }
    }
    arena_destroy(arena);
}

static void test_icons(void **state)
{
    (void)state;
    static const struct {
        const char *slot, *text, *sign;
        enum icon icon;
    } cases[] = {
        {"pictogram", "velo", "info", ICON_BICYCLE},
        {"pictogram", "inconnu", "info", ICON_INFO},
        {"severity", "important", "info", ICON_WARNING},
        {"severity", "info", "info", ICON_INFO},
        {"title", "Culture", "calendrier", ICON_CALENDAR},
        {"sector", "Réemploi", "services", ICON_LOOP},
        {"sector", "Énergie", "services", ICON_BOLT},
        {"sector", "batiment", "services", ICON_BUILDING},
        {"activity", "Restauration traditionnelle", "services", ICON_FOOD},
        {"activity", "Travaux de menuiserie bois et PVC", "", ICON_BUILDING},
        {"activity", "Nettoyage courant des bâtiments", "", ICON_BUILDING},
        {"activity", "Autre", "", ICON_HANDS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct slide_text texts[4] = {{cases[i].slot, cases[i].text}};
        struct slide slide = slide_of("any", texts, "fr");
        enum icon icon = slide_words_icon(&slide, cases[i].sign);
        if (icon != cases[i].icon) {
            fail_msg("%s \"%s\": icon %d", cases[i].slot, cases[i].text, (int)icon);
        }
    }
}

static void test_loose(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    assert_string_equal(slide_words_loose("mardi 24\u00A0novembre, 18\u202Fh\u202F30", arena),
                        "mardi 24 novembre, 18\u202Fh\u202F30");
    assert_string_equal(slide_words_loose("", arena), "");
    assert_null(slide_words_loose(NULL, arena));
    arena_destroy(arena);
}

/* The sectors and pictograms of the demonstration all have a drawing. */
static void test_icon_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "alimentation", "batiment",      "culture",   "environnement", "numerique", "mobilite",
        "textile",      "services",      "sante",     "education",     "habitat",   "finance",
        "reemploi",     "energie",       "insertion", "info",          "travaux",   "horaires",
        "velo",         "accessibilite", "merci",     "appel",         "emergency"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct canvas *canvas = canvas_create(48, 48);
        icon_draw(canvas, icon_by_name(names[i]), 0, 0, 48, COLOR_RGB(0xFFFFFF));
        int ink = 0, edge = 0;
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 48; x++) {
                bool lit = canvas->pixels[y * canvas->stride + x] != 0xFF000000u;
                ink += lit;
                edge += lit && (x == 0 || y == 0 || x == 47 || y == 47);
            }
        }
        canvas_destroy(canvas);
        if (ink < 150 || ink > 1200 || edge > 0) {
            fail_msg("%s: %d pixels of ink, %d on the edge", names[i], ink, edge);
        }
    }
    assert_int_equal(icon_by_name(NULL), ICON_NONE);
    assert_int_equal(icon_by_name("../velo"), ICON_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),      cmocka_unit_test(test_words),
        cmocka_unit_test(test_loose),      cmocka_unit_test(test_icons),
        cmocka_unit_test(test_icon_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
