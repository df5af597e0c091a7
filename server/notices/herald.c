#include "server/notices/herald_private.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/log.h"
#include "server/notices/words.h"
#include "server/store/mails.h"
#include "server/store/schema.h"
#include "server/store/settings.h"

#define MARK "notices_audit" /* settings.h: up to where the trail was read */
#define LINES_MAX 500
#define WHOLE_MS 60000

struct herald {
    struct herald_config config;
    struct db *reader;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool stopping;
};

void herald_tell(struct look *look, const struct user *user, const struct notice *notice)
{
    if (look->count == look->room) {
        struct notice *more = arena_array(look->arena, look->room * 2 + 16, sizeof(*more));
        if (look->count > 0)
            memcpy(more, look->told, look->count * sizeof(*more));
        look->told = more;
        look->room = look->room * 2 + 16;
    }
    look->told[look->count] = *notice;
    look->told[look->count++].user = user->name;
}

const struct user *herald_user(const struct look *look, const char *name)
{
    for (size_t i = 0; name[0] != '\0' && i < look->users.count; i++) {
        if (strcmp(look->users.items[i].name, name) == 0)
            return look->users.items[i].active ? &look->users.items[i] : NULL;
    }
    return NULL;
}

static const char *called(const struct look *look, const char *name)
{
    const struct user *user = herald_user(look, name);

    return user != NULL && user->display[0] != '\0' ? user->display : name;
}

/* An outbox that is full takes no more: the notice in the page stays. */
static bool write_mail(struct look *look, struct db *db, const struct notice *notice, size_t *mails,
                       struct error *err)
{
    const struct user *user = herald_user(look, notice->user);
    bool wanted[NOTICE_KINDS];
    struct error cause;

    if (look->config->url == NULL || user == NULL || user->email[0] == '\0')
        return true;
    if (!notice_choices_get(db, look->arena, user->name, wanted, err))
        return false;
    if (!wanted[notice->kind])
        return true;
    const struct words_frame frame = {.url = look->config->url,
                                      .recipient = called(look, user->name),
                                      .by = called(look, notice->by)};
    if (mails_add(db,
                  &(struct mail){.recipient = user->email,
                                 .subject = words_subject(notice, look->arena),
                                 .text = words_text(notice, &frame, look->arena),
                                 .created_ms = look->now_ms,
                                 .next_ms = look->now_ms},
                  &cause)) {
        ++*mails;
        return true;
    }
    if (cause.kind == ERROR_LIMIT) {
        log_error(LOG_WARN, "outbox_full", &cause);
        return true;
    }
    if (err != NULL)
        *err = cause;
    return false;
}

static bool write_all(struct look *look, struct db *db, int64_t mark, bool whole, size_t *mails,
                      struct error *err)
{
    bool own, added;

    if (!db_join(db, &own, err))
        return false;
    bool ok = settings_set_int(db, MARK, mark, err) &&
              (!whole || notices_expire(db, look->now_ms - HERALD_KEPT_MS, err));
    for (size_t i = 0; ok && i < look->settled_count; i++)
        ok = notices_settle(db, look->settled[i].kind, look->settled[i].id, look->now_ms, err);
    for (size_t i = 0; ok && i < look->count; i++)
        ok = notices_add(db, &look->told[i], &added, err) &&
             (!added || write_mail(look, db, &look->told[i], mails, err));
    return db_leave(db, own, ok, err);
}

static bool look_around(struct look *look, bool whole, size_t *mails, struct error *err)
{
    struct audit_line_list lines;
    int64_t mark = 0;

    if (!settings_get_int(look->reader, MARK, 0, &mark, err) ||
        !audit_trail_after(look->reader, look->arena, mark, LINES_MAX, &lines, err))
        return false;
    if (lines.count == 0 && !whole)
        return true;
    if (!users_list(look->reader, look->arena, &look->users, err))
        return false;
    look->settled = arena_array(look->arena, lines.count + 1, sizeof(*look->settled));
    for (size_t i = 0; i < lines.count; i++) {
        if (!herald_follow(look, &lines.items[i], err))
            return false;
        mark = lines.items[i].number;
    }
    if (whole && (!herald_watch_screens(look, err) || !herald_watch_ends(look, err)))
        return false;
    struct writer *writer = look->config->writer;
    bool ok = write_all(look, writer_take(writer), mark, whole, mails, err);
    writer_give(writer);
    return ok;
}

bool herald_look(const struct herald_config *config, struct db *reader, bool whole,
                 size_t *mails_out, struct error *err)
{
    struct look look = {.config = config,
                        .reader = reader,
                        .arena = arena_create(),
                        .now_ms = clock_wall_ms(&config->clock)};

    *mails_out = 0;
    bool ok = look_around(&look, whole, mails_out, err);
    arena_destroy(look.arena);
    if (ok && *mails_out > 0 && config->written != NULL)
        config->written(config->context);
    return ok;
}

static bool wait_a_little(struct herald *herald)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += HERALD_LOOK_MS / 1000;
    pthread_mutex_lock(&herald->lock);
    while (!herald->stopping) {
        if (pthread_cond_timedwait(&herald->wake, &herald->lock, &until) == ETIMEDOUT)
            break;
    }
    bool go_on = !herald->stopping;
    pthread_mutex_unlock(&herald->lock);
    return go_on;
}

static void *run(void *context)
{
    struct herald *herald = context;
    const struct clock *clock = &herald->config.clock;
    int64_t whole_ms = clock_mono_ms(clock);
    struct error error;
    size_t mails;

    while (wait_a_little(herald)) {
        bool whole = clock_mono_ms(clock) - whole_ms >= WHOLE_MS;
        if (whole)
            whole_ms = clock_mono_ms(clock);
        if (!herald_look(&herald->config, herald->reader, whole, &mails, &error))
            log_error(LOG_ERROR, "herald", &error);
    }
    return NULL;
}

static void release(struct herald *herald)
{
    pthread_cond_destroy(&herald->wake);
    pthread_mutex_destroy(&herald->lock);
    db_close(herald->reader);
    free(herald);
}

struct herald *herald_start(const struct herald_config *config, struct error *err)
{
    struct db *reader = store_open(config->database, DB_READER, err);
    pthread_condattr_t attributes;
    struct herald *herald;

    if (reader == NULL)
        return NULL;
    herald = calloc(1, sizeof(*herald));
    if (herald == NULL)
        abort();
    herald->config = *config;
    herald->reader = reader;
    pthread_mutex_init(&herald->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&herald->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    int failed = pthread_create(&herald->thread, NULL, run, herald);
    if (failed == 0)
        return herald;
    error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                    "cannot create a thread");
    release(herald);
    return NULL;
}

void herald_stop(struct herald *herald)
{
    if (herald == NULL)
        return;
    pthread_mutex_lock(&herald->lock);
    herald->stopping = true;
    pthread_cond_signal(&herald->wake);
    pthread_mutex_unlock(&herald->lock);
    pthread_join(herald->thread, NULL);
    release(herald);
}
