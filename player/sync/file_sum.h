/* The hash of a file in small steps, so that whoever hashes a film has time for other things in
 * between. Owns a descriptor and a hash between begin and finish. */
#ifndef VITRINE_PLAYER_SYNC_FILE_SUM_H
#define VITRINE_PLAYER_SYNC_FILE_SUM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/hash.h"

#define FILE_SUM_STEP (1024 * 1024)

enum file_sum_state { FILE_SUM_MORE, FILE_SUM_END, FILE_SUM_FAILED };

struct file_sum {
    int fd;
    int64_t done; /* bytes so far */
    struct sha256_stream *stream;
};

bool file_sum_begin(struct file_sum *sum, const char *path, struct error *err)
    __attribute__((warn_unused_result));
/* The next FILE_SUM_STEP bytes. */
enum file_sum_state file_sum_step(struct file_sum *sum, struct error *err);
/* Gives the hash so far to the caller, for more bytes to come; NULL when it failed. */
struct sha256_stream *file_sum_take(struct file_sum *sum);
void file_sum_finish(struct file_sum *sum); /* also after take, and twice */

#endif
