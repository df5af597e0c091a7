/* How long to wait after failures in a row: doubling from one second to a cap, half of it by
 * chance, so that a fleet that lost its server does not come back as one. Pure. */
#ifndef VITRINE_PLAYER_SYNC_BACKOFF_H
#define VITRINE_PLAYER_SYNC_BACKOFF_H

#include <stdint.h>

#define BACKOFF_CAP_MS (5 * 60 * 1000)

/* failures ≥ 1; `chance` is any random number. Between half and the whole of
 * min(2^(failures-1) s, 5 min). */
int64_t backoff_ms(int failures, uint32_t chance);
/* `ms` plus up to a fifth. */
int64_t backoff_spread(int64_t ms, uint32_t chance);

#endif
