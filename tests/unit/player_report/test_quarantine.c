#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/log.h"
#include "player/report/quarantine.h"

struct fixture {
    char folder[64];
    char path[96];
    struct manual_clock time;
    struct clock clock;
    struct slide bad, good;
};

static int setup(void **context)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/vitrine-quarantine-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/quarantine", fixture->folder);
    fixture->time = (struct manual_clock){.wall_ms = 1700000000000, .mono_ns = 5000000000};
    fixture->clock = clock_manual(&fixture->time);
    fixture->bad = (struct slide){.id = "s-bad",
                                  .template = "event",
                                  .title = "Fête « de l’ESS »",
                                  .link = "",
                                  .text_count = 1,
                                  .texts = {{"title", "Fête"}},
                                  .picture_count = 1,
                                  .pictures = {{.slot = "image", .file = {{1, 2, 3}}}}};
    fixture->good = fixture->bad;
    fixture->good.id = "s-good";
    *context = fixture;
    return 0;
}

static int teardown(void **context)
{
    struct fixture *fixture = *context;
    (void)unlink(fixture->path);
    int status = rmdir(fixture->folder);
    free(fixture);
    return status;
}

/* A player that draws the good slide well and dies by `signal` while it works on the bad one; 0: it
 * ends orderly. */
static void run_player(const struct fixture *fixture, int signal)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct quarantine *quarantine = quarantine_create(fixture->folder, &fixture->clock);
        quarantine_enter(quarantine, 0, &fixture->good);
        quarantine_leave(quarantine, 0);
        quarantine_enter(quarantine, 3, &fixture->bad);
        if (signal != 0) {
            struct sigaction plain = {.sa_handler = SIG_DFL};
            (void)sigaction(signal, &plain, NULL);
            (void)kill(getpid(), signal);
        }
        quarantine_destroy(quarantine);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(signal == 0, WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static bool holds(const struct fixture *fixture, const struct slide *slide)
{
    struct quarantine *quarantine = quarantine_create(fixture->folder, &fixture->clock);
    bool held = quarantine_holds(quarantine, slide);
    assert_int_equal(quarantine_count(quarantine) > 0, held || slide != &fixture->bad);
    quarantine_destroy(quarantine);
    return held;
}

static int told(const struct fixture *fixture)
{
    struct quarantine *quarantine = quarantine_create(fixture->folder, &fixture->clock);
    struct spool *spool = spool_create("/proc/vitrine", &fixture->clock);
    struct strbuf body;
    int count = 0;
    strbuf_init(&body);
    quarantine_report(quarantine, spool);
    quarantine_report(quarantine, spool);
    assert_true(spool_batch(spool, &body));
    for (const char *at = body.bytes; (at = strstr(at, "\"quarantine\"")) != NULL; at++) {
        assert_non_null(strstr(at, "s-bad"));
        assert_non_null(strstr(at, "Fête « de l’ESS »"));
        count++;
    }
    strbuf_finish(&body);
    spool_destroy(spool);
    quarantine_destroy(quarantine);
    return count;
}

static void test_three_crashes(void **context)
{
    struct fixture *fixture = *context;
    struct quarantine_entry entry;
    for (int i = 0; i < 3; i++) {
        assert_false(holds(fixture, &fixture->bad));
        assert_int_equal(quarantine_look(fixture->folder, &fixture->clock, &entry, 1), i > 0);
        run_player(fixture, i == 0 ? SIGKILL : SIGSEGV);
    }
    assert_true(holds(fixture, &fixture->bad));
    assert_false(holds(fixture, &fixture->good));
    assert_int_equal(told(fixture), 1);
    assert_int_equal(told(fixture), 0); /* once, not at every start */
    assert_int_equal(quarantine_look(fixture->folder, &fixture->clock, &entry, 1), 1);
    assert_true(entry.held);
    assert_string_equal(entry.slide, "s-bad");

    struct slide edited = fixture->bad;
    edited.pictures[0].file.bytes[0]++;
    assert_false(holds(fixture, &edited));
    fixture->time.wall_ms += QUARANTINE_HOLD_MS - 1;
    assert_true(holds(fixture, &fixture->bad));
    fixture->time.wall_ms += 1;
    assert_false(holds(fixture, &fixture->bad));
}

static void test_orderly_ends(void **context)
{
    struct fixture *fixture = *context;
    for (int i = 0; i < 5; i++) {
        run_player(fixture, 0);
    }
    assert_false(holds(fixture, &fixture->bad));
}

/* Somebody pulls the plug every night while the same film plays. */
static void test_power_cuts(void **context)
{
    struct fixture *fixture = *context;
    char boot[64] = "";
    FILE *stream = fopen("/proc/sys/kernel/random/boot_id", "r");
    assert_non_null(stream);
    assert_non_null(fgets(boot, sizeof boot, stream));
    fclose(stream);
    for (int i = 0; i < 5; i++) {
        char bytes[16384];
        run_player(fixture, SIGKILL);
        stream = fopen(fixture->path, "r+b");
        size_t length = fread(bytes, 1, sizeof bytes, stream);
        char *found = memmem(bytes, length, boot, 36);
        assert_non_null(found);
        for (; found != NULL; found = memmem(bytes, length, boot, 36)) {
            memcpy(found, "01234567", 8); /* another boot of the kernel */
        }
        rewind(stream);
        assert_int_equal(fwrite(bytes, 1, length, stream), length);
        fclose(stream);
    }
    assert_false(holds(fixture, &fixture->bad));
}

/* Killed again and again for another reason, while it plays well in between. */
static void test_innocent(void **context)
{
    struct fixture *fixture = *context;
    for (int i = 0; i < 10; i++) {
        run_player(fixture, SIGKILL);
        struct quarantine *quarantine = quarantine_create(fixture->folder, &fixture->clock);
        for (int j = 0; j < 2; j++) {
            quarantine_enter(quarantine, 1, &fixture->bad);
            quarantine_enter(quarantine, 1, &fixture->bad);
            quarantine_leave(quarantine, 1);
        }
        quarantine_destroy(quarantine);
    }
    assert_false(holds(fixture, &fixture->bad));
}

static void test_garbage(void **context)
{
    struct fixture *fixture = *context;
    struct quarantine_entry entries[4];
    for (int fill = 0; fill < 256; fill += 51) {
        char bytes[8192];
        memset(bytes, fill, sizeof bytes);
        FILE *stream = fopen(fixture->path, "wb");
        fputs("VITRINE-QUARANT2", stream);
        fwrite(bytes, 1, sizeof bytes, stream);
        fclose(stream);
        (void)quarantine_look(fixture->folder, &fixture->clock, entries, 4);
        assert_false(holds(fixture, &fixture->bad));
        assert_int_equal(told(fixture), 0);
    }
}

static void test_no_folder(void **context)
{
    struct fixture *fixture = *context;
    struct quarantine *quarantine = quarantine_create("/proc/vitrine", &fixture->clock);
    quarantine_enter(quarantine, 0, &fixture->bad);
    quarantine_leave(quarantine, 0);
    quarantine_enter(quarantine, QUARANTINE_SLOTS, &fixture->bad);
    assert_false(quarantine_holds(quarantine, &fixture->bad));
    quarantine_destroy(quarantine);
}

struct worker {
    struct quarantine *quarantine;
    const struct slide *slide;
    unsigned slot;
};

static void *work(void *context)
{
    struct worker *worker = context;
    for (int i = 0; i < 500; i++) {
        quarantine_enter(worker->quarantine, worker->slot, worker->slide);
        quarantine_leave(worker->quarantine, worker->slot);
    }
    return NULL;
}

/* Worker and films mark while the main thread asks; one crash before is forgiven meanwhile. */
static void test_threads(void **context)
{
    struct fixture *fixture = *context;
    struct quarantine_entry entry;
    pthread_t threads[2];
    run_player(fixture, SIGKILL);
    struct quarantine *quarantine = quarantine_create(fixture->folder, &fixture->clock);
    struct worker workers[2] = {{quarantine, &fixture->bad, 0}, {quarantine, &fixture->good, 1}};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < 500; i++) {
        assert_false(quarantine_holds(quarantine, &fixture->bad));
        assert_int_equal(quarantine_count(quarantine), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    quarantine_destroy(quarantine);
    assert_int_equal(quarantine_look(fixture->folder, &fixture->clock, &entry, 1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_three_crashes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_orderly_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(test_power_cuts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_innocent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_garbage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_folder, setup, teardown),
        cmocka_unit_test_setup_teardown(test_threads, setup, teardown),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
