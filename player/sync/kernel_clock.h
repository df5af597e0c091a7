/* The machine's clocks as the timekeeper wants them. Any thread. */
#ifndef VITRINE_PLAYER_SYNC_KERNEL_CLOCK_H
#define VITRINE_PLAYER_SYNC_KERNEL_CLOCK_H

#include "player/sync/timekeeper.h"

/* Never goes back, and goes on while the machine sleeps (CLOCK_BOOTTIME). All `mono_ns` of
 * timekeeper.h and of SYNC_EVENT_CLOCK are of this clock. */
int64_t kernel_clock_mono_ns(void);

/* `synchronised`: the kernel says that somebody (NTP, PTP, GPS) disciplines its clock. Where a
 * sandbox forbids that question (ProtectClock=, SystemCallFilter=~@clock: adjtimex must be let
 * through), systemd-timesyncd's mark in /run answers it. */
void kernel_clock_read(struct timekeeper_reading *reading_out);

#endif
