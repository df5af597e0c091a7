/* What touches and keys do, each once, whichever page shows. */
#include "player/kiosk/kiosk_private.h"

#define SCROLL_MS 280 /* page buttons, letters */
#define FOCUS_MS 180

static int motion_ms(const struct kiosk *kiosk, int duration_ms)
{
    return kiosk_motion_wanted(kiosk) ? duration_ms : 0;
}

/* Far jumps only show their last stretch, so that no row in between is laid out. */
static void ease_to(struct kiosk *kiosk, double target, int duration_ms, int64_t now_ms)
{
    struct kiosk_pane *pane = kiosk_pane(kiosk);
    double reach = pane->at.view.h;
    if (target > pane->scroll.offset + 3 * reach)
        kiosk_scroll_jump(&pane->scroll, target - reach / 2);
    else if (target < pane->scroll.offset - 3 * reach)
        kiosk_scroll_jump(&pane->scroll, target + reach / 2);
    kiosk_scroll_ease(&pane->scroll, target, motion_ms(kiosk, duration_ms), now_ms);
    kiosk_frame_damage_pane(kiosk);
}

void kiosk_scroll_to(struct kiosk *kiosk, double target, int64_t now_ms)
{
    ease_to(kiosk, target, SCROLL_MS, now_ms);
}

static double aim_of(const struct kiosk_scroll *scroll)
{
    return scroll->motion == SCROLL_EASE ? scroll->target : scroll->offset;
}

static void show_stretch(struct kiosk *kiosk, double top, double bottom, int64_t now_ms)
{
    struct kiosk_pane *pane = kiosk_pane(kiosk);
    double offset = aim_of(&pane->scroll);
    if (top < offset)
        ease_to(kiosk, top, FOCUS_MS, now_ms);
    else if (bottom - pane->at.view.h > offset)
        ease_to(kiosk, bottom - pane->at.view.h, FOCUS_MS, now_ms);
}

void kiosk_show_item(struct kiosk *kiosk, size_t item, int64_t now_ms)
{
    const struct kiosk_list *list = &kiosk_pane(kiosk)->list;
    size_t index;
    struct rect rect = kiosk_list_rect(list, item);
    const struct kiosk_section *section = &list->sections[kiosk_list_section(list, item, &index)];
    int heading = index < (size_t)section->columns ? section->heading_height : 0;
    show_stretch(kiosk, rect.y - heading, rect.y + rect.h + 3 * kiosk->layout.gap, now_ms);
}

static void turn_page(struct kiosk *kiosk, int direction, int64_t now_ms)
{
    struct kiosk_pane *pane = kiosk_pane(kiosk);
    double keep = pane->sheet != NULL ? pane->at.view.h * 0.2 : kiosk->layout.row_height;
    double page = pane->at.view.h - keep;
    page = page > pane->at.view.h * 0.5 ? page : pane->at.view.h * 0.5;
    kiosk_scroll_to(kiosk, aim_of(&pane->scroll) + direction * page, now_ms);
}

static void switch_language(struct kiosk *kiosk)
{
    kiosk->lang = kiosk->lang == LANG_FR ? LANG_EN : LANG_FR;
    kiosk_count(kiosk, KIOSK_COUNT_LANGUAGE, kiosk->lang == LANG_FR ? "fr" : "en");
    kiosk->search.stale = true;
    kiosk_rearrange(kiosk);
    kiosk_say_page(kiosk);
}

static void toggle(struct kiosk *kiosk, bool *mode, const char *name)
{
    *mode = !*mode;
    if (*mode)
        kiosk_count(kiosk, KIOSK_COUNT_MODE, name);
    kiosk_rearrange(kiosk);
    if (!kiosk->modes.aloud)
        kiosk_hush(kiosk);
    kiosk_say_focus(kiosk);
}

static void change_volume(struct kiosk *kiosk)
{
    kiosk->volume = kiosk->volume >= 175 ? 50 : kiosk->volume + 50;
    kiosk_rearrange(kiosk);
    kiosk_say_focus(kiosk);
}

static void go_home(struct kiosk *kiosk, int64_t now_ms)
{
    bool was_home = kiosk_state_page(&kiosk->state) == KIOSK_HOME;
    kiosk_step(kiosk, kiosk_state_home, now_ms);
    if (was_home)
        kiosk_scroll_to(kiosk, 0, now_ms);
    kiosk_input_focus_first(kiosk);
    kiosk_frame_damage_all(kiosk);
}

static void choose_item(struct kiosk *kiosk, size_t item, int64_t now_ms)
{
    struct kiosk_pane *pane = kiosk_pane(kiosk);
    const struct kiosk_page_type *type =
        pane == &kiosk->over ? &kiosk_choices_page : kiosk_page_shown(kiosk);
    size_t index;
    if (item >= kiosk_list_count(&pane->list) || type->choose == NULL)
        return;
    struct rect card = kiosk_frame_item_rect(kiosk, pane, item);
    int section = kiosk_list_section(&pane->list, item, &index);
    if (pane == &kiosk->page)
        kiosk_state_place(&kiosk->state)->focus_item = (int64_t)item;
    type->choose(kiosk, section, index, card, now_ms);
}

static void show_film(struct kiosk *kiosk, int64_t now_ms)
{
    if (kiosk->config.film == NULL || kiosk->portrait.film[0] == '\0')
        return;
    kiosk_cover(kiosk, KIOSK_OVERLAY_FILM, now_ms);
    kiosk->film = true;
    kiosk->config.film(kiosk->config.media_context, kiosk->portrait.film, kiosk->portrait.captions);
}

static void do_mode(struct kiosk *kiosk, enum kiosk_action action)
{
    if (action == KIOSK_ACTION_LOW)
        toggle(kiosk, &kiosk->modes.low, "low");
    else if (action == KIOSK_ACTION_LARGE)
        toggle(kiosk, &kiosk->modes.large, "large");
    else if (action == KIOSK_ACTION_CONTRAST)
        toggle(kiosk, &kiosk->modes.contrast, "contrast");
    else if (action == KIOSK_ACTION_SLOW)
        toggle(kiosk, &kiosk->modes.slow, "slow");
    else
        toggle(kiosk, &kiosk->modes.aloud, "aloud");
}

void kiosk_do(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    const struct kiosk_page_type *type = kiosk_page_shown(kiosk);
    kiosk->activity_ms = now_ms;
    switch (target.action) {
    case KIOSK_ACTION_START_OTHER:
        switch_language(kiosk);
        kiosk_start(kiosk, now_ms);
        break;
    case KIOSK_ACTION_START:
        kiosk_start(kiosk, now_ms);
        break;
    case KIOSK_ACTION_ITEM:
        choose_item(kiosk, (size_t)target.value, now_ms);
        break;
    case KIOSK_ACTION_PAGE_UP:
    case KIOSK_ACTION_PAGE_DOWN:
        turn_page(kiosk, target.action == KIOSK_ACTION_PAGE_UP ? -1 : 1, now_ms);
        break;
    case KIOSK_ACTION_BACK:
        kiosk_step(kiosk, kiosk_state_back, now_ms);
        break;
    case KIOSK_ACTION_HOME:
        go_home(kiosk, now_ms);
        break;
    case KIOSK_ACTION_LANGUAGE:
        switch_language(kiosk);
        break;
    case KIOSK_ACTION_OPTIONS:
        kiosk_cover(kiosk,
                    kiosk->state.overlay == KIOSK_OVERLAY_OPTIONS ? KIOSK_OVERLAY_NONE
                                                                  : KIOSK_OVERLAY_OPTIONS,
                    now_ms);
        break;
    case KIOSK_ACTION_LOW:
    case KIOSK_ACTION_LARGE:
    case KIOSK_ACTION_CONTRAST:
    case KIOSK_ACTION_SLOW:
    case KIOSK_ACTION_ALOUD:
        do_mode(kiosk, target.action);
        break;
    case KIOSK_ACTION_VOLUME:
        change_volume(kiosk);
        break;
    case KIOSK_ACTION_CLOSE:
    case KIOSK_ACTION_STAY:
        kiosk_cover(kiosk, KIOSK_OVERLAY_NONE, now_ms);
        break;
    case KIOSK_ACTION_QUIT:
        kiosk_step(kiosk, kiosk_state_end, now_ms);
        break;
    case KIOSK_ACTION_OPEN:
        kiosk_open(kiosk, (enum kiosk_page)target.value, "", 0, KIOSK_NO_CARD, now_ms);
        break;
    case KIOSK_ACTION_FILM:
        show_film(kiosk, now_ms);
        break;
    case KIOSK_ACTION_LISTEN:
        kiosk_listen(kiosk);
        break;
    case KIOSK_ACTION_NONE:
    case KIOSK_ACTION_NOTHING:
        break;
    default:
        if (type != NULL && type->act != NULL)
            (void)type->act(kiosk, target, now_ms);
        break;
    }
}
