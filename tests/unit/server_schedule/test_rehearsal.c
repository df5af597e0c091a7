/* What is told before a rule is saved, and a screen's programme stretch by stretch. */
#include "tests/unit/server_content/content_fixture.h"

#include "server/content/forms.h"
#include "server/schedule/trial.h"

#define NOW "2026-11-24T12:00:00+01:00"
#define DAY INT64_C(86400000)

static const char screens[] =
    "{\"format\":1,\"sites\":[],\"groups\":[{\"id\":\"tous\",\"name\":\"Tous\"},{\"id\":\"vide\","
    "\"name\":\"Vide\"}],\"screens\":["
    "{\"id\":\"hall\",\"name\":\"Hall\",\"groups\":[\"tous\"],\"width_px\":1920,"
    "\"height_px\":1080,\"diagonal_mm\":1400,\"viewing_distance_mm\":4000,"
    "\"bottom_edge_mm\":1900,\"kiosk\":false,\"time_zone\":\"Europe/Paris\","
    "\"languages\":[\"fr\"],\"layout\":\"plein\",\"opening\":["
    "{\"days\":[\"mo\",\"tu\",\"we\",\"th\",\"fr\"],\"from\":\"08:00\",\"until\":\"18:00\"},"
    "{\"holidays\":true,\"closed\":true}]},"
    "{\"id\":\"quai\",\"name\":\"Quai\",\"groups\":[\"tous\"],\"width_px\":1920,"
    "\"height_px\":1080,\"diagonal_mm\":1400,\"viewing_distance_mm\":4000,"
    "\"bottom_edge_mm\":1900,\"kiosk\":false,\"time_zone\":\"Europe/Paris\","
    "\"languages\":[\"fr\"],\"layout\":\"colonne\",\"opening\":[]}]}";
static const char announcements[] =
    "{\"format\":1,\"announcements\":["
    "{\"id\":\"a\",\"title\":\"A\",\"text\":\"\",\"pictogram\":\"info\",\"severity\":\"info\","
    "\"from\":\"2026-01-01\",\"until\":\"2027-12-31\"},"
    "{\"id\":\"vieux\",\"title\":\"V\",\"text\":\"\",\"pictogram\":\"info\","
    "\"severity\":\"info\",\"from\":\"2020-01-01\",\"until\":\"2020-12-31\"}]}";
#define PLAYLIST(id, announcement)                                                                 \
    "{\"format\":1,\"id\":\"" id "\",\"title\":\"P\",\"strip\":false,\"entries\":[{\"slide\":{"    \
    "\"template\":\"announcement\",\"announcement\":\"" announcement "\"}}]}"
static const char rules[] =
    "{\"format\":1,\"rules\":["
    "{\"id\":\"base\",\"title\":\"Base\",\"playlist\":\"p\",\"screens\":[],\"groups\":[\"tous\"],"
    "\"class\":\"base\",\"from\":\"2026-01-01\",\"until\":\"2027-12-31\","
    "\"hours\":{\"from\":\"00:00\",\"until\":\"17:00\"}},"
    "{\"id\":\"midi\",\"title\":\"Midi\",\"playlist\":\"p\",\"screens\":[],\"groups\":[\"tous\"],"
    "\"class\":\"takeover\",\"from\":\"2026-01-01\",\"until\":\"2027-12-31\","
    "\"hours\":{\"from\":\"12:00\",\"until\":\"14:00\"}}]}";

static int setup(void **state)
{
    if (fixture_setup(state) != 0) {
        return -1;
    }
    struct fixture *f = *state;
    struct document_report_list reports;
    fixture_document(f, "doc/ecrans.json", screens);
    fixture_document(f, "doc/annonces.json", announcements);
    fixture_document(f, "doc/playlists/p.json", PLAYLIST("p", "a"));
    fixture_document(f, "doc/playlists/passe.json", PLAYLIST("passe", "vieux"));
    fixture_document(f, "doc/programmations.json", rules);
    assert_ok(content_load_folder(f->db, &f->media, f->arena,
                                  arena_printf(f->arena, "%s/doc", f->folder), NULL, &reports,
                                  &f->err),
              f->err);
    return 0;
}

/* "class":"base" and so on in front of what every rule has. */
#define TRIAL(id, target, members)                                                                 \
    "{\"id\":\"" id "\",\"title\":\"Essai\",\"screens\":[" target "],\"groups\":[]," members "}"
#define YEAR "\"from\":\"2026-01-01\",\"until\":\"2027-12-31\""

static const struct {
    const char *rule;
    const char *screen;
    enum trial_never never;
    const char *conflict; /* a rule that meets it; NULL: none does */
    bool preferred;       /* the other one */
} trials[] = {
    {TRIAL("n", "\"hall\"", "\"playlist\":\"p\",\"class\":\"base\"," YEAR), "hall", TRIAL_SHOWS,
     "base", false},
    {TRIAL(
         "n", "\"hall\"",
         "\"playlist\":\"p\",\"class\":\"base\",\"from\":\"2025-01-01\",\"until\":\"2025-12-31\""),
     "hall", TRIAL_PAST, NULL, false},
    {TRIAL(
         "n", "\"hall\"",
         "\"playlist\":\"p\",\"class\":\"base\",\"from\":\"2027-06-01\",\"until\":\"2027-12-31\""),
     "hall", TRIAL_LATER, NULL, false},
    {TRIAL("n", "\"hall\"", "\"playlist\":\"p\",\"class\":\"base\",\"zone\":\"side\"," YEAR),
     "hall", TRIAL_NO_ZONE, NULL, false},
    {TRIAL("n", "\"quai\"", "\"playlist\":\"p\",\"class\":\"base\",\"zone\":\"side\"," YEAR),
     "quai", TRIAL_SHOWS, NULL, false},
    {TRIAL("n", "\"hall\"",
           "\"playlist\":\"p\",\"class\":\"takeover\",\"recurrence\":\"FREQ=YEARLY;BYMONTH="
           "6\"," YEAR),
     "hall", TRIAL_NO_DAY, NULL, false},
    {TRIAL("n", "\"hall\"",
           "\"playlist\":\"p\",\"class\":\"takeover\",\"weekdays\":[\"mo\"],\"holidays\":"
           "\"only\"," YEAR),
     "hall", TRIAL_NO_DAY, NULL, false},
    {TRIAL("n", "\"hall\"",
           "\"playlist\":\"p\",\"class\":\"takeover\",\"weekdays\":[\"su\"]," YEAR),
     "hall", TRIAL_CLOSED, "midi", false},
    {TRIAL("n", "\"hall\"",
           "\"playlist\":\"p\",\"class\":\"takeover\",\"holidays\":\"only\"," YEAR),
     "hall", TRIAL_CLOSED, "midi", false},
    {TRIAL("n", "\"quai\"",
           "\"playlist\":\"p\",\"class\":\"takeover\",\"weekdays\":[\"su\"]," YEAR),
     "quai", TRIAL_SHOWS, "midi", false},
    {TRIAL("n", "\"hall\"", "\"playlist\":\"passe\",\"class\":\"takeover\"," YEAR), "hall",
     TRIAL_EMPTY, NULL, false},
    {TRIAL("n", "\"hall\"",
           "\"playlist\":\"p\",\"class\":\"campaign\",\"hours\":{\"from\":\"12:00\",\"until\":"
           "\"14:00\"}," YEAR),
     "hall", TRIAL_HIDDEN, "midi", true},
    /* in place of the one of that id */
    {TRIAL("midi", "\"hall\"",
           "\"playlist\":\"p\",\"class\":\"campaign\",\"hours\":{\"from\":\"12:00\",\"until\":"
           "\"14:00\"}," YEAR),
     "hall", TRIAL_SHOWS, NULL, false},
};

static void read_rule(struct fixture *f, const char *text, struct rule *out)
{
    cJSON *json = json_parse(text, strlen(text), 65536, &f->err);
    *out = (struct rule){0};
    if (json == NULL || !form_decode(&rule_form, json, f->arena, out, &f->err)) {
        fail_msg("%s: %s: %s", text, f->err.field, f->err.en);
    }
    cJSON_Delete(json);
}

static bool meets(const struct rehearsal_conflict_list *list, const char *rule, bool preferred)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].rule->id, rule) == 0 && list->items[i].hides == preferred) {
            return true;
        }
    }
    return false;
}

static struct rehearsal *rehearse(struct fixture *f, struct rehearsal_request *asked,
                                  struct text_list *list, const char **screen,
                                  const struct rule *trial, int days)
{
    *list = (struct text_list){1, screen};
    *asked = (struct rehearsal_request){.screens = list,
                                        .from_ms = fixture_instant(NOW),
                                        .until_ms = fixture_instant(NOW) + days * DAY,
                                        .trial = trial};
    struct rehearsal *rehearsal = rehearsal_create(f->db, asked, &f->err);
    if (rehearsal == NULL) {
        fail_msg("%s", f->err.en);
    }
    return rehearsal;
}

static void test_trials(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        struct rehearsal_request asked;
        struct text_list list;
        struct programme programme;
        struct rule rule;
        const char *screen = trials[i].screen;
        read_rule(f, trials[i].rule, &rule);
        struct rehearsal *rehearsal = rehearse(f, &asked, &list, &screen, &rule, 90);
        assert_ok(rehearsal_screen(rehearsal, screen, &programme, &f->err), f->err);
        enum trial_never never = trial_on(&rule, &programme.trial, asked.from_ms, asked.until_ms);
        if (never != trials[i].never) {
            fail_msg("%s: %s", trials[i].rule, trial_never_tag(never));
        }
        assert_int_equal(programme.trial.start_count > 0, never == TRIAL_SHOWS);
        if (trials[i].conflict == NULL) {
            assert_int_equal(programme.trial.conflicts.count, 0);
        } else if (!meets(&programme.trial.conflicts, trials[i].conflict, trials[i].preferred)) {
            fail_msg("%s: does not meet %s", trials[i].rule, trials[i].conflict);
        }
        rehearsal_destroy(rehearsal);
    }
}

/* When a rule with hours begins to show next, in the days that it has. */
static void test_starts(void **state)
{
    struct fixture *f = *state;
    struct rehearsal_request asked;
    struct text_list list;
    struct programme programme;
    struct rule rule;
    const char *screen = "quai";
    read_rule(f,
              TRIAL("n", "\"quai\"",
                    "\"playlist\":\"p\",\"class\":\"takeover\",\"from\":\"2026-11-01\",\"until\":"
                    "\"2027-12-31\",\"recurrence\":\"FREQ=WEEKLY;BYDAY=TU\",\"except\":["
                    "\"2026-12-01\"],\"hours\":{\"from\":\"15:00\",\"until\":\"16:00\"}"),
              &rule);
    struct rehearsal *rehearsal = rehearse(f, &asked, &list, &screen, &rule, 90);
    assert_ok(rehearsal_screen(rehearsal, screen, &programme, &f->err), f->err);
    assert_int_equal(programme.trial.starts[0], fixture_instant("2026-11-24T15:00:00+01:00"));
    assert_int_equal(programme.trial.starts[1], fixture_instant("2026-12-08T15:00:00+01:00"));
    assert_int_equal(programme.trial.start_count, REHEARSAL_STARTS);
    rehearsal_destroy(rehearsal);
}

/* A week of a place that closes at 18:00 and of a rule that ends at 17:00. */
static void test_programme(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *from, *until, *rule;
    } wanted[] = {
        {"2026-11-24T12:00:00+01:00", "2026-11-24T14:00:00+01:00", "midi"},
        {"2026-11-24T14:00:00+01:00", "2026-11-24T17:00:00+01:00", "base"},
        {"2026-11-24T17:00:00+01:00", "2026-11-25T00:00:00+01:00", NULL},
        {"2026-11-25T00:00:00+01:00", "2026-11-25T12:00:00+01:00", "base"},
    };
    struct rehearsal_request asked;
    struct text_list list;
    struct programme programme;
    const char *screen = "hall";
    struct rehearsal *rehearsal = rehearse(f, &asked, &list, &screen, NULL, 1);
    assert_ok(rehearsal_screen(rehearsal, screen, &programme, &f->err), f->err);
    assert_int_equal(programme.zones.count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct stretch *stretch = &programme.zones.items[i];
        assert_int_equal(stretch->from_ms, fixture_instant(wanted[i].from));
        assert_int_equal(stretch->until_ms, fixture_instant(wanted[i].until));
        assert_string_equal(stretch->rule == NULL ? "" : stretch->rule->id,
                            wanted[i].rule == NULL ? "" : wanted[i].rule);
    }
    assert_int_equal(programme.gaps.count, 1);
    assert_int_equal(programme.gaps.items[0].from_ms, fixture_instant("2026-11-24T17:00:00+01:00"));
    assert_int_equal(programme.gaps.items[0].until_ms,
                     fixture_instant("2026-11-24T18:00:00+01:00"));
    rehearsal_destroy(rehearsal);
}

/* Neither Saturdays nor Christmas are gaps of a place that is closed then. */
static void test_gaps(void **state)
{
    struct fixture *f = *state;
    struct rehearsal_request asked;
    struct text_list list;
    struct programme programme;
    const char *screen = "hall";
    struct rehearsal *rehearsal = rehearse(f, &asked, &list, &screen, NULL, 35);
    assert_ok(rehearsal_screen(rehearsal, screen, &programme, &f->err), f->err);
    /* Tuesday the 24th to Monday, 28 December, less Friday, 25 December */
    assert_int_equal(programme.gaps.count, 24);
    for (size_t i = 0; i < programme.gaps.count; i++) {
        int64_t day = programme.gaps.items[i].from_ms / DAY;
        assert_true(civil_weekday(day) < 5);
        assert_int_not_equal(day, civil_days(2026, 12, 25));
    }
    rehearsal_destroy(rehearsal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_trials, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_starts, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_programme, setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_gaps, setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
