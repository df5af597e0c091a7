/* seccomp: which system calls there are. Everything else fails with EPERM, so that a library that
 * merely tries goes on without. */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include "server/worker/sandbox_private.h"

#define END (-1000000) /* libseccomp has small negative numbers for calls of other machines */
#define CALL(name) SCMP_SYS(name)

static int allow_calls(scmp_filter_ctx filter, const int *calls)
{
    int result = 0;

    for (size_t i = 0; result == 0 && calls[i] != END; i++)
        result = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    return result;
}

/* Memory, threads, time, and files that Landlock lets it open. */
static int allow_computing(scmp_filter_ctx filter)
{
    static const int calls[] = {CALL(brk),
                                CALL(munmap),
                                CALL(mremap),
                                CALL(madvise),
                                CALL(mlock),
                                CALL(munlock),
                                CALL(futex),
                                CALL(set_robust_list),
                                CALL(get_robust_list),
                                CALL(rseq),
                                CALL(membarrier),
                                CALL(set_tid_address),
                                CALL(arch_prctl),
                                CALL(rt_sigaction),
                                CALL(rt_sigprocmask),
                                CALL(rt_sigreturn),
                                CALL(sigaltstack),
                                CALL(restart_syscall),
                                CALL(exit),
                                CALL(exit_group),
                                CALL(clock_gettime),
                                CALL(clock_getres),
                                CALL(clock_nanosleep),
                                CALL(nanosleep),
                                CALL(gettimeofday),
                                CALL(time),
                                CALL(times),
                                CALL(getrusage),
                                CALL(getrandom),
                                CALL(sched_yield),
                                CALL(sched_getaffinity),
                                CALL(sched_getparam),
                                CALL(sched_getscheduler),
                                CALL(sched_get_priority_min),
                                CALL(sched_get_priority_max),
                                CALL(getcpu),
                                CALL(getpid),
                                CALL(gettid),
                                CALL(getppid),
                                CALL(getuid),
                                CALL(geteuid),
                                CALL(getgid),
                                CALL(getegid),
                                CALL(getresuid),
                                CALL(getresgid),
                                CALL(getpgrp),
                                CALL(getpgid),
                                CALL(uname),
                                CALL(sysinfo),
                                CALL(getrlimit),
                                END};
    return allow_calls(filter, calls);
}

static int allow_files(scmp_filter_ctx filter)
{
    static const int calls[] = {CALL(read),
                                CALL(readv),
                                CALL(pread64),
                                CALL(preadv),
                                CALL(write),
                                CALL(writev),
                                CALL(pwrite64),
                                CALL(pwritev),
                                CALL(lseek),
                                CALL(close),
                                CALL(close_range),
                                CALL(open),
                                CALL(openat),
                                CALL(stat),
                                CALL(fstat),
                                CALL(lstat),
                                CALL(newfstatat),
                                CALL(statx),
                                CALL(statfs),
                                CALL(fstatfs),
                                CALL(access),
                                CALL(faccessat),
                                CALL(faccessat2),
                                CALL(readlink),
                                CALL(readlinkat),
                                CALL(getcwd),
                                CALL(chdir),
                                CALL(getdents64),
                                CALL(unlink),
                                CALL(unlinkat),
                                CALL(rename),
                                CALL(renameat),
                                CALL(renameat2),
                                CALL(mkdir),
                                CALL(mkdirat),
                                CALL(rmdir),
                                CALL(ftruncate),
                                CALL(fallocate),
                                CALL(fsync),
                                CALL(fdatasync),
                                CALL(fadvise64),
                                CALL(flock),
                                CALL(umask),
                                CALL(dup),
                                CALL(dup2),
                                CALL(dup3),
                                CALL(fcntl),
                                CALL(pipe),
                                CALL(pipe2),
                                CALL(poll),
                                CALL(ppoll),
                                CALL(select),
                                CALL(pselect6),
                                CALL(epoll_create1),
                                CALL(epoll_ctl),
                                CALL(epoll_wait),
                                CALL(epoll_pwait),
                                CALL(eventfd2),
                                END};
    return allow_calls(filter, calls);
}

/* Calls that are harmless with these arguments only. */
static int allow_some(scmp_filter_ctx filter)
{
    int result = 0;

    /* No memory that is both written and run. */
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mmap), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, 0));
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mmap), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_WRITE));
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mmap), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_EXEC));
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(mprotect), 1,
                               SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    result |=
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS));
    result |=
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ));
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(prctl), 1,
                               SCMP_A0(SCMP_CMP_EQ, PR_SET_PDEATHSIG));
    result |=
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
    result |=
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PR_GET_NAME));
    /* Its own limits, to look at. */
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(prlimit64), 2, SCMP_A0(SCMP_CMP_EQ, 0),
                               SCMP_A2(SCMP_CMP_EQ, 0));
    /* Threads; glibc then falls back from clone3, whose flags cannot be looked at. */
    result |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0);
    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(clone), 1,
                               SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    return result;
}

static int allow_programs(scmp_filter_ctx filter)
{
    static const int calls[] = {CALL(execve),      CALL(fork),      CALL(vfork),    CALL(wait4),
                                CALL(waitid),      CALL(kill),      CALL(tgkill),   CALL(setpgid),
                                CALL(getpriority), CALL(chmod),     CALL(fchmod),   CALL(fchmodat),
                                CALL(getgroups),   CALL(utimensat), CALL(truncate), CALL(symlink),
                                CALL(symlinkat),   CALL(link),      CALL(linkat),   END};
    int result = allow_calls(filter, calls);

    return result != 0
               ? result
               : seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(clone), 1,
                                  SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_NEWUSER, 0));
}

static int allow_local_sockets(scmp_filter_ctx filter)
{
    static const int calls[] = {
        CALL(bind),        CALL(listen),      CALL(accept),     CALL(accept4),    CALL(connect),
        CALL(sendmsg),     CALL(recvmsg),     CALL(sendto),     CALL(recvfrom),   CALL(shutdown),
        CALL(getsockname), CALL(getpeername), CALL(setsockopt), CALL(getsockopt), END};
    int result =
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_UNIX));

    result |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALL(socketpair), 1,
                               SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
    return result != 0 ? result : allow_calls(filter, calls);
}

bool sandbox_restrict_calls(const struct sandbox *sandbox, struct error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int result = filter == NULL ? -ENOMEM : 0;

    if (result == 0)
        result = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (result == 0)
        result = allow_computing(filter);
    if (result == 0)
        result = allow_files(filter);
    if (result == 0)
        result = allow_some(filter);
    if (result == 0 && sandbox->programs != NULL)
        result = allow_programs(filter);
    if (result == 0 && sandbox->local_sockets)
        result = allow_local_sockets(filter);
    if (result == 0)
        result = seccomp_load(filter);
    seccomp_release(filter);
    return result == 0 || error_set_errno(err, result < 0 ? -result : result,
                                          "seccomp ne s’applique pas", "seccomp cannot be applied");
}
