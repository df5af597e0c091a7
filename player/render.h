/* What vitrine-render does: a slide's document, or a manifest at an instant, to a PNG file; slides
 * or a manifest over a while to a film. No window, no clock of the machine: the same input gives
 * the same pictures. All write into options->output and tell on standard error what does not fit
 * and what is missing. */
#ifndef VITRINE_PLAYER_RENDER_H
#define VITRINE_PLAYER_RENDER_H

#include "player/render_options.h"
#include "player/render_shelf.h"
#include "player/stage/composition.h"

bool render_slide(const struct render_options *options, struct error *err)
    __attribute__((warn_unused_result));
bool render_screen(const struct render_options *options, struct error *err)
    __attribute__((warn_unused_result));
/* render_film.c */
bool render_film(const struct render_options *options, struct error *err)
    __attribute__((warn_unused_result));

/* What drawing needs: fonts, templates, and where files are. */
struct render {
    const struct render_options *options;
    struct shelf shelf;
    char media[SHELF_PATH_SIZE];
    struct text_engine *text;
    struct template_set *templates;
};

bool render_init(struct render *render, const struct render_options *options, struct error *err)
    __attribute__((warn_unused_result));
void render_finish(struct render *render);
/* The programme that the options name; NULL with *err. */
struct edition *render_edition(const struct render_options *options, struct error *err);
/* With the templates that travel with the edition. `metrics` of the whole picture. */
struct composition *render_composition(struct render *render, struct edition *edition,
                                       const struct metrics *metrics, bool transitions,
                                       struct error *err) __attribute__((warn_unused_result));
/* Of the screen, or as the options say. */
struct metrics render_metrics(const struct render_options *options,
                              const struct manifest_screen *screen);

#endif
