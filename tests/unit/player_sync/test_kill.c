/* A network thread that is killed at random instants, as by a power switch: whatever the instant,
 * the folder then loads a manifest with all its files. The program calls itself for it. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"
#include "player/sync/sync.h"
#include "tests/unit/player_sync/news_server.h"

#define KILLS 50
#define FILE_BYTES 30000
/* Current, previous, urgent and two on their way fit, and no more: so there is eviction, too. */
#define QUOTA_BYTES (5 * FILE_BYTES + 10000)

/* --- The one who is killed --- */

static struct sync *running;
static pthread_mutex_t started = PTHREAD_MUTEX_INITIALIZER;

static void handle_event(void *context, const struct sync_event *event)
{
    (void)context;
    if (event->kind == SYNC_EVENT_CANDIDATE) {
        pthread_mutex_lock(&started);
        sync_prove(running, event->edition, true);
        pthread_mutex_unlock(&started);
    }
    edition_release(event->edition);
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

static int play(const char *url, const char *folder)
{
    struct state state;
    struct error err;
    struct sync_hooks hooks = {handle_event, no_reports, ignore_acknowledgement, ignore_flush,
                               NULL};
    struct sync_config config = {
        .server = url, .state = &state, .wait_s = 5, .quota_bytes = QUOTA_BYTES};
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!state_open(&state, folder, &err) || !state_load_server(&state, &config.enrolled, &err)) {
        return 1;
    }
    config.current = state_load_edition(&state, &config.enrolled, STATE_CURRENT, &err);
    if (config.current == NULL) {
        config.current = state_load_edition(&state, &config.enrolled, STATE_PREVIOUS, &err);
        config.current_from_previous = config.current != NULL;
    }
    config.urgent = state_load_edition(&state, &config.enrolled, STATE_URGENT, &err);
    pthread_mutex_lock(&started);
    running = sync_start(&config, &hooks, &err);
    pthread_mutex_unlock(&started);
    for (int64_t i = 0; running != NULL; i++) {
        sync_keep_clock(running, INT64_C(1795428000000) + i);
        usleep(1000);
    }
    return 1;
}

/* --- The one who kills --- */

struct publisher {
    struct news news;
    pthread_t thread;
    atomic_bool stopping;
    atomic_int version;
};

static void *publish(void *context)
{
    struct publisher *publisher = context;
    while (!atomic_load(&publisher->stopping)) {
        int version = atomic_fetch_add(&publisher->version, 1) + 1;
        struct issue issue = {.version = version,
                              .file_count = 1,
                              .files = {(size_t)(version * 3) % NEWS_FILES_MAX},
                              .emergency = version % 3 == 0};
        news_publish(&publisher->news, &issue);
        usleep(8000);
    }
    return NULL;
}

static pid_t spawn(const char *url, const char *folder)
{
    char *arguments[] = {"test_kill", (char *)url, (char *)folder, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        execv("/proc/self/exe", arguments);
        _exit(127);
    }
    return pid;
}

/* The version that would be shown; fails when there is none, or not all of it. */
static int64_t check_folder(const struct state *state, const struct state_server *server)
{
    static const enum state_slot slots[] = {STATE_CURRENT, STATE_PREVIOUS};
    int64_t version = 0;
    struct error err;
    for (size_t i = 0; i < 2; i++) {
        struct edition *edition = state_load_edition(state, server, slots[i], &err);
        if (edition == NULL) {
            assert_int_equal(err.kind, ERROR_NOT_FOUND);
            continue;
        }
        const struct manifest *manifest = edition->manifest;
        for (size_t f = 0; f < manifest->file_count; f++) {
            if (!state_verify_file(state, &manifest->files[f].sha256, &err)) {
                fail_msg("version %lld: %s", (long long)manifest->version, err.en);
            }
        }
        version = manifest->version > version ? manifest->version : version;
        edition_release(edition);
    }
    struct edition *urgent = state_load_edition(state, server, STATE_URGENT, &err);
    assert_true(urgent != NULL || err.kind == ERROR_NOT_FOUND);
    edition_release(urgent);
    return version;
}

static void kill_child(pid_t pid)
{
    int status;
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status)); /* it did not end by itself */
}

/* How long one needs from its start to its first manifest: on this machine, built as it is. */
static useconds_t first_success(const struct state *state, const struct state_server *server,
                                const char *url)
{
    useconds_t waited = 1000;
    pid_t pid = spawn(url, state->folder);
    assert_true(pid > 0);
    while (check_folder(state, server) == 0 && waited < 10000000) {
        usleep(5000);
        waited += 5000;
    }
    kill_child(pid);
    return waited;
}

static void test_kills(void **state_out)
{
    struct publisher *publisher = calloc(1, sizeof *publisher);
    struct state_server server = {.screen = "quai-2", .token = NEWS_TOKEN};
    struct state state;
    struct error err;
    char folder[] = "/tmp/vitrine-kill-XXXXXX";
    char url[64];
    char command[128];
    int advances = 0;
    (void)state_out;
    assert_non_null(mkdtemp(folder));
    assert_true(state_open(&state, folder, &err));
    news_start(&publisher->news);
    for (size_t i = 0; i < NEWS_FILES_MAX; i++) {
        news_add_file(&publisher->news, i, FILE_BYTES);
    }
    server.key = publisher->news.keys.public;
    assert_true(state_save_server(&state, &server, &err));
    snprintf(url, sizeof url, "http://127.0.0.1:%d", publisher->news.server.port);
    assert_int_equal(pthread_create(&publisher->thread, NULL, publish, publisher), 0);

    useconds_t needed = first_success(&state, &server, url);
    int64_t shown = check_folder(&state, &server);
    assert_true(shown > 0);
    for (int i = 0; i < KILLS; i++) {
        uint32_t chance;
        random_bytes(&chance, sizeof chance);
        pid_t pid = spawn(url, folder);
        assert_true(pid > 0);
        usleep(needed / 2 + chance % needed);
        kill_child(pid);
        int64_t version = check_folder(&state, &server);
        assert_true(version >= shown);
        advances += version > shown ? 1 : 0;
        /* Neither always too early nor always too late, however busy the machine is. */
        needed = version > shown ? needed - needed / 16 : needed + needed / 8;
        shown = version;
        assert_true(state_load_clock(&state) > 0);
    }
    assert_true(advances > KILLS / 4);

    atomic_store(&publisher->stopping, true);
    pthread_join(publisher->thread, NULL);
    news_stop(&publisher->news);
    free(publisher);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kills)};
    log_set_level(LOG_ERROR);
    if (!sign_init()) {
        return 1;
    }
    return count == 3 ? play(arguments[1], arguments[2])
                      : cmocka_run_group_tests(tests, NULL, NULL);
}
