/* The roster's manifests: what many screens share is held, and compressed, once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "playlists/timeline.h"
#include "server/fleet/glance.h"
#include "server/fleet/roster_private.h"

#define GZIP_LEVEL 3 /* an emergency is waited for; 5 saves a tenth and takes twice as long */
#define RAW_WINDOW (-15)
#define GZIP_OWN_MAX 1400 /* one packet: not worth it */

static struct roster_tail **tail_bucket(struct roster *roster, const struct sha256 *sum)
{
    uint16_t bucket;

    memcpy(&bucket, sum->bytes, sizeof(bucket));
    return &roster->tails[bucket % ROSTER_TAIL_BUCKETS];
}

struct roster_tail *roster_tail_find(struct roster *roster, const struct sha256 *sum)
{
    struct roster_tail *tail = *tail_bucket(roster, sum);

    while (tail != NULL && !sha256_equal(&tail->sum, sum))
        tail = tail->next;
    return tail;
}

static void release_tail(struct roster *roster, struct roster_tail *tail)
{
    if (tail == NULL || --tail->users > 0)
        return;
    struct roster_tail **at = tail_bucket(roster, &tail->sum);
    while (*at != tail)
        at = &(*at)->next;
    *at = tail->next;
    manifest_destroy(tail->glance);
    free(tail->deflated);
    free(tail);
}

static struct roster_tail *need_tail(struct roster *roster, const struct manifest_record *record,
                                     const struct sha256 *sum)
{
    struct roster_tail *tail = roster_tail_find(roster, sum);

    if (tail == NULL && record->tail != NULL) {
        struct roster_tail **bucket = tail_bucket(roster, sum);
        tail = roster_calloc(1, sizeof(*tail) + record->tail_size);
        tail->sum = *sum;
        tail->size = record->tail_size;
        memcpy(tail->bytes, record->tail, record->tail_size);
        tail->next = *bucket;
        *bucket = tail;
    }
    if (tail != NULL)
        tail->users++;
    return tail;
}

void roster_let_go(struct roster *roster, struct roster_held *held)
{
    if (held == NULL)
        return;
    release_tail(roster, held->tail);
    free(held->old);
    free(held);
}

uint64_t roster_set_manifest(struct roster *roster, const struct manifest_record *record)
{
    struct roster_held *held = roster_calloc(1, sizeof(*held) + record->sealed_size);
    struct sha256 sum;
    bool in_parts = record->tail_sum != NULL && sha256_from_hex(record->tail_sum, &sum);

    memcpy(held->head, record->sealed, record->sealed_size);
    held->head_size = record->sealed_size;
    snprintf(held->etag, sizeof(held->etag), "%lld-%lld", (long long)record->epoch,
             (long long)record->version);
    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_need(roster, record->screen);
    uint64_t key = entry->key;
    held->tail = in_parts ? need_tail(roster, record, &sum) : NULL;
    if (in_parts && held->tail == NULL) { /* gone meanwhile: the next refresh reads it */
        free(held);
    } else {
        roster_let_go(roster, entry->manifest);
        entry->manifest = held;
    }
    pthread_mutex_unlock(&roster->lock);
    return key;
}

const struct roster_manifest *roster_manifest(struct roster *roster, const char *screen)
{
    struct roster_manifest *manifest = NULL;

    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_find(roster, screen);
    if (entry != NULL && entry->manifest != NULL) {
        const struct roster_held *held = entry->manifest;
        size_t tail_size = held->tail != NULL ? held->tail->size : 0;
        manifest = malloc(sizeof(*manifest) + held->head_size + tail_size);
        if (manifest == NULL)
            abort();
        unsigned char *bytes = (unsigned char *)(manifest + 1);
        memcpy(bytes, held->head, held->head_size);
        if (tail_size > 0)
            memcpy(bytes + held->head_size, held->tail->bytes, tail_size);
        memcpy(manifest->etag, held->etag, sizeof(manifest->etag));
        manifest->size = held->head_size + tail_size;
        manifest->bytes = bytes;
    }
    pthread_mutex_unlock(&roster->lock);
    return manifest;
}

static void *copy_of(const void *bytes, size_t size)
{
    void *copy = malloc(size);

    if (copy == NULL)
        abort();
    return memcpy(copy, bytes, size);
}

/* Without the lock: a signature over all of it takes milliseconds. */
static unsigned char *seal_whole(struct roster *roster, const char *screen,
                                 const struct sign_keys *keys, char etag_out[ROSTER_ETAG_SIZE],
                                 size_t *size_out)
{
    const struct roster_manifest *manifest = roster_manifest(roster, screen);
    struct strbuf sealed;

    if (manifest == NULL)
        return NULL;
    const char *bytes = (const char *)manifest->bytes;
    size_t json = manifest_sealed_json(bytes, manifest->size);
    memcpy(etag_out, manifest->etag, ROSTER_ETAG_SIZE);
    strbuf_init(&sealed);
    manifest_seal_old(bytes + json, manifest->size - json, keys, &sealed);
    roster_release(roster, manifest);
    return (unsigned char *)strbuf_take(&sealed, size_out);
}

unsigned char *roster_manifest_old(struct roster *roster, const char *screen,
                                   const struct sign_keys *keys, char etag_out[ROSTER_ETAG_SIZE],
                                   size_t *size_out)
{
    unsigned char *bytes = NULL;

    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_find(roster, screen);
    struct roster_held *held = entry != NULL ? entry->manifest : NULL;
    if (held != NULL && held->old != NULL) {
        bytes = copy_of(held->old, held->old_size);
        *size_out = held->old_size;
        memcpy(etag_out, held->etag, ROSTER_ETAG_SIZE);
    }
    pthread_mutex_unlock(&roster->lock);
    if (bytes != NULL)
        return bytes;
    bytes = seal_whole(roster, screen, keys, etag_out, size_out);
    pthread_mutex_lock(&roster->lock);
    entry = roster_find(roster, screen);
    held = entry != NULL ? entry->manifest : NULL;
    if (bytes != NULL && held != NULL && held->old == NULL && strcmp(held->etag, etag_out) == 0) {
        held->old = copy_of(bytes, *size_out);
        held->old_size = *size_out;
    }
    pthread_mutex_unlock(&roster->lock);
    return bytes;
}

void roster_release(struct roster *roster, const struct roster_manifest *manifest)
{
    (void)roster;
    free((void *)(uintptr_t)manifest);
}

/* Blocks without gzip's frame, so that they can stand behind others: the last ones when `last`. */
static unsigned char *deflate_blocks(const unsigned char *bytes, size_t size, bool last,
                                     size_t *size_out)
{
    z_stream stream = {.next_in = (void *)(uintptr_t)bytes, .avail_in = (uInt)size};

    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, RAW_WINDOW, last ? 9 : 5,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t room = deflateBound(&stream, size) + 16;
    unsigned char *out = roster_calloc(1, room);
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    deflate(&stream, last ? Z_FINISH : Z_SYNC_FLUSH);
    *size_out = room - stream.avail_out;
    deflateEnd(&stream);
    return out;
}

/* Without the lock: it takes milliseconds. The caller uses the tail. */
static void compress_tail(struct roster *roster, struct roster_tail *tail)
{
    size_t size;
    unsigned char *blocks = deflate_blocks(tail->bytes, tail->size, true, &size);
    unsigned char *fitted = realloc(blocks, size);
    unsigned long crc = crc32(0, tail->bytes, (uInt)tail->size);

    pthread_mutex_lock(&roster->lock);
    if (tail->deflated == NULL) {
        tail->deflated = fitted != NULL ? fitted : blocks;
        tail->deflated_size = size;
        tail->crc = crc;
    } else { /* somebody else was faster */
        free(fitted != NULL ? fitted : blocks);
    }
    pthread_mutex_unlock(&roster->lock);
}

static void put_le32(unsigned char *out, unsigned long value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

/* RFC 1952: a frame around the head's blocks and then the tail's. */
static unsigned char *frame(const struct roster_held *held, const struct roster_tail *tail,
                            size_t *size_out)
{
    static const unsigned char start[10] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff};
    size_t head_size;
    unsigned char *head = deflate_blocks(held->head, held->head_size, false, &head_size);
    unsigned long crc = crc32(0, held->head, (uInt)held->head_size);
    size_t size = sizeof(start) + head_size + tail->deflated_size + 8;
    unsigned char *out = malloc(size);

    if (out == NULL)
        abort();
    memcpy(out, start, sizeof(start));
    memcpy(out + sizeof(start), head, head_size);
    memcpy(out + sizeof(start) + head_size, tail->deflated, tail->deflated_size);
    put_le32(out + size - 8, crc32_combine(crc, tail->crc, (long)tail->size));
    put_le32(out + size - 4, held->head_size + tail->size);
    free(head);
    *size_out = size;
    return out;
}

unsigned char *roster_manifest_gzip(struct roster *roster, const char *screen,
                                    char etag_out[ROSTER_ETAG_SIZE], size_t *size_out)
{
    struct roster_held *copy = NULL;
    unsigned char *bytes = NULL;

    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_find(roster, screen);
    const struct roster_held *held = entry != NULL ? entry->manifest : NULL;
    struct roster_tail *tail = held != NULL ? held->tail : NULL;
    if (tail != NULL && tail->size > GZIP_OWN_MAX) {
        copy = malloc(sizeof(*copy) + held->head_size);
        if (copy == NULL)
            abort();
        memcpy(copy, held, sizeof(*copy) + held->head_size);
        tail->users++;
    }
    bool made = tail != NULL && tail->deflated != NULL;
    pthread_mutex_unlock(&roster->lock);
    if (copy == NULL)
        return NULL;
    if (!made)
        compress_tail(roster, tail);
    bytes = frame(copy, tail, size_out);
    memcpy(etag_out, copy->etag, ROSTER_ETAG_SIZE);
    free(copy);
    pthread_mutex_lock(&roster->lock);
    release_tail(roster, tail);
    pthread_mutex_unlock(&roster->lock);
    return bytes;
}

static struct roster_tail *tail_of(struct roster *roster, const char *screen)
{
    struct roster_entry *entry = roster_find(roster, screen);

    return entry != NULL && entry->manifest != NULL ? entry->manifest->tail : NULL;
}

/* Of what many screens share once: most find it made. */
void roster_set_glance(struct roster *roster, const char *screen, const struct manifest *manifest,
                       int64_t now_ms)
{
    pthread_mutex_lock(&roster->lock);
    struct roster_tail *tail = tail_of(roster, screen);
    if (tail != NULL && (tail->glance == NULL || now_ms < tail->glance_from_ms ||
                         tail->glance_until_ms - now_ms < GLANCE_MS / 2)) {
        manifest_destroy(tail->glance);
        tail->glance = glance_create(manifest, now_ms, now_ms + GLANCE_MS);
        tail->glance_from_ms = now_ms;
        tail->glance_until_ms = now_ms + GLANCE_MS;
    }
    pthread_mutex_unlock(&roster->lock);
}

bool roster_now(struct roster *roster, const char *screen, int64_t at_ms, struct arena *arena,
                struct roster_now *out)
{
    *out = (struct roster_now){.title = "", .template = "welcome", .playlist = "", .rule = ""};
    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_find(roster, screen);
    const struct roster_tail *tail = tail_of(roster, screen);
    bool has = tail != NULL && tail->glance != NULL && at_ms >= tail->glance_from_ms &&
               at_ms < tail->glance_until_ms;
    if (entry != NULL && entry->manifest != NULL)
        memcpy(out->etag, entry->manifest->etag, sizeof(out->etag));
    if (has) {
        struct timeline now = timeline_at(tail->glance, at_ms);
        int64_t unused;
        out->until_ms = now.next_change_ms;
        out->closed = manifest_closed_at(tail->glance, at_ms, &unused);
        if (now.slide != NULL) {
            out->title = arena_strdup(arena, now.slide->title);
            out->template = arena_strdup(arena, now.slide->template);
            out->playlist = arena_strdup(arena, now.loop->playlist);
            out->rule = arena_strdup(arena, now.interval->rule);
        }
    }
    pthread_mutex_unlock(&roster->lock);
    return has;
}
