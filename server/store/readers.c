#include "server/store/readers.h"

#include "core/log.h"
#include "server/store/schema.h"

bool readers_init(struct readers *readers, const char *path, struct error *err)
{
    pthread_mutex_init(&readers->lock, NULL);
    pthread_cond_init(&readers->given, NULL);
    for (readers->idle_count = 0; readers->idle_count < READERS_COUNT; readers->idle_count++) {
        struct db *db = store_open(path, DB_READER, err);
        if (db == NULL) {
            readers_finish(readers);
            return false;
        }
        readers->idle[readers->idle_count] = db;
    }
    return true;
}

void readers_finish(struct readers *readers)
{
    if (readers->idle_count == 0)
        return;
    while (readers->idle_count > 0)
        db_close(readers->idle[--readers->idle_count]);
    pthread_cond_destroy(&readers->given);
    pthread_mutex_destroy(&readers->lock);
}

struct db *readers_take(struct readers *readers)
{
    struct error error;

    pthread_mutex_lock(&readers->lock);
    while (readers->idle_count == 0)
        pthread_cond_wait(&readers->given, &readers->lock);
    struct db *db = readers->idle[--readers->idle_count];
    pthread_mutex_unlock(&readers->lock);
    if (!db_begin(db, &error)) /* each statement then reads by itself, or says what is wrong */
        log_error(LOG_WARN, "reader", &error);
    return db;
}

void readers_give(struct readers *readers, struct db *db)
{
    db_rollback(db);
    pthread_mutex_lock(&readers->lock);
    readers->idle[readers->idle_count++] = db;
    pthread_cond_signal(&readers->given);
    pthread_mutex_unlock(&readers->lock);
}
