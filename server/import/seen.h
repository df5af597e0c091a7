/* Which keys a file has used, and what rows with the same key add to each other. */
#ifndef VITRINE_SERVER_IMPORT_SEEN_H
#define VITRINE_SERVER_IMPORT_SEEN_H

#include <stddef.h>

struct seen;

struct seen_entry {
    unsigned types; /* union over the rows, bits as the caller likes */
    int line;       /* of the row that was taken; 0: none yet */
};

struct seen *seen_create(void);
void seen_destroy(struct seen *seen); /* accepts NULL */
/* The key's entry, made when there is none; until the next call. */
struct seen_entry *seen_at(struct seen *seen, const char *key);

#endif
