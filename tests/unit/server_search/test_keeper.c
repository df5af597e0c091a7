/* The index follows the store: what was written is found, what went is not, and a damaged file is
 * made anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/search/keeper.h"
#include "server/store/editorial.h"
#include "server/store/records.h"
#include "server/store/schema.h"

struct fixture {
    char folder[64], store_path[96], index_path[96];
    struct db *db;
    struct arena *arena;
    struct error error;
    int64_t now_ms;
};

static void ok(struct fixture *f, bool done)
{
    if (!done)
        fail_msg("%s", f->error.en);
}

static void write_one(struct fixture *f, const char *id, const char *title)
{
    enum upsert_result result;
    struct announcement announcement = {.id = id,
                                        .title = title,
                                        .text = "",
                                        .pictogram = "",
                                        .url = "",
                                        .state = STATE_PUBLISHED,
                                        .updated_ms = ++f->now_ms};

    ok(f, announcements_upsert(f->db, f->arena, &announcement, &result, &f->error));
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    snprintf(f->folder, sizeof(f->folder), "/tmp/vitrine-keeper-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->store_path, sizeof(f->store_path), "%s/vitrine.db", f->folder);
    snprintf(f->index_path, sizeof(f->index_path), "%s/search.db", f->folder);
    f->arena = arena_create();
    f->db = store_open(f->store_path, DB_WRITER, &f->error);
    ok(f, f->db != NULL);
    write_one(f, "a", "Travaux de nuit");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"vitrine.db", "vitrine.db-wal", "vitrine.db-shm",
                                        "search.db"};
    struct fixture *f = *state;
    char path[128];

    db_close(f->db);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", f->folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(f->folder), 0);
    arena_destroy(f->arena);
    free(f);
    return 0;
}

static size_t found(struct fixture *f, const char *words)
{
    struct search *search = search_open(f->index_path, false, &f->error);
    struct search_hits hits;

    ok(f, search != NULL);
    ok(f, search_ask(search, f->arena, &(struct search_query){.text = words, .limit = 20}, &hits,
                     &f->error));
    search_close(search);
    return hits.count;
}

static void update(struct fixture *f)
{
    ok(f, keeper_update(f->store_path, f->index_path, &f->error));
}

static void test_the_index_follows(void **state)
{
    struct fixture *f = *state;

    update(f);
    assert_int_equal(found(f, "travau"), 1);
    write_one(f, "a", "Fin des travaux");
    write_one(f, "b", "Travaux de jour");
    assert_int_equal(found(f, "travau jour"), 0);
    update(f);
    assert_int_equal(found(f, "trava"), 2);
    assert_int_equal(found(f, "nuit"), 0);
    ok(f, announcements_delete(f->db, "a", &f->error));
    update(f);
    assert_int_equal(found(f, "trava"), 1);
}

static void test_drafts_are_found_until_they_are_published(void **state)
{
    struct fixture *f = *state;
    struct record_row row = {.kind = "announcement",
                             .id = "c",
                             .state = "draft",
                             .document = "{}",
                             .title = "Quincaillerie",
                             .site = "",
                             .author = "",
                             .editor = "",
                             .editors = "",
                             .submitter = "",
                             .reviewer = "",
                             .reason = "",
                             .updated_ms = 5};

    ok(f, records_put(f->db, &row, &f->error));
    update(f);
    assert_int_equal(found(f, "quinc"), 1);
    write_one(f, "c", "Papeterie");
    update(f);
    assert_int_equal(found(f, "quinc"), 0);
    assert_int_equal(found(f, "papet"), 1);
}

static void test_what_is_damaged_is_made_anew(void **state)
{
    struct fixture *f = *state;
    FILE *file = fopen(f->index_path, "w");

    for (int i = 0; i < 1000; i++)
        fputs("no index at all ", file);
    fclose(file);
    update(f);
    assert_int_equal(found(f, "travau"), 1);
}

static void test_its_thread_sees_what_is_written(void **state)
{
    struct fixture *f = *state;
    const struct timespec pause = {.tv_nsec = 20000000};
    struct keeper *keeper = keeper_start(f->store_path, f->index_path, &f->error);
    struct search_query query = {.text = "quinc", .limit = 5};
    struct search_hits hits = {0};

    ok(f, keeper != NULL);
    write_one(f, "d", "Quincaillerie");
    for (int i = 0; i < 500 && hits.count == 0; i++) {
        nanosleep(&pause, NULL);
        if (!keeper_ask(keeper, f->arena, &query, &hits, &f->error))
            assert_int_equal(f->error.kind, ERROR_BUSY);
    }
    keeper_stop(keeper);
    assert_int_equal(hits.count, 1);
    assert_string_equal(hits.items[0].id, "d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_index_follows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_drafts_are_found_until_they_are_published, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_damaged_is_made_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_its_thread_sees_what_is_written, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
