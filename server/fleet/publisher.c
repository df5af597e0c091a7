#include "server/fleet/publisher.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "server/schedule/publish.h"
#include "server/store/settings.h"

#define LOOK_MS 500
#define FLUSH_MS 30000
/* Days begin at different instants in different zones, and events end during the day: all screens
 * are looked at again every quarter of an hour; what has not changed is not published. */
#define REASSEMBLE_MS (INT64_C(15) * 60 * 1000)

struct publisher {
    struct publisher_config config;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool started, stopping, kicked;
    int64_t content_version; /* as of the last assembly; -1: never */
    int64_t assembled_ms;
    int64_t flushed_ms;
};

static void handle_publication(void *context, const struct publication *publication)
{
    struct publisher *publisher = context;
    const struct manifest_record *record = &publication->record;
    uint64_t key = roster_set_manifest(publisher->config.roster, record);

    log_write(LOG_INFO, "published", "screen %s, manifest %lld-%lld, %zu bytes", record->screen,
              (long long)record->epoch, (long long)record->version, record->sealed_size);
    publisher->config.published(publisher->config.context, key);
}

static bool publish_screens(struct publisher *publisher, struct error *err)
{
    const struct publisher_config *config = &publisher->config;
    int64_t now_ms = clock_wall_ms(&config->clock);
    struct db *db = writer_take(config->writer);
    struct media_store media = {.folder = config->media_folder, .db = db, .now_ms = now_ms};
    struct publish_counts counts;

    bool ok =
        publish_all(db, &media, config->keys, now_ms, handle_publication, publisher, &counts, err);
    writer_give(config->writer);
    return ok;
}

static bool look(struct publisher *publisher, struct error *err)
{
    struct writer *writer = publisher->config.writer;
    int64_t now_ms = clock_mono_ms(&publisher->config.clock);
    int64_t version;

    bool ok = settings_content_version(writer_take(writer), &version, err);
    writer_give(writer);
    if (!ok)
        return false;
    if (version != publisher->content_version ||
        now_ms - publisher->assembled_ms >= REASSEMBLE_MS) {
        /* Assembling for a kiosk may store a directory, which raises the version: the value read
         * before is what was assembled, so that one round more finds nothing to do. */
        if (!publish_screens(publisher, err))
            return false;
        publisher->content_version = version;
        publisher->assembled_ms = now_ms;
    }
    if (now_ms - publisher->flushed_ms >= FLUSH_MS) {
        publisher->flushed_ms = now_ms;
        ok = roster_flush(publisher->config.roster, writer_take(writer), err);
        writer_give(writer);
    }
    return ok;
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
        if (!look(publisher, &error))
            log_error(LOG_ERROR, "publisher", &error);
        wait_a_little(publisher);
    }
    if (!roster_flush(publisher->config.roster, writer_take(publisher->config.writer), &error))
        log_error(LOG_ERROR, "publisher", &error);
    writer_give(publisher->config.writer);
    return NULL;
}

struct publisher *publisher_create(const struct publisher_config *config, struct error *err)
{
    struct publisher *publisher = calloc(1, sizeof(*publisher));
    pthread_condattr_t attributes;

    if (publisher == NULL)
        abort();
    publisher->config = *config;
    publisher->content_version = -1;
    publisher->flushed_ms = clock_mono_ms(&config->clock);
    pthread_mutex_init(&publisher->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&publisher->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    if (look(publisher, err))
        return publisher;
    publisher_destroy(publisher);
    return NULL;
}

bool publisher_start(struct publisher *publisher, struct error *err)
{
    int failed = pthread_create(&publisher->thread, NULL, run, publisher);

    publisher->started = failed == 0;
    return publisher->started ||
           error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                           "cannot create a thread");
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
    pthread_cond_destroy(&publisher->wake);
    pthread_mutex_destroy(&publisher->lock);
    free(publisher);
}
