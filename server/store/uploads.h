/* Uploads under way; their bytes lie in files, whose size is how far they have come. */
#ifndef VITRINE_SERVER_STORE_UPLOADS_H
#define VITRINE_SERVER_STORE_UPLOADS_H

#include "server/store/entity.h"

struct upload_row {
    const char *id;
    const char *user_name;
    const char *name; /* of the file */
    const char *site;
    int64_t length;
    int64_t created_ms;
    int64_t expires_ms;
};

struct upload_row_list {
    size_t count;
    struct upload_row *items;
};

bool uploads_put(struct db *db, const struct upload_row *upload, struct error *err)
    __attribute__((warn_unused_result));
bool uploads_get(struct db *db, struct arena *arena, const char *id, struct upload_row *out,
                 struct error *err) __attribute__((warn_unused_result));
bool uploads_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
/* Of one person, or (NULL) of all; oldest first. */
bool uploads_list(struct db *db, struct arena *arena, const char *user_name,
                  struct upload_row_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
