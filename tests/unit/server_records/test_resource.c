/* Kinds of records: what imports and documents brought can be edited, what people write of dates
 * is kept and told as they wrote it, and what is used stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "server/content/documents.h"
#include "server/content/forms.h"
#include "server/import/import.h"
#include "server/records/resource.h"
#include "server/store/schema.h"

#define NOW INT64_C(1795500000000) /* 24 November 2026 */
#define DEMO TESTS_DIR "/../assets/demo"
#define ANNUAIRE SHARED_DATA_DIR "/annuaire/2019_07_liste_siae_76.csv"

struct fixture {
    char folder[64];
    struct db *db;
    struct arena *arena;
    struct error error;
};

#define assert_ok(f, call)                                                                         \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %s (%s)", #call, (f)->error.en, (f)->error.field);                       \
    } while (0)

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    char path[96];

    snprintf(f->folder, sizeof(f->folder), "/tmp/vitrine-resource-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    path_join(path, sizeof(path), f->folder, "vitrine.db");
    f->db = store_open(path, DB_WRITER, &f->error);
    assert_non_null(f->db);
    f->arena = arena_create();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];

    db_close(f->db);
    arena_destroy(f->arena);
    snprintf(command, sizeof(command), "rm -rf '%s'", f->folder);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static void import(struct fixture *f, const char *annuaire)
{
    const struct import_options options = {.now_ms = NOW, .state = STATE_PUBLISHED};
    struct import_report report;

    import_report_init(&report);
    assert_ok(f, import_annuaire(f->db, annuaire, &options, &report, &f->error));
    import_report_finish(&report);
}

static void load_demo(struct fixture *f)
{
    const struct import_options options = {.now_ms = NOW, .state = STATE_PUBLISHED};
    const struct media_store media = {arena_printf(f->arena, "%s/media", f->folder), f->db, NOW};
    struct document_report_list reports;
    struct import_report report;

    import(f, DEMO "/annuaire.csv");
    import_report_init(&report);
    assert_ok(
        f, import_evenements(f->db, &media, DEMO "/evenements.ics", &options, &report, &f->error));
    import_report_finish(&report);
    assert_ok(f, content_load_folder(f->db, &media, f->arena, DEMO, TESTS_DIR "/../playlists/demo",
                                     &reports, &f->error));
}

static const char *document_of(struct fixture *f, const struct resource *resource,
                               const void *value)
{
    struct strbuf text;

    strbuf_init(&text);
    resource_encode(resource, value, &text);
    const char *copy = arena_strndup(f->arena, text.bytes, text.length);
    strbuf_finish(&text);
    return copy;
}

/* Told and taken again, a record says the same. */
static void check_there_and_back(struct fixture *f, const struct resource *resource, const char *id)
{
    void *value = arena_alloc(f->arena, resource->form->size), *again;

    assert_ok(f, resource->get(f->db, f->arena, id, value, &f->error));
    const char *document = document_of(f, resource, value);
    if (!resource_decode(resource, document, strlen(document), f->arena, &again, &f->error))
        fail_msg("%s %s: %s: %s\n%s", resource->kind, id, f->error.field, f->error.en, document);
    /* What follows from other fields is told but not taken. */
    const char *back = document_of(f, resource, again);
    if (strcmp(resource->kind, "organisation") != 0 && strcmp(resource->kind, "event") != 0)
        assert_string_equal(back, document);
    assert_ok(f, resource->put(f->db, f->arena, again, NOW, &f->error));
}

static size_t check_all(struct fixture *f, const struct resource *resource)
{
    struct resource_page page = {.after = "",
                                 .limit = 100,
                                 .state = -1,
                                 .site = "",
                                 .organisation = "",
                                 .commune = "",
                                 .sector = ""};
    struct text_list ids;
    size_t count = 0;

    do {
        assert_ok(f, resource_list(f->db, f->arena, resource, &page, &ids, &f->error));
        for (size_t i = 0; i < ids.count; i++) {
            assert_true(strcmp(page.after, ids.items[i]) < 0);
            check_there_and_back(f, resource, ids.items[i]);
            page.after = ids.items[i];
            count++;
        }
    } while (ids.count == page.limit);
    return count;
}

static void test_the_demo_can_be_edited(void **state)
{
    struct fixture *f = *state;

    load_demo(f);
    for (size_t i = 0; i < resource_count; i++) {
        assert_ptr_equal(resource_find(resources[i]->kind), resources[i]);
        assert_ptr_equal(resource_find_plural(resources[i]->plural), resources[i]);
        assert_true(check_all(f, resources[i]) > 0);
    }
    assert_null(resource_find("fault"));
}

/* What the form reads is what the import wrote: nothing is lost by an edit. */
static void test_a_real_directory_can_be_edited(void **state)
{
    struct fixture *f = *state;
    const struct organisation_filter filter = {.all = true, .limit = 10000};
    struct organisation_list all;
    struct organisation after;

    if (!file_exists(ANNUAIRE)) {
        print_message("skipped: %s is not there\n", ANNUAIRE);
        skip();
    }
    import(f, ANNUAIRE);
    assert_ok(f, organisations_list(f->db, f->arena, &filter, &all, &f->error));
    assert_true(all.count > 50);
    assert_int_equal(check_all(f, &resource_organisation), all.count);
    for (size_t i = 0; i < all.count; i++) {
        assert_ok(f, organisations_get(f->db, f->arena, all.items[i].id, &after, &f->error));
        assert_string_equal(after.code_insee, all.items[i].code_insee);
        assert_int_equal(after.in_metropole, all.items[i].in_metropole);
        assert_string_equal(after.naf_label, all.items[i].naf_label);
        assert_string_equal(after.commune, all.items[i].commune);
        assert_int_equal(after.famille_ess, all.items[i].famille_ess);
    }
}

/* --- dates ----------------------------------------------------------------------------------- */

static const struct {
    const char *when;
    const char *lines; /* as the store keeps them; NULL: refused */
    const char *field;
} dates[] = {
    {"{\"start\":\"2026-11-24\",\"except\":[],\"also\":[]}", "DTSTART;VALUE=DATE:20261124", NULL},
    {"{\"start\":\"2026-11-24\",\"end\":\"2026-11-25\",\"except\":[],\"also\":[]}",
     "DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126", NULL},
    {"{\"start\":\"2026-11-24T18:30\",\"end\":\"2026-11-24T20:00\",\"except\":[],\"also\":[]}",
     "DTSTART;TZID=Europe/Paris:20261124T183000\nDTEND;TZID=Europe/Paris:20261124T200000", NULL},
    {"{\"start\":\"2026-11-24T18:30\",\"rrule\":\"FREQ=WEEKLY;BYDAY=TU\","
     "\"except\":[\"2026-12-01\"],\"also\":[\"2026-12-02T10:00\"]}",
     "DTSTART;TZID=Europe/Paris:20261124T183000\nRRULE:FREQ=WEEKLY;BYDAY=TU\n"
     "EXDATE;TZID=Europe/Paris:20261201T183000\nRDATE;TZID=Europe/Paris:20261202T100000",
     NULL},
    {"{\"ical\":\"DTSTART:20261124T173000Z\\nDURATION:PT2H\"}",
     "DTSTART:20261124T173000Z\nDURATION:PT2H", NULL},
    {"null", "", NULL},
    {"{}", NULL, "when.start"},
    {"{\"start\":\"2026-02-30\"}", NULL, "when.start"},
    {"{\"start\":\"2026-11-24T24:00\"}", NULL, "when.start"},
    {"{\"start\":\"2026-11-24\",\"end\":\"2026-11-24T10:00\"}", NULL, "when.end"},
    {"{\"start\":\"2026-11-24T18:30\",\"end\":\"2026-11-24T18:00\"}", NULL, "when.end"},
    {"{\"start\":\"2026-11-24\",\"rrule\":\"FREQ=WEEKLY\\nDTSTART:20200101\"}", NULL, "when.rrule"},
    {"{\"start\":\"2026-11-24\",\"rrule\":\"FREQ=JAMAIS\"}", NULL, "when"},
    {"{\"start\":\"2026-11-24\",\"also\":[\"2026-11-25T10:00\"]}", NULL, "when.also"},
    {"{\"start\":\"2026-11-24\",\"ical\":\"DTSTART:20261124\"}", NULL, "when.start"},
    {"{\"ical\":\"pas un calendrier\"}", NULL, "when"},
    {"{\"ical\":\"DTSTART:20261124\\nEND:VEVENT\"}", NULL, "when.ical"},
};

static void test_dates(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
        const char *body =
            arena_printf(f->arena, "{\"id\":\"a\",\"title\":\"A\",\"when\":%s}", dates[i].when);
        void *value = NULL;
        error_clear(&f->error);
        bool ok = resource_decode(&resource_event, body, strlen(body), f->arena, &value, &f->error);
        if (ok != (dates[i].lines != NULL))
            fail_msg("%s: %d %s", dates[i].when, ok, f->error.en);
        if (!ok) {
            assert_string_equal(f->error.field, dates[i].field);
            continue;
        }
        assert_string_equal(((struct event *)value)->recurrence, dates[i].lines);
        assert_non_null(strstr(document_of(f, &resource_event, value),
                               arena_printf(f->arena, "\"when\":%s,", dates[i].when)));
    }
}

/* A date of a series that another event replaces stays replaced when the series is edited. */
static void test_a_replaced_date_stays_so(void **state)
{
    struct fixture *f = *state;
    static const char series[] =
        "{\"id\":\"cours@x\",\"title\":\"Cours\",\"when\":{\"start\":\"2026-12-01T18:00\","
        "\"rrule\":\"FREQ=WEEKLY;COUNT=3\"}}";
    struct event other = {.uid = "cours@x/20261208T180000",
                          .title = "Cours déplacé",
                          .recurrence = "RECURRENCE-ID;TZID=Europe/Paris:20261208T180000\n"
                                        "DTSTART;TZID=Europe/Paris:20261209T180000",
                          .state = STATE_PUBLISHED};
    struct event_occurrence_list found;
    enum upsert_result result;
    void *value;

    assert_ok(f, events_upsert(f->db, f->arena, &other, NULL, 0, &result, &f->error));
    assert_ok(
        f, resource_decode(&resource_event, series, strlen(series), f->arena, &value, &f->error));
    assert_ok(f, resource_event.put(f->db, f->arena, value, NOW, &f->error));
    assert_ok(
        f, events_occurrences_of(f->db, f->arena, "cours@x", 0, INT64_MAX / 2, &found, &f->error));
    assert_int_equal(found.count, 2);
    assert_int_equal(found.items[0].at.local_minute, 18 * 60);
}

/* --- what is used ---------------------------------------------------------------------------- */

static void test_what_is_used_stays(void **state)
{
    static const struct {
        const struct resource *resource;
        const char *id;
        const char *words; /* of the refusal */
    } cases[] = {
        {&resource_site, "creapolis", "écran"},
        {&resource_group, "pepinieres", "écran"},
        {&resource_screen, "creapolis-hall", "programmation"},
        {&resource_playlist, "creapolis-hall", "programmation"},
    };
    struct fixture *f = *state;

    load_demo(f);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        error_clear(&f->error);
        assert_false(cases[i].resource->remove(f->db, f->arena, cases[i].id, &f->error));
        if (f->error.kind != ERROR_CONFLICT || strstr(f->error.fr, cases[i].words) == NULL)
            fail_msg("%s: %d %s", cases[i].id, f->error.kind, f->error.fr);
    }
    /* What a playlist names: its announcements are used by their slides. */
    struct announcement_list announcements;
    size_t used = 0;
    assert_ok(f, announcements_list(f->db, f->arena, &announcements, &f->error));
    for (size_t i = 0; i < announcements.count; i++)
        used +=
            !resource_announcement.remove(f->db, f->arena, announcements.items[i].id, &f->error) &&
            strstr(f->error.en, "playlist") != NULL;
    assert_true(used > 0);
}

static void test_families_have_the_store_s_tags(void **state)
{
    (void)state;
    for (int i = FAMILLE_INCONNUE; i <= FAMILLE_AUTRE_ORGANISME; i++) {
        struct organisation organisation = {.id = "a", .famille_ess = (enum famille_ess)i};
        struct strbuf text;
        char expected[64];
        strbuf_init(&text);
        resource_encode(&resource_organisation, &organisation, &text);
        snprintf(expected, sizeof(expected), "\"famille_ess\":\"%s\"",
                 famille_ess_tag((enum famille_ess)i));
        assert_non_null(strstr(text.bytes, expected));
        strbuf_finish(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_demo_can_be_edited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_real_directory_can_be_edited, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_replaced_date_stays_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_used_stays, set_up, tear_down),
        cmocka_unit_test(test_families_have_the_store_s_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
