#include "player/platform/wake.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

bool wake_init(struct wake *wake, struct error *err)
{
    sigset_t taken;
    sigemptyset(&taken);
    sigaddset(&taken, SIGTERM);
    sigaddset(&taken, SIGINT);
    sigaddset(&taken, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &taken, NULL);
    wake->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    wake->signal_fd = signalfd(-1, &taken, SFD_NONBLOCK | SFD_CLOEXEC);
    if (wake->event_fd < 0 || wake->signal_fd < 0) {
        int cause = errno;
        wake_finish(wake);
        return error_set_errno(err, cause, "pas de descripteur de réveil",
                               "no descriptor to be woken by");
    }
    return true;
}

void wake_finish(struct wake *wake)
{
    if (wake->event_fd >= 0) {
        close(wake->event_fd);
    }
    if (wake->signal_fd >= 0) {
        close(wake->signal_fd);
    }
    wake->event_fd = -1;
    wake->signal_fd = -1;
}

void wake_signal(const struct wake *wake)
{
    uint64_t one = 1;
    ssize_t written = write(wake->event_fd, &one, sizeof one);
    (void)written; /* a full counter wakes as well */
}

unsigned wake_take(const struct wake *wake)
{
    unsigned bits = 0;
    uint64_t count;
    struct signalfd_siginfo info;
    ssize_t got = read(wake->event_fd, &count, sizeof count);
    (void)got;
    while (read(wake->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        bits |= info.ssi_signo == SIGHUP ? WAKE_REFRESH : WAKE_STOP;
    }
    return bits;
}
