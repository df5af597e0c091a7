/* From the kiosk's state to pixels. A frame is the page's colour, the list's cards or the sheet,
 * and the chrome over them, all within what is dirty. */
#include <math.h>
#include <string.h>

#include "core/strbuf.h"
#include "player/kiosk/kiosk_private.h"
#include "player/kiosk/kiosk_sheet.h"

#define SHEET_HEIGHT_MAX 8000

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
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

void kiosk_frame_damage_content(struct kiosk *kiosk)
{
    kiosk_frame_damage(kiosk, kiosk_frame_content(kiosk));
}

/* ---- the chrome ------------------------------------------------------------------------------ */

struct kiosk_kit kiosk_frame_kit(const struct kiosk *kiosk)
{
    return (struct kiosk_kit){.layout = &kiosk->layout,
                              .theme = kiosk_kit_theme(kiosk->modes.contrast),
                              .lang = kiosk->lang,
                              .scale = 1.0};
}

static struct kiosk_look look_of(const struct kiosk *kiosk)
{
    const struct kiosk_scroll *scroll =
        kiosk_state_page(kiosk->state) == KIOSK_SHEET ? &kiosk->sheet_scroll : &kiosk->list_scroll;
    return (struct kiosk_look){
        .kit = kiosk_frame_kit(kiosk),
        .state = kiosk->state,
        .modes = kiosk->modes,
        .list = &kiosk->list,
        .site_name = kiosk->config.site_name,
        .skyline = kiosk->skyline,
        .letter = kiosk_list_letter_at(&kiosk->list, (int)kiosk->list_scroll.offset),
        .scrolls = scroll->limit > 0,
        .can_page_up = scroll->offset > 0.5,
        .can_page_down = scroll->offset < scroll->limit - 0.5,
        .seconds = kiosk->seconds,
    };
}

static unsigned ends_of(const struct kiosk_look *look)
{
    return (look->can_page_up ? 1u : 0u) | (look->can_page_down ? 2u : 0u);
}

struct scene_node *kiosk_frame_node(struct kiosk *kiosk, struct kiosk_target target)
{
    if (target.action == KIOSK_ACTION_NONE || target.action == KIOSK_ACTION_ITEM)
        return NULL;
    return scene_find(kiosk_frame_chrome(kiosk), (int)target.action, (int64_t)target.value);
}

static void build_chrome(struct kiosk *kiosk, const struct kiosk_look *look)
{
    scene_destroy(kiosk->chrome);
    kiosk->chrome_stale = false;
    kiosk->chrome = kiosk_chrome_build(kiosk->config.text, look);
    kiosk->chrome_letter = look->letter;
    kiosk->chrome_ends = ends_of(look);
    struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (node != NULL)
        node->focused = kiosk->keys;
    node = kiosk->touch.active ? kiosk_frame_node(kiosk, kiosk->touch.pressed) : NULL;
    if (node != NULL)
        kiosk_kit_press(&look->kit, node, true);
}

/* Scrolling moves the marked letter and reaches ends. */
struct scene *kiosk_frame_chrome(struct kiosk *kiosk)
{
    struct kiosk_look look = look_of(kiosk);
    if (kiosk->chrome == NULL || kiosk->chrome_stale) {
        build_chrome(kiosk, &look);
    } else if (kiosk->chrome_ends != ends_of(&look)) {
        build_chrome(kiosk, &look);
        kiosk_frame_damage(kiosk, grown(rect_union(kiosk->layout.page_up, kiosk->layout.page_down),
                                        kiosk->layout.gap));
        kiosk_frame_damage(kiosk, kiosk->layout.index);
    } else if (kiosk->chrome_letter != look.letter) {
        struct rect dirty;
        kiosk_chrome_mark_letter(kiosk->chrome, &look, kiosk->chrome_letter, &dirty);
        kiosk->chrome_letter = look.letter;
        kiosk_frame_damage(kiosk, dirty);
    }
    return kiosk->chrome;
}

/* ---- the list -------------------------------------------------------------------------------- */

struct rect kiosk_frame_content(const struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect content = layout->work;
    if (!kiosk->motion.active && kiosk_state_page(kiosk->state) == KIOSK_LIST) {
        int around = layout->gap; /* shadows and focus rings of the cards */
        content = layout->view;
        content.x -= around;
        content.w += 2 * around;
    } else {
        content.h = layout->bar.y - content.y;
    }
    return content;
}

struct rect kiosk_frame_item_rect(const struct kiosk *kiosk, size_t item)
{
    struct rect rect = kiosk_list_rect(&kiosk->list, item);
    rect.x += kiosk->layout.view.x;
    rect.y += kiosk->layout.view.y + kiosk->layout.gap - (int)lround(kiosk->list_scroll.offset);
    return rect;
}

void kiosk_frame_make_headings(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    struct rect box = {0, 0, layout->view.w, layout->heading_height};
    struct text_style title =
        kiosk_kit_style(&kit, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, TEXT_START, 1);
    struct text_style small = kiosk_kit_style(&kit, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_END, 1);
    struct strbuf count;
    strbuf_init(&count);
    for (int section = 0; section < 2; section++) {
        size_t here = kiosk->list.here_count;
        strbuf_clear(&count);
        kiosk_strings_count(section == 0 ? here : kiosk_list_count(&kiosk->list) - here,
                            kiosk->lang, &count);
        scene_destroy(kiosk->headings[section]);
        kiosk->headings[section] = scene_create(kiosk->config.text, box.w, box.h);
        struct scene_node *root = scene_root(kiosk->headings[section]);
        kiosk_kit_fit(&kit, root, box,
                      kiosk_kit_word(&kit, section == 0 ? KIOSK_STRING_HERE : KIOSK_STRING_ALL),
                      &title, kit.theme->text);
        kiosk_kit_fit(&kit, root, box, count.bytes, &small, kit.theme->muted);
    }
    strbuf_finish(&count);
}

static void draw_headings(const struct kiosk *kiosk, struct canvas *canvas)
{
    for (int section = kiosk->list.here_count > 0 ? 0 : 1; section < 2; section++) {
        struct scene_node *root = scene_root(kiosk->headings[section]);
        root->rect.x = kiosk->layout.view.x;
        root->rect.y = kiosk->layout.view.y + kiosk->layout.gap +
                       kiosk_list_heading(&kiosk->list, section) -
                       (int)lround(kiosk->list_scroll.offset);
        scene_draw(kiosk->headings[section], canvas, NULL);
    }
}

static enum kiosk_row_state row_state(const struct kiosk *kiosk, size_t item)
{
    const struct kiosk_target *pressed = &kiosk->touch.pressed, *focused = &kiosk->focused;
    if (kiosk->touch.active && pressed->action == KIOSK_ACTION_ITEM && pressed->value == item)
        return KIOSK_ROW_PRESSED;
    if (kiosk->keys && focused->action == KIOSK_ACTION_ITEM && focused->value == item)
        return KIOSK_ROW_FOCUSED;
    return KIOSK_ROW_REST;
}

static void draw_list(const struct kiosk *kiosk, struct canvas *canvas)
{
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    size_t first, end;
    draw_headings(kiosk, canvas);
    int top = (int)kiosk->list_scroll.offset - 2 * kiosk->layout.gap;
    int bottom = top + kiosk->layout.view.h + 3 * kiosk->layout.gap;
    if (!kiosk_list_visible(&kiosk->list, top, bottom, &first, &end))
        return;
    for (size_t item = first; item < end; item++) {
        struct rect rect = kiosk_frame_item_rect(kiosk, item);
        if (!rect_empty(rect_intersect(grown(rect, kiosk->layout.gap), canvas->clip)))
            kiosk_rows_draw(kiosk->rows, &kit, canvas, rect, kiosk_list_entry(&kiosk->list, item),
                            kiosk_list_is_here(&kiosk->list, item), row_state(kiosk, item));
    }
}

static void clip_to(struct canvas *canvas, struct rect area)
{
    canvas_set_clip(canvas, &area);
}

/* The list as it shows without the sheet; NULL when memory is out. */
static struct canvas *copy_list(struct kiosk *kiosk)
{
    struct canvas *copy = canvas_create(kiosk->layout.screen.w, kiosk->layout.screen.h);
    if (copy == NULL)
        return NULL;
    struct kiosk list = *kiosk; /* as the list's page, whatever shows now */
    list.state = KIOSK_LIST;
    list.touch.active = list.motion.active = false;
    struct kiosk_look look = look_of(&list);
    struct scene *chrome = kiosk_chrome_build(kiosk->config.text, &look);
    canvas_fill(copy, look.kit.theme->page);
    clip_to(copy, kiosk_frame_content(&list));
    draw_list(&list, copy);
    canvas_set_clip(copy, NULL);
    scene_draw(chrome, copy, NULL);
    scene_destroy(chrome);
    return copy;
}

/* ---- the sheet ------------------------------------------------------------------------------- */

void kiosk_frame_make_sheet(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    const struct directory_entry *entry = kiosk_list_entry(&kiosk->list, kiosk->sheet_item);
    const char *site_id = kiosk->config.site_id;
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    struct kiosk_sheet sheet = {
        .entry = entry,
        .here = site_id[0] != '\0' && strcmp(entry->site_id, site_id) == 0,
        .updated = kiosk->directory->generated,
    };
    kiosk_frame_drop_sheet(kiosk);
    kiosk->sheet = scene_create(kiosk->config.text, layout->screen.w, SHEET_HEIGHT_MAX);
    kiosk->sheet_card = kiosk_sheet_card(
        &kit, scene_root(kiosk->sheet), layout->sheet.x, layout->gap, layout->sheet.w,
        layout->page_up.x - layout->gap - layout->sheet.x, layout->sheet.h, &sheet);
}

void kiosk_frame_drop_sheet(struct kiosk *kiosk)
{
    scene_destroy(kiosk->sheet);
    kiosk->sheet = NULL;
    kiosk->sheet_card = NULL;
}

/* With the card's top left there. */
static void draw_sheet(const struct kiosk *kiosk, struct canvas *canvas, int x, int y)
{
    struct scene_node *root = scene_root(kiosk->sheet);
    root->rect.x = x - kiosk->sheet_card->rect.x;
    root->rect.y = y - kiosk->sheet_card->rect.y;
    scene_draw(kiosk->sheet, canvas, NULL);
}

static int between(int from, int to, double t)
{
    return from + (int)lround((to - from) * t);
}

/* The list, and the sheet seen through a window that grows from its card. */
static void draw_motion(const struct kiosk *kiosk, struct canvas *canvas)
{
    const struct kiosk_motion *motion = &kiosk->motion;
    const struct rect *from = &motion->card, clip = canvas->clip;
    struct rect to = kiosk->layout.sheet;
    to.w = kiosk->sheet_card->rect.w;
    double t = kiosk_scroll_curve((double)(motion->now_ms - motion->start_ms) / KIOSK_MOTION_MS);
    if (motion->closing)
        t = 1.0 - t;
    struct rect card = {between(from->x, to.x, t), between(from->y, to.y, t),
                        between(from->w, to.w, t), between(from->h, to.h, t)};
    if (motion->under != NULL)
        canvas_copy(canvas, motion->under, clip, clip.x, clip.y);
    canvas_shadow(canvas, card, kiosk->layout.radius, kiosk_layout_px(&kiosk->layout, 6),
                  kiosk_layout_px(&kiosk->layout, 2), kiosk_kit_theme(false)->shadow);
    clip_to(canvas, rect_intersect(clip, card));
    draw_sheet(kiosk, canvas, card.x, card.y);
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* What lies between page and chrome. */
static void draw_content(const struct kiosk *kiosk, struct canvas *canvas, struct rect dirty)
{
    struct rect area = rect_intersect(dirty, kiosk_frame_content(kiosk));
    if (rect_empty(area))
        return;
    clip_to(canvas, area);
    if (kiosk->motion.active)
        draw_motion(kiosk, canvas);
    else if (kiosk_state_page(kiosk->state) == KIOSK_LIST)
        draw_list(kiosk, canvas);
    else
        draw_sheet(kiosk, canvas, kiosk->layout.sheet.x,
                   kiosk->layout.sheet.y - (int)lround(kiosk->sheet_scroll.offset));
}

bool kiosk_draw(struct kiosk *kiosk, struct canvas *canvas, struct rect *dirty_out)
{
    const struct scene *chrome = kiosk_frame_chrome(kiosk);
    if (kiosk->motion.active && kiosk->motion.under == NULL)
        kiosk->motion.under = copy_list(kiosk);
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
    if (open) {
        clip_to(canvas, dirty);
        canvas_fill_rect(canvas, dirty, kiosk_kit_theme(kiosk->modes.contrast)->page);
        draw_content(kiosk, canvas, dirty);
    }
    canvas_set_clip(canvas, NULL);
    if (kiosk->motion.active) { /* the moving card lies over header and letters */
        struct rect board = rect_intersect(dirty, kiosk->layout.board);
        scene_draw(chrome, canvas, &board);
        dirty = rect_intersect(dirty, kiosk->layout.bar);
    }
    scene_draw(chrome, canvas, &dirty);
    return true;
}
