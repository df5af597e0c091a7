/* Reads what a film is from its header, without decoding it, and looks at captions: the server
 * takes only what its players can play. The file is somebody's upload: only local files, only the
 * containers named here, and a bounded look at it. */
#ifndef VITRINE_SERVER_MEDIA_FILM_HEADER_H
#define VITRINE_SERVER_MEDIA_FILM_HEADER_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define FILM_LENGTH_MAX_MS INT64_C(600000)
#define FILM_LONG_SIDE_MAX 3840
#define FILM_SHORT_SIDE_MAX 2160
#define CAPTIONS_BYTES_MAX ((size_t)1024 * 1024)
#define CAPTIONS_TYPE "text/vtt"

struct film_header {
    const char *type; /* "video/mp4", "video/webm"; static */
    int64_t width;    /* as shown: turned films stand upright */
    int64_t height;
    int64_t length_ms; /* 1 - FILM_LENGTH_MAX_MS */
};

/* MP4 or WebM/Matroska with H.264, HEVC, VP8, VP9 or AV1. Others are ERROR_INVALID, too long or too
 * large ones ERROR_LIMIT. */
bool film_header_read(const char *path, struct film_header *out, struct error *err)
    __attribute__((warn_unused_result));

/* Whether it begins as WebVTT and is UTF-8; what stands in its cues is the player's business. */
bool captions_check(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));

#endif
