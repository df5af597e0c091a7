#include "server/worker/programs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool failed(int problem, const char *program, struct error *err)
{
    return error_set_errno(err, problem, "« %s » ne se lance pas", "\"%s\" cannot be started",
                           program);
}

static void read_lines(int fd, program_line line, void *context)
{
    char text[1024];
    FILE *file = fdopen(fd, "re");

    if (file == NULL) {
        close(fd);
        return;
    }
    while (fgets(text, sizeof(text), file) != NULL) {
        if (line != NULL)
            line(text, context);
    }
    fclose(file);
}

bool program_run(const char *const *words, program_line line, void *context, struct error *err)
{
    int ends[2];
    int status = 0;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return failed(errno, words[0], err);
    pid_t child = fork();
    if (child == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && dup2(ends[1], STDOUT_FILENO) >= 0)
            execv(words[0], (char *const *)(uintptr_t)words);
        _exit(127);
    }
    int problem = errno;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return failed(problem, words[0], err);
    }
    read_lines(ends[0], line, context);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           error_set(err, ERROR_INVALID, "« %s » a échoué (état %d)", "\"%s\" failed (status %d)",
                     words[0], status);
}
