/* One document on its way into the store; between documents.c and the loaders of each kind. */
#ifndef VITRINE_SERVER_CONTENT_LOADING_H
#define VITRINE_SERVER_CONTENT_LOADING_H

#include "core/json.h"
#include "playlists/playlist_fields.h"
#include "server/content/documents.h"
#include "server/content/references.h"
#include "server/store/entity.h"

struct loading {
    struct db *db;
    const struct media_store *media;
    struct arena *arena;
    const char *folder; /* that the document is in */
    struct document_report *report;
};

/* Each reads the whole document and writes what it holds. */
bool loading_screens(struct loading *loading, const cJSON *root, struct error *err)
    __attribute__((warn_unused_result));
bool loading_announcements(struct loading *loading, const cJSON *root, struct error *err)
    __attribute__((warn_unused_result));
bool loading_portraits(struct loading *loading, const cJSON *root, struct error *err)
    __attribute__((warn_unused_result));
bool loading_pictures(struct loading *loading, const cJSON *root, struct error *err)
    __attribute__((warn_unused_result));
bool loading_playlist(struct loading *loading, const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
bool loading_rules(struct loading *loading, const cJSON *root, struct error *err)
    __attribute__((warn_unused_result));

bool loading_layout(struct loading *loading, const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
bool loading_template(struct loading *loading, const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));

bool loading_holidays(struct loading *loading, const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));

void loading_count(struct loading *loading, enum upsert_result result);

/* Calls `take` for each element of the array, which it may change; its errors get "key[index]" in
 * front. */
bool loading_each(struct loading *loading, const cJSON *root, const char *key, size_t max,
                  bool (*take)(struct loading *, cJSON *, struct error *), struct error *err)
    __attribute__((warn_unused_result));

/* "format": 1 and the given members only (keys is NULL-terminated and holds "format"). */
bool loading_format(const cJSON *root, const char *const *keys, struct error *err)
    __attribute__((warn_unused_result));

enum media_kind { MEDIA_PICTURE, MEDIA_FILM, MEDIA_CAPTIONS };
/* Takes the file beside the document into the media store and puts its hash in place of its path;
 * of one that is there already it looks at the type. No file at all is fine. film gets a film's
 * header; NULL for others. Errors name `key`. */
bool loading_media(struct loading *loading, enum media_kind kind, const char *key,
                   struct document_file *file, struct film_header *film, struct error *err)
    __attribute__((warn_unused_result));

#endif
