#include "player/stage/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/draw/canvas_jpeg.h"
#include "player/draw/image.h"
#include "player/stage/templates.h"

/* Longer side of a screenshot: enough to read everything that is made to be read from afar. */
#define SCREENSHOT_SIDE 1280

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct worker_config config; /* its folder is `assets` */
    char assets[1024];
    struct quarantine *quarantine; /* NULL: none */
    struct templates *templates;   /* the thread's own */

    bool stopping;
    struct job *first;
    struct job **last;

    bool text_ready; /* tried; text is NULL when it failed */
    struct text_engine *text;
    struct error text_error;
};

struct job *job_create(enum job_kind kind, int display, const struct state *state,
                       struct edition *edition)
{
    struct job *job = calloc(1, sizeof *job);
    if (job == NULL) {
        abort();
    }
    job->kind = kind;
    job->display = display;
    job->state = state;
    job->edition = edition_retain(edition);
    return job;
}

void job_destroy(struct job *job)
{
    if (job != NULL) {
        canvas_destroy(job->canvas);
        directory_close(job->directory);
        image_destroy(job->image);
        free(job->jpeg);
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
static char *read_file(struct job *job, const struct sha256 *file, size_t limit, size_t *length_out)
{
    struct error err;
    char *bytes;
    if (state_read_file(job->state, file, limit, &bytes, length_out, &err)) {
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

static const struct image *load_picture(void *context, const struct sha256 *file, struct error *err)
{
    struct job *job = context;
    size_t length;
    char *bytes = read_file(job, file, IMAGE_BYTES_MAX, &length);
    if (bytes == NULL) {
        error_set(err, ERROR_NOT_FOUND, "image absente", "picture is missing");
        return NULL;
    }
    struct image *image = image_decode(bytes, length, err);
    free(bytes);
    if (image == NULL) {
        char path[STATE_PATH_SIZE];
        error_at(err, state_file_path(job->state, file, "", path), 0);
        blame(job, "file_decode", file, err);
    }
    return image;
}

static void release_picture(void *context, const struct image *image)
{
    (void)context;
    image_destroy((struct image *)image);
}

static char *read_template(void *context, const struct sha256 *file, size_t *length_out)
{
    return read_file(context, file, TEMPLATE_BYTES_MAX, length_out);
}

static const struct template_set *find_templates(struct worker *worker, struct job *job)
{
    struct error err;
    error_clear(&err);
    const struct template_set *set =
        templates_of(worker->templates, job->edition, read_template, job, &err);
    if (err.kind != ERROR_NONE) {
        blame(job, "file_decode", &job->edition->manifest->templates[0].file, &err);
    }
    return set;
}

static void do_draw(struct worker *worker, struct job *job)
{
    struct slide_view view = {.text = worker->text,
                              .pictures = {load_picture, release_picture, job},
                              .metrics = job->frame.metrics,
                              .templates = find_templates(worker, job)};
    const struct slide *slide = job->frame.slide;
    if (job->canvas == NULL) {
        job->canvas = canvas_create(job->frame.width, job->frame.height);
    }
    if (job->canvas == NULL) {
        return;
    }
    if (worker->quarantine != NULL && slide != NULL) {
        quarantine_enter(worker->quarantine, WORKER_QUARANTINE_SLOT, slide);
    }
    job->done = frame_draw(&job->frame, &view, job->canvas);
    if (worker->quarantine != NULL && slide != NULL) {
        quarantine_leave(worker->quarantine, WORKER_QUARANTINE_SLOT);
    }
}

static void do_screenshot(struct job *job)
{
    struct error err;
    job->done = canvas_encode_jpeg(job->canvas, SCREENSHOT_SIDE, SYNC_SCREENSHOT_BYTES_MAX,
                                   &job->jpeg, &job->jpeg_length, &err);
    if (!job->done) {
        log_error(LOG_WARN, "screenshot_failed", &err);
    }
}

static void do_directory(struct job *job)
{
    const struct sha256 *file = &job->edition->manifest->directory;
    struct sha256 sum;
    struct error err;
    char path[STATE_PATH_SIZE];
    state_file_path(job->state, file, "", path);
    error_clear(&err);
    bool whole = sha256_of_file(path, &sum, &err) && sha256_equal(&sum, file);
    if (whole) {
        job->directory = directory_open(path, &err);
    } else if (err.kind == ERROR_NONE) {
        error_set(&err, ERROR_INVALID, "le fichier n’est pas ce que son nom dit",
                  "the file is not what its name says");
    }
    job->done = job->directory != NULL;
    if (!job->done) {
        job->repair = !whole && (err.kind == ERROR_INVALID || err.kind == ERROR_NOT_FOUND);
        blame(job, whole ? "file_decode" : job->repair ? "file_hash" : "storage", file, &err);
    }
}

/* `image` drawn into a new one of the wanted size, over white where it lets through. */
static struct image *cut_picture(const struct job *job, const struct image *image)
{
    int width = job->picture.width, height = job->picture.height;
    struct canvas *canvas = canvas_create(width, height);
    struct image *cut = calloc(1, sizeof *cut);
    uint32_t *pixels = canvas != NULL ? calloc((size_t)width * (size_t)height, 4) : NULL;
    if (cut == NULL || pixels == NULL) {
        canvas_destroy(canvas);
        free(cut);
        free(pixels);
        return NULL;
    }
    canvas_fill(canvas, COLOR_RGB(0xFFFFFF));
    canvas_draw_image(canvas, image,
                      crop_to_focus(image->width, image->height, job->picture.focal_x,
                                    job->picture.focal_y, width, height),
                      (struct rect){0, 0, width, height}, 0);
    for (int y = 0; y < height; y++) {
        memcpy(pixels + (size_t)y * (size_t)width,
               canvas->pixels + (size_t)y * (size_t)canvas->stride, (size_t)width * 4);
    }
    canvas_destroy(canvas);
    *cut = (struct image){.pixels = pixels, .width = width, .height = height, .opaque = true};
    return cut;
}

static void do_picture(struct job *job)
{
    struct sha256 file;
    struct error err;
    if (!sha256_from_hex(job->picture.hash, &file)) {
        return;
    }
    struct image *image = (struct image *)load_picture(job, &file, &err);
    if (image == NULL) {
        return;
    }
    job->image = cut_picture(job, image);
    job->done = job->image != NULL;
    image_destroy(image);
}

static void do_job(struct worker *worker, struct job *job)
{
    switch (job->kind) {
    case JOB_DRAW:
    case JOB_PROOF:
        do_draw(worker, job);
        break;
    case JOB_DIRECTORY:
        do_directory(job);
        break;
    case JOB_PICTURE:
        do_picture(job);
        break;
    case JOB_SCREENSHOT:
        do_screenshot(job);
        break;
    case JOB_DAMAGE:
        break;
    }
    worker->config.deliver(worker->config.context, job);
}

/* Under the lock. */
static struct job *take_job(struct worker *worker)
{
    struct job *job = worker->first;
    if (job != NULL) {
        worker->first = job->next;
        if (worker->first == NULL) {
            worker->last = &worker->first;
        }
    }
    return job;
}

static void load(struct worker *worker)
{
    struct error err;
    char folder[1100];
    snprintf(folder, sizeof folder, "%s/fonts", worker->assets);
    struct text_engine *text = text_engine_create(folder, &err);
    pthread_mutex_lock(&worker->lock);
    worker->text = text;
    worker->text_ready = true;
    if (text == NULL) {
        worker->text_error = err;
        worker->stopping = true;
    }
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    snprintf(folder, sizeof folder, "%s/templates", worker->assets);
    worker->templates = templates_create(folder);
}

static void *worker_thread(void *context)
{
    struct worker *worker = context;
    load(worker);
    pthread_mutex_lock(&worker->lock);
    while (!worker->stopping) {
        struct job *job = take_job(worker);
        if (job == NULL) {
            pthread_cond_wait(&worker->changed, &worker->lock);
            continue;
        }
        pthread_mutex_unlock(&worker->lock);
        do_job(worker, job);
        pthread_mutex_lock(&worker->lock);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

struct worker *worker_create(const struct worker_config *config, struct error *err)
{
    struct worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        abort();
    }
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    worker->config = *config;
    worker->last = &worker->first;
    snprintf(worker->assets, sizeof worker->assets, "%s", config->assets);
    if (pthread_create(&worker->thread, NULL, worker_thread, worker) != 0) {
        error_set(err, ERROR_INTERNAL, "le fil de rendu ne démarre pas",
                  "the render thread does not start");
        pthread_mutex_destroy(&worker->lock);
        pthread_cond_destroy(&worker->changed);
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
        job_destroy(take_job(worker));
    }
    templates_destroy(worker->templates);
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

void worker_set_quarantine(struct worker *worker, struct quarantine *quarantine)
{
    pthread_mutex_lock(&worker->lock);
    worker->quarantine = quarantine;
    pthread_mutex_unlock(&worker->lock);
}

void worker_post(struct worker *worker, struct job *job)
{
    pthread_mutex_lock(&worker->lock);
    if (job->urgent) {
        job->next = worker->first;
        worker->first = job;
        if (job->next == NULL) {
            worker->last = &job->next;
        }
    } else {
        job->next = NULL;
        *worker->last = job;
        worker->last = &job->next;
    }
    pthread_cond_broadcast(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}
