/* Touch and keys: which finger counts, what lies below it, tap or drag, and where the focus goes.
 */
#include <assert.h>
#include <math.h>

#include "player/kiosk/kiosk_private.h"

/* A finger that did nothing for so long no longer keeps others out: a palm that rests, or one whose
 * release was lost with the panel. */
#define FINGER_STALE_MS 3000

static const struct kiosk_target nothing = {KIOSK_ACTION_NONE, 0};

/* ---- what lies where ------------------------------------------------------------------------- */

static bool find_button(const struct rect *rects, const enum kiosk_action *actions, int count,
                        int x, int y, struct kiosk_target *target_out)
{
    for (int i = 0; i < count; i++) {
        if (rect_contains(rects[i], x, y)) {
            *target_out = (struct kiosk_target){actions[i], 0};
            return true;
        }
    }
    return false;
}

static struct kiosk_target hit_pages(const struct kiosk *kiosk, int x, int y)
{
    const struct kiosk_scroll *scroll =
        kiosk->state == KIOSK_SHEET ? &kiosk->sheet_scroll : &kiosk->list_scroll;
    if (scroll->limit > 0 && rect_contains(kiosk->layout.page_up, x, y))
        return (struct kiosk_target){KIOSK_ACTION_PAGE_UP, 0};
    if (scroll->limit > 0 && rect_contains(kiosk->layout.page_down, x, y))
        return (struct kiosk_target){KIOSK_ACTION_PAGE_DOWN, 0};
    return nothing;
}

static struct kiosk_target hit_list(const struct kiosk *kiosk, int x, int y)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    for (int letter = 0; letter < KIOSK_LETTERS; letter++)
        if (kiosk_list_letter(&kiosk->list, letter) != KIOSK_NO_ITEM &&
            rect_contains(kiosk_layout_letter(layout, letter), x, y))
            return (struct kiosk_target){KIOSK_ACTION_LETTER, (size_t)letter};
    size_t first, end;
    int top = (int)kiosk->list_scroll.offset - layout->gap;
    if (!rect_contains(layout->view, x, y) ||
        !kiosk_list_visible(&kiosk->list, top, top + layout->view.h, &first, &end))
        return nothing;
    for (size_t item = first; item < end; item++)
        if (rect_contains(kiosk_frame_item_rect(kiosk, item), x, y))
            return (struct kiosk_target){KIOSK_ACTION_ITEM, item};
    return nothing;
}

struct kiosk_target kiosk_input_hit(const struct kiosk *kiosk, int x, int y)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct kiosk_target target;
    if (!rect_contains(layout->screen, x, y))
        return nothing;
    if (kiosk->state == KIOSK_ATTRACT)
        return (struct kiosk_target){rect_contains(layout->attract_language, x, y)
                                         ? KIOSK_ACTION_START_OTHER
                                         : KIOSK_ACTION_START,
                                     0};
    if (kiosk_state_asks(kiosk->state)) /* one touch anywhere is an answer */
        return find_button(layout->dialog_buttons, kiosk_chrome_dialog_actions, 2, x, y, &target)
                   ? target
                   : (struct kiosk_target){KIOSK_ACTION_STAY, 0};
    if (find_button(layout->buttons, kiosk_chrome_bar_actions, KIOSK_BAR_BUTTONS, x, y, &target))
        return target;
    if (kiosk_state_has_options(kiosk->state)) {
        if (find_button(layout->option_buttons, kiosk_chrome_option_actions, KIOSK_BAR_BUTTONS, x,
                        y, &target))
            return target;
        return rect_contains(layout->options, x, y) ? nothing
                                                    : (struct kiosk_target){KIOSK_ACTION_CLOSE, 0};
    }
    target = hit_pages(kiosk, x, y);
    if (target.action != KIOSK_ACTION_NONE || kiosk->state == KIOSK_SHEET)
        return target;
    return hit_list(kiosk, x, y);
}

/* ---- focus ----------------------------------------------------------------------------------- */

static size_t letters_there(const struct kiosk *kiosk)
{
    size_t count = 0;
    for (int letter = 0; letter < KIOSK_LETTERS; letter++)
        count += kiosk_list_letter(&kiosk->list, letter) != KIOSK_NO_ITEM;
    return count;
}

static struct kiosk_target nth_letter(const struct kiosk *kiosk, size_t n)
{
    for (int letter = 0; letter < KIOSK_LETTERS; letter++)
        if (kiosk_list_letter(&kiosk->list, letter) != KIOSK_NO_ITEM && n-- == 0)
            return (struct kiosk_target){KIOSK_ACTION_LETTER, (size_t)letter};
    return nothing;
}

static size_t page_buttons(const struct kiosk *kiosk)
{
    const struct kiosk_scroll *scroll =
        kiosk_state_page(kiosk->state) == KIOSK_SHEET ? &kiosk->sheet_scroll : &kiosk->list_scroll;
    return scroll->limit > 0 ? 2 : 0;
}

size_t kiosk_input_focus_count(const struct kiosk *kiosk)
{
    if (kiosk->state == KIOSK_ATTRACT)
        return 0;
    if (kiosk_state_asks(kiosk->state))
        return 2;
    if (kiosk_state_has_options(kiosk->state))
        return KIOSK_BAR_BUTTONS;
    size_t count = page_buttons(kiosk) + KIOSK_BAR_BUTTONS;
    if (kiosk->state == KIOSK_LIST)
        count += kiosk_list_count(&kiosk->list) + letters_there(kiosk);
    return count;
}

struct kiosk_target kiosk_input_focus_at(const struct kiosk *kiosk, size_t place)
{
    assert(place < kiosk_input_focus_count(kiosk));
    if (kiosk_state_asks(kiosk->state))
        return (struct kiosk_target){kiosk_chrome_dialog_actions[1 - place], 0};
    if (kiosk_state_has_options(kiosk->state))
        return (struct kiosk_target){kiosk_chrome_option_actions[place], 0};
    if (kiosk->state == KIOSK_LIST) {
        size_t items = kiosk_list_count(&kiosk->list), letters = letters_there(kiosk);
        if (place < items)
            return (struct kiosk_target){KIOSK_ACTION_ITEM, place};
        if (place < items + letters)
            return nth_letter(kiosk, place - items);
        place -= items + letters;
    }
    if (place < page_buttons(kiosk))
        return (struct kiosk_target){place == 0 ? KIOSK_ACTION_PAGE_DOWN : KIOSK_ACTION_PAGE_UP, 0};
    return (struct kiosk_target){kiosk_chrome_bar_actions[place - page_buttons(kiosk)], 0};
}

/* The focused target's place; the first one when it is gone. */
static size_t focus_place(const struct kiosk *kiosk)
{
    size_t count = kiosk_input_focus_count(kiosk);
    if (kiosk->state == KIOSK_LIST && kiosk->focused.action == KIOSK_ACTION_ITEM)
        return kiosk->focused.value < count ? kiosk->focused.value : 0;
    size_t start = kiosk->state == KIOSK_LIST ? kiosk_list_count(&kiosk->list) : 0;
    for (size_t place = start; place < count; place++)
        if (kiosk_chrome_same(kiosk_input_focus_at(kiosk, place), kiosk->focused))
            return place;
    return count;
}

static unsigned damage_of(const struct kiosk *kiosk, struct kiosk_target target)
{
    if (kiosk_state_asks(kiosk->state))
        return DAMAGE_DIALOG;
    switch (target.action) {
    case KIOSK_ACTION_NONE:
        return 0;
    case KIOSK_ACTION_ITEM:
        return DAMAGE_CONTENT;
    case KIOSK_ACTION_LETTER:
        return DAMAGE_INDEX;
    case KIOSK_ACTION_PAGE_UP:
    case KIOSK_ACTION_PAGE_DOWN:
        return DAMAGE_PAGES;
    case KIOSK_ACTION_BACK:
    case KIOSK_ACTION_HOME:
    case KIOSK_ACTION_LANGUAGE:
    case KIOSK_ACTION_OPTIONS:
        return DAMAGE_BAR;
    case KIOSK_ACTION_LOW:
    case KIOSK_ACTION_LARGE:
    case KIOSK_ACTION_CONTRAST:
    case KIOSK_ACTION_CLOSE:
        return DAMAGE_OPTIONS;
    case KIOSK_ACTION_STAY:
    case KIOSK_ACTION_QUIT:
        return DAMAGE_DIALOG;
    case KIOSK_ACTION_START:
    case KIOSK_ACTION_START_OTHER:
        return DAMAGE_ATTRACT;
    }
    return DAMAGE_ALL;
}

static void set_focus(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    kiosk->damage |= damage_of(kiosk, kiosk->focused) | damage_of(kiosk, target);
    kiosk->focused = target;
    if (target.action == KIOSK_ACTION_ITEM && kiosk->state == KIOSK_LIST)
        kiosk_show_item(kiosk, target.value, now_ms);
}

static void move_focus(struct kiosk *kiosk, bool forward, int64_t now_ms)
{
    size_t count = kiosk_input_focus_count(kiosk);
    size_t place = focus_place(kiosk);
    if (count == 0)
        return;
    if (place == count)
        place = forward ? 0 : count - 1;
    else
        place = forward ? (place + 1) % count : (place + count - 1) % count;
    set_focus(kiosk, kiosk_input_focus_at(kiosk, place), now_ms);
}

static void handle_key(struct kiosk *kiosk, enum kiosk_event_kind kind, int64_t now_ms)
{
    kiosk_input_drop_touch(kiosk);
    if (kiosk->state == KIOSK_ATTRACT) {
        kiosk->keys = true;
        kiosk_do(kiosk, (struct kiosk_target){KIOSK_ACTION_START, 0}, now_ms);
        return;
    }
    kiosk->activity_ms = now_ms;
    if (kind == KIOSK_KEY_BACK) {
        enum kiosk_action back = KIOSK_ACTION_BACK;
        if (kiosk_state_asks(kiosk->state))
            back = KIOSK_ACTION_STAY;
        kiosk_do(kiosk, (struct kiosk_target){back, 0}, now_ms);
    } else if (!kiosk->keys) { /* the first key only shows where the focus is */
        kiosk->keys = true;
        if (focus_place(kiosk) == kiosk_input_focus_count(kiosk))
            set_focus(kiosk, kiosk_input_focus_at(kiosk, 0), now_ms);
        set_focus(kiosk, kiosk->focused, now_ms);
    } else if (kind == KIOSK_KEY_ACTIVATE) {
        kiosk_do(kiosk, kiosk->focused, now_ms);
    } else {
        move_focus(kiosk, kind == KIOSK_KEY_NEXT, now_ms);
    }
}

/* ---- touch ----------------------------------------------------------------------------------- */

static void set_pressed(struct kiosk *kiosk, struct kiosk_target target)
{
    kiosk->damage |= damage_of(kiosk, kiosk->touch.pressed) | damage_of(kiosk, target);
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
        kiosk->damage |= DAMAGE_CONTENT;
    }
}

static void hide_focus(struct kiosk *kiosk)
{
    if (kiosk->keys)
        kiosk->damage |= damage_of(kiosk, kiosk->focused);
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
    if (touch->scrolls && kiosk_scroll_moves(scroll)) { /* stops it, and is no tap */
        kiosk_scroll_grab(scroll, event->y, now_ms);
        touch->drags = true;
        return;
    }
    set_pressed(kiosk, target);
}

static void handle_move(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_touch *touch = &kiosk->touch;
    if (!touch->active || touch->finger != event->finger || !touch->scrolls)
        return;
    struct kiosk_scroll *scroll = kiosk_current_scroll(kiosk);
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
        kiosk->damage |= DAMAGE_CONTENT;
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
             kiosk_chrome_same(pressed, kiosk_input_hit(kiosk, event->x, event->y)))
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
