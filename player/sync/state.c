#include "player/sync/state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/files.h"
#include "core/log.h"
#include "player/sync/answers.h"

#define SEALED_BYTES_MAX (MANIFEST_BYTES_MAX + 512)
#define CLOCK_FILE_SIZE 48

static const char *const slot_names[] = {"current.manifest", "previous.manifest",
                                         "urgent.manifest"};

static const char *state_path(const struct state *state, const char *name,
                              char buf[STATE_PATH_SIZE])
{
    snprintf(buf, STATE_PATH_SIZE, "%s/%.100s", state->folder, name);
    return buf;
}

bool state_open(struct state *state, const char *folder, struct error *err)
{
    char path[STATE_PATH_SIZE];
    memset(state, 0, sizeof *state);
    if (strlen(folder) >= sizeof state->folder) {
        return error_set(err, ERROR_LIMIT, "chemin du dossier d’état trop long",
                         "path of the state folder is too long");
    }
    snprintf(state->folder, sizeof state->folder, "%s", folder);
    return folder_create(folder, 0700, err) &&
           folder_create(state_path(state, "cache", path), 0755, err) &&
           folder_create(state_path(state, "spool", path), 0755, err);
}

/* The folder itself is locked: that also works on a read-only disk, and nothing is left behind. */
bool state_claim(struct state *state, struct error *err)
{
    int fd = open(state->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return true;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(fd);
        return error_set(err, ERROR_BUSY,
                         "un autre lecteur utilise déjà le dossier « %s » : arrêtez-le, ou donnez "
                         "un autre dossier à celui-ci (--state)",
                         "another player already uses the folder \"%s\": stop it, or give this one "
                         "another folder (--state)",
                         state->folder);
    }
    state->claimed = true;
    state->claim = fd;
    return true;
}

void state_release(struct state *state)
{
    if (state->claimed) {
        close(state->claim);
        state->claimed = false;
    }
}

bool state_load_server(const struct state *state, struct state_server *server_out,
                       struct error *err)
{
    char path[STATE_PATH_SIZE];
    char *bytes;
    size_t length;
    memset(server_out, 0, sizeof *server_out);
    if (!file_read(state_path(state, "server.json", path), ANSWER_BYTES_MAX, &bytes, &length,
                   err)) {
        return false;
    }
    bool ok = server_file_read(bytes, length, server_out, err);
    free(bytes);
    if (!ok) {
        error_at(err, path, 0);
        memset(server_out, 0, sizeof *server_out);
    }
    return ok;
}

bool state_save_server(const struct state *state, const struct state_server *server,
                       struct error *err)
{
    char path[STATE_PATH_SIZE];
    struct strbuf json;
    strbuf_init(&json);
    server_file_write(server, &json);
    bool ok = file_write_atomic(state_path(state, "server.json", path), json.bytes, json.length,
                                0600, err);
    strbuf_finish(&json);
    return ok;
}

struct edition *state_load_edition(const struct state *state, const struct state_server *server,
                                   enum state_slot slot, struct error *err)
{
    char path[STATE_PATH_SIZE];
    char *bytes;
    size_t length;
    if (!file_read(state_path(state, slot_names[slot], path), SEALED_BYTES_MAX, &bytes, &length,
                   err)) {
        return NULL;
    }
    struct manifest *manifest = manifest_open(bytes, length, &server->key, err);
    free(bytes);
    if (manifest == NULL) {
        error_at(err, path, 0);
        return NULL;
    }
    if (strcmp(manifest->screen.id, server->screen) != 0) {
        error_set(err, ERROR_DENIED, "manifeste de l’écran « %s », cet écran est « %s »",
                  "manifest of screen \"%s\", this screen is \"%s\"", manifest->screen.id,
                  server->screen);
        error_at(err, path, 0);
        manifest_destroy(manifest);
        return NULL;
    }
    return edition_create(manifest);
}

static bool sync_folder(const char *folder, struct error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        error_set_errno(err, errno, "dossier « %s » non enregistré",
                        "folder \"%s\" could not be synced", folder);
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    close(fd);
    return true;
}

/* A second name for the current manifest takes previous's place in one step; file systems without
 * links get two renames, between which previous is the good one. */
static bool keep_as_previous(const struct state *state, struct error *err)
{
    char current[STATE_PATH_SIZE];
    char previous[STATE_PATH_SIZE];
    char second[STATE_PATH_SIZE];
    state_path(state, slot_names[STATE_CURRENT], current);
    state_path(state, slot_names[STATE_PREVIOUS], previous);
    state_path(state, "previous.manifest.tmp", second);
    unlink(second);
    bool ok =
        link(current, second) == 0 ? rename(second, previous) == 0 : rename(current, previous) == 0;
    if (!ok && errno != ENOENT) {
        return error_set_errno(err, errno, "manifeste précédent « %s » non gardé",
                               "previous manifest \"%s\" could not be kept", previous);
    }
    return sync_folder(state->folder, err);
}

bool state_commit_manifest(const struct state *state, const char *sealed, size_t length,
                           bool keep_current, struct error *err)
{
    char staged[STATE_PATH_SIZE];
    char current[STATE_PATH_SIZE];
    state_path(state, "next.manifest", staged);
    state_path(state, slot_names[STATE_CURRENT], current);
    /* Written in full before anything is renamed: a full disk then leaves both slots as they are.
     */
    if (!folder_create(state->folder, 0700, err) ||
        !file_write_atomic(staged, sealed, length, 0644, err)) {
        unlink(staged);
        return false;
    }
    if (keep_current && !keep_as_previous(state, err)) {
        unlink(staged);
        return false;
    }
    return file_commit(staged, current, err);
}

bool state_save_urgent(const struct state *state, const char *sealed, size_t length,
                       struct error *err)
{
    char path[STATE_PATH_SIZE];
    return file_write_atomic(state_path(state, slot_names[STATE_URGENT], path), sealed, length,
                             0644, err);
}

void state_clear_urgent(const struct state *state)
{
    char path[STATE_PATH_SIZE];
    struct error err;
    /* One that a power cut brings back is older than current, and has nothing to say. */
    if (unlink(state_path(state, slot_names[STATE_URGENT], path)) == 0 &&
        !sync_folder(state->folder, &err)) {
        log_error(LOG_WARN, "urgent_not_cleared", &err);
    }
}

/* "1764000000000 0123456789abcdef\n": the instant and the beginning of its digits' hash, since a
 * flipped bit would put the screen into another year. */
static void clock_file_write(int64_t floor_ms, char buf[CLOCK_FILE_SIZE])
{
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];
    int length = snprintf(buf, CLOCK_FILE_SIZE, "%" PRId64, floor_ms);
    sha256_of(buf, (size_t)length, &sum);
    sha256_to_hex(&sum, hex);
    snprintf(buf + length, CLOCK_FILE_SIZE - (size_t)length, " %.16s\n", hex);
}

int64_t state_load_clock(const struct state *state)
{
    char path[STATE_PATH_SIZE];
    char again[CLOCK_FILE_SIZE];
    char *bytes;
    size_t length;
    int64_t floor_ms = 0;
    struct error err;
    if (!file_read(state_path(state, "clock", path), CLOCK_FILE_SIZE - 1, &bytes, &length, &err)) {
        return 0;
    }
    if (sscanf(bytes, "%" SCNd64, &floor_ms) == 1) {
        clock_file_write(floor_ms, again);
        floor_ms = strlen(again) == length && memcmp(again, bytes, length) == 0 ? floor_ms : 0;
    }
    free(bytes);
    return floor_ms > 0 ? floor_ms : 0;
}

bool state_save_clock(const struct state *state, int64_t floor_ms, struct error *err)
{
    char path[STATE_PATH_SIZE];
    char text[CLOCK_FILE_SIZE];
    clock_file_write(floor_ms, text);
    return file_write_atomic(state_path(state, "clock", path), text, strlen(text), 0644, err);
}

const char *state_file_path(const struct state *state, const struct sha256 *sha256,
                            const char *suffix, char buf[STATE_PATH_SIZE])
{
    char hex[SHA256_HEX_SIZE];
    char name[SHA256_HEX_SIZE + 32];
    sha256_to_hex(sha256, hex);
    snprintf(name, sizeof name, "cache/%.2s/%s%s", hex, hex, suffix);
    return state_path(state, name, buf);
}

bool state_has_file(const struct state *state, const struct manifest_file *file)
{
    char path[STATE_PATH_SIZE];
    int64_t size;
    return file_size(state_file_path(state, &file->sha256, "", path), &size) && size == file->size;
}

static bool check_sum(const struct sha256 *found, const struct sha256 *wanted, const char *path,
                      struct error *err)
{
    if (sha256_equal(found, wanted)) {
        return true;
    }
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(found, hex);
    error_set(err, ERROR_INVALID, "contenu altéré (empreinte %.16s…)",
              "content is damaged (hash %.16s…)", hex);
    error_at(err, path, 0);
    return false;
}

bool state_read_file(const struct state *state, const struct sha256 *sha256, size_t limit,
                     char **bytes_out, size_t *length_out, struct error *err)
{
    char path[STATE_PATH_SIZE];
    struct sha256 sum;
    if (!file_read(state_file_path(state, sha256, "", path), limit, bytes_out, length_out, err)) {
        return false;
    }
    sha256_of(*bytes_out, *length_out, &sum);
    if (!check_sum(&sum, sha256, path, err)) {
        free(*bytes_out);
        *bytes_out = NULL;
        return false;
    }
    return true;
}

bool state_verify_file(const struct state *state, const struct sha256 *sha256, struct error *err)
{
    char path[STATE_PATH_SIZE];
    struct sha256 sum;
    if (!file_exists(state_file_path(state, sha256, "", path))) {
        error_set(err, ERROR_NOT_FOUND, "fichier absent", "file is missing");
        error_at(err, path, 0);
        return false;
    }
    return sha256_of_file(path, &sum, err) && check_sum(&sum, sha256, path, err);
}

void state_remove_file(const struct state *state, const struct sha256 *sha256)
{
    char path[STATE_PATH_SIZE];
    unlink(state_file_path(state, sha256, "", path));
}

bool state_commit_file(const struct state *state, const struct manifest_file *file,
                       struct error *err)
{
    char part[STATE_PATH_SIZE];
    char path[STATE_PATH_SIZE];
    int64_t size = 0;
    state_file_path(state, &file->sha256, ".part", part);
    if (file_size(part, &size) && size != file->size) {
        error_set(err, ERROR_INVALID, "longueur %lld au lieu de %lld octets",
                  "length %lld instead of %lld bytes", (long long)size, (long long)file->size);
        error_at(err, part, 0);
        unlink(part);
        return false;
    }
    return file_commit(part, state_file_path(state, &file->sha256, "", path), err);
}
