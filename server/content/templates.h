/* The templates that this site's screens get: the program's own and, in place of those of the same
 * name, the store's. */
#ifndef VITRINE_SERVER_CONTENT_TEMPLATES_H
#define VITRINE_SERVER_CONTENT_TEMPLATES_H

#include "core/arena.h"
#include "playlists/template.h"
#include "server/store/db.h"

/* The caller destroys the set. The arena is for scratch. A document that cannot be read any more
 * (by a newer program) is logged, and the program's own templates stand alone. */
struct template_set *templates_load(struct db *db, struct arena *arena, struct error *err)
    __attribute__((warn_unused_result));

#endif
