/* Reading connections, lent to threads that answer questions: they see what was last committed and
 * wait for no writer, however long its transaction. A few are enough: a question takes
 * milliseconds. Any thread. */
#ifndef VITRINE_SERVER_STORE_READERS_H
#define VITRINE_SERVER_STORE_READERS_H

#include <pthread.h>

#include "server/store/db.h"

#define READERS_COUNT 3

struct readers {
    pthread_mutex_t lock;
    pthread_cond_t given;
    size_t idle_count;
    struct db *idle[READERS_COUNT];
};

/* Opens the store (schema.h), which the writer has brought up to date before. */
bool readers_init(struct readers *readers, const char *path, struct error *err)
    __attribute__((warn_unused_result));
/* When all are given back; nothing to do on zeroed memory and after an init that failed. */
void readers_finish(struct readers *readers);
/* Waits until one is idle. It reads from one moment's state until it is given back. */
struct db *readers_take(struct readers *readers);
void readers_give(struct readers *readers, struct db *db);

#endif
