#include "store_fixture.h"

#include <sys/stat.h>

#include "server/store/fleet.h"
#include "server/store/migrations.h"
#include "server/store/programming.h"
#include "server/store/statement.h"

static int64_t scalar(struct fixture *f, struct db *db, const char *sql)
{
    struct db_statement *statement = db_query(db, sql, NULL, 0, &f->err);

    assert_non_null(statement);
    assert_int_equal(db_step(statement, &f->err), DB_ROW);
    int64_t value = db_column_int(statement, 0);
    db_reset(statement);
    return value;
}

static void test_values_round_trip(void **state)
{
    struct fixture *f = *state;
    const char bytes[] = {0, 1, (char)0xff};
    size_t size;

    assert_ok(db_script(f->db,
                        "CREATE TABLE t (a BIGINT, b DOUBLE PRECISION, c TEXT, d BYTEA, e TEXT)",
                        &f->err),
              f->err);
    const struct db_value values[] = {db_int(INT64_MIN), db_real(0.36), db_text("L’Œuvre d’Ÿ; 'x'"),
                                      db_bytes(bytes, sizeof(bytes)), db_text(NULL)};
    /* Placeholders out of order and used twice mean what their numbers say. */
    assert_ok(db_run(f->db, "INSERT INTO t (e, d, c, b, a) SELECT $5, $4, $3, $2, $1 WHERE $1 < 0",
                     values, 5, &f->err),
              f->err);
    assert_int_equal(db_changed(f->db), 1);
    struct db_statement *row = db_query(f->db, "SELECT a, b, c, d, e FROM t", NULL, 0, &f->err);
    assert_int_equal(db_step(row, &f->err), DB_ROW);
    assert_true(db_column_int(row, 0) == INT64_MIN);
    assert_true(db_column_real(row, 1) == 0.36);
    assert_string_equal(db_column_text(row, 2, f->arena), "L’Œuvre d’Ÿ; 'x'");
    assert_memory_equal(db_column_bytes(row, 3, f->arena, &size), bytes, sizeof(bytes));
    assert_int_equal(size, sizeof(bytes));
    assert_string_equal(db_column_text(row, 4, f->arena), "");
    assert_int_equal(db_step(row, &f->err), DB_DONE);
}

static void test_transactions(void **state)
{
    struct fixture *f = *state;
    const struct db_value one[] = {db_int(1)};
    bool own;

    assert_ok(db_script(f->db, "CREATE TABLE t (a BIGINT PRIMARY KEY)", &f->err), f->err);
    assert_false(db_commit(f->db, &f->err));
    assert_ok(db_begin(f->db, &f->err), f->err);
    assert_false(db_begin(f->db, &f->err));
    assert_int_equal(f->err.kind, ERROR_INTERNAL);
    assert_ok(db_run(f->db, "INSERT INTO t VALUES ($1)", one, 1, &f->err), f->err);
    assert_ok(db_join(f->db, &own, &f->err), f->err);
    assert_false(own);
    assert_false(db_leave(f->db, own, false, &f->err));
    assert_true(db_in_transaction(f->db)); /* whoever began it decides */
    db_rollback(f->db);
    db_rollback(f->db);
    assert_int_equal(scalar(f, f->db, "SELECT count(*) FROM t"), 0);

    assert_ok(db_join(f->db, &own, &f->err), f->err);
    assert_true(own);
    assert_ok(db_run(f->db, "INSERT INTO t VALUES ($1)", one, 1, &f->err), f->err);
    assert_ok(db_leave(f->db, own, true, &f->err), f->err);
    assert_int_equal(scalar(f, f->db, "SELECT count(*) FROM t"), 1);
    assert_false(db_run(f->db, "INSERT INTO t VALUES ($1)", one, 1, &f->err));
    assert_int_equal(f->err.kind, ERROR_CONFLICT);
}

static void test_misuse_is_an_error(void **state)
{
    struct fixture *f = *state;
    const struct db_value one[] = {db_int(1)};

    assert_null(db_query(f->db, "SELEKT 1", NULL, 0, &f->err));
    assert_int_equal(f->err.kind, ERROR_INTERNAL);
    assert_null(db_query(f->db, "SELECT 1", one, 1, &f->err));
    assert_false(db_run(f->db, "SELECT 1", NULL, 0, &f->err));
    struct db_statement *open = db_query(f->db, "SELECT 2", NULL, 0, &f->err);
    assert_non_null(open);
    assert_null(db_query(f->db, "SELECT 2", NULL, 0, &f->err));
    db_reset(open);
    assert_non_null(open = db_query(f->db, "SELECT 2", NULL, 0, &f->err));
    db_reset(open);
}

static void test_statement_cache_is_bounded(void **state)
{
    struct fixture *f = *state;
    char sql[64];

    for (int i = 0; i < 1000; i++) {
        snprintf(sql, sizeof(sql), "SELECT %d", i);
        assert_int_equal(scalar(f, f->db, sql), i);
    }
    assert_int_equal(scalar(f, f->db, "SELECT 0"), 0);
}

static void test_reader_sees_commits_and_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct db *reader = store_open(f->path, DB_READER, &f->err);

    assert_non_null(reader);
    assert_ok(db_begin(f->db, &f->err), f->err);
    assert_ok(settings_set_int(f->db, "epoch", 7, &f->err), f->err);
    int64_t value;
    assert_ok(settings_get_int(reader, "epoch", -1, &value, &f->err), f->err);
    assert_int_equal(value, -1);
    assert_ok(db_commit(f->db, &f->err), f->err);
    assert_ok(settings_get_int(reader, "epoch", -1, &value, &f->err), f->err);
    assert_int_equal(value, 7);
    assert_false(settings_set_int(reader, "epoch", 8, &f->err));
    db_close(reader);
    assert_ok(db_checkpoint(f->db, &f->err), f->err);
}

static void test_file_is_private(void **state)
{
    struct fixture *f = *state;
    struct stat info;

    assert_int_equal(stat(f->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_schema(void **state)
{
    struct fixture *f = *state;
    int version;

    assert_ok(schema_version(f->db, &version, &f->err), f->err);
    assert_int_equal(version, schema_known());
    assert_ok(schema_migrate(f->db, &f->err), f->err); /* again: nothing to do */

    const struct db_value values[] = {db_int(schema_known() + 1)};
    assert_ok(db_run(f->db, "INSERT INTO schema_version (version) VALUES ($1)", values, 1, &f->err),
              f->err);
    assert_null(store_open(f->path, DB_WRITER, &f->err));
    assert_int_equal(f->err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(f->err.fr, "plus récente"));
    assert_null(store_open(f->path, DB_READER, &f->err));
}

static void test_refuses_what_is_not_ours(void **state)
{
    struct fixture *f = *state;
    char path[128];
    struct error err = {0};

    snprintf(path, sizeof(path), "%s/other.db", f->folder);
    assert_null(store_open(path, DB_READER, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);

    struct db *other = db_open(path, DB_WRITER, &err);
    assert_ok(db_script(other, "CREATE TABLE t (a BIGINT)", &err), err);
    db_close(other);
    assert_null(store_open(path, DB_WRITER, &err));
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_string_equal(err.file, path);
    unlink(path);

    FILE *text = fopen(path, "w");
    for (int i = 0; i < 200; i++)
        fputs("id;nom;commune\n", text);
    fclose(text);
    assert_null(store_open(path, DB_WRITER, &err));
    assert_non_null(strstr(err.fr, "pas une base"));
    unlink(path);

    snprintf(path, sizeof(path), "%s/none/x.db", f->folder);
    assert_null(store_open(path, DB_WRITER, &err));
    assert_int_equal(err.kind, ERROR_IO);
}

static const char written_by_the_first_program[] =
    "INSERT INTO screens (id, name, site, member_of, width_px, height_px, rotation, diagonal_mm, "
    "viewing_distance_mm, bottom_edge_mm, kiosk, time_zone, languages, opening, updated_ms) VALUES "
    "('quai', 'Quai 2', '', '', 1080, 1920, 0, 1000, 3000, 900, 1, 'Europe/Paris', 'fr,en', '', 5);"
    "INSERT INTO rules (id, title, playlist, screens, screen_groups, class, from_day, until_day, "
    "weekdays, from_minute, until_minute, share, state, updated_ms) VALUES "
    "('base', 'Base', 'p', 'quai', '', 'takeover', 20000, 21000, 31, 420, 1200, 1, 'published', 5);"
    "INSERT INTO rule_screens (rule, screen) VALUES ('base', 'quai');";

/* What is new has the meaning that things had before. */
static void expect_old_records(struct fixture *f, struct db *db)
{
    struct rule_list rules;
    struct screen screen;

    assert_ok(screens_get(db, f->arena, "quai", &screen, &f->err), f->err);
    assert_string_equal(screen.name, "Quai 2");
    assert_true(screen.kiosk);
    assert_string_equal(screen.layout, "");
    assert_false(screen.reduced_motion);
    assert_ok(rules_for_screen(db, f->arena, "quai", 20500, 20500, &rules, &f->err), f->err);
    assert_int_equal(rules.count, 1);
    assert_int_equal(rules.items[0].class, RULE_TAKEOVER);
    assert_int_equal(rules.items[0].weekdays, 31);
    assert_int_equal(rules.items[0].from_ms, 0);
    assert_int_equal(rules.items[0].until_ms, 0);
    assert_string_equal(rules.items[0].zone, "");
    assert_false(rules.items[0].keep_zones);
}

/* A site that was set up with an older program keeps its data. */
static void test_every_older_schema_is_brought_up(void **state)
{
    struct fixture *f = *state;

    for (size_t from = 1; from < migration_count; from++) {
        char path[128];
        int64_t value;
        int version;
        snprintf(path, sizeof(path), "%s/old.db", f->folder);
        struct db *old = db_open(path, DB_WRITER, &f->err);
        assert_non_null(old);
        assert_ok(
            db_script(old, "CREATE TABLE schema_version (version BIGINT PRIMARY KEY)", &f->err),
            f->err);
        for (size_t i = 0; i < from; i++) {
            const struct db_value values[] = {db_int((int64_t)i + 1)};
            assert_ok(db_script(old, migrations[i], &f->err), f->err);
            assert_ok(
                db_run(old, "INSERT INTO schema_version (version) VALUES ($1)", values, 1, &f->err),
                f->err);
        }
        assert_ok(settings_set_int(old, "epoch", 7, &f->err), f->err);
        assert_ok(db_script(old, written_by_the_first_program, &f->err), f->err);
        db_close(old);

        struct error err = {0};
        assert_null(store_open(path, DB_READER, &err)); /* a reader does not migrate */
        assert_non_null(strstr(err.fr, "plus ancienne"));
        old = store_open(path, DB_WRITER, &f->err);
        assert_non_null(old);
        assert_ok(schema_version(old, &version, &f->err), f->err);
        assert_int_equal(version, schema_known());
        assert_ok(settings_get_int(old, "epoch", 0, &value, &f->err), f->err);
        assert_int_equal(value, 7);
        expect_old_records(f, old);
        db_close(old);
        unlink(path);
    }
}

static void test_damage_is_found(void **state)
{
    struct fixture *f = *state;

    for (int i = 0; i < 500; i++) {
        char key[32];
        snprintf(key, sizeof(key), "key-%d", i);
        assert_ok(settings_set_text(f->db, key, "some words to fill pages with", &f->err), f->err);
    }
    assert_ok(db_verify(f->db, &f->err), f->err);
    assert_ok(db_checkpoint(f->db, &f->err), f->err);
    db_close(f->db);

    FILE *file = fopen(f->path, "r+");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    for (long at = 4096; at < size; at += 4096) {
        fseek(file, at, SEEK_SET);
        fputs("\xff\xff\xff\xff\xff\xff\xff\xff", file);
    }
    fclose(file);
    f->db = db_open(f->path, DB_WRITER, &f->err);
    assert_true(f->db == NULL || !db_verify(f->db, &f->err));
    assert_int_equal(f->err.kind, ERROR_IO);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_values_round_trip),
        CASE(test_transactions),
        CASE(test_misuse_is_an_error),
        CASE(test_statement_cache_is_bounded),
        CASE(test_reader_sees_commits_and_changes_nothing),
        CASE(test_file_is_private),
        CASE(test_schema),
        CASE(test_refuses_what_is_not_ours),
        CASE(test_every_older_schema_is_brought_up),
        CASE(test_damage_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
