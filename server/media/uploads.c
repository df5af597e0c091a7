#include "server/media/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/files.h"
#include "core/sign.h"

#define ID_BYTES 16
#define ROOM_KEPT (INT64_C(256) * 1024 * 1024)

/* An upload that has had bytes since the server began. */
struct running {
    struct running *next;
    char *id;
    struct sha256_stream *sum; /* of `summed` bytes; NULL: must be read again */
    int64_t summed;
    struct upload_pen *pen; /* the one that may write */
};

struct upload_pen {
    struct uploads *uploads;
    struct running *running; /* NULL once another pen has it */
    int fd;
    int64_t offset;
    int64_t length; /* of the whole */
    bool out_of_room;
    char *id, *name, *site, *author;
};

struct uploads {
    const struct library *library;
    int64_t max_bytes;
    pthread_mutex_t lock; /* of the list, and of writing */
    struct running *running;
};

struct uploads *uploads_create(const struct library *library, int64_t max_bytes)
{
    struct uploads *uploads = calloc(1, sizeof(*uploads));

    if (uploads == NULL)
        abort();
    uploads->library = library;
    uploads->max_bytes = max_bytes;
    pthread_mutex_init(&uploads->lock, NULL);
    return uploads;
}

static void forget(struct uploads *uploads, const char *id)
{
    for (struct running **link = &uploads->running; *link != NULL; link = &(*link)->next) {
        struct running *running = *link;
        if (strcmp(running->id, id) != 0)
            continue;
        *link = running->next;
        if (running->pen != NULL)
            running->pen->running = NULL;
        sha256_stream_destroy(running->sum);
        free(running->id);
        free(running);
        return;
    }
}

void uploads_destroy(struct uploads *uploads)
{
    if (uploads == NULL)
        return;
    while (uploads->running != NULL)
        forget(uploads, uploads->running->id);
    pthread_mutex_destroy(&uploads->lock);
    free(uploads);
}

int64_t uploads_max_bytes(const struct uploads *uploads)
{
    return uploads->max_bytes;
}

static void upload_path(const struct uploads *uploads, const char *id, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%s", uploads->library->uploads, id);
}

/* Bytes that unfinished uploads have announced and not yet brought. */
static int64_t still_to_come(struct uploads *uploads, const struct upload_row_list *rows)
{
    int64_t sum = 0;

    for (size_t i = 0; i < rows->count; i++) {
        char path[PATH_MAX];
        int64_t size = 0;
        upload_path(uploads, rows->items[i].id, path);
        if (file_size(path, &size))
            sum += rows->items[i].length - size;
    }
    return sum;
}

static bool has_room(struct uploads *uploads, struct db *db, struct arena *arena, int64_t length,
                     enum upload_room *room_out, struct error *err)
{
    struct upload_row_list all;
    struct statvfs disk;

    if (!uploads_list(db, arena, NULL, &all, err))
        return false;
    if (statvfs(uploads->library->uploads, &disk) != 0)
        return error_set_errno(err, errno, "la place sur le disque n’est pas connue",
                               "the room on the disk is not known");
    int64_t left = (int64_t)(disk.f_bavail * disk.f_frsize) - still_to_come(uploads, &all);
    *room_out = left - length >= ROOM_KEPT ? UPLOAD_FITS : UPLOAD_NO_ROOM;
    return true;
}

static bool check_quota(struct uploads *uploads, struct db *db, struct arena *arena,
                        const char *author, struct error *err)
{
    struct upload_row_list own;
    int open = 0;

    if (!uploads_list(db, arena, author, &own, err))
        return false;
    for (size_t i = 0; i < own.count; i++) {
        char path[PATH_MAX];
        upload_path(uploads, own.items[i].id, path);
        open += file_exists(path); /* not one that was given up */
    }
    return open < UPLOADS_OF_ONE ||
           error_set(err, ERROR_CONFLICT,
                     "vous avez %d envois inachevés ; finissez-les ou annulez-en un",
                     "you have %d unfinished uploads; finish them or cancel one", open);
}

static bool make_file(struct uploads *uploads, const char *id, struct error *err)
{
    char path[PATH_MAX];

    upload_path(uploads, id, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set_errno(err, errno, "l’envoi ne peut pas commencer",
                               "the upload cannot begin");
    close(fd);
    return true;
}

bool uploads_start(struct uploads *uploads, struct arena *arena, const struct received *about,
                   int64_t length, enum upload_room *room_out, struct upload *out,
                   struct error *err)
{
    int64_t now_ms = clock_wall_ms(&uploads->library->clock);
    char *id = arena_alloc(arena, 2 * ID_BYTES + 1);

    *room_out = UPLOAD_FITS;
    if (length > uploads->max_bytes)
        return error_set(err, ERROR_LIMIT, "fichier de %lld Mo ; %lld au plus",
                         "file of %lld MB; at most %lld", (long long)(length / 1048576),
                         (long long)(uploads->max_bytes / 1048576));
    random_token(id, ID_BYTES);
    *out = (struct upload){.row = {.id = id,
                                   .user_name = about->author,
                                   .name = about->name,
                                   .site = about->site,
                                   .length = length,
                                   .created_ms = now_ms,
                                   .expires_ms = now_ms + UPLOAD_KEPT_MS}};
    struct db *db = writer_take(uploads->library->writer);
    bool ok = check_quota(uploads, db, arena, about->author, err) &&
              has_room(uploads, db, arena, length, room_out, err);
    if (ok && *room_out == UPLOAD_FITS)
        ok = make_file(uploads, id, err) && uploads_put(db, &out->row, err);
    writer_give(uploads->library->writer);
    return ok;
}

bool uploads_find(struct uploads *uploads, struct arena *arena, const char *user, const char *id,
                  struct upload *out, struct error *err)
{
    char path[PATH_MAX];

    struct db *db = writer_take(uploads->library->writer);
    bool ok = uploads_get(db, arena, id, &out->row, err);
    writer_give(uploads->library->writer);
    if (!ok)
        return false;
    upload_path(uploads, out->row.id, path);
    return (strcmp(out->row.user_name, user) == 0 &&
            out->row.expires_ms > clock_wall_ms(&uploads->library->clock) &&
            file_size(path, &out->offset)) ||
           error_set(err, ERROR_NOT_FOUND, "cet envoi n’existe pas, ou n’existe plus",
                     "there is no such upload, or no longer");
}

/* With the writer held. */
static bool drop(struct uploads *uploads, struct db *db, const char *id, struct error *err)
{
    char path[PATH_MAX];

    pthread_mutex_lock(&uploads->lock);
    forget(uploads, id);
    pthread_mutex_unlock(&uploads->lock);
    upload_path(uploads, id, path);
    unlink(path);
    return uploads_delete(db, id, err);
}

bool uploads_cancel(struct uploads *uploads, struct arena *arena, const char *user, const char *id,
                    struct error *err)
{
    struct upload upload;

    if (!uploads_find(uploads, arena, user, id, &upload, err))
        return false;
    bool ok = drop(uploads, writer_take(uploads->library->writer), id, err);
    writer_give(uploads->library->writer);
    return ok;
}

static struct running *find_running(struct uploads *uploads, const char *id)
{
    struct running *running = uploads->running;

    while (running != NULL && strcmp(running->id, id) != 0)
        running = running->next;
    if (running == NULL) {
        running = calloc(1, sizeof(*running));
        if (running == NULL || (running->id = strdup(id)) == NULL)
            abort();
        running->next = uploads->running;
        uploads->running = running;
    }
    return running;
}

static char *copy(const char *text)
{
    char *copied = strdup(text);

    if (copied == NULL)
        abort();
    return copied;
}

static bool check_span(const struct upload *upload, int64_t offset, int64_t length,
                       struct error *err)
{
    if (offset != upload->offset)
        return error_set(err, ERROR_CONFLICT, "l’envoi en est à l’octet %lld, pas %lld",
                         "the upload stands at byte %lld, not %lld", (long long)upload->offset,
                         (long long)offset);
    return length <= upload->row.length - offset ||
           error_set(err, ERROR_LIMIT, "plus d’octets que la taille annoncée",
                     "more bytes than the size that was announced");
}

bool uploads_open(struct uploads *uploads, const struct upload *upload, int64_t offset,
                  int64_t length, struct upload_pen **pen_out, struct error *err)
{
    struct upload_row row = upload->row;
    char path[PATH_MAX];

    if (!check_span(upload, offset, length, err))
        return false;
    row.expires_ms = clock_wall_ms(&uploads->library->clock) + UPLOAD_KEPT_MS;
    bool kept = uploads_put(writer_take(uploads->library->writer), &row, err);
    writer_give(uploads->library->writer);
    if (!kept)
        return false;
    upload_path(uploads, upload->row.id, path);
    struct upload_pen *pen = calloc(1, sizeof(*pen));
    if (pen == NULL)
        abort();
    pthread_mutex_lock(&uploads->lock);
    struct running *running = find_running(uploads, upload->row.id);
    if (running->pen != NULL)
        running->pen->running = NULL;
    running->pen = pen;
    if (running->sum == NULL && offset == 0) {
        running->sum = sha256_stream_create();
        running->summed = 0;
    }
    *pen = (struct upload_pen){.uploads = uploads,
                               .running = running,
                               .fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC),
                               .offset = offset,
                               .length = upload->row.length,
                               .id = copy(upload->row.id),
                               .name = copy(upload->row.name),
                               .site = copy(upload->row.site),
                               .author = copy(upload->row.user_name)};
    /* The one before may have written since the upload was looked at. */
    struct stat status;
    bool ok = pen->fd >= 0 && fstat(pen->fd, &status) == 0 && status.st_size == offset;
    pthread_mutex_unlock(&uploads->lock);
    if (!ok) {
        upload_close(pen);
        return error_set(err, ERROR_CONFLICT,
                         "l’envoi a avancé entre-temps ; demandez où il en est",
                         "the upload has moved on meanwhile; ask where it stands");
    }
    *pen_out = pen;
    return true;
}

/* What could not be written whole is taken back, so that file and hash stand at one place. */
static bool append(struct upload_pen *pen, const char *bytes, size_t size, struct error *err)
{
    size_t done = 0;

    while (done < size) {
        ssize_t written = write(pen->fd, bytes + done, size - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            int problem = errno;
            pen->out_of_room = problem == ENOSPC || problem == EDQUOT;
            if (ftruncate(pen->fd, pen->offset) != 0)
                pen->running->summed = -1; /* read again at the end */
            return error_set_errno(err, problem, "l’envoi ne peut pas être enregistré",
                                   "the upload cannot be stored");
        }
        done += (size_t)written;
    }
    return true;
}

bool upload_write(struct upload_pen *pen, const void *bytes, size_t size, struct error *err)
{
    struct uploads *uploads = pen->uploads;

    if ((int64_t)size > pen->length - pen->offset)
        return check_span(&(struct upload){.row = {.length = pen->length}, .offset = pen->offset},
                          pen->offset, (int64_t)size, err);
    pthread_mutex_lock(&uploads->lock);
    struct running *running = pen->running;
    bool ok = running != NULL ||
              error_set(err, ERROR_CONFLICT, "un autre envoi du même fichier a pris la suite",
                        "another request has taken the upload over");
    ok = ok && append(pen, bytes, size, err);
    if (ok && running->sum != NULL && running->summed == pen->offset) {
        sha256_stream_update(running->sum, bytes, size);
        running->summed += (int64_t)size;
    }
    if (ok)
        pen->offset += (int64_t)size;
    pthread_mutex_unlock(&uploads->lock);
    return ok;
}

bool upload_out_of_room(const struct upload_pen *pen)
{
    return pen->out_of_room;
}

int64_t upload_offset(const struct upload_pen *pen)
{
    return pen->offset;
}

void upload_close(struct upload_pen *pen)
{
    pthread_mutex_lock(&pen->uploads->lock);
    if (pen->running != NULL)
        pen->running->pen = NULL;
    pthread_mutex_unlock(&pen->uploads->lock);
    if (pen->fd >= 0)
        close(pen->fd);
    free(pen->id);
    free(pen->name);
    free(pen->site);
    free(pen->author);
    free(pen);
}

void upload_abandon(struct upload_pen *pen)
{
    char path[PATH_MAX];

    upload_path(pen->uploads, pen->id, path);
    pthread_mutex_lock(&pen->uploads->lock);
    forget(pen->uploads, pen->id);
    pthread_mutex_unlock(&pen->uploads->lock);
    unlink(path);
    upload_close(pen);
}

/* From what has passed, or by reading it all again: the server was restarted in between. */
static bool sum_of(struct upload_pen *pen, const char *path, struct sha256 *sum_out,
                   struct error *err)
{
    pthread_mutex_lock(&pen->uploads->lock);
    struct running *running = pen->running;
    bool passed = running != NULL && running->sum != NULL && running->summed == pen->length;
    if (passed) {
        sha256_stream_finish(running->sum, sum_out);
        running->sum = NULL;
    }
    pthread_mutex_unlock(&pen->uploads->lock);
    return passed || sha256_of_file(path, sum_out, err);
}

bool upload_finish(struct upload_pen *pen, struct arena *arena, struct media_item *out,
                   struct error *err)
{
    struct uploads *uploads = pen->uploads;
    const struct received about = {pen->name, pen->site, pen->author};
    char path[PATH_MAX];
    struct sha256 sum;

    upload_path(uploads, pen->id, path);
    bool ok = sum_of(pen, path, &sum, err) &&
              library_receive(uploads->library, arena, path, &sum, &about, out, err);
    if (ok) {
        ok = drop(uploads, writer_take(uploads->library->writer), pen->id, err);
        writer_give(uploads->library->writer);
    }
    upload_close(pen);
    return ok;
}

bool uploads_expire(struct uploads *uploads, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&uploads->library->clock);
    struct arena *arena = arena_create();
    struct upload_row_list all;
    struct db *db = writer_take(uploads->library->writer);
    bool ok = uploads_list(db, arena, NULL, &all, err);

    for (size_t i = 0; ok && i < all.count; i++) {
        if (all.items[i].expires_ms <= now_ms)
            ok = drop(uploads, db, all.items[i].id, err);
    }
    writer_give(uploads->library->writer);
    arena_destroy(arena);
    return ok;
}
