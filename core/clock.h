/* Time is passed in, so that a test can own it. */
#ifndef VITRINE_CORE_CLOCK_H
#define VITRINE_CORE_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t (*wall_ms)(void *context); /* Unix time in milliseconds, UTC; may step */
    int64_t (*mono_ns)(void *context); /* nanoseconds since some start; never goes back */
    void *context;
};

/* The machine's own clocks. */
struct clock clock_system(void);

static inline int64_t clock_wall_ms(const struct clock *clock)
{
    return clock->wall_ms(clock->context);
}

static inline int64_t clock_mono_ns(const struct clock *clock)
{
    return clock->mono_ns(clock->context);
}

static inline int64_t clock_mono_ms(const struct clock *clock)
{
    return clock->mono_ns(clock->context) / 1000000;
}

/* A clock that stands still until it is moved; for tests and for rendering a given instant. */
struct manual_clock {
    int64_t wall_ms;
    int64_t mono_ns;
};
struct clock clock_manual(struct manual_clock *manual);

/* Of two instants of one clock: for the next time to wake. */
static inline int64_t clock_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
