#include "core/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096

static bool fail_read(struct error *err, int errno_value, const char *path)
{
    if (errno_value == ENOENT || errno_value == ENOTDIR) {
        error_set(err, ERROR_NOT_FOUND, "ce fichier n’existe pas", "there is no such file");
    } else {
        error_set_errno(err, errno_value, "lecture impossible", "cannot read");
    }
    error_at(err, path, 0);
    return false;
}

static bool fail_write(struct error *err, int errno_value, const char *path)
{
    error_set_errno(err, errno_value, "écriture impossible", "cannot write");
    error_at(err, path, 0);
    return false;
}

static bool fail_too_long(struct error *err, const char *path, size_t limit)
{
    error_set(err, ERROR_LIMIT, "fichier trop long : %zu octets au plus",
              "file too long: at most %zu bytes", limit);
    error_at(err, path, 0);
    return false;
}

/* Reads up to limit + 1 bytes, since a file may grow after its size was asked. */
static bool read_all(int fd, size_t expected, size_t limit, const char *path, char **bytes_out,
                     size_t *length_out, struct error *err)
{
    size_t capacity = (expected < limit ? expected : limit) + 2;
    char *bytes = malloc(capacity);
    size_t length = 0;
    while (bytes != NULL) {
        ssize_t got = read(fd, bytes + length, capacity - 1 - length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            fail_read(err, errno, path);
            break;
        }
        length += (size_t)got;
        if (length > limit) {
            fail_too_long(err, path, limit);
            break;
        }
        if (got == 0) {
            bytes[length] = '\0';
            *bytes_out = bytes;
            *length_out = length;
            return true;
        }
        if (length == capacity - 1) {
            capacity = capacity < limit / 2 ? capacity * 2 : limit + 2;
            char *more = realloc(bytes, capacity);
            if (more == NULL) {
                free(bytes);
            }
            bytes = more;
        }
    }
    if (bytes == NULL) {
        error_set(err, ERROR_LIMIT, "mémoire insuffisante pour lire ce fichier",
                  "not enough memory to read this file");
        error_at(err, path, 0);
    }
    free(bytes);
    return false;
}

bool file_read(const char *path, size_t limit, char **bytes_out, size_t *length_out,
               struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail_read(err, errno, path);
    }
    bool ok = false;
    struct stat status;
    if (fstat(fd, &status) != 0) {
        fail_read(err, errno, path);
    } else if (S_ISDIR(status.st_mode)) {
        fail_read(err, EISDIR, path);
    } else if (status.st_size > 0 && (uint64_t)status.st_size > limit) {
        fail_too_long(err, path, limit);
    } else {
        size_t expected = status.st_size > 0 ? (size_t)status.st_size : 4096;
        ok = read_all(fd, expected, limit, path, bytes_out, length_out, err);
    }
    close(fd);
    return ok;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(fd, bytes, length);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return false;
        }
        bytes += done;
        length -= (size_t)done;
    }
    return true;
}

/* Makes a rename in the folder of `path` last. */
static bool sync_folder_of(const char *path, struct error *err)
{
    char folder[PATH_SIZE];
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        snprintf(folder, sizeof folder, ".");
    } else {
        int length = slash == path ? 1 : (int)(slash - path);
        snprintf(folder, sizeof folder, "%.*s", length, path);
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail_write(err, errno, folder);
    }
    /* Some file systems cannot sync a folder and say EINVAL: then there is nothing to sync. */
    bool ok = fsync(fd) == 0 || errno == EINVAL;
    if (!ok) {
        fail_write(err, errno, folder);
    }
    close(fd);
    return ok;
}

bool file_write_atomic(const char *path, const void *bytes, size_t length, unsigned mode,
                       struct error *err)
{
    char temporary[PATH_SIZE];
    int needed = snprintf(temporary, sizeof temporary, "%s.tmp", path);
    if (needed < 0 || (size_t)needed >= sizeof temporary) {
        return fail_write(err, ENAMETOOLONG, path);
    }
    /* A left-over of a power cut may have another mode, and O_CREAT would keep it. */
    unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (fd < 0) {
        return fail_write(err, errno, temporary);
    }
    int failed = write_all(fd, bytes, length) && fsync(fd) == 0 ? 0 : errno;
    if (close(fd) != 0 && failed == 0) {
        failed = errno;
    }
    if (failed == 0 && rename(temporary, path) != 0) {
        failed = errno;
    }
    if (failed != 0) {
        unlink(temporary);
        return fail_write(err, failed, path);
    }
    return sync_folder_of(path, err);
}

bool file_commit(const char *temporary, const char *path, struct error *err)
{
    int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail_read(err, errno, temporary);
    }
    int failed = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    if (failed == 0 && rename(temporary, path) != 0) {
        failed = errno;
    }
    return failed == 0 ? sync_folder_of(path, err) : fail_write(err, failed, path);
}

bool file_exists(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

bool file_size(const char *path, int64_t *size_out)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        return false;
    }
    *size_out = status.st_size;
    return true;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool folder_create(const char *path, unsigned mode, struct error *err)
{
    char part[PATH_SIZE];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part) {
        return fail_write(err, length == 0 ? ENOENT : ENAMETOOLONG, path);
    }
    memcpy(part, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (part[i] != '/' && part[i] != '\0') {
            continue;
        }
        char kept = part[i];
        part[i] = '\0';
        int failed = mkdir(part, (mode_t)mode) == 0 ? 0 : errno;
        if (failed != 0 && !is_folder(part)) {
            int reason = failed == EEXIST ? ENOTDIR : failed;
            error_set_errno(err, reason, "ce dossier ne peut être créé",
                            "this folder cannot be made");
            error_at(err, part, 0);
            return false;
        }
        part[i] = kept;
    }
    return true;
}

char *path_join(char *buf, size_t size, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    while (name[0] == '/') {
        name++;
    }
    const char *slash = length == 0 || folder[length - 1] == '/' ? "" : "/";
    int needed = snprintf(buf, size, "%.*s%s%s", (int)length, folder, slash, name);
    return needed >= 0 && (size_t)needed < size ? buf : NULL;
}

const char *assets_folder(char *buf, size_t size)
{
    const char *given = getenv("VITRINE_ASSETS");
    if (given != NULL && given[0] != '\0') {
        int length = snprintf(buf, size, "%s", given);
        return length >= 0 && (size_t)length < size && is_folder(given) ? buf : NULL;
    }
    char program[PATH_SIZE];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return NULL;
    }
    program[length] = '\0';
    size_t source_length = strlen(VITRINE_SOURCE_DIR);
    if (strncmp(program, VITRINE_SOURCE_DIR, source_length) == 0 && program[source_length] == '/') {
        char *assets = path_join(buf, size, VITRINE_SOURCE_DIR, "assets");
        if (assets != NULL && is_folder(assets)) {
            return assets;
        }
    }
    char *slash = strrchr(program, '/');
    *slash = '\0';
    char *assets = path_join(buf, size, program, "../share/vitrine");
    return assets != NULL && is_folder(assets) ? assets : NULL;
}
