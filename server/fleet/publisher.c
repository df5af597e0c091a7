#include "server/fleet/publisher.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "server/fleet/directories.h"
#include "server/fleet/emergency.h"
#include "server/fleet/presence.h"
#include "server/fleet/wish.h"
#include "server/import/renewal.h"
#include "server/schedule/publish.h"
#include "server/store/changes.h"
#include "server/store/plays.h"
#include "server/store/settings.h"

#define LOOK_MS 100 /* an emergency is to be seen within two seconds of its commit */
#define TIDY_MS 30000
/* What failed is tried again after a second, then two, four, … */
#define RETRY_FIRST_MS 1000
#define RETRY_MAX_MS 128000
#define EXPIRE_MS (INT64_C(6) * 3600 * 1000)
#define HEARTBEATS_KEPT_MS (INT64_C(2) * 86400 * 1000)
#define PLAYS_AT_ONCE 20000 /* the writer is let go in between */
/* Days begin at different instants in different zones, and events end during the day: all screens
 * are looked at again every quarter of an hour; what has not changed is not published. */
#define REASSEMBLE_MS (INT64_C(15) * 60 * 1000)

struct publisher {
    struct publisher_config config;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool started, stopping, kicked;
    struct directories *directories; /* NULL: without a reader for them */
    int64_t changes;                 /* as of the last look */
    int64_t content_version;         /* as of the last assembly; -1: never */
    int64_t content_seen;            /* as of the last look */
    int64_t emergency;               /* EMERGENCY_SETTING when the run began */
    int64_t assembled_ms;
    int64_t tidied_ms;
    int64_t expired_ms;
    int64_t retry_ms;    /* how long to wait after the next failure */
    int64_t retry_at_ms; /* monotonic; 0: nothing has failed */
    _Atomic uint64_t published, failed, runs;
    _Atomic int64_t spent_us, looked_ms;
    int64_t since_ms; /* wall clock */
};

static void handle_publication(void *context, const struct publication *publication)
{
    struct publisher *publisher = context;
    const struct manifest_record *record = &publication->record;
    uint64_t key = 0;

    if (publication->changed)
        key = roster_set_manifest(publisher->config.roster, record);
    roster_set_glance(publisher->config.roster, record->screen, publication->manifest,
                      clock_wall_ms(&publisher->config.clock));
    if (!publication->changed)
        return;
    log_write(LOG_INFO, "published", "screen %s, manifest %lld-%lld, %zu bytes", record->screen,
              (long long)record->epoch, (long long)record->version,
              record->sealed_size + record->tail_size);
    atomic_fetch_add(&publisher->published, 1);
    publisher->config.published(publisher->config.context, key);
}

static bool refresh_wishes(struct publisher *publisher, struct error *err)
{
    const struct publisher_config *config = &publisher->config;

    return roster_refresh_wishes(config->roster, config->reader, config->published, config->context,
                                 err);
}

/* Between two screens others get the writer. What the run has read is too old when an emergency has
 * begun or ended since: it would even take one away again. */
static bool handle_screen_done(void *context)
{
    struct publisher *publisher = context;
    int64_t emergency;
    struct error error;

    atomic_store(&publisher->looked_ms, clock_mono_ms(&publisher->config.clock));
    writer_give(publisher->config.writer);
    writer_take(publisher->config.writer);
    if (!settings_get_int(publisher->config.reader, EMERGENCY_SETTING, 0, &emergency, &error) ||
        !refresh_wishes(publisher, &error)) {
        log_error(LOG_ERROR, "publisher", &error);
        return true;
    }
    return emergency == publisher->emergency;
}

static bool publish_in_order(struct publisher *publisher, struct db *db, struct arena *arena,
                             struct publish_counts *counts, struct error *err)
{
    const struct publisher_config *config = &publisher->config;
    int64_t now_ms = clock_wall_ms(&config->clock);
    struct media_store media = {.folder = config->media_folder, .db = db, .now_ms = now_ms};
    struct text_list first;
    struct publish_watch watch = {.first = &first,
                                  .published = handle_publication,
                                  .between = handle_screen_done,
                                  .context = publisher};
    if (publisher->directories != NULL) {
        watch.directory = directories_current(publisher->directories);
        watch.directory_later = true;
    }

    int64_t before = publisher->emergency;

    if (!settings_get_int(db, EMERGENCY_SETTING, 0, &publisher->emergency, err) ||
        !emergency_screens(db, arena, NULL, now_ms, &first, err))
        return false;
    watch.first_anew = publisher->emergency != before;
    if (watch.first_anew)
        log_write(LOG_WARN, "emergency", "one has begun or ended, %zu screens come first",
                  first.count);
    return publish_all(db, &media, config->keys, now_ms, &watch, counts, err);
}

/* Then the roster: another process may have published, or taken a player's token back. */
static bool publish_screens(struct publisher *publisher, struct publish_counts *counts,
                            struct error *err)
{
    const struct publisher_config *config = &publisher->config;
    struct arena *arena = arena_create();
    struct db *db = writer_take(config->writer);

    bool ok = publish_in_order(publisher, db, arena, counts, err) &&
              (counts->stopped ||
               roster_refresh(config->roster, db, config->published, config->context, err));
    writer_give(config->writer);
    arena_destroy(arena);
    /* A run takes many times what stays of it, and the next may be a day away. */
    malloc_trim(0);
    return ok;
}

/* The wait doubles with each failure in a row: a full disk must not be filled with log lines. */
static void retry_later(struct publisher *publisher, int64_t now_ms)
{
    if (publisher->retry_ms < RETRY_FIRST_MS)
        publisher->retry_ms = RETRY_FIRST_MS;
    publisher->retry_at_ms = now_ms + publisher->retry_ms;
    if (publisher->retry_ms < RETRY_MAX_MS)
        publisher->retry_ms *= 2;
}

/* Ten times a second: only when somebody has written is anything read. */
static bool look_for_changes(struct publisher *publisher, struct error *err)
{
    struct db *reader = publisher->config.reader;
    int64_t changes;

    if (!changes_number(reader, &changes, err))
        return false;
    if (changes == publisher->changes)
        return true;
    if (!settings_content_version(reader, &publisher->content_seen, err) ||
        !refresh_wishes(publisher, err))
        return false;
    publisher->changes = changes; /* as it was before what was read */
    return true;
}

static bool publish_when_due(struct publisher *publisher, int64_t now_ms, struct error *err)
{
    bool fresh = publisher->directories != NULL && directories_take(publisher->directories);
    bool retry = publisher->retry_at_ms != 0 && now_ms >= publisher->retry_at_ms;
    int64_t version = publisher->content_seen;
    struct publish_counts counts;

    if (!fresh && !retry && version == publisher->content_version &&
        now_ms - publisher->assembled_ms < REASSEMBLE_MS)
        return true;
    if (publisher->directories != NULL)
        directories_want(publisher->directories);
    int64_t began_ns = clock_mono_ns(&publisher->config.clock);
    bool ok = publish_screens(publisher, &counts, err);
    atomic_fetch_add(&publisher->runs, 1);
    atomic_fetch_add(&publisher->spent_us,
                     (clock_mono_ns(&publisher->config.clock) - began_ns) / 1000);
    if (!ok)
        return false;
    atomic_fetch_add(&publisher->failed, counts.failed);
    if (counts.stopped) { /* at once, and what was left too: no store ever had version 0 */
        publisher->content_version = 0;
        publisher_kick(publisher);
        return true;
    }
    publisher->content_version = version;
    publisher->assembled_ms = now_ms;
    if (counts.failed > 0) {
        retry_later(publisher, now_ms);
    } else {
        publisher->retry_at_ms = 0;
        publisher->retry_ms = 0;
    }
    return true;
}

/* The writer is let go in between: the first time after years there may be millions. */
static bool expire_plays(struct publisher *publisher, int64_t wall_ms, struct error *err)
{
    struct writer *writer = publisher->config.writer;
    int64_t kept_days, count = PLAYS_AT_ONCE;

    bool ok = settings_get_int(publisher->config.reader, PLAYS_KEPT_SETTING, PLAYS_KEPT_DAYS,
                               &kept_days, err);
    while (ok && count == PLAYS_AT_ONCE) {
        ok = plays_expire(writer_take(writer), wall_ms - kept_days * 86400000, PLAYS_AT_ONCE,
                          &count, err);
        writer_give(writer);
    }
    return ok;
}

static bool expire(struct publisher *publisher, struct error *err)
{
    const struct publisher_config *config = &publisher->config;
    int64_t wall_ms = clock_wall_ms(&config->clock);
    struct arena *arena = arena_create();
    struct db *db = writer_take(config->writer);
    size_t renewed;

    bool ok = reports_expire(db, REPORT_HEARTBEAT, wall_ms - HEARTBEATS_KEPT_MS, err) &&
              reports_expire(db, REPORT_FAULT, wall_ms - FAULT_KEPT_MS, err) &&
              reports_expire(db, REPORT_RECOVERY, wall_ms - FAULT_KEPT_MS, err) &&
              faults_expire(db, wall_ms - FAULT_KEPT_MS, err) &&
              emergency_tidy(db, arena, wall_ms, err) && events_renew(db, wall_ms, &renewed, err) &&
              (publisher->directories == NULL ||
               directories_tidy(publisher->directories, db, wall_ms, err));
    writer_give(config->writer);
    arena_destroy(arena);
    return ok && expire_plays(publisher, wall_ms, err);
}

static bool tidy(struct publisher *publisher, int64_t now_ms, struct error *err)
{
    const struct publisher_config *config = &publisher->config;

    if (now_ms - publisher->tidied_ms < TIDY_MS)
        return true;
    publisher->tidied_ms = now_ms;
    struct db *db = writer_take(config->writer);
    int64_t wall_ms = clock_wall_ms(&config->clock);
    bool ok = roster_flush(config->roster, db, err) &&
              roster_refresh(config->roster, db, config->published, config->context, err) &&
              wanted_tidy(db, wall_ms - WISH_KEPT_MS, wall_ms, err) &&
              presence_watch(db, config->roster, publisher->since_ms, wall_ms, err);
    writer_give(config->writer);
    if (!ok || (publisher->expired_ms != 0 && now_ms - publisher->expired_ms < EXPIRE_MS))
        return ok;
    publisher->expired_ms = now_ms;
    return expire(publisher, err);
}

static bool look(struct publisher *publisher, struct error *err)
{
    int64_t now_ms = clock_mono_ms(&publisher->config.clock);

    return look_for_changes(publisher, err) && publish_when_due(publisher, now_ms, err) &&
           tidy(publisher, now_ms, err);
}

static bool emergency_waits(struct publisher *publisher)
{
    int64_t emergency;
    struct error ignored;

    return settings_get_int(publisher->config.reader, EMERGENCY_SETTING, 0, &emergency, &ignored) &&
           emergency != publisher->emergency;
}

/* A look that failed as a whole, for one of the store's troubles; an emergency does not wait for
 * the next try. */
static void look_or_retry(struct publisher *publisher)
{
    int64_t now_ms = clock_mono_ms(&publisher->config.clock);

    atomic_store(&publisher->looked_ms, now_ms);
    struct error error;

    if (publisher->content_version < 0 && now_ms < publisher->retry_at_ms &&
        !emergency_waits(publisher))
        return;
    if (look(publisher, &error))
        return;
    log_error(LOG_ERROR, "publisher", &error);
    publisher->content_version = -1;
    retry_later(publisher, now_ms);
}

static void wait_a_little(struct publisher *publisher)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&publisher->lock);
    while (!publisher->stopping && !publisher->kicked) {
        if (pthread_cond_timedwait(&publisher->wake, &publisher->lock, &until) == ETIMEDOUT)
            break;
    }
    publisher->kicked = false;
    pthread_mutex_unlock(&publisher->lock);
}

static bool stopping(struct publisher *publisher)
{
    pthread_mutex_lock(&publisher->lock);
    bool is = publisher->stopping;
    pthread_mutex_unlock(&publisher->lock);
    return is;
}

static void *run(void *context)
{
    struct publisher *publisher = context;
    struct error error;

    while (!stopping(publisher)) {
        look_or_retry(publisher);
        wait_a_little(publisher);
    }
    if (!roster_flush(publisher->config.roster, writer_take(publisher->config.writer), &error))
        log_error(LOG_ERROR, "publisher", &error);
    writer_give(publisher->config.writer);
    return NULL;
}

static void handle_directory(void *context)
{
    publisher_kick(context);
}

struct publisher *publisher_create(const struct publisher_config *config, struct error *err)
{
    struct publisher *publisher = calloc(1, sizeof(*publisher));
    pthread_condattr_t attributes;

    if (publisher == NULL)
        abort();
    publisher->config = *config;
    publisher->changes = -1;
    publisher->since_ms = clock_wall_ms(&config->clock);
    publisher->content_version = -1;
    publisher->tidied_ms = clock_mono_ms(&config->clock);
    pthread_mutex_init(&publisher->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&publisher->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (config->directory_reader != NULL)
        publisher->directories =
            directories_create(&(struct directories_config){.reader = config->directory_reader,
                                                            .media_folder = config->media_folder,
                                                            .clock = config->clock,
                                                            .ready = handle_directory,
                                                            .context = publisher});
    if (look(publisher, err))
        return publisher;
    publisher_destroy(publisher);
    return NULL;
}

bool publisher_start(struct publisher *publisher, struct error *err)
{
    if (publisher->directories != NULL && !directories_start(publisher->directories, err))
        return false;
    int failed = pthread_create(&publisher->thread, NULL, run, publisher);

    publisher->started = failed == 0;
    return publisher->started ||
           error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                           "cannot create a thread");
}

struct publisher_counts publisher_counts(const struct publisher *publisher)
{
    return (struct publisher_counts){.published = atomic_load(&publisher->published),
                                     .failed = atomic_load(&publisher->failed),
                                     .runs = atomic_load(&publisher->runs),
                                     .spent_us = atomic_load(&publisher->spent_us),
                                     .looked_ms = atomic_load(&publisher->looked_ms)};
}

int64_t publisher_since_ms(const struct publisher *publisher)
{
    return publisher->since_ms;
}

void publisher_kick(struct publisher *publisher)
{
    pthread_mutex_lock(&publisher->lock);
    publisher->kicked = true;
    pthread_cond_signal(&publisher->wake);
    pthread_mutex_unlock(&publisher->lock);
}

void publisher_stop(struct publisher *publisher)
{
    if (publisher == NULL || !publisher->started)
        return;
    pthread_mutex_lock(&publisher->lock);
    publisher->stopping = true;
    pthread_cond_signal(&publisher->wake);
    pthread_mutex_unlock(&publisher->lock);
    pthread_join(publisher->thread, NULL);
    publisher->started = false;
}

void publisher_destroy(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    publisher_stop(publisher);
    directories_destroy(publisher->directories);
    pthread_cond_destroy(&publisher->wake);
    pthread_mutex_destroy(&publisher->lock);
    free(publisher);
}
