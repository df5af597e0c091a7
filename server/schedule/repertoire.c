#include <stdlib.h>
#include <string.h>

#include "server/schedule/repertoire_parts.h"

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

size_t repertoire_find_portrait(const struct repertoire *repertoire, const char *id)
{
    struct portrait key = {.id = id};
    const struct portrait_list *list = &repertoire->inputs.portraits;
    return find(&key, list->items, list->count, sizeof key, compare_portraits);
}

size_t repertoire_find_announcement(const struct repertoire *repertoire, const char *id)
{
    struct announcement key = {.id = id};
    const struct announcement_list *list = &repertoire->inputs.announcements;
    return find(&key, list->items, list->count, sizeof key, compare_announcements);
}

size_t repertoire_organisation(const struct repertoire *repertoire, const char *id)
{
    struct organisation key = {.id = id};
    const struct organisation_list *list = &repertoire->inputs.organisations;
    return find(&key, list->items, list->count, sizeof key, compare_organisations);
}

bool repertoire_is_fixed(const struct playlist *playlist, enum playlist_entry_kind kind,
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

struct text_list repertoire_shuffle(const struct playlist *playlist, const struct text_list *ids,
                                    struct arena *arena)
{
    struct text_list out = {0, arena_array(arena, ids->count, sizeof *out.items)};
    for (size_t i = 0; i < ids->count; i++) {
        if (!repertoire_is_fixed(playlist, ENTRY_HIGHLIGHT, ids->items[i])) {
            out.items[out.count++] = ids->items[i];
        }
    }
    sort(out.items, out.count, sizeof *out.items, compare_shuffled);
    return out;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct text_list repertoire_companies(const struct repertoire *repertoire, size_t most,
                                      struct arena *arena)
{
    const struct repertoire_inputs *inputs = &repertoire->inputs;
    size_t total = inputs->portraits.count;
    for (size_t i = 0; i < inputs->pool_count; i++) {
        total += inputs->pools[i].ids.count;
    }
    struct text_list all = {0, arena_array(arena, total, sizeof *all.items)};
    for (size_t i = 0; i < inputs->portraits.count; i++) {
        all.items[all.count++] = inputs->portraits.items[i].organisation;
    }
    for (size_t i = 0; i < inputs->pool_count; i++) {
        const struct repertoire_pool *pool = &inputs->pools[i];
        for (size_t k = 0; k < pool->ids.count; k++) {
            all.items[all.count++] = pool->ids.items[k];
        }
    }
    sort(all.items, all.count, sizeof *all.items, compare_texts);
    size_t kept = 0;
    for (size_t i = 0; i < all.count && kept < most; i++) {
        if (all.items[i][0] != '\0' &&
            (kept == 0 || strcmp(all.items[kept - 1], all.items[i]) != 0)) {
            all.items[kept++] = all.items[i];
        }
    }
    all.count = kept;
    return all;
}

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
        arena_array(repertoire->arena, list->count, sizeof(void *));
    repertoire->event_of = arena_array(repertoire->arena, list->count, sizeof(size_t));
    for (size_t i = 0; i < list->count; i++) {
        sorted[i] = &list->items[i];
    }
    sort(sorted, list->count, sizeof(void *), compare_uids);
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0 && compare_uids(&sorted[i - 1], &sorted[i]) != 0) {
            repertoire->event_count++;
        }
        repertoire->event_of[sorted[i] - list->items] = repertoire->event_count;
    }
    repertoire->event_count += list->count > 0;
    size_t count = repertoire->event_count;
    repertoire->event_marks = arena_array(repertoire->arena, count, sizeof(uint64_t));
    repertoire->list_marks = arena_array(repertoire->arena, count, sizeof(uint64_t));
}

static void make_lazy_slides(struct repertoire *repertoire)
{
    const struct repertoire_inputs *inputs = &repertoire->inputs;
    struct arena *arena = repertoire->arena;
    for (int i = 0; i < REPERTOIRE_LANGS; i++) {
        size_t size = sizeof(struct lazy_slide);
        repertoire->portraits[i] = arena_array(arena, inputs->portraits.count, size);
        repertoire->announcements[i] = arena_array(arena, inputs->announcements.count, size);
        repertoire->organisations[i] = arena_array(arena, inputs->organisations.count, size);
        repertoire->occurrences[i][0] = arena_array(arena, inputs->occurrences.count, size);
        repertoire->occurrences[i][1] = arena_array(arena, inputs->occurrences.count, size);
        repertoire->news[i][0] = arena_array(arena, inputs->occurrences.count, size);
        repertoire->news[i][1] = arena_array(arena, inputs->occurrences.count, size);
        repertoire->short_announcements[i] = arena_array(arena, inputs->announcements.count, size);
    }
}

static void list_templates(struct repertoire *repertoire)
{
    const struct template_set *set = repertoire->inputs.templates;
    set = set == NULL ? template_set_builtin() : set;
    repertoire->template_count = template_set_count(set);
    repertoire->templates =
        arena_array(repertoire->arena, repertoire->template_count, sizeof *repertoire->templates);
    for (size_t i = 0; i < repertoire->template_count; i++) {
        struct repertoire_template *template = &repertoire->templates[i];
        template->template = template_set_at(set, i);
        sha256_of(template->template->source, template->template->source_length, &template->sha256);
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
    list_templates(repertoire);
    repertoire->lists = arena_array(arena, inputs->playlist_count, sizeof *repertoire->lists);
    for (size_t i = 0; i < inputs->playlist_count; i++) {
        const struct playlist *playlist = inputs->playlists[i];
        struct repertoire_list *list = &repertoire->lists[i];
        list->playlist = playlist;
        list->entries = arena_array(arena, playlist->entry_count, sizeof *list->entries);
        repertoire_find_candidates(repertoire, list);
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
        template_set_destroy(repertoire->inputs.templates);
        arena_destroy(repertoire->arena);
    }
}

const struct repertoire_list *repertoire_list_of(const struct repertoire *repertoire,
                                                 const char *id)
{
    struct playlist key_playlist = {.id = id};
    struct repertoire_list key = {.playlist = &key_playlist};
    size_t count = repertoire->inputs.playlist_count;
    size_t index = find(&key, repertoire->lists, count, sizeof key, compare_lists);
    return index < count ? &repertoire->lists[index] : NULL;
}

const struct playlist *repertoire_playlist(const struct repertoire *repertoire, const char *id)
{
    const struct repertoire_list *list = repertoire_list_of(repertoire, id);
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

size_t repertoire_template_count(const struct repertoire *repertoire)
{
    return repertoire->template_count;
}

static int compare_template(const void *key, const void *element)
{
    return strcmp(key, ((const struct repertoire_template *)element)->template->name);
}

size_t repertoire_template_index(const struct repertoire *repertoire, const char *name)
{
    return find(name, repertoire->templates, repertoire->template_count,
                sizeof *repertoire->templates, compare_template);
}

const struct repertoire_template *repertoire_template_at(const struct repertoire *repertoire,
                                                         size_t index)
{
    return &repertoire->templates[index];
}

uint64_t repertoire_mark(struct repertoire *repertoire)
{
    return ++repertoire->mark;
}

bool repertoire_store_templates(const struct repertoire *repertoire,
                                const struct media_store *media, const struct manifest *manifest,
                                bool *stored, struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < manifest->template_count; i++) {
        struct media_record made;
        size_t index = repertoire_template_index(repertoire, manifest->templates[i].name);
        const struct template *template = repertoire_template_at(repertoire, index)->template;
        if (stored != NULL && stored[index]) {
            continue;
        }
        if (!media_add_document(media, arena, template->source, template->source_length,
                                REPERTOIRE_TEMPLATE_TYPE, template->name, &made, err)) {
            return false;
        }
        if (stored != NULL) {
            stored[index] = true;
        }
    }
    return true;
}
