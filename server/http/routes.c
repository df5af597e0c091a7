#include <string.h>

#include "server/http/internal.h"

static const char *const method_names[HTTP_METHODS] = {"GET",   "POST",   "PUT",
                                                       "PATCH", "DELETE", "OPTIONS"};

static bool method_matches(enum http_method method, const char *name)
{
    return strcmp(method_names[method], name) == 0 ||
           (method == HTTP_GET && strcmp(name, "HEAD") == 0);
}

static bool take_param(struct route_params *params, struct arena *arena, const char *name,
                       size_t name_length, const char *value, size_t value_length)
{
    if (value_length == 0 || params->count == ROUTE_PARAMS_MAX)
        return false;
    params->items[params->count].name = arena_strndup(arena, name, name_length);
    params->items[params->count].value = arena_strndup(arena, value, value_length);
    params->count++;
    return true;
}

static bool pattern_matches(const char *pattern, const char *path, struct arena *arena,
                            struct route_params *params)
{
    params->count = 0;
    while (*pattern != '\0') {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        const char *name = pattern + 1;
        const char *end = strchr(name, '}');
        bool rest = end[-1] == '*';
        size_t length = rest ? strlen(path) : strcspn(path, "/");
        if (!take_param(params, arena, name, (size_t)(end - name) - (rest ? 1 : 0), path, length))
            return false;
        path += length;
        pattern = end + 1;
    }
    return *path == '\0';
}

const struct http_route *route_find(const struct http_config *config, const char *method,
                                    const char *path, struct arena *arena,
                                    struct route_params *params_out, unsigned *allowed_out)
{
    *allowed_out = 0;
    for (size_t i = 0; i < config->route_count; i++) {
        const struct http_route *route = &config->routes[i];
        if (!pattern_matches(route->pattern, path, arena, params_out))
            continue;
        if (method_matches(route->method, method))
            return route;
        *allowed_out |= 1u << route->method;
    }
    params_out->count = 0;
    return NULL;
}

void answer_allow(struct http_request *request, unsigned allowed)
{
    struct strbuf list;

    strbuf_init(&list);
    for (unsigned i = 0; i < HTTP_METHODS; i++) {
        if (allowed & (1u << i))
            strbuf_printf(&list, "%s%s%s", list.length ? ", " : "", method_names[i],
                          i == HTTP_GET ? ", HEAD" : "");
    }
    answer_header(request, "Allow", list.bytes);
    answer_status(request, MHD_HTTP_METHOD_NOT_ALLOWED, "cette adresse ne prend pas cette méthode",
                  "this address does not take that method");
    strbuf_finish(&list);
}
