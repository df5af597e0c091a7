/* What a process inside the sandbox can still do: each case in a child of its own, which shuts
 * itself in and then tries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "server/worker/programs.h"
#include "server/worker/sandbox.h"

#define MIB (INT64_C(1024) * 1024)
#define MEMORY (512 * MIB)
#define LARGEST_FILE MIB

static char folder[64], readable[80];
static bool walled;

/* Each returns true when it got what it tried to get. */

static bool try_own_folder(void)
{
    char path[96], text[4] = "";
    snprintf(path, sizeof(path), "%s/made", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    bool ok = fd >= 0 && write(fd, "yes", 3) == 3 && lseek(fd, 0, SEEK_SET) == 0 &&
              read(fd, text, 3) == 3 && rename(path, readable) != 0;
    return ok && strcmp(text, "yes") == 0 && unlink(path) == 0;
}

static bool try_original(void)
{
    char text[9] = "";
    int fd = open(readable, O_RDONLY);
    return fd >= 0 && read(fd, text, 8) == 8 && strcmp(text, "original") == 0;
}

static bool try_writing_original(void)
{
    return open(readable, O_WRONLY) >= 0 || truncate(readable, 0) == 0 || unlink(readable) == 0;
}

static bool try_passwd(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool try_listing(void)
{
    return open("/etc", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool try_making_elsewhere(void)
{
    char path[] = "/tmp/vitrine-outside-XXXXXX";
    return mkstemp(path) >= 0;
}

static bool try_internet(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_INET6, SOCK_DGRAM, 0) >= 0 ||
           socket(AF_NETLINK, SOCK_RAW, 0) >= 0;
}

static bool try_local_socket(void)
{
    int ends[2];
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0;
}

static bool try_fork(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0;
}

static bool try_exec(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return false; /* true would have ended with 0 */
}

static bool try_ptrace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool try_signal(void)
{
    return kill(getppid(), 0) == 0;
}

static bool try_written_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                0) != MAP_FAILED;
}

static bool try_memory(void)
{
    return mmap(NULL, (size_t)MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
}

static bool try_some_memory(void)
{
    return mmap(NULL, (size_t)(64 * MIB), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                0) != MAP_FAILED;
}

static bool try_large_file(void)
{
    char path[96];
    signal(SIGXFSZ, SIG_IGN);
    snprintf(path, sizeof(path), "%s/large", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    return fd >= 0 && pwrite(fd, "x", 1, LARGEST_FILE + 1) == 1;
}

static bool try_namespace(void)
{
    return syscall(SYS_unshare, 0x10000000 /* CLONE_NEWUSER */) == 0;
}

static void *nothing(void *context)
{
    return context;
}

static bool try_thread(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static bool try_program(void)
{
    const char *words[] = {"/bin/true", NULL};
    struct error error;
    return program_run(words, NULL, NULL, &error);
}

static bool try_other_program(void)
{
    const char *words[] = {"/usr/bin/env", "true", NULL};
    struct error error;
    return program_run(words, NULL, NULL, &error);
}

/* What the program tries is tried in the same sandbox. */
static bool try_program_reading(void)
{
    const char *words[] = {"/bin/cat", "/etc/passwd", NULL};
    struct error error;
    return program_run(words, NULL, NULL, &error);
}

enum walls { CLOSED, WITH_PROGRAMS, WITH_SOCKETS };
static const char *const programs[] = {"/bin/true", "/bin/cat", "/usr/lib", "/lib64", NULL};

/* In the child: 0 got it, 1 did not, 2 the sandbox itself failed. */
static int tried(enum walls walls, bool (*attempt)(void))
{
    const char *const files[] = {readable, "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", NULL};
    const struct sandbox sandbox = {.folder = folder,
                                    .readable = files,
                                    .programs = walls == WITH_PROGRAMS ? programs : NULL,
                                    .local_sockets = walls == WITH_SOCKETS,
                                    .memory_bytes = MEMORY,
                                    .cpu_s = 5,
                                    .file_bytes = LARGEST_FILE};
    enum sandbox_walls whole;
    struct error error;

    if (!sandbox_enter(&sandbox, &whole, &error)) {
        fprintf(stderr, "%s\n", error.en);
        return 2;
    }
    return attempt() ? 0 : 1;
}

static int result_of(enum walls walls, bool (*attempt)(void))
{
    int status = 0;

    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(tried(walls, attempt));
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void test_walls(void **state)
{
    static const struct {
        const char *what;
        bool (*attempt)(void);
        enum walls walls;
        bool allowed, landlock, limits;
    } cases[] = {
        {"its folder", try_own_folder, CLOSED, true, false, false},
        {"the original", try_original, CLOSED, true, false, false},
        {"threads", try_thread, CLOSED, true, false, false},
        {"some memory", try_some_memory, CLOSED, true, false, false},
        {"changing the original", try_writing_original, CLOSED, false, true, false},
        {"/etc/passwd", try_passwd, CLOSED, false, true, false},
        {"a folder's list", try_listing, CLOSED, false, true, false},
        {"a file elsewhere", try_making_elsewhere, CLOSED, false, true, false},
        {"the Internet", try_internet, CLOSED, false, false, false},
        {"the Internet, with local sockets", try_internet, WITH_SOCKETS, false, false, false},
        {"the Internet, with programs", try_internet, WITH_PROGRAMS, false, false, false},
        {"local sockets", try_local_socket, CLOSED, false, false, false},
        {"local sockets where allowed", try_local_socket, WITH_SOCKETS, true, false, false},
        {"fork", try_fork, CLOSED, false, false, false},
        {"exec", try_exec, CLOSED, false, false, false},
        {"ptrace", try_ptrace, WITH_PROGRAMS, false, false, false},
        {"signals", try_signal, CLOSED, false, false, false},
        {"code that is written", try_written_code, CLOSED, false, false, false},
        {"too much memory", try_memory, CLOSED, false, false, true},
        {"too large a file", try_large_file, CLOSED, false, false, false},
        {"namespaces", try_namespace, WITH_PROGRAMS, false, false, false},
        {"a program", try_program, WITH_PROGRAMS, true, false, false},
        {"another program", try_other_program, WITH_PROGRAMS, false, true, false},
        {"a program that reads elsewhere", try_program_reading, WITH_PROGRAMS, false, true, false},
        {"a program where there is none", try_program, CLOSED, false, false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        if (cases[i].landlock && !walled)
            continue;
#if defined(__SANITIZE_ADDRESS__)
        if (cases[i].limits)
            continue; /* its shadow needs terabytes */
#endif
        int result = result_of(cases[i].walls, cases[i].attempt);
        if (result != (cases[i].allowed ? 0 : 1))
            fail_msg("%s: %d", cases[i].what, result);
    }
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof(folder), "/tmp/vitrine-sandbox-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(readable, sizeof(readable), "%s.original", folder);
    int fd = open(readable, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "original", 8), 8);
    close(fd);
    walled = syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 1;
    if (!walled)
        print_message("this kernel has no Landlock: files' walls are not tested\n");
    return 0;
}

static int tear_down(void **state)
{
    char path[96];

    (void)state;
    snprintf(path, sizeof(path), "%s/large", folder);
    unlink(path);
    unlink(readable);
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walls),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
