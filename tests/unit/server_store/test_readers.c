/* Readers beside a writer: they wait for nobody, and each loan sees one moment. */
#include "store_fixture.h"

#include "server/store/readers.h"

static int64_t value(struct fixture *f, struct db *db)
{
    int64_t number;

    assert_true(settings_get_int(db, "n", 0, &number, &f->err));
    return number;
}

static void test_they_see_what_is_committed(void **state)
{
    struct fixture *f = *state;
    struct readers readers = {0};

    readers_finish(&readers); /* nothing yet */
    assert_true(readers_init(&readers, f->path, &f->err));
    struct db *first = readers_take(&readers);
    assert_int_equal(value(f, first), 0);
    assert_true(db_begin(f->db, &f->err));
    assert_true(settings_set_int(f->db, "n", 1, &f->err));
    struct db *second = readers_take(&readers);
    assert_int_equal(value(f, second), 0); /* and does not wait */
    readers_give(&readers, second);
    assert_true(db_commit(f->db, &f->err));
    assert_int_equal(value(f, first), 0); /* still the moment of its loan */
    readers_give(&readers, first);
    second = readers_take(&readers);
    assert_int_equal(value(f, second), 1);
    assert_false(settings_set_int(second, "n", 2, &f->err));
    readers_give(&readers, second);
    readers_finish(&readers);
    readers_finish(&readers);
}

static void test_no_store_no_readers(void **state)
{
    struct fixture *f = *state;
    struct readers readers = {0};

    assert_false(readers_init(&readers, "/nowhere/vitrine.db", &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    readers_finish(&readers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_they_see_what_is_committed, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_no_store_no_readers, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
