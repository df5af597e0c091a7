/* A fresh database and media store in a temporary folder, with a small directory and agenda. */
#ifndef VITRINE_TESTS_CONTENT_FIXTURE_H
#define VITRINE_TESTS_CONTENT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/content/documents.h"
#include "server/store/events.h"
#include "server/store/organisations.h"
#include "server/store/schema.h"
#include "server/store/settings.h"

#define DEMO_PHOTO TESTS_DIR "/../assets/demo/photos/cafe.jpg"

#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        if (!(call)) {                                                                             \
            fail_msg("%s: %s: %s (%s)", #call, (err).file, (err).en, (err).field);                 \
        }                                                                                          \
    } while (0)

struct fixture {
    char folder[64];
    char media_folder[96];
    struct db *db;
    struct media_store media;
    struct arena *arena;
    struct error err;
};

static inline int64_t fixture_instant(const char *text)
{
    int64_t ms = 0;
    assert_true(civil_parse_instant(text, &ms));
    return ms;
}

static inline void fixture_organisation(struct fixture *f, const char *id, const char *name)
{
    static const char *secteurs[] = {"reemploi", "insertion"};
    struct organisation organisation = {.id = id,
                                        .nom = name,
                                        .famille_ess = FAMILLE_ASSOCIATION,
                                        .secteurs = {2, secteurs},
                                        .resume = "Nous réparons : meubles, vélos et vaisselle.",
                                        .commune = "Rouen",
                                        .code_insee = "76540",
                                        .in_metropole = true,
                                        .site_web = "www.exemple.example",
                                        .date_maj = "2026-01-01",
                                        .diffusable = true,
                                        .state = STATE_PUBLISHED};
    enum upsert_result result;
    assert_ok(organisations_upsert(f->db, f->arena, &organisation, &result, &f->err), f->err);
}

static inline void fixture_event(struct fixture *f, const char *uid, const char *title,
                                 const char *start, const char *end, int64_t day, int minute)
{
    struct event event = {.uid = uid,
                          .title = title,
                          .place = "Halle aux Toiles",
                          .commune = "Rouen",
                          .in_metropole = true,
                          .url = "https://fete.example/",
                          .state = STATE_PUBLISHED};
    struct occurrence at = {.start_ms = fixture_instant(start),
                            .end_ms = fixture_instant(end),
                            .local_day = day,
                            .local_minute = minute,
                            .local_last_day = day,
                            .local_end_minute = minute + 120};
    enum upsert_result result;
    assert_ok(events_upsert(f->db, f->arena, &event, &at, 1, &result, &f->err), f->err);
}

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char path[128];
    snprintf(f->folder, sizeof f->folder, "/tmp/vitrine-content-XXXXXX");
    if (mkdtemp(f->folder) == NULL) {
        return -1;
    }
    *state = f;
    snprintf(path, sizeof path, "%s/vitrine.db", f->folder);
    snprintf(f->media_folder, sizeof f->media_folder, "%s/media", f->folder);
    f->arena = arena_create();
    f->db = store_open(path, DB_WRITER, &f->err);
    f->media = (struct media_store){f->media_folder, f->db, 1000};
    return f->db == NULL ? -1 : 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    char command[128];
    db_close(f->db);
    arena_destroy(f->arena);
    snprintf(command, sizeof command, "rm -r '%s'", f->folder);
    int status = system(command);
    free(f);
    return status;
}

/* The path of a file of that content in the fixture's folder. */
static inline const char *fixture_write(struct fixture *f, const char *name, const void *bytes,
                                        size_t length)
{
    char path[256];
    char folder[256];
    path_join(path, sizeof path, f->folder, name);
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    assert_ok(folder_create(folder, 0755, &f->err), f->err);
    assert_ok(file_write_atomic(path, bytes, length, 0644, &f->err), f->err);
    return arena_strdup(f->arena, path);
}

static inline const char *fixture_document(struct fixture *f, const char *name, const char *text)
{
    return fixture_write(f, name, text, strlen(text));
}

static inline void fixture_photo(struct fixture *f, const char *name)
{
    char *bytes = NULL;
    size_t length = 0;
    assert_ok(file_read(DEMO_PHOTO, 8 * 1024 * 1024, &bytes, &length, &f->err), f->err);
    fixture_write(f, name, bytes, length);
    free(bytes);
}

#endif
