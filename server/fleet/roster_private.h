/* Shared by the files of the roster: entries are under its lock. */
#ifndef VITRINE_SERVER_FLEET_ROSTER_PRIVATE_H
#define VITRINE_SERVER_FLEET_ROSTER_PRIVATE_H

#include <pthread.h>

#include "server/fleet/roster.h"

#define ROSTER_TAIL_BUCKETS 1024
#define ROSTER_BOOTS 4

/* What the manifests of many screens have in common. */
struct roster_tail {
    struct sha256 sum;
    size_t users; /* entries, and who compresses it */
    size_t size;
    unsigned char *deflated; /* NULL: nobody has asked */
    size_t deflated_size;
    unsigned long crc;
    struct manifest *glance; /* NULL: none */
    int64_t glance_from_ms, glance_until_ms;
    struct roster_tail *next;
    unsigned char bytes[];
};

struct roster_held {
    char etag[ROSTER_ETAG_SIZE];
    struct roster_tail *tail; /* NULL: head is all of it */
    unsigned char *old;       /* sealed as a whole; NULL: nobody has asked */
    size_t old_size;
    size_t head_size;
    unsigned char head[];
};

enum roster_wish_kind { WISH_IDENTIFY, WISH_SCREENSHOT, WISH_RESTART, WISH_KINDS };

struct roster_waiting {
    char id[ROSTER_WISH_SIZE]; /* "": none */
    int64_t number;
    int64_t until_ms;
    int64_t told_ms; /* 0: not yet */
    bool in_store;   /* roster_refresh_wishes has met it */
};

/* A start of a player that asked lately; the first of the array asked last. */
struct roster_boot {
    char id[ROSTER_BOOT_SIZE];
    char peer[ROSTER_PEER_SIZE];
};

struct roster_entry {
    char id[ROSTER_ID_SIZE];
    uint64_t key;
    bool has_token;
    struct sha256 token_hash;
    struct roster_held *manifest;
    int64_t seen_ms;
    bool seen_since_flush;
    bool in_store; /* roster_refresh has met its device */
    struct roster_waiting wishes[WISH_KINDS];
    struct roster_boot boots[ROSTER_BOOTS];
    int boot_returns;
    int64_t returned_ms;
    bool cloned; /* not taken yet */
    struct roster_entry *next_by_token;
    struct roster_entry *next_by_id;
};

struct roster {
    pthread_mutex_t lock;
    size_t count, bucket_count; /* bucket_count is a power of two */
    struct roster_entry **by_token;
    struct roster_entry **by_id;
    struct roster_tail *tails[ROSTER_TAIL_BUCKETS];
};

/* All with the lock held. */
struct roster_entry *roster_find(struct roster *roster, const char *id); /* or NULL */
struct roster_entry *roster_need(struct roster *roster, const char *id);
/* Calls for every entry. */
void roster_each(struct roster *roster, void (*visit)(struct roster_entry *entry, void *context),
                 void *context);
void roster_let_go(struct roster *roster, struct roster_held *held); /* accepts NULL */
struct roster_tail *roster_tail_find(struct roster *roster, const struct sha256 *sum);

void *roster_calloc(size_t count, size_t size);

#endif
