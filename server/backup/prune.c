/* Which sets and media of a backup folder may go. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "server/backup/internal.h"

struct names {
    size_t count, capacity;
    char **items;
};

static void add(struct names *names, const char *name)
{
    if (names->count == names->capacity) {
        names->capacity = names->capacity == 0 ? 64 : 2 * names->capacity;
        names->items = reallocarray(names->items, names->capacity, sizeof(*names->items));
        if (names->items == NULL)
            abort();
    }
    names->items[names->count] = strdup(name);
    if (names->items[names->count++] == NULL)
        abort();
}

static void finish(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct names *names)
{
    if (names->count > 0)
        qsort(names->items, names->count, sizeof(*names->items), compare);
}

static void list_sets(const char *sets, struct names *out)
{
    DIR *all = opendir(sets);
    struct dirent *entry;
    int64_t ms;

    while (all != NULL && (entry = readdir(all)) != NULL) {
        if (backup_name_parse(entry->d_name, &ms))
            add(out, entry->d_name);
    }
    if (all != NULL)
        closedir(all);
    sort(out);
}

static bool add_media_of(const char *set, struct arena *arena, struct names *out, struct error *err)
{
    struct backup_source source;

    if (!source_open(&source, set, arena, err))
        return false;
    for (size_t i = 0; i < source.manifest.count; i++) {
        if (files_shared(source.manifest.files[i].name) > 0)
            add(out, source.manifest.files[i].name);
    }
    source_close(&source);
    return true;
}

static bool is_used(const struct names *used, const char *name)
{
    return used->count > 0 &&
           bsearch(&name, used->items, used->count, sizeof(*used->items), compare) != NULL;
}

static void remove_unused(const char *folder, const struct names *used)
{
    char path[PATH_MAX], name[PATH_MAX];

    for (unsigned i = 0; i < 256 * BACKUP_SHARED; i++) {
        const char *shared = backup_shared[i / 256];
        struct dirent *entry;
        snprintf(name, sizeof(name), "%s/%02x", shared, i % 256);
        DIR *all = path_join(path, sizeof(path), folder, name) != NULL ? opendir(path) : NULL;
        while (all != NULL && (entry = readdir(all)) != NULL) {
            snprintf(name, sizeof(name), "%s/%02x/%s", shared, i % 256, entry->d_name);
            if (files_name_valid(name) && !is_used(used, name) &&
                path_join(path, sizeof(path), folder, name) != NULL)
                unlink(path);
        }
        if (all != NULL)
            closedir(all);
    }
}

bool backup_prune(const char *folder, int64_t kept, struct arena *arena, size_t *removed_out,
                  struct error *err)
{
    char sets[PATH_MAX], path[PATH_MAX];
    struct names all = {0}, used = {0};
    bool ok = true;

    *removed_out = 0;
    if (kept == 0 || path_join(sets, sizeof(sets), folder, BACKUP_SETS) == NULL)
        return true;
    list_sets(sets, &all);
    size_t old = all.count > (size_t)kept ? all.count - (size_t)kept : 0;
    /* Read before anything goes: a list that cannot be read keeps all media where they are. */
    for (size_t i = old; old > 0 && ok && i < all.count; i++)
        ok = path_join(path, sizeof(path), sets, all.items[i]) != NULL &&
             add_media_of(path, arena, &used, err);
    for (size_t i = 0; ok && i < old; i++) {
        char gone[BACKUP_NAME_SIZE + 8];
        char part[PATH_MAX];
        /* Renamed first: a set that is half gone must not look whole. */
        snprintf(gone, sizeof(gone), "%s%s", BACKUP_PART, all.items[i]);
        if (path_join(path, sizeof(path), sets, all.items[i]) != NULL &&
            path_join(part, sizeof(part), sets, gone) != NULL && rename(path, part) == 0) {
            files_remove(part);
            (*removed_out)++;
        }
    }
    if (ok && old > 0) {
        sort(&used);
        remove_unused(folder, &used);
    }
    finish(&all);
    finish(&used);
    return ok;
}
