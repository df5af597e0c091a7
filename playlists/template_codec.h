/* A template's document: strict JSON, checked down to the contrast of its inks. For template_set.c
 * and tests. */
#ifndef VITRINE_PLAYLISTS_TEMPLATE_CODEC_H
#define VITRINE_PLAYLISTS_TEMPLATE_CODEC_H

#include "core/arena.h"
#include "playlists/template.h"

#define TEMPLATE_CONTRAST_LEAST 7.0 /* of a text to what is behind it: WCAG 2.2, level AAA */

/* Everything in the arena. */
bool template_decode(const char *bytes, size_t length, struct arena *arena,
                     struct template *template_out, struct error *err)
    __attribute__((warn_unused_result));

/* Whether the player has a drawing of that name (player/scene/icon.h). */
bool template_icon_known(const char *name);
/* WCAG's contrast of two colours 0xRRGGBB: 1 to 21. */
double template_contrast(uint32_t a, uint32_t b);

#endif
