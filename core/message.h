/* Messages between two processes over pipes: a JSON head and bytes that it speaks of, both behind
 * their lengths. Ends are non-blocking or not; deadlines are kept by poll. */
#ifndef VITRINE_CORE_MESSAGE_H
#define VITRINE_CORE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define MESSAGE_HEAD_MAX ((size_t)4 * 1024 * 1024)
#define MESSAGE_BYTES_MAX ((size_t)80 * 1024 * 1024)
#define MESSAGE_NO_DEADLINE (-1)

struct message {
    char *head; /* NUL-terminated; owned, as bytes are */
    size_t head_length;
    char *bytes;
    size_t length;
};

enum message_end { MESSAGE_WHOLE, MESSAGE_CLOSED, MESSAGE_LATE, MESSAGE_BROKEN };

/* deadline_ms is an instant of the monotonic clock. False when the other end is gone or late. */
bool message_write(int fd, const struct message *message, int64_t deadline_ms)
    __attribute__((warn_unused_result));
/* MESSAGE_CLOSED: the other end closed it between two messages. Only a whole one is to be finished.
 */
enum message_end message_read(int fd, struct message *out, int64_t deadline_ms)
    __attribute__((warn_unused_result));
void message_finish(struct message *message);

#endif
