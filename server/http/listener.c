#include "server/http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 4096

static bool parse_address(const char *text, int port, struct sockaddr_storage *address_out,
                          socklen_t *size_out, struct error *err)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)address_out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address_out;

    memset(address_out, 0, sizeof(*address_out));
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        *size_out = sizeof(*v4);
        return true;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        *size_out = sizeof(*v6);
        return true;
    }
    return error_set(err, ERROR_INVALID,
                     "« %s » n’est pas une adresse IP : il en faut une comme 127.0.0.1 ou [::1]",
                     "\"%s\" is not an IP address: it looks like 127.0.0.1 or [::1]", text);
}

static bool fail(int errno_value, const char *address, int port, struct error *err)
{
    switch (errno_value) {
    case EADDRINUSE:
        return error_set(err, ERROR_CONFLICT,
                         "le port %d de %s est pris par un autre programme : arrêtez-le, ou prenez "
                         "un autre port (réglages listen et metrics_listen)",
                         "port %d of %s is taken by another program: stop it, or take another "
                         "port (settings listen and metrics_listen)",
                         port, address);
    case EADDRNOTAVAIL:
        return error_set(err, ERROR_INVALID,
                         "le port %d ne peut pas être ouvert : cette machine n’a pas l’adresse %s",
                         "port %d cannot be opened: this machine does not have the address %s",
                         port, address);
    case EACCES:
        return error_set(err, ERROR_DENIED,
                         "le port %d de %s est réservé : prenez-en un au-dessus de 1023",
                         "port %d of %s is reserved: take one above 1023", port, address);
    default:
        return error_set_errno(err, errno_value, "impossible d’écouter sur le port %d de %s",
                               "cannot listen on port %d of %s", port, address);
    }
}

static int bound_port(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof(address);

    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

bool listener_open(const char *address, int port, int *fd_out, int *port_out, struct error *err)
{
    struct sockaddr_storage to;
    socklen_t size = 0;
    const int on = 1;

    if (!parse_address(address, port, &to, &size, err))
        return false;
    int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* SO_REUSEADDR lets a server start again at once; SO_REUSEPORT would let two servers share the
     * port, each answering some of the players. */
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        (to.ss_family == AF_INET6 &&
         setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0) ||
        bind(fd, (struct sockaddr *)&to, size) != 0 || listen(fd, BACKLOG) != 0) {
        int cause = errno;
        if (fd >= 0)
            close(fd);
        return fail(cause, address, port, err);
    }
    *fd_out = fd;
    *port_out = bound_port(fd);
    return true;
}
