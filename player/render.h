/* What vitrine-render does: a slide's document, or a manifest at an instant, to a PNG file. No
 * window, no clock of the machine: the same input gives the same bytes. */
#ifndef VITRINE_PLAYER_RENDER_H
#define VITRINE_PLAYER_RENDER_H

#include "player/render_options.h"

/* Draws into options->output; tells on standard error what does not fit and what is missing. */
bool render_slide(const struct render_options *options, struct error *err)
    __attribute__((warn_unused_result));
bool render_screen(const struct render_options *options, struct error *err)
    __attribute__((warn_unused_result));

#endif
