/* The player as a process: boot, the main loop, and what its displays share: render worker, fonts,
 * time, quarantine, the displays' power and the watchdog. */
#ifndef VITRINE_PLAYER_PLAYER_H
#define VITRINE_PLAYER_PLAYER_H

#include "core/error.h"
#include "player/options.h"

struct player;

/* Reads the state folders, draws the first frames and opens the windows meanwhile. Content never
 * makes it fail: only missing fonts, a missing display or another player on the same folder do. */
struct player *player_create(const struct options *options, struct error *err)
    __attribute__((warn_unused_result));
/* Until SIGTERM, a window's closing, or --quit-after. False: a display was lost. */
bool player_run(struct player *player, struct error *err) __attribute__((warn_unused_result));
/* It ended because the server wants it to start anew. */
bool player_wants_restart(const struct player *player);
void player_destroy(struct player *player); /* accepts NULL */

#endif
