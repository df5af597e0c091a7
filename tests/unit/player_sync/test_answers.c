#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "player/sync/answers.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *json;
    bool ok;
    bool approved;
} answers[] = {
    {"{\"state\":\"pending\",\"challenge\":\"" HEX64 "\",\"retry_after_s\":5}", true, false},
    {"{\"state\":\"approved\",\"screen\":\"astuce-1\",\"token\":\"" HEX64
     "\",\"server_key\":\"" HEX64 "\"}",
     true, true},
    {"{\"state\":\"pending\",\"challenge\":\"" HEX64 "\",\"retry_after_s\":0}", true, false},
    {"{\"state\":\"pending\",\"challenge\":\"" HEX64 "\",\"retry_after_s\":-1}", false, false},
    {"{\"state\":\"pending\",\"challenge\":\"abc\",\"retry_after_s\":5}", false, false},
    {"{\"state\":\"pending\",\"challenge\":\"" HEX64 "\"}", false, false},
    {"{\"state\":\"pending\",\"challenge\":\"" HEX64 "\",\"retry_after_s\":5,\"more\":1}", false,
     false},
    {"{\"state\":\"approved\",\"screen\":\"\",\"token\":\"" HEX64 "\",\"server_key\":\"" HEX64
     "\"}",
     false, false},
    {"{\"state\":\"approved\",\"screen\":\"a\",\"token\":\"" HEX64 "\"}", false, false},
    {"{\"state\":\"approved\",\"screen\":\"a\",\"token\":\"zz\",\"server_key\":\"" HEX64 "\"}",
     false, false},
    {"{\"state\":\"maybe\"}", false, false},
    {"[]", false, false},
    {"", false, false},
    {"{\"state\":\"pending\",\"challenge\":\"" HEX64 "\",\"retry_after_s\":5}x", false, false},
};

static void test_enrolment_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        struct enrolment_answer answer;
        struct error err;
        bool ok = enrolment_answer_read(answers[i].json, strlen(answers[i].json), &answer, &err);
        if (ok != answers[i].ok || (ok && answer.approved != answers[i].approved)) {
            fail_msg("%s: %d", answers[i].json, ok);
        }
    }
}

/* The server must be able to check what the player signed. */
static void test_enrolment_request(void **state)
{
    struct sign_keys keys;
    struct strbuf json;
    struct strbuf message;
    struct error err;
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    (void)state;
    sign_keys_generate(&keys);
    strbuf_init(&json);
    strbuf_init(&message);
    enrolment_request_write(&keys, HEX64, 1920, 1080, &json);
    cJSON *root = json_parse(json.bytes, json.length, 4096, &err);
    assert_non_null(root);
    assert_true(hex_decode(cJSON_GetObjectItem(root, "signature")->valuestring, signature,
                           sizeof signature));
    enrolment_message(&keys.public, HEX64, &message);
    assert_true(sign_verify(&keys.public, message.bytes, message.length, signature));
    assert_string_equal(cJSON_GetObjectItem(root, "challenge")->valuestring, HEX64);
    assert_int_equal(cJSON_GetObjectItem(root, "width_px")->valueint, 1920);
    cJSON_Delete(root);
    strbuf_finish(&json);
    strbuf_finish(&message);
}

static void test_acknowledgements(void **state)
{
    static const struct {
        const char *json;
        bool ok;
        int64_t sequence;
    } cases[] = {{"{\"acknowledged\":18}", true, 18},     {"{\"acknowledged\":0}", true, 0},
                 {"{\"acknowledged\":-1}", false, 0},     {"{\"acknowledged\":1.5}", false, 0},
                 {"{\"acknowledged\":\"18\"}", false, 0}, {"{}", false, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t sequence = -7;
        struct error err;
        bool ok = acknowledgement_read(cases[i].json, strlen(cases[i].json), &sequence, &err);
        assert_int_equal(ok, cases[i].ok);
        assert_true(!ok || sequence == cases[i].sequence);
    }
}

static void test_server_file(void **state)
{
    struct state_server server = {.screen = "quai-2", .token = HEX64};
    struct state_server read;
    struct strbuf json;
    struct error err;
    (void)state;
    memset(server.key.bytes, 0xA5, sizeof server.key.bytes);
    strbuf_init(&json);
    server_file_write(&server, &json);
    assert_true(server_file_read(json.bytes, json.length, &read, &err));
    assert_string_equal(read.screen, server.screen);
    assert_string_equal(read.token, server.token);
    assert_memory_equal(&read.key, &server.key, sizeof read.key);
    assert_false(server_file_read(json.bytes, json.length / 2, &read, &err)); /* torn */
    strbuf_finish(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enrolment_answers),
        cmocka_unit_test(test_enrolment_request),
        cmocka_unit_test(test_acknowledgements),
        cmocka_unit_test(test_server_file),
    };
    return sign_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
