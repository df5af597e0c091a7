#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "player/scene/caption.h"
#include "scene_fixture.h"

#define NAVY 0xFF0B1F3Au

static const struct {
    const char *what;
    int width, height; /* of the zone, on a screen of 1920 × 1080 */
    const char *text;
    enum lang lang;
    int lines; /* 0: nothing is drawn */
} cases[] = {
    {"one line", 1920, 1080, "Bonjour à toutes et à tous", LANG_FR, 1},
    {"two lines as written", 1920, 1080, "– On répare quoi ici ?\n– Tout : vélos, jouets…", LANG_FR,
     2},
    {"a long line is broken", 1920, 1080,
     "Depuis 2009, quinze salariés en insertion donnent une seconde vie à trois cents tonnes "
     "d’objets par an.",
     LANG_FR, 2},
    {"three lines are joined", 1920, 1080, "Un\ndeux\ntrois", LANG_FR, 1},
    {"too much ends with an ellipsis", 1300, 1080,
     "Depuis 2009, quinze salariés en insertion donnent une seconde vie à trois cents tonnes "
     "d’objets par an : meubles, vélos, livres, vaisselle et bien plus encore, dans un atelier "
     "ouvert à tous, du mardi au samedi, au fond de la cour à gauche.",
     LANG_FR, 2},
    {"a column", 640, 1080, "Bienvenue à la ressourcerie de Rouen", LANG_FR, 2},
    {"Arabic", 1920, 1080, "مرحبا بكم في روان", LANG_EN, 1},
    {"nothing", 1920, 1080, "", LANG_FR, 0},
    {"blanks", 1920, 1080, " \n ", LANG_FR, 0},
    {"a zone too low", 1920, 80, "Bonjour", LANG_FR, 0},
    {"a zone too narrow", 120, 1080, "Bonjour", LANG_FR, 0},
};

static bool ink_at_edge(const struct canvas *canvas)
{
    for (int x = 0; x < canvas->width; x++) {
        if (canvas->pixels[x] != NAVY ||
            canvas->pixels[(canvas->height - 1) * canvas->stride + x] != NAVY) {
            return true;
        }
    }
    for (int y = 0; y < canvas->height; y++) {
        const uint32_t *row = canvas->pixels + y * canvas->stride;
        if (row[0] != NAVY || row[canvas->width - 1] != NAVY) {
            return true;
        }
    }
    return false;
}

static int count_white(const struct canvas *canvas)
{
    int count = 0;
    for (int y = 0; y < canvas->height; y++) {
        for (int x = 0; x < canvas->width; x++) {
            count += canvas->pixels[y * canvas->stride + x] == 0xFFFFFFFFu;
        }
    }
    return count;
}

/* With CAPTION_PNG set to a folder, the panels are kept there to be looked at. */
static void keep(const struct caption *caption, size_t i)
{
    const char *folder = getenv("CAPTION_PNG");
    char path[512];
    struct error err;
    if (folder) {
        snprintf(path, sizeof path, "%s/caption-%zu.png", folder, i);
        if (!canvas_save_png(caption->canvas, path, &err)) {
            fail_msg("%s", err.en);
        }
    }
}

static void test_captions(void **state)
{
    (void)state;
    struct metrics metrics = metrics_make(1920, 1080, 1400, 3000);
    double floor = metrics_floor(&metrics, TIER_FACT);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct caption caption = caption_draw(engine, &metrics, cases[i].width, cases[i].height,
                                              cases[i].text, cases[i].lang);
        if (!caption.canvas || cases[i].lines == 0) {
            if (caption.canvas || cases[i].lines != 0) {
                fail_msg("%s: drawn or not", cases[i].what);
            }
            continue;
        }
        keep(&caption, i);
        int bottom = cases[i].height - caption.y - caption.canvas->height;
        int right = cases[i].width - caption.x - caption.canvas->width;
        /* Within the zone's safe area, in the middle, at the bottom, nothing cut at the edges. */
        int safe = cases[i].width == 1920 ? metrics.safe_px : 30;
        if (bottom < safe || bottom > metrics.safe_px || caption.x < safe ||
            abs(right - caption.x) > 1 || ink_at_edge(caption.canvas) ||
            count_white(caption.canvas) < 50) {
            fail_msg("%s: at %d, %d, %d × %d", cases[i].what, caption.x, caption.y,
                     caption.canvas->width, caption.canvas->height);
        }
        /* Capitals of the tier's floor: a line takes 1.7 of them, the panel a little more. */
        int lowest = (int)(((cases[i].lines - 1) * 1.7 + 2.1) * floor);
        int highest = (int)(((cases[i].lines - 1) * 1.7 + 3.3) * floor);
        if (caption.canvas->height < lowest || caption.canvas->height > highest) {
            fail_msg("%s: %d px high for %d lines", cases[i].what, caption.canvas->height,
                     cases[i].lines);
        }
        canvas_destroy(caption.canvas);
    }
}

/* The same pixels each time, and typography as everywhere: the space before a question mark. */
static void test_typography(void **state)
{
    (void)state;
    struct metrics metrics = metrics_make(1920, 1080, 1400, 3000);
    struct caption plain = caption_draw(engine, &metrics, 1920, 1080, "Quoi ?", LANG_FR);
    struct caption set = caption_draw(engine, &metrics, 1920, 1080, "Quoi\u202F?", LANG_FR);
    assert_int_equal(plain.canvas->width, set.canvas->width);
    for (int y = 0; y < plain.canvas->height; y++) {
        assert_memory_equal(plain.canvas->pixels + y * plain.canvas->stride,
                            set.canvas->pixels + y * set.canvas->stride,
                            (size_t)plain.canvas->width * 4);
    }
    canvas_destroy(plain.canvas);
    canvas_destroy(set.canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_captions),
        cmocka_unit_test(test_typography),
    };
    return cmocka_run_group_tests(tests, start_engine, stop_engine);
}
