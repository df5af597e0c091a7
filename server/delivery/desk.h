/* The imports of a running server: their files in a folder of their own, and one thread that takes
 * the long steps (rehearse, apply, undo) one after the other. Any thread may call. */
#ifndef VITRINE_SERVER_DELIVERY_DESK_H
#define VITRINE_SERVER_DELIVERY_DESK_H

#include "core/clock.h"
#include "server/delivery/delivery.h"

enum desk_step { DESK_REHEARSE, DESK_APPLY, DESK_UNDO };

struct desk_config {
    const char *folder; /* of the files; made when it is not there */
    struct writer *writer;
    struct readers *readers;
    struct clock clock;
    /* What screens show may have changed. */
    void (*changed)(void *context);
    void *context;
};

struct desk;

/* Settles what was under way when the program ended, and forgets files that were never applied and
 * not touched for a month. */
struct desk *desk_start(const struct desk_config *config, struct error *err)
    __attribute__((warn_unused_result));
/* A step under way is given up and settled (delivery_settle); accepts NULL. */
void desk_stop(struct desk *desk);

/* Where the import's file is; in the arena. */
const char *desk_path(const struct desk *desk, struct arena *arena, const char *id);
/* Begins a step for that person: the import's state says so at once, and what came of it when it is
 * over. ERROR_CONFLICT when its state does not allow it, ERROR_BUSY when too many wait. */
bool desk_begin(struct desk *desk, struct arena *arena, const struct user *user, const char *id,
                enum desk_step step, struct import_file *out, struct error *err)
    __attribute__((warn_unused_result));
/* 0 to 100 of the step under way; 0 while it waits. */
int desk_percent(struct desk *desk, const char *id);

#endif
