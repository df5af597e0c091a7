#include "server/fleet/screenshot.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/files.h"
#include "server/media/picture_header.h"

static bool check_wanted(struct db *db, struct arena *arena, const char *screen, const char *id,
                         int64_t now_ms, struct error *err)
{
    struct wanted wanted;

    if (!wanted_find(db, arena, screen, WANTED_SCREENSHOT, now_ms, &wanted, err) &&
        err->kind != ERROR_NOT_FOUND)
        return false;
    if (err->kind != ERROR_NOT_FOUND && strcmp(wanted.id, id) == 0)
        return true;
    return error_set(err, ERROR_NOT_FOUND, "cette photo de l’écran n’est pas ou plus demandée",
                     "this picture of the screen is not wanted, or not any more");
}

static bool check_picture(const void *bytes, size_t size, struct picture_header *header_out,
                          struct error *err)
{
    if (!picture_header_read(bytes, size, SCREENSHOT_PIXELS_MAX, header_out, err)) {
        err->kind = ERROR_INVALID; /* "too long" is of bytes, and said before */
        return false;
    }
    return strcmp(header_out->type, "image/jpeg") == 0 ||
           error_set(err, ERROR_INVALID, "il faut une image JPEG, et c’est %s",
                     "a JPEG is needed, and this is %s", header_out->type);
}

/* Looked at again: the screen may have been asked anew, or given up, while the file was written. */
static bool record(struct db *db, struct arena *arena, const struct screenshot *screenshot,
                   struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    error_clear(err);
    bool ok =
        check_wanted(db, arena, screenshot->screen, screenshot->id, screenshot->received_ms, err) &&
        screenshots_put(db, screenshot, err) &&
        wanted_end(db, screenshot->screen, screenshot->id, WANTED_DONE, "", screenshot->received_ms,
                   err);
    return db_leave(db, own, ok, err);
}

static bool take(struct writer *writer, struct arena *arena, const char *folder, const char *screen,
                 const char *id, const void *bytes, size_t size, int64_t now_ms, struct error *err)
{
    struct picture_header header;
    char path[4096];

    error_clear(err);
    bool ok = check_wanted(writer_take(writer), arena, screen, id, now_ms, err);
    writer_give(writer);
    if (!ok || !check_picture(bytes, size, &header, err))
        return false;
    if (screenshot_path(folder, screen, path, sizeof(path)) == NULL)
        return error_set(err, ERROR_INTERNAL, "le chemin de la photo est trop long",
                         "the picture's path is too long");
    if (!folder_create(folder, 0700, err) || !file_write_atomic(path, bytes, size, 0600, err))
        return false;
    ok = record(writer_take(writer), arena,
                &(struct screenshot){.screen = screen,
                                     .id = id,
                                     .received_ms = now_ms,
                                     .width = header.width,
                                     .height = header.height,
                                     .size = (int64_t)size},
                err);
    writer_give(writer);
    return ok;
}

/* One at a time: a player that asks again before it was answered would write the same file. */
bool screenshot_take(struct writer *writer, struct arena *arena, const char *folder,
                     const char *screen, const char *id, const void *bytes, size_t size,
                     int64_t now_ms, struct error *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&lock);
    bool ok = take(writer, arena, folder, screen, id, bytes, size, now_ms, err);
    pthread_mutex_unlock(&lock);
    return ok;
}

/* An id is [a-z0-9-] (server/content): it cannot lead out of the folder. */
char *screenshot_path(const char *folder, const char *screen, char *buf, size_t size)
{
    char name[96];

    if (snprintf(name, sizeof(name), "%s.jpg", screen) >= (int)sizeof(name))
        return NULL;
    return path_join(buf, size, folder, name);
}
