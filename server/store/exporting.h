/* What an export asks that nobody else does. */
#ifndef VITRINE_SERVER_STORE_EXPORTING_H
#define VITRINE_SERVER_STORE_EXPORTING_H

#include "server/store/entity.h"

/* Uids of all published events, sorted. */
bool exporting_events(struct db *db, struct arena *arena, struct text_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
