/* Handlers of records of any kind (server/records/resource.h): the kind is the path's segment after
 * /api/v1/, an id is its parameter "id". For the tables of routes; changes go through the workflow.
 */
#ifndef VITRINE_SERVER_API_CONTENT_H
#define VITRINE_SERVER_API_CONTENT_H

#include "server/api/asking.h"
#include "server/records/workflow.h"

/* "limit", "after" and the kind's filters. Somebody bound to sites sees only these sites' records
 * of a hidden kind. */
void content_list(struct http_request *request, void *context);
void content_get(struct http_request *request, void *context);
/* The body is the kind's form; without an id one is made. "site" among the queries: whose it is to
 * be. */
void content_create(struct http_request *request, void *context);
void content_replace(struct http_request *request, void *context);
void content_delete(struct http_request *request, void *context);

/* The kind of the request's path. */
const struct resource *content_kind(struct http_request *request);

/* The five rows of a kind in a table of routes: "portraits", "a portrait"; body_max in bytes. */
#define CONTENT_ROUTES(plural, one, entity_form, filters, permission, body_max)                    \
    {.http = {HTTP_GET, "/api/v1/" plural, PERMISSION_READ, content_list, 0, HTTP_SLOW},           \
     .about = "List the " plural,                                                                  \
     .shape = API_PAGE,                                                                            \
     .gives = &(entity_form),                                                                      \
     .record = true,                                                                               \
     .queries = (filters)},                                                                        \
        {.http = {HTTP_POST, "/api/v1/" plural, permission, content_create, body_max, HTTP_SLOW},  \
         .about = "Create " one,                                                                   \
         .takes = &(entity_form),                                                                  \
         .shape = API_ONE,                                                                         \
         .gives = &(entity_form),                                                                  \
         .record = true,                                                                           \
         .tagged = true,                                                                           \
         .queries = content_create_queries,                                                        \
         .created = true},                                                                         \
        {.http = {HTTP_GET, "/api/v1/" plural "/{id+}", PERMISSION_READ, content_get, 0,           \
                  HTTP_SLOW},                                                                      \
         .about = "Read " one,                                                                     \
         .shape = API_ONE,                                                                         \
         .gives = &(entity_form),                                                                  \
         .record = true,                                                                           \
         .tagged = true},                                                                          \
        {.http = {HTTP_PUT, "/api/v1/" plural "/{id+}", permission, content_replace, body_max,     \
                  HTTP_SLOW},                                                                      \
         .about = "Replace " one,                                                                  \
         .takes = &(entity_form),                                                                  \
         .shape = API_ONE,                                                                         \
         .gives = &(entity_form),                                                                  \
         .record = true,                                                                           \
         .tagged = true},                                                                          \
    {                                                                                              \
        .http =                                                                                    \
            {HTTP_DELETE, "/api/v1/" plural "/{id+}", permission, content_delete, 0, HTTP_SLOW},   \
        .about = "Delete " one, .tagged = true                                                     \
    }

/* Of CONTENT_ROUTES: whose a new record is to be. */
extern const struct api_query content_create_queries[];

#endif
