/* Reads type and size of a picture from its header, without decoding it. */
#ifndef VITRINE_SERVER_MEDIA_PICTURE_HEADER_H
#define VITRINE_SERVER_MEDIA_PICTURE_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct picture_header {
    const char *type; /* "image/png", "image/jpeg", "image/webp"; static */
    int64_t width;
    int64_t height;
};

/* PNG (signature, IHDR, an IEND at the end), JPEG (SOI, a frame header, EOI), WebP (RIFF length,
 * VP8, VP8L or VP8X). Truncated or other files are ERROR_INVALID, sizes of 0 or over the limit
 * ERROR_LIMIT. */
bool picture_header_read(const void *bytes, size_t size, int64_t pixels_max,
                         struct picture_header *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
