/* A fresh database in a temporary folder for each test. */
#ifndef VITRINE_TESTS_STORE_FIXTURE_H
#define VITRINE_TESTS_STORE_FIXTURE_H

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
#include "server/store/schema.h"
#include "server/store/settings.h"

struct fixture {
    char folder[64];
    char path[96];
    struct db *db;
    struct arena *arena;
    struct error err;
};

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    strcpy(f->folder, "/tmp/vitrine-store-XXXXXX");
    if (!f || !mkdtemp(f->folder))
        return -1;
    snprintf(f->path, sizeof(f->path), "%s/vitrine.db", f->folder);
    f->arena = arena_create();
    f->db = store_open(f->path, DB_WRITER, &f->err);
    *state = f;
    return f->db ? 0 : -1;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    const char *const suffixes[] = {"", "-wal", "-shm"};
    char name[128];

    db_close(f->db);
    arena_destroy(f->arena);
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof(name), "%s%s", f->path, suffixes[i]);
        unlink(name);
    }
    rmdir(f->folder);
    free(f);
    return 0;
}

static inline int64_t content_version(struct fixture *f)
{
    int64_t version = -1;

    assert_true(settings_content_version(f->db, &version, &f->err));
    return version;
}

#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail_msg("%s: %s (%s)", #call, (err).en, (err).field);                                 \
    } while (0)

#endif
