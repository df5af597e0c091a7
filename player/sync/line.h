/* How much of a slow line downloads may fill. What is under way stands in the modem's queue, and
 * whatever else is asked for waits behind it, for many seconds where queues are long. So a
 * download's receive window is made what the line carries in a moment: if the round trip is shorter
 * than that, the rate and so the window grow; if a queue makes it longer, they shrink until there
 * is none. */
#ifndef VITRINE_PLAYER_SYNC_LINE_H
#define VITRINE_PLAYER_SYNC_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_MOMENT_MS 300 /* besides twice the round trip of the empty line */
#define LINE_WINDOW_MIN 6000
#define LINE_WINDOW_MAX (1024 * 1024)
#define LINE_SOCKETS_MAX 32

/* The open sockets; any more are left alone. Zero at first. */
struct line {
    int sockets[LINE_SOCKETS_MAX];
    size_t count;
};

void line_opened(struct line *line, int socket);
void line_closed(struct line *line, int socket);

/* What comes by one download. Zero at first. */
struct line_meter {
    int64_t since_ns; /* 0: not begun */
    int64_t bytes;    /* since then */
    int64_t rate;     /* bytes a second over the last while */
};

/* True about twice a second: the rate is there anew. */
bool line_meter_take(struct line_meter *meter, size_t bytes, int64_t now_ns);
/* Sets the window of the socket with that local port. */
void line_narrow(const struct line *line, int port, const struct line_meter *meter);
/* Bytes for so many a second; round_trip_us of the empty line, 0: not known. */
int line_window(int64_t rate, int64_t round_trip_us);

#endif
