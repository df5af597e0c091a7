#include "server/media/library.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.h"
#include "core/log.h"
#include "server/media/sniff.h"
#include "server/store/uploads.h"

#define REFUSED_KEPT_MS (INT64_C(30) * 24 * 3600 * 1000)

/* Calls visit for each entry of the folder; a folder that is not there has none. */
static void each_file(const char *folder, void (*visit)(const char *path, void *context),
                      void *context)
{
    char path[PATH_MAX];
    DIR *stream = opendir(folder);
    struct dirent *entry;

    while (stream != NULL && (entry = readdir(stream)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            path_join(path, sizeof(path), folder, entry->d_name) != NULL)
            visit(path, context);
    }
    if (stream != NULL)
        closedir(stream);
}

static void remove_tree(const char *path, void *context)
{
    (void)context;
    if (unlink(path) == 0)
        return;
    each_file(path, remove_tree, NULL);
    rmdir(path);
}

void library_remove_folder(const char *path)
{
    remove_tree(path, NULL);
}

struct sweep {
    struct db *db;
    struct arena *arena;
};

static const char *last_part(const char *path)
{
    return strrchr(path, '/') + 1;
}

static void sweep_original(const char *path, void *context)
{
    struct sweep *sweep = context;
    struct media_item item;
    struct error error;

    if (!media_items_get(sweep->db, sweep->arena, last_part(path), &item, &error) &&
        error.kind == ERROR_NOT_FOUND)
        unlink(path);
}

static void sweep_originals(const char *path, void *context)
{
    each_file(path, sweep_original, context);
}

static void sweep_upload(const char *path, void *context)
{
    struct sweep *sweep = context;
    struct upload_row row;
    struct error error;

    if (!uploads_get(sweep->db, sweep->arena, last_part(path), &row, &error) &&
        error.kind == ERROR_NOT_FOUND)
        unlink(path);
}

bool library_open(const struct library *library, struct error *err)
{
    if (!folder_create(library->originals, 0700, err) ||
        !folder_create(library->uploads, 0700, err) || !folder_create(library->scratch, 0700, err))
        return false;
    each_file(library->scratch, remove_tree, NULL);
    struct db *db = writer_take(library->writer);
    struct sweep sweep = {db, arena_create()};
    bool ok = media_items_resume(db, err);
    if (ok) {
        each_file(library->originals, sweep_originals, &sweep);
        each_file(library->uploads, sweep_upload, &sweep);
    }
    writer_give(library->writer);
    arena_destroy(sweep.arena);
    return ok;
}

static size_t read_start(const char *path, unsigned char bytes[SNIFF_BYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, bytes, SNIFF_BYTES) : 0;

    if (fd >= 0)
        close(fd);
    return got > 0 ? (size_t)got : 0;
}

/* Into place under its hash, or away when it is not to be kept. */
static bool settle(const struct library *library, const char *path, const struct sha256 *sha256,
                   bool keep, struct error *err)
{
    char place[PATH_MAX], folder[PATH_MAX];

    if (!keep) {
        unlink(path);
        return true;
    }
    if (media_path(library->originals, sha256, place, sizeof(place)) == NULL)
        return error_set(err, ERROR_LIMIT, "chemin du dossier des originaux trop long",
                         "path of the folder of originals too long");
    snprintf(folder, sizeof(folder), "%s", place);
    *strrchr(folder, '/') = '\0';
    return folder_create(folder, 0700, err) && file_commit(path, place, err);
}

static void describe(const char *path, const struct received *about, struct arena *arena,
                     struct media_item *item)
{
    unsigned char start[SNIFF_BYTES];
    struct sniffed sniffed = {.type = "application/octet-stream"};
    struct error why;
    size_t size = read_start(path, start);

    if (sniff(start, size, about->name, &sniffed, &why)) {
        item->state = ITEM_RECEIVED;
    } else {
        item->state = ITEM_REFUSED;
        item->note_fr = arena_strdup(arena, why.fr);
        item->note_en = arena_strdup(arena, why.en);
    }
    item->kind = sniffed.kind;
    item->type = sniffed.type;
    item->original = true;
}

static bool find_item(const struct library *library, struct arena *arena, const char *sha256,
                      bool *known_out, struct media_item *out, struct error *err)
{
    struct error cause;

    *known_out = media_items_get(writer_take(library->writer), arena, sha256, out, &cause);
    writer_give(library->writer);
    if (*known_out || cause.kind == ERROR_NOT_FOUND)
        return true;
    if (err != NULL)
        *err = cause;
    return false;
}

bool library_receive(const struct library *library, struct arena *arena, const char *path,
                     const struct sha256 *sha256, const struct received *about,
                     struct media_item *out, struct error *err)
{
    struct media_item item;
    char hex[SHA256_HEX_SIZE];
    bool known;

    sha256_to_hex(sha256, hex);
    if (!find_item(library, arena, hex, &known, &item, err))
        return false;
    if (known && item.state != ITEM_REFUSED) {
        unlink(path);
        *out = item;
        return true;
    }
    int64_t now_ms = clock_wall_ms(&library->clock);
    if (!known)
        item = (struct media_item){.sha256 = arena_strdup(arena, hex),
                                   .name = arena_strdup(arena, about->name),
                                   .site = arena_strdup(arena, about->site),
                                   .author = arena_strdup(arena, about->author),
                                   .alt = "",
                                   .credit = "",
                                   .created_ms = now_ms};
    item.tries = 0;
    item.progress = 0;
    item.updated_ms = now_ms;
    item.note_fr = item.note_en = "";
    if (!file_size(path, &item.size))
        return error_set(err, ERROR_IO, "l’envoi n’est plus là", "the upload is gone");
    describe(path, about, arena, &item);
    /* The disk's time is not the writer's. */
    if (!settle(library, path, sha256, item.state == ITEM_RECEIVED, err))
        return false;
    bool ok = media_items_put(writer_take(library->writer), &item, err);
    writer_give(library->writer);
    *out = item;
    return ok;
}

static void unlink_media(const char *folder, const char *sha256)
{
    char path[PATH_MAX];
    struct sha256 sum;

    if (sha256_from_hex(sha256, &sum) && media_path(folder, &sum, path, sizeof(path)) != NULL)
        unlink(path);
}

/* A rendition of two items, or one that was loaded as a media of its own, stays. */
static bool remove_rendition(const struct library *library, struct db *db, struct arena *arena,
                             const char *sha256, struct error *err)
{
    struct media_item item;
    struct error cause;
    int64_t others;

    if (!renditions_count(db, sha256, &others, err))
        return false;
    if (others > 0 || media_items_get(db, arena, sha256, &item, &cause))
        return true;
    if (!media_records_delete(db, sha256, err))
        return false;
    unlink_media(library->media_folder, sha256);
    return true;
}

static bool check_unused(struct db *db, struct arena *arena, const char *sha256, struct error *err)
{
    struct media_use_list uses;

    if (!media_uses(db, arena, sha256, &uses, err))
        return false;
    return uses.count == 0 || error_set(err, ERROR_CONFLICT, "ce média sert encore à « %s » (%s)",
                                        "this media is still used by \"%s\" (%s)",
                                        uses.items[0].title, uses.items[0].kind);
}

/* Its pages and posters may be named apart from it. */
static bool check_renditions_unused(struct db *db, struct arena *arena,
                                    const struct rendition_list *renditions, struct error *err)
{
    for (size_t i = 0; i < renditions->count; i++) {
        if (!check_unused(db, arena, renditions->items[i].sha256, err))
            return false;
    }
    return true;
}

bool library_remove(const struct library *library, struct db *db, struct arena *arena,
                    const char *sha256, struct error *err)
{
    struct rendition_list renditions;
    struct media_item item;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = media_items_get(db, arena, sha256, &item, err) &&
              (item.state != ITEM_PROCESSING ||
               error_set(err, ERROR_CONFLICT, "ce média est en préparation ; attendez la fin",
                         "this media is being prepared; wait for the end")) &&
              renditions_list(db, arena, sha256, &renditions, err) &&
              check_unused(db, arena, sha256, err) &&
              check_renditions_unused(db, arena, &renditions, err) &&
              media_items_delete(db, sha256, err);
    for (size_t i = 0; ok && i < renditions.count; i++) {
        ok = remove_rendition(library, db, arena, renditions.items[i].sha256, err);
    }
    if (ok && !item.original)
        ok = remove_rendition(library, db, arena, sha256, err);
    ok = db_leave(db, own, ok, err);
    if (ok && item.original)
        unlink_media(library->originals, sha256);
    return ok;
}

bool library_tidy(const struct library *library, struct error *err)
{
    struct arena *arena = arena_create();
    struct media_item_list stale;
    struct db *db = writer_take(library->writer);
    bool ok =
        media_items_stale(db, arena, clock_wall_ms(&library->clock) - REFUSED_KEPT_MS, &stale, err);

    for (size_t i = 0; ok && i < stale.count; i++)
        ok = media_items_delete(db, stale.items[i].sha256, err);
    writer_give(library->writer);
    arena_destroy(arena);
    return ok;
}
