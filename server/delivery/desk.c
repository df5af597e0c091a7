#include "server/delivery/desk.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "core/log.h"

#define WAITING_MAX 16
#define ASKING_MAX                                                                                 \
    16 /* that may pass the limit together: requests are answered by fewer threads                 \
        */
#define FORGOTTEN_MS (INT64_C(30) * 86400 * 1000)

struct order {
    char *id;
    char *user;
    enum desk_step step;
};

struct desk {
    struct desk_config config;
    char folder[PATH_MAX];
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t woken;
    size_t count;
    struct order orders[WAITING_MAX + ASKING_MAX]; /* the first is under way */
    atomic_bool stopped;
    atomic_int percent;
};

const char *desk_path(const struct desk *desk, struct arena *arena, const char *id)
{
    return arena_printf(arena, "%s/%s", desk->folder, id);
}

/* --- a step ---------------------------------------------------------------------------------- */

static bool take_step(struct desk *desk, const struct delivery_work *work, enum desk_step step,
                      struct import_file *file, struct error *err)
{
    struct readers *readers = desk->config.readers;
    struct writer *writer = desk->config.writer;
    bool ok;

    if (step == DESK_REHEARSE) {
        struct db *reader = readers_take(readers);
        ok = delivery_rehearse(work, reader, writer, file, err);
        readers_give(readers, reader);
        return ok;
    }
    if (step == DESK_APPLY) {
        struct db *reader = readers_take(readers);
        ok = delivery_apply(work, reader, writer, file, err);
        readers_give(readers, reader);
    } else {
        ok = delivery_undo(work, writer, file, err);
    }
    desk->config.changed(desk->config.context);
    return ok;
}

static bool load(struct desk *desk, struct arena *arena, const struct order *order,
                 struct user *user, struct import_file *file, struct error *err)
{
    struct db *db = readers_take(desk->config.readers);
    bool ok = users_get(db, arena, order->user, user, err) &&
              imports_get(db, arena, order->id, file, err);

    readers_give(desk->config.readers, db);
    return ok;
}

static bool save(struct desk *desk, const struct import_file *file, struct error *err)
{
    bool ok = imports_put(writer_take(desk->config.writer), file, err);

    writer_give(desk->config.writer);
    return ok;
}

static void run(struct desk *desk, const struct order *order)
{
    struct arena *arena = arena_create();
    struct delivery_work work = {.arena = arena,
                                 .clock = &desk->config.clock,
                                 .path = desk_path(desk, arena, order->id),
                                 .now_ms = clock_wall_ms(&desk->config.clock),
                                 .percent = &desk->percent,
                                 .stopped = &desk->stopped};
    struct import_file file;
    struct user user;
    struct error error = {0};

    bool there = load(desk, arena, order, &user, &file, &error);
    if (there) {
        const struct import_file begun = file;
        work.user = &user;
        if (take_step(desk, &work, order->step, &file, &error)) {
            file.message_fr = file.message_en = "";
            there = save(desk, &file, &error);
        } else {
            struct error why = error;
            why.file[0] = '\0'; /* its place is on this machine and nobody's business */
            file = begun;
            there = delivery_settle(desk->config.writer, arena, &file, &why, work.now_ms, &error);
        }
        if (there && strcmp(file.state, "applied") == 0 && order->step == DESK_APPLY)
            unlink(work.path);
    }
    if (!there && error.kind != ERROR_NOT_FOUND)
        log_error(LOG_ERROR, "import", &error);
    arena_destroy(arena);
}

static void forget_order(struct desk *desk)
{
    free(desk->orders[0].id);
    free(desk->orders[0].user);
    desk->count--;
    memmove(desk->orders, desk->orders + 1, desk->count * sizeof(desk->orders[0]));
}

static void *work_on(void *context)
{
    struct desk *desk = context;

    pthread_mutex_lock(&desk->lock);
    while (!atomic_load(&desk->stopped)) {
        if (desk->count == 0) {
            pthread_cond_wait(&desk->woken, &desk->lock);
            continue;
        }
        const struct order order = desk->orders[0];
        atomic_store(&desk->percent, 0);
        pthread_mutex_unlock(&desk->lock);
        run(desk, &order);
        pthread_mutex_lock(&desk->lock);
        forget_order(desk);
    }
    pthread_mutex_unlock(&desk->lock);
    return NULL;
}

/* --- beginning ------------------------------------------------------------------------------- */

static bool fits(const struct import_file *file, enum desk_step step)
{
    const char *state = file->state;

    if (step == DESK_UNDO)
        return strcmp(state, "applied") == 0;
    if (step == DESK_APPLY)
        return strcmp(state, "rehearsed") == 0;
    return strcmp(state, "mapped") == 0 || strcmp(state, "rehearsed") == 0;
}

static bool mark(struct desk *desk, struct arena *arena, const struct user *user, const char *id,
                 enum desk_step step, struct import_file *file, struct error *err)
{
    static const char *const states[] = {"rehearsing", "applying", "undoing"};
    struct db *db = writer_take(desk->config.writer);
    bool ok = imports_get(db, arena, id, file, err);

    if (ok && !fits(file, step))
        ok =
            error_set(err, ERROR_CONFLICT, "ce n’est pas possible maintenant : l’import est « %s »",
                      "this is not possible now: the import is \"%s\"", file->state);
    ok = ok && delivery_check(file, user, arena, err);
    if (ok) {
        file->state = states[step];
        if (step == DESK_APPLY)
            file->applied_by = user->name;
        else if (step == DESK_UNDO)
            file->undone_by = user->name;
        file->message_fr = file->message_en = "";
        file->updated_ms = clock_wall_ms(&desk->config.clock);
        ok = imports_put(db, file, err);
    }
    writer_give(desk->config.writer);
    return ok;
}

static char *copy(const char *text)
{
    char *made = strdup(text);

    if (!made)
        abort();
    return made;
}

bool desk_begin(struct desk *desk, struct arena *arena, const struct user *user, const char *id,
                enum desk_step step, struct import_file *out, struct error *err)
{
    /* The writer may be busy for long: who looks at the progress does not wait for it as well. */
    pthread_mutex_lock(&desk->lock);
    bool room = desk->count < WAITING_MAX;
    pthread_mutex_unlock(&desk->lock);
    if (!room)
        return error_set(err, ERROR_BUSY, "trop d’imports attendent ; réessayez dans une minute",
                         "too many imports wait; try again in a minute");
    if (!mark(desk, arena, user, id, step, out, err))
        return false;
    pthread_mutex_lock(&desk->lock);
    desk->orders[desk->count++] = (struct order){copy(id), copy(user->name), step};
    pthread_cond_signal(&desk->woken);
    pthread_mutex_unlock(&desk->lock);
    return true;
}

int desk_percent(struct desk *desk, const char *id)
{
    pthread_mutex_lock(&desk->lock);
    bool first = desk->count > 0 && strcmp(desk->orders[0].id, id) == 0;
    pthread_mutex_unlock(&desk->lock);
    return first ? atomic_load(&desk->percent) : 0;
}

/* --- start and stop -------------------------------------------------------------------------- */

/* What was under way when the program ended. */
static bool recover(struct desk *desk, struct arena *arena, int64_t now_ms, struct error *err)
{
    struct import_file_list cut;
    bool ok = imports_interrupted(writer_take(desk->config.writer), arena, &cut, err);

    writer_give(desk->config.writer);
    for (size_t i = 0; ok && i < cut.count; i++) {
        struct import_file *file = &cut.items[i];
        bool applying = strcmp(file->state, "applying") == 0;
        ok = delivery_settle(desk->config.writer, arena, file, NULL, now_ms, err);
        if (ok && applying && strcmp(file->state, "applied") == 0)
            unlink(desk_path(desk, arena, file->id));
    }
    return ok;
}

static bool tidy(struct desk *desk, struct error *err)
{
    struct arena *arena = arena_create();
    struct import_file_list old;
    int64_t now_ms = clock_wall_ms(&desk->config.clock);
    bool ok = recover(desk, arena, now_ms, err);
    struct db *db = writer_take(desk->config.writer);

    ok = ok && imports_forgotten(db, arena, now_ms - FORGOTTEN_MS, &old, err);
    for (size_t i = 0; ok && i < old.count; i++) {
        unlink(desk_path(desk, arena, old.items[i].id));
        ok = imports_delete(db, old.items[i].id, err);
    }
    writer_give(desk->config.writer);
    arena_destroy(arena);
    return ok;
}

struct desk *desk_start(const struct desk_config *config, struct error *err)
{
    struct desk *desk = calloc(1, sizeof(*desk));

    if (!desk)
        abort();
    desk->config = *config;
    snprintf(desk->folder, sizeof(desk->folder), "%s", config->folder);
    pthread_mutex_init(&desk->lock, NULL);
    pthread_cond_init(&desk->woken, NULL);
    bool ok = folder_create(desk->folder, 0700, err) && tidy(desk, err);
    int failed = ok ? pthread_create(&desk->thread, NULL, work_on, desk) : 0;
    if (failed != 0)
        ok = error_set_errno(err, failed, "le fil des imports ne démarre pas",
                             "the imports' thread does not start");
    if (ok)
        return desk;
    pthread_cond_destroy(&desk->woken);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
    return NULL;
}

void desk_stop(struct desk *desk)
{
    if (!desk)
        return;
    pthread_mutex_lock(&desk->lock);
    atomic_store(&desk->stopped, true);
    pthread_cond_signal(&desk->woken);
    pthread_mutex_unlock(&desk->lock);
    pthread_join(desk->thread, NULL);
    while (desk->count > 0)
        forget_order(desk);
    pthread_cond_destroy(&desk->woken);
    pthread_mutex_destroy(&desk->lock);
    free(desk);
}
