#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/clock.h"
#include "core/log.h"
#include "player/sync/kernel_clock.h"
#include "player/sync/sync.h"
#include "tests/unit/player_sync/news_server.h"

#define URGENTS_MAX 16

/* What the main thread was told. */
struct player {
    char folder[64];
    struct state state;
    struct state_server enrolled;
    struct news *news;
    struct sync *sync;
    pthread_mutex_t lock;
    enum sync_status status;
    char faults[512];
    char detail[512];
    int64_t urgent[URGENTS_MAX]; /* versions, in order */
    int64_t urgent_on_disk[URGENTS_MAX];
    size_t urgents;
    size_t candidate_count;
    bool withholds; /* does not answer candidates */
    struct edition *withheld;
    char wanted[SYNC_WANTED_SIZE];
    int restarts;
    int wishes;
    struct timekeeper_hint hint;
    int hints;
};

static int64_t version_in(struct player *player, enum state_slot slot)
{
    struct error err;
    struct edition *edition = state_load_edition(&player->state, &player->enrolled, slot, &err);
    int64_t version = edition != NULL ? edition->manifest->version : 0;
    edition_release(edition);
    return version;
}

static void take_candidate(struct player *player, struct edition *edition)
{
    player->candidate_count++;
    if (player->withholds) {
        edition_release(player->withheld);
        player->withheld = edition;
        return;
    }
    sync_prove(player->sync, edition, true);
    edition_release(edition);
}

static void handle_event(void *context, const struct sync_event *event)
{
    struct player *player = context;
    pthread_mutex_lock(&player->lock);
    switch (event->kind) {
    case SYNC_EVENT_STATUS:
        player->status = event->status;
        break;
    case SYNC_EVENT_CANDIDATE:
        take_candidate(player, event->edition);
        break;
    case SYNC_EVENT_FAULT:
        strncat(player->faults, event->code, sizeof player->faults - strlen(player->faults) - 2);
        strcat(player->faults, " ");
        snprintf(player->detail, sizeof player->detail, "%s", event->detail);
        break;
    case SYNC_EVENT_FILE:
        break;
    case SYNC_EVENT_URGENT:
        if (player->urgents == URGENTS_MAX) {
            abort();
        }
        player->urgent_on_disk[player->urgents] = version_in(player, STATE_URGENT);
        player->urgent[player->urgents++] = event->edition->manifest->version;
        edition_release(event->edition);
        break;
    case SYNC_EVENT_WANTED:
        player->wishes++;
        memcpy(player->wanted, event->wanted, sizeof player->wanted);
        break;
    case SYNC_EVENT_RESTART:
        player->restarts++;
        break;
    case SYNC_EVENT_CLOCK:
        player->hints++;
        player->hint = event->hint;
        break;
    }
    pthread_mutex_unlock(&player->lock);
}

static bool no_reports(void *context, struct strbuf *body_out)
{
    (void)context;
    (void)body_out;
    return false;
}

static void ignore_acknowledgement(void *context, int64_t sequence)
{
    (void)context;
    (void)sequence;
}

static void ignore_flush(void *context)
{
    (void)context;
}

static struct player *player_create(struct news *news)
{
    struct player *player = calloc(1, sizeof *player);
    struct error err;
    strcpy(player->folder, "/tmp/vitrine-news-XXXXXX");
    assert_non_null(mkdtemp(player->folder));
    assert_true(state_open(&player->state, player->folder, &err));
    pthread_mutex_init(&player->lock, NULL);
    strcpy(player->enrolled.screen, "quai-2");
    strcpy(player->enrolled.token, NEWS_TOKEN);
    player->enrolled.key = news->keys.public;
    player->news = news;
    return player;
}

/* With what the folder holds. */
static void player_start(struct player *player, int64_t quota_bytes)
{
    char url[64];
    struct error err;
    struct sync_hooks hooks = {handle_event, no_reports, ignore_acknowledgement, ignore_flush,
                               player};
    snprintf(url, sizeof url, "http://127.0.0.1:%d", player->news->server.port);
    struct sync_config config = {
        .server = url,
        .state = &player->state,
        .enrolled = player->enrolled,
        .current = state_load_edition(&player->state, &player->enrolled, STATE_CURRENT, &err),
        .urgent = state_load_edition(&player->state, &player->enrolled, STATE_URGENT, &err),
        .wait_s = 1,
        .stall_s = 2,
        .quota_bytes = quota_bytes};
    pthread_mutex_lock(&player->lock); /* events wait until the pointer is there */
    player->sync = sync_start(&config, &hooks, &err);
    pthread_mutex_unlock(&player->lock);
    assert_non_null(player->sync);
    edition_release(config.current);
    edition_release(config.urgent);
}

static void player_destroy(struct player *player)
{
    char command[128];
    atomic_store(&player->news->server.stopping, true);
    sync_stop(player->sync);
    edition_release(player->withheld);
    snprintf(command, sizeof command, "rm -rf '%s'", player->folder);
    assert_int_equal(system(command), 0);
    pthread_mutex_destroy(&player->lock);
    free(player);
}

static struct news *news_create(void)
{
    struct news *news = calloc(1, sizeof *news);
    news_start(news);
    return news;
}

static void finish(struct player *player, struct news *news)
{
    player_destroy(player);
    news_stop(news);
    free(news);
}

static int64_t now_ms(void)
{
    struct clock clock = clock_system();
    return clock_mono_ms(&clock);
}

/* How long it took; fails after ten seconds. */
#define WAIT_FOR(player, condition)                                                                \
    do {                                                                                           \
        int64_t wait_from = now_ms();                                                              \
        bool wait_done = false;                                                                    \
        while (!wait_done) {                                                                       \
            pthread_mutex_lock(&(player)->lock);                                                   \
            wait_done = (condition);                                                               \
            pthread_mutex_unlock(&(player)->lock);                                                 \
            if (!wait_done && now_ms() - wait_from > 10000) {                                      \
                fail_msg("%s: not within 10 s; faults \"%s\" %s", #condition, (player)->faults,    \
                         (player)->detail);                                                        \
            }                                                                                      \
            usleep(2000);                                                                          \
        }                                                                                          \
    } while (0)

static bool is_current(struct player *player, int64_t version)
{
    return version_in(player, STATE_CURRENT) == version;
}

/* --- Emergencies --- */

/* From the publication to the event while 50 MB drip in: one second at most. */
static void test_emergency_during_a_film(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    news_add_file(news, 0, 50 << 20);
    news_add_file(news, 1, 5000);
    atomic_store(&news->files[0].drips, true);
    news_publish(news, &(struct issue){.version = 1});
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    news_publish(news, &(struct issue){.version = 2, .file_count = 1, .files = {0}});
    WAIT_FOR(player, atomic_load(&news->files[0].asked) == 1);

    int64_t from = now_ms();
    news_publish(news,
                 &(struct issue){.version = 3, .file_count = 1, .files = {0}, .emergency = true});
    WAIT_FOR(player, player->urgents == 1);
    assert_true(now_ms() - from < 1000);
    assert_int_equal(player->urgent[0], 3);
    assert_int_equal(player->urgent_on_disk[0], 3);          /* before it is told */
    assert_int_equal(atomic_load(&news->files[0].asked), 1); /* the film goes on */

    /* Another one with a picture, which goes before the film. */
    from = now_ms();
    news_publish(news, &(struct issue){.version = 4,
                                       .file_count = 1,
                                       .files = {0},
                                       .emergency = true,
                                       .emergency_has_file = true,
                                       .emergency_file = 1});
    WAIT_FOR(player, player->urgents == 2);
    assert_true(now_ms() - from < 1000);
    assert_int_equal(player->urgent[1], 4);
    assert_int_equal(atomic_load(&news->files[1].asked), 1);
    WAIT_FOR(player, atomic_load(&news->files[0].asked) == 2);
    WAIT_FOR(player, atomic_load(&news->files[0].resumed) == 1);

    /* It ends early. */
    from = now_ms();
    news_publish(news, &(struct issue){.version = 5, .file_count = 1, .files = {0}});
    WAIT_FOR(player, player->urgents == 3);
    assert_true(now_ms() - from < 1000);
    assert_int_equal(player->urgent[2], 5);
    assert_int_equal(version_in(player, STATE_URGENT), 5);
    assert_true(is_current(player, 1));

    /* The film is there at last: what was urgent is current, and its slot is empty. */
    atomic_store(&news->files[0].drips, false);
    WAIT_FOR(player, is_current(player, 5));
    WAIT_FOR(player, version_in(player, STATE_URGENT) == 0);
    assert_int_equal(version_in(player, STATE_PREVIOUS), 1);
    assert_int_equal(player->candidate_count, 2);
    assert_string_equal(player->faults, "");
    /* Without emergencies before and after, nothing is urgent. */
    news_publish(news, &(struct issue){.version = 6});
    WAIT_FOR(player, is_current(player, 6));
    assert_int_equal(player->urgents, 3);
    finish(player, news);
}

/* It stays through a reboot, and its other files are fetched after it. */
static void test_emergency_after_a_reboot(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    struct issue issue = {.version = 2, .file_count = 1, .files = {0}, .emergency = true};
    (void)state;
    news_add_file(news, 0, 300000);
    atomic_store(&news->files[0].drips, true);
    news_publish(news, &(struct issue){.version = 1});
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    news_publish(news, &issue);
    WAIT_FOR(player, player->urgents == 1);
    sync_stop(player->sync);
    assert_int_equal(version_in(player, STATE_URGENT), 2);
    assert_int_equal(version_in(player, STATE_CURRENT), 1);

    atomic_store(&news->files[0].drips, false);
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 2));
    WAIT_FOR(player, version_in(player, STATE_URGENT) == 0);
    assert_int_equal(player->urgents, 1); /* the main thread knew it */
    sync_stop(player->sync);

    /* What a power cut left although it is current goes. */
    struct strbuf sealed;
    struct error err;
    strbuf_init(&sealed);
    news_make(news, &issue, &sealed);
    assert_true(state_save_urgent(&player->state, sealed.bytes, sealed.length, &err));
    strbuf_finish(&sealed);
    player_start(player, 0);
    WAIT_FOR(player, version_in(player, STATE_URGENT) == 0);
    assert_string_equal(player->faults, "");
    finish(player, news);
}

/* While the main thread still draws the first frame of one, the next one's emergency is told, and
 * its files come; the answers name their editions. */
static void test_emergency_during_a_proof(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    player->withholds = true;
    news_publish(news, &(struct issue){.version = 1});
    player_start(player, 0);
    WAIT_FOR(player, player->candidate_count == 1);
    news_publish(news, &(struct issue){.version = 2, .emergency = true});
    WAIT_FOR(player, player->urgents == 1);
    assert_int_equal(player->candidate_count, 1);
    pthread_mutex_lock(&player->lock);
    struct edition *first = player->withheld;
    player->withheld = NULL;
    pthread_mutex_unlock(&player->lock);
    sync_prove(player->sync, first, true);
    edition_release(first);
    WAIT_FOR(player, player->candidate_count == 2);
    assert_true(is_current(player, 1));
    assert_int_equal(version_in(player, STATE_URGENT), 2);
    struct edition *stranger = edition_create(manifest_create());
    sync_prove(player->sync, stranger, true);
    edition_release(stranger);
    sync_prove(player->sync, player->withheld, true);
    WAIT_FOR(player, is_current(player, 2));
    WAIT_FOR(player, version_in(player, STATE_URGENT) == 0);
    finish(player, news);
}

/* --- The newest counts --- */

/* A newer manifest takes the candidate's place; what was fetched stays, what is not needed any more
 * is given up. */
static void test_newer_during_the_fetch(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    news_add_file(news, 0, 5000);
    news_add_file(news, 1, 20 << 20);
    news_add_file(news, 2, 5000);
    atomic_store(&news->files[1].drips, true);
    news_publish(news, &(struct issue){.version = 1, .file_count = 2, .files = {0, 1}});
    player_start(player, 0);
    WAIT_FOR(player, atomic_load(&news->files[1].asked) == 1);
    struct manifest_file first = {news->files[0].sha256, 5000, NULL};
    WAIT_FOR(player, state_has_file(&player->state, &first));
    news_publish(news, &(struct issue){.version = 2, .file_count = 2, .files = {0, 2}});
    WAIT_FOR(player, is_current(player, 2));
    assert_int_equal(atomic_load(&news->files[0].asked), 1);
    assert_int_equal(atomic_load(&news->files[2].asked), 1);
    assert_int_equal(player->candidate_count, 1);
    assert_string_equal(player->faults, "");
    finish(player, news);
}

/* An old one, well signed, is refused also while a newer one is only under way. */
static void test_replay(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    struct strbuf old;
    (void)state;
    strbuf_init(&old);
    news_add_file(news, 0, 300000);
    atomic_store(&news->files[0].drips, true);
    news_make(news, &(struct issue){.version = 2, .emergency = true}, &old);
    news_publish(news, &(struct issue){.version = 1});
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    news_publish(news, &(struct issue){.version = 3, .file_count = 1, .files = {0}});
    WAIT_FOR(player, atomic_load(&news->files[0].asked) == 1);
    news_publish_bytes(news, "\"2-4\"", "", old.bytes, old.length);
    WAIT_FOR(player, player->faults[0] != '\0');
    assert_string_equal(player->faults, "manifest_version ");
    assert_int_equal(player->urgents, 0);
    atomic_store(&news->files[0].drips, false);
    WAIT_FOR(player, is_current(player, 3));
    strbuf_finish(&old);
    finish(player, news);
}

/* A refused manifest is not fetched again and again: something newer than it is asked for. */
static void test_refused_once(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    news_publish_bytes(news, "W/\"spoilt\"", "", "<html>", 6);
    player_start(player, 0);
    WAIT_FOR(player, atomic_load(&news->polls) >= 3);
    assert_int_equal(atomic_load(&news->bodies), 1);
    pthread_mutex_lock(&news->lock);
    assert_string_equal(news->last_etag, "W/\"spoilt\"");
    pthread_mutex_unlock(&news->lock);
    assert_string_equal(player->faults, "manifest_content ");
    int64_t from = now_ms();
    news_publish(news, &(struct issue){.version = 1});
    WAIT_FOR(player, is_current(player, 1));
    assert_true(now_ms() - from < 1000);

    /* Asked to look again, it does. */
    news_publish_bytes(news, "\"2-2\"", "", "<html>", 6);
    WAIT_FOR(player, atomic_load(&news->bodies) == 3);
    sync_refresh(player->sync);
    WAIT_FOR(player, atomic_load(&news->bodies) == 4);
    finish(player, news);
}

/* A server that says "nothing newer" for ever, and at once: played on, asked at leisure. */
static void test_freeze(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    news_publish(news, &(struct issue){.version = 1});
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    pthread_mutex_lock(&news->lock);
    news->frozen = true;
    pthread_mutex_unlock(&news->lock);
    int before = atomic_load(&news->polls);
    usleep(1500000);
    assert_true(atomic_load(&news->polls) - before <= 8);
    assert_string_equal(player->faults, "");
    assert_int_equal(player->status, SYNC_ONLINE);
    finish(player, news);
}

/* --- Compression --- */

/* What a command writes. */
static void run(const char *command, struct strbuf *out)
{
    char piece[65536];
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    for (size_t got; (got = fread(piece, 1, sizeof piece, pipe)) > 0;) {
        strbuf_append_bytes(out, piece, got);
    }
    assert_int_equal(pclose(pipe), 0);
}

static void test_gzip(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    struct strbuf sealed;
    struct strbuf packed;
    char command[256];
    char path[128];
    struct error err;
    (void)state;
    strbuf_init(&sealed);
    strbuf_init(&packed);
    news_make(news, &(struct issue){.version = 1}, &sealed);
    snprintf(path, sizeof path, "%s/plain", player->folder);
    assert_true(file_write_atomic(path, sealed.bytes, sealed.length, 0644, &err));
    snprintf(command, sizeof command, "gzip -c '%s'", path);
    run(command, &packed);
    news_publish_bytes(news, "\"2-1\"", "Content-Encoding: gzip\r\n", packed.bytes, packed.length);
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    strbuf_finish(&sealed);
    strbuf_finish(&packed);
    finish(player, news);
}

static int64_t peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (int64_t)usage.ru_maxrss * 1024;
}

/* 200 MiB in 200 kB: refused at the limit, without filling memory, and once. */
static void test_gzip_bomb(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    struct strbuf packed;
    (void)state;
    strbuf_init(&packed);
    run("head -c 209715200 /dev/zero | gzip -1 -c", &packed);
    news_publish_bytes(news, "\"2-1\"", "Content-Encoding: gzip\r\n", packed.bytes, packed.length);
    int64_t before = peak_bytes();
    player_start(player, 0);
    WAIT_FOR(player, player->faults[0] != '\0');
    assert_string_equal(player->faults, "manifest_size ");
    assert_true(peak_bytes() - before < 3 * (int64_t)MANIFEST_BYTES_MAX);
    WAIT_FOR(player, atomic_load(&news->polls) >= 2);
    usleep(100000);
    assert_int_equal(atomic_load(&news->bodies), 1);
    strbuf_finish(&packed);
    finish(player, news);
}

/* --- Wishes and the clock --- */

static void test_screenshot(void **state)
{
    static const struct {
        int status;
        int uploads;
    } cases[] = {{204, 1}, {404, 1}, {413, 1}, {503, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct news *news = news_create();
        struct player *player = player_create(news);
        news->screenshot_status = cases[i].status;
        news_publish(news, &(struct issue){.version = 1});
        player_start(player, 0);
        WAIT_FOR(player, is_current(player, 1));
        pthread_mutex_lock(&news->lock);
        strcpy(news->wanted, "a1B2-c_3");
        pthread_mutex_unlock(&news->lock);
        int64_t from = now_ms();
        WAIT_FOR(player, player->wishes == 1);
        assert_true(now_ms() - from < 500);
        assert_string_equal(player->wanted, "a1B2-c_3");
        sync_send_screenshot(player->sync, player->wanted, calloc(1, 12345), 12345);
        WAIT_FOR(player, atomic_load(&news->uploads) == cases[i].uploads);
        usleep(50000);
        assert_int_equal(atomic_load(&news->uploads), cases[i].uploads);
        assert_int_equal(news->upload_length, 12345);
        finish(player, news);
    }
}

static void test_wishes_that_are_none(void **state)
{
    static const char *const wishes[] = {"../../x", "a b", "é"};
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    news_publish(news, &(struct issue){.version = 1});
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        int before = atomic_load(&news->polls);
        pthread_mutex_lock(&news->lock);
        strcpy(news->wanted, wishes[i]);
        pthread_mutex_unlock(&news->lock);
        WAIT_FOR(player, atomic_load(&news->polls) > before);
    }
    assert_int_equal(player->wishes, 0);
    sync_send_screenshot(player->sync, "x", malloc(1), SYNC_SCREENSHOT_BYTES_MAX + 1);
    sync_send_screenshot(player->sync, "x", malloc(1), 1); /* on its way when the player stops */
    finish(player, news);
}

/* The server's time is told, within what is said of its exactness; what a cache says of a file's
 * (2029) is not. */
static void test_clock(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    news_add_file(news, 0, 5000);
    news_publish(news, &(struct issue){.version = 1, .file_count = 1, .files = {0}});
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    WAIT_FOR(player, player->hints > 0);
    assert_int_equal(player->hints, 1);
    struct clock clock = clock_system();
    int64_t passed_ms = (kernel_clock_mono_ns() - player->hint.mono_ns) / 1000000;
    int64_t error = player->hint.server_ms + passed_ms - clock_wall_ms(&clock);
    assert_true(llabs(error) <= player->hint.uncertainty_ms + 2);
    assert_true(player->hint.uncertainty_ms >= 500 && player->hint.uncertainty_ms < 2000);

    /* The floor is there after a good end. */
    sync_keep_clock(player->sync, INT64_C(1795428000000));
    WAIT_FOR(player, state_load_clock(&player->state) == INT64_C(1795428000000));
    finish(player, news);
}

/* --- Room --- */

/* What cannot fit is said once, with how much is lacking; an emergency comes all the same. */
static void test_cramped(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    (void)state;
    news_add_file(news, 0, 4 << 20);
    news_add_file(news, 1, 5000);
    news_publish(news, &(struct issue){.version = 1, .file_count = 1, .files = {1}});
    player_start(player, 1 << 20);
    WAIT_FOR(player, is_current(player, 1));
    news_publish(news,
                 &(struct issue){.version = 2, .file_count = 1, .files = {0}, .emergency = true});
    WAIT_FOR(player, player->urgents == 1);
    WAIT_FOR(player, player->faults[0] != '\0');
    assert_string_equal(player->faults, "storage ");
    assert_non_null(strstr(player->detail, "4 MiB are lacking"));
    sync_refresh(player->sync);
    usleep(200000);
    assert_string_equal(player->faults, "storage ");
    assert_int_equal(atomic_load(&news->files[0].asked), 0);
    /* A lighter one fits. */
    news_publish(news, &(struct issue){.version = 3, .file_count = 1, .files = {1}});
    WAIT_FOR(player, is_current(player, 3));
    finish(player, news);
}

/* Where three generations do not fit, the one before the current goes, or no news would come. */
static void test_two_generations(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    struct error err;
    (void)state;
    player_start(player, 1000000);
    for (size_t i = 0; i < 4; i++) {
        news_add_file(news, i, 400000);
        news_publish(news,
                     &(struct issue){.version = (int64_t)i + 1, .file_count = 1, .files = {i}});
        WAIT_FOR(player, is_current(player, (int64_t)i + 1));
        assert_true(state_verify_file(&player->state, &news->files[i].sha256, &err));
    }
    assert_string_equal(player->faults, "");
    finish(player, news);
}

/* The folder vanishes and comes back: what plays goes on, and it is written again. */
static void test_folder_gone(void **state)
{
    struct news *news = news_create();
    struct player *player = player_create(news);
    char command[192];
    (void)state;
    news_add_file(news, 0, 5000);
    news_publish(news, &(struct issue){.version = 1});
    player_start(player, 0);
    WAIT_FOR(player, is_current(player, 1));
    snprintf(command, sizeof command, "rm -rf '%s'", player->folder);
    assert_int_equal(system(command), 0);
    news_publish(news, &(struct issue){.version = 2, .file_count = 1, .files = {0}});
    WAIT_FOR(player, is_current(player, 2));
    struct manifest_file file = {news->files[0].sha256, 5000, NULL};
    assert_true(state_has_file(&player->state, &file));
    finish(player, news);
}

/* --- What is left of earlier attempts --- */

static void test_parts(void **state)
{
    static const struct {
        const char *name;
        size_t length; /* of the .part */
        bool other;    /* its bytes are of something else */
        int resumed, asked;
    } cases[] = {{"none", 0, false, 0, 1},
                 {"a half", 50000, false, 1, 1},
                 {"the whole", 100000, false, 0, 0},
                 {"too long", 100001, false, 0, 1},
                 {"another half", 50000, true, 1, 2},
                 {"another whole", 100000, true, 0, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct news *news = news_create();
        struct player *player = player_create(news);
        char path[STATE_PATH_SIZE];
        char folder[STATE_PATH_SIZE];
        struct error err;
        news_add_file(news, 0, 100000);
        unsigned char *part = calloc(1, 100001);
        memcpy(part, news->files[0].bytes, cases[i].other ? 0 : 100000);
        state_file_path(&player->state, &news->files[0].sha256, ".part", path);
        snprintf(folder, sizeof folder, "%s", path);
        *strrchr(folder, '/') = '\0';
        assert_true(folder_create(folder, 0755, &err));
        assert_true(cases[i].length == 0 ||
                    file_write_atomic(path, part, cases[i].length, 0644, &err));
        news_publish(news, &(struct issue){.version = 1, .file_count = 1, .files = {0}});
        player_start(player, 0);
        WAIT_FOR(player, is_current(player, 1));
        if (atomic_load(&news->files[0].asked) != cases[i].asked ||
            atomic_load(&news->files[0].resumed) != cases[i].resumed) {
            fail_msg("%s: asked %d, resumed %d", cases[i].name, atomic_load(&news->files[0].asked),
                     atomic_load(&news->files[0].resumed));
        }
        assert_true(state_verify_file(&player->state, &news->files[0].sha256, &err));
        assert_string_equal(player->faults, "");
        free(part);
        finish(player, news);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_emergency_during_a_film),
        cmocka_unit_test(test_emergency_after_a_reboot),
        cmocka_unit_test(test_emergency_during_a_proof),
        cmocka_unit_test(test_newer_during_the_fetch),
        cmocka_unit_test(test_replay),
        cmocka_unit_test(test_refused_once),
        cmocka_unit_test(test_freeze),
        cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_gzip_bomb),
        cmocka_unit_test(test_screenshot),
        cmocka_unit_test(test_wishes_that_are_none),
        cmocka_unit_test(test_clock),
        cmocka_unit_test(test_cramped),
        cmocka_unit_test(test_two_generations),
        cmocka_unit_test(test_folder_gone),
        cmocka_unit_test(test_parts),
    };
    log_set_level(LOG_ERROR);
    return sign_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
