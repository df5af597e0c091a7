/* Parcels between two processes over pipes: a JSON head and bytes that it speaks of, both behind
 * their lengths. Ends are non-blocking or not; deadlines are kept by poll. */
#ifndef VITRINE_CORE_PARCEL_H
#define VITRINE_CORE_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define PARCEL_HEAD_MAX ((size_t)4 * 1024 * 1024)
#define PARCEL_BYTES_MAX ((size_t)80 * 1024 * 1024)
#define PARCEL_NO_DEADLINE (-1)

struct parcel {
    char *head; /* NUL-terminated; owned, as bytes are */
    size_t head_length;
    char *bytes;
    size_t length;
};

enum parcel_end { PARCEL_WHOLE, PARCEL_CLOSED, PARCEL_LATE, PARCEL_BROKEN };

/* deadline_ms is an instant of the monotonic clock. False when the other end is gone or late. */
bool parcel_write(int fd, const struct parcel *parcel, int64_t deadline_ms)
    __attribute__((warn_unused_result));
/* PARCEL_CLOSED: the other end closed it between two parcels. Only a whole one is to be finished.
 */
enum parcel_end parcel_read(int fd, struct parcel *out, int64_t deadline_ms)
    __attribute__((warn_unused_result));
void parcel_finish(struct parcel *parcel);

#endif
