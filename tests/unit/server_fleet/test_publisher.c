/* The publisher's order: whom an emergency concerns first, each told as soon as its manifest is
 * there, and a run that an emergency meets begins anew. No clock is looked at. */
#include "fleet_fixture.h"

#include <semaphore.h>

#include "core/log.h"
#include "playlists/manifest.h"
#include "server/fleet/emergency.h"
#include "server/fleet/publisher.h"
#include "server/fleet/wish.h"

#define SCREENS 6
#define TOLD_MAX 64

static const char *const ids[SCREENS] = {"a", "b", "bar", "c", "hall", "z"};

struct town {
    struct fleet *fleet;
    struct writer writer;
    struct db *reader;
    struct roster *roster;
    struct sign_keys keys;
    struct publisher *publisher;
    uint64_t keys_of[SCREENS];
    pthread_mutex_t lock;
    sem_t told_one;
    const char *told[TOLD_MAX]; /* in this order */
    size_t told_count;
    size_t manifests_then[TOLD_MAX]; /* how many screens had one when it was told */
    const char *start_at;            /* the first word of this screen starts an emergency on z */
};

static void start_emergency(struct db *db, struct arena *arena, const char *screen)
{
    const char *screens[] = {screen};
    struct emergency emergency = {
        .title = "Alerte", .screens = {1, screens}, .until_ms = NOW_MS + 60000};
    struct error error;

    assert_true(emergency_start(db, arena, &emergency, "zoé", NOW_MS, &error));
}

static size_t count_manifests(struct town *town)
{
    size_t count = 0;

    for (size_t i = 0; i < SCREENS; i++) {
        const struct roster_manifest *manifest = roster_manifest(town->roster, ids[i]);
        count += manifest != NULL;
        roster_release(town->roster, manifest);
    }
    return count;
}

static void handle_told(void *context, uint64_t key)
{
    struct town *town = context;
    const char *id = "?";

    for (size_t i = 0; i < SCREENS; i++) {
        if (town->keys_of[i] == key)
            id = ids[i];
    }
    pthread_mutex_lock(&town->lock);
    assert_true(town->told_count < TOLD_MAX);
    town->told[town->told_count] = id;
    town->manifests_then[town->told_count++] = count_manifests(town);
    pthread_mutex_unlock(&town->lock);
    if (town->start_at != NULL && strcmp(town->start_at, id) == 0) {
        town->start_at = NULL;
        start_emergency(town->writer.db, town->fleet->arena, "z");
    }
    sem_post(&town->told_one);
}

static int64_t still(void *context)
{
    (void)context;
    return NOW_MS;
}

static void open_town(struct town *town, struct fleet *fleet)
{
    char path[96];

    snprintf(path, sizeof(path), "%s/db", fleet->folder);
    *town = (struct town){.fleet = fleet};
    add_screen(fleet, "a");
    add_screen(fleet, "b");
    add_screen(fleet, "c");
    add_screen(fleet, "z");
    assert_true(writer_init(&town->writer, path, &fleet->err));
    town->reader = store_open(path, DB_READER, &fleet->err);
    assert_non_null(town->reader);
    town->roster = roster_create();
    /* A wish that nobody tells: what gives a screen's key. */
    for (size_t i = 0; i < SCREENS; i++) {
        town->keys_of[i] = roster_set_wish(
            town->roster,
            &(struct wanted){
                .screen = ids[i], .id = "none", .kind = WANTED_SCREENSHOT, .expires_ms = 1});
        roster_drop_wish(town->roster, ids[i], "none");
    }
    sign_keys_generate(&town->keys);
    pthread_mutex_init(&town->lock, NULL);
    sem_init(&town->told_one, 0, 0);
}

static void publish(struct town *town)
{
    const struct clock system = clock_system();

    town->publisher =
        publisher_create(&(struct publisher_config){.writer = &town->writer,
                                                    .reader = town->reader,
                                                    .roster = town->roster,
                                                    .media_folder = town->fleet->folder,
                                                    .keys = &town->keys,
                                                    .clock = {still, system.mono_ns, NULL},
                                                    .published = handle_told,
                                                    .context = town},
                         &town->fleet->err);
    assert_non_null(town->publisher);
}

static void close_town(struct town *town)
{
    publisher_stop(town->publisher);
    publisher_destroy(town->publisher);
    roster_destroy(town->roster);
    db_close(town->reader);
    writer_finish(&town->writer);
    sem_destroy(&town->told_one);
    pthread_mutex_destroy(&town->lock);
}

static void wait_until_told(struct town *town, const char *id, size_t after)
{
    for (;;) {
        pthread_mutex_lock(&town->lock);
        for (size_t i = after; i < town->told_count; i++) {
            if (strcmp(town->told[i], id) == 0) {
                pthread_mutex_unlock(&town->lock);
                return;
            }
        }
        pthread_mutex_unlock(&town->lock);
        sem_wait(&town->told_one);
    }
}

static bool shows_emergency(struct town *town, const char *id)
{
    const struct roster_manifest *sealed = roster_manifest(town->roster, id);
    struct error error;
    bool shows = false;

    assert_non_null(sealed);
    struct manifest *manifest =
        manifest_open((const char *)sealed->bytes, sealed->size, &town->keys.public, &error);
    assert_non_null(manifest);
    for (size_t i = 0; i < manifest->interval_count; i++)
        shows |= manifest->intervals[i].class == INTERVAL_EMERGENCY;
    manifest_destroy(manifest);
    roster_release(town->roster, sealed);
    return shows;
}

static void test_an_emergency_comes_first_and_each_is_told_at_once(void **state)
{
    struct town town;

    open_town(&town, *state);
    start_emergency(town.writer.db, town.fleet->arena, "z");
    start_emergency(town.writer.db, town.fleet->arena, "c");
    publish(&town);
    assert_int_equal(town.told_count, SCREENS);
    assert_string_equal(town.told[0], "c");
    assert_string_equal(town.told[1], "z");
    for (size_t i = 0; i < SCREENS; i++)
        assert_int_equal(town.manifests_then[i], i + 1);
    assert_true(shows_emergency(&town, "z"));
    assert_false(shows_emergency(&town, "a"));
    close_town(&town);
}

static void test_a_run_that_an_emergency_meets_begins_anew(void **state)
{
    struct town town;

    open_town(&town, *state);
    town.start_at = "b";
    publish(&town);
    assert_int_equal(town.told_count, SCREENS); /* what was stored together; then it is too old */
    assert_true(publisher_start(town.publisher, &town.fleet->err));
    wait_until_told(&town, "z", SCREENS);
    assert_string_equal(town.told[SCREENS], "z");
    assert_true(shows_emergency(&town, "z"));
    close_town(&town);
}

static void test_what_others_write_is_noticed(void **state)
{
    struct wanted wish;
    struct town town;

    open_town(&town, *state);
    publish(&town);
    assert_true(publisher_start(town.publisher, &town.fleet->err));
    /* As another process does it: by a connection of its own, and without a kick. */
    size_t before = town.told_count;
    start_emergency(town.fleet->db, town.fleet->arena, "bar");
    wait_until_told(&town, "bar", before);
    assert_true(shows_emergency(&town, "bar"));
    before = town.told_count;
    assert_true(wish_ask(town.fleet->db, town.fleet->arena, "c", WANTED_SCREENSHOT, "zoé", NOW_MS,
                         &wish, &town.fleet->err));
    wait_until_told(&town, "c", before);
    struct roster_wish told;
    assert_true(roster_take_wish(town.roster, "c", NOW_MS, &told));
    assert_string_equal(told.id, wish.id);
    close_town(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_emergency_comes_first_and_each_is_told_at_once,
                                        fleet_setup, fleet_teardown),
        cmocka_unit_test_setup_teardown(test_a_run_that_an_emergency_meets_begins_anew, fleet_setup,
                                        fleet_teardown),
        cmocka_unit_test_setup_teardown(test_what_others_write_is_noticed, fleet_setup,
                                        fleet_teardown),
    };

    log_set_level(LOG_ERROR);
    if (!sign_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
