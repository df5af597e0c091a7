#include "player/kiosk/kiosk_events.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player/kiosk/kiosk_agenda.h"
#include "player/kiosk/kiosk_cards.h"

/* Only the next occurrence of each: a weekly market would fill the page otherwise. The list is by
 * start. */
static void keep_next(struct directory_event_list *events, size_t limit)
{
    size_t kept = 0;
    for (size_t i = 0; i < events->count && (limit == 0 || kept < limit); i++) {
        bool seen = false;
        for (size_t j = 0; j < kept && !seen; j++)
            seen = strcmp(events->items[j].id, events->items[i].id) == 0;
        if (!seen)
            events->items[kept++] = events->items[i];
    }
    events->count = kept;
}

static void read_events(struct kiosk *kiosk, struct arena *arena, const char *organisation,
                        const char *commune, struct directory_event_list *out)
{
    struct directory_event_query query = {.from_ms = kiosk_wall_ms(kiosk),
                                          .until_ms = INT64_MAX,
                                          .commune = commune,
                                          .organisation = organisation};
    struct error err;
    *out = (struct directory_event_list){0};
    if (!directory_events(kiosk->directory, arena, &query, out, &err))
        *out = (struct directory_event_list){0};
}

void kiosk_events_load(struct kiosk *kiosk, const char *organisation, const char *commune,
                       size_t limit)
{
    read_events(kiosk, kiosk->arena, organisation, commune, &kiosk->events);
    keep_next(&kiosk->events, limit);
}

/* ---- the communes that have some ------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of communes once each, A–Z; all events that come count. */
static void load_communes(struct kiosk *kiosk)
{
    struct directory_event_list all;
    read_events(kiosk, kiosk->arena, "", "", &all);
    keep_next(&all, 0);
    kiosk->communes = arena_array(kiosk->arena, all.count + 1, sizeof(*kiosk->communes));
    kiosk->commune_counts = arena_array(kiosk->arena, all.count + 1, sizeof(size_t));
    kiosk->commune_count = 0;
    const char **names = arena_array(kiosk->arena, all.count + 1, sizeof(*names));
    size_t named = 0;
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].commune[0] != '\0')
            names[named++] = all.items[i].commune;
    qsort(names, named, sizeof(*names), compare_names);
    for (size_t i = 0; i < named; i++) {
        size_t last = kiosk->commune_count;
        if (last == 0 || strcmp(kiosk->communes[last - 1], names[i]) != 0)
            kiosk->communes[kiosk->commune_count++] = names[i];
        kiosk->commune_counts[kiosk->commune_count - 1]++;
    }
}

size_t kiosk_events_in(const struct kiosk *kiosk, const char *commune)
{
    for (size_t i = 0; i < kiosk->commune_count; i++)
        if (strcmp(kiosk->communes[i], commune) == 0)
            return kiosk->commune_counts[i];
    return 0;
}

/* ---- the page -------------------------------------------------------------------------------- */

static bool load(struct kiosk *kiosk)
{
    int64_t today = kiosk_today(kiosk);
    load_communes(kiosk);
    if (kiosk->commune[0] != '\0' && kiosk_events_in(kiosk, kiosk->commune) == 0)
        kiosk->commune[0] = '\0'; /* its last event is over */
    kiosk_events_load(kiosk, "", kiosk->commune, 0);
    size_t at = 0;
    for (int stretch = 0; stretch < KIOSK_AGENDA_STRETCHES; stretch++) {
        kiosk->stretch_first[stretch] = at;
        while (at < kiosk->events.count &&
               (int)kiosk_agenda_stretch(&kiosk->events.items[at], today) <= stretch)
            at++;
    }
    kiosk->stretch_first[KIOSK_AGENDA_STRETCHES] = kiosk->events.count;
    return true;
}

void kiosk_events_narrow(struct kiosk *kiosk, const char *commune)
{
    if (strcmp(kiosk->commune, commune) == 0)
        kiosk->commune[0] = '\0';
    else
        snprintf(kiosk->commune, sizeof(kiosk->commune), "%s", commune);
    arena_reset(kiosk->arena);
    (void)load(kiosk);
    kiosk_refresh(kiosk);
    kiosk_say_focus(kiosk);
}

static size_t count_in(const struct kiosk *kiosk, int stretch)
{
    return kiosk->stretch_first[stretch + 1] - kiosk->stretch_first[stretch];
}

/* Section → stretch: those without events are left out. */
static int stretch_of(const struct kiosk *kiosk, int section)
{
    int stretch = 0;
    for (; stretch < KIOSK_AGENDA_STRETCHES - 1; stretch++)
        if (count_in(kiosk, stretch) > 0 && section-- == 0)
            break;
    return stretch;
}

static void arrange(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct kiosk_pane *pane = &kiosk->page;
    pane->at = kiosk_layout_aside(layout, layout->body, false);
    pane->list = (struct kiosk_list){.width = pane->at.view.w, .gap = layout->gap};
    for (int stretch = 0; stretch < KIOSK_AGENDA_STRETCHES; stretch++)
        if (count_in(kiosk, stretch) > 0)
            pane->list.sections[pane->list.section_count++] = (struct kiosk_section){
                .count = count_in(kiosk, stretch),
                .columns = kiosk_layout_columns(layout, pane->list.width, 330 * layout->text),
                .row_height = layout->row_height,
                .heading_height = layout->heading_height};
    kiosk_frame_widen(kiosk, pane, layout->body);
}

static void build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    const struct kiosk_layout *layout = kit->layout;
    int tool = kiosk_kit_px(kit, 120 * sqrt(layout->text));
    struct strbuf count;
    strbuf_init(&count);
    if (kiosk->events.count > 0)
        kiosk_strings_events(kiosk->events.count, kit->lang, &count);
    struct rect right = kiosk_chrome_header(kit, root, kiosk_kit_word(kit, KIOSK_STRING_EVENTS),
                                            count.bytes, kiosk->commune_count > 1 ? tool : 0);
    strbuf_finish(&count);
    if (kiosk->events.count == 0)
        kiosk_chrome_empty(kit, root, ICON_CALENDAR, kiosk_kit_word(kit, KIOSK_STRING_NO_EVENTS));
    if (kiosk->commune_count < 2)
        return;
    bool chosen = kiosk->commune[0] != '\0';
    struct kiosk_button button = {.rect = right,
                                  .action = KIOSK_ACTION_CHOICES,
                                  .focus = KIOSK_FOCUS_TOOLS,
                                  .label = chosen ? kiosk->commune
                                                  : kiosk_kit_word(kit, KIOSK_STRING_COMMUNES),
                                  .look = chosen ? KIOSK_BUTTON_ACCENT : KIOSK_BUTTON_CHROME};
    kiosk_kit_button(kit, root, &button);
}

static void heading(struct kiosk *kiosk, int section, struct strbuf *title, struct strbuf *aside)
{
    int stretch = stretch_of(kiosk, section);
    strbuf_append(
        title, kiosk_strings_get((enum kiosk_string)(KIOSK_STRING_TODAY + stretch), kiosk->lang));
    kiosk_strings_events(count_in(kiosk, stretch), kiosk->lang, aside);
}

static const struct directory_event *event_at(const struct kiosk *kiosk, int section, size_t index)
{
    return &kiosk->events.items[kiosk->stretch_first[stretch_of(kiosk, section)] + index];
}

static struct scene_node *card(struct kiosk *kiosk, const struct kiosk_kit *kit,
                               struct scene_node *parent, struct rect rect, int section,
                               size_t index)
{
    return kiosk_cards_event(kit, parent, rect, event_at(kiosk, section, index),
                             kiosk_today(kiosk));
}

static void choose(struct kiosk *kiosk, int section, size_t index, struct rect rect, int64_t now_ms)
{
    const struct directory_event *event = event_at(kiosk, section, index);
    kiosk_open(kiosk, KIOSK_EVENT, event->id, event->start_ms, rect, now_ms);
}

static bool act(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms)
{
    if (target.action == KIOSK_ACTION_CHOICES)
        kiosk_cover(kiosk, KIOSK_OVERLAY_CHOICES, now_ms);
    else if (target.action == KIOSK_ACTION_ALL)
        kiosk_events_narrow(kiosk, kiosk->commune);
    else
        return false;
    return true;
}

const struct kiosk_page_type kiosk_events_page = {
    .title = KIOSK_STRING_EVENTS,
    .load = load,
    .arrange = arrange,
    .build = build,
    .heading = heading,
    .card = card,
    .choose = choose,
    .act = act,
};
