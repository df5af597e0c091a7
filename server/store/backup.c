#include "server/store/backup.h"

#include "server/store/connection.h"
#include "server/store/schema.h"
#include "server/store/statement.h"

#define PAGES_AT_ONCE 512

static bool copy_pages(struct db *source, struct db *copy,
                       void (*told)(void *context, int64_t done, int64_t total), void *context,
                       struct error *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy->handle, "main", source->handle, "main");
    int code;

    if (backup == NULL)
        return connection_fail(copy, sqlite3_errcode(copy->handle), err);
    do {
        code = sqlite3_backup_step(backup, PAGES_AT_ONCE);
        int64_t total = sqlite3_backup_pagecount(backup);
        if (told != NULL)
            told(context, total - sqlite3_backup_remaining(backup), total);
    } while (code == SQLITE_OK);
    code = sqlite3_backup_finish(backup);
    return code == SQLITE_OK ? true : connection_fail(copy, code, err);
}

/* A copy is one file, which can also be read where nothing can be written. */
static bool leave_log(struct db *copy, struct error *err)
{
    return db_script(copy, "PRAGMA journal_mode = DELETE", err);
}

bool backup_database(const char *from, const char *to,
                     void (*told)(void *context, int64_t done, int64_t total), void *context,
                     struct error *err)
{
    struct db *source = db_open(from, DB_READER, err);
    struct db *copy = source != NULL ? db_open(to, DB_WRITER, err) : NULL;
    int version;

    /* The open transaction holds the state of this moment: else each commit of somebody would begin
     * the copy anew. */
    bool ok = copy != NULL && db_begin(source, err) && schema_version(source, &version, err) &&
              db_script(copy, "PRAGMA journal_mode = DELETE", err) &&
              copy_pages(source, copy, told, context, err) && leave_log(copy, err) &&
              db_verify(copy, err);
    db_close(copy);
    db_close(source);
    return ok;
}
