/* assets/templates, compiled into the library. */
#ifndef VITRINE_PLAYLISTS_TEMPLATE_EMBEDDED_H
#define VITRINE_PLAYLISTS_TEMPLATE_EMBEDDED_H

#include "core/embedded.h"

extern const struct embedded_file template_files[];
extern const size_t template_file_count;

#endif
