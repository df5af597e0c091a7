/* A copy of the whole database while others read and write it. */
#ifndef VITRINE_SERVER_STORE_BACKUP_H
#define VITRINE_SERVER_STORE_BACKUP_H

#include "server/store/db.h"

/* Writes what was last committed at the call's begin to a new file `to` (0600, one file without a
 * log beside it), page by page, so that writers never wait; what they commit meanwhile is not in
 * it. The schema is left as it is, whichever it is. `told` may be NULL. */
bool backup_database(const char *from, const char *to,
                     void (*told)(void *context, int64_t done, int64_t total), void *context,
                     struct error *err) __attribute__((warn_unused_result));

#endif
