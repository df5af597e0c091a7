#include "core/parcel.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"

#define LENGTHS_SIZE 8

static void put_length(uint8_t *out, size_t length)
{
    for (int i = 0; i < 4; i++) {
        out[i] = (uint8_t)(length >> (24 - 8 * i));
    }
}

static size_t get_length(const uint8_t *bytes)
{
    size_t length = 0;
    for (int i = 0; i < 4; i++) {
        length = length << 8 | bytes[i];
    }
    return length;
}

static bool wait_until(int fd, short events, int64_t deadline_ms)
{
    struct clock clock = clock_system();
    for (;;) {
        int64_t left_ms = -1;
        if (deadline_ms != PARCEL_NO_DEADLINE) {
            left_ms = deadline_ms - clock_mono_ms(&clock);
            if (left_ms <= 0) {
                return false;
            }
        }
        struct pollfd entry = {.fd = fd, .events = events};
        int ready = poll(&entry, 1, (int)left_ms);
        if (ready > 0) {
            return true;
        }
        if (ready == 0 || errno != EINTR) {
            return false;
        }
    }
}

static bool write_all(int fd, const void *bytes, size_t length, int64_t deadline_ms)
{
    const char *from = bytes;
    while (length > 0) {
        if (!wait_until(fd, POLLOUT, deadline_ms)) {
            return false;
        }
        ssize_t written = write(fd, from, length);
        if (written > 0) {
            from += written;
            length -= (size_t)written;
        } else if (written < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
    }
    return true;
}

static enum parcel_end read_all(int fd, void *bytes, size_t length, int64_t deadline_ms)
{
    char *to = bytes;
    size_t done = 0;
    while (done < length) {
        if (!wait_until(fd, POLLIN, deadline_ms)) {
            return PARCEL_LATE;
        }
        ssize_t got = read(fd, to + done, length - done);
        if (got > 0) {
            done += (size_t)got;
        } else if (got == 0) {
            return done == 0 ? PARCEL_CLOSED : PARCEL_BROKEN;
        } else if (errno != EINTR && errno != EAGAIN) {
            return PARCEL_BROKEN;
        }
    }
    return PARCEL_WHOLE;
}

bool parcel_write(int fd, const struct parcel *parcel, int64_t deadline_ms)
{
    uint8_t lengths[LENGTHS_SIZE];
    if (parcel->head_length > PARCEL_HEAD_MAX || parcel->length > PARCEL_BYTES_MAX) {
        return false;
    }
    put_length(lengths, parcel->head_length);
    put_length(lengths + 4, parcel->length);
    return write_all(fd, lengths, sizeof lengths, deadline_ms) &&
           write_all(fd, parcel->head, parcel->head_length, deadline_ms) &&
           write_all(fd, parcel->bytes, parcel->length, deadline_ms);
}

enum parcel_end parcel_read(int fd, struct parcel *out, int64_t deadline_ms)
{
    uint8_t lengths[LENGTHS_SIZE];
    *out = (struct parcel){0};
    enum parcel_end end = read_all(fd, lengths, sizeof lengths, deadline_ms);
    if (end != PARCEL_WHOLE) {
        return end;
    }
    out->head_length = get_length(lengths);
    out->length = get_length(lengths + 4);
    if (out->head_length > PARCEL_HEAD_MAX || out->length > PARCEL_BYTES_MAX) {
        return PARCEL_BROKEN;
    }
    out->head = malloc(out->head_length + 1);
    out->bytes = malloc(out->length + 1);
    end = out->head == NULL || out->bytes == NULL
              ? PARCEL_BROKEN
              : read_all(fd, out->head, out->head_length, deadline_ms);
    end = end == PARCEL_WHOLE ? read_all(fd, out->bytes, out->length, deadline_ms) : end;
    if (end != PARCEL_WHOLE) {
        parcel_finish(out);
        return end == PARCEL_CLOSED ? PARCEL_BROKEN : end;
    }
    out->head[out->head_length] = '\0';
    out->bytes[out->length] = '\0';
    return PARCEL_WHOLE;
}

void parcel_finish(struct parcel *parcel)
{
    free(parcel->head);
    free(parcel->bytes);
    *parcel = (struct parcel){0};
}
