#include "server/fleet/directories.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "directory/directory.h"
#include "server/store/fleet.h"

/* What failed is tried again, and days begin without anybody's doing. */
#define LOOK_AGAIN_S 60
/* A player that has begun to fetch one goes on with it. */
#define KEPT_MS (INT64_C(24) * 3600 * 1000)

/* One directory and the arena that it lives in. */
struct made {
    struct arena *arena;
    struct directory_made made;
};

struct directories {
    struct directories_config config;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool started, stopping, wanted;
    struct made *fresh;   /* not taken yet */
    struct made *current; /* the publisher's */
    bool has_stamp;       /* the thread's: of the last one that it made */
    struct directory_stamp stamp;
};

static void destroy_made(struct made *made)
{
    if (made != NULL) {
        arena_destroy(made->arena);
        free(made);
    }
}

static bool has_kiosk(struct db *db, bool *has_out, struct error *err)
{
    struct arena *arena = arena_create();
    struct screen_list screens;
    bool ok = screens_list(db, arena, &screens, err);

    *has_out = false;
    for (size_t i = 0; ok && i < screens.count; i++)
        *has_out = *has_out || screens.items[i].kiosk;
    arena_destroy(arena);
    return ok;
}

static struct made *make(struct directories *directories, int64_t now_ms, struct error *err)
{
    const struct directories_config *config = &directories->config;
    int64_t began_ms = clock_mono_ms(&config->clock);
    struct made *made = calloc(1, sizeof(*made));

    if (made == NULL)
        abort();
    made->arena = arena_create();
    if (!directory_file_make(config->reader, config->media_folder, now_ms, made->arena, &made->made,
                             err)) {
        destroy_made(made);
        return NULL;
    }
    log_write(LOG_INFO, "directory_made", "%lld bytes and %zu media, in %lld ms",
              (long long)made->made.directory.size, made->made.media.count,
              (long long)(clock_mono_ms(&config->clock) - began_ms));
    return made;
}

/* *made_out stays NULL when the last one is still right. */
static bool make_if_needed(struct directories *directories, struct made **made_out,
                           struct error *err)
{
    const struct directories_config *config = &directories->config;
    int64_t now_ms = clock_wall_ms(&config->clock);
    struct directory_stamp stamp;
    bool needed;

    if (!directory_file_stamp(config->reader, now_ms, &stamp, err))
        return false;
    if (directories->has_stamp && directory_stamp_equal(&stamp, &directories->stamp))
        return true;
    if (!has_kiosk(config->reader, &needed, err) || !needed)
        return !needed;
    *made_out = make(directories, now_ms, err);
    if (*made_out == NULL)
        return false;
    directories->has_stamp = true;
    directories->stamp = (*made_out)->made.stamp;
    return true;
}

static void look(struct directories *directories)
{
    struct made *made = NULL, *old;
    struct error error;

    if (!make_if_needed(directories, &made, &error))
        log_error(LOG_ERROR, "directory_not_made", &error);
    if (made == NULL)
        return;
    pthread_mutex_lock(&directories->lock);
    old = directories->fresh;
    directories->fresh = made;
    pthread_mutex_unlock(&directories->lock);
    destroy_made(old);
    malloc_trim(0);
}

static void *run(void *context)
{
    struct directories *directories = context;
    struct timespec until;

    pthread_mutex_lock(&directories->lock);
    while (!directories->stopping) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += LOOK_AGAIN_S;
        while (!directories->stopping && !directories->wanted &&
               pthread_cond_timedwait(&directories->wake, &directories->lock, &until) != ETIMEDOUT)
            ;
        directories->wanted = false;
        bool go_on = !directories->stopping;
        pthread_mutex_unlock(&directories->lock);
        if (go_on)
            look(directories);
        pthread_mutex_lock(&directories->lock);
        bool fresh = directories->fresh != NULL;
        pthread_mutex_unlock(&directories->lock);
        if (fresh)
            directories->config.ready(directories->config.context);
        pthread_mutex_lock(&directories->lock);
    }
    pthread_mutex_unlock(&directories->lock);
    return NULL;
}

struct directories *directories_create(const struct directories_config *config)
{
    struct directories *directories = calloc(1, sizeof(*directories));
    pthread_condattr_t attributes;

    if (directories == NULL)
        abort();
    directories->config = *config;
    pthread_mutex_init(&directories->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&directories->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    look(directories);
    return directories;
}

bool directories_start(struct directories *directories, struct error *err)
{
    int failed = pthread_create(&directories->thread, NULL, run, directories);

    directories->started = failed == 0;
    return directories->started ||
           error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                           "cannot create a thread");
}

void directories_want(struct directories *directories)
{
    pthread_mutex_lock(&directories->lock);
    directories->wanted = true;
    pthread_cond_signal(&directories->wake);
    pthread_mutex_unlock(&directories->lock);
}

bool directories_take(struct directories *directories)
{
    struct made *old = NULL;

    pthread_mutex_lock(&directories->lock);
    bool is_new = directories->fresh != NULL;
    if (is_new) {
        old = directories->current;
        directories->current = directories->fresh;
        directories->fresh = NULL;
    }
    pthread_mutex_unlock(&directories->lock);
    destroy_made(old);
    return is_new;
}

const struct directory_made *directories_current(const struct directories *directories)
{
    return directories->current == NULL ? NULL : &directories->current->made;
}

void directories_destroy(struct directories *directories)
{
    if (directories == NULL)
        return;
    pthread_mutex_lock(&directories->lock);
    directories->stopping = true;
    pthread_cond_signal(&directories->wake);
    pthread_mutex_unlock(&directories->lock);
    if (directories->started)
        pthread_join(directories->thread, NULL);
    pthread_cond_destroy(&directories->wake);
    pthread_mutex_destroy(&directories->lock);
    destroy_made(directories->fresh);
    destroy_made(directories->current);
    free(directories);
}

bool directories_tidy(const struct directories *directories, struct db *db, int64_t now_ms,
                      struct error *err)
{
    struct arena *arena = arena_create();
    struct media_record_list list;
    bool ok = media_records_of_type(db, arena, DIRECTORY_TYPE, &list, err);

    for (size_t i = 0; ok && i < list.count; i++) {
        const struct media_record *one = &list.items[i];
        bool current = directories->current != NULL &&
                       strcmp(one->sha256, directories->current->made.directory.sha256) == 0;
        if (!current && one->created_ms < now_ms - KEPT_MS)
            ok = media_forget(&(struct media_store){directories->config.media_folder, db, now_ms},
                              one->sha256, err);
    }
    arena_destroy(arena);
    return ok;
}
