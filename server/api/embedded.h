/* The admin page's files, compiled into the program (cmake/Embed.cmake). */
#ifndef VITRINE_SERVER_API_EMBEDDED_H
#define VITRINE_SERVER_API_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *name; /* without folder */
    const unsigned char *bytes;
    size_t size;
    const char *etag; /* SHA-256 of the content */
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

#endif
