#include <math.h>
#include <stdio.h>

#include "core/strbuf.h"
#include "player/kiosk/kiosk_board.h"
#include "player/kiosk/kiosk_private.h"

static const char *word(const struct kiosk_kit *kit, enum kiosk_string string)
{
    return kiosk_kit_word(kit, string);
}

/* ---- header ---------------------------------------------------------------------------------- */

struct rect kiosk_chrome_header(const struct kiosk_kit *kit, struct scene_node *root,
                                const char *title, const char *more, int keep_right)
{
    const struct kiosk_theme *theme = kit->theme;
    struct rect header = kit->layout->header;
    int margin = kit->layout->margin, stripe = kiosk_kit_px(kit, 3), pad = kiosk_kit_px(kit, 7);
    struct scene_node *box = scene_box(root, header, theme->chrome, 0);
    scene_box(box, (struct rect){0, header.h - stripe, header.w, stripe}, theme->accent, 0);
    struct rect right = {header.w - margin - keep_right, header.y + pad, keep_right,
                         header.h - stripe - 2 * pad};
    int width = header.w - 2 * margin - (keep_right > 0 ? keep_right + margin : 0);
    struct text_style large = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, TEXT_START, 1);
    struct text_style small = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    struct rect upper = {margin, 0, width, header.h - stripe}, lower = upper;
    if (more[0] == '\0') {
        kiosk_kit_fit(kit, box, upper, title, &large, theme->on_chrome);
        return right;
    }
    if (header.h >= kiosk_kit_px(kit, 60)) {
        int lift = kiosk_kit_px(kit, 3);
        lower.y = upper.h * 54 / 100;
        lower.h -= lower.y + lift;
        upper.y = 2 * lift;
        upper.h = lower.y;
    } else {
        lower.w = upper.w * 54 / 100;
        upper.w -= lower.w;
        lower.x += upper.w;
        large.cap_height *= 0.85;
        small.align = TEXT_END;
    }
    kiosk_kit_fit(kit, box, upper, title, &large, theme->on_chrome);
    kiosk_kit_fit(kit, box, lower, more, &small, theme->accent);
    return right;
}

void kiosk_chrome_empty(const struct kiosk_kit *kit, struct scene_node *root, enum icon icon,
                        const char *text)
{
    const struct rect *body = &kit->layout->body;
    int glyph = kiosk_kit_px(kit, 44), gap = kiosk_kit_px(kit, 8);
    struct text_style style =
        kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_HEADING, TEXT_CENTER, 3);
    style.balance = true;
    struct scene_node *words =
        kiosk_kit_text(kit, root, body->x, 0, body->w, text, &style, kit->theme->muted);
    int y = body->y + (body->h - glyph - gap - words->rect.h) / 2;
    scene_icon(root, (struct rect){body->x + (body->w - glyph) / 2, y, glyph, glyph}, icon,
               kit->theme->muted);
    words->rect.y = y + glyph + gap;
}

/* ---- letters --------------------------------------------------------------------------------- */

int kiosk_chrome_letter(struct kiosk *kiosk)
{
    const struct kiosk_pane *pane = &kiosk->page;
    const struct directory_answer *answer = &kiosk->search.answer;
    int letter = -1;
    if (kiosk_state_page(&kiosk->state) != KIOSK_DIRECTORY || pane->at.index.w == 0)
        return -1;
    size_t item = kiosk_list_at(&pane->list, (int)pane->scroll.offset + kiosk->layout.gap);
    for (int i = 0; i < KIOSK_LETTERS; i++)
        if (answer->letters[i] != DIRECTORY_NO_ROW && answer->letters[i] <= item &&
            (letter < 0 || answer->letters[i] >= answer->letters[letter]))
            letter = i;
    return letter;
}

static void paint_letter(const struct kiosk_theme *theme, struct scene_node *cell, bool marked)
{
    cell->fill = marked ? theme->accent : theme->card;
    cell->first_child->fill = marked ? theme->on_accent : theme->text;
}

static void add_index(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    const struct kiosk_theme *theme = kit->theme;
    int marked = kiosk_chrome_letter(kiosk);
    for (int letter = 0; letter < KIOSK_LETTERS; letter++) {
        struct rect rect = kiosk_layout_letter(kit->layout, &kiosk->page.at, letter);
        bool there = kiosk->search.answer.letters[letter] != DIRECTORY_NO_ROW;
        char text[2] = {letter < 26 ? (char)('A' + letter) : '#', '\0'};
        struct text_style style = kiosk_kit_style(kit, there ? TEXT_EXTRABOLD : TEXT_REGULAR,
                                                  KIOSK_CAP_BODY, TEXT_CENTER, 1);
        struct scene_node *cell = scene_box(root, rect, 0, kit->layout->radius * 2 / 3);
        struct scene_node *name = kiosk_kit_fit(kit, cell, (struct rect){0, 0, rect.w, rect.h},
                                                text, &style, theme->on_disabled);
        if (!there)
            continue;
        cell->action = KIOSK_ACTION_LETTER;
        cell->argument = letter;
        cell->label = name->text;
        cell->focus = kit->covered ? KIOSK_FOCUS_NONE : KIOSK_FOCUS_LETTERS;
        if (theme->edge != 0) {
            cell->stroke = theme->edge;
            cell->stroke_width = 2;
        }
        paint_letter(theme, cell, letter == marked);
    }
}

void kiosk_chrome_mark_letter(struct kiosk *kiosk, struct scene *scene, int former, int letter,
                              struct rect *dirty_out)
{
    const int letters[] = {former, letter};
    *dirty_out = (struct rect){0};
    for (int i = 0; i < 2; i++) {
        struct scene_node *cell =
            letters[i] < 0 ? NULL : scene_find(scene, KIOSK_ACTION_LETTER, letters[i]);
        if (cell == NULL)
            continue;
        paint_letter(&kiosk->theme, cell, i == 1);
        *dirty_out = rect_union(*dirty_out, scene_node_dirty(cell));
    }
}

/* ---- buttons --------------------------------------------------------------------------------- */

static void add_pages(const struct kiosk_kit *kit, struct scene_node *root,
                      const struct kiosk_pane *pane, int focus)
{
    const struct kiosk_scroll *scroll = &pane->scroll;
    struct kiosk_button down = {.rect = pane->at.page_down,
                                .action = KIOSK_ACTION_PAGE_DOWN,
                                .focus = focus,
                                .icon = ICON_DOWN,
                                .label = word(kit, KIOSK_STRING_PAGE_DOWN),
                                .look = KIOSK_BUTTON_PAGE,
                                .silent = true,
                                .disabled = scroll->offset >= scroll->limit - 0.5};
    struct kiosk_button up = down;
    if (scroll->limit <= 0)
        return;
    up.rect = pane->at.page_up;
    up.action = KIOSK_ACTION_PAGE_UP;
    up.icon = ICON_UP;
    up.label = word(kit, KIOSK_STRING_PAGE_UP);
    up.disabled = scroll->offset <= 0.5;
    kiosk_kit_button(kit, root, &up);
    kiosk_kit_button(kit, root, &down);
}

/* A button of the bar or the panel. */
struct row_button {
    enum kiosk_action action;
    enum icon icon;
    enum kiosk_string label;
    bool on;
    bool toggles;
    const char *caption; /* NULL: that of a switch, if it is one */
};

static void add_row_button(const struct kiosk_kit *kit, struct scene_node *root, struct rect rect,
                           const struct row_button *row, int focus, enum kiosk_button_look rest)
{
    struct kiosk_button button = {
        .rect = rect,
        .action = row->action,
        .focus = focus,
        .icon = row->on && row->toggles ? ICON_CHECK : row->icon,
        .label = word(kit, row->label),
        .caption = row->caption,
        .look = row->on ? KIOSK_BUTTON_ACCENT : rest,
    };
    if (row->toggles)
        button.caption = word(kit, row->on ? KIOSK_STRING_OPTION_ON : KIOSK_STRING_OPTION_OFF);
    struct scene_node *node = kiosk_kit_button(kit, root, &button);
    if (button.caption != NULL) {
        struct strbuf label;
        strbuf_init(&label);
        strbuf_printf(&label, "%s, %s", button.label, button.caption);
        scene_set_label(node, label.bytes);
        strbuf_finish(&label);
    }
}

static void add_bar(const struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    const struct row_button row[KIOSK_BAR_BUTTONS] = {
        {KIOSK_ACTION_BACK, ICON_BACK, KIOSK_STRING_BACK, false, false, NULL},
        {KIOSK_ACTION_HOME, ICON_HOME, KIOSK_STRING_HOME, false, false, NULL},
        {KIOSK_ACTION_LANGUAGE, ICON_WEB, KIOSK_STRING_LANGUAGE, false, false, NULL},
        {KIOSK_ACTION_OPTIONS, ICON_ACCESS, KIOSK_STRING_OPTIONS,
         kiosk->state.overlay == KIOSK_OVERLAY_OPTIONS, false, NULL},
        {KIOSK_ACTION_QUIT, ICON_CLOSE, KIOSK_STRING_QUIT, false, false, NULL},
    };
    const struct kiosk_layout *layout = kit->layout;
    const struct kiosk_theme *theme = kit->theme;
    scene_box(root, layout->bar, theme->chrome, 0);
    if (theme->edge != 0)
        scene_box(root, (struct rect){layout->bar.x, layout->bar.y, layout->bar.w, 2}, theme->edge,
                  0);
    for (int i = 0; i < KIOSK_BAR_BUTTONS; i++)
        add_row_button(kit, root, layout->buttons[i], &row[i], KIOSK_FOCUS_BAR,
                       KIOSK_BUTTON_CHROME);
}

/* Takes every touch in its area, below what is added later. */
static void add_catcher(struct scene_node *root, struct rect area, enum kiosk_action action)
{
    struct scene_node *group = scene_group(root, area);
    group->action = (int)action;
    group->argument = 1; /* not the button of the same action */
}

/* ---- what stands over the page --------------------------------------------------------------- */

static void add_options(const struct kiosk *kiosk, const struct kiosk_kit *kit,
                        struct scene_node *root)
{
    const struct kiosk_modes *modes = &kiosk->modes;
    char volume[16];
    snprintf(volume, sizeof(volume), "%d\u00a0%%", kiosk->volume);
    struct row_button row[KIOSK_OPTIONS_MAX] = {
        {KIOSK_ACTION_LOW, ICON_LOWER, KIOSK_STRING_OPTION_LOW, modes->low, true, NULL},
        {KIOSK_ACTION_LARGE, ICON_LARGER, KIOSK_STRING_OPTION_LARGE, modes->large, true, NULL},
        {KIOSK_ACTION_CONTRAST, ICON_CONTRAST, KIOSK_STRING_OPTION_CONTRAST, modes->contrast, true,
         NULL},
        {KIOSK_ACTION_SLOW, ICON_CLOCK, KIOSK_STRING_OPTION_SLOW, modes->slow, true, NULL},
    };
    int count = 4;
    if (kiosk->config.speak != NULL) {
        row[count++] = (struct row_button){
            KIOSK_ACTION_ALOUD, ICON_SPEAKER, KIOSK_STRING_OPTION_ALOUD, modes->aloud, true, NULL};
        row[count++] = (struct row_button){
            KIOSK_ACTION_VOLUME, ICON_PLUS, KIOSK_STRING_OPTION_VOLUME, false, false, volume};
    }
    row[count++] =
        (struct row_button){KIOSK_ACTION_CLOSE, ICON_CLOSE, KIOSK_STRING_CLOSE, false, false, NULL};
    const struct kiosk_layout *layout = kit->layout;
    struct rect rest = layout->work, buttons[KIOSK_OPTIONS_MAX];
    rest.h = layout->bar.y - rest.y;
    add_catcher(root, rest, KIOSK_ACTION_CLOSE);
    struct rect panel = kiosk_layout_options(layout, count, buttons);
    kiosk_kit_card(kit, root, panel)->action = KIOSK_ACTION_NOTHING;
    for (int i = 0; i < count; i++)
        add_row_button(kit, root, buttons[i], &row[i], KIOSK_FOCUS_ABOVE, KIOSK_BUTTON_PAGE);
}

static void add_choices(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    struct rect rest = kit->layout->work;
    rest.h = kit->layout->bar.y - rest.y;
    scene_box(root, rest, kit->theme->scrim, 0);
    add_catcher(root, rest, KIOSK_ACTION_CLOSE);
    kiosk_choices_page.build(kiosk, kit, root);
    add_pages(kit, root, &kiosk->over, KIOSK_FOCUS_ABOVE);
}

/* How much of the countdown is left, for who does not read it. */
static void add_countdown(const struct kiosk *kiosk, const struct kiosk_kit *kit,
                          struct scene_node *root, struct rect bar)
{
    const struct kiosk_theme *theme = kit->theme;
    scene_box(root, bar, theme->disabled, bar.h / 2);
    bar.w = (int)(bar.w * (int64_t)kiosk->seconds * 1000 /
                  kiosk_state_timeout_ms(&kiosk->state, kiosk->modes.slow));
    if (bar.w > bar.h)
        scene_box(root, bar, theme->link, bar.h / 2);
}

static void add_dialog(const struct kiosk *kiosk, const struct kiosk_kit *kit,
                       struct scene_node *root)
{
    const struct kiosk_theme *theme = kit->theme;
    const struct kiosk_layout *layout = kit->layout;
    const struct rect *dialog = &layout->dialog;
    int pad = kiosk_kit_px(kit, 14), line = kiosk_kit_px(kit, 5);
    int buttons = layout->dialog_buttons[0].y;
    scene_box(root, layout->screen, theme->scrim, 0);
    add_catcher(root, layout->screen, KIOSK_ACTION_STAY);
    kiosk_kit_card(kit, root, *dialog);
    struct rect box = {dialog->x + pad, dialog->y + pad, dialog->w - 2 * pad,
                       (buttons - dialog->y - 2 * pad - 2 * line) / 2};
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, TEXT_CENTER, 2);
    style.balance = true;
    kiosk_kit_fit(kit, root, box, word(kit, KIOSK_STRING_ASK), &style, theme->text);
    struct strbuf more;
    strbuf_init(&more);
    kiosk_strings_ask(kiosk->seconds, kit->lang, &more);
    style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_CENTER, 3);
    style.balance = true;
    box.y += box.h;
    kiosk_kit_fit(kit, root, box, more.bytes, &style, theme->muted);
    strbuf_finish(&more);
    add_countdown(kiosk, kit, root, (struct rect){box.x, buttons - pad - line, box.w, line});

    struct kiosk_button stay = {.rect = layout->dialog_buttons[1],
                                .action = KIOSK_ACTION_STAY,
                                .focus = KIOSK_FOCUS_ABOVE,
                                .label = word(kit, KIOSK_STRING_STAY),
                                .look = KIOSK_BUTTON_ACCENT};
    struct kiosk_button quit = {.rect = layout->dialog_buttons[0],
                                .action = KIOSK_ACTION_QUIT,
                                .focus = KIOSK_FOCUS_ABOVE,
                                .label = word(kit, KIOSK_STRING_QUIT),
                                .look = KIOSK_BUTTON_PAGE};
    kiosk_kit_button(kit, root, &stay);
    kiosk_kit_button(kit, root, &quit);
}

/* ---- the film -------------------------------------------------------------------------------- */

static int caption_height(const struct kiosk_layout *layout)
{
    return kiosk_layout_px(layout, 14 + 34 * layout->text);
}

struct rect kiosk_film_rect(const struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect area = layout->work;
    if (!kiosk->film)
        return (struct rect){0};
    area.h = layout->bar.y - area.y - caption_height(layout);
    int width = (int)fmin(area.w, area.h * 16 / 9), height = width * 9 / 16;
    return (struct rect){area.x + (area.w - width) / 2, area.y + (area.h - height) / 2, width,
                         height};
}

static void add_film(const struct kiosk *kiosk, const struct kiosk_kit *kit,
                     struct scene_node *root)
{
    const struct kiosk_layout *layout = kit->layout;
    int margin = layout->margin, pad = kiosk_kit_px(kit, 3);
    scene_box(root, layout->work, COLOR_RGB(0x000000), 0);
    add_catcher(root, layout->work, KIOSK_ACTION_NOTHING);
    if (kiosk->caption != NULL && kiosk->caption[0] != '\0') {
        struct rect film = kiosk_film_rect(kiosk);
        struct text_style style = kiosk_kit_style(kit, TEXT_SEMIBOLD, 11, TEXT_CENTER, 3);
        style.balance = true;
        kiosk_kit_fit(kit, root,
                      (struct rect){margin, film.y + film.h + pad, layout->work.w - 2 * margin,
                                    caption_height(layout) - 2 * pad},
                      kiosk->caption, &style, COLOR_RGB(0xFFFFFF));
    }
    struct rect buttons[3];
    struct rect row = layout->bar;
    row.x += margin;
    row.w -= 2 * margin;
    row.y = layout->buttons[0].y;
    row.h = layout->buttons[0].h;
    kiosk_layout_row(row, layout->gap, 3, buttons);
    struct kiosk_button stop = {.rect = buttons[1],
                                .action = KIOSK_ACTION_CLOSE,
                                .focus = KIOSK_FOCUS_ABOVE,
                                .icon = ICON_CLOSE,
                                .label = word(kit, KIOSK_STRING_STOP),
                                .look = KIOSK_BUTTON_ACCENT};
    kiosk_kit_button(kit, root, &stop);
}

/* ---- the button on the signage loop ---------------------------------------------------------- */

/* A disc with the hand, then the invitation over what there is to find. */
static void add_invitation(const struct kiosk_kit *kit, struct scene_node *button)
{
    const struct kiosk_theme *theme = kit->theme;
    int pad = kiosk_kit_px(kit, 9), height = button->rect.h;
    int disc = height - 2 * pad, hand = disc * 7 / 10, inset = (disc - hand) / 2;
    struct scene_node *circle =
        scene_box(button, (struct rect){pad, pad, disc, disc}, theme->on_accent, disc / 2);
    scene_icon(circle, (struct rect){inset, inset, hand, hand}, ICON_TOUCH, theme->accent);
    int x = disc + 2 * pad, width = button->rect.w - pad - x, first = height * 56 / 100;
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, 13.5, TEXT_START, 1);
    kiosk_kit_fit(kit, button, (struct rect){x, pad / 2, width, first - pad / 2},
                  word(kit, KIOSK_STRING_INVITE), &style, theme->on_accent);
    style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_START, 1);
    kiosk_kit_fit(kit, button, (struct rect){x, first, width, height - first - pad},
                  word(kit, KIOSK_STRING_INVITE_MORE), &style, theme->on_accent);
}

static void add_attract(const struct kiosk_kit *kit, struct scene_node *root)
{
    const struct kiosk_layout *layout = kit->layout;
    add_catcher(root, layout->screen, KIOSK_ACTION_START);
    scene_box(root, layout->attract, kit->theme->chrome, 0);
    struct kiosk_button start = {.rect = layout->attract_button,
                                 .action = KIOSK_ACTION_START,
                                 .label = word(kit, KIOSK_STRING_INVITE),
                                 .look = KIOSK_BUTTON_ACCENT,
                                 .silent = true};
    struct kiosk_button language = {.rect = layout->attract_language,
                                    .action = KIOSK_ACTION_START_OTHER,
                                    .icon = ICON_WEB,
                                    .label = word(kit, KIOSK_STRING_LANGUAGE)};
    add_invitation(kit, kiosk_kit_button(kit, root, &start));
    kiosk_kit_button(kit, root, &language);
}

struct scene *kiosk_chrome_build(struct kiosk *kiosk)
{
    const struct rect *screen = &kiosk->layout.screen;
    const struct kiosk_page_type *type = kiosk_page_type(kiosk_state_page(&kiosk->state));
    struct scene *scene = scene_create(kiosk->config.text, screen->w, screen->h);
    struct scene_node *root = scene_root(scene);
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    const struct kiosk_board board = {.organisations = kiosk->here,
                                      .count = kiosk->here_count,
                                      .site_name = kiosk->site_name,
                                      .skyline = kiosk->skyline};
    if (type == NULL) {
        add_attract(&kit, root);
        return scene;
    }
    kit.covered = kiosk->state.overlay != KIOSK_OVERLAY_NONE;
    type->build(kiosk, &kit, root);
    if (kiosk->page.at.index.w > 0)
        add_index(kiosk, &kit, root);
    add_pages(&kit, root, &kiosk->page, KIOSK_FOCUS_PAGES);
    kiosk_board_add(&kit, root, &board);
    add_bar(kiosk, &kit, root);
    return scene;
}

struct scene *kiosk_chrome_build_cover(struct kiosk *kiosk)
{
    const struct rect *screen = &kiosk->layout.screen;
    struct scene *scene = scene_create(kiosk->config.text, screen->w, screen->h);
    struct scene_node *root = scene_root(scene);
    struct kiosk_kit kit = kiosk_frame_kit(kiosk);
    switch (kiosk->state.overlay) {
    case KIOSK_OVERLAY_OPTIONS:
        add_options(kiosk, &kit, root);
        break;
    case KIOSK_OVERLAY_CHOICES:
        add_choices(kiosk, &kit, root);
        break;
    case KIOSK_OVERLAY_FILM:
        add_film(kiosk, &kit, root);
        break;
    case KIOSK_OVERLAY_ASK:
        add_dialog(kiosk, &kit, root);
        break;
    case KIOSK_OVERLAY_NONE:
        break;
    }
    return scene;
}
