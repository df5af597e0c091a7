#include "store_fixture.h"

#include "server/store/accounts.h"
#include "server/store/credentials.h"
#include "server/store/devices.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/fleet.h"
#include "server/store/manifests.h"
#include "server/store/media_records.h"
#include "server/store/organisations.h"
#include "server/store/programming.h"

#define LIST(...)                                                                                  \
    {                                                                                              \
        .count = sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), .items = (const char *[]) \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }

static void put_organisation(struct fixture *f, struct organisation organisation,
                             enum upsert_result expected)
{
    enum upsert_result result;

    organisation.state = STATE_PUBLISHED;
    organisation.diffusable = true;
    assert_ok(organisations_upsert(f->db, f->arena, &organisation, &result, &f->err), f->err);
    assert_int_equal(result, expected);
}

static void test_organisation_round_trip(void **state)
{
    struct fixture *f = *state;
    struct organisation marmite = {
        .id = "demo-marmite",
        .siret = "39359706700023",
        .nom = "La Marmite d’Œuvre",
        .famille_ess = FAMILLE_COOPERATIVE,
        .scic = true,
        .types_iae = LIST("ACI", "EI"),
        .secteurs = LIST("alimentation", "insertion"),
        .commune = "Saint-Étienne-du-Rouvray",
        .in_metropole = true,
        .date_maj = "2026-01-01",
    };
    struct organisation read;
    int64_t before = content_version(f);

    put_organisation(f, marmite, UPSERT_CREATED);
    assert_int_equal(content_version(f), before + 1);
    marmite.date_maj = "2026-11-23"; /* alone, no change */
    marmite.updated_ms = 5;
    put_organisation(f, marmite, UPSERT_UNCHANGED);
    assert_int_equal(content_version(f), before + 1);
    marmite.types_iae.count = 1;
    put_organisation(f, marmite, UPSERT_UPDATED);
    assert_int_equal(content_version(f), before + 2);

    assert_ok(organisations_get_by_siret(f->db, f->arena, "39359706700023", &read, &f->err),
              f->err);
    assert_string_equal(read.id, "demo-marmite");
    assert_string_equal(read.nom, "La Marmite d’Œuvre");
    assert_string_equal(read.sort_key, "la marmite d oeuvre");
    assert_string_equal(read.commune_key, "saint etienne du rouvray");
    assert_non_null(strstr(read.search_text, "saint etienne"));
    assert_string_equal(read.enseigne, "");
    assert_int_equal(read.famille_ess, FAMILLE_COOPERATIVE);
    assert_true(read.scic && !read.scop && read.in_metropole);
    assert_int_equal(read.types_iae.count, 1);
    assert_string_equal(read.types_iae.items[0], "ACI");
    assert_int_equal(read.secteurs.count, 2);
    assert_string_equal(read.secteurs.items[1], "insertion");

    assert_false(organisations_get(f->db, f->arena, "nobody", &read, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_string_equal(f->err.fr, "structure introuvable : « nobody »");
    assert_false(organisations_get_by_siret(f->db, f->arena, "", &read, &f->err));

    struct organisation twin = marmite;
    enum upsert_result result;
    twin.id = "other";
    assert_false(organisations_upsert(f->db, f->arena, &twin, &result, &f->err));
    assert_int_equal(f->err.kind, ERROR_CONFLICT);
    twin.siret = "";
    twin.types_iae = (struct text_list)LIST("A,B");
    assert_false(organisations_upsert(f->db, f->arena, &twin, &result, &f->err));
    assert_int_equal(f->err.kind, ERROR_INVALID);
    assert_string_equal(f->err.field, "types_iae");
}

static void test_organisation_filters(void **state)
{
    struct fixture *f = *state;
    const struct {
        const char *label;
        struct organisation_filter filter;
        const char *ids;
    } cases[] = {
        {"all displayable", {0}, "c a b "},
        {"hidden too", {.all = true}, "c d a b "},
        {"sector", {.sector = "alimentation"}, "c b "},
        {"second sector of one", {.sector = "insertion"}, "b "},
        {"site", {.site = "creapolis"}, "a "},
        {"communes, folded",
         {.communes = (const char *[]){"DARNETAL", "x"}, .commune_count = 2},
         "c "},
        {"none", {.sector = "textile"}, ""},
        {"limit", {.limit = 2}, "c a "},
        {"after", {.after_sort_key = "eclat", .after_id = "a"}, "b "},
        {"two filters",
         {.sector = "alimentation", .communes = (const char *[]){"Rouen"}, .commune_count = 1},
         "b "},
    };
    struct organisation hidden = {.id = "d", .nom = "Dédale", .commune = "Rouen"};
    enum upsert_result result;

    put_organisation(f,
                     (struct organisation){.id = "b",
                                           .nom = "Étape",
                                           .commune = "Rouen",
                                           .secteurs = LIST("alimentation", "insertion")},
                     UPSERT_CREATED);
    put_organisation(
        f,
        (struct organisation){.id = "a", .nom = "Éclat", .commune = "Rouen", .site = "creapolis"},
        UPSERT_CREATED);
    put_organisation(
        f,
        (struct organisation){
            .id = "c", .nom = "Abeille", .commune = "Darnétal", .secteurs = LIST("alimentation")},
        UPSERT_CREATED);
    assert_ok(organisations_upsert(f->db, f->arena, &hidden, &result, &f->err), f->err);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct organisation_list list;
        struct text_list ids;
        char found[64] = "";
        assert_ok(organisations_list(f->db, f->arena, &cases[i].filter, &list, &f->err), f->err);
        for (size_t k = 0; k < list.count; k++) {
            strcat(found, list.items[k].id);
            strcat(found, " ");
        }
        if (strcmp(found, cases[i].ids) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", cases[i].label, found, cases[i].ids);
        assert_ok(organisations_ids(f->db, f->arena, &cases[i].filter, &ids, &f->err), f->err);
        assert_int_equal(ids.count, list.count);
        for (size_t k = 0; k < ids.count; k++)
            assert_string_equal(ids.items[k], list.items[k].id);
    }
    int64_t count;
    assert_ok(organisations_count(f->db, &count, &f->err), f->err);
    assert_int_equal(count, 4);
}

static void test_portraits(void **state)
{
    struct fixture *f = *state;
    struct portrait p = {.id = "p1",
                         .sector = "textile",
                         .focal_x = 0.5,
                         .focal_y = 0.36,
                         .from_day = 100,
                         .until_day = 200,
                         .state = STATE_PUBLISHED};
    static const struct {
        const char *sector;
        int64_t from;
        int64_t until;
        size_t count;
    } cases[] = {
        {NULL, 0, 99, 0},    {NULL, 0, 100, 1},        {NULL, 200, 300, 1},
        {NULL, 201, 300, 0}, {"textile", 150, 160, 1}, {"habitat", 150, 160, 0},
    };
    enum upsert_result result;
    struct portrait_list list;

    assert_ok(portraits_upsert(f->db, f->arena, &p, &result, &f->err), f->err);
    p.id = "p2";
    p.state = STATE_APPROVED;
    assert_ok(portraits_upsert(f->db, f->arena, &p, &result, &f->err), f->err);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_ok(portraits_list(f->db, f->arena, cases[i].sector, cases[i].from, cases[i].until,
                                 &list, &f->err),
                  f->err);
        assert_int_equal(list.count, cases[i].count);
    }
    assert_ok(portraits_get(f->db, f->arena, "p1", &p, &f->err), f->err);
    assert_true(p.focal_y == 0.36);
    int64_t before = content_version(f);
    assert_ok(portraits_delete(f->db, "p1", &f->err), f->err);
    assert_int_equal(content_version(f), before + 1);
    assert_false(portraits_delete(f->db, "p1", &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

static void test_announcements(void **state)
{
    struct fixture *f = *state;
    struct announcement a = {.id = "a",
                             .title = "Ascenseur B en travaux",
                             .text = "Empruntez le A.",
                             .severity = SEVERITY_IMPORTANT,
                             .state = STATE_PUBLISHED};
    struct announcement read;
    struct announcement_list list;
    enum upsert_result result;

    assert_ok(announcements_upsert(f->db, f->arena, &a, &result, &f->err), f->err);
    assert_ok(announcements_get(f->db, f->arena, "a", &read, &f->err), f->err);
    assert_string_equal(read.text, "Empruntez le A.");
    assert_int_equal(read.severity, SEVERITY_IMPORTANT);
    assert_ok(announcements_list(f->db, f->arena, &list, &f->err), f->err);
    assert_int_equal(list.count, 1);
    assert_ok(announcements_delete(f->db, "a", &f->err), f->err);
}

static void put_event(struct fixture *f, const char *uid, const char *commune,
                      enum event_status status, const struct occurrence *at, size_t count,
                      enum upsert_result expected)
{
    const struct event event = {.uid = uid,
                                .title = "Forum",
                                .commune = commune,
                                .status = status,
                                .state = STATE_PUBLISHED};
    enum upsert_result result;

    assert_ok(events_upsert(f->db, f->arena, &event, at, count, &result, &f->err), f->err);
    assert_int_equal(result, expected);
}

static void test_events(void **state)
{
    struct fixture *f = *state;
    const struct occurrence two[] = {{.start_ms = 1000, .end_ms = 2000, .local_minute = 60},
                                     {.start_ms = 5000, .end_ms = 5000, .local_minute = -1}};
    const struct occurrence one[] = {{.start_ms = 1500, .end_ms = 9000}};
    const char *communes[] = {"Le Petit-Quevilly"};
    static const struct {
        int64_t from;
        int64_t until;
        const char *found;
    } cases[] = {
        {0, 1000, ""},
        {0, 1001, "a1000 "},
        {1999, 2001, "a1000 b1500 "},
        {2000, 3000, "b1500 "},
        {5000, 5001, "b1500 a5000 "},
        {9000, 9999, ""},
        {0, 99999, "a1000 b1500 a5000 "},
    };
    struct event_occurrence_list list;

    put_event(f, "a", "Rouen", EVENT_PROGRAMME, two, 2, UPSERT_CREATED);
    put_event(f, "b", "LE PETIT QUEVILLY", EVENT_COMPLET, one, 1, UPSERT_CREATED);
    put_event(f, "c", "Rouen", EVENT_ANNULE, one, 1, UPSERT_CREATED);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char found[128] = "";
        assert_ok(events_occurrences(f->db, f->arena, cases[i].from, cases[i].until, NULL, 0, 0,
                                     &list, &f->err),
                  f->err);
        for (size_t k = 0; k < list.count; k++)
            sprintf(found + strlen(found), "%s%d ", list.items[k].event.uid,
                    (int)list.items[k].at.start_ms);
        assert_string_equal(found, cases[i].found);
    }
    assert_ok(events_occurrences(f->db, f->arena, 0, 9999, communes, 1, 0, &list, &f->err), f->err);
    assert_int_equal(list.count, 1);
    assert_ok(events_occurrences(f->db, f->arena, 0, 9999, NULL, 0, 2, &list, &f->err), f->err);
    assert_int_equal(list.count, 2);
    assert_ok(events_occurrences_of(f->db, f->arena, "c", 0, 9999, &list, &f->err), f->err);
    assert_int_equal(list.count, 1);

    int64_t before = content_version(f);
    put_event(f, "a", "Rouen", EVENT_PROGRAMME, two, 2, UPSERT_UNCHANGED);
    assert_int_equal(content_version(f), before);
    put_event(f, "a", "Rouen", EVENT_PROGRAMME, two, 1, UPSERT_UNCHANGED);
    assert_int_equal(content_version(f), before + 1); /* dates changed: screens must know */
    assert_ok(events_delete(f->db, "a", &f->err), f->err);
    assert_ok(events_occurrences_of(f->db, f->arena, "a", 0, 9999, &list, &f->err), f->err);
    assert_int_equal(list.count, 0);
}

static void put_screens(struct fixture *f)
{
    const struct site site = {.id = "creapolis", .name = "Créapolis"};
    const struct group groups[] = {{"astuce", "Astuce"}, {"bornes", "Bornes"}};
    const struct screen hall = {.id = "hall",
                                .name = "Hall",
                                .site = "creapolis",
                                .groups = LIST("astuce", "bornes"),
                                .width_px = 1080,
                                .height_px = 1920,
                                .kiosk = true,
                                .languages = LIST("fr", "en"),
                                .time_zone = "Europe/Paris"};
    const struct screen quai = {.id = "quai", .name = "Quai"};
    enum upsert_result result;

    assert_ok(sites_upsert(f->db, f->arena, &site, &result, &f->err), f->err);
    for (size_t i = 0; i < 2; i++)
        assert_ok(groups_upsert(f->db, f->arena, &groups[i], &result, &f->err), f->err);
    assert_ok(screens_upsert(f->db, f->arena, &hall, &result, &f->err), f->err);
    assert_ok(screens_upsert(f->db, f->arena, &quai, &result, &f->err), f->err);
}

static void test_screens(void **state)
{
    struct fixture *f = *state;
    struct screen read;
    struct screen_list list;
    enum upsert_result result;

    put_screens(f);
    assert_ok(screens_get(f->db, f->arena, "hall", &read, &f->err), f->err);
    assert_true(read.kiosk);
    assert_int_equal(read.languages.count, 2);
    assert_string_equal(read.groups.items[1], "bornes");
    assert_ok(screens_list(f->db, f->arena, &list, &f->err), f->err);
    assert_int_equal(list.count, 2);

    const struct screen lost = {.id = "x", .site = "nowhere"};
    assert_false(screens_upsert(f->db, f->arena, &lost, &result, &f->err));
    assert_string_equal(f->err.field, "site");
    const struct screen odd = {.id = "x", .groups = LIST("nobody")};
    assert_false(screens_upsert(f->db, f->arena, &odd, &result, &f->err));
    assert_string_equal(f->err.field, "groups");
}

static void test_rules_for_screen(void **state)
{
    struct fixture *f = *state;
    const struct rule rules[] = {
        {.id = "base", .screens = LIST("hall", "hall"), .groups = LIST("astuce")},
        {.id = "mois", .groups = LIST("bornes"), .class = RULE_CAMPAIGN},
        {.id = "alerte", .screens = LIST("hall"), .class = RULE_EMERGENCY},
        {.id = "ailleurs", .screens = LIST("quai")},
    };
    static const struct {
        const char *screen;
        int64_t from;
        int64_t until;
        const char *ids;
    } cases[] = {
        {"hall", 150, 160, "alerte mois base "},
        {"quai", 150, 160, "ailleurs "},
        {"hall", 0, 99, ""},
        {"hall", 200, 400, "alerte mois base "},
        {"hall", 201, 400, ""},
        {"nowhere", 0, 999, ""},
    };
    enum upsert_result result;

    put_screens(f);
    for (size_t i = 0; i < 4; i++) {
        struct rule rule = rules[i];
        rule.from_day = 100;
        rule.until_day = 200;
        rule.weekdays = 0x7f;
        rule.share = 0.4;
        rule.state = STATE_PUBLISHED;
        assert_ok(rules_upsert(f->db, f->arena, &rule, &result, &f->err), f->err);
        assert_ok(rules_upsert(f->db, f->arena, &rule, &result, &f->err), f->err);
        assert_int_equal(result, UPSERT_UNCHANGED);
    }
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rule_list list;
        char found[64] = "";
        assert_ok(rules_for_screen(f->db, f->arena, cases[i].screen, cases[i].from, cases[i].until,
                                   &list, &f->err),
                  f->err);
        for (size_t k = 0; k < list.count; k++)
            sprintf(found + strlen(found), "%s ", list.items[k].id);
        assert_string_equal(found, cases[i].ids);
    }
    struct rule read;
    assert_ok(rules_get(f->db, f->arena, "mois", &read, &f->err), f->err);
    assert_int_equal(read.class, RULE_CAMPAIGN);
    assert_int_equal(read.weekdays, 0x7f);
    assert_true(read.share == 0.4);
    assert_ok(rules_delete(f->db, "mois", &f->err), f->err);
}

static void test_playlist_versions(void **state)
{
    struct fixture *f = *state;
    struct playlist_record p = {.id = "hall", .title = "Hall", .document = "{}"};
    enum upsert_result result;
    static const struct {
        const char *document;
        enum upsert_result result;
        int64_t version;
    } cases[] = {
        {"{}", UPSERT_CREATED, 1},
        {"{}", UPSERT_UNCHANGED, 1},
        {"{1}", UPSERT_UPDATED, 2},
        {"{}", UPSERT_UPDATED, 3},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct playlist_record read;
        p.document = cases[i].document;
        assert_ok(playlists_upsert(f->db, f->arena, &p, &result, &f->err), f->err);
        assert_int_equal(result, cases[i].result);
        assert_ok(playlists_get(f->db, f->arena, "hall", &read, &f->err), f->err);
        assert_int_equal(read.version, cases[i].version);
    }
    assert_ok(playlists_delete(f->db, "hall", &f->err), f->err);
}

static void test_devices_and_enrolments(void **state)
{
    struct fixture *f = *state;
    struct device d = {.screen = "hall", .public_key = "k1", .token_hash = "t1", .enrolled_ms = 1};
    struct device read;
    struct enrolment e = {.public_key = "k1", .code = "K7QF-2M9D", .seen_ms = 50};
    struct enrolment_list list;
    int64_t before;
    int64_t gone;

    put_screens(f);
    before = content_version(f);
    assert_ok(devices_put(f->db, &d, &f->err), f->err);
    d.token_hash = "t2";
    assert_ok(devices_put(f->db, &d, &f->err), f->err);
    assert_false(devices_get_by_token(f->db, f->arena, "t1", &read, &f->err));
    assert_null(strstr(f->err.en, "t1"));
    assert_ok(devices_get_by_token(f->db, f->arena, "t2", &read, &f->err), f->err);
    assert_ok(devices_seen(f->db, "hall", 99, "vitrine-player 0.1.0", NULL, &f->err), f->err);
    assert_ok(devices_seen(f->db, "hall", 100, NULL, "1-17", &f->err), f->err);
    assert_ok(devices_get(f->db, f->arena, "hall", &read, &f->err), f->err);
    assert_int_equal(read.last_seen_ms, 100);
    assert_string_equal(read.software, "vitrine-player 0.1.0");
    assert_string_equal(read.manifest, "1-17");
    assert_false(devices_seen(f->db, "quai", 1, NULL, NULL, &f->err));
    assert_ok(devices_delete(f->db, "k1", "hall", &f->err), f->err); /* kept there */
    assert_int_equal(content_version(f), before);
    d.screen = "quai"; /* the same key on a second screen */
    assert_false(devices_put(f->db, &d, &f->err));
    assert_int_equal(f->err.kind, ERROR_CONFLICT);
    d.screen = "nowhere";
    d.public_key = d.token_hash = "z";
    assert_false(devices_put(f->db, &d, &f->err));
    assert_int_equal(f->err.kind, ERROR_INVALID);

    assert_ok(enrolments_put(f->db, &e, &f->err), f->err);
    e.public_key = "k2";
    e.state = ENROLMENT_APPROVED;
    assert_ok(enrolments_put(f->db, &e, &f->err), f->err);
    assert_ok(enrolments_list(f->db, f->arena, "K7QF-2M9D", &list, &f->err), f->err);
    assert_int_equal(list.count, 2);
    assert_ok(enrolments_expire(f->db, 51, &gone, &f->err), f->err);
    assert_int_equal(gone, 1);
    assert_ok(enrolments_list(f->db, f->arena, NULL, &list, &f->err), f->err);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].state, ENROLMENT_APPROVED);
    assert_int_equal(content_version(f), before);
    assert_ok(devices_delete(f->db, "k1", NULL, &f->err), f->err);
    assert_false(devices_get_by_token(f->db, f->arena, "t2", &read, &f->err));
    assert_int_equal(content_version(f), before + 1); /* a running server must notice */
    assert_ok(devices_delete(f->db, "k1", NULL, &f->err), f->err);
    assert_int_equal(content_version(f), before + 1);
}

static void test_manifests(void **state)
{
    struct fixture *f = *state;
    const char sealed[] = "vitrine-manifest 1 \0 {}";
    struct manifest_record m = {.screen = "hall",
                                .epoch = 1,
                                .sealed = sealed,
                                .sealed_size = sizeof(sealed),
                                .content_hash = "h"};
    struct manifest_record read;

    put_screens(f);
    assert_false(manifests_latest(f->db, f->arena, "hall", &read, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    for (m.version = 1; m.version <= 5; m.version++)
        assert_ok(manifests_put(f->db, &m, &f->err), f->err);
    assert_ok(manifests_latest(f->db, f->arena, "hall", &read, &f->err), f->err);
    assert_int_equal(read.version, 5);
    assert_int_equal(read.sealed_size, sizeof(sealed));
    assert_memory_equal(read.sealed, sealed, sizeof(sealed));
    m.version = 5;
    assert_false(manifests_put(f->db, &m, &f->err));
    assert_int_equal(f->err.kind, ERROR_CONFLICT);
    m.epoch = 2;
    m.version = 1;
    assert_ok(manifests_put(f->db, &m, &f->err), f->err);
    m.epoch = 1;
    m.version = 99;
    assert_false(manifests_put(f->db, &m, &f->err));
    assert_ok(manifests_head(f->db, f->arena, "hall", &read, &f->err), f->err);
    assert_int_equal(read.epoch, 2);
    assert_null(read.sealed);
}

static void test_reports_are_idempotent(void **state)
{
    struct fixture *f = *state;
    const struct report batch[] = {
        {.screen = "hall",
         .boot = "b",
         .sequence = 1,
         .kind = REPORT_FAULT,
         .code = "network",
         .received_ms = 10},
        {.screen = "hall",
         .boot = "b",
         .sequence = 2,
         .kind = REPORT_HEARTBEAT,
         .uptime_s = 60,
         .received_ms = 10},
        {.screen = "hall",
         .boot = "c",
         .sequence = 1,
         .kind = REPORT_FAULT,
         .code = "storage",
         .received_ms = 20},
    };
    struct report_list list;
    size_t stored;

    assert_ok(reports_add(f->db, batch, 2, &stored, &f->err), f->err);
    assert_int_equal(stored, 2);
    assert_ok(reports_add(f->db, batch, 3, &stored, &f->err), f->err);
    assert_int_equal(stored, 1);
    assert_ok(reports_list(f->db, f->arena, "hall", REPORT_FAULT, 10, &list, &f->err), f->err);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].code, "storage");
    assert_ok(reports_list(f->db, f->arena, NULL, REPORT_FAULT, 10, &list, &f->err), f->err);
    assert_int_equal(list.count, 2);
    assert_ok(reports_list(f->db, f->arena, "quai", REPORT_FAULT, 10, &list, &f->err), f->err);
    assert_int_equal(list.count, 0);
    assert_ok(reports_expire(f->db, REPORT_FAULT, 20, &f->err), f->err);
    assert_ok(reports_list(f->db, f->arena, "hall", REPORT_FAULT, 10, &list, &f->err), f->err);
    assert_int_equal(list.count, 1);
}

static void test_accounts(void **state)
{
    struct fixture *f = *state;
    const struct user u = {.name = "lea", .role = ROLE_PUBLISHER, .active = true};
    const struct session s = {.token_hash = "th", .user = "lea", .expires_ms = 100};
    const struct session stray = {.token_hash = "ti", .user = "nobody"};
    struct user read;
    struct session session;
    struct audit_list trail;

    assert_ok(users_put(f->db, &u, &f->err), f->err);
    assert_ok(users_get(f->db, f->arena, "lea", &read, &f->err), f->err);
    assert_int_equal(read.role, ROLE_PUBLISHER);
    assert_ok(sessions_put(f->db, &s, &f->err), f->err);
    assert_false(sessions_put(f->db, &stray, &f->err));
    assert_ok(credentials_expire(f->db, 100, &f->err), f->err);
    assert_ok(sessions_get(f->db, f->arena, "th", &session, &f->err), f->err);
    assert_ok(credentials_expire(f->db, 101, &f->err), f->err);
    assert_false(sessions_get(f->db, f->arena, "th", &session, &f->err));
    assert_ok(sessions_put(f->db, &s, &f->err), f->err);
    assert_ok(sessions_delete_user(f->db, "nobody", &f->err), f->err);
    assert_ok(sessions_get(f->db, f->arena, "th", &session, &f->err), f->err);
    assert_ok(sessions_delete_user(f->db, "lea", &f->err), f->err);
    assert_false(sessions_get(f->db, f->arena, "th", &session, &f->err));
    for (int i = 0; i < 3; i++) {
        const struct audit_entry entry = {.time_ms = i, .user = "lea", .action = "import.annuaire"};
        assert_ok(audit_add(f->db, &entry, &f->err), f->err);
    }
    assert_ok(audit_list(f->db, f->arena, 2, &trail, &f->err), f->err);
    assert_int_equal(trail.count, 2);
    assert_int_equal(trail.items[0].time_ms, 2);
}

static void test_media_records(void **state)
{
    struct fixture *f = *state;
    struct media_record m = {.sha256 = "bb", .size = 3, .type = "image/png", .name = "premier.png"};
    struct media_record_list list;
    enum upsert_result result;

    assert_ok(media_records_add(f->db, f->arena, &m, &result, &f->err), f->err);
    assert_int_equal(result, UPSERT_CREATED);
    m.name = "second.png";
    assert_ok(media_records_add(f->db, f->arena, &m, &result, &f->err), f->err);
    assert_int_equal(result, UPSERT_UNCHANGED);
    m.sha256 = "aa";
    assert_ok(media_records_add(f->db, f->arena, &m, &result, &f->err), f->err);
    assert_ok(media_records_list(f->db, f->arena, &list, &f->err), f->err);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].sha256, "aa");
    assert_string_equal(list.items[1].name, "premier.png");
}

static void test_settings(void **state)
{
    struct fixture *f = *state;
    const char *text;
    int64_t number;

    assert_ok(settings_get_text(f->db, f->arena, "name", "Vitrine", &text, &f->err), f->err);
    assert_string_equal(text, "Vitrine");
    assert_ok(settings_set_text(f->db, "name", "Rouen", &f->err), f->err);
    assert_ok(settings_get_text(f->db, f->arena, "name", "Vitrine", &text, &f->err), f->err);
    assert_string_equal(text, "Rouen");
    assert_ok(settings_get_int(f->db, "epoch", 1, &number, &f->err), f->err);
    assert_int_equal(number, 1);
}

static void test_content_version_once_a_transaction(void **state)
{
    struct fixture *f = *state;
    int64_t before = content_version(f);

    assert_ok(db_begin(f->db, &f->err), f->err);
    put_organisation(f, (struct organisation){.id = "a", .nom = "A"}, UPSERT_CREATED);
    put_organisation(f, (struct organisation){.id = "b", .nom = "B"}, UPSERT_CREATED);
    assert_ok(db_commit(f->db, &f->err), f->err);
    assert_int_equal(content_version(f), before + 1);
    assert_ok(db_begin(f->db, &f->err), f->err);
    put_organisation(f, (struct organisation){.id = "c", .nom = "C"}, UPSERT_CREATED);
    db_rollback(f->db);
    assert_int_equal(content_version(f), before + 1);
    int64_t count;
    assert_ok(organisations_count(f->db, &count, &f->err), f->err);
    assert_int_equal(count, 2);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_organisation_round_trip),
        CASE(test_organisation_filters),
        CASE(test_portraits),
        CASE(test_announcements),
        CASE(test_events),
        CASE(test_screens),
        CASE(test_rules_for_screen),
        CASE(test_playlist_versions),
        CASE(test_devices_and_enrolments),
        CASE(test_manifests),
        CASE(test_reports_are_idempotent),
        CASE(test_accounts),
        CASE(test_media_records),
        CASE(test_settings),
        CASE(test_content_version_once_a_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
