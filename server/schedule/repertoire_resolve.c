#include <string.h>

#include "core/log.h"
#include "server/content/slides.h"
#include "server/schedule/repertoire_parts.h"

/* A picture whose file is not in the store would make players wait for ever. */
static const char *known_picture(const struct repertoire *repertoire, const char *sha256)
{
    struct sha256 sum;
    bool known = sha256_from_hex(sha256, &sum) && repertoire_media(repertoire, &sum) != NULL;
    return known ? sha256 : "";
}

/* Whether the log is to name this subject: once, though each date of an event fails alike; of very
 * many the first ones do. */
static bool is_new_complaint(struct repertoire *repertoire, const char *subject)
{
    for (size_t i = 0; i < repertoire->complaint_count; i++) {
        if (strcmp(repertoire->complaints[i], subject) == 0) {
            return false;
        }
    }
    if (repertoire->complaint_count == REPERTOIRE_COMPLAINTS_MAX) {
        return false;
    }
    repertoire->complaints[repertoire->complaint_count++] = subject;
    return true;
}

static struct repertoire_slide *keep_slide(struct repertoire *repertoire, struct lazy_slide *lazy,
                                           const struct slide *slide, bool ok, const char *subject,
                                           const struct error *err)
{
    lazy->built = true;
    if (ok) {
        lazy->shown.slide = slide;
        return &lazy->shown;
    }
    if (is_new_complaint(repertoire, subject)) {
        log_write(LOG_WARN, "slide_left_out", "%s %s: %s %s", slide->template, subject, err->field,
                  err->en);
    }
    return NULL;
}

static struct repertoire_slide *built_slide(struct lazy_slide *lazy)
{
    return lazy->shown.slide == NULL ? NULL : &lazy->shown;
}

static struct repertoire_slide *portrait_slide(struct repertoire *repertoire, size_t index,
                                               enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->portraits[lang][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    struct portrait portrait = repertoire->inputs.portraits.items[index];
    size_t owner = repertoire_organisation(repertoire, portrait.organisation);
    if (owner == repertoire->inputs.organisations.count) {
        lazy->built = true;
        log_write(LOG_WARN, "slide_left_out", "portrait %s: organisation %s cannot be shown",
                  portrait.id, portrait.organisation);
        return NULL;
    }
    portrait.photo = known_picture(repertoire, portrait.photo);
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_portrait(&portrait, &repertoire->inputs.organisations.items[owner], lang,
                              repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, portrait.id, &err);
}

static struct repertoire_slide *announcement_slide(struct repertoire *repertoire, size_t index,
                                                   enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->announcements[lang][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct announcement *announcement = &repertoire->inputs.announcements.items[index];
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_announcement(announcement, lang, repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, announcement->id, &err);
}

static struct repertoire_slide *highlight_slide(struct repertoire *repertoire, size_t index,
                                                enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->organisations[lang][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct organisation *organisation = &repertoire->inputs.organisations.items[index];
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok = slides_highlight(organisation, lang, repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, organisation->id, &err);
}

static struct repertoire_slide *event_slide(struct repertoire *repertoire, size_t index,
                                            bool with_year, enum lang lang)
{
    struct lazy_slide *lazy = &repertoire->occurrences[lang][with_year][index];
    if (lazy->built) {
        return built_slide(lazy);
    }
    const struct event_occurrence *occurrence = &repertoire->inputs.occurrences.items[index];
    struct event event = occurrence->event;
    event.image = known_picture(repertoire, event.image);
    struct slide *slide = arena_alloc(repertoire->arena, sizeof *slide);
    struct error err;
    error_clear(&err);
    bool ok =
        slides_event(&event, &occurrence->at, with_year, lang, repertoire->arena, slide, &err);
    return keep_slide(repertoire, lazy, slide, ok, event.uid, &err);
}

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
    size_t count = 0;
    for (size_t i = 0; i < from->candidates.count; i++) {
        const struct portrait *portrait =
            &repertoire->inputs.portraits.items[from->candidates.items[i]];
        if (portrait->from_day <= resolution->day && resolution->day <= portrait->until_day) {
            valid[count++] = from->candidates.items[i];
        }
    }
    size_t take = from->entry->count > 0 ? (size_t)from->entry->count : count;
    size_t start = repertoire_rotation(count, take, resolution->day);
    for (size_t i = 0; i < take && i < count; i++) {
        size_t index = valid[(start + i) % count];
        take_slide(resolution, from->entry, portrait_slide(repertoire, index, resolution->lang),
                   INT64_MAX, turn);
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
                       announcement_slide(repertoire, index, resolution->lang), INT64_MAX, turn);
        }
    }
}

static void take_highlights(struct resolution *resolution, const struct repertoire_entry *from,
                            struct turn *turn)
{
    struct repertoire *repertoire = resolution->repertoire;
    size_t count = from->candidates.count;
    size_t take = from->entry->count > 0 ? (size_t)from->entry->count : count;
    size_t start = repertoire_rotation(count, take, resolution->day);
    for (size_t i = 0; i < take && i < count; i++) {
        size_t index = from->candidates.items[(start + i) % count];
        if (index < repertoire->inputs.organisations.count) {
            take_slide(resolution, from->entry,
                       highlight_slide(repertoire, index, resolution->lang), INT64_MAX, turn);
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
                   event_slide(repertoire, index, with_year, resolution->lang), at->end_ms, turn);
    }
}

static void take_turn(struct resolution *resolution, const struct repertoire_entry *from,
                      struct turn *turn)
{
    turn->weight = from->entry->weight > 1 ? (size_t)from->entry->weight : 1;
    turn->items = arena_array(resolution->arena, from->candidates.count, sizeof *turn->items);
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
                items[count++] = turns[i].items[turns[i].taken++];
            }
        }
    }
    *items_out = items;
    return count;
}
