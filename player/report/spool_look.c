#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/files.h"
#include "player/report/spool.h"

static bool copy_file(const char *from, const char *to)
{
    char bytes[65536];
    ssize_t got = -1;
    int source = open(from, O_RDONLY | O_CLOEXEC);
    int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = source >= 0 && target >= 0;
    while (ok && (got = read(source, bytes, sizeof bytes)) > 0) {
        ok = write(target, bytes, (size_t)got) == got;
    }
    if (source >= 0) {
        close(source);
    }
    if (target >= 0) {
        close(target);
    }
    return ok && got == 0;
}

static bool count_records(const char *path, struct spool_backlog *backlog_out)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
                  SQLITE_OK &&
              sqlite3_prepare_v2(handle,
                                 "SELECT count(*), ifnull((SELECT time_ms FROM records"
                                 " ORDER BY id LIMIT 1), 0) FROM records",
                                 -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    if (ok) {
        backlog_out->records = sqlite3_column_int64(statement, 0);
        backlog_out->oldest_ms = sqlite3_column_int64(statement, 1);
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return ok;
}

/* The player's lock is exclusive, and even a reader would leave files beside the database: so a
 * copy is read. What is written while it is made may be missing. */
bool spool_look(const char *state_folder, struct spool_backlog *backlog_out, struct error *err)
{
    char path[1024];
    char wal[1040];
    char folder[] = P_tmpdir "/vitrine-XXXXXX";
    char copy[64];
    char copy_wal[80];
    *backlog_out = (struct spool_backlog){.records = 0};
    snprintf(path, sizeof path, "%s/spool/reports.db.damaged", state_folder);
    backlog_out->damaged = file_exists(path);
    snprintf(path, sizeof path, "%s/spool/reports.db", state_folder);
    if (!file_size(path, &backlog_out->bytes)) {
        return error_set(err, ERROR_NOT_FOUND, "aucun rapport n’a encore été gardé",
                         "no report was kept yet");
    }
    if (mkdtemp(folder) == NULL) {
        return error_set_errno(err, errno, "« %s » n’est pas accessible",
                               "\"%s\" is not accessible", P_tmpdir);
    }
    snprintf(wal, sizeof wal, "%s-wal", path);
    snprintf(copy, sizeof copy, "%s/copy.db", folder);
    snprintf(copy_wal, sizeof copy_wal, "%s-wal", copy);
    bool copied = copy_file(path, copy) && (!file_exists(wal) || copy_file(wal, copy_wal));
    bool ok = copied && count_records(copy, backlog_out);
    (void)unlink(copy);
    (void)unlink(copy_wal);
    snprintf(copy_wal, sizeof copy_wal, "%s-shm", copy);
    (void)unlink(copy_wal);
    (void)rmdir(folder);
    return ok ||
           error_set(err, ERROR_IO, "« %s » n’est pas lisible", "\"%s\" cannot be read", path);
}
