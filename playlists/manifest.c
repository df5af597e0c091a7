#include "playlists/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

/* Instants are within ±9999 years, so that no sum of them overflows. */
#define INSTANT_MAX_MS INT64_C(253402300799999)
#define NUMBER_MAX INT64_C(9007199254740991)
#define ITEM_DURATION_MAX_MS INT64_C(86400000)
#define OFFSET_MAX_S (18 * 3600)
#define ID_BYTES_MAX 255
#define NAME_BYTES_MAX 400

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

static bool fail_field(struct error *err, const char *field)
{
    error_field(err, field);
    return false;
}

static bool fail_element(struct error *err, const char *array, size_t index)
{
    char field[64];
    snprintf(field, sizeof field, "%s[%zu]", array, index);
    return fail_field(err, field);
}

static bool check_number(int64_t value, int64_t min, int64_t max, const char *field,
                         struct error *err)
{
    if (value >= min && value <= max) {
        return true;
    }
    error_set(err, ERROR_INVALID, "%lld est hors limites : de %lld à %lld",
              "%lld is out of bounds: %lld to %lld", (long long)value, (long long)min,
              (long long)max);
    return fail_field(err, field);
}

static bool check_count(size_t count, size_t min, size_t max, const char *field, struct error *err)
{
    if (count >= min && count <= max) {
        return true;
    }
    error_set(err, count > max ? ERROR_LIMIT : ERROR_INVALID,
              "%zu éléments, de %zu à %zu sont admis", "%zu elements, %zu to %zu are allowed",
              count, min, max);
    return fail_field(err, field);
}

static bool check_string(const char *text, size_t min, size_t max, const char *field,
                         struct error *err)
{
    size_t length = text == NULL ? 0 : strlen(text);
    bool ok = text != NULL && length >= min && length <= max && utf8_valid(text, length);
    for (size_t i = 0; ok && i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        ok = c >= 0x20 && c != 0x7F;
    }
    if (!ok) {
        error_set(err, ERROR_INVALID,
                  "texte de %zu à %zu octets attendu, sans caractère de commande",
                  "a text of %zu to %zu bytes is expected, without control characters", min, max);
        return fail_field(err, field);
    }
    return true;
}

static bool check_screen(const struct manifest_screen *screen, struct error *err)
{
    if (!check_string(screen->id, 1, ID_BYTES_MAX, "id", err) ||
        !check_string(screen->name, 0, NAME_BYTES_MAX, "name", err) ||
        !check_string(screen->site, 0, NAME_BYTES_MAX, "site", err) ||
        !check_string(screen->site_id, 0, ID_BYTES_MAX, "site_id", err) ||
        !check_number(screen->width_px, 16, 16384, "width_px", err) ||
        !check_number(screen->height_px, 16, 16384, "height_px", err) ||
        !check_number(screen->diagonal_mm, 10, 100000, "diagonal_mm", err) ||
        !check_number(screen->viewing_distance_mm, 10, 1000000, "viewing_distance_mm", err) ||
        !check_number(screen->bottom_edge_mm, 0, 1000000, "bottom_edge_mm", err) ||
        !check_string(screen->time_zone, 1, ID_BYTES_MAX, "time_zone", err) ||
        !check_count(screen->language_count, 0,
                     sizeof screen->languages / sizeof screen->languages[0], "languages", err)) {
        return false;
    }
    if (screen->rotation != 0 && screen->rotation != 90 && screen->rotation != 180 &&
        screen->rotation != 270) {
        error_set(err, ERROR_INVALID, "0, 90, 180 ou 270 est attendu",
                  "0, 90, 180 or 270 is expected");
        return fail_field(err, "rotation");
    }
    for (size_t i = 0; i < screen->language_count; i++) {
        if (!check_string(screen->languages[i], 2, 35, "", err)) {
            return fail_element(err, "languages", i);
        }
    }
    return true;
}

static bool check_offsets(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->offset_count, 1, MANIFEST_INTERVALS_MAX, "offsets", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->offset_count; i++) {
        const struct manifest_offset *offset = &manifest->offsets[i];
        if (!check_number(offset->from_ms, -INSTANT_MAX_MS, INSTANT_MAX_MS, "from_ms", err) ||
            !check_number(offset->offset_s, -OFFSET_MAX_S, OFFSET_MAX_S, "offset_s", err)) {
            return fail_element(err, "offsets", i);
        }
        if (i > 0 && offset->from_ms <= offset[-1].from_ms) {
            error_set(err, ERROR_INVALID, "les décalages horaires ne sont pas dans l’ordre",
                      "the offsets from UTC are not in order");
            return fail_element(err, "offsets", i);
        }
    }
    return true;
}

static bool check_files(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->file_count, 0, MANIFEST_FILES_MAX, "files", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct manifest_file *file = &manifest->files[i];
        if (!check_number(file->size, 1, NUMBER_MAX, "size", err) ||
            !check_string(file->type, 3, 100, "type", err)) {
            return fail_element(err, "files", i);
        }
        if (i > 0 && memcmp(file[-1].sha256.bytes, file->sha256.bytes, SHA256_SIZE) >= 0) {
            error_set(err, ERROR_INVALID, "les fichiers ne sont pas triés, ou un est en double",
                      "the files are not sorted, or one is there twice");
            return fail_element(err, "files", i);
        }
    }
    return true;
}

static bool fail_no_file(struct error *err, const char *field)
{
    error_set(err, ERROR_INVALID, "ce fichier ne figure pas dans « files »",
              "this file is not in \"files\"");
    return fail_field(err, field);
}

static bool check_slides(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->slide_count, 0, MANIFEST_SLIDES_MAX, "slides", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->slide_count; i++) {
        const struct slide *slide = &manifest->slides[i];
        if (!slide_check(slide, err)) {
            return fail_element(err, "slides", i);
        }
        for (size_t j = 0; j < slide->picture_count; j++) {
            if (manifest_file(manifest, &slide->pictures[j].file) == NULL) {
                fail_no_file(err, "file");
                fail_element(err, "pictures", j);
                return fail_element(err, "slides", i);
            }
        }
    }
    return true;
}

/* Fills length_ms. */
static bool check_loop(const struct manifest *manifest, struct manifest_loop *loop,
                       struct error *err)
{
    if (!check_string(loop->playlist, 0, ID_BYTES_MAX, "playlist", err) ||
        !check_count(loop->item_count, 1, MANIFEST_LOOP_ITEMS_MAX, "items", err)) {
        return false;
    }
    loop->length_ms = 0;
    for (size_t i = 0; i < loop->item_count; i++) {
        const struct manifest_item *item = &loop->items[i];
        if (item->slide >= manifest->slide_count) {
            error_set(err, ERROR_INVALID, "il n’y a pas de diapositive %zu",
                      "there is no slide %zu", item->slide);
            fail_field(err, "slide");
            return fail_element(err, "items", i);
        }
        if (!check_number(item->duration_ms, 1, ITEM_DURATION_MAX_MS, "duration_ms", err)) {
            return fail_element(err, "items", i);
        }
        loop->length_ms += item->duration_ms;
    }
    return true;
}

static bool check_loops(struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->loop_count, 0, MANIFEST_LOOPS_MAX, "loops", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->loop_count; i++) {
        if (!check_loop(manifest, &manifest->loops[i], err)) {
            return fail_element(err, "loops", i);
        }
    }
    return true;
}

static bool check_interval(const struct manifest *manifest, size_t index, struct error *err)
{
    const struct manifest_interval *interval = &manifest->intervals[index];
    if (!check_number(interval->origin_ms, -INSTANT_MAX_MS, INSTANT_MAX_MS, "origin_ms", err) ||
        !check_number(interval->from_ms, interval->origin_ms, INSTANT_MAX_MS, "from_ms", err) ||
        !check_number(interval->until_ms, interval->from_ms + 1, INSTANT_MAX_MS, "until_ms", err) ||
        !check_string(interval->rule, 0, ID_BYTES_MAX, "rule", err)) {
        return false;
    }
    if (interval->loop >= manifest->loop_count) {
        error_set(err, ERROR_INVALID, "il n’y a pas de boucle %zu", "there is no loop %zu",
                  interval->loop);
        return fail_field(err, "loop");
    }
    if (index > 0 && interval->from_ms < interval[-1].until_ms) {
        error_set(err, ERROR_INVALID, "cet intervalle commence avant la fin du précédent",
                  "this interval starts before the end of the one before");
        return fail_field(err, "from_ms");
    }
    return true;
}

static bool check_intervals(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->interval_count, 0, MANIFEST_INTERVALS_MAX, "intervals", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->interval_count; i++) {
        if (!check_interval(manifest, i, err)) {
            return fail_element(err, "intervals", i);
        }
    }
    return true;
}

bool manifest_check(struct manifest *manifest, struct error *err)
{
    if (!check_number(manifest->epoch, 0, NUMBER_MAX, "epoch", err) ||
        !check_number(manifest->version, 0, NUMBER_MAX, "version", err) ||
        !check_number(manifest->created_ms, -INSTANT_MAX_MS, INSTANT_MAX_MS, "created_ms", err) ||
        !check_number(manifest->valid_until_ms, manifest->created_ms, INSTANT_MAX_MS,
                      "valid_until_ms", err)) {
        return false;
    }
    if (!check_screen(&manifest->screen, err)) {
        return fail_field(err, "screen");
    }
    if (!check_offsets(manifest, err) || !check_files(manifest, err) ||
        !check_slides(manifest, err) || !check_loops(manifest, err) ||
        !check_intervals(manifest, err)) {
        return false;
    }
    if (manifest->has_directory && manifest_file(manifest, &manifest->directory) == NULL) {
        return fail_no_file(err, "directory");
    }
    return true;
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
        return fail_field(err, "screen.id");
    }
    bool newer = next->epoch > current->epoch ||
                 (next->epoch == current->epoch && next->version > current->version);
    if (!newer) {
        error_set(err, ERROR_CONFLICT,
                  "la version %lld-%lld ne succède pas à la version %lld-%lld en cours",
                  "version %lld-%lld does not follow the current %lld-%lld", (long long)next->epoch,
                  (long long)next->version, (long long)current->epoch, (long long)current->version);
        return fail_field(err, "version");
    }
    return true;
}
