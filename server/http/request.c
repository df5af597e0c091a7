#include "server/http/request.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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
    for (size_t i = 0; i < request->param_count; i++) {
        if (strcmp(request->params[i].name, name) == 0)
            return request->params[i].value;
    }
    assert(!"a parameter that is not in the route's pattern");
    return "";
}

const char *request_query(const struct http_request *request, const char *name)
{
    return MHD_lookup_connection_value(request->mhd, MHD_GET_ARGUMENT_KIND, name);
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
    return text;
}

enum lang request_lang(const struct http_request *request)
{
    const char *accepted = request_header(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);

    /* The first of our languages named wins: browsers send them in order of preference. */
    while (accepted != NULL && *accepted != '\0') {
        enum lang lang;
        char tag[4] = "";
        accepted += strspn(accepted, ", \t");
        size_t length = strcspn(accepted, ",;- \t");
        if (length < sizeof(tag)) {
            memcpy(tag, accepted, length);
            if (lang_parse(tag, &lang))
                return lang;
        }
        accepted += strcspn(accepted, ",");
    }
    return LANG_FR;
}

bool request_unsafe(const struct http_request *request)
{
    return strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0;
}

int request_prefer_wait_s(const struct http_request *request)
{
    const char *prefer = request_header(request, "Prefer");

    if (prefer == NULL || strncasecmp(prefer, "wait=", 5) != 0)
        return 0;
    char *end;
    long wait = strtol(prefer + 5, &end, 10);
    return end == prefer + 5 || wait < 0 ? 0 : wait > 3600 ? 3600 : (int)wait;
}

const char *request_bearer(const struct http_request *request)
{
    const char *value = request_header(request, MHD_HTTP_HEADER_AUTHORIZATION);

    return value != NULL && strncasecmp(value, "Bearer ", 7) == 0 ? value + 7 : NULL;
}

bool request_has_etag(const struct http_request *request, const char *etag)
{
    const char *list = request_header(request, MHD_HTTP_HEADER_IF_NONE_MATCH);
    size_t length = strlen(etag);

    if (list == NULL)
        return false;
    if (strcmp(list, "*") == 0)
        return true;
    for (const char *at = strchr(list, '"'); at != NULL; at = strchr(at, '"')) {
        const char *end = strchr(++at, '"');
        if (end == NULL)
            return false;
        if ((size_t)(end - at) == length && memcmp(at, etag, length) == 0)
            return true;
        at = end + 1;
    }
    return false;
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
