#include "player/platform/speech.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/error.h"
#include "core/log.h"

#define USUAL_PROGRAM "/usr/bin/espeak-ng"
#define WORDS_A_MINUTE "150" /* a little slower than espeak-ng's 175: announcements in a hall */

extern char **environ;

struct speech {
    char program[400];
    pid_t voice; /* also its process group; 0: none */
    bool failed; /* and the log has been told */
};

struct speech *speech_create(const char *program)
{
    const char *path = program != NULL ? program : USUAL_PROGRAM;
    struct speech *speech;
    if (access(path, X_OK) != 0 || strlen(path) >= sizeof speech->program) {
        return NULL;
    }
    speech = calloc(1, sizeof *speech);
    if (speech == NULL) {
        abort();
    }
    snprintf(speech->program, sizeof speech->program, "%s", path);
    return speech;
}

void speech_destroy(struct speech *speech)
{
    if (speech != NULL) {
        speech_stop(speech);
        free(speech);
    }
}

static void tell_failure(struct speech *speech, const char *what, int number)
{
    if (!speech->failed) {
        log_write(LOG_WARN, "speech_failed", "what=%s number=%d program=%s", what, number,
                  speech->program);
    }
    speech->failed = true;
}

void speech_stop(struct speech *speech)
{
    if (speech->voice == 0) {
        return;
    }
    kill(-speech->voice, SIGKILL);
    while (waitpid(speech->voice, NULL, 0) < 0 && errno == EINTR) {
        continue;
    }
    speech->voice = 0;
}

bool speech_busy(struct speech *speech)
{
    int status;
    if (speech->voice == 0) {
        return false;
    }
    pid_t ended = waitpid(speech->voice, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) {
        return true;
    }
    speech->voice = 0;
    if (ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        speech->failed = false;
    } else {
        tell_failure(speech, "ended", ended > 0 ? status : errno);
    }
    return false;
}

/* A group of its own and the usual signals: the player blocks and ignores some. */
static int start(struct speech *speech, char *const arguments[], int input)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, pipe_signal;
    sigemptyset(&none);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
    int failed =
        posix_spawn(&speech->voice, speech->program, &files, &attributes, arguments, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
        speech->voice = 0;
    }
    return failed;
}

/* Whole characters, as many as are said. */
static size_t said_length(const char *text)
{
    size_t length = strnlen(text, SPEECH_BYTES_MAX + 1);
    if (length > SPEECH_BYTES_MAX) {
        length = SPEECH_BYTES_MAX;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    return length;
}

void speech_say(struct speech *speech, const char *text, enum lang lang, int volume)
{
    size_t length = said_length(text);
    int ends[2];
    char amplitude[16];
    speech_stop(speech);
    if (length == 0) {
        return;
    }
    if (pipe2(ends, O_CLOEXEC) != 0) {
        tell_failure(speech, "pipe", errno);
        return;
    }
    snprintf(amplitude, sizeof amplitude, "%d", volume < 0 ? 0 : volume > 200 ? 200 : volume);
    /* -b 1: UTF-8. */
    char *const arguments[] = {
        "espeak-ng", "-b",           "1",  "-v",      lang == LANG_FR ? "fr" : "en-gb",
        "-s",        WORDS_A_MINUTE, "-a", amplitude, "--stdin",
        NULL};
    int failed = start(speech, arguments, ends[0]);
    close(ends[0]);
    /* The pipe takes SPEECH_BYTES_MAX at once, so that nobody waits for the voice. */
    if (failed != 0 || write(ends[1], text, length) != (ssize_t)length) {
        tell_failure(speech, "start", failed != 0 ? failed : errno);
    }
    close(ends[1]);
}
