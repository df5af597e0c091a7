/* Files that people name in commands and documents, looked at before they are opened. */
#ifndef VITRINE_CORE_SOURCE_H
#define VITRINE_CORE_SOURCE_H

#include <stdbool.h>

#include "core/error.h"

/* Whether there is a plain file of that name. A folder, a pipe, a device is ERROR_INVALID: reading
 * them may never end. */
bool source_check(const char *path, struct error *err) __attribute__((warn_unused_result));
/* Whether the file is below the folder when all symbolic links are followed. */
bool source_is_inside(const char *folder, const char *path);

#endif
