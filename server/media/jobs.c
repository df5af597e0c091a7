#include "server/media/jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.h"
#include "core/log.h"
#include "server/media/picture_header.h"
#include "server/media/work.h"

#define LOOK_S 5
#define TIDY_S 3600
#define SECOND INT64_C(1000)

static const int64_t limits_ms[ITEM_KINDS] = {[ITEM_PICTURE] = 120 * SECOND,
                                              [ITEM_FILM] = 7200 * SECOND,
                                              [ITEM_PAGES] = 300 * SECOND,
                                              [ITEM_SLIDES] = 600 * SECOND};

struct lane {
    struct jobs *jobs;
    unsigned kinds;
    bool tidies;
    pthread_t thread;
    bool started;
};

struct jobs {
    struct jobs_config config;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    uint64_t kicks;
    atomic_bool stopping;
    struct lane lanes[2];
};

/* One item under work. */
struct job {
    struct jobs *jobs;
    struct arena *arena;
    struct media_item item;
    char original[PATH_MAX], folder[PATH_MAX];
};

static void handle_progress(int percent, void *context)
{
    struct job *job = context;
    const struct library *library = job->jobs->config.library;
    struct error error;

    if (!media_items_progress(writer_take(library->writer), job->item.sha256, percent, &error))
        log_error(LOG_WARN, "media_progress", &error);
    writer_give(library->writer);
}

static void refuse(struct media_item *item, const char *fr, const char *en)
{
    item->state = ITEM_REFUSED;
    item->note_fr = fr;
    item->note_en = en;
    item->progress = 0;
}

/* A worker may have been taken over by what it looked at: its pictures are looked at again, by
 * code that decodes nothing. */
static bool check_file(const char *path, const struct work_file *file, struct error *err)
{
    struct stat status;
    struct picture_header header;
    char *bytes = NULL;
    size_t size;

    if (lstat(path, &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink != 1)
        return error_set(err, ERROR_INVALID, "le fichier préparé n’est pas là",
                         "the prepared file is not there");
    if (strncmp(file->type, "image/", 6) != 0)
        return status.st_size <= MEDIA_FILM_BYTES_MAX ||
               error_set(err, ERROR_LIMIT, "film préparé trop lourd", "prepared film too heavy");
    bool ok = file_read(path, MEDIA_BYTES_MAX, &bytes, &size, err) &&
              picture_header_read(bytes, size, MEDIA_PIXELS_MAX, &header, err) &&
              ((strcmp(header.type, file->type) == 0 && header.width == file->width &&
                header.height == file->height) ||
               error_set(err, ERROR_INVALID, "l’image préparée n’est pas ce qui en est dit",
                         "the prepared picture is not what is said of it"));
    free(bytes);
    return ok;
}

/* Brings the files into the store, before their rows are written: that takes the disk's time, and
 * the writer is not held for it. */
static bool adopt_files(struct job *job, const struct work_result *result,
                        struct rendition *renditions, struct error *err)
{
    for (size_t i = 0; i < result->count; i++) {
        const struct work_file *file = &result->files[i];
        char path[PATH_MAX], hex[SHA256_HEX_SIZE];
        struct sha256 sum;
        int64_t size;
        if (path_join(path, sizeof(path), job->folder, file->file) == NULL)
            return error_set(err, ERROR_LIMIT, "chemin trop long", "path too long");
        if (!check_file(path, file, err) ||
            !media_adopt(job->jobs->config.library->media_folder, path, &sum, &size, err))
            return false;
        sha256_to_hex(&sum, hex);
        renditions[i] = (struct rendition){.original = job->item.sha256,
                                           .role = file->role,
                                           .page = file->page,
                                           .sha256 = arena_strdup(job->arena, hex),
                                           .type = file->type,
                                           .width = file->width,
                                           .height = file->height,
                                           .length_ms = file->length_ms,
                                           .size = size};
    }
    return true;
}

static bool record_files(struct job *job, struct db *db, const struct rendition *renditions,
                         size_t count, struct error *err)
{
    enum upsert_result result;
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++) {
        const struct media_record record = {.sha256 = renditions[i].sha256,
                                            .size = renditions[i].size,
                                            .type = renditions[i].type,
                                            .width = renditions[i].width,
                                            .height = renditions[i].height,
                                            .name = job->item.name,
                                            .created_ms = job->item.updated_ms};
        ok = media_records_add(db, job->arena, &record, &result, err) &&
             renditions_put(db, &renditions[i], err);
    }
    return ok;
}

static bool make_ready(struct job *job, const struct work_result *result, struct error *err)
{
    const struct library *library = job->jobs->config.library;
    struct rendition *renditions = arena_array(job->arena, result->count, sizeof(*renditions));
    struct media_item *item = &job->item;
    bool own;

    if (!adopt_files(job, result, renditions, err))
        return false;
    item->state = ITEM_READY;
    item->progress = 100;
    item->width = result->width;
    item->height = result->height;
    item->length_ms = result->length_ms;
    item->pages = result->pages;
    item->note_fr = arena_strdup(job->arena, result->note_fr);
    item->note_en = arena_strdup(job->arena, result->note_en);
    struct db *db = writer_take(library->writer);
    bool ok = db_join(db, &own, err);
    if (ok)
        ok = db_leave(db, own,
                      record_files(job, db, renditions, result->count, err) &&
                          media_items_put(db, item, err),
                      err);
    writer_give(library->writer);
    return ok;
}

/* Three times at most: what takes the server down with it must not do so for ever. */
static void try_again(struct media_item *item)
{
    item->state = ITEM_RECEIVED;
    item->progress = 0;
    if (item->tries >= ITEM_TRIES_MAX)
        refuse(item,
               "ce fichier n’a pas pu être préparé, en trois essais ; enregistrez-le de nouveau ou "
               "voyez avec l’administrateur",
               "this file could not be prepared, in three attempts; save it again, or see the "
               "administrator");
}

static void settle(struct job *job, enum work_end end, const struct work_result *result)
{
    const struct library *library = job->jobs->config.library;
    struct media_item *item = &job->item;
    struct error error;

    item->updated_ms = clock_wall_ms(&library->clock);
    if (end == WORK_DONE && !make_ready(job, result, &error)) {
        log_error(LOG_WARN, "media_adopt", &error);
        end = WORK_TROUBLE;
    }
    if (end == WORK_REFUSED) {
        refuse(item, result->note_fr, result->note_en);
    } else if (end == WORK_BROKEN) {
        refuse(item,
               "ce fichier a fait échouer sa préparation, ou elle a été trop longue ; "
               "enregistrez-le de nouveau, plus petit si possible",
               "this file made its preparation fail, or take too long; save it again, smaller if "
               "possible");
    } else if (end == WORK_TROUBLE) {
        try_again(item);
    }
    if (end != WORK_DONE && end != WORK_STOPPED) {
        bool ok = media_items_put(writer_take(library->writer), item, &error);
        writer_give(library->writer);
        if (!ok)
            log_error(LOG_ERROR, "media_item", &error);
        else if (item->state == ITEM_REFUSED)
            unlink(job->original);
    }
    log_write(LOG_INFO, "media", "%s %s: %s %s", item_kind_tags[item->kind], item->sha256,
              item_state_tags[item->state], item->note_en != NULL ? item->note_en : "");
}

/* Text, and small: needs no worker. What is made of it is itself. */
static enum work_end take_captions(struct job *job, struct work_result *result)
{
    const struct library *library = job->jobs->config.library;
    struct media_record record;
    struct error error;
    char *bytes = NULL;
    size_t size = 0;

    memset(result, 0, sizeof(*result));
    bool ok = file_read(job->original, CAPTIONS_BYTES_MAX, &bytes, &size, &error) &&
              captions_check(bytes, size, &error);
    if (ok) {
        const struct media_store store = {library->media_folder, writer_take(library->writer),
                                          clock_wall_ms(&library->clock)};
        ok = media_add_document(&store, job->arena, bytes, size, CAPTIONS_TYPE, job->item.name,
                                &record, &error);
        writer_give(library->writer);
    }
    free(bytes);
    result->pages = 1;
    if (ok) {
        unlink(job->original);
        job->item.original = false;
        return WORK_DONE;
    }
    snprintf(result->note_fr, sizeof(result->note_fr), "%s", error.fr);
    snprintf(result->note_en, sizeof(result->note_en), "%s", error.en);
    return error.kind == ERROR_IO ? WORK_TROUBLE : WORK_REFUSED;
}

static enum work_end work(struct job *job, struct work_result *result)
{
    const struct jobs_config *config = &job->jobs->config;
    const struct work about = {.worker = config->worker,
                               .kind = job->item.kind,
                               .original = job->original,
                               .folder = job->folder,
                               .limit_ms = limits_ms[job->item.kind],
                               .stopping = &job->jobs->stopping,
                               .progress = handle_progress,
                               .context = job};
    struct error error;
    struct sha256 sum;

    if (!sha256_from_hex(job->item.sha256, &sum) ||
        media_path(config->library->originals, &sum, job->original, sizeof(job->original)) == NULL)
        return WORK_TROUBLE;
    if (job->item.kind == ITEM_CAPTIONS)
        return take_captions(job, result);
    snprintf(job->folder, sizeof(job->folder), "%s/%.16s", config->library->scratch,
             job->item.sha256);
    if (!folder_create(job->folder, 0700, &error)) {
        log_error(LOG_ERROR, "media_scratch", &error);
        return WORK_TROUBLE;
    }
    return work_run(&about, result);
}

/* False when nothing waits. */
static bool next(struct lane *lane)
{
    const struct library *library = lane->jobs->config.library;
    struct job job = {.jobs = lane->jobs, .arena = arena_create()};
    struct work_result *result = arena_alloc(job.arena, sizeof(*result));
    struct error error;

    bool found = media_items_take(writer_take(library->writer), job.arena, lane->kinds,
                                  clock_wall_ms(&library->clock), &job.item, &error);
    writer_give(library->writer);
    if (found) {
        settle(&job, work(&job, result), result);
        if (job.folder[0] != '\0')
            library_remove_folder(job.folder);
    } else if (error.kind != ERROR_NOT_FOUND) {
        log_error(LOG_ERROR, "media_jobs", &error);
    }
    arena_destroy(job.arena);
    return found;
}

static void tidy(struct jobs *jobs)
{
    struct error error;

    if (!uploads_expire(jobs->config.uploads, &error) ||
        !library_tidy(jobs->config.library, &error))
        log_error(LOG_WARN, "media_tidy", &error);
}

static void wait_for_kick(struct jobs *jobs, uint64_t *seen)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&jobs->lock);
    while (jobs->kicks == *seen && !atomic_load(&jobs->stopping) &&
           pthread_cond_timedwait(&jobs->wake, &jobs->lock, &until) == 0)
        continue;
    *seen = jobs->kicks;
    pthread_mutex_unlock(&jobs->lock);
}

static void *run(void *context)
{
    struct lane *lane = context;
    struct jobs *jobs = lane->jobs;
    uint64_t seen = 0;
    int64_t tidied_ms = INT64_MIN;

    while (!atomic_load(&jobs->stopping)) {
        int64_t now_ms = clock_mono_ms(&jobs->config.library->clock);
        if (lane->tidies && now_ms > tidied_ms + TIDY_S * SECOND) {
            tidy(jobs);
            tidied_ms = now_ms;
        }
        if (!next(lane))
            wait_for_kick(jobs, &seen);
    }
    return NULL;
}

struct jobs *jobs_start(const struct jobs_config *config, struct error *err)
{
    struct jobs *jobs = calloc(1, sizeof(*jobs));
    pthread_condattr_t attributes;
    int failed = 0;

    if (jobs == NULL)
        abort();
    jobs->config = *config;
    pthread_mutex_init(&jobs->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&jobs->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    jobs->lanes[0] = (struct lane){
        .jobs = jobs,
        .kinds = 1u << ITEM_PICTURE | 1u << ITEM_PAGES | 1u << ITEM_CAPTIONS,
        .tidies = true,
    };
    jobs->lanes[1] = (struct lane){.jobs = jobs, .kinds = 1u << ITEM_FILM | 1u << ITEM_SLIDES};
    for (size_t i = 0; i < 2 && failed == 0; i++) {
        failed = pthread_create(&jobs->lanes[i].thread, NULL, run, &jobs->lanes[i]);
        jobs->lanes[i].started = failed == 0;
    }
    if (failed == 0)
        return jobs;
    error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                    "cannot create a thread");
    jobs_stop(jobs);
    return NULL;
}

void jobs_kick(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->lock);
    jobs->kicks++;
    pthread_cond_broadcast(&jobs->wake);
    pthread_mutex_unlock(&jobs->lock);
}

void jobs_stop(struct jobs *jobs)
{
    if (jobs == NULL)
        return;
    atomic_store(&jobs->stopping, true);
    jobs_kick(jobs);
    for (size_t i = 0; i < 2; i++) {
        if (jobs->lanes[i].started)
            pthread_join(jobs->lanes[i].thread, NULL);
    }
    pthread_cond_destroy(&jobs->wake);
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}
