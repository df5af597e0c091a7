/* The strip: place or news, date, clock, in one calm line. */
#include "player/scene/strip.h"

#include <math.h>
#include <string.h>

#include "core/civil.h"
#include "core/strbuf.h"
#include "player/scene/scene.h"
#include "playlists/typography.h"

#define STRIP_GROUND COLOR_RGB(0x061226)
#define STRIP_LINE COLOR_RGB(0x12294A)
#define STRIP_QUIET COLOR_RGB(0xD5DEEA)
#define STRIP_INK COLOR_RGB(0xFFFFFF)
#define STRIP_CLOCK COLOR_RGB(0xFFC845)
#define STRIP_UNITS 0.8 /* at least */
#define STRIP_CAPS 2.3  /* capital heights of its text, at least */
#define STRIP_TEXT 0.27 /* wished capital height, units */
#define STRIP_MARGIN 0.6
#define STRIP_GAP 0.5
#define NEWS_LINES 4   /* between base lines, capital heights: more than the strip is high */
#define NEWS_MARK 0.09 /* width of the bar before a news text, units */

static double strip_cap(const struct metrics *metrics)
{
    return fmax(metrics_floor(metrics, TIER_FACT), STRIP_TEXT * metrics->unit_px);
}

int strip_height(const struct metrics *metrics)
{
    return (int)lround(fmax(STRIP_UNITS * metrics->unit_px, STRIP_CAPS * strip_cap(metrics)));
}

enum date_form {
    DATE_WHOLE, /* "mardi 24 novembre" */
    DATE_SHORT, /* "mar. 24 nov.", "Tue 24 Nov" */
    DATE_BARE,  /* "24 nov." */
    DATE_NONE
};

static void write_date(int64_t days, enum lang lang, enum date_form form, struct strbuf *out)
{
    static const char *const weekdays[2][7] = {
        {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
        {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}};
    static const char *const months[2][12] = {
        {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
         "déc."},
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}};
    struct civil civil = civil_from_ms(days * CIVIL_DAY_MS);
    if (form == DATE_WHOLE) {
        typography_date(days, lang, false, out);
        return;
    }
    if (form == DATE_SHORT) {
        strbuf_printf(out, "%s ", weekdays[lang][civil_weekday(days)]);
    }
    strbuf_printf(out, "%d %s", civil.day, months[lang][civil.month - 1]);
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
    struct scene *scene;
    struct scene_node *root;
    struct text_style style;
    int width, height;
    int margin, gap;
};

static struct strip begin(const struct slide_view *view, const struct canvas *canvas)
{
    const struct metrics *metrics = &view->metrics;
    struct strip strip = {.scene = scene_create(view->text, canvas->width, canvas->height),
                          .style = {.cap_height = strip_cap(metrics), .max_lines = 1},
                          .width = canvas->width,
                          .height = canvas->height,
                          .margin = (int)lround(STRIP_MARGIN * metrics->unit_px),
                          .gap = (int)lround(STRIP_GAP * metrics->unit_px)};
    strip.root = scene_root(strip.scene);
    scene_box(strip.root, strip.root->rect, STRIP_GROUND, 0);
    scene_box(strip.root, (struct rect){0, 0, strip.width, 1 + strip.height / 60}, STRIP_LINE, 0);
    return strip;
}

static void finish(struct strip *strip, struct canvas *canvas)
{
    scene_draw(strip->scene, canvas, NULL);
    scene_destroy(strip->scene);
}

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

/* The clock with its right edge at `right`; returns its left one. */
static int add_clock(struct strip *strip, int minutes, enum lang lang, int right)
{
    struct strbuf text;
    strbuf_init(&text);
    typography_time(minutes, lang, &text);
    struct scene_node *clock =
        add(strip, text.bytes, TEXT_EXTRABOLD, STRIP_CLOCK, strip->margin, strip->width);
    clock->rect.x = right - text_layout_width(clock->layout);
    strbuf_finish(&text);
    return clock->rect.x;
}

/* The place's name, without its detail where that has no room; returns its width. */
static int add_place(struct strip *strip, const char *place, enum lang lang, int room)
{
    struct strbuf text;
    struct scene_node *name = NULL;
    strbuf_init(&text);
    typography_apply(place, lang, &text);
    do {
        if (name != NULL) {
            name->hidden = true;
        }
        name = add(strip, text.bytes, TEXT_SEMIBOLD, STRIP_INK, strip->margin, room);
    } while (text_layout_truncated(name->layout) && drop_detail(&text));
    strbuf_finish(&text);
    return text_layout_width(name->layout);
}

/* The date with its right edge at `right`, in the first form from `form` to `last` that has room;
 * where none has it goes: the place says where the passenger is. */
static void add_date(struct strip *strip, int64_t days, enum lang lang, enum date_form form,
                     enum date_form last, int right, int room)
{
    struct strbuf text;
    strbuf_init(&text);
    bool shown = false;
    for (; form <= last && !shown; form++) {
        strbuf_clear(&text);
        write_date(days, lang, form, &text);
        struct scene_node *date =
            add(strip, text.bytes, TEXT_REGULAR, STRIP_QUIET, strip->margin, strip->width);
        int width = text_layout_width(date->layout);
        date->rect.x = right - width;
        shown = width <= room;
        date->hidden = !shown;
    }
    strbuf_finish(&text);
}

void strip_draw(const struct slide_view *view, const char *place, const char *lang, int64_t days,
                int minutes, struct canvas *canvas)
{
    enum lang words = LANG_FR;
    (void)lang_parse(lang, &words);
    struct strip strip = begin(view, canvas);
    int clock = add_clock(&strip, minutes, words, strip.width - strip.margin);
    int room = clock - strip.gap - strip.margin;
    int name = add_place(&strip, place, words, room > 1 ? room : 1);
    add_date(&strip, days, words, DATE_WHOLE, DATE_SHORT, clock - strip.gap,
             room - name - strip.gap);
    finish(&strip, canvas);
}

/* --- In two parts --- */

static int width_of(const struct slide_view *view, const char *text, enum text_weight weight)
{
    struct text_style style = {
        .cap_height = strip_cap(&view->metrics), .max_lines = 1, .weight = weight};
    struct text_layout *layout = text_layout_create(view->text, text, &style, 8192);
    int width = text_layout_width(layout);
    text_layout_destroy(layout);
    return width;
}

/* The widest date of a year in that form and the widest time of a day. */
static int facts_width(const struct slide_view *view, enum lang lang, enum date_form form)
{
    struct strbuf text;
    int widest_time = 0;
    int widest_date = 0;
    strbuf_init(&text);
    for (int minutes = 0; minutes < 24 * 60; minutes += 4 * 60 + 28) {
        strbuf_clear(&text);
        typography_time(minutes, lang, &text);
        int width = width_of(view, text.bytes, TEXT_EXTRABOLD);
        widest_time = width > widest_time ? width : widest_time;
    }
    for (int64_t days = 20; form != DATE_NONE && days < 365; days += 30) {
        strbuf_clear(&text);
        write_date(days, lang, form, &text);
        int width = width_of(view, text.bytes, TEXT_REGULAR);
        widest_date = width > widest_date ? width : widest_date;
    }
    strbuf_finish(&text);
    int gap = widest_date > 0 ? (int)lround(STRIP_GAP * view->metrics.unit_px) : 0;
    int margin = (int)lround(STRIP_MARGIN * view->metrics.unit_px);
    return widest_time + gap + widest_date + 2 * margin;
}

struct strip_parts strip_parts(const struct slide_view *view, struct rect strip, enum lang lang)
{
    /* News say more than the date. */
    int facts = facts_width(view, lang, DATE_SHORT);
    for (enum date_form form = DATE_BARE; form <= DATE_NONE && facts > strip.w * 3 / 8; form++) {
        facts = facts_width(view, lang, form);
    }
    facts = facts < strip.w / 2 ? facts : strip.w / 2;
    struct strip_parts parts = {.news = strip, .facts = strip};
    parts.news.w = strip.w - facts;
    parts.facts.x = strip.x + parts.news.w;
    parts.facts.w = facts;
    return parts;
}

void strip_draw_facts(const struct slide_view *view, enum lang lang, struct strip_time time,
                      struct canvas *canvas)
{
    struct strip strip = begin(view, canvas);
    int clock = add_clock(&strip, time.minutes, lang, strip.width - strip.margin);
    add_date(&strip, time.days, lang, DATE_SHORT, DATE_BARE, clock - strip.gap,
             clock - strip.gap - strip.margin / 2);
    finish(&strip, canvas);
}

struct news {
    struct text_layout *layout;
    int left;
};

static struct news news_layout(const struct slide_view *view, const char *text, enum lang lang,
                               int width)
{
    double unit = view->metrics.unit_px;
    struct news news = {.left = (int)lround((STRIP_MARGIN + 3 * NEWS_MARK) * unit)};
    struct text_style style = {.cap_height = strip_cap(&view->metrics),
                               .weight = TEXT_SEMIBOLD,
                               .line_height = NEWS_LINES,
                               .balance = true};
    struct strbuf words;
    strbuf_init(&words);
    typography_apply(text, lang, &words);
    int room = width - news.left;
    news.layout = text_layout_create(view->text, words.bytes, &style, room > 1 ? room : 1);
    strbuf_finish(&words);
    return news;
}

int strip_news_pages(const struct slide_view *view, const char *text, enum lang lang, int width)
{
    struct news news = news_layout(view, text, lang, width);
    int pages = text_layout_lines(news.layout);
    text_layout_destroy(news.layout);
    return pages > 1 ? pages : 1;
}

/* A page is a line; its neighbours stand beyond the strip's edges. */
void strip_draw_news(const struct slide_view *view, const char *text, enum lang lang, int page,
                     struct canvas *canvas)
{
    double unit = view->metrics.unit_px;
    double cap = strip_cap(&view->metrics);
    struct strip strip = begin(view, canvas);
    int mark = (int)lround(fmax(NEWS_MARK * unit, 2));
    int height = (int)lround(cap * 1.5);
    scene_box(strip.root, (struct rect){strip.margin, (strip.height - height) / 2, mark, height},
              STRIP_CLOCK, mark / 2);
    finish(&strip, canvas);
    struct news news = news_layout(view, text, lang, canvas->width);
    if (page < text_layout_lines(news.layout)) {
        int y = (int)lround((canvas->height + cap) / 2) - text_layout_baseline(news.layout, page);
        text_layout_draw(news.layout, canvas, news.left, y, STRIP_INK);
    }
    text_layout_destroy(news.layout);
}

void strip_draw_place(const struct slide_view *view, const char *place, enum lang lang,
                      struct canvas *canvas)
{
    struct strip strip = begin(view, canvas);
    add_place(&strip, place, lang, strip.width - strip.margin);
    finish(&strip, canvas);
}
