#include "server/search/keeper.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/log.h"
#include "server/store/changes.h"
#include "server/store/findable.h"
#include "server/store/schema.h"

#define LOOK_MS 500
#define RETRY_LOOKS 60 /* after a failure */
#define AT_ONCE 100    /* in one transaction: who asks meanwhile waits for it */
/* More changes than that are cheaper built anew, and leave a tidier file. */
#define REBUILD_ABOVE 20000

struct keeper {
    char index_path[PATH_MAX];
    struct db *store;
    struct search *writer; /* the thread's */
    pthread_mutex_t lock;  /* of what follows */
    pthread_cond_t wake;
    struct search *reader; /* NULL until there is an index */
    bool stopping;
    pthread_t thread;
    bool started;
};

/* --- what has changed ------------------------------------------------------------------------ */

struct changes {
    struct search *index;
    struct arena *arena;
    size_t count, capacity;
    const char **ids;   /* of one kind */
    const char *walked; /* the next one of the index */
    int64_t walked_stamp;
};

static void add(struct changes *changes, const char *id)
{
    if (changes->count == changes->capacity) {
        size_t capacity = changes->capacity ? changes->capacity * 2 : 64;
        const char **ids = arena_array(changes->arena, capacity, sizeof(*ids));
        if (changes->count > 0)
            memcpy(ids, changes->ids, changes->count * sizeof(*ids));
        changes->ids = ids;
        changes->capacity = capacity;
    }
    changes->ids[changes->count++] = arena_strdup(changes->arena, id);
}

static bool step(struct changes *changes, struct error *err)
{
    return search_walk_next(changes->index, &changes->walked, &changes->walked_stamp, err);
}

/* Both go upwards by id: what only one of them has, and what differs. */
static bool handle_stamp(void *context, const char *id, int64_t stamp, struct error *err)
{
    struct changes *changes = context;

    while (changes->walked != NULL && strcmp(changes->walked, id) < 0) {
        add(changes, changes->walked);
        if (!step(changes, err))
            return false;
    }
    bool known = changes->walked != NULL && strcmp(changes->walked, id) == 0;
    if (!known || changes->walked_stamp != stamp)
        add(changes, id);
    return !known || step(changes, err);
}

static bool compare(struct db *store, struct search *index, size_t kind, struct arena *arena,
                    struct changes *out, struct error *err)
{
    *out = (struct changes){.index = index, .arena = arena};
    if (!search_walk(index, findable_kinds[kind], err) || !step(out, err) ||
        !findable_stamps(store, kind, handle_stamp, out, err))
        return false;
    while (out->walked != NULL) {
        add(out, out->walked);
        if (!step(out, err))
            return false;
    }
    return true;
}

/* --- documents ------------------------------------------------------------------------------- */

struct putting {
    const char *kind;
    struct search *index; /* one of these */
    struct search_build *build;
    bool found;
};

static bool handle_record(void *context, const struct findable *record, struct error *err)
{
    struct putting *putting = context;
    char facets[400];

    snprintf(facets, sizeof(facets), "%s%s %s%s", record->site[0] ? "site:" : "", record->site,
             record->state[0] ? "state:" : "", record->state);
    struct search_document document = {.kind = putting->kind,
                                       .id = record->id,
                                       .title = record->title,
                                       .subtitle = record->subtitle,
                                       .words = record->words,
                                       .facets = facets,
                                       .stamp = record->stamp};
    putting->found = true;
    return putting->index != NULL ? search_put(putting->index, &document, err)
                                  : search_build_add(putting->build, &document, err);
}

static bool refresh(struct db *store, struct search *index, size_t kind, const char *id,
                    struct error *err)
{
    struct putting putting = {.kind = findable_kinds[kind], .index = index};

    return findable_records(store, kind, id, handle_record, &putting, err) &&
           (putting.found || search_remove(index, findable_kinds[kind], id, err));
}

static bool apply(struct db *store, struct search *index, size_t kind,
                  const struct changes *changes, struct error *err)
{
    for (size_t i = 0; i < changes->count;) {
        bool ok = search_begin(index, err);
        for (size_t n = 0; ok && n < AT_ONCE && i < changes->count; n++, i++)
            ok = refresh(store, index, kind, changes->ids[i], err);
        if (!ok || !search_commit(index, err)) {
            search_rollback(index);
            return false;
        }
    }
    return true;
}

static bool build(struct db *store, const char *path, struct error *err)
{
    struct search_build *building = search_build_begin(path, err);

    if (building == NULL)
        return false;
    for (size_t kind = 0; kind < findable_kind_count; kind++) {
        struct putting putting = {.kind = findable_kinds[kind], .build = building};
        if (!findable_records(store, kind, NULL, handle_record, &putting, err)) {
            search_build_abandon(building);
            return false;
        }
    }
    return search_build_end(building, err);
}

/* False with ERROR_LIMIT when the index is to be built anew. */
static bool update(struct db *store, struct search *index, struct error *err)
{
    bool ok = true;

    for (size_t kind = 0; ok && kind < findable_kind_count; kind++) {
        struct arena *arena = arena_create();
        struct changes changes;
        ok = compare(store, index, kind, arena, &changes, err);
        if (ok && changes.count > REBUILD_ABOVE)
            ok = error_set(err, ERROR_LIMIT, "trop de changements", "too many changes");
        ok = ok && apply(store, index, kind, &changes, err);
        arena_destroy(arena);
    }
    return ok;
}

/* --- the thread ------------------------------------------------------------------------------ */

static bool open_index(struct keeper *keeper, struct error *err)
{
    struct search *reader;

    search_close(keeper->writer);
    keeper->writer = search_open(keeper->index_path, true, err);
    if (keeper->writer == NULL || (reader = search_open(keeper->index_path, false, err)) == NULL)
        return false;
    pthread_mutex_lock(&keeper->lock);
    search_close(keeper->reader);
    keeper->reader = reader;
    pthread_mutex_unlock(&keeper->lock);
    return true;
}

/* Whatever is wrong with the index, a new one is the answer. */
static bool bring_up_to_date(struct keeper *keeper, struct error *err)
{
    if (keeper->writer != NULL || open_index(keeper, err)) {
        if (update(keeper->store, keeper->writer, err))
            return true;
    }
    log_write(LOG_INFO, "search_index", "built anew: %s", err->en);
    return build(keeper->store, keeper->index_path, err) && open_index(keeper, err);
}

/* True when it is time to look, false when it is time to end. */
static bool wait_for_look(struct keeper *keeper)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&keeper->lock);
    while (!keeper->stopping &&
           pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until) != ETIMEDOUT)
        continue;
    bool stopping = keeper->stopping;
    pthread_mutex_unlock(&keeper->lock);
    return !stopping;
}

struct seen {
    int64_t changes;
    struct findable_version version;
    bool any;
};

/* Signs of life and plays are written all the time: only what people may look for counts. What is
 * noted is as it was before anything is read, so that nothing is missed. */
static bool look(struct keeper *keeper, struct seen *seen, struct error *err)
{
    struct findable_version version;
    int64_t changes;

    if (!changes_number(keeper->store, &changes, err))
        return false;
    if (seen->any && changes == seen->changes)
        return true;
    if (!findable_version(keeper->store, &version, err))
        return false;
    bool same = seen->any && version.content == seen->version.content &&
                version.drafts == seen->version.drafts &&
                version.drafted_ms == seen->version.drafted_ms &&
                version.media == seen->version.media && version.media_ms == seen->version.media_ms;
    if (!same && !bring_up_to_date(keeper, err))
        return false;
    *seen = (struct seen){changes, version, true};
    return true;
}

static void *run(void *context)
{
    struct keeper *keeper = context;
    struct seen seen = {0};
    struct error error;
    int pause = 0; /* looks to leave out */

    do {
        if (pause > 0) {
            pause--;
        } else if (!look(keeper, &seen, &error)) {
            log_error(LOG_ERROR, "search_index", &error);
            pause = RETRY_LOOKS;
        }
    } while (wait_for_look(keeper));
    return NULL;
}

struct keeper *keeper_start(const char *store_path, const char *index_path, struct error *err)
{
    struct keeper *keeper = calloc(1, sizeof(*keeper));
    pthread_condattr_t attributes;

    if (keeper == NULL)
        abort();
    pthread_mutex_init(&keeper->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* a clock set back must not stop it */
    pthread_cond_init(&keeper->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    snprintf(keeper->index_path, sizeof(keeper->index_path), "%s", index_path);
    keeper->store = store_open(store_path, DB_READER, err);
    if (keeper->store != NULL) {
        int failed = pthread_create(&keeper->thread, NULL, run, keeper);
        keeper->started = failed == 0;
        if (failed != 0)
            error_set_errno(err, failed, "fil impossible", "no thread");
    }
    if (keeper->started)
        return keeper;
    keeper_stop(keeper);
    return NULL;
}

void keeper_stop(struct keeper *keeper)
{
    if (keeper == NULL)
        return;
    pthread_mutex_lock(&keeper->lock);
    keeper->stopping = true;
    pthread_cond_signal(&keeper->wake);
    pthread_mutex_unlock(&keeper->lock);
    if (keeper->started)
        pthread_join(keeper->thread, NULL);
    search_close(keeper->reader);
    search_close(keeper->writer);
    db_close(keeper->store);
    pthread_cond_destroy(&keeper->wake);
    pthread_mutex_destroy(&keeper->lock);
    free(keeper);
}

bool keeper_ask(struct keeper *keeper, struct arena *arena, const struct search_query *query,
                struct search_hits *out, struct error *err)
{
    pthread_mutex_lock(&keeper->lock);
    bool ok = keeper->reader != NULL
                  ? search_ask(keeper->reader, arena, query, out, err)
                  : error_set(err, ERROR_BUSY, "l’index de recherche se construit",
                              "the search index is being built");
    pthread_mutex_unlock(&keeper->lock);
    return ok;
}

bool keeper_update(const char *store_path, const char *index_path, struct error *err)
{
    struct keeper keeper = {.lock = PTHREAD_MUTEX_INITIALIZER};

    snprintf(keeper.index_path, sizeof(keeper.index_path), "%s", index_path);
    keeper.store = store_open(store_path, DB_READER, err);
    bool ok = keeper.store != NULL && bring_up_to_date(&keeper, err);
    search_close(keeper.reader);
    search_close(keeper.writer);
    db_close(keeper.store);
    return ok;
}
