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
#define ASKING_MAX 16 /* that may pass the limit together: requests are answered by fewer threads  \
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
    struct db *db = writer_take(writer);
    ok = step == DESK_APPLY ? delivery_apply(work, db, file, err)
                            : delivery_undo(work, db, file, err);
    writer_give(writer);
    if (ok)
        desk->config.changed(desk->config.context);
    return ok;
}

/* What a step that failed leaves: the state before it, and why. */
static void tell_failure(struct import_file *file, struct arena *arena, enum desk_step step,
                         const struct error *why)
{
    char text[800];

    file->state = step == DESK_UNDO                                ? "applied"
                  : step == DESK_APPLY && why->kind != ERROR_STALE ? "rehearsed"
                                                                   : "mapped";
    file->message_fr = arena_strdup(arena, why->kind == ERROR_INTERNAL
                                               ? "erreur du serveur"
                                               : error_text(why, LANG_FR, text, sizeof(text)));
    file->message_en = arena_strdup(arena, why->kind == ERROR_INTERNAL
                                               ? "the server failed"
                                               : error_text(why, LANG_EN, text, sizeof(text)));
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
                                 .path = desk_path(desk, arena, order->id),
                                 .now_ms = clock_wall_ms(&desk->config.clock),
                                 .percent = &desk->percent,
                                 .stopped = &desk->stopped};
    struct import_file file;
    struct user user;
    struct error error = {0};

    bool there = load(desk, arena, order, &user, &file, &error);
    if (there) {
        work.user = &user;
        if (take_step(desk, &work, order->step, &file, &error)) {
            file.message_fr = file.message_en = "";
        } else {
            /* Its place is on this machine and nobody's business. */
            error.file[0] = '\0';
            tell_failure(&file, arena, order->step, &error);
        }
        there = save(desk, &file, &error);
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

static bool tidy(struct desk *desk, struct error *err)
{
    struct arena *arena = arena_create();
    struct import_file_list old;
    struct db *db = writer_take(desk->config.writer);
    bool ok =
        imports_recover(db, err) &&
        imports_forgotten(db, arena, clock_wall_ms(&desk->config.clock) - FORGOTTEN_MS, &old, err);

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
