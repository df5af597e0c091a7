/* Where a visitor goes: from place to place, what is read and laid out there, what moves on the
 * way, and what is forgotten at the end. */
#include <stdlib.h>
#include <string.h>

#include "player/kiosk/kiosk_private.h"
#include "player/kiosk/kiosk_skyline.h"

#define VOLUME_USUAL 100
#define HERE_MAX 500 /* organisations in one building */

/* ---- layout ---------------------------------------------------------------------------------- */

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
    kiosk->skyline = kiosk_skyline_create(board.w, board.h * (board.h < board.w / 4 ? 5 : 8) / 10,
                                          theme->skyline, theme->water);
    kiosk->skyline_board = board;
}

/* Pane, cards and all that stands fixed are made anew, at the same place if that is still there. */
void kiosk_remake(struct kiosk *kiosk)
{
    const struct kiosk_page_type *type = kiosk_page_shown(kiosk);
    kiosk_frame_clear_pane(&kiosk->page);
    kiosk_frame_clear_pane(&kiosk->over);
    if (type != NULL) {
        type->arrange(kiosk);
        kiosk_frame_make_pane(kiosk, &kiosk->page);
        if (kiosk->state.overlay == KIOSK_OVERLAY_CHOICES) {
            kiosk_choices_page.arrange(kiosk);
            kiosk_frame_make_pane(kiosk, &kiosk->over);
        }
    }
    kiosk_frame_damage_all(kiosk);
}

/* Language, modes or screen changed: the same card stays at the top. */
void kiosk_rearrange(struct kiosk *kiosk)
{
    struct kiosk_pane *pane = &kiosk->page;
    size_t top = pane->scroll.offset > 0.5 ? kiosk_list_at(&pane->list, (int)pane->scroll.offset)
                                           : KIOSK_NO_ITEM;
    kiosk_end_motion(kiosk);
    kiosk->layout =
        kiosk_layout_make(&kiosk->config.metrics, kiosk->config.bottom_edge_mm, kiosk->modes);
    kiosk->theme = *kiosk_kit_theme(kiosk->modes.contrast);
    if ((kiosk->config.accent >> 24) != 0 && !kiosk->modes.contrast)
        kiosk->theme.accent = kiosk->config.accent;
    make_skyline(kiosk);
    kiosk_remake(kiosk);
    if (top != KIOSK_NO_ITEM && top < kiosk_list_count(&pane->list))
        kiosk_scroll_jump(&pane->scroll, kiosk_list_rect(&pane->list, top).y);
}

void kiosk_refresh(struct kiosk *kiosk)
{
    kiosk_scroll_jump(&kiosk->page.scroll, 0);
    kiosk_remake(kiosk);
}

/* ---- pages ----------------------------------------------------------------------------------- */

void kiosk_end_motion(struct kiosk *kiosk)
{
    struct kiosk_motion *motion = &kiosk->motion;
    if (!motion->active)
        return;
    canvas_destroy(motion->under);
    scene_destroy(motion->sheet);
    *motion = (struct kiosk_motion){0};
    kiosk_frame_damage_all(kiosk);
}

void kiosk_forget_map(struct kiosk *kiosk)
{
    kiosk_map_destroy(kiosk->map);
    kiosk->map = NULL;
    free(kiosk->place_rows);
    kiosk->place_rows = NULL;
    kiosk->place_count = 0;
    kiosk->map_selected = KIOSK_MAP_NOBODY;
}

/* Nothing of one visitor remains for the next. */
void kiosk_forget_visitor(struct kiosk *kiosk)
{
    kiosk_state_end(&kiosk->state);
    kiosk->lang = kiosk->config.lang;
    kiosk->modes = (struct kiosk_modes){0};
    kiosk->volume = VOLUME_USUAL;
    kiosk->keys = kiosk->keyboard_focused = false;
    kiosk->focused = kiosk->page_focused = (struct kiosk_target){0};
    kiosk->seconds = 0;
    kiosk->live_active = false;
    kiosk_keyboard_init(&kiosk->search.keyboard);
    kiosk->search.typing = false;
    kiosk->search.stale = true;
    memset(kiosk->search.chosen, 0, sizeof(kiosk->search.chosen));
    kiosk->commune[0] = '\0';
    kiosk_forget_map(kiosk);
    kiosk_scroll_jump(&kiosk->page.scroll, 0);
    kiosk_scroll_jump(&kiosk->over.scroll, 0);
    arena_reset(kiosk->arena);
    kiosk_pictures_retry(kiosk->pictures);
    kiosk_hush(kiosk);
    kiosk_rearrange(kiosk);
}

void kiosk_stop_film(struct kiosk *kiosk)
{
    if (!kiosk->film)
        return;
    kiosk->film = false;
    free(kiosk->caption);
    kiosk->caption = NULL;
    kiosk->config.film(kiosk->config.media_context, NULL, "");
}

bool kiosk_has_entries(const struct directory *directory)
{
    return directory != NULL && directory_count(directory) > 0;
}

/* Who is in this building. */
static void find_neighbours(struct kiosk *kiosk)
{
    struct directory_query query = {.text = "", .site_id = kiosk->site_id, .lang = kiosk->lang};
    struct directory_answer answer = {0};
    struct error err;
    kiosk->here = NULL;
    kiosk->here_count = 0;
    arena_reset(kiosk->lasting);
    if (kiosk->directory != NULL && kiosk->site_id[0] != '\0' &&
        directory_ask(kiosk->directory, &query, &answer, &err)) {
        uint32_t count = answer.row_count < HERE_MAX ? answer.row_count : HERE_MAX;
        kiosk->here = arena_array(kiosk->lasting, count, sizeof(*kiosk->here));
        for (uint32_t i = 0; i < count; i++)
            if (directory_organisation(kiosk->directory, kiosk->lasting, answer.rows[i],
                                       &kiosk->here[kiosk->here_count], &err))
                kiosk->here_count++;
    }
    directory_answer_finish(&answer);
}

static void take_directory(struct kiosk *kiosk, struct directory *directory)
{
    kiosk_forget_map(kiosk);
    kiosk->directory = directory;
    kiosk->search.stale = true;
    if (directory == NULL)
        kiosk->search.answer.row_count = 0;
    find_neighbours(kiosk);
}

/* What a facet's numbers mean is of one directory: what was chosen is not carried over by number
 * but by key. */
static void keep_choices(struct kiosk *kiosk, const struct directory *former)
{
    struct directory_values kept[DIRECTORY_FACETS] = {0};
    for (int facet = 0; facet < DIRECTORY_FACETS && former != NULL && kiosk->directory != NULL;
         facet++) {
        enum directory_facet at = (enum directory_facet)facet;
        size_t count = directory_value_count(former, at);
        for (size_t value = 0; value < count; value++) {
            if ((kiosk->search.chosen[facet].bits[value / 64] >> value % 64 & 1) == 0)
                continue;
            const char *key = directory_value_key(former, at, value);
            for (size_t i = 0; i < directory_value_count(kiosk->directory, at); i++)
                if (strcmp(directory_value_key(kiosk->directory, at, i), key) == 0)
                    kept[facet].bits[i / 64] |= UINT64_C(1) << i % 64;
        }
    }
    memcpy(kiosk->search.chosen, kept, sizeof(kept));
}

void kiosk_replace_directory(struct kiosk *kiosk, struct directory *directory)
{
    struct directory *former = kiosk->directory;
    kiosk_end_motion(kiosk);
    kiosk_input_drop_touch(kiosk);
    take_directory(kiosk, directory);
    keep_choices(kiosk, former);
    directory_close(former);
}

/* The topmost place's page, read; places whose record is gone are left. */
void kiosk_load_page(struct kiosk *kiosk)
{
    for (;;) {
        const struct kiosk_page_type *type = kiosk_page_shown(kiosk);
        arena_reset(kiosk->arena);
        kiosk->events = (struct directory_event_list){0};
        kiosk->portraits = (struct directory_portrait_list){0};
        kiosk->similar_count = 0;
        if (type == NULL || type->load == NULL || type->load(kiosk))
            return;
        kiosk_state_back(&kiosk->state);
    }
}

static void count_page(const struct kiosk *kiosk)
{
    switch (kiosk_state_page(&kiosk->state)) {
    case KIOSK_DIRECTORY:
        kiosk_count(kiosk, KIOSK_COUNT_LIST, NULL);
        break;
    case KIOSK_ORGANISATION:
        kiosk_count(kiosk, KIOSK_COUNT_SHEET, kiosk->organisation.id);
        break;
    default:
        break;
    }
}

static void focus_page(struct kiosk *kiosk, int64_t now_ms)
{
    const struct kiosk_place *place = kiosk_state_place(&kiosk->state);
    kiosk->keyboard_focused = false;
    if (place->focus_item >= 0 && (size_t)place->focus_item < kiosk_list_count(&kiosk->page.list)) {
        kiosk->focused = (struct kiosk_target){KIOSK_ACTION_ITEM, place->focus_item};
        if (kiosk->keys)
            kiosk_show_item(kiosk, (size_t)place->focus_item, now_ms);
    } else {
        kiosk_input_focus_first(kiosk);
    }
}

/* The present place keeps where it was, for when the visitor comes back. */
static void leave_page(struct kiosk *kiosk)
{
    struct kiosk_place *place = kiosk_state_place(&kiosk->state);
    if (place == NULL)
        return;
    place->offset = kiosk->page.scroll.offset;
    place->focus_item =
        kiosk->focused.action == KIOSK_ACTION_ITEM ? kiosk->focused.value : place->focus_item;
}

static bool same_place(const struct kiosk_state *a, const struct kiosk_state *b)
{
    if (a->depth != b->depth)
        return false;
    if (a->depth == 0)
        return true;
    const struct kiosk_place *one = &a->places[a->depth - 1], *two = &b->places[b->depth - 1];
    return one->page == two->page && strcmp(one->id, two->id) == 0 && one->at_ms == two->at_ms;
}

/* A sheet that is left shrinks into its card on the page below. */
static void close_into_card(struct kiosk *kiosk, struct scene *sheet, struct scene_node *card,
                            int64_t now_ms)
{
    struct kiosk_pane *pane = &kiosk->page;
    const struct kiosk_place *place = kiosk_state_place(&kiosk->state);
    struct rect rect = {0};
    if (place != NULL && place->focus_item >= 0 &&
        (size_t)place->focus_item < kiosk_list_count(&pane->list))
        rect = rect_intersect(kiosk_frame_item_rect(kiosk, pane, (size_t)place->focus_item),
                              pane->at.view);
    if (sheet == NULL || rect_empty(rect) || !kiosk_motion_wanted(kiosk)) {
        scene_destroy(sheet);
        return;
    }
    kiosk->motion = (struct kiosk_motion){.active = true,
                                          .closing = true,
                                          .card = rect,
                                          .sheet = sheet,
                                          .sheet_card = card,
                                          .start_ms = now_ms,
                                          .now_ms = now_ms};
}

static void show_page(struct kiosk *kiosk, const struct kiosk_state *before, struct rect card,
                      int64_t now_ms)
{
    struct scene *sheet = kiosk->page.sheet; /* shown until now */
    struct scene_node *sheet_card = kiosk->page.card;
    bool deeper = kiosk->state.depth > before->depth;
    kiosk->page.sheet = NULL;
    kiosk->page.card = NULL;
    kiosk_load_page(kiosk);
    if (kiosk->state.depth == 0) {
        scene_destroy(sheet);
        kiosk_forget_visitor(kiosk);
        return;
    }
    kiosk_scroll_jump(&kiosk->page.scroll, 0);
    kiosk_remake(kiosk);
    kiosk_scroll_jump(&kiosk->page.scroll, kiosk_state_place(&kiosk->state)->offset);
    if (deeper && kiosk->page.sheet != NULL && card.w > 0 && kiosk_motion_wanted(kiosk))
        kiosk->motion = (struct kiosk_motion){
            .active = true, .card = card, .start_ms = now_ms, .now_ms = now_ms};
    if (deeper || before->depth == 0)
        scene_destroy(sheet);
    else
        close_into_card(kiosk, sheet, sheet_card, now_ms);
    focus_page(kiosk, now_ms);
    if (deeper || before->depth == 0)
        count_page(kiosk);
}

static void show_overlay(struct kiosk *kiosk, const struct kiosk_state *before)
{
    bool covered = kiosk->state.overlay != KIOSK_OVERLAY_NONE;
    if (before->overlay == KIOSK_OVERLAY_FILM)
        kiosk_stop_film(kiosk);
    if (kiosk->state.overlay == KIOSK_OVERLAY_CHOICES)
        kiosk_scroll_jump(&kiosk->over.scroll, 0);
    if (covered && before->overlay == KIOSK_OVERLAY_NONE)
        kiosk->page_focused = kiosk->focused;
    kiosk_remake(kiosk);
    if (covered)
        kiosk_input_focus_first(kiosk);
    else
        kiosk->focused = kiosk->page_focused;
}

/* After the state changed: what shows follows. */
static void follow(struct kiosk *kiosk, const struct kiosk_state *before, struct rect card,
                   int64_t now_ms)
{
    bool moved = !same_place(before, &kiosk->state);
    if (!moved && before->overlay == kiosk->state.overlay)
        return;
    kiosk_input_drop_touch(kiosk);
    kiosk_end_motion(kiosk);
    kiosk->activity_ms = now_ms;
    kiosk->seconds = 0;
    kiosk_hush(kiosk);
    if (moved && before->overlay == KIOSK_OVERLAY_FILM)
        kiosk_stop_film(kiosk);
    if (moved && kiosk->has_next) {
        struct directory *next = kiosk->next;
        kiosk->has_next = false;
        kiosk->next = NULL;
        kiosk_replace_directory(kiosk, next);
        if (!kiosk_has_entries(kiosk->directory))
            kiosk_state_end(&kiosk->state);
    }
    if (moved)
        show_page(kiosk, before, card, now_ms);
    else
        show_overlay(kiosk, before);
    kiosk_say_page(kiosk);
}

void kiosk_open(struct kiosk *kiosk, enum kiosk_page page, const char *id, int64_t at_ms,
                struct rect card, int64_t now_ms)
{
    leave_page(kiosk);
    struct kiosk_state before = kiosk->state;
    kiosk_state_open(&kiosk->state, page, id, at_ms);
    follow(kiosk, &before, card, now_ms);
}

void kiosk_cover(struct kiosk *kiosk, enum kiosk_overlay overlay, int64_t now_ms)
{
    struct kiosk_state before = kiosk->state;
    kiosk_state_cover(&kiosk->state, overlay);
    follow(kiosk, &before, KIOSK_NO_CARD, now_ms);
}

/* One of those that need no more than the state. */
void kiosk_step(struct kiosk *kiosk, void (*change)(struct kiosk_state *state), int64_t now_ms)
{
    leave_page(kiosk);
    struct kiosk_state before = kiosk->state;
    change(&kiosk->state);
    follow(kiosk, &before, KIOSK_NO_CARD, now_ms);
}

void kiosk_start(struct kiosk *kiosk, int64_t now_ms)
{
    struct kiosk_state before = kiosk->state;
    if (!kiosk_has_entries(kiosk->directory) || kiosk->state.depth > 0)
        return;
    kiosk->activity_ms = now_ms;
    kiosk_state_start(&kiosk->state);
    follow(kiosk, &before, KIOSK_NO_CARD, now_ms);
    if (kiosk->state.depth > 0)
        kiosk_count(kiosk, KIOSK_COUNT_SESSION, NULL);
}
