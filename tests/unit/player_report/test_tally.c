/* What visitors do at a kiosk: summed by the hour, told when the hour is over, in the server's
 * words, through the disk as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "player/report/spool.h"
#include "player/report/spool_record.h"

#define HOUR TALLY_HOUR_MS
#define START (INT64_C(498612) * HOUR)

struct fixture {
    char folder[64];
    struct manual_clock time;
    struct clock clock;
    struct spool *spool;
};

static int setup(void **context)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/vitrine-tally-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture->time = (struct manual_clock){.wall_ms = START, .mono_ns = 5000000000};
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

static void pass(struct fixture *fixture, int64_t ms)
{
    fixture->time.wall_ms += ms;
    fixture->time.mono_ns += ms * 1000000;
}

/* The records of kind "counters" of the next batch; the caller deletes the batch. */
static size_t take(struct fixture *fixture, cJSON **batch_out, const cJSON **records_out)
{
    struct strbuf body;
    struct error error;
    size_t count = 0;
    strbuf_init(&body);
    *batch_out = spool_batch(fixture->spool, &body)
                     ? json_parse(body.bytes, body.length, 1 << 20, &error)
                     : NULL;
    strbuf_finish(&body);
    const cJSON *records = *batch_out != NULL ? cJSON_GetObjectItem(*batch_out, "records") : NULL;
    for (const cJSON *at = records != NULL ? records->child : NULL; at != NULL; at = at->next) {
        if (strcmp(cJSON_GetObjectItem(at, "kind")->valuestring, "counters") == 0) {
            records_out[count++] = at;
        }
    }
    return count;
}

static int number(const cJSON *record, const char *object, const char *key)
{
    const cJSON *in = object != NULL ? cJSON_GetObjectItem(record, object) : record;
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(in, key);
    return member != NULL ? member->valueint : -1;
}

static void visit(struct fixture *fixture, const char *organisation)
{
    spool_count(fixture->spool, TALLY_SESSION, NULL);
    spool_count(fixture->spool, TALLY_LIST, NULL);
    spool_count(fixture->spool, TALLY_SHEET, organisation);
}

static void test_an_hour(void **context)
{
    struct fixture *fixture = *context;
    const cJSON *records[10];
    cJSON *batch;
    struct error err;

    visit(fixture, "siret-1");
    spool_count(fixture->spool, TALLY_LANGUAGE, "en");
    pass(fixture, 59 * 60000);
    visit(fixture, "siret-1");
    visit(fixture, "a=b:c \"é\"");
    spool_count(fixture->spool, TALLY_MODE, "large");
    spool_count(fixture->spool, TALLY_SEARCH, NULL);
    assert_true(spool_flush(fixture->spool, &err));
    assert_int_equal(take(fixture, &batch, records), 0); /* nothing apart, before it is over */
    cJSON_Delete(batch);
    assert_true(spool_flush_wait(fixture->spool) > 0);
    pass(fixture, 60000);
    assert_int_equal(spool_flush_wait(fixture->spool), 0);
    assert_true(spool_flush(fixture->spool, &err));
    /* As it comes back from the disk. */
    spool_destroy(fixture->spool);
    fixture->spool = spool_create(fixture->folder, &fixture->clock);
    assert_int_equal(take(fixture, &batch, records), 0); /* the new start's heartbeat goes first */
    cJSON_Delete(batch);
    spool_acknowledge(fixture->spool, INT64_MAX);
    assert_int_equal(take(fixture, &batch, records), 1);
    assert_true(cJSON_GetObjectItem(records[0], "hour_ms")->valuedouble == (double)START);
    assert_int_equal(number(records[0], NULL, "sessions"), 3);
    assert_int_equal(number(records[0], NULL, "lists"), 3);
    assert_int_equal(number(records[0], NULL, "searches"), 1);
    assert_int_equal(number(records[0], "languages", "en"), 1);
    assert_int_equal(number(records[0], "modes", "large"), 1);
    assert_int_equal(number(records[0], "sheets", "siret-1"), 2);
    assert_int_equal(number(records[0], "sheets", "a=b:c \"é\""), 1);
    cJSON_Delete(batch);
}

/* What does not fit into one record is told in several, which add up. */
static void test_many_sheets(void **context)
{
    struct fixture *fixture = *context;
    const cJSON *records[50];
    cJSON *batch;
    char name[220];
    int sheets = 0, sessions = 0;

    spool_count(fixture->spool, TALLY_SESSION, NULL);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "%0150d", i);
        spool_count(fixture->spool, TALLY_SHEET, name);
    }
    memset(name, 'x', sizeof name);
    name[210] = '\0';
    spool_count(fixture->spool, TALLY_SHEET, name); /* no id is so long */
    pass(fixture, HOUR);
    assert_int_equal(spool_flush_wait(fixture->spool), 0);
    size_t count = take(fixture, &batch, records);
    assert_true(count > 1);
    for (size_t i = 0; i < count; i++) {
        sessions += number(records[i], NULL, "sessions");
        sheets += cJSON_GetArraySize(cJSON_GetObjectItem(records[i], "sheets"));
    }
    assert_int_equal(sessions, 1);
    assert_int_equal(sheets, 300);
    cJSON_Delete(batch);
}

static void test_a_quiet_hour_is_not_told(void **context)
{
    struct fixture *fixture = *context;
    const cJSON *records[10];
    cJSON *batch;

    visit(fixture, "siret-1");
    pass(fixture, 3 * HOUR);
    visit(fixture, "siret-2"); /* the counting goes on in its own hour */
    pass(fixture, HOUR);
    (void)spool_flush_wait(fixture->spool);
    assert_int_equal(take(fixture, &batch, records), 2);
    assert_true(cJSON_GetObjectItem(records[1], "hour_ms")->valuedouble ==
                (double)(START + 3 * HOUR));
    assert_int_equal(number(records[1], "sheets", "siret-1"), -1);
    cJSON_Delete(batch);
}

static void test_what_is_no_record(void **context)
{
    static const struct {
        const char *text;
        bool good;
    } table[] = {
        {"1\x1f"
         "2\x1f"
         "3",
         true},
        {"1\x1f"
         "2",
         false},
        {"1\x1f"
         "2\x1f"
         "x",
         false},
        {"1\x1f"
         "2\x1f"
         "3\x1fsheet:a=1",
         true},
        {"1\x1f"
         "2\x1f"
         "3\x1fsheet:=1",
         false},
        {"1\x1f"
         "2\x1f"
         "3\x1fsheet",
         false},
        {"1\x1f"
         "2\x1f"
         "3\x1f",
         false},
        {"", false},
        {"1\x1f"
         "2\x1f"
         "3\x1fsheet:a=-1",
         false},
        {"1\x1f"
         "2\x1f"
         "12345678901",
         false},
    };
    (void)context;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", table[i].text);
        struct spool_record record = {.sequence = 1, .kind = SPOOL_COUNTERS, .text = text};
        if (spool_record_check(&record) != table[i].good) {
            fail_msg("line %zu", i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_hour, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_sheets, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_quiet_hour_is_not_told, setup, teardown),
        cmocka_unit_test(test_what_is_no_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
