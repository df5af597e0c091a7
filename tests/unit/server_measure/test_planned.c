/* What was planned: manifests walked by hand and out of the store, over publications, restarts and
 * dark hours. */
#include "../server_store/store_fixture.h"

#include "core/json.h"
#include "core/strbuf.h"
#include "server/measure/accountant.h"
#include "server/measure/planned.h"
#include "server/store/devices.h"
#include "server/store/fleet.h"
#include "server/store/manifests.h"
#include "server/store/plays.h"
#include "server/store/record.h"

/* A full hour. */
#define START (INT64_C(498612) * HOUR_MS)
#define MINUTE INT64_C(60000)

static const char slide_format[] =
    "{\"id\":\"%s\",\"template\":\"announcement\",\"subject\":\"sujet-%s\",\"organisation\":\"%s\","
    "\"title\":\"Titre "
    "%s\",\"lang\":\"fr\",\"link\":\"\",\"duration_ms\":10000,\"texts\":{\"title\":"
    "\"Bonjour\"},\"pictures\":[]}";

/* Two slides (10 s and 20 s) in the main zone, one of a minute in the side zone; dark from the 30th
 * to the 45th minute of each of the first ten hours. */
static struct manifest *make(int version, int64_t created_ms, const char *first)
{
    struct strbuf json;
    struct error error;
    char text[512];

    strbuf_init(&json);
    strbuf_printf(&json,
                  "{\"format\":2,\"epoch\":1,\"version\":%d,\"created_ms\":%lld,"
                  "\"valid_until_ms\":%lld,\"screen\":{\"id\":\"hall\",\"name\":\"Hall\","
                  "\"site\":\"\",\"site_id\":\"\",\"width_px\":1920,\"height_px\":1080,"
                  "\"rotation\":0,\"diagonal_mm\":1200,\"viewing_distance_mm\":3000,"
                  "\"bottom_edge_mm\":2000,\"kiosk\":false,\"time_zone\":\"Europe/Paris\","
                  "\"languages\":[\"fr\"],\"reduced_motion\":false},"
                  "\"offsets\":[{\"from_ms\":0,\"offset_s\":3600}],\"files\":[],\"slides\":[",
                  version, (long long)created_ms, (long long)(START + 1000 * HOUR_MS));
    strbuf_printf(&json, slide_format, first, first, "la-seconde-rive", first);
    strbuf_append(&json, ",");
    strbuf_printf(&json, slide_format, "b", "b", "", "b");
    strbuf_append(&json, ",");
    strbuf_printf(&json, slide_format, "c", "c", "", "c");
    strbuf_printf(
        &json,
        "],\"loops\":[{\"playlist\":\"p\",\"transition\":\"fade\",\"transition_ms\":500,\"items\":"
        "[{\"slide\":0,\"duration_ms\":10000},{\"slide\":1,\"duration_ms\":20000}]},"
        "{\"playlist\":\"q\",\"transition\":\"cut\",\"transition_ms\":0,\"items\":"
        "[{\"slide\":2,\"duration_ms\":60000}]}],"
        "\"intervals\":[{\"from_ms\":%lld,\"until_ms\":%lld,\"origin_ms\":%lld,\"loop\":0,"
        "\"layout\":0,\"class\":\"base\",\"rule\":\"r\"}],"
        "\"layouts\":[{\"id\":\"colonne\",\"strip\":\"none\",\"strip_track\":0,\"zones\":["
        "{\"id\":\"main\",\"kind\":\"loop\",\"x\":0,\"y\":0,\"w\":7500,\"h\":10000,\"track\":0,"
        "\"fill\":0},{\"id\":\"side\",\"kind\":\"loop\",\"x\":7500,\"y\":0,\"w\":2500,\"h\":10000,"
        "\"track\":1,\"fill\":0}]}],"
        "\"tracks\":[{\"intervals\":[{\"from_ms\":%lld,\"until_ms\":%lld,\"origin_ms\":%lld,"
        "\"loop\":1,\"layout\":0,\"class\":\"base\",\"rule\":\"s\"}]}],\"closed\":[",
        (long long)START, (long long)(START + 900 * HOUR_MS), (long long)START, (long long)START,
        (long long)(START + 900 * HOUR_MS), (long long)START);
    for (int i = 0; i < 10; i++)
        strbuf_printf(&json, "%s{\"from_ms\":%lld,\"until_ms\":%lld}", i > 0 ? "," : "",
                      (long long)(START + i * HOUR_MS + 30 * MINUTE),
                      (long long)(START + i * HOUR_MS + 45 * MINUTE));
    strbuf_append(&json, "],\"templates\":[]}");
    struct manifest *manifest = manifest_decode(json.bytes, json.length, &error);
    if (manifest == NULL)
        fail_msg("%s", error_text(&error, LANG_EN, text, sizeof(text)));
    strbuf_finish(&json);
    return manifest;
}

struct totals {
    int64_t plays[3], length_ms[3]; /* a, b, c */
};

static void count(void *context, const struct planned_piece *piece)
{
    struct totals *totals = context;
    int slide = piece->slide->id[0] - 'a';

    assert_string_equal(piece->zone, slide == 2 ? "side" : "main");
    assert_string_equal(piece->rule, slide == 2 ? "s" : "r");
    totals->plays[slide] += piece->begins;
    totals->length_ms[slide] += piece->until_ms - piece->from_ms;
}

static void test_walk(void **state)
{
    static const struct {
        int64_t from, until; /* ms after START */
        struct totals wanted;
    } table[] = {
        {0, 30000, {{1, 1, 1}, {10000, 20000, 30000}}},
        {5000, 15000, {{0, 1, 0}, {5000, 5000, 10000}}},
        {0, 30 * MINUTE, {{60, 60, 1}, {600000, 1200000, 1800000}}},
        /* The second half hour is dark for a quarter, after which all begin. */
        {30 * MINUTE, 60 * MINUTE, {{30, 30, 1}, {300000, 600000, 900000}}},
        {0, 60 * MINUTE, {{90, 90, 2}, {900000, 1800000, 2700000}}},
        {31 * MINUTE, 44 * MINUTE, {{0, 0, 0}, {0, 0, 0}}},
        {-1000, 0, {{0, 0, 0}, {0, 0, 0}}},
        /* No opening hours any more: nothing changes at a full hour. */
        {20 * HOUR_MS, 21 * HOUR_MS, {{120, 120, 0}, {1200000, 2400000, 3600000}}},
    };
    struct manifest *manifest = make(1, START, "a");

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct totals totals = {{0}, {0}};
        planned_walk(manifest, START + table[i].from, START + table[i].until, count, &totals);
        for (int k = 0; k < 3; k++) {
            if (totals.plays[k] != table[i].wanted.plays[k] ||
                totals.length_ms[k] != table[i].wanted.length_ms[k])
                fail_msg("line %zu, slide %c: %lld plays, %lld ms", i, 'a' + k,
                         (long long)totals.plays[k], (long long)totals.length_ms[k]);
        }
    }
    manifest_destroy(manifest);
}

static void publish(struct fixture *f, const struct sign_keys *keys, int version,
                    int64_t created_ms, const char *first)
{
    struct manifest *manifest = make(version, created_ms, first);
    struct strbuf json, sealed;

    strbuf_init(&json);
    strbuf_init(&sealed);
    manifest_encode(manifest, &json);
    manifest_seal(json.bytes, json.length, keys, &sealed);
    struct manifest_record record = {.screen = "hall",
                                     .epoch = 1,
                                     .version = version,
                                     .content_hash = "",
                                     .created_ms = created_ms,
                                     .valid_until_ms = manifest->valid_until_ms,
                                     .sealed = sealed.bytes,
                                     .sealed_size = sealed.length};
    assert_true(manifests_put(f->db, &record, &f->err));
    strbuf_finish(&json);
    strbuf_finish(&sealed);
    manifest_destroy(manifest);
}

static int64_t planned_ms(struct fixture *f, const char *slide)
{
    const struct db_value values[] = {db_text(slide)};
    int64_t value;

    assert_true(record_scalar(f->db,
                              "SELECT coalesce(sum(planned_ms), 0) FROM play_hours JOIN play_items "
                              "ON number = item WHERE slide = $1",
                              values, 1, &value, &f->err));
    return value;
}

static void look(struct fixture *f, const struct sign_keys *keys, int64_t now_ms)
{
    struct error error;
    struct writer writer;
    char text[512];

    /* A server's life: everything is opened anew. */
    db_close(f->db);
    struct db *reader = NULL;
    if (!writer_init(&writer, f->path, &error) ||
        (reader = store_open(f->path, DB_READER, &error)) == NULL ||
        !accountant_look(&writer, reader, &keys->public, now_ms, &error))
        fail_msg("%s", error_text(&error, LANG_EN, text, sizeof(text)));
    db_close(reader);
    writer_finish(&writer);
    f->db = store_open(f->path, DB_WRITER, &f->err);
    assert_non_null(f->db);
}

static void add_screen(struct fixture *f, bool enrolled)
{
    struct screen screen = {.id = "hall",
                            .name = "Hall",
                            .site = "",
                            .width_px = 1920,
                            .height_px = 1080,
                            .time_zone = "Europe/Paris",
                            .opening = "",
                            .layout = ""};
    struct device device = {"hall", "aa", "bb", "", "", START - HOUR_MS, 0};
    enum upsert_result result;

    assert_true(screens_upsert(f->db, f->arena, &screen, &result, &f->err));
    if (enrolled)
        assert_true(devices_put(f->db, &device, &f->err));
}

static void test_versions_and_restarts(void **state)
{
    struct fixture *f = *state;
    struct sign_keys keys;
    int64_t places;

    assert_true(sign_init());
    sign_keys_generate(&keys);
    add_screen(f, true);
    publish(f, &keys, 1, START, "a");
    look(f, &keys, START + 10 * MINUTE); /* made no full hour yet, but nobody has looked before */
    assert_int_equal(planned_ms(f, "a"), 10 * MINUTE / 3);
    look(f, &keys, START + 12 * MINUTE); /* neither a full hour nor another manifest */
    assert_int_equal(planned_ms(f, "a"), 10 * MINUTE / 3);
    /* Five publications before anybody looks again: all of them are in the sums. */
    for (int i = 0; i < 5; i++)
        publish(f, &keys, 2 + i, START + (12 + 3 * i) * MINUTE, i % 2 == 0 ? "d" : "e");
    look(f, &keys, START + 27 * MINUTE);
    assert_int_equal(planned_ms(f, "a"), 12 * MINUTE / 3);
    assert_int_equal(planned_ms(f, "d"), 9 * MINUTE / 3);
    assert_int_equal(planned_ms(f, "e"), 6 * MINUTE / 3);
    look(f, &keys, START + 27 * MINUTE);
    assert_int_equal(planned_ms(f, "d"), 9 * MINUTE / 3);
    look(f, &keys, START + HOUR_MS);
    assert_int_equal(planned_ms(f, "d"), (9 + 3 + 15) * MINUTE / 3);
    /* A pause of twenty days: dark for a quarter of each of nine hours. */
    look(f, &keys, START + 481 * HOUR_MS);
    assert_int_equal(planned_ms(f, "d"), (27 + 480 * 60 - 9 * 15) * MINUTE / 3);
    assert_int_equal(planned_ms(f, "c"), (45 + 480 * 60 - 9 * 15) * MINUTE);
    assert_true(record_scalar(f->db, "SELECT count(*) FROM screen_hours WHERE open = 4095", NULL, 0,
                              &places, &f->err));
    assert_int_equal(places, 471);
    assert_true(record_scalar(f->db, "SELECT open FROM screen_hours ORDER BY hour LIMIT 1", NULL, 0,
                              &places, &f->err));
    assert_int_equal(places, 0xe3f);
}

/* The player tells plays of the same items: both meet in the same rows. */
static void test_meets_plays(void **state)
{
    struct fixture *f = *state;
    struct sign_keys keys;
    struct play play = {"hall",
                        "0123456789abcdef0123456789abcdef",
                        1,
                        "a",
                        "Titre a",
                        "sujet-a",
                        "la-seconde-rive",
                        "p",
                        "r",
                        "main",
                        "1-1",
                        START,
                        START + 10000};
    int64_t rows;
    size_t stored;

    assert_true(sign_init());
    sign_keys_generate(&keys);
    add_screen(f, true);
    publish(f, &keys, 1, START, "a");
    assert_true(plays_add(f->db, &play, 1, &stored, &f->err));
    look(f, &keys, START + 20 * MINUTE);
    assert_true(record_scalar(f->db,
                              "SELECT count(*) FROM play_hours WHERE plays = 1 AND "
                              "length_ms = 10000 AND planned = 40 AND planned_ms = 400000",
                              NULL, 0, &rows, &f->err));
    assert_int_equal(rows, 1);
}

/* A screen that is only described owes nothing. */
static void test_without_player(void **state)
{
    struct fixture *f = *state;
    struct sign_keys keys;

    assert_true(sign_init());
    sign_keys_generate(&keys);
    add_screen(f, false);
    publish(f, &keys, 1, START, "a");
    look(f, &keys, START + 5 * HOUR_MS);
    assert_int_equal(planned_ms(f, "a"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk),
        cmocka_unit_test_setup_teardown(test_versions_and_restarts, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_meets_plays, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_without_player, fixture_setup, fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
