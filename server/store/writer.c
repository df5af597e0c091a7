#include "server/store/writer.h"

#include "server/store/schema.h"

bool writer_init(struct writer *writer, const char *path, struct error *err)
{
    writer->db = store_open(path, DB_WRITER, err);
    if (writer->db == NULL)
        return false;
    pthread_mutex_init(&writer->lock, NULL);
    return true;
}

void writer_finish(struct writer *writer)
{
    if (writer->db == NULL)
        return;
    db_close(writer->db);
    writer->db = NULL;
    pthread_mutex_destroy(&writer->lock);
}

struct db *writer_take(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    return writer->db;
}

void writer_give(struct writer *writer)
{
    pthread_mutex_unlock(&writer->lock);
}
