#include "core/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/clock.h"

#define LINE_MAX_BYTES 2048

static atomic_int threshold = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&threshold, (int)level);
}

/* Appends text in quotes, so that no byte of it can end the line or the quotes; leaves room for the
 * closing quote and the end of line. */
static size_t append_quoted(char *line, size_t used, const char *text)
{
    line[used++] = '"';
    for (; *text != '\0' && used < LINE_MAX_BYTES - 8; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            line[used++] = '\\';
            line[used++] = (char)c;
        } else if (c == '\n') {
            line[used++] = '\\';
            line[used++] = 'n';
        } else if (c < 0x20 || c == 0x7F) {
            used += (size_t)snprintf(line + used, 5, "\\x%02x", c);
        } else {
            line[used++] = (char)c;
        }
    }
    line[used++] = '"';
    return used;
}

void log_write(enum log_level level, const char *event, const char *format, ...)
{
    if ((int)level < atomic_load(&threshold)) {
        return;
    }
    char text[LINE_MAX_BYTES / 2];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);

    static const char *const names[] = {"debug", "info", "warn", "error"};
    struct clock clock = clock_system();
    char time[32];
    civil_format_instant(clock_wall_ms(&clock), time, sizeof time);
    char line[LINE_MAX_BYTES];
    int head = snprintf(line, sizeof line / 4, "time=%s level=%s event=%s msg=", time, names[level],
                        event);
    size_t used = head < 0 ? 0 : (size_t)head;
    if (used >= sizeof line / 4) {
        used = sizeof line / 4 - 1;
    }
    used = append_quoted(line, used, text);
    line[used++] = '\n';
    /* A log that cannot be written has nowhere to say so. */
    ssize_t written = write(STDERR_FILENO, line, used);
    (void)written;
}

void log_error(enum log_level level, const char *event, const struct error *err)
{
    char text[sizeof err->file + sizeof err->field + sizeof err->en + 64];
    log_write(level, event, "%s", error_text(err, LANG_EN, text, sizeof text));
}
