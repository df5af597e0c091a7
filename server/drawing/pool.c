#include "server/drawing/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"

#define PROCESSES_DEFAULT 2
#define PROCESSES_MAX 8
#define LIMIT_DEFAULT_MS 15000
#define STOPPING "le serveur s’arrête", "the server is stopping"
#define ANSWERS_MOST 5000 /* then it is replaced, whatever it may have gathered */

struct process {
    pid_t pid; /* 0: none */
    int to, from;
    int answers;
    bool busy;
};

struct drawing {
    char renderer[PATH_MAX], media[PATH_MAX];
    char assets[PATH_MAX + 32]; /* of its environment */
    int limit_ms;
    size_t count;
    struct process processes[PROCESSES_MAX];
    pthread_mutex_t lock;
    pthread_cond_t freed;
    bool stopping;
};

struct drawing *drawing_create(const struct drawing_config *config)
{
    struct drawing *drawing = calloc(1, sizeof *drawing);
    if (drawing == NULL) {
        abort();
    }
    snprintf(drawing->renderer, sizeof drawing->renderer, "%s", config->renderer);
    snprintf(drawing->media, sizeof drawing->media, "%s", config->media);
    snprintf(drawing->assets, sizeof drawing->assets, "VITRINE_ASSETS=%s", config->assets);
    drawing->limit_ms = config->limit_ms > 0 ? config->limit_ms : LIMIT_DEFAULT_MS;
    int count = config->processes > 0 ? config->processes : PROCESSES_DEFAULT;
    drawing->count = (size_t)(count < PROCESSES_MAX ? count : PROCESSES_MAX);
    pthread_mutex_init(&drawing->lock, NULL);
    pthread_cond_init(&drawing->freed, NULL);
    return drawing;
}

static void end_process(struct process *process, bool at_once)
{
    if (process->pid == 0) {
        return;
    }
    close(process->to);
    close(process->from);
    if (at_once) {
        kill(process->pid, SIGKILL);
    }
    while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    process->pid = 0;
    process->answers = 0;
}

void drawing_stop(struct drawing *drawing)
{
    pthread_mutex_lock(&drawing->lock);
    drawing->stopping = true;
    for (size_t i = 0; i < drawing->count; i++) {
        if (drawing->processes[i].pid != 0) {
            kill(drawing->processes[i].pid, SIGKILL); /* who waits for its answer wakes */
        }
    }
    pthread_cond_broadcast(&drawing->freed);
    pthread_mutex_unlock(&drawing->lock);
}

void drawing_destroy(struct drawing *drawing)
{
    if (drawing == NULL) {
        return;
    }
    for (size_t i = 0; i < drawing->count; i++) {
        end_process(&drawing->processes[i], true);
    }
    pthread_cond_destroy(&drawing->freed);
    pthread_mutex_destroy(&drawing->lock);
    free(drawing);
}

static bool spawn(const struct drawing *drawing, int in, int out, pid_t *pid_out)
{
    const char *argv[] = {drawing->renderer, "serve", "--media", drawing->media, NULL};
    const char *environment[] = {drawing->assets, "PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    int failed = posix_spawn(pid_out, drawing->renderer, &actions, NULL,
                             (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
    posix_spawn_file_actions_destroy(&actions);
    errno = failed;
    return failed == 0;
}

static bool start_process(struct drawing *drawing, struct process *process, struct error *err)
{
    int to[2], from[2];
    if (pipe2(to, O_CLOEXEC) != 0) {
        return error_set_errno(err, errno, "impossible de lancer %s", "cannot start %s",
                               drawing->renderer);
    }
    bool piped = pipe2(from, O_CLOEXEC) == 0;
    pid_t pid = 0;
    bool started = piped && spawn(drawing, to[0], from[1], &pid);
    int reason = errno;
    close(to[0]);
    if (piped) {
        close(from[1]);
    }
    if (!started) {
        close(to[1]);
        if (piped) {
            close(from[0]);
        }
        return error_set_errno(err, reason, "impossible de lancer %s", "cannot start %s",
                               drawing->renderer);
    }
    fcntl(to[1], F_SETFL, O_NONBLOCK);
    fcntl(from[0], F_SETFL, O_NONBLOCK);
    pthread_mutex_lock(&drawing->lock);
    *process = (struct process){.pid = pid, .to = to[1], .from = from[0], .busy = true};
    bool stopping = drawing->stopping;
    if (stopping) {
        end_process(process, true);
    }
    pthread_mutex_unlock(&drawing->lock);
    return !stopping || error_set(err, ERROR_BUSY, STOPPING);
}

/* One that runs already rather than another one. NULL: all are busy. */
static struct process *idle_process(struct drawing *drawing)
{
    struct process *idle = NULL;
    for (size_t i = 0; i < drawing->count; i++) {
        struct process *process = &drawing->processes[i];
        if (!process->busy && (idle == NULL || (idle->pid == 0 && process->pid != 0))) {
            idle = process;
        }
    }
    return idle;
}

static struct process *take(struct drawing *drawing)
{
    struct process *process = NULL;
    pthread_mutex_lock(&drawing->lock);
    while (!drawing->stopping && (process = idle_process(drawing)) == NULL) {
        pthread_cond_wait(&drawing->freed, &drawing->lock);
    }
    if (process != NULL) {
        process->busy = true;
    }
    pthread_mutex_unlock(&drawing->lock);
    return process;
}

static void give(struct drawing *drawing, struct process *process)
{
    pthread_mutex_lock(&drawing->lock);
    process->busy = false;
    pthread_cond_signal(&drawing->freed);
    pthread_mutex_unlock(&drawing->lock);
}

static bool converse(const struct drawing *drawing, struct process *process,
                     const struct parcel *question, struct parcel *answer_out, bool *late_out)
{
    struct clock clock = clock_system();
    int64_t deadline_ms = clock_mono_ms(&clock) + drawing->limit_ms;
    enum parcel_end end = parcel_write(process->to, question, deadline_ms)
                              ? parcel_read(process->from, answer_out, deadline_ms)
                              : PARCEL_BROKEN;
    *late_out = clock_mono_ms(&clock) >= deadline_ms;
    return end == PARCEL_WHOLE;
}

/* A process that died while nobody asked it is found out by asking: the question goes to a new one.
 */
static bool ask_process(struct drawing *drawing, struct process *process,
                        const struct parcel *question, struct parcel *answer_out, struct error *err)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        bool fresh = process->pid == 0, late;
        if (fresh && !start_process(drawing, process, err)) {
            return false;
        }
        if (converse(drawing, process, question, answer_out, &late)) {
            process->answers++;
            return true;
        }
        pthread_mutex_lock(&drawing->lock);
        end_process(process, true);
        bool stopping = drawing->stopping;
        pthread_mutex_unlock(&drawing->lock);
        if (stopping) {
            return error_set(err, ERROR_BUSY, STOPPING);
        }
        if (late) {
            log_write(LOG_WARN, "drawing_late", "no answer within %d ms", drawing->limit_ms);
            return error_set(err, ERROR_INTERNAL, "le dessin a pris trop de temps",
                             "drawing took too long");
        }
        if (fresh) {
            break;
        }
    }
    log_write(LOG_WARN, "drawing_crashed", "vitrine-render ended without an answer");
    return error_set(err, ERROR_INTERNAL, "vitrine-render a échoué", "vitrine-render failed");
}

bool pool_ask(struct drawing *drawing, const struct parcel *question, struct parcel *answer_out,
              struct error *err)
{
    struct process *process = take(drawing);
    if (process == NULL) {
        return error_set(err, ERROR_BUSY, STOPPING);
    }
    bool ok = ask_process(drawing, process, question, answer_out, err);
    if (process->answers >= ANSWERS_MOST) {
        pthread_mutex_lock(&drawing->lock);
        end_process(process, false);
        pthread_mutex_unlock(&drawing->lock);
    }
    give(drawing, process);
    return ok;
}
