/* What a request asks beside its path, and pages of answers, alike on all routes: queries that the
 * route's table does not name, or that are not of their type, are refused by the gate; "limit" and
 * "after" choose a page; {"items": […], "next": "key" or null} is one, with its Link header. */
#ifndef VITRINE_SERVER_API_ASKING_H
#define VITRINE_SERVER_API_ASKING_H

#include "core/json.h"
#include "server/api/internal.h"
#include "server/api/routes.h"

#define ASKING_PAGE_DEFAULT 50
#define ASKING_PAGE_MAX 200

/* Rows of a table of queries. */
#define ASKING_LIMIT                                                                               \
    {                                                                                              \
        "limit", API_QUERY_INT, "How many, 1 to 200; 50 when it is not said"                       \
    }
#define ASKING_AFTER                                                                               \
    {                                                                                              \
        "after", API_QUERY_TEXT, "The key that the page before gave as \"next\""                   \
    }

/* The description of the request's route. */
const struct api_route *asking_route(const struct http_request *request, const struct api *api);
/* ERROR_INVALID with the query's name as field. */
bool asking_check(struct http_request *request, const struct api *api, struct error *err)
    __attribute__((warn_unused_result));
/* "" when it is not there. */
const char *asking_text(struct http_request *request, const char *name);
bool asking_limit(struct http_request *request, size_t *limit_out, struct error *err)
    __attribute__((warn_unused_result));

struct asking_page {
    struct strbuf body;
    struct json_writer writer; /* of the items */
};
void asking_begin(struct asking_page *page);
/* Ends the page and answers it; next is the key of its last item, NULL when nothing follows. */
void asking_answer(struct http_request *request, const struct api *api, struct asking_page *page,
                   const char *next);
/* Ends a page that is not answered. */
void asking_drop(struct asking_page *page);

/* For a segment of a path, or a value of a query. */
const char *asking_escape(struct arena *arena, const char *text);

#endif
