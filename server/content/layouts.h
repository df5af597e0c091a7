/* The layouts that screens can name: the store's, and those that came with the program where the
 * store has none of that id. */
#ifndef VITRINE_SERVER_CONTENT_LAYOUTS_H
#define VITRINE_SERVER_CONTENT_LAYOUTS_H

#include "playlists/layout.h"
#include "server/store/entity.h"

#define LAYOUTS_DEFAULT "bandeau" /* of screens that name none */

/* id "": the default. The caller destroys it. */
struct layout *layouts_find(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
/* The ids of all that screens may name, sorted. */
bool layouts_ids(struct db *db, struct arena *arena, struct text_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* The one that came with the program: LAYOUTS_DEFAULT. Never NULL. */
struct layout *layouts_fallback(void);

#endif
