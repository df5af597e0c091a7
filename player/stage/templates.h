/* The templates of an edition: the player's own, in whose place those stand that travel with the
 * manifest, so that the screen draws what the server previewed. The render worker's alone. */
#ifndef VITRINE_PLAYER_STAGE_TEMPLATES_H
#define VITRINE_PLAYER_STAGE_TEMPLATES_H

#include "core/error.h"
#include "core/hash.h"
#include "player/sync/edition.h"
#include "playlists/template.h"

struct templates;

/* Documents in `folder` go before those that are compiled in; when they cannot be read, or one is
 * bad, that is logged and the compiled ones serve. */
struct templates *templates_create(const char *folder);
void templates_destroy(struct templates *templates); /* accepts NULL */

/* Reads a file of the edition; NULL when it cannot (and has told of it). Freed with free(). */
typedef char *templates_read(void *context, const struct sha256 *file, size_t *length_out);
/* Those of the edition; of NULL, and when one of its documents is missing or bad (*err), the
 * player's own. Kept until a few other editions were asked for; never NULL. */
const struct template_set *templates_of(struct templates *templates, struct edition *edition,
                                        templates_read *read, void *context, struct error *err);

#endif
