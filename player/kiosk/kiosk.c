#include "player/kiosk/kiosk.h"

#include <stdlib.h>
#include <string.h>

#include "player/kiosk/kiosk_private.h"
#include "player/kiosk/kiosk_skyline.h"

#define SCROLL_MS 280 /* page buttons, letters */
#define FOCUS_MS 180

bool kiosk_motion_wanted(const struct kiosk *kiosk)
{
    return !kiosk->modes.large && !kiosk->modes.contrast;
}

static int motion_ms(const struct kiosk *kiosk, int duration_ms)
{
    return kiosk_motion_wanted(kiosk) ? duration_ms : 0;
}

struct kiosk_scroll *kiosk_current_scroll(struct kiosk *kiosk)
{
    return kiosk_state_page(kiosk->state) == KIOSK_SHEET ? &kiosk->sheet_scroll
                                                         : &kiosk->list_scroll;
}

void kiosk_end_motion(struct kiosk *kiosk)
{
    if (!kiosk->motion.active)
        return;
    canvas_destroy(kiosk->motion.under);
    kiosk->motion.under = NULL;
    kiosk->motion.active = false;
    if (kiosk->motion.closing)
        kiosk_frame_drop_sheet(kiosk);
    kiosk_frame_damage_all(kiosk);
}

static void count(const struct kiosk *kiosk, enum kiosk_count what, const char *subject)
{
    if (kiosk->config.count != NULL)
        kiosk->config.count(kiosk->config.count_context, what, subject);
}

/* ---- what shows ------------------------------------------------------------------------------ */

static void make_sheet(struct kiosk *kiosk)
{
    kiosk_frame_make_sheet(kiosk);
    kiosk_scroll_jump(&kiosk->sheet_scroll, 0);
    kiosk_scroll_set_limit(&kiosk->sheet_scroll, kiosk->sheet_card->rect.h - kiosk->layout.sheet.h);
}

/* The item at the top of the view, to find it again in another layout. */
static size_t top_item(const struct kiosk *kiosk)
{
    size_t first, end;
    int top = (int)kiosk->list_scroll.offset;
    if (top <= 0 ||
        !kiosk_list_visible(&kiosk->list, top, top + kiosk->layout.view.h, &first, &end))
        return KIOSK_NO_ITEM;
    return first;
}

/* In high contrast it is not shown, so that its colours are always the same. */
static void make_skyline(struct kiosk *kiosk)
{
    const struct kiosk_theme *theme = kiosk_kit_theme(false);
    struct rect board = kiosk->layout.board;
    if (kiosk->skyline_board.w == board.w && kiosk->skyline_board.h == board.h)
        return;
    scene_destroy(kiosk->chrome); /* it may show the old one */
    kiosk->chrome = NULL;
    kiosk_skyline_destroy(kiosk->skyline);
    kiosk->skyline = kiosk_skyline_create(board.w, board.h * 8 / 10, theme->skyline, theme->water);
    kiosk->skyline_board = board;
}

/* Language, modes or directory changed: everything is laid out anew around the same item. */
static void arrange(struct kiosk *kiosk, size_t anchor)
{
    kiosk->layout =
        kiosk_layout_make(&kiosk->config.metrics, kiosk->config.bottom_edge_mm, kiosk->modes);
    const struct kiosk_layout *layout = &kiosk->layout;
    make_skyline(kiosk);
    kiosk_rows_clear(kiosk->rows);
    kiosk_list_arrange(&kiosk->list, layout->view.w, layout->list_columns, layout->row_height,
                       layout->gap, layout->heading_height);
    kiosk_scroll_set_limit(&kiosk->list_scroll,
                           kiosk_list_height(&kiosk->list) + 2 * layout->gap - layout->view.h);
    if (anchor < kiosk_list_count(&kiosk->list))
        kiosk_scroll_jump(&kiosk->list_scroll, kiosk_list_rect(&kiosk->list, anchor).y);
    kiosk_frame_make_headings(kiosk);
    kiosk_frame_damage_all(kiosk);
}

static void rearrange(struct kiosk *kiosk)
{
    kiosk_end_motion(kiosk);
    arrange(kiosk, top_item(kiosk));
    if (kiosk_state_page(kiosk->state) == KIOSK_SHEET)
        make_sheet(kiosk);
}

static bool has_entries(const struct directory *directory)
{
    return directory != NULL && directory->entry_count > 0;
}

static void replace_directory(struct kiosk *kiosk, struct directory *directory)
{
    kiosk_end_motion(kiosk);
    kiosk_input_drop_touch(kiosk);
    kiosk_rows_clear(kiosk->rows);
    kiosk_list_set(&kiosk->list, directory, kiosk->config.site_id);
    directory_destroy(kiosk->directory);
    kiosk->directory = directory;
    kiosk->sheet_item = 0;
    kiosk->focused = kiosk->page_focused = (struct kiosk_target){0};
    arrange(kiosk, KIOSK_NO_ITEM);
}

/* Nothing of one visitor remains for the next. */
static void forget_visitor(struct kiosk *kiosk)
{
    kiosk->lang = kiosk->config.lang;
    kiosk->modes = (struct kiosk_modes){0};
    kiosk->keys = false;
    kiosk->focused = kiosk->page_focused = (struct kiosk_target){0};
    kiosk_frame_drop_sheet(kiosk);
    kiosk_scroll_jump(&kiosk->list_scroll, 0);
    arrange(kiosk, KIOSK_NO_ITEM);
}

/* ---- card into sheet and back ---------------------------------------------------------------- */

static void start_motion(struct kiosk *kiosk, bool closing, int64_t now_ms)
{
    struct rect content = kiosk_frame_content(kiosk);
    struct rect card = kiosk_frame_item_rect(kiosk, kiosk->sheet_item);
    if (!kiosk_motion_wanted(kiosk) || kiosk->sheet == NULL ||
        rect_empty(rect_intersect(card, content)))
        return;
    kiosk->motion = (struct kiosk_motion){
        .active = true, .closing = closing, .card = card, .start_ms = now_ms, .now_ms = now_ms};
}

static void open_sheet(struct kiosk *kiosk, int64_t now_ms)
{
    make_sheet(kiosk);
    start_motion(kiosk, false, now_ms);
}

static void close_sheet(struct kiosk *kiosk, int64_t now_ms)
{
    if (kiosk->has_next) {
        kiosk_frame_drop_sheet(kiosk);
        kiosk->has_next = false;
        replace_directory(kiosk, kiosk->next);
        kiosk->next = NULL;
        return;
    }
    start_motion(kiosk, true, now_ms);
    if (!kiosk->motion.active)
        kiosk_frame_drop_sheet(kiosk);
}

/* ---- states ---------------------------------------------------------------------------------- */

static bool covers_page(enum kiosk_state state)
{
    return kiosk_state_asks(state) || kiosk_state_has_options(state);
}

static void move_focus_along(struct kiosk *kiosk, enum kiosk_state from, enum kiosk_state page_from)
{
    enum kiosk_state to = kiosk->state;
    if (covers_page(to)) {
        if (!covers_page(from))
            kiosk->page_focused = kiosk->focused;
        kiosk_input_focus_first(kiosk);
    } else if (to == KIOSK_SHEET && page_from == KIOSK_LIST) {
        kiosk->focused = (struct kiosk_target){KIOSK_ACTION_BACK, 0};
    } else if (to == KIOSK_LIST && page_from == KIOSK_SHEET && !kiosk_list_count(&kiosk->list)) {
        kiosk->focused = (struct kiosk_target){0};
    } else if (to == KIOSK_LIST && page_from == KIOSK_SHEET) {
        kiosk->focused = (struct kiosk_target){KIOSK_ACTION_ITEM, kiosk->sheet_item};
    } else if (to == KIOSK_LIST && page_from == KIOSK_ATTRACT) {
        kiosk->focused = (struct kiosk_target){KIOSK_ACTION_ITEM, 0};
    } else if (covers_page(from)) {
        kiosk->focused = kiosk->page_focused;
    }
}

static void signal_state(struct kiosk *kiosk, enum kiosk_signal signal, int64_t now_ms)
{
    enum kiosk_state from = kiosk->state;
    enum kiosk_state to = kiosk_state_next(from, signal);
    if (to == from)
        return;
    enum kiosk_state page_from = kiosk_state_page(from), page_to = kiosk_state_page(to);
    kiosk_input_drop_touch(kiosk);
    kiosk_end_motion(kiosk);
    kiosk->state = to;
    kiosk->activity_ms = now_ms;
    kiosk->seconds = 0;
    kiosk_frame_damage_all(kiosk);
    if (page_from == KIOSK_SHEET && page_to != KIOSK_SHEET)
        close_sheet(kiosk, now_ms);
    if (page_to == KIOSK_SHEET && page_from != KIOSK_SHEET) {
        open_sheet(kiosk, now_ms);
        count(kiosk, KIOSK_COUNT_SHEET, kiosk_list_entry(&kiosk->list, kiosk->sheet_item)->id);
    }
    if (to == KIOSK_LIST && !has_entries(kiosk->directory)) {
        signal_state(kiosk, KIOSK_SIGNAL_EMPTIED, now_ms);
        return;
    }
    if (page_from == KIOSK_ATTRACT)
        count(kiosk, KIOSK_COUNT_SESSION, NULL);
    if (page_to == KIOSK_LIST && page_from != KIOSK_LIST)
        count(kiosk, KIOSK_COUNT_LIST, NULL);
    if (to == KIOSK_ATTRACT)
        forget_visitor(kiosk);
    else
        move_focus_along(kiosk, from, page_from);
}

/* ---- actions --------------------------------------------------------------------------------- */

/* Far jumps only show their last stretch, so that no row in between is laid out. */
static void scroll_to(struct kiosk *kiosk, double target, int duration_ms, int64_t now_ms)
{
    struct kiosk_scroll *scroll = kiosk_current_scroll(kiosk);
    double reach = kiosk->layout.view.h;
    if (target > scroll->offset + 3 * reach)
        kiosk_scroll_jump(scroll, target - reach / 2);
    else if (target < scroll->offset - 3 * reach)
        kiosk_scroll_jump(scroll, target + reach / 2);
    kiosk_scroll_ease(scroll, target, motion_ms(kiosk, duration_ms), now_ms);
    kiosk_frame_damage_content(kiosk);
}

void kiosk_show_item(struct kiosk *kiosk, size_t item, int64_t now_ms)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct rect rect = kiosk_list_rect(&kiosk->list, item);
    double offset = kiosk->list_scroll.motion == SCROLL_EASE ? kiosk->list_scroll.target
                                                             : kiosk->list_scroll.offset;
    double top = rect.y - layout->heading_height;
    double bottom = rect.y + rect.h + 3 * layout->gap - layout->view.h;
    if (top < offset)
        scroll_to(kiosk, top, FOCUS_MS, now_ms);
    else if (bottom > offset)
        scroll_to(kiosk, bottom, FOCUS_MS, now_ms);
}

static void turn_page(struct kiosk *kiosk, int direction, int64_t now_ms)
{
    struct kiosk_scroll *scroll = kiosk_current_scroll(kiosk);
    double from = scroll->motion == SCROLL_EASE ? scroll->target : scroll->offset;
    double page = kiosk_state_page(kiosk->state) == KIOSK_SHEET
                      ? kiosk->layout.sheet.h * 0.8
                      : kiosk->layout.view.h - kiosk->layout.row_height - kiosk->layout.gap;
    scroll_to(kiosk, from + direction * page, SCROLL_MS, now_ms);
}

static void go_to_letter(struct kiosk *kiosk, int letter, int64_t now_ms)
{
    size_t item = kiosk_list_letter(&kiosk->list, letter);
    if (item == KIOSK_NO_ITEM)
        return;
    count(kiosk, KIOSK_COUNT_SEARCH, NULL);
    int y = kiosk_list_rect(&kiosk->list, item).y;
    if (y == kiosk_list_heading(&kiosk->list, 1) + kiosk->layout.heading_height)
        y -= kiosk->layout.heading_height;
    scroll_to(kiosk, y, SCROLL_MS, now_ms);
    if (kiosk->keys) {
        kiosk->focused = (struct kiosk_target){KIOSK_ACTION_ITEM, item};
        kiosk_frame_damage_all(kiosk);
    }
}

static void switch_language(struct kiosk *kiosk)
{
    kiosk->lang = kiosk->lang == LANG_FR ? LANG_EN : LANG_FR;
    count(kiosk, KIOSK_COUNT_LANGUAGE, kiosk->lang == LANG_FR ? "fr" : "en");
    rearrange(kiosk);
}

static void toggle(struct kiosk *kiosk, bool *mode, const char *name)
{
    *mode = !*mode;
    if (*mode)
        count(kiosk, KIOSK_COUNT_MODE, name);
    rearrange(kiosk);
}

static void go_home(struct kiosk *kiosk, int64_t now_ms)
{
    signal_state(kiosk, KIOSK_SIGNAL_HOME, now_ms);
    if (kiosk->state != KIOSK_LIST)
        return;
    kiosk_end_motion(kiosk);
    kiosk->focused = (struct kiosk_target){KIOSK_ACTION_ITEM, 0};
    kiosk_frame_damage_all(kiosk);
    scroll_to(kiosk, 0, SCROLL_MS, now_ms);
}

void kiosk_do(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    kiosk->activity_ms = now_ms;
    switch (target.action) {
    case KIOSK_ACTION_NONE:
    case KIOSK_ACTION_NOTHING:
        break;
    case KIOSK_ACTION_START_OTHER:
        switch_language(kiosk);
        signal_state(kiosk, KIOSK_SIGNAL_START, now_ms);
        break;
    case KIOSK_ACTION_START:
        if (has_entries(kiosk->directory))
            signal_state(kiosk, KIOSK_SIGNAL_START, now_ms);
        break;
    case KIOSK_ACTION_ITEM:
        kiosk->sheet_item = target.value;
        signal_state(kiosk, KIOSK_SIGNAL_OPEN, now_ms);
        break;
    case KIOSK_ACTION_LETTER:
        go_to_letter(kiosk, (int)target.value, now_ms);
        break;
    case KIOSK_ACTION_PAGE_UP:
    case KIOSK_ACTION_PAGE_DOWN:
        turn_page(kiosk, target.action == KIOSK_ACTION_PAGE_UP ? -1 : 1, now_ms);
        break;
    case KIOSK_ACTION_BACK:
        signal_state(kiosk, KIOSK_SIGNAL_BACK, now_ms);
        break;
    case KIOSK_ACTION_HOME:
        go_home(kiosk, now_ms);
        break;
    case KIOSK_ACTION_LANGUAGE:
        switch_language(kiosk);
        break;
    case KIOSK_ACTION_OPTIONS:
        signal_state(kiosk, KIOSK_SIGNAL_OPTIONS, now_ms);
        break;
    case KIOSK_ACTION_LOW:
        toggle(kiosk, &kiosk->modes.low, "low");
        break;
    case KIOSK_ACTION_LARGE:
        toggle(kiosk, &kiosk->modes.large, "large");
        break;
    case KIOSK_ACTION_CONTRAST:
        toggle(kiosk, &kiosk->modes.contrast, "contrast");
        break;
    case KIOSK_ACTION_CLOSE:
        signal_state(kiosk, KIOSK_SIGNAL_CLOSE, now_ms);
        break;
    case KIOSK_ACTION_STAY:
        signal_state(kiosk, KIOSK_SIGNAL_STAY, now_ms);
        break;
    case KIOSK_ACTION_QUIT:
        signal_state(kiosk, KIOSK_SIGNAL_QUIT, now_ms);
        break;
    }
}

/* ---- the contract ---------------------------------------------------------------------------- */

static char *copy_text(const char *text)
{
    char *copy = strdup(text != NULL ? text : "");
    if (copy == NULL)
        abort();
    return copy;
}

struct kiosk *kiosk_create(const struct kiosk_config *config)
{
    struct kiosk *kiosk = calloc(1, sizeof(*kiosk));
    if (kiosk == NULL)
        abort();
    kiosk->config = *config;
    kiosk->config.site_id = kiosk->site_id = copy_text(config->site_id);
    kiosk->config.site_name = kiosk->site_name = copy_text(config->site_name);
    kiosk->rows = kiosk_rows_create(config->text);
    kiosk_list_set(&kiosk->list, NULL, "");
    forget_visitor(kiosk);
    return kiosk;
}

void kiosk_destroy(struct kiosk *kiosk)
{
    if (kiosk == NULL)
        return;
    kiosk_end_motion(kiosk);
    kiosk_frame_drop_sheet(kiosk);
    kiosk_rows_destroy(kiosk->rows);
    scene_destroy(kiosk->chrome);
    scene_destroy(kiosk->headings[0]);
    scene_destroy(kiosk->headings[1]);
    kiosk_skyline_destroy(kiosk->skyline);
    kiosk_list_finish(&kiosk->list);
    directory_destroy(kiosk->directory);
    directory_destroy(kiosk->next);
    free(kiosk->site_id);
    free(kiosk->site_name);
    free(kiosk);
}

void kiosk_set_directory(struct kiosk *kiosk, struct directory *directory)
{
    if (kiosk_state_page(kiosk->state) == KIOSK_SHEET) {
        directory_destroy(kiosk->next);
        kiosk->next = directory;
        kiosk->has_next = true;
        return;
    }
    replace_directory(kiosk, directory);
    if (!has_entries(directory))
        signal_state(kiosk, KIOSK_SIGNAL_EMPTIED, kiosk->activity_ms);
}

void kiosk_event(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms)
{
    if (kiosk->state == KIOSK_ATTRACT && !has_entries(kiosk->directory))
        return;
    kiosk_input_handle(kiosk, event, now_ms);
}

static int64_t deadline_of(const struct kiosk *kiosk)
{
    int64_t timeout = kiosk_state_timeout_ms(kiosk->state);
    return timeout == 0 ? KIOSK_NEVER : kiosk->activity_ms + timeout;
}

static int seconds_left(const struct kiosk *kiosk, int64_t now_ms)
{
    int64_t left = deadline_of(kiosk) - now_ms;
    return left > 0 ? (int)((left + 999) / 1000) : 0;
}

void kiosk_tick(struct kiosk *kiosk, int64_t now_ms)
{
    if (now_ms >= deadline_of(kiosk))
        signal_state(kiosk, KIOSK_SIGNAL_TIMEOUT, now_ms);
    if (kiosk_scroll_tick(kiosk_current_scroll(kiosk), now_ms))
        kiosk_frame_damage_content(kiosk);
    if (kiosk->motion.active) {
        kiosk->motion.now_ms = now_ms;
        kiosk_frame_damage_content(kiosk);
        if (now_ms - kiosk->motion.start_ms >= KIOSK_MOTION_MS)
            kiosk_end_motion(kiosk);
    }
    if (kiosk_state_asks(kiosk->state)) {
        int seconds = seconds_left(kiosk, now_ms);
        if (seconds != kiosk->seconds) {
            kiosk->seconds = seconds;
            kiosk->chrome_stale = true;
            kiosk_frame_damage(kiosk, kiosk->layout.dialog);
        }
    }
}

int64_t kiosk_next_wake(const struct kiosk *kiosk, int64_t now_ms)
{
    if (kiosk->motion.active || kiosk_scroll_moves(&kiosk->list_scroll) ||
        kiosk_scroll_moves(&kiosk->sheet_scroll))
        return now_ms;
    int64_t deadline = deadline_of(kiosk);
    if (kiosk_state_asks(kiosk->state)) /* at each full second of the countdown */
        return deadline - (int64_t)(kiosk->seconds > 0 ? kiosk->seconds - 1 : 0) * 1000;
    return deadline;
}

bool kiosk_is_open(const struct kiosk *kiosk)
{
    return kiosk->state != KIOSK_ATTRACT;
}

int kiosk_attract_height(const struct kiosk *kiosk)
{
    return has_entries(kiosk->directory) ? kiosk->layout.attract.h : 0;
}

void kiosk_invalidate(struct kiosk *kiosk)
{
    kiosk_frame_damage_all(kiosk);
}
