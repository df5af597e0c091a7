#include <string.h>

#include "server/content/slides.h"
#include "server/schedule/repertoire_parts.h"

/* One playlist at one instant. */
struct resolution {
    struct repertoire *repertoire;
    enum lang lang;
    const struct zone *zone;
    int64_t day;
    int64_t at_ms;
    struct arena *arena;
    uint64_t mark; /* on what has been taken */
};

/* The slides of one entry, in order, and how many of them each round takes. */
struct turn {
    size_t count;
    size_t taken;
    size_t weight;
    struct repertoire_item *items;
};

static void take_slide(struct resolution *resolution, const struct playlist_entry *entry,
                       struct repertoire_slide *slide, int64_t until_ms, struct turn *turn)
{
    if (slide == NULL || slide->seen == resolution->mark) {
        return;
    }
    slide->seen = resolution->mark;
    turn->items[turn->count++] = (struct repertoire_item){
        .slide = slide,
        .duration_ms = entry->duration_ms > 0 ? entry->duration_ms : slide->slide->duration_ms,
        .until_ms = until_ms,
    };
}

static void take_portraits(struct resolution *resolution, const struct repertoire_entry *from,
                           struct turn *turn)
{
    struct repertoire *repertoire = resolution->repertoire;
    size_t *valid = arena_array(resolution->arena, from->candidates.count, sizeof *valid);
    size_t *taken = arena_array(resolution->arena, from->candidates.count, sizeof *taken);
    const char **companies =
        arena_array(resolution->arena, from->candidates.count, sizeof *companies);
    size_t count = 0;
    for (size_t i = 0; i < from->candidates.count; i++) {
        const struct portrait *portrait =
            &repertoire->inputs.portraits.items[from->candidates.items[i]];
        if (portrait->from_day <= resolution->day && resolution->day <= portrait->until_day) {
            companies[count] = portrait->organisation;
            valid[count++] = from->candidates.items[i];
        }
    }
    struct rotation rotation =
        rotation_make(&repertoire->inputs.owed, companies, count, resolution->arena);
    count = rotation_take(&rotation, (size_t)from->entry->count, resolution->day, taken);
    for (size_t i = 0; i < count; i++) {
        take_slide(resolution, from->entry,
                   repertoire_portrait(repertoire, valid[taken[i]], resolution->lang), INT64_MAX,
                   turn);
    }
}

static void take_announcements(struct resolution *resolution, const struct repertoire_entry *from,
                               struct turn *turn)
{
    struct repertoire *repertoire = resolution->repertoire;
    for (size_t i = 0; i < from->candidates.count; i++) {
        size_t index = from->candidates.items[i];
        const struct announcement *announcement = &repertoire->inputs.announcements.items[index];
        if (announcement->from_day <= resolution->day &&
            resolution->day <= announcement->until_day) {
            take_slide(resolution, from->entry,
                       repertoire_announcement(repertoire, index, resolution->lang), INT64_MAX,
                       turn);
        }
    }
}

static void take_highlights(struct resolution *resolution, const struct repertoire_entry *from,
                            struct turn *turn)
{
    struct repertoire *repertoire = resolution->repertoire;
    size_t take = (size_t)from->entry->count;
    size_t room = take > 0 && take < from->candidates.count ? take : from->candidates.count;
    size_t *taken = arena_array(resolution->arena, room, sizeof *taken);
    size_t count = rotation_take(&from->rotation, take, resolution->day, taken);
    for (size_t i = 0; i < count; i++) {
        size_t index = from->candidates.items[taken[i]];
        if (index < repertoire->inputs.organisations.count) {
            take_slide(resolution, from->entry,
                       repertoire_highlight(repertoire, index, resolution->lang), INT64_MAX, turn);
        }
    }
}

/* What has no length is over when it begins. */
static bool is_over(const struct occurrence *at, int64_t at_ms)
{
    return at->end_ms <= at_ms;
}

static void take_events(struct resolution *resolution, const struct repertoire_entry *from,
                        struct turn *turn)
{
    struct repertoire *repertoire = resolution->repertoire;
    bool fixed = from->entry->kind == ENTRY_EVENT;
    size_t take = fixed ? 1 : (size_t)from->entry->count;
    int days = fixed ? REPERTOIRE_FIXED_EVENT_DAYS : from->entry->days;
    int64_t before_ms = zone_day_start(resolution->zone, resolution->day + days);
    for (size_t i = 0; i < from->candidates.count && (take == 0 || turn->count < take); i++) {
        size_t index = from->candidates.items[i];
        const struct occurrence *at = &repertoire->inputs.occurrences.items[index].at;
        uint64_t *event_mark = &repertoire->event_marks[repertoire->event_of[index]];
        if (at->start_ms >= before_ms) {
            break;
        }
        if (is_over(at, resolution->at_ms) || *event_mark == resolution->mark) {
            continue;
        }
        *event_mark = resolution->mark;
        bool with_year = at->local_day - resolution->day > SLIDES_YEAR_AFTER_DAYS;
        take_slide(resolution, from->entry,
                   repertoire_event(repertoire, index, with_year, resolution->lang), at->end_ms,
                   turn);
    }
}

/* A written slide, a film, a figure: on every day the same. Of nothing there is no figure. */
static void take_own(struct resolution *resolution, struct repertoire_entry *from,
                     struct turn *turn)
{
    if (from->entry->kind == ENTRY_SOURCE_FIGURE && from->figure == 0) {
        return;
    }
    take_slide(resolution, from->entry,
               repertoire_own(resolution->repertoire, from, resolution->lang), INT64_MAX, turn);
}

/* What is still to come of the candidates, each event once, `take` at most. */
static size_t list_events(struct resolution *resolution, const struct repertoire_entry *from,
                          size_t take, struct list_row *rows_out)
{
    struct repertoire *repertoire = resolution->repertoire;
    uint64_t mark = repertoire_mark(repertoire);
    int64_t before_ms = zone_day_start(resolution->zone, resolution->day + from->entry->days);
    size_t count = 0;
    for (size_t i = 0; i < from->candidates.count && count < take; i++) {
        size_t index = from->candidates.items[i];
        const struct occurrence *at = &repertoire->inputs.occurrences.items[index].at;
        uint64_t *event_mark = &repertoire->list_marks[repertoire->event_of[index]];
        if (at->start_ms >= before_ms) {
            break;
        }
        if (!is_over(at, resolution->at_ms) && *event_mark != mark) {
            *event_mark = mark;
            bool with_year = at->local_day - resolution->day > SLIDES_YEAR_AFTER_DAYS;
            rows_out[count++] =
                (struct list_row){with_year ? ROW_EVENT_WITH_YEAR : ROW_EVENT, index};
        }
    }
    return count;
}

/* A list changes when the first of its events is over. */
static int64_t list_until(const struct repertoire *repertoire, const struct list_slide *list)
{
    int64_t until_ms = INT64_MAX;
    for (size_t i = 0; i < list->count; i++) {
        const struct occurrence *at = &repertoire->inputs.occurrences.items[list->rows[i].index].at;
        until_ms = at->end_ms < until_ms ? at->end_ms : until_ms;
    }
    return until_ms;
}

static void take_event_list(struct resolution *resolution, struct repertoire_entry *from,
                            const struct list_slide *list, struct turn *turn)
{
    if (list->count > 0) {
        take_slide(resolution, from->entry,
                   repertoire_list_slide(resolution->repertoire, from, list),
                   list_until(resolution->repertoire, list), turn);
    }
}

static void take_agenda(struct resolution *resolution, struct repertoire_entry *from,
                        struct turn *turn)
{
    struct list_slide list = {.lang = resolution->lang};
    size_t take = from->entry->count > 0 ? (size_t)from->entry->count : PLAYLIST_ROWS_MAX;
    list.count = list_events(resolution, from, take, list.rows);
    take_event_list(resolution, from, &list, turn);
}

/* Companies on as many slides as they need, about the same number on each. */
static void take_companies(struct resolution *resolution, struct repertoire_entry *from,
                           size_t rows, struct turn *turn)
{
    size_t count = from->candidates.count;
    size_t pages = (count + rows - 1) / rows;
    for (size_t page = 0, next = 0; page < pages; page++) {
        struct list_slide list = {.lang = resolution->lang};
        size_t until = count * (page + 1) / pages;
        while (next < until) {
            list.rows[list.count++] =
                (struct list_row){ROW_ORGANISATION, from->candidates.items[next++]};
        }
        take_slide(resolution, from->entry,
                   repertoire_list_slide(resolution->repertoire, from, &list), INT64_MAX, turn);
    }
}

static void take_here(struct resolution *resolution, struct repertoire_entry *from,
                      struct turn *turn)
{
    const struct event_occurrence *events = resolution->repertoire->inputs.occurrences.items;
    struct list_slide today = {.lang = resolution->lang};
    size_t rows = from->entry->count > 0 ? (size_t)from->entry->count : PLAYLIST_ROWS_MAX;
    for (size_t i = 0; i < from->meetings.count && today.count < rows; i++) {
        const struct occurrence *at = &events[from->meetings.items[i]].at;
        if (at->local_day <= resolution->day && resolution->day <= at->local_last_day &&
            !is_over(at, resolution->at_ms)) {
            today.rows[today.count++] = (struct list_row){ROW_EVENT, from->meetings.items[i]};
        }
    }
    take_event_list(resolution, from, &today, turn);
    take_companies(resolution, from, rows, turn);
}

static void take_news(struct resolution *resolution, const struct repertoire_entry *from,
                      struct turn *turn)
{
    struct repertoire *repertoire = resolution->repertoire;
    size_t most = from->meetings.count + from->candidates.count;
    size_t take = from->entry->count > 0 ? (size_t)from->entry->count : most;
    for (size_t i = 0; i < from->meetings.count && turn->count < take; i++) {
        size_t index = from->meetings.items[i];
        const struct announcement *announcement = &repertoire->inputs.announcements.items[index];
        if (announcement->from_day <= resolution->day &&
            resolution->day <= announcement->until_day) {
            take_slide(resolution, from->entry,
                       repertoire_announcement_news(repertoire, index, resolution->lang), INT64_MAX,
                       turn);
        }
    }
    struct list_row *rows = arena_array(resolution->arena, from->candidates.count, sizeof *rows);
    size_t count = list_events(resolution, from, take - turn->count, rows);
    for (size_t i = 0; i < count; i++) {
        take_slide(resolution, from->entry,
                   repertoire_event_news(repertoire, rows[i].index,
                                         rows[i].kind == ROW_EVENT_WITH_YEAR, resolution->lang),
                   repertoire->inputs.occurrences.items[rows[i].index].at.end_ms, turn);
    }
}

static void take_turn(struct resolution *resolution, struct repertoire_entry *from,
                      struct turn *turn)
{
    turn->weight = from->entry->weight > 1 ? (size_t)from->entry->weight : 1;
    turn->items = arena_array(resolution->arena, from->candidates.count + from->meetings.count + 1,
                              sizeof *turn->items);
    switch (from->entry->kind) {
    case ENTRY_PORTRAIT:
    case ENTRY_SOURCE_PORTRAITS:
        take_portraits(resolution, from, turn);
        break;
    case ENTRY_ANNOUNCEMENT:
        take_announcements(resolution, from, turn);
        break;
    case ENTRY_HIGHLIGHT:
    case ENTRY_SOURCE_HIGHLIGHTS:
        take_highlights(resolution, from, turn);
        break;
    case ENTRY_EVENT:
    case ENTRY_SOURCE_EVENTS:
        take_events(resolution, from, turn);
        break;
    case ENTRY_SOURCE_AGENDA:
        take_agenda(resolution, from, turn);
        break;
    case ENTRY_SOURCE_NOW_HERE:
        take_here(resolution, from, turn);
        break;
    case ENTRY_SOURCE_NEWS:
        take_news(resolution, from, turn);
        break;
    case ENTRY_WRITTEN:
    case ENTRY_FILM:
    case ENTRY_SOURCE_FIGURE:
        take_own(resolution, from, turn);
        break;
    }
}

size_t repertoire_resolve(struct repertoire *repertoire, const struct playlist *playlist,
                          enum lang lang, const struct zone *zone, int64_t day, int64_t at_ms,
                          struct arena *arena, struct repertoire_item **items_out)
{
    const struct repertoire_list *list = repertoire_list_of(repertoire, playlist->id);
    struct resolution resolution = {
        repertoire, lang, zone, day, at_ms, arena, repertoire_mark(repertoire)};
    struct turn *turns = arena_array(arena, playlist->entry_count, sizeof *turns);
    size_t total = 0;
    for (size_t i = 0; i < playlist->entry_count; i++) {
        take_turn(&resolution, &list->entries[i], &turns[i]);
        total += turns[i].count;
    }
    struct repertoire_item *items = arena_array(arena, total, sizeof *items);
    size_t count = 0;
    while (count < total) {
        for (size_t i = 0; i < playlist->entry_count; i++) {
            for (size_t k = 0; k < turns[i].weight && turns[i].taken < turns[i].count; k++) {
                items[count] = turns[i].items[turns[i].taken++];
                items[count++].entry = i;
            }
        }
    }
    *items_out = items;
    return count;
}
