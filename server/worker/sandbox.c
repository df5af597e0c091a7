#include "server/worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/worker/sandbox_private.h"

#define FILES_MAX 256
#define PROCESSES_MAX 512 /* threads of the whole account are counted */

static bool set_limit(int resource, int64_t value, struct error *err)
{
    const struct rlimit limit = {(rlim_t)value, (rlim_t)value};

    return setrlimit((__rlimit_resource_t)resource, &limit) == 0 ||
           error_set_errno(err, errno, "limite %d refusée", "limit %d refused", resource);
}

static bool set_limits(const struct sandbox *sandbox, struct error *err)
{
#if !defined(__SANITIZE_ADDRESS__) /* which maps terabytes for its shadow */
    if (!set_limit(RLIMIT_AS, sandbox->memory_bytes, err))
        return false;
#endif
    return set_limit(RLIMIT_CPU, sandbox->cpu_s, err) &&
           set_limit(RLIMIT_FSIZE, sandbox->file_bytes, err) && set_limit(RLIMIT_CORE, 0, err) &&
           set_limit(RLIMIT_NOFILE, FILES_MAX, err) && set_limit(RLIMIT_NPROC, PROCESSES_MAX, err);
}

bool sandbox_enter(const struct sandbox *sandbox, enum sandbox_walls *walls_out, struct error *err)
{
    if (!set_limits(sandbox, err))
        return false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set_errno(err, errno, "no_new_privs refusé", "no_new_privs refused");
    return sandbox_restrict_files(sandbox, walls_out, err) && sandbox_restrict_calls(sandbox, err);
}
