/* How slides are put together: words typeset, pictures and links added, an id from all that is
 * shown. Between slides.c, which fills the slides of records, and slides_lists.c, which makes those
 * of playlists. */
#ifndef VITRINE_SERVER_CONTENT_SLIDES_BUILDER_H
#define VITRINE_SERVER_CONTENT_SLIDES_BUILDER_H

#include "core/arena.h"
#include "core/lang.h"
#include "core/strbuf.h"
#include "playlists/slide.h"
#include "playlists/template.h"
#include "server/store/organisations.h"

/* A slide in the making. */
struct slide_builder {
    struct slide *slide;
    struct arena *arena;
    enum lang lang;
    struct strbuf scratch;
};

/* The template's name is kept as it is given. */
void slide_builder_init(struct slide_builder *builder, struct slide *slide, const char *template,
                        const char *subject, enum lang lang, struct arena *arena);
const char *slide_builder_typeset(struct slide_builder *builder, const char *text);
/* Slots without words are left out, as are those that a slide has no room for. */
void slide_builder_text(struct slide_builder *builder, const char *slot, const char *text);
/* For codes that the template reads: kept to the letter. */
void slide_builder_code(struct slide_builder *builder, const char *slot, const char *code);
/* Nothing without a hash. */
void slide_builder_picture(struct slide_builder *builder, const struct slide_picture *picture,
                           const char *sha256);
/* A public address for the QR code; nothing for what is none. Sites are often noted without
 * scheme. */
void slide_builder_link(struct slide_builder *builder, const char *url);
/* Title, id, and the reading time unless a duration is set; templates NULL: the built-in ones.
 * Checks the slide, by itself and by its template. */
bool slide_builder_finish(struct slide_builder *builder, const char *title,
                          const struct template_set *templates, struct error *err)
    __attribute__((warn_unused_result));

/* As people know it. */
const char *slide_builder_name(const struct organisation *organisation);

#endif
