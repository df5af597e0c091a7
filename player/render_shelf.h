/* Where vitrine-render finds pictures and films: beside a slide's document, or by their SHA-256 in
 * a folder. What is missing or damaged is told on standard error, and the slide is drawn without.
 */
#ifndef VITRINE_PLAYER_RENDER_SHELF_H
#define VITRINE_PLAYER_RENDER_SHELF_H

#include "core/lang.h"
#include "player/render_document.h"
#include "player/scene/slide_view.h"

#define SHELF_PATH_SIZE 4096

struct shelf {
    enum lang lang;    /* of what is told */
    const char *media; /* folder ab/abcdef…; NULL: none */
    size_t document_count;
    struct render_document *const *documents; /* their files go first */
    char path[2][SHELF_PATH_SIZE];            /* given by shelf_path, by turns */
    int turn;
};

struct picture_source shelf_pictures(struct shelf *shelf);
/* A file's path, for films; its bytes are checked against the hash. Valid until the second call
 * from now. `context` is the shelf. */
const char *shelf_path(void *context, const struct sha256 *file, struct error *err);
/* Its bytes, freed with free(); NULL with *err. */
char *shelf_read(struct shelf *shelf, const struct sha256 *file, size_t limit, size_t *length_out,
                 struct error *err);
void shelf_tell(void *context, const struct error *err);

#endif
