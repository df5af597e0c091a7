/* Zones, lists, films and opening hours, from documents to sealed manifests and explanations. */
#include "tests/unit/server_content/content_fixture.h"

#include "playlists/template.h"
#include "playlists/timeline.h"
#include "server/schedule/explain.h"
#include "server/schedule/publish.h"

#define NOON "2026-11-24T12:00:00+01:00"
#define DAY INT64_C(86400000)

struct installation {
    struct fixture *f;
    struct sign_keys keys;
};

#define SCREEN(id, width, height, more)                                                            \
    "{\"id\":\"" id "\",\"name\":\"Écran " id "\",\"site\":\"hall\",\"groups\":[\"tous\"],"        \
    "\"width_px\":" width ",\"height_px\":" height ",\"diagonal_mm\":1400,"                        \
    "\"viewing_distance_mm\":4000,\"bottom_edge_mm\":900,\"kiosk\":false,"                         \
    "\"time_zone\":\"Europe/Paris\",\"languages\":[\"fr\"]," more "}"
#define HOURS                                                                                      \
    "\"opening\":[{\"days\":[\"mo\",\"tu\",\"we\",\"th\",\"fr\"],\"from\":\"08:00\","              \
    "\"until\":\"20:00\"}]"
#define RULE(id, playlist, class, more)                                                            \
    "{\"id\":\"" id "\",\"title\":\"" id "\",\"playlist\":\"" playlist                             \
    "\",\"screens\":[],\"groups\":[\"tous\"],\"class\":\"" class "\"" more "}"
#define DATES ",\"from\":\"2026-01-01\",\"until\":\"2027-12-31\""

static const char screens[] =
    "{\"format\":1,\"sites\":[{\"id\":\"hall\",\"name\":\"Hall\",\"commune\":\"Rouen\","
    "\"address\":\"\"}],\"groups\":[{\"id\":\"tous\",\"name\":\"Tous\"}],\"screens\":"
    "[" SCREEN("e1", "1920", "1080", HOURS ",\"layout\":\"maison\",\"reduced_motion\":true") "," SCREEN(
        "e2", "1920", "1080",
        HOURS
        ",\"layout\":\"maison\",\"reduced_motion\":true") "," SCREEN("haut", "1080", "1920",
                                                                     HOURS
                                                                     ",\"layout\":"
                                                                     "\"maison\"") "," SCREEN("simp"
                                                                                              "le",
                                                                                              "192"
                                                                                              "0",
                                                                                              "108"
                                                                                              "0",
                                                                                              "\"op"
                                                                                              "enin"
                                                                                              "g\":"
                                                                                              "[]") "]}";
static const char layout[] =
    "{\"format\":1,\"id\":\"maison\",\"title\":\"Maison\",\"strip\":\"top\",\"news\":true,"
    "\"zones\":[{\"id\":\"main\",\"landscape\":[0,0,11,9],\"portrait\":[0,0,9,16]},"
    "{\"id\":\"side\",\"landscape\":[11,2,5,7],\"fill\":\"#005F5F\"},"
    "{\"id\":\"logo\",\"kind\":\"logo\",\"file\":\"logo.jpg\",\"landscape\":[11,0,5,2]}]}";
static const char main_playlist[] =
    "{\"format\":1,\"id\":\"boucle\",\"title\":\"Boucle\",\"strip\":true,\"transition\":\"wipe\","
    "\"transition_ms\":700,\"entries\":["
    "{\"slide\":{\"template\":\"quote\",\"texts\":{\"quote\":\"Oui ?\",\"author\":\"Awa\"},"
    "\"picture\":{\"file\":\"awa.jpg\",\"alt\":\"Awa\"}}},"
    "{\"source\":\"agenda\",\"days\":30,\"count\":2},"
    "{\"source\":\"figure\",\"meaning\":\"structures\",\"origin\":\"Annuaire\"}]}";
static const char side_playlist[] =
    "{\"format\":1,\"id\":\"cote\",\"title\":\"Côté\",\"strip\":true,\"entries\":["
    "{\"source\":\"now_here\",\"site\":\"hall\",\"count\":2,\"weight\":10}]}";
static const char news_playlist[] =
    "{\"format\":1,\"id\":\"breves\",\"title\":\"Brèves\",\"strip\":true,\"entries\":["
    "{\"source\":\"news\",\"days\":30}]}";
static const char alarm_playlist[] =
    "{\"format\":1,\"id\":\"alarme\",\"title\":\"Alarme\",\"strip\":true,\"entries\":["
    "{\"slide\":{\"template\":\"emergency\",\"texts\":{\"title\":\"Évacuez\"}}}]}";
static const char rules[] =
    "{\"format\":1,\"rules\":[" RULE("base", "boucle", "base", DATES) "," RULE(
        "cote", "cote", "base",
        ",\"zone\":\"side\"" DATES) "," RULE("breves", "breves", "base",
                                             ",\"zone\":\"news\"" DATES) "]}";
static const char alarm_rules[] = "{\"format\":1,\"rules\":[" RULE(
    "alarme", "alarme", "emergency",
    ",\"starts\":\"2026-11-24T21:00:00+01:00\",\"ends\":\"2026-11-24T21:30:00+01:00\"") "]}";

static void company(struct fixture *f, const char *id, const char *name, const char *floor,
                    const char *office)
{
    struct organisation organisation = {.id = id,
                                        .nom = name,
                                        .naf_label = "Menuiserie",
                                        .commune = "Rouen",
                                        .in_metropole = true,
                                        .site = "hall",
                                        .etage = floor,
                                        .bureau = office,
                                        .diffusable = true,
                                        .state = STATE_PUBLISHED};
    enum upsert_result result;
    assert_ok(organisations_upsert(f->db, f->arena, &organisation, &result, &f->err), f->err);
}

static void meeting(struct fixture *f, const char *uid, const char *title, const char *place,
                    int64_t day)
{
    struct event event = {.uid = uid,
                          .title = title,
                          .place = place,
                          .commune = "Rouen",
                          .in_metropole = true,
                          .state = STATE_PUBLISHED};
    int64_t start_ms = day * DAY + 18 * 3600000 - 3600000;
    struct occurrence at = {.start_ms = start_ms,
                            .end_ms = start_ms + 7200000,
                            .local_day = day,
                            .local_minute = 1080,
                            .local_last_day = day,
                            .local_end_minute = 1200};
    enum upsert_result result;
    assert_ok(events_upsert(f->db, f->arena, &event, &at, 1, &result, &f->err), f->err);
}

static void load_folder(struct fixture *f)
{
    struct document_report_list reports;
    const char *folder = arena_printf(f->arena, "%s/doc", f->folder);
    assert_ok(content_load_folder(f->db, &f->media, f->arena, folder, NULL, &reports, &f->err),
              f->err);
}

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
    company(f, "c", "La Scierie", "2", "214");
    company(f, "a", "L’Établi", "0", "004");
    company(f, "b", "Le Fil", "1", "");
    meeting(f, "bal@x", "Bal", "Hall, grande salle", civil_days(2026, 11, 24));
    meeting(f, "soupe@x", "Soupe", "Place du marché", civil_days(2026, 11, 26));
    fixture_photo(f, "doc/playlists/awa.jpg");
    fixture_photo(f, "doc/layouts/logo.jpg");
    fixture_document(f, "doc/layouts/maison.json", layout);
    fixture_document(f, "doc/ecrans.json", screens);
    fixture_document(f, "doc/playlists/boucle.json", main_playlist);
    fixture_document(f, "doc/playlists/cote.json", side_playlist);
    fixture_document(f, "doc/playlists/breves.json", news_playlist);
    fixture_document(f, "doc/playlists/alarme.json", alarm_playlist);
    fixture_document(f, "doc/programmations.json", rules);
    load_folder(f);
    return 0;
}

static int teardown(void **state)
{
    struct installation *in = *state;
    void *fixture = in->f;
    free(in);
    return fixture_teardown(&fixture);
}

static struct publish_counts publish(struct installation *in, int64_t now_ms)
{
    struct publish_counts counts;
    assert_ok(publish_all(in->f->db, &in->f->media, &in->keys, now_ms, &(struct publish_watch){0},
                          &counts, &in->f->err),
              in->f->err);
    assert_int_equal(counts.failed, 0);
    return counts;
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

static const struct slide *slide_of(const struct manifest *manifest, const char *template)
{
    for (size_t i = 0; i < manifest->slide_count; i++) {
        if (strcmp(manifest->slides[i].template, template) == 0) {
            return &manifest->slides[i];
        }
    }
    fail_msg("no slide of template %s", template);
    return NULL;
}

static void test_manifest(void **state)
{
    struct installation *in = *state;
    publish(in, fixture_instant(NOON));
    struct manifest *manifest = open_latest(in, "e1");
    assert_true(manifest->screen.reduced_motion);
    assert_int_equal(manifest->layout_count, 1);
    const struct manifest_layout *made = &manifest->layouts[0];
    assert_int_equal(made->strip, STRIP_TOP);
    assert_int_equal(made->zone_count, 3);
    assert_string_equal(made->zones[1].id, "side");
    assert_int_equal(made->zones[1].x, 6875);
    assert_int_equal(made->zones[1].fill, 0x005F5F);
    assert_int_equal(made->zones[2].kind, ZONE_LOGO);
    assert_non_null(manifest_file(manifest, &made->zones[2].file));
    assert_int_equal(manifest->track_count, 2);

    struct timeline now = timeline_at(manifest, fixture_instant(NOON));
    assert_int_equal(now.loop->transition, TRANSITION_WIPE);
    assert_int_equal(now.loop->transition_ms, 700);
    const struct slide *agenda = slide_of(manifest, "agenda");
    assert_string_equal(slide_text(agenda, "row_1"), "Bal");
    assert_string_equal(slide_text(agenda, "row_1_label"), "mar.\u00A024\u00A0nov., 18\u00A0h");
    assert_string_equal(slide_text(agenda, "row_2_detail"), "Place du marché");
    const struct slide *figure = slide_of(manifest, "key_figure");
    assert_string_equal(slide_text(figure, "figure"), "3");
    const struct slide *quote = slide_of(manifest, "quote");
    assert_string_equal(slide_text(quote, "quote"), "Oui\u202F?");
    assert_non_null(manifest_file(manifest, &slide_picture(quote, "photo")->file));

    /* floor by floor, and what is on today before them, until it is over */
    size_t side = made->zones[1].track;
    now = timeline_track_at(manifest, side, fixture_instant(NOON));
    assert_int_equal(now.loop->item_count, 3);
    const struct slide *here = &manifest->slides[now.loop->items[0].slide];
    assert_string_equal(slide_text(here, "row_1"), "Bal");
    assert_string_equal(slide_text(here, "row_1_label"), "18\u00A0h");
    here = &manifest->slides[now.loop->items[1].slide];
    assert_string_equal(slide_text(here, "subtitle"), "Hall");
    assert_string_equal(slide_text(here, "row_1"), "L’Établi");
    assert_string_equal(slide_text(here, "row_1_label"), "RdC, 004");
    here = &manifest->slides[now.loop->items[2].slide];
    assert_string_equal(slide_text(here, "row_1"), "Le Fil");
    assert_string_equal(slide_text(here, "row_1_label"), "1er étage");
    assert_string_equal(slide_text(here, "row_2_label"), "2e étage, 214");
    now = timeline_track_at(manifest, side, fixture_instant("2026-11-24T20:00:00+01:00"));
    assert_int_equal(now.loop->item_count, 2);

    now = timeline_track_at(manifest, made->strip_track, fixture_instant(NOON));
    assert_string_equal(slide_text(now.slide, "title"), "Bal, mar.\u00A024\u00A0nov., Rouen");
    assert_true(manifest_closed_at(manifest, fixture_instant("2026-11-24T21:15:00+01:00"), NULL));
    manifest_destroy(manifest);

    /* in portrait the side column and the logo are not there */
    manifest = open_latest(in, "haut");
    assert_int_equal(manifest->layouts[0].zone_count, 1);
    assert_int_equal(manifest->track_count, 1);
    manifest_destroy(manifest);
    /* what names zones that a screen has not leaves it alone */
    manifest = open_latest(in, "simple");
    assert_int_equal(manifest->track_count, 0);
    assert_int_equal(manifest->closed_count, 0);
    manifest_destroy(manifest);
}

/* Screens that show the same are assembled together; what comes out is what each alone would get.
 */
static void test_together_as_alone(void **state)
{
    static const char *const ids[] = {"e1", "e2", "haut", "simple"};
    struct installation *in = *state;
    struct fixture *f = in->f;
    int64_t now = fixture_instant(NOON);
    assert_int_equal(publish(in, now).published, 4);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct manifest *together = open_latest(in, ids[i]);
        struct manifest *alone = assemble_manifest(f->db, NULL, NULL, ids[i], now, 1, 1, &f->err);
        assert_non_null(alone);
        struct strbuf a;
        struct strbuf b;
        strbuf_init(&a);
        strbuf_init(&b);
        manifest_encode(together, &a);
        manifest_encode(alone, &b);
        assert_string_equal(a.bytes, b.bytes);
        strbuf_finish(&a);
        strbuf_finish(&b);
        manifest_destroy(together);
        manifest_destroy(alone);
    }
    /* On the morrow the same is out; a screen that is called otherwise gets a version of its own.
     */
    assert_int_equal(publish(in, now).unchanged, 4);
    assert_int_equal(publish(in, now + DAY).unchanged, 4);
    const char *at = strstr(screens, "Écran e2");
    fixture_document(f, "doc/ecrans.json",
                     arena_printf(f->arena, "%.*sQuai%s", (int)(at - screens), screens,
                                  at + strlen("Écran e2")));
    load_folder(f);
    assert_int_equal(publish(in, now + DAY).published, 1);
    struct manifest *manifest = open_latest(in, "e2");
    assert_string_equal(manifest->screen.name, "Quai");
    assert_int_equal(manifest->version, 2);
    manifest_destroy(manifest);
}

/* More programmes than one run keeps. */
static void test_many_programmes(void **state)
{
    enum { MANY = 30 };
    struct installation *in = *state;
    struct fixture *f = in->f;
    int64_t now = fixture_instant(NOON);
    struct strbuf fleet;
    struct strbuf programme;
    strbuf_init(&fleet);
    strbuf_init(&programme);
    strbuf_append(&fleet, "{\"format\":1,\"sites\":[],\"groups\":[],\"screens\":[");
    strbuf_append(&programme, "{\"format\":1,\"rules\":[");
    for (int i = 0; i < MANY; i++) {
        strbuf_printf(&fleet,
                      "%s{\"id\":\"s%d\",\"name\":\"S%d\",\"site\":\"hall\",\"groups\":[],"
                      "\"width_px\":1920,\"height_px\":1080,\"diagonal_mm\":1400,"
                      "\"viewing_distance_mm\":4000,\"bottom_edge_mm\":900,\"kiosk\":false,"
                      "\"time_zone\":\"Europe/Paris\",\"languages\":[\"fr\"],\"opening\":[]}",
                      i > 0 ? "," : "", i, i);
        strbuf_printf(&programme,
                      "%s{\"id\":\"r%d\",\"title\":\"R\",\"playlist\":\"boucle\",\"screens\":["
                      "\"s%d\"],\"groups\":[],\"class\":\"base\"" DATES "}",
                      i > 0 ? "," : "", i, i);
    }
    strbuf_append(&fleet, "]}");
    strbuf_append(&programme, "]}");
    fixture_document(f, "doc/ecrans.json", fleet.bytes);
    fixture_document(f, "doc/programmations.json", programme.bytes);
    load_folder(f);
    assert_int_equal(publish(in, now).published, MANY + 4);
    assert_int_equal(publish(in, now + DAY).unchanged, MANY + 4);
    for (int i = 0; i < MANY; i++) {
        struct manifest *manifest = open_latest(in, arena_printf(f->arena, "s%d", i));
        struct timeline shown = timeline_at(manifest, now);
        assert_string_equal(shown.interval->rule, arena_printf(f->arena, "r%d", i));
        assert_string_equal(manifest->screen.name, arena_printf(f->arena, "S%d", i));
        manifest_destroy(manifest);
    }
    strbuf_finish(&fleet);
    strbuf_finish(&programme);
}

/* What makes another version: each of these alone. */
static void test_what_is_new(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    int64_t now = fixture_instant(NOON);
    static const struct {
        const char *file;
        const char *document;
        const char *from;
        const char *to;
        size_t published;
    } changes[] = {
        {"doc/playlists/boucle.json", main_playlist, "\"wipe\"", "\"cut\"", 4},
        {"doc/playlists/breves.json", news_playlist, "\"days\":30", "\"days\":1", 3},
        {"doc/playlists/cote.json", side_playlist, "\"count\":2", "\"count\":3", 2},
        {"doc/ecrans.json", screens, "\"08:00\"", "\"08:30\"", 1},
        {"doc/ecrans.json", screens, "\"reduced_motion\":true", "\"reduced_motion\":false", 1},
        {"doc/ecrans.json", screens, "\"layout\":\"maison\"", "\"layout\":\"plein\"", 1},
    };
    publish(in, now);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        const char *at = strstr(changes[i].document, changes[i].from);
        fixture_document(f, changes[i].file,
                         arena_printf(f->arena, "%.*s%s%s", (int)(at - changes[i].document),
                                      changes[i].document, changes[i].to,
                                      at + strlen(changes[i].from)));
        load_folder(f);
        size_t published = publish(in, now).published;
        if (published != changes[i].published) {
            fail_msg("%s → %s: %zu published", changes[i].from, changes[i].to, published);
        }
        fixture_document(f, changes[i].file, changes[i].document);
        load_folder(f);
        assert_int_equal(publish(in, now).published, changes[i].published);
    }
}

/* A site's own template goes before the program's, and travels. */
static void test_own_template(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    int64_t now = fixture_instant(NOON);
    publish(in, now);
    const struct template *shipped = template_set_find(template_set_builtin(), "quote");
    const char *source = arena_strndup(f->arena, shipped->source, shipped->source_length);
    const char *at = strstr(source, "Citation");
    assert_non_null(at);
    const char *own = arena_printf(f->arena, "%.*sParoles%s", (int)(at - source), source,
                                   at + strlen("Citation"));
    fixture_document(f, "doc/templates/quote.json", own);
    load_folder(f);
    assert_int_equal(publish(in, now).published, 4);
    struct manifest *manifest = open_latest(in, "e1");
    for (size_t i = 0; i < manifest->template_count; i++) {
        char path[4096];
        char *bytes = NULL;
        size_t length = 0;
        assert_non_null(
            media_path(f->media.folder, &manifest->templates[i].file, path, sizeof path));
        assert_ok(file_read(path, 1 << 20, &bytes, &length, &f->err), f->err);
        if (strcmp(manifest->templates[i].name, "quote") == 0) {
            assert_string_equal(bytes, own);
        }
        free(bytes);
    }
    manifest_destroy(manifest);
}

static void test_emergency(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    int64_t now = fixture_instant(NOON);
    int64_t during = fixture_instant("2026-11-24T21:15:00+01:00");
    int64_t before = fixture_instant("2026-11-24T19:59:00+01:00");
    publish(in, now);
    struct manifest *first = open_latest(in, "e1");
    fixture_document(f, "doc/programmations.json", alarm_rules);
    load_folder(f);
    assert_int_equal(publish(in, now).published, 4);
    struct manifest *manifest = open_latest(in, "e1");
    const struct manifest_interval *alarm = manifest_emergency_at(manifest, during);
    assert_non_null(alarm);
    assert_int_equal(alarm->until_ms, fixture_instant("2026-11-24T21:30:00+01:00"));
    assert_int_equal(manifest->layouts[alarm->layout].zone_count, 1);
    assert_int_equal(manifest->layouts[alarm->layout].zones[0].w, MANIFEST_WHOLE);
    assert_int_equal(manifest->layouts[alarm->layout].strip, STRIP_NONE);
    assert_false(manifest_closed_at(manifest, during, NULL)); /* at night */
    assert_null(manifest_emergency_at(first, during));
    /* until then nothing jumps, in no zone */
    for (size_t track = 0; track <= manifest->track_count; track++) {
        struct timeline was = timeline_track_at(first, track, before);
        struct timeline is = timeline_track_at(manifest, track, before);
        assert_string_equal(was.slide->id, is.slide->id);
        assert_true(was.item_from_ms == is.item_from_ms);
    }
    manifest_destroy(first);
    manifest_destroy(manifest);

    struct explanation told;
    assert_ok(explain_screen(f->db, f->arena, "e1", during, &told, &f->err), f->err);
    assert_string_equal(told.main.rule->id, "alarme");
    assert_true(told.full_screen);
    assert_false(told.strip || told.closed);
    assert_int_equal(told.closed_until_ms, fixture_instant("2026-11-24T21:30:00+01:00"));
}

static void test_explain(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    struct explanation told;
    int64_t at_ms = fixture_instant(NOON) + 1234;
    assert_ok(explain_screen(f->db, f->arena, "e1", at_ms, &told, &f->err), f->err);
    assert_string_equal(told.layout, "maison");
    assert_true(told.strip);
    assert_false(told.full_screen || told.closed);
    assert_int_equal(told.closed_until_ms, fixture_instant("2026-11-24T20:00:00+01:00"));
    assert_int_equal(told.main.transition, TRANSITION_WIPE);
    assert_int_equal(told.zone_count, 2);
    struct manifest *manifest =
        assemble_manifest(f->db, NULL, NULL, "e1", at_ms - 3 * DAY, 1, 1, &f->err);
    assert_non_null(manifest);
    for (size_t i = 0; i < told.zone_count; i++) {
        struct timeline now = timeline_track_at(manifest, i + 1, at_ms);
        assert_string_equal(told.zones[i].zone, i == 0 ? "side" : "news");
        assert_string_equal(told.zones[i].rule->id, now.interval->rule);
        assert_string_equal(told.zones[i].slide.id, now.slide->id);
        assert_int_equal(told.zones[i].item_from_ms, now.item_from_ms);
    }
    manifest_destroy(manifest);
    assert_ok(explain_screen(f->db, f->arena, "simple", at_ms, &told, &f->err), f->err);
    assert_int_equal(told.rule_count, 3);
    assert_int_equal(told.rules[1].verdict, EXPLAIN_NO_ZONE);
    assert_int_equal(told.rules[2].verdict, EXPLAIN_NO_ZONE);
    assert_ok(explain_screen(f->db, f->arena, "e1", fixture_instant("2026-11-28T12:00:00+01:00"),
                             &told, &f->err),
              f->err);
    assert_true(told.closed);
    assert_int_equal(told.closed_until_ms, fixture_instant("2026-11-30T08:00:00+01:00"));
}

/* A film is on screen for its length and its fading in; one alone has nothing to fade from. */
static void test_film(void **state)
{
    struct installation *in = *state;
    struct fixture *f = in->f;
    const char *film = arena_printf(f->arena, "%s/doc/playlists/film.mp4", f->folder);
    const char *command =
        arena_printf(f->arena,
                     "ffmpeg -v error -y -f lavfi -i color=s=64x64:r=10:d=2 -pix_fmt yuv420p '%s' "
                     "</dev/null 2>/dev/null",
                     film);
    if (system("command -v ffmpeg >/dev/null") != 0) {
        print_message("ffmpeg is not installed\n");
        skip();
    }
    assert_int_equal(system(command), 0);
    fixture_document(f, "doc/playlists/film.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nBonjour\n");
    static const char *const entries[] = {
        "", ",{\"slide\":{\"template\":\"quote\",\"texts\":{\"quote\":\"Oui\",\"author\":\"A\"}}}"};
    for (size_t i = 0; i < 2; i++) {
        fixture_document(
            f, "doc/playlists/boucle.json",
            arena_printf(f->arena,
                         "{\"format\":1,\"id\":\"boucle\",\"title\":\"B\",\"strip\":false,"
                         "\"transition_ms\":400,\"entries\":[{\"film\":{\"file\":\"film.mp4\","
                         "\"captions\":\"film.vtt\",\"title\":\"Essai\"}}%s]}",
                         entries[i]));
        load_folder(f);
        publish(in, fixture_instant(NOON));
        struct manifest *manifest = open_latest(in, "simple");
        const struct slide *slide = slide_of(manifest, "video");
        assert_true(slide->has_video && slide->video.has_captions);
        assert_int_equal(slide->video.length_ms, 2000);
        assert_string_equal(slide->title, "Essai");
        assert_string_equal(manifest_file(manifest, &slide->video.file)->type, "video/mp4");
        assert_string_equal(manifest_file(manifest, &slide->video.captions)->type, "text/vtt");
        assert_int_equal(manifest->loops[0].items[0].duration_ms, i == 0 ? 2000 : 2400);
        manifest_destroy(manifest);
    }
    /* The document in the store names the film by its content, and can be loaded again so. */
    struct playlist_record record;
    struct document_report report;
    assert_ok(playlists_get(f->db, f->arena, "boucle", &record, &f->err), f->err);
    assert_non_null(strstr(record.document, "\"length_ms\":2000"));
    const char *path = fixture_document(f, "encore.json", record.document);
    assert_ok(document_load(f->db, &f->media, f->arena, DOCUMENT_PLAYLIST, path, &report, &f->err),
              f->err);
    assert_int_equal(report.unchanged, 1);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_manifest),        CASE(test_together_as_alone),
        CASE(test_many_programmes), CASE(test_what_is_new),
        CASE(test_own_template),    CASE(test_emergency),
        CASE(test_explain),         CASE(test_film),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
