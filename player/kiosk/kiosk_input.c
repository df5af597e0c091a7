/* Touch and keys: which finger counts, what lies below it, tap or drag, and where the focus
 * goes. */
#include <math.h>

#include "player/kiosk/kiosk_private.h"

/* A finger that did nothing for so long no longer keeps others out: a palm that rests, or one whose
 * release was lost with the panel. */
#define FINGER_STALE_MS 3000

static const struct kiosk_target nothing = {KIOSK_ACTION_NONE, 0};

/* ---- what lies where ------------------------------------------------------------------------- */

static bool same(struct kiosk_target a, struct kiosk_target b)
{
    return a.action == b.action && a.value == b.value;
}

static struct kiosk_target target_of(const struct scene_node *node)
{
    struct kiosk_target target = {(enum kiosk_action)node->action, 0};
    if (target.action == KIOSK_ACTION_LETTER)
        target.value = (size_t)node->argument;
    return target;
}

static struct kiosk_target hit_item(const struct kiosk *kiosk, int x, int y)
{
    size_t first, end;
    int top = (int)kiosk->list_scroll.offset - kiosk->layout.gap;
    if (kiosk->state != KIOSK_LIST || !rect_contains(kiosk->layout.view, x, y) ||
        !kiosk_list_visible(&kiosk->list, top, top + kiosk->layout.view.h, &first, &end))
        return nothing;
    for (size_t item = first; item < end; item++)
        if (rect_contains(kiosk_frame_item_rect(kiosk, item), x, y))
            return (struct kiosk_target){KIOSK_ACTION_ITEM, item};
    return nothing;
}

/* What stands over the content first, then the cards, then what is so near that it was meant. */
struct kiosk_target kiosk_input_hit(struct kiosk *kiosk, int x, int y)
{
    const struct scene *chrome = kiosk_frame_chrome(kiosk);
    if (!rect_contains(kiosk->layout.screen, x, y))
        return nothing;
    const struct scene_node *node = scene_hit(chrome, x, y, 0);
    if (node != NULL)
        return target_of(node);
    if (rect_contains(kiosk_frame_content(kiosk), x, y))
        return hit_item(kiosk, x, y);
    node = scene_hit(chrome, x, y, kiosk_layout_px(&kiosk->layout, KIOSK_TARGET_MM));
    return node != NULL ? target_of(node) : nothing;
}

static struct rect place_of(struct kiosk *kiosk, struct kiosk_target target)
{
    if (target.action == KIOSK_ACTION_ITEM && kiosk->state == KIOSK_LIST) {
        struct rect rect = kiosk_frame_item_rect(kiosk, target.value);
        int around = kiosk->layout.gap;
        rect = (struct rect){rect.x - around, rect.y - around, rect.w + 2 * around,
                             rect.h + 2 * around};
        return rect_intersect(rect, kiosk_frame_content(kiosk));
    }
    const struct scene_node *node = kiosk_frame_node(kiosk, target);
    return node != NULL ? scene_node_dirty(node) : (struct rect){0};
}

/* ---- focus: the cards in their order, then the chrome ---------------------------------------- */

static void set_focus(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    kiosk_frame_damage(kiosk, place_of(kiosk, kiosk->focused));
    struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (node != NULL)
        node->focused = false;
    kiosk->focused = target;
    node = kiosk_frame_node(kiosk, target);
    if (node != NULL)
        node->focused = kiosk->keys;
    if (target.action == KIOSK_ACTION_ITEM && kiosk->state == KIOSK_LIST)
        kiosk_show_item(kiosk, target.value, now_ms);
    kiosk_frame_damage(kiosk, place_of(kiosk, target));
}

static size_t items_to_focus(const struct kiosk *kiosk)
{
    return kiosk->state == KIOSK_LIST ? kiosk_list_count(&kiosk->list) : 0;
}

static struct kiosk_target focus_end(struct kiosk *kiosk, bool first)
{
    size_t items = items_to_focus(kiosk);
    if (items > 0 && first)
        return (struct kiosk_target){KIOSK_ACTION_ITEM, 0};
    const struct scene_node *node = scene_focus_step(kiosk_frame_chrome(kiosk), NULL, first);
    return node != NULL ? target_of(node) : nothing;
}

static struct kiosk_target focus_neighbour(struct kiosk *kiosk, bool forward)
{
    struct scene *chrome = kiosk_frame_chrome(kiosk);
    size_t items = items_to_focus(kiosk), item = kiosk->focused.value;
    if (kiosk->focused.action == KIOSK_ACTION_ITEM && items > 0) {
        if (forward ? item + 1 < items : item > 0)
            return (struct kiosk_target){KIOSK_ACTION_ITEM, forward ? item + 1 : item - 1};
        const struct scene_node *end = scene_focus_step(chrome, NULL, forward);
        return end != NULL ? target_of(end) : kiosk->focused;
    }
    const struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (node == NULL || node->focus == 0)
        return focus_end(kiosk, forward);
    if (items > 0 && node == scene_focus_step(chrome, NULL, !forward))
        return (struct kiosk_target){KIOSK_ACTION_ITEM, forward ? 0 : items - 1};
    return target_of(scene_focus_step(chrome, node, forward));
}

void kiosk_input_focus_first(struct kiosk *kiosk)
{
    kiosk->focused = focus_end(kiosk, true);
}

static bool can_focus(struct kiosk *kiosk, struct kiosk_target target)
{
    if (target.action == KIOSK_ACTION_ITEM)
        return target.value < items_to_focus(kiosk);
    const struct scene_node *node = kiosk_frame_node(kiosk, target);
    return node != NULL && node->focus > 0;
}

static void handle_key(struct kiosk *kiosk, enum kiosk_event_kind kind, int64_t now_ms)
{
    bool shown = kiosk->keys;
    if (kiosk->state == KIOSK_ATTRACT && kind == KIOSK_KEY_BACK)
        return;
    kiosk_input_drop_touch(kiosk);
    kiosk->keys = true;
    kiosk->activity_ms = now_ms;
    if (kiosk->state == KIOSK_ATTRACT)
        kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_START, 0}, now_ms);
    else if (kind == KIOSK_KEY_BACK)
        kiosk_do(kiosk,
                 (struct kiosk_target){
                     kiosk_state_asks(kiosk->state) ? KIOSK_ACTION_STAY : KIOSK_ACTION_BACK, 0},
                 now_ms);
    else if (!shown || !can_focus(kiosk, kiosk->focused)) /* first show where the focus is */
        set_focus(kiosk, can_focus(kiosk, kiosk->focused) ? kiosk->focused : focus_end(kiosk, true),
                  now_ms);
    else if (kind == KIOSK_KEY_ACTIVATE)
        kiosk_do(kiosk, kiosk->focused, now_ms);
    else
        set_focus(kiosk, focus_neighbour(kiosk, kind == KIOSK_KEY_NEXT), now_ms);
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
    struct kiosk_scroll *scroll = kiosk_current_scroll(kiosk);
    if (!kiosk->touch.active)
        return;
    set_pressed(kiosk, nothing);
    kiosk->touch.active = false;
    if (scroll->motion == SCROLL_DRAG) { /* not left hanging past an edge */
        kiosk_scroll_jump(scroll, scroll->offset);
        kiosk_frame_damage_content(kiosk);
    }
}

static void hide_focus(struct kiosk *kiosk)
{
    struct scene_node *node = kiosk_frame_node(kiosk, kiosk->focused);
    if (kiosk->keys)
        kiosk_frame_damage(kiosk, place_of(kiosk, kiosk->focused));
    if (node != NULL)
        node->focused = false;
    kiosk->keys = false;
}

static void handle_down(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_touch *touch = &kiosk->touch;
    if (touch->active && touch->finger != event->finger &&
        now_ms - touch->changed_ms < FINGER_STALE_MS)
        return;
    kiosk_input_drop_touch(kiosk);
    kiosk_end_motion(kiosk);
    hide_focus(kiosk);
    kiosk->activity_ms = now_ms;
    struct kiosk_scroll *scroll = kiosk_current_scroll(kiosk);
    bool page = kiosk->state == KIOSK_LIST || kiosk->state == KIOSK_SHEET;
    struct kiosk_target target = kiosk_input_hit(kiosk, event->x, event->y);
    *touch = (struct kiosk_touch){
        .active = true,
        .finger = event->finger,
        .start_x = event->x,
        .start_y = event->y,
        .changed_ms = now_ms,
        .scrolls = page && (target.action == KIOSK_ACTION_ITEM ||
                            (target.action == KIOSK_ACTION_NONE &&
                             rect_contains(kiosk_frame_content(kiosk), event->x, event->y))),
    };
    if (touch->scrolls && kiosk_scroll_runs(scroll)) { /* stops it, and is no tap */
        kiosk_scroll_grab(scroll, event->y, now_ms);
        touch->drags = true;
        return;
    }
    if (touch->scrolls && kiosk_scroll_moves(scroll))
        kiosk_scroll_jump(scroll, scroll->offset);
    set_pressed(kiosk, target);
}

static void handle_move(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_touch *touch = &kiosk->touch;
    if (!touch->active || touch->finger != event->finger || !touch->scrolls)
        return;
    struct kiosk_scroll *scroll = kiosk_current_scroll(kiosk);
    double way = hypot(event->x - touch->start_x, event->y - touch->start_y);
    if (way > kiosk->layout.slop) { /* trembling is no sign of life: start is
                                       where it last was */
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
        kiosk_frame_damage_content(kiosk);
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
    if (touch->drags)
        kiosk_scroll_release(kiosk_current_scroll(kiosk), !act || !kiosk_motion_wanted(kiosk),
                             now_ms);
    else if (act && pressed.action != KIOSK_ACTION_NONE &&
             same(pressed, kiosk_input_hit(kiosk, event->x, event->y)))
        kiosk_do(kiosk, pressed, now_ms);
}

void kiosk_input_handle(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    switch (event->kind) {
    case KIOSK_TOUCH_DOWN:
        handle_down(kiosk, event, now_ms);
        break;
    case KIOSK_TOUCH_MOVE:
        handle_move(kiosk, event, now_ms);
        break;
    case KIOSK_TOUCH_UP:
    case KIOSK_TOUCH_CANCEL:
        handle_up(kiosk, event, event->kind == KIOSK_TOUCH_UP, now_ms);
        break;
    case KIOSK_KEY_NEXT:
    case KIOSK_KEY_PREVIOUS:
    case KIOSK_KEY_ACTIVATE:
    case KIOSK_KEY_BACK:
        handle_key(kiosk, event->kind, now_ms);
        break;
    }
}
