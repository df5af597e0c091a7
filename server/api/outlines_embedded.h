/* Outlines of communes, compiled into the program. */
#ifndef VITRINE_SERVER_API_OUTLINES_EMBEDDED_H
#define VITRINE_SERVER_API_OUTLINES_EMBEDDED_H

#include "core/embedded.h"

extern const struct embedded_file outline_files[];
extern const size_t outline_file_count;

#endif
