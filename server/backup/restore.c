#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.h"
#include "server/backup/internal.h"
#include "server/schedule/publish.h"
#include "server/store/schema.h"
#include "server/store/settings.h"

static void tell(const struct backup_progress *progress, const char *fr, const char *en,
                 int64_t done, int64_t total)
{
    if (progress != NULL && progress->told != NULL)
        progress->told(progress->context, fr, en, done, total);
}

static void report_source(const struct backup_source *source, struct backup_report *out)
{
    *out = (struct backup_report){.created_ms = source->manifest.created_ms,
                                  .files = source->manifest.count,
                                  .missing = source->manifest.missing};
    snprintf(out->path, sizeof(out->path), "%s", source->path);
    for (size_t i = 0; i < source->manifest.count; i++)
        out->bytes += source->manifest.files[i].size;
}

/* Every file, to below `to` or (NULL) nowhere. */
static bool copy_all(struct backup_source *source, const char *to,
                     const struct backup_progress *progress, int64_t total, struct error *err)
{
    char path[PATH_MAX], folder[PATH_MAX];
    int64_t done = 0;

    for (size_t i = 0; i < source->manifest.count; i++) {
        const struct backup_file *file = &source->manifest.files[i];
        bool media = strncmp(file->name, "media/", 6) == 0; /* nginx reads them */
        if (to != NULL && (path_join(path, sizeof(path), to, file->name) == NULL ||
                           !files_folder_of(path, folder, sizeof(folder))))
            return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                             "the path \"%s\" is too long", to);
        if (to != NULL && !folder_create(folder, media ? 0755 : 0750, err))
            return false;
        if (!source_copy(source, file, to != NULL ? path : NULL, media ? 0644 : 0600, err))
            return false;
        done += file->size;
        tell(progress, "fichiers", "files", done, total);
    }
    return true;
}

static bool has_file(const struct backup_source *source, const char *name)
{
    for (size_t i = 0; i < source->manifest.count; i++) {
        if (strcmp(source->manifest.files[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool open_whole(struct backup_source *source, const char *from, struct arena *arena,
                       struct backup_report *report, struct error *err)
{
    if (!source_open(source, from, arena, err))
        return false;
    report_source(source, report);
    if (has_file(source, BACKUP_DATABASE) && has_file(source, BACKUP_KEY))
        return true;
    source_close(source);
    return error_set(err, ERROR_IO, "la base ou la clé manque dans cette sauvegarde",
                     "the database or the key is missing in this backup");
}

bool backup_verify(const char *from, const struct backup_progress *progress, struct arena *arena,
                   struct backup_report *report_out, struct error *err)
{
    struct backup_source source;

    if (!open_whole(&source, from, arena, report_out, err))
        return false;
    bool ok = copy_all(&source, NULL, progress, report_out->bytes, err);
    source_close(&source);
    return ok;
}

static bool is_empty(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    bool empty = true;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    if (folder != NULL)
        closedir(folder);
    return folder != NULL && empty;
}

/* Nobody may serve what is about to be put aside. */
static bool not_served(const char *data, struct error *err)
{
    char path[PATH_MAX];
    int fd =
        path_join(path, sizeof(path), data, "lock") != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
    bool served = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;

    if (fd >= 0)
        close(fd);
    return !served ||
           error_set(err, ERROR_BUSY, "un serveur tourne avec « %s » : arrêtez-le d’abord",
                     "a server runs with \"%s\": stop it first", data);
}

static bool place_is_free(const struct restore_options *options, bool *there_out, struct error *err)
{
    struct stat status;

    *there_out = lstat(options->data, &status) == 0;
    if (!*there_out)
        return true;
    if (S_ISDIR(status.st_mode) && is_empty(options->data))
        return true;
    if (!S_ISDIR(status.st_mode) || !options->force)
        return error_set(err, ERROR_CONFLICT,
                         "« %s » n’est pas vide : donnez un autre dossier, ou --force, qui garde "
                         "de côté ce qui y est",
                         "\"%s\" is not empty: give another folder, or --force, which keeps what "
                         "is there aside",
                         options->data);
    return not_served(options->data, err);
}

/* Above any epoch that a player can have seen: also when this backup has been restored before and
 * the server went on from it. */
static bool raise_epoch(const char *folder, int64_t now_ms, int64_t *epoch_out, struct error *err)
{
    char path[PATH_MAX];
    int64_t epoch;
    struct db *db = path_join(path, sizeof(path), folder, BACKUP_DATABASE) != NULL
                        ? store_open(path, DB_WRITER, err)
                        : NULL;

    bool ok = db != NULL && settings_get_int(db, PUBLISH_EPOCH_SETTING, 1, &epoch, err);
    if (ok) {
        *epoch_out = epoch + 1 > now_ms / 1000 ? epoch + 1 : now_ms / 1000;
        ok = settings_set_int(db, PUBLISH_EPOCH_SETTING, *epoch_out, err) && db_checkpoint(db, err);
    }
    db_close(db);
    return ok;
}

/* Everything to whom the data belonged: root restores for the server's account. */
static bool keep_owner(const char *data, const char *part, struct error *err)
{
    struct stat status;

    if (stat(data, &status) != 0 || geteuid() != 0)
        return true;
    return (files_give(part, status.st_uid, status.st_gid) &&
            chmod(part, status.st_mode & 07777) == 0) ||
           error_set_errno(err, errno, "« %s » ne peut changer de propriétaire",
                           "\"%s\" cannot change its owner", part);
}

static bool put_in_place(const struct restore_options *options, const char *part, bool there,
                         struct restore_report *report, struct error *err)
{
    char name[BACKUP_NAME_SIZE], folder[PATH_MAX];
    bool kept = there && !is_empty(options->data);

    if (!keep_owner(options->data, part, err))
        return false;
    backup_name(options->now_ms, name);
    if (kept && snprintf(report->aside, sizeof(report->aside), "%s.before-%s", options->data,
                         name) >= (int)sizeof(report->aside))
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", options->data);
    if (kept && rename(options->data, report->aside) != 0)
        return error_set_errno(err, errno, "« %s » ne peut être mis de côté",
                               "\"%s\" cannot be put aside", options->data);
    if (rename(part, options->data) == 0)
        return files_folder_of(options->data, folder, sizeof(folder)) &&
               files_sync_folder(folder, err);
    error_set_errno(err, errno, "« %s » ne peut être écrit", "\"%s\" cannot be written",
                    options->data);
    if (kept)
        (void)!rename(report->aside, options->data);
    return false;
}

static bool restore_into(struct backup_source *source, const struct restore_options *options,
                         const char *part, struct restore_report *report, struct error *err)
{
    char media[PATH_MAX];

    return folder_create(part, 0750, err) && path_join(media, sizeof(media), part, "media") &&
           folder_create(media, 0755, err) &&
           copy_all(source, part, &options->progress, report->backup.bytes, err) &&
           raise_epoch(part, options->now_ms, &report->epoch, err) && files_sync_folder(part, err);
}

bool backup_restore(const struct restore_options *options, struct arena *arena,
                    struct restore_report *report_out, struct error *err)
{
    struct backup_source source;
    char part[PATH_MAX], data[PATH_MAX];
    struct restore_options own = *options;
    bool there;

    *report_out = (struct restore_report){0};
    /* "folder/" as "folder": its neighbour is beside it, not in it. */
    size_t length = strlen(options->data);
    while (length > 1 && options->data[length - 1] == '/')
        length--;
    if (snprintf(data, sizeof(data), "%.*s", (int)length, options->data) >= (int)sizeof(data) ||
        snprintf(part, sizeof(part), "%s.restoring", data) >= (int)sizeof(part))
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", options->data);
    own.data = data;
    if (!place_is_free(&own, &there, err) ||
        !open_whole(&source, options->from, arena, &report_out->backup, err))
        return false;
    files_remove(part); /* of a run that was cut off */
    bool ok = restore_into(&source, &own, part, report_out, err) &&
              put_in_place(&own, part, there, report_out, err);
    if (!ok)
        files_remove(part);
    source_close(&source);
    return ok;
}
