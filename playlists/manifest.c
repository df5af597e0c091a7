#include "playlists/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct manifest *manifest_create(void)
{
    struct manifest *manifest = calloc(1, sizeof *manifest);
    if (manifest == NULL) {
        abort();
    }
    manifest->arena = arena_create();
    return manifest;
}

void manifest_destroy(struct manifest *manifest)
{
    if (manifest != NULL) {
        arena_destroy(manifest->arena);
        free(manifest);
    }
}

void manifest_add_plain_layouts(struct manifest *manifest)
{
    manifest->layout_count = LAYOUTS_PLAIN;
    manifest->layouts = arena_array(manifest->arena, LAYOUTS_PLAIN, sizeof *manifest->layouts);
    for (size_t i = 0; i < LAYOUTS_PLAIN; i++) {
        manifest->layouts[i] = (struct manifest_layout){
            .id = i == LAYOUT_STRIP ? "bandeau" : "plein",
            .strip = i == LAYOUT_STRIP ? STRIP_BOTTOM : STRIP_NONE,
            .zone_count = 1,
            .zones = {{.id = "main", .w = MANIFEST_WHOLE, .h = MANIFEST_WHOLE, .fill = 0x0B1F3A}}};
    }
}

bool manifest_interval_strip(const struct manifest *manifest,
                             const struct manifest_interval *interval)
{
    return manifest->layouts[interval->layout].strip != STRIP_NONE;
}

static int compare_file(const void *key, const void *element)
{
    const struct sha256 *sum = key;
    const struct manifest_file *file = element;
    return memcmp(sum->bytes, file->sha256.bytes, SHA256_SIZE);
}

const struct manifest_file *manifest_file(const struct manifest *manifest,
                                          const struct sha256 *sha256)
{
    if (manifest->file_count == 0) {
        return NULL;
    }
    return bsearch(sha256, manifest->files, manifest->file_count, sizeof *manifest->files,
                   compare_file);
}

bool manifest_closed_at(const struct manifest *manifest, int64_t at_ms, int64_t *until_out)
{
    bool closed = false;
    int64_t until_ms = INT64_MAX;
    for (size_t i = 0; i < manifest->closed_count && until_ms == INT64_MAX; i++) {
        const struct manifest_closed *stretch = &manifest->closed[i];
        if (at_ms < stretch->from_ms) {
            until_ms = stretch->from_ms;
        } else if (at_ms < stretch->until_ms) {
            closed = true;
            until_ms = stretch->until_ms;
        }
    }
    if (until_out != NULL) {
        *until_out = until_ms;
    }
    return closed;
}

const struct manifest_interval *manifest_emergency_at(const struct manifest *manifest,
                                                      int64_t at_ms)
{
    for (size_t i = 0; i < manifest->interval_count; i++) {
        const struct manifest_interval *interval = &manifest->intervals[i];
        if (interval->from_ms > at_ms) {
            break;
        }
        if (interval->class == INTERVAL_EMERGENCY && at_ms < interval->until_ms) {
            return interval;
        }
    }
    return NULL;
}

int manifest_offset_s(const struct manifest *manifest, int64_t at_ms)
{
    size_t i = manifest->offset_count - 1;
    while (i > 0 && manifest->offsets[i].from_ms > at_ms) {
        i--;
    }
    return manifest->offsets[i].offset_s;
}

/* The signed form's first line. */
#define SEAL_NAME "vitrine-manifest "
#define SEAL_START SEAL_NAME "1 "
#define SEAL_START_LENGTH (sizeof SEAL_START - 1)
#define KEY_DIGITS ((size_t)2 * SIGN_PUBLIC_SIZE)
#define SIGNATURE_DIGITS ((size_t)2 * SIGN_SIGNATURE_SIZE)
#define SEAL_LENGTH (SEAL_START_LENGTH + KEY_DIGITS + 1 + SIGNATURE_DIGITS + 1)

void manifest_seal(const char *json, size_t length, const struct sign_keys *keys,
                   struct strbuf *out)
{
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    char key_hex[SIGN_PUBLIC_HEX_SIZE];
    char signature_hex[SIGN_SIGNATURE_HEX_SIZE];
    sign_bytes(keys, json, length, signature);
    hex_encode(keys->public.bytes, SIGN_PUBLIC_SIZE, key_hex);
    hex_encode(signature, sizeof signature, signature_hex);
    strbuf_printf(out, SEAL_START "%s %s\n", key_hex, signature_hex);
    strbuf_append_bytes(out, json, length);
}

/* `digits` hexadecimal digits at `text`, then the byte `after`. */
static bool read_hex(const char *text, size_t digits, char after, uint8_t *bytes_out)
{
    char hex[SIGN_SIGNATURE_HEX_SIZE];
    memcpy(hex, text, digits);
    hex[digits] = '\0';
    return text[digits] == after && hex_decode(hex, bytes_out, digits / 2);
}

static bool read_seal(const char *bytes, size_t length, struct sign_public *key_out,
                      uint8_t signature_out[SIGN_SIGNATURE_SIZE], struct error *err)
{
    if (length >= SEAL_START_LENGTH && memcmp(bytes, SEAL_NAME, sizeof SEAL_NAME - 1) == 0 &&
        memcmp(bytes, SEAL_START, SEAL_START_LENGTH) != 0) {
        return error_set(err, ERROR_INVALID,
                         "manifeste d’un format plus récent ; mettez à jour le logiciel de l’écran",
                         "manifest of a newer format; update the screen's software");
    }
    if (length <= SEAL_LENGTH || memcmp(bytes, SEAL_START, SEAL_START_LENGTH) != 0 ||
        !read_hex(bytes + SEAL_START_LENGTH, KEY_DIGITS, ' ', key_out->bytes) ||
        !read_hex(bytes + SEAL_START_LENGTH + KEY_DIGITS + 1, SIGNATURE_DIGITS, '\n',
                  signature_out)) {
        return error_set(err, ERROR_INVALID, "ce n’est pas un manifeste signé",
                         "this is no signed manifest");
    }
    return true;
}

struct manifest *manifest_open(const char *bytes, size_t length, const struct sign_public *key,
                               struct error *err)
{
    struct sign_public signer;
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    if (length > SEAL_LENGTH + MANIFEST_BYTES_MAX) {
        error_set(err, ERROR_LIMIT, "manifeste trop long : %zu octets",
                  "manifest too long: %zu bytes", length);
        return NULL;
    }
    if (!read_seal(bytes, length, &signer, signature, err)) {
        return NULL;
    }
    if (!constant_time_equal(&signer, key, sizeof signer)) {
        error_set(err, ERROR_DENIED, "manifeste signé par une autre clé que celle du serveur connu",
                  "manifest signed by another key than the known server's");
        return NULL;
    }
    const char *json = bytes + SEAL_LENGTH;
    if (!sign_verify(key, json, length - SEAL_LENGTH, signature)) {
        error_set(err, ERROR_DENIED, "la signature du manifeste est fausse",
                  "the manifest's signature is wrong");
        return NULL;
    }
    return manifest_decode(json, length - SEAL_LENGTH, err);
}

bool manifest_follows(const struct manifest *current, const struct manifest *next,
                      struct error *err)
{
    if (strcmp(current->screen.id, next->screen.id) != 0) {
        error_set(err, ERROR_DENIED, "manifeste de l’écran « %s », non de « %s »",
                  "manifest of screen \"%s\", not of \"%s\"", next->screen.id, current->screen.id);
        return error_field(err, "screen.id");
    }
    bool newer = next->epoch > current->epoch ||
                 (next->epoch == current->epoch && next->version > current->version);
    if (!newer) {
        error_set(err, ERROR_CONFLICT,
                  "la version %lld-%lld ne succède pas à la version %lld-%lld en cours",
                  "version %lld-%lld does not follow the current %lld-%lld", (long long)next->epoch,
                  (long long)next->version, (long long)current->epoch, (long long)current->version);
        return error_field(err, "version");
    }
    return true;
}
