/* The fleet in memory: which token belongs to which screen, and each screen's current sealed
 * manifest, so that a player's usual question ("anything newer?") costs no query. The store stays
 * the truth: the roster is refreshed from it, and told at once of what this process changes. Any
 * thread may call. */
#ifndef VITRINE_SERVER_FLEET_ROSTER_H
#define VITRINE_SERVER_FLEET_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/hash.h"
#include "server/store/devices.h"
#include "server/store/manifests.h"
#include "server/store/wanted.h"

#define ROSTER_ID_SIZE 72
#define ROSTER_ETAG_SIZE 48

#define ROSTER_WISH_SIZE 33
#define ROSTER_TELL_AGAIN_MS 20000

struct roster;

/* A sealed manifest that cannot change; held until released. */
struct roster_manifest {
    char etag[ROSTER_ETAG_SIZE]; /* "<epoch>-<version>" */
    size_t size;
    const unsigned char *bytes;
};

struct roster_screen {
    char id[ROSTER_ID_SIZE];
    char etag[ROSTER_ETAG_SIZE]; /* "" while it has no manifest */
    uint64_t key;                /* to park on, and to wake by */
};

struct roster *roster_create(void);
void roster_destroy(struct roster *roster); /* accepts NULL */
/* Makes the roster what the store says: tokens given and taken back, manifests published, wishes,
 * also by other processes. `changed` (may be NULL) gets the key of each screen with another
 * manifest or a new wish. */
bool roster_refresh(struct roster *roster, struct db *db,
                    void (*changed)(void *context, uint64_t key), void *context, struct error *err)
    __attribute__((warn_unused_result));

/* The wishes alone: a look that costs one query. */
bool roster_refresh_wishes(struct roster *roster, struct db *db,
                           void (*changed)(void *context, uint64_t key), void *context,
                           struct error *err) __attribute__((warn_unused_result));

void roster_set_device(struct roster *roster, const char *screen, const struct sha256 *token_hash);
/* Gives the key to wake by. */
uint64_t roster_set_manifest(struct roster *roster, const struct manifest_record *record);
/* What is wanted of the screen's player (store/wanted.h); gives the key to wake by. */
uint64_t roster_set_wish(struct roster *roster, const struct wanted *wanted);
void roster_drop_wish(struct roster *roster, const char *screen);
/* The wish to tell the screen's player now: true when there is one that has not expired and was not
 * told within ROSTER_TELL_AGAIN_MS, since a player needs a moment to meet it and asks on meanwhile.
 * It counts as told. */
bool roster_take_wish(struct roster *roster, const char *screen, int64_t now_ms,
                      char id_out[ROSTER_WISH_SIZE]);

/* The screen whose token this is (64 hex as the player sends it), noting that it was seen. */
bool roster_authenticate(struct roster *roster, const char *token, int64_t now_ms,
                         struct roster_screen *screen_out);
/* NULL while the screen has none. */
const struct roster_manifest *roster_manifest(struct roster *roster, const char *screen);
/* The same bytes in gzip's format, which live as long as the manifest is held; compressed when
 * somebody first asks, once for all. False when that is not worth it. */
bool roster_manifest_gzip(struct roster *roster, const struct roster_manifest *manifest,
                          const unsigned char **bytes_out, size_t *size_out);
void roster_release(struct roster *roster, const struct roster_manifest *manifest);
/* When the screen was last heard; 0: not since start. */
int64_t roster_last_seen(struct roster *roster, const char *screen);
/* Writes the last signs of life of those heard since the last flush; those of a screen without a
 * player any more are dropped. */
bool roster_flush(struct roster *roster, struct db *db, struct error *err)
    __attribute__((warn_unused_result));

#endif
