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

#define ROSTER_ID_SIZE 72
#define ROSTER_ETAG_SIZE 48

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
/* Makes the roster what the store says: tokens given and taken back, manifests published, also by
 * other processes. `changed` (may be NULL) gets the key of each screen with another manifest. */
bool roster_refresh(struct roster *roster, struct db *db,
                    void (*changed)(void *context, uint64_t key), void *context, struct error *err)
    __attribute__((warn_unused_result));

void roster_set_device(struct roster *roster, const char *screen, const struct sha256 *token_hash);
/* Gives the key to wake by. */
uint64_t roster_set_manifest(struct roster *roster, const struct manifest_record *record);

/* The screen whose token this is (64 hex as the player sends it), noting that it was seen. */
bool roster_authenticate(struct roster *roster, const char *token, int64_t now_ms,
                         struct roster_screen *screen_out);
/* NULL while the screen has none. */
const struct roster_manifest *roster_manifest(struct roster *roster, const char *screen);
void roster_release(struct roster *roster, const struct roster_manifest *manifest);
/* When the screen was last heard; 0: not since start. */
int64_t roster_last_seen(struct roster *roster, const char *screen);
/* Writes the last signs of life of those heard since the last flush; those of a screen without a
 * player any more are dropped. */
bool roster_flush(struct roster *roster, struct db *db, struct error *err)
    __attribute__((warn_unused_result));

#endif
