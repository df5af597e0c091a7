#include "server/fleet/roster.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/sign.h"
#include "server/store/fleet.h"

#define TOKEN_BYTES 32
#define GZIP_LEVEL 3 /* an emergency is waited for; 5 saves a tenth and takes twice as long */
#define GZIP_WINDOW (15 + 16) /* 16: with gzip's header and sum */

struct held_manifest {
    struct roster_manifest manifest; /* first: what callers hold */
    size_t holders;
    unsigned char *gzip; /* NULL: nobody has asked */
    size_t gzip_size;    /* 0: not worth it */
    unsigned char bytes[];
};

struct entry {
    char id[ROSTER_ID_SIZE];
    uint64_t key;
    bool has_token;
    struct sha256 token_hash;
    struct held_manifest *manifest;
    int64_t seen_ms;
    bool seen_since_flush;
    bool in_store;               /* roster_refresh has met its device */
    char wish[ROSTER_WISH_SIZE]; /* "": none */
    int64_t wish_until_ms;
    int64_t wish_told_ms; /* 0: not yet */
    bool wish_in_store;
    struct entry *next_by_token;
    struct entry *next_by_id;
};

struct roster {
    pthread_mutex_t lock;
    size_t count, bucket_count; /* bucket_count is a power of two */
    struct entry **by_token;
    struct entry **by_id;
};

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

static void *checked_calloc(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        abort();
    return memory;
}

struct roster *roster_create(void)
{
    struct roster *roster = checked_calloc(1, sizeof(*roster));

    pthread_mutex_init(&roster->lock, NULL);
    roster->bucket_count = 64;
    roster->by_token = checked_calloc(roster->bucket_count, sizeof(struct entry *));
    roster->by_id = checked_calloc(roster->bucket_count, sizeof(struct entry *));
    return roster;
}

static void let_go(struct held_manifest *manifest)
{
    if (manifest != NULL && --manifest->holders == 0) {
        free(manifest->gzip);
        free(manifest);
    }
}

void roster_destroy(struct roster *roster)
{
    if (roster == NULL)
        return;
    for (size_t i = 0; i < roster->bucket_count; i++) {
        struct entry *next;
        for (struct entry *entry = roster->by_id[i]; entry != NULL; entry = next) {
            next = entry->next_by_id;
            let_go(entry->manifest);
            free(entry);
        }
    }
    free(roster->by_token);
    free(roster->by_id);
    pthread_mutex_destroy(&roster->lock);
    free(roster);
}

static struct entry **token_bucket(struct roster *roster, const struct sha256 *hash)
{
    return &roster->by_token[token_key(hash) & (roster->bucket_count - 1)];
}

static void link_token(struct roster *roster, struct entry *entry)
{
    struct entry **bucket = token_bucket(roster, &entry->token_hash);

    entry->next_by_token = *bucket;
    *bucket = entry;
}

static void unlink_token(struct roster *roster, struct entry *entry)
{
    struct entry **at = token_bucket(roster, &entry->token_hash);

    while (*at != entry)
        at = &(*at)->next_by_token;
    *at = entry->next_by_token;
}

static void grow(struct roster *roster)
{
    struct entry **old = roster->by_id;
    size_t old_count = roster->bucket_count;

    free(roster->by_token);
    roster->bucket_count *= 2;
    roster->by_token = checked_calloc(roster->bucket_count, sizeof(struct entry *));
    roster->by_id = checked_calloc(roster->bucket_count, sizeof(struct entry *));
    for (size_t i = 0; i < old_count; i++) {
        struct entry *next;
        for (struct entry *entry = old[i]; entry != NULL; entry = next) {
            next = entry->next_by_id;
            struct entry **bucket = &roster->by_id[entry->key & (roster->bucket_count - 1)];
            entry->next_by_id = *bucket;
            *bucket = entry;
            if (entry->has_token)
                link_token(roster, entry);
        }
    }
    free(old);
}

static struct entry *find(struct roster *roster, const char *id)
{
    struct entry *entry = roster->by_id[id_key(id) & (roster->bucket_count - 1)];

    while (entry != NULL && strcmp(entry->id, id) != 0)
        entry = entry->next_by_id;
    return entry;
}

static struct entry *find_or_add(struct roster *roster, const char *id)
{
    struct entry *entry = find(roster, id);

    if (entry != NULL)
        return entry;
    if (roster->count == roster->bucket_count)
        grow(roster);
    entry = checked_calloc(1, sizeof(*entry));
    snprintf(entry->id, sizeof(entry->id), "%s", id);
    entry->key = id_key(id);
    struct entry **bucket = &roster->by_id[entry->key & (roster->bucket_count - 1)];
    entry->next_by_id = *bucket;
    *bucket = entry;
    roster->count++;
    return entry;
}

static void set_token(struct roster *roster, struct entry *entry, const struct sha256 *hash)
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
    set_token(roster, find_or_add(roster, screen), token_hash);
    pthread_mutex_unlock(&roster->lock);
}

static void write_etag(const struct manifest_record *record, char etag[ROSTER_ETAG_SIZE])
{
    snprintf(etag, ROSTER_ETAG_SIZE, "%" PRId64 "-%" PRId64, record->epoch, record->version);
}

uint64_t roster_set_manifest(struct roster *roster, const struct manifest_record *record)
{
    struct held_manifest *held = checked_calloc(1, sizeof(*held) + record->sealed_size);

    memcpy(held->bytes, record->sealed, record->sealed_size);
    held->manifest.bytes = held->bytes;
    held->manifest.size = record->sealed_size;
    write_etag(record, held->manifest.etag);
    held->holders = 1;
    pthread_mutex_lock(&roster->lock);
    struct entry *entry = find_or_add(roster, record->screen);
    let_go(entry->manifest);
    entry->manifest = held;
    uint64_t key = entry->key;
    pthread_mutex_unlock(&roster->lock);
    return key;
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
    struct entry *entry = *token_bucket(roster, &hash);
    while (entry != NULL && !sha256_equal(&entry->token_hash, &hash))
        entry = entry->next_by_token;
    if (entry != NULL) {
        entry->seen_ms = now_ms;
        entry->seen_since_flush = true;
        memcpy(screen_out->id, entry->id, sizeof(screen_out->id));
        screen_out->key = entry->key;
        if (entry->manifest != NULL)
            memcpy(screen_out->etag, entry->manifest->manifest.etag, sizeof(screen_out->etag));
        else
            screen_out->etag[0] = '\0';
    }
    pthread_mutex_unlock(&roster->lock);
    return entry != NULL;
}

/* With the lock held; true when it is another wish than before. */
static bool set_wish(struct entry *entry, const struct wanted *wanted)
{
    bool other = strcmp(entry->wish, wanted->id) != 0;

    entry->wish_until_ms = wanted->expires_ms;
    if (other) {
        snprintf(entry->wish, sizeof(entry->wish), "%s", wanted->id);
        entry->wish_told_ms = 0;
    }
    return other;
}

uint64_t roster_set_wish(struct roster *roster, const struct wanted *wanted)
{
    pthread_mutex_lock(&roster->lock);
    struct entry *entry = find_or_add(roster, wanted->screen);
    set_wish(entry, wanted);
    uint64_t key = entry->key;
    pthread_mutex_unlock(&roster->lock);
    return key;
}

void roster_drop_wish(struct roster *roster, const char *screen)
{
    pthread_mutex_lock(&roster->lock);
    struct entry *entry = find(roster, screen);
    if (entry != NULL)
        entry->wish[0] = '\0';
    pthread_mutex_unlock(&roster->lock);
}

bool roster_take_wish(struct roster *roster, const char *screen, int64_t now_ms,
                      char id_out[ROSTER_WISH_SIZE])
{
    pthread_mutex_lock(&roster->lock);
    struct entry *entry = find(roster, screen);
    bool told_lately = entry != NULL && entry->wish_told_ms != 0 && entry->wish_told_ms <= now_ms &&
                       now_ms - entry->wish_told_ms < ROSTER_TELL_AGAIN_MS;
    bool tell =
        entry != NULL && entry->wish[0] != '\0' && now_ms < entry->wish_until_ms && !told_lately;
    if (tell) {
        memcpy(id_out, entry->wish, sizeof(entry->wish));
        entry->wish_told_ms = now_ms;
    }
    pthread_mutex_unlock(&roster->lock);
    return tell;
}

const struct roster_manifest *roster_manifest(struct roster *roster, const char *screen)
{
    const struct roster_manifest *manifest = NULL;

    pthread_mutex_lock(&roster->lock);
    struct entry *entry = find(roster, screen);
    if (entry != NULL && entry->manifest != NULL) {
        entry->manifest->holders++;
        manifest = &entry->manifest->manifest;
    }
    pthread_mutex_unlock(&roster->lock);
    return manifest;
}

void roster_release(struct roster *roster, const struct roster_manifest *manifest)
{
    if (manifest == NULL)
        return;
    pthread_mutex_lock(&roster->lock);
    let_go((struct held_manifest *)(uintptr_t)manifest);
    pthread_mutex_unlock(&roster->lock);
}

/* 0 when the result would be no shorter. */
static size_t compress_gzip(const struct roster_manifest *manifest, unsigned char *out)
{
    z_stream stream = {.next_in = (void *)(uintptr_t)manifest->bytes,
                       .avail_in = (uInt)manifest->size,
                       .next_out = out,
                       .avail_out = (uInt)manifest->size};

    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    int result = deflate(&stream, Z_FINISH);
    size_t length = manifest->size - stream.avail_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? length : 0;
}

bool roster_manifest_gzip(struct roster *roster, const struct roster_manifest *manifest,
                          const unsigned char **bytes_out, size_t *size_out)
{
    struct held_manifest *held = (struct held_manifest *)(uintptr_t)manifest;

    pthread_mutex_lock(&roster->lock);
    bool made = held->gzip != NULL;
    pthread_mutex_unlock(&roster->lock);
    if (!made) { /* without the lock: it takes a millisecond */
        unsigned char *bytes = checked_calloc(1, manifest->size + 1);
        size_t size = compress_gzip(manifest, bytes);
        unsigned char *fitted = realloc(bytes, size + 1);
        pthread_mutex_lock(&roster->lock);
        if (held->gzip == NULL) {
            held->gzip = fitted != NULL ? fitted : bytes;
            held->gzip_size = size;
        } else { /* somebody else was faster */
            free(fitted != NULL ? fitted : bytes);
        }
        pthread_mutex_unlock(&roster->lock);
    }
    *bytes_out = held->gzip;
    *size_out = held->gzip_size;
    return held->gzip_size > 0;
}

int64_t roster_last_seen(struct roster *roster, const char *screen)
{
    pthread_mutex_lock(&roster->lock);
    struct entry *entry = find(roster, screen);
    int64_t seen_ms = entry != NULL ? entry->seen_ms : 0;
    pthread_mutex_unlock(&roster->lock);
    return seen_ms;
}

struct sighting {
    char id[ROSTER_ID_SIZE];
    int64_t seen_ms;
};

/* Copied under the lock, written without it: a slow disk must not hold up players. */
static size_t collect_sightings(struct roster *roster, struct sighting **out)
{
    size_t count = 0;

    pthread_mutex_lock(&roster->lock);
    *out = checked_calloc(roster->count + 1, sizeof(**out));
    for (size_t i = 0; i < roster->bucket_count; i++) {
        for (struct entry *entry = roster->by_id[i]; entry != NULL; entry = entry->next_by_id) {
            if (!entry->seen_since_flush)
                continue;
            memcpy((*out)[count].id, entry->id, sizeof(entry->id));
            (*out)[count++].seen_ms = entry->seen_ms;
            entry->seen_since_flush = false;
        }
    }
    pthread_mutex_unlock(&roster->lock);
    return count;
}

static void note_again(struct roster *roster, const struct sighting *sightings, size_t count)
{
    pthread_mutex_lock(&roster->lock);
    for (size_t i = 0; i < count; i++) {
        struct entry *entry = find(roster, sightings[i].id);
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

/* With the lock held. A token that nobody else may use is not missed: its player enrols again. */
static void drop_missing(struct roster *roster)
{
    for (size_t i = 0; i < roster->bucket_count; i++) {
        for (struct entry *entry = roster->by_id[i]; entry != NULL; entry = entry->next_by_id) {
            if (entry->has_token && !entry->in_store) {
                unlink_token(roster, entry);
                entry->has_token = false;
            }
            entry->in_store = false;
        }
    }
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
        struct entry *entry = find_or_add(roster, devices.items[i].screen);
        set_token(roster, entry, &hash);
        entry->in_store = true;
    }
    drop_missing(roster);
    pthread_mutex_unlock(&roster->lock);
    return true;
}

static bool has_manifest(struct roster *roster, const struct manifest_record *head)
{
    char etag[ROSTER_ETAG_SIZE];

    write_etag(head, etag);
    pthread_mutex_lock(&roster->lock);
    struct entry *entry = find(roster, head->screen);
    bool has = entry != NULL && entry->manifest != NULL &&
               strcmp(entry->manifest->manifest.etag, etag) == 0;
    pthread_mutex_unlock(&roster->lock);
    return has;
}

static bool refresh_manifest(struct roster *roster, struct db *db, const char *screen,
                             void (*changed)(void *, uint64_t), void *context, struct error *err)
{
    struct arena *arena = arena_create(); /* holds one manifest at a time */
    struct manifest_record record;
    bool ok = manifests_head(db, arena, screen, &record, err);

    if (ok && !has_manifest(roster, &record)) {
        ok = manifests_latest(db, arena, screen, &record, err);
        if (ok) {
            uint64_t key = roster_set_manifest(roster, &record);
            if (changed != NULL)
                changed(context, key);
        }
    }
    arena_destroy(arena);
    return ok || err->kind == ERROR_NOT_FOUND;
}

/* With the lock held. */
static void drop_missing_wishes(struct roster *roster)
{
    for (size_t i = 0; i < roster->bucket_count; i++) {
        for (struct entry *entry = roster->by_id[i]; entry != NULL; entry = entry->next_by_id) {
            if (!entry->wish_in_store)
                entry->wish[0] = '\0';
            entry->wish_in_store = false;
        }
    }
}

bool roster_refresh_wishes(struct roster *roster, struct db *db,
                           void (*changed)(void *context, uint64_t key), void *context,
                           struct error *err)
{
    struct arena *arena = arena_create();
    struct wanted_list list;
    bool ok = wanted_list(db, arena, &list, err);
    uint64_t *keys = ok ? arena_array(arena, list.count + 1, sizeof(*keys)) : NULL;
    size_t count = 0;

    if (ok) {
        pthread_mutex_lock(&roster->lock);
        for (size_t i = 0; i < list.count; i++) {
            struct entry *entry = find_or_add(roster, list.items[i].screen);
            entry->wish_in_store = true;
            if (set_wish(entry, &list.items[i]))
                keys[count++] = entry->key;
        }
        drop_missing_wishes(roster);
        pthread_mutex_unlock(&roster->lock);
    }
    /* Without the lock: who is woken asks for it. */
    for (size_t i = 0; changed != NULL && i < count; i++)
        changed(context, keys[i]);
    arena_destroy(arena);
    return ok;
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
