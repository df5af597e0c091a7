#include "server/store/schema.h"

#include "server/store/migrations.h"
#include "server/store/statement.h"

int schema_known(void)
{
    return (int)migration_count;
}

bool schema_version(struct db *db, int *version_out, struct error *err)
{
    int64_t all;
    int64_t ours;

    if (!db_table_count(db, "", &all, err) || !db_table_count(db, "schema_version", &ours, err))
        return false;
    *version_out = 0;
    if (all == 0)
        return true;
    if (ours == 0)
        return error_set(
            err, ERROR_CONFLICT,
            "cette base de données n’est pas une base Vitrine ; choisissez-en une autre",
            "this database is not one of Vitrine's; choose another one");
    struct db_statement *statement =
        db_query(db, "SELECT max(version) FROM schema_version", NULL, 0, err);
    if (!statement || db_step(statement, err) != DB_ROW)
        return false;
    *version_out = (int)db_column_int(statement, 0);
    db_reset(statement);
    return true;
}

static bool refuse_newer(int version, struct error *err)
{
    return error_set(
        err, ERROR_CONFLICT,
        "la base de données est plus récente (schéma %d) que ce programme (schéma %d) ; "
        "installez la version de Vitrine qui l’a créée",
        "the database is newer (schema %d) than this program (schema %d); install the "
        "version of Vitrine that made it",
        version, schema_known());
}

static bool apply(struct db *db, int version, struct error *err)
{
    const struct db_value values[] = {db_int(version + 1)};

    return (version > 0 ||
            db_script(db, "CREATE TABLE schema_version (version BIGINT PRIMARY KEY)", err)) &&
           db_script(db, migrations[version], err) &&
           db_run(db, "INSERT INTO schema_version (version) VALUES ($1)", values, 1, err);
}

bool schema_migrate(struct db *db, struct error *err)
{
    for (;;) {
        int version;
        if (!db_begin(db, err))
            return false;
        /* Read inside the transaction: two programs may start at once. */
        if (!schema_version(db, &version, err))
            break;
        if (version > schema_known()) {
            (void)refuse_newer(version, err);
            break;
        }
        if (version == schema_known())
            return db_commit(db, err);
        if (!apply(db, version, err))
            break;
        if (!db_commit(db, err))
            return false;
    }
    db_rollback(db);
    return false;
}

static bool check_reader(struct db *db, struct error *err)
{
    int version;

    if (!schema_version(db, &version, err))
        return false;
    if (version > schema_known())
        return refuse_newer(version, err);
    if (version < schema_known())
        return error_set(err, ERROR_CONFLICT,
                         "la base de données est plus ancienne (schéma %d) que ce programme "
                         "(schéma %d) ; démarrez d’abord le serveur, qui la mettra à jour",
                         "the database is older (schema %d) than this program (schema %d); start "
                         "the server first, which brings it up to date",
                         version, schema_known());
    return true;
}

struct db *store_open(const char *path, enum db_mode mode, struct error *err)
{
    struct db *db = db_open(path, mode, err);

    if (!db)
        return NULL;
    if (mode == DB_WRITER ? schema_migrate(db, err) : check_reader(db, err))
        return db;
    error_at(err, path, 0);
    db_close(db);
    return NULL;
}
