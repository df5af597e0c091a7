/* Proof of play: stored once, summed by title and organisation, forgotten by portions. */
#include "store_fixture.h"

#include "server/store/fleet.h"
#include "server/store/plays.h"
#include "server/store/record.h"
#include "server/store/sums.h"

static struct play one(const char *screen, int64_t sequence, const char *title, int64_t from_ms)
{
    return (struct play){.screen = screen,
                         .boot = "0123456789abcdef0123456789abcdef",
                         .sequence = sequence,
                         .slide = "s",
                         .title = title,
                         .subject = "x",
                         .organisation = "o",
                         .playlist = "p",
                         .rule = "r",
                         .zone = "main",
                         .manifest = "1-1",
                         .from_ms = from_ms,
                         .until_ms = from_ms + 10000};
}

static int64_t scalar(struct fixture *f, const char *sql)
{
    int64_t value;

    assert_true(record_scalar(f->db, sql, NULL, 0, &value, &f->err));
    return value;
}

static int64_t raw_count(struct fixture *f)
{
    return scalar(f, "SELECT count(*) FROM plays");
}

static void test_sums(void **state)
{
    struct fixture *f = *state;
    struct play plays[] = {one("hall", 1, "A", 1000), one("hall", 2, "A", 20000),
                           one("hall", 3, "B", 30000), one("bar", 1, "A", 1000)};
    struct play_sum_list sums;
    struct text_list screens;
    size_t stored;

    assert_true(plays_add(f->db, plays, 4, &stored, &f->err));
    assert_int_equal(stored, 4);
    assert_true(plays_add(f->db, plays, 4, &stored, &f->err));
    assert_int_equal(stored, 0);
    plays[0].boot = "ffffffffffffffffffffffffffffffff";
    plays[0].rule = "another"; /* told apart, and summed all the same */
    assert_true(plays_add(f->db, plays, 1, &stored, &f->err));
    assert_int_equal(stored, 1);
    assert_true(plays_sum(f->db, f->arena, "hall", 0, HOUR_MS, &sums, &f->err));
    assert_int_equal(sums.count, 2);
    assert_string_equal(sums.items[0].title, "A");
    assert_string_equal(sums.items[0].organisation, "o");
    assert_int_equal(sums.items[0].count, 3);
    assert_int_equal(sums.items[0].length_ms, 30000);
    assert_string_equal(sums.items[1].title, "B");
    assert_true(plays_sum(f->db, f->arena, "hall", HOUR_MS, 9 * HOUR_MS, &sums, &f->err));
    assert_int_equal(sums.count, 0);
    assert_true(plays_sum(f->db, f->arena, "nowhere", 0, HOUR_MS, &sums, &f->err));
    assert_int_equal(sums.count, 0);
    assert_true(plays_screens(f->db, f->arena, &screens, &f->err));
    assert_int_equal(screens.count, 2);
    assert_string_equal(screens.items[0], "bar");
    assert_string_equal(screens.items[1], "hall");
}

static void test_forgotten_by_portions(void **state)
{
    struct fixture *f = *state;
    struct play_sum_list sums;
    struct play plays[10];
    int64_t count;
    size_t stored;

    for (int i = 0; i < 10; i++)
        plays[i] = one(i % 2 == 0 ? "hall" : "bar", i + 1, "A", 1000 * i);
    assert_true(plays_add(f->db, plays, 10, &stored, &f->err));
    assert_true(plays_expire(f->db, 7000, 4, &count, &f->err));
    assert_int_equal(count, 4);
    assert_true(plays_expire(f->db, 7000, 4, &count, &f->err));
    assert_int_equal(count, 3);
    assert_true(plays_expire(f->db, 7000, 4, &count, &f->err));
    assert_int_equal(count, 0);
    assert_int_equal(raw_count(f), 3); /* 7000, 8000 and 9000 */
    assert_true(plays_sum(f->db, f->arena, "bar", 0, HOUR_MS, &sums, &f->err));
    assert_int_equal(sums.items[0].count, 5); /* sums are kept for longer */
}

static void test_content_stays_the_same(void **state)
{
    struct fixture *f = *state;
    struct play play = one("hall", 1, "A", 1000);
    int64_t before = content_version(f);
    size_t stored;

    assert_true(plays_add(f->db, &play, 1, &stored, &f->err));
    assert_int_equal(content_version(f), before); /* else every report would publish */
}

#define MANY 2000

/* The same in any order, sent twice and three times, over several starts of the server: sums are
 * what the raw plays give, hour by hour. */
static void test_sums_are_exact(void **state)
{
    struct fixture *f = *state;
    static struct play plays[MANY];
    unsigned seed = 12345;
    size_t stored, all = 0;

    for (int i = 0; i < MANY; i++) {
        seed = seed * 1103515245 + 12345;
        int64_t from_ms = (int64_t)(seed >> 8) % (400 * HOUR_MS / 1000) * 1000;
        plays[i] = one(i % 3 == 0 ? "hall" : "bar", i / 3 + 1, i % 5 == 0 ? "A" : "B", from_ms);
        plays[i].until_ms = from_ms + 1 + (int64_t)(seed >> 4) % (3 * HOUR_MS);
        if (i % 3 == 2)
            plays[i].boot = "ffffffffffffffffffffffffffffffff";
    }
    for (int round = 0; round < 3; round++) {
        for (int i = MANY - 1; i > 0; i--) {
            seed = seed * 1103515245 + 12345;
            int other = (int)((seed >> 8) % (unsigned)(i + 1));
            struct play swap = plays[i];
            plays[i] = plays[other];
            plays[other] = swap;
        }
        for (int i = 0; i < MANY; i += 100) {
            assert_true(plays_add(f->db, &plays[i], 100, &stored, &f->err));
            all += stored;
        }
        db_close(f->db);
        f->db = store_open(f->path, DB_WRITER, &f->err);
        assert_non_null(f->db);
    }
    assert_int_equal(all, MANY);
    assert_int_equal(raw_count(f), MANY);
    assert_int_equal(scalar(f, "SELECT sum(plays) FROM play_hours"), MANY);
    assert_int_equal(scalar(f, "SELECT sum(length_ms) FROM play_hours"),
                     scalar(f, "SELECT sum(length_ms) FROM plays"));
    /* Each hour's own: what of each play lies in it. */
    assert_int_equal(
        scalar(f, "SELECT count(*) FROM play_hours h JOIN play_places p ON p.number = h.place "
                  "WHERE h.length_ms <> (SELECT sum(min(r.from_ms + r.length_ms, (h.hour + 1) * "
                  "3600000) - max(r.from_ms, h.hour * 3600000)) FROM plays r JOIN play_names n ON "
                  "n.number = r.screen WHERE n.name = p.screen AND r.item = h.item AND r.from_ms < "
                  "(h.hour + 1) * 3600000 AND r.from_ms + r.length_ms > h.hour * 3600000)"),
        0);
    assert_int_equal(
        scalar(f, "SELECT count(*) FROM play_hours h JOIN play_places p ON p.number = h.place "
                  "WHERE h.plays <> (SELECT count(*) FROM plays r JOIN play_names n ON n.number = "
                  "r.screen WHERE n.name = p.screen AND r.item = h.item AND "
                  "r.from_ms / 3600000 = h.hour)"),
        0);
}

static void test_same_number_twice_in_a_batch(void **state)
{
    struct fixture *f = *state;
    struct play plays[] = {one("hall", 7, "A", 1000), one("hall", 7, "B", 2000),
                           one("hall", INT64_C(1) << 50, "B", 3000)};
    struct play_sum_list sums;
    size_t stored;

    assert_true(plays_add(f->db, plays, 3, &stored, &f->err));
    assert_int_equal(stored, 2);
    assert_true(plays_sum(f->db, f->arena, "hall", 0, HOUR_MS, &sums, &f->err));
    assert_int_equal(sums.count, 2);
    assert_int_equal(sums.items[0].count, 1); /* the first one counts */
}

static void test_slots(void **state)
{
    (void)state;
    assert_int_equal(hour_slots(1, HOUR_MS, 2 * HOUR_MS), 0xfff);
    assert_int_equal(hour_slots(1, HOUR_MS, HOUR_MS + 1), 1);
    assert_int_equal(hour_slots(1, HOUR_MS, HOUR_MS + 300000), 1);
    assert_int_equal(hour_slots(1, HOUR_MS + 299999, HOUR_MS + 300001), 3);
    assert_int_equal(hour_slots(1, 2 * HOUR_MS - 1, 5 * HOUR_MS), 0x800);
    assert_int_equal(hour_slots(1, 0, HOUR_MS), 0);
}

/* Names of what is gone stay; a screen that moves leaves its past where it was. */
static void test_names_stay(void **state)
{
    struct fixture *f = *state;
    struct site site = {.id = "actipolis",
                        .name = "Actipolis",
                        .commune = "Canteleu",
                        .address = "",
                        .latitude = SITE_NOWHERE,
                        .longitude = SITE_NOWHERE};
    struct screen screen = {.id = "hall",
                            .name = "Hall d’Actipolis",
                            .site = "actipolis",
                            .width_px = 1920,
                            .height_px = 1080,
                            .time_zone = "Europe/Paris",
                            .opening = "",
                            .layout = ""};
    struct play play = one("hall", 1, "A", 1000);
    enum upsert_result result;
    size_t stored;

    assert_true(sites_upsert(f->db, f->arena, &site, &result, &f->err));
    assert_true(screens_upsert(f->db, f->arena, &screen, &result, &f->err));
    assert_true(plays_add(f->db, &play, 1, &stored, &f->err));
    screen.site = "";
    assert_true(screens_upsert(f->db, f->arena, &screen, &result, &f->err));
    play.sequence = 2;
    assert_true(plays_add(f->db, &play, 1, &stored, &f->err));
    assert_true(db_script(f->db, "DELETE FROM screens; DELETE FROM sites", &f->err));
    play.sequence = 3; /* late: its screen is gone */
    assert_true(plays_add(f->db, &play, 1, &stored, &f->err));
    assert_int_equal(scalar(f, "SELECT count(*) FROM play_places WHERE screen = 'hall' AND "
                               "screen_name = 'Hall d’Actipolis'"),
                     2);
    assert_int_equal(scalar(f, "SELECT sum(plays) FROM play_hours JOIN play_places ON "
                               "number = place WHERE site_name = 'Actipolis'"),
                     1);
    assert_int_equal(scalar(f, "SELECT sum(plays) FROM play_hours JOIN play_places ON "
                               "number = place WHERE site = ''"),
                     2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sums, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_forgotten_by_portions, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_sums_are_exact, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_same_number_twice_in_a_batch, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test(test_slots),
        cmocka_unit_test_setup_teardown(test_names_stay, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_content_stays_the_same, fixture_setup,
                                        fixture_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
