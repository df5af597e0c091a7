#include "server/measure/accountant.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/log.h"
#include "server/measure/planned.h"
#include "server/store/counters.h"
#include "server/store/schema.h"
#include "server/store/settings.h"

#define NAMES_MS HOUR_MS
#define EXPIRE_MS (6 * HOUR_MS)
#define EXPIRE_AT_ONCE 20000

struct accountant {
    struct accountant_config config;
    struct db *reader;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stopping;
    int64_t named_ms, expired_ms; /* monotonic; 0: not yet */
};

static bool account_screen(struct writer *writer, struct db *reader, const struct sign_public *key,
                           const char *screen, int64_t until_ms, struct error *err)
{
    struct planned planned = {0};
    bool ok = true;

    do {
        struct arena *arena = arena_create();
        ok = planned_compute(reader, key, arena, screen, until_ms, &planned, err);
        if (ok) {
            ok = planned_store(writer_take(writer), &planned, err);
            writer_give(writer);
        }
        arena_destroy(arena);
    } while (ok && planned.until_ms < until_ms);
    return ok;
}

bool accountant_look(struct writer *writer, struct db *reader, const struct sign_public *key,
                     int64_t now_ms, struct error *err)
{
    struct arena *arena = arena_create();
    struct text_list screens;
    bool ok = sums_planned_due(reader, arena, now_ms / HOUR_MS * HOUR_MS, &screens, err);

    for (size_t i = 0; ok && i < screens.count; i++)
        ok = account_screen(writer, reader, key, screens.items[i], now_ms, err);
    arena_destroy(arena);
    return ok;
}

static bool note_names(struct accountant *accountant, struct error *err)
{
    bool ok = sums_note_names(writer_take(accountant->config.writer), err);

    writer_give(accountant->config.writer);
    return ok;
}

/* The writer is let go in between. */
static bool expire(struct accountant *accountant, int64_t now_ms, struct error *err)
{
    int64_t kept_days, count = EXPIRE_AT_ONCE;
    bool ok =
        settings_get_int(accountant->reader, SUMS_KEPT_SETTING, SUMS_KEPT_DAYS, &kept_days, err);

    if (ok) {
        ok = counters_expire(writer_take(accountant->config.writer),
                             now_ms - COUNTER_RECORDS_KEPT_MS, err);
        writer_give(accountant->config.writer);
    }
    while (ok && count == EXPIRE_AT_ONCE) {
        ok = sums_expire(writer_take(accountant->config.writer), now_ms - kept_days * 86400000,
                         EXPIRE_AT_ONCE, &count, err);
        writer_give(accountant->config.writer);
    }
    return ok;
}

static bool due(int64_t *last_ms, int64_t mono_ms, int64_t every_ms)
{
    if (*last_ms != 0 && mono_ms - *last_ms < every_ms)
        return false;
    *last_ms = mono_ms;
    return true;
}

static bool look(struct accountant *accountant, struct error *err)
{
    const struct accountant_config *config = &accountant->config;
    int64_t now_ms = clock_wall_ms(&config->clock), mono_ms = clock_mono_ms(&config->clock);

    return (!due(&accountant->named_ms, mono_ms, NAMES_MS) || note_names(accountant, err)) &&
           accountant_look(config->writer, accountant->reader, config->key, now_ms, err) &&
           (!due(&accountant->expired_ms, mono_ms, EXPIRE_MS) || expire(accountant, now_ms, err));
}

/* Waits for the next look; false: it is to stop. */
static bool wait_a_little(struct accountant *accountant)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ACCOUNTANT_LOOK_MS / 1000;
    pthread_mutex_lock(&accountant->lock);
    while (!accountant->stopping) {
        if (pthread_cond_timedwait(&accountant->wake, &accountant->lock, &until) == ETIMEDOUT)
            break;
    }
    bool go_on = !accountant->stopping;
    pthread_mutex_unlock(&accountant->lock);
    return go_on;
}

static void *run(void *context)
{
    struct accountant *accountant = context;
    struct error error;

    while (wait_a_little(accountant)) {
        if (!look(accountant, &error))
            log_error(LOG_ERROR, "accountant", &error);
    }
    return NULL;
}

struct accountant *accountant_start(const struct accountant_config *config, struct error *err)
{
    struct db *reader = store_open(config->database, DB_READER, err);
    pthread_condattr_t attributes;

    if (reader == NULL)
        return NULL;
    struct accountant *accountant = calloc(1, sizeof(*accountant));
    if (accountant == NULL)
        abort();
    accountant->config = *config;
    accountant->reader = reader;
    pthread_mutex_init(&accountant->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&accountant->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    int failed = pthread_create(&accountant->thread, NULL, run, accountant);
    if (failed == 0)
        return accountant;
    error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                    "cannot create a thread");
    pthread_cond_destroy(&accountant->wake);
    pthread_mutex_destroy(&accountant->lock);
    db_close(reader);
    free(accountant);
    return NULL;
}

void accountant_stop(struct accountant *accountant)
{
    if (accountant == NULL)
        return;
    pthread_mutex_lock(&accountant->lock);
    accountant->stopping = true;
    pthread_cond_signal(&accountant->wake);
    pthread_mutex_unlock(&accountant->lock);
    pthread_join(accountant->thread, NULL);
    pthread_cond_destroy(&accountant->wake);
    pthread_mutex_destroy(&accountant->lock);
    db_close(accountant->reader);
    free(accountant);
}
