/* A fresh store in a temporary folder, and files written into it. */
#ifndef VITRINE_TESTS_IMPORT_FIXTURE_H
#define VITRINE_TESTS_IMPORT_FIXTURE_H

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
#include "core/strbuf.h"
#include "server/import/import.h"
#include "server/store/schema.h"
#include "server/store/settings.h"

#define NOON_2026_11_23 INT64_C(1795435200000) /* 2026-11-23T12:00:00Z */

struct fixture {
    char folder[64];
    char media[96];
    char file[256]; /* the last one that was written */
    struct db *db;
    struct media_store store;
    struct arena *arena;
    struct import_options options;
    struct import_report report;
    struct error err;
};

static inline int fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    char path[128];

    strcpy(f->folder, "/tmp/vitrine-import-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(path, sizeof(path), "%s/vitrine.db", f->folder);
    snprintf(f->media, sizeof(f->media), "%s/media", f->folder);
    f->arena = arena_create();
    f->db = store_open(path, DB_WRITER, &f->err);
    f->store = (struct media_store){.folder = f->media, .db = f->db, .now_ms = NOON_2026_11_23};
    f->options = (struct import_options){.now_ms = NOON_2026_11_23, .state = STATE_PUBLISHED};
    import_report_init(&f->report);
    *state = f;
    return f->db ? 0 : -1;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    char command[128];

    import_report_finish(&f->report);
    db_close(f->db);
    arena_destroy(f->arena);
    snprintf(command, sizeof(command), "rm -r '%s'", f->folder);
    int status = system(command);
    free(f);
    return status;
}

static inline const char *put_file(struct fixture *f, const char *name, const void *bytes,
                                   size_t size)
{
    snprintf(f->file, sizeof(f->file), "%s/%s", f->folder, name);
    FILE *file = fopen(f->file, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    return f->file;
}

static inline const char *put_text(struct fixture *f, const char *name, const char *text)
{
    return put_file(f, name, text, strlen(text));
}

static inline const char *shared_file(struct fixture *f, const char *name)
{
    char *path = arena_printf(f->arena, "%s/%s", SHARED_DATA_DIR, name);

    if (!file_exists(path)) {
        print_message("shared data are absent: %s\n", name);
        skip();
    }
    return path;
}

/* Each import gets a report of its own. */
static inline bool run_annuaire(struct fixture *f, const char *path)
{
    import_report_finish(&f->report);
    import_report_init(&f->report);
    return import_annuaire(f->db, path, &f->options, &f->report, &f->err);
}

static inline bool run_evenements(struct fixture *f, const char *path)
{
    import_report_finish(&f->report);
    import_report_init(&f->report);
    return import_evenements(f->db, &f->store, path, &f->options, &f->report, &f->err);
}

static inline void explain(struct fixture *f, const char *what)
{
    char text[1200];

    fail_msg("%s: %s", what, error_text(&f->err, LANG_EN, text, sizeof(text)));
}

#define assert_ok(f, call)                                                                         \
    do {                                                                                           \
        if (!(call))                                                                               \
            explain(f, #call);                                                                     \
    } while (0)

static inline void check_counts(struct fixture *f, size_t read, size_t created, size_t updated,
                                size_t unchanged, size_t merged, size_t rejected)
{
    const struct import_report *r = &f->report;

    if (r->read != read || r->created != created || r->updated != updated ||
        r->unchanged != unchanged || r->merged != merged || r->rejected != rejected) {
        import_report_print(r, LANG_EN, stderr);
        fail_msg("expected %zu read: %zu created, %zu updated, %zu unchanged, %zu merged, %zu "
                 "rejected",
                 read, created, updated, unchanged, merged, rejected);
    }
}

/* The note on that line whose French text holds `words`. */
static inline const struct import_note *find_note(struct fixture *f, int line, const char *words)
{
    for (size_t i = 0; i < f->report.note_count; i++)
        if (f->report.notes[i].line == line && strstr(f->report.notes[i].fr, words))
            return &f->report.notes[i];
    import_report_print(&f->report, LANG_FR, stderr);
    fail_msg("no note on line %d with \"%s\"", line, words);
    return NULL;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

#endif
