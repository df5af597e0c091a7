/* The library's rows: what waits for work, what screens get of an item, and where it is used. */
#include "server/store/media_items.h"
#include "server/store/editorial.h"
#include "store_fixture.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

static struct media_item sent(const char *sha256, enum item_kind kind, int64_t at_ms)
{
    return (struct media_item){.sha256 = sha256,
                               .kind = kind,
                               .state = ITEM_RECEIVED,
                               .type = "image/jpeg",
                               .name = "Été à Créapolis.jpg",
                               .original = true,
                               .created_ms = at_ms,
                               .updated_ms = at_ms};
}

static void put(struct fixture *f, const struct media_item *item)
{
    assert_ok(media_items_put(f->db, item, &f->err), f->err);
}

static void add_rendition(struct fixture *f, const char *original, const char *role,
                          const char *sha256)
{
    const struct media_record record = {.sha256 = sha256, .type = "image/jpeg", .name = "x"};
    const struct rendition rendition = {
        .original = original, .role = role, .sha256 = sha256, .type = "image/jpeg"};
    enum upsert_result result;

    assert_ok(media_records_add(f->db, f->arena, &record, &result, &f->err), f->err);
    assert_ok(renditions_put(f->db, &rendition, &f->err), f->err);
}

/* Longest waiting first, each kind in its lane, and again after the server's end. */
static void test_what_waits(void **state)
{
    struct fixture *f = *state;
    struct media_item first = sent(A, ITEM_PICTURE, 2000), second = sent(B, ITEM_PICTURE, 1000);
    struct media_item film = sent(C, ITEM_FILM, 10), taken;
    unsigned pictures = 1u << ITEM_PICTURE;

    put(f, &first);
    put(f, &second);
    put(f, &film);
    assert_ok(media_items_take(f->db, f->arena, pictures, 3000, &taken, &f->err), f->err);
    assert_string_equal(taken.sha256, B);
    assert_int_equal(taken.tries, 1);
    assert_int_equal(taken.state, ITEM_PROCESSING);
    assert_ok(media_items_take(f->db, f->arena, pictures, 3000, &taken, &f->err), f->err);
    assert_string_equal(taken.sha256, A);
    assert_false(media_items_take(f->db, f->arena, pictures, 3000, &taken, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_ok(media_items_resume(f->db, &f->err), f->err);
    assert_ok(media_items_take(f->db, f->arena, pictures, 4000, &taken, &f->err), f->err);
    assert_int_equal(taken.tries, 2);
}

static void test_what_screens_get(void **state)
{
    static const struct {
        enum item_kind kind;
        enum item_state state;
        const char *role;
        enum error_kind refusal; /* ERROR_NONE: the rendition */
    } cases[] = {
        {ITEM_PICTURE, ITEM_RECEIVED, "screen", ERROR_CONFLICT},
        {ITEM_PICTURE, ITEM_PROCESSING, "screen", ERROR_CONFLICT},
        {ITEM_PICTURE, ITEM_REFUSED, "screen", ERROR_CONFLICT},
        {ITEM_PICTURE, ITEM_READY, "screen", ERROR_NONE},
        {ITEM_FILM, ITEM_READY, "film", ERROR_NONE},
        {ITEM_PAGES, ITEM_READY, "page", ERROR_CONFLICT},
    };
    struct fixture *f = *state;
    struct media_record record;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct media_item item = sent(A, cases[i].kind, 1000);
        item.state = cases[i].state;
        put(f, &item);
        add_rendition(f, A, cases[i].role, B);
        bool shown = media_shown(f->db, f->arena, A, &record, &f->err);
        assert_int_equal(shown, cases[i].refusal == ERROR_NONE);
        if (shown)
            assert_string_equal(record.sha256, B);
        else
            assert_int_equal(f->err.kind, cases[i].refusal);
    }
    /* A rendition may be named itself: a page, a poster. */
    assert_ok(media_shown(f->db, f->arena, B, &record, &f->err), f->err);
    assert_string_equal(record.sha256, B);
    assert_false(media_shown(f->db, f->arena, C, &record, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

/* What was loaded as it is. */
static void test_its_own_rendition(void **state)
{
    struct fixture *f = *state;
    struct media_item item = sent(A, ITEM_PICTURE, 1000);
    struct media_record record = {.sha256 = A, .type = "image/png", .name = "x"};
    enum upsert_result result;

    item.state = ITEM_READY;
    item.original = false;
    put(f, &item);
    assert_ok(media_records_add(f->db, f->arena, &record, &result, &f->err), f->err);
    assert_ok(media_shown(f->db, f->arena, A, &record, &f->err), f->err);
    assert_string_equal(record.sha256, A);
}

static void test_new_renditions_are_published(void **state)
{
    struct fixture *f = *state;
    struct media_item item = sent(A, ITEM_PICTURE, 1000);

    put(f, &item);
    int64_t before = content_version(f);
    add_rendition(f, A, "screen", B);
    assert_int_equal(content_version(f), before + 1);
}

static void test_list(void **state)
{
    struct fixture *f = *state;
    struct media_item first = sent(A, ITEM_PICTURE, 1000), second = sent(B, ITEM_FILM, 2000);
    struct media_item third = sent(C, ITEM_PICTURE, 2000);
    const struct {
        struct media_item_page page;
        const char *found;
    } cases[] = {
        {{.after = "", .limit = 9, .kind = -1, .state = -1, .words = ""}, "bca"},
        {{.after = "", .limit = 2, .kind = -1, .state = -1, .words = ""}, "bc"},
        {{.after = "2000-" C, .limit = 9, .kind = -1, .state = -1, .words = ""}, "a"},
        {{.after = "", .limit = 9, .kind = ITEM_FILM, .state = -1, .words = ""}, "b"},
        {{.after = "", .limit = 9, .kind = -1, .state = ITEM_READY, .words = ""}, ""},
        {{.after = "", .limit = 9, .kind = -1, .state = -1, .site = "creapolis", .words = ""}, "c"},
        {{.after = "", .limit = 9, .kind = -1, .state = -1, .words = "ETE A"}, "bca"},
        {{.after = "", .limit = 9, .kind = -1, .state = -1, .words = "ana"}, "a"},
    };

    first.credit = "Ana Petit";
    third.site = "creapolis";
    put(f, &first);
    put(f, &second);
    put(f, &third);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct media_item_list list;
        char found[8] = "";
        assert_ok(media_items_list(f->db, f->arena, &cases[i].page, &list, &f->err), f->err);
        for (size_t k = 0; k < list.count; k++)
            found[k] = list.items[k].sha256[0];
        assert_string_equal(found, cases[i].found);
    }
}

static void test_uses(void **state)
{
    struct fixture *f = *state;
    const struct portrait portrait = {
        .id = "p", .organisation = "o", .leader_name = "Ana Petit", .photo = A};
    struct media_use_list uses;
    enum upsert_result result;

    assert_ok(media_uses(f->db, f->arena, A, &uses, &f->err), f->err);
    assert_int_equal(uses.count, 0);
    assert_ok(portraits_upsert(f->db, f->arena, &portrait, &result, &f->err), f->err);
    assert_ok(media_uses(f->db, f->arena, A, &uses, &f->err), f->err);
    assert_int_equal(uses.count, 1);
    assert_string_equal(uses.items[0].title, "Ana Petit");
    assert_ok(media_uses(f->db, f->arena, B, &uses, &f->err), f->err);
    assert_int_equal(uses.count, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_what_waits),
        TEST(test_what_screens_get),
        TEST(test_its_own_rendition),
        TEST(test_new_renditions_are_published),
        TEST(test_list),
        TEST(test_uses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
