#include "server/fetch/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct network {
    struct fetch_address address;
    int bits;
};

static bool in_network(const struct fetch_address *address, const struct network *network)
{
    if (address->family != network->address.family)
        return false;
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(address->bytes, network->address.bytes, (size_t)whole) != 0)
        return false;
    unsigned mask = 0xffu << (8 - rest) & 0xffu;
    return rest == 0 || ((address->bytes[whole] ^ network->address.bytes[whole]) & mask) == 0;
}

bool address_parse(const char *text, struct fetch_address *out)
{
    *out = (struct fetch_address){.family = AF_INET};
    if (inet_pton(AF_INET, text, out->bytes) == 1)
        return true;
    out->family = AF_INET6;
    return inet_pton(AF_INET6, text, out->bytes) == 1;
}

/* "10.1.0.0/16", or one address; length bytes of text. */
static bool parse_network(const char *text, size_t length, struct network *out)
{
    char word[FETCH_ADDRESS_SIZE + 4];
    char *end;

    if (length >= sizeof(word))
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    char *slash = strchr(word, '/');
    if (slash != NULL)
        *slash = '\0';
    if (!address_parse(word, &out->address))
        return false;
    int most = out->address.family == AF_INET ? 32 : 128;
    long bits = slash != NULL ? strtol(slash + 1, &end, 10) : most;
    if (bits < 0 || bits > most || (slash != NULL && (*end != '\0' || slash[1] == '\0')))
        return false;
    out->bits = (int)bits;
    return true;
}

bool address_allowed(const struct fetch_address *address, const char *networks)
{
    struct network network;

    for (const char *at = networks + strspn(networks, " ,"); *at != '\0'; at += strspn(at, " ,")) {
        size_t length = strcspn(at, " ,");
        if (parse_network(at, length, &network) && in_network(address, &network))
            return true;
        at += length;
    }
    return false;
}

/* https://www.iana.org/assignments/iana-ipv4-special-registry and …-ipv6-special-registry. */
bool address_public(const struct fetch_address *address)
{
    static const char special[] =
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 "
        "192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 "
        "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20";

    /* Of IPv6 only what is given out (RFC 4291, 2.5.4): all embedded forms but 6to4 are outside. */
    return (address->family == AF_INET || address_allowed(address, "2000::/3")) &&
           !address_allowed(address, special);
}

bool address_equal(const struct fetch_address *a, const struct fetch_address *b)
{
    return a->family == b->family && memcmp(a->bytes, b->bytes, a->family == AF_INET ? 4 : 16) == 0;
}

bool address_from_socket(const struct sockaddr *socket, struct fetch_address *out)
{
    *out = (struct fetch_address){.family = socket->sa_family};
    if (socket->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, socket, sizeof(four));
        memcpy(out->bytes, &four.sin_addr, 4);
        return true;
    }
    if (socket->sa_family == AF_INET6) {
        struct sockaddr_in6 six;
        memcpy(&six, socket, sizeof(six));
        memcpy(out->bytes, &six.sin6_addr, 16);
        return six.sin6_scope_id == 0;
    }
    return false;
}

char *address_text(const struct fetch_address *address, char buf[FETCH_ADDRESS_SIZE])
{
    if (inet_ntop(address->family, address->bytes, buf, FETCH_ADDRESS_SIZE) == NULL)
        buf[0] = '\0';
    return buf;
}

/* What the resolver writes to while it works; it may outlive us when it cannot be stopped. */
struct question {
    struct gaicb control;
    struct addrinfo hints;
    char host[256];
};

static bool take_answer(const struct addrinfo *answer, struct fetch_addresses *out)
{
    for (; answer != NULL && out->count < FETCH_ADDRESSES_MAX; answer = answer->ai_next) {
        if (address_from_socket(answer->ai_addr, &out->items[out->count]))
            out->count++;
    }
    return out->count > 0;
}

bool address_resolve(const char *host, int ms_max, struct fetch_addresses *out)
{
    struct timespec limit = {.tv_sec = ms_max / 1000, .tv_nsec = ms_max % 1000 * 1000000L};
    struct question *question;

    *out = (struct fetch_addresses){0};
    if (address_parse(host, &out->items[0])) {
        out->count = 1;
        return true;
    }
    if (strlen(host) >= sizeof(question->host) || ms_max <= 0)
        return false;
    question = calloc(1, sizeof(*question));
    if (question == NULL)
        abort();
    memcpy(question->host, host, strlen(host) + 1);
    question->hints = (struct addrinfo){.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    question->control = (struct gaicb){.ar_name = question->host, .ar_request = &question->hints};
    struct gaicb *list[] = {&question->control};
    bool asked = getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) == 0;
    while (asked && gai_suspend((const struct gaicb *const *)list, 1, &limit) == EAI_INTR)
        continue;
    int state = asked ? gai_error(&question->control) : EAI_SYSTEM;
    if (state == EAI_INPROGRESS && gai_cancel(&question->control) != EAI_CANCELED &&
        gai_error(&question->control) == EAI_INPROGRESS)
        return false; /* the resolver still holds the question */
    bool ok = state == 0 && take_answer(question->control.ar_result, out);
    if (question->control.ar_result != NULL)
        freeaddrinfo(question->control.ar_result);
    free(question);
    return ok;
}
