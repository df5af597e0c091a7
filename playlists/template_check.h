/* What a template's document must be beyond its form: slots that exist, inks that can be read. For
 * template_codec.c. */
#ifndef VITRINE_PLAYLISTS_TEMPLATE_CHECK_H
#define VITRINE_PLAYLISTS_TEMPLATE_CHECK_H

#include "playlists/template.h"

bool template_check_look(const struct template *template, const struct template_look *look,
                         struct error *err) __attribute__((warn_unused_result));
bool template_check_variant(const struct template *template, const struct template_variant *variant,
                            struct error *err) __attribute__((warn_unused_result));

#endif
