/* Settings of the installation, and the content version by which the fleet notices changes. */
#ifndef VITRINE_SERVER_STORE_SETTINGS_H
#define VITRINE_SERVER_STORE_SETTINGS_H

#include "server/store/entity.h"

/* Gives `fallback` when the key is not set. */
bool settings_get_int(struct db *db, const char *key, int64_t fallback, int64_t *value_out,
                      struct error *err) __attribute__((warn_unused_result));
bool settings_set_int(struct db *db, const char *key, int64_t value, struct error *err)
    __attribute__((warn_unused_result));
bool settings_get_text(struct db *db, struct arena *arena, const char *key, const char *fallback,
                       const char **value_out, struct error *err)
    __attribute__((warn_unused_result));
bool settings_set_text(struct db *db, const char *key, const char *value, struct error *err)
    __attribute__((warn_unused_result));

/* Raised by one by each transaction that changed content: organisations, portraits, announcements,
 * events, media, playlists, rules, sites, groups, screens. An upsert that finds nothing changed
 * does not raise it. Readers see it together with the change. */
bool settings_content_version(struct db *db, int64_t *version_out, struct error *err)
    __attribute__((warn_unused_result));
/* The same of what a kiosk's directory is made from: organisations, portraits, events, renditions.
 */
bool settings_directory_version(struct db *db, int64_t *version_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
