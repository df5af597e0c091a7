/* The thread that keeps every screen's manifest right: it notices changed content and wishes (also
 * of another process) within a tenth of a second, a new local day, and a horizon that grows short,
 * publishes what differs, and tells who waits. An emergency's screens come first, and a run that an
 * emergency meets begins anew. It also writes signs of life down and forgets old reports and plays.
 */
#ifndef VITRINE_SERVER_FLEET_PUBLISHER_H
#define VITRINE_SERVER_FLEET_PUBLISHER_H

#include "core/clock.h"
#include "core/sign.h"
#include "server/fleet/roster.h"
#include "server/store/writer.h"

struct publisher;

struct publisher_config {
    struct writer *writer;
    struct db *reader;           /* the publisher's alone: to look without waiting for the writer */
    struct db *directory_reader; /* of the kiosks' directory, alone; NULL: made with the writer */
    struct roster *roster;
    const char *media_folder;
    const struct sign_keys *keys;
    struct clock clock;
    /* Called in the publisher's thread for each screen with a new manifest or wish. */
    void (*published)(void *context, uint64_t key);
    void *context;
};

/* Publishes once before it returns; no thread yet. One screen's failure is logged, does not stop
 * the others, and is tried again. The writer is held for one screen at a time. */
struct publisher *publisher_create(const struct publisher_config *config, struct error *err)
    __attribute__((warn_unused_result));
bool publisher_start(struct publisher *publisher, struct error *err)
    __attribute__((warn_unused_result));
/* What it has done since it was made, for measures and health. Any thread. */
struct publisher_counts {
    uint64_t published, failed; /* manifests */
    uint64_t runs;
    int64_t spent_us;  /* in runs */
    int64_t looked_ms; /* monotonic: when it last looked, or finished a screen */
};
struct publisher_counts publisher_counts(const struct publisher *publisher);
/* Wall clock, when it was created. */
int64_t publisher_since_ms(const struct publisher *publisher);
/* Looks now rather than in a tenth of a second. Any thread. */
void publisher_kick(struct publisher *publisher);
/* Ends the thread: nothing is published and `published` is not called any more. Accepts NULL. */
void publisher_stop(struct publisher *publisher);
void publisher_destroy(struct publisher *publisher); /* accepts NULL */

#endif
