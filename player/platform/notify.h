/* Telling systemd how the player is (sd_notify). Without systemd every call does nothing. The
 * watchdog must be fed only when the frame that should be on the screen was presented: a player
 * that hangs, or shows nothing though it should, is then started anew. Main thread only. */
#ifndef VITRINE_PLAYER_PLATFORM_NOTIFY_H
#define VITRINE_PLAYER_PLATFORM_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

struct notify {
    int64_t interval_ms; /* feed at least this often (a third of WatchdogSec); 0: no watchdog */
    int64_t fed_ms;      /* monotonic */
    bool ready;
    char status[160];
};

void notify_init(struct notify *notify);
/* The first frame is on the screen: READY=1, once. */
void notify_ready(struct notify *notify);
/* One line for `systemctl status`; the same line again is not sent. */
void notify_status(struct notify *notify, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* All is as it should be at this monotonic time: WATCHDOG=1, at most every interval_ms. */
void notify_alive(struct notify *notify, int64_t mono_ms);
/* Milliseconds until notify_alive should be called next; -1: never. */
int64_t notify_wait(const struct notify *notify, int64_t mono_ms);
void notify_stopping(struct notify *notify);

#endif
