/* A slide as a document on disk: the manifest's form, with what an editor need not say filled in
 * and pictures and films by path. */
#ifndef VITRINE_PLAYER_RENDER_DOCUMENT_H
#define VITRINE_PLAYER_RENDER_DOCUMENT_H

#include "core/error.h"
#include "playlists/slide.h"

struct render_document;

/* Checked by slide_check. NULL on failure. */
struct render_document *render_document_load(const char *path, struct error *err)
    __attribute__((warn_unused_result));
void render_document_destroy(struct render_document *document); /* accepts NULL */
const struct slide *render_document_slide(const struct render_document *document);
/* Where a file given by path is; NULL: it was given by hash. */
const char *render_document_path(const struct render_document *document, const struct sha256 *file);

#endif
