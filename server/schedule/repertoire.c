#include "server/schedule/repertoire.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/strbuf.h"
#include "core/utf8.h"
#include "server/content/slides.h"

#define LANGS 2

/* A slide that is built when first asked for; slide NULL after that: it cannot be built. */
struct lazy_slide {
    bool built;
    struct repertoire_slide shown;
};

/* Candidates of an entry: indexes into portraits, occurrences, organisations or announcements. */
struct candidates {
    size_t count;
    size_t *items;
};

struct repertoire_entry {
    const struct playlist_entry *entry;
    struct candidates candidates;
};

struct repertoire_list {
    const struct playlist *playlist;
    struct repertoire_entry *entries;
};

struct repertoire {
    struct arena *arena;
    struct repertoire_inputs inputs;
    struct repertoire_list *lists; /* sorted by id */
    uint64_t mark;
    size_t event_count;
    size_t *event_of;      /* for each occurrence the number of its event */
    uint64_t *event_marks; /* for each event */
    struct lazy_slide *portraits[LANGS];
    struct lazy_slide *announcements[LANGS];
    struct lazy_slide *organisations[LANGS];
    struct lazy_slide *occurrences[LANGS][2]; /* without and with the year */
};

static int compare_portraits(const void *a, const void *b)
{
    return strcmp(((const struct portrait *)a)->id, ((const struct portrait *)b)->id);
}

static int compare_announcements(const void *a, const void *b)
{
    return strcmp(((const struct announcement *)a)->id, ((const struct announcement *)b)->id);
}

static int compare_organisations(const void *a, const void *b)
{
    return strcmp(((const struct organisation *)a)->id, ((const struct organisation *)b)->id);
}

static int compare_media(const void *a, const void *b)
{
    return strcmp(((const struct media_record *)a)->sha256,
                  ((const struct media_record *)b)->sha256);
}

static int compare_occurrences(const void *left, const void *right)
{
    const struct event_occurrence *a = left;
    const struct event_occurrence *b = right;
    if (a->at.start_ms != b->at.start_ms) {
        return a->at.start_ms < b->at.start_ms ? -1 : 1;
    }
    return strcmp(a->event.uid, b->event.uid);
}

static int compare_lists(const void *a, const void *b)
{
    return strcmp(((const struct repertoire_list *)a)->playlist->id,
                  ((const struct repertoire_list *)b)->playlist->id);
}

static void sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 1) {
        qsort(items, count, size, compare);
    }
}

/* Index of the element equal to `key`, or `count`. */
static size_t find(const void *key, const void *items, size_t count, size_t size,
                   int (*compare)(const void *, const void *))
{
    const char *found = count == 0 ? NULL : bsearch(key, items, count, size, compare);
    return found == NULL ? count : (size_t)(found - (const char *)items) / size;
}

static size_t find_portrait(const struct repertoire *repertoire, const char *id)
{
    struct portrait key = {.id = id};
    const struct portrait_list *list = &repertoire->inputs.portraits;
    return find(&key, list->items, list->count, sizeof key, compare_portraits);
}

static size_t find_announcement(const struct repertoire *repertoire, const char *id)
{
    struct announcement key = {.id = id};
    const struct announcement_list *list = &repertoire->inputs.announcements;
    return find(&key, list->items, list->count, sizeof key, compare_announcements);
}

static size_t find_organisation(const struct repertoire *repertoire, const char *id)
{
    struct organisation key = {.id = id};
    const struct organisation_list *list = &repertoire->inputs.organisations;
    return find(&key, list->items, list->count, sizeof key, compare_organisations);
}

/* --- candidates ------------------------------------------------------------------------------ */

/* Whether the playlist names the subject itself in an entry of that kind. */
static bool is_fixed(const struct playlist *playlist, enum playlist_entry_kind kind,
                     const char *subject)
{
    for (size_t i = 0; i < playlist->entry_count; i++) {
        const struct playlist_entry *entry = &playlist->entries[i];
        if (entry->kind == kind && strcmp(entry->subject, subject) == 0) {
            return true;
        }
    }
    return false;
}

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
        if (wanted && !is_fixed(playlist, ENTRY_PORTRAIT, portrait->id)) {
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
            bool wanted =
                entry->kind == ENTRY_EVENT
                    ? strcmp(event->uid, entry->subject) == 0
                    : in_communes(entry, event) && !is_fixed(playlist, ENTRY_EVENT, event->uid);
            *verdict = wanted ? WANTED : UNWANTED;
        }
        if (*verdict == WANTED) {
            out->items[out->count++] = i;
        }
    }
}

/* FNV-1a with a last mix: an order that has nothing to do with names. */
static uint64_t shuffle_key(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    }
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 33;
}

static int compare_shuffled(const void *left, const void *right)
{
    const char *a = *(const char *const *)left;
    const char *b = *(const char *const *)right;
    uint64_t key_a = shuffle_key(a);
    uint64_t key_b = shuffle_key(b);
    return key_a != key_b ? (key_a < key_b ? -1 : 1) : strcmp(a, b);
}

static void highlight_candidates(struct repertoire *repertoire, const struct playlist *playlist,
                                 size_t entry, struct candidates *out)
{
    const struct repertoire_pool *pool = NULL;
    for (size_t i = 0; i < repertoire->inputs.pool_count && pool == NULL; i++) {
        const struct repertoire_pool *one = &repertoire->inputs.pools[i];
        pool = one->entry == entry && strcmp(one->playlist, playlist->id) == 0 ? one : NULL;
    }
    if (pool == NULL) {
        return;
    }
    const struct text_list ids = repertoire_shuffle(playlist, &pool->ids, repertoire->arena);
    out->items = arena_array(repertoire->arena, ids.count, sizeof *out->items);
    for (size_t i = 0; i < ids.count; i++) {
        out->items[out->count++] = find_organisation(repertoire, ids.items[i]);
    }
}

struct text_list repertoire_shuffle(const struct playlist *playlist, const struct text_list *ids,
                                    struct arena *arena)
{
    struct text_list out = {0, arena_array(arena, ids->count, sizeof *out.items)};
    for (size_t i = 0; i < ids->count; i++) {
        if (!is_fixed(playlist, ENTRY_HIGHLIGHT, ids->items[i])) {
            out.items[out.count++] = ids->items[i];
        }
    }
    sort(out.items, out.count, sizeof *out.items, compare_shuffled);
    return out;
}

static void find_candidates(struct repertoire *repertoire, const struct playlist *playlist,
                            size_t index, struct candidates *out)
{
    const struct playlist_entry *entry = &playlist->entries[index];
    const struct repertoire_inputs *inputs = &repertoire->inputs;
    switch (entry->kind) {
    case ENTRY_PORTRAIT:
        one_candidate(repertoire, out, find_portrait(repertoire, entry->subject),
                      inputs->portraits.count);
        break;
    case ENTRY_HIGHLIGHT:
        one_candidate(repertoire, out, find_organisation(repertoire, entry->subject),
                      inputs->organisations.count);
        break;
    case ENTRY_ANNOUNCEMENT:
        one_candidate(repertoire, out, find_announcement(repertoire, entry->subject),
                      inputs->announcements.count);
        break;
    case ENTRY_SOURCE_PORTRAITS:
        portrait_candidates(repertoire, playlist, entry, out);
        break;
    case ENTRY_EVENT:
    case ENTRY_SOURCE_EVENTS:
        event_candidates(repertoire, playlist, entry, out);
        break;
    case ENTRY_SOURCE_HIGHLIGHTS:
        highlight_candidates(repertoire, playlist, index, out);
        break;
    }
}

/* --- creation -------------------------------------------------------------------------------- */

static int compare_uids(const void *left, const void *right)
{
    const struct event_occurrence *a = *(const struct event_occurrence *const *)left;
    const struct event_occurrence *b = *(const struct event_occurrence *const *)right;
    return strcmp(a->event.uid, b->event.uid);
}

/* Gives each occurrence the number of its event. */
static void number_events(struct repertoire *repertoire)
{
    const struct event_occurrence_list *list = &repertoire->inputs.occurrences;
    const struct event_occurrence **sorted =
        arena_array(repertoire->arena, list->count, sizeof *sorted);
    repertoire->event_of = arena_array(repertoire->arena, list->count, sizeof(size_t));
    for (size_t i = 0; i < list->count; i++) {
        sorted[i] = &list->items[i];
    }
    sort(sorted, list->count, sizeof *sorted, compare_uids);
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0 && compare_uids(&sorted[i - 1], &sorted[i]) != 0) {
            repertoire->event_count++;
        }
        repertoire->event_of[sorted[i] - list->items] = repertoire->event_count;
    }
    repertoire->event_count += list->count > 0;
    repertoire->event_marks =
        arena_array(repertoire->arena, repertoire->event_count, sizeof(uint64_t));
}

static void make_lazy_slides(struct repertoire *repertoire)
{
    const struct repertoire_inputs *inputs = &repertoire->inputs;
    struct arena *arena = repertoire->arena;
    for (int i = 0; i < LANGS; i++) {
        size_t size = sizeof(struct lazy_slide);
        repertoire->portraits[i] = arena_array(arena, inputs->portraits.count, size);
        repertoire->announcements[i] = arena_array(arena, inputs->announcements.count, size);
        repertoire->organisations[i] = arena_array(arena, inputs->organisations.count, size);
        repertoire->occurrences[i][0] = arena_array(arena, inputs->occurrences.count, size);
        repertoire->occurrences[i][1] = arena_array(arena, inputs->occurrences.count, size);
    }
}

struct repertoire *repertoire_create(const struct repertoire_inputs *inputs, struct arena *arena)
{
    struct repertoire *repertoire = arena_alloc(arena, sizeof *repertoire);
    repertoire->arena = arena;
    repertoire->inputs = *inputs;
    sort(inputs->portraits.items, inputs->portraits.count, sizeof(struct portrait),
         compare_portraits);
    sort(inputs->announcements.items, inputs->announcements.count, sizeof(struct announcement),
         compare_announcements);
    sort(inputs->occurrences.items, inputs->occurrences.count, sizeof(struct event_occurrence),
         compare_occurrences);
    sort(inputs->organisations.items, inputs->organisations.count, sizeof(struct organisation),
         compare_organisations);
    sort(inputs->media, inputs->media_count, sizeof(struct media_record), compare_media);
    number_events(repertoire);
    make_lazy_slides(repertoire);
    repertoire->lists = arena_array(arena, inputs->playlist_count, sizeof *repertoire->lists);
    for (size_t i = 0; i < inputs->playlist_count; i++) {
        const struct playlist *playlist = inputs->playlists[i];
        struct repertoire_list *list = &repertoire->lists[i];
        list->playlist = playlist;
        list->entries = arena_array(arena, playlist->entry_count, sizeof *list->entries);
        for (size_t k = 0; k < playlist->entry_count; k++) {
            list->entries[k].entry = &playlist->entries[k];
            find_candidates(repertoire, playlist, k, &list->entries[k].candidates);
        }
    }
    sort(repertoire->lists, inputs->playlist_count, sizeof *repertoire->lists, compare_lists);
    return repertoire;
}

void repertoire_destroy(struct repertoire *repertoire)
{
    if (repertoire != NULL) {
        for (size_t i = 0; i < repertoire->inputs.playlist_count; i++) {
            playlist_destroy(repertoire->inputs.playlists[i]);
        }
        arena_destroy(repertoire->arena);
    }
}

static const struct repertoire_list *find_list(const struct repertoire *repertoire, const char *id)
{
    struct playlist key_playlist = {.id = id};
    struct repertoire_list key = {.playlist = &key_playlist};
    size_t count = repertoire->inputs.playlist_count;
    size_t index = find(&key, repertoire->lists, count, sizeof key, compare_lists);
    return index < count ? &repertoire->lists[index] : NULL;
}

const struct playlist *repertoire_playlist(const struct repertoire *repertoire, const char *id)
{
    const struct repertoire_list *list = find_list(repertoire, id);
    return list == NULL ? NULL : list->playlist;
}

const struct media_record *repertoire_media(const struct repertoire *repertoire,
                                            const struct sha256 *sha256)
{
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(sha256, hex);
    struct media_record key = {.sha256 = hex};
    size_t count = repertoire->inputs.media_count;
    size_t index = find(&key, repertoire->inputs.media, count, sizeof key, compare_media);
    return index < count ? &repertoire->inputs.media[index] : NULL;
}

uint64_t repertoire_mark(struct repertoire *repertoire)
{
    return ++repertoire->mark;
}

size_t repertoire_rotation(size_t count, size_t take, int64_t day)
{
    if (take == 0 || take >= count) {
        return 0;
    }
    int64_t turn = day % (int64_t)count;
    turn = turn < 0 ? turn + (int64_t)count : turn;
    return (size_t)turn * take % count;
}

/* --- slides ---------------------------------------------------------------------------------- */

/* A picture whose file is not in the store would make players wait for ever. */
static const char *known_picture(const struct repertoire *repertoire, const char *sha256)
{
    struct sha256 sum;
    bool known = sha256_from_hex(sha256, &sum) && repertoire_media(repertoire, &sum) != NULL;
    return known ? sha256 : "";
}

static struct repertoire_slide *keep_slide(struct lazy_slide *lazy, const struct slide *slide,
                                           bool ok, const char *subject, const struct error *err)
{
    lazy->built = true;
    if (ok) {
        lazy->shown.slide = slide;
        return &lazy->shown;
    }
    log_write(LOG_WARN, "slide_left_out", "%s %s: %s %s", slide->template, subject, err->field,
              err->en);
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
    size_t owner = find_organisation(repertoire, portrait.organisation);
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
    return keep_slide(lazy, slide, ok, portrait.id, &err);
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
    return keep_slide(lazy, slide, ok, announcement->id, &err);
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
    return keep_slide(lazy, slide, ok, organisation->id, &err);
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
    return keep_slide(lazy, slide, ok, event.uid, &err);
}

/* --- resolution ------------------------------------------------------------------------------ */

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
    int64_t before_ms =
        fixed ? INT64_MAX : zone_day_start(resolution->zone, resolution->day + from->entry->days);
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
    const struct repertoire_list *list = find_list(repertoire, playlist->id);
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
