/* Between the files of resource_*.c. */
#ifndef VITRINE_SERVER_RECORDS_RESOURCE_PRIVATE_H
#define VITRINE_SERVER_RECORDS_RESOURCE_PRIVATE_H

#include "playlists/playlist.h"
#include "server/content/references.h"
#include "server/records/resource.h"

/* What leads nowhere is the body's fault: ERROR_NOT_FOUND becomes ERROR_INVALID. Returns found. */
bool resource_refer(bool found, struct error *err);
/* references_check, and resource_refer; "" refers to nothing. */
bool resource_reference(struct db *db, struct arena *arena, enum referred kind, const char *id,
                        const char *field, struct error *err);
/* That the media is in the library and of that type ("image/"); "" is none. */
bool resource_media(struct db *db, struct arena *arena, const char *sha256, const char *type,
                    const char *field, struct error *err);
/* ERROR_CONFLICT naming the record's user, entries of playlists among them. */
bool resource_unused(struct db *db, struct arena *arena, const struct resource *resource,
                     const char *id, struct error *err);
/* A list of one. */
bool resource_one_site(struct arena *arena, const char *site, struct text_list *out);
/* "2026-11-24" of that instant. */
const char *resource_day(struct arena *arena, int64_t now_ms);

#endif
