/* The admin page's files, compiled into the program (cmake/Embed.cmake). */
#ifndef VITRINE_SERVER_API_EMBEDDED_H
#define VITRINE_SERVER_API_EMBEDDED_H

#include "core/embedded.h"

extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

#endif
