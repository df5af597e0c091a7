#include "playlists/playlist_fields.h"

#include <stdio.h>
#include <string.h>

#include "core/hash.h"
#include "core/utf8.h"

#define BYTES_PER_CHARACTER 4
#define KEY_MAX 64

/* Null is not absent: these documents are written by hand, and null there is a slip. */
static bool is_absent(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key) == NULL;
}

bool document_text(const cJSON *object, const char *key, size_t min, size_t max,
                   struct arena *arena, const char **text_out, struct error *err)
{
    if (!json_get_string(object, key, min, max * BYTES_PER_CHARACTER, arena, text_out, err)) {
        return false;
    }
    size_t length = utf8_length(*text_out);
    if (length > max) {
        error_set(err, ERROR_LIMIT, "texte trop long : %zu caractères, %zu au plus",
                  "text too long: %zu characters, at most %zu", length, max);
        return error_field(err, key);
    }
    return true;
}

bool document_optional_text(const cJSON *object, const char *key, size_t max, struct arena *arena,
                            const char **text_out, struct error *err)
{
    *text_out = "";
    return is_absent(object, key) || document_text(object, key, 0, max, arena, text_out, err);
}

static bool is_slug(const char *text)
{
    bool letter_before = false;
    for (; *text != '\0'; text++) {
        bool letter = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9');
        if (!letter && (*text != '-' || !letter_before)) {
            return false;
        }
        letter_before = letter;
    }
    return letter_before;
}

bool document_slug(const cJSON *object, const char *key, struct arena *arena, const char **text_out,
                   struct error *err)
{
    if (!document_text(object, key, 1, SLUG_LENGTH_MAX, arena, text_out, err)) {
        return false;
    }
    if (!is_slug(*text_out)) {
        error_set(err, ERROR_INVALID,
                  "identifiant attendu : lettres minuscules sans accent, chiffres, traits d’union",
                  "an identifier is expected: lower-case letters, digits, hyphens");
        return error_field(err, key);
    }
    return true;
}

bool document_optional_slug(const cJSON *object, const char *key, struct arena *arena,
                            const char **text_out, struct error *err)
{
    *text_out = "";
    return is_absent(object, key) || document_slug(object, key, arena, text_out, err);
}

bool document_optional_int(const cJSON *object, const char *key, int min, int max, int absent,
                           int *value_out, struct error *err)
{
    *value_out = absent;
    if (is_absent(object, key)) {
        return true;
    }
    int64_t value;
    if (!json_get_int(object, key, min, max, &value, err)) {
        return false;
    }
    *value_out = (int)value;
    return true;
}

/* It stays in the document's folder or below. */
static bool check_path(const char *path, struct error *err)
{
    bool plain = path[0] != '/' && strstr(path, "..") == NULL;
    for (const char *p = path; *p != '\0'; p++) {
        plain = plain && (unsigned char)*p >= 0x20 && *p != 0x7F && *p != '\\';
    }
    return plain || error_set(err, ERROR_INVALID,
                              "le fichier se trouve à côté du document ou dans un dossier qui y "
                              "est : nom sans « .. », sans « \\ », ne commençant pas par « / »",
                              "the file lies beside the document or in a folder there: a name "
                              "without \"..\", without \"\\\", not beginning with \"/\"");
}

bool document_file(const cJSON *object, const char *key, bool needed, struct arena *arena,
                   struct document_file *file_out, struct error *err)
{
    char sum_key[KEY_MAX];
    snprintf(sum_key, sizeof sum_key, "%s_sha256", key);
    *file_out = (struct document_file){"", ""};
    if (is_absent(object, sum_key)) {
        if (is_absent(object, key) && !needed) {
            return true;
        }
        return document_text(object, key, 1, FILE_NAME_MAX, arena, &file_out->path, err) &&
               (check_path(file_out->path, err) || error_field(err, key));
    }
    if (!is_absent(object, key)) {
        error_set(err, ERROR_INVALID, "soit « %s », soit « %s », pas les deux",
                  "either \"%s\" or \"%s\", not both", key, sum_key);
        return error_field(err, sum_key);
    }
    struct sha256 sum;
    if (!json_get_string(object, sum_key, SHA256_HEX_SIZE - 1, SHA256_HEX_SIZE - 1, arena,
                         &file_out->sha256, err)) {
        return false;
    }
    if (!sha256_from_hex(file_out->sha256, &sum)) {
        error_set(err, ERROR_INVALID, "empreinte SHA-256 attendue : 64 chiffres hexadécimaux",
                  "a SHA-256 is expected: 64 hexadecimal digits");
        return error_field(err, sum_key);
    }
    return true;
}

void document_put_file(struct json_writer *writer, const char *key,
                       const struct document_file *file)
{
    char sum_key[KEY_MAX];
    snprintf(sum_key, sizeof sum_key, "%s_sha256", key);
    if (file->sha256[0] != '\0') {
        json_put_string(writer, sum_key, file->sha256);
    } else if (file->path[0] != '\0') {
        json_put_string(writer, key, file->path);
    }
}
