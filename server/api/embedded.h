/* The desk's files, compiled into the program (server/admin/build.mjs). */
#ifndef VITRINE_SERVER_API_EMBEDDED_H
#define VITRINE_SERVER_API_EMBEDDED_H

#include <stdbool.h>

#include "core/embedded.h"

struct page_file {
    struct embedded_file file;
    const char *type;
    const unsigned char *gzip; /* the same, packed; NULL where that would gain nothing */
    size_t gzip_size;
    bool kept; /* its name carries its hash: browsers need not ask again */
};

/* The first one is the page itself. */
extern const struct page_file page_files[];
extern const size_t page_file_count;

#endif
