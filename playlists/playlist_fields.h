/* Members that playlist and layout documents share, read strictly: false with err->field set, as
 * core/json.h. For the codecs of this folder. */
#ifndef VITRINE_PLAYLISTS_PLAYLIST_FIELDS_H
#define VITRINE_PLAYLISTS_PLAYLIST_FIELDS_H

#include "core/json.h"

#define SLUG_LENGTH_MAX 80
#define FILE_NAME_MAX 200

/* A text of min to `max` characters; the schemas count characters, not bytes. */
bool document_text(const cJSON *object, const char *key, size_t min, size_t max,
                   struct arena *arena, const char **text_out, struct error *err)
    __attribute__((warn_unused_result));
/* Absent: "". */
bool document_optional_text(const cJSON *object, const char *key, size_t max, struct arena *arena,
                            const char **text_out, struct error *err)
    __attribute__((warn_unused_result));
/* [a-z0-9]+(-[a-z0-9]+)*, SLUG_LENGTH_MAX at most. */
bool document_slug(const cJSON *object, const char *key, struct arena *arena, const char **text_out,
                   struct error *err) __attribute__((warn_unused_result));
/* Absent: "". */
bool document_optional_slug(const cJSON *object, const char *key, struct arena *arena,
                            const char **text_out, struct error *err)
    __attribute__((warn_unused_result));
bool document_optional_int(const cJSON *object, const char *key, int min, int max, int absent,
                           int *value_out, struct error *err) __attribute__((warn_unused_result));

/* A file that a document names: at loading time it lies beside the document, then its content is
 * in the media store and the document names that. Exactly one of the two is not "". */
struct document_file {
    const char *path;   /* without "..", relative */
    const char *sha256; /* 64 hex */
};
/* Members "<key>" and "<key>_sha256". Needed, or (both absent) both are "". */
bool document_file(const cJSON *object, const char *key, bool needed, struct arena *arena,
                   struct document_file *file_out, struct error *err)
    __attribute__((warn_unused_result));
void document_put_file(struct json_writer *writer, const char *key,
                       const struct document_file *file);

#endif
