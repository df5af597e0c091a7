#include "player/sync/file_sum.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

bool file_sum_begin(struct file_sum *sum, const char *path, struct error *err)
{
    *sum = (struct file_sum){.fd = open(path, O_RDONLY | O_CLOEXEC)};
    if (sum->fd < 0) {
        int reason = errno;
        error_set_errno(err, reason, "lecture impossible", "cannot read");
        if (reason == ENOENT && err != NULL) {
            err->kind = ERROR_NOT_FOUND;
        }
        error_at(err, path, 0);
        return false;
    }
    sum->stream = sha256_stream_create();
    return true;
}

enum file_sum_state file_sum_step(struct file_sum *sum, struct error *err)
{
    enum file_sum_state state = FILE_SUM_MORE;
    size_t capacity = FILE_SUM_STEP / 4;
    char *bytes = malloc(capacity);
    if (bytes == NULL) {
        abort();
    }
    for (int i = 0; i < 4 && state == FILE_SUM_MORE;) {
        ssize_t got = read(sum->fd, bytes, capacity);
        if (got > 0) {
            sha256_stream_update(sum->stream, bytes, (size_t)got);
            sum->done += got;
            i++;
        } else if (got == 0) {
            state = FILE_SUM_END;
        } else if (errno != EINTR) {
            error_set_errno(err, errno, "lecture interrompue", "reading broke off");
            state = FILE_SUM_FAILED;
        }
    }
    free(bytes);
    return state;
}

struct sha256_stream *file_sum_take(struct file_sum *sum)
{
    struct sha256_stream *stream = sum->stream;
    sum->stream = NULL;
    return stream;
}

void file_sum_finish(struct file_sum *sum)
{
    if (sum->fd >= 0) {
        close(sum->fd);
    }
    sha256_stream_destroy(sum->stream);
    *sum = (struct file_sum){.fd = -1};
}
