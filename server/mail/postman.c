#include "server/mail/postman.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/hash.h"
#include "core/log.h"
#include "server/mail/message.h"
#include "server/store/accounts.h"
#include "server/store/mails.h"
#include "server/store/schema.h"

#define LOOK_S 10
#define AT_ONCE 20
#define SENDER_NAME "Vitrine"

struct postman {
    struct postman_config config;
    char *place, *user, *password, *ca_file, *from;
    struct db *reader;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    atomic_bool stopping;
    bool kicked;
    struct postman_counts counts;
};

int64_t postman_delay_ms(int64_t tries)
{
    int64_t delay_ms = POSTMAN_FIRST_MS;

    while (tries-- > 0 && delay_ms < POSTMAN_MOST_MS)
        delay_ms *= 2;
    return delay_ms < POSTMAN_MOST_MS ? delay_ms : POSTMAN_MOST_MS;
}

/* The same for the same message: a second try that the first one was, too, is seen as one. */
static const char *message_id(const struct mail *mail, struct arena *arena)
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 sum;
    const char *words = arena_printf(arena, "%lld %lld %s %s", (long long)mail->number,
                                     (long long)mail->created_ms, mail->recipient, mail->subject);

    sha256_of(words, strlen(words), &sum);
    sha256_to_hex(&sum, hex);
    return arena_printf(arena, "%lld.%.24s", (long long)mail->created_ms, hex);
}

static enum smtp_result bring(struct postman *postman, const struct mail *mail, struct arena *arena,
                              struct error *err)
{
    struct strbuf bytes;

    if (!message_address_valid(mail->recipient)) {
        error_set(err, ERROR_INVALID, "« %.100s » n’est pas une adresse",
                  "\"%.100s\" is no address", mail->recipient);
        return SMTP_REFUSED;
    }
    strbuf_init(&bytes);
    message_write(&(struct message){.from = postman->from,
                                    .name = SENDER_NAME,
                                    .to = mail->recipient,
                                    .subject = mail->subject,
                                    .text = mail->text,
                                    .id = message_id(mail, arena),
                                    .time_ms = mail->created_ms},
                  &bytes);
    enum smtp_result result = smtp_send(&postman->config.server, postman->from, mail->recipient,
                                        bytes.bytes, bytes.length, &postman->stopping, err);
    strbuf_finish(&bytes);
    return result;
}

static bool give_up(struct db *db, const struct mail *mail, const char *why, int64_t now_ms,
                    struct error *err)
{
    return mails_drop(db, mail->number, err) &&
           audit_add(db,
                     &(struct audit_entry){.time_ms = now_ms,
                                           .user = "",
                                           .action = "mail.failed",
                                           .subject = mail->recipient,
                                           .detail = why},
                     err);
}

static void count(struct postman *postman, enum smtp_result result, bool last, int64_t now_ms,
                  const struct error *why)
{
    struct postman_counts *counts = &postman->counts;

    pthread_mutex_lock(&postman->lock);
    if (result == SMTP_SENT) {
        counts->sent++;
        counts->sent_ms = now_ms;
        counts->error[0] = '\0';
    } else {
        counts->failed++;
        counts->given_up += last;
        snprintf(counts->error, sizeof(counts->error), "%s", why->fr);
    }
    pthread_mutex_unlock(&postman->lock);
}

/* What came of it goes to the store. */
static bool note(struct postman *postman, const struct mail *mail, enum smtp_result result,
                 const struct error *why, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&postman->config.clock);
    bool last = result != SMTP_SENT && now_ms - mail->created_ms >= POSTMAN_GIVE_UP_MS;
    bool own, ok;

    count(postman, result, last, now_ms, why);
    if (result != SMTP_SENT)
        log_error(last ? LOG_ERROR : LOG_WARN, last ? "mail_given_up" : "mail_put_off", why);
    struct db *db = writer_take(postman->config.writer);
    ok = db_join(db, &own, err);
    if (ok) {
        if (result == SMTP_SENT)
            ok = mails_drop(db, mail->number, err);
        else if (last)
            ok = give_up(db, mail, why->fr, now_ms, err);
        else
            ok = mails_put_off(db, mail->number, now_ms + postman_delay_ms(mail->tries), why->fr,
                               err);
        ok = db_leave(db, own, ok, err);
    }
    writer_give(postman->config.writer);
    return ok;
}

/* One round: until nothing is due, or the server cannot be used. */
static bool send_due(struct postman *postman, struct error *err)
{
    struct arena *arena = arena_create();
    bool ok = true, up = true;
    struct mail_list due = {.count = AT_ONCE};

    while (ok && up && due.count == AT_ONCE) {
        arena_reset(arena);
        ok = mails_due(postman->reader, arena, clock_wall_ms(&postman->config.clock), AT_ONCE, &due,
                       err);
        for (size_t i = 0; ok && up && i < due.count; i++) {
            struct error why = {0};
            enum smtp_result result = bring(postman, &due.items[i], arena, &why);
            if (atomic_load(&postman->stopping) && result != SMTP_SENT)
                up = false;
            else
                ok = note(postman, &due.items[i], result, &why, err);
            up = up && result != SMTP_DOWN;
        }
    }
    arena_destroy(arena);
    return ok;
}

static bool wait_a_little(struct postman *postman)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&postman->lock);
    while (!atomic_load(&postman->stopping) && !postman->kicked) {
        if (pthread_cond_timedwait(&postman->wake, &postman->lock, &until) == ETIMEDOUT)
            break;
    }
    postman->kicked = false;
    pthread_mutex_unlock(&postman->lock);
    return !atomic_load(&postman->stopping);
}

static void *run(void *context)
{
    struct postman *postman = context;
    struct error error;

    do {
        if (!send_due(postman, &error))
            log_error(LOG_ERROR, "postman", &error);
    } while (wait_a_little(postman));
    return NULL;
}

static char *copy(const char *text)
{
    char *own = strdup(text);

    if (own == NULL)
        abort();
    return own;
}

static void take_texts(struct postman *postman)
{
    struct smtp_server *server = &postman->config.server;

    server->place = postman->place = copy(server->place);
    server->user = postman->user = copy(server->user);
    server->password = postman->password = copy(server->password);
    server->ca_file = postman->ca_file = copy(server->ca_file);
    postman->from = copy(postman->config.from);
}

static void release(struct postman *postman)
{
    pthread_cond_destroy(&postman->wake);
    pthread_mutex_destroy(&postman->lock);
    db_close(postman->reader);
    explicit_bzero(postman->password, strlen(postman->password));
    free(postman->place);
    free(postman->user);
    free(postman->password);
    free(postman->ca_file);
    free(postman->from);
    free(postman);
}

struct postman *postman_start(const struct postman_config *config, struct error *err)
{
    struct postman *postman;
    pthread_condattr_t attributes;
    struct db *reader;

    if (!message_address_valid(config->from)) {
        error_set(err, ERROR_INVALID, "mail_from : « %.100s » n’est pas une adresse",
                  "mail_from: \"%.100s\" is no address", config->from);
        return NULL;
    }
    if (!smtp_start(err) || (reader = store_open(config->database, DB_READER, err)) == NULL)
        return NULL;
    postman = calloc(1, sizeof(*postman));
    if (postman == NULL)
        abort();
    postman->config = *config;
    postman->reader = reader;
    take_texts(postman);
    pthread_mutex_init(&postman->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&postman->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    int failed = pthread_create(&postman->thread, NULL, run, postman);
    if (failed == 0)
        return postman;
    error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                    "cannot create a thread");
    release(postman);
    return NULL;
}

void postman_kick(struct postman *postman)
{
    pthread_mutex_lock(&postman->lock);
    postman->kicked = true;
    pthread_cond_signal(&postman->wake);
    pthread_mutex_unlock(&postman->lock);
}

void postman_stop(struct postman *postman)
{
    if (postman == NULL)
        return;
    pthread_mutex_lock(&postman->lock);
    atomic_store(&postman->stopping, true);
    pthread_cond_signal(&postman->wake);
    pthread_mutex_unlock(&postman->lock);
    pthread_join(postman->thread, NULL);
    release(postman);
}

void postman_counts(struct postman *postman, struct postman_counts *out)
{
    pthread_mutex_lock(&postman->lock);
    *out = postman->counts;
    pthread_mutex_unlock(&postman->lock);
}
