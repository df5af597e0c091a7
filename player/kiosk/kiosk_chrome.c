#include "player/kiosk/kiosk_chrome.h"

#include "core/strbuf.h"
#include "player/kiosk/kiosk_board.h"

/* Order of the focus. */
enum { FOCUS_NONE, FOCUS_LETTERS, FOCUS_PAGES, FOCUS_BAR, FOCUS_ABOVE };

static const char *word(const struct kiosk_look *look, enum kiosk_string string)
{
    return kiosk_kit_word(&look->kit, string);
}

/* ---- header ---------------------------------------------------------------------------------- */

static void add_header(const struct kiosk_look *look, struct scene_node *root)
{
    const struct kiosk_kit *kit = &look->kit;
    const struct kiosk_theme *theme = kit->theme;
    struct rect header = kit->layout->header;
    int margin = kit->layout->margin, stripe = kiosk_kit_px(kit, 3);
    struct scene_node *box = scene_box(root, header, theme->chrome, 0);
    scene_box(box, (struct rect){0, header.h - stripe, header.w, stripe}, theme->accent, 0);

    struct strbuf count;
    strbuf_init(&count);
    kiosk_strings_count(look->list->directory == NULL ? 0 : look->list->directory->entry_count,
                        kit->lang, &count);
    struct text_style title = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_TITLE, TEXT_START, 1);
    struct text_style small = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    struct rect upper = {margin, 0, header.w - 2 * margin, header.h - stripe}, lower = upper;
    if (header.h >= kiosk_kit_px(kit, 60)) {
        int lift = kiosk_kit_px(kit, 3);
        strbuf_append(&count, " · ");
        strbuf_append(&count, word(look, KIOSK_STRING_AREA));
        lower.y = upper.h * 54 / 100;
        lower.h -= lower.y + lift;
        upper.y = 2 * lift;
        upper.h = lower.y;
    } else {
        lower.w = upper.w * 36 / 100;
        upper.w -= lower.w;
        lower.x += upper.w;
        title.cap_height *= 0.85;
        small.align = TEXT_END;
    }
    kiosk_kit_fit(kit, box, upper, word(look, KIOSK_STRING_TITLE), &title, theme->on_chrome);
    kiosk_kit_fit(kit, box, lower, count.bytes, &small, theme->accent);
    strbuf_finish(&count);
}

/* ---- letters --------------------------------------------------------------------------------- */

static void paint_letter(const struct kiosk_look *look, struct scene_node *cell, bool marked)
{
    const struct kiosk_theme *theme = look->kit.theme;
    cell->fill = marked ? theme->accent : theme->card;
    cell->first_child->fill = marked ? theme->on_accent : theme->text;
}

static void add_index(const struct kiosk_look *look, struct scene_node *root)
{
    const struct kiosk_kit *kit = &look->kit;
    const struct kiosk_theme *theme = kit->theme;
    for (int letter = 0; letter < KIOSK_LETTERS; letter++) {
        struct rect rect = kiosk_layout_letter(kit->layout, letter);
        bool there = kiosk_list_letter(look->list, letter) != KIOSK_NO_ITEM;
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
        cell->focus = kit->covered ? FOCUS_NONE : FOCUS_LETTERS;
        if (theme->edge != 0) {
            cell->stroke = theme->edge;
            cell->stroke_width = 2;
        }
        paint_letter(look, cell, letter == look->letter);
    }
}

void kiosk_chrome_mark_letter(struct scene *scene, const struct kiosk_look *look, int former,
                              struct rect *dirty_out)
{
    const int letters[] = {former, look->letter};
    *dirty_out = (struct rect){0};
    for (int i = 0; i < 2; i++) {
        struct scene_node *cell =
            letters[i] < 0 ? NULL : scene_find(scene, KIOSK_ACTION_LETTER, letters[i]);
        if (cell == NULL)
            continue;
        paint_letter(look, cell, i == 1);
        *dirty_out = rect_union(*dirty_out, scene_node_dirty(cell));
    }
}

/* ---- buttons --------------------------------------------------------------------------------- */

static void add_pages(const struct kiosk_look *look, struct scene_node *root)
{
    const struct kiosk_layout *layout = look->kit.layout;
    struct kiosk_button down = {.rect = layout->page_down,
                                .action = KIOSK_ACTION_PAGE_DOWN,
                                .focus = FOCUS_PAGES,
                                .icon = ICON_DOWN,
                                .label = word(look, KIOSK_STRING_PAGE_DOWN),
                                .look = KIOSK_BUTTON_PAGE,
                                .silent = true,
                                .disabled = !look->can_page_down};
    struct kiosk_button up = down;
    up.rect = layout->page_up;
    up.action = KIOSK_ACTION_PAGE_UP;
    up.icon = ICON_UP;
    up.label = word(look, KIOSK_STRING_PAGE_UP);
    up.disabled = !look->can_page_up;
    kiosk_kit_button(&look->kit, root, &down);
    kiosk_kit_button(&look->kit, root, &up);
}

/* A row of the bar's or the panel's buttons, in the coordinates of the screen. */
struct row_button {
    enum kiosk_action action;
    enum icon icon;
    enum kiosk_string label;
    bool on;
    bool toggles;
};

static void add_row(const struct kiosk_look *look, struct scene_node *root,
                    const struct rect *rects, const struct row_button *row, int focus,
                    enum kiosk_button_look rest)
{
    for (int i = 0; i < KIOSK_BAR_BUTTONS; i++) {
        struct kiosk_button button = {
            .rect = rects[i],
            .action = row[i].action,
            .focus = focus,
            .icon = row[i].on && row[i].toggles ? ICON_CHECK : row[i].icon,
            .label = word(look, row[i].label),
            .look = row[i].on ? KIOSK_BUTTON_ACCENT : rest,
        };
        if (row[i].toggles)
            button.caption =
                word(look, row[i].on ? KIOSK_STRING_OPTION_ON : KIOSK_STRING_OPTION_OFF);
        kiosk_kit_button(&look->kit, root, &button);
    }
}

static void add_bar(const struct kiosk_look *look, struct scene_node *root)
{
    const struct row_button row[KIOSK_BAR_BUTTONS] = {
        {KIOSK_ACTION_BACK, ICON_BACK, KIOSK_STRING_BACK, false, false},
        {KIOSK_ACTION_HOME, ICON_HOME, KIOSK_STRING_HOME, false, false},
        {KIOSK_ACTION_LANGUAGE, ICON_WEB, KIOSK_STRING_LANGUAGE, false, false},
        {KIOSK_ACTION_OPTIONS, ICON_ACCESS, KIOSK_STRING_OPTIONS,
         kiosk_state_has_options(look->state), false},
    };
    const struct kiosk_layout *layout = look->kit.layout;
    const struct kiosk_theme *theme = look->kit.theme;
    scene_box(root, layout->bar, theme->chrome, 0);
    if (theme->edge != 0)
        scene_box(root, (struct rect){layout->bar.x, layout->bar.y, layout->bar.w, 2}, theme->edge,
                  0);
    add_row(look, root, layout->buttons, row, FOCUS_BAR, KIOSK_BUTTON_CHROME);
}

/* Takes every touch in its area, below what is added later. */
static void add_catcher(struct scene_node *root, struct rect area, enum kiosk_action action)
{
    struct scene_node *group = scene_group(root, area);
    group->action = (int)action;
    group->argument = 1; /* not the button of the same action */
}

static void add_options(const struct kiosk_look *look, struct scene_node *root)
{
    const struct row_button row[KIOSK_BAR_BUTTONS] = {
        {KIOSK_ACTION_LOW, ICON_LOWER, KIOSK_STRING_OPTION_LOW, look->modes.low, true},
        {KIOSK_ACTION_LARGE, ICON_LARGER, KIOSK_STRING_OPTION_LARGE, look->modes.large, true},
        {KIOSK_ACTION_CONTRAST, ICON_CONTRAST, KIOSK_STRING_OPTION_CONTRAST, look->modes.contrast,
         true},
        {KIOSK_ACTION_CLOSE, ICON_CLOSE, KIOSK_STRING_CLOSE, false, false},
    };
    const struct kiosk_layout *layout = look->kit.layout;
    struct rect rest = layout->work;
    rest.h = layout->bar.y - rest.y;
    add_catcher(root, rest, KIOSK_ACTION_CLOSE);
    kiosk_kit_card(&look->kit, root, layout->options)->action = KIOSK_ACTION_NOTHING;
    add_row(look, root, layout->option_buttons, row, FOCUS_ABOVE, KIOSK_BUTTON_PAGE);
}

/* ---- the question ---------------------------------------------------------------------------- */

/* How much of the countdown is left, for who does not read it. */
static void add_countdown(const struct kiosk_look *look, struct scene_node *root, struct rect bar)
{
    const struct kiosk_theme *theme = look->kit.theme;
    scene_box(root, bar, theme->disabled, bar.h / 2);
    bar.w = (int)(bar.w * (int64_t)look->seconds * 1000 / kiosk_state_timeout_ms(KIOSK_LIST_ASK));
    if (bar.w > bar.h)
        scene_box(root, bar, theme->link, bar.h / 2);
}

static void add_dialog(const struct kiosk_look *look, struct scene_node *root)
{
    const struct kiosk_kit *kit = &look->kit;
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
    kiosk_kit_fit(kit, root, box, word(look, KIOSK_STRING_ASK), &style, theme->text);
    struct strbuf more;
    strbuf_init(&more);
    kiosk_strings_ask(look->seconds, kit->lang, &more);
    style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_CENTER, 3);
    style.balance = true;
    box.y += box.h;
    kiosk_kit_fit(kit, root, box, more.bytes, &style, theme->muted);
    strbuf_finish(&more);
    add_countdown(look, root, (struct rect){box.x, buttons - pad - line, box.w, line});

    struct kiosk_button stay = {.rect = layout->dialog_buttons[1],
                                .action = KIOSK_ACTION_STAY,
                                .focus = FOCUS_ABOVE,
                                .label = word(look, KIOSK_STRING_STAY),
                                .look = KIOSK_BUTTON_ACCENT};
    struct kiosk_button quit = {.rect = layout->dialog_buttons[0],
                                .action = KIOSK_ACTION_QUIT,
                                .focus = FOCUS_ABOVE,
                                .label = word(look, KIOSK_STRING_QUIT),
                                .look = KIOSK_BUTTON_PAGE};
    kiosk_kit_button(kit, root, &stay);
    kiosk_kit_button(kit, root, &quit);
}

/* ---- the button on the signage loop ---------------------------------------------------------- */

/* A disc with the hand, then the invitation over what there is to find. */
static void add_invitation(const struct kiosk_look *look, struct scene_node *button)
{
    const struct kiosk_kit *kit = &look->kit;
    const struct kiosk_theme *theme = kit->theme;
    int pad = kiosk_kit_px(kit, 9), height = button->rect.h;
    int disc = height - 2 * pad, hand = disc * 7 / 10, inset = (disc - hand) / 2;
    struct scene_node *circle =
        scene_box(button, (struct rect){pad, pad, disc, disc}, theme->on_accent, disc / 2);
    scene_icon(circle, (struct rect){inset, inset, hand, hand}, ICON_TOUCH, theme->accent);
    int x = disc + 2 * pad, width = button->rect.w - pad - x, first = height * 56 / 100;
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, 13.5, TEXT_START, 1);
    kiosk_kit_fit(kit, button, (struct rect){x, pad / 2, width, first - pad / 2},
                  word(look, KIOSK_STRING_INVITE), &style, theme->on_accent);
    style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_NAME, TEXT_START, 1);
    kiosk_kit_fit(kit, button, (struct rect){x, first, width, height - first - pad},
                  word(look, KIOSK_STRING_INVITE_MORE), &style, theme->on_accent);
}

static void add_attract(const struct kiosk_look *look, struct scene_node *root)
{
    const struct kiosk_layout *layout = look->kit.layout;
    add_catcher(root, layout->screen, KIOSK_ACTION_START);
    scene_box(root, layout->attract, look->kit.theme->chrome, 0);
    struct kiosk_button start = {.rect = layout->attract_button,
                                 .action = KIOSK_ACTION_START,
                                 .label = word(look, KIOSK_STRING_INVITE),
                                 .look = KIOSK_BUTTON_ACCENT,
                                 .silent = true};
    struct kiosk_button language = {.rect = layout->attract_language,
                                    .action = KIOSK_ACTION_START_OTHER,
                                    .icon = ICON_WEB,
                                    .label = word(look, KIOSK_STRING_LANGUAGE)};
    add_invitation(look, kiosk_kit_button(&look->kit, root, &start));
    kiosk_kit_button(&look->kit, root, &language);
}

struct scene *kiosk_chrome_build(struct text_engine *text, const struct kiosk_look *look)
{
    const struct rect *screen = &look->kit.layout->screen;
    struct scene *scene = scene_create(text, screen->w, screen->h);
    struct scene_node *root = scene_root(scene);
    struct kiosk_look page = *look;
    page.kit.covered = kiosk_state_asks(look->state) || kiosk_state_has_options(look->state);
    if (look->state == KIOSK_ATTRACT) {
        add_attract(look, root);
        return scene;
    }
    if (kiosk_state_page(look->state) == KIOSK_LIST) {
        add_header(&page, root);
        add_index(&page, root);
    }
    if (look->scrolls)
        add_pages(&page, root);
    kiosk_board_add(&page.kit, root, look->list, look->site_name, look->skyline);
    add_bar(&page, root);
    if (kiosk_state_has_options(look->state))
        add_options(look, root);
    if (kiosk_state_asks(look->state))
        add_dialog(look, root);
    return scene;
}
