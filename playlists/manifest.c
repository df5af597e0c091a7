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
#define SEAL_NAME_LENGTH (sizeof SEAL_NAME - 1)
#define SEAL_OLD SEAL_NAME "1 "
#define SEAL_PARTS SEAL_NAME "2 "
#define SEAL_START_LENGTH (SEAL_NAME_LENGTH + 2)
#define KEY_DIGITS ((size_t)2 * SIGN_PUBLIC_SIZE)
#define SIGNATURE_DIGITS ((size_t)2 * SIGN_SIGNATURE_SIZE)
#define LENGTH_DIGITS ((size_t)8)
#define SEAL_OLD_LENGTH (SEAL_START_LENGTH + KEY_DIGITS + 1 + SIGNATURE_DIGITS + 1)
#define SEAL_PARTS_LENGTH (SEAL_OLD_LENGTH + LENGTH_DIGITS + 1)

/* What the signature of a manifest in two parts stands over. */
static void put_message(size_t length, const struct sha256 *first, const struct sha256 *rest,
                        struct strbuf *out)
{
    char first_hex[SHA256_HEX_SIZE];
    char rest_hex[SHA256_HEX_SIZE];
    sha256_to_hex(first, first_hex);
    sha256_to_hex(rest, rest_hex);
    strbuf_printf(out, SEAL_NAME "2\n%08zu\n%s\n%s\n", length, first_hex, rest_hex);
}

static void put_line(const char *start, const struct sign_keys *keys, const void *signed_bytes,
                     size_t signed_length, struct strbuf *out)
{
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    char key_hex[SIGN_PUBLIC_HEX_SIZE];
    char signature_hex[SIGN_SIGNATURE_HEX_SIZE];
    sign_bytes(keys, signed_bytes, signed_length, signature);
    hex_encode(keys->public.bytes, SIGN_PUBLIC_SIZE, key_hex);
    hex_encode(signature, sizeof signature, signature_hex);
    strbuf_printf(out, "%s%s %s", start, key_hex, signature_hex);
}

void manifest_seal_head(const char *head, size_t length, const struct sha256 *rest_sum,
                        const struct sign_keys *keys, struct strbuf *out)
{
    struct sha256 sum;
    struct strbuf message;
    strbuf_init(&message);
    sha256_of(head, length, &sum);
    put_message(length, &sum, rest_sum, &message);
    put_line(SEAL_PARTS, keys, message.bytes, message.length, out);
    strbuf_printf(out, " %08zu\n", length);
    strbuf_append_bytes(out, head, length);
    strbuf_finish(&message);
}

void manifest_seal(const char *json, size_t length, const struct sign_keys *keys,
                   struct strbuf *out)
{
    struct sha256 nothing;
    sha256_of("", 0, &nothing);
    manifest_seal_head(json, length, &nothing, keys, out);
}

void manifest_seal_old(const char *json, size_t length, const struct sign_keys *keys,
                       struct strbuf *out)
{
    put_line(SEAL_OLD, keys, json, length, out);
    strbuf_append_char(out, '\n');
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

/* What the line says. */
struct seal {
    struct sign_public key;
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    bool in_parts;
    size_t first_length;
    size_t json; /* where it begins */
};

static bool read_length(const char *text, size_t *length_out)
{
    *length_out = 0;
    for (size_t i = 0; i < LENGTH_DIGITS; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *length_out = *length_out * 10 + (size_t)(text[i] - '0');
    }
    return text[LENGTH_DIGITS] == '\n';
}

static bool read_line(const char *bytes, size_t length, struct seal *seal)
{
    seal->in_parts =
        length >= SEAL_START_LENGTH && memcmp(bytes, SEAL_PARTS, SEAL_START_LENGTH) == 0;
    seal->json = seal->in_parts ? SEAL_PARTS_LENGTH : SEAL_OLD_LENGTH;
    const char *key = bytes + SEAL_START_LENGTH;
    const char *signature = key + KEY_DIGITS + 1;
    return length > seal->json &&
           (seal->in_parts || memcmp(bytes, SEAL_OLD, SEAL_START_LENGTH) == 0) &&
           read_hex(key, KEY_DIGITS, ' ', seal->key.bytes) &&
           read_hex(signature, SIGNATURE_DIGITS, seal->in_parts ? ' ' : '\n', seal->signature) &&
           (!seal->in_parts || read_length(signature + SIGNATURE_DIGITS + 1, &seal->first_length));
}

size_t manifest_sealed_json(const char *bytes, size_t length)
{
    struct seal seal;
    return read_line(bytes, length, &seal) ? seal.json : 0;
}

static bool read_seal(const char *bytes, size_t length, struct seal *seal, struct error *err)
{
    if (read_line(bytes, length, seal) &&
        (!seal->in_parts || seal->first_length <= length - seal->json)) {
        return true;
    }
    bool newer = length >= SEAL_START_LENGTH && memcmp(bytes, SEAL_NAME, SEAL_NAME_LENGTH) == 0 &&
                 memcmp(bytes, SEAL_OLD, SEAL_START_LENGTH) != 0 && !seal->in_parts;
    return newer ? error_set(
                       err, ERROR_INVALID,
                       "manifeste d’un format plus récent ; mettez à jour le logiciel de l’écran",
                       "manifest of a newer format; update the screen's software")
                 : error_set(err, ERROR_INVALID, "ce n’est pas un manifeste signé",
                             "this is no signed manifest");
}

static bool verify(const struct seal *seal, const char *json, size_t length)
{
    if (!seal->in_parts) {
        return sign_verify(&seal->key, json, length, seal->signature);
    }
    struct sha256 first;
    struct sha256 rest;
    struct strbuf message;
    strbuf_init(&message);
    sha256_of(json, seal->first_length, &first);
    sha256_of(json + seal->first_length, length - seal->first_length, &rest);
    put_message(seal->first_length, &first, &rest, &message);
    bool right = sign_verify(&seal->key, message.bytes, message.length, seal->signature);
    strbuf_finish(&message);
    return right;
}

struct manifest *manifest_open(const char *bytes, size_t length, const struct sign_public *key,
                               struct error *err)
{
    struct seal seal = {0};
    if (length > SEAL_PARTS_LENGTH + MANIFEST_BYTES_MAX) {
        error_set(err, ERROR_LIMIT, "manifeste trop long : %zu octets",
                  "manifest too long: %zu bytes", length);
        return NULL;
    }
    if (!read_seal(bytes, length, &seal, err)) {
        return NULL;
    }
    if (!constant_time_equal(&seal.key, key, sizeof seal.key)) {
        error_set(err, ERROR_DENIED, "manifeste signé par une autre clé que celle du serveur connu",
                  "manifest signed by another key than the known server's");
        return NULL;
    }
    const char *json = bytes + seal.json;
    if (!verify(&seal, json, length - seal.json)) {
        error_set(err, ERROR_DENIED, "la signature du manifeste est fausse",
                  "the manifest's signature is wrong");
        return NULL;
    }
    return manifest_decode(json, length - seal.json, err);
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
