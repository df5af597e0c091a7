/* JSON: what is refused and where, what is read, and that what is written can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>

#include <cmocka.h>

#include "core/json.h"

struct parse_case {
    const char *text;
    int line; /* of the error; 0: accepted */
};

static const struct parse_case parse_cases[] = {
    {"{}", 0},
    {" \t\r\n[ ] \n", 0},
    {"null", 0},
    {"\"é\\u00e9\\ud83c\\udf89\\n\\/\"", 0},
    {"-0", 0},
    {"[0,-1,1.5,2e3,2E+3,2e-3,0.0]", 0},
    {"{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}]}", 0},
    {"{\"a\":1,\"A\":2}", 0},
    /* not JSON */
    {"", 1},
    {"   \n", 2},
    {"{\n\"a\":1,\n}", 3},
    {"[1,\n2\n3]", 3},
    {"[1,]", 1},
    {"[,1]", 1},
    {"[1 2]", 1},
    {"{\"a\" 1}", 1},
    {"{a:1}", 1},
    {"{'a':1}", 1},
    {"{\"a\":}", 1},
    {"{\"a\":1", 1},
    {"{\"a\":[1,2}", 1},
    {"[1]]", 1},
    {"[1]\n\n x", 3},
    {"{} {}", 1},
    {"tru", 1},
    {"True", 1},
    {"truex", 1},
    {"nul", 1},
    {"NaN", 1},
    {"Infinity", 1},
    {"// c\n1", 1},
    {"\xEF\xBB\xBF{}", 1},
    /* numbers */
    {"01", 1},
    {"-", 1},
    {"+1", 1},
    {"1.", 1},
    {".5", 1},
    {"1e", 1},
    {"1e+", 1},
    {"0x10", 1},
    {"-01", 1},
    {"1,5", 1},
    {"1111111111111111111111111111111111111111111111111111111111111111111111", 1},
    /* strings */
    {"\"a", 1},
    {"\n\n\"a\nb\"", 3},
    {"\"a\tb\"", 1},
    {"\"\\x\"", 1},
    {"\"\\u12\"", 1},
    {"\"\\u12G4\"", 1},
    {"\"\\ud83c\"", 1},
    {"\"\\ud83cx\"", 1},
    {"\"\\ud83c\\u0041\"", 1},
    {"\"\\udf89\"", 1},
    {"\"\\u0000\"", 1},
    {"{\"\\u0000\":1}", 1},
    {"\"\\", 1},
    {"\"\\\"", 1},
    /* UTF-8 */
    {"\"\xff\"", 1},
    {"[1,\n\"\xc3\"]", 2},
    {"\"\xc0\x80\"", 1},
    {"\"\xed\xa0\x80\"", 1},
    {"\"\xf4\x90\x80\x80\"", 1},
    {"[\n\n\"\xe2\x82\"]", 3},
    /* members twice */
    {"{\"a\":1,\n\"a\":2}", 2},
    {"{\"a\":1,\n\"\\u0061\":2}", 2},
    {"{\"\\u00e9\":1,\n\"é\":2}", 2},
    {"{\"b\":{\"a\":1,\"c\":1,\n\"a\":2}}", 2},
    {"[{\"a\":1},\n{\"a\":1,\n\"\":0,\"\":0}]", 3},
};

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof parse_cases / sizeof parse_cases[0]; i++) {
        const struct parse_case *c = &parse_cases[i];
        struct error err = {0};
        /* A copy of the exact size: reading beyond it is seen by the sanitizer. */
        size_t length = strlen(c->text);
        char *exact = malloc(length + (length == 0));
        memcpy(exact, c->text, length);
        cJSON *json = json_parse(exact, length, 1 << 20, &err);
        free(exact);
        if ((json != NULL) != (c->line == 0) || err.line != c->line) {
            fail_msg("case %zu, %s: line %d (%s)", i, c->text, err.line, err.en);
        }
        assert_true(json != NULL || (err.fr[0] != '\0' && err.en[0] != '\0'));
        cJSON_Delete(json);
    }
}

static void test_nul_byte(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(json_parse("{}\0", 3, 100, &err));
    assert_null(json_parse("\"a\0b\"", 5, 100, &err));
}

static void test_limit(void **state)
{
    (void)state;
    struct error err = {0};
    assert_null(json_parse("[1,2]", 5, 4, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    cJSON *json = json_parse("[1,2]", 5, 5, &err);
    assert_non_null(json);
    cJSON_Delete(json);
}

/* `depth` levels of '[' or of objects. */
static char *nested(int depth, bool objects, size_t *length_out)
{
    struct strbuf text;
    strbuf_init(&text);
    for (int i = 0; i < depth; i++) {
        strbuf_append(&text, objects ? "{\"a\":" : "[");
    }
    strbuf_append(&text, objects ? "1" : "");
    for (int i = 0; i < depth; i++) {
        strbuf_append(&text, objects ? "}" : "]");
    }
    return strbuf_take(&text, length_out);
}

static void test_depth(void **state)
{
    (void)state;
    static const int depths[] = {31, 32, 33, 1000, 300000};
    for (size_t i = 0; i < 10; i++) {
        size_t length;
        int depth = depths[i / 2];
        char *text = nested(depth, i % 2 == 1, &length);
        struct error err = {0};
        cJSON *json = json_parse(text, length, length, &err);
        assert_int_equal(json != NULL, depth <= JSON_DEPTH_MAX);
        assert_true(json != NULL || err.kind == ERROR_LIMIT);
        cJSON_Delete(json);
        free(text);
    }
}

/* 200 000 members in one object: seconds if each were compared with all. */
static void test_many_members(void **state)
{
    (void)state;
    struct strbuf text;
    strbuf_init(&text);
    strbuf_append_char(&text, '{');
    for (int i = 0; i < 200000; i++) {
        strbuf_printf(&text, "\"member%d\":%d,\n", i, i);
    }
    strbuf_append(&text, "\"last\":0}");
    struct error err = {0};
    cJSON *json = json_parse(text.bytes, text.length, text.length, &err);
    assert_non_null(json);
    cJSON_Delete(json);
    text.length--;
    strbuf_append(&text, ",\"member77\":0}");
    assert_null(json_parse(text.bytes, text.length, text.length, &err));
    assert_int_equal(err.line, 200001);
    assert_string_equal(err.field, "member77");
    strbuf_finish(&text);
}

static cJSON *parse(const char *text)
{
    struct error err = {0};
    cJSON *json = json_parse(text, strlen(text), 1 << 20, &err);
    assert_non_null(json);
    return json;
}

struct int_case {
    const char *json;
    bool ok;
    int64_t value;
};

static const struct int_case ints[] = {
    {"{\"n\":5}", true, 5},
    {"{\"n\":-5}", true, -5},
    {"{\"n\":2e3}", true, 2000},
    {"{\"n\":9007199254740991}", true, INT64_C(9007199254740991)},
    {"{\"n\":-9007199254740991}", true, INT64_C(-9007199254740991)},
    {"{\"n\":9007199254740992}", false, 0},
    {"{\"n\":9007199254740993}", false, 0},
    {"{\"n\":1e400}", false, 0},
    {"{\"n\":-1e400}", false, 0},
    {"{\"n\":1e300}", false, 0},
    {"{\"n\":0.5}", false, 0},
    {"{\"n\":1e-400}", true, 0},
    {"{\"n\":\"5\"}", false, 0},
    {"{\"n\":true}", false, 0},
    {"{\"n\":null}", false, 0},
    {"{\"N\":5}", false, 0},
    {"[5]", false, 0},
    {"5", false, 0},
};

static void test_get_int(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ints / sizeof ints[0]; i++) {
        cJSON *json = parse(ints[i].json);
        struct error err = {0};
        int64_t value = -1;
        bool ok = json_get_int(json, "n", INT64_MIN, INT64_MAX, &value, &err);
        if (ok != ints[i].ok || (ok && value != ints[i].value)) {
            fail_msg("%s", ints[i].json);
        }
        assert_true(ok || strcmp(err.field, "n") == 0);
        cJSON_Delete(json);
    }
    cJSON *json = parse("{\"n\":5}");
    struct error err = {0};
    int64_t value;
    assert_true(json_get_int(json, "n", 5, 5, &value, &err));
    assert_false(json_get_int(json, "n", 6, 10, &value, &err));
    assert_false(json_get_int(json, "n", -10, 4, &value, &err));
    double number;
    assert_true(json_get_number(json, "n", 5, 5, &number, &err));
    assert_false(json_get_number(json, "n", 5.1, 6, &number, &err));
    cJSON_Delete(json);
    json = parse("{\"n\":1e400}");
    assert_false(json_get_number(json, "n", -INFINITY, INFINITY, &number, &err));
    cJSON_Delete(json);
}

static void test_getters(void **state)
{
    (void)state;
    cJSON *json = parse("{\"s\":\"é\",\"b\":true,\"o\":{},\"a\":[1,2,3],\"z\":null,\"e\":\"\"}");
    struct arena *arena = arena_create();
    struct error err = {0};
    const char *text = NULL;
    bool flag = false;
    size_t count = 0;
    assert_true(json_get_string(json, "s", 1, 2, arena, &text, &err));
    assert_string_equal(text, "é");
    assert_false(json_get_string(json, "s", 0, 1, arena, &text, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    assert_false(json_get_string(json, "e", 1, 9, arena, &text, &err));
    assert_false(json_get_string(json, "b", 0, 9, arena, &text, &err));
    assert_false(json_get_string(json, "z", 0, 9, arena, &text, &err));
    assert_true(json_get_bool(json, "b", &flag, &err) && flag);
    assert_false(json_get_bool(json, "a", &flag, &err));
    assert_non_null(json_get_object(json, "o", &err));
    assert_null(json_get_object(json, "a", &err));
    assert_non_null(json_get_array(json, "a", 3, &count, &err));
    assert_int_equal(count, 3);
    assert_null(json_get_array(json, "a", 2, &count, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    assert_null(json_get_array(json, "o", 2, &count, &err));
    assert_true(json_has(json, "s"));
    assert_false(json_has(json, "z"));
    assert_false(json_has(json, "missing"));
    static const char *const all[] = {"s", "b", "o", "a", "z", "e", NULL};
    static const char *const some[] = {"s", "b", "o", "z", "e", NULL};
    assert_true(json_only_keys(json, all, &err));
    assert_false(json_only_keys(json, some, &err));
    assert_string_equal(err.field, "a");
    assert_false(json_only_keys(json->child, all, &err));
    arena_destroy(arena);
    cJSON_Delete(json);
}

static void test_writer(void **state)
{
    (void)state;
    struct strbuf out;
    struct json_writer writer;
    strbuf_init(&out);
    json_writer_init(&writer, &out);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "s", "é\"\\\n\t\x01/");
    json_put_string(&writer, "n", NULL);
    json_put_int(&writer, "i", INT64_C(-9007199254740991));
    json_put_number(&writer, "d", 0.1);
    json_put_number(&writer, "half", 0.5);
    json_put_number(&writer, "nan", NAN);
    json_put_bool(&writer, "b", false);
    json_begin_array(&writer, "a");
    json_begin_object(&writer, NULL);
    json_end_object(&writer);
    json_put_int(&writer, NULL, 1);
    json_begin_array(&writer, NULL);
    json_end_array(&writer);
    json_put_null(&writer, NULL);
    json_end_array(&writer);
    json_end_object(&writer);
    assert_string_equal(out.bytes, "{\"s\":\"é\\\"\\\\\\n\\u0009\\u0001/\",\"n\":null,"
                                   "\"i\":-9007199254740991,\"d\":0.1,\"half\":0.5,\"nan\":null,"
                                   "\"b\":false,\"a\":[{},1,[],null]}");
    strbuf_finish(&out);
}

static void test_ready_made(void **state)
{
    (void)state;
    struct strbuf out;
    struct json_writer writer;
    strbuf_init(&out);
    json_writer_init(&writer, &out);
    json_begin_object(&writer, NULL);
    json_put_members(&writer, " {}");
    json_put_members(&writer, "{ \"a\":{\"b\":1}, \"c\":\"}\"} ");
    json_put_raw(&writer, "d", "[true]");
    json_put_members(&writer, "{\"e\":2}");
    json_end_object(&writer);
    assert_string_equal(out.bytes, "{\"a\":{\"b\":1}, \"c\":\"}\",\"d\":[true],\"e\":2}");
    strbuf_finish(&out);
}

/* Any bytes given to the writer give JSON that the strict reader takes. */
static void test_written_can_be_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"\xff",         "a\xc3",  "\xe2\x82",     "\xed\xa0\x80z",
                                        "\xf0\x9f\x8e", "ok\x7f", "\xEF\xBF\xBD", "€\xffé"};
    static const char *const read[] = {
        "\uFFFD", "a\uFFFD", "\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFDz", "\uFFFD\uFFFD\uFFFD",
        "ok\x7f", "\uFFFD",  "€\uFFFDé"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct strbuf out;
        struct json_writer writer;
        strbuf_init(&out);
        json_writer_init(&writer, &out);
        json_put_string(&writer, NULL, texts[i]);
        cJSON *json = parse(out.bytes);
        assert_string_equal(json->valuestring, read[i]);
        cJSON_Delete(json);
        strbuf_finish(&out);
    }
    static const double numbers[] = {0, 1.0 / 3, 1e21, -1e-7, 0.1 + 0.2, 1.7976931348623157e308};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct strbuf out;
        struct json_writer writer;
        strbuf_init(&out);
        json_writer_init(&writer, &out);
        json_put_number(&writer, NULL, numbers[i]);
        cJSON *json = parse(out.bytes);
        assert_true(json->valuedouble == numbers[i]);
        cJSON_Delete(json);
        strbuf_finish(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),        cmocka_unit_test(test_nul_byte),
        cmocka_unit_test(test_limit),        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_many_members), cmocka_unit_test(test_get_int),
        cmocka_unit_test(test_getters),      cmocka_unit_test(test_writer),
        cmocka_unit_test(test_ready_made),   cmocka_unit_test(test_written_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
