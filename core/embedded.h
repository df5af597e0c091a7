/* A file that is compiled into a program (cmake/Embed.cmake). */
#ifndef VITRINE_CORE_EMBEDDED_H
#define VITRINE_CORE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *name; /* without folder */
    const unsigned char *bytes;
    size_t size;
    const char *etag; /* SHA-256 of the content */
};

#endif
