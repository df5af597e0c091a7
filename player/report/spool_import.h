/* What players before the database kept: <state>/spool/faults.jsonl, a fault a line. */
#ifndef VITRINE_PLAYER_REPORT_SPOOL_IMPORT_H
#define VITRINE_PLAYER_REPORT_SPOOL_IMPORT_H

#include <stdbool.h>

#include "core/error.h"
#include "player/report/spool_store.h"

/* Moves its faults into the database and removes the file; lines that are torn or damaged are
 * dropped. No such file: nothing to do. */
bool spool_import(struct spool_store *store, const char *folder, struct error *err)
    __attribute__((warn_unused_result));

#endif
