/* The national document (assets/data/feries.json), made by embed_files. */
#ifndef VITRINE_SERVER_CALENDAR_HOLIDAYS_EMBEDDED_H
#define VITRINE_SERVER_CALENDAR_HOLIDAYS_EMBEDDED_H

#include "core/embedded.h"

extern const struct embedded_file holidays_files[];
extern const size_t holidays_file_count;

#endif
