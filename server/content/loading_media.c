#include <string.h>

#include "core/files.h"
#include "core/source.h"
#include "server/content/loading.h"
#include "server/store/media_items.h"

#define PATH_BYTES_MAX 4096

/* A document may only name what lies beside it. */
static bool inside_folder(const char *path)
{
    if (path[0] == '/' || strchr(path, '\\') != NULL) {
        return false;
    }
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part += part[0] == '/';
        if (part[0] == '\0' || part[0] == '/' || part[0] == '.') {
            return false;
        }
    }
    return true;
}

static bool find_file(struct loading *loading, const char *file, const char **path_out,
                      struct error *err)
{
    if (!inside_folder(file)) {
        return error_set(
            err, ERROR_INVALID,
            "« %.200s » : le chemin est relatif au dossier du document, sans « .. »",
            "\"%.200s\": the path is relative to the document's folder, without \"..\"", file);
    }
    const char *path = arena_printf(loading->arena, "%s/%s", loading->folder, file);
    if (!file_exists(path)) {
        return error_set(err, ERROR_NOT_FOUND,
                         "le fichier « %.200s » n’est pas dans le dossier du document",
                         "the file \"%.200s\" is not in the document's folder", file);
    }
    if (!source_is_inside(loading->folder, path)) {
        return error_set(err, ERROR_DENIED,
                         "« %.200s » est un lien qui sort du dossier du document ; copiez-y le "
                         "fichier",
                         "\"%.200s\" is a link that leads out of the document's folder; copy the "
                         "file there",
                         file);
    }
    *path_out = path;
    return true;
}

static bool add_file(struct loading *loading, enum media_kind kind, const char *file,
                     struct media_record *record, struct film_header *film, struct error *err)
{
    const char *path = NULL;
    if (!find_file(loading, file, &path, err)) {
        return false;
    }
    switch (kind) {
    case MEDIA_PICTURE:
        return media_add_file(loading->media, loading->arena, path, record, err);
    case MEDIA_FILM:
        return media_add_film(loading->media, loading->arena, path, record, film, err);
    case MEDIA_CAPTIONS:
        return media_add_captions(loading->media, loading->arena, path, record, err);
    }
    return false;
}

/* One that is in the library already, by its hash: ready, and of the kind that is wanted? */
static bool known_file(struct loading *loading, enum media_kind kind, const char *sha256,
                       struct film_header *film, struct error *err)
{
    static const char *const types[] = {
        [MEDIA_PICTURE] = "image/", [MEDIA_FILM] = "video/", [MEDIA_CAPTIONS] = CAPTIONS_TYPE};
    struct media_record record;
    if (!media_shown(loading->db, loading->arena, sha256, &record, err)) {
        return false;
    }
    if (strncmp(record.type, types[kind], strlen(types[kind])) != 0) {
        return error_set(err, ERROR_INVALID, "ce fichier est de type %s ; il faut %s",
                         "this file is of type %s; it must be %s", record.type, types[kind]);
    }
    char path[PATH_BYTES_MAX];
    struct sha256 sum;
    return kind != MEDIA_FILM ||
           (sha256_from_hex(record.sha256, &sum) &&
            media_path(loading->media->folder, &sum, path, sizeof path) != NULL &&
            film_header_read(path, film, err));
}

bool loading_media(struct loading *loading, enum media_kind kind, const char *key,
                   struct document_file *file, struct film_header *film, struct error *err)
{
    if (file->sha256[0] != '\0') {
        if (known_file(loading, kind, file->sha256, film, err)) {
            return true;
        }
        return error_field(err, arena_printf(loading->arena, "%s_sha256", key));
    }
    struct media_record record;
    if (file->path[0] == '\0') {
        return true;
    }
    if (!add_file(loading, kind, file->path, &record, film, err)) {
        return error_field(err, key);
    }
    *file = (struct document_file){"", record.sha256};
    return true;
}
