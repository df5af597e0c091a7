#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/log.h"
#include "server/content/templates.h"
#include "server/schedule/repertoire.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"

#define SITE_COMPANIES_MAX 1000

/* Inputs that grow while playlists are looked at. */
struct gathering {
    struct db *db;
    struct arena *arena; /* of the repertoire to be */
    int64_t from_day;
    int64_t until_day;
    struct repertoire_inputs inputs;
    size_t pool_capacity;
    struct repertoire_pool *pools;
    struct text_list organisations; /* ids, unsorted, with repetitions */
    size_t organisation_capacity;
    struct text_list media; /* hashes, likewise */
    size_t media_capacity;
    int event_days;                      /* how far ahead sources look */
    const struct playlist_record *trial; /* in place of those that are stored; NULL: none */
};

/* Doubles an arena array; the old one stays in the arena until its end. */
static void *grown(struct arena *arena, const void *items, size_t count, size_t *capacity,
                   size_t size)
{
    size_t next = *capacity == 0 ? 64 : *capacity * 2;
    void *copy = arena_array(arena, next, size);
    if (count > 0) {
        memcpy(copy, items, count * size);
    }
    *capacity = next;
    return copy;
}

static void note_text(struct arena *arena, struct text_list *list, size_t *capacity,
                      const char *text)
{
    if (text[0] == '\0') {
        return;
    }
    if (list->count == *capacity) {
        list->items = grown(arena, list->items, list->count, capacity, sizeof *list->items);
    }
    list->items[list->count++] = text;
}

static void need_organisation(struct gathering *gathering, const char *id)
{
    note_text(gathering->arena, &gathering->organisations, &gathering->organisation_capacity, id);
}

static void need_media(struct gathering *gathering, const char *sha256)
{
    note_text(gathering->arena, &gathering->media, &gathering->media_capacity, sha256);
}

static void look_ahead(struct gathering *gathering, int days)
{
    gathering->event_days = days > gathering->event_days ? days : gathering->event_days;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorts and drops repetitions. */
static void make_unique(struct text_list *list)
{
    if (list->count == 0) {
        return;
    }
    qsort(list->items, list->count, sizeof *list->items, compare_texts);
    size_t kept = 1;
    for (size_t i = 1; i < list->count; i++) {
        if (strcmp(list->items[i], list->items[kept - 1]) != 0) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

/* Only those that the rotation reaches in these days are read in full: a directory may have
 * 100,000. */
static void need_rotation(struct gathering *gathering, const struct playlist *playlist,
                          const struct playlist_entry *entry, const struct text_list *pool)
{
    struct text_list ids = repertoire_shuffle(playlist, pool, gathering->arena);
    struct rotation rotation =
        rotation_make(&gathering->inputs.owed, ids.items, ids.count, gathering->arena);
    size_t *taken = arena_array(gathering->arena, ids.count, sizeof *taken);
    for (int64_t day = gathering->from_day - 1; day <= gathering->until_day; day++) {
        size_t count = rotation_take(&rotation, (size_t)entry->count, day, taken);
        for (size_t i = 0; i < count; i++) {
            need_organisation(gathering, ids.items[taken[i]]);
        }
        if (count == ids.count) {
            return;
        }
    }
}

static void add_pool(struct gathering *gathering, const struct repertoire_pool *pool)
{
    if (gathering->inputs.pool_count == gathering->pool_capacity) {
        gathering->pools = grown(gathering->arena, gathering->pools, gathering->inputs.pool_count,
                                 &gathering->pool_capacity, sizeof *gathering->pools);
    }
    gathering->pools[gathering->inputs.pool_count++] = *pool;
}

static bool gather_pool(struct gathering *gathering, const struct playlist *playlist, size_t index,
                        struct error *err)
{
    const struct playlist_entry *entry = &playlist->entries[index];
    const struct organisation_filter filter = {
        .sector = entry->sector,
        .site = entry->site,
        .communes = entry->communes,
        .commune_count = entry->commune_count,
        .metropole = entry->commune_count == 0,
    };
    struct repertoire_pool pool = {.playlist = playlist->id, .entry = index, .site_name = ""};
    if (!organisations_ids(gathering->db, gathering->arena, &filter, &pool.ids, err)) {
        return false;
    }
    add_pool(gathering, &pool);
    if (entry->kind == ENTRY_SOURCE_HIGHLIGHTS) {
        need_rotation(gathering, playlist, entry, &pool.ids);
    }
    return true;
}

static bool pass_on(const struct error *cause, struct error *err)
{
    if (err != NULL) {
        *err = *cause;
    }
    return false;
}

/* Floor by floor, as one walks through the house. */
static int compare_rooms(const void *left, const void *right)
{
    const struct organisation *a = left;
    const struct organisation *b = right;
    int order = strcmp(a->etage, b->etage);
    order = order != 0 ? order : strcmp(a->bureau, b->bureau);
    return order != 0 ? order : strcmp(a->sort_key, b->sort_key);
}

static bool gather_site(struct gathering *gathering, const struct playlist *playlist, size_t index,
                        struct error *err)
{
    const struct playlist_entry *entry = &playlist->entries[index];
    const struct organisation_filter filter = {.site = entry->site, .limit = SITE_COMPANIES_MAX};
    struct repertoire_pool pool = {.playlist = playlist->id, .entry = index, .site_name = ""};
    struct organisation_list here;
    struct site site;
    struct error cause;
    error_clear(&cause);
    if (!organisations_list(gathering->db, gathering->arena, &filter, &here, err)) {
        return false;
    }
    if (sites_get(gathering->db, gathering->arena, entry->site, &site, &cause)) {
        pool.site_name = site.name;
    } else if (cause.kind != ERROR_NOT_FOUND) {
        return pass_on(&cause, err);
    }
    if (here.count > 1) {
        qsort(here.items, here.count, sizeof *here.items, compare_rooms);
    }
    pool.ids.items = arena_array(gathering->arena, here.count, sizeof *pool.ids.items);
    for (size_t i = 0; i < here.count; i++) {
        pool.ids.items[pool.ids.count++] = here.items[i].id;
        need_organisation(gathering, here.items[i].id);
    }
    add_pool(gathering, &pool);
    look_ahead(gathering, 1);
    return true;
}

static bool gather_entry(struct gathering *gathering, const struct playlist *playlist, size_t index,
                         struct error *err)
{
    const struct playlist_entry *entry = &playlist->entries[index];
    switch (entry->kind) {
    case ENTRY_HIGHLIGHT:
        need_organisation(gathering, entry->subject);
        return true;
    case ENTRY_EVENT:
        look_ahead(gathering, REPERTOIRE_FIXED_EVENT_DAYS);
        return true;
    case ENTRY_SOURCE_EVENTS:
    case ENTRY_SOURCE_AGENDA:
    case ENTRY_SOURCE_NEWS:
        look_ahead(gathering, entry->days);
        return true;
    case ENTRY_SOURCE_HIGHLIGHTS:
    case ENTRY_SOURCE_FIGURE:
        return gather_pool(gathering, playlist, index, err);
    case ENTRY_SOURCE_NOW_HERE:
        return gather_site(gathering, playlist, index, err);
    case ENTRY_WRITTEN:
        need_media(gathering, entry->slide->picture.sha256);
        return true;
    case ENTRY_FILM:
        need_media(gathering, entry->film->file.sha256);
        need_media(gathering, entry->film->captions.sha256);
        return true;
    case ENTRY_PORTRAIT:
    case ENTRY_ANNOUNCEMENT:
    case ENTRY_SOURCE_PORTRAITS:
        return true;
    }
    return true;
}

/* A broken document cannot come from the loaders; should one be there, the others go on. */
static void add_playlist(struct gathering *gathering, const struct playlist_record *record)
{
    struct error err;
    error_clear(&err);
    struct playlist *playlist = playlist_decode(record->document, strlen(record->document), &err);
    if (playlist == NULL) {
        error_at(&err, record->id, 0);
        log_error(LOG_ERROR, "playlist_broken", &err);
        return;
    }
    gathering->inputs.playlists[gathering->inputs.playlist_count++] = playlist;
}

static bool add_stored(struct gathering *gathering, const struct text_list *wanted,
                       struct error *err)
{
    struct playlist_record_list records;
    if (!playlists_list(gathering->db, gathering->arena, &records, err)) {
        return false;
    }
    gathering->inputs.playlists =
        arena_array(gathering->arena, records.count, sizeof(struct playlist *));
    for (size_t i = 0; i < records.count; i++) {
        const char *id = records.items[i].id;
        if (wanted == NULL || (wanted->count > 0 && bsearch(&id, wanted->items, wanted->count,
                                                            sizeof id, compare_texts) != NULL)) {
            add_playlist(gathering, &records.items[i]);
        }
    }
    return true;
}

static bool read_playlists(struct gathering *gathering, const struct text_list *wanted,
                           struct error *err)
{
    if (gathering->trial != NULL) {
        gathering->inputs.playlists = arena_array(gathering->arena, 1, sizeof(struct playlist *));
        add_playlist(gathering, gathering->trial);
    } else if (!add_stored(gathering, wanted, err)) {
        return false;
    }
    for (size_t i = 0; i < gathering->inputs.playlist_count; i++) {
        const struct playlist *playlist = gathering->inputs.playlists[i];
        for (size_t k = 0; k < playlist->entry_count; k++) {
            if (!gather_entry(gathering, playlist, k, err)) {
                return false;
            }
        }
    }
    gathering->inputs.pools = gathering->pools;
    return true;
}

static bool read_portraits(struct gathering *gathering, struct error *err)
{
    struct portrait_list *list = &gathering->inputs.portraits;
    if (!portraits_list(gathering->db, gathering->arena, NULL, gathering->from_day - 1,
                        gathering->until_day, list, err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        need_organisation(gathering, list->items[i].organisation);
        need_media(gathering, list->items[i].photo);
    }
    return true;
}

static bool read_announcements(struct gathering *gathering, struct error *err)
{
    struct announcement_list all;
    if (!announcements_list(gathering->db, gathering->arena, &all, err)) {
        return false;
    }
    struct announcement_list *list = &gathering->inputs.announcements;
    list->items = all.items;
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].state == STATE_PUBLISHED) {
            list->items[list->count++] = all.items[i];
        }
    }
    return true;
}

/* A day more on both sides: zones differ from UTC by less. */
static bool read_events(struct gathering *gathering, struct error *err)
{
    if (gathering->event_days == 0) {
        return true;
    }
    struct event_occurrence_list *list = &gathering->inputs.occurrences;
    int64_t from_ms = (gathering->from_day - 1) * CIVIL_DAY_MS;
    int64_t until_ms = (gathering->until_day + gathering->event_days + 1) * CIVIL_DAY_MS;
    if (!events_occurrences(gathering->db, gathering->arena, from_ms, until_ms, NULL, 0, 0, list,
                            err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        need_media(gathering, list->items[i].event.image);
    }
    return true;
}

static bool read_organisations(struct gathering *gathering, struct error *err)
{
    struct organisation_list *list = &gathering->inputs.organisations;
    const struct text_list *ids = &gathering->organisations;
    make_unique(&gathering->organisations);
    list->items = arena_array(gathering->arena, ids->count, sizeof *list->items);
    for (size_t i = 0; i < ids->count; i++) {
        struct organisation *organisation = &list->items[list->count];
        struct error cause;
        error_clear(&cause);
        if (organisations_get(gathering->db, gathering->arena, ids->items[i], organisation,
                              &cause)) {
            bool shown = organisation->state == STATE_PUBLISHED && organisation->diffusable;
            list->count += shown ? 1 : 0;
        } else if (cause.kind != ERROR_NOT_FOUND) {
            return pass_on(&cause, err);
        }
    }
    return true;
}

static bool read_media(struct gathering *gathering, struct error *err)
{
    struct repertoire_inputs *inputs = &gathering->inputs;
    make_unique(&gathering->media);
    inputs->media = arena_array(gathering->arena, gathering->media.count, sizeof *inputs->media);
    inputs->renditions =
        arena_array(gathering->arena, gathering->media.count, sizeof *inputs->renditions);
    for (size_t i = 0; i < gathering->media.count; i++) {
        struct error cause;
        error_clear(&cause);
        const char *asked = gathering->media.items[i];
        struct media_record *shown = &inputs->media[inputs->media_count];
        if (media_shown(gathering->db, gathering->arena, asked, shown, &cause)) {
            inputs->media_count++;
            if (strcmp(asked, shown->sha256) != 0) { /* in order, as those asked for are */
                inputs->renditions[inputs->rendition_count++] =
                    (struct repertoire_rendition){asked, shown->sha256};
            }
        } else if (cause.kind != ERROR_NOT_FOUND && cause.kind != ERROR_CONFLICT) {
            return pass_on(&cause, err);
        }
    }
    return true;
}

static bool read_templates(struct gathering *gathering, struct error *err)
{
    gathering->inputs.templates = templates_load(gathering->db, gathering->arena, err);
    return gathering->inputs.templates != NULL;
}

static struct repertoire *load(struct gathering gathering, const struct text_list *playlists,
                               struct error *err)
{
    struct text_list wanted = {0};
    if (playlists != NULL) {
        wanted.items = arena_array(gathering.arena, playlists->count, sizeof *wanted.items);
        for (size_t i = 0; i < playlists->count; i++) {
            wanted.items[wanted.count++] = playlists->items[i];
        }
        make_unique(&wanted);
    }
    if (rotation_owed_load(gathering.db, gathering.arena, &gathering.inputs.owed, err) &&
        read_playlists(&gathering, playlists == NULL ? NULL : &wanted, err) &&
        read_portraits(&gathering, err) && read_announcements(&gathering, err) &&
        read_events(&gathering, err) && read_organisations(&gathering, err) &&
        read_media(&gathering, err) && read_templates(&gathering, err)) {
        return repertoire_create(&gathering.inputs, gathering.arena);
    }
    for (size_t i = 0; i < gathering.inputs.playlist_count; i++) {
        playlist_destroy(gathering.inputs.playlists[i]);
    }
    arena_destroy(gathering.arena);
    return NULL;
}

struct repertoire *repertoire_load(struct db *db, const struct text_list *playlists,
                                   int64_t from_day, int64_t until_day, struct error *err)
{
    return load(
        (struct gathering){
            .db = db, .arena = arena_create(), .from_day = from_day, .until_day = until_day},
        playlists, err);
}

struct repertoire *repertoire_load_trial(struct db *db, const struct playlist_record *trial,
                                         int64_t from_day, int64_t until_day, struct error *err)
{
    return load((struct gathering){.db = db,
                                   .arena = arena_create(),
                                   .from_day = from_day,
                                   .until_day = until_day,
                                   .trial = trial},
                NULL, err);
}
