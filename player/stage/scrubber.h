/* Looks after the cached files in the background: each is read and checked against its hash, from
 * the first to the last and twice a day anew, so that a flipped bit is found before it is to be
 * shown. A thread of its own that leaves the machine to the others most of the time. */
#ifndef VITRINE_PLAYER_STAGE_SCRUBBER_H
#define VITRINE_PLAYER_STAGE_SCRUBBER_H

#include "player/stage/worker.h"

struct scrubber;

/* `deliver` gets a JOB_DAMAGE for each file that is damaged or missing, in the scrubber's thread.
 * NULL when no thread can be had. */
struct scrubber *scrubber_create(void (*deliver)(void *context, struct job *job), void *context);
void scrubber_destroy(struct scrubber *scrubber); /* accepts NULL */

/* Check this display's edition from its first file on; NULL: none any more. */
void scrubber_watch(struct scrubber *scrubber, int display, const struct state *state,
                    struct edition *edition);

#endif
