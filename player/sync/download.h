/* Brings one file of a manifest into the cache: resumed where it broke off, hashed as it comes,
 * committed. Works in steps between which the network thread does other things. */
#ifndef VITRINE_PLAYER_SYNC_DOWNLOAD_H
#define VITRINE_PLAYER_SYNC_DOWNLOAD_H

#include "player/sync/state.h"
#include "player/sync/transport.h"

struct download;

enum download_result {
    DOWNLOAD_RUNNING, /* waits for the network */
    DOWNLOAD_BUSY,    /* reads what is there of an earlier attempt: step again soon */
    DOWNLOAD_DONE,
    DOWNLOAD_NETWORK,  /* broke off: what came stays as .part, try again */
    DOWNLOAD_REFUSED,  /* the server has no such file */
    DOWNLOAD_BAD_SIZE, /* longer or shorter than the manifest says */
    DOWNLOAD_BAD_HASH,
    DOWNLOAD_STORAGE, /* disk full, read-only, failing */
};

/* `transport` and `state` outlive it. Never NULL. */
struct download *download_create(struct transport *transport, const struct state *state,
                                 const struct manifest_file *file, int stall_s);
/* Breaks off what is under way; what came stays. Accepts NULL. */
void download_destroy(struct download *download);

enum download_result download_step(struct download *download);
const struct manifest_file *download_file(const struct download *download);
/* Bytes that came by it so far. */
int64_t download_progress(const struct download *download);
/* Set unless RUNNING, BUSY or DONE. */
const struct error *download_error(const struct download *download);
/* Whether the disk was full. */
bool download_lacked_room(const struct download *download);

/* The result's fault code in docs/protocol.md. */
const char *download_fault(enum download_result result);

#endif
