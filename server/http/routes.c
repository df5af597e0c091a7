#include <string.h>
#include <strings.h>

#include "server/http/internal.h"

static const char *const method_names[HTTP_METHODS] = {"GET",   "POST",   "PUT",
                                                       "PATCH", "DELETE", "OPTIONS"};

static bool method_matches(enum http_method method, const char *name)
{
    return strcmp(method_names[method], name) == 0 ||
           (method == HTTP_GET && strcmp(name, "HEAD") == 0);
}

/* What route_unescape left: the slashes that are no separators, and "%" itself. */
char *route_unescape_rest(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_strndup(arena, text, length), *to = copy;

    for (const char *from = copy; *from != '\0';) {
        bool slash = strncasecmp(from, "%2f", 3) == 0, percent = strncmp(from, "%25", 3) == 0;
        *to++ = slash ? '/' : percent ? '%' : *from;
        from += slash || percent ? 3 : 1;
    }
    *to = '\0';
    return copy;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

size_t route_unescape(void *context, struct MHD_Connection *mhd, char *text)
{
    char *to = text;

    (void)context;
    (void)mhd;
    for (const char *from = text; *from != '\0';) {
        int high = *from == '%' ? hex_digit(from[1]) : -1;
        int low = high >= 0 ? hex_digit(from[2]) : -1;
        char c = (char)(high * 16 + low);
        if (low < 0 || c == '/' || c == '%') {
            *to++ = *from++;
            continue;
        }
        *to++ = c;
        from += 3;
    }
    *to = '\0';
    return (size_t)(to - text);
}

static bool has_escaped_slash(const char *text, size_t length)
{
    for (size_t i = 0; i + 3 <= length; i++)
        if (strncasecmp(text + i, "%2f", 3) == 0)
            return true;
    return false;
}

static bool take_param(struct route_params *params, struct arena *arena, const char *name,
                       size_t name_length, const char *value, size_t value_length)
{
    char last = name[name_length - 1];

    if (value_length == 0 || params->count == ROUTE_PARAMS_MAX)
        return false;
    if (last == '*' || last == '+')
        name_length--;
    else if (has_escaped_slash(value, value_length))
        return false;
    params->items[params->count].name = arena_strndup(arena, name, name_length);
    params->items[params->count].value = route_unescape_rest(arena, value, value_length);
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
        if (!take_param(params, arena, name, (size_t)(end - name), path, length))
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
