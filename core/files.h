/* Files: bounded reads, and writes that a power cut cannot leave half done. Paths are UTF-8. */
#ifndef VITRINE_CORE_FILES_H
#define VITRINE_CORE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Whole file, NUL-terminated, freed with free(). Longer than `limit` is ERROR_LIMIT, missing is
 * ERROR_NOT_FOUND. */
bool file_read(const char *path, size_t limit, char **bytes_out, size_t *length_out,
               struct error *err) __attribute__((warn_unused_result));
/* path.tmp → fsync → rename → fsync of the folder. mode as for open(2). */
bool file_write_atomic(const char *path, const void *bytes, size_t length, unsigned mode,
                       struct error *err) __attribute__((warn_unused_result));
/* Renames an already written and closed temporary file into place: fsync, rename, fsync folder. */
bool file_commit(const char *temporary, const char *path, struct error *err)
    __attribute__((warn_unused_result));
bool file_exists(const char *path);
bool file_size(const char *path, int64_t *size_out);
/* Like mkdir -p, mode 0755 (or `mode`). */
bool folder_create(const char *path, unsigned mode, struct error *err)
    __attribute__((warn_unused_result));
/* Joins with one slash; returns buf; cuts and returns NULL if it does not fit. */
char *path_join(char *buf, size_t size, const char *folder, const char *name);
/* The asset folder: $VITRINE_ASSETS, else the source tree's when run from a build, else the
 * installed one (share/vitrine beside bin/ of the executable). NULL when none is there. */
const char *assets_folder(char *buf, size_t size);

#endif
