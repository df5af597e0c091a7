/* The kiosks' directory file out of the store, read back as a kiosk does. */
#include "tests/unit/server_content/content_fixture.h"

#include "directory/directory.h"
#include "server/content/directory_file.h"

#define NOW "2026-11-24T10:00:00Z"

/* Makes the file and opens it where the media lie. */
static struct directory *make(struct fixture *f, const char *now, struct directory_made *made)
{
    struct sha256 sum;
    char path[256];

    assert_ok(
        directory_file_make(f->db, f->media_folder, fixture_instant(now), f->arena, made, &f->err),
        f->err);
    assert_true(sha256_from_hex(made->directory.sha256, &sum));
    media_path(f->media_folder, &sum, path, sizeof path);
    struct directory *directory = directory_open(path, &f->err);
    assert_ok(directory != NULL, f->err);
    return directory;
}

static void fill(struct fixture *f)
{
    int64_t day = civil_days(2026, 11, 28);

    fixture_organisation(f, "zebre", "Le Zèbre");
    fixture_organisation(f, "etoile", "Étoile du matin");
    fixture_event(f, "fete@x", "Fête de la soupe", "2026-11-28T13:00:00Z", "2026-11-28T15:00:00Z",
                  day, 14 * 60);
    fixture_event(f, "passee@x", "Passée", "2026-11-01T13:00:00Z", "2026-11-01T15:00:00Z",
                  civil_days(2026, 11, 1), 14 * 60);
}

static void test_records(void **state)
{
    struct fixture *f = *state;
    struct directory_made made;
    struct directory_organisation organisation;
    struct directory_event_list events;

    fill(f);
    struct directory *directory = make(f, NOW, &made);
    assert_string_equal(made.directory.type, DIRECTORY_TYPE);
    assert_int_equal(directory_count(directory), 2);
    assert_string_equal(directory_generated(directory), "2026-01-01");
    assert_ok(directory_organisation(directory, f->arena, 0, &organisation, &f->err), f->err);
    assert_string_equal(organisation.name, "Étoile du matin");
    assert_int_equal(organisation.initial, 'E');
    assert_string_equal(organisation.family, "Association");
    assert_string_equal(organisation.commune, "Rouen");
    assert_false(organisation.placed);
    assert_true(organisation.latitude > 49.3 && organisation.latitude < 49.6); /* Rouen's */
    assert_ok(directory_events(directory, f->arena,
                               &(struct directory_event_query){.until_ms = INT64_MAX}, &events,
                               &f->err),
              f->err);
    assert_int_equal(events.count, 1);
    assert_string_equal(events.items[0].title, "Fête de la soupe");
    assert_int_equal(events.items[0].start_minute, 14 * 60);
    assert_int_equal(events.items[0].local_day, civil_days(2026, 11, 28));
    directory_close(directory);
}

static void test_questions(void **state)
{
    struct fixture *f = *state;
    struct directory_made made;
    struct directory_answer answer = {0};
    struct directory_query query = {.text = "etoile rouen"};

    fill(f);
    struct directory *directory = make(f, NOW, &made);
    assert_ok(directory_ask(directory, &query, &answer, &f->err), f->err);
    assert_int_equal(answer.match, DIRECTORY_EXACT);
    assert_int_equal(answer.row_count, 1);
    query.text = "reemploi"; /* a sector, as people read it */
    assert_ok(directory_ask(directory, &query, &answer, &f->err), f->err);
    assert_int_equal(answer.row_count, 2);
    assert_true(directory_value_count(directory, DIRECTORY_SECTOR) >= 2);
    assert_int_equal(directory_value_count(directory, DIRECTORY_COMMUNE), 1);
    assert_string_equal(directory_value_label(directory, DIRECTORY_COMMUNE, 0, LANG_FR), "Rouen");
    assert_int_equal(answer.counts[DIRECTORY_COMMUNE][0], 2);
    directory_answer_finish(&answer);
    directory_close(directory);
}

static void test_communes(void **state)
{
    struct fixture *f = *state;
    struct directory_made made;
    struct directory *directory = make(f, NOW, &made);
    const struct directory_commune_list *communes = directory_communes(directory);

    assert_int_equal(communes->count, 71);
    for (size_t i = 0; i < communes->count; i++)
        if (communes->items[i].ring_count == 0 || communes->items[i].rings[0].count < 4)
            fail_msg("%s has no outline", communes->items[i].name);
    directory_close(directory);
}

/* Other bytes, and another file, only when there is something else to read. */
static void test_changes(void **state)
{
    struct fixture *f = *state;
    struct directory_made first, again, changed, later;

    fill(f);
    directory_close(make(f, NOW, &first));
    directory_close(make(f, "2026-11-24T18:00:00Z", &again));
    assert_string_equal(first.directory.sha256, again.directory.sha256);
    assert_true(directory_stamp_equal(&first.stamp, &again.stamp));
    fixture_organisation(f, "zebre", "Le Zèbre bleu");
    directory_close(make(f, NOW, &changed));
    assert_string_not_equal(first.directory.sha256, changed.directory.sha256);
    assert_false(directory_stamp_equal(&first.stamp, &changed.stamp));
    /* What is over falls out at the start of a day. */
    struct directory *directory = make(f, "2026-11-30T08:00:00Z", &later);
    struct directory_event_list events;
    assert_ok(directory_events(directory, f->arena,
                               &(struct directory_event_query){.until_ms = INT64_MAX}, &events,
                               &f->err),
              f->err);
    assert_int_equal(events.count, 0);
    assert_false(directory_stamp_equal(&changed.stamp, &later.stamp));
    directory_close(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_records, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_questions, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_communes, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_changes, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests_name("directory file", tests, NULL, NULL);
}
