#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.h"
#include "server/backup/internal.h"

#define MANIFEST_MAX (512 * 1024 * 1024)

bool backup_newest_name(const char *folder, char buf[BACKUP_NAME_SIZE])
{
    char sets[PATH_MAX];
    struct dirent *entry;
    int64_t ms;

    buf[0] = '\0';
    DIR *all = path_join(sets, sizeof(sets), folder, BACKUP_SETS) != NULL ? opendir(sets) : NULL;
    while (all != NULL && (entry = readdir(all)) != NULL) {
        if (backup_name_parse(entry->d_name, &ms) && strcmp(entry->d_name, buf) > 0)
            snprintf(buf, BACKUP_NAME_SIZE, "%.*s", BACKUP_NAME_SIZE - 1, entry->d_name);
    }
    if (all != NULL)
        closedir(all);
    return buf[0] != '\0';
}

bool backup_newest(const char *folder, int64_t *created_ms_out)
{
    char name[BACKUP_NAME_SIZE];

    return backup_newest_name(folder, name) && backup_name_parse(name, created_ms_out);
}

static bool refuse(const char *from, struct error *err)
{
    error_set(err, ERROR_INVALID,
              "il n’y a pas de sauvegarde entière ici : donnez le dossier ou l’archive .tar que "
              "« vitrine-server backup » a écrit",
              "there is no whole backup here: give the folder or the .tar archive that "
              "\"vitrine-server backup\" wrote");
    error_at(err, from, 0);
    return false;
}

/* A set, or a folder with sets, of which the newest is meant. */
static bool find_set(struct backup_source *source, const char *from, struct error *err)
{
    char sets[PATH_MAX], name[BACKUP_NAME_SIZE], path[PATH_MAX];

    if (path_join(path, sizeof(path), from, BACKUP_MANIFEST) != NULL && file_exists(path)) {
        /* media/ is two folders up from sets/<instant>; beside the manifest where an archive has
         * been unpacked. */
        if (path_join(path, sizeof(path), from, backup_shared[0]) != NULL && file_exists(path))
            snprintf(source->media, sizeof(source->media), "%s", from);
        else if (path_join(source->media, sizeof(source->media), from, "../..") == NULL)
            return refuse(from, err);
        snprintf(source->folder, sizeof(source->folder), "%s", from);
        return true;
    }
    if (!backup_newest_name(from, name) ||
        path_join(sets, sizeof(sets), from, BACKUP_SETS) == NULL ||
        path_join(source->folder, sizeof(source->folder), sets, name) == NULL)
        return refuse(from, err);
    snprintf(source->media, sizeof(source->media), "%s", from);
    return true;
}

static const struct tar_entry *find_entry(const struct tar_index *index, const char *name)
{
    size_t low = 0, high = index->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, index->entries[middle].name);
        if (order == 0)
            return &index->entries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* Opens one file at its beginning; the size is the file's or the archive's word. */
static int open_file(struct backup_source *source, const char *name, int64_t *size_out,
                     struct error *err)
{
    char path[PATH_MAX];
    struct stat status;

    if (source->archive >= 0) {
        const struct tar_entry *entry = find_entry(&source->index, name);
        int fd = entry != NULL ? fcntl(source->archive, F_DUPFD_CLOEXEC, 3) : -1;
        if (fd >= 0 && lseek(fd, (off_t)entry->offset, SEEK_SET) >= 0) {
            *size_out = entry->size;
            return fd;
        }
        if (fd >= 0)
            close(fd);
        error_set(err, ERROR_IO, "ce fichier manque dans la sauvegarde",
                  "this file is missing in the backup");
        error_at(err, name, 0);
        return -1;
    }
    bool media = files_shared(name) > 0;
    int fd = path_join(path, sizeof(path), media ? source->media : source->folder, name) != NULL
                 ? open(path, O_RDONLY | O_CLOEXEC)
                 : -1;
    if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
        *size_out = status.st_size;
        return fd;
    }
    error_set_errno(err, fd >= 0 ? EISDIR : errno, "ce fichier de la sauvegarde ne peut être lu",
                    "this file of the backup cannot be read");
    error_at(err, name, 0);
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool read_text(struct backup_source *source, const char *name, char **text_out,
                      size_t *length_out, struct error *err)
{
    int64_t size;
    int fd = open_file(source, name, &size, err);
    size_t have = 0;

    if (fd < 0)
        return false;
    char *text = size <= MANIFEST_MAX ? malloc((size_t)size + 1) : NULL;
    while (text != NULL && have < (size_t)size) {
        ssize_t got = read(fd, text + have, (size_t)size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    close(fd);
    if (text == NULL || have != (size_t)size) {
        free(text);
        error_set(err, ERROR_IO, "ce fichier de la sauvegarde ne peut être lu",
                  "this file of the backup cannot be read");
        error_at(err, name, 0);
        return false;
    }
    text[have] = '\0';
    *text_out = text;
    *length_out = have;
    return true;
}

static bool read_manifest(struct backup_source *source, struct arena *arena, struct error *err)
{
    char *text = NULL, *sum = NULL;
    size_t length, sum_length;

    bool ok = read_text(source, BACKUP_MANIFEST, &text, &length, err) &&
              read_text(source, BACKUP_MANIFEST_SUM, &sum, &sum_length, err) &&
              backup_manifest_decode(text, length, sum, sum_length, arena, &source->manifest, err);
    free(text);
    free(sum);
    return ok;
}

bool source_open(struct backup_source *source, const char *from, struct arena *arena,
                 struct error *err)
{
    struct stat status;

    *source = (struct backup_source){.archive = -1};
    if (stat(from, &status) != 0) {
        error_set_errno(err, errno, "cette sauvegarde ne peut être lue",
                        "this backup cannot be read");
        error_at(err, from, 0);
        return false;
    }
    if (S_ISDIR(status.st_mode)) {
        if (!find_set(source, from, err))
            return false;
        snprintf(source->path, sizeof(source->path), "%s", source->folder);
    } else {
        source->archive = open(from, O_RDONLY | O_CLOEXEC);
        snprintf(source->path, sizeof(source->path), "%s", from);
        if (source->archive < 0) {
            error_set_errno(err, errno, "cette sauvegarde ne peut être lue",
                            "this backup cannot be read");
            error_at(err, from, 0);
            return false;
        }
        if (!tar_read_index(source->archive, &source->index, err)) {
            error_at(err, from, 0);
            source_close(source);
            return false;
        }
    }
    if (read_manifest(source, arena, err))
        return true;
    source_close(source);
    return false;
}

void source_close(struct backup_source *source)
{
    if (source->archive >= 0)
        close(source->archive);
    source->archive = -1;
    tar_index_finish(&source->index);
    backup_manifest_finish(&source->manifest);
}

/* *to is a file that was not there. */
static bool open_new(const char *to, unsigned mode, int *fd_out, struct error *err)
{
    *fd_out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (*fd_out >= 0)
        return true;
    error_set_errno(err, errno, "écriture impossible", "cannot write");
    error_at(err, to, 0);
    return false;
}

bool source_copy(struct backup_source *source, const struct backup_file *file, const char *to,
                 unsigned mode, struct error *err)
{
    struct sha256 sum;
    int64_t size;
    int out = -1, in = open_file(source, file->name, &size, err);

    if (in < 0)
        return false;
    bool ok = to == NULL || open_new(to, mode, &out, err);
    if (ok && !(ok = files_pump(in, out, size, &sum, err)))
        error_at(err, file->name, 0);
    if (ok && (size != file->size || !sha256_equal(&sum, &file->sum))) {
        ok = error_set(err, ERROR_IO, "ce fichier de la sauvegarde est abîmé : prenez-en une autre",
                       "this file of the backup is damaged: take another backup");
        error_at(err, file->name, 0);
    }
    if (ok && out >= 0 && fsync(out) != 0)
        ok = error_set_errno(err, errno, "écriture impossible", "cannot write");
    if (out >= 0)
        close(out);
    close(in);
    return ok;
}
