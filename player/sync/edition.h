/* A verified manifest with shared ownership: the main thread plays it, the render worker draws from
 * it and the network thread keeps its files. The last one to release it frees it. Thread-safe. */
#ifndef VITRINE_PLAYER_SYNC_EDITION_H
#define VITRINE_PLAYER_SYNC_EDITION_H

#include "playlists/manifest.h"

struct edition {
    const struct manifest *manifest;
};

/* Takes the manifest over; one reference belongs to the caller. */
struct edition *edition_create(struct manifest *manifest);
struct edition *edition_retain(struct edition *edition); /* NULL gives NULL */
void edition_release(struct edition *edition);           /* accepts NULL */

/* "<epoch>-<version>", as in ETag and heartbeats; "" for NULL. */
#define EDITION_NAME_SIZE 48
const char *edition_name(const struct edition *edition, char buf[EDITION_NAME_SIZE]);

#endif
