/* What a file is by its first bytes, whatever its name says: decides which worker looks at it. */
#ifndef VITRINE_SERVER_MEDIA_SNIFF_H
#define VITRINE_SERVER_MEDIA_SNIFF_H

#include <stddef.h>

#include "server/store/media_items.h"

#define SNIFF_BYTES 128

struct sniffed {
    enum item_kind kind;
    const char *type; /* static */
};

/* From the first SNIFF_BYTES, or all of a shorter file. What Vitrine does not take, and a name
 * whose end says something else than the bytes, are ERROR_INVALID, with what to send instead. */
bool sniff(const void *bytes, size_t size, const char *name, struct sniffed *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
