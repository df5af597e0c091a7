#include "player/stage/scrubber.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define AGAIN_S (12 * 3600)
/* After each file it rests so many times as long as it worked. */
#define REST 4
#define NS_PER_S INT64_C(1000000000)

/* A display's files, from `next` on. */
struct watch {
    struct edition *edition; /* retained; NULL: none */
    const struct state *state;
    size_t next;
};

struct scrubber {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    void (*deliver)(void *context, struct job *job);
    void *context;
    bool stopping;
    struct watch watches[WORKER_DISPLAYS_MAX];
};

static int64_t mono_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* Under the lock; the edition of what it gives is retained for the caller. */
static bool take(struct scrubber *scrubber, int *display_out, struct watch *watch_out)
{
    for (int i = 0; i < WORKER_DISPLAYS_MAX; i++) {
        struct watch *watch = &scrubber->watches[i];
        if (watch->edition != NULL && watch->next < watch->edition->manifest->file_count) {
            *display_out = i;
            *watch_out = *watch;
            edition_retain(watch->edition);
            watch->next++;
            return true;
        }
    }
    return false;
}

static void check(struct scrubber *scrubber, int display, const struct watch *watch)
{
    const struct sha256 *file = &watch->edition->manifest->files[watch->next].sha256;
    struct error err;
    if (state_verify_file(watch->state, file, &err)) {
        return;
    }
    struct job *job = job_create(JOB_DAMAGE, display, watch->state, watch->edition);
    job->repair = err.kind == ERROR_INVALID || err.kind == ERROR_NOT_FOUND;
    job->code = job->repair ? "file_hash" : "storage";
    job->damaged = *file;
    error_text(&err, LANG_EN, job->detail, sizeof job->detail);
    scrubber->deliver(scrubber->context, job);
}

/* Under the lock; false: somebody woke it. */
static bool rest(struct scrubber *scrubber, int64_t ns)
{
    int64_t until_ns = mono_ns() + ns;
    struct timespec until = {.tv_sec = until_ns / NS_PER_S, .tv_nsec = until_ns % NS_PER_S};
    return pthread_cond_timedwait(&scrubber->changed, &scrubber->lock, &until) != 0;
}

static void *scrubber_thread(void *context)
{
    struct scrubber *scrubber = context;
    struct sched_param param = {0};
    (void)pthread_setschedparam(pthread_self(), SCHED_IDLE, &param); /* a sandbox may forbid it */
    pthread_mutex_lock(&scrubber->lock);
    while (!scrubber->stopping) {
        struct watch watch;
        int display;
        if (!take(scrubber, &display, &watch)) {
            if (rest(scrubber, AGAIN_S * NS_PER_S)) {
                for (int i = 0; i < WORKER_DISPLAYS_MAX; i++) {
                    scrubber->watches[i].next = 0;
                }
            }
            continue;
        }
        pthread_mutex_unlock(&scrubber->lock);
        int64_t began_ns = mono_ns();
        check(scrubber, display, &watch);
        edition_release(watch.edition);
        int64_t rest_ns = (mono_ns() - began_ns) * REST;
        pthread_mutex_lock(&scrubber->lock);
        if (!scrubber->stopping) {
            (void)rest(scrubber, rest_ns);
        }
    }
    pthread_mutex_unlock(&scrubber->lock);
    return NULL;
}

struct scrubber *scrubber_create(void (*deliver)(void *context, struct job *job), void *context)
{
    pthread_condattr_t attributes;
    struct scrubber *scrubber = calloc(1, sizeof *scrubber);
    if (scrubber == NULL) {
        abort();
    }
    pthread_mutex_init(&scrubber->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&scrubber->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    scrubber->deliver = deliver;
    scrubber->context = context;
    if (pthread_create(&scrubber->thread, NULL, scrubber_thread, scrubber) != 0) {
        pthread_mutex_destroy(&scrubber->lock);
        pthread_cond_destroy(&scrubber->changed);
        free(scrubber);
        return NULL;
    }
    return scrubber;
}

void scrubber_destroy(struct scrubber *scrubber)
{
    if (scrubber == NULL) {
        return;
    }
    pthread_mutex_lock(&scrubber->lock);
    scrubber->stopping = true;
    pthread_cond_broadcast(&scrubber->changed);
    pthread_mutex_unlock(&scrubber->lock);
    pthread_join(scrubber->thread, NULL);
    for (int i = 0; i < WORKER_DISPLAYS_MAX; i++) {
        edition_release(scrubber->watches[i].edition);
    }
    pthread_mutex_destroy(&scrubber->lock);
    pthread_cond_destroy(&scrubber->changed);
    free(scrubber);
}

void scrubber_watch(struct scrubber *scrubber, int display, const struct state *state,
                    struct edition *edition)
{
    pthread_mutex_lock(&scrubber->lock);
    struct watch *watch = &scrubber->watches[display];
    edition_release(watch->edition);
    *watch = (struct watch){edition_retain(edition), state, 0};
    pthread_cond_broadcast(&scrubber->changed);
    pthread_mutex_unlock(&scrubber->lock);
}
