/* Touch and keys: which finger counts, what lies below it, tap or drag, and where the focus
 * goes. */
#include <math.h>

#include "player/kiosk/kiosk_private.h"
#include "player/kiosk/kiosk_search.h"

/* A finger that did nothing for so long no longer keeps others out: a palm that rests, or one whose
 * release was lost with the panel. */
#define FINGER_STALE_MS 3000

static const struct kiosk_target nothing = {KIOSK_ACTION_NONE, 0};

static bool is_covered(const struct kiosk *kiosk)
{
    return kiosk->state.overlay != KIOSK_OVERLAY_NONE;
}

/* ---- what lies where ------------------------------------------------------------------------- */

static bool same(struct kiosk_target a, struct kiosk_target b)
{
    return a.action == b.action && a.value == b.value;
}

static struct kiosk_target target_of(const struct scene_node *node)
{
    return node == NULL ? nothing
                        : (struct kiosk_target){(enum kiosk_action)node->action, node->argument};
}

static struct kiosk_target hit_item(const struct kiosk *kiosk, const struct kiosk_pane *pane, int x,
                                    int y)
{
    size_t first, end;
    int top = (int)pane->scroll.offset - kiosk->layout.gap;
    if (!rect_contains(pane->at.view, x, y) ||
        !kiosk_list_visible(&pane->list, top, top + pane->at.view.h + 2 * kiosk->layout.gap, &first,
                            &end))
        return nothing;
    for (size_t item = first; item < end; item++)
        if (rect_contains(kiosk_frame_item_rect(kiosk, pane, item), x, y))
            return (struct kiosk_target){KIOSK_ACTION_ITEM, (int64_t)item};
    return nothing;
}

static struct kiosk_target hit_content(struct kiosk *kiosk, struct kiosk_pane *pane, int x, int y)
{
    if (pane->sheet == NULL)
        return hit_item(kiosk, pane, x, y);
    kiosk_frame_place_sheet(kiosk, pane);
    return target_of(scene_hit(pane->sheet, x, y, 0));
}

static bool in_content(const struct kiosk *kiosk, const struct kiosk_pane *pane, int x, int y)
{
    return rect_contains(kiosk_frame_pane_rect(kiosk, pane), x, y);
}

/* What stands over the page; the bar stays in reach below a panel. */
static struct kiosk_target hit_cover(struct kiosk *kiosk, const struct scene *chrome, int x, int y)
{
    struct kiosk_pane *pane = kiosk_pane(kiosk);
    if (pane == &kiosk->over && rect_contains(pane->at.view, x, y))
        return hit_content(kiosk, pane, x, y);
    const struct scene_node *node = scene_hit(kiosk->cover, x, y, 0);
    if (node == NULL && rect_contains(kiosk->layout.bar, x, y))
        node = scene_hit(chrome, x, y, 0);
    return target_of(node);
}

/* What stands over the content first, then the cards, then what is so near that it was meant. */
struct kiosk_target kiosk_input_hit(struct kiosk *kiosk, int x, int y)
{
    const struct scene *chrome = kiosk_frame_chrome(kiosk);
    if (!rect_contains(kiosk->layout.screen, x, y))
        return nothing;
    if (kiosk->cover != NULL)
        return hit_cover(kiosk, chrome, x, y);
    const struct scene_node *node = scene_hit(chrome, x, y, 0);
    if (node != NULL)
        return target_of(node);
    if (kiosk_is_open(kiosk) && in_content(kiosk, &kiosk->page, x, y))
        return hit_content(kiosk, &kiosk->page, x, y);
    return target_of(scene_hit(chrome, x, y, kiosk_layout_px(&kiosk->layout, KIOSK_TARGET_MM)));
}

static struct rect place_of(struct kiosk *kiosk, struct kiosk_target target)
{
    struct kiosk_pane *pane = kiosk_pane(kiosk);
    if (target.action == KIOSK_ACTION_ITEM) {
        if ((size_t)target.value >= kiosk_list_count(&pane->list))
            return (struct rect){0};
        struct rect rect = kiosk_frame_item_rect(kiosk, pane, (size_t)target.value);
        int around = kiosk->layout.gap;
        rect = (struct rect){rect.x - around, rect.y - around, rect.w + 2 * around,
                             rect.h + 2 * around};
        return rect_intersect(rect, kiosk_frame_pane_rect(kiosk, pane));
    }
    kiosk_frame_place_sheet(kiosk, pane);
    const struct scene_node *node = kiosk_frame_node(kiosk, target);
    return node != NULL ? scene_node_dirty(node) : (struct rect){0};
}

/* ---- focus: tools, keyboard, content, then page buttons and bar ------------------------------ */

enum segment { TOOLS, KEYBOARD, CONTENT, REST, SEGMENTS };

static bool has_keyboard(const struct kiosk *kiosk)
{
    return !is_covered(kiosk) && kiosk_search_types(kiosk);
}

void kiosk_input_set_focus(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    kiosk_frame_damage(kiosk, place_of(kiosk, kiosk->focused));
    struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (node != NULL)
        node->focused = false;
    kiosk->focused = target;
    kiosk->keyboard_focused = false;
    node = kiosk_frame_node(kiosk, target);
    if (node != NULL)
        node->focused = kiosk->keys;
    if (target.action == KIOSK_ACTION_ITEM)
        kiosk_show_item(kiosk, (size_t)target.value, now_ms);
    else if (node != NULL && kiosk->page.sheet != NULL && node->scene == kiosk->page.sheet) {
        struct rect rect = scene_node_rect(node);
        int gap = 3 * kiosk->layout.gap, top = kiosk->layout.sheet.y;
        if (rect.y < top || rect.y + rect.h + gap > top + kiosk->layout.sheet.h)
            kiosk_scroll_to(kiosk,
                            kiosk->page.scroll.offset + rect.y - top - kiosk->layout.sheet.h / 3,
                            now_ms);
    }
    kiosk_frame_damage(kiosk, place_of(kiosk, target));
    kiosk_say_focus(kiosk);
}

/* The scene of a segment, and the focus numbers that belong to it. */
static struct scene *scene_of(struct kiosk *kiosk, enum segment segment, int *from_out, int *to_out)
{
    struct scene *chrome = kiosk_frame_chrome(kiosk);
    bool covered = is_covered(kiosk);
    *from_out = segment == TOOLS ? KIOSK_FOCUS_TOOLS : KIOSK_FOCUS_LETTERS;
    *to_out = segment == TOOLS ? KIOSK_FOCUS_TOOLS : KIOSK_FOCUS_ABOVE;
    if (segment == CONTENT) {
        *from_out = *to_out = KIOSK_FOCUS_CONTENT;
        return covered ? NULL : kiosk->page.sheet;
    }
    return !covered ? chrome : segment == REST ? kiosk->cover : NULL;
}

static bool comes_after(const struct scene_node *node, const struct scene_node *before)
{
    return node->focus > before->focus ||
           (node->focus == before->focus && node->serial > before->serial);
}

/* The neighbour within a segment; of NULL its first or last. NULL: there is none. */
static struct scene_node *step_in_scene(struct kiosk *kiosk, enum segment segment,
                                        const struct scene_node *from, bool forward)
{
    int lowest, highest;
    const struct scene *scene = scene_of(kiosk, segment, &lowest, &highest);
    if (scene == NULL)
        return NULL;
    struct scene_node *first = scene_focus_step(scene, NULL, forward), *node = first;
    if (from != NULL) {
        node = scene_focus_step(scene, from, forward);
        if (node == NULL || !(forward ? comes_after(node, from) : comes_after(from, node)))
            return NULL;
    }
    while (node != NULL && (node->focus < lowest || node->focus > highest)) {
        node = scene_focus_step(scene, node, forward);
        if (node == first)
            return NULL;
    }
    return node;
}

static size_t items_to_focus(struct kiosk *kiosk)
{
    if (is_covered(kiosk) && kiosk->state.overlay != KIOSK_OVERLAY_CHOICES)
        return 0;
    const struct kiosk_pane *pane = kiosk_pane(kiosk);
    return pane->sheet != NULL ? 0 : kiosk_list_count(&pane->list);
}

static enum segment segment_of(struct kiosk *kiosk)
{
    if (kiosk->keyboard_focused)
        return KEYBOARD;
    if (kiosk->focused.action == KIOSK_ACTION_ITEM)
        return CONTENT;
    const struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (node != NULL && node->focus == KIOSK_FOCUS_CONTENT)
        return CONTENT;
    return node != NULL && node->focus == KIOSK_FOCUS_TOOLS ? TOOLS : REST;
}

/* Into the segment at its near end; false: nothing there takes the focus. */
static bool enter(struct kiosk *kiosk, enum segment segment, bool forward,
                  struct kiosk_target *target_out)
{
    size_t items = segment == CONTENT ? items_to_focus(kiosk) : 0;
    *target_out = nothing;
    if (segment == KEYBOARD) {
        if (!has_keyboard(kiosk))
            return false;
        kiosk_keyboard_blur(&kiosk->search.keyboard);
        kiosk->keyboard_focused = kiosk_keyboard_focus(
            &kiosk->search.keyboard, forward ? KIOSK_KEYBOARD_NEXT : KIOSK_KEYBOARD_PREVIOUS);
        return kiosk->keyboard_focused;
    }
    if (items > 0) {
        *target_out = (struct kiosk_target){KIOSK_ACTION_ITEM, forward ? 0 : (int64_t)items - 1};
        return true;
    }
    *target_out = target_of(step_in_scene(kiosk, segment, NULL, forward));
    return target_out->action != KIOSK_ACTION_NONE;
}

/* The neighbour; keyboard_focused is set when it is the keyboard. */
static struct kiosk_target neighbour(struct kiosk *kiosk, bool forward)
{
    enum segment segment = segment_of(kiosk);
    struct kiosk_target target = nothing;
    size_t items = items_to_focus(kiosk);
    if (segment == CONTENT && kiosk->focused.action == KIOSK_ACTION_ITEM) {
        int64_t item = kiosk->focused.value + (forward ? 1 : -1);
        if (item >= 0 && (size_t)item < items)
            return (struct kiosk_target){KIOSK_ACTION_ITEM, item};
    } else if (segment != KEYBOARD) {
        const struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
        if (node != NULL && node->focus > 0)
            target = target_of(step_in_scene(kiosk, segment, node, forward));
        if (target.action != KIOSK_ACTION_NONE)
            return target;
    }
    for (int i = 1; i <= SEGMENTS; i++) {
        int next = ((int)segment + (forward ? i : -i) + 2 * SEGMENTS) % SEGMENTS;
        if (enter(kiosk, (enum segment)next, forward, &target))
            return target;
    }
    return kiosk->focused;
}

void kiosk_input_focus_first(struct kiosk *kiosk)
{
    struct kiosk_target target = nothing;
    static const enum segment covered[] = {CONTENT, REST}, page[] = {CONTENT, TOOLS, REST};
    kiosk->keyboard_focused = false;
    if (is_covered(kiosk)) {
        for (int i = 0; i < 2 && target.action == KIOSK_ACTION_NONE; i++)
            (void)enter(kiosk, covered[i], true, &target);
    } else {
        for (int i = 0; i < 3 && target.action == KIOSK_ACTION_NONE; i++)
            (void)enter(kiosk, page[i], true, &target);
    }
    kiosk->focused = target;
}

static bool can_focus(struct kiosk *kiosk, struct kiosk_target target)
{
    if (target.action == KIOSK_ACTION_ITEM)
        return (size_t)target.value < items_to_focus(kiosk);
    const struct scene_node *node = kiosk_frame_node(kiosk, target);
    return node != NULL && node->focus > 0;
}

static void move_focus(struct kiosk *kiosk, bool forward, int64_t now_ms)
{
    bool was_keyboard = kiosk->keyboard_focused;
    struct kiosk_target target = neighbour(kiosk, forward);
    bool keyboard =
        kiosk->keyboard_focused && (!was_keyboard || target.action == KIOSK_ACTION_NONE);
    if (was_keyboard && !keyboard)
        kiosk_keyboard_blur(&kiosk->search.keyboard);
    if (was_keyboard || keyboard)
        kiosk_frame_damage(kiosk, kiosk_keyboard_bounds(&kiosk->search.keyboard));
    kiosk_input_set_focus(kiosk, keyboard ? nothing : target, now_ms);
    kiosk->keyboard_focused = keyboard;
    if (keyboard)
        kiosk_search_say_key(kiosk);
}

/* Within the keyboard; false when the step leaves it. */
static bool step_keyboard(struct kiosk *kiosk, enum kiosk_event_kind kind)
{
    static const enum kiosk_keyboard_step steps[] = {
        [KIOSK_KEY_NEXT] = KIOSK_KEYBOARD_NEXT, [KIOSK_KEY_PREVIOUS] = KIOSK_KEYBOARD_PREVIOUS,
        [KIOSK_KEY_UP] = KIOSK_KEYBOARD_UP,     [KIOSK_KEY_DOWN] = KIOSK_KEYBOARD_DOWN,
        [KIOSK_KEY_LEFT] = KIOSK_KEYBOARD_LEFT, [KIOSK_KEY_RIGHT] = KIOSK_KEYBOARD_RIGHT,
    };
    if (!kiosk_keyboard_focus(&kiosk->search.keyboard, steps[kind]))
        return false;
    kiosk_frame_damage(kiosk, kiosk_keyboard_bounds(&kiosk->search.keyboard));
    kiosk_search_say_key(kiosk);
    return true;
}

static bool is_forward(enum kiosk_event_kind kind)
{
    return kind == KIOSK_KEY_NEXT || kind == KIOSK_KEY_DOWN || kind == KIOSK_KEY_RIGHT;
}

static void handle_open_key(struct kiosk *kiosk, enum kiosk_event_kind kind, bool shown,
                            int64_t now_ms)
{
    if (kind == KIOSK_KEY_BACK) {
        bool asks = kiosk->state.overlay == KIOSK_OVERLAY_ASK;
        kiosk_do(kiosk, (struct kiosk_target){asks ? KIOSK_ACTION_STAY : KIOSK_ACTION_BACK, 0},
                 now_ms);
    } else if (kiosk->keyboard_focused && has_keyboard(kiosk)) {
        if (kind == KIOSK_KEY_ACTIVATE)
            kiosk_search_take(kiosk, kiosk_keyboard_activate(&kiosk->search.keyboard), now_ms);
        else if (!step_keyboard(kiosk, kind))
            move_focus(kiosk, is_forward(kind), now_ms);
    } else if (!shown || !can_focus(kiosk, kiosk->focused)) { /* first show where it is */
        if (!can_focus(kiosk, kiosk->focused))
            kiosk_input_focus_first(kiosk);
        kiosk_input_set_focus(kiosk, kiosk->focused, now_ms);
    } else if (kind == KIOSK_KEY_ACTIVATE) {
        kiosk_do(kiosk, kiosk->focused, now_ms);
    } else {
        move_focus(kiosk, is_forward(kind), now_ms);
    }
}

static void handle_key(struct kiosk *kiosk, enum kiosk_event_kind kind, int64_t now_ms)
{
    bool shown = kiosk->keys;
    bool closed = !kiosk_is_open(kiosk);
    if (closed && kind == KIOSK_KEY_BACK)
        return;
    kiosk_input_drop_touch(kiosk);
    kiosk->keys = true;
    kiosk->activity_ms = now_ms;
    if (closed) { /* who comes by keys may not see */
        kiosk->modes.aloud = kiosk->config.speak != NULL;
        kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_START, 0}, now_ms);
    } else {
        handle_open_key(kiosk, kind, shown, now_ms);
    }
}

/* ---- touch ----------------------------------------------------------------------------------- */

static void set_pressed(struct kiosk *kiosk, struct kiosk_target target)
{
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    const struct kiosk_target both[] = {kiosk->touch.pressed, target};
    if (same(both[0], both[1]))
        return;
    for (int i = 0; i < 2; i++) {
        struct scene_node *node = kiosk_frame_node(kiosk, both[i]);
        if (node != NULL)
            kiosk_kit_press(&kit, node, i == 1);
        kiosk_frame_damage(kiosk, place_of(kiosk, both[i]));
    }
    kiosk->touch.pressed = target;
}

void kiosk_input_drop_touch(struct kiosk *kiosk)
{
    const struct kiosk_page_type *type = kiosk_page_type(kiosk_state_page(&kiosk->state));
    struct kiosk_scroll *scroll = &kiosk_pane(kiosk)->scroll;
    if (type != NULL && type->drop != NULL)
        type->drop(kiosk);
    if (!kiosk->touch.active)
        return;
    set_pressed(kiosk, nothing);
    kiosk->touch.active = false;
    if (scroll->motion == SCROLL_DRAG) { /* not left hanging past an edge */
        kiosk_scroll_jump(scroll, scroll->offset);
        kiosk_frame_damage_pane(kiosk);
    }
}

static void hide_focus(struct kiosk *kiosk)
{
    struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (kiosk->keys)
        kiosk_frame_damage(kiosk, place_of(kiosk, kiosk->focused));
    if (kiosk->keyboard_focused) {
        kiosk_keyboard_blur(&kiosk->search.keyboard);
        kiosk_frame_damage(kiosk, kiosk_keyboard_bounds(&kiosk->search.keyboard));
    }
    if (node != NULL)
        node->focused = false;
    kiosk->keys = kiosk->keyboard_focused = false;
}

/* Whether a finger there may scroll: on cards, and between them. */
static bool lies_on_content(const struct kiosk *kiosk, struct kiosk_target target, int x, int y)
{
    const struct kiosk_pane *pane =
        kiosk->state.overlay == KIOSK_OVERLAY_CHOICES ? &kiosk->over : &kiosk->page;
    if (!kiosk_is_open(kiosk) || (is_covered(kiosk) && pane != &kiosk->over))
        return false;
    if (target.action == KIOSK_ACTION_ITEM)
        return true;
    if (!in_content(kiosk, pane, x, y))
        return false;
    return target.action == KIOSK_ACTION_NONE ||
           (pane->sheet != NULL &&
            scene_find(pane->sheet, (int)target.action, target.value) != NULL);
}

static void handle_down(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_touch *touch = &kiosk->touch;
    if (touch->active && touch->finger != event->finger &&
        now_ms - touch->changed_ms < FINGER_STALE_MS)
        return;
    kiosk_input_drop_touch(kiosk);
    kiosk_end_motion(kiosk);
    kiosk_hush(kiosk);
    hide_focus(kiosk);
    kiosk->activity_ms = now_ms;
    struct kiosk_scroll *scroll = &kiosk_pane(kiosk)->scroll;
    struct kiosk_target target = kiosk_input_hit(kiosk, event->x, event->y);
    *touch = (struct kiosk_touch){
        .active = true,
        .finger = event->finger,
        .start_x = event->x,
        .start_y = event->y,
        .changed_ms = now_ms,
        .scrolls = lies_on_content(kiosk, target, event->x, event->y),
    };
    if (touch->scrolls && kiosk_scroll_runs(scroll)) { /* stops it, and is no tap */
        kiosk_scroll_grab(scroll, event->y, now_ms);
        touch->drags = true;
        return;
    }
    if (touch->scrolls && kiosk_scroll_moves(scroll)) {
        kiosk_scroll_jump(scroll, scroll->offset);
        kiosk_frame_damage_pane(kiosk);
    }
    set_pressed(kiosk, target);
}

static void handle_move(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_touch *touch = &kiosk->touch;
    if (!touch->active || touch->finger != event->finger || !touch->scrolls)
        return;
    struct kiosk_scroll *scroll = &kiosk_pane(kiosk)->scroll;
    double way = hypot(event->x - touch->start_x, event->y - touch->start_y);
    if (way > kiosk->layout.slop) { /* trembling is no sign of life: start is where it last was */
        if (!touch->drags)
            kiosk_scroll_grab(scroll, event->y, now_ms);
        touch->drags = true;
        touch->start_x = event->x;
        touch->start_y = event->y;
        touch->changed_ms = now_ms;
        kiosk->activity_ms = now_ms;
        set_pressed(kiosk, nothing);
    }
    if (touch->drags) {
        kiosk_scroll_drag(scroll, event->y, now_ms);
        kiosk_frame_damage_pane(kiosk);
    }
}

static void handle_up(struct kiosk *kiosk, const struct kiosk_event *event, bool act,
                      int64_t now_ms)
{
    struct kiosk_touch *touch = &kiosk->touch;
    if (!touch->active || touch->finger != event->finger)
        return;
    struct kiosk_target pressed = touch->pressed;
    set_pressed(kiosk, nothing);
    touch->active = false;
    kiosk->activity_ms = now_ms;
    if (touch->drags) {
        kiosk_scroll_release(&kiosk_pane(kiosk)->scroll, !act || !kiosk_motion_wanted(kiosk),
                             now_ms);
        kiosk_frame_damage_pane(kiosk); /* it may have come to rest elsewhere */
    } else if (act && pressed.action != KIOSK_ACTION_NONE &&
               same(pressed, kiosk_input_hit(kiosk, event->x, event->y))) {
        kiosk_do(kiosk, pressed, now_ms);
    }
}

/* Keyboard and map take their fingers first. */
static bool give_to_page(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    const struct kiosk_page_type *type = kiosk_page_type(kiosk_state_page(&kiosk->state));
    if (type == NULL || type->touch == NULL || is_covered(kiosk) || kiosk->motion.active)
        return false;
    if (event->kind == KIOSK_TOUCH_DOWN)
        (void)kiosk_frame_chrome(kiosk);
    if (!type->touch(kiosk, event, now_ms))
        return false;
    if (event->kind == KIOSK_TOUCH_DOWN || event->kind == KIOSK_TOUCH_UP)
        kiosk->activity_ms = now_ms;
    if (event->kind == KIOSK_TOUCH_DOWN)
        hide_focus(kiosk);
    return true;
}

void kiosk_input_handle(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    switch (event->kind) {
    case KIOSK_TOUCH_DOWN:
        if (!give_to_page(kiosk, event, now_ms))
            handle_down(kiosk, event, now_ms);
        break;
    case KIOSK_TOUCH_MOVE:
        if (!give_to_page(kiosk, event, now_ms))
            handle_move(kiosk, event, now_ms);
        break;
    case KIOSK_TOUCH_UP:
    case KIOSK_TOUCH_CANCEL:
        if (!give_to_page(kiosk, event, now_ms))
            handle_up(kiosk, event, event->kind == KIOSK_TOUCH_UP, now_ms);
        break;
    case KIOSK_KEY_NEXT:
    case KIOSK_KEY_PREVIOUS:
    case KIOSK_KEY_UP:
    case KIOSK_KEY_DOWN:
    case KIOSK_KEY_LEFT:
    case KIOSK_KEY_RIGHT:
    case KIOSK_KEY_ACTIVATE:
    case KIOSK_KEY_BACK:
        handle_key(kiosk, event->kind, now_ms);
        break;
    }
}
