/* From the kiosk's state to pixels. A frame is the page's colour, the pane's cards, the page's live
 * part (keyboard, map), what stands fixed, and what stands over the page, all within what is
 * dirty. */
#include <math.h>
#include <string.h>

#include "core/strbuf.h"
#include "player/kiosk/kiosk_private.h"

#define SHEET_HEIGHT_MAX 12000

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
}

static const struct kiosk_page_type *page_type(const struct kiosk *kiosk)
{
    return kiosk_page_type(kiosk_state_page(&kiosk->state));
}

/* ---- damage ---------------------------------------------------------------------------------- */

void kiosk_frame_damage(struct kiosk *kiosk, struct rect area)
{
    kiosk->dirty = rect_union(kiosk->dirty, rect_intersect(area, kiosk->layout.screen));
}

void kiosk_frame_damage_all(struct kiosk *kiosk)
{
    kiosk->chrome_stale = true;
    kiosk->dirty = kiosk->layout.screen;
}

void kiosk_frame_damage_pane(struct kiosk *kiosk)
{
    kiosk_frame_damage(kiosk, kiosk_frame_pane_rect(kiosk, kiosk_pane(kiosk)));
}

/* ---- what stands fixed ----------------------------------------------------------------------- */

struct kiosk_kit kiosk_frame_kit(const struct kiosk *kiosk)
{
    return (struct kiosk_kit){
        .layout = &kiosk->layout, .theme = &kiosk->theme, .lang = kiosk->lang, .scale = 1.0};
}

static unsigned ends_of(const struct kiosk_scroll *scroll)
{
    return (scroll->offset > 0.5 ? 1u : 0u) | (scroll->offset < scroll->limit - 0.5 ? 2u : 0u);
}

static struct scene_node *find_in(const struct scene *scene, struct kiosk_target target)
{
    return scene == NULL ? NULL : scene_find(scene, (int)target.action, target.value);
}

struct scene_node *kiosk_frame_node(struct kiosk *kiosk, struct kiosk_target target)
{
    if (target.action == KIOSK_ACTION_NONE || target.action == KIOSK_ACTION_ITEM)
        return NULL;
    struct scene *chrome = kiosk_frame_chrome(kiosk);
    struct scene_node *node = find_in(kiosk->cover, target);
    if (node == NULL)
        node = find_in(chrome, target);
    return node != NULL ? node : find_in(kiosk->page.sheet, target);
}

/* The scenes are new: who is touched or has the focus shows it again. */
static void mark_states(struct kiosk *kiosk)
{
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (node != NULL)
        node->focused = kiosk->keys && !kiosk->keyboard_focused;
    node = kiosk->touch.active ? kiosk_frame_node(kiosk, kiosk->touch.pressed) : NULL;
    if (node != NULL)
        kiosk_kit_press(&kit, node, true);
}

static void build_chrome(struct kiosk *kiosk)
{
    scene_destroy(kiosk->chrome);
    scene_destroy(kiosk->cover);
    kiosk->chrome_stale = false;
    kiosk->cover = NULL;
    kiosk->chrome = kiosk_chrome_build(kiosk);
    kiosk->chrome_letter = kiosk_chrome_letter(kiosk);
    kiosk->chrome_ends = ends_of(&kiosk_pane(kiosk)->scroll);
    if (kiosk->state.overlay != KIOSK_OVERLAY_NONE)
        kiosk->cover = kiosk_chrome_build_cover(kiosk);
    mark_states(kiosk);
}

/* Scrolling moves the marked letter and reaches ends. */
struct scene *kiosk_frame_chrome(struct kiosk *kiosk)
{
    const struct kiosk_pane *pane = kiosk_pane(kiosk);
    if (kiosk->chrome == NULL || kiosk->chrome_stale) {
        build_chrome(kiosk);
    } else if (kiosk->chrome_ends != ends_of(&pane->scroll)) {
        build_chrome(kiosk);
        kiosk_frame_damage(
            kiosk, grown(rect_union(pane->at.page_up, pane->at.page_down), kiosk->layout.gap));
        kiosk_frame_damage(kiosk, pane->at.index);
    } else {
        int letter = kiosk_chrome_letter(kiosk);
        struct rect dirty;
        if (letter != kiosk->chrome_letter) {
            kiosk_chrome_mark_letter(kiosk, kiosk->chrome, kiosk->chrome_letter, letter, &dirty);
            kiosk->chrome_letter = letter;
            kiosk_frame_damage(kiosk, dirty);
        }
    }
    return kiosk->chrome;
}

struct scene *kiosk_frame_cover(struct kiosk *kiosk)
{
    (void)kiosk_frame_chrome(kiosk);
    return kiosk->cover;
}

/* ---- panes ----------------------------------------------------------------------------------- */

struct rect kiosk_frame_pane_rect(const struct kiosk *kiosk, const struct kiosk_pane *pane)
{
    int around = kiosk->layout.gap; /* shadows and focus rings of the cards */
    if (pane->at.view.w == 0)
        return (struct rect){0};
    if (pane->sheet != NULL) { /* the card passes below the upper edge */
        struct rect rect = kiosk->layout.work;
        rect.h = kiosk->layout.bar.y - rect.y;
        return rect;
    }
    return rect_intersect(grown(pane->at.view, around), kiosk->layout.work);
}

struct rect kiosk_frame_item_rect(const struct kiosk *kiosk, const struct kiosk_pane *pane,
                                  size_t item)
{
    (void)kiosk;
    struct rect rect = kiosk_list_rect(&pane->list, item);
    rect.x += pane->at.view.x;
    rect.y += pane->at.view.y - (int)lround(pane->scroll.offset);
    return rect;
}

void kiosk_frame_widen(const struct kiosk *kiosk, struct kiosk_pane *pane, struct rect area)
{
    if (pane->at.index.w > 0 || kiosk_list_height(&pane->list) + kiosk->layout.gap > area.h)
        return;
    pane->at.view = area;
    pane->list.width = area.w;
}

void kiosk_frame_clear_pane(struct kiosk_pane *pane)
{
    kiosk_rows_clear(pane->rows);
    for (int i = 0; i < KIOSK_SECTIONS_MAX; i++) {
        scene_destroy(pane->headings[i]);
        pane->headings[i] = NULL;
    }
    scene_destroy(pane->sheet);
    pane->sheet = NULL;
    pane->card = NULL;
}

static void make_heading(struct kiosk *kiosk, struct kiosk_pane *pane,
                         const struct kiosk_page_type *type, int section)
{
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    struct rect box = {0, 0, pane->at.view.w, pane->list.sections[section].heading_height};
    struct text_style title =
        kiosk_kit_style(&kit, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, TEXT_START, 1);
    struct text_style small = kiosk_kit_style(&kit, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_END, 1);
    struct strbuf words, aside;
    if (box.h == 0 || type->heading == NULL)
        return;
    strbuf_init(&words);
    strbuf_init(&aside);
    type->heading(kiosk, section, &words, &aside);
    pane->headings[section] = scene_create(kiosk->config.text, box.w, box.h);
    struct scene_node *root = scene_root(pane->headings[section]);
    struct rect left = box;
    if (aside.length > 0) {
        struct rect right = {box.w * 62 / 100, 0, box.w - box.w * 62 / 100, box.h};
        kiosk_kit_fit(&kit, root, right, aside.bytes, &small, kit.theme->muted);
        left.w = right.x;
    }
    kiosk_kit_fit(&kit, root, left, words.bytes, &title, kit.theme->text);
    strbuf_finish(&words);
    strbuf_finish(&aside);
}

void kiosk_frame_make_pane(struct kiosk *kiosk, struct kiosk_pane *pane)
{
    const struct kiosk_page_type *type =
        pane == &kiosk->over ? &kiosk_choices_page : page_type(kiosk);
    double height = kiosk_list_height(&pane->list) + kiosk->layout.gap;
    if (type->sheet != NULL) {
        struct kiosk_kit kit = kiosk_frame_kit(kiosk);
        pane->sheet = scene_create(kiosk->config.text, kiosk->layout.screen.w, SHEET_HEIGHT_MAX);
        pane->card = type->sheet(kiosk, &kit, scene_root(pane->sheet));
        height = pane->card->rect.h;
    } else {
        for (int section = 0; section < pane->list.section_count; section++)
            make_heading(kiosk, pane, type, section);
    }
    kiosk_scroll_set_limit(&pane->scroll, height - pane->at.view.h);
}

static enum kiosk_row_state row_state(const struct kiosk *kiosk, size_t item)
{
    const struct kiosk_target *pressed = &kiosk->touch.pressed, *focused = &kiosk->focused;
    if (kiosk->touch.active && pressed->action == KIOSK_ACTION_ITEM &&
        (size_t)pressed->value == item)
        return KIOSK_ROW_PRESSED;
    if (kiosk->keys && !kiosk->keyboard_focused && focused->action == KIOSK_ACTION_ITEM &&
        (size_t)focused->value == item)
        return KIOSK_ROW_FOCUSED;
    return KIOSK_ROW_REST;
}

static void draw_list(struct kiosk *kiosk, const struct kiosk_pane *pane, struct canvas *canvas)
{
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    size_t first, end;
    bool live = kiosk->motion.active == false && pane == kiosk_pane(kiosk);
    for (int section = 0; section < pane->list.section_count; section++) {
        if (pane->headings[section] == NULL)
            continue;
        struct scene_node *root = scene_root(pane->headings[section]);
        root->rect.x = pane->at.view.x;
        root->rect.y = pane->at.view.y + kiosk_list_top(&pane->list, section) -
                       (int)lround(pane->scroll.offset);
        if (!rect_empty(rect_intersect(root->rect, canvas->clip)))
            scene_draw(pane->headings[section], canvas, NULL);
    }
    int top = (int)pane->scroll.offset - kiosk->layout.gap;
    int bottom = top + pane->at.view.h + 2 * kiosk->layout.gap;
    if (!kiosk_list_visible(&pane->list, top, bottom, &first, &end))
        return;
    for (size_t item = first; item < end; item++) {
        struct rect rect = kiosk_frame_item_rect(kiosk, pane, item);
        if (!rect_empty(rect_intersect(grown(rect, kiosk->layout.gap), canvas->clip)))
            kiosk_rows_draw(pane->rows, &kit, canvas, rect, item,
                            live ? row_state(kiosk, item) : KIOSK_ROW_REST);
    }
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static void place_sheet(struct scene *sheet, const struct scene_node *card, int x, int y)
{
    struct scene_node *root = scene_root(sheet);
    root->rect.x = x - card->rect.x;
    root->rect.y = y - card->rect.y;
}

void kiosk_frame_place_sheet(struct kiosk *kiosk, struct kiosk_pane *pane)
{
    const struct rect *at = &kiosk->layout.sheet;
    if (pane->sheet != NULL)
        place_sheet(pane->sheet, pane->card, at->x, at->y - (int)lround(pane->scroll.offset));
}

static int between(int from, int to, double t)
{
    return from + (int)lround((to - from) * t);
}

/* The page below, and the sheet seen through a window that grows from its card. */
static void draw_motion(const struct kiosk *kiosk, struct canvas *canvas)
{
    const struct kiosk_motion *motion = &kiosk->motion;
    struct scene *sheet = motion->closing ? motion->sheet : kiosk->page.sheet;
    const struct scene_node *node = motion->closing ? motion->sheet_card : kiosk->page.card;
    const struct rect *from = &motion->card, clip = canvas->clip;
    struct rect to = kiosk->layout.sheet;
    to.w = node->rect.w;
    double t = kiosk_scroll_curve((double)(motion->now_ms - motion->start_ms) / KIOSK_MOTION_MS);
    if (motion->closing)
        t = 1.0 - t;
    struct rect card = {between(from->x, to.x, t), between(from->y, to.y, t),
                        between(from->w, to.w, t), between(from->h, to.h, t)};
    if (motion->under != NULL)
        canvas_copy(canvas, motion->under, clip, clip.x, clip.y);
    canvas_shadow(canvas, card, kiosk->layout.radius, kiosk_layout_px(&kiosk->layout, 6),
                  kiosk_layout_px(&kiosk->layout, 2), kiosk_kit_theme(false)->shadow);
    struct rect window = rect_intersect(clip, card);
    canvas_set_clip(canvas, &window);
    place_sheet(sheet, node, card.x, card.y);
    scene_draw(sheet, canvas, NULL);
    canvas_set_clip(canvas, NULL);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static void draw_pane(struct kiosk *kiosk, struct kiosk_pane *pane, struct canvas *canvas,
                      struct rect dirty)
{
    struct rect area = rect_intersect(dirty, kiosk_frame_pane_rect(kiosk, pane));
    if (rect_empty(area))
        return;
    canvas_set_clip(canvas, &area);
    if (pane->sheet == NULL) {
        draw_list(kiosk, pane, canvas);
    } else {
        kiosk_frame_place_sheet(kiosk, pane);
        scene_draw(pane->sheet, canvas, NULL);
    }
    canvas_set_clip(canvas, NULL);
}

/* Everything but what stands over the page. */
static void draw_page(struct kiosk *kiosk, struct canvas *canvas, struct rect dirty)
{
    const struct kiosk_page_type *type = page_type(kiosk);
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    canvas_set_clip(canvas, &dirty);
    canvas_fill_rect(canvas, dirty, kit.theme->page);
    draw_pane(kiosk, &kiosk->page, canvas, dirty);
    if (type->draw != NULL) {
        canvas_set_clip(canvas, &dirty);
        type->draw(kiosk, &kit, canvas);
    }
    canvas_set_clip(canvas, NULL);
    scene_draw(kiosk->chrome, canvas, &dirty);
}

/* What shows below a moving card: at opening what the screen shows still, at closing the page that
 * comes back. */
static void make_under(struct kiosk *kiosk, const struct canvas *canvas)
{
    struct kiosk_motion *motion = &kiosk->motion;
    const struct rect *screen = &kiosk->layout.screen;
    motion->under = canvas_create(screen->w, screen->h);
    if (motion->under == NULL)
        return;
    if (motion->closing)
        draw_page(kiosk, motion->under, *screen);
    else
        canvas_copy(motion->under, canvas, *screen, 0, 0);
}

static void draw_open(struct kiosk *kiosk, struct canvas *canvas, struct rect dirty)
{
    if (kiosk->motion.active && kiosk->motion.under == NULL)
        make_under(kiosk, canvas);
    if (kiosk->motion.active) {
        canvas_set_clip(canvas, &dirty);
        draw_motion(kiosk, canvas);
        struct rect fixed[] = {rect_intersect(dirty, kiosk->layout.bar),
                               rect_intersect(dirty, kiosk->layout.board)};
        for (int i = 0; i < 2; i++)
            if (!rect_empty(fixed[i]))
                scene_draw(kiosk->chrome, canvas, &fixed[i]);
        return;
    }
    draw_page(kiosk, canvas, dirty);
    if (kiosk->cover != NULL)
        scene_draw(kiosk->cover, canvas, &dirty);
    if (kiosk->state.overlay == KIOSK_OVERLAY_CHOICES)
        draw_pane(kiosk, &kiosk->over, canvas, dirty);
}

bool kiosk_draw(struct kiosk *kiosk, struct canvas *canvas, struct rect *dirty_out)
{
    (void)kiosk_frame_chrome(kiosk);
    struct rect dirty = kiosk->dirty;
    kiosk->dirty = (struct rect){0};
    bool open = kiosk_is_open(kiosk);
    if (!open)
        dirty = rect_intersect(dirty, kiosk->layout.attract);
    if (!open && kiosk_attract_height(kiosk) == 0)
        dirty = (struct rect){0};
    *dirty_out = dirty;
    if (rect_empty(dirty))
        return false;
    canvas_set_clip(canvas, NULL);
    if (open)
        draw_open(kiosk, canvas, dirty);
    else
        scene_draw(kiosk->chrome, canvas, &dirty);
    return true;
}
