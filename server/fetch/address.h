/* Addresses of the Internet: which are public (RFC 6890 and the registries of IANA), which an
 * operator has allowed, and what a name resolves to. */
#ifndef VITRINE_SERVER_FETCH_ADDRESS_H
#define VITRINE_SERVER_FETCH_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define FETCH_ADDRESSES_MAX 16
#define FETCH_ADDRESS_SIZE 46 /* INET6_ADDRSTRLEN */

struct fetch_address {
    int family; /* AF_INET, AF_INET6 */
    unsigned char bytes[16];
};

struct fetch_addresses {
    size_t count;
    struct fetch_address items[FETCH_ADDRESSES_MAX];
};

/* False for loopback, private, link-local, shared (CGNAT), multicast, documentation, reserved and
 * benchmark networks, and for IPv6 forms that hold an IPv4 address (mapped, NAT64, 6to4, Teredo).
 */
bool address_public(const struct fetch_address *address);
/* Whether one of the networks covers it: "10.1.2.3, fd00::/8". */
bool address_allowed(const struct fetch_address *address, const char *networks);
bool address_equal(const struct fetch_address *a, const struct fetch_address *b);
/* "192.0.2.1" or "2001:db8::1", whole string. */
bool address_parse(const char *text, struct fetch_address *out);
bool address_from_socket(const struct sockaddr *socket, struct fetch_address *out);
char *address_text(const struct fetch_address *address, char buf[FETCH_ADDRESS_SIZE]);
/* By the system's resolver, within this time. */
bool address_resolve(const char *host, int ms_max, struct fetch_addresses *out);

#endif
