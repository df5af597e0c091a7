/* Log lines in logfmt on standard error: time=… level=… event=… msg="…". Thread-safe, one write(2)
 * a line. Log once, where an error is handled. */
#ifndef VITRINE_CORE_LOG_H
#define VITRINE_CORE_LOG_H

#include "core/error.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* Lines below `level` are dropped; LOG_INFO until set. */
void log_set_level(enum log_level level);

/* event is one word of [a-z_.]: the thing that happened ("manifest_refused"). The formatted text is
 * quoted and escaped. */
void log_write(enum log_level level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Logs an error's English text with its place. */
void log_error(enum log_level level, const char *event, const struct error *err);

#endif
