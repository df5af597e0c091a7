/* The kiosks' directory (playlists/directory.h) from the displayable organisations. The bytes, and
 * with them the file's name, change only when an organisation does. */
#ifndef VITRINE_SERVER_CONTENT_DIRECTORY_BUILD_H
#define VITRINE_SERVER_CONTENT_DIRECTORY_BUILD_H

#include "playlists/directory.h"
#include "server/media/media.h"
#include "server/store/organisations.h"

#define DIRECTORY_TYPE "application/json"

/* In words that people read, sorted. The caller destroys it; it borrows nothing. */
struct directory *directory_build(const struct organisation_list *organisations);

/* Builds it from the store and adds it to the media. */
bool directory_publish(struct db *db, const struct media_store *media, struct arena *arena,
                       struct media_record *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
