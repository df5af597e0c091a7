/* A slide as JSON: part of the manifest, and a document of its own for vitrine-render. Strict as
 * the manifest's codec; slide_check is the caller's business. */
#ifndef VITRINE_PLAYLISTS_SLIDE_CODEC_H
#define VITRINE_PLAYLISTS_SLIDE_CODEC_H

#include "core/arena.h"
#include "core/json.h"
#include "playlists/slide.h"

/* An element of an array. */
void slide_encode(struct json_writer *writer, const struct slide *slide);
bool slide_decode(const cJSON *object, struct arena *arena, struct slide *slide_out,
                  struct error *err) __attribute__((warn_unused_result));

/* A SHA-256 as 64 lower-case hexadecimal digits. */
void json_put_sum(struct json_writer *writer, const char *key, const struct sha256 *sum);
bool json_get_sum(const cJSON *object, const char *key, struct sha256 *sum_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
