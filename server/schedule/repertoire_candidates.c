#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/utf8.h"
#include "server/schedule/repertoire_parts.h"

static void one_candidate(struct repertoire *repertoire, struct candidates *out, size_t index,
                          size_t count)
{
    out->items = arena_array(repertoire->arena, 1, sizeof *out->items);
    out->items[0] = index;
    out->count = index < count ? 1 : 0;
}

static void portrait_candidates(struct repertoire *repertoire, const struct playlist *playlist,
                                const struct playlist_entry *entry, struct candidates *out)
{
    const struct portrait_list *list = &repertoire->inputs.portraits;
    out->items = arena_array(repertoire->arena, list->count, sizeof *out->items);
    for (size_t i = 0; i < list->count; i++) {
        const struct portrait *portrait = &list->items[i];
        bool wanted = entry->sector[0] == '\0' || strcmp(entry->sector, portrait->sector) == 0;
        if (wanted && !repertoire_is_fixed(playlist, ENTRY_PORTRAIT, portrait->id)) {
            out->items[out->count++] = i;
        }
    }
}

/* Case, accents, hyphens and apostrophes do not count. */
static bool same_commune(const char *a, const char *b)
{
    struct strbuf left;
    struct strbuf right;
    strbuf_init(&left);
    strbuf_init(&right);
    utf8_fold(a, &left);
    utf8_fold(b, &right);
    bool same = strcmp(left.bytes, right.bytes) == 0;
    strbuf_finish(&left);
    strbuf_finish(&right);
    return same;
}

static bool in_communes(const struct playlist_entry *entry, const struct event *event)
{
    if (entry->commune_count == 0) {
        return event->in_metropole || event->commune[0] == '\0';
    }
    for (size_t i = 0; i < entry->commune_count; i++) {
        if (same_commune(entry->communes[i], event->commune)) {
            return true;
        }
    }
    return false;
}

static void event_candidates(struct repertoire *repertoire, const struct playlist *playlist,
                             const struct playlist_entry *entry, struct candidates *out)
{
    /* The place is the event's, not the occurrence's: one comparison an event. */
    enum { UNKNOWN, WANTED, UNWANTED };
    const struct event_occurrence_list *list = &repertoire->inputs.occurrences;
    char *verdicts = arena_array(repertoire->arena, repertoire->event_count, sizeof *verdicts);
    out->items = arena_array(repertoire->arena, list->count, sizeof *out->items);
    for (size_t i = 0; i < list->count; i++) {
        const struct event *event = &list->items[i].event;
        char *verdict = &verdicts[repertoire->event_of[i]];
        if (*verdict == UNKNOWN) {
            bool wanted = entry->kind == ENTRY_EVENT
                              ? strcmp(event->uid, entry->subject) == 0
                              : in_communes(entry, event) &&
                                    (entry->kind != ENTRY_SOURCE_EVENTS ||
                                     !repertoire_is_fixed(playlist, ENTRY_EVENT, event->uid));
            *verdict = wanted ? WANTED : UNWANTED;
        }
        if (*verdict == WANTED) {
            out->items[out->count++] = i;
        }
    }
}

static const struct repertoire_pool *pool_of(const struct repertoire *repertoire,
                                             const struct playlist *playlist, size_t entry)
{
    for (size_t i = 0; i < repertoire->inputs.pool_count; i++) {
        const struct repertoire_pool *pool = &repertoire->inputs.pools[i];
        if (pool->entry == entry && strcmp(pool->playlist, playlist->id) == 0) {
            return pool;
        }
    }
    return NULL;
}

static void highlight_candidates(struct repertoire *repertoire, const struct playlist *playlist,
                                 const struct repertoire_pool *pool, struct repertoire_entry *into)
{
    struct candidates *out = &into->candidates;
    if (pool == NULL) {
        return;
    }
    const struct text_list ids = repertoire_shuffle(playlist, &pool->ids, repertoire->arena);
    out->items = arena_array(repertoire->arena, ids.count, sizeof *out->items);
    for (size_t i = 0; i < ids.count; i++) {
        out->items[out->count++] = repertoire_organisation(repertoire, ids.items[i]);
    }
    into->rotation =
        rotation_make(&repertoire->inputs.owed, ids.items, ids.count, repertoire->arena);
}

/* Emergencies have their own way onto the screen. */
static void news_announcements(struct repertoire *repertoire, struct candidates *out)
{
    const struct announcement_list *list = &repertoire->inputs.announcements;
    out->items = arena_array(repertoire->arena, list->count, sizeof *out->items);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].severity != SEVERITY_EMERGENCY) {
            out->items[out->count++] = i;
        }
    }
}

/* "Créapolis, salle 2" is at Créapolis, "Créapolis Sud" is not: what follows the name is no word of
 * another place's name when a comma or the like stands between. */
static bool is_at_site(const struct event *event, const char *site_name)
{
    struct strbuf place;
    struct strbuf site;
    strbuf_init(&place);
    strbuf_init(&site);
    size_t length = strcspn(event->place, ",;:(–—/|");
    char *head = strndup(event->place, length);
    utf8_fold(head == NULL ? "" : head, &place);
    utf8_fold(site_name, &site);
    bool same = site.length > 0 && strcmp(place.bytes, site.bytes) == 0;
    free(head);
    strbuf_finish(&place);
    strbuf_finish(&site);
    return same;
}

static void here_candidates(struct repertoire *repertoire, struct repertoire_entry *into,
                            const struct repertoire_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    const struct event_occurrence_list *events = &repertoire->inputs.occurrences;
    struct candidates *out = &into->candidates;
    into->site_name = pool->site_name;
    out->items = arena_array(repertoire->arena, pool->ids.count, sizeof *out->items);
    for (size_t i = 0; i < pool->ids.count; i++) {
        size_t index = repertoire_organisation(repertoire, pool->ids.items[i]);
        if (index < repertoire->inputs.organisations.count) {
            out->items[out->count++] = index;
        }
    }
    into->meetings.items =
        arena_array(repertoire->arena, events->count, sizeof *into->meetings.items);
    for (size_t i = 0; i < events->count; i++) {
        if (is_at_site(&events->items[i].event, pool->site_name)) {
            into->meetings.items[into->meetings.count++] = i;
        }
    }
}

static void count_candidates(struct repertoire_entry *into, const struct repertoire_pool *pool)
{
    into->figure = pool == NULL ? 0 : pool->ids.count;
}

static void find_candidates(struct repertoire *repertoire, struct repertoire_entry *into,
                            size_t index)
{
    const struct playlist *playlist = into->playlist;
    const struct playlist_entry *entry = into->entry;
    struct candidates *out = &into->candidates;
    const struct repertoire_inputs *inputs = &repertoire->inputs;
    switch (entry->kind) {
    case ENTRY_PORTRAIT:
        one_candidate(repertoire, out, repertoire_find_portrait(repertoire, entry->subject),
                      inputs->portraits.count);
        break;
    case ENTRY_HIGHLIGHT:
        one_candidate(repertoire, out, repertoire_organisation(repertoire, entry->subject),
                      inputs->organisations.count);
        into->rotation = (struct rotation){.count = out->count};
        break;
    case ENTRY_ANNOUNCEMENT:
        one_candidate(repertoire, out, repertoire_find_announcement(repertoire, entry->subject),
                      inputs->announcements.count);
        break;
    case ENTRY_SOURCE_PORTRAITS:
        portrait_candidates(repertoire, playlist, entry, out);
        break;
    case ENTRY_EVENT:
    case ENTRY_SOURCE_EVENTS:
    case ENTRY_SOURCE_AGENDA:
        event_candidates(repertoire, playlist, entry, out);
        break;
    case ENTRY_SOURCE_NEWS:
        event_candidates(repertoire, playlist, entry, out);
        if (entry->announcements) {
            news_announcements(repertoire, &into->meetings);
        }
        break;
    case ENTRY_SOURCE_HIGHLIGHTS:
        highlight_candidates(repertoire, playlist, pool_of(repertoire, playlist, index), into);
        break;
    case ENTRY_SOURCE_NOW_HERE:
        here_candidates(repertoire, into, pool_of(repertoire, playlist, index));
        break;
    case ENTRY_SOURCE_FIGURE:
        count_candidates(into, pool_of(repertoire, playlist, index));
        break;
    case ENTRY_WRITTEN:
    case ENTRY_FILM:
        break;
    }
}

void repertoire_find_candidates(struct repertoire *repertoire, struct repertoire_list *list)
{
    for (size_t i = 0; i < list->playlist->entry_count; i++) {
        struct repertoire_entry *entry = &list->entries[i];
        entry->entry = &list->playlist->entries[i];
        entry->playlist = list->playlist;
        entry->site_name = "";
        find_candidates(repertoire, entry, i);
    }
}
