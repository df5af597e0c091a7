/* Emergencies in the store: what is refused, whom they concern, how they end and are forgotten. */
#include "fleet_fixture.h"

#include "core/civil.h"
#include "core/log.h"
#include "server/fleet/emergency.h"
#include "server/store/accounts.h"
#include "server/store/editorial.h"
#include "server/store/programming.h"
#include "server/store/settings.h"

#define HOUR INT64_C(3600000)

static const char *const hall[] = {"hall"};
static const char *const nowhere[] = {"nowhere"};

static struct emergency evacuation(void)
{
    return (struct emergency){.title = "Évacuation",
                              .text = "Sortez.",
                              .screens = {1, (const char **)(uintptr_t)hall},
                              .until_ms = NOW_MS + HOUR};
}

static void test_what_is_refused(void **state)
{
    static const struct {
        const char *title, *text;
        int64_t until_ms;
        const char *const *screen;
        const char *field;
    } cases[] = {
        {"", "", NOW_MS + 1, hall, "title"},
        {NULL, "", NOW_MS + 1, hall, "title"},
        {" \t", "", NOW_MS + 1, hall, "title"},
        {"a\nb", "", NOW_MS + 1, hall, "title"},
        {"\xff", "", NOW_MS + 1, hall, "title"},
        {"x", "\x1b", NOW_MS + 1, hall, "text"},
        {"x", "", NOW_MS, hall, "until"},
        {"x", "", NOW_MS + EMERGENCY_LENGTH_MAX_MS + 1, hall, "until"},
        {"x", "", NOW_MS + 1, NULL, "screens"},
        {"x", "", NOW_MS + 1, nowhere, "screens"},
    };
    struct fleet *f = *state;
    struct emergency_list list;
    int64_t number;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct emergency emergency = {
            .title = cases[i].title, .text = cases[i].text, .until_ms = cases[i].until_ms};
        if (cases[i].screen != NULL)
            emergency.screens = (struct text_list){1, (const char **)(uintptr_t)cases[i].screen};
        assert_false(emergency_start(f->db, f->arena, &emergency, "", NOW_MS, &f->err));
        assert_int_equal(f->err.kind, ERROR_INVALID);
        assert_string_equal(f->err.field, cases[i].field);
    }
    assert_true(emergency_list(f->db, f->arena, NOW_MS, &list, &f->err));
    assert_int_equal(list.count, 0);
    assert_true(settings_get_int(f->db, EMERGENCY_SETTING, 0, &number, &f->err));
    assert_int_equal(number, 0);
}

static bool concerns(struct fleet *f, const char *id, int64_t now_ms, const char *only)
{
    struct text_list screens;

    assert_true(emergency_screens(f->db, f->arena, id, now_ms, &screens, &f->err));
    return only == NULL ? screens.count == 0
                        : screens.count == 1 && strcmp(screens.items[0], only) == 0;
}

static void test_from_start_to_end(void **state)
{
    struct fleet *f = *state;
    struct emergency emergency = evacuation();
    struct emergency_list list;
    struct audit_list audit;
    struct rule rule;
    int64_t number;

    assert_true(emergency_start(f->db, f->arena, &emergency, "zoé", NOW_MS, &f->err));
    assert_true(rules_get(f->db, f->arena, emergency.id, &rule, &f->err));
    assert_int_equal(rule.class, RULE_EMERGENCY);
    assert_int_equal(rule.from_ms, NOW_MS);
    assert_int_equal(rule.until_ms, NOW_MS + HOUR);
    assert_true(concerns(f, NULL, NOW_MS, "hall"));
    assert_true(concerns(f, emergency.id, NOW_MS, "hall"));
    assert_true(concerns(f, "another", NOW_MS, NULL));
    assert_true(emergency_list(f->db, f->arena, NOW_MS + HOUR - 1, &list, &f->err));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].text, "Sortez.");
    assert_true(emergency_list(f->db, f->arena, NOW_MS + HOUR, &list, &f->err));
    assert_int_equal(list.count, 0); /* it ends by itself */
    assert_true(emergency_end(f->db, f->arena, emergency.id, "ana", NOW_MS + 1000, &f->err));
    assert_true(rules_get(f->db, f->arena, emergency.id, &rule, &f->err));
    assert_int_equal(rule.until_ms, NOW_MS + 1000);
    assert_true(concerns(f, NULL, NOW_MS + 2000, "hall")); /* its screens are told first as well */
    assert_true(concerns(f, NULL, NOW_MS + HOUR, NULL));
    assert_false(emergency_end(f->db, f->arena, emergency.id, "ana", NOW_MS + 2000, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_false(emergency_end(f->db, f->arena, "none", "ana", NOW_MS + 2000, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_true(settings_get_int(f->db, EMERGENCY_SETTING, 0, &number, &f->err));
    assert_int_equal(number, 2);
    assert_true(audit_list(f->db, f->arena, 10, &audit, &f->err));
    assert_int_equal(audit.count, 2);
    assert_string_equal(audit.items[0].action, "emergency.end");
    assert_string_equal(audit.items[0].user, "ana");
    assert_string_equal(audit.items[1].action, "emergency.start");
    assert_string_equal(audit.items[1].detail, "Évacuation");
}

static void test_it_is_forgotten_a_day_later(void **state)
{
    struct fleet *f = *state;
    struct emergency emergency = evacuation();
    struct announcement_list announcements;
    struct playlist_record_list playlists;
    struct rule_list rules;

    emergency.everywhere = true;
    assert_true(emergency_start(f->db, f->arena, &emergency, "", NOW_MS, &f->err));
    assert_int_equal(emergency.screens.count, 2);
    assert_true(
        emergency_tidy(f->db, f->arena, emergency.until_ms + EMERGENCY_KEPT_MS - 1, &f->err));
    assert_true(rules_list(f->db, f->arena, &rules, &f->err));
    assert_int_equal(rules.count, 1);
    assert_true(emergency_tidy(f->db, f->arena, emergency.until_ms + EMERGENCY_KEPT_MS, &f->err));
    assert_true(rules_list(f->db, f->arena, &rules, &f->err));
    assert_true(playlists_list(f->db, f->arena, &playlists, &f->err));
    assert_true(announcements_list(f->db, f->arena, &announcements, &f->err));
    assert_int_equal(rules.count + playlists.count + announcements.count, 0);
}

/* Dates and hours in a document: listed as running only while it speaks, and with its end. */
static void test_by_dates_and_hours(void **state)
{
    struct fleet *f = *state;
    struct emergency_list list;
    enum upsert_result result;
    int64_t day = NOW_MS / CIVIL_DAY_MS;
    struct rule rule = {.id = "alerte",
                        .title = "Alerte",
                        .playlist = "p",
                        .screens = {1, (const char **)(uintptr_t)hall},
                        .class = RULE_EMERGENCY,
                        .from_day = day - 1,
                        .until_day = day + 1,
                        .weekdays = 0x7f,
                        .from_minute = 8 * 60,
                        .until_minute = 9 * 60,
                        .share = 1,
                        .zone = "",
                        .state = STATE_PUBLISHED};
    assert_true(playlists_upsert(
        f->db, f->arena, &(struct playlist_record){.id = "p", .title = "P", .document = "{}"},
        &result, &f->err));
    assert_true(rules_upsert(f->db, f->arena, &rule, &result, &f->err));
    int listed = 0;
    for (int hour = 0; hour < 24; hour++) {
        assert_true(
            emergency_list(f->db, f->arena, day * CIVIL_DAY_MS + hour * HOUR, &list, &f->err));
        listed += (int)list.count;
        for (size_t i = 0; i < list.count; i++)
            assert_in_range(list.items[i].until_ms, (day + 1) * CIVIL_DAY_MS,
                            (day + 2) * CIVIL_DAY_MS);
    }
    assert_int_equal(listed, 1);
    assert_true(emergency_list(f->db, f->arena, NOW_MS + 3 * CIVIL_DAY_MS, &list, &f->err));
    assert_int_equal(list.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_refused, fleet_setup, fleet_teardown),
        cmocka_unit_test_setup_teardown(test_from_start_to_end, fleet_setup, fleet_teardown),
        cmocka_unit_test_setup_teardown(test_it_is_forgotten_a_day_later, fleet_setup,
                                        fleet_teardown),
        cmocka_unit_test_setup_teardown(test_by_dates_and_hours, fleet_setup, fleet_teardown),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
