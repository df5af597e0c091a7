/* until_line WORD SECONDS PROGRAM [ARGUMENT…]: milliseconds from just before fork and exec of the
 * program until it writes a line with WORD on standard error; then ends it with SIGTERM. What the
 * program wrote goes on to standard error. Exit code 1 when the line does not come in time. */
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Reads until the word is there, the program ends or time is over. */
static bool wait_for(int fd, const char *word, double until_ms)
{
    char text[65536];
    size_t used = 0;
    for (;;) {
        double left_ms = until_ms - now_ms();
        struct pollfd waited = {.fd = fd, .events = POLLIN};
        if (left_ms <= 0 || poll(&waited, 1, (int)left_ms + 1) < 0) {
            return false;
        }
        if (waited.revents == 0) {
            continue;
        }
        ssize_t got = read(fd, text + used, sizeof text - 1 - used);
        if (got <= 0) {
            return false;
        }
        fwrite(text + used, 1, (size_t)got, stderr);
        used += (size_t)got;
        text[used] = '\0';
        if (strstr(text, word) != NULL) {
            return true;
        }
        if (used == sizeof text - 1) {
            return false;
        }
    }
}

int main(int argc, char **argv)
{
    int pipe_fds[2];
    if (argc < 4 || pipe(pipe_fds) != 0) {
        fprintf(stderr, "usage: until_line WORD SECONDS PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    double began_ms = now_ms();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(pipe_fds[1], STDERR_FILENO);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        execv(argv[3], argv + 3);
        _exit(127);
    }
    close(pipe_fds[1]);
    bool found = pid > 0 && wait_for(pipe_fds[0], argv[1], began_ms + atof(argv[2]) * 1e3);
    double took_ms = now_ms() - began_ms;
    if (pid > 0) {
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
    }
    if (!found) {
        fprintf(stderr, "until_line: no \"%s\" from %s\n", argv[1], argv[3]);
        return 1;
    }
    printf("%.1f\n", took_ms);
    return 0;
}
