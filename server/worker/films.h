/* Films by the ffmpeg command, and presentations by LibreOffice, in the worker's sandbox. */
#ifndef VITRINE_SERVER_WORKER_FILMS_H
#define VITRINE_SERVER_WORKER_FILMS_H

#include "core/error.h"

#define FILM_PROGRAM "/usr/bin/ffmpeg"

/* "film": H.264 High@4.1, 1080p at most, 30 pictures a second, without sound; "poster" and
 * "thumbnail" of it. */
bool films_make(const char *path, const char *folder, struct error *err)
    __attribute__((warn_unused_result));

#endif
