/* Where in a JSON text a field stands: for messages to people who edit it by hand. */
#ifndef VITRINE_SERVER_CONTENT_LOCATE_H
#define VITRINE_SERVER_CONTENT_LOCATE_H

#include <stddef.h>

/* The 1-based line on which the value of a path such as "portraits[0].photo.focal_x" begins; that
 * of the innermost part that is there, when not all of it is. json must have been parsed before. */
int locate_line(const char *json, size_t length, const char *path);

#endif
