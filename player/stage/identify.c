#include "player/stage/identify.h"

#include <stdio.h>

#include "player/scene/palette.h"
#include "player/scene/scene.h"

/* Where things stand, in pixels: side by side on wide pictures, one below the other on high ones.
 */
struct page {
    struct scene_node *root;
    const struct metrics *metrics;
    struct rect number, words;
};

static void arrange(struct page *page, bool numbered)
{
    const struct metrics *metrics = page->metrics;
    int safe = metrics->safe_px * 2;
    int width = metrics->width_px - 2 * safe;
    int height = metrics->height_px - 2 * safe;
    if (!numbered) {
        page->words = (struct rect){safe, safe, width, height};
    } else if (metrics->portrait) {
        int part = height * 2 / 5;
        page->number = (struct rect){safe, safe, width, part};
        page->words = (struct rect){safe, safe * 2 + part, width, height - part - safe};
    } else {
        int part = width * 2 / 5;
        page->number = (struct rect){safe, safe, part, height};
        page->words = (struct rect){safe * 2 + part, safe, width - part - safe, height};
    }
}

static void put_number(const struct page *page, int number)
{
    char digits[16];
    const struct rect *box = &page->number;
    struct text_style style = {
        .weight = TEXT_EXTRABOLD, .cap_height = box->h * 0.6, .align = TEXT_CENTER, .max_lines = 1};
    snprintf(digits, sizeof digits, "%d", number);
    scene_box(page->root, *box, COLOR_YELLOW, page->metrics->safe_px);
    struct rect inner = {box->x + box->w / 12, box->y + box->h / 12, box->w * 5 / 6,
                         box->h * 5 / 6};
    struct scene_node *node =
        scene_text(page->root, inner, digits, &style, style.cap_height / 8, COLOR_NAVY);
    /* Digits have no descenders: their own middle is what people see. */
    int cap = (int)text_layout_cap_height(node->layout);
    node->rect.y = box->y + (box->h - cap) / 2 - (text_layout_baseline(node->layout, 0) - cap);
}

/* Gives where the next line may stand. */
static int put_line(const struct page *page, int y, int height, const char *words,
                    enum text_weight weight, double cap, color ink)
{
    struct text_style style = {.weight = weight,
                               .cap_height = cap,
                               .line_height = 1.6,
                               .align = TEXT_START,
                               .balance = true};
    if (words[0] == '\0') {
        return y;
    }
    struct rect rect = {page->words.x, y, page->words.w, height};
    struct scene_node *node = scene_text(page->root, rect, words, &style, cap / 3, ink);
    return y + text_layout_height(node->layout) + (int)(cap * 0.9);
}

static void put_words(const struct page *page, const struct identify_facts *facts)
{
    const struct rect *box = &page->words;
    double cap = page->metrics->cap_px * 1.8;
    double most = box->w * 0.07;
    cap = cap > most ? most : cap;
    int y = box->y + (int)(cap * 0.6);
    y = put_line(page, y, box->h * 2 / 5, facts->name, TEXT_EXTRABOLD, cap, COLOR_WHITE);
    y = put_line(page, y, box->h / 6, facts->site, TEXT_REGULAR, cap * 0.6, COLOR_CREAM);
    y += (int)(cap * 0.4);
    y = put_line(page, y, box->h / 8, facts->code, TEXT_EXTRABOLD, cap * 1.1, COLOR_YELLOW);
    y = put_line(page, y, box->h / 8, facts->id, TEXT_REGULAR, cap * 0.6, COLOR_WHITE);
    const char *why = lang_pick(facts->lang, "Un technicien identifie les écrans.",
                                "A technician identifies the screens.");
    int foot = box->y + box->h - (int)(cap * 1.2);
    if (foot > y) {
        (void)put_line(page, foot, (int)(cap * 1.2), why, TEXT_REGULAR, cap * 0.5, COLOR_CREAM);
    }
}

struct canvas *identify_draw(struct text_engine *text, const struct metrics *metrics,
                             const struct identify_facts *facts)
{
    struct canvas *canvas = canvas_create(metrics->width_px, metrics->height_px);
    if (canvas == NULL) {
        return NULL;
    }
    struct scene *scene = scene_create(text, metrics->width_px, metrics->height_px);
    struct page page = {.root = scene_root(scene), .metrics = metrics};
    scene_box(page.root, (struct rect){0, 0, metrics->width_px, metrics->height_px}, COLOR_NAVY, 0);
    arrange(&page, facts->number > 0);
    if (facts->number > 0) {
        put_number(&page, facts->number);
    }
    put_words(&page, facts);
    scene_draw(scene, canvas, NULL);
    scene_destroy(scene);
    return canvas;
}
