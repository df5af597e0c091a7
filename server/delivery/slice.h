/* A long step's turns with the one writing connection: a transaction at a time, given away after
 * SLICE_MS so that the saves of others pass in between. */
#ifndef VITRINE_SERVER_DELIVERY_SLICE_H
#define VITRINE_SERVER_DELIVERY_SLICE_H

#include "server/delivery/delivery.h"

#define SLICE_MS 100

struct slice {
    const struct delivery_work *work;
    struct writer *writer;
    struct db *db; /* the writer's; the same in all slices */
    int64_t since_ms;
};

/* Waits for the writer and begins a transaction. On failure nothing is held. */
bool slice_begin(struct slice *slice, const struct delivery_work *work, struct writer *writer,
                 struct error *err) __attribute__((warn_unused_result));
/* Between two rows, when no statement is under way: when the time is over commits, lets the others
 * pass and begins anew. ERROR_DENIED when the person may no longer write, ERROR_BUSY when the
 * program stops. */
bool slice_next(struct slice *slice, struct error *err) __attribute__((warn_unused_result));
/* Commits when ok, rolls back when not, and gives the writer in any case; returns whether all is
 * well. */
bool slice_end(struct slice *slice, bool ok, struct error *err) __attribute__((warn_unused_result));

#endif
