/* How much room the cached files may take, and which go when it gets tight: those that no manifest
 * lists, the longest unused first. The network thread's. */
#ifndef VITRINE_PLAYER_SYNC_CACHE_H
#define VITRINE_PLAYER_SYNC_CACHE_H

#include "player/sync/state.h"

#define CACHE_QUOTA_BYTES (INT64_C(8) << 30)
#define CACHE_RESERVE_BYTES (INT64_C(64) << 20)

struct cache_limits {
    int64_t quota_bytes;   /* of all cached files */
    int64_t reserve_bytes; /* stay free on the file system */
};

/* quota_bytes 0: 8 GiB, or 80 % of the file system if that is less. 64 MiB stay free, or 5 % of a
 * file system so small that this is less. */
struct cache_limits cache_limits(const struct state *state, int64_t quota_bytes);

/* Bytes of the manifest's files that are not there yet. */
int64_t cache_missing_bytes(const struct state *state, const struct manifest *manifest);

/* Removes what none of these manifests lists (NULL lists none), finished or not, as far as it must
 * go for `needed` more bytes to fit. Returns how many bytes are still too many, 0: it fits. */
int64_t cache_make_room(const struct state *state, const struct cache_limits *limits,
                        int64_t needed, const struct manifest *const *kept, size_t count,
                        size_t *evicted_out);

/* The manifest's files were in use until now. */
void cache_touch(const struct state *state, const struct manifest *manifest);

#endif
