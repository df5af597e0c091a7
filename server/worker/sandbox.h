/* What a process that looks at strangers' files takes away from itself before it opens them: the
 * file system but a few places (Landlock), all system calls but those it needs (seccomp), memory,
 * time and size. Nothing of it can be taken back, and programs that it starts inherit it. Called
 * while there is one thread only. */
#ifndef VITRINE_SERVER_WORKER_SANDBOX_H
#define VITRINE_SERVER_WORKER_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

struct sandbox {
    const char *folder;          /* may be read and written, with all below it */
    const char *const *readable; /* files and folders, NULL at the end; missing ones are no error */
    /* May be started, each a file or a folder of programs, NULL at the end. NULL: no process can be
     * made at all. */
    const char *const *programs;
    bool local_sockets; /* AF_UNIX, never any other; may be made in /tmp and removed there */
    int64_t memory_bytes;
    int64_t cpu_s;
    int64_t file_bytes; /* of the largest file written */
};

enum sandbox_walls {
    SANDBOX_WHOLE,
    SANDBOX_NO_LANDLOCK, /* the kernel has none: files are held by permissions alone */
};

bool sandbox_enter(const struct sandbox *sandbox, enum sandbox_walls *walls_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
