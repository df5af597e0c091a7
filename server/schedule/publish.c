#include "server/schedule/publish.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/clock.h"
#include "core/log.h"
#include "playlists/template.h"
#include "server/schedule/shared.h"
#include "server/store/settings.h"

/* What one run shares between screens. */
struct publisher {
    struct db *db;
    const struct media_store *media;
    const struct sign_keys *keys;
    struct arena *arena;
    int64_t now_ms;
    int64_t epoch;
    struct repertoire *repertoire;
    struct rulebook *rulebook;
    struct shared *shared;
    struct arena *whole; /* for the whole run */
    const struct directory_made *directory;
    bool directory_later;
    bool directory_stored;         /* its record is in the store, if the batch gets there */
    bool stored[TEMPLATE_SET_MAX]; /* templates whose documents are in the media store */
    bool anew;                     /* this screen without comparing */
    bool wrote;                    /* something of this screen, perhaps not all */
};

/* What is out does for what comes: it shows the same for as long as it is to last. */
static bool still_good(struct publisher *publisher, const struct manifest_record *head,
                       const struct shared_manifest *next)
{
    if (head->epoch != publisher->epoch ||
        head->valid_until_ms - publisher->now_ms < PUBLISH_REMAINING_MS) {
        return false;
    }
    struct manifest_record latest;
    struct error ignored; /* one that cannot be read is replaced */
    return manifests_parts(publisher->db, publisher->arena, head->screen, &latest, &ignored) &&
           shared_shows_same(publisher->shared, &latest, &publisher->keys->public, next);
}

static bool store_next(struct publisher *publisher, const struct shared_manifest *made,
                       struct publication *out, struct error *err)
{
    const struct manifest *manifest = made->manifest;
    struct strbuf head;
    struct strbuf sealed;
    strbuf_init(&head);
    strbuf_init(&sealed);
    shared_encode_head(made, &head);
    bool ok = head.length + made->tail_length <= (size_t)MANIFEST_BYTES_MAX;
    if (!ok) {
        error_set(err, ERROR_LIMIT, "le manifeste de « %s » dépasse %d Mio ; allégez ses playlists",
                  "the manifest of \"%s\" passes %d MiB; lighten its playlists",
                  manifest->screen.id, MANIFEST_BYTES_MAX / (1024 * 1024));
    } else {
        char tail_sum[SHA256_HEX_SIZE];
        sha256_to_hex(&made->tail_sum, tail_sum);
        manifest_seal_head(head.bytes, head.length, &made->tail_sum, publisher->keys, &sealed);
        out->changed = true;
        out->record.epoch = manifest->epoch;
        out->record.version = manifest->version;
        out->record.created_ms = manifest->created_ms;
        out->record.valid_until_ms = manifest->valid_until_ms;
        out->record.sealed = arena_strndup(publisher->arena, sealed.bytes, sealed.length);
        out->record.sealed_size = sealed.length;
        out->record.tail_sum = arena_strdup(publisher->arena, tail_sum);
        out->record.tail = made->tail;
        out->record.tail_size = made->tail_length;
        publisher->wrote = true;
        ok = repertoire_store_templates(publisher->repertoire, publisher->media, manifest,
                                        publisher->stored, publisher->arena, err) &&
             manifests_put(publisher->db, &out->record, err);
    }
    strbuf_finish(&head);
    strbuf_finish(&sealed);
    return ok;
}

static bool compare_and_store(struct publisher *publisher, const struct shared_manifest *made,
                              struct publication *out, struct error *err)
{
    struct manifest *manifest = made->manifest;
    struct manifest_record head = {0};
    struct error cause;
    error_clear(&cause);
    bool has_head =
        manifests_head(publisher->db, publisher->arena, manifest->screen.id, &head, &cause);
    if (!has_head && cause.kind != ERROR_NOT_FOUND) {
        if (err != NULL) {
            *err = cause;
        }
        return false;
    }
    char hash[SHA256_HEX_SIZE];
    shared_content_hash(made, &publisher->keys->public, hash);
    if (has_head && head.epoch == publisher->epoch &&
        (strcmp(head.content_hash, hash) == 0 ||
         (!publisher->anew && still_good(publisher, &head, made)))) {
        *out = (struct publication){.record = head};
        return true;
    }
    /* Never behind what players may have. */
    manifest->epoch = has_head && head.epoch > publisher->epoch ? head.epoch : publisher->epoch;
    manifest->version = has_head && head.epoch == manifest->epoch ? head.version + 1 : 1;
    *out = (struct publication){
        .record = {.screen = arena_strdup(publisher->arena, manifest->screen.id),
                   .content_hash = arena_strdup(publisher->arena, hash)}};
    return store_next(publisher, made, out, err);
}

static bool need_directory(struct publisher *publisher, const struct screen *screen,
                           struct error *err)
{
    enum upsert_result result;
    if (!screen->kiosk || (publisher->directory != NULL && publisher->directory_stored)) {
        return true;
    }
    if (publisher->directory == NULL) {
        struct directory_made *made = arena_alloc(publisher->whole, sizeof *made);
        if (!directory_file_make(publisher->db, publisher->media->folder, publisher->now_ms,
                                 publisher->whole, made, err)) {
            return false;
        }
        publisher->directory = made;
    }
    publisher->wrote = true;
    publisher->directory_stored = media_records_add(publisher->db, publisher->arena,
                                                    &publisher->directory->directory, &result, err);
    return publisher->directory_stored;
}

/* *made is to be released, whatever comes of it. */
static bool publish_one(struct publisher *publisher, const struct screen *screen,
                        struct shared_manifest *made, struct publication *out, struct error *err)
{
    *made = (struct shared_manifest){0};
    publisher->wrote = false;
    if (!need_directory(publisher, screen, err)) {
        return false;
    }
    struct error cause;
    error_clear(&cause);
    bool ok = shared_assemble(publisher->shared, publisher->directory, screen->id, made, &cause) &&
              /* A conflict: another process was faster, and may have published the very same. */
              (compare_and_store(publisher, made, out, &cause) ||
               (cause.kind == ERROR_CONFLICT && compare_and_store(publisher, made, out, &cause)));
    if (!ok && err != NULL) {
        *err = cause;
    }
    return ok;
}

/* Repertoire and rulebook are taken over; false when one of them is missing. */
static bool begin(struct publisher *publisher, struct repertoire *repertoire,
                  struct rulebook *rulebook)
{
    if (repertoire == NULL || rulebook == NULL) {
        repertoire_destroy(repertoire);
        rulebook_destroy(rulebook);
        return false;
    }
    publisher->repertoire = repertoire;
    publisher->rulebook = rulebook;
    publisher->shared =
        shared_create(publisher->db, repertoire, rulebook, publisher->now_ms, publisher->epoch);
    return true;
}

static void end(struct publisher *publisher)
{
    shared_destroy(publisher->shared);
    repertoire_destroy(publisher->repertoire);
    rulebook_destroy(publisher->rulebook);
}

bool publish_screen(struct db *db, const struct media_store *media, const struct sign_keys *keys,
                    struct arena *arena, const char *screen_id, int64_t now_ms,
                    struct publication *out, struct error *err)
{
    struct publisher publisher = {
        .db = db, .media = media, .keys = keys, .arena = arena, .whole = arena, .now_ms = now_ms};
    struct screen screen;
    struct screen_plan plan;
    if (!settings_get_int(db, PUBLISH_EPOCH_SETTING, 1, &publisher.epoch, err) ||
        !screens_get(db, arena, screen_id, &screen, err) ||
        !screen_plan_load(db, NULL, arena, screen_id, now_ms, ASSEMBLE_DAYS, &plan, err)) {
        return false;
    }
    struct repertoire *repertoire =
        repertoire_load(db, &plan.playlists, plan.day, plan.day + ASSEMBLE_DAYS, err);
    struct rulebook *rulebook = plan.own;
    plan.own = NULL;
    screen_plan_finish(&plan);
    if (!begin(&publisher, repertoire, rulebook)) {
        return false;
    }
    struct shared_manifest made;
    bool ok = publish_one(&publisher, &screen, &made, out, err);
    if (ok && out->changed) {
        out->record.tail = arena_strndup(arena, out->record.tail, out->record.tail_size);
    }
    shared_release(&made);
    end(&publisher);
    return ok;
}

/* Screens that are stored by one transaction: a thousand waits for the disk take seconds, and one
 * for all would tell the first screen when the last one is ready. */
#define BATCH_MAX 64
#define BATCH_NS INT64_C(40000000)

struct batch {
    const struct publish_watch *watch;
    struct publish_counts *counts;
    struct clock clock;
    int64_t began_ns; /* 0: nothing is open */
    bool own;
    size_t count;
    struct shared_manifest made[BATCH_MAX];
    struct publication publications[BATCH_MAX];
};

static void fail_screen(struct batch *batch, const char *screen, struct error *cause)
{
    error_at(cause, screen, 0);
    log_error(LOG_ERROR, "publish_failed", cause);
    batch->counts->failed++;
}

static void tell(struct batch *batch, size_t index)
{
    struct publication *publication = &batch->publications[index];
    publication->manifest = batch->made[index].manifest;
    if (publication->changed) {
        batch->counts->published++;
    } else {
        batch->counts->unchanged++;
    }
    if (batch->watch->published != NULL) {
        batch->watch->published(batch->watch->context, publication);
    }
}

/* Stores what the batch holds and tells of it; the scratch arena is emptied for the next one. */
static void end_batch(struct publisher *publisher, struct batch *batch, bool ok,
                      struct error *cause)
{
    if (batch->began_ns == 0) {
        return;
    }
    ok = db_leave(publisher->db, batch->own, ok, cause);
    if (!ok) { /* nor are the files that this run thinks it has registered */
        memset(publisher->stored, 0, sizeof publisher->stored);
        publisher->directory_stored = false;
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (ok) {
            tell(batch, i);
        } else {
            fail_screen(batch, batch->publications[i].record.screen, cause);
        }
        shared_release(&batch->made[i]);
    }
    batch->count = 0;
    batch->began_ns = 0;
    arena_reset(publisher->arena);
}

static void add_to_batch(struct publisher *publisher, const struct screen *screen,
                         struct batch *batch)
{
    struct error cause;
    error_clear(&cause);
    if (batch->began_ns == 0) {
        if (!db_join(publisher->db, &batch->own, &cause)) {
            fail_screen(batch, screen->id, &cause);
            return;
        }
        batch->began_ns = clock_mono_ns(&batch->clock);
    }
    struct shared_manifest *made = &batch->made[batch->count];
    struct publication *publication = &batch->publications[batch->count];
    *publication = (struct publication){0};
    if (publish_one(publisher, screen, made, publication, &cause)) {
        batch->count++;
        return;
    }
    shared_release(made);
    fail_screen(batch, screen->id, &cause);
    if (publisher->wrote) {
        end_batch(publisher, batch, false, &cause);
    }
}

static bool batch_is_full(const struct batch *batch)
{
    return batch->began_ns != 0 && (batch->count == BATCH_MAX ||
                                    clock_mono_ns(&batch->clock) - batch->began_ns >= BATCH_NS);
}

static bool is_first(const struct publish_watch *watch, const char *id)
{
    for (size_t i = 0; watch->first != NULL && i < watch->first->count; i++) {
        if (strcmp(watch->first->items[i], id) == 0) {
            return true;
        }
    }
    return false;
}

/* False: whoever watches has enough. */
static bool let_others(struct publisher *publisher, struct batch *batch)
{
    struct error cause;
    end_batch(publisher, batch, true, &cause);
    batch->counts->stopped =
        batch->watch->between != NULL && !batch->watch->between(batch->watch->context);
    return !batch->counts->stopped;
}

/* Screens do not wait for figures. */
static void store_exposure(struct publisher *publisher)
{
    struct error cause;
    error_clear(&cause);
    if (!shared_store_exposure(publisher->shared, &cause)) {
        log_error(LOG_WARN, "exposure_not_counted", &cause);
    }
}

static bool waits_for_directory(const struct publisher *publisher, const struct screen *screen)
{
    return screen->kiosk && publisher->directory == NULL && publisher->directory_later;
}

/* In two rounds: those named first, then the others. */
static void publish_in_order(struct publisher *publisher, const struct screen_list *screens,
                             struct batch *batch)
{
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < screens->count; i++) {
            if (is_first(batch->watch, screens->items[i].id) != (round == 0) ||
                waits_for_directory(publisher, &screens->items[i])) {
                continue;
            }
            publisher->anew = round == 0 && batch->watch->first_anew;
            add_to_batch(publisher, &screens->items[i], batch);
            if (batch_is_full(batch) && !let_others(publisher, batch)) {
                return;
            }
        }
        if (!let_others(publisher, batch)) {
            return;
        }
    }
}

static bool publish_screens(struct publisher *publisher, struct arena *arena,
                            const struct publish_watch *watch, struct publish_counts *counts,
                            struct error *err)
{
    struct screen_list screens;
    if (!settings_get_int(publisher->db, PUBLISH_EPOCH_SETTING, 1, &publisher->epoch, err) ||
        !screens_list(publisher->db, arena, &screens, err)) {
        return false;
    }
    /* A day more on both sides, for zones other than UTC. */
    int64_t today = publisher->now_ms / CIVIL_DAY_MS;
    struct repertoire *repertoire =
        repertoire_load(publisher->db, NULL, today - 1, today + ASSEMBLE_DAYS + 1, err);
    struct rulebook_span span = rulebook_span_of(today, ASSEMBLE_DAYS + 1);
    if (!begin(publisher, repertoire,
               repertoire == NULL ? NULL : rulebook_load(publisher->db, arena, NULL, &span, err))) {
        return false;
    }
    struct batch *batch = arena_alloc(arena, sizeof *batch);
    batch->watch = watch;
    batch->counts = counts;
    batch->clock = clock_system();
    publish_in_order(publisher, &screens, batch);
    if (!counts->stopped) {
        store_exposure(publisher);
    }
    end(publisher);
    return counts->published == 0 || manifests_tidy(publisher->db, err);
}

bool publish_all(struct db *db, const struct media_store *media, const struct sign_keys *keys,
                 int64_t now_ms, const struct publish_watch *watch,
                 struct publish_counts *counts_out, struct error *err)
{
    *counts_out = (struct publish_counts){0};
    struct arena *arena = arena_create();
    struct publisher publisher = {.db = db,
                                  .media = media,
                                  .keys = keys,
                                  .arena = arena_create(),
                                  .whole = arena,
                                  .now_ms = now_ms,
                                  .directory = watch->directory,
                                  .directory_later = watch->directory_later};
    bool ok = publish_screens(&publisher, arena, watch, counts_out, err);
    arena_destroy(publisher.arena);
    arena_destroy(arena);
    return ok;
}
