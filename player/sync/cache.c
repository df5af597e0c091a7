#include "player/sync/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/files.h"

#define NAME_LENGTH (SHA256_HEX_SIZE - 1)
#define PART_LENGTH (NAME_LENGTH + 5) /* ".part" */

/* A file that nobody lists. */
struct spare {
    struct timespec used;
    int64_t size;
    char name[PART_LENGTH + 1];
};

struct inventory {
    int64_t bytes; /* of all cached files */
    struct spare *spares;
    size_t spare_count, capacity;
};

struct cache_limits cache_limits(const struct state *state, int64_t quota_bytes)
{
    struct cache_limits limits = {quota_bytes > 0 ? quota_bytes : CACHE_QUOTA_BYTES,
                                  CACHE_RESERVE_BYTES};
    struct statvfs disk;
    if (statvfs(state->folder, &disk) == 0) {
        int64_t whole = (int64_t)disk.f_blocks * (int64_t)disk.f_frsize;
        if (quota_bytes <= 0 && whole / 5 * 4 < limits.quota_bytes) {
            limits.quota_bytes = whole / 5 * 4;
        }
        if (whole / 20 < limits.reserve_bytes) {
            limits.reserve_bytes = whole / 20;
        }
    }
    return limits;
}

int64_t cache_missing_bytes(const struct state *state, const struct manifest *manifest)
{
    int64_t missing = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct manifest_file *file = &manifest->files[i];
        char path[STATE_PATH_SIZE];
        int64_t there = 0;
        if (!state_has_file(state, file)) {
            (void)file_size(state_file_path(state, &file->sha256, ".part", path), &there);
            missing += there < file->size ? file->size - there : 0;
        }
    }
    return missing;
}

/* --- What is there --- */

/* The hash that a cached file's name claims; false for any other name. */
static bool hash_of_name(const char *name, struct sha256 *sum_out)
{
    char hex[SHA256_HEX_SIZE];
    size_t length = strlen(name);
    if (length != NAME_LENGTH &&
        (length != PART_LENGTH || strcmp(name + NAME_LENGTH, ".part") != 0)) {
        return false;
    }
    memcpy(hex, name, NAME_LENGTH);
    hex[NAME_LENGTH] = '\0';
    return sha256_from_hex(hex, sum_out);
}

static bool is_kept(const struct sha256 *sum, const struct manifest *const *kept, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (kept[i] != NULL && manifest_file(kept[i], sum) != NULL) {
            return true;
        }
    }
    return false;
}

static void add_spare(struct inventory *inventory, const char *name, const struct stat *status)
{
    if (inventory->spare_count == inventory->capacity) {
        inventory->capacity = inventory->capacity > 0 ? inventory->capacity * 2 : 64;
        inventory->spares =
            realloc(inventory->spares, inventory->capacity * sizeof *inventory->spares);
        if (inventory->spares == NULL) {
            abort();
        }
    }
    struct spare *spare = &inventory->spares[inventory->spare_count++];
    *spare = (struct spare){.used = status->st_mtim, .size = status->st_size};
    memcpy(spare->name, name, strlen(name) + 1);
}

static void take_stock(struct inventory *inventory, const char *folder,
                       const struct manifest *const *kept, size_t count)
{
    DIR *stream = opendir(folder);
    if (stream == NULL) {
        return;
    }
    for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
        struct sha256 sum;
        struct stat status;
        if (hash_of_name(entry->d_name, &sum) &&
            fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(status.st_mode)) {
            inventory->bytes += status.st_size;
            if (!is_kept(&sum, kept, count)) {
                add_spare(inventory, entry->d_name, &status);
            }
        }
    }
    closedir(stream);
}

static int compare_spares(const void *a, const void *b)
{
    const struct timespec *first = &((const struct spare *)a)->used;
    const struct timespec *second = &((const struct spare *)b)->used;
    if (first->tv_sec != second->tv_sec) {
        return first->tv_sec < second->tv_sec ? -1 : 1;
    }
    return first->tv_nsec < second->tv_nsec ? -1 : first->tv_nsec > second->tv_nsec;
}

/* --- Room --- */

static int64_t free_bytes(const struct state *state)
{
    struct statvfs disk;
    return statvfs(state->folder, &disk) == 0 ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize
                                              : INT64_MAX / 2;
}

static int64_t excess(const struct cache_limits *limits, int64_t needed, int64_t used,
                      int64_t available)
{
    int64_t over_quota = used + needed - limits->quota_bytes;
    int64_t over_disk = needed + limits->reserve_bytes - available;
    int64_t over = over_quota > over_disk ? over_quota : over_disk;
    return over > 0 ? over : 0;
}

int64_t cache_make_room(const struct state *state, const struct cache_limits *limits,
                        int64_t needed, const struct manifest *const *kept, size_t count,
                        size_t *evicted_out)
{
    struct inventory inventory = {.bytes = 0};
    char folder[STATE_PATH_SIZE];
    for (unsigned i = 0; i < 256; i++) {
        snprintf(folder, sizeof folder, "%s/cache/%02x", state->folder, i);
        take_stock(&inventory, folder, kept, count);
    }
    if (inventory.spare_count > 0) {
        qsort(inventory.spares, inventory.spare_count, sizeof *inventory.spares, compare_spares);
    }
    int64_t available = free_bytes(state);
    int64_t over = excess(limits, needed, inventory.bytes, available);
    *evicted_out = 0;
    for (size_t i = 0; i < inventory.spare_count && over > 0; i++) {
        const struct spare *spare = &inventory.spares[i];
        char path[STATE_PATH_SIZE];
        snprintf(path, sizeof path, "%s/cache/%.2s/%s", state->folder, spare->name, spare->name);
        if (unlink(path) == 0) {
            (*evicted_out)++;
            inventory.bytes -= spare->size;
            available += spare->size;
            over = excess(limits, needed, inventory.bytes, available);
        }
    }
    free(inventory.spares);
    return over;
}

void cache_touch(const struct state *state, const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->file_count; i++) {
        char path[STATE_PATH_SIZE];
        (void)utimensat(AT_FDCWD, state_file_path(state, &manifest->files[i].sha256, "", path),
                        NULL, AT_SYMLINK_NOFOLLOW);
    }
}
