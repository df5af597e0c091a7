#include "server/http/request.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/http/header.h"
#include "server/http/internal.h"

struct arena *request_arena(struct http_request *request)
{
    return request->arena;
}

const char *request_path(const struct http_request *request)
{
    return request->path;
}

const char *request_param(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->params.count; i++) {
        if (strcmp(request->params.items[i].name, name) == 0)
            return request->params.items[i].value;
    }
    assert(!"a parameter that is not in the route's pattern");
    return "";
}

const char *request_query(const struct http_request *request, const char *name)
{
    const char *text = MHD_lookup_connection_value(request->mhd, MHD_GET_ARGUMENT_KIND, name);

    return text != NULL ? route_unescape_rest(request->arena, text, strlen(text)) : NULL;
}

const struct http_route *request_route(const struct http_request *request)
{
    return request->route;
}

#define QUERIES_KNOWN_MAX 64

struct query_check {
    const char *const *known;
    bool seen[QUERIES_KNOWN_MAX];
    const char *unknown;
};

static enum MHD_Result check_query(void *context, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct query_check *check = context;
    size_t i = 0;

    (void)kind;
    (void)value;
    while (check->known[i] != NULL && strcmp(check->known[i], key) != 0)
        i++;
    assert(i < QUERIES_KNOWN_MAX);
    if (check->known[i] == NULL || check->seen[i]) {
        check->unknown = key;
        return MHD_NO;
    }
    check->seen[i] = true;
    return MHD_YES;
}

const char *request_unknown_query(const struct http_request *request, const char *const *known)
{
    struct query_check check = {.known = known};

    MHD_get_connection_values(request->mhd, MHD_GET_ARGUMENT_KIND, check_query, &check);
    return check.unknown;
}

const char *request_header(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->mhd, MHD_HEADER_KIND, name);
}

const char *request_cookie(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->mhd, MHD_COOKIE_KIND, name);
}

const char *request_body(const struct http_request *request, size_t *length_out)
{
    *length_out = request->body.length;
    return request->body.bytes;
}

int64_t request_length(const struct http_request *request)
{
    const char *text = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);

    if (text == NULL) /* no body at all, or one in chunks */
        return request->has_body ? -1 : 0;
    return strtoll(text, NULL, 10); /* checked when the request began */
}

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* What nginx in front says of its client; only believed from this machine, and replaced by nginx
 * whatever the client wrote. */
static const char *forwarded_peer(const struct http_request *request, const char *peer)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    const char *real;

    if (!request->server->config.behind_proxy || !is_loopback(peer))
        return peer;
    real = request_header(request, "X-Real-IP");
    return real != NULL &&
                   (inet_pton(AF_INET, real, bytes) == 1 || inet_pton(AF_INET6, real, bytes) == 1)
               ? real
               : peer;
}

const char *request_peer(const struct http_request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char *text = arena_alloc(request->arena, INET6_ADDRSTRLEN);

    if (info == NULL || info->client_addr == NULL)
        return "";
    if (info->client_addr->sa_family == AF_INET6) {
        struct sockaddr_in6 address;
        memcpy(&address, info->client_addr, sizeof(address));
        inet_ntop(AF_INET6, &address.sin6_addr, text, INET6_ADDRSTRLEN);
    } else if (info->client_addr->sa_family == AF_INET) {
        struct sockaddr_in address;
        memcpy(&address, info->client_addr, sizeof(address));
        inet_ntop(AF_INET, &address.sin_addr, text, INET6_ADDRSTRLEN);
    }
    return forwarded_peer(request, text);
}

enum lang request_lang(const struct http_request *request)
{
    return header_lang(request_header(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
}

bool request_unsafe(const struct http_request *request)
{
    return strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0;
}

int request_prefer_wait_s(const struct http_request *request)
{
    return header_wait_s(request_header(request, "Prefer"));
}

const char *request_bearer(const struct http_request *request)
{
    const char *value = request_header(request, MHD_HTTP_HEADER_AUTHORIZATION);

    return value != NULL && strncasecmp(value, "Bearer ", 7) == 0 ? value + 7 : NULL;
}

bool request_has_etag(const struct http_request *request, const char *etag)
{
    return header_has_etag(request_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH), etag);
}

const char *request_if_match(const struct http_request *request)
{
    const char *value = request_header(request, MHD_HTTP_HEADER_IF_MATCH);

    if (value == NULL)
        return NULL;
    /* A proxy that compresses makes our tags weak; they name the same record all the same. */
    if (strncmp(value, "W/", 2) == 0)
        value += 2;
    size_t length = strlen(value);
    if (length < 2 || value[0] != '"' || strchr(value + 1, '"') != value + length - 1)
        return NULL;
    return arena_printf(request->arena, "%.*s", (int)(length - 2), value + 1);
}

bool request_accepts_gzip(const struct http_request *request)
{
    return header_accepts_gzip(request_header(request, MHD_HTTP_HEADER_ACCEPT_ENCODING));
}

void *request_identity(const struct http_request *request)
{
    return request->identity;
}

void request_set_identity(struct http_request *request, void *identity)
{
    request->identity = identity;
}

bool request_parked(const struct http_request *request)
{
    return request->was_parked;
}
