#include "player/sync/download.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "player/sync/file_sum.h"

/* What was written is pushed to the disk in such pieces, so that the last fsync of a film does not
 * hold up everything else for a minute. */
#define PUSH_BYTES (4 * 1024 * 1024)

enum stage {
    STAGE_OPEN,
    STAGE_READ, /* what is there of an earlier attempt */
    STAGE_ASK,
    STAGE_RECEIVE,
    STAGE_END,
};

struct download {
    struct transport *transport;
    const struct state *state;
    struct manifest_file file;
    int stall_s;
    enum stage stage;
    enum download_result result; /* at STAGE_END */
    struct error err;
    char path[STATE_PATH_SIZE];
    int fd;
    struct file_sum sum;          /* STAGE_READ */
    struct sha256_stream *stream; /* over the first `there` bytes of the file */
    int64_t there;
    int64_t pushed;   /* of them, to the disk */
    int64_t received; /* by this download */
    bool resumed;     /* some of them are of an earlier attempt */
    bool lacked_room;
    /* Why an answer was given up while it came; RUNNING: it was not. */
    enum download_result verdict;
    struct exchange *exchange;
};

static void end(struct download *download, enum download_result result)
{
    download->stage = STAGE_END;
    download->result = result;
}

static void fail_storage(struct download *download, int errno_value)
{
    download->lacked_room = errno_value == ENOSPC || errno_value == EDQUOT;
    error_set_errno(&download->err, errno_value, "« %s » non enregistré",
                    "\"%s\" could not be written", download->path);
    end(download, DOWNLOAD_STORAGE);
}

static void close_part(struct download *download)
{
    if (download->fd >= 0) {
        close(download->fd);
        download->fd = -1;
    }
}

/* What came so far is of no use. */
static void drop_part(struct download *download)
{
    close_part(download);
    unlink(download->path);
    sha256_stream_destroy(download->stream);
    download->stream = sha256_stream_create();
    download->there = 0;
    download->pushed = 0;
    download->resumed = false;
}

/* --- What is there --- */

static bool make_folder(const char *path, struct error *err)
{
    char folder[STATE_PATH_SIZE];
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    return folder_create(folder, 0755, err);
}

static void open_part(struct download *download)
{
    int64_t there = 0;
    if (!make_folder(download->path, &download->err)) {
        end(download, DOWNLOAD_STORAGE);
        return;
    }
    bool has = file_size(download->path, &there) && there > 0;
    if (has && there <= download->file.size &&
        file_sum_begin(&download->sum, download->path, &download->err)) {
        download->stage = STAGE_READ;
        return;
    }
    drop_part(download);
    download->stage = STAGE_ASK;
}

static enum download_result read_part(struct download *download)
{
    enum file_sum_state state = file_sum_step(&download->sum, &download->err);
    if (state == FILE_SUM_MORE) {
        return DOWNLOAD_BUSY;
    }
    if (state == FILE_SUM_END && download->sum.done <= download->file.size) {
        sha256_stream_destroy(download->stream);
        download->stream = file_sum_take(&download->sum);
        download->there = download->sum.done;
        download->pushed = download->there;
        download->resumed = download->there > 0;
    } else {
        drop_part(download);
    }
    file_sum_finish(&download->sum);
    download->stage = STAGE_ASK;
    return DOWNLOAD_BUSY;
}

/* --- What comes --- */

static bool give_up(struct download *download, enum download_result verdict)
{
    download->verdict = verdict;
    return false;
}

static bool handle_begin(void *context, int status, const struct transport_range *range,
                         struct error *err)
{
    struct download *download = context;
    if (status == 206 && range->offset != download->there) {
        error_set(err, ERROR_NETWORK, "le serveur envoie une autre partie du fichier que demandé",
                  "the server sends another part of the file than asked");
        drop_part(download);
        return give_up(download, DOWNLOAD_NETWORK);
    }
    if (range->total >= 0 && range->total != download->file.size) {
        error_set(err, ERROR_INVALID, "%lld octets au lieu de %lld", "%lld bytes instead of %lld",
                  (long long)range->total, (long long)download->file.size);
        return give_up(download, DOWNLOAD_BAD_SIZE);
    }
    if (status == 200 && download->there > 0) { /* the whole, although we asked for the rest */
        if (ftruncate(download->fd, 0) != 0) {
            error_set_errno(err, errno, "« %s » non vidé", "\"%s\" could not be emptied",
                            download->path);
            return give_up(download, DOWNLOAD_STORAGE);
        }
        sha256_stream_destroy(download->stream);
        download->stream = sha256_stream_create();
        download->there = 0;
        download->pushed = 0;
        download->resumed = false;
    }
    return true;
}

/* The piece before the last one must have reached the disk before the last one sets out. */
static bool push(struct download *download)
{
    off_t from = (off_t)download->pushed;
    off_t before = from > PUSH_BYTES ? from - PUSH_BYTES : 0;
    if (sync_file_range(download->fd, before, from - before,
                        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                            SYNC_FILE_RANGE_WAIT_AFTER) != 0 ||
        sync_file_range(download->fd, from, (off_t)download->there - from, SYNC_FILE_RANGE_WRITE) !=
            0) {
        if (errno == EIO || errno == ENOSPC) {
            return false;
        }
    }
    download->pushed = download->there;
    return true;
}

static bool write_bytes(struct download *download, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = pwrite(download->fd, bytes, length, (off_t)download->there);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            errno = written < 0 ? errno : ENOSPC;
            return false;
        }
        sha256_stream_update(download->stream, bytes, (size_t)written);
        download->there += written;
        download->received += written;
        bytes += written;
        length -= (size_t)written;
    }
    return download->there - download->pushed < PUSH_BYTES || push(download);
}

static bool handle_bytes(void *context, const void *bytes, size_t length, struct error *err)
{
    struct download *download = context;
    if ((int64_t)length > download->file.size - download->there) {
        error_set(err, ERROR_INVALID, "fichier de plus de %lld octets",
                  "file of more than %lld bytes", (long long)download->file.size);
        return give_up(download, DOWNLOAD_BAD_SIZE);
    }
    if (!write_bytes(download, bytes, length)) {
        fail_storage(download, errno);
        *err = download->err;
        return give_up(download, DOWNLOAD_STORAGE);
    }
    return true;
}

static void commit(struct download *download)
{
    struct sha256 sum;
    close_part(download);
    sha256_stream_finish(download->stream, &sum);
    download->stream = sha256_stream_create();
    if (sha256_equal(&sum, &download->file.sha256)) {
        bool ok = state_commit_file(download->state, &download->file, &download->err);
        end(download, ok ? DOWNLOAD_DONE : DOWNLOAD_STORAGE);
        if (!ok) {
            /* After a failed fsync the kernel may call pages clean that never reached the disk. */
            drop_part(download);
        }
        return;
    }
    bool again = download->resumed; /* what was there before may be to blame */
    drop_part(download);
    if (again) {
        download->stage = STAGE_ASK;
        return;
    }
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(&sum, hex);
    error_set(&download->err, ERROR_INVALID, "autre contenu que prévu (empreinte %.16s…)",
              "other content than expected (hash %.16s…)", hex);
    error_at(&download->err, download->path, 0);
    end(download, DOWNLOAD_BAD_HASH);
}

static void take_status(struct download *download, int status)
{
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(&download->file.sha256, hex);
    if (status == 404 || status == 410) {
        error_set(&download->err, ERROR_NOT_FOUND, "le serveur n’a pas le fichier %s",
                  "the server does not have the file %s", hex);
        end(download, DOWNLOAD_REFUSED);
    } else {
        error_set(&download->err, ERROR_NETWORK, "réponse %d pour le fichier %s",
                  "status %d for the file %s", status, hex);
        end(download, DOWNLOAD_NETWORK);
        if (status == 416) {
            drop_part(download);
        }
    }
}

static void handle_done(void *context, const struct transport_answer *answer,
                        const struct error *err)
{
    struct download *download = context;
    download->exchange = NULL;
    if (err != NULL) {
        download->err = *err;
        end(download, download->verdict != DOWNLOAD_RUNNING ? download->verdict : DOWNLOAD_NETWORK);
    } else if (answer->status != 200 && answer->status != 206) {
        take_status(download, answer->status);
    } else if (download->there == download->file.size) {
        commit(download);
    } else {
        error_set(&download->err, ERROR_NETWORK, "le fichier s’arrête après %lld octets sur %lld",
                  "the file ends after %lld bytes of %lld", (long long)download->there,
                  (long long)download->file.size);
        end(download, DOWNLOAD_NETWORK);
    }
    if (download->stage == STAGE_END && download->result == DOWNLOAD_BAD_SIZE) {
        drop_part(download);
    }
    close_part(download);
}

/* --- The steps --- */

static void ask(struct download *download)
{
    char hex[SHA256_HEX_SIZE];
    char path[SHA256_HEX_SIZE + 16];
    char etag[SHA256_HEX_SIZE + 2];
    if (download->there == download->file.size) {
        commit(download);
        return;
    }
    download->fd = open(download->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (download->fd < 0) {
        fail_storage(download, errno);
        return;
    }
    sha256_to_hex(&download->file.sha256, hex);
    snprintf(path, sizeof path, "/media/%s", hex);
    snprintf(etag, sizeof etag, "\"%s\"", hex);
    struct transport_request request = {.path = path,
                                        .limit = INT64_MAX,
                                        .gentle = true,
                                        .resume_from = download->there,
                                        .if_range = download->there > 0 ? etag : NULL,
                                        .stall_s = download->stall_s};
    struct transport_handler handler = {handle_begin, handle_bytes, handle_done, download};
    download->verdict = DOWNLOAD_RUNNING;
    download->stage = STAGE_RECEIVE;
    download->exchange = transport_start(download->transport, &request, &handler);
}

struct download *download_create(struct transport *transport, const struct state *state,
                                 const struct manifest_file *file, int stall_s)
{
    struct download *download = calloc(1, sizeof *download);
    if (download == NULL) {
        abort();
    }
    download->transport = transport;
    download->state = state;
    download->file = *file;
    download->file.type = NULL; /* the manifest may go before us */
    download->stall_s = stall_s;
    download->fd = -1;
    download->sum.fd = -1;
    download->stream = sha256_stream_create();
    state_file_path(state, &file->sha256, ".part", download->path);
    return download;
}

void download_destroy(struct download *download)
{
    if (download != NULL) {
        exchange_cancel(download->exchange);
        close_part(download);
        file_sum_finish(&download->sum);
        sha256_stream_destroy(download->stream);
        free(download);
    }
}

enum download_result download_step(struct download *download)
{
    if (download->stage == STAGE_OPEN) {
        open_part(download);
    }
    if (download->stage == STAGE_READ) {
        return read_part(download);
    }
    if (download->stage == STAGE_ASK) {
        ask(download);
    }
    if (download->stage == STAGE_ASK) {
        return DOWNLOAD_BUSY; /* once more, from the beginning */
    }
    return download->stage == STAGE_END ? download->result : DOWNLOAD_RUNNING;
}

const struct manifest_file *download_file(const struct download *download)
{
    return &download->file;
}

int64_t download_progress(const struct download *download)
{
    return download->received;
}

const struct error *download_error(const struct download *download)
{
    return &download->err;
}

bool download_lacked_room(const struct download *download)
{
    return download->lacked_room;
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
    case DOWNLOAD_RUNNING:
    case DOWNLOAD_BUSY:
    case DOWNLOAD_DONE:
    case DOWNLOAD_NETWORK:
    case DOWNLOAD_REFUSED:
        break;
    }
    return "network";
}
