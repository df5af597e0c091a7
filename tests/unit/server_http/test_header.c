/* Values of request headers, by tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/http/internal.h"
#include "server/http/header.h"

static void test_ranges(void **state)
{
    static const struct {
        const char *text;
        int64_t size;
        enum header_range range;
        int64_t first, last;
    } cases[] = {
        {"bytes=0-9", 100, RANGE_PART, 0, 9},
        {"bytes=0-0", 1, RANGE_PART, 0, 0},
        {"Bytes=5-", 100, RANGE_PART, 5, 99},
        {"bytes=99-", 100, RANGE_PART, 99, 99},
        {"bytes=90-1000", 100, RANGE_PART, 90, 99},
        {"bytes=-7", 100, RANGE_PART, 93, 99},
        {"bytes=-1000", 100, RANGE_PART, 0, 99},
        {"bytes=100-", 100, RANGE_OUTSIDE, 0, 0},
        {"bytes=100-200", 100, RANGE_OUTSIDE, 0, 0},
        {"bytes=-0", 100, RANGE_OUTSIDE, 0, 0},
        {"bytes=0-", 0, RANGE_OUTSIDE, 0, 0},
        {"bytes=-5", 0, RANGE_OUTSIDE, 0, 0},
        {NULL, 100, RANGE_ALL, 0, 0},
        {"", 100, RANGE_ALL, 0, 0},
        {"bytes=", 100, RANGE_ALL, 0, 0},
        {"bytes=-", 100, RANGE_ALL, 0, 0},
        {"bytes=5", 100, RANGE_ALL, 0, 0},
        {"bytes=9-4", 100, RANGE_ALL, 0, 0},
        {"bytes=0-4,9-12", 100, RANGE_ALL, 0, 0},
        {"bytes=--5", 100, RANGE_ALL, 0, 0},
        {"bytes=-+5", 100, RANGE_ALL, 0, 0},
        {"bytes=+1-5", 100, RANGE_ALL, 0, 0},
        {"bytes=1- 5", 100, RANGE_ALL, 0, 0},
        {"bytes=1-5x", 100, RANGE_ALL, 0, 0},
        {"bytes=99999999999999999999-", 100, RANGE_ALL, 0, 0},
        {"bytes=0-99999999999999999999", 100, RANGE_ALL, 0, 0},
        {"items=0-4", 100, RANGE_ALL, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t first = -1, last = -2;
        enum header_range range = header_range(cases[i].text, cases[i].size, &first, &last);
        if (range != cases[i].range)
            fail_msg("%s: %d", cases[i].text, range);
        if (range == RANGE_PART && (first != cases[i].first || last != cases[i].last))
            fail_msg("%s: %lld-%lld", cases[i].text, (long long)first, (long long)last);
        /* What is answered whole must not be cut by a half-read range. */
        if (range != RANGE_PART && (first != -1 || last != -2))
            fail_msg("%s: outputs touched", cases[i].text);
    }
}

static void test_languages(void **state)
{
    static const struct {
        const char *text;
        enum lang lang;
    } cases[] = {
        {NULL, LANG_FR},
        {"", LANG_FR},
        {"*", LANG_FR},
        {"de", LANG_FR},
        {"en", LANG_EN},
        {"EN-gb", LANG_EN},
        {"en-GB,en;q=0.9,fr;q=0.8", LANG_EN},
        {"fr-FR,fr;q=0.9,en;q=0.8", LANG_FR},
        {"de-DE, en;q=0.7, fr;q=0.3", LANG_EN},
        {"fr;q=0.3, en;q=0.7", LANG_EN},
        {"en;q=0, fr;q=0.1", LANG_FR},
        {"en;q=0", LANG_FR},
        {"english", LANG_FR},
        {",,, ;q=1, en", LANG_EN},
        {"en;q=", LANG_FR},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (header_lang(cases[i].text) != cases[i].lang)
            fail_msg("%s", cases[i].text);
    }
}

static void test_etags(void **state)
{
    static const struct {
        const char *list;
        bool has;
    } cases[] = {
        {"\"1-7\"", true},   {"W/\"1-7\"", true},      {"\"0-1\", \"1-7\"", true},
        {"*", true},         {"\"1-7\",\"x\"", true},  {NULL, false},
        {"", false},         {"1-7", false},           {"\"1-7", false},
        {"\"1-70\"", false}, {"\"1-\", \"7\"", false}, {"\"\"", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (header_has_etag(cases[i].list, "1-7") != cases[i].has)
            fail_msg("%s", cases[i].list);
    }
}

static void test_waits(void **state)
{
    static const struct {
        const char *text;
        int wait_s;
    } cases[] = {
        {NULL, 0},
        {"", 0},
        {"wait=55", 55},
        {"respond-async, wait=10", 10},
        {"WAIT=7", 7},
        {"wait=", 0},
        {"wait=-3", 0},
        {"wait=99999", 3600},
        {"wait=1e9", 1},
        {"await=5", 0},
        {"wait=99999999999999999999", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (header_wait_s(cases[i].text) != cases[i].wait_s)
            fail_msg("%s: %d", cases[i].text, header_wait_s(cases[i].text));
    }
}

static void test_routes(void **state)
{
    static const struct http_route routes[] = {
        {HTTP_GET, "/", 0, NULL, 0, false},
        {HTTP_GET, "/screens/{id}", 1, NULL, 0, false},
        {HTTP_POST, "/screens/{id}", 2, NULL, 0, false},
        {HTTP_GET, "/screens/{id}/frame", 3, NULL, 0, false},
        {HTTP_GET, "/files/{folder}/{path*}", 4, NULL, 0, false},
        {HTTP_GET, "/events/{id+}/step", 5, NULL, 0, HTTP_QUICK},
    };
    static const struct {
        const char *method, *path;
        int permission; /* that of the route found; -1: none */
        unsigned allowed;
        const char *first, *second; /* parameters */
    } cases[] = {
        {"GET", "/", 0, 0, NULL, NULL},
        {"HEAD", "/", 0, 0, NULL, NULL},
        {"GET", "", -1, 0, NULL, NULL},
        {"GET", "//", -1, 0, NULL, NULL},
        {"GET", "/screens/hall", 1, 0, "hall", NULL},
        {"HEAD", "/screens/hall", 1, 0, "hall", NULL},
        {"POST", "/screens/hall", 2, 0, "hall", NULL},
        {"PUT", "/screens/hall", -1, 1u << HTTP_GET | 1u << HTTP_POST, NULL, NULL},
        {"get", "/screens/hall", -1, 1u << HTTP_GET | 1u << HTTP_POST, NULL, NULL},
        {"GET", "/screens/", -1, 0, NULL, NULL},
        {"GET", "/screens/a/b", -1, 0, NULL, NULL},
        {"GET", "/screens/a/frame", 3, 0, "a", NULL},
        {"GET", "/screens/a/frame/", -1, 0, NULL, NULL},
        {"GET", "/screens//frame", -1, 0, NULL, NULL},
        {"GET", "/screens/{id}", 1, 0, "{id}", NULL},
        {"GET", "/files/a/b", 4, 0, "a", "b"},
        {"GET", "/files/a/b/../c", 4, 0, "a", "b/../c"},
        {"GET", "/files/a/", -1, 0, NULL, NULL},
        {"GET", "/files/a/b%2Fc%25", 4, 0, "a", "b/c%"},
        {"GET", "/screens/a%2Fb", -1, 0, NULL, NULL},
        {"GET", "/screens/a%25b", 1, 0, "a%b", NULL},
        {"GET", "/events/a%2Fb%2f%252F/step", 5, 0, "a/b/%2F", NULL},
        {"GET", "/events/a/b/step", -1, 0, NULL, NULL},
    };
    const struct http_config config = {.routes = routes,
                                       .route_count = sizeof(routes) / sizeof(routes[0])};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena *arena = arena_create();
        struct route_params params;
        unsigned allowed;
        const struct http_route *route =
            route_find(&config, cases[i].method, cases[i].path, arena, &params, &allowed);
        if ((route != NULL ? route->permission : -1) != cases[i].permission)
            fail_msg("%s %s: wrong route", cases[i].method, cases[i].path);
        if (route == NULL && allowed != cases[i].allowed)
            fail_msg("%s %s: allowed %x", cases[i].method, cases[i].path, allowed);
        assert_int_equal(params.count, (cases[i].first != NULL) + (cases[i].second != NULL));
        if (cases[i].first != NULL)
            assert_string_equal(params.items[0].value, cases[i].first);
        if (cases[i].second != NULL) {
            assert_string_equal(params.items[1].name, "path");
            assert_string_equal(params.items[1].value, cases[i].second);
        }
        arena_destroy(arena);
    }
}

static void test_unescape(void **state)
{
    static const char *const cases[][2] = {
        {"/a%20b", "/a b"},       {"/%C3%A9", "/é"},    {"/a%2Fb%2f", "/a%2Fb%2f"},
        {"/a%252Fb", "/a%252Fb"}, {"/%zz%4", "/%zz%4"}, {"/%", "/%"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[32];
        snprintf(text, sizeof(text), "%s", cases[i][0]);
        assert_int_equal(route_unescape(NULL, NULL, text), strlen(cases[i][1]));
        assert_string_equal(text, cases[i][1]);
    }
}

static void test_gzip(void **state)
{
    static const struct {
        const char *text;
        bool taken;
    } cases[] = {
        {"gzip", true},
        {"GZIP", true},
        {"deflate, gzip", true},
        {"gzip;q=0.5, br;q=1.0", true},
        {"gzip ;q=1", true},
        {"*", true},
        {"*;q=0.1", true},
        {"br,*", true},
        {"gzip;q=0, *", false},
        {"*, gzip;q=0", false},
        {"gzip;q=0", false},
        {"gzip;q=0.000", false},
        {"*;q=0", false},
        {"identity", false},
        {"x-gzip", false},
        {"gzipped", false},
        {"", false},
        {NULL, false},
        {",,;q=", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (header_accepts_gzip(cases[i].text) != cases[i].taken)
            fail_msg("%s", cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),   cmocka_unit_test(test_languages),
        cmocka_unit_test(test_etags),    cmocka_unit_test(test_waits),
        cmocka_unit_test(test_routes),   cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_unescape),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
