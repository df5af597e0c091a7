/* Decoded pictures. Headers are checked before anything is decoded: type, dimensions, size
 * (DESIGN.md: a 30000×30000 PNG crashes the decoder; a truncated JPEG "succeeds" and is refused
 * here). Decoding may run in any thread; an image is immutable afterwards. */
#ifndef VITRINE_PLAYER_DRAW_IMAGE_H
#define VITRINE_PLAYER_DRAW_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define IMAGE_SIDE_MAX 8192
#define IMAGE_PIXELS_MAX (40 * 1000 * 1000)
#define IMAGE_BYTES_MAX (64 * 1024 * 1024)

struct image {
    uint32_t *pixels; /* 0xAARRGGBB, straight alpha, `width` a row */
    int width, height;
    bool opaque;
};

/* Reads type and dimensions only: PNG, JPEG, WebP. */
bool image_probe(const void *bytes, size_t length, int *width_out, int *height_out,
                 const char **type_out, struct error *err) __attribute__((warn_unused_result));
/* NULL on failure. */
struct image *image_decode(const void *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
struct image *image_load(const char *path, struct error *err) __attribute__((warn_unused_result));
void image_destroy(struct image *image); /* accepts NULL */

#endif
