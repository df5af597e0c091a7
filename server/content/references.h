/* What a record names must be there: one check for documents and for the API. ERROR_NOT_FOUND
 * naming kind and id, with the member at fault as field. */
#ifndef VITRINE_SERVER_CONTENT_REFERENCES_H
#define VITRINE_SERVER_CONTENT_REFERENCES_H

#include "playlists/playlist.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"

enum referred {
    REFERRED_ORGANISATION,
    REFERRED_EVENT,
    REFERRED_PORTRAIT,
    REFERRED_ANNOUNCEMENT,
    REFERRED_PLAYLIST,
    REFERRED_SITE,
    REFERRED_SCREEN,
    REFERRED_GROUP,
    REFERRED_KINDS
};

bool references_check(struct db *db, struct arena *arena, enum referred kind, const char *id,
                      const char *field, struct error *err) __attribute__((warn_unused_result));

/* Site, groups and layout. */
bool references_of_screen(struct db *db, struct arena *arena, const struct screen *screen,
                          struct error *err) __attribute__((warn_unused_result));
/* Playlist, screens and groups. */
bool references_of_rule(struct db *db, struct arena *arena, const struct rule *rule,
                        struct error *err) __attribute__((warn_unused_result));
/* What one entry names but its files, and that a written slide fits its template. The field is
 * within the entry. */
bool references_of_entry(struct db *db, struct arena *arena, const struct playlist_entry *entry,
                         struct error *err) __attribute__((warn_unused_result));

#endif
