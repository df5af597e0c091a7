/* The program's one writing connection, taken in turns by its threads. Hold it for a transaction at
 * most: players' long-polls do not wait for it, but logins and enrolments do. Who asked first gets
 * it first: a thread that gives and takes in a loop lets the others pass. */
#ifndef VITRINE_SERVER_STORE_WRITER_H
#define VITRINE_SERVER_STORE_WRITER_H

#include <pthread.h>

#include "server/store/db.h"

struct writer {
    pthread_mutex_t lock; /* of the tickets */
    pthread_cond_t turn;
    uint64_t tickets, serving;
    struct db *db; /* owned; of whose ticket is served */
};

/* Opens the store (schema.h) as the writer. */
bool writer_init(struct writer *writer, const char *path, struct error *err)
    __attribute__((warn_unused_result));
void writer_finish(struct writer *writer);
struct db *writer_take(struct writer *writer);
void writer_give(struct writer *writer);

#endif
