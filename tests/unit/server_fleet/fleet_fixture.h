/* A fresh store with two screens, and players that sign. */
#ifndef VITRINE_TESTS_FLEET_FIXTURE_H
#define VITRINE_TESTS_FLEET_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/sign.h"
#include "playlists/enrolment.h"
#include "server/fleet/enrolment.h"
#include "server/store/fleet.h"
#include "server/store/schema.h"

#define NOW_MS INT64_C(1795000000000)

struct fleet {
    char folder[64];
    struct db *db;
    struct arena *arena;
    struct error err;
};

static inline void add_screen(struct fleet *f, const char *id)
{
    enum upsert_result result;

    assert_true(screens_upsert(f->db, f->arena,
                               &(struct screen){.id = id,
                                                .name = id,
                                                .site = "",
                                                .width_px = 1920,
                                                .height_px = 1080,
                                                .diagonal_mm = 1168,
                                                .viewing_distance_mm = 3000,
                                                .bottom_edge_mm = 1900,
                                                .time_zone = "Europe/Paris",
                                                .opening = ""},
                               &result, &f->err));
}

static inline int fleet_setup(void **state)
{
    struct fleet *f = calloc(1, sizeof(*f));
    char path[96];

    strcpy(f->folder, "/tmp/vitrine-fleet-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(path, sizeof(path), "%s/db", f->folder);
    f->arena = arena_create();
    f->db = store_open(path, DB_WRITER, &f->err);
    assert_non_null(f->db);
    add_screen(f, "hall");
    add_screen(f, "bar");
    *state = f;
    return 0;
}

static inline int fleet_teardown(void **state)
{
    struct fleet *f = *state;
    char command[128];

    db_close(f->db);
    arena_destroy(f->arena);
    snprintf(command, sizeof(command), "rm -rf %s", f->folder);
    int result = system(command);
    free(f);
    return result;
}

/* Asks as the player with these keys does; the answer's challenge is good for the next time. */
static inline bool ask(struct fleet *f, const struct sign_keys *keys, const char *challenge,
                       int64_t now_ms, struct enrolment_answer *answer)
{
    struct enrolment_request request = {
        .public_key = keys->public, .width_px = 1920, .height_px = 1080, .software = "test"};
    struct strbuf message;

    request.challenge = arena_strdup(f->arena, challenge); /* may be the answer's own */
    strbuf_init(&message);
    enrolment_message(&keys->public, request.challenge, &message);
    sign_bytes(keys, message.bytes, message.length, request.signature);
    strbuf_finish(&message);
    return enrolment_ask(f->db, f->arena, &request, now_ms, answer, &f->err);
}

static inline bool approve(struct fleet *f, const struct sign_keys *keys, const char *screen)
{
    char code[ENROLMENT_CODE_SIZE];
    struct enrolment out;

    enrolment_code(&keys->public, code);
    return enrolment_approve(f->db, f->arena, code, NULL, screen, true, "zoé", NOW_MS, &out,
                             &f->err);
}

#endif
