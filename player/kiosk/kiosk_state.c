#include "player/kiosk/kiosk_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define LIST_MS 75000
#define SHEET_MS 120000
#define ASK_MS 30000
#define SLOW 3

bool kiosk_page_is_sheet(enum kiosk_page page)
{
    return page >= KIOSK_ORGANISATION;
}

enum kiosk_page kiosk_state_page(const struct kiosk_state *state)
{
    return state->depth == 0 ? KIOSK_ATTRACT : state->places[state->depth - 1].page;
}

struct kiosk_place *kiosk_state_place(struct kiosk_state *state)
{
    return state->depth == 0 ? NULL : &state->places[state->depth - 1];
}

static void push(struct kiosk_state *state, enum kiosk_page page, const char *id, int64_t at_ms)
{
    if (state->depth == KIOSK_PLACES_MAX) {
        state->depth--;
        memmove(&state->places[1], &state->places[2],
                (KIOSK_PLACES_MAX - 2) * sizeof(state->places[0]));
    }
    struct kiosk_place *place = &state->places[state->depth++];
    *place = (struct kiosk_place){.page = page, .at_ms = at_ms, .focus_item = -1};
    snprintf(place->id, sizeof(place->id), "%s", id);
}

void kiosk_state_start(struct kiosk_state *state)
{
    if (state->depth == 0)
        push(state, KIOSK_HOME, "", 0);
}

static bool is_one_of_two(enum kiosk_page page)
{
    return page == KIOSK_DIRECTORY || page == KIOSK_MAP;
}

void kiosk_state_open(struct kiosk_state *state, enum kiosk_page page, const char *id,
                      int64_t at_ms)
{
    assert(page > KIOSK_ATTRACT && page < KIOSK_PAGES);
    const struct kiosk_place *place = kiosk_state_place(state);
    state->overlay = KIOSK_OVERLAY_NONE;
    if (place != NULL && place->page == page && strcmp(place->id, id) == 0 && place->at_ms == at_ms)
        return;
    if (place != NULL && is_one_of_two(place->page) && is_one_of_two(page))
        state->depth--;
    push(state, page, id, at_ms);
}

void kiosk_state_back(struct kiosk_state *state)
{
    if (state->overlay != KIOSK_OVERLAY_NONE)
        state->overlay = KIOSK_OVERLAY_NONE;
    else if (state->depth > 1)
        state->depth--;
    else
        kiosk_state_end(state);
}

void kiosk_state_home(struct kiosk_state *state)
{
    if (state->depth == 0)
        return;
    if (state->places[0].page == KIOSK_HOME) {
        state->depth = 1;
        state->places[0].offset = 0.0;
        state->places[0].focus_item = -1;
    } else {
        state->depth = 0;
        push(state, KIOSK_HOME, "", 0);
    }
    state->overlay = KIOSK_OVERLAY_NONE;
}

void kiosk_state_cover(struct kiosk_state *state, enum kiosk_overlay overlay)
{
    if (state->depth == 0 || (state->overlay == KIOSK_OVERLAY_ASK && overlay != KIOSK_OVERLAY_NONE))
        return;
    state->overlay = overlay;
}

void kiosk_state_time_out(struct kiosk_state *state)
{
    if (state->overlay == KIOSK_OVERLAY_ASK)
        kiosk_state_end(state);
    else if (state->depth > 0)
        state->overlay = KIOSK_OVERLAY_ASK;
}

void kiosk_state_end(struct kiosk_state *state)
{
    memset(state, 0, sizeof(*state));
}

int64_t kiosk_state_timeout_ms(const struct kiosk_state *state, bool slow)
{
    int64_t once = state->depth == 0                              ? 0
                   : state->overlay == KIOSK_OVERLAY_ASK          ? ASK_MS
                   : kiosk_page_is_sheet(kiosk_state_page(state)) ? SHEET_MS
                                                                  : LIST_MS;
    return slow ? once * SLOW : once;
}
