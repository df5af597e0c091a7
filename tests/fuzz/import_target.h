/* A store for the import targets: one for the whole run, in memory where the system has such a
 * place. */
#ifndef VITRINE_TESTS_FUZZ_IMPORT_TARGET_H
#define VITRINE_TESTS_FUZZ_IMPORT_TARGET_H

#include <unistd.h>

#include "server/import/import.h"
#include "server/store/schema.h"
#include "tests/fuzz/fuzz.h"

typedef bool import_function(struct db *db, const char *path, const struct import_options *options,
                             struct import_report *report, struct error *err);

static char import_folder[64];
static struct db *import_db;

static void import_close(void)
{
    char path[128];
    const char *const names[] = {"store.db", "store.db-wal", "store.db-shm", "input"};

    db_close(import_db);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", import_folder, names[i]);
        unlink(path);
    }
    rmdir(import_folder);
}

static void import_input(const uint8_t *data, size_t size, import_function *import)
{
    struct import_options options = {.now_ms = INT64_C(1795000000000), .state = STATE_PUBLISHED};
    struct import_report report;
    struct error error;
    char path[128];

    if (import_db == NULL) {
        snprintf(import_folder, sizeof(import_folder), "%s/vitrine-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        MUST(mkdtemp(import_folder) != NULL);
        snprintf(path, sizeof(path), "%s/store.db", import_folder);
        import_db = store_open(path, DB_WRITER, &error);
        MUST(import_db != NULL);
        atexit(import_close);
    }
    snprintf(path, sizeof(path), "%s/input", import_folder);
    FILE *file = fopen(path, "wb");
    MUST(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    import_report_init(&report);
    if (!import(import_db, path, &options, &report, &error))
        MUST(error.kind != ERROR_NONE && error.kind != ERROR_INTERNAL);
    MUST(!db_in_transaction(import_db));
    import_report_finish(&report);
}

#endif
