/* When a rule holds and when a screen is open, as documents and the API say it: read, refused, and
 * written as they were read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/content/forms.h"
#include "server/content/opening.h"

#define HEAD "{\"id\":\"r\",\"title\":\"R\",\"playlist\":\"p\",\"screens\":[\"e\"],\"groups\":[],"
#define BASE HEAD "\"class\":\"base\",\"from\":\"2026-11-24\",\"until\":\"2026-12-31\""

static cJSON *parse(const char *text)
{
    struct error err;
    cJSON *json = json_parse(text, strlen(text), 65536, &err);
    if (json == NULL) {
        fail_msg("%s: %s", err.en, text);
    }
    return json;
}

static const struct {
    const char *rule;
    const char *field;
    const char *words; /* of the French message */
} refused[] = {
    {BASE ",\"recurrence\":\"FREQ=HOURLY\"}", "recurrence", "fréquence"},
    {BASE ",\"recurrence\":\"FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1\"}", "recurrence", "aucun jour"},
    {BASE ",\"recurrence\":\"FREQ=WEEKLY;BYDAY=TU\",\"weekdays\":[\"tu\"]}", "weekdays", "déjà"},
    {HEAD "\"class\":\"base\",\"starts\":\"2026-11-24T10:00:00Z\",\"ends\":"
          "\"2026-12-24T10:00:00Z\",\"recurrence\":\"FREQ=DAILY\"}",
     "from", "date de début"},
    {BASE ",\"except\":[\"2026-12-25\",\"demain\"]}", "except[1]", "« demain »"},
    {BASE ",\"except\":[\"2026-02-30\"]}", "except[0]", "n’est pas une date"},
    {BASE ",\"also\":[\"2027-01-01\"]}", "also[0]", "en dehors"},
    {BASE ",\"holidays\":\"toujours\"}", "holidays", "same, also, except, only"},
    {BASE ",\"holidays\":true}", "holidays", ""},
    {BASE ",\"hours\":[{\"from\":\"08:00\",\"until\":\"10:00\"},{\"from\":\"09:00\",\"until\":"
          "\"11:00\"}]}",
     "hours[1]", "chevauchent"},
    {BASE ",\"hours\":[{\"from\":\"22:00\",\"until\":\"02:00\"},{\"from\":\"23:00\",\"until\":"
          "\"23:30\"}]}",
     "hours[1]", "chevauchent"},
    {BASE ",\"hours\":[{\"from\":\"06:00\",\"until\":\"07:00\"},{\"from\":\"22:00\",\"until\":"
          "\"06:30\"}]}",
     "hours[1]", "chevauchent"},
    {BASE ",\"hours\":[{\"from\":\"6h\",\"until\":\"07:00\"}]}", "hours[0].from", "« 6h »"},
    {BASE ",\"hours\":\"matin\"}", "hours", ""},
    {HEAD "\"class\":\"emergency\",\"from\":\"2026-11-24\",\"until\":\"2026-12-31\","
          "\"holidays\":\"only\"}",
     "holidays", "urgence"},
    {HEAD "\"class\":\"emergency\",\"from\":\"2026-11-24\",\"until\":\"2026-12-31\","
          "\"recurrence\":\"FREQ=DAILY\"}",
     "recurrence", "urgence"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct arena *arena = arena_create();
        cJSON *json = parse(refused[i].rule);
        struct rule rule = {0};
        struct error err;
        error_clear(&err);
        if (form_decode(&rule_form, json, arena, &rule, &err)) {
            fail_msg("read: %s", refused[i].rule);
        }
        if (strcmp(err.field, refused[i].field) != 0 || strstr(err.fr, refused[i].words) == NULL) {
            fail_msg("%s: %s: %s", refused[i].rule, err.field, err.fr);
        }
        cJSON_Delete(json);
        arena_destroy(arena);
    }
}

/* Writes it, and reads that again. */
static void written_again(const struct rule *rule, struct arena *arena, struct rule *out)
{
    struct strbuf text;
    struct json_writer writer;
    struct error err;
    strbuf_init(&text);
    json_writer_init(&writer, &text);
    json_begin_object(&writer, NULL);
    form_encode(&rule_form, rule, &writer);
    json_end_object(&writer);
    cJSON *json = parse(text.bytes);
    *out = (struct rule){0};
    if (!form_decode(&rule_form, json, arena, out, &err)) {
        fail_msg("%s: %s: %s", text.bytes, err.field, err.en);
    }
    cJSON_Delete(json);
    strbuf_finish(&text);
}

static void test_kept(void **state)
{
    (void)state;
    static const char document[] =
        BASE ",\"recurrence\":\"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU\",\"except\":[\"2026-12-08\"],"
             "\"also\":[\"2026-12-09\"],\"holidays\":\"except\",\"school_holidays\":\"only\","
             "\"hours\":[{\"from\":\"06:30\",\"until\":\"09:30\"},{\"from\":\"16:30\",\"until\":"
             "\"19:00\"},{\"from\":\"22:00\",\"until\":\"01:00\"}]}";
    struct arena *arena = arena_create();
    cJSON *json = parse(document);
    struct rule read = {0};
    struct rule rule;
    struct error err;
    if (!form_decode(&rule_form, json, arena, &read, &err)) {
        fail_msg("%s: %s", err.field, err.en);
    }
    written_again(&read, arena, &rule);
    assert_string_equal(rule.recurrence, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU");
    assert_int_equal(rule.except.count, 1);
    assert_string_equal(rule.except.items[0], "2026-12-08");
    assert_string_equal(rule.also.items[0], "2026-12-09");
    assert_int_equal(rule.holidays, DAYS_EXCEPT);
    assert_int_equal(rule.school_holidays, DAYS_ONLY);
    assert_int_equal(rule.from_minute, 390);
    assert_int_equal(rule.until_minute, 570);
    assert_int_equal(rule.more_hours.count, 2);
    assert_string_equal(rule.more_hours.items[0], "16:30-19:00");
    assert_string_equal(rule.more_hours.items[1], "22:00-01:00");
    cJSON_Delete(json);
    arena_destroy(arena);
}

/* One daypart stays an object, as documents have always had it. */
static void test_plain(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    cJSON *json = parse(BASE ",\"hours\":{\"from\":\"08:00\",\"until\":\"24:00\"}}");
    struct rule rule = {0};
    struct error err;
    struct strbuf text;
    struct json_writer writer;
    assert_true(form_decode(&rule_form, json, arena, &rule, &err));
    strbuf_init(&text);
    json_writer_init(&writer, &text);
    json_begin_object(&writer, NULL);
    form_encode(&rule_form, &rule, &writer);
    json_end_object(&writer);
    assert_non_null(strstr(text.bytes, "\"hours\":{\"from\":\"08:00\",\"until\":\"24:00\"}"));
    assert_int_equal(rule.more_hours.count, 0);
    assert_int_equal(rule.holidays, DAYS_SAME);
    strbuf_finish(&text);
    cJSON_Delete(json);
    arena_destroy(arena);
}

static const struct {
    const char *opening;
    const char *stored; /* NULL: refused */
    const char *field;
} openings[] = {
    {"[]", "", NULL},
    {"[{\"days\":[\"mo\"],\"from\":\"08:00\",\"until\":\"24:00\"}]",
     "[{\"days\":[\"mo\"],\"from\":\"08:00\",\"until\":\"24:00\"}]", NULL},
    {"[{\"holidays\":true,\"closed\":true},{\"days\":[\"su\",\"mo\"],\"from\":\"08:00\","
     "\"until\":\"02:00\"}]",
     "[{\"days\":[\"mo\",\"su\"],\"from\":\"08:00\",\"until\":\"02:00\"},{\"holidays\":true,"
     "\"closed\":true}]",
     NULL},
    {"[{\"holidays\":true,\"from\":\"10:00\",\"until\":\"12:00\"}]",
     "[{\"holidays\":true,\"from\":\"10:00\",\"until\":\"12:00\"}]", NULL},
    {"[{\"holidays\":false,\"closed\":true}]", NULL, "opening[0].holidays"},
    {"[{\"holidays\":true}]", NULL, "opening[0].from"},
    {"[{\"holidays\":true,\"closed\":true,\"from\":\"10:00\"}]", NULL, "opening[0].closed"},
    {"[{\"holidays\":true,\"days\":[\"mo\"],\"from\":\"10:00\",\"until\":\"12:00\"}]", NULL,
     "opening[0].days"},
    {"[{\"from\":\"10:00\",\"until\":\"12:00\"}]", NULL, "opening[0].days"},
};

static void test_openings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct arena *arena = arena_create();
        cJSON *json = parse(arena_printf(arena, "{\"opening\":%s}", openings[i].opening));
        const char *stored = NULL;
        struct error err;
        error_clear(&err);
        bool ok = opening_decode(json, "opening", arena, &stored, &err);
        if (openings[i].stored == NULL) {
            assert_false(ok);
            assert_string_equal(err.field, openings[i].field);
        } else {
            assert_true(ok);
            assert_string_equal(stored, openings[i].stored);
        }
        cJSON_Delete(json);
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_openings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
