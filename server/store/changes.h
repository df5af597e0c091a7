/* Whether anybody has written to the store since the last look: a look costs no lock and no page,
 * so that it can be taken ten times a second. */
#ifndef VITRINE_SERVER_STORE_CHANGES_H
#define VITRINE_SERVER_STORE_CHANGES_H

#include "server/store/entity.h"

/* Differs from the last call on the same connection when another connection, of this process or of
 * another, has committed meanwhile; the connection's own commits do not count. */
bool changes_number(struct db *db, int64_t *number_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
