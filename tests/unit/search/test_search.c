/* A search file as people meet it: built, kept up to date, asked key by key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "search/search.h"

struct fixture {
    char folder[64];
    char path[96];
    struct search *search;
    struct arena *arena;
    struct error error;
};

static const struct search_document documents[] = {
    {"organisation", "b", "Boulangerie de l’Île", "Elbeuf", "pain bio", "site:creapolis", 1},
    {"organisation", "c", "Cycles & Cie", "Rouen", "vélo réparation atelier", "", 1},
    {"organisation", "a", "Atelier du pain", "Rouen", "pain formation", "", 1},
    {"portrait", "p", "Zoé Pain", "Boulangerie de l’Île", "boulangère", "", 1},
    {"screen", "e", "Écran du hall", "Créapolis", "creapolis-hall", "site:creapolis", 1},
};
#define COUNT (sizeof(documents) / sizeof(documents[0]))

static void ok(struct fixture *f, bool done)
{
    if (!done)
        fail_msg("%s", f->error.en);
}

static void build(struct fixture *f, const struct search_document *items, size_t count)
{
    struct search_build *building = search_build_begin(f->path, &f->error);

    ok(f, building != NULL);
    for (size_t i = 0; i < count; i++)
        ok(f, search_build_add(building, &items[i], &f->error));
    ok(f, search_build_end(building, &f->error));
    search_close(f->search);
    f->search = search_open(f->path, true, &f->error);
    ok(f, f->search != NULL);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    snprintf(f->folder, sizeof(f->folder), "/tmp/vitrine-search-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof(f->path), "%s/search.db", f->folder);
    f->arena = arena_create();
    build(f, documents, COUNT);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    search_close(f->search);
    unlink(f->path);
    assert_int_equal(rmdir(f->folder), 0); /* nothing else is left behind */
    arena_destroy(f->arena);
    free(f);
    return 0;
}

/* "a c p": the ids found, in order; " +" when there is more. */
static const char *ask_for(struct fixture *f, const struct search_query *query)
{
    static char found[4096];
    struct search_hits hits;

    ok(f, search_ask(f->search, f->arena, query, &hits, &f->error));
    found[0] = '\0';
    for (size_t i = 0; i < hits.count; i++)
        snprintf(found + strlen(found), sizeof(found) - strlen(found), "%s%s", i ? " " : "",
                 hits.items[i].id);
    if (hits.more)
        strcat(found, " +");
    return found;
}

static const char *ask(struct fixture *f, const char *text)
{
    return ask_for(f, &(struct search_query){.text = text, .limit = 20});
}

static void test_words(void **state)
{
    struct fixture *f = *state;

    assert_string_equal(ask(f, "pain"), "a b p");
    assert_string_equal(ask(f, "PAÎN"), "a b p");
    assert_string_equal(ask(f, "pai"), "a b p");
    assert_string_equal(ask(f, "p"), "a b p");
    assert_string_equal(ask(f, "pain rou"), "");
    assert_string_equal(ask(f, "ile pain"), "b");
    assert_string_equal(ask(f, "pain atel"), "a");
    assert_string_equal(ask(f, "atelier"), "a c");
    assert_string_equal(ask(f, "atel pain"), ""); /* only the last word may be a beginning */
    assert_string_equal(ask(f, "boulang"), "b p");
    assert_string_equal(ask(f, "  l’île !"), "b");
    assert_string_equal(ask(f, "xyz"), "");
    assert_string_equal(ask(f, ""), "a b c e p");
    assert_string_equal(ask(f, "\" OR NEAR( * : -"), "");
    assert_string_equal(ask(f, ":kind:organisation"), ""); /* facets are not typed */
    assert_string_equal(ask(f, "site"), "");
}

static void test_kinds_facets_and_who_sees(void **state)
{
    struct fixture *f = *state;
    struct search_query query = {.text = "p", .kind = "portrait", .limit = 20};

    assert_string_equal(ask_for(f, &query), "p");
    query = (struct search_query){.text = "", .kind = "organisation", .limit = 20};
    assert_string_equal(ask_for(f, &query), "a b c");
    query = (struct search_query){.text = "", .facets = "site:creapolis", .limit = 20};
    assert_string_equal(ask_for(f, &query), "b e");
    query.kind = "screen";
    assert_string_equal(ask_for(f, &query), "e");
    query.facets = "site:creapolis\" OR \"pain";
    assert_string_equal(ask_for(f, &query), "");
}

static bool no_portrait(void *context, const struct search_hit *hit)
{
    (void)context;
    return strcmp(hit->kind, "portrait") != 0;
}

static void test_pages(void **state)
{
    struct fixture *f = *state;
    struct search_query query = {.text = "pain", .limit = 1};
    char key[SEARCH_KEY_SIZE];
    struct search_hits hits;

    assert_string_equal(ask_for(f, &query), "a +");
    query.after = search_key(&(struct search_hit){.kind = "organisation", .id = "a"}, key);
    assert_string_equal(ask_for(f, &query), "b +");
    query.after = "organisation/b";
    assert_string_equal(ask_for(f, &query), "p");
    query.after = "portrait/p";
    assert_string_equal(ask_for(f, &query), "");
    query = (struct search_query){.text = "pain", .limit = 2, .keep = no_portrait};
    assert_string_equal(ask_for(f, &query), "a b"); /* what is hidden is no next page */
    query.after = "organisation/gone";
    assert_false(search_ask(f->search, f->arena, &query, &hits, &f->error));
    assert_string_equal(f->error.field, "after");
}

static void change(struct fixture *f, const struct search_document *document)
{
    ok(f, search_begin(f->search, &f->error));
    ok(f, search_put(f->search, document, &f->error));
    ok(f, search_commit(f->search, &f->error));
}

static void test_changes(void **state)
{
    struct fixture *f = *state;

    change(f, &(struct search_document){"organisation", "d", "Café de l’Aire", "", "pain", "", 1});
    assert_string_equal(ask(f, "pain"), "a b d p");
    change(f, &(struct search_document){"organisation", "d", "Zinc", "", "comptoir", "", 2});
    assert_string_equal(ask(f, "pain"), "a b p");
    assert_string_equal(ask(f, "comptoi"), "d");
    assert_string_equal(ask(f, ""), "a b c e d p");
    change(f, &(struct search_document){"organisation", "first", "Aaa", "", "", "", 2});
    assert_string_equal(ask(f, ""), "first a b c e d p");
    ok(f, search_begin(f->search, &f->error));
    ok(f, search_remove(f->search, "organisation", "a", &f->error));
    ok(f, search_remove(f->search, "organisation", "never", &f->error));
    search_rollback(f->search);
    assert_string_equal(ask(f, "pain"), "a b p");
    ok(f, search_begin(f->search, &f->error));
    ok(f, search_remove(f->search, "organisation", "a", &f->error));
    ok(f, search_commit(f->search, &f->error));
    assert_string_equal(ask(f, "pain"), "b p");
    ok(f, search_verify(f->search, &f->error));
}

/* Always at the same place, until there is none left: then it says so, and a new file has room. */
static void test_crowded(void **state)
{
    struct fixture *f = *state;
    char title[40], id[16];
    bool went = true;
    int put = 0;

    ok(f, search_begin(f->search, &f->error));
    for (; went && put < 100; put++) {
        snprintf(title, sizeof(title), "B%02d", 99 - put);
        snprintf(id, sizeof(id), "n%d", put);
        went = search_put(f->search,
                          &(struct search_document){"organisation", id, title, "", "", "", 1},
                          &f->error);
    }
    assert_false(went);
    assert_int_equal(f->error.kind, ERROR_LIMIT);
    assert_true(put > 20);
    search_rollback(f->search);
    assert_string_equal(ask(f, "pain"), "a b p");
}

static void test_walk(void **state)
{
    static const char *const expected[] = {"a", "b", "c", NULL};
    struct fixture *f = *state;
    const char *id;
    int64_t stamp;

    ok(f, search_walk(f->search, "organisation", &f->error));
    for (int i = 0; i < 4; i++) {
        ok(f, search_walk_next(f->search, &id, &stamp, &f->error));
        if (expected[i] == NULL)
            assert_null(id);
        else
            assert_string_equal(id, expected[i]);
    }
    assert_int_equal(stamp, 1);
}

/* More words begin so than are asked for one by one. */
static void test_many_words_of_one_beginning(void **state)
{
    struct fixture *f = *state;
    static struct search_document many[300];
    static char titles[300][32], ids[300][16];
    struct search_hits hits;

    for (int i = 0; i < 300; i++) {
        snprintf(titles[i], sizeof(titles[i]), "Associatif%03d", i);
        snprintf(ids[i], sizeof(ids[i]), "o%03d", i);
        many[i] = (struct search_document){"organisation", ids[i], titles[i], "", "", "", 1};
    }
    build(f, many, 300);
    struct search_query query = {.text = "associat", .limit = 200};
    ok(f, search_ask(f->search, f->arena, &query, &hits, &f->error));
    assert_int_equal(hits.count, 200);
    assert_true(hits.more);
    assert_string_equal(hits.items[0].id, "o000");
    assert_string_equal(hits.items[199].id, "o199");
    assert_string_equal(ask(f, "associatif01"),
                        "o010 o011 o012 o013 o014 o015 o016 o017 o018 o019");
}

static void test_what_is_no_index(void **state)
{
    struct fixture *f = *state;
    char path[128];

    snprintf(path, sizeof(path), "%s/none.db", f->folder);
    assert_null(search_open(path, false, &f->error));
    assert_int_equal(f->error.kind, ERROR_NOT_FOUND);
    FILE *file = fopen(path, "w");
    fputs("This is a letter, and no database at all.\n", file);
    fclose(file);
    assert_null(search_open(path, false, &f->error));
    assert_int_not_equal(f->error.kind, ERROR_NONE);
    unlink(path);
}

/* Who reads the old file goes on; a build that was given up leaves nothing. */
static void test_built_beside(void **state)
{
    struct fixture *f = *state;
    struct search_build *building = search_build_begin(f->path, &f->error);

    ok(f, building != NULL);
    ok(f, search_build_add(building, &documents[0], &f->error));
    assert_string_equal(ask(f, "pain"), "a b p");
    search_build_abandon(building);
    assert_string_equal(ask(f, "pain"), "a b p");
    build(f, documents, 1);
    assert_string_equal(ask(f, "pain"), "b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kinds_facets_and_who_sees, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_crowded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_walk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_words_of_one_beginning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_no_index, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_built_beside, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
