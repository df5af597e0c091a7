#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/files.h"
#include "core/json.h"
#include "core/log.h"
#include "player/report/spool.h"

struct fixture {
    char folder[64];
    char path[128];
    struct manual_clock time;
    struct clock clock;
    struct spool *spool;
};

static int setup(void **context)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    char folder[128];
    struct error err;
    strcpy(fixture->folder, "/tmp/vitrine-spool-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(folder, sizeof folder, "%s/spool", fixture->folder);
    assert_true(folder_create(folder, 0755, &err));
    snprintf(fixture->path, sizeof fixture->path, "%s/spool/faults.jsonl", fixture->folder);
    fixture->time = (struct manual_clock){.wall_ms = 1700000000000, .mono_ns = 5000000000};
    fixture->clock = clock_manual(&fixture->time);
    fixture->spool = spool_create(fixture->folder, &fixture->clock);
    *context = fixture;
    return 0;
}

static int teardown(void **context)
{
    struct fixture *fixture = *context;
    char command[128];
    spool_destroy(fixture->spool);
    snprintf(command, sizeof command, "rm -rf '%s'", fixture->folder);
    int status = system(command);
    free(fixture);
    return status;
}

static void flush(struct fixture *fixture)
{
    struct error err;
    assert_true(spool_flush(fixture->spool, &err));
}

static void restart(struct fixture *fixture)
{
    spool_destroy(fixture->spool);
    fixture->spool = spool_create(fixture->folder, &fixture->clock);
}

/* One batch, as the server reads it. */
struct batch {
    char boot[40];
    int faults, heartbeats;
    int64_t first, last; /* sequences */
    char code[40];       /* of the first fault */
    char manifest[40];
};

static bool take(struct fixture *fixture, struct batch *batch)
{
    struct strbuf body;
    struct error err;
    memset(batch, 0, sizeof *batch);
    strbuf_init(&body);
    bool any = spool_batch(fixture->spool, &body);
    if (any) {
        assert_true(body.length <= 256 * 1024);
        cJSON *root = json_parse(body.bytes, body.length, 256 * 1024, &err);
        assert_non_null(root);
        strcpy(batch->boot, cJSON_GetObjectItem(root, "boot")->valuestring);
        assert_int_equal(strlen(batch->boot), 32);
        const cJSON *records = cJSON_GetObjectItem(root, "records");
        assert_true(cJSON_GetArraySize(records) <= 500);
        for (const cJSON *record = records->child; record != NULL; record = record->next) {
            int64_t sequence = (int64_t)cJSON_GetObjectItem(record, "sequence")->valuedouble;
            assert_true(sequence > batch->last);
            batch->first = batch->first == 0 ? sequence : batch->first;
            batch->last = sequence;
            if (strcmp(cJSON_GetObjectItem(record, "kind")->valuestring, "fault") == 0) {
                if (batch->faults++ == 0) {
                    strcpy(batch->code, cJSON_GetObjectItem(record, "code")->valuestring);
                }
            } else {
                batch->heartbeats++;
                strcpy(batch->manifest, cJSON_GetObjectItem(record, "manifest")->valuestring);
            }
        }
        cJSON_Delete(root);
    }
    strbuf_finish(&body);
    return any;
}

static void test_heartbeat(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    spool_set_manifest(fixture->spool, "1-17");
    assert_true(take(fixture, &batch)); /* the first one at once */
    assert_int_equal(batch.heartbeats, 1);
    assert_string_equal(batch.manifest, "1-17");
    assert_true(take(fixture, &batch)); /* it did not arrive */
    spool_acknowledge(fixture->spool, batch.last);
    assert_false(take(fixture, &batch));
    fixture->time.mono_ns += INT64_C(1000000) * (SPOOL_HEARTBEAT_MS - 1);
    assert_false(take(fixture, &batch));
    fixture->time.mono_ns += INT64_C(1000000);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.heartbeats, 1);
    spool_acknowledge(fixture->spool, batch.last);
    spool_set_manifest(fixture->spool, "1-18"); /* a screen that changed says so */
    assert_true(take(fixture, &batch));
    assert_string_equal(batch.manifest, "1-18");
}

/* Faults outlive a restart and are sent with the boot they belong to, once. */
static void test_restart(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    char first_boot[40];
    assert_true(spool_fault(fixture->spool, "file_hash", "abc \"é\"\n"));
    assert_true(spool_fault(fixture->spool, "network", "gone"));
    assert_true(take(fixture, &batch));
    strcpy(first_boot, batch.boot);
    flush(fixture);
    restart(fixture);
    assert_true(spool_fault(fixture->spool, "storage", "full"));

    assert_true(take(fixture, &batch));
    assert_string_equal(batch.boot, first_boot);
    assert_int_equal(batch.faults, 2);
    assert_int_equal(batch.heartbeats, 0); /* that boot's heart beats no more */
    assert_string_equal(batch.code, "file_hash");
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_string_not_equal(batch.boot, first_boot);
    assert_int_equal(batch.faults, 1);
    assert_int_equal(batch.heartbeats, 1);
    spool_acknowledge(fixture->spool, batch.last);
    assert_false(take(fixture, &batch));

    flush(fixture);
    restart(fixture);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.faults, 0);
}

/* Acknowledging part of a batch keeps the rest. */
static void test_partial_acknowledgement(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    for (int i = 0; i < 10; i++) {
        char detail[16];
        snprintf(detail, sizeof detail, "%d", i);
        assert_true(spool_fault(fixture->spool, "network", detail));
    }
    assert_true(take(fixture, &batch));
    spool_acknowledge(fixture->spool, batch.first + 3);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.faults, 6);
}

static void test_repeats(void **context)
{
    struct fixture *fixture = *context;
    assert_true(spool_fault(fixture->spool, "file_decode", "a.jpg"));
    assert_false(spool_fault(fixture->spool, "file_decode", "a.jpg"));
    assert_true(spool_fault(fixture->spool, "file_decode", "b.jpg"));
    assert_true(spool_fault(fixture->spool, "file_hash", "a.jpg"));
    fixture->time.mono_ns += INT64_C(10) * 60 * 1000000000;
    assert_true(spool_fault(fixture->spool, "file_decode", "a.jpg"));
}

static void append_text(struct fixture *fixture, const char *text)
{
    FILE *stream = fopen(fixture->path, "ab");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

/* A power cut in the middle of a line costs that line alone. */
static void test_torn_line(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    assert_true(spool_fault(fixture->spool, "network", "whole"));
    flush(fixture);
    append_text(fixture, "{\"boot\":\"0123456789abcdef0123456789abcdef\",\"seq");
    restart(fixture);
    assert_true(spool_fault(fixture->spool, "storage", "after"));
    flush(fixture);
    restart(fixture);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.faults, 1);
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_string_equal(batch.code, "storage");
}

/* A flipped bit in what the server checks would be refused, and sent again, for ever. */
static void test_flipped_bits(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    append_text(fixture,
                "{\"boot\":\"q123456789abcdef0123456789abcdef\",\"sequence\":1,\"time_ms\":1,"
                "\"kind\":\"fault\",\"code\":\"network\",\"detail\":\"boot\"}\n"
                "{\"boot\":\"0123456789abcdef0123456789abcdef\",\"sequence\":9007199254740000,"
                "\"time_ms\":1,\"kind\":\"fault\",\"code\":\"network\",\"detail\":\"seq\"}\n");
    restart(fixture);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.faults, 0);
    assert_int_equal(batch.heartbeats, 1);
}

/* What was recorded after the batch was made is not acknowledged with it. */
static void test_acknowledged_too_much(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    assert_true(spool_fault(fixture->spool, "network", "sent"));
    assert_true(take(fixture, &batch));
    assert_true(spool_fault(fixture->spool, "storage", "not yet"));
    spool_acknowledge(fixture->spool, INT64_MAX);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.faults, 1);
    assert_string_equal(batch.code, "storage");
}

static void test_cap(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    char detail[401];
    int64_t size;
    int64_t last = 0;
    for (int i = 0; i < 8000; i++) {
        snprintf(detail, sizeof detail, "%d %0380d", i, 0);
        assert_true(spool_fault(fixture->spool, "network", detail));
        if (i % 500 == 0) {
            flush(fixture);
            assert_true(file_size(fixture->path, &size) && size <= SPOOL_BYTES_MAX);
        }
    }
    flush(fixture);
    assert_true(file_size(fixture->path, &size));
    assert_true(size <= SPOOL_BYTES_MAX && size > SPOOL_BYTES_MAX / 2);
    for (int i = 0; i < 100 && take(fixture, &batch); i++) {
        last = batch.last;
        spool_acknowledge(fixture->spool, batch.last);
    }
    assert_true(last >= 8000); /* the newest are kept */
}

/* No folder, no disk: faults are still sent. */
static void test_no_folder(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    struct error err;
    spool_destroy(fixture->spool);
    fixture->spool = spool_create("/nonexistent/vitrine", &fixture->clock);
    assert_true(spool_fault(fixture->spool, "storage", "read-only"));
    assert_false(spool_flush(fixture->spool, &err));
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.faults, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_heartbeat, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_partial_acknowledgement, setup, teardown),
        cmocka_unit_test_setup_teardown(test_repeats, setup, teardown),
        cmocka_unit_test_setup_teardown(test_torn_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flipped_bits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_acknowledged_too_much, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cap, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_folder, setup, teardown),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
