#include "server/api/asking.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"

#define QUERIES_MAX 32

const struct api_route *asking_route(const struct http_request *request, const struct api *api)
{
    size_t index = (size_t)(request_route(request) - api->routes);

    for (size_t i = 0; i < api_section_count; i++) {
        if (index < api_sections[i]->count)
            return &api_sections[i]->routes[index];
        index -= api_sections[i]->count;
    }
    return NULL;
}

static bool is_whole(const char *text)
{
    size_t length = strlen(text);

    return length >= 1 && length <= 15 && strspn(text, "0123456789") == length;
}

static bool well_formed(const struct api_query *query, const char *text)
{
    int64_t value;

    switch (query->type) {
    case API_QUERY_TEXT:
        return true;
    case API_QUERY_INT:
        return is_whole(text);
    case API_QUERY_DATE:
        return civil_parse_date(text, &value);
    case API_QUERY_INSTANT:
        return civil_parse_instant(text, &value);
    }
    return false;
}

static bool refuse(const struct api_query *query, const char *text, struct error *err)
{
    static const char *const expected[][2] = {
        [API_QUERY_TEXT] = {"un texte", "a text"},
        [API_QUERY_INT] = {"un nombre entier", "a whole number"},
        [API_QUERY_DATE] = {"une date comme 2026-11-24", "a date like 2026-11-24"},
        [API_QUERY_INSTANT] = {"un instant comme 2026-11-24T08:10:00%2B01:00",
                               "an instant like 2026-11-24T08:10:00%2B01:00"},
    };

    error_set(err, ERROR_INVALID, "« %.40s » ne convient pas ; il faut %s%.0s",
              "\"%.40s\" does not do; it must be %.0s%s", text, expected[query->type][0],
              expected[query->type][1]);
    return error_field(err, query->name);
}

static bool refuse_name(const char *name, const char *const *known, struct error *err)
{
    struct strbuf names;

    strbuf_init(&names);
    for (size_t i = 0; known[i] != NULL; i++)
        strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", known[i]);
    if (names.length == 0)
        error_set(err, ERROR_INVALID, "cette adresse ne prend pas de paramètre",
                  "this address takes no parameters");
    else
        error_set(err, ERROR_INVALID, "paramètre inconnu ou répété ; sont admis : %s",
                  "unknown or repeated parameter; allowed are: %s", names.bytes);
    strbuf_finish(&names);
    return error_field(err, name);
}

bool asking_check(struct http_request *request, const struct api *api, struct error *err)
{
    const struct api_route *route = asking_route(request, api);
    const struct api_query *queries = route != NULL ? route->queries : NULL;
    const char *known[QUERIES_MAX + 1] = {NULL};

    for (size_t i = 0; queries != NULL && queries[i].name != NULL && i < QUERIES_MAX; i++)
        known[i] = queries[i].name;
    const char *unknown = request_unknown_query(request, known);
    if (unknown != NULL)
        return refuse_name(unknown, known, err);
    for (size_t i = 0; known[i] != NULL; i++) {
        const char *text = request_query(request, known[i]);
        if (text != NULL && !well_formed(&queries[i], text))
            return refuse(&queries[i], text, err);
    }
    return true;
}

const char *asking_text(struct http_request *request, const char *name)
{
    const char *text = request_query(request, name);

    return text != NULL ? text : "";
}

bool asking_limit(struct http_request *request, size_t *limit_out, struct error *err)
{
    const char *text = request_query(request, "limit");
    long limit = text != NULL ? strtol(text, NULL, 10) : ASKING_PAGE_DEFAULT;

    *limit_out = (size_t)limit;
    if (limit >= 1 && limit <= ASKING_PAGE_MAX)
        return true;
    error_set(err, ERROR_INVALID, "%ld est hors limites : de 1 à %d",
              "%ld is out of bounds: 1 to %d", limit, ASKING_PAGE_MAX);
    return error_field(err, "limit");
}

void asking_begin(struct asking_page *page)
{
    strbuf_init(&page->body);
    json_writer_init(&page->writer, &page->body);
    json_begin_object(&page->writer, NULL);
    json_begin_array(&page->writer, "items");
}

void asking_drop(struct asking_page *page)
{
    strbuf_finish(&page->body);
}

const char *asking_escape(struct arena *arena, const char *text)
{
    struct strbuf escaped;

    strbuf_init(&escaped);
    for (const char *c = text; *c != '\0'; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= '0' && *c <= '9') || strchr("-._~", *c) != NULL;
        if (plain)
            strbuf_append_char(&escaped, *c);
        else
            strbuf_printf(&escaped, "%%%02X", (unsigned char)*c);
    }
    const char *copy = arena_strndup(arena, escaped.bytes, escaped.length);
    strbuf_finish(&escaped);
    return copy;
}

/* The same question, from there on. */
static const char *next_link(struct http_request *request, const struct api *api, const char *next)
{
    const struct api_route *route = asking_route(request, api);
    struct arena *arena = request_arena(request);
    const char *link =
        arena_printf(arena, "%s?after=%s", route->http.pattern, asking_escape(arena, next));

    for (const struct api_query *query = route->queries; query->name != NULL; query++) {
        const char *text = request_query(request, query->name);
        if (text != NULL && strcmp(query->name, "after") != 0)
            link = arena_printf(arena, "%s&%s=%s", link, query->name, asking_escape(arena, text));
    }
    return link;
}

void asking_answer(struct http_request *request, const struct api *api, struct asking_page *page,
                   const char *next)
{
    json_end_array(&page->writer);
    json_put_string(&page->writer, "next", next);
    json_end_object(&page->writer);
    if (next != NULL)
        answer_header(request, "Link",
                      arena_printf(request_arena(request), "<%s>; rel=\"next\"",
                                   next_link(request, api, next)));
    answer_json(request, ANSWER_OK, &page->body);
    strbuf_finish(&page->body);
}
