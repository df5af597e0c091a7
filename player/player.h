/* The player: boot, the main loop, and what ties window, signage, kiosk, render worker, network
 * thread and reports together. */
#ifndef VITRINE_PLAYER_PLAYER_H
#define VITRINE_PLAYER_PLAYER_H

#include "core/error.h"
#include "player/options.h"

struct player;

/* Reads the state folder, draws the first frame and opens the window meanwhile. Content never makes
 * it fail: only missing fonts, a missing display or another player on the same folder do. */
struct player *player_create(const struct options *options, struct error *err)
    __attribute__((warn_unused_result));
/* Until SIGTERM, the window's closing, or --quit-after. False: the display was lost. */
bool player_run(struct player *player, struct error *err) __attribute__((warn_unused_result));
void player_destroy(struct player *player); /* accepts NULL */

#endif
