#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "core/json.h"
#include "core/log.h"
#include "player/report/spool.h"

struct fixture {
    char folder[64];
    char path[128]; /* the database */
    char old[128];  /* what earlier players kept */
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
    snprintf(fixture->path, sizeof fixture->path, "%s/spool/reports.db", fixture->folder);
    snprintf(fixture->old, sizeof fixture->old, "%s/spool/faults.jsonl", fixture->folder);
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
    int faults, heartbeats, plays;
    int64_t first, last; /* sequences */
    char code[40];       /* of the first fault */
    char manifest[40];   /* of the heartbeat */
    char title[600];     /* of the first play */
    int64_t from_ms, until_ms;
    double temperature;
};

static const char *text_of(const cJSON *record, const char *key)
{
    const cJSON *member = cJSON_GetObjectItem(record, key);
    assert_true(cJSON_IsString(member));
    return member->valuestring;
}

static void read_record(const cJSON *record, struct batch *batch)
{
    const char *kind = text_of(record, "kind");
    if (strcmp(kind, "fault") == 0) {
        if (batch->faults++ == 0) {
            strcpy(batch->code, text_of(record, "code"));
        }
    } else if (strcmp(kind, "play") == 0) {
        if (batch->plays++ == 0) {
            snprintf(batch->title, sizeof batch->title, "%s", text_of(record, "title"));
            batch->from_ms = (int64_t)cJSON_GetObjectItem(record, "from_ms")->valuedouble;
            batch->until_ms = (int64_t)cJSON_GetObjectItem(record, "until_ms")->valuedouble;
            assert_string_equal(text_of(record, "rule"), "r1");
            assert_string_equal(text_of(record, "manifest"), "1-17");
        }
    } else {
        const cJSON *temperature = cJSON_GetObjectItem(record, "temperature_c");
        batch->heartbeats++;
        batch->temperature = temperature != NULL ? temperature->valuedouble : -1000;
        strcpy(batch->manifest, text_of(record, "manifest"));
    }
}

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
            read_record(record, batch);
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

    assert_true(take(fixture, &batch)); /* first of all: this start is alive */
    assert_string_not_equal(batch.boot, first_boot);
    assert_int_equal(batch.heartbeats, 1);
    assert_int_equal(batch.faults, 0);
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_string_equal(batch.boot, first_boot);
    assert_int_equal(batch.faults, 2);
    assert_string_equal(batch.code, "file_hash");
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_string_not_equal(batch.boot, first_boot);
    assert_int_equal(batch.faults, 1);
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

static void write_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(text, stream);
    fclose(stream);
}

/* What a player before the database left: whole lines are taken, torn and damaged ones are not. */
static void test_old_file(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    write_file(fixture->old,
               "{\"boot\":\"0123456789abcdef0123456789abcdef\",\"sequence\":3,\"time_ms\":1,"
               "\"kind\":\"fault\",\"code\":\"file_hash\",\"detail\":\"old\"}\n"
               "{\"boot\":\"q123456789abcdef0123456789abcdef\",\"sequence\":1,\"time_ms\":1,"
               "\"kind\":\"fault\",\"code\":\"network\",\"detail\":\"boot\"}\n"
               "{\"boot\":\"0123456789abcdef0123456789abcdef\",\"sequence\":9007199254740000,"
               "\"time_ms\":1,\"kind\":\"fault\",\"code\":\"network\",\"detail\":\"seq\"}\n"
               "{\"boot\":\"0123456789abcdef0123456789abcdef\",\"seq");
    assert_true(spool_fault(fixture->spool, "storage", "new"));
    flush(fixture);
    assert_false(file_exists(fixture->old));
    restart(fixture);
    assert_true(take(fixture, &batch)); /* the heartbeat does not wait for another boot's records */
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_string_equal(batch.boot, "0123456789abcdef0123456789abcdef");
    assert_int_equal(batch.faults, 1);
    assert_int_equal(batch.last, 3);
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_string_equal(batch.code, "storage");
}

static void play(struct fixture *fixture, const char *title, int64_t from_ms, int64_t until_ms)
{
    struct spool_play played = {.slide = "s1",
                                .title = title,
                                .subject = "p1",
                                .playlist = "l1",
                                .rule = "r1",
                                .zone = "main",
                                .manifest = "1-17",
                                .from_ms = from_ms,
                                .until_ms = until_ms};
    spool_play(fixture->spool, &played);
}

/* Plays are gathered; they outlive a restart and arrive as they were told. */
static void test_plays(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    struct spool_backlog backlog;
    struct error err;
    int64_t now = fixture->time.wall_ms;
    assert_int_equal(spool_flush_wait(fixture->spool), -1);
    flush(fixture);
    play(fixture, "Les Épices\x1f« de Rouen »", now - 8000, now - 13);
    assert_int_equal(spool_flush_wait(fixture->spool), SPOOL_FLUSH_MS);
    play(fixture, "", now - 3, now);
    flush(fixture);
    assert_int_equal(spool_flush_wait(fixture->spool), -1);
    assert_true(spool_look(fixture->folder, &backlog, &err)); /* beside the player */
    assert_int_equal(backlog.records, 2);
    assert_int_equal(backlog.oldest_ms, now);
    restart(fixture);
    fixture->time.wall_ms += 86400000;
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.heartbeats, 1);
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.plays, 2);
    assert_string_equal(batch.title, "Les Épices?« de Rouen »");
    assert_int_equal(batch.from_ms, now - 8000);
    assert_int_equal(batch.until_ms, now - 13);
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(spool_flush_wait(fixture->spool) >= 0);
    flush(fixture);
    assert_true(spool_look(fixture->folder, &backlog, &err));
    assert_int_equal(backlog.records, 0);
}

/* A fault is brought to disk at once; the built-in slide is no play. */
static void test_flush_wait(void **context)
{
    struct fixture *fixture = *context;
    struct spool_play builtin = {.slide = "", .title = "Bienvenue", .zone = "main"};
    spool_play(fixture->spool, &builtin);
    assert_int_equal(spool_flush_wait(fixture->spool), -1);
    flush(fixture);
    play(fixture, "x", 0, 8000);
    assert_true(spool_flush_wait(fixture->spool) > 0);
    assert_true(spool_fault(fixture->spool, "network", "gone"));
    assert_int_equal(spool_flush_wait(fixture->spool), 0);
}

static void test_health(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    struct spool_health health = {.temperature_c = -7, .disk_free = SPOOL_UNKNOWN, .clock = ""};
    assert_true(take(fixture, &batch));
    assert_true(batch.temperature == -1000); /* not told before it is known */
    spool_set_health(fixture->spool, &health);
    assert_true(take(fixture, &batch));
    assert_true(batch.temperature == -7);
}

/* A backlog takes hours; meanwhile the screen is alive, and nothing is sent twice or left out. */
static void test_backlog(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    int plays = 0;
    int heartbeats = 0;
    for (int i = 0; i < 1700; i++) {
        play(fixture, i % 2 == 0 ? "a" : "b", i * 8000, i * 8000 + 8000);
    }
    flush(fixture);
    for (int round = 0; round < 20 && take(fixture, &batch); round++) {
        assert_true(plays == 0 || batch.plays == 0 || batch.first == plays + 1 + (plays == 1700));
        plays += batch.plays;
        heartbeats += batch.heartbeats;
        assert_true(round > 0 || batch.heartbeats == 1);
        spool_acknowledge(fixture->spool, batch.last);
        play(fixture, "meanwhile", 1, 2);
        spool_acknowledge(fixture->spool, batch.last); /* nothing is under way: means nothing */
        if (plays > 1700) {
            break;
        }
    }
    assert_true(plays >= 1700);
    assert_int_equal(heartbeats, 1);
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

/* Without a disk the newest are kept, and that some are not is told. */
static void test_no_room_in_memory(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    struct error err;
    int64_t last = 0;
    bool told = false;
    spool_destroy(fixture->spool);
    fixture->spool = spool_create("/proc/vitrine", &fixture->clock);
    assert_false(spool_flush(fixture->spool, &err));
    for (int i = 0; i < 40000; i++) {
        play(fixture, "Un titre comme un autre, ni long ni court", i, i + 1);
    }
    for (int i = 0; i < 100 && take(fixture, &batch); i++) {
        told = told || (batch.faults > 0 && strcmp(batch.code, "storage") == 0);
        last = batch.last;
        spool_acknowledge(fixture->spool, batch.last);
    }
    assert_true(told);
    assert_true(last >= 40000);
}

/* Damage costs what was in the file, is told, and the damaged file is kept for who wants to see. */
static void damage(struct fixture *fixture, long offset, const char *bytes, size_t length)
{
    FILE *stream = fopen(fixture->path, "r+b");
    assert_non_null(stream);
    assert_int_equal(fseek(stream, offset, SEEK_SET), 0);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    fclose(stream);
}

static void test_damaged(void **context)
{
    static const struct {
        long offset;
        const char *bytes;
    } cases[] = {
        {0, "no database at all"}, {100, "\xff\xff\xff\xff\xff\xff"}, {4096, "\x7f\x7f\x7f"}};
    struct fixture *fixture = *context;
    struct batch batch;
    char aside[160];
    snprintf(aside, sizeof aside, "%s.damaged", fixture->path);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        spool_destroy(fixture->spool);
        (void)unlink(fixture->path);
        (void)unlink(aside);
        fixture->spool = spool_create(fixture->folder, &fixture->clock);
        for (int j = 0; j < 200; j++) {
            play(fixture, "lost", j, j + 1);
        }
        flush(fixture);
        spool_destroy(fixture->spool); /* moves the WAL into the file */
        damage(fixture, cases[i].offset, cases[i].bytes, strlen(cases[i].bytes));
        fixture->spool = spool_create(fixture->folder, &fixture->clock);
        play(fixture, "kept", 1, 2);
        flush(fixture);
        assert_true(file_exists(aside));
        assert_int_equal(spool_flush_wait(fixture->spool), 0); /* the fault of it */
        flush(fixture);
        restart(fixture);
        assert_true(take(fixture, &batch));
        spool_acknowledge(fixture->spool, batch.last);
        assert_true(take(fixture, &batch));
        assert_int_equal(batch.plays, 1);
        assert_string_equal(batch.title, "kept");
        assert_int_equal(batch.faults, 1);
        assert_string_equal(batch.code, "storage");
    }
}

/* A flipped bit inside a text passes SQLite's own checks: that record alone is left out. */
static void test_flipped_text(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    char bytes[65536];
    play(fixture, "flippable", 1, 2);
    play(fixture, "untouched", 3, 4);
    flush(fixture);
    spool_destroy(fixture->spool);
    FILE *stream = fopen(fixture->path, "rb");
    size_t length = fread(bytes, 1, sizeof bytes, stream);
    fclose(stream);
    const char *found = memmem(bytes, length, "flippable", 9);
    assert_non_null(found);
    damage(fixture, found - bytes, "\xe6", 1);
    fixture->spool = spool_create(fixture->folder, &fixture->clock);
    assert_true(take(fixture, &batch));
    spool_acknowledge(fixture->spool, batch.last);
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.plays, 1);
    assert_string_equal(batch.title, "untouched");
}

/* 30 days without network, three zones with a slide each 8 s: a hundredth of it, to see what one
 * play costs in the file. */
static void test_size(void **context)
{
    struct fixture *fixture = *context;
    struct spool_backlog backlog;
    struct error err;
    char title[64];
    const int plays = 3 * 30 * 86400 / 8 / 20;
    for (int i = 0; i < plays; i++) {
        snprintf(title, sizeof title, "Une coopérative de la métropole, numéro %d", i % 120);
        fixture->time.wall_ms += 2667;
        play(fixture, title, fixture->time.wall_ms - 8000, fixture->time.wall_ms);
        if (i % 1000 == 0) {
            flush(fixture);
        }
    }
    flush(fixture);
    spool_destroy(fixture->spool);
    fixture->spool = NULL;
    assert_true(spool_look(fixture->folder, &backlog, &err));
    assert_int_equal(backlog.records, plays);
    print_message("%.1f bytes a play, %.1f MiB for 30 days\n", (double)backlog.bytes / plays,
                  (double)backlog.bytes * 20 / 1048576);
    assert_true(backlog.bytes * 20 * 2 <= SPOOL_BYTES_MAX);
}

/* No folder, no disk: faults are still sent. */
static void test_no_folder(void **context)
{
    struct fixture *fixture = *context;
    struct batch batch;
    struct error err;
    spool_destroy(fixture->spool);
    fixture->spool = spool_create("/proc/vitrine", &fixture->clock);
    assert_true(spool_fault(fixture->spool, "storage", "read-only"));
    assert_false(spool_flush(fixture->spool, &err));
    assert_true(take(fixture, &batch));
    assert_int_equal(batch.faults, 2); /* its own and the one of having no disk */
    assert_true(spool_flush_wait(fixture->spool) > 1000); /* it is not tried for every fault */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_heartbeat, setup, teardown),
        cmocka_unit_test_setup_teardown(test_restart, setup, teardown),
        cmocka_unit_test_setup_teardown(test_partial_acknowledgement, setup, teardown),
        cmocka_unit_test_setup_teardown(test_repeats, setup, teardown),
        cmocka_unit_test_setup_teardown(test_old_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_plays, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flush_wait, setup, teardown),
        cmocka_unit_test_setup_teardown(test_health, setup, teardown),
        cmocka_unit_test_setup_teardown(test_backlog, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_flipped_text, setup, teardown),
        cmocka_unit_test_setup_teardown(test_size, setup, teardown),
        cmocka_unit_test_setup_teardown(test_acknowledged_too_much, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_room_in_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_folder, setup, teardown),
    };
    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
