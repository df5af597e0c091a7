/* Pictures by libvips: looked at by their header, then made upright, sRGB, no larger than a screen
 * needs and free of everything but the picture. */
#ifndef VITRINE_SERVER_WORKER_PICTURES_H
#define VITRINE_SERVER_WORKER_PICTURES_H

#include "core/error.h"

#define PICTURE_PIXELS_MAX INT64_C(100000000)
#define PICTURE_SCREEN_PX 1920
#define PICTURE_THUMBNAIL_PX 480

/* Once; threads are made here and later. Only the loaders of what Vitrine takes stay open. */
bool pictures_init(const char *program, struct error *err) __attribute__((warn_unused_result));

/* Writes the renditions "screen" and "thumbnail" into the folder and reports them. */
bool pictures_make(const char *path, const char *folder, struct error *err)
    __attribute__((warn_unused_result));
/* A picture of our own making as role `role`, and as "thumbnail". */
bool pictures_make_poster(const char *path, const char *folder, const char *role, struct error *err)
    __attribute__((warn_unused_result));
/* Each page as an image of PICTURE_SCREEN_PX at most, and a thumbnail of the first; progress is
 * told from `from` to 100. */
bool pictures_make_pages(const char *path, const char *folder, int from, struct error *err)
    __attribute__((warn_unused_result));

#endif
