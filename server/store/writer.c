#include "server/store/writer.h"

#include "server/store/schema.h"

bool writer_init(struct writer *writer, const char *path, struct error *err)
{
    writer->db = store_open(path, DB_WRITER, err);
    if (writer->db == NULL)
        return false;
    writer->tickets = 0;
    writer->serving = 0;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->turn, NULL);
    return true;
}

void writer_finish(struct writer *writer)
{
    if (writer->db == NULL)
        return;
    db_close(writer->db);
    writer->db = NULL;
    pthread_cond_destroy(&writer->turn);
    pthread_mutex_destroy(&writer->lock);
}

struct db *writer_take(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    uint64_t ticket = writer->tickets++;
    while (ticket != writer->serving)
        pthread_cond_wait(&writer->turn, &writer->lock);
    pthread_mutex_unlock(&writer->lock);
    return writer->db;
}

void writer_give(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    writer->serving++;
    pthread_cond_broadcast(&writer->turn);
    pthread_mutex_unlock(&writer->lock);
}
