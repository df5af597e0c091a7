/* From a filled store to sealed manifests, and why a screen shows what it shows. */
#include "tests/unit/server_content/content_fixture.h"

#include "playlists/template.h"
#include "playlists/timeline.h"
#include "directory/directory.h"
#include "server/schedule/explain.h"
#include "server/schedule/publish.h"

#define NOON "2026-11-24T12:00:00+01:00"
#define DAY INT64_C(86400000)

/* The fixture, filled as an installation is, with a key. */
struct installation {
    struct fixture *f;
    struct sign_keys keys;
};

static const char screens[] =
    "{\"format\":1,\"sites\":[{\"id\":\"hall\",\"name\":\"Hall\",\"commune\":\"Rouen\","
    "\"address\":\"\"}],\"groups\":[{\"id\":\"tous\",\"name\":\"Tous\"}],\"screens\":["
    "{\"id\":\"e1\",\"name\":\"Quai\",\"site\":\"hall\",\"groups\":[\"tous\"],"
    "\"width_px\":1920,\"height_px\":1080,\"diagonal_mm\":1400,\"viewing_distance_mm\":4000,"
    "\"bottom_edge_mm\":1900,\"kiosk\":false,\"time_zone\":\"Europe/Paris\","
    "\"languages\":[\"fr\"],\"opening\":[]},"
    "{\"id\":\"borne\",\"name\":\"Borne\",\"site\":\"hall\",\"groups\":[\"tous\"],"
    "\"width_px\":1080,\"height_px\":1920,\"diagonal_mm\":1100,\"viewing_distance_mm\":600,"
    "\"bottom_edge_mm\":600,\"kiosk\":true,\"time_zone\":\"Europe/Paris\","
    "\"languages\":[\"fr\",\"en\"],\"opening\":[]}]}";
static const char announcements[] =
    "{\"format\":1,\"announcements\":["
    "{\"id\":\"bienvenue\",\"title\":\"Bienvenue\",\"text\":\"\",\"pictogram\":\"info\","
    "\"severity\":\"info\",\"from\":\"2026-01-01\",\"until\":\"2027-12-31\"},"
    "{\"id\":\"travaux\",\"title\":\"Travaux\",\"text\":\"\",\"pictogram\":\"travaux\","
    "\"severity\":\"important\",\"from\":\"2026-01-01\",\"until\":\"2027-12-31\"}]}";
static const char portraits[] =
    "{\"format\":1,\"portraits\":[{\"id\":\"awa\",\"organisation\":\"ressourcerie\","
    "\"leader_name\":\"Awa\",\"leader_role\":\"directrice\",\"quote\":\"Bonjour\","
    "\"story\":\"Elle répare.\",\"photo\":{\"file\":\"awa.jpg\",\"focal_x\":0.5,"
    "\"focal_y\":0.4,\"alt\":\"Awa\",\"credit\":\"Moi\",\"consent_date\":\"2026-01-12\"},"
    "\"from\":\"2026-01-01\",\"until\":\"2027-12-31\",\"sector\":\"reemploi\"}]}";
static const char playlist_base[] =
    "{\"format\":1,\"id\":\"boucle\",\"title\":\"Boucle\",\"strip\":true,\"entries\":["
    "{\"slide\":{\"template\":\"announcement\",\"announcement\":\"bienvenue\"}},"
    "{\"source\":\"portraits\"},{\"source\":\"events\",\"days\":7},"
    "{\"source\":\"highlights\",\"count\":1}]}";
static const char playlist_works[] =
    "{\"format\":1,\"id\":\"travaux\",\"title\":\"Travaux\",\"strip\":false,\"entries\":["
    "{\"slide\":{\"template\":\"announcement\",\"announcement\":\"travaux\"}}]}";
static const char rules[] =
    "{\"format\":1,\"rules\":["
    "{\"id\":\"base\",\"title\":\"Base\",\"playlist\":\"boucle\",\"screens\":[],"
    "\"groups\":[\"tous\"],\"class\":\"base\",\"from\":\"2026-01-01\",\"until\":\"2027-12-31\"},"
    "{\"id\":\"travaux-soir\",\"title\":\"Travaux\",\"playlist\":\"travaux\",\"screens\":[\"e1\"],"
    "\"groups\":[],\"class\":\"takeover\",\"from\":\"2026-11-01\",\"until\":\"2027-12-31\","
    "\"hours\":{\"from\":\"18:00\",\"until\":\"20:00\"}},"
    "{\"id\":\"noel\",\"title\":\"Noël\",\"playlist\":\"travaux\",\"screens\":[],"
    "\"groups\":[\"tous\"],\"class\":\"campaign\",\"from\":\"2026-12-01\","
    "\"until\":\"2026-12-25\",\"share\":0.3}]}";

static int setup(void **state)
{
    struct installation *in = calloc(1, sizeof *in);
    void *fixture = NULL;
    if (fixture_setup(&fixture) != 0) {
        return -1;
    }
    struct fixture *f = in->f = fixture;
    *state = in;
    sign_init();
    sign_keys_generate(&in->keys);
    fixture_organisation(f, "ressourcerie", "La Ressourcerie");
    fixture_organisation(f, "menuiserie", "La Menuiserie");
    fixture_organisation(f, "cantine", "La Cantine");
    fixture_event(f, "soupe@x", "Soupe", "2026-11-26T18:00:00+01:00", "2026-11-26T20:00:00+01:00",
                  civil_days(2026, 11, 26), 1080);
    fixture_photo(f, "doc/awa.jpg");
    fixture_document(f, "doc/ecrans.json", screens);
    fixture_document(f, "doc/annonces.json", announcements);
    fixture_document(f, "doc/portraits.json", portraits);
    fixture_document(f, "doc/playlists/boucle.json", playlist_base);
    fixture_document(f, "doc/playlists/travaux.json", playlist_works);
    fixture_document(f, "doc/programmations.json", rules);
    struct document_report_list reports;
    const char *folder = arena_printf(f->arena, "%s/doc", f->folder);
    assert_ok(content_load_folder(f->db, &f->media, f->arena, folder, NULL, &reports, &f->err),
              f->err);
    return 0;
}

static int teardown(void **state)
{
    struct installation *in = *state;
    void *fixture = in->f;
    free(in);
    return fixture_teardown(&fixture);
}

static struct publication publish(struct installation *in, const char *screen, int64_t now_ms)
{
    struct publication out;
    assert_ok(publish_screen(in->f->db, &in->f->media, &in->keys, in->f->arena, screen, now_ms,
                             &out, &in->f->err),
              in->f->err);
    return out;
}

static struct manifest *open_latest(struct installation *in, const char *screen)
{
    struct manifest_record record;
    struct fixture *f = in->f;
    assert_ok(manifests_latest(f->db, f->arena, screen, &record, &f->err), f->err);
    struct manifest *manifest =
        manifest_open(record.sealed, record.sealed_size, &in->keys.public, &f->err);
    if (manifest == NULL) {
        fail_msg("%s", f->err.en);
    }
    return manifest;
}

/* Subjects of the loop at that instant. */
static const char *shown(struct installation *in, const struct manifest *manifest, const char *at)
{
    struct timeline now = timeline_at(manifest, fixture_instant(at));
    const char *text = "";
    for (size_t i = 0; now.kind == TIMELINE_ITEM && i < now.loop->item_count; i++) {
        text = arena_printf(in->f->arena, "%s%s%s", text, i == 0 ? "" : " ",
                            manifest->slides[now.loop->items[i].slide].subject);
    }
    return text;
}

static size_t files_of_type(const struct manifest *manifest, const char *type)
{
    size_t count = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        count += strcmp(manifest->files[i].type, type) == 0;
    }
    return count;
}

static void test_manifest_of_a_screen(void **state)
{
    struct installation *in = *state;
    assert_true(publish(in, "e1", fixture_instant(NOON)).changed);
    struct manifest *manifest = open_latest(in, "e1");
    assert_string_equal(manifest->screen.name, "Quai");
    assert_string_equal(manifest->screen.site, "Hall");
    assert_int_equal(manifest->version, 1);
    assert_false(manifest->has_directory);
    assert_int_equal(files_of_type(manifest, "image/jpeg"), 1);
    /* templates travel: what the server checked is what the screen draws; an announcement that is
     * an emergency looks like the other one */
    static const char *const templates[] = {"announcement", "emergency", "event", "highlight",
                                            "portrait"};
    assert_int_equal(manifest->template_count, 5);
    assert_int_equal(files_of_type(manifest, "application/json"), 5);
    assert_int_equal(manifest->file_count, 6);
    for (size_t i = 0; i < 5; i++) {
        const struct template *template = template_set_find(template_set_builtin(), templates[i]);
        char path[4096];
        char *bytes = NULL;
        size_t length = 0;
        assert_string_equal(manifest->templates[i].name, templates[i]);
        assert_non_null(
            media_path(in->f->media.folder, &manifest->templates[i].file, path, sizeof path));
        assert_ok(file_read(path, 1 << 20, &bytes, &length, &in->f->err), in->f->err);
        assert_int_equal(length, template->source_length);
        assert_memory_equal(bytes, template->source, length);
        free(bytes);
    }
    assert_true(manifest->valid_until_ms >= fixture_instant(NOON) + 89 * DAY);
    /* a highlight that changes from day to day; never two companies' slides together */
    const char *first = shown(in, manifest, NOON);
    assert_non_null(strstr(first, "bienvenue awa soupe@x "));
    assert_string_not_equal(first, shown(in, manifest, "2026-11-25T12:00:00+01:00"));
    assert_string_equal(first, shown(in, manifest, "2026-11-24T23:00:00+01:00"));
    assert_string_equal(shown(in, manifest, "2026-11-24T19:00:00+01:00"), "travaux");
    assert_null(strstr(shown(in, manifest, "2026-11-26T21:00:00+01:00"), "soupe@x"));
    /* the strip is the playlist's */
    assert_true(
        manifest_interval_strip(manifest, timeline_at(manifest, fixture_instant(NOON)).interval));
    assert_false(manifest_interval_strip(
        manifest, timeline_at(manifest, fixture_instant("2026-11-24T19:00:00+01:00")).interval));
    assert_int_equal(manifest_offset_s(manifest, fixture_instant(NOON)), 3600);
    assert_int_equal(manifest_offset_s(manifest, fixture_instant("2027-04-01T12:00:00+02:00")),
                     7200);
    manifest_destroy(manifest);
}

static void test_kiosk_gets_the_directory(void **state)
{
    struct installation *in = *state;
    assert_true(publish(in, "borne", fixture_instant(NOON)).changed);
    struct manifest *manifest = open_latest(in, "borne");
    assert_true(manifest->has_directory);
    const struct manifest_file *file = manifest_file(manifest, &manifest->directory);
    assert_string_equal(file->type, DIRECTORY_TYPE);
    assert_int_equal(files_of_type(manifest, DIRECTORY_TYPE), 1);
    assert_int_equal(files_of_type(manifest, "application/json"), manifest->template_count);
    struct sha256 before = manifest->directory;
    manifest_destroy(manifest);
    fixture_organisation(in->f, "nouvelle", "La Nouvelle");
    assert_true(publish(in, "borne", fixture_instant(NOON) + 1).changed);
    manifest = open_latest(in, "borne");
    assert_int_equal(manifest->version, 2);
    assert_false(sha256_equal(&before, &manifest->directory));
    manifest_destroy(manifest);
}

static void test_new_version_only_when_needed(void **state)
{
    struct installation *in = *state;
    int64_t now = fixture_instant(NOON);
    assert_true(publish(in, "e1", now).changed);
    assert_false(publish(in, "e1", now).changed);
    assert_false(publish(in, "e1", now + 3600000).changed);
    /* days later there is more to come, but nothing else to show */
    assert_false(publish(in, "e1", now + 3 * DAY).changed);
    assert_false(publish(in, "e1", now + 29 * DAY).changed);
    /* less than 60 days are left */
    struct publication later = publish(in, "e1", now + 31 * DAY);
    assert_true(later.changed);
    assert_int_equal(later.record.version, 2);
    assert_false(publish(in, "e1", now + 31 * DAY).changed);

    /* something else is to be shown, if only in two months */
    fixture_event(in->f, "loin@x", "Plus tard", "2027-02-20T18:00:00+01:00",
                  "2027-02-20T20:00:00+01:00", civil_days(2027, 2, 20), 1080);
    assert_true(publish(in, "e1", now + 31 * DAY).changed);
    /* and what is over already does not matter */
    fixture_event(in->f, "hier@x", "Trop tard", "2026-11-20T18:00:00+01:00",
                  "2026-11-20T20:00:00+01:00", civil_days(2026, 11, 20), 1080);
    assert_false(publish(in, "e1", now + 31 * DAY).changed);
}

static void test_publication_does_not_make_screens_jump(void **state)
{
    struct installation *in = *state;
    int64_t now = fixture_instant(NOON);
    publish(in, "e1", now);
    struct manifest *before = open_latest(in, "e1");
    fixture_event(in->f, "loin@x", "Plus tard", "2027-02-01T18:00:00+01:00",
                  "2027-02-01T20:00:00+01:00", civil_days(2027, 2, 1), 1080);
    assert_true(publish(in, "e1", now + 12345678).changed);
    struct manifest *after = open_latest(in, "e1");
    for (int64_t at = now; at < now + 10 * DAY; at += 7654321) {
        struct timeline a = timeline_at(before, at);
        struct timeline b = timeline_at(after, at);
        assert_string_equal(a.slide->id, b.slide->id);
        assert_int_equal(a.item_from_ms, b.item_from_ms);
    }
    manifest_destroy(before);
    manifest_destroy(after);
}

static void test_other_key_and_epoch(void **state)
{
    struct installation *in = *state;
    int64_t now = fixture_instant(NOON);
    publish(in, "e1", now);
    sign_keys_generate(&in->keys);
    assert_true(publish(in, "e1", now).changed);
    struct manifest *manifest = open_latest(in, "e1");
    assert_int_equal(manifest->version, 2);
    manifest_destroy(manifest);
    assert_ok(settings_set_int(in->f->db, PUBLISH_EPOCH_SETTING, 2, &in->f->err), in->f->err);
    struct publication out = publish(in, "e1", now);
    assert_true(out.changed);
    assert_int_equal(out.record.epoch, 2);
    assert_int_equal(out.record.version, 1);
}

static void count_published(void *context, const struct publication *publication)
{
    int *count = context;
    assert_true(publication->changed);
    assert_true(publication->record.sealed_size > 200);
    assert_true(publication->record.tail_size > 200);
    assert_non_null(publication->manifest);
    (*count)++;
}

static void test_all_screens(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    struct publish_counts counts;
    int told = 0;
    int64_t now = fixture_instant(NOON);
    assert_ok(publish_all(f->db, &f->media, &in->keys, now,
                          &(struct publish_watch){.published = count_published, .context = &told},
                          &counts, &f->err),
              f->err);
    assert_int_equal(counts.published, 2);
    assert_int_equal(told, 2);
    /* one screen by itself comes to the same */
    assert_false(publish(in, "e1", now).changed);
    assert_false(publish(in, "borne", now).changed);
    assert_ok(
        publish_all(f->db, &f->media, &in->keys, now, &(struct publish_watch){0}, &counts, &f->err),
        f->err);
    assert_int_equal(counts.unchanged, 2);
    assert_int_equal(counts.published + counts.failed, 0);
}

struct order {
    const char *screens[8];
    size_t count, stop_after;
};

static void note_order(void *context, const struct publication *publication)
{
    struct order *order = context;
    order->screens[order->count++] = publication->record.screen[0] == 'e' ? "e1" : "borne";
}

static bool go_on(void *context)
{
    const struct order *order = context;
    return order->count < order->stop_after;
}

static void test_whoever_is_named_comes_first_and_a_run_can_be_ended(void **state)
{
    static const char *const ids[] = {"borne", "e1"};
    struct installation *in = *state;
    struct fixture *f = in->f;
    struct publish_counts counts;
    int64_t now = fixture_instant(NOON);
    for (size_t i = 0; i < 2; i++) {
        const char *named[] = {ids[i], "gone"};
        struct text_list first = {2, named};
        struct order order = {.stop_after = 2 - i};
        assert_ok(settings_set_int(f->db, PUBLISH_EPOCH_SETTING, (int64_t)i + 2, &f->err), f->err);
        assert_ok(publish_all(f->db, &f->media, &in->keys, now,
                              &(struct publish_watch){.first = &first,
                                                      .published = note_order,
                                                      .between = go_on,
                                                      .context = &order},
                              &counts, &f->err),
                  f->err);
        assert_string_equal(order.screens[0], ids[i]);
        assert_int_equal(order.count, 2 - i);
        assert_true(counts.stopped);
    }
}

static void test_unknown_screen(void **state)
{
    struct installation *in = *state;
    struct publication out;
    assert_false(publish_screen(in->f->db, &in->f->media, &in->keys, in->f->arena, "absent", 0,
                                &out, &in->f->err));
    assert_int_equal(in->f->err.kind, ERROR_NOT_FOUND);
}

static const struct {
    const char *at;
    const char *winner; /* NULL: nothing is planned */
    enum explain_verdict base;
    enum explain_verdict works;
    enum explain_verdict christmas;
} explained[] = {
    {"2026-11-24T12:00:00+01:00", "base", EXPLAIN_WON, EXPLAIN_OTHER_HOURS, EXPLAIN_BEFORE_DATES},
    {"2026-11-24T19:00:00+01:00", "travaux-soir", EXPLAIN_BELOW, EXPLAIN_WON, EXPLAIN_BEFORE_DATES},
    {"2026-12-24T12:00:00+01:00", "noel", EXPLAIN_MIXED, EXPLAIN_OTHER_HOURS, EXPLAIN_WON},
    {"2026-12-24T19:00:00+01:00", "travaux-soir", EXPLAIN_BELOW, EXPLAIN_WON, EXPLAIN_BELOW},
    {"2026-12-26T12:00:00+01:00", "base", EXPLAIN_WON, EXPLAIN_OTHER_HOURS, EXPLAIN_AFTER_DATES},
    {"2028-01-01T19:00:00+01:00", NULL, EXPLAIN_AFTER_DATES, EXPLAIN_AFTER_DATES,
     EXPLAIN_AFTER_DATES},
};

static enum explain_verdict verdict_of(const struct explanation *explanation, const char *rule)
{
    for (size_t i = 0; i < explanation->rule_count; i++) {
        if (strcmp(explanation->rules[i].rule->id, rule) == 0) {
            return explanation->rules[i].verdict;
        }
    }
    fail_msg("rule %s is not explained", rule);
    return EXPLAIN_WON;
}

static void test_explain(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    for (size_t i = 0; i < sizeof explained / sizeof *explained; i++) {
        struct explanation explanation;
        int64_t at_ms = fixture_instant(explained[i].at);
        assert_ok(explain_screen(f->db, f->arena, "e1", at_ms, &explanation, &f->err), f->err);
        assert_int_equal(explanation.rule_count, 3);
        assert_int_equal(verdict_of(&explanation, "base"), explained[i].base);
        assert_int_equal(verdict_of(&explanation, "travaux-soir"), explained[i].works);
        assert_int_equal(verdict_of(&explanation, "noel"), explained[i].christmas);
        if (explained[i].winner == NULL) {
            assert_null(explanation.main.rule);
            continue;
        }
        assert_string_equal(explanation.main.rule->id, explained[i].winner);
        /* It tells what the manifest does. */
        struct manifest *manifest =
            assemble_manifest(f->db, NULL, NULL, "e1", at_ms - 5 * DAY, 1, 1, &f->err);
        assert_non_null(manifest);
        struct timeline now = timeline_at(manifest, at_ms);
        assert_string_equal(explanation.main.slide.id, now.slide->id);
        assert_int_equal(explanation.main.item, now.item);
        assert_int_equal(explanation.main.item_from_ms, now.item_from_ms);
        if (explanation.main.item_count >
            1) { /* a single slide changes for nothing when it repeats */
            assert_int_equal(explanation.main.item_until_ms, now.next_change_ms);
        }
        assert_string_equal(explanation.main.playlist, now.loop->playlist);
        manifest_destroy(manifest);
    }
}

/* What the program logs while it publishes. */
static const char *log_of_publishing(struct installation *in, const char *screen)
{
    char *path = arena_printf(in->f->arena, "%s/log", in->f->folder);
    char *bytes = NULL;
    size_t length = 0;
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    assert_non_null(freopen(path, "w", stderr));
    publish(in, screen, fixture_instant(NOON));
    fflush(stderr);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    assert_ok(file_read(path, 1 << 20, &bytes, &length, &in->f->err), in->f->err);
    const char *text = arena_strdup(in->f->arena, bytes);
    free(bytes);
    return text;
}

/* A daily event without a place would fill the log with each of its dates. */
static void test_logs_a_fault_once(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    const struct event event = {
        .uid = "nulle-part@x", .title = "Sans lieu", .state = STATE_PUBLISHED};
    struct occurrence days[30];
    enum upsert_result result;
    for (int i = 0; i < 30; i++) {
        days[i] = (struct occurrence){.start_ms = fixture_instant(NOON) + (i + 1) * DAY,
                                      .end_ms = fixture_instant(NOON) + (i + 1) * DAY + 3600000,
                                      .local_day = civil_days(2026, 11, 25) + i,
                                      .local_minute = 720,
                                      .local_last_day = civil_days(2026, 11, 25) + i,
                                      .local_end_minute = 780};
    }
    assert_ok(events_upsert(f->db, f->arena, &event, days, 30, &result, &f->err), f->err);
    const char *log = log_of_publishing(in, "e1");
    const char *first = strstr(log, "nulle-part@x");
    assert_non_null(first);
    assert_null(strstr(first + 1, "nulle-part@x"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_manifest_of_a_screen),
        TEST(test_kiosk_gets_the_directory),
        TEST(test_new_version_only_when_needed),
        TEST(test_publication_does_not_make_screens_jump),
        TEST(test_other_key_and_epoch),
        TEST(test_all_screens),
        TEST(test_whoever_is_named_comes_first_and_a_run_can_be_ended),
        TEST(test_unknown_screen),
        TEST(test_explain),
        TEST(test_logs_a_fault_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
