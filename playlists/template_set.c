#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/files.h"
#include "playlists/template.h"
#include "playlists/template_codec.h"
#include "playlists/template_embedded.h"

/* A template in its arena; sets share it. */
struct holder {
    struct arena *arena;
    atomic_int users;
    struct template template;
};

struct template_set {
    size_t count;
    struct holder *holders[TEMPLATE_SET_MAX]; /* sorted by name */
};

static void release(struct holder *holder)
{
    if (atomic_fetch_sub(&holder->users, 1) == 1) {
        arena_destroy(holder->arena);
    }
}

static struct holder *decode(const char *bytes, size_t length, struct error *err)
{
    struct arena *arena = arena_create();
    struct holder *holder = arena_alloc(arena, sizeof *holder);
    holder->arena = arena;
    atomic_init(&holder->users, 1);
    if (!template_decode(bytes, length, arena, &holder->template, err)) {
        arena_destroy(arena);
        return NULL;
    }
    return holder;
}

static struct template_set *set_copy(const struct template_set *base)
{
    struct template_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        abort();
    }
    if (base != NULL) {
        *set = *base;
        for (size_t i = 0; i < set->count; i++) {
            atomic_fetch_add(&set->holders[i]->users, 1);
        }
    }
    return set;
}

/* Takes the holder over. */
static bool set_put(struct template_set *set, struct holder *holder, struct error *err)
{
    size_t at = 0;
    int order = 1;
    while (at < set->count &&
           (order = strcmp(holder->template.name, set->holders[at]->template.name)) > 0) {
        at++;
    }
    if (at < set->count && order == 0) {
        release(set->holders[at]);
        set->holders[at] = holder;
        return true;
    }
    if (set->count == TEMPLATE_SET_MAX) {
        release(holder);
        return error_set(err, ERROR_LIMIT, "%d modèles au plus", "at most %d templates",
                         TEMPLATE_SET_MAX);
    }
    memmove(&set->holders[at + 1], &set->holders[at], (set->count - at) * sizeof set->holders[0]);
    set->holders[at] = holder;
    set->count++;
    return true;
}

static bool set_put_document(struct template_set *set, const char *bytes, size_t length,
                             struct error *err)
{
    struct holder *holder = decode(bytes, length, err);
    return holder != NULL && set_put(set, holder, err);
}

static pthread_once_t builtin_once = PTHREAD_ONCE_INIT;
static struct template_set *builtin;

static void make_builtin(void)
{
    struct error err;
    builtin = set_copy(NULL);
    for (size_t i = 0; i < template_file_count; i++) {
        const struct embedded_file *file = &template_files[i];
        bool good = set_put_document(builtin, (const char *)file->bytes, file->size, &err);
        assert(good);
        (void)good;
    }
    assert(template_set_find(builtin, "announcement") != NULL);
}

const struct template_set *template_set_builtin(void)
{
    pthread_once(&builtin_once, make_builtin);
    return builtin;
}

static bool is_template_file(const char *name)
{
    static const char ending[] = ".json", other[] = ".schema.json";
    size_t length = strlen(name);
    return name[0] != '.' && length > strlen(ending) &&
           strcmp(name + length - strlen(ending), ending) == 0 &&
           !(length >= strlen(other) && strcmp(name + length - strlen(other), other) == 0);
}

static bool is_file_of(const char *file, const char *name)
{
    size_t length = strlen(name);
    return strncmp(file, name, length) == 0 && strcmp(file + length, ".json") == 0;
}

static bool put_file(struct template_set *set, const char *folder, const char *name,
                     struct error *err)
{
    char path[4096], *bytes;
    size_t length;
    if (path_join(path, sizeof path, folder, name) == NULL) {
        return error_set(err, ERROR_LIMIT, "chemin trop long", "path too long");
    }
    if (!file_read(path, TEMPLATE_BYTES_MAX, &bytes, &length, err)) {
        return false;
    }
    struct holder *holder = decode(bytes, length, err);
    free(bytes);
    if (holder != NULL && !is_file_of(name, holder->template.name)) {
        error_set(err, ERROR_INVALID, "le fichier du modèle « %s » s’appelle %s.json",
                  "the file of template \"%s\" is called %s.json", holder->template.name,
                  holder->template.name);
        error_field(err, "name");
        release(holder);
        holder = NULL;
    }
    bool good = holder != NULL && set_put(set, holder, err);
    if (!good) {
        error_at(err, path, 0);
    }
    return good;
}

struct template_set *template_set_load(const char *folder, struct error *err)
{
    struct template_set *set = set_copy(template_set_builtin());
    DIR *files = opendir(folder);
    if (files == NULL && errno != ENOENT) {
        error_set_errno(err, errno, "dossier des modèles", "template folder");
        error_at(err, folder, 0);
        template_set_destroy(set);
        return NULL;
    }
    bool good = true;
    for (struct dirent *entry; good && files != NULL && (entry = readdir(files)) != NULL;) {
        good = !is_template_file(entry->d_name) || put_file(set, folder, entry->d_name, err);
    }
    if (files != NULL) {
        closedir(files);
    }
    if (!good) {
        template_set_destroy(set);
        return NULL;
    }
    return set;
}

struct template_set *template_set_overlay(const struct template_set *base,
                                          const struct template_document *documents, size_t count,
                                          struct error *err)
{
    struct template_set *set = set_copy(base);
    for (size_t i = 0; i < count; i++) {
        if (!set_put_document(set, documents[i].bytes, documents[i].length, err)) {
            template_set_destroy(set);
            return NULL;
        }
    }
    return set;
}

void template_set_destroy(struct template_set *set)
{
    if (set == NULL) {
        return;
    }
    for (size_t i = 0; i < set->count; i++) {
        release(set->holders[i]);
    }
    free(set);
}

const struct template *template_set_find(const struct template_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->holders[i]->template.name, name) == 0) {
            return &set->holders[i]->template;
        }
    }
    return NULL;
}

size_t template_set_count(const struct template_set *set)
{
    return set->count;
}

const struct template *template_set_at(const struct template_set *set, size_t index)
{
    return &set->holders[index]->template;
}
