/* The socket that the server listens on. */
#ifndef VITRINE_SERVER_HTTP_LISTENER_H
#define VITRINE_SERVER_HTTP_LISTENER_H

#include <stdbool.h>

#include "core/error.h"

/* address is numeric, IPv4 or IPv6; port 0 takes any free one. The caller closes *fd_out. */
bool listener_open(const char *address, int port, int *fd_out, int *port_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
