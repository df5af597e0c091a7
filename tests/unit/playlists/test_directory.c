/* The directory document: order, round trip, refusals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "playlists/directory.h"

static struct directory_entry entry(const char *id, const char *name)
{
    return (struct directory_entry){.id = id,
                                    .name = name,
                                    .sign = "",
                                    .sort_key = "",
                                    .family = "Association",
                                    .types = "",
                                    .activity = "",
                                    .summary = "",
                                    .offer = "",
                                    .address = "",
                                    .postcode = "76000",
                                    .commune = "Rouen",
                                    .in_metropole = true,
                                    .phone = "",
                                    .email = "",
                                    .website = "",
                                    .hours = "",
                                    .site_id = "",
                                    .floor = "",
                                    .office = ""};
}

static void test_sort(void **state)
{
    (void)state;
    static const char *const names[] = {"Zébulon", "éclat de Marée", "L’Œuvre utile", "123 Soleil",
                                        "Eclat",   "ياسمين",         "L’Établi",      "eclat"};
    static const char *const sorted[] = {"123 Soleil", "Eclat",         "eclat",   "éclat de Marée",
                                         "L’Établi",   "L’Œuvre utile", "Zébulon", "ياسمين"};
    static const char initials[] = "#EEELLZ#";
    static const char *const ids[] = {"8", "7", "6", "5", "3", "2", "1", "4"};
    struct directory *directory = directory_create();
    directory->entry_count = 8;
    directory->entries = arena_array(directory->arena, 8, sizeof *directory->entries);
    for (size_t i = 0; i < 8; i++) {
        directory->entries[i] = entry(ids[i], names[i]);
    }
    directory_sort(directory);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(directory->entries[i].name, sorted[i]);
        assert_int_equal(directory->entries[i].initial, initials[i]);
    }
    assert_string_equal(directory->entries[3].sort_key, "eclat de maree");

    struct strbuf first;
    struct strbuf second;
    struct error err = {0};
    strbuf_init(&first);
    strbuf_init(&second);
    directory->generated = "2026-11-24";
    directory_encode(directory, &first);
    struct directory *read = directory_decode(first.bytes, first.length, &err);
    assert_non_null(read);
    directory_encode(read, &second);
    assert_string_equal(first.bytes, second.bytes);
    assert_string_equal(read->generated, "2026-11-24");
    assert_int_equal(read->entry_count, 8);
    assert_string_equal(read->entries[7].name, "ياسمين");
    assert_string_equal(read->entries[7].postcode, "76000");
    assert_string_equal(read->entries[7].office, "");
    assert_true(read->entries[7].in_metropole);
    directory_destroy(read);
    directory_destroy(directory);
    directory_destroy(NULL);
    strbuf_finish(&first);
    strbuf_finish(&second);
}

static void test_empty(void **state)
{
    (void)state;
    struct directory *directory = directory_create();
    struct strbuf out;
    struct error err = {0};
    strbuf_init(&out);
    directory_sort(directory);
    directory_encode(directory, &out);
    assert_string_equal(out.bytes, "{\"format\":1,\"generated\":\"\",\"entries\":[]}");
    struct directory *read = directory_decode(out.bytes, out.length, &err);
    assert_non_null(read);
    assert_int_equal(read->entry_count, 0);
    directory_destroy(read);
    directory_destroy(directory);
    strbuf_finish(&out);
}

#define ENTRIES(entries) "{\"format\":1,\"generated\":\"\",\"entries\":[" entries "]}"
#define ENTRY(id, key)                                                                             \
    "{\"id\":\"" id "\",\"name\":\"N\",\"sort_key\":\"" key                                        \
    "\",\"initial\":\"N\",\"in_metropole\":true}"

static const struct {
    const char *json;
    const char *field;
} refused[] = {
    {"{}", "format"},
    {"{\"format\":2,\"generated\":\"\",\"entries\":[]}", "format"},
    {"{\"format\":1,\"generated\":\"hier\",\"entries\":[]}", "generated"},
    {"{\"format\":1,\"generated\":\"2026-02-30\",\"entries\":[]}", "generated"},
    {"{\"format\":1,\"generated\":\"\"}", "entries"},
    {"{\"format\":1,\"generated\":\"\",\"entries\":[],\"x\":1}", "x"},
    {ENTRIES("1"), "entries[0]"},
    {ENTRIES("{\"id\":\"a\",\"initial\":\"A\",\"in_metropole\":true}"), "entries[0].name"},
    {ENTRIES("{\"id\":\"\",\"name\":\"N\",\"initial\":\"A\",\"in_metropole\":true}"),
     "entries[0].id"},
    {ENTRIES("{\"id\":\"a\",\"name\":\"N\",\"in_metropole\":true}"), "entries[0].initial"},
    {ENTRIES("{\"id\":\"a\",\"name\":\"N\",\"initial\":\"é\",\"in_metropole\":true}"),
     "entries[0].initial"},
    {ENTRIES("{\"id\":\"a\",\"name\":\"N\",\"initial\":\"n\",\"in_metropole\":true}"),
     "entries[0].initial"},
    {ENTRIES("{\"id\":\"a\",\"name\":\"N\",\"initial\":\"N\"}"), "entries[0].in_metropole"},
    {ENTRIES("{\"id\":\"a\",\"name\":5,\"initial\":\"N\",\"in_metropole\":true}"),
     "entries[0].name"},
    {ENTRIES("{\"id\":\"a\",\"name\":\"N\",\"initial\":\"N\",\"in_metropole\":true,\"fax\":\"\"}"),
     "entries[0].fax"},
    {ENTRIES(ENTRY("1", "b") "," ENTRY("2", "a")), "entries[1]"},
    {ENTRIES(ENTRY("2", "a") "," ENTRY("1", "a")), "entries[1]"},
    {ENTRIES(ENTRY("1", "a") "," ENTRY("1", "a")), "entries[1]"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct error err = {0};
        struct directory *directory =
            directory_decode(refused[i].json, strlen(refused[i].json), &err);
        if (directory != NULL || strcmp(err.field, refused[i].field) != 0) {
            fail_msg("%s: got \"%s\" (%s)", refused[i].json, err.field, err.en);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
