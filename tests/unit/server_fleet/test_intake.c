/* Batches of reports: what is acknowledged, what is stored, what is refused as a whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/log.h"
#include "core/strbuf.h"
#include "server/fleet/intake.h"

#define BOOT "\"boot\":\"0123456789abcdef0123456789abcdef\""
#define FAULT(n)                                                                                   \
    "{\"sequence\":" #n ",\"time_ms\":5,\"kind\":\"fault\",\"code\":\"c\",\"detail\":\"d\"}"
#define HEARTBEAT(n, software)                                                                     \
    "{\"sequence\":" #n ",\"time_ms\":5,\"kind\":\"heartbeat\",\"software\":\"" software           \
    "\",\"manifest\":\"1-2\",\"uptime_s\":3}"

static void test_batches(void **state)
{
    static const struct {
        const char *body;
        bool ok;
        size_t count, refused;
        int64_t acknowledged;
        const char *software;
    } cases[] = {
        {"{" BOOT ",\"records\":[]}", true, 0, 0, 0, NULL},
        {"{" BOOT ",\"records\":[" FAULT(4) "," FAULT(2) "]}", true, 2, 0, 4, NULL},
        {"{" BOOT ",\"records\":[" FAULT(1) ",{\"sequence\":9}," FAULT(3) "]}", true, 2, 1, 9,
         NULL},
        {"{" BOOT ",\"records\":[1,null,\"x\",[]," FAULT(3) "]}", true, 1, 4, 3, NULL},
        {"{" BOOT ",\"records\":[" HEARTBEAT(1, "old") "," HEARTBEAT(2, "new") "]}", true, 2, 0, 2,
         "new"},
        {"{" BOOT ",\"records\":[" FAULT(4503599627370496) "]}", true, 1, 0,
         INT64_C(4503599627370496), NULL},
        {"{" BOOT ",\"records\":[" FAULT(4503599627370497) "]}", true, 0, 1, 0, NULL},
        {"{" BOOT ",\"records\":[" FAULT(0) "," FAULT(-1) "," FAULT(1.5) "]}", true, 0, 3, 0, NULL},
        {"{" BOOT "}", false, 0, 0, 0, NULL},
        {"{" BOOT ",\"records\":{}}", false, 0, 0, 0, NULL},
        {"{" BOOT ",\"records\":[],\"more\":1}", false, 0, 0, 0, NULL},
        {"{" BOOT "," BOOT ",\"records\":[]}", false, 0, 0, 0, NULL},
        {"{\"boot\":\"0123\",\"records\":[]}", false, 0, 0, 0, NULL},
        {"{\"boot\":\"x123456789abcdef0123456789abcdef\",\"records\":[]}", false, 0, 0, 0, NULL},
        {"[]", false, 0, 0, 0, NULL},
        {"", false, 0, 0, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create();
        struct intake intake;
        struct error error;
        bool ok =
            intake_decode(cases[i].body, strlen(cases[i].body), "hall", 77, arena, &intake, &error);
        if (ok != cases[i].ok)
            fail_msg("%s", cases[i].body);
        if (ok && (intake.count != cases[i].count || intake.refused != cases[i].refused ||
                   intake.acknowledged != cases[i].acknowledged))
            fail_msg("%s: %zu, %zu, %lld", cases[i].body, intake.count, intake.refused,
                     (long long)intake.acknowledged);
        if (ok && cases[i].software != NULL)
            assert_string_equal(intake.software, cases[i].software);
        for (size_t j = 0; ok && j < intake.count; j++) {
            assert_string_equal(intake.reports[j].screen, "hall");
            assert_int_equal(intake.reports[j].received_ms, 77);
        }
        arena_destroy(arena);
    }
}

#define DAY INT64_C(86400000)
#define NOON INT64_C(1795000000000)

static void append_play(struct strbuf *body, int64_t from_ms, int64_t until_ms, const char *more)
{
    strbuf_printf(body,
                  "{\"sequence\":7,\"time_ms\":5,\"kind\":\"play\",\"slide\":\"s\",\"title\":\"t\","
                  "\"subject\":\"\",\"organisation\":\"o\",\"playlist\":\"p\",\"rule\":\"r\","
                  "\"zone\":\"main\",\"manifest\":\"1-2\",\"from_ms\":%lld,\"until_ms\":%lld%s}",
                  (long long)from_ms, (long long)until_ms, more);
}

static void test_plays(void **state)
{
    static const struct {
        int64_t from_ms, until_ms;
        const char *more;
        bool good;
    } cases[] = {
        {NOON - 10000, NOON, "", true},
        {NOON - DAY, NOON, "", true},
        {NOON - DAY - 1, NOON, "", false},
        {NOON, NOON, "", false},
        {NOON, NOON - 1, "", false},
        {NOON + DAY - 1, NOON + DAY, "", true},
        {NOON + DAY, NOON + DAY + 1, "", false},
        {INT64_C(1577836800000), INT64_C(1577836800001), "", true},
        {INT64_C(1577836799999), INT64_C(1577836800001), "", false},
        {0, 1, "", false},
        {NOON - 10000, NOON, ",\"more\":1", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create();
        struct intake intake;
        struct strbuf body;
        struct error error;
        strbuf_init(&body);
        strbuf_append(&body, "{" BOOT ",\"records\":[" HEARTBEAT(1, "x") ",");
        append_play(&body, cases[i].from_ms, cases[i].until_ms, cases[i].more);
        strbuf_append(&body, "," FAULT(9) "]}");
        assert_true(intake_decode(body.bytes, body.length, "hall", NOON, arena, &intake, &error));
        if (intake.play_count != cases[i].good || intake.refused != !cases[i].good)
            fail_msg("%s", body.bytes);
        assert_int_equal(intake.count, 2); /* its neighbours */
        assert_int_equal(intake.acknowledged, 9);
        if (cases[i].good) {
            assert_string_equal(intake.plays[0].screen, "hall");
            assert_string_equal(intake.plays[0].organisation, "o");
            assert_int_equal(intake.plays[0].sequence, 7);
            assert_int_equal(intake.plays[0].until_ms, cases[i].until_ms);
        }
        strbuf_finish(&body);
        arena_destroy(arena);
    }
}

static void test_health(void **state)
{
    static const struct {
        const char *members;
        const char *detail; /* NULL: refused */
    } cases[] = {
        {"", "{}"},
        {",\"memory\":58000000,\"frames\":3", "{\"frames\":3,\"memory\":58000000}"},
        {",\"temperature_c\":51.5", "{\"temperature_c\":51.5}"},
        {",\"temperature_c\":-20.5", "{\"temperature_c\":-20.5}"},
        {",\"clock\":\"floor\",\"display\":\"on\"", "{\"clock\":\"floor\",\"display\":\"on\"}"},
        {",\"temperature_c\":null", "{}"},
        {",\"temperature_c\":301", NULL},
        {",\"frames\":-1", NULL},
        {",\"frames\":\"3\"", NULL},
        {",\"clock\":3", NULL},
        {",\"clock\":\"\"", NULL},
        {",\"humidity\":3", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create();
        struct intake intake;
        struct strbuf body;
        struct error error;
        strbuf_init(&body);
        strbuf_printf(&body,
                      "{" BOOT ",\"records\":[{\"sequence\":1,\"time_ms\":5,\"kind\":"
                      "\"heartbeat\",\"software\":\"s\",\"manifest\":\"1-2\",\"uptime_s\":3%s}]}",
                      cases[i].members);
        assert_true(intake_decode(body.bytes, body.length, "hall", 77, arena, &intake, &error));
        if (intake.count != (cases[i].detail != NULL))
            fail_msg("%s", cases[i].members);
        if (intake.count == 1)
            assert_string_equal(intake.reports[0].detail, cases[i].detail);
        strbuf_finish(&body);
        arena_destroy(arena);
    }
}

static void test_as_many_as_are_allowed(void **state)
{
    struct arena *arena = arena_create();
    struct intake intake;
    struct strbuf body;
    struct error error;

    (void)state;
    for (int extra = 0; extra < 2; extra++) {
        strbuf_init(&body);
        strbuf_append(&body, "{" BOOT ",\"records\":[");
        for (int i = 0; i < INTAKE_RECORDS_MAX + extra; i++)
            strbuf_printf(&body,
                          "%s{\"sequence\":%d,\"time_ms\":5,\"kind\":\"fault\",\"code\":\"c\","
                          "\"detail\":\"\"}",
                          i > 0 ? "," : "", i + 1);
        strbuf_append(&body, "]}");
        bool ok = intake_decode(body.bytes, body.length, "hall", 1, arena, &intake, &error);
        assert_int_equal(ok, extra == 0);
        if (ok)
            assert_int_equal(intake.count, INTAKE_RECORDS_MAX);
        else
            assert_int_equal(error.kind, ERROR_LIMIT);
        strbuf_finish(&body);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_plays),
        cmocka_unit_test(test_health),
        cmocka_unit_test(test_as_many_as_are_allowed),
    };

    log_set_level(LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
