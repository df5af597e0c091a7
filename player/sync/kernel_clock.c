#include "player/sync/kernel_clock.h"

#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

int64_t kernel_clock_mono_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_synchronised(void)
{
    struct timex state = {.modes = 0};
    int answer = adjtimex(&state);
    if (answer < 0) {
        return access("/run/systemd/timesync/synchronized", F_OK) == 0;
    }
    return answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

void kernel_clock_read(struct timekeeper_reading *reading_out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    reading_out->wall_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    reading_out->mono_ns = kernel_clock_mono_ns();
    reading_out->synchronised = is_synchronised();
}
