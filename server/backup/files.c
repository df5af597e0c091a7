#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.h"
#include "server/backup/internal.h"

#define PIECE (256 * 1024)

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(fd, bytes, length);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        bytes += done;
        length -= (size_t)done;
    }
    return true;
}

static bool pump_pieces(int from, int to, int64_t bytes, char *piece, struct sha256_stream *stream,
                        struct error *err)
{
    while (bytes > 0) {
        ssize_t got = read(from, piece, bytes < PIECE ? (size_t)bytes : PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(err, errno, "lecture impossible", "cannot read");
        if (got == 0)
            return error_set(err, ERROR_IO, "le fichier est plus court que prévu",
                             "the file is shorter than it should be");
        if (to >= 0 && !write_all(to, piece, (size_t)got))
            return error_set_errno(err, errno, "écriture impossible", "cannot write");
        sha256_stream_update(stream, piece, (size_t)got);
        bytes -= got;
    }
    return true;
}

bool files_pump(int from, int to, int64_t bytes, struct sha256 *sum_out, struct error *err)
{
    char *piece = malloc(PIECE);
    struct sha256_stream *stream = sha256_stream_create();

    if (piece == NULL)
        abort();
    bool ok = pump_pieces(from, to, bytes, piece, stream, err);
    if (ok)
        sha256_stream_finish(stream, sum_out);
    else
        sha256_stream_destroy(stream);
    free(piece);
    return ok;
}

bool files_copy(const char *from, const char *to, unsigned mode, int64_t *size_out,
                struct sha256 *sum_out, struct error *err)
{
    struct stat status;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = -1;
    bool ok = false;

    if (in < 0 || fstat(in, &status) != 0)
        error_set_errno(err, errno, "lecture impossible", "cannot read");
    else if ((out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)) < 0)
        error_set_errno(err, errno, "écriture impossible", "cannot write");
    else if (files_pump(in, out, status.st_size, sum_out, err))
        ok = fsync(out) == 0 || error_set_errno(err, errno, "écriture impossible", "cannot write");
    if (!ok)
        error_at(err, out < 0 ? from : to, 0);
    if (ok && size_out != NULL)
        *size_out = status.st_size;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return ok;
}

bool files_sync_folder(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some file systems cannot sync a folder and say EINVAL: then there is nothing to sync. */
    bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);

    if (!ok) {
        error_set_errno(err, errno, "écriture impossible", "cannot write");
        error_at(err, path, 0);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

/* `each` for what is in the folder and below, then for the folder itself. */
static bool walk(const char *path, bool (*each)(const char *path, bool folder, void *context),
                 void *context)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    char inner[PATH_MAX];
    struct stat status;
    bool ok = true;

    if (folder == NULL)
        return errno == ENOENT;
    while ((entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (path_join(inner, sizeof(inner), path, entry->d_name) == NULL ||
            lstat(inner, &status) != 0)
            ok = false;
        else if (S_ISDIR(status.st_mode))
            ok = walk(inner, each, context) && ok;
        else
            ok = each(inner, false, context) && ok;
    }
    closedir(folder);
    return each(path, true, context) && ok;
}

static bool remove_one(const char *path, bool folder, void *context)
{
    (void)context;
    return (folder ? rmdir(path) : unlink(path)) == 0;
}

void files_remove(const char *path)
{
    (void)walk(path, remove_one, NULL);
}

static bool give_one(const char *path, bool folder, void *context)
{
    const struct stat *owner = context;

    (void)folder;
    return lchown(path, owner->st_uid, owner->st_gid) == 0;
}

bool files_give(const char *path, uid_t user, gid_t group)
{
    struct stat owner = {.st_uid = user, .st_gid = group};

    return walk(path, give_one, &owner);
}

static bool screenshot_name_valid(const char *name)
{
    size_t length = strlen(name);

    return length > 0 && length <= 80 && name[0] != '.' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               length;
}

const char *const backup_shared[BACKUP_SHARED] = {"media", "originals"};

size_t files_shared(const char *name)
{
    for (size_t i = 0; i < BACKUP_SHARED; i++) {
        size_t length = strlen(backup_shared[i]);
        if (strncmp(name, backup_shared[i], length) == 0 && name[length] == '/')
            return length + 1;
    }
    return 0;
}

bool files_name_valid(const char *name)
{
    struct sha256 sum;
    size_t shared = files_shared(name);

    if (strcmp(name, BACKUP_DATABASE) == 0 || strcmp(name, BACKUP_KEY) == 0)
        return true;
    if (strncmp(name, "screenshots/", 12) == 0)
        return screenshot_name_valid(name + 12);
    return shared > 0 && strlen(name + shared) == 3 + 64 && name[shared + 2] == '/' &&
           sha256_from_hex(name + shared + 3, &sum) &&
           strncmp(name + shared, name + shared + 3, 2) == 0;
}

bool files_folder_of(const char *path, char *buf, size_t size)
{
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);

    return snprintf(buf, size, "%.*s", length, slash == NULL ? "." : path) < (int)size;
}
