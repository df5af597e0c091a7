/* What ends the main thread's sleep besides input: other threads' messages and signals. Signals are
 * taken by a descriptor, so no handler ever runs. */
#ifndef VITRINE_PLAYER_PLATFORM_WAKE_H
#define VITRINE_PLAYER_PLATFORM_WAKE_H

#include <stdbool.h>

#include "core/error.h"

struct wake {
    int event_fd;
    int signal_fd;
};

enum {
    WAKE_STOP = 1,    /* SIGTERM, SIGINT */
    WAKE_REFRESH = 2, /* SIGHUP */
};

/* Blocks those signals in the calling thread (and in the threads that it starts later) and ignores
 * SIGPIPE: to be called first in main. */
bool wake_init(struct wake *wake, struct error *err) __attribute__((warn_unused_result));
void wake_finish(struct wake *wake);
/* Any thread. */
void wake_signal(const struct wake *wake);
/* Forgets wake-ups so far; returns WAKE_… bits of the signals that came. */
unsigned wake_take(const struct wake *wake);

#endif
