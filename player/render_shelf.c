#include "player/render_shelf.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/files.h"
#include "player/draw/image.h"

static const char *find(struct shelf *shelf, const struct sha256 *file, struct error *err)
{
    for (size_t i = 0; i < shelf->document_count; i++) {
        const char *path = render_document_path(shelf->documents[i], file);
        if (path != NULL) {
            return path;
        }
    }
    char hex[SHA256_HEX_SIZE], name[SHA256_HEX_SIZE + 3];
    char *path = shelf->path[shelf->turn];
    sha256_to_hex(file, hex);
    snprintf(name, sizeof name, "%.2s/%s", hex, hex);
    if (shelf->media == NULL || path_join(path, SHELF_PATH_SIZE, shelf->media, name) == NULL) {
        error_set(err, ERROR_NOT_FOUND, "fichier %s : dites où il est (--media)",
                  "file %s: say where it is (--media)", hex);
        return NULL;
    }
    shelf->turn = !shelf->turn;
    return path;
}

/* False: the file at the path is another one. */
static bool is_file(const struct sha256 *sum, const struct sha256 *file, const char *path,
                    struct error *err)
{
    if (sha256_equal(sum, file)) {
        return true;
    }
    error_set(err, ERROR_INVALID, "le fichier n’est pas ce que son nom dit",
              "the file is not what its name says");
    error_at(err, path, 0);
    return false;
}

const char *shelf_path(void *context, const struct sha256 *file, struct error *err)
{
    struct sha256 sum;
    const char *path = find(context, file, err);
    return path != NULL && sha256_of_file(path, &sum, err) && is_file(&sum, file, path, err) ? path
                                                                                             : NULL;
}

char *shelf_read(struct shelf *shelf, const struct sha256 *file, size_t limit, size_t *length_out,
                 struct error *err)
{
    struct sha256 sum;
    char *bytes;
    const char *path = find(shelf, file, err);
    if (path == NULL || !file_read(path, limit, &bytes, length_out, err)) {
        return NULL;
    }
    sha256_of(bytes, *length_out, &sum);
    if (!is_file(&sum, file, path, err)) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

void shelf_tell(void *context, const struct error *err)
{
    const struct shelf *shelf = context;
    char text[1024];
    fprintf(stderr, lang_pick(shelf->lang, "vitrine-render : %s\n", "vitrine-render: %s\n"),
            error_text(err, shelf->lang, text, sizeof text));
}

static const struct image *load_picture(void *context, const struct sha256 *file, struct error *err)
{
    struct shelf *shelf = context;
    size_t length;
    struct image *image = NULL;
    char *bytes = shelf_read(shelf, file, IMAGE_BYTES_MAX, &length, err);
    if (bytes != NULL) {
        image = image_decode(bytes, length, err);
        free(bytes);
    }
    if (image == NULL) {
        shelf_tell(shelf, err);
    }
    return image;
}

static void release_picture(void *context, const struct image *image)
{
    (void)context;
    image_destroy((struct image *)image);
}

struct picture_source shelf_pictures(struct shelf *shelf)
{
    return (struct picture_source){load_picture, release_picture, shelf};
}
