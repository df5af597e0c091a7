#include "server/store/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/store/connection.h"
#include "server/store/statement.h"

#define BUSY_TIMEOUT_MS 5000

bool connection_fail(struct db *db, int code, struct error *err)
{
    const char *detail = sqlite3_errmsg(db->handle);

    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
        error_set(err, ERROR_CONFLICT, "cet enregistrement existe déjà (%s)",
                  "this record is there already (%s)", detail);
        break;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        error_set(err, ERROR_INVALID, "référence à un enregistrement qui n’existe pas (%s)",
                  "reference to a record that is not there (%s)", detail);
        break;
    case SQLITE_NOTADB:
        error_set(err, ERROR_INVALID, "ce fichier n’est pas une base de données (%s)",
                  "this file is no database (%s)", detail);
        break;
    default:
        switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            error_set(err, ERROR_BUSY,
                      "la base de données est occupée par un autre programme ; réessayez (%s)",
                      "the database is in use by another program; try again (%s)", detail);
            break;
        case SQLITE_CORRUPT:
            error_set(err, ERROR_IO,
                      "la base de données est abîmée : remettez-la depuis une sauvegarde (%s)",
                      "the database is damaged: restore it from a backup (%s)", detail);
            break;
        case SQLITE_FULL:
            error_set(err, ERROR_IO, "disque plein : rien n’a été enregistré (%s)",
                      "disk full: nothing was saved (%s)", detail);
            break;
        case SQLITE_ERROR:
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
            error_set(err, ERROR_INTERNAL, "requête refusée par la base de données (%s)",
                      "the database refused a query (%s)", detail);
            break;
        default:
            error_set(err, ERROR_IO, "la base de données ne répond pas bien (%s)",
                      "the database failed (%s)", detail);
            break;
        }
        break;
    }
    error_at(err, db->path, 0);
    return false;
}

static bool exec(struct db *db, const char *sql, struct error *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? true : connection_fail(db, code, err);
}

static bool set_pragmas(struct db *db, struct error *err)
{
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!exec(db,
              "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000",
              err))
        return false;
    if (db->mode == DB_READER)
        return exec(db, "PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0", err);
    /* FULL: what the server has said it stored is still there after a power cut. */
    return exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", err);
}

/* SQLite would make the file with the umask; it holds password hashes. WAL and shared memory files
 * take their mode from it. */
static bool create_private(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0) {
        error_set_errno(err, errno, "la base de données ne peut être ni ouverte ni créée",
                        "the database can be neither opened nor created");
        error_at(err, path, 0);
        return false;
    }
    close(fd);
    return true;
}

struct db *db_open(const char *path, enum db_mode mode, struct error *err)
{
    if (mode == DB_WRITER && !create_private(path, err))
        return NULL;
    if (mode == DB_READER && access(path, F_OK) != 0) {
        error_set(err, ERROR_NOT_FOUND, "il n’y a pas de base de données à cet endroit",
                  "there is no database in this place");
        error_at(err, path, 0);
        return NULL;
    }

    struct db *db = calloc(1, sizeof(*db));
    if (!db)
        abort();
    db->mode = mode;
    db->path = strdup(path);
    if (!db->path)
        abort();
    int code =
        sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        connection_fail(db, code, err);
        db_close(db);
        return NULL;
    }
    if (!set_pragmas(db, err)) {
        db_close(db);
        return NULL;
    }
    return db;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    if (db->in_transaction)
        db_rollback(db);
    connection_drop_statements(db);
    sqlite3_close(db->handle);
    free(db->path);
    free(db);
}

bool db_begin(struct db *db, struct error *err)
{
    if (db->in_transaction)
        return error_set(err, ERROR_INTERNAL, "une transaction est déjà en cours",
                         "a transaction is already open");
    /* A writer takes its lock now: later it could meet one that was faster, and would have to start
     * again. */
    if (!exec(db, db->mode == DB_WRITER ? "BEGIN IMMEDIATE" : "BEGIN", err))
        return false;
    db->in_transaction = true;
    db->content_changed = false;
    db->directory_changed = false;
    return true;
}

bool db_commit(struct db *db, struct error *err)
{
    if (!db->in_transaction)
        return error_set(err, ERROR_INTERNAL, "aucune transaction n’est en cours",
                         "no transaction is open");
    const struct db_value counter[] = {db_text(db->directory_changed ? "directory" : "content")};
    if (db->content_changed &&
        !db_run(db, "UPDATE counters SET value = value + 1 WHERE name IN ('content', $1)", counter,
                1, err)) {
        db_rollback(db);
        return false;
    }
    if (!exec(db, "COMMIT", err)) {
        db_rollback(db);
        return false;
    }
    db->in_transaction = false;
    return true;
}

void db_rollback(struct db *db)
{
    if (!db->in_transaction)
        return;
    /* SQLite may have rolled back by itself (disk full, I/O error). */
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    db->in_transaction = false;
    db->content_changed = false;
    db->directory_changed = false;
}

bool db_in_transaction(const struct db *db)
{
    return db->in_transaction;
}

bool db_join(struct db *db, bool *own_out, struct error *err)
{
    *own_out = false;
    if (db->in_transaction)
        return true;
    if (!db_begin(db, err))
        return false;
    *own_out = true;
    return true;
}

bool db_leave(struct db *db, bool own, bool ok, struct error *err)
{
    if (!own)
        return ok;
    if (ok)
        return db_commit(db, err);
    db_rollback(db);
    return false;
}

void db_mark_content(struct db *db)
{
    assert(db->in_transaction);
    db->content_changed = true;
}

void db_mark_directory(struct db *db)
{
    db_mark_content(db);
    db->directory_changed = true;
}

bool db_checkpoint(struct db *db, struct error *err)
{
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

    return code == SQLITE_OK ? true : connection_fail(db, code, err);
}

bool db_verify(struct db *db, struct error *err)
{
    struct db_statement *statement = db_query(db, "PRAGMA quick_check(1)", NULL, 0, err);
    struct arena *arena = arena_create();
    enum db_step step = statement ? db_step(statement, err) : DB_FAILED;
    const char *found = step == DB_ROW ? db_column_text(statement, 0, arena) : "";
    bool sound = strcmp(found, "ok") == 0;

    if (step == DB_ROW && !sound) {
        error_set(err, ERROR_IO,
                  "la base de données est abîmée : remettez-la depuis une sauvegarde (%s)",
                  "the database is damaged: restore it from a backup (%s)", found);
        error_at(err, db->path, 0);
    }
    if (statement)
        db_reset(statement);
    arena_destroy(arena);
    return sound;
}
