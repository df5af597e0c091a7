#include "player/render_document.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"
#include "playlists/slide_codec.h"

#define DOCUMENT_BYTES_MAX (256 * 1024)
#define PATHS_MAX (SLIDE_PICTURES_MAX + 2)

struct render_document {
    struct arena *arena;
    struct slide slide;
    size_t path_count;
    struct {
        struct sha256 file;
        const char *path;
    } paths[PATHS_MAX]; /* what was given by path */
};

static void fill_text(cJSON *object, const char *key, const char *text)
{
    if (!cJSON_HasObjectItem(object, key)) {
        cJSON_AddStringToObject(object, key, text);
    }
}

static void fill_number(cJSON *object, const char *key, double number)
{
    if (!cJSON_HasObjectItem(object, key)) {
        cJSON_AddNumberToObject(object, key, number);
    }
}

/* Puts the file's hash in the place of its path. A file that is not there keeps a hash that no file
 * has: its slide is drawn without. */
static void resolve_path(struct render_document *document, cJSON *object, const char *path_key,
                         const char *file_key, const char *folder)
{
    cJSON *path = cJSON_GetObjectItemCaseSensitive(object, path_key);
    if (!cJSON_IsString(path) || cJSON_HasObjectItem(object, file_key) ||
        document->path_count == PATHS_MAX) {
        return;
    }
    struct sha256 sum = {{0}};
    const char *full = path->valuestring[0] == '/'
                           ? arena_strdup(document->arena, path->valuestring)
                           : arena_printf(document->arena, "%s/%s", folder, path->valuestring);
    struct error err;
    if (!sha256_of_file(full, &sum, &err)) {
        sha256_of(full, strlen(full), &sum);
    }
    document->paths[document->path_count].file = sum;
    document->paths[document->path_count++].path = full;
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(&sum, hex);
    cJSON_DeleteItemFromObjectCaseSensitive(object, path_key);
    cJSON_AddStringToObject(object, file_key, hex);
}

static void complete(struct render_document *document, cJSON *object, const char *folder)
{
    static const char *const empty[] = {"subject", "organisation", "title", "link"};
    fill_text(object, "id", "document");
    fill_text(object, "lang", "fr");
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) {
        fill_text(object, empty[i], "");
    }
    fill_number(object, "duration_ms", 10000);
    if (!cJSON_HasObjectItem(object, "pictures")) {
        cJSON_AddArrayToObject(object, "pictures");
    }
    const cJSON *pictures = cJSON_GetObjectItemCaseSensitive(object, "pictures");
    cJSON *picture = cJSON_IsArray(pictures) ? pictures->child : NULL;
    for (size_t i = 0; picture != NULL && i < SLIDE_PICTURES_MAX; i++, picture = picture->next) {
        fill_number(picture, "focal_x", 0.5);
        fill_number(picture, "focal_y", 0.5);
        fill_text(picture, "alt", "");
        fill_text(picture, "credit", "");
        resolve_path(document, picture, "path", "file", folder);
    }
    cJSON *video = cJSON_GetObjectItemCaseSensitive(object, "video");
    if (cJSON_IsObject(video)) {
        resolve_path(document, video, "path", "file", folder);
        resolve_path(document, video, "captions_path", "captions", folder);
    }
}

static bool read_document(struct render_document *document, const char *path, struct error *err)
{
    char *bytes;
    size_t length;
    if (!file_read(path, DOCUMENT_BYTES_MAX, &bytes, &length, err)) {
        return false;
    }
    cJSON *object = json_parse(bytes, length, DOCUMENT_BYTES_MAX, err);
    free(bytes);
    if (object == NULL) {
        return false;
    }
    const char *slash = strrchr(path, '/');
    const char *folder =
        slash != NULL ? arena_strndup(document->arena, path, (size_t)(slash - path)) : ".";
    if (cJSON_IsObject(object)) {
        complete(document, object, folder);
    }
    bool read = slide_decode(object, document->arena, &document->slide, err) &&
                slide_check(&document->slide, err);
    cJSON_Delete(object);
    return read;
}

struct render_document *render_document_load(const char *path, struct error *err)
{
    struct arena *arena = arena_create();
    struct render_document *document = arena_alloc(arena, sizeof *document);
    document->arena = arena;
    if (!read_document(document, path, err)) {
        error_at(err, path, 0);
        render_document_destroy(document);
        return NULL;
    }
    return document;
}

void render_document_destroy(struct render_document *document)
{
    if (document != NULL) {
        arena_destroy(document->arena);
    }
}

const struct slide *render_document_slide(const struct render_document *document)
{
    return &document->slide;
}

const char *render_document_path(const struct render_document *document, const struct sha256 *file)
{
    for (size_t i = 0; i < document->path_count; i++) {
        if (sha256_equal(&document->paths[i].file, file)) {
            return document->paths[i].path;
        }
    }
    return NULL;
}
