/* From the kiosk's state to pixels: draws what is damaged, in the order in which things lie on each
 * other, each clipped to its own area. */
#include <math.h>

#include "core/strbuf.h"
#include "player/kiosk/kiosk_board.h"
#include "player/kiosk/kiosk_private.h"
#include "player/kiosk/kiosk_strings.h"

static struct kiosk_look look_of(const struct kiosk *kiosk)
{
    const struct kiosk_scroll *scroll =
        kiosk_state_page(kiosk->state) == KIOSK_SHEET ? &kiosk->sheet_scroll : &kiosk->list_scroll;
    struct kiosk_look look = {
        .paint = {.text = kiosk->config.text,
                  .layout = &kiosk->layout,
                  .theme = kiosk_paint_theme(kiosk->modes.contrast),
                  .lang = kiosk->lang},
        .modes = kiosk->modes,
        .list = &kiosk->list,
        .site_name = kiosk->config.site_name,
        .letter = kiosk_list_letter_at(&kiosk->list, (int)kiosk->list_scroll.offset),
        .can_page_up = scroll->offset > 0.5,
        .can_page_down = scroll->offset < scroll->limit - 0.5,
        .options_open = kiosk_state_has_options(kiosk->state),
        .seconds = kiosk->seconds,
    };
    if (kiosk->touch.active)
        look.pressed = kiosk->touch.pressed;
    if (kiosk->keys)
        look.focused = kiosk->focused;
    return look;
}

struct rect kiosk_frame_content(const struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect content = layout->work;
    if (kiosk_state_page(kiosk->state) == KIOSK_LIST) {
        int around = layout->gap / 2; /* shadows and focus rings of the cards */
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

/* ---- the list -------------------------------------------------------------------------------- */

static void draw_heading(const struct kiosk *kiosk, const struct kiosk_look *look, int section,
                         struct canvas *canvas)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect box = {layout->view.x,
                       layout->view.y + layout->gap + kiosk_list_heading(&kiosk->list, section) -
                           (int)lround(kiosk->list_scroll.offset),
                       layout->view.w, layout->heading_height};
    if (rect_empty(rect_intersect(box, canvas->clip)))
        return;
    size_t count = section == 0 ? kiosk->list.here_count
                                : kiosk_list_count(&kiosk->list) - kiosk->list.here_count;
    struct text_style style =
        kiosk_paint_style(&look->paint, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, TEXT_START, 1);
    kiosk_paint_text(
        &look->paint, canvas,
        kiosk_strings_get(section == 0 ? KIOSK_STRING_HERE : KIOSK_STRING_ALL, kiosk->lang), &style,
        box, true, look->paint.theme->text);
    struct strbuf text;
    strbuf_init(&text);
    kiosk_strings_count(count, kiosk->lang, &text);
    style = kiosk_paint_style(&look->paint, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_END, 1);
    kiosk_paint_text(&look->paint, canvas, text.bytes, &style, box, true, look->paint.theme->muted);
    strbuf_finish(&text);
}

static void draw_list(const struct kiosk *kiosk, const struct kiosk_look *look,
                      struct canvas *canvas)
{
    struct rect content = kiosk_frame_content(kiosk);
    canvas_fill_rect(canvas, content, look->paint.theme->page);
    if (kiosk->list.here_count > 0)
        draw_heading(kiosk, look, 0, canvas);
    draw_heading(kiosk, look, 1, canvas);
    size_t first, end;
    int top = (int)kiosk->list_scroll.offset - 2 * kiosk->layout.gap;
    if (!kiosk_list_visible(&kiosk->list, top, top + content.h + 2 * kiosk->layout.gap, &first,
                            &end))
        return;
    for (size_t item = first; item < end; item++) {
        struct kiosk_target target = {KIOSK_ACTION_ITEM, item};
        struct rect rect = kiosk_frame_item_rect(kiosk, item);
        kiosk_rows_draw(
            kiosk->rows, &look->paint, canvas, rect, kiosk_list_entry(&kiosk->list, item),
            kiosk_list_is_here(&kiosk->list, item), kiosk_chrome_same(look->pressed, target));
        if (kiosk_chrome_same(look->focused, target))
            kiosk_paint_focus(&look->paint, canvas, rect, kiosk->layout.radius);
    }
}

static struct rect around(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
}

static struct rect pages_area(const struct kiosk *kiosk)
{
    return around(rect_union(kiosk->layout.page_up, kiosk->layout.page_down),
                  kiosk->layout.gap * 2 / 3);
}

static void clip_to(struct canvas *canvas, struct rect area)
{
    canvas_set_clip(canvas, &area);
}

static void draw_list_page(const struct kiosk *kiosk, const struct kiosk_look *look,
                           unsigned damage, struct canvas *canvas, struct rect *dirty)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    if (damage & DAMAGE_ALL) {
        clip_to(canvas, layout->work);
        canvas_fill_rect(canvas, layout->work, look->paint.theme->page);
        kiosk_chrome_header(look, canvas);
        *dirty = rect_union(*dirty, layout->work);
    }
    if (damage & (DAMAGE_ALL | DAMAGE_CONTENT)) {
        struct rect content = kiosk_frame_content(kiosk);
        clip_to(canvas, content);
        draw_list(kiosk, look, canvas);
        *dirty = rect_union(*dirty, content);
    }
    if (damage & (DAMAGE_ALL | DAMAGE_INDEX)) {
        struct rect area = around(layout->index, layout->gap / 2);
        clip_to(canvas, area);
        kiosk_chrome_index(look, canvas);
        *dirty = rect_union(*dirty, area);
    }
    if (damage & (DAMAGE_ALL | DAMAGE_PAGES)) {
        struct rect area = pages_area(kiosk);
        clip_to(canvas, area);
        canvas_fill_rect(canvas, area, look->paint.theme->page);
        if (kiosk->list_scroll.limit > 0)
            kiosk_chrome_pages(look, canvas);
        *dirty = rect_union(*dirty, area);
    }
}

struct canvas *kiosk_frame_list_copy(const struct kiosk *kiosk)
{
    struct canvas *copy = canvas_create(kiosk->layout.screen.w, kiosk->layout.screen.h);
    struct rect dirty = {0};
    if (copy == NULL)
        return NULL;
    /* As the list's page, whatever shows now. */
    struct kiosk list = *kiosk;
    list.state = KIOSK_LIST;
    list.touch.active = false;
    struct kiosk_look look = look_of(&list);
    draw_list_page(&list, &look, DAMAGE_ALL, copy, &dirty);
    canvas_set_clip(copy, NULL);
    return copy;
}

/* ---- the sheet ------------------------------------------------------------------------------- */

/* Part of the sheet within `card`, whose corners are cut to a circle. */
static void copy_rounded(struct canvas *canvas, const struct canvas *sheet, struct rect card,
                         int radius)
{
    for (int row = 0; row < radius && row < card.h / 2; row++) {
        double rise = radius - row - 0.5;
        int inset = radius - (int)ceil(sqrt(radius * (double)radius - rise * rise)) - 1;
        inset = inset > 0 ? inset : 0;
        struct rect top = {inset, row, card.w - 2 * inset, 1};
        struct rect bottom = {inset, card.h - 1 - row, card.w - 2 * inset, 1};
        canvas_copy(canvas, sheet, top, card.x + inset, card.y + row);
        canvas_copy(canvas, sheet, bottom, card.x + inset, card.y + card.h - 1 - row);
    }
    if (card.h > 2 * radius)
        canvas_copy(canvas, sheet, (struct rect){0, radius, card.w, card.h - 2 * radius}, card.x,
                    card.y + radius);
}

static void draw_sheet(const struct kiosk *kiosk, const struct kiosk_look *look,
                       struct canvas *canvas)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    const struct canvas *sheet = kiosk->sheet.canvas;
    struct rect card = {layout->sheet.x, layout->sheet.y - (int)lround(kiosk->sheet_scroll.offset),
                        layout->sheet.w, kiosk->sheet.height};
    canvas_fill_rect(canvas, kiosk_frame_content(kiosk), look->paint.theme->page);
    kiosk_paint_card(&look->paint, canvas, card, false);
    if (sheet != NULL)
        copy_rounded(canvas, sheet, card, layout->radius);
    if (kiosk->sheet_scroll.limit > 0)
        kiosk_chrome_pages(look, canvas);
}

static int between(int from, int to, double t)
{
    return from + (int)lround((to - from) * t);
}

static void draw_motion(const struct kiosk *kiosk, struct canvas *canvas, struct rect *dirty)
{
    const struct kiosk_motion *motion = &kiosk->motion;
    const struct rect *from = &motion->card, *to = &kiosk->layout.sheet;
    struct rect area = kiosk->layout.work;
    area.h = kiosk->layout.bar.y - area.y;
    double t = kiosk_scroll_curve((double)(motion->now_ms - motion->start_ms) / KIOSK_MOTION_MS);
    if (motion->closing)
        t = 1.0 - t;
    struct rect card = {between(from->x, to->x, t), between(from->y, to->y, t),
                        between(from->w, to->w, t), between(from->h, to->h, t)};
    clip_to(canvas, area);
    canvas_copy(canvas, motion->under, area, area.x, area.y);
    copy_rounded(canvas, kiosk->sheet.canvas, card, kiosk->layout.radius);
    *dirty = rect_union(*dirty, area);
}

/* ---- frames ---------------------------------------------------------------------------------- */

static void draw_page(const struct kiosk *kiosk, const struct kiosk_look *look, unsigned damage,
                      struct canvas *canvas, struct rect *dirty)
{
    if (kiosk->motion.under != NULL) {
        if (damage & (DAMAGE_ALL | DAMAGE_CONTENT | DAMAGE_INDEX | DAMAGE_PAGES))
            draw_motion(kiosk, canvas, dirty);
    } else if (kiosk_state_page(kiosk->state) == KIOSK_LIST) {
        draw_list_page(kiosk, look, damage, canvas, dirty);
    } else if (damage & (DAMAGE_ALL | DAMAGE_CONTENT | DAMAGE_PAGES)) {
        struct rect content = kiosk_frame_content(kiosk);
        clip_to(canvas, content);
        draw_sheet(kiosk, look, canvas);
        *dirty = rect_union(*dirty, content);
    }
    if (damage & (DAMAGE_ALL | DAMAGE_BAR)) {
        clip_to(canvas, kiosk->layout.bar);
        kiosk_chrome_bar(look, canvas);
        *dirty = rect_union(*dirty, kiosk->layout.bar);
    }
    if (damage & DAMAGE_ALL) {
        clip_to(canvas, kiosk->layout.board);
        kiosk_board_draw(&look->paint, &kiosk->list, look->site_name, canvas);
        *dirty = rect_union(*dirty, kiosk->layout.board);
    }
}

/* Over the page. When it alone is damaged its shadow stands already and is not drawn again. */
static void draw_panel(const struct kiosk *kiosk, const struct kiosk_look *look, bool alone,
                       struct rect area,
                       void (*draw)(const struct kiosk_look *look, struct canvas *canvas),
                       struct canvas *canvas, struct rect *dirty)
{
    clip_to(canvas, alone ? around(area, -kiosk->layout.radius / 3) : kiosk->layout.screen);
    draw(look, canvas);
    *dirty = rect_union(*dirty, around(area, alone ? 0 : kiosk->layout.gap * 2));
}

static void draw_open(const struct kiosk *kiosk, unsigned damage, struct canvas *canvas,
                      struct rect *dirty)
{
    struct kiosk_look look = look_of(kiosk);
    bool asks = kiosk_state_asks(kiosk->state), options = look.options_open;
    /* What lies above is drawn again with what lies below. */
    if (asks && (damage & ~(unsigned)DAMAGE_DIALOG))
        damage |= DAMAGE_ALL;
    if (options && (damage & (DAMAGE_CONTENT | DAMAGE_INDEX | DAMAGE_PAGES)))
        damage |= DAMAGE_ALL;
    draw_page(kiosk, &look, damage, canvas, dirty);
    if (options && (damage & (DAMAGE_ALL | DAMAGE_OPTIONS)))
        draw_panel(kiosk, &look, !(damage & DAMAGE_ALL), kiosk->layout.options,
                   kiosk_chrome_options, canvas, dirty);
    if (!asks || !(damage & (DAMAGE_ALL | DAMAGE_DIALOG)))
        return;
    if (damage & DAMAGE_ALL) {
        canvas_set_clip(canvas, NULL);
        canvas_fill_rect(canvas, kiosk->layout.screen, look.paint.theme->scrim);
    }
    draw_panel(kiosk, &look, !(damage & DAMAGE_ALL), kiosk->layout.dialog, kiosk_chrome_dialog,
               canvas, dirty);
}

bool kiosk_draw(struct kiosk *kiosk, struct canvas *canvas, struct rect *dirty_out)
{
    unsigned damage = kiosk->damage;
    struct rect dirty = {0};
    kiosk->damage = 0;
    if (damage != 0 && kiosk_is_open(kiosk)) {
        draw_open(kiosk, damage, canvas, &dirty);
    } else if ((damage & (DAMAGE_ALL | DAMAGE_ATTRACT)) && kiosk_attract_height(kiosk) > 0) {
        struct kiosk_look look = look_of(kiosk);
        clip_to(canvas, kiosk->layout.attract);
        kiosk_chrome_attract(&look, canvas);
        dirty = kiosk->layout.attract;
    }
    canvas_set_clip(canvas, NULL);
    *dirty_out = rect_intersect(dirty, kiosk->layout.screen);
    return !rect_empty(*dirty_out);
}
