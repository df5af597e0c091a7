/* The API's own description: OpenAPI 3.1, made from the tables of routes and the forms, so that it
 * tells what is there and nothing else. */
#ifndef VITRINE_SERVER_API_OPENAPI_H
#define VITRINE_SERVER_API_OPENAPI_H

#include "core/strbuf.h"

void openapi_write(struct strbuf *out);

#endif
