/* The layouts that came with the program (assets/layouts), made by embed_files. */
#ifndef VITRINE_SERVER_CONTENT_LAYOUT_EMBEDDED_H
#define VITRINE_SERVER_CONTENT_LAYOUT_EMBEDDED_H

#include "core/embedded.h"

extern const struct embedded_file layout_files[];
extern const size_t layout_file_count;

#endif
