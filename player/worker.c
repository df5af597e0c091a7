#include "player/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/draw/image.h"

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const struct state *state;
    struct inbox *inbox;
    char font_folder[1024];

    bool stopping;
    struct job *first;
    struct job **last;
    struct edition *verify; /* files still to be checked, from `verify_next` on */
    size_t verify_next;

    bool text_ready; /* tried; text is NULL when it failed */
    struct text_engine *text;
    struct error text_error;
};

struct job *job_create(enum job_kind kind, struct edition *edition)
{
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        abort();
    }
    job->kind = kind;
    job->edition = edition_retain(edition);
    return job;
}

void job_destroy(struct job *job)
{
    if (job != NULL) {
        canvas_destroy(job->canvas);
        directory_destroy(job->directory);
        edition_release(job->edition);
        free(job);
    }
}

/* The first fault of a job is its cause; the rest follow from it. */
static void blame(struct job *job, const char *code, const struct sha256 *file,
                  const struct error *err)
{
    if (job->code == NULL) {
        job->code = code;
        job->damaged = *file;
        error_text(err, LANG_EN, job->detail, sizeof job->detail);
    }
}

/* Reads a cached file; a missing or damaged one is to be fetched again. */
static char *read_file(struct worker *worker, struct job *job, const struct sha256 *file,
                       size_t limit, size_t *length_out)
{
    struct error err;
    char *bytes;
    if (state_read_file(worker->state, file, limit, &bytes, length_out, &err)) {
        return bytes;
    }
    job->repair = err.kind == ERROR_INVALID || err.kind == ERROR_NOT_FOUND;
    blame(job,
          job->repair               ? "file_hash"
          : err.kind == ERROR_LIMIT ? "file_size"
                                    : "storage",
          file, &err);
    return NULL;
}

struct drawing {
    struct worker *worker;
    struct job *job;
};

static const struct image *load_picture(void *context, const struct sha256 *file, struct error *err)
{
    struct drawing *drawing = context;
    size_t length;
    char *bytes = read_file(drawing->worker, drawing->job, file, IMAGE_BYTES_MAX, &length);
    if (bytes == NULL) {
        error_set(err, ERROR_NOT_FOUND, "image absente", "picture is missing");
        return NULL;
    }
    struct image *image = image_decode(bytes, length, err);
    free(bytes);
    if (image == NULL) {
        char path[STATE_PATH_SIZE];
        error_at(err, state_file_path(drawing->worker->state, file, "", path), 0);
        blame(drawing->job, "file_decode", file, err);
    }
    return image;
}

static void release_picture(void *context, const struct image *image)
{
    (void)context;
    image_destroy((struct image *)image);
}

static void do_draw(struct worker *worker, struct job *job)
{
    struct drawing drawing = {worker, job};
    struct picture_source pictures = {load_picture, release_picture, &drawing};
    if (job->canvas == NULL) {
        job->canvas = canvas_create(job->frame.width, job->frame.height);
    }
    job->done =
        job->canvas != NULL && frame_draw(&job->frame, worker->text, &pictures, job->canvas);
}

static void do_directory(struct worker *worker, struct job *job)
{
    const struct sha256 *file = &job->edition->manifest->directory;
    size_t length;
    struct error err;
    char *bytes = read_file(worker, job, file, DIRECTORY_BYTES_MAX, &length);
    if (bytes == NULL) {
        return;
    }
    job->directory = directory_decode(bytes, length, &err);
    free(bytes);
    job->done = job->directory != NULL;
    if (!job->done) {
        blame(job, "file_decode", file, &err);
    }
}

static void do_job(struct worker *worker, struct job *job)
{
    if (job->kind == JOB_DIRECTORY) {
        do_directory(worker, job);
    } else {
        do_draw(worker, job);
    }
    inbox_post_job(worker->inbox, job);
}

static void verify_file(struct worker *worker, struct edition *edition, size_t index)
{
    const struct sha256 *file = &edition->manifest->files[index].sha256;
    struct error err;
    if (state_verify_file(worker->state, file, &err)) {
        return;
    }
    struct job *job = job_create(JOB_DAMAGE, edition);
    job->repair = err.kind == ERROR_INVALID || err.kind == ERROR_NOT_FOUND;
    blame(job, job->repair ? "file_hash" : "storage", file, &err);
    inbox_post_job(worker->inbox, job);
}

/* Next thing to do, under the lock: a job, or else a file to check. False: nothing. */
static bool take_work(struct worker *worker, struct job **job_out, struct edition **edition_out,
                      size_t *index_out)
{
    *job_out = worker->first;
    *edition_out = NULL;
    if (*job_out != NULL) {
        worker->first = (*job_out)->next;
        if (worker->first == NULL) {
            worker->last = &worker->first;
        }
        return true;
    }
    if (worker->verify == NULL) {
        return false;
    }
    if (worker->verify_next < worker->verify->manifest->file_count) {
        *edition_out = edition_retain(worker->verify);
        *index_out = worker->verify_next++;
        return true;
    }
    edition_release(worker->verify);
    worker->verify = NULL;
    return false;
}

static void load_fonts(struct worker *worker)
{
    struct error err;
    struct text_engine *text = text_engine_create(worker->font_folder, &err);
    pthread_mutex_lock(&worker->lock);
    worker->text = text;
    worker->text_ready = true;
    if (text == NULL) {
        worker->text_error = err;
        worker->stopping = true;
    }
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

static void *worker_thread(void *context)
{
    struct worker *worker = context;
    load_fonts(worker);
    pthread_mutex_lock(&worker->lock);
    while (!worker->stopping) {
        struct job *job;
        struct edition *edition;
        size_t index = 0;
        if (!take_work(worker, &job, &edition, &index)) {
            pthread_cond_wait(&worker->changed, &worker->lock);
            continue;
        }
        pthread_mutex_unlock(&worker->lock);
        if (job != NULL) {
            do_job(worker, job);
        } else {
            verify_file(worker, edition, index);
            edition_release(edition);
        }
        pthread_mutex_lock(&worker->lock);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

struct worker *worker_create(const char *font_folder, const struct state *state,
                             struct inbox *inbox, struct error *err)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        abort();
    }
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    worker->state = state;
    worker->inbox = inbox;
    worker->last = &worker->first;
    snprintf(worker->font_folder, sizeof worker->font_folder, "%s", font_folder);
    if (pthread_create(&worker->thread, NULL, worker_thread, worker) != 0) {
        error_set(err, ERROR_INTERNAL, "le fil de rendu ne démarre pas",
                  "the render thread does not start");
        free(worker);
        return NULL;
    }
    return worker;
}

void worker_destroy(struct worker *worker)
{
    if (worker == NULL) {
        return;
    }
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    while (worker->first != NULL) {
        struct job *job = worker->first;
        worker->first = job->next;
        job_destroy(job);
    }
    edition_release(worker->verify);
    text_engine_destroy(worker->text);
    pthread_mutex_destroy(&worker->lock);
    pthread_cond_destroy(&worker->changed);
    free(worker);
}

struct text_engine *worker_text(struct worker *worker, struct error *err)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->text_ready) {
        pthread_cond_wait(&worker->changed, &worker->lock);
    }
    struct text_engine *text = worker->text;
    if (text == NULL) {
        *err = worker->text_error;
    }
    pthread_mutex_unlock(&worker->lock);
    return text;
}

void worker_post(struct worker *worker, struct job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&worker->lock);
    *worker->last = job;
    worker->last = &job->next;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

void worker_verify(struct worker *worker, struct edition *edition)
{
    pthread_mutex_lock(&worker->lock);
    edition_release(worker->verify);
    worker->verify = edition_retain(edition);
    worker->verify_next = 0;
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}
