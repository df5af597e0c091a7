/* Shared by the files workflow*.c only: a record as the store has it, in its parts. */
#ifndef VITRINE_SERVER_RECORDS_WORKFLOW_PRIVATE_H
#define VITRINE_SERVER_RECORDS_WORKFLOW_PRIVATE_H

#include "server/records/workflow.h"
#include "server/store/records.h"

struct loaded {
    struct record_row row; /* texts are "" while nothing is noted */
    void *entity;          /* the record of its own table; NULL: none */
    enum state entity_state;
    const char *entity_document; /* "" without entity */
    struct record_state state;
};

/* True without a record too: then state.document is "". */
bool workflow_load_parts(struct db *db, struct arena *arena, const struct resource *resource,
                         const char *id, struct loaded *out, struct error *err)
    __attribute__((warn_unused_result));
/* Name or title in the record's document, for lists; else its id. In the arena. */
const char *workflow_title(const char *document, const char *id, struct arena *arena);
/* Whether `user` wrote any part of the working copy since the last approval. */
bool workflow_wrote(const struct record_row *row, const char *user);

#endif
