#include "player/sync/line.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define EVERY_NS (INT64_C(500) * 1000000)
#define ROUND_TRIP_MAX_US (2 * 1000 * 1000)

void line_opened(struct line *line, int socket)
{
    if (line->count < LINE_SOCKETS_MAX) {
        line->sockets[line->count++] = socket;
    }
}

void line_closed(struct line *line, int socket)
{
    for (size_t i = 0; i < line->count; i++) {
        if (line->sockets[i] == socket) {
            line->sockets[i] = line->sockets[--line->count];
            return;
        }
    }
}

bool line_meter_take(struct line_meter *meter, size_t bytes, int64_t now_ns)
{
    int64_t passed_ns = now_ns - meter->since_ns;
    bool begun = meter->since_ns != 0;
    meter->bytes += (int64_t)bytes;
    if (begun && passed_ns < EVERY_NS) {
        return false;
    }
    meter->rate = begun ? meter->bytes * 1000 / (passed_ns / 1000000) : 0;
    meter->since_ns = now_ns;
    meter->bytes = 0;
    return begun;
}

int line_window(int64_t rate, int64_t round_trip_us)
{
    int64_t trip_us = round_trip_us < ROUND_TRIP_MAX_US ? round_trip_us : ROUND_TRIP_MAX_US;
    int64_t window = rate * (LINE_MOMENT_MS + 2 * trip_us / 1000) / 1000;
    return window < LINE_WINDOW_MIN   ? LINE_WINDOW_MIN
           : window > LINE_WINDOW_MAX ? LINE_WINDOW_MAX
                                      : (int)window;
}

static int local_port(int socket)
{
    struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
    socklen_t size = sizeof address;
    if (getsockname(socket, (struct sockaddr *)&address, &size) != 0) {
        return 0;
    }
    return address.ss_family == AF_INET    ? ntohs(((struct sockaddr_in *)&address)->sin_port)
           : address.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&address)->sin6_port)
                                           : 0;
}

static int64_t round_trip_us(int socket)
{
    struct tcp_info info;
    socklen_t size = sizeof info;
    memset(&info, 0, sizeof info);
    bool known = getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
                 info.tcpi_min_rtt != UINT32_MAX;
    return known ? info.tcpi_min_rtt : 0;
}

void line_narrow(const struct line *line, int port, const struct line_meter *meter)
{
    for (size_t i = 0; port != 0 && i < line->count; i++) {
        if (local_port(line->sockets[i]) == port) {
            int window = line_window(meter->rate, round_trip_us(line->sockets[i]));
            (void)setsockopt(line->sockets[i], SOL_SOCKET, SO_RCVBUF, &window, sizeof window);
            return;
        }
    }
}
