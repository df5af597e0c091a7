/* What time it is, on machines whose clock may be dead, wrong or stepped. Whoever plays asks this
 * module and no other clock. Pure: readings, hints and floor are passed in (kernel_clock.h reads
 * them). Not thread-safe: the main thread owns it and hands time out to the others.
 *
 * - The machine's clock is believed when the kernel says that it is synchronised.
 * - Else it is held against the server's (Date headers, as intervals that must overlap; hints that
 *   disagree are outvoted by the others of the last eight), or without any against what the kernel
 *   said when it was synchronised last. Beyond 30 s of difference the better one is followed, until
 *   the machine is within 2 s of it or synchronised.
 * - Without any of these the machine is believed unless it is before the floor, or more than three
 *   years after it: then time goes on from the floor.
 * - The floor is the last instant that was surely reached, kept over reboots: time is never before
 *   it. It yields only when the server contradicts it together with a synchronised kernel, or alone
 *   in three hints over ten minutes. What a manifest says of its creation is a floor as well, less
 *   30 s, but not for a synchronised kernel: a server's wrong clock must not spoil a right one.
 * - Time may jump, but a correction backwards by less than a second is made by letting time pass at
 *   half speed, so that nothing flickers. It never stands still. */
#ifndef VITRINE_PLAYER_SYNC_TIMEKEEPER_H
#define VITRINE_PLAYER_SYNC_TIMEKEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMEKEEPER_HINTS 8
#define TIMEKEEPER_DIFFERENCE_MS 30000
#define TIMEKEEPER_AGREEMENT_MS 2000
#define TIMEKEEPER_SMOOTH_MS 1000
#define TIMEKEEPER_FLOOR_MARGIN_MS (10 * 60 * 1000)
#define TIMEKEEPER_AHEAD_MS (INT64_C(3) * 366 * 86400000)
/* 2026-01-01 and 2200-01-01: no instant outside is ever true. */
#define TIMEKEEPER_EPOCH_MS INT64_C(1767225600000)
#define TIMEKEEPER_END_MS INT64_C(7258118400000)

struct timekeeper_reading {
    int64_t wall_ms; /* what the machine says */
    int64_t mono_ns; /* kernel_clock_mono_ns */
    bool synchronised;
};

/* The server's time at mono_ns was server_ms, give or take uncertainty_ms. */
struct timekeeper_hint {
    int64_t server_ms;
    int64_t mono_ns;
    int64_t uncertainty_ms;
};

enum timekeeper_source {
    TIMEKEEPER_MACHINE, /* not synchronised, and nothing speaks against it */
    TIMEKEEPER_KERNEL,  /* synchronised */
    TIMEKEEPER_SERVER,  /* the server's, for the machine's is wrong */
    TIMEKEEPER_MEMORY,  /* counted from when it was synchronised, for the machine's has jumped */
    TIMEKEEPER_FLOOR,   /* counted from the floor */
};

/* Embedded; its members are the module's own. */
struct timekeeper {
    bool started;
    int64_t now_ns;  /* what was said last … */
    int64_t mono_ns; /* … and when */
    enum timekeeper_source source;
    bool checked; /* what was said last may become the floor */

    int64_t floor_ms; /* kept over reboots; 0: none */
    int64_t floor_mono_ns;
    int64_t created_ms; /* what a manifest's creation says; 0: nothing */
    int64_t created_mono_ns;

    bool remembers; /* the kernel was synchronised once */
    int64_t memory_ms;
    int64_t memory_mono_ns;

    size_t hint_count;
    struct timekeeper_hint hints[TIMEKEEPER_HINTS]; /* oldest first */
    int64_t choice_ms; /* server time less monotonic time, as the hints have it */
    int64_t choice_uncertainty_ms;
    bool certain; /* three hints over ten minutes agree on it */
};

/* floor_ms: of state_load_clock; 0 or nonsense: none. */
void timekeeper_init(struct timekeeper *keeper, int64_t floor_ms);
/* A verified manifest was made then. */
void timekeeper_created(struct timekeeper *keeper, int64_t created_ms);
void timekeeper_hint(struct timekeeper *keeper, const struct timekeeper_hint *hint);

/* Unix time in milliseconds. */
int64_t timekeeper_now(struct timekeeper *keeper, const struct timekeeper_reading *reading);

/* What to keep over a reboot: ten minutes before what timekeeper_now said last if that is beyond
 * doubt, else the floor so far; 0: nothing. */
int64_t timekeeper_floor(const struct timekeeper *keeper);
/* Where the last answer came from; "kernel", "server", … for heartbeats. */
enum timekeeper_source timekeeper_source(const struct timekeeper *keeper);
const char *timekeeper_source_name(enum timekeeper_source source);

#endif
