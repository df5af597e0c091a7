#include "core/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t system_wall_ms(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_mono_ns(void *context)
{
    (void)context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct clock clock_system(void)
{
    return (struct clock){.wall_ms = system_wall_ms, .mono_ns = system_mono_ns, .context = NULL};
}

static int64_t manual_wall_ms(void *context)
{
    const struct manual_clock *manual = context;
    return manual->wall_ms;
}

static int64_t manual_mono_ns(void *context)
{
    const struct manual_clock *manual = context;
    return manual->mono_ns;
}

struct clock clock_manual(struct manual_clock *manual)
{
    return (struct clock){.wall_ms = manual_wall_ms, .mono_ns = manual_mono_ns, .context = manual};
}
