#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.h"
#include "core/log.h"
#include "server/backup/internal.h"
#include "server/media/media.h"
#include "server/store/backup.h"
#include "server/store/schema.h"

/* One backup being made. */
struct making {
    const struct backup_options *options;
    struct arena *arena;
    struct backup_manifest manifest;
    struct backup_report *report;
    char stage[PATH_MAX]; /* database, key, screenshots and manifest, until all is there */
    int archive;          /* -1: into a folder */
    int64_t media_done, media_total;
    size_t shared;                    /* which of backup_shared is read */
    bool touched[BACKUP_SHARED][256]; /* folders below them in which something is new */
};

static void tell_database(void *context, int64_t done, int64_t total)
{
    const struct backup_progress *progress = context;

    if (progress->told != NULL)
        progress->told(progress->context, "base", "database", done, total);
}

static void tell_media(const struct making *making)
{
    const struct backup_progress *progress = &making->options->progress;

    if (progress->told != NULL)
        progress->told(progress->context, "médias", "media", making->media_done,
                       making->media_total);
}

static bool join(char *buf, const char *folder, const char *name, struct error *err)
{
    return path_join(buf, PATH_MAX, folder, name) != NULL ||
           error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                     "the path \"%s\" is too long", folder);
}

static void list_file(struct making *making, const char *name, int64_t size,
                      const struct sha256 *sum)
{
    backup_manifest_add(&making->manifest,
                        &(struct backup_file){
                            .name = arena_strdup(making->arena, name), .size = size, .sum = *sum});
    making->report->files++;
    making->report->bytes += size;
}

/* From the data folder to the stage. */
static bool stage_file(struct making *making, const char *name, unsigned mode, struct error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct sha256 sum;
    int64_t size;

    if (!join(from, making->options->data, name, err) || !join(to, making->stage, name, err) ||
        !files_copy(from, to, mode, &size, &sum, err))
        return false;
    list_file(making, name, size, &sum);
    return true;
}

static bool stage_database(struct making *making, struct error *err)
{
    char from[PATH_MAX], to[PATH_MAX];
    struct sha256 sum;
    int64_t size = 0;
    int version;

    if (!join(from, making->options->data, BACKUP_DATABASE, err) ||
        !join(to, making->stage, BACKUP_DATABASE, err) ||
        !backup_database(from, to, tell_database, (void *)&making->options->progress, err))
        return false;
    struct db *copy = db_open(to, DB_READER, err);
    bool ok = copy != NULL && schema_version(copy, &version, err);
    db_close(copy);
    if (!ok || !sha256_of_file(to, &sum, err) || !file_size(to, &size))
        return false;
    making->manifest.schema = version;
    list_file(making, BACKUP_DATABASE, size, &sum);
    return true;
}

/* They may be replaced while they are copied: one that is gone is left out. */
static bool stage_screenshots(struct making *making, struct error *err)
{
    char folder[PATH_MAX], stage[PATH_MAX];
    struct dirent *entry;
    bool ok = true;

    if (!join(folder, making->options->data, "screenshots", err) ||
        !join(stage, making->stage, "screenshots", err))
        return false;
    DIR *all = opendir(folder);
    if (all == NULL)
        return true;
    if (mkdir(stage, 0700) != 0)
        ok = error_set_errno(err, errno, "écriture impossible", "cannot write");
    while (ok && (entry = readdir(all)) != NULL) {
        const char *name = arena_printf(making->arena, "screenshots/%s", entry->d_name);
        if (files_name_valid(name) && !stage_file(making, name, 0600, err))
            ok = err->kind == ERROR_IO && access(folder, R_OK) == 0 &&
                 !file_exists(arena_printf(making->arena, "%s/%s", folder, entry->d_name));
    }
    closedir(all);
    return ok;
}

/* Calls `each` with the path and hash of every media file below a folder that has a media folder's
 * form. */
static bool each_media(const char *media,
                       bool (*each)(void *context, const char *path, const char *hex, int64_t size,
                                    struct error *err),
                       void *context, struct error *err)
{
    char folder[PATH_MAX], path[PATH_MAX], prefix[3];
    bool ok = true;

    for (int i = 0; ok && i < 256; i++) {
        struct dirent *entry;
        snprintf(prefix, sizeof(prefix), "%02x", (unsigned)i);
        if (!join(folder, media, prefix, err))
            return false;
        DIR *all = opendir(folder);
        if (all == NULL && errno != ENOENT)
            return error_set_errno(err, errno, "« %s » ne peut être lu", "\"%s\" cannot be read",
                                   folder);
        while (ok && all != NULL && (entry = readdir(all)) != NULL) {
            struct sha256 sum;
            int64_t size;
            if (!sha256_from_hex(entry->d_name, &sum) || sum.bytes[0] != i)
                continue;
            if (!join(path, folder, entry->d_name, err))
                ok = false;
            else if (file_size(path, &size))
                ok = each(context, path, entry->d_name, size, err);
        }
        if (all != NULL)
            closedir(all);
    }
    return ok;
}

static bool add_size(void *context, const char *path, const char *hex, int64_t size,
                     struct error *err)
{
    struct making *making = context;

    (void)path;
    (void)hex;
    (void)err;
    making->media_total += size;
    return true;
}

/* Not taken as it is: a backup must not pass damage on under the name of what was. */
static void leave_damaged(struct making *making, const char *path)
{
    log_write(LOG_WARN, "backup", "the media file %s is damaged and left out", path);
    making->report->missing++;
}

/* By a second name where the file system lets us, else by copying beside and renaming. */
static bool link_or_copy(const char *path, const char *to, const struct sha256 *wanted,
                         bool *damaged_out, struct error *err)
{
    char part[PATH_MAX];
    struct sha256 sum;

    *damaged_out = false;
    unlink(to); /* of another length: damaged */
    if (link(path, to) == 0) {
        if (!sha256_of_file(to, &sum, err))
            return false;
        *damaged_out = !sha256_equal(&sum, wanted);
        if (*damaged_out)
            unlink(to);
        return true;
    }
    if (snprintf(part, sizeof(part), "%s.part", to) >= (int)sizeof(part))
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", to);
    unlink(part);
    if (!files_copy(path, part, 0644, NULL, &sum, err))
        return false;
    *damaged_out = !sha256_equal(&sum, wanted);
    if (*damaged_out) {
        unlink(part);
        return true;
    }
    if (!sha256_of_file(part, &sum, err)) /* what the disk has, not what was written */
        return false;
    if (!sha256_equal(&sum, wanted))
        return error_set(err, ERROR_IO, "« %s » ne se relit pas comme il a été écrit",
                         "\"%s\" does not read back as it was written", part);
    return rename(part, to) == 0 ||
           error_set_errno(err, errno, "écriture impossible", "cannot write");
}

static bool folder_media(struct making *making, const char *path, const char *name, int64_t size,
                         const struct sha256 *sum, struct error *err)
{
    char to[PATH_MAX], folder[PATH_MAX];
    int64_t there;
    bool damaged = false;

    if (!join(to, making->options->to, name, err) || !files_folder_of(to, folder, sizeof(folder)))
        return false;
    if (!file_size(to, &there) || there != size) {
        if (!folder_create(folder, 0700, err) || !link_or_copy(path, to, sum, &damaged, err))
            return false;
        making->touched[making->shared][sum->bytes[0]] = true;
        if (!damaged) {
            making->report->new_files++;
            making->report->new_bytes += size;
        }
    }
    if (damaged)
        leave_damaged(making, path);
    else
        list_file(making, name, size, sum);
    return true;
}

static bool archive_file(struct making *making, const char *path, const char *name, unsigned mode,
                         struct sha256 *sum_out, struct error *err)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    bool ok = fd >= 0 && fstat(fd, &status) == 0;
    if (!ok) {
        error_set_errno(err, errno, "lecture impossible", "cannot read");
        error_at(err, path, 0);
    } else {
        ok = tar_append(making->archive, name, mode, making->options->now_ms / 1000, fd,
                        status.st_size, sum_out, err);
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool take_media(void *context, const char *path, const char *hex, int64_t size,
                       struct error *err)
{
    struct making *making = context;
    const char *name =
        arena_printf(making->arena, "%s/%.2s/%s", backup_shared[making->shared], hex, hex);
    struct sha256 sum, found;

    if (!sha256_from_hex(hex, &sum))
        return true;
    making->media_done += size;
    tell_media(making);
    if (making->archive < 0)
        return folder_media(making, path, name, size, &sum, err);
    /* Looked at before it is in the archive, from which nothing can be taken away. */
    if (!sha256_of_file(path, &found, err))
        return false;
    if (!sha256_equal(&sum, &found)) {
        leave_damaged(making, path);
        return true;
    }
    if (!archive_file(making, path, name, 0644, &found, err))
        return false;
    making->report->new_files++;
    making->report->new_bytes += size;
    list_file(making, name, size, &sum);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct backup_file *)a)->name, ((const struct backup_file *)b)->name);
}

/* Only a database of this program's schema can be asked. */
static bool count_missing(struct making *making, struct error *err)
{
    struct media_record_list records;
    char path[PATH_MAX];

    qsort(making->manifest.files, making->manifest.count, sizeof(*making->manifest.files), by_name);
    if (making->manifest.schema != schema_known())
        return true;
    if (!join(path, making->stage, BACKUP_DATABASE, err))
        return false;
    struct db *db = store_open(path, DB_READER, err);
    bool ok = db != NULL && media_records_list(db, making->arena, &records, err);
    db_close(db);
    for (size_t i = 0; ok && i < records.count; i++) {
        struct backup_file key = {.name = arena_printf(making->arena, "media/%.2s/%s",
                                                       records.items[i].sha256,
                                                       records.items[i].sha256)};
        if (bsearch(&key, making->manifest.files, making->manifest.count, sizeof(key), by_name) !=
            NULL)
            continue;
        log_write(LOG_WARN, "backup", "the media file %s is missing", records.items[i].sha256);
        making->manifest.missing++;
    }
    return ok;
}

static bool write_manifest(struct making *making, struct error *err)
{
    struct strbuf text, sum;
    char path[PATH_MAX], sum_path[PATH_MAX];

    strbuf_init(&text);
    strbuf_init(&sum);
    backup_manifest_encode(&making->manifest, &text, &sum);
    bool ok = join(path, making->stage, BACKUP_MANIFEST, err) &&
              join(sum_path, making->stage, BACKUP_MANIFEST_SUM, err) &&
              file_write_atomic(path, text.bytes, text.length, 0600, err) &&
              file_write_atomic(sum_path, sum.bytes, sum.length, 0600, err);
    strbuf_finish(&text);
    strbuf_finish(&sum);
    return ok;
}

static bool each_shared(struct making *making,
                        bool (*each)(void *context, const char *path, const char *hex, int64_t size,
                                     struct error *err),
                        struct error *err)
{
    char folder[PATH_MAX];
    bool ok = true;

    for (making->shared = 0; ok && making->shared < BACKUP_SHARED; making->shared++)
        ok = join(folder, making->options->data, backup_shared[making->shared], err) &&
             each_media(folder, each, making, err);
    return ok;
}

static bool fill_stage(struct making *making, struct error *err)
{
    making->manifest.created_ms = making->report->created_ms = making->options->now_ms;
    making->manifest.software = VITRINE_VERSION;
    if (!stage_database(making, err) || !stage_file(making, BACKUP_KEY, 0600, err) ||
        !stage_screenshots(making, err) || !each_shared(making, add_size, err) ||
        !each_shared(making, take_media, err) || !count_missing(making, err))
        return false;
    making->report->missing = making->manifest.missing;
    return write_manifest(making, err);
}

/* Names in the shared folders must be on the disk before the set's own. */
static bool sync_shared(const struct making *making, size_t shared, struct error *err)
{
    char top[PATH_MAX], folder[PATH_MAX], prefix[3];

    if (!join(top, making->options->to, backup_shared[shared], err))
        return false;
    for (unsigned i = 0; i < 256; i++) {
        snprintf(prefix, sizeof(prefix), "%02x", i);
        if (making->touched[shared][i] &&
            (!join(folder, top, prefix, err) || !files_sync_folder(folder, err)))
            return false;
    }
    return !file_exists(top) || files_sync_folder(top, err);
}

static bool sync_media(const struct making *making, struct error *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < BACKUP_SHARED; i++)
        ok = sync_shared(making, i, err);
    return ok;
}

static bool sync_stage(const struct making *making, struct error *err)
{
    char screenshots[PATH_MAX];

    return join(screenshots, making->stage, "screenshots", err) &&
           (!file_exists(screenshots) || files_sync_folder(screenshots, err)) &&
           files_sync_folder(making->stage, err);
}

/* What stands in the stage, read back. Media were when they were written. */
static bool verify_stage(const struct making *making, struct error *err)
{
    char path[PATH_MAX];
    struct sha256 sum;

    for (size_t i = 0; i < making->manifest.count; i++) {
        const struct backup_file *file = &making->manifest.files[i];
        if (files_shared(file->name) > 0)
            continue;
        if (!join(path, making->stage, file->name, err) || !sha256_of_file(path, &sum, err))
            return false;
        if (!sha256_equal(&sum, &file->sum))
            return error_set(err, ERROR_IO, "« %s » ne se relit pas comme il a été écrit",
                             "\"%s\" does not read back as it was written", path);
    }
    return true;
}

static int take_lock(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0 && errno == EWOULDBLOCK)
        error_set(err, ERROR_BUSY, "une autre sauvegarde y est en cours",
                  "another backup is under way there");
    else
        error_set_errno(err, errno, "écriture impossible", "cannot write");
    error_at(err, path, 0);
    if (fd >= 0)
        close(fd);
    return -1;
}

/* What an earlier run that was cut off has left. */
static void remove_parts(const char *sets)
{
    DIR *all = opendir(sets);
    struct dirent *entry;
    char path[PATH_MAX];

    while (all != NULL && (entry = readdir(all)) != NULL) {
        if (strncmp(entry->d_name, BACKUP_PART, strlen(BACKUP_PART)) == 0 &&
            path_join(path, sizeof(path), sets, entry->d_name) != NULL)
            files_remove(path);
    }
    if (all != NULL)
        closedir(all);
}

static bool make_folder_set(struct making *making, struct error *err)
{
    char sets[PATH_MAX], name[BACKUP_NAME_SIZE], part[BACKUP_NAME_SIZE + 8];

    backup_name(making->options->now_ms, name);
    snprintf(part, sizeof(part), "%s%s", BACKUP_PART, name);
    if (!join(sets, making->options->to, BACKUP_SETS, err) || !folder_create(sets, 0700, err))
        return false;
    remove_parts(sets);
    if (!join(making->stage, sets, part, err) || !join(making->report->path, sets, name, err))
        return false;
    if (file_exists(making->report->path))
        return error_set(err, ERROR_CONFLICT, "« %s » est là déjà", "\"%s\" is there already",
                         making->report->path);
    if (!folder_create(making->stage, 0700, err) || !fill_stage(making, err) ||
        !sync_media(making, err) || !sync_stage(making, err) || !verify_stage(making, err))
        return false;
    if (rename(making->stage, making->report->path) != 0)
        return error_set_errno(err, errno, "écriture impossible", "cannot write");
    return files_sync_folder(sets, err) && files_sync_folder(making->options->to, err) &&
           backup_prune(making->options->to, making->options->kept, making->arena,
                        &making->report->removed, err);
}

static bool create_in_folder(struct making *making, struct error *err)
{
    char lock[PATH_MAX];

    if (!folder_create(making->options->to, 0700, err) ||
        !join(lock, making->options->to, ".lock", err))
        return false;
    int fd = take_lock(lock, err);
    if (fd < 0)
        return false;
    bool ok = make_folder_set(making, err);
    if (!ok && making->stage[0] != '\0')
        files_remove(making->stage);
    close(fd);
    return ok;
}

static bool archive_stage(struct making *making, struct error *err)
{
    char path[PATH_MAX];
    struct sha256 sum;

    for (size_t i = 0; i < making->manifest.count; i++) {
        const char *name = making->manifest.files[i].name;
        if (files_shared(name) > 0)
            continue;
        if (!join(path, making->stage, name, err) ||
            !archive_file(making, path, name, 0600, &sum, err))
            return false;
    }
    return join(path, making->stage, BACKUP_MANIFEST, err) &&
           archive_file(making, path, BACKUP_MANIFEST, 0600, &sum, err) &&
           join(path, making->stage, BACKUP_MANIFEST_SUM, err) &&
           archive_file(making, path, BACKUP_MANIFEST_SUM, 0600, &sum, err) &&
           tar_end(making->archive, err);
}

static bool make_archive(struct making *making, const char *part, struct error *err)
{
    struct backup_report ignored;

    /* Left by a run that was cut off; nobody else has it, we hold its lock. */
    files_remove(making->stage);
    if (ftruncate(making->archive, 0) != 0)
        return error_set_errno(err, errno, "écriture impossible", "cannot write");
    return folder_create(making->stage, 0700, err) && fill_stage(making, err) &&
           archive_stage(making, err) &&
           backup_verify(part, &making->options->progress, making->arena, &ignored, err) &&
           file_commit(part, making->options->to, err);
}

static bool create_archive(struct making *making, struct error *err)
{
    char part[PATH_MAX];

    if (snprintf(part, sizeof(part), "%s.part", making->options->to) >= (int)sizeof(part) ||
        snprintf(making->stage, sizeof(making->stage), "%s.stage", making->options->to) >=
            (int)sizeof(making->stage))
        return error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", making->options->to);
    making->archive = take_lock(part, err);
    if (making->archive < 0)
        return false;
    snprintf(making->report->path, sizeof(making->report->path), "%s", making->options->to);
    bool ok = make_archive(making, part, err);
    files_remove(making->stage);
    if (!ok)
        unlink(part);
    close(making->archive);
    return ok;
}

bool backup_create(const struct backup_options *options, struct arena *arena,
                   struct backup_report *report_out, struct error *err)
{
    struct making making = {
        .options = options, .arena = arena, .report = report_out, .archive = -1};
    size_t length = strlen(options->to);

    *report_out = (struct backup_report){0};
    bool ok = length > 4 && strcmp(options->to + length - 4, ".tar") == 0
                  ? create_archive(&making, err)
                  : create_in_folder(&making, err);
    backup_manifest_finish(&making.manifest);
    return ok;
}
