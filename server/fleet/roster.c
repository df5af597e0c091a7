#include "server/fleet/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sign.h"
#include "server/fleet/roster_private.h"
#include "server/store/fleet.h"

#define TOKEN_BYTES 32

/* FNV-1a: ids come from staff, not from the network. Tokens are hashed by SHA-256 already. */
static uint64_t id_key(const char *id)
{
    uint64_t hash = 14695981039346656037u;

    for (; *id != '\0'; id++)
        hash = (hash ^ (unsigned char)*id) * 1099511628211u;
    return hash;
}

static uint64_t token_key(const struct sha256 *hash)
{
    uint64_t key;

    memcpy(&key, hash->bytes, sizeof(key));
    return key;
}

void *roster_calloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        abort();
    return memory;
}

struct roster *roster_create(void)
{
    struct roster *roster = roster_calloc(1, sizeof(*roster));

    pthread_mutex_init(&roster->lock, NULL);
    roster->bucket_count = 64;
    roster->by_token = roster_calloc(roster->bucket_count, sizeof(struct roster_entry *));
    roster->by_id = roster_calloc(roster->bucket_count, sizeof(struct roster_entry *));
    return roster;
}

void roster_destroy(struct roster *roster)
{
    if (roster == NULL)
        return;
    for (size_t i = 0; i < roster->bucket_count; i++) {
        struct roster_entry *next;
        for (struct roster_entry *entry = roster->by_id[i]; entry != NULL; entry = next) {
            next = entry->next_by_id;
            roster_let_go(roster, entry->manifest);
            free(entry);
        }
    }
    free(roster->by_token);
    free(roster->by_id);
    pthread_mutex_destroy(&roster->lock);
    free(roster);
}

static struct roster_entry **token_bucket(struct roster *roster, const struct sha256 *hash)
{
    return &roster->by_token[token_key(hash) & (roster->bucket_count - 1)];
}

static void link_token(struct roster *roster, struct roster_entry *entry)
{
    struct roster_entry **bucket = token_bucket(roster, &entry->token_hash);

    entry->next_by_token = *bucket;
    *bucket = entry;
}

static void unlink_token(struct roster *roster, struct roster_entry *entry)
{
    struct roster_entry **at = token_bucket(roster, &entry->token_hash);

    while (*at != entry)
        at = &(*at)->next_by_token;
    *at = entry->next_by_token;
}

static void grow(struct roster *roster)
{
    struct roster_entry **old = roster->by_id;
    size_t old_count = roster->bucket_count;

    free(roster->by_token);
    roster->bucket_count *= 2;
    roster->by_token = roster_calloc(roster->bucket_count, sizeof(struct roster_entry *));
    roster->by_id = roster_calloc(roster->bucket_count, sizeof(struct roster_entry *));
    for (size_t i = 0; i < old_count; i++) {
        struct roster_entry *next;
        for (struct roster_entry *entry = old[i]; entry != NULL; entry = next) {
            next = entry->next_by_id;
            struct roster_entry **bucket = &roster->by_id[entry->key & (roster->bucket_count - 1)];
            entry->next_by_id = *bucket;
            *bucket = entry;
            if (entry->has_token)
                link_token(roster, entry);
        }
    }
    free(old);
}

struct roster_entry *roster_find(struct roster *roster, const char *id)
{
    struct roster_entry *entry = roster->by_id[id_key(id) & (roster->bucket_count - 1)];

    while (entry != NULL && strcmp(entry->id, id) != 0)
        entry = entry->next_by_id;
    return entry;
}

struct roster_entry *roster_need(struct roster *roster, const char *id)
{
    struct roster_entry *entry = roster_find(roster, id);

    if (entry != NULL)
        return entry;
    if (roster->count == roster->bucket_count)
        grow(roster);
    entry = roster_calloc(1, sizeof(*entry));
    snprintf(entry->id, sizeof(entry->id), "%s", id);
    entry->key = id_key(id);
    struct roster_entry **bucket = &roster->by_id[entry->key & (roster->bucket_count - 1)];
    entry->next_by_id = *bucket;
    *bucket = entry;
    roster->count++;
    return entry;
}

void roster_each(struct roster *roster, void (*visit)(struct roster_entry *entry, void *context),
                 void *context)
{
    for (size_t i = 0; i < roster->bucket_count; i++) {
        for (struct roster_entry *entry = roster->by_id[i]; entry != NULL;
             entry = entry->next_by_id)
            visit(entry, context);
    }
}

static void set_token(struct roster *roster, struct roster_entry *entry, const struct sha256 *hash)
{
    if (entry->has_token)
        unlink_token(roster, entry);
    entry->has_token = true;
    entry->token_hash = *hash;
    link_token(roster, entry);
}

void roster_set_device(struct roster *roster, const char *screen, const struct sha256 *token_hash)
{
    pthread_mutex_lock(&roster->lock);
    set_token(roster, roster_need(roster, screen), token_hash);
    pthread_mutex_unlock(&roster->lock);
}

bool roster_authenticate(struct roster *roster, const char *token, int64_t now_ms,
                         struct roster_screen *screen_out)
{
    unsigned char bytes[TOKEN_BYTES];
    struct sha256 hash;

    if (!hex_decode(token, bytes, sizeof(bytes)))
        return false;
    sha256_of(bytes, sizeof(bytes), &hash);
    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = *token_bucket(roster, &hash);
    while (entry != NULL && !sha256_equal(&entry->token_hash, &hash))
        entry = entry->next_by_token;
    if (entry != NULL) {
        entry->seen_ms = now_ms;
        entry->seen_since_flush = true;
        memcpy(screen_out->id, entry->id, sizeof(screen_out->id));
        screen_out->key = entry->key;
        if (entry->manifest != NULL)
            memcpy(screen_out->etag, entry->manifest->etag, sizeof(screen_out->etag));
        else
            screen_out->etag[0] = '\0';
    }
    pthread_mutex_unlock(&roster->lock);
    return entry != NULL;
}

void roster_etag(struct roster *roster, const char *screen, char etag_out[ROSTER_ETAG_SIZE])
{
    etag_out[0] = '\0';
    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_find(roster, screen);
    if (entry != NULL && entry->manifest != NULL)
        memcpy(etag_out, entry->manifest->etag, ROSTER_ETAG_SIZE);
    pthread_mutex_unlock(&roster->lock);
}

int64_t roster_last_seen(struct roster *roster, const char *screen)
{
    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_find(roster, screen);
    int64_t seen_ms = entry != NULL ? entry->seen_ms : 0;
    pthread_mutex_unlock(&roster->lock);
    return seen_ms;
}

struct sighting {
    char id[ROSTER_ID_SIZE];
    int64_t seen_ms;
};

struct sightings {
    struct sighting *items;
    size_t count;
};

static void collect_sighting(struct roster_entry *entry, void *context)
{
    struct sightings *sightings = context;

    if (!entry->seen_since_flush)
        return;
    memcpy(sightings->items[sightings->count].id, entry->id, sizeof(entry->id));
    sightings->items[sightings->count++].seen_ms = entry->seen_ms;
    entry->seen_since_flush = false;
}

/* Copied under the lock, written without it: a slow disk must not hold up players. */
static size_t collect_sightings(struct roster *roster, struct sighting **out)
{
    struct sightings sightings = {0};

    pthread_mutex_lock(&roster->lock);
    sightings.items = roster_calloc(roster->count + 1, sizeof(*sightings.items));
    roster_each(roster, collect_sighting, &sightings);
    pthread_mutex_unlock(&roster->lock);
    *out = sightings.items;
    return sightings.count;
}

static void note_again(struct roster *roster, const struct sighting *sightings, size_t count)
{
    pthread_mutex_lock(&roster->lock);
    for (size_t i = 0; i < count; i++) {
        struct roster_entry *entry = roster_find(roster, sightings[i].id);
        if (entry != NULL)
            entry->seen_since_flush = true;
    }
    pthread_mutex_unlock(&roster->lock);
}

bool roster_flush(struct roster *roster, struct db *db, struct error *err)
{
    struct sighting *sightings;
    size_t count = collect_sightings(roster, &sightings);
    bool ok = count == 0 || db_begin(db, err);

    for (size_t i = 0; ok && i < count; i++)
        ok = devices_seen(db, sightings[i].id, sightings[i].seen_ms, NULL, NULL, err) ||
             err->kind == ERROR_NOT_FOUND;
    if (ok && count > 0)
        ok = db_commit(db, err);
    else if (!ok)
        db_rollback(db);
    if (!ok)
        note_again(roster, sightings, count);
    free(sightings);
    return ok;
}

/* A token that nobody else may use is not missed: its player enrols again. */
static void drop_missing(struct roster_entry *entry, void *context)
{
    if (entry->has_token && !entry->in_store) {
        unlink_token(context, entry);
        entry->has_token = false;
    }
    entry->in_store = false;
}

static bool refresh_devices(struct roster *roster, struct db *db, struct arena *arena,
                            struct error *err)
{
    struct device_list devices;
    struct sha256 hash;

    if (!devices_list(db, arena, &devices, err))
        return false;
    pthread_mutex_lock(&roster->lock);
    for (size_t i = 0; i < devices.count; i++) {
        if (!sha256_from_hex(devices.items[i].token_hash, &hash))
            continue;
        struct roster_entry *entry = roster_need(roster, devices.items[i].screen);
        set_token(roster, entry, &hash);
        entry->in_store = true;
    }
    roster_each(roster, drop_missing, roster);
    pthread_mutex_unlock(&roster->lock);
    return true;
}

static bool has_manifest(struct roster *roster, const struct manifest_record *head)
{
    char etag[ROSTER_ETAG_SIZE], now[ROSTER_ETAG_SIZE];

    snprintf(etag, sizeof(etag), "%lld-%lld", (long long)head->epoch, (long long)head->version);
    roster_etag(roster, head->screen, now);
    return strcmp(etag, now) == 0;
}

/* The tail is read only where nobody has it yet. */
static bool read_tail(struct roster *roster, struct db *db, struct arena *arena,
                      struct manifest_record *record, struct error *err)
{
    struct sha256 sum;

    if (!sha256_from_hex(record->tail_sum, &sum))
        return true;
    pthread_mutex_lock(&roster->lock);
    bool known = roster_tail_find(roster, &sum) != NULL;
    pthread_mutex_unlock(&roster->lock);
    return known ||
           manifests_tail(db, arena, record->tail_sum, &record->tail, &record->tail_size, err);
}

static bool refresh_manifest(struct roster *roster, struct db *db, const char *screen,
                             void (*changed)(void *, uint64_t), void *context, struct error *err)
{
    struct arena *arena = arena_create(); /* holds one manifest at a time */
    struct manifest_record record;
    bool ok = manifests_head(db, arena, screen, &record, err);

    if (ok && !has_manifest(roster, &record)) {
        ok = manifests_parts(db, arena, screen, &record, err) &&
             read_tail(roster, db, arena, &record, err);
        if (ok) {
            uint64_t key = roster_set_manifest(roster, &record);
            if (changed != NULL)
                changed(context, key);
        }
    }
    arena_destroy(arena);
    return ok || err->kind == ERROR_NOT_FOUND;
}

bool roster_refresh(struct roster *roster, struct db *db,
                    void (*changed)(void *context, uint64_t key), void *context, struct error *err)
{
    struct arena *arena = arena_create();
    struct screen_list screens;
    /* Of all screens, also those without a player: the admin page shows what they would show. */
    bool ok = refresh_devices(roster, db, arena, err) &&
              roster_refresh_wishes(roster, db, changed, context, err) &&
              screens_list(db, arena, &screens, err);

    for (size_t i = 0; ok && i < screens.count; i++)
        ok = refresh_manifest(roster, db, screens.items[i].id, changed, context, err);
    arena_destroy(arena);
    return ok;
}
