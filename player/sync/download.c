#include "player/sync/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"

/* A trickle is broken off and resumed, so that there is news and reports in between. */
#define FETCH_TIMEOUT_S 900

struct part {
    int fd;
    int64_t size; /* what the manifest says */
    bool too_long;
};

static bool write_part(void *context, int64_t offset, const void *bytes, size_t length,
                       struct error *err)
{
    struct part *part = context;
    if ((int64_t)length > part->size - offset) {
        part->too_long = true;
        return error_set(err, ERROR_LIMIT, "fichier de plus de %lld octets",
                         "file of more than %lld bytes", (long long)part->size);
    }
    const char *from = bytes;
    while (length > 0) {
        ssize_t written = pwrite(part->fd, from, length, (off_t)offset);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return error_set_errno(err, written < 0 ? errno : ENOSPC,
                                   "téléchargement non enregistré", "download not written");
        }
        from += written;
        offset += written;
        length -= (size_t)written;
    }
    return true;
}

/* What is there of an earlier attempt. */
static int64_t resume_point(const char *path, int64_t size)
{
    int64_t there = 0;
    if (!file_size(path, &there)) {
        return 0;
    }
    if (there > size) {
        unlink(path);
        return 0;
    }
    return there;
}

static enum download_result fetch(struct transport *transport, const struct manifest_file *file,
                                  const char *path, int64_t from, int stall_s, struct error *err)
{
    char hex[SHA256_HEX_SIZE];
    char url[SHA256_HEX_SIZE + 16];
    sha256_to_hex(&file->sha256, hex);
    snprintf(url, sizeof url, "/media/%s", hex);

    struct part part = {.fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644), .size = file->size};
    if (part.fd < 0) {
        error_set_errno(err, errno, "« %s » non créé", "\"%s\" could not be made", path);
        return DOWNLOAD_STORAGE;
    }
    struct transport_answer answer;
    struct transport_request request = {.path = url,
                                        .limit = INT64_MAX,
                                        .resume_from = from,
                                        .timeout_s = FETCH_TIMEOUT_S,
                                        .stall_s = stall_s,
                                        .sink = write_part,
                                        .sink_context = &part};
    transport_answer_init(&answer);
    enum download_result result = DOWNLOAD_DONE;
    if (!transport_perform(transport, &request, &answer, err)) {
        result = part.too_long           ? DOWNLOAD_BAD_SIZE
                 : err->kind == ERROR_IO ? DOWNLOAD_STORAGE
                                         : DOWNLOAD_NETWORK;
    } else if (answer.status == 404 || answer.status == 410) {
        error_set(err, ERROR_NOT_FOUND, "le serveur n’a pas %s", "the server does not have %s",
                  url);
        result = DOWNLOAD_REFUSED;
    } else if (answer.status != 200 && answer.status != 206) {
        error_set(err, ERROR_NETWORK, "réponse %d à %s", "status %d for %s", answer.status, url);
        result = DOWNLOAD_NETWORK;
        if (answer.status == 416) {
            unlink(path);
        }
    }
    transport_answer_finish(&answer);
    close(part.fd);
    if (result == DOWNLOAD_BAD_SIZE) {
        unlink(path);
    }
    return result;
}

static enum download_result commit(const struct state *state, const struct manifest_file *file,
                                   const char *path, struct error *err)
{
    int64_t size = 0;
    if (!file_size(path, &size)) {
        error_set(err, ERROR_IO, "« %s » a disparu", "\"%s\" is gone", path);
        return DOWNLOAD_STORAGE;
    }
    if (size != file->size) {
        error_set(err, ERROR_INVALID, "%lld octets au lieu de %lld", "%lld bytes instead of %lld",
                  (long long)size, (long long)file->size);
        error_at(err, path, 0);
        unlink(path);
        return DOWNLOAD_BAD_SIZE;
    }
    if (state_commit_file(state, file, err)) {
        return DOWNLOAD_DONE;
    }
    return err->kind == ERROR_INVALID ? DOWNLOAD_BAD_HASH : DOWNLOAD_STORAGE;
}

static bool make_folder(const char *path, struct error *err)
{
    char folder[STATE_PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    *slash = '\0';
    return folder_create(folder, 0755, err);
}

enum download_result download_file(struct transport *transport, const struct state *state,
                                   const struct manifest_file *file, int stall_s, struct error *err)
{
    char path[STATE_PATH_SIZE];
    state_file_path(state, &file->sha256, ".part", path);
    if (!make_folder(path, err)) {
        return DOWNLOAD_STORAGE;
    }
    int64_t from = resume_point(path, file->size);
    enum download_result result = DOWNLOAD_DONE;
    if (from < file->size) {
        result = fetch(transport, file, path, from, stall_s, err);
    }
    if (result == DOWNLOAD_DONE) {
        result = commit(state, file, path, err);
    }
    if (result == DOWNLOAD_BAD_HASH && from > 0) {
        /* What was there of the earlier attempt may be to blame. */
        result = fetch(transport, file, path, 0, stall_s, err);
        result = result == DOWNLOAD_DONE ? commit(state, file, path, err) : result;
    }
    return result;
}

const char *download_fault(enum download_result result)
{
    switch (result) {
    case DOWNLOAD_BAD_SIZE:
        return "file_size";
    case DOWNLOAD_BAD_HASH:
        return "file_hash";
    case DOWNLOAD_STORAGE:
        return "storage";
    case DOWNLOAD_DONE:
    case DOWNLOAD_NETWORK:
    case DOWNLOAD_REFUSED:
        break;
    }
    return "network";
}
