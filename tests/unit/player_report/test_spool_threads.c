/* The spool as the player uses it: one thread adds, another writes and sends, and the process may
 * end at any instant. Whatever the disk does (the fault suite fails its calls), what was added
 * arrives. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/json.h"
#include "core/log.h"
#include "player/report/spool.h"

#define PLAYS 6000

struct scene {
    struct spool *spool;
    atomic_bool added;
    int64_t slowest_ns; /* of all calls that add */
};

static void add_play(struct spool *spool, int number)
{
    char title[48];
    snprintf(title, sizeof title, "Titre %d", number % 50);
    struct spool_play play = {.slide = "s",
                              .title = title,
                              .zone = "main",
                              .manifest = "1-1",
                              .from_ms = number,
                              .until_ms = number + 1};
    spool_play(spool, &play);
}

static void *add_all(void *context)
{
    struct scene *scene = context;
    struct clock clock = clock_system();
    for (int i = 0; i < PLAYS; i++) {
        int64_t before = clock_mono_ns(&clock);
        add_play(scene->spool, i);
        (void)spool_flush_wait(scene->spool);
        int64_t taken = clock_mono_ns(&clock) - before;
        scene->slowest_ns = taken > scene->slowest_ns ? taken : scene->slowest_ns;
    }
    atomic_store(&scene->added, true);
    return NULL;
}

/* Marks the plays of one batch as seen; false when there was none. */
static bool take(struct spool *spool, bool *seen)
{
    struct strbuf body;
    struct error err;
    strbuf_init(&body);
    bool any = spool_batch(spool, &body);
    if (any) {
        cJSON *root = json_parse(body.bytes, body.length, 256 * 1024, &err);
        assert_non_null(root);
        const cJSON *records = cJSON_GetObjectItem(root, "records");
        for (const cJSON *record = records->child; record != NULL; record = record->next) {
            const cJSON *from = cJSON_GetObjectItem(record, "from_ms");
            if (from != NULL) {
                seen[(int)from->valuedouble] = true;
            }
        }
        cJSON_Delete(root);
        spool_acknowledge(spool, INT64_MAX);
    }
    strbuf_finish(&body);
    return any;
}

static int count(const bool *seen)
{
    int sum = 0;
    for (int i = 0; i < PLAYS; i++) {
        sum += seen[i] ? 1 : 0;
    }
    return sum;
}

static void remove_folder(const char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void test_two_threads(void **context)
{
    char folder[] = "/tmp/vitrine-spool-XXXXXX";
    struct clock clock = clock_system();
    struct scene scene = {.spool = NULL};
    bool *seen = calloc(PLAYS, sizeof *seen);
    pthread_t thread;
    (void)context;
    assert_non_null(mkdtemp(folder));
    scene.spool = spool_create(folder, &clock);
    assert_int_equal(pthread_create(&thread, NULL, add_all, &scene), 0);
    bool last = false;
    while (take(scene.spool, seen) || !last) {
        last = atomic_load(&scene.added);
    }
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(count(seen), PLAYS);
    print_message("slowest call that adds: %.3f ms\n", (double)scene.slowest_ns / 1e6);
    spool_destroy(scene.spool);
    free(seen);
    remove_folder(folder);
}

/* Killed in the middle of its work: all that a flush had brought to disk before is sent by the next
 * player. */
static void test_killed(void **context)
{
    char folder[] = "/tmp/vitrine-spool-XXXXXX";
    struct clock clock = clock_system();
    (void)context;
    assert_non_null(mkdtemp(folder));
    bool *seen = calloc(PLAYS, sizeof *seen);
    int flushed = 0;
    for (int round = 0; round < 5; round++) {
        int pipes[2];
        int upto = flushed;
        assert_int_equal(pipe(pipes), 0);
        pid_t child = fork();
        if (child == 0) {
            struct spool *spool = spool_create(folder, &clock);
            struct error err;
            for (int i = flushed; i < PLAYS; i++) {
                add_play(spool, i);
                if (i % 7 == 0 && spool_flush(spool, &err)) {
                    (void)!write(pipes[1], &i, sizeof i);
                }
            }
            _exit(0);
        }
        close(pipes[1]);
        for (int i = 0; i < 10 + round * 17 && read(pipes[0], &upto, sizeof upto) > 0; i++) {
        }
        assert_int_equal(kill(child, SIGKILL), 0);
        while (read(pipes[0], &upto, sizeof upto) > 0) {
        }
        close(pipes[0]);
        waitpid(child, NULL, 0);
        flushed = upto + 1;
    }
    struct spool *spool = spool_create(folder, &clock);
    while (take(spool, seen)) {
    }
    for (int i = 0; i < flushed; i++) {
        assert_true(seen[i]);
    }
    assert_true(flushed > 100);
    spool_destroy(spool);
    free(seen);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_threads),
        cmocka_unit_test(test_killed),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
