#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"
#include "player/sync/answers.h"
#include "player/sync/sync.h"
#include "tests/player/making.h"
#include "tests/unit/player_sync/lying_server.h"

#define PICTURE_BYTES 200000
#define TOKEN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define CHALLENGE "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

enum lie {
    LIE_NONE,
    LIE_OTHER_KEY,
    LIE_FLIPPED_BIT,
    LIE_NOT_A_MANIFEST,
    LIE_OLDER,
    LIE_OTHER_EPOCH_OLDER,
    LIE_OTHER_SCREEN,
    LIE_ENDLESS,
    LIE_TRUNCATED,
    LIE_SILENT,
    LIE_DRIP,
    LIE_500,
    LIE_503,
    LIE_LONG_404, /* as proxies like them: with a long page */
    LIE_REDIRECT,
    LIE_FILE_HASH,
    LIE_FILE_LONG,
    LIE_FILE_SHORT,
    LIE_FILE_MISSING,
    LIE_FILE_BROKEN_ONCE, /* breaks off in the middle, goes on when asked for the rest */
    LIE_FILE_WRONG_RANGE, /* … with another part than the one asked for */
    LIE_FILE_NO_RANGE,    /* … with the whole, whatever was asked for */
    LIE_UNDRAWABLE,
    LIE_REPORTS_REFUSED,
};

struct scene {
    char folder[64];
    struct state state;
    struct sign_keys server_keys;
    struct sign_keys other_keys;
    struct sign_keys player_keys;
    struct lying_server server;
    enum lie lie;
    unsigned char picture[PICTURE_BYTES];
    atomic_int polls;
    atomic_int files_asked;
    atomic_int resumed;
    atomic_int enrolments;
    atomic_int pending; /* enrolments answered "pending" before approval */
    atomic_int unknown; /* polls answered 401 */
    atomic_int reports;
    atomic_bool pending_reports;

    struct sync *sync;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char faults[512]; /* codes, each with a space behind */
    int candidates;
    int files_again;
    enum sync_status status;
};

/* --- What the server says --- */

static struct making make(const struct scene *scene, int64_t version)
{
    return (struct making){
        .screen = scene->lie == LIE_OTHER_SCREEN && version > 5 ? "quai-3" : "quai-2",
        .epoch = 2,
        .version = version,
        .width = 320,
        .height = 180,
        .duration_ms = 5000,
        .slide_count = 2,
        .slides = {{.title = "Bonjour"},
                   {.title = "Vélo", .picture = scene->picture, .picture_length = PICTURE_BYTES}}};
}

static void answer_manifest(struct scene *scene, int fd)
{
    static const char filler[65536] = "x";
    struct strbuf sealed;
    struct making making = make(scene, scene->lie == LIE_OLDER ? 4 : 6);
    if (scene->lie == LIE_OTHER_EPOCH_OLDER) {
        making.epoch = 1;
    }
    strbuf_init(&sealed);
    making_seal(&making, scene->lie == LIE_OTHER_KEY ? &scene->other_keys : &scene->server_keys,
                &sealed);
    switch (scene->lie) {
    case LIE_FLIPPED_BIT:
        sealed.bytes[sealed.length - 9] ^= 1;
        break;
    case LIE_NOT_A_MANIFEST:
        strbuf_clear(&sealed);
        strbuf_append(&sealed, "<html>Connectez-vous au Wi-Fi</html>");
        break;
    case LIE_ENDLESS:
        send_all(fd, "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n", 38);
        while (!atomic_load(&scene->server.stopping) && send_all(fd, filler, sizeof filler)) {
        }
        goto done;
    case LIE_TRUNCATED: {
        char head[128];
        int size = snprintf(head, sizeof head, "HTTP/1.1 200 X\r\nContent-Length: %zu\r\n\r\n",
                            sealed.length);
        send_all(fd, head, (size_t)size);
        send_all(fd, sealed.bytes, sealed.length / 2);
        goto done;
    }
    case LIE_SILENT:
        for (int i = 0; i < 60 && !atomic_load(&scene->server.stopping); i++) {
            usleep(50000);
        }
        goto done;
    case LIE_DRIP:
        send_all(fd, "HTTP/1.1 200 X\r\n\r\n", 18);
        for (int i = 0; i < 60 && !atomic_load(&scene->server.stopping); i++) {
            usleep(50000);
            send_all(fd, "v", 1);
        }
        goto done;
    case LIE_500:
        send_answer(fd, 500, "", "{}", 2);
        goto done;
    case LIE_503:
        send_answer(fd, 503, "Retry-After: 1\r\n", "{}", 2);
        goto done;
    case LIE_LONG_404:
        send_answer(fd, 404, "", filler, sizeof filler);
        goto done;
    case LIE_REDIRECT: {
        char location[128];
        snprintf(location, sizeof location, "Location: http://127.0.0.1:%d/elsewhere\r\n",
                 scene->server.port);
        send_answer(fd, 302, location, "", 0);
        goto done;
    }
    default:
        break;
    }
    send_answer(fd, 200, "", sealed.bytes, sealed.length);
done:
    strbuf_finish(&sealed);
}

static void answer_file(struct scene *scene, const struct request *request, int fd)
{
    char range[64];
    size_t from = 0;
    int asked = atomic_fetch_add(&scene->files_asked, 1);
    request_header(request, "Range", range, sizeof range);
    if (sscanf(range, "bytes=%zu-", &from) == 1) {
        atomic_fetch_add(&scene->resumed, 1);
    }
    char headers[96] = "";
    size_t length = PICTURE_BYTES - from;
    switch (scene->lie) {
    case LIE_FILE_HASH:
        scene->picture[7] ^= 1;
        send_answer(fd, 200, "", scene->picture, PICTURE_BYTES);
        scene->picture[7] ^= 1;
        return;
    case LIE_FILE_LONG:
        send_all(fd, "HTTP/1.1 200 X\r\nConnection: close\r\n\r\n", 38);
        for (int i = 0; i < 64 && send_all(fd, scene->picture, PICTURE_BYTES); i++) {
        }
        return;
    case LIE_FILE_SHORT:
        send_answer(fd, 200, "", scene->picture, PICTURE_BYTES / 2);
        return;
    case LIE_FILE_MISSING:
        send_answer(fd, 404, "", "{}", 2);
        return;
    case LIE_FILE_BROKEN_ONCE:
    case LIE_FILE_WRONG_RANGE:
    case LIE_FILE_NO_RANGE:
        if (asked == 0) {
            int size = snprintf(headers, sizeof headers,
                                "HTTP/1.1 200 X\r\nContent-Length: %d\r\n\r\n", PICTURE_BYTES);
            send_all(fd, headers, (size_t)size);
            send_all(fd, scene->picture, PICTURE_BYTES / 2);
            return;
        }
        if (scene->lie == LIE_FILE_WRONG_RANGE && from > 0 && asked == 1) {
            from += 10;
            length -= 10;
        } else if (scene->lie == LIE_FILE_NO_RANGE) {
            from = 0;
            length = PICTURE_BYTES;
        }
        break;
    default:
        break;
    }
    if (from > 0) {
        snprintf(headers, sizeof headers, "Content-Range: bytes %zu-%d/%d\r\n", from,
                 PICTURE_BYTES - 1, PICTURE_BYTES);
    }
    send_answer(fd, from > 0 ? 206 : 200, headers, scene->picture + from, length);
}

static void answer_enrolment(struct scene *scene, const struct request *request, int fd)
{
    char body[512];
    char key[SIGN_PUBLIC_HEX_SIZE];
    atomic_fetch_add(&scene->enrolments, 1);
    bool knows_challenge = strstr(request->body, CHALLENGE) != NULL;
    if (!knows_challenge || atomic_fetch_sub(&scene->pending, 1) > 0) {
        /* To an approved screen that asks again, the server says 0. */
        snprintf(body, sizeof body,
                 "{\"state\":\"pending\",\"challenge\":\"%s\",\"retry_after_s\":%d}", CHALLENGE,
                 knows_challenge ? 1 : 0);
        send_answer(fd, 202, "", body, strlen(body));
        return;
    }
    hex_encode(scene->server_keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    snprintf(
        body, sizeof body,
        "{\"state\":\"approved\",\"screen\":\"quai-2\",\"token\":\"%s\",\"server_key\":\"%s\"}",
        TOKEN, key);
    send_answer(fd, 200, "", body, strlen(body));
}

static void answer(void *context, const struct request *request, int fd)
{
    struct scene *scene = context;
    char value[256];
    if (strncmp(request->path, "/media/", 7) == 0) {
        answer_file(scene, request, fd);
    } else if (strcmp(request->path, "/player/v1/enrolment") == 0) {
        answer_enrolment(scene, request, fd);
    } else if (strcmp(request->path, "/player/v1/reports") == 0) {
        atomic_fetch_add(&scene->reports, 1);
        if (scene->lie == LIE_REPORTS_REFUSED) {
            send_answer(fd, 400, "", "{}", 2);
            return;
        }
        send_answer(fd, 200, "", "{\"acknowledged\":41}", 19);
    } else if (strcmp(request->path, "/player/v1/manifest") == 0) {
        request_header(request, "Authorization", value, sizeof value);
        atomic_fetch_add(&scene->polls, 1);
        if (strcmp(value, "Bearer " TOKEN) != 0 || atomic_fetch_sub(&scene->unknown, 1) > 0) {
            send_answer(fd, 401, "", "{}", 2);
            return;
        }
        request_header(request, "If-None-Match", value, sizeof value);
        if (strcmp(value, "\"2-6\"") == 0) {
            send_answer(fd, 304, "", "", 0);
            return;
        }
        answer_manifest(scene, fd);
    } else {
        send_answer(fd, 404, "", "{}", 2);
    }
}

/* --- What the player's main thread does --- */

static void handle_event(void *context, const struct sync_event *event)
{
    struct scene *scene = context;
    pthread_mutex_lock(&scene->lock);
    switch (event->kind) {
    case SYNC_EVENT_CANDIDATE:
        scene->candidates++;
        while (scene->sync == NULL) {
            pthread_cond_wait(&scene->changed, &scene->lock);
        }
        sync_prove(scene->sync, event->edition, scene->lie != LIE_UNDRAWABLE);
        edition_release(event->edition);
        break;
    case SYNC_EVENT_FAULT:
        strncat(scene->faults, event->code, sizeof scene->faults - strlen(scene->faults) - 2);
        strcat(scene->faults, " ");
        break;
    case SYNC_EVENT_STATUS:
        scene->status = event->status;
        break;
    case SYNC_EVENT_FILE:
        scene->files_again++;
        break;
    case SYNC_EVENT_URGENT:
        edition_release(event->edition);
        break;
    case SYNC_EVENT_WANTED:
    case SYNC_EVENT_RESTART:
    case SYNC_EVENT_CLOCK:
        break;
    }
    pthread_cond_broadcast(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static bool give_reports(void *context, struct strbuf *body_out)
{
    struct scene *scene = context;
    strbuf_append(body_out, "{}");
    return atomic_load(&scene->pending_reports);
}

static void take_acknowledgement(void *context, int64_t sequence)
{
    struct scene *scene = context;
    atomic_store(&scene->pending_reports, sequence < 41);
}

static void flush_nothing(void *context)
{
    (void)context;
}

static struct scene *scene_create(enum lie lie)
{
    struct scene *scene = calloc(1, sizeof *scene);
    struct error err;
    strcpy(scene->folder, "/tmp/vitrine-sync-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    assert_true(state_open(&scene->state, scene->folder, &err));
    sign_keys_generate(&scene->server_keys);
    sign_keys_generate(&scene->other_keys);
    sign_keys_generate(&scene->player_keys);
    random_bytes(scene->picture, sizeof scene->picture);
    scene->lie = lie;
    pthread_mutex_init(&scene->lock, NULL);
    pthread_cond_init(&scene->changed, NULL);
    lying_server_start(&scene->server, answer, scene);
    return scene;
}

static void start(struct scene *scene, bool enrolled)
{
    char url[64];
    struct error err;
    struct strbuf sealed;
    struct making making = make(scene, 5);
    struct sync_hooks hooks = {handle_event, give_reports, take_acknowledgement, flush_nothing,
                               scene};
    snprintf(url, sizeof url, "http://127.0.0.1:%d", scene->server.port);
    struct sync_config config = {.server = url,
                                 .state = &scene->state,
                                 .keys = &scene->player_keys,
                                 .width_px = 320,
                                 .height_px = 180,
                                 .wait_s = 1,
                                 .stall_s = 1};
    if (enrolled) {
        strcpy(config.enrolled.screen, "quai-2");
        strcpy(config.enrolled.token, TOKEN);
        config.enrolled.key = scene->server_keys.public;
        making.slide_count = 1; /* no files */
        strbuf_init(&sealed);
        making_seal(&making, &scene->server_keys, &sealed);
        assert_true(state_commit_manifest(&scene->state, sealed.bytes, sealed.length, false, &err));
        strbuf_finish(&sealed);
        config.current = state_load_edition(&scene->state, &config.enrolled, STATE_CURRENT, &err);
        assert_non_null(config.current);
    }
    struct sync *sync = sync_start(&config, &hooks, &err);
    assert_non_null(sync);
    edition_release(config.current);
    pthread_mutex_lock(&scene->lock);
    scene->sync = sync;
    pthread_cond_broadcast(&scene->changed);
    pthread_mutex_unlock(&scene->lock);
}

static void scene_destroy(struct scene *scene)
{
    char command[128];
    atomic_store(&scene->server.stopping, true);
    sync_stop(scene->sync);
    lying_server_stop(&scene->server);
    snprintf(command, sizeof command, "rm -rf '%s'", scene->folder);
    assert_int_equal(system(command), 0);
    pthread_mutex_destroy(&scene->lock);
    pthread_cond_destroy(&scene->changed);
    free(scene);
}

/* What is on the disk as current; 0 when nothing usable is. */
static int64_t version_on_disk(struct scene *scene, enum state_slot slot)
{
    struct state_server server = {.screen = "quai-2", .key = scene->server_keys.public};
    struct error err;
    struct edition *edition = state_load_edition(&scene->state, &server, slot, &err);
    int64_t version = edition != NULL ? edition->manifest->version : 0;
    edition_release(edition);
    return version;
}

static bool wait_until(struct scene *scene, bool (*done)(struct scene *))
{
    for (int i = 0; i < 400; i++) {
        pthread_mutex_lock(&scene->lock);
        bool yes = done(scene);
        pthread_mutex_unlock(&scene->lock);
        if (yes) {
            return true;
        }
        usleep(20000);
    }
    return false;
}

static bool is_told(struct scene *scene)
{
    return scene->faults[0] != '\0' || version_on_disk(scene, STATE_CURRENT) == 6 ||
           (scene->status == SYNC_UNREACHABLE && atomic_load(&scene->polls) > 0);
}

static bool is_online(struct scene *scene)
{
    return scene->status == SYNC_ONLINE;
}

static const struct {
    const char *name;
    enum lie lie;
    const char *fault; /* its code; "": none */
    int64_t version;   /* on disk afterwards */
} lies[] = {
    {"honest", LIE_NONE, "", 6},
    {"signed by another key", LIE_OTHER_KEY, "manifest_signature ", 5},
    {"a flipped bit", LIE_FLIPPED_BIT, "manifest_signature ", 5},
    {"a captive portal's page", LIE_NOT_A_MANIFEST, "manifest_content ", 5},
    {"an older version", LIE_OLDER, "manifest_version ", 5},
    {"an older epoch", LIE_OTHER_EPOCH_OLDER, "manifest_version ", 5},
    {"another screen's", LIE_OTHER_SCREEN, "manifest_screen ", 5},
    {"endless", LIE_ENDLESS, "manifest_size ", 5},
    {"truncated", LIE_TRUNCATED, "network ", 5},
    {"silence", LIE_SILENT, "network ", 5},
    {"slow drip", LIE_DRIP, "network ", 5},
    {"status 500", LIE_500, "network ", 5},
    {"status 503", LIE_503, "", 5},
    {"status 404 with a long page", LIE_LONG_404, "network ", 5},
    {"a redirect", LIE_REDIRECT, "network ", 5},
    {"a file of another hash", LIE_FILE_HASH, "file_hash ", 5},
    {"a file too long", LIE_FILE_LONG, "file_size ", 5},
    {"a file too short", LIE_FILE_SHORT, "file_size ", 5},
    {"a file that is not there", LIE_FILE_MISSING, "network ", 5},
    {"a file in two parts", LIE_FILE_BROKEN_ONCE, "", 6},
    {"the wrong part of a file", LIE_FILE_WRONG_RANGE, "", 6},
    {"the whole instead of a part", LIE_FILE_NO_RANGE, "", 6},
    {"a first frame that cannot be drawn", LIE_UNDRAWABLE, "file_decode ", 5},
};

/* Nothing but that code, which comes again with every try. */
static bool tells_only(const char *faults, const char *code)
{
    size_t length = strlen(code);
    if (length == 0) {
        return faults[0] == '\0';
    }
    while (strncmp(faults, code, length) == 0) {
        faults += length;
    }
    return faults[0] == '\0';
}

static void check_lie(struct scene *scene, size_t index)
{
    if (!wait_until(scene, is_told)) {
        fail_msg("%s: nothing happened", lies[index].name);
    }
    pthread_mutex_lock(&scene->lock);
    if (!tells_only(scene->faults, lies[index].fault) ||
        version_on_disk(scene, STATE_CURRENT) != lies[index].version) {
        fail_msg("%s: version %lld, faults \"%s\"", lies[index].name,
                 (long long)version_on_disk(scene, STATE_CURRENT), scene->faults);
    }
    pthread_mutex_unlock(&scene->lock);
    if (lies[index].version == 6) {
        assert_int_equal(scene->candidates, 1);
        assert_int_equal(version_on_disk(scene, STATE_PREVIOUS), 5);
    }
    if (lies[index].lie == LIE_FILE_WRONG_RANGE) { /* what there was is not trusted any more */
        assert_int_equal(atomic_load(&scene->files_asked), 3);
        assert_int_equal(atomic_load(&scene->resumed), 1);
    }
}

/* All at once, each with a server of its own: most of them wait. */
static void test_lies(void **state)
{
    struct scene *scenes[sizeof lies / sizeof lies[0]];
    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        scenes[i] = scene_create(lies[i].lie);
        start(scenes[i], true);
    }
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        check_lie(scenes[i], i);
    }
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        scene_destroy(scenes[i]);
    }
}

/* The second half only, when the first is there already. */
static void test_resume(void **state)
{
    struct scene *scene = scene_create(LIE_FILE_BROKEN_ONCE);
    (void)state;
    start(scene, true);
    assert_true(wait_until(scene, is_told));
    assert_int_equal(atomic_load(&scene->files_asked), 2);
    assert_int_equal(atomic_load(&scene->resumed), 1);
    scene_destroy(scene);
}

static bool has_six(struct scene *scene)
{
    return version_on_disk(scene, STATE_CURRENT) == 6;
}

static void test_enrolment(void **state)
{
    struct scene *scene = scene_create(LIE_NONE);
    struct state_server server;
    struct error err;
    (void)state;
    atomic_store(&scene->pending, 1);
    start(scene, false);
    assert_true(wait_until(scene, has_six));
    assert_int_equal(atomic_load(&scene->enrolments), 3); /* unknown, pending, approved */
    assert_true(state_load_server(&scene->state, &server, &err));
    assert_string_equal(server.screen, "quai-2");
    assert_string_equal(server.token, TOKEN);
    scene_destroy(scene);
}

/* The server forgot the token: enrol again with the same key, and play on meanwhile. */
static void test_unknown_token(void **state)
{
    struct scene *scene = scene_create(LIE_NONE);
    (void)state;
    atomic_store(&scene->unknown, 1);
    start(scene, true);
    assert_true(wait_until(scene, has_six));
    assert_int_equal(atomic_load(&scene->enrolments), 2);
    assert_string_equal(scene->faults, "");
    scene_destroy(scene);
}

/* A key once pinned stays: an enrolment with another one is refused. */
static void test_pinned_key(void **state)
{
    struct scene *scene = scene_create(LIE_NONE);
    (void)state;
    start(scene, true);
    assert_true(wait_until(scene, has_six));
    scene_destroy(scene);

    scene = scene_create(LIE_NONE);
    struct sign_keys swapped = scene->server_keys;
    atomic_store(&scene->unknown, 1000);
    start(scene, true);
    scene->server_keys = scene->other_keys; /* what the enrolment will say from now on */
    assert_true(wait_until(scene, is_told));
    pthread_mutex_lock(&scene->lock);
    assert_string_equal(scene->faults, "enrolment ");
    pthread_mutex_unlock(&scene->lock);
    scene->server_keys = swapped;
    scene_destroy(scene);
}

static bool picture_is_back(struct scene *scene)
{
    struct manifest_file file = {.size = PICTURE_BYTES};
    struct error err;
    sha256_of(scene->picture, PICTURE_BYTES, &file.sha256);
    return scene->files_again > 0 && state_verify_file(&scene->state, &file.sha256, &err);
}

static void test_repair(void **state)
{
    struct scene *scene = scene_create(LIE_NONE);
    struct sha256 sum;
    char path[STATE_PATH_SIZE];
    (void)state;
    start(scene, true);
    assert_true(wait_until(scene, has_six));
    assert_true(wait_until(scene, is_online));
    sha256_of(scene->picture, PICTURE_BYTES, &sum);
    FILE *stream = fopen(state_file_path(&scene->state, &sum, "", path), "r+b");
    assert_non_null(stream);
    fputs("damage", stream);
    fclose(stream);
    sync_repair(scene->sync, &sum);
    assert_true(wait_until(scene, picture_is_back));
    scene_destroy(scene);
}

static bool is_reported(struct scene *scene)
{
    return !atomic_load(&scene->pending_reports);
}

static void test_reports(void **state)
{
    struct scene *scene = scene_create(LIE_NONE);
    (void)state;
    atomic_store(&scene->pending_reports, true);
    start(scene, true);
    assert_true(wait_until(scene, is_reported));
    assert_int_equal(atomic_load(&scene->reports), 1);
    scene_destroy(scene);
}

/* A batch that the server will never take is given up: later ones must get through. */
static void test_refused_reports(void **state)
{
    struct scene *scene = scene_create(LIE_REPORTS_REFUSED);
    (void)state;
    atomic_store(&scene->pending_reports, true);
    start(scene, true);
    assert_true(wait_until(scene, is_reported));
    assert_int_equal(atomic_load(&scene->reports), 1);
    scene_destroy(scene);
}

static int64_t cpu_ms(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (int64_t)spent.tv_sec * 1000 + spent.tv_nsec / 1000000;
}

/* A player without a server has nothing to ask, whatever it is told, and must not look for it. */
static void test_no_server_is_idle(void **state)
{
    struct scene *scene = scene_create(LIE_NONE);
    struct sync_hooks hooks = {handle_event, give_reports, take_acknowledgement, flush_nothing,
                               scene};
    struct sync_config config = {.state = &scene->state, .keys = &scene->player_keys};
    struct sha256 damaged = {{0}};
    struct error err;
    (void)state;
    scene->sync = sync_start(&config, &hooks, &err);
    assert_non_null(scene->sync);
    sync_refresh(scene->sync);
    sync_repair(scene->sync, &damaged);
    usleep(50000);
    int64_t before = cpu_ms();
    usleep(300000);
    assert_true(cpu_ms() - before < 100);
    scene_destroy(scene);
}

/* Stopping must not wait for a long-poll to end. */
static void test_stop_is_quick(void **state)
{
    struct scene *scene = scene_create(LIE_SILENT);
    struct timespec before;
    struct timespec after;
    (void)state;
    start(scene, true);
    usleep(200000);
    clock_gettime(CLOCK_MONOTONIC, &before);
    sync_stop(scene->sync);
    scene->sync = NULL;
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 <
                500);
    assert_string_equal(scene->faults, "");
    scene_destroy(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lies),
        cmocka_unit_test(test_resume),
        cmocka_unit_test(test_enrolment),
        cmocka_unit_test(test_unknown_token),
        cmocka_unit_test(test_pinned_key),
        cmocka_unit_test(test_repair),
        cmocka_unit_test(test_reports),
        cmocka_unit_test(test_stop_is_quick),
        cmocka_unit_test(test_refused_reports),
        cmocka_unit_test(test_no_server_is_idle),
    };
    log_set_level(LOG_ERROR);
    return sign_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
