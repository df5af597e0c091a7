/* Where a site is: both coordinates or none, and none is told as null. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "server/content/forms.h"

static const struct {
    const char *place;   /* members of the body */
    const char *field;   /* that is refused; NULL: taken */
    const char *written; /* of what is told again */
} cases[] = {
    {"", NULL, "\"latitude\":null,\"longitude\":null"},
    {",\"latitude\":null,\"longitude\":null", NULL, "\"latitude\":null,\"longitude\":null"},
    {",\"latitude\":49.5,\"longitude\":1.25", NULL, "\"latitude\":49.5,\"longitude\":1.25"},
    {",\"latitude\":0,\"longitude\":0", NULL, "\"latitude\":0,\"longitude\":0"},
    {",\"latitude\":49.5", "longitude", NULL},
    {",\"longitude\":1.25", "latitude", NULL},
    {",\"latitude\":91,\"longitude\":1", "latitude", NULL},
    {",\"accent\":\"#7FE3C4\"", NULL, "\"accent\":\"#7FE3C4\""},
    {",\"accent\":\"\"", NULL, "\"accent\":\"\""},
    {",\"accent\":\"green\"", "accent", NULL},
    {",\"accent\":\"#7FE3C\"", "accent", NULL},
    {",\"accent\":\"#005F5F\"", "accent", NULL}, /* too dark for dark text */
};

static void test_places(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create();
        struct site site = {0};
        struct error err = {0};
        const char *body = arena_printf(arena, "{\"id\":\"a\",\"name\":\"A\"%s}", cases[i].place);
        cJSON *json = json_parse(body, strlen(body), 1000, &err);

        assert_non_null(json);
        assert_int_equal(form_decode(&site_form, json, arena, &site, &err), cases[i].field == NULL);
        if (cases[i].field != NULL) {
            assert_string_equal(err.field, cases[i].field);
        } else {
            struct json_writer writer;
            struct strbuf told;
            strbuf_init(&told);
            json_writer_init(&writer, &told);
            json_begin_object(&writer, NULL);
            form_encode(&site_form, &site, &writer);
            json_end_object(&writer);
            assert_non_null(strstr(told.bytes, cases[i].written));
            strbuf_finish(&told);
        }
        cJSON_Delete(json);
        arena_destroy(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_places)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
