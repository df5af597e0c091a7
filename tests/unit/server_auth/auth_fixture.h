/* A store with one administrator, « zoé », and the clock in the test's hand. */
#ifndef VITRINE_TESTS_AUTH_FIXTURE_H
#define VITRINE_TESTS_AUTH_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/sign.h"
#include "server/auth/session.h"

#define PASSWORD "un mot de passe sûr"

struct site {
    char folder[64];
    char path[96];
    struct writer writer;
    struct arena *arena;
    struct manual_clock time;
    struct sign_keys keys;
    struct auth *auth;
};

static inline int set_up(void **state)
{
    struct site *site = calloc(1, sizeof(*site));
    char hash[160];
    struct error error;

    strcpy(site->folder, "/tmp/vitrine-auth-XXXXXX");
    assert_non_null(mkdtemp(site->folder));
    snprintf(site->path, sizeof(site->path), "%s/db", site->folder);
    assert_true(writer_init(&site->writer, site->path, &error));
    site->arena = arena_create();
    site->time.wall_ms = INT64_C(1795000000000);
    sign_keys_generate(&site->keys);
    site->auth = auth_create(clock_manual(&site->time), &site->keys);
    assert_true(auth_hash_password(PASSWORD, hash, sizeof(hash), &error));
    assert_null(strstr(hash, "passe"));
    assert_true(users_put(
        site->writer.db,
        &(struct user){
            .name = "zoé", .password_hash = hash, .role = ROLE_ADMINISTRATOR, .active = true},
        &error));
    *state = site;
    return 0;
}

static inline int tear_down(void **state)
{
    struct site *site = *state;
    char command[128];

    auth_destroy(site->auth);
    arena_destroy(site->arena);
    writer_finish(&site->writer);
    snprintf(command, sizeof(command), "rm -rf %s", site->folder);
    int result = system(command);
    free(site);
    return result;
}

static inline bool login(struct site *site, const char *password, char token[SESSION_TOKEN_SIZE],
                         struct error *error)
{
    struct session_grant grant = {0};
    bool ok = session_login(site->auth, &site->writer, site->arena, "zoé", password,
                            &(struct session_peer){.address = "127.0.0.1"}, &grant, error);

    memcpy(token, grant.token, SESSION_TOKEN_SIZE);
    return ok;
}

static inline void advance(struct site *site, int64_t ms)
{
    site->time.wall_ms += ms;
    site->time.mono_ns += ms * 1000000;
}

#endif
