#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "server/backup/internal.h"

#define FORMAT "vitrine-backup-1"
#define FILES_MAX 2000000

void backup_manifest_add(struct backup_manifest *manifest, const struct backup_file *file)
{
    if (manifest->count == manifest->capacity) {
        manifest->capacity = manifest->capacity == 0 ? 256 : 2 * manifest->capacity;
        manifest->files =
            reallocarray(manifest->files, manifest->capacity, sizeof(*manifest->files));
        if (manifest->files == NULL)
            abort();
    }
    manifest->files[manifest->count++] = *file;
}

void backup_manifest_finish(struct backup_manifest *manifest)
{
    free(manifest->files);
    *manifest = (struct backup_manifest){0};
}

void backup_manifest_encode(const struct backup_manifest *manifest, struct strbuf *text_out,
                            struct strbuf *sum_out)
{
    struct json_writer writer;
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];

    json_writer_init(&writer, text_out);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "format", FORMAT);
    json_put_int(&writer, "created_ms", manifest->created_ms);
    json_put_string(&writer, "software", manifest->software);
    json_put_int(&writer, "schema", manifest->schema);
    json_put_int(&writer, "missing", (int64_t)manifest->missing);
    json_begin_array(&writer, "files");
    for (size_t i = 0; i < manifest->count; i++) {
        const struct backup_file *file = &manifest->files[i];
        sha256_to_hex(&file->sum, hex);
        strbuf_append(text_out, i == 0 ? "\n" : "");
        json_begin_object(&writer, NULL);
        json_put_string(&writer, "name", file->name);
        json_put_int(&writer, "size", file->size);
        json_put_string(&writer, "sha256", hex);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    strbuf_append_char(text_out, '\n');
    sha256_of(text_out->bytes, text_out->length, &sum);
    sha256_to_hex(&sum, hex);
    strbuf_printf(sum_out, "%s  %s\n", hex, BACKUP_MANIFEST);
}

static bool decode_file(const cJSON *item, struct arena *arena, struct backup_file *out,
                        struct error *err)
{
    static const char *const keys[] = {"name", "size", "sha256", NULL};
    const char *hex;

    if (!json_only_keys(item, keys, err) ||
        !json_get_string(item, "name", 1, 100, arena, &out->name, err) ||
        !json_get_int(item, "size", 0, INT64_C(1) << 50, &out->size, err) ||
        !json_get_string(item, "sha256", 64, 64, arena, &hex, err))
        return false;
    return (files_name_valid(out->name) && sha256_from_hex(hex, &out->sum)) ||
           error_set(err, ERROR_INVALID, "« %s » n’est pas un fichier de sauvegarde",
                     "\"%s\" is no file of a backup", out->name);
}

static bool decode(const cJSON *root, struct arena *arena, struct backup_manifest *out,
                   struct error *err)
{
    static const char *const keys[] = {"format",  "created_ms", "software", "schema",
                                       "missing", "files",      NULL};
    const char *format;
    int64_t missing;
    size_t count;

    if (!json_only_keys(root, keys, err) ||
        !json_get_string(root, "format", 1, 40, arena, &format, err))
        return false;
    if (strcmp(format, FORMAT) != 0)
        return error_set(err, ERROR_INVALID,
                         "cette sauvegarde est d’un genre inconnu (« %s ») ; il faut une version "
                         "plus récente de Vitrine",
                         "this backup is of an unknown kind (\"%s\"); a newer version of Vitrine "
                         "is needed",
                         format);
    if (!json_get_int(root, "created_ms", 0, INT64_C(1) << 50, &out->created_ms, err) ||
        !json_get_string(root, "software", 0, 40, arena, &out->software, err) ||
        !json_get_int(root, "schema", 0, 100000, &out->schema, err) ||
        !json_get_int(root, "missing", 0, FILES_MAX, &missing, err))
        return false;
    out->missing = (size_t)missing;
    const cJSON *files = json_get_array(root, "files", FILES_MAX, &count, err);
    if (files == NULL)
        return false;
    for (const cJSON *item = files->child; item != NULL; item = item->next) {
        struct backup_file file;
        if (!decode_file(item, arena, &file, err))
            return false;
        backup_manifest_add(out, &file);
    }
    return true;
}

bool backup_manifest_decode(const char *text, size_t length, const char *sum, size_t sum_length,
                            struct arena *arena, struct backup_manifest *out, struct error *err)
{
    struct sha256 wanted, found;
    char hex[SHA256_HEX_SIZE];

    *out = (struct backup_manifest){0};
    sha256_of(text, length, &found);
    memcpy(hex, sum, sum_length < 64 ? sum_length : 64);
    hex[sum_length < 64 ? sum_length : 64] = '\0';
    if (!sha256_from_hex(hex, &wanted) || !sha256_equal(&wanted, &found)) {
        error_set(err, ERROR_IO, "la liste de la sauvegarde est abîmée : prenez-en une autre",
                  "the backup's list is damaged: take another backup");
        error_at(err, BACKUP_MANIFEST, 0);
        return false;
    }
    cJSON *root = json_parse(text, length, length, err);
    bool ok = root != NULL && decode(root, arena, out, err);
    cJSON_Delete(root);
    if (!ok) {
        error_at(err, BACKUP_MANIFEST, 0);
        backup_manifest_finish(out);
    }
    return ok;
}

void backup_name(int64_t ms, char buf[BACKUP_NAME_SIZE])
{
    char instant[32];

    civil_format_instant(ms, instant, sizeof(instant));
    for (char *c = instant; *c != '\0'; c++)
        *c = *c == ':' || *c == '.' ? '-' : *c;
    snprintf(buf, BACKUP_NAME_SIZE, "%s", instant);
}

bool backup_name_parse(const char *name, int64_t *ms_out)
{
    char instant[BACKUP_NAME_SIZE];

    if (strlen(name) != strlen("2026-11-23T18-04-52-123Z"))
        return false;
    snprintf(instant, sizeof(instant), "%s", name);
    instant[13] = instant[16] = ':';
    instant[19] = '.';
    return civil_parse_instant(instant, ms_out);
}
