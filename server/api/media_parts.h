/* Shared by the files of the media's routes, and what api.c starts and stops of them. */
#ifndef VITRINE_SERVER_API_MEDIA_PARTS_H
#define VITRINE_SERVER_API_MEDIA_PARTS_H

#include <limits.h>

#include "core/json.h"
#include "server/api/internal.h"
#include "server/content/form.h"
#include "server/media/jobs.h"

struct api_media {
    char originals[PATH_MAX], uploads_folder[PATH_MAX], scratch[PATH_MAX], worker[PATH_MAX];
    struct library library;
    struct uploads *uploads;
    struct jobs *jobs;
};

/* The item as one object: in a list, or (whole) with what it is used by. */
bool media_write(struct db *db, struct arena *arena, const struct media_item *item, bool whole,
                 enum lang lang, const char *key, struct json_writer *writer, struct error *err)
    __attribute__((warn_unused_result));
/* Changes with everything that people may change, and with the item's state. */
const char *media_etag(struct arena *arena, const struct media_item *item);
void media_answer(struct http_request *request, struct api *api, const struct media_item *item,
                  enum answer_state state);

extern const struct form media_form; /* struct media_item */

#endif
