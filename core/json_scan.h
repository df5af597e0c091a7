/* The strict half of json_parse: checks a whole JSON text (RFC 8259) without building anything, for
 * what cJSON lets pass. Internal to core/json.c. */
#ifndef VITRINE_CORE_JSON_SCAN_H
#define VITRINE_CORE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

/* False with err->line set when the text is not exactly one JSON value as core/json.h promises. */
bool json_scan(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));

#endif
