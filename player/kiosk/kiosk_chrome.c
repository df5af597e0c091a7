#include "player/kiosk/kiosk_chrome.h"

#include <stdio.h>

#include "core/strbuf.h"
#include "player/kiosk/kiosk_strings.h"

const enum kiosk_action kiosk_chrome_bar_actions[KIOSK_BAR_BUTTONS] = {
    KIOSK_ACTION_BACK, KIOSK_ACTION_HOME, KIOSK_ACTION_LANGUAGE, KIOSK_ACTION_OPTIONS};
const enum kiosk_action kiosk_chrome_option_actions[KIOSK_BAR_BUTTONS] = {
    KIOSK_ACTION_LOW, KIOSK_ACTION_LARGE, KIOSK_ACTION_CONTRAST, KIOSK_ACTION_CLOSE};
const enum kiosk_action kiosk_chrome_dialog_actions[2] = {KIOSK_ACTION_QUIT, KIOSK_ACTION_STAY};

bool kiosk_chrome_same(struct kiosk_target a, struct kiosk_target b)
{
    return a.action == b.action && a.value == b.value;
}

static const char *word(const struct kiosk_look *look, enum kiosk_string string)
{
    return kiosk_strings_get(string, look->paint.lang);
}

/* Pressed and focused as the visitor does it. */
static struct kiosk_button button_for(const struct kiosk_look *look, enum kiosk_action action,
                                      struct rect rect)
{
    struct kiosk_target target = {.action = action};
    return (struct kiosk_button){.rect = rect,
                                 .label = "",
                                 .pressed = kiosk_chrome_same(look->pressed, target),
                                 .focused = kiosk_chrome_same(look->focused, target)};
}

static void fill_chrome(const struct kiosk_look *look, struct canvas *canvas, struct rect rect)
{
    canvas_fill_gradient(canvas, rect, false, look->paint.theme->chrome,
                         look->paint.theme->chrome_deep);
}

void kiosk_chrome_header(const struct kiosk_look *look, struct canvas *canvas)
{
    const struct kiosk_paint *paint = &look->paint;
    const struct kiosk_theme *theme = paint->theme;
    const struct rect *header = &paint->layout->header;
    int margin = paint->layout->margin, stripe = kiosk_paint_px(paint, 3);
    fill_chrome(look, canvas, *header);
    canvas_fill_rect(canvas, (struct rect){0, header->y + header->h - stripe, header->w, stripe},
                     theme->accent);

    struct strbuf count;
    strbuf_init(&count);
    kiosk_strings_count(look->list->directory == NULL ? 0 : look->list->directory->entry_count,
                        paint->lang, &count);
    struct text_style title =
        kiosk_paint_style(paint, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, TEXT_START, 1);
    struct text_style small =
        kiosk_paint_style(paint, TEXT_SEMIBOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    struct rect inside = {margin, header->y, header->w - 2 * margin, header->h - stripe};
    if (header->h >= kiosk_paint_px(paint, 60)) {
        strbuf_append(&count, " · ");
        strbuf_append(&count, word(look, KIOSK_STRING_AREA));
        int top = inside.h * 54 / 100, lift = kiosk_paint_px(paint, 3);
        kiosk_paint_text(paint, canvas, word(look, KIOSK_STRING_TITLE), &title,
                         (struct rect){inside.x, inside.y + 2 * lift, inside.w, top}, true,
                         theme->on_chrome);
        kiosk_paint_text(paint, canvas, count.bytes, &small,
                         (struct rect){inside.x, inside.y + top, inside.w, inside.h - top - lift},
                         true, theme->accent);
    } else {
        int aside = inside.w * 36 / 100;
        title.cap_height *= 0.85;
        small.align = TEXT_END;
        kiosk_paint_text(paint, canvas, word(look, KIOSK_STRING_TITLE), &title,
                         (struct rect){inside.x, inside.y, inside.w - aside, inside.h}, true,
                         theme->on_chrome);
        kiosk_paint_text(paint, canvas, count.bytes, &small,
                         (struct rect){inside.x + inside.w - aside, inside.y, aside, inside.h},
                         true, theme->accent);
    }
    strbuf_finish(&count);
}

static void draw_letter(const struct kiosk_look *look, struct canvas *canvas, int letter)
{
    const struct kiosk_paint *paint = &look->paint;
    const struct kiosk_theme *theme = paint->theme;
    struct kiosk_target target = {KIOSK_ACTION_LETTER, (size_t)letter};
    struct rect cell = kiosk_layout_letter(paint->layout, letter);
    bool there = kiosk_list_letter(look->list, letter) != KIOSK_NO_ITEM;
    bool pressed = there && kiosk_chrome_same(look->pressed, target);
    int radius = paint->layout->radius * 2 / 3;
    color ink = there ? theme->text : theme->on_disabled;
    if (pressed || (there && look->letter == letter)) {
        canvas_fill_round(canvas, cell, radius, pressed ? theme->link : theme->accent);
        ink = pressed ? theme->card : theme->on_accent;
    } else if (there) {
        canvas_fill_round(canvas, cell, radius, theme->card);
        if (theme->edge != 0)
            canvas_stroke_round(canvas, cell, radius, 2, theme->edge);
    }
    char text[2] = {letter < 26 ? (char)('A' + letter) : '#', '\0'};
    struct text_style style = kiosk_paint_style(paint, there ? TEXT_EXTRABOLD : TEXT_REGULAR,
                                                KIOSK_CAP_BODY, TEXT_CENTER, 1);
    kiosk_paint_text(paint, canvas, text, &style, cell, true, ink);
    if (kiosk_chrome_same(look->focused, target))
        kiosk_paint_focus(paint, canvas, cell, radius);
}

void kiosk_chrome_index(const struct kiosk_look *look, struct canvas *canvas)
{
    const struct rect *index = &look->paint.layout->index;
    int around = look->paint.layout->gap / 2; /* focus rings reach out */
    canvas_fill_rect(canvas,
                     (struct rect){index->x - around, index->y - around, index->w + 2 * around,
                                   index->h + 2 * around},
                     look->paint.theme->page);
    for (int letter = 0; letter < KIOSK_LETTERS; letter++)
        draw_letter(look, canvas, letter);
}

void kiosk_chrome_pages(const struct kiosk_look *look, struct canvas *canvas)
{
    const struct kiosk_layout *layout = look->paint.layout;
    struct kiosk_button up = button_for(look, KIOSK_ACTION_PAGE_UP, layout->page_up);
    struct kiosk_button down = button_for(look, KIOSK_ACTION_PAGE_DOWN, layout->page_down);
    up.look = down.look = KIOSK_BUTTON_PAGE;
    up.icon = KIOSK_ICON_UP;
    up.disabled = !look->can_page_up;
    down.icon = KIOSK_ICON_DOWN;
    down.disabled = !look->can_page_down;
    kiosk_paint_button(&look->paint, canvas, &up);
    kiosk_paint_button(&look->paint, canvas, &down);
}

void kiosk_chrome_bar(const struct kiosk_look *look, struct canvas *canvas)
{
    static const struct {
        enum kiosk_icon icon;
        enum kiosk_string label;
    } buttons[KIOSK_BAR_BUTTONS] = {
        {KIOSK_ICON_BACK, KIOSK_STRING_BACK},
        {KIOSK_ICON_HOME, KIOSK_STRING_HOME},
        {KIOSK_ICON_LANGUAGE, KIOSK_STRING_LANGUAGE},
        {KIOSK_ICON_ACCESS, KIOSK_STRING_OPTIONS},
    };
    const struct kiosk_layout *layout = look->paint.layout;
    canvas_fill_rect(canvas, layout->bar, look->paint.theme->chrome_deep);
    if (look->paint.theme->edge != 0)
        canvas_fill_rect(canvas, (struct rect){layout->bar.x, layout->bar.y, layout->bar.w, 2},
                         look->paint.theme->edge);
    for (int i = 0; i < KIOSK_BAR_BUTTONS; i++) {
        struct kiosk_button button =
            button_for(look, kiosk_chrome_bar_actions[i], layout->buttons[i]);
        button.icon = buttons[i].icon;
        button.label = word(look, buttons[i].label);
        if (kiosk_chrome_bar_actions[i] == KIOSK_ACTION_OPTIONS && look->options_open)
            button.look = KIOSK_BUTTON_ACCENT;
        kiosk_paint_button(&look->paint, canvas, &button);
    }
}

void kiosk_chrome_options(const struct kiosk_look *look, struct canvas *canvas)
{
    const struct {
        enum kiosk_icon icon;
        enum kiosk_string label;
        bool on;
    } buttons[KIOSK_BAR_BUTTONS] = {
        {KIOSK_ICON_LOW, KIOSK_STRING_OPTION_LOW, look->modes.low},
        {KIOSK_ICON_LARGE, KIOSK_STRING_OPTION_LARGE, look->modes.large},
        {KIOSK_ICON_CONTRAST, KIOSK_STRING_OPTION_CONTRAST, look->modes.contrast},
        {KIOSK_ICON_CLOSE, KIOSK_STRING_CLOSE, false},
    };
    const struct kiosk_layout *layout = look->paint.layout;
    kiosk_paint_card(&look->paint, canvas, layout->options, false);
    for (int i = 0; i < KIOSK_BAR_BUTTONS; i++) {
        struct kiosk_button button =
            button_for(look, kiosk_chrome_option_actions[i], layout->option_buttons[i]);
        bool closes = kiosk_chrome_option_actions[i] == KIOSK_ACTION_CLOSE;
        button.look = buttons[i].on ? KIOSK_BUTTON_ACCENT : KIOSK_BUTTON_PAGE;
        button.icon = buttons[i].on ? KIOSK_ICON_CHECK : buttons[i].icon;
        button.label = word(look, buttons[i].label);
        if (!closes)
            button.caption =
                word(look, buttons[i].on ? KIOSK_STRING_OPTION_ON : KIOSK_STRING_OPTION_OFF);
        kiosk_paint_button(&look->paint, canvas, &button);
    }
}

/* How much of the countdown is left, for who does not read it. */
static void draw_countdown(const struct kiosk_look *look, struct canvas *canvas, struct rect bar)
{
    const struct kiosk_theme *theme = look->paint.theme;
    canvas_fill_round(canvas, bar, bar.h / 2, theme->disabled);
    bar.w = bar.w * look->seconds / 30;
    if (bar.w > bar.h)
        canvas_fill_round(canvas, bar, bar.h / 2, theme->link);
}

void kiosk_chrome_dialog(const struct kiosk_look *look, struct canvas *canvas)
{
    const struct kiosk_paint *paint = &look->paint;
    const struct kiosk_theme *theme = paint->theme;
    const struct kiosk_layout *layout = paint->layout;
    const struct rect *dialog = &layout->dialog;
    int pad = kiosk_paint_px(paint, 14), line = kiosk_paint_px(paint, 5);
    kiosk_paint_card(paint, canvas, *dialog, false);
    int buttons = layout->dialog_buttons[0].y;
    struct rect box = {dialog->x + pad, dialog->y + pad, dialog->w - 2 * pad,
                       buttons - dialog->y - 2 * pad - 2 * line};
    struct text_style style =
        kiosk_paint_style(paint, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, TEXT_CENTER, 2);
    style.balance = true;
    kiosk_paint_text(paint, canvas, word(look, KIOSK_STRING_ASK), &style,
                     (struct rect){box.x, box.y, box.w, box.h / 2}, true, theme->text);
    struct strbuf more;
    strbuf_init(&more);
    kiosk_strings_ask(look->seconds, paint->lang, &more);
    style = kiosk_paint_style(paint, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_CENTER, 3);
    style.balance = true;
    kiosk_paint_text(paint, canvas, more.bytes, &style,
                     (struct rect){box.x, box.y + box.h / 2, box.w, box.h / 2}, true, theme->muted);
    strbuf_finish(&more);
    draw_countdown(look, canvas, (struct rect){box.x, buttons - pad - line, box.w, line});

    struct kiosk_button quit = button_for(look, KIOSK_ACTION_QUIT, layout->dialog_buttons[0]);
    quit.look = KIOSK_BUTTON_PAGE;
    quit.label = word(look, KIOSK_STRING_QUIT);
    struct kiosk_button stay = button_for(look, KIOSK_ACTION_STAY, layout->dialog_buttons[1]);
    stay.look = KIOSK_BUTTON_ACCENT;
    stay.label = word(look, KIOSK_STRING_STAY);
    kiosk_paint_button(paint, canvas, &quit);
    kiosk_paint_button(paint, canvas, &stay);
}

/* A disc with the hand, then the invitation over what there is to find. */
static void draw_invitation(const struct kiosk_look *look, struct canvas *canvas,
                            const struct kiosk_button *button, color fill, color ink)
{
    const struct kiosk_paint *paint = &look->paint;
    int pad = kiosk_paint_px(paint, 9);
    int disc = button->rect.h - 2 * pad, hand = disc * 7 / 10;
    struct rect circle = {button->rect.x + pad, button->rect.y + pad, disc, disc};
    canvas_fill_round(canvas, circle, disc / 2, ink);
    kiosk_icon_draw(canvas, KIOSK_ICON_TOUCH, circle.x + (disc - hand) / 2,
                    circle.y + (disc - hand) / 2, hand, fill);
    int x = circle.x + disc + pad, width = button->rect.x + button->rect.w - pad - x;
    int first = button->rect.h * 56 / 100;
    struct text_style style = kiosk_paint_style(paint, TEXT_EXTRABOLD, 13.5, TEXT_START, 1);
    kiosk_paint_text(paint, canvas, word(look, KIOSK_STRING_INVITE), &style,
                     (struct rect){x, button->rect.y + pad / 2, width, first - pad / 2}, true, ink);
    style = kiosk_paint_style(paint, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_START, 1);
    kiosk_paint_text(paint, canvas, word(look, KIOSK_STRING_INVITE_MORE), &style,
                     (struct rect){x, button->rect.y + first, width, button->rect.h - first - pad},
                     true, ink);
}

void kiosk_chrome_attract(const struct kiosk_look *look, struct canvas *canvas)
{
    const struct kiosk_layout *layout = look->paint.layout;
    const struct kiosk_theme *theme = look->paint.theme;
    canvas_fill_rect(canvas, layout->attract, theme->chrome_deep);
    struct kiosk_button start = button_for(look, KIOSK_ACTION_START, layout->attract_button);
    start.look = KIOSK_BUTTON_ACCENT;
    kiosk_paint_button(&look->paint, canvas, &start);
    draw_invitation(look, canvas, &start, start.pressed ? theme->on_accent : theme->accent,
                    start.pressed ? theme->accent : theme->on_accent);
    struct kiosk_button language =
        button_for(look, KIOSK_ACTION_START_OTHER, layout->attract_language);
    language.icon = KIOSK_ICON_LANGUAGE;
    language.label = word(look, KIOSK_STRING_LANGUAGE);
    kiosk_paint_button(&look->paint, canvas, &language);
}
