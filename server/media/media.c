#include "server/media/media.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.h"
#include "core/source.h"
#include "server/media/picture_header.h"
#include "server/store/media_items.h"

#define MEDIA_PATH_MAX 4096
#define PIECE_BYTES ((size_t)256 * 1024)

char *media_path(const char *folder, const struct sha256 *sha256, char *buf, size_t size)
{
    char hex[SHA256_HEX_SIZE];

    sha256_to_hex(sha256, hex);
    int length = snprintf(buf, size, "%s/%.2s/%s", folder, hex, hex);
    return length > 0 && (size_t)length < size ? buf : NULL;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/* What is written: bytes, or (bytes NULL) the rest of an open file of that size. */
struct content {
    const char *bytes;
    size_t size;
    FILE *file;
    const struct sha256 *sum; /* of the file: it may change while it is copied */
};

static bool copy_file(int fd, const struct content *content)
{
    struct sha256_stream *stream = sha256_stream_create();
    struct sha256 sum;
    char *piece = malloc(PIECE_BYTES);
    size_t got;
    bool ok = piece != NULL;

    rewind(content->file);
    while (ok && (got = fread(piece, 1, PIECE_BYTES, content->file)) > 0) {
        sha256_stream_update(stream, piece, got);
        ok = write_all(fd, piece, got);
    }
    free(piece);
    sha256_stream_finish(stream, &sum);
    if (ok && (ferror(content->file) || !sha256_equal(&sum, content->sum))) {
        errno = EIO;
        ok = false;
    }
    return ok;
}

/* The part file has the process's number in its name: an import may run beside the server. */
static bool store_content(const char *path, const struct content *content, struct error *err)
{
    char part[MEDIA_PATH_MAX + 32];

    snprintf(part, sizeof(part), "%s.%ld.part", path, (long)getpid());
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return error_set_errno(err, errno, "le média ne peut pas être enregistré",
                               "the media file cannot be stored");
    bool ok =
        content->bytes ? write_all(fd, content->bytes, content->size) : copy_file(fd, content);
    int problem = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        problem = errno;
    }
    if (ok && file_commit(part, path, err))
        return true;
    if (!ok)
        error_set_errno(err, problem, "le média ne peut pas être enregistré",
                        "the media file cannot be stored");
    unlink(part);
    return false;
}

/* A file of another length is what is left of a crash of an older file system: written again. */
static bool is_stored(const char *path, size_t size)
{
    int64_t found;

    return file_size(path, &found) && found == (int64_t)size;
}

/* What is added as it is, is its own rendition, unless people have sent it already. */
static bool note_item(const struct media_store *store, struct arena *arena,
                      const struct media_record *record, enum item_kind kind, int64_t length_ms,
                      struct error *err)
{
    struct media_item item;
    struct error cause;

    if (media_items_get(store->db, arena, record->sha256, &item, &cause))
        return true;
    if (cause.kind != ERROR_NOT_FOUND) {
        if (err != NULL)
            *err = cause;
        return false;
    }
    item = (struct media_item){.sha256 = record->sha256,
                               .kind = kind,
                               .state = ITEM_READY,
                               .type = record->type,
                               .name = record->name,
                               .size = record->size,
                               .width = record->width,
                               .height = record->height,
                               .length_ms = length_ms,
                               .pages = 1,
                               .progress = 100,
                               .created_ms = record->created_ms,
                               .updated_ms = record->created_ms};
    return media_items_put(store->db, &item, err);
}

/* Where it belongs; its folder is there then. */
static bool make_place(const char *media_folder, const struct sha256 *sum,
                       char path[MEDIA_PATH_MAX], struct error *err)
{
    char folder[MEDIA_PATH_MAX];

    if (!media_path(media_folder, sum, path, MEDIA_PATH_MAX))
        return error_set(err, ERROR_LIMIT, "chemin du dossier des médias trop long",
                         "path of the media folder too long");
    snprintf(folder, sizeof(folder), "%s", path);
    *strrchr(folder, '/') = '\0';
    return folder_create(folder, 0755, err);
}

static bool add_content(const struct media_store *store, struct arena *arena,
                        const struct content *content, const struct media_record *about,
                        struct media_record *out, struct error *err)
{
    char path[MEDIA_PATH_MAX];
    char hex[SHA256_HEX_SIZE];
    enum upsert_result result;

    if (!make_place(store->folder, content->sum, path, err) ||
        (!is_stored(path, content->size) && !store_content(path, content, err))) {
        error_at(err, path, 0);
        return false;
    }
    struct media_record record = *about;
    sha256_to_hex(content->sum, hex);
    record.sha256 = arena_strdup(arena, hex);
    record.size = (int64_t)content->size;
    record.created_ms = store->now_ms;
    return media_records_add(store->db, arena, &record, &result, err) &&
           media_records_get(store->db, arena, hex, out, err);
}

bool media_adopt(const char *folder, const char *path, struct sha256 *sha256_out, int64_t *size_out,
                 struct error *err)
{
    char place[MEDIA_PATH_MAX];

    return sha256_of_file(path, sha256_out, err) &&
           (file_size(path, size_out) ||
            error_set(err, ERROR_IO, "le fichier n’est plus là", "the file is gone")) &&
           make_place(folder, sha256_out, place, err) &&
           (chmod(path, 0644) == 0 || error_set_errno(err, errno, "droits du fichier refusés",
                                                      "the file's mode cannot be set")) &&
           file_commit(path, place, err);
}

static bool add(const struct media_store *store, struct arena *arena, const void *bytes,
                size_t size, const struct media_record *about, struct media_record *out,
                struct error *err)
{
    struct sha256 sum;
    const struct content content = {.bytes = bytes, .size = size, .sum = &sum};

    sha256_of(bytes, size, &sum);
    return add_content(store, arena, &content, about, out, err);
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

bool media_add_bytes(const struct media_store *store, struct arena *arena, const void *bytes,
                     size_t size, const char *name, struct media_record *out, struct error *err)
{
    struct picture_header header;

    if (size > MEDIA_BYTES_MAX)
        return error_set(err, ERROR_LIMIT, "image trop lourde : %zu Mo ; %d au plus",
                         "picture too heavy: %zu MB; %d at most", size / 1048576,
                         MEDIA_BYTES_MAX / 1048576);
    if (!picture_header_read(bytes, size, MEDIA_PIXELS_MAX, &header, err))
        return false;
    const struct media_record about = {
        .type = header.type, .width = header.width, .height = header.height, .name = name};
    return add(store, arena, bytes, size, &about, out, err) &&
           note_item(store, arena, out, ITEM_PICTURE, 0, err);
}

bool media_add_file(const struct media_store *store, struct arena *arena, const char *path,
                    struct media_record *out, struct error *err)
{
    char *bytes;
    size_t size;

    if (!source_check(path, err) || !file_read(path, MEDIA_BYTES_MAX, &bytes, &size, err))
        return false;
    bool ok = media_add_bytes(store, arena, bytes, size, name_of(path), out, err);
    free(bytes);
    if (!ok)
        error_at(err, path, 0);
    return ok;
}

bool media_add_document(const struct media_store *store, struct arena *arena, const void *bytes,
                        size_t size, const char *type, const char *name, struct media_record *out,
                        struct error *err)
{
    const struct media_record about = {.type = type, .name = name};

    return add(store, arena, bytes, size, &about, out, err);
}

bool media_forget(const struct media_store *store, const char *sha256, struct error *err)
{
    char path[MEDIA_PATH_MAX];
    struct sha256 sum;

    if (!media_records_delete(store->db, sha256, err))
        return false;
    if (sha256_from_hex(sha256, &sum) && media_path(store->folder, &sum, path, sizeof(path)))
        unlink(path);
    return true;
}

static bool add_film(const struct media_store *store, struct arena *arena, const char *path,
                     const struct film_header *header, struct media_record *out, struct error *err)
{
    struct sha256 sum;
    int64_t size = 0;

    if (!sha256_of_file(path, &sum, err))
        return false;
    if (!file_size(path, &size) || size > MEDIA_FILM_BYTES_MAX)
        return error_set(err, ERROR_LIMIT, "film trop lourd : %lld Mo ; %d au plus",
                         "film too heavy: %lld MB; %d at most", (long long)(size / 1048576),
                         (int)(MEDIA_FILM_BYTES_MAX / 1048576));
    FILE *file = fopen(path, "rbe");
    if (!file)
        return error_set_errno(err, errno, "le film ne peut pas être lu",
                               "the film cannot be read");
    const struct content content = {.size = (size_t)size, .file = file, .sum = &sum};
    const struct media_record about = {.type = header->type,
                                       .width = header->width,
                                       .height = header->height,
                                       .name = name_of(path)};
    bool ok = add_content(store, arena, &content, &about, out, err) &&
              note_item(store, arena, out, ITEM_FILM, header->length_ms, err);
    fclose(file);
    return ok;
}

bool media_add_film(const struct media_store *store, struct arena *arena, const char *path,
                    struct media_record *out, struct film_header *header_out, struct error *err)
{
    bool ok = source_check(path, err) && film_header_read(path, header_out, err) &&
              add_film(store, arena, path, header_out, out, err);

    if (!ok)
        error_at(err, path, 0);
    return ok;
}

bool media_add_captions(const struct media_store *store, struct arena *arena, const char *path,
                        struct media_record *out, struct error *err)
{
    const struct media_record about = {.type = CAPTIONS_TYPE, .name = name_of(path)};
    char *bytes = NULL;
    size_t size = 0;
    bool ok = source_check(path, err) && file_read(path, CAPTIONS_BYTES_MAX, &bytes, &size, err) &&
              captions_check(bytes, size, err) &&
              add(store, arena, bytes, size, &about, out, err) &&
              note_item(store, arena, out, ITEM_CAPTIONS, 0, err);

    free(bytes);
    if (!ok)
        error_at(err, path, 0);
    return ok;
}
