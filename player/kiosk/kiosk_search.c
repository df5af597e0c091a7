#include "player/kiosk/kiosk_search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYBOARD_MM 114.0
#define KEYBOARD_SHARE 0.58 /* of the body, at most */

bool kiosk_search_types(const struct kiosk *kiosk)
{
    return kiosk->search.typing && kiosk_state_page(&kiosk->state) == KIOSK_DIRECTORY;
}

size_t kiosk_search_chosen(const struct kiosk *kiosk)
{
    size_t count = 0;
    for (int facet = 0; facet < DIRECTORY_FACETS; facet++)
        for (int i = 0; i < DIRECTORY_VALUES_MAX / 64; i++)
            count += (size_t)__builtin_popcountll(kiosk->search.chosen[facet].bits[i]);
    return count;
}

struct rect kiosk_search_arrange(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect area = layout->body;
    if (!kiosk_search_types(kiosk))
        return area;
    int height = (int)fmin(kiosk_layout_px(layout, KEYBOARD_MM), area.h * KEYBOARD_SHARE);
    struct rect keys = {area.x, area.y + area.h - height, area.w, height};
    kiosk_keyboard_place(&kiosk->search.keyboard, keys, layout->mm);
    area.h -= height + 2 * layout->gap;
    return area;
}

/* ---- the question ---------------------------------------------------------------------------- */

const struct directory_answer *kiosk_answer(struct kiosk *kiosk)
{
    struct kiosk_search *search = &kiosk->search;
    struct directory_query query = {.text = search->keyboard.text, .lang = kiosk->lang};
    struct error err;
    if (!search->stale || kiosk->directory == NULL)
        return &search->answer;
    memcpy(query.chosen, search->chosen, sizeof(query.chosen));
    if (!directory_ask(kiosk->directory, &query, &search->answer, &err))
        search->answer.row_count = 0; /* a file that became unreadable: the server sends another */
    search->stale = false;
    return &search->answer;
}

void kiosk_search_changed(struct kiosk *kiosk)
{
    kiosk->search.stale = true;
    kiosk->map_stale = true;
    free(kiosk->place_rows);
    kiosk->place_rows = NULL;
    kiosk->place_count = 0;
    kiosk->map_selected = KIOSK_MAP_NOBODY;
    kiosk_refresh(kiosk);
}

/* ---- the header ------------------------------------------------------------------------------ */

/* Magnifier, what was typed or what may be, a caret while the keyboard shows, a cross to erase. */
static void add_field(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root,
                      struct rect rect)
{
    const struct kiosk_theme *theme = kit->theme;
    const char *text = kiosk->search.keyboard.text;
    int pad = kiosk_kit_px(kit, 6), icon = kiosk_kit_px(kit, 13), x = 2 * pad + icon;
    int cross = text[0] != '\0' ? rect.h : 0, edge = kiosk_kit_px(kit, 1.5);
    struct scene_node *field = scene_box(root, rect, theme->card, kit->layout->radius);
    field->action = KIOSK_ACTION_SEARCH;
    field->focus = kit->covered ? KIOSK_FOCUS_NONE : KIOSK_FOCUS_TOOLS;
    scene_set_label(field, text[0] != '\0' ? text : kiosk_kit_word(kit, KIOSK_STRING_SEARCH));
    if (theme->edge != 0 || kiosk_search_types(kiosk)) {
        field->stroke = theme->edge != 0 ? theme->edge : theme->accent;
        field->stroke_width = edge;
    }
    scene_icon(field, (struct rect){pad, (rect.h - icon) / 2, icon, icon}, ICON_SEARCH,
               theme->link);
    struct text_style style = kiosk_kit_style(kit, text[0] != '\0' ? TEXT_SEMIBOLD : TEXT_REGULAR,
                                              KIOSK_CAP_NAME, TEXT_START, 1);
    struct scene_node *words =
        kiosk_kit_fit(kit, field, (struct rect){x, 0, rect.w - x - pad - cross, rect.h},
                      text[0] != '\0' ? text : kiosk_kit_word(kit, KIOSK_STRING_SEARCH), &style,
                      text[0] != '\0' ? theme->text : theme->muted);
    if (kiosk_search_types(kiosk)) {
        int at = text[0] != '\0' ? text_layout_width(words->layout) : 0;
        int height = kiosk_kit_px(kit, 15 * kit->layout->text);
        scene_box(field,
                  (struct rect){x + at + kiosk_kit_px(kit, 0.8), (rect.h - height) / 2,
                                kiosk_kit_px(kit, 1.2), height},
                  theme->link, 0);
    }
    if (cross == 0)
        return;
    struct kiosk_button erase = {.rect = {rect.x + rect.w - cross + edge, rect.y + edge,
                                          cross - 2 * edge, rect.h - 2 * edge},
                                 .action = KIOSK_ACTION_ERASE,
                                 .focus = KIOSK_FOCUS_TOOLS,
                                 .icon = ICON_CLOSE,
                                 .label = kiosk_kit_word(kit, KIOSK_STRING_CLEAR),
                                 .look = KIOSK_BUTTON_PAGE,
                                 .silent = true};
    struct scene_node *button = kiosk_kit_button(kit, root, &erase);
    button->shadow = 0;
}

void kiosk_search_build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root,
                        enum kiosk_page other)
{
    const struct kiosk_layout *layout = kit->layout;
    struct rect header = layout->header;
    int stripe = kiosk_kit_px(kit, 3), pad = kiosk_kit_px(kit, 6);
    bool tall = header.h >= kiosk_kit_px(kit, 60);
    int tool = kiosk_kit_px(kit, 52 * sqrt(layout->text));
    struct scene_node *box = scene_box(root, header, kit->theme->chrome, 0);
    scene_box(box, (struct rect){0, header.h - stripe, header.w, stripe}, kit->theme->accent, 0);
    struct rect row = {layout->margin, header.y + pad, header.w - 2 * layout->margin,
                       header.h - stripe - 2 * pad};
    struct rect field = row;
    field.w -= 2 * (tool + layout->gap);
    add_field(kiosk, kit, root, field);
    char filters[64];
    size_t chosen = kiosk_search_chosen(kiosk);
    snprintf(filters, sizeof(filters), chosen > 0 ? "%s (%zu)" : "%s",
             kiosk_kit_word(kit, KIOSK_STRING_FILTERS), chosen);
    struct kiosk_button button = {
        .rect = {field.x + field.w + layout->gap, row.y, tool, row.h},
        .action = KIOSK_ACTION_CHOICES,
        .focus = KIOSK_FOCUS_TOOLS,
        .icon = tall ? ICON_FILTER : ICON_NONE,
        .label = filters,
        .look = chosen > 0 ? KIOSK_BUTTON_ACCENT : KIOSK_BUTTON_CHROME,
    };
    kiosk_kit_button(kit, root, &button);
    button.rect.x += tool + layout->gap;
    button.action = KIOSK_ACTION_OPEN;
    button.argument = other;
    button.icon = !tall ? ICON_NONE : other == KIOSK_MAP ? ICON_PIN : ICON_LIST;
    button.label = kiosk_kit_word(kit, other == KIOSK_MAP ? KIOSK_STRING_MAP : KIOSK_STRING_LIST);
    button.look = KIOSK_BUTTON_CHROME;
    kiosk_kit_button(kit, root, &button);
}

void kiosk_search_heading(struct kiosk *kiosk, struct strbuf *title, struct strbuf *aside)
{
    const struct directory_answer *answer = kiosk_answer(kiosk);
    enum lang lang = kiosk->lang;
    kiosk_strings_count(answer->row_count, lang, aside);
    if (answer->row_count == 0)
        strbuf_append(title, kiosk_strings_get(KIOSK_STRING_NOBODY, lang));
    else if (answer->match == DIRECTORY_CORRECTED)
        strbuf_printf(
            title,
            lang_pick(lang, "Vouliez-vous dire «\u00a0%s\u00a0»\u202f?", "Did you mean “%s”?"),
            answer->suggestion);
    else if (answer->match == DIRECTORY_NEAREST)
        strbuf_printf(title,
                      lang_pick(lang, "Rien pour «\u00a0%s\u00a0»\u00a0: voyez %s",
                                "Nothing for “%s”: see %s"),
                      kiosk->search.keyboard.text, answer->suggestion);
    else
        strbuf_append(title, kiosk_strings_get(
                                 answer->ranked ? KIOSK_STRING_RESULTS : KIOSK_STRING_ALL, lang));
}

/* ---- the keyboard ---------------------------------------------------------------------------- */

static void damage_keyboard(struct kiosk *kiosk)
{
    kiosk_frame_damage(kiosk, kiosk_keyboard_bounds(&kiosk->search.keyboard));
}

static void show_keyboard(struct kiosk *kiosk, bool shown)
{
    if (kiosk->search.typing == shown)
        return;
    kiosk->search.typing = shown;
    kiosk_keyboard_cancel(&kiosk->search.keyboard);
    kiosk_keyboard_blur(&kiosk->search.keyboard);
    kiosk->keyboard_focused = false;
    kiosk_refresh(kiosk);
}

/* What is typed now, and what it finds. */
static void say_answer(struct kiosk *kiosk)
{
    struct strbuf text, aside;
    strbuf_init(&text);
    strbuf_init(&aside);
    strbuf_append(&text, kiosk->search.keyboard.text);
    strbuf_append(&text, ". ");
    kiosk_search_heading(kiosk, &text, &aside);
    strbuf_append(&text, ". ");
    strbuf_append(&text, aside.bytes);
    kiosk_say(kiosk, text.bytes);
    strbuf_finish(&aside);
    strbuf_finish(&text);
}

void kiosk_search_take(struct kiosk *kiosk, enum kiosk_keyboard_change change, int64_t now_ms)
{
    kiosk->activity_ms = now_ms;
    switch (change) {
    case KIOSK_KEYBOARD_SAME:
        break;
    case KIOSK_KEYBOARD_LOOK:
        damage_keyboard(kiosk);
        break;
    case KIOSK_KEYBOARD_TEXT:
        if (strlen(kiosk->search.keyboard.text) == 2) /* once a search: it begins */
            kiosk_count(kiosk, KIOSK_COUNT_SEARCH, NULL);
        kiosk_search_changed(kiosk);
        if (kiosk->keyboard_focused)
            say_answer(kiosk);
        break;
    case KIOSK_KEYBOARD_SUBMIT:
        show_keyboard(kiosk, false);
        if (kiosk->keys) {
            kiosk_input_focus_first(kiosk);
            kiosk_say_focus(kiosk);
        }
        break;
    }
}

void kiosk_search_say_key(struct kiosk *kiosk)
{
    const struct kiosk_keyboard *keyboard = &kiosk->search.keyboard;
    if (keyboard->focus >= 0)
        kiosk_say(kiosk, kiosk_keyboard_label(keyboard, keyboard->focus, kiosk->lang));
}

/* Two thumbs: a second finger ends the first one's key. */
static void press(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_keyboard *keyboard = &kiosk->search.keyboard;
    if (kiosk->live_active)
        kiosk_search_take(kiosk, kiosk_keyboard_up(keyboard, kiosk->live_x, kiosk->live_y), now_ms);
    kiosk->live_active = true;
    kiosk->live_finger = event->finger;
    kiosk_search_take(kiosk, kiosk_keyboard_down(keyboard, event->x, event->y, now_ms), now_ms);
}

static void follow(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    struct kiosk_keyboard *keyboard = &kiosk->search.keyboard;
    if (event->kind == KIOSK_TOUCH_MOVE) {
        if (kiosk_keyboard_move(keyboard, event->x, event->y) != KIOSK_KEYBOARD_SAME)
            damage_keyboard(kiosk);
        return;
    }
    kiosk->live_active = false;
    if (event->kind == KIOSK_TOUCH_UP) {
        kiosk_search_take(kiosk, kiosk_keyboard_up(keyboard, event->x, event->y), now_ms);
    } else {
        kiosk_keyboard_cancel(keyboard);
        damage_keyboard(kiosk);
    }
}

bool kiosk_search_touch(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    if (!kiosk_search_types(kiosk))
        return false;
    if (event->kind == KIOSK_TOUCH_DOWN) {
        struct rect area = kiosk->search.keyboard.open >= 0
                               ? kiosk_keyboard_bounds(&kiosk->search.keyboard)
                               : kiosk->search.keyboard.rect;
        if (!rect_contains(area, event->x, event->y))
            return false;
        press(kiosk, event, now_ms);
    } else if (!kiosk->live_active || event->finger != kiosk->live_finger) {
        return false;
    } else {
        follow(kiosk, event, now_ms);
    }
    kiosk->live_x = event->x;
    kiosk->live_y = event->y;
    return true;
}

void kiosk_search_drop(struct kiosk *kiosk)
{
    kiosk->live_active = false;
    kiosk_keyboard_cancel(&kiosk->search.keyboard);
    if (kiosk_search_types(kiosk))
        damage_keyboard(kiosk);
}

/* On a tray of its own, from edge to edge. */
void kiosk_search_draw(struct kiosk *kiosk, const struct kiosk_kit *kit, struct canvas *canvas)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect keys = kiosk->search.keyboard.rect;
    if (!kiosk_search_types(kiosk))
        return;
    struct rect tray = {0, keys.y - layout->gap, layout->screen.w,
                        layout->bar.y - keys.y + layout->gap};
    canvas_fill_rect(canvas, tray, kit->theme->disabled);
    if (kit->theme->edge != 0)
        canvas_fill_rect(canvas, (struct rect){0, tray.y, tray.w, 2}, kit->theme->edge);
    kiosk_keyboard_draw(&kiosk->search.keyboard, kit, kiosk->config.text, canvas);
}

void kiosk_search_tick(struct kiosk *kiosk, int64_t now_ms)
{
    if (!kiosk_search_types(kiosk))
        return;
    int64_t activity_ms = kiosk->activity_ms; /* a key that is held is no sign of life */
    kiosk_search_take(kiosk, kiosk_keyboard_tick(&kiosk->search.keyboard, now_ms), now_ms);
    kiosk->activity_ms = activity_ms;
}

int64_t kiosk_search_wake(const struct kiosk *kiosk, int64_t now_ms)
{
    (void)now_ms;
    return kiosk_search_types(kiosk) ? kiosk_keyboard_next_wake(&kiosk->search.keyboard)
                                     : KIOSK_NEVER;
}

bool kiosk_search_act(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    switch (target.action) {
    case KIOSK_ACTION_SEARCH:
        if (kiosk_state_page(&kiosk->state) != KIOSK_DIRECTORY)
            kiosk_open(kiosk, KIOSK_DIRECTORY, "", 0, KIOSK_NO_CARD, now_ms);
        show_keyboard(kiosk, true);
        if (kiosk->keys) {
            kiosk->focused = (struct kiosk_target){0};
            kiosk->keyboard_focused =
                kiosk_keyboard_focus(&kiosk->search.keyboard, KIOSK_KEYBOARD_NEXT);
            kiosk_search_say_key(kiosk);
        }
        return true;
    case KIOSK_ACTION_ERASE:
        kiosk_keyboard_set_text(&kiosk->search.keyboard, "");
        kiosk_search_changed(kiosk);
        return true;
    case KIOSK_ACTION_CHOICES:
        if (kiosk_search_types(kiosk))
            show_keyboard(kiosk, false);
        kiosk_cover(kiosk, KIOSK_OVERLAY_CHOICES, now_ms);
        return true;
    case KIOSK_ACTION_ALL:
        memset(kiosk->search.chosen, 0, sizeof(kiosk->search.chosen));
        kiosk_search_changed(kiosk);
        return true;
    default:
        return false;
    }
}
