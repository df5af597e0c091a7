#include "server/auth/throttle.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/sign.h"

#define FORGET_MS (INT64_C(15) * 60 * 1000)
#define PAUSE_FIRST_S 30
#define PAUSE_MAX_S 900
#define SLOTS 4096

static const int tries[THROTTLE_KINDS] = {
    [THROTTLE_NAME] = 5,  [THROTTLE_PEER] = 20,  [THROTTLE_CODE] = 5,
    [THROTTLE_LINK] = 20, [THROTTLE_START] = 60, [THROTTLE_JOURNAL] = 100};

/* Slots are shared by what hashes alike: an attacker can only slow down more logins that way, never
 * free one. */
struct slot {
    int failures;
    int64_t failed_ms; /* the last time */
    int64_t until_ms;
};

struct throttle {
    struct clock clock;
    pthread_mutex_t lock;
    uint8_t seed[crypto_shorthash_KEYBYTES];
    struct slot slots[THROTTLE_KINDS][SLOTS];
};

struct throttle *throttle_create(struct clock clock)
{
    struct throttle *throttle = calloc(1, sizeof(*throttle));

    if (throttle == NULL)
        abort();
    throttle->clock = clock;
    pthread_mutex_init(&throttle->lock, NULL);
    random_bytes(throttle->seed, sizeof(throttle->seed));
    return throttle;
}

void throttle_destroy(struct throttle *throttle)
{
    if (throttle == NULL)
        return;
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}

static struct slot *slot_of(struct throttle *throttle, enum throttle_kind kind, const char *text)
{
    uint8_t hash[crypto_shorthash_BYTES];
    uint32_t slot;

    crypto_shorthash(hash, (const uint8_t *)text, strlen(text), throttle->seed);
    memcpy(&slot, hash, sizeof(slot));
    return &throttle->slots[kind][slot % SLOTS];
}

int throttle_wait_s(struct throttle *throttle, enum throttle_kind kind, const char *text)
{
    int64_t now_ms = clock_mono_ms(&throttle->clock);

    pthread_mutex_lock(&throttle->lock);
    int64_t left_ms = slot_of(throttle, kind, text)->until_ms - now_ms;
    pthread_mutex_unlock(&throttle->lock);
    return left_ms > 0 ? (int)((left_ms + 999) / 1000) : 0;
}

void throttle_fail(struct throttle *throttle, enum throttle_kind kind, const char *text)
{
    int64_t now_ms = clock_mono_ms(&throttle->clock);

    pthread_mutex_lock(&throttle->lock);
    struct slot *slot = slot_of(throttle, kind, text);
    if (now_ms - slot->failed_ms >= FORGET_MS && now_ms >= slot->until_ms)
        slot->failures = 0;
    slot->failed_ms = now_ms;
    slot->failures++;
    int doublings = slot->failures - tries[kind];
    if (doublings >= 0) {
        int64_t pause_s = doublings > 5 ? PAUSE_MAX_S : (int64_t)PAUSE_FIRST_S << doublings;
        slot->until_ms = now_ms + (pause_s > PAUSE_MAX_S ? PAUSE_MAX_S : pause_s) * 1000;
    }
    pthread_mutex_unlock(&throttle->lock);
}

void throttle_forgive(struct throttle *throttle, enum throttle_kind kind, const char *text)
{
    pthread_mutex_lock(&throttle->lock);
    slot_of(throttle, kind, text)->failures = 0;
    pthread_mutex_unlock(&throttle->lock);
}
