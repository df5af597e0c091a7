#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "player/sync/backoff.h"
#include "player/sync/cache.h"
#include "player/sync/sync_private.h"

#define TRIES_TOLD 5        /* broken downloads in a row of one file before it is a fault */
#define HOPELESS_FAILURES 5 /* back-off of a file that the server has not, or not rightly */
#define ROOM_AGAIN_MS (30 * 1000)

static bool has_file(void *context, const struct manifest_file *file)
{
    return state_has_file(context, file);
}

static struct wish *find_wish(struct fetch *fetch, const struct manifest_file *file)
{
    for (size_t i = 0; i < fetch->plan.count; i++) {
        if (sha256_equal(&fetch->plan.wishes[i].file.sha256, &file->sha256)) {
            return &fetch->plan.wishes[i];
        }
    }
    return NULL;
}

static bool is_under_way(const struct fetch *fetch, const struct wish *wish)
{
    for (size_t i = 0; i < SYNC_DOWNLOADS; i++) {
        if (fetch->downloads[i] != NULL &&
            sha256_equal(&download_file(fetch->downloads[i])->sha256, &wish->file.sha256)) {
            return true;
        }
    }
    return false;
}

static void drop_download(struct fetch *fetch, size_t index)
{
    download_destroy(fetch->downloads[index]);
    fetch->downloads[index] = NULL;
}

/* --- The plan --- */

/* The machine's clock orders the downloads, and nothing else: within the manifest's life it is good
 * enough. */
static int64_t wall_within(const struct sync *sync, const struct manifest *manifest)
{
    int64_t now_ms = clock_wall_ms(&sync->clock);
    return now_ms >= manifest->created_ms && now_ms < manifest->valid_until_ms
               ? now_ms
               : manifest->created_ms;
}

static void tell_cramped(struct sync *sync, const struct edition *candidate, int64_t missing)
{
    struct error err;
    char name[EDITION_NAME_SIZE];
    if (sync->fetch.cramped_told == candidate->manifest->version) {
        return;
    }
    sync->fetch.cramped_told = candidate->manifest->version;
    error_set(&err, ERROR_LIMIT,
              "le manifeste %s n’entre pas dans le cache : il manque %lld Mio ; libérez le disque "
              "ou allégez les playlists",
              "manifest %s does not fit into the cache: %lld MiB are lacking; free the disk or "
              "lighten the playlists",
              edition_name(candidate, name), (long long)missing / (1 << 20) + 1);
    sync_tell_fault(sync, "storage", &err);
}

static void check_room(struct sync *sync, int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    const struct edition *candidate = sync->editions.candidate.edition;
    int64_t needed =
        candidate != NULL ? cache_missing_bytes(sync->config.state, candidate->manifest) : 0;
    size_t evicted;
    fetch->cramped = false;
    fetch->room_ms = SYNC_NEVER;
    if (needed == 0) {
        return;
    }
    int64_t missing = editions_make_room(sync, needed, &evicted);
    if (missing > 0) {
        fetch->cramped = true;
        fetch->room_ms = now_ms + ROOM_AGAIN_MS;
        tell_cramped(sync, candidate, missing);
    }
}

static void make_plan(struct sync *sync, int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    const struct edition *candidate = sync->editions.candidate.edition;
    const struct edition *current = fetch->incomplete ? sync->editions.current : NULL;
    const struct edition *of = candidate != NULL ? candidate : current;
    fetch->replan = false;
    fetch->changed = true;
    plan_finish(&fetch->plan);
    if (of != NULL) {
        plan_make(&fetch->plan, candidate != NULL ? candidate->manifest : NULL,
                  current != NULL ? current->manifest : NULL, wall_within(sync, of->manifest),
                  has_file, (void *)sync->config.state);
    }
    for (size_t i = 0; i < SYNC_DOWNLOADS; i++) {
        if (fetch->downloads[i] != NULL &&
            find_wish(fetch, download_file(fetch->downloads[i])) == NULL) {
            drop_download(fetch, i);
        }
    }
    check_room(sync, now_ms);
}

void fetch_renew(struct sync *sync)
{
    sync->fetch.replan = true;
    sync->fetch.due_ms = 0;
    sync->fetch.failures = 0;
}

/* --- Downloads --- */

static bool may_start(const struct fetch *fetch, const struct wish *wish, int64_t now_ms)
{
    return !wish->done && wish->due_ms <= now_ms &&
           (!fetch->cramped || wish->urgent || wish->again) && !is_under_way(fetch, wish);
}

/* Nothing else is fetched while an emergency's file is. */
static bool is_urgent(const struct fetch *fetch, int64_t now_ms)
{
    for (size_t i = 0; i < fetch->plan.count && fetch->plan.wishes[i].urgent; i++) {
        const struct wish *wish = &fetch->plan.wishes[i];
        if (!wish->done && (wish->due_ms <= now_ms || is_under_way(fetch, wish))) {
            return true;
        }
    }
    return false;
}

static void start_downloads(struct sync *sync, int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    bool urgent = is_urgent(fetch, now_ms);
    size_t next = 0;
    for (size_t i = 0; i < SYNC_DOWNLOADS; i++) {
        if (fetch->downloads[i] != NULL && urgent) {
            const struct wish *wish = find_wish(fetch, download_file(fetch->downloads[i]));
            if (wish == NULL || !wish->urgent) {
                drop_download(fetch, i); /* what came of it stays */
            }
        }
        if (fetch->downloads[i] != NULL || now_ms < fetch->due_ms) {
            continue;
        }
        while (next < fetch->plan.count && !may_start(fetch, &fetch->plan.wishes[next], now_ms)) {
            next++;
        }
        if (next < fetch->plan.count && (!urgent || fetch->plan.wishes[next].urgent)) {
            fetch->downloads[i] =
                download_create(sync->transport, sync->config.state, &fetch->plan.wishes[next].file,
                                sync->config.stall_s);
        }
    }
}

static void take_done(struct sync *sync, struct wish *wish)
{
    sync->fetch.failures = 0;
    sync->fetch.storage_told = false;
    if (wish != NULL) {
        wish->done = true;
        if (wish->again) {
            struct sync_event event = {.kind = SYNC_EVENT_FILE};
            sync->hooks.event(sync->hooks.context, &event);
        }
    }
}

static void take_storage(struct sync *sync, const struct download *download, int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    size_t evicted = 0;
    if (download_lacked_room(download)) {
        (void)editions_make_room(sync, download_file(download)->size, &evicted);
    }
    if (evicted > 0) {
        return;
    }
    if (!fetch->storage_told) {
        sync_tell_fault(sync, "storage", download_error(download));
        fetch->storage_told = true;
    }
    fetch->failures++;
    fetch->due_ms = now_ms + backoff_ms(fetch->failures + 2, sync_chance());
}

static void take_broken(struct sync *sync, struct wish *wish, const struct download *download,
                        int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    log_error(LOG_WARN, "download_broken", download_error(download));
    if (wish != NULL && ++wish->tries == TRIES_TOLD) {
        sync_tell_fault(sync, "network", download_error(download));
    }
    fetch->failures = download_progress(download) > 0 ? 1 : fetch->failures + 1;
    fetch->due_ms = now_ms + backoff_ms(fetch->failures, sync_chance());
}

static void take_result(struct sync *sync, size_t index, enum download_result result,
                        int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    const struct download *download = fetch->downloads[index];
    struct wish *wish = find_wish(fetch, download_file(download));
    switch (result) {
    case DOWNLOAD_DONE:
        take_done(sync, wish);
        break;
    case DOWNLOAD_STORAGE:
        take_storage(sync, download, now_ms);
        break;
    case DOWNLOAD_REFUSED:
    case DOWNLOAD_BAD_SIZE:
    case DOWNLOAD_BAD_HASH:
        sync_tell_fault(sync, download_fault(result), download_error(download));
        if (wish != NULL) {
            wish->tries++;
            wish->due_ms = now_ms + backoff_ms(HOPELESS_FAILURES + wish->tries, sync_chance());
        }
        break;
    default:
        take_broken(sync, wish, download, now_ms);
        break;
    }
    fetch->changed = true;
    drop_download(fetch, index);
}

/* Whether one of them wants to go on at once. */
static bool step_downloads(struct sync *sync, int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    bool busy = false;
    for (size_t i = 0; i < SYNC_DOWNLOADS; i++) {
        if (fetch->downloads[i] == NULL) {
            continue;
        }
        enum download_result result = download_step(fetch->downloads[i]);
        if (result == DOWNLOAD_BUSY) {
            busy = true;
        } else if (result != DOWNLOAD_RUNNING) {
            take_result(sync, i, result, now_ms);
            busy = true; /* there is room for the next one */
        }
    }
    return busy;
}

/* --- Repairs --- */

void fetch_repair(struct sync *sync, const struct sha256 *sha256)
{
    struct fetch *fetch = &sync->fetch;
    for (size_t i = 0; i < fetch->repair_count; i++) {
        if (sha256_equal(&fetch->repairs[i], sha256)) {
            return;
        }
    }
    if (fetch->repair_count < SYNC_REPAIRS_MAX) {
        fetch->repairs[fetch->repair_count++] = *sha256;
    }
}

static void end_repair(struct sync *sync, bool sound)
{
    struct fetch *fetch = &sync->fetch;
    file_sum_finish(&fetch->sum);
    fetch->reading = false;
    if (!sound) {
        state_remove_file(sync->config.state, &fetch->repairs[0]);
        fetch->incomplete = true;
        fetch_renew(sync);
    }
    fetch->changed = true;
    fetch->repair_count--;
    memmove(&fetch->repairs[0], &fetch->repairs[1], fetch->repair_count * sizeof fetch->repairs[0]);
}

/* Read once more before it is removed: it may have been a passing fault of the disk. Whether there
 * is more to read. */
static bool step_repair(struct sync *sync)
{
    struct fetch *fetch = &sync->fetch;
    char path[STATE_PATH_SIZE];
    struct sha256 sum;
    struct error err;
    if (fetch->repair_count == 0) {
        return false;
    }
    if (!fetch->reading) {
        state_file_path(sync->config.state, &fetch->repairs[0], "", path);
        fetch->reading = file_sum_begin(&fetch->sum, path, &err);
        if (!fetch->reading) {
            end_repair(sync, false);
            return true;
        }
    }
    enum file_sum_state state = file_sum_step(&fetch->sum, &err);
    if (state == FILE_SUM_END) {
        sha256_stream_finish(file_sum_take(&fetch->sum), &sum);
        end_repair(sync, sha256_equal(&sum, &fetch->repairs[0]));
    } else if (state == FILE_SUM_FAILED) {
        end_repair(sync, false);
    }
    return true;
}

/* --- The machine --- */

/* What is complete goes on its way. */
static void tell_complete(struct sync *sync, int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    struct candidate *candidate = &sync->editions.candidate;
    bool urgent = true;
    bool whole = true;
    bool current = true;
    bool retry = candidate->edition != NULL && candidate->retry_ms > 0;
    if (!fetch->changed && !retry) {
        return;
    }
    fetch->changed = false;
    for (size_t i = 0; i < fetch->plan.count; i++) {
        const struct wish *wish = &fetch->plan.wishes[i];
        urgent = urgent && (wish->done || !wish->urgent);
        whole = whole && (wish->done || !wish->candidate);
        current = current && (wish->done || !wish->again);
    }
    fetch->incomplete = fetch->incomplete && !current;
    if (candidate->edition == NULL) {
        return;
    }
    if (urgent && !candidate->urgent_told) {
        editions_tell_urgent(sync);
    }
    if (whole && fetch->repair_count == 0 && now_ms >= candidate->retry_ms) {
        editions_prove(sync);
    }
}

static int64_t next_wish_ms(const struct fetch *fetch, int64_t now_ms)
{
    int64_t next_ms = SYNC_NEVER;
    if (fetch->due_ms > now_ms) {
        return fetch->due_ms;
    }
    for (size_t i = 0; i < fetch->plan.count; i++) {
        const struct wish *wish = &fetch->plan.wishes[i];
        if (!wish->done && wish->due_ms > now_ms && wish->due_ms < next_ms) {
            next_ms = wish->due_ms;
        }
    }
    return next_ms;
}

static int64_t next_due(const struct sync *sync, int64_t now_ms)
{
    const struct fetch *fetch = &sync->fetch;
    const struct candidate *candidate = &sync->editions.candidate;
    int64_t next_ms = fetch->room_ms;
    size_t under_way = 0;
    for (size_t i = 0; i < SYNC_DOWNLOADS; i++) {
        under_way += fetch->downloads[i] != NULL ? 1 : 0;
    }
    if (candidate->edition != NULL && candidate->retry_ms > now_ms &&
        candidate->retry_ms < next_ms) {
        next_ms = candidate->retry_ms;
    }
    if (under_way < SYNC_DOWNLOADS) {
        int64_t wish_ms = next_wish_ms(fetch, now_ms);
        next_ms = wish_ms < next_ms ? wish_ms : next_ms;
    }
    return next_ms;
}

int64_t fetch_step(struct sync *sync, int64_t now_ms)
{
    struct fetch *fetch = &sync->fetch;
    bool busy = step_repair(sync);
    if (sync->server[0] == '\0') {
        return busy ? now_ms : SYNC_NEVER;
    }
    if (fetch->replan || now_ms >= fetch->room_ms) {
        make_plan(sync, now_ms);
    }
    start_downloads(sync, now_ms);
    busy = step_downloads(sync, now_ms) || busy;
    tell_complete(sync, now_ms);
    return busy || fetch->replan ? now_ms : next_due(sync, now_ms);
}

void fetch_cancel(struct sync *sync)
{
    struct fetch *fetch = &sync->fetch;
    for (size_t i = 0; i < SYNC_DOWNLOADS; i++) {
        drop_download(fetch, i);
    }
    plan_finish(&fetch->plan);
    if (fetch->reading) {
        file_sum_finish(&fetch->sum);
        fetch->reading = false;
    }
}
