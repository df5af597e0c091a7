/* Brings one file of a manifest into the cache: resumed where it broke off, checked, committed. */
#ifndef VITRINE_PLAYER_SYNC_DOWNLOAD_H
#define VITRINE_PLAYER_SYNC_DOWNLOAD_H

#include "player/sync/state.h"
#include "player/sync/transport.h"

enum download_result {
    DOWNLOAD_DONE,
    DOWNLOAD_NETWORK,  /* broke off: what came stays as .part, try again */
    DOWNLOAD_REFUSED,  /* the server has no such file */
    DOWNLOAD_BAD_SIZE, /* longer or shorter than the manifest says */
    DOWNLOAD_BAD_HASH,
    DOWNLOAD_STORAGE, /* disk full, read-only, failing */
};

/* *err is set unless DOWNLOAD_DONE. */
enum download_result download_file(struct transport *transport, const struct state *state,
                                   const struct manifest_file *file, int stall_s,
                                   struct error *err);

/* Its fault code in docs/protocol.md. */
const char *download_fault(enum download_result result);

#endif
