/* The strip: place, date, clock, in one calm line. */
#include <math.h>
#include <string.h>

#include "core/civil.h"
#include "core/strbuf.h"
#include "player/scene/scene.h"
#include "player/scene/slide_view.h"
#include "playlists/typography.h"

#define STRIP_GROUND COLOR_RGB(0x061226)
#define STRIP_LINE COLOR_RGB(0x12294A)
#define STRIP_QUIET COLOR_RGB(0xD5DEEA)
#define STRIP_UNITS 0.8 /* at least */
#define STRIP_CAPS 2.3  /* capital heights of its text, at least */
#define STRIP_TEXT 0.27 /* wished capital height, units */
#define STRIP_MARGIN 0.6
#define STRIP_GAP 0.5

static double strip_cap(const struct metrics *metrics)
{
    return fmax(metrics_floor(metrics, TIER_FACT), STRIP_TEXT * metrics->unit_px);
}

int strip_height(const struct metrics *metrics)
{
    return (int)lround(fmax(STRIP_UNITS * metrics->unit_px, STRIP_CAPS * strip_cap(metrics)));
}

/* "mar. 24 nov.", "Tue 24 Nov": where the whole date has no room. */
static void short_date(int64_t days, enum lang lang, struct strbuf *out)
{
    static const char *const weekdays[2][7] = {
        {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
        {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}};
    static const char *const months[2][12] = {
        {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
         "déc."},
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};
    struct civil civil = civil_from_ms(days * CIVIL_DAY_MS);
    strbuf_printf(out, "%s %d %s", weekdays[lang][civil_weekday(days)], civil.day,
                  months[lang][civil.month - 1]);
}

/* "Créapolis – hall d’entrée" without what stands after the last dash or comma; false when there is
 * none. */
static bool drop_detail(struct strbuf *place)
{
    static const char *const separators[] = {" – ", "\u00A0– ", ", ", " - "};
    const char *cut = NULL;
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++) {
        for (const char *at = place->bytes; (at = strstr(at, separators[i])) != NULL; at++) {
            cut = at > place->bytes && (cut == NULL || at > cut) ? at : cut;
        }
    }
    if (cut != NULL) {
        place->length = (size_t)(cut - place->bytes);
        place->bytes[place->length] = '\0';
    }
    return cut != NULL;
}

struct strip {
    struct scene_node *root;
    struct text_style style;
    int height;
};

/* One text with its capitals in the middle of the strip. */
static struct scene_node *add(struct strip *strip, const char *text, enum text_weight weight,
                              color ink, int x, int width)
{
    strip->style.weight = weight;
    struct rect rect = {x, 0, width, 0};
    struct scene_node *node =
        scene_text(strip->root, rect, text, &strip->style, strip->style.cap_height, ink);
    node->rect.y = (int)lround((strip->height + strip->style.cap_height) / 2) -
                   text_layout_baseline(node->layout, 0);
    return node;
}

void strip_draw(const struct slide_view *view, const char *place, const char *lang, int64_t days,
                int minutes, struct canvas *canvas)
{
    const struct metrics *metrics = &view->metrics;
    enum lang words = LANG_FR;
    (void)lang_parse(lang, &words);
    int margin = (int)lround(STRIP_MARGIN * metrics->unit_px);
    int gap = (int)lround(STRIP_GAP * metrics->unit_px);
    struct scene *scene = scene_create(view->text, canvas->width, canvas->height);
    struct strip strip = {.root = scene_root(scene),
                          .style = {.cap_height = strip_cap(metrics), .max_lines = 1},
                          .height = canvas->height};
    scene_box(strip.root, strip.root->rect, STRIP_GROUND, 0);
    scene_box(strip.root, (struct rect){0, 0, canvas->width, 1 + canvas->height / 60}, STRIP_LINE,
              0);

    struct strbuf text;
    strbuf_init(&text);
    int inner = canvas->width - 2 * margin;
    typography_time(minutes, words, &text);
    struct scene_node *clock =
        add(&strip, text.bytes, TEXT_EXTRABOLD, COLOR_RGB(0xFFC845), margin, inner);
    int clock_width = text_layout_width(clock->layout);
    clock->rect.x = margin + inner - clock_width;
    strbuf_clear(&text);
    typography_apply(place, words, &text);
    int room = inner - clock_width - gap > 1 ? inner - clock_width - gap : 1;
    struct scene_node *name = NULL;
    do {
        if (name != NULL) {
            name->hidden = true;
        }
        name = add(&strip, text.bytes, TEXT_SEMIBOLD, COLOR_RGB(0xFFFFFF), margin, room);
    } while (text_layout_truncated(name->layout) && drop_detail(&text));
    room -= text_layout_width(name->layout) + gap;
    /* Where not all three have room the date is shortened, then goes: the place says where the
     * passenger is. */
    for (int try = 0; try < 2; try++) {
        strbuf_clear(&text);
        if (try == 0) {
            typography_date(days, words, false, &text);
        } else {
            short_date(days, words, &text);
        }
        struct scene_node *date = add(&strip, text.bytes, TEXT_REGULAR, STRIP_QUIET, margin, inner);
        int width = text_layout_width(date->layout);
        date->rect.x = clock->rect.x - gap - width;
        date->hidden = width > room;
        if (!date->hidden) {
            break;
        }
    }
    strbuf_finish(&text);
    scene_draw(scene, canvas, NULL);
    scene_destroy(scene);
}
