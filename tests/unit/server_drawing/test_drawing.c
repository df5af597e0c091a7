/* The pool against programs that answer, crash, hang and talk nonsense in place of vitrine-render,
 * and the pictures that are kept. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "server/drawing/pictures.h"

/* What such a program begins with; what it does at each turn follows. */
#define ANSWER                                                                                     \
    "#!/usr/bin/env python3\n"                                                                     \
    "import os, struct, sys, time\n"                                                               \
    "def read(n):\n"                                                                               \
    "    data = sys.stdin.buffer.read(n)\n"                                                        \
    "    if len(data) < n: sys.exit(0)\n"                                                          \
    "    return data\n"                                                                            \
    "def answer(head, data):\n"                                                                    \
    "    sys.stdout.buffer.write(struct.pack('>II', len(head), len(data)) + head + data)\n"        \
    "    sys.stdout.buffer.flush()\n"                                                              \
    "turn = 0\n"                                                                                   \
    "while True:\n"                                                                                \
    "    head, rest = struct.unpack('>II', read(8))\n"                                             \
    "    read(head + rest)\n"                                                                      \
    "    turn += 1\n"

struct fixture {
    char folder[64], program[96];
    struct drawing *drawing;
};

static void begin(struct fixture *fixture, const char *turn, int limit_ms)
{
    char script[4096];
    struct error err;
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/vitrine-drawing-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->program, sizeof fixture->program, "%s/render", fixture->folder);
    int length = snprintf(script, sizeof script, "%s%s", ANSWER, turn);
    assert_true(file_write_atomic(fixture->program, script, (size_t)length, 0700, &err));
    fixture->drawing = drawing_create(&(struct drawing_config){.renderer = fixture->program,
                                                               .assets = "/none",
                                                               .media = "/none",
                                                               .processes = 1,
                                                               .limit_ms = limit_ms});
}

static void end(struct fixture *fixture)
{
    drawing_destroy(fixture->drawing);
    unlink(fixture->program);
    rmdir(fixture->folder);
}

#define GOOD "answer(b'{\"ok\":true}', b'PNG%d' % turn)"

/* The picture's bytes, or "" when there is none. */
static void ask(struct fixture *fixture, char text[16], struct error *err)
{
    struct drawing_picture picture = {0};
    text[0] = '\0';
    if (drawing_slide(fixture->drawing, "{}", &picture, err)) {
        snprintf(text, 16, "%.*s", (int)picture.size, picture.png);
        free(picture.png);
    }
}

static void test_one_process_stays(void **state)
{
    struct fixture fixture;
    struct error err;
    char text[16];
    (void)state;
    begin(&fixture, "    " GOOD "\n", 5000);
    ask(&fixture, text, &err);
    assert_string_equal(text, "PNG1");
    ask(&fixture, text, &err);
    assert_string_equal(text, "PNG2");
    end(&fixture);
}

static void test_a_crash_costs_one_picture(void **state)
{
    struct fixture fixture;
    struct error err;
    char text[16];
    (void)state;
    /* Ends after its answer, unseen: the next question goes to a new one. */
    begin(&fixture, "    " GOOD "\n    os._exit(1)\n", 5000);
    ask(&fixture, text, &err);
    assert_string_equal(text, "PNG1");
    ask(&fixture, text, &err);
    assert_string_equal(text, "PNG1");
    end(&fixture);
    /* Ends whatever is asked. */
    begin(&fixture, "    os._exit(1)\n", 5000);
    ask(&fixture, text, &err);
    assert_string_equal(text, "");
    assert_int_equal(err.kind, ERROR_INTERNAL);
    end(&fixture);
}

static void test_who_is_late_is_replaced(void **state)
{
    struct fixture fixture;
    struct error err;
    char text[16];
    (void)state;
    begin(&fixture,
          "    flag = sys.argv[0] + '.slept'\n"
          "    if not os.path.exists(flag):\n"
          "        open(flag, 'w').close()\n"
          "        time.sleep(30)\n"
          "    " GOOD "\n",
          700);
    ask(&fixture, text, &err);
    assert_string_equal(text, "");
    ask(&fixture, text, &err);
    assert_string_equal(text, "PNG1");
    char flag[128];
    snprintf(flag, sizeof flag, "%s.slept", fixture.program);
    unlink(flag);
    end(&fixture);
}

static void test_what_it_says_is_checked(void **state)
{
    static const char *const turns[] = {
        "    answer(b'{\"ok\":false,\"fr\":\"non\",\"en\":\"no\"}', b'')\n",
        "    answer(b'nonsense', b'PNG')\n",
        "    answer(b'{}', b'PNG')\n",
        "    sys.stdout.buffer.write(b'\\xff' * 64); sys.stdout.buffer.flush()\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        struct fixture fixture;
        struct error err;
        char text[16];
        begin(&fixture, turns[i], 5000);
        ask(&fixture, text, &err);
        assert_string_equal(text, "");
        if (i == 0) {
            assert_string_equal(err.en, "no");
        }
        end(&fixture);
    }
}

static void test_nobody_waits_for_a_pool_that_stops(void **state)
{
    struct fixture fixture;
    struct error err;
    char text[16];
    (void)state;
    begin(&fixture, "    " GOOD "\n", 5000);
    drawing_stop(fixture.drawing);
    ask(&fixture, text, &err);
    assert_int_equal(err.kind, ERROR_BUSY);
    end(&fixture);
}

static void test_pictures_are_drawn_once_and_forgotten(void **state)
{
    struct fixture fixture;
    struct error err;
    char first[PICTURES_KEY_SIZE], again[PICTURES_KEY_SIZE], other[PICTURES_KEY_SIZE];
    struct drawing_picture picture;
    struct manual_clock manual = {0};
    (void)state;
    begin(&fixture, "    " GOOD "\n", 5000);
    struct pictures *pictures = pictures_create(fixture.drawing, clock_manual(&manual));
    pictures_promise(pictures, strdup("{\"a\":1}"), first);
    pictures_promise(pictures, strdup("{\"a\":1}"), again);
    pictures_promise(pictures, strdup("{\"a\":2}"), other);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    for (int i = 0; i < 2; i++) {
        assert_true(pictures_get(pictures, first, &picture, &err));
        assert_memory_equal(picture.png, "PNG1", 4);
        free(picture.png);
    }
    manual.mono_ns += (PICTURES_LIFE_MS + 1) * INT64_C(1000000);
    pictures_promise(pictures, strdup("{\"a\":3}"), again);
    assert_false(pictures_get(pictures, first, &picture, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_true(pictures_get(pictures, again, &picture, &err));
    free(picture.png);
    /* So many that the first ones go. */
    for (int i = 0; i < PICTURES_MAX; i++) {
        char question[32];
        snprintf(question, sizeof question, "{\"n\":%d}", i);
        pictures_promise(pictures, strdup(question), other);
    }
    assert_false(pictures_get(pictures, again, &picture, &err));
    assert_false(pictures_get(pictures, "", &picture, &err));
    pictures_destroy(pictures);
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_process_stays),
        cmocka_unit_test(test_a_crash_costs_one_picture),
        cmocka_unit_test(test_who_is_late_is_replaced),
        cmocka_unit_test(test_what_it_says_is_checked),
        cmocka_unit_test(test_nobody_waits_for_a_pool_that_stops),
        cmocka_unit_test(test_pictures_are_drawn_once_and_forgotten),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
