/* Who may have how many films, with programs that never end or that end at once in place of
 * vitrine-render. */
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
#include "server/drawing/films.h"

#define ENDLESS "#!/bin/sh\nexec sleep 600\n"
#define QUICK                                                                                      \
    "#!/bin/sh\n"                                                                                  \
    "while [ \"$1\" != -o ]; do shift; done\n"                                                     \
    "echo film > \"$2\"\n"

struct fixture {
    char folder[64], kept[96], program[96];
    struct films *films;
};

static void begin(struct fixture *fixture, const char *script)
{
    struct error err;
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/vitrine-films-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->program, sizeof fixture->program, "%s/render", fixture->folder);
    snprintf(fixture->kept, sizeof fixture->kept, "%s/films", fixture->folder);
    assert_true(file_write_atomic(fixture->program, script, strlen(script), 0700, &err));
    fixture->films = films_start(&(struct films_config){.renderer = fixture->program,
                                                        .assets = "/none",
                                                        .media = "/none",
                                                        .folder = fixture->kept,
                                                        .clock = clock_system()},
                                 &err);
    assert_non_null(fixture->films);
}

static void end(struct fixture *fixture)
{
    films_stop(fixture->films);
    unlink(fixture->program);
    assert_int_equal(rmdir(fixture->kept), 0); /* nothing is left there */
    rmdir(fixture->folder);
}

static bool ask(struct fixture *fixture, const char *owner, char id[FILMS_ID_SIZE],
                struct error *err)
{
    return films_ask(fixture->films,
                     &(struct films_order){.owner = owner,
                                           .manifest = "{}",
                                           .manifest_size = 2,
                                           .key_hex = "00",
                                           .length_ms = 5000},
                     id, err);
}

static bool is_there(struct fixture *fixture, const char *id)
{
    struct films_look look;
    struct error ignored;
    return films_look(fixture->films, id, &look, &ignored);
}

static void test_nobody_takes_all_places(void **state)
{
    struct fixture fixture;
    struct error err;
    char ids[5][FILMS_ID_SIZE], refused[FILMS_ID_SIZE];
    (void)state;
    begin(&fixture, ENDLESS);
    assert_true(ask(&fixture, "ana", ids[0], &err));
    assert_true(ask(&fixture, "ana", ids[1], &err));
    assert_false(ask(&fixture, "ana", refused, &err));
    assert_int_equal(err.kind, ERROR_BUSY);
    assert_non_null(strstr(err.fr, "vos films"));
    assert_true(ask(&fixture, "bo", ids[2], &err));
    assert_true(ask(&fixture, "bo", ids[3], &err));
    /* A place that is given up is free at once, also while its film is being made. */
    assert_true(films_drop(fixture.films, ids[0], &err));
    assert_true(ask(&fixture, "ana", ids[0], &err));
    assert_true(films_drop(fixture.films, ids[1], &err));
    assert_true(ask(&fixture, "ana", ids[1], &err));
    end(&fixture);
}

static void make(struct fixture *fixture, const char *owner, char id[FILMS_ID_SIZE])
{
    struct films_look look = {0};
    struct error err;
    assert_true(ask(fixture, owner, id, &err));
    do {
        usleep(2000);
        assert_true(films_look(fixture->films, id, &look, &err));
    } while (look.state == FILMS_WAITING || look.state == FILMS_MAKING);
    assert_int_equal(look.state, FILMS_READY);
    assert_int_equal(access(look.path, R_OK), 0);
}

static void test_who_keeps_most_makes_room(void **state)
{
    struct fixture fixture;
    char bo[FILMS_ID_SIZE], ana[FILMS_KEPT_MAX + 3][FILMS_ID_SIZE], carl[FILMS_ID_SIZE];
    (void)state;
    begin(&fixture, QUICK);
    make(&fixture, "bo", bo); /* the oldest of all */
    for (size_t i = 0; i < FILMS_KEPT_MAX + 3; i++) {
        make(&fixture, "ana", ana[i]);
    }
    make(&fixture, "carl", carl);
    assert_true(is_there(&fixture, bo));
    assert_true(is_there(&fixture, carl));
    assert_false(is_there(&fixture, ana[0]));
    assert_false(is_there(&fixture, ana[4]));
    assert_true(is_there(&fixture, ana[5]));
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_takes_all_places),
        cmocka_unit_test(test_who_keeps_most_makes_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
