/* The fleet in memory: which token belongs to which screen, each screen's current sealed manifest,
 * what is wanted of its player and who asked in its name, so that a player's usual question
 * ("anything newer?") costs no query. The store stays the truth: the roster is refreshed from it,
 * and told at once of what this process changes. Any thread may call. */
#ifndef VITRINE_SERVER_FLEET_ROSTER_H
#define VITRINE_SERVER_FLEET_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/hash.h"
#include "core/sign.h"
#include "playlists/manifest.h"
#include "server/store/devices.h"
#include "server/store/manifests.h"
#include "server/store/wanted.h"

#define ROSTER_ID_SIZE 72
#define ROSTER_ETAG_SIZE 48
#define ROSTER_BOOT_SIZE 33
#define ROSTER_PEER_SIZE 48

#define ROSTER_WISH_SIZE 33
#define ROSTER_TELL_AGAIN_MS 20000

struct roster;

/* A copy of a sealed manifest, until released. */
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

struct roster_wish {
    char id[ROSTER_WISH_SIZE];
    char kind[16];
    int64_t number;
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
/* Whole or in parts; gives the key to wake by. */
uint64_t roster_set_manifest(struct roster *roster, const struct manifest_record *record);
/* One wish of each kind; gives the key to wake by. */
uint64_t roster_set_wish(struct roster *roster, const struct wanted *wanted);
/* That wish is over; another of its kind stays. */
void roster_drop_wish(struct roster *roster, const char *screen, const char *id);
/* The wish to tell the screen's player now: true when there is one that has not expired and was not
 * told within ROSTER_TELL_AGAIN_MS, since a player needs a moment to meet it and asks on meanwhile.
 * It counts as told. A restart comes last. */
bool roster_take_wish(struct roster *roster, const char *screen, int64_t now_ms,
                      struct roster_wish *out);
/* When that wish was told last; 0: not yet. */
int64_t roster_wish_told(struct roster *roster, const char *screen, const char *id);

/* The screen whose token this is (64 hex as the player sends it), noting that it was seen. */
bool roster_authenticate(struct roster *roster, const char *token, int64_t now_ms,
                         struct roster_screen *screen_out);
/* What its current manifest is called now; "" while there is none. */
void roster_etag(struct roster *roster, const char *screen, char etag_out[ROSTER_ETAG_SIZE]);
/* NULL while the screen has none. */
const struct roster_manifest *roster_manifest(struct roster *roster, const char *screen);
/* The same sealed as a whole, for players of before the seal in two parts: sealed when one first
 * asks, kept until the next version. The caller frees the bytes; NULL while the screen has none. */
unsigned char *roster_manifest_old(struct roster *roster, const char *screen,
                                   const struct sign_keys *keys, char etag_out[ROSTER_ETAG_SIZE],
                                   size_t *size_out);
void roster_release(struct roster *roster, const struct roster_manifest *manifest);
/* The same in gzip's format, made by the caller's free(); what screens share is compressed once for
 * all. NULL when it has none, or is so short that it is not worth it. */
unsigned char *roster_manifest_gzip(struct roster *roster, const char *screen,
                                    char etag_out[ROSTER_ETAG_SIZE], size_t *size_out);
/* When the screen was last heard; 0: not since start. */
int64_t roster_last_seen(struct roster *roster, const char *screen);
/* Writes the last signs of life of those heard since the last flush; those of a screen without a
 * player any more are dropped. */
bool roster_flush(struct roster *roster, struct db *db, struct error *err)
    __attribute__((warn_unused_result));

/* Somebody asked for the screen's manifest: the start of a player (32 hex, Vitrine-Boot) and where
 * from. A start that comes back after another one did, again and again, is two machines with one
 * key: a machine that starts anew never uses its old number again. */
void roster_note_boot(struct roster *roster, const char *screen, const char *boot, const char *peer,
                      int64_t now_ms);
/* Calls for each screen where that was noticed since the last call; who names both machines. */
void roster_take_clones(struct roster *roster,
                        void (*cloned)(void *context, const char *screen, const char *who),
                        void *context);

/* What the screen shows in the hours to come, without its manifest being read. Copied. */
void roster_set_glance(struct roster *roster, const char *screen, const struct manifest *manifest,
                       int64_t now_ms);

struct roster_now {
    char etag[ROSTER_ETAG_SIZE];
    const char *title; /* in the arena; "" when nothing is planned, as the next three */
    const char *template;
    const char *playlist;
    const char *rule;
    int64_t until_ms; /* INT64_MAX: for ever */
    bool closed;      /* outside opening hours: dark, whatever is planned */
};

/* False when no glance of the current manifest reaches that instant. */
bool roster_now(struct roster *roster, const char *screen, int64_t at_ms, struct arena *arena,
                struct roster_now *out);

#endif
