/* What the store knows of media files; the bytes are in server/media. */
#ifndef VITRINE_SERVER_STORE_MEDIA_RECORDS_H
#define VITRINE_SERVER_STORE_MEDIA_RECORDS_H

#include "server/store/entity.h"

struct media_record {
    const char *sha256;
    int64_t size;
    const char *type; /* "image/jpeg", "image/png", "image/webp", "video/mp4", "video/webm",
                         "text/vtt", "application/json" */
    int64_t width;    /* 0 for what is neither picture nor film */
    int64_t height;
    const char *name; /* original name; the first one is kept */
    int64_t created_ms;
};

struct media_record_list {
    size_t count;
    struct media_record *items;
};

/* A record that is there already is left as it is (UNCHANGED): content decides the name. */
bool media_records_add(struct db *db, struct arena *arena, const struct media_record *record,
                       enum upsert_result *out, struct error *err)
    __attribute__((warn_unused_result));
bool media_records_get(struct db *db, struct arena *arena, const char *sha256,
                       struct media_record *out, struct error *err)
    __attribute__((warn_unused_result));
/* One that is not there is no failure. */
bool media_records_delete(struct db *db, const char *sha256, struct error *err)
    __attribute__((warn_unused_result));
/* The newest first. */
bool media_records_of_type(struct db *db, struct arena *arena, const char *type,
                           struct media_record_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* In order of hash. */
bool media_records_list(struct db *db, struct arena *arena, struct media_record_list *out,
                        struct error *err) __attribute__((warn_unused_result));

#endif
