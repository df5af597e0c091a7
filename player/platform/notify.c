#include "player/platform/notify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>

/* Twice a frame may come late before the watchdog bites. */
#define FEEDS 3

void notify_init(struct notify *notify)
{
    uint64_t watchdog_us = 0;
    *notify = (struct notify){.fed_ms = INT64_MIN / 2};
    if (sd_watchdog_enabled(0, &watchdog_us) > 0) {
        int64_t interval_ms = (int64_t)(watchdog_us / 1000) / FEEDS;
        notify->interval_ms = interval_ms > 0 ? interval_ms : 1;
    }
}

void notify_ready(struct notify *notify)
{
    if (!notify->ready) {
        notify->ready = true;
        (void)sd_notify(0, "READY=1");
    }
}

void notify_status(struct notify *notify, const char *format, ...)
{
    char status[sizeof notify->status];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(status, sizeof status, format, arguments);
    va_end(arguments);
    status[strcspn(status, "\n")] = '\0'; /* a second line would be another message */
    if (strcmp(status, notify->status) != 0) {
        memcpy(notify->status, status, sizeof status);
        (void)sd_notifyf(0, "STATUS=%s", status);
    }
}

void notify_alive(struct notify *notify, int64_t mono_ms)
{
    if (notify_wait(notify, mono_ms) == 0) {
        notify->fed_ms = mono_ms;
        (void)sd_notify(0, "WATCHDOG=1");
    }
}

int64_t notify_wait(const struct notify *notify, int64_t mono_ms)
{
    if (notify->interval_ms == 0) {
        return -1;
    }
    int64_t due = notify->fed_ms + notify->interval_ms;
    return due > mono_ms ? due - mono_ms : 0;
}

void notify_stopping(struct notify *notify)
{
    (void)notify;
    (void)sd_notify(0, "STOPPING=1");
}
