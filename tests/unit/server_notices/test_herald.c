/* Who is told what, once each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/notices/herald.h"
#include "server/records/workflow.h"
#include "server/store/editorial.h"
#include "server/store/faults.h"
#include "server/store/fleet.h"
#include "server/store/mails.h"
#include "server/store/readers.h"
#include "server/store/schema.h"

#define NOW_MS INT64_C(1795467845000)

struct town {
    char folder[64];
    char path[128];
    struct writer writer;
    struct db *reader;
    struct arena *arena;
    struct manual_clock time;
    struct herald_config config;
    struct error err;
};

static void add_user(struct town *town, const char *name, enum role role, bool active)
{
    assert_true(
        users_put(town->writer.db,
                  &(struct user){.name = name,
                                 .role = role,
                                 .active = active,
                                 .email = arena_printf(town->arena, "%s@ville.example", name)},
                  &town->err));
}

static int setup(void **state)
{
    struct town *town = calloc(1, sizeof(*town));

    snprintf(town->folder, sizeof(town->folder), "/tmp/vitrine-herald-XXXXXX");
    assert_non_null(mkdtemp(town->folder));
    snprintf(town->path, sizeof(town->path), "%s/vitrine.db", town->folder);
    town->arena = arena_create();
    assert_true(writer_init(&town->writer, town->path, &town->err));
    town->reader = store_open(town->path, DB_READER, &town->err);
    assert_non_null(town->reader);
    town->time = (struct manual_clock){.wall_ms = NOW_MS};
    town->config = (struct herald_config){.writer = &town->writer,
                                          .database = town->path,
                                          .url = "https://vitrine.example",
                                          .clock = clock_manual(&town->time)};
    add_user(town, "lea", ROLE_CONTRIBUTOR, true);
    add_user(town, "nadia", ROLE_VALIDATOR, true);
    add_user(town, "partie", ROLE_VALIDATOR, false);
    add_user(town, "omar", ROLE_SITE_OPERATOR, true);
    *state = town;
    return 0;
}

static int teardown(void **state)
{
    struct town *town = *state;
    char path[256];

    db_close(town->reader);
    writer_finish(&town->writer);
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "%s%s", town->path, (const char *[]){"", "-wal", "-shm"}[i]);
        unlink(path);
    }
    rmdir(town->folder);
    arena_destroy(town->arena);
    free(town);
    return 0;
}

static void step(struct town *town, const char *user, enum workflow_action action,
                 const void *value, const char *reason)
{
    struct record_state out;
    struct user who;

    assert_true(users_get(town->writer.db, town->arena, user, &who, &town->err));
    const struct workflow_step one = {.resource = &resource_announcement,
                                      .id = "marche",
                                      .action = action,
                                      .value = value,
                                      .reason = reason};
    if (!workflow_apply(town->writer.db, town->arena, &who, &one, NOW_MS, &out, &town->err))
        fail_msg("%s", town->err.en);
}

static void submit(struct town *town)
{
    struct announcement announcement = {.id = "marche",
                                        .title = "Marché",
                                        .text = "",
                                        .pictogram = "",
                                        .url = "",
                                        .from_day = 20000,
                                        .until_day = 22000};

    step(town, "lea", WORKFLOW_CREATE, &announcement, NULL);
    step(town, "lea", WORKFLOW_SUBMIT, NULL, NULL);
}

static size_t look(struct town *town, bool whole)
{
    size_t mails;

    if (!herald_look(&town->config, town->reader, whole, &mails, &town->err))
        fail_msg("%s", town->err.en);
    return mails;
}

/* "approval_wanted:marche sent_back:…", the newest first. */
static const char *told(struct town *town, const char *user)
{
    const char *text = "";
    struct notice_list list;

    assert_true(notices_page(town->reader, town->arena, user, 0, false, 50, &list, &town->err));
    for (size_t i = 0; i < list.count; i++)
        text = arena_printf(town->arena, "%s%s%s:%s", text, i > 0 ? " " : "",
                            notice_tags[list.items[i].kind], list.items[i].record);
    return text;
}

static void who_may_approve_is_told_once(void **state)
{
    struct town *town = *state;

    submit(town);
    assert_int_equal(look(town, false), 1);
    assert_string_equal(told(town, "nadia"), "approval_wanted:marche");
    assert_string_equal(told(town, "lea"), "");
    assert_string_equal(told(town, "partie"), "");
    assert_string_equal(told(town, "omar"), "");
    assert_int_equal(look(town, false), 0);
    assert_int_equal(look(town, true), 0);
    assert_string_equal(told(town, "nadia"), "approval_wanted:marche");
}

static void the_author_learns_why(void **state)
{
    struct town *town = *state;
    struct mail_list mails;

    submit(town);
    step(town, "nadia", WORKFLOW_RETURN, NULL, "La date manque.");
    assert_int_equal(look(town, false), 1); /* nobody is asked for what waits no more */
    assert_string_equal(told(town, "nadia"), "");
    assert_string_equal(told(town, "lea"), "sent_back:marche");
    assert_true(mails_due(town->reader, town->arena, NOW_MS, 9, &mails, &town->err));
    assert_string_equal(mails.items[0].recipient, "lea@ville.example");
    assert_string_equal(mails.items[0].subject, "À revoir : annonce « Marché »");
    assert_non_null(strstr(mails.items[0].text, "La date manque."));
    assert_non_null(
        strstr(mails.items[0].text, "https://vitrine.example/admin/announcements/marche"));
}

static int64_t unread(struct town *town, const char *user)
{
    int64_t count, newest;

    assert_true(notices_unread(town->reader, user, &count, &newest, &town->err));
    return count;
}

static void what_was_decided_is_new_to_nobody(void **state)
{
    struct town *town = *state;

    add_user(town, "noe", ROLE_VALIDATOR, true);
    submit(town);
    look(town, false);
    assert_int_equal(unread(town, "nadia"), 1);
    assert_int_equal(unread(town, "noe"), 1);
    step(town, "noe", WORKFLOW_APPROVE, NULL, NULL);
    look(town, false);
    assert_int_equal(unread(town, "nadia"), 0);
    assert_int_equal(unread(town, "noe"), 0);
    assert_int_equal(unread(town, "lea"), 1);
}

static void without_a_mail_server_the_page_tells_alone(void **state)
{
    struct town *town = *state;

    town->config.url = NULL;
    submit(town);
    assert_int_equal(look(town, false), 0);
    assert_string_equal(told(town, "nadia"), "approval_wanted:marche");
}

static void silence_is_told_after_an_hour(void **state)
{
    struct town *town = *state;
    enum upsert_result result;

    assert_true(screens_upsert(town->writer.db, town->arena,
                               &(struct screen){.id = "hall",
                                                .name = "Hall",
                                                .site = "",
                                                .width_px = 1920,
                                                .height_px = 1080,
                                                .diagonal_mm = 1168,
                                                .viewing_distance_mm = 3000,
                                                .bottom_edge_mm = 1900,
                                                .time_zone = "Europe/Paris",
                                                .opening = ""},
                               &result, &town->err));
    assert_true(faults_open(town->writer.db, "hall", FAULT_SILENT, "", NOW_MS, &town->err));
    town->time.wall_ms = NOW_MS + HERALD_SILENT_MS - 1;
    look(town, true);
    assert_string_equal(told(town, "omar"), "");
    town->time.wall_ms = NOW_MS + HERALD_SILENT_MS;
    look(town, true);
    look(town, true);
    assert_string_equal(told(town, "omar"), "screen_silent:hall");
    assert_string_equal(told(town, "nadia"), "");
}

static void what_ends_within_a_week_is_told_its_author(void **state)
{
    struct town *town = *state;
    int64_t today = NOW_MS / CIVIL_DAY_MS;
    struct announcement announcement = {.id = "marche",
                                        .title = "Marché",
                                        .text = "",
                                        .pictogram = "",
                                        .url = "",
                                        .from_day = today - 9,
                                        .until_day = today + HERALD_SOON_DAYS + 1};

    add_user(town, "paul", ROLE_PUBLISHER, true);
    step(town, "lea", WORKFLOW_CREATE, &announcement, NULL);
    step(town, "lea", WORKFLOW_SUBMIT, NULL, NULL);
    step(town, "nadia", WORKFLOW_APPROVE, NULL, NULL);
    step(town, "paul", WORKFLOW_PUBLISH, NULL, NULL);
    look(town, true);
    assert_string_equal(told(town, "lea"), "approval_given:marche");
    town->time.wall_ms = NOW_MS + CIVIL_DAY_MS;
    look(town, true);
    look(town, true);
    assert_string_equal(told(town, "lea"), "ends_soon:marche approval_given:marche");
    assert_string_equal(told(town, "paul"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_may_approve_is_told_once, setup, teardown),
        cmocka_unit_test_setup_teardown(the_author_learns_why, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_decided_is_new_to_nobody, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_mail_server_the_page_tells_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(silence_is_told_after_an_hour, setup, teardown),
        cmocka_unit_test_setup_teardown(what_ends_within_a_week_is_told_its_author, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
