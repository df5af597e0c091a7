/* Records from draft to archive, in a store of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/records/workflow.h"
#include "server/store/accounts.h"
#include "server/store/audit_trail.h"
#include "server/store/editorial.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"
#include "server/store/schema.h"

#define NOW INT64_C(1795500000000) /* 24 November 2026 */
#define TODAY INT64_C(20781)

struct fixture {
    char path[64];
    struct db *db;
    struct arena *arena;
    struct error error;
    struct record_state state; /* of the last step */
    int64_t now_ms;
};

static const char *const annexe[] = {"annexe"};
static const struct user ada = {.name = "ada", .role = ROLE_CONTRIBUTOR, .active = true};
static const struct user ben = {.name = "ben", .role = ROLE_VALIDATOR, .active = true};
static const struct user cleo = {.name = "cleo", .role = ROLE_PUBLISHER, .active = true};
static const struct user dora = {.name = "dora",
                                 .role = ROLE_PUBLISHER,
                                 .active = true,
                                 .sites = {1, (const char **)(uintptr_t)annexe}};

static struct announcement announcement_of(const char *title)
{
    return (struct announcement){.id = "travaux",
                                 .title = title,
                                 .text = "",
                                 .pictogram = "",
                                 .severity = SEVERITY_INFO,
                                 .url = "",
                                 .from_day = TODAY - 1,
                                 .until_day = TODAY + 30};
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    enum upsert_result result;

    snprintf(f->path, sizeof(f->path), "/tmp/vitrine-workflow-XXXXXX");
    close(mkstemp(f->path));
    f->db = store_open(f->path, DB_WRITER, &f->error);
    if (f->db == NULL)
        fail_msg("%s", f->error.en);
    f->arena = arena_create();
    f->now_ms = NOW;
    assert_true(sites_upsert(f->db, f->arena,
                             &(struct site){.id = "annexe",
                                            .name = "Annexe",
                                            .commune = "",
                                            .address = "",
                                            .latitude = SITE_NOWHERE,
                                            .longitude = SITE_NOWHERE},
                             &result, &f->error));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char path[80];

    db_close(f->db);
    arena_destroy(f->arena);
    unlink(f->path);
    snprintf(path, sizeof(path), "%s-wal", f->path);
    unlink(path);
    snprintf(path, sizeof(path), "%s-shm", f->path);
    unlink(path);
    free(f);
    return 0;
}

static bool take(struct fixture *f, const struct user *user, struct workflow_step step)
{
    struct record_state state;

    error_clear(&f->error);
    if (step.resource == NULL)
        step.resource = &resource_announcement;
    if (step.id == NULL)
        step.id = "travaux";
    f->now_ms += 1000;
    if (!workflow_apply(f->db, f->arena, user, &step, f->now_ms, &state, &f->error))
        return false;
    f->state = state;
    return true;
}

static void did(struct fixture *f, const struct user *user, struct workflow_step step,
                enum state expected)
{
    if (!take(f, user, step))
        fail_msg("%s by %s: %s: %s", workflow_action_tag(step.action), user->name, f->error.field,
                 f->error.en);
    assert_int_equal(f->state.state, expected);
}

static void refused(struct fixture *f, const struct user *user, struct workflow_step step,
                    enum error_kind kind)
{
    if (take(f, user, step))
        fail_msg("%s by %s went through", workflow_action_tag(step.action), user->name);
    if (f->error.kind != kind)
        fail_msg("%s by %s: kind %d, %s", workflow_action_tag(step.action), user->name,
                 f->error.kind, f->error.en);
}

#define STEP(name, ...) ((struct workflow_step){.action = WORKFLOW_##name, __VA_ARGS__})

static void write_first(struct fixture *f, const struct user *user, const char *title)
{
    struct announcement announcement = announcement_of(title);

    did(f, user, STEP(CREATE, .value = &announcement), STATE_DRAFT);
}

static void edit(struct fixture *f, const struct user *user, const char *title)
{
    struct announcement announcement = announcement_of(title);

    did(f, user, STEP(EDIT, .value = &announcement), STATE_DRAFT);
}

static void publish_first(struct fixture *f)
{
    write_first(f, &ada, "Travaux");
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    did(f, &ben, STEP(APPROVE), STATE_APPROVED);
    did(f, &cleo, STEP(PUBLISH), STATE_PUBLISHED);
}

/* The title on screens, "" for none. */
static const char *shown(struct fixture *f)
{
    struct announcement announcement;

    if (!announcements_get(f->db, f->arena, "travaux", &announcement, &f->error) ||
        announcement.state != STATE_PUBLISHED)
        return "";
    return announcement.title;
}

static void test_from_draft_to_archive(void **state)
{
    struct fixture *f = *state;

    write_first(f, &ada, "Travaux");
    assert_string_equal(f->state.author, "ada");
    assert_true(f->state.working_copy);
    assert_false(f->state.live);
    assert_string_equal(shown(f), "");
    refused(f, &cleo, STEP(PUBLISH), ERROR_CONFLICT);
    refused(f, &ben, STEP(APPROVE), ERROR_CONFLICT);
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    refused(f, &ada, STEP(APPROVE), ERROR_DENIED);
    refused(f, &ben, STEP(RETURN, .reason = "  "), ERROR_INVALID);
    assert_string_equal(f->error.field, "reason");
    did(f, &ben, STEP(RETURN, .reason = "Dites où."), STATE_DRAFT);
    assert_string_equal(f->state.reason, "Dites où.");
    edit(f, &ada, "Travaux rue Jeanne-d’Arc");
    assert_string_equal(f->state.reason, "Dites où."); /* until it is submitted again */
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    assert_string_equal(f->state.reason, "");
    did(f, &ben, STEP(APPROVE), STATE_APPROVED);
    refused(f, &ada, STEP(PUBLISH), ERROR_DENIED);
    refused(f, &ben, STEP(PUBLISH), ERROR_DENIED);
    did(f, &cleo, STEP(PUBLISH), STATE_PUBLISHED);
    assert_true(f->state.live);
    assert_false(f->state.working_copy);
    assert_string_equal(shown(f), "Travaux rue Jeanne-d’Arc");
    refused(f, &cleo, STEP(DELETE), ERROR_CONFLICT);
    did(f, &cleo, STEP(ARCHIVE), STATE_ARCHIVED);
    assert_string_equal(shown(f), "");
    refused(f, &ada, STEP(EDIT, .value = &(struct announcement){.id = "travaux"}), ERROR_CONFLICT);
    did(f, &ada, STEP(REVIVE), STATE_DRAFT);
    refused(f, &ada, STEP(DELETE), ERROR_CONFLICT); /* it was shown once */
    did(f, &cleo, STEP(ARCHIVE), STATE_ARCHIVED);
}

static void test_an_edit_beside_what_is_shown(void **state)
{
    struct fixture *f = *state;

    publish_first(f);
    edit(f, &ada, "Fin des travaux");
    assert_true(f->state.live && f->state.working_copy);
    assert_string_equal(shown(f), "Travaux");
    did(f, &ada, STEP(DISCARD), STATE_PUBLISHED);
    assert_null(strstr(f->state.document, "Fin des"));
    edit(f, &ada, "Fin des travaux");
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    assert_string_equal(shown(f), "Travaux");
    did(f, &ada, STEP(WITHDRAW), STATE_DRAFT);
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    refused(f, &ben, STEP(WITHDRAW), ERROR_DENIED);
    did(f, &ben, STEP(APPROVE), STATE_APPROVED);
    assert_string_equal(shown(f), "Travaux");
    edit(f, &ada, "Fin des travaux, enfin"); /* takes the approval back */
    refused(f, &cleo, STEP(PUBLISH), ERROR_CONFLICT);
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    did(f, &ben, STEP(APPROVE), STATE_APPROVED);
    did(f, &cleo, STEP(PUBLISH), STATE_PUBLISHED);
    assert_string_equal(shown(f), "Fin des travaux, enfin");
}

/* Whoever wrote any part of what nobody has approved yet. */
static void test_nobody_approves_their_own(void **state)
{
    struct fixture *f = *state;

    write_first(f, &ben, "Travaux");
    edit(f, &ada, "Travaux de nuit");
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    refused(f, &ben, STEP(APPROVE), ERROR_DENIED);
    assert_non_null(strstr(f->error.fr, "quelqu’un d’autre"));
    did(f, &cleo, STEP(RETURN, .reason = "Non."), STATE_DRAFT);
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    refused(f, &ben, STEP(APPROVE), ERROR_DENIED); /* sent back is not approved */
    did(f, &cleo, STEP(APPROVE), STATE_APPROVED);
    edit(f, &cleo, "Travaux de nuit, rue Verte");
    did(f, &cleo, STEP(SUBMIT), STATE_SUBMITTED);
    refused(f, &cleo, STEP(APPROVE), ERROR_DENIED);
    did(f, &ben, STEP(APPROVE), STATE_APPROVED); /* his part was approved before */
    did(f, &ben, STEP(RETURN, .reason = "Encore."), STATE_DRAFT);
    edit(f, &ben, "Travaux de nuit, rue Verte et rue Bleue");
    did(f, &ben, STEP(SUBMIT), STATE_SUBMITTED);
    refused(f, &cleo, STEP(APPROVE), ERROR_DENIED); /* the approval of her part was taken back */
}

static void test_lost_updates(void **state)
{
    struct fixture *f = *state;
    struct announcement mine = announcement_of("Le mien");
    char seen[RESOURCE_ETAG_SIZE];

    write_first(f, &ada, "Travaux");
    memcpy(seen, f->state.etag, sizeof(seen));
    edit(f, &ben, "Travaux de nuit");
    refused(f, &ada, STEP(EDIT, .value = &mine, .expected = seen), ERROR_STALE);
    memcpy(seen, f->state.etag, sizeof(seen));
    did(f, &ada, STEP(EDIT, .value = &mine, .expected = seen), STATE_DRAFT);
    assert_string_not_equal(f->state.etag, seen);
    did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
    memcpy(seen, f->state.etag, sizeof(seen));
    did(f, &ada, STEP(EDIT, .value = &mine), STATE_SUBMITTED); /* nothing new: still submitted */
    assert_string_equal(f->state.etag, seen);
}

static void test_sites(void **state)
{
    struct fixture *f = *state;
    struct announcement announcement = announcement_of("Travaux");

    refused(f, &dora, STEP(CREATE, .value = &announcement, .site = ""), ERROR_DENIED);
    refused(f, &cleo, STEP(CREATE, .value = &announcement, .site = "ailleurs"), ERROR_INVALID);
    assert_string_equal(f->error.field, "site");
    publish_first(f); /* the network's */
    refused(f, &dora, STEP(ARCHIVE), ERROR_DENIED);
    refused(f, &dora, STEP(EDIT, .value = &announcement), ERROR_DENIED);
    announcement.id = "annexe-1";
    did(f, &dora, STEP(CREATE, .id = "annexe-1", .value = &announcement), STATE_DRAFT);
    assert_string_equal(f->state.site, "annexe");
    did(f, &dora, STEP(SUBMIT, .id = "annexe-1"), STATE_SUBMITTED);
    did(f, &ben, STEP(APPROVE, .id = "annexe-1"), STATE_APPROVED);
    did(f, &dora, STEP(PUBLISH, .id = "annexe-1"), STATE_PUBLISHED);
    refused(f, &ada, STEP(CREATE, .id = "annexe-1", .value = &announcement), ERROR_CONFLICT);
    refused(f, &ada, STEP(EDIT, .id = "annexe-2", .value = &announcement), ERROR_NOT_FOUND);
    refused(f, &ada, STEP(EDIT, .value = &announcement), ERROR_INVALID); /* another id */
}

static void test_what_may_not_be_shown(void **state)
{
    static const struct {
        int64_t until_day;
        enum severity severity;
        const char *field;
    } cases[] = {{TODAY - 1, SEVERITY_INFO, "until"},
                 {TODAY + 6 * 366, SEVERITY_INFO, "until"},
                 {TODAY, SEVERITY_EMERGENCY, "severity"}};
    struct fixture *f = *state;

    write_first(f, &ada, "Travaux");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct announcement announcement = announcement_of("Travaux");
        announcement.from_day = TODAY - 2;
        announcement.until_day = cases[i].until_day;
        announcement.severity = cases[i].severity;
        did(f, &ada, STEP(EDIT, .value = &announcement), STATE_DRAFT);
        did(f, &ada, STEP(SUBMIT), STATE_SUBMITTED);
        did(f, &ben, STEP(APPROVE), STATE_APPROVED);
        refused(f, &cleo, STEP(PUBLISH), ERROR_INVALID);
        assert_string_equal(f->error.field, cases[i].field);
        assert_string_equal(shown(f), "");
    }
}

static void test_history(void **state)
{
    struct fixture *f = *state;
    struct audit_line_list lines;
    struct revision_list list;

    publish_first(f);
    edit(f, &ada, "Fin des travaux");
    assert_true(
        workflow_history(f->db, f->arena, "announcement", "travaux", 0, 2, &list, &f->error));
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[0].number, 5);
    assert_string_equal(list.items[0].action, "edit");
    assert_string_equal(list.items[1].user, "cleo");
    assert_true(
        workflow_history(f->db, f->arena, "announcement", "travaux", 4, 10, &list, &f->error));
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[2].action, "create");
    refused(f, &ada, STEP(RESTORE, .revision = 9), ERROR_INVALID);
    assert_string_equal(f->error.field, "revision");
    did(f, &ada, STEP(RESTORE, .revision = 1), STATE_DRAFT);
    assert_null(strstr(f->state.document, "Fin des"));
    assert_true(audit_trail_page(
        f->db, f->arena,
        &(struct audit_page){.user = "cleo", .action = "announcement.", .subject = "", .limit = 9},
        &lines, &f->error));
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.items[0].action, "announcement.publish");
    assert_string_equal(lines.items[0].subject, "travaux");
}

static void test_difference(void **state)
{
    struct fixture *f = *state;
    struct difference_list list;

    publish_first(f);
    assert_true(workflow_difference(&f->state, f->arena, &list, &f->error));
    assert_int_equal(list.count, 0);
    edit(f, &ada, "Fin des travaux");
    assert_true(workflow_difference(&f->state, f->arena, &list, &f->error));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].field, "title");
    assert_string_equal(list.items[0].before, "\"Travaux\"");
    assert_string_equal(list.items[0].after, "\"Fin des travaux\"");
}

/* A kind that nobody reviews and that has no state of its own: what is archived leaves its table.
 */
static void test_playlist(void **state)
{
    struct fixture *f = *state;
    struct playlist_record record = {.id = "boucle",
                                     .title = "Boucle",
                                     .document =
                                         "{\"format\":1,\"id\":\"boucle\",\"title\":\"Boucle\","
                                         "\"strip\":true,\"entries\":[{\"source\":"
                                         "\"highlights\",\"count\":3}]}"};
    struct workflow_step step = {.resource = &resource_playlist, .id = "boucle", .value = &record};
    struct playlist_record stored;

    step.action = WORKFLOW_CREATE;
    refused(f, &ada, step, ERROR_DENIED);
    did(f, &cleo, step, STATE_DRAFT);
    assert_false(playlists_get(f->db, f->arena, "boucle", &stored, &f->error));
    step.action = WORKFLOW_SUBMIT;
    refused(f, &cleo, step, ERROR_CONFLICT);
    step.action = WORKFLOW_PUBLISH;
    did(f, &cleo, step, STATE_PUBLISHED);
    assert_true(playlists_get(f->db, f->arena, "boucle", &stored, &f->error));
    step.action = WORKFLOW_ARCHIVE;
    did(f, &cleo, step, STATE_ARCHIVED);
    assert_false(playlists_get(f->db, f->arena, "boucle", &stored, &f->error));
    step.action = WORKFLOW_REVIVE;
    did(f, &cleo, step, STATE_DRAFT);
    step.action = WORKFLOW_PUBLISH;
    did(f, &cleo, step, STATE_PUBLISHED);
}

static void test_emergencies_have_another_way(void **state)
{
    struct fixture *f = *state;
    struct announcement announcement = announcement_of("Évacuation");

    announcement.id = "urgence-1";
    refused(f, &cleo, STEP(CREATE, .id = "urgence-1", .value = &announcement), ERROR_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_from_draft_to_archive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_an_edit_beside_what_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nobody_approves_their_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lost_updates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sites, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_may_not_be_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_history, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_difference, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_playlist, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_emergencies_have_another_way, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
