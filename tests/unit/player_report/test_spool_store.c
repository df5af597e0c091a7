#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/files.h"
#include "core/log.h"
#include "player/report/spool_store.h"

#define BOOT "0123456789abcdef0123456789abcdef"
#define CAP (200 * 1024)

struct fixture {
    char folder[64];
    char path[96];
    struct spool_store *store;
};

static int setup(void **context)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    enum spool_damage damage;
    struct error err;
    strcpy(fixture->folder, "/tmp/vitrine-store-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/reports.db", fixture->folder);
    fixture->store = spool_store_open(fixture->folder, &damage, &err);
    assert_non_null(fixture->store);
    *context = fixture;
    return 0;
}

static int teardown(void **context)
{
    struct fixture *fixture = *context;
    char command[128];
    spool_store_close(fixture->store);
    snprintf(command, sizeof command, "rm -rf '%s'", fixture->folder);
    int status = system(command);
    free(fixture);
    return status;
}

/* Returns how many were given up. */
static int64_t write_plays(struct fixture *fixture, int64_t first, size_t count, int64_t forget)
{
    enum spool_damage damage;
    struct error err;
    int64_t lost;
    struct spool_record records[100];
    const struct spool_record *pointers[100];
    char text[64];
    assert_true(count <= 100);
    snprintf(text, sizeof text, "s\x1fTitle %d\x1f\x1f\x1f\x1f\x1fmain\x1f", (int)(first / 500));
    for (size_t i = 0; i < count; i++) {
        records[i] = (struct spool_record){.sequence = first + (int64_t)i,
                                           .time_ms = 1700000000000,
                                           .kind = SPOOL_PLAY,
                                           .from_ms = 1699999990000,
                                           .until_ms = 1699999999000,
                                           .text = text};
        pointers[i] = &records[i];
    }
    struct spool_write write = {forget, BOOT, pointers, count, CAP};
    assert_true(spool_store_write(fixture->store, &write, &lost, &damage, &err));
    return lost;
}

struct seen {
    int64_t first, last, count, last_id;
};

static bool see(void *context, int64_t id, const char *boot, const struct spool_record *record)
{
    struct seen *seen = context;
    assert_string_equal(boot, BOOT);
    assert_true(record->sequence > seen->last);
    assert_true(id > seen->last_id);
    seen->first = seen->count++ == 0 ? record->sequence : seen->first;
    seen->last = record->sequence;
    seen->last_id = id;
    return true;
}

static struct seen read_all(struct fixture *fixture)
{
    struct seen seen = {0, 0, 0, 0};
    enum spool_damage damage;
    struct error err;
    assert_true(spool_store_read(fixture->store, 0, see, &seen, &damage, &err));
    return seen;
}

/* Beyond the cap the oldest go, a part at a time, and every one that goes is counted. */
static void test_cap(void **context)
{
    struct fixture *fixture = *context;
    int64_t written = 0;
    int64_t lost = 0;
    int64_t size;
    int losses = 0;
    for (int i = 0; i < 200; i++) {
        int64_t gone = write_plays(fixture, written + 1, 100, 0);
        written += 100;
        lost += gone;
        losses += gone > 0 ? 1 : 0;
    }
    struct seen seen = read_all(fixture);
    assert_true(lost > 0);
    assert_int_equal(seen.count, written - lost);
    assert_int_equal(seen.first, lost + 1);
    assert_int_equal(seen.last, written); /* the newest are kept */
    assert_true(seen.count > CAP / 40);   /* and many of them */
    assert_true(losses < 100);            /* not at every write */
    spool_store_close(fixture->store);    /* moves the WAL into the file */
    fixture->store = NULL;
    assert_true(file_size(fixture->path, &size));
    assert_true(size <= CAP + 64 * 1024);
}

/* What is acknowledged goes, its room is used again, and a file that was large becomes small. */
static void test_forgotten(void **context)
{
    struct fixture *fixture = *context;
    enum spool_damage damage;
    struct error err;
    int64_t full;
    int64_t size;
    int64_t lost;
    char text[2300];
    memset(text, 'x', sizeof text);
    memcpy(text, "code\x1f", 5);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 1500; i++) { /* faults that all differ: 3 MiB */
        snprintf(text + 5, 8, "%07d", i);
        text[12] = 'x';
        struct spool_record record = {.sequence = i + 1, .time_ms = 1, .text = text};
        const struct spool_record *records = &record;
        struct spool_write write = {0, BOOT, &records, 1, INT64_MAX};
        assert_true(spool_store_write(fixture->store, &write, &lost, &damage, &err));
    }
    struct seen seen = read_all(fixture);
    assert_int_equal(seen.count, 1500);
    spool_store_close(fixture->store);
    assert_true(file_size(fixture->path, &full));
    fixture->store = spool_store_open(fixture->folder, &damage, &err);
    assert_int_equal(write_plays(fixture, 2000, 1, seen.last_id), 0); /* texts go before records */
    seen = read_all(fixture);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last, 2000);
    for (int restart = 0; restart < 2; restart++) {
        for (int i = 0; i < 40; i++) {
            (void)write_plays(fixture, 2001 + restart * 100 + i, 1, 0);
        }
        spool_store_close(fixture->store);
        fixture->store = spool_store_open(fixture->folder, &damage, &err);
        assert_non_null(fixture->store);
    }
    assert_true(file_size(fixture->path, &size));
    assert_true(full > 3 * 1024 * 1024);
    assert_true(size < full / 2);
}

/* Another version's database is not ours to write to. */
static void test_other_version(void **context)
{
    struct fixture *fixture = *context;
    enum spool_damage damage;
    struct error err;
    const char version[] = {0, 0, 0, 9};
    spool_store_close(fixture->store);
    FILE *stream = fopen(fixture->path, "r+b");
    assert_int_equal(fseek(stream, 60, SEEK_SET), 0); /* user_version */
    assert_int_equal(fwrite(version, 1, sizeof version, stream), sizeof version);
    fclose(stream);
    fixture->store = spool_store_open(fixture->folder, &damage, &err);
    assert_null(fixture->store);
    assert_int_equal(damage, SPOOL_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(test_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_version, setup, teardown),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
