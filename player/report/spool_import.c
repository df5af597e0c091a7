#include "player/report/spool_import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "core/json.h"
#include "core/log.h"
#include "core/sign.h"

#define FILE_BYTES_MAX ((size_t)4 * 1024 * 1024) /* twice what it was ever allowed to be */
#define TIME_MAX (INT64_C(1) << 52)

/* Strictly what was written: a flipped bit that the server refuses would be sent for ever. */
static bool read_line(const char *line, size_t length, char boot_out[SPOOL_BOOT_SIZE],
                      struct spool_record *record_out)
{
    static const char *const keys[] = {"boot", "sequence", "time_ms", "kind",
                                       "code", "detail",   NULL};
    struct arena *arena = arena_create();
    struct error err;
    uint8_t boot_bytes[(SPOOL_BOOT_SIZE - 1) / 2];
    const char *boot;
    const char *code;
    const char *detail;
    cJSON *root = json_parse(line, length, 8192, &err);
    *record_out = (struct spool_record){.kind = SPOOL_FAULT};
    bool ok = root != NULL && json_only_keys(root, keys, &err) &&
              json_get_string(root, "boot", sizeof boot_bytes * 2, sizeof boot_bytes * 2, arena,
                              &boot, &err) &&
              hex_decode(boot, boot_bytes, sizeof boot_bytes) &&
              json_get_int(root, "sequence", 1, SPOOL_SEQUENCE_MAX, &record_out->sequence, &err) &&
              json_get_int(root, "time_ms", -TIME_MAX, TIME_MAX, &record_out->time_ms, &err) &&
              json_get_string(root, "code", 1, 64, arena, &code, &err) &&
              json_get_string(root, "detail", 0, 1000, arena, &detail, &err);
    if (ok) {
        memcpy(boot_out, boot, SPOOL_BOOT_SIZE);
        record_out->text = spool_fault_text(code, detail);
    }
    cJSON_Delete(root);
    arena_destroy(arena);
    return ok;
}

/* A line at a time: there are few, and this happens once in a player's life. */
static bool import_lines(struct spool_store *store, const char *bytes, size_t length,
                         struct error *err)
{
    const char *end = bytes + length;
    bool ok = true;
    for (const char *line = bytes; ok && line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        char boot[SPOOL_BOOT_SIZE];
        struct spool_record record;
        if (newline != NULL && read_line(line, (size_t)(newline - line), boot, &record)) {
            const struct spool_record *records = &record;
            struct spool_write write = {
                .boot = boot, .records = &records, .count = 1, .bytes_max = INT64_MAX};
            enum spool_damage damage;
            int64_t lost;
            ok = spool_store_write(store, &write, &lost, &damage, err);
            free(record.text);
        }
        line = newline != NULL ? newline + 1 : end;
    }
    return ok;
}

bool spool_import(struct spool_store *store, const char *folder, struct error *err)
{
    char path[1024];
    char *bytes;
    size_t length;
    snprintf(path, sizeof path, "%s/faults.jsonl", folder);
    if (!file_read(path, FILE_BYTES_MAX, &bytes, &length, err)) {
        if (err->kind != ERROR_LIMIT) {
            return err->kind == ERROR_NOT_FOUND;
        }
        length = 0; /* nothing that a player wrote */
        bytes = NULL;
    }
    bool ok = bytes == NULL || import_lines(store, bytes, length, err);
    free(bytes);
    if (ok && unlink(path) != 0) {
        ok = error_set_errno(err, errno, "« %s » n’a pas pu être supprimé",
                             "\"%s\" could not be removed", path);
    }
    return ok;
}
